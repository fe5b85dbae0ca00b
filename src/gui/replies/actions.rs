//! What the actions on replies do.

use crate::codec::FramingRule;
use crate::gui::action::{Action, FileAction, ReplyAction};
use crate::gui::app::App;
use crate::gui::frame::places::DockTab;
use crate::gui::log::LogView;
use crate::gui::replies::fields::RuleFields;
use crate::gui::replies::form::{RuleForm, content_of};
use crate::gui::replies::list::Occasion;
use crate::gui::replies::presets::{Preset, REGISTERS};
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::jobs::{JobPoll, Wake};
use crate::model::SessionId;
use crate::settings::new_beside;
use crate::words;

impl Session {
    /// Compiles the rules if something has changed, and gives them to the worker.
    pub fn tick_replies(&mut self, wake: &Wake) {
        if self.archive.is_some() {
            return;
        }
        self.replies.tick(&self.talk, &self.setup, wake);
        self.give_replies();
        if let Some(hits) = self.rule_hits() {
            self.replies.hits = hits;
        }
    }

    /// Gives the worker the rules that it does not have yet.
    pub fn give_replies(&mut self) {
        // A run of steps gives it the rules of its own file, and leaves them behind.
        if self.runs.is_running() {
            self.replies.forget_given(false);
            return;
        }
        let is_on = self.setup.replies;
        if let Some(replies) = self.replies.due(is_on)
            && self.try_command(crate::engine::Command::SetReplies(Box::new(replies)))
        {
            self.replies.gave(is_on);
        }
    }

    fn open_rule(&mut self, form: RuleForm) {
        self.replies.form = Some(form);
        self.replies.filter.clear();
        self.places.show_dock(DockTab::Replies);
    }
}

impl App {
    /// Executes an action on replies.
    pub fn reply_action(&mut self, action: ReplyAction) {
        match action {
            ReplyAction::TurnOn(id, is_on) => self.with(id, |session| {
                session.setup.replies = is_on;
                session.give_replies();
            }),
            ReplyAction::Edit(id, entry) => self.edit_rule_at(id, entry),
            ReplyAction::New(id) => self.with(id, |session| {
                let mut fields = RuleFields::default();
                fields.answers.iter_mut().for_each(|answer| answer.sends.is_text = !session.setup.send_hex);
                let form = if session.setup.send_hex {
                    fields
                } else {
                    RuleFields { form: crate::gui::replies::fields::Form::Text, ..fields }
                };
                session.open_rule(RuleForm::new(form, session.talk.document()));
            }),
            ReplyAction::OfSelection(id) => self.rule_of_selection(id),
            ReplyAction::OfBytes(id, bytes, as_text) => self.rule_of_bytes(id, &bytes, as_text),
            ReplyAction::Save(id) => self.save_rule_form(id),
            ReplyAction::Close(id) => self.with(id, |session| session.replies.form = None),
            ReplyAction::AsText(id) => self.with(id, |session| {
                if let Some(form) = &mut session.replies.form {
                    form.as_text();
                }
            }),
            ReplyAction::Add(id, preset) => self.add_preset(id, preset),
            ReplyAction::TakeBack(id, texts) => {
                let (before, text, framing) = *texts;
                let is_restored = self.sessions.get_mut(&id).is_some_and(|session| {
                    let is_restored = session.talk.restore(&before, text);
                    if is_restored {
                        session.setup.framing = framing;
                    }
                    is_restored
                });
                if !is_restored {
                    self.toasts.add(&self.ctx, Tone::Bad, self.lang.texts().talk_changed_since());
                }
            }
            ReplyAction::ReadAgain(id) => self.with(id, |session| session.replies.read_again()),
        }
    }

    /// Opens the form of a rule; of a register table, shows its file.
    fn edit_rule_at(&mut self, id: SessionId, entry: usize) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let list = session.replies.list(&session.talk);
        let table = list.iter().find(|rule| rule.entry == entry && matches!(rule.occasion, Occasion::Registers(_)));
        if let Some(rule) = table {
            let name: String = rule.pattern.iter().map(|(text, _)| text.as_str()).collect();
            let folder = session.talk.path().and_then(std::path::Path::parent);
            if let Some(path) = folder.map(|folder| folder.join(&name)) {
                // Many systems without a desktop have no file manager.
                let words = self.lang.texts().register_table_at(&path.display().to_string());
                self.toasts.add_longer(&self.ctx, Tone::Info, words);
                if crate::engine::can_show_in_folder() {
                    self.actions.push(Action::File(FileAction::ShowInFolder(path)));
                }
            }
            return;
        }
        if let Some(form) = RuleForm::of(session.talk.document(), entry) {
            session.open_rule(form);
        }
    }

    fn rule_of_selection(&mut self, id: SessionId) {
        let chosen = self
            .sessions
            .get_mut(&id)
            .and_then(|session| session.log.as_mut().and_then(|log| log.bytes_to_send(LogView::COMMAND_CAP + 1)));
        match chosen.filter(|(bytes, _)| !bytes.is_empty()) {
            Some((bytes, as_text)) => self.rule_of_bytes(id, &bytes, as_text),
            None => self.toasts.add_longer(&self.ctx, Tone::Info, self.lang.texts().reply("nothing-selected")),
        }
    }

    /// Opens the form of a rule on these bytes of the log.
    fn rule_of_bytes(&mut self, id: SessionId, bytes: &[u8], as_text: bool) {
        let texts = self.lang.texts();
        if bytes.is_empty() || bytes.len() > LogView::COMMAND_CAP {
            let words = match bytes.is_empty() {
                true => texts.reply("nothing-selected").to_owned(),
                false => texts.quick_too_long(LogView::COMMAND_CAP as u64),
            };
            self.toasts.add_longer(&self.ctx, Tone::Bad, words);
            return;
        }
        self.with(id, |session| {
            let encoding = session.setup.encoding;
            let (content, is_raw) = content_of(bytes, &session.setup.rule(), encoding);
            let fields = RuleFields::on_bytes(&content, as_text, is_raw, encoding);
            let mut form = RuleForm::new(fields, session.talk.document());
            form.sample = Some(content);
            session.open_rule(form);
        });
    }

    fn save_rule_form(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let list = session.replies.list(&session.talk);
        let Some(form) = &mut session.replies.form else { return };
        form.is_tried = true;
        if !form.is_right() {
            return;
        }
        if form.entry.is_some() && !form.is_current(session.talk.document()) {
            self.toasts.add_longer(&self.ctx, Tone::Bad, self.lang.texts().talk_changed_since());
            return;
        }
        let edits = form.edits(&list);
        if edits.is_empty() || self.edit_talk(id, &edits) {
            self.with(id, |session| session.replies.form = None);
        }
    }

    /// Adds a ready-made reply; one with a register table as soon as the table is there.
    fn add_preset(&mut self, id: SessionId, preset: Preset) {
        if !preset.has_table() {
            self.insert_preset(id, preset, "");
            return;
        }
        let talks_dir = self.paths.talks_dir.clone();
        let Some(session) = self.sessions.get(&id) else { return };
        let folder = session.talk.path().and_then(std::path::Path::parent).map_or(talks_dir, std::path::Path::to_owned);
        let work = move |_: &crate::jobs::JobControl| new_beside(&folder, "registers", "csv", REGISTERS);
        let making = self.job("register table", work).map(|job| (preset, job));
        self.with(id, |session| session.replies.making = making);
    }

    fn insert_preset(&mut self, id: SessionId, preset: Preset, table: &str) {
        let lang = self.lang;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let list = session.replies.list(&session.talk);
        let before = session.talk.document().source().to_owned();
        let framing_before = session.setup.framing.clone();
        let edit = preset.edit(lang, table, session.talk.document(), &list);
        if !self.edit_talk(id, &[edit]) {
            return;
        }
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.places.show_dock(DockTab::Replies);
        let name = lang.texts().reply(preset.id());
        let wanted = preset.framing().and_then(|rule| Some((rule, rule.parse::<FramingRule>().ok()?)));
        let words = match wanted.filter(|(_, rule)| *rule != session.setup.framing) {
            Some((written, rule)) => {
                session.setup.framing = rule;
                lang.texts().preset_framed(name, written)
            }
            None => lang.texts().preset_added(name),
        };
        let texts = (session.talk.document().source().to_owned(), before, framing_before);
        self.offer_undo(words, Action::Reply(ReplyAction::TakeBack(id, Box::new(texts))));
    }

    /// Keeps the rules of the workers up to date. Called every frame.
    pub(crate) fn poll_replies(&mut self) {
        let wake = self.job_wake();
        let mut made = Vec::new();
        for session in self.sessions.values_mut() {
            session.tick_replies(&wake);
            let Some((preset, job)) = &mut session.replies.making else { continue };
            match job.poll() {
                JobPoll::Running => continue,
                JobPoll::Done(result) => made.push((session.id, *preset, result)),
                JobPoll::Gone => {}
            }
            session.replies.making = None;
        }
        for (id, preset, result) in made {
            match result {
                Ok(name) => self.insert_preset(id, preset, &name),
                Err(error) => {
                    self.toasts.add_longer(&self.ctx, Tone::Bad, words::error_sentence(&error, self.lang));
                }
            }
        }
    }
}

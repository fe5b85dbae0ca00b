//! What the actions on quick commands do.

use crate::codec::Encoding;
use crate::codec::FramingRule;
use crate::engine::{Command, SendItem};
use crate::gui::action::{Action, QuickAction, TalkAction};
use crate::gui::app::App;
use crate::gui::dialogs::Ask;
use crate::gui::frame::places::DockTab;
use crate::gui::log::LogView;
use crate::gui::network::form;
use crate::gui::quick::fields::Fields;
use crate::gui::quick::form::{CommandForm, heading, place_in};
use crate::gui::quick::list::commands;
use crate::gui::quick::plan::{NoPlan, Surroundings, is_endless, plan};
use crate::gui::quick::state::{Failure, Read};
use crate::gui::quick::steps::{Over, StepRun};
use crate::gui::send::actions::targets;
use crate::gui::send::state::message;
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::jobs::JobPoll;
use crate::model::SessionId;
use crate::runner::Feed;
use crate::settings::{LONGEST_TALK_FILE, Message, TalkFileError, read_file};
use crate::talk::edit::Edit;
use crate::talk::import::{ImportError, import};
use crate::words::{self, Lang};

impl App {
    /// Executes an action on quick commands.
    pub fn quick_action(&mut self, action: QuickAction) {
        match action {
            QuickAction::Run(id, entries, loops) => self.run_quick(id, &entries, loops),
            QuickAction::Stop(id, name) => self.stop_quick(id, name.as_deref()),
            QuickAction::New(id) => self.open_new_quick(id),
            QuickAction::Edit(id, entry) => self.edit_quick(id, entry),
            QuickAction::Save(id) => self.save_quick(id),
            QuickAction::Close(id) => self.with(id, |session| session.quick.form = None),
            QuickAction::Import(id) => self.pick_commands(id),
            QuickAction::KeepBox(id) => {
                let Some(message) = self.sessions.get(&id).map(|session| message(&session.setup)) else { return };
                if message.text.is_empty() {
                    self.open_new_quick(id);
                } else {
                    self.keep_message(id, &message);
                }
            }
            QuickAction::KeepMessage(id, message) => self.keep_message(id, &message),
            QuickAction::KeepBytes(id, bytes, as_text) => {
                let Some(session) = self.sessions.get(&id) else { return };
                if bytes.is_empty() || bytes.len() > LogView::COMMAND_CAP {
                    let words = match bytes.is_empty() {
                        true => self.lang.texts().quick("empty-content").to_owned(),
                        false => self.lang.texts().quick_too_long(LogView::COMMAND_CAP as u64),
                    };
                    self.toasts.add_longer(&self.ctx, Tone::Bad, words);
                    return;
                }
                let fields = Fields::of_bytes(&bytes, as_text, session.setup.encoding);
                self.keep_quick(id, &fields);
            }
        }
    }

    /// Runs commands one behind the other; those without an end run beside the others.
    fn run_quick(&mut self, id: SessionId, entries: &[usize], loops: bool) {
        let Some(session) = self.sessions.get(&id) else { return };
        if !session.can_send() || session.archive.is_some() {
            self.toasts.add(&self.ctx, Tone::Bad, self.lang.texts().quick_not_connected());
            return;
        }
        let document = session.talk.document();
        let (endless, ends): (Vec<usize>, Vec<usize>) =
            entries.iter().copied().partition(|entry| is_endless(document, *entry));
        if !ends.is_empty() {
            self.run_plan(id, &ends, loops);
        }
        for entry in endless {
            self.run_plan(id, &[entry], false);
        }
    }

    fn run_plan(&mut self, id: SessionId, entries: &[usize], loops: bool) {
        let lang = self.lang;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let (encoding, framing) = reading(session);
        let surroundings = Surroundings { encoding, framing: &framing };
        let document = session.talk.document();
        let names: Vec<String> = entries.iter().filter_map(|entry| document.name_of(*entry)).collect();
        let mut plan = match plan(document, entries, loops, &session.quick.counts, &surroundings) {
            Ok(plan) => plan,
            Err(NoPlan::Steps) => return self.run_steps(id, entries, loops),
            Err(why) => {
                let words = refused(&why, names.first().map_or("", String::as_str), lang);
                self.toasts.add_longer(&self.ctx, Tone::Bad, words);
                return;
            }
        };
        let Some(targets) = targets(session) else { return };
        let Some(&target) = targets.first() else { return };
        if let several @ [_, _, ..] = targets.as_slice() {
            plan.items = plan.items.iter().flat_map(|item| to_each(item, several)).collect();
        }
        if let Some(log) = &mut session.log {
            log.set_follow(true);
        }
        let ticket = session.ticket();
        session.quick.begin(ticket, names, plan.rounds.is_none());
        session.command(Command::Send { ticket, target, plan });
    }

    /// Runs commands statement by statement.
    fn run_steps(&mut self, id: SessionId, entries: &[usize], loops: bool) {
        let wake = self.job_wake();
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let (encoding, framing) = reading(session);
        let (Ok(config), Some(peers), Some(reader)) =
            (form::config(&session.setup), session.peers(), session.reader().cloned())
        else {
            return;
        };
        let Some((commands, first_ticket)) = session.sender() else { return };
        let feed = Feed::new(session.state.clone(), Some(reader), first_ticket);
        let framing = (framing != FramingRule::default()).then_some(framing);
        let counts = session.quick.counts.clone();
        let over = Over { commands, config, feed, peers, encoding, framing, counts };
        let path = session.talk.path().map(std::path::Path::to_owned);
        if let Some(log) = &mut session.log {
            log.set_follow(true);
        }
        if let Some(run) = StepRun::start(session.talk.document(), entries, loops, over, path, &wake) {
            session.quick.begin_steps(run);
        }
    }

    /// Stops the command with this name, or everything that runs.
    fn stop_quick(&mut self, id: SessionId, name: Option<&str>) {
        self.with(id, |session| {
            session.quick.stop_steps(name);
            for ticket in session.quick.tickets(name) {
                session.command(Command::CancelSend(ticket));
            }
        });
    }

    fn open_new_quick(&mut self, id: SessionId) {
        self.with(id, |session| {
            let groups = session.quick.groups(&session.talk);
            let group = groups.last().map(|group| group.title.clone()).unwrap_or_default();
            let is_text = !session.setup.send_hex;
            let mut fields = Fields { is_raw: !session.setup.wrap.as_framing, ..Fields::default() };
            fields.sends.is_text = is_text;
            fields.expects.is_text = is_text;
            session.quick.form = Some(CommandForm::new(fields, group, session.talk.document()));
            session.places.show_dock(DockTab::Sends);
        });
    }

    fn edit_quick(&mut self, id: SessionId, entry: usize) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let groups = session.quick.groups(&session.talk);
        match CommandForm::of(session.talk.document(), entry, &groups) {
            Some(form) => {
                session.quick.form = Some(form);
                session.places.show_dock(DockTab::Sends);
            }
            None => self.toasts.add_longer(&self.ctx, Tone::Info, self.lang.texts().quick_not_simple()),
        }
    }

    fn save_quick(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let groups = session.quick.groups(&session.talk);
        let Some(form) = &mut session.quick.form else { return };
        form.is_tried = true;
        if form.unfit().is_some() || !form.fields.wrong().is_empty() {
            return;
        }
        if form.entry.is_some() && !form.is_current(session.talk.document()) {
            self.toasts.add_longer(&self.ctx, Tone::Bad, self.lang.texts().talk_changed_since());
            return;
        }
        let edits = form.edits(session.talk.document(), &groups);
        if self.edit_talk(id, &edits) {
            self.with(id, |session| session.quick.form = None);
        }
    }

    fn keep_message(&mut self, id: SessionId, message: &Message) {
        let Some(session) = self.sessions.get(&id) else { return };
        let (encoding, framing) = reading(session);
        match Fields::of_message(message, encoding, &framing) {
            Ok(fields) => self.keep_quick(id, &fields),
            Err(error) => self.toasts.add_longer(&self.ctx, Tone::Bad, error.words(self.lang)),
        }
    }

    /// Adds a command behind the others, and says which key runs it.
    fn keep_quick(&mut self, id: SessionId, fields: &Fields) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let groups = session.quick.groups(&session.talk);
        let title = groups.last().map(|group| group.title.clone()).unwrap_or_default();
        let at = place_in(&groups, &title, None).unwrap_or(crate::talk::edit::Place::End);
        let before = session.talk.document().source().to_owned();
        if !self.edit_talk(id, &[Edit::Insert { at, lines: fields.lines() }]) {
            return;
        }
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let groups = session.quick.groups(&session.talk);
        let added = groups.last().and_then(|group| group.commands.last());
        let words = added.map(|quick| self.lang.texts().quick_kept(&quick.name, &quick.key)).unwrap_or_default();
        let texts = Box::new((session.talk.document().source().to_owned(), before));
        self.offer_undo(words, Action::Talk(TalkAction::Restore(id, texts)));
    }

    /// Opens the file dialog for a list of another program, and reads what is chosen.
    fn pick_commands(&mut self, id: SessionId) {
        if self.importing.is_some() {
            return;
        }
        let ask = Ask::OpenFile { title: self.lang.texts().quick("import-title").to_owned() };
        let picker = self.picker.clone();
        let job = self.job("import commands", move |_| {
            let path = picker(&ask)?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let read = read_file(&path, LONGEST_TALK_FILE).map(|bytes| import(&bytes.unwrap_or_default()));
            Some((name, read))
        });
        self.importing = job.map(|job| (id, job));
    }

    /// Adds the commands of a list that was read.
    fn add_imported(&mut self, id: SessionId, file: &str, read: Read) {
        let texts = self.lang.texts();
        let imported = match read {
            Ok(Ok(imported)) => imported,
            Err(TalkFileError::Failed(error)) => {
                self.toasts.add_longer(&self.ctx, Tone::Bad, words::error_sentence(&error, self.lang));
                return;
            }
            Err(TalkFileError::TooLong) => {
                self.toasts.add_longer(&self.ctx, Tone::Bad, texts.talk_file_too_long());
                return;
            }
            Ok(Err(ImportError::NoList)) | Err(_) => {
                self.toasts.add_longer(&self.ctx, Tone::Bad, texts.quick_no_list(file));
                return;
            }
        };
        let mut notes: Vec<String> =
            imported.left_out.iter().map(|left| texts.quick_left_out(&left.name, left.why)).collect();
        if imported.has_addresses {
            notes.push(texts.quick_no_addresses().to_owned());
        }
        let done = texts.quick_imported(imported.commands.len(), notes.len());
        // Commands without a group get one, so that they are not added to the last group of the list.
        let has_loose = imported.commands.iter().any(|command| command.group.is_empty());
        let title = if has_loose { heading(file) + "\n" } else { String::new() };
        let lines = title + &imported.lines();
        let edits = [Edit::Insert { at: crate::talk::edit::Place::End, lines }];
        self.with(id, |session| session.quick.notes = notes);
        if imported.commands.is_empty() {
            self.toasts.add_longer(&self.ctx, Tone::Info, done);
        } else {
            self.talk_action(TalkAction::EditUndoable(id, edits.to_vec(), done));
        }
    }

    /// Reports the commands that failed, and takes the result of an import. Called every frame.
    pub(crate) fn poll_quick(&mut self) {
        if let Some((id, job)) = &mut self.importing {
            let id = *id;
            match job.poll() {
                JobPoll::Running => {}
                JobPoll::Gone => self.importing = None,
                JobPoll::Done(chosen) => {
                    self.importing = None;
                    if let Some((file, read)) = chosen {
                        self.add_imported(id, &file, read);
                    }
                }
            }
        }
        let mut failed = Vec::new();
        for session in self.sessions.values_mut() {
            session.quick.poll_steps();
            failed.extend(session.quick.take_failed());
        }
        for (name, failure) in failed {
            let cause = match failure {
                Failure::Send(error) => words::error_sentence(&error, self.lang),
                Failure::Step(problem) => words::problem_sentence(&problem, self.lang),
                Failure::Lines(error) => words::talk_sentence(&error, self.lang),
            };
            // What was passed over is in the log.
            let cause = cause.lines().next().unwrap_or_default();
            self.toasts.add_longer(&self.ctx, Tone::Bad, self.lang.texts().quick_failed(&name, cause));
        }
    }

    /// Runs the command of the focused session that has a key of the input, and removes the key from it.
    pub(crate) fn take_quick_keys(&mut self, ctx: &egui::Context) {
        let id = self.focused;
        let Some(session) = self.sessions.get_mut(&id).filter(|session| session.archive.is_none()) else { return };
        let groups = session.quick.groups(&session.talk);
        let with_keys = commands(&groups).filter(|quick| !quick.key.is_empty());
        let mut pressed = Vec::new();
        for quick in with_keys {
            let Ok(shortcut) = quick.key.parse::<crate::gui::keys::Shortcut>() else { continue };
            if shortcut.is_free_of_text() && ctx.input_mut(|input| shortcut.take(input)) {
                pressed.push(quick.entry);
            }
        }
        let runs = pressed.into_iter().map(|entry| Action::Quick(QuickAction::Run(id, vec![entry], false)));
        self.actions.extend(runs);
    }
}

/// The encoding of a session, and the framing rule that `>` follows.
fn reading(session: &Session) -> (Encoding, FramingRule) {
    (session.setup.encoding, session.setup.rule().in_encoding(session.setup.encoding))
}

/// An item to each of these receivers, unless it has its own.
fn to_each<'a>(item: &'a SendItem, targets: &'a [crate::model::Target]) -> impl Iterator<Item = SendItem> + 'a {
    let count = if item.target.is_some() { 1 } else { targets.len() };
    targets.iter().take(count).enumerate().map(move |(index, target)| {
        let one = if item.target.is_some() { item.clone() } else { item.clone().to(*target) };
        // All of them go out together.
        if index > 0 { one.after(std::time::Duration::ZERO) } else { one }
    })
}

fn refused(why: &NoPlan, name: &str, lang: Lang) -> String {
    let texts = lang.texts();
    let cause = match why {
        NoPlan::Fault(fault) => words::talk_fault(&fault.kind, lang),
        NoPlan::Steps => texts.quick_needs_steps().to_owned(),
        NoPlan::Nothing => texts.quick_sends_nothing().to_owned(),
    };
    texts.quick_failed(name, &cause)
}

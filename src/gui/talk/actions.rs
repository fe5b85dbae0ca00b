//! What the actions on a talk file do, and its jobs.

use crate::gui::action::{Action, TalkAction};
use crate::gui::app::App;
use crate::gui::dialogs::Ask;
use crate::gui::frame::places::DockTab;
use crate::gui::session::Session;
use crate::gui::talk::file::Refusal;
use crate::gui::widgets::Tone;
use crate::jobs::JobPoll;
use crate::model::SessionId;
use crate::settings::{is_own_talk, new_talk_name, talk_path};
use crate::talk::edit::{Edit, EditError};
use crate::words::{self, Lang};

impl Session {
    /// The talk file was made by the window, for this tab.
    pub fn has_own_talk(&self) -> bool {
        self.talk.is_loaded() && is_own_talk(&self.setup.talk_file)
    }
}

impl App {
    /// Executes an action on a talk file.
    pub fn talk_action(&mut self, action: TalkAction) {
        match action {
            TalkAction::Edit(id, edits) => {
                self.edit_talk(id, &edits);
            }
            TalkAction::EditUndoable(id, edits, done) => self.edit_talk_undoable(id, &edits, done),
            TalkAction::Restore(id, texts) => {
                let (before, text) = *texts;
                let is_restored = self.sessions.get_mut(&id).is_some_and(|session| session.talk.restore(&before, text));
                if !is_restored {
                    self.toasts.add(&self.ctx, Tone::Bad, self.lang.texts().talk_changed_since());
                }
            }
            TalkAction::Pick(id) => self.pick_talk(id),
            TalkAction::Use(id, path) => self.use_talk(id, &path),
            TalkAction::UseOwn(id) => self.with(id, |session| {
                session.setup.talk_file.clear();
                session.setup.replies = true;
            }),
            TalkAction::TakeTheirs(id) => self.with(id, |session| session.talk.take_theirs()),
            TalkAction::KeepOurs(id) => self.with(id, |session| session.talk.keep_ours()),
            TalkAction::TakeAside(id) => self.take_aside(id),
            TalkAction::DropAside(id) => self.with(id, |session| session.talk.drop_aside()),
        }
    }

    /// Makes changes to the talk file of a session. Returns false, and says why, if they are refused.
    pub(crate) fn edit_talk(&mut self, id: SessionId, edits: &[Edit]) -> bool {
        let Some(session) = self.sessions.get_mut(&id) else { return false };
        if let Err(refusal) = session.talk.edit_all(edits) {
            self.toasts.add_longer(&self.ctx, Tone::Bad, refused(&refusal, self.lang));
            return false;
        }
        self.ctx.request_repaint();
        true
    }

    fn edit_talk_undoable(&mut self, id: SessionId, edits: &[Edit], done: String) {
        let source = |app: &Self| app.sessions.get(&id).map(|session| session.talk.document().source().to_owned());
        let before = source(self);
        if self.edit_talk(id, edits)
            && let (Some(before), Some(after)) = (before, source(self))
        {
            self.offer_undo(done, Action::Talk(TalkAction::Restore(id, Box::new((after, before)))));
        }
    }

    /// Replaces the contents by the edits that an earlier start could not write.
    fn take_aside(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(text) = session.talk.aside().map(|(_, text)| text.to_owned()) else { return };
        let before = session.talk.document().source().to_owned();
        if session.talk.restore(&before, text.clone()) {
            session.talk.drop_aside();
            let undo = Action::Talk(TalkAction::Restore(id, Box::new((text, before))));
            self.offer_undo(self.lang.texts().talk_aside_taken().to_owned(), undo);
        }
    }

    fn pick_talk(&mut self, id: SessionId) {
        if self.talk_dialog.is_some() {
            return;
        }
        let ask = Ask::OpenFile { title: self.lang.texts().open_talk_title().to_owned() };
        let picker = self.picker.clone();
        self.talk_dialog = self.job("file dialog", move |_| picker(&ask)).map(|job| (id, job));
    }

    /// Makes a file the talk file of a session.
    pub(crate) fn use_talk(&mut self, id: SessionId, path: &std::path::Path) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if session.talk.trouble().is_some() && session.talk.is_unsaved() {
            self.toasts.add_longer(&self.ctx, Tone::Bad, refused(&Refusal::Changed, self.lang));
            return;
        }
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        match path.to_str() {
            Some(name) => {
                // The rules of somebody else do not answer before the user has seen them.
                session.setup.replies &= session.setup.talk_file == name;
                session.setup.talk_file = name.to_owned();
                session.give_replies();
            }
            None => self.toasts.add(&self.ctx, Tone::Bad, self.lang.texts().not_utf_8()),
        }
    }

    /// Takes the results of dialog and jobs, and starts what is due. Called every frame.
    pub(crate) fn poll_talk(&mut self, ctx: &egui::Context) {
        if let Some((id, job)) = &mut self.talk_dialog {
            let id = *id;
            match job.poll() {
                JobPoll::Running => {}
                JobPoll::Done(path) => {
                    self.talk_dialog = None;
                    if let Some(path) = path {
                        self.use_talk(id, &path);
                    }
                }
                JobPoll::Gone => self.talk_dialog = None,
            }
        }
        let wake = self.job_wake();
        let has_come_back = ctx.input(|input| input.events.contains(&egui::Event::WindowFocused(true)));
        let (mut written, mut alarm) = (Vec::new(), false);
        let closed = self.closed.iter_mut().map(|tab| &mut tab.session);
        for session in self.sessions.values_mut().chain(closed) {
            if session.talk.needs_place() {
                if session.setup.talk_file.is_empty() {
                    session.setup.talk_file = new_talk_name();
                }
                if let Some(path) = talk_path(&self.paths.talks_dir, &session.setup.talk_file) {
                    session.talk.begin_at(path);
                }
            }
            session.talk.use_path(talk_path(&self.paths.talks_dir, &session.setup.talk_file));
            if has_come_back {
                session.talk.look(&wake);
            }
            written.extend(session.talk.tick(&wake));
            if session.talk.take_alarm() {
                session.places.show_dock(DockTab::Sends);
                alarm = true;
            }
        }
        // The band in the dock says what is wrong and offers the ways out.
        if alarm {
            self.toasts.add_longer(ctx, Tone::Bad, self.lang.texts().talk_not_written());
        }
        for (path, text) in written {
            for session in self.sessions.values_mut() {
                session.talk.follow(&path, &text);
            }
        }
    }
}

/// Why an edit was not made.
fn refused(refusal: &Refusal, lang: Lang) -> String {
    let texts = lang.texts();
    match refusal {
        Refusal::NotLoaded => texts.talk_not_loaded().to_owned(),
        Refusal::Changed => texts.talk_choose_first().to_owned(),
        Refusal::Edit(EditError::FileHasErrors) => texts.talk_has_errors().to_owned(),
        Refusal::Edit(EditError::BadLines(errors)) => {
            let first = errors.first().map(|error| words::talk_sentence(&error.kind, lang));
            first.unwrap_or_else(|| texts.talk_has_errors().to_owned())
        }
        Refusal::Edit(EditError::BadName(name)) => texts.talk_bad_name(name),
        // The entry is gone: its row was drawn before another edit.
        Refusal::Edit(EditError::NoEntry(_) | EditError::NotOfThis) => texts.talk_changed_since().to_owned(),
    }
}

//! What the actions on replies do.

use crate::gui::action::ReplyAction;
use crate::gui::app::App;
use crate::gui::session::Session;
use crate::jobs::Wake;

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
}

impl App {
    /// Executes an action on replies.
    pub fn reply_action(&mut self, action: ReplyAction) {
        match action {
            ReplyAction::TurnOn(id, is_on) => self.with(id, |session| {
                session.setup.replies = is_on;
                session.give_replies();
            }),
            ReplyAction::Edit(..) => {}
            ReplyAction::ReadAgain(id) => self.with(id, |session| session.replies.read_again()),
        }
    }

    /// Keeps the rules of the workers up to date. Called every frame.
    pub(crate) fn poll_replies(&mut self) {
        let wake = self.job_wake();
        for session in self.sessions.values_mut() {
            session.tick_replies(&wake);
        }
    }
}

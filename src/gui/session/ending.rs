//! How a session ends: its tab is closed and may come back, or the program ends.

use crate::engine::{Command, SessionHandle};
use crate::gui::session::Session;
use crate::model::{CloseReason, CounterValues, RunNumber, SessionState};
use std::time::Duration;

impl Session {
    /// The tab is closed: its sockets close, its worker waits with what was recorded. False: the worker must be ended instead.
    pub fn set_aside(&mut self) -> bool {
        (self.open_since, self.failure, self.failed, self.files) = (None, None, None, None);
        self.send.forget_active();
        self.opens_again = false;
        self.handle.as_ref().is_some_and(|handle| handle.send(Command::Close).is_ok())
    }

    /// Gives the worker away, which is to be ended, and keeps what it recorded.
    pub fn retire(&mut self) -> Option<SessionHandle> {
        let handle = self.handle.take();
        if self.state.is_active() {
            self.state = SessionState::Closed(CloseReason::Local);
        }
        // Another worker counts its runs anew.
        self.run = RunNumber::default();
        handle
    }

    /// Its capture is deleted: as if nothing had been opened here.
    pub fn forget_capture(&mut self) {
        (self.log, self.reader, self.compare, self.view_from) = (None, None, None, 0);
        (self.state, self.counters) = (SessionState::Idle, CounterValues::default());
        self.inspector.forget();
        self.sift.forget();
    }

    /// Ends the worker; waits at most `wait` until its capture is closed.
    pub fn finish(&mut self, wait: Duration) {
        if let Some(handle) = self.handle.take() {
            let ended = handle.finish(wait);
            if !ended {
                tracing::warn!(session = self.id.0, "the session did not end in time");
            }
        }
    }
}

//! Ends a session: its tab is closed and may be reopened, or the program ends.

use crate::engine::{Command, SessionHandle};
use crate::gui::session::Session;
use crate::model::{CloseReason, CounterValues, RunNumber, SessionState};
use std::time::Duration;

impl Session {
    /// Closes the sockets of a closed tab and keeps its worker with the recorded data. Returns false if the worker cannot be
    /// kept and must be ended.
    pub fn set_aside(&mut self) -> bool {
        (self.open_since, self.file_form) = (None, None);
        (self.headed, self.heading) = (None, None);
        self.transfers.end_all();
        self.failures.clear();
        self.send.forget_active();
        self.quick.forget_running();
        self.opens_again = false;
        self.handle.as_ref().is_some_and(|handle| handle.send(Command::Close).is_ok())
    }

    /// Returns the worker, which the caller must end. The recorded data is kept.
    pub fn retire(&mut self) -> Option<SessionHandle> {
        let handle = self.handle.take();
        (self.headed, self.heading) = (None, None);
        self.transfers.end_all();
        if self.state.is_active() {
            self.state = SessionState::Closed(CloseReason::Local);
        }
        // Another worker starts to count its runs from the beginning.
        self.run = RunNumber::default();
        handle
    }

    /// Resets the session after its capture was deleted, as if it had never been opened.
    pub fn forget_capture(&mut self) {
        (self.log, self.compare) = (None, None);
        (self.state, self.counters) = (SessionState::Idle, CounterValues::default());
        self.inspector.forget();
        self.sift.forget();
    }

    /// Ends the worker and waits up to `wait` until its capture is closed.
    pub fn finish(&mut self, wait: Duration) {
        if let Some(handle) = self.handle.take() {
            let ended = handle.finish(wait);
            if !ended {
                tracing::warn!(session = self.id.0, "the session did not end in time");
            }
        }
    }
}

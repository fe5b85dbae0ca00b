//! Processes the events of a session's worker and updates the state shown in the window.

use crate::engine::{Event, EventKind};
use crate::gui::network::form;
use crate::gui::session::Session;
use crate::model::{CloseReason, ErrorKind, SessionState};
use std::time::{Duration, Instant};

impl Session {
    /// Processes pending events until `deadline`. Returns true if events may be left.
    pub fn drain(&mut self, deadline: Instant) -> bool {
        loop {
            let Some(event) = self.handle.as_ref().and_then(|handle| handle.events().try_recv().ok()) else { break };
            self.take(event);
            if Instant::now() >= deadline {
                return true;
            }
        }
        if let Some(handle) = &self.handle {
            self.counters = handle.counters();
        }
        false
    }

    fn take(&mut self, event: Event) {
        if event.run < self.run {
            return;
        }
        self.run = event.run;
        self.quick.pass_on(&event.kind);
        if let Some(feed) = &self.runs.feed {
            feed.event(&event.kind);
        }
        match event.kind {
            EventKind::Capture(reader) => {
                self.transfers.continue_in(&reader);
                self.show(reader);
            }
            EventKind::State(state) => self.become_state(state),
            EventKind::More => {
                self.transfers.notify();
                self.notify_headed();
            }
            EventKind::SendFinished(ticket, outcome) => {
                if !self.send.finished(ticket, &outcome) && !self.quick.finished(ticket, &outcome) {
                    self.transfers.sent(ticket, &outcome);
                }
            }
            EventKind::SendProgress(progress) => {
                self.send.progressed(&progress);
                self.quick.progressed(&progress);
                self.transfers.progressed(Instant::now(), &progress);
            }
            EventKind::Warning(warning) => {
                if let Some(sha256) = crate::gui::network::tls_form::unchecked(&warning) {
                    self.unchecked_certificate = Some(sha256);
                }
                self.replies.warned(&warning);
                // The log shows every warning. These also go to the banner, because they stop the recording, new clients or rules.
                use ErrorKind::{CaptureFailed, DiskFull, RuleLoop, TooManyOpenFiles};
                if matches!(warning.kind, DiskFull | CaptureFailed | TooManyOpenFiles | RuleLoop) {
                    self.failures.warn(warning);
                }
            }
            EventKind::Resumed => {
                self.failures.store_again();
            }
            EventKind::Error(error) => {
                self.port_refused |= error.kind == ErrorKind::AddressInUse;
                self.mark_field(&error);
                self.failures.end_run(error);
            }
        }
    }

    fn become_state(&mut self, state: SessionState) {
        if state.is_open() && !self.state.is_open() {
            self.open_since = Some(Instant::now());
            self.has_opened = true;
            self.failures.clear();
            self.errors.clear_network();
            self.unchecked_certificate = None;
        }
        self.waits_until = match &state {
            SessionState::Waiting { next, .. } => Instant::now().checked_add(Duration::from_millis(next.wait_ms)),
            _ => None,
        };
        if self.waits_until.is_some() || !state.is_active() {
            self.open_since = None;
        }
        if matches!(state, SessionState::Closed(CloseReason::Local)) {
            self.failures.close_run();
        }
        // The error of a run is reported before its end. Once the form can be edited again, mark the field.
        if let SessionState::Closed(reason) = &state
            && *reason != CloseReason::Local
            && let Some(error) = self.failures.of_run().cloned()
            && let Some(field) = form::field_of(&error, self.setup.protocol)
        {
            self.errors.set(field, form::FieldError::System(error));
        }
        self.state = state;
    }
}

//! The close state of a connection: each side, or broken.

use crate::model::CloseReason;
use std::time::Instant;

/// The state of our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ours {
    Open,
    /// Shut down when no send is in progress.
    Asked,
    /// No send is in progress: shut down when the queue is empty.
    Due,
    Shut,
}

/// The state of the peer's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Theirs {
    Open,
    /// Its FIN was received.
    Shut,
    /// Its FIN was received, and only queued payloads are still sent. Holds the number of bytes sent by then.
    Flushing(u64, Instant),
}

/// The state of both sides of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HalfClose(State);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Sound {
        ours: Ours,
        theirs: Theirs,
    },
    /// A read or a write failed. Bytes that arrived before are still read; `read_out`: all of them have been read.
    Broken {
        reason: CloseReason,
        read_out: bool,
        we_shut: bool,
    },
}

impl Default for HalfClose {
    fn default() -> Self {
        Self(State::Sound { ours: Ours::Open, theirs: Theirs::Open })
    }
}

impl HalfClose {
    /// The reason, if the connection is broken.
    pub(super) fn broken(self) -> Option<CloseReason> {
        match self.0 {
            State::Broken { reason, .. } => Some(reason),
            State::Sound { .. } => None,
        }
    }

    /// Marks the connection as broken. The first reason is kept.
    pub(super) fn break_with(&mut self, reason: CloseReason) {
        if let State::Sound { ours, theirs } = self.0 {
            self.0 = State::Broken { reason, read_out: theirs != Theirs::Open, we_shut: ours == Ours::Shut };
        }
    }

    /// Whether bytes can still be read: neither the peer's FIN nor, on a broken connection, the end of the data has been read.
    pub(super) fn may_receive(self) -> bool {
        match self.0 {
            State::Sound { theirs, .. } => theirs == Theirs::Open,
            State::Broken { read_out, .. } => !read_out,
        }
    }

    /// Notes that the end was read: the peer's FIN or, on a broken connection, the last byte.
    pub(super) fn end_is_read(&mut self) {
        match &mut self.0 {
            State::Sound { theirs, .. } if *theirs == Theirs::Open => *theirs = Theirs::Shut,
            State::Sound { .. } => {}
            State::Broken { read_out, .. } => *read_out = true,
        }
    }

    /// Whether queued payloads can be written.
    pub(super) fn may_send(self) -> bool {
        matches!(self.0, State::Sound { ours, .. } if ours != Ours::Shut)
    }

    /// Whether new payloads can be queued.
    pub(super) fn takes_payloads(self) -> bool {
        self.may_send() && !matches!(self.0, State::Sound { theirs: Theirs::Flushing(..), .. })
    }

    /// Whether our side is shut down.
    pub(super) fn is_ours_shut(self) -> bool {
        matches!(self.0, State::Sound { ours: Ours::Shut, .. } | State::Broken { we_shut: true, .. })
    }

    /// Requests that our side is shut down when no send is in progress. False: it already is, or the connection is broken.
    pub(super) fn ask_to_shut(&mut self) -> bool {
        match &mut self.0 {
            State::Sound { ours: ours @ (Ours::Open | Ours::Asked), .. } => {
                *ours = Ours::Asked;
                true
            }
            State::Sound { ours, .. } => *ours == Ours::Due,
            State::Broken { .. } => false,
        }
    }

    /// Notes that no send is in progress any more.
    pub(super) fn sends_are_done(&mut self) {
        if let State::Sound { ours: ours @ Ours::Asked, .. } = &mut self.0 {
            *ours = Ours::Due;
        }
    }

    /// Whether our side must be shut down when the queue is empty.
    pub(super) fn is_shut_due(self) -> bool {
        matches!(self.0, State::Sound { ours: Ours::Due, .. })
    }

    /// Notes that our side was shut down.
    pub(super) fn shut(&mut self) {
        match &mut self.0 {
            State::Sound { ours, .. } => *ours = Ours::Shut,
            State::Broken { we_shut, .. } => *we_shut = true,
        }
    }

    /// Allows only queued payloads from now on, because the peer sent its FIN. Called again when `sent_bytes` has grown by `now`.
    pub(super) fn flush_from(&mut self, sent_bytes: u64, now: Instant) {
        if let State::Sound { theirs: theirs @ (Theirs::Shut | Theirs::Flushing(..)), .. } = &mut self.0 {
            *theirs = Theirs::Flushing(sent_bytes, now);
        }
    }

    /// While only queued payloads are sent: the number of bytes sent at the last call of [`Self::flush_from`], and its time.
    pub(super) fn flushing(self) -> Option<(u64, Instant)> {
        match self.0 {
            State::Sound { theirs: Theirs::Flushing(sent_bytes, since), .. } => Some((sent_bytes, since)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_side_is_shut_only_after_the_sends_and_the_queue() {
        let mut state = HalfClose::default();
        state.sends_are_done();
        assert!(!state.is_shut_due(), "nobody asked");
        assert!(state.ask_to_shut() && !state.is_shut_due() && state.takes_payloads());
        state.sends_are_done();
        assert!(state.is_shut_due() && state.may_send());
        state.shut();
        assert!(state.is_ours_shut() && !state.may_send() && !state.is_shut_due() && !state.ask_to_shut());
        assert!(state.may_receive());
    }

    #[test]
    fn after_the_end_of_the_peer_what_is_queued_still_goes_out() {
        let mut state = HalfClose::default();
        let now = Instant::now();
        state.flush_from(7, now);
        assert_eq!(state.flushing(), None, "its end has not been read");
        state.end_is_read();
        assert!(!state.may_receive() && state.takes_payloads());
        state.flush_from(7, now);
        state.end_is_read();
        assert_eq!(state.flushing(), Some((7, now)));
        assert!(state.may_send() && !state.takes_payloads());
    }

    #[test]
    fn a_broken_connection_is_read_to_its_end_and_keeps_its_first_reason() {
        let mut state = HalfClose::default();
        state.break_with(CloseReason::Reset);
        state.break_with(CloseReason::Error);
        assert_eq!(state.broken(), Some(CloseReason::Reset));
        assert!(state.may_receive() && !state.may_send() && !state.takes_payloads() && !state.ask_to_shut());
        state.end_is_read();
        assert!(!state.may_receive());
        let mut ended = HalfClose::default();
        ended.end_is_read();
        ended.break_with(CloseReason::Reset);
        assert!(!ended.may_receive(), "its end had been read before");
    }
}

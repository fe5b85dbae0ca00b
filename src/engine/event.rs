//! The events of a session. Events are signals: whatever must not be lost is a record of the capture.

use crate::capture::CaptureReader;
use crate::model::{NetError, PeerId, RunNumber, SessionId, SessionState, Ticket};
use std::sync::Arc;
use std::time::Duration;

/// How a send ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendOutcome {
    /// Bytes the sockets accepted, all rounds and peers together.
    pub sent_bytes: u64,
    /// Rounds completed.
    pub rounds: u64,
    /// Number of receivers.
    pub peers: usize,
    /// `Ok`, or why it ended early (kind `Cancelled` at the user's request, `Closed`, `QueueFull`, `NoPeer`, `File` …).
    pub result: Result<(), NetError>,
    /// Where it ended early: the name of the first item that was not written completely, if it has one.
    pub item: Option<Arc<str>>,
}

/// The progress of a send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendProgress {
    /// Which.
    pub ticket: Ticket,
    /// Bytes the sockets accepted so far, all rounds and peers together.
    pub sent_bytes: u64,
    /// Total bytes; `None`: unknown or endless.
    pub total_bytes: Option<u64>,
    /// Rounds completed.
    pub rounds: u64,
    /// Total bytes for each peer.
    pub peer_bytes: Option<u64>,
    /// Number of receivers.
    pub peer_count: usize,
    /// For files: the peers by number; of many peers, the slowest.
    pub peers: Vec<PeerProgress>,
}

/// The progress of a send to one peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerProgress {
    /// Which.
    pub peer: PeerId,
    /// Bytes that its socket accepted.
    pub sent_bytes: u64,
    /// Since when it has taken nothing although more is queued.
    pub waits: Duration,
    /// Nothing more is sent to it.
    pub gone: bool,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Of which session.
    pub session: SessionId,
    /// Of which run: ignore those of an earlier one.
    pub run: RunNumber,
    /// What.
    pub kind: EventKind,
}

/// The kinds of event.
#[derive(Clone, Debug)]
pub enum EventKind {
    /// The capture of this session exists now: before its first state, and before that of a later run when the capture was
    /// deleted meanwhile and another one is made.
    Capture(CaptureReader),
    /// The state changed.
    State(SessionState),
    /// There are new published records (or counters or peers changed); coalesced: at most one is waiting.
    More,
    /// A send ended.
    SendFinished(Ticket, SendOutcome),
    /// Progress of a long send: a few per second, once per second while nothing is taken.
    SendProgress(SendProgress),
    /// Something failed and the session continues.
    Warning(NetError),
    /// The capture can be written again after an `Error` of operation `Store`; reading continues.
    Resumed,
    /// Something failed that ended the run (a `State(Closed(..))` follows) or a command.
    Error(NetError),
}

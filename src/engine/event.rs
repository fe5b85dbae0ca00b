//! What a session tells. Events are signals: what must not be lost is a record of the capture.

use crate::capture::CaptureReader;
use crate::model::{NetError, PeerId, RunNumber, SessionId, SessionState, Ticket};
use std::time::Duration;

/// How a send ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendOutcome {
    /// Bytes the sockets accepted, all rounds and peers together.
    pub sent_bytes: u64,
    /// Rounds completed.
    pub rounds: u64,
    /// To how many peers it went.
    pub peers: usize,
    /// `Ok`, or why it ended early (kind `Cancelled` on the user's word, `Closed`, `QueueFull`, `NoPeer`, `File` …).
    pub result: Result<(), NetError>,
}

/// How far a send came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendProgress {
    /// Which.
    pub ticket: Ticket,
    /// Bytes the sockets accepted so far, all rounds and peers together.
    pub sent_bytes: u64,
    /// Of how many; `None` = unknown or endless.
    pub total_bytes: Option<u64>,
    /// Rounds completed.
    pub rounds: u64,
    /// Of how many bytes for each peer.
    pub peer_bytes: Option<u64>,
    /// How many peers it goes to.
    pub peer_count: usize,
    /// A send of files: its peers by number, of many peers those who are least far.
    pub peers: Vec<PeerProgress>,
}

/// How far a send came with one peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerProgress {
    /// Which.
    pub peer: PeerId,
    /// Bytes its socket accepted.
    pub sent_bytes: u64,
    /// Since when it has taken nothing though there is more.
    pub waits: Duration,
    /// Nothing more goes to it.
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
    /// A long send goes on. A few a second, once a second where nothing is taken.
    SendProgress(SendProgress),
    /// Something failed and the session goes on.
    Warning(NetError),
    /// The capture can be written again after an `Error` of operation `Store`: reading goes on.
    Resumed,
    /// Something failed that ended the run (a `State(Closed(..))` follows) or a command.
    Error(NetError),
}

//! The commands of a front end to a session.

use super::Faults;
use super::respond::Replies;
use super::send::{SendContent, SendPlan};
use crate::capture::SessionNote;
use crate::model::{PeerId, Reconnect, SessionConfig, Target, Ticket};
use std::time::Duration;

/// A command. The worker carries out commands in order.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "few commands wait at a time, and the largest one opens the session")]
pub enum Command {
    /// Open sockets. Ignored (with a warning event) while a run is active or a client waits to connect again.
    Open(SessionConfig),
    /// End the run: stop sends, write what the sockets take at once, close everything. Interrupts resolving, connecting,
    /// sending, and the wait of a client that connects again.
    Close,
    /// Send; exactly one [`EventKind::SendFinished`](super::EventKind::SendFinished) with this ticket follows, whatever happens.
    Send {
        /// Identifies the send.
        ticket: Ticket,
        /// To whom.
        target: Target,
        /// What.
        plan: SendPlan,
    },
    /// Stop a send (repeat, file, queued); it finishes as cancelled. Bytes the socket has are gone and recorded.
    CancelSend(Ticket),
    /// Replace the items of a timed repeat by one with this content from its next round on. The target, delay and name of the first
    /// item stay. Items that share their bytes, for one peer each, all stay and get the content. Ignored if the repeat has ended.
    ChangeSend {
        /// Which.
        ticket: Ticket,
        /// What.
        content: SendContent,
    },
    /// Run this plan for each peer that joins from now on (TCP server), or for the first sender (UDP), or after connecting
    /// (TCP client); `None` = nothing.
    OnJoin(Option<SendPlan>),
    /// Like [`Command::Send`] to the remote, as soon as a TCP client's next run is connected and before anything the server
    /// does is acted on (it may shut down its side at once). Given before [`Command::Open`], or while a client waits to connect
    /// again; several are sent in order. Exactly one [`EventKind::SendFinished`](super::EventKind::SendFinished) follows: as
    /// cancelled where no connection comes about in that run, as invalid where the session is open already or is no TCP client.
    /// It is never sent in a later run.
    SendWhenConnected {
        /// Identifies the send.
        ticket: Ticket,
        /// What.
        plan: SendPlan,
    },
    /// Answer received frames by these rules from now on. Without rules nothing is answered. While a session is open, rules of a talk
    /// file that stay (by their name, otherwise by their head) keep their state for each connection: captured names, counts of
    /// `limit`, bodies that wait; also if they are switched off and on. Variables and registers keep their values unless the file
    /// gives them other ones. `open` runs only for connections that no talk file knew. Unfinished frames go on if the framing rule
    /// stays.
    SetReplies(Box<Replies>),
    /// Close one peer in order (FIN); reason `kicked`.
    DisconnectPeer(PeerId),
    /// Close one peer with a reset (RST).
    ResetPeer(PeerId),
    /// Shut down the write side once the queue is flushed.
    ShutdownWrite(Target),
    /// How long a TCP peer may answer neither data nor keep-alive probes before the connection is considered lost
    /// (reason `timeout`). Default a minute, at least six seconds; for connections made from now on.
    SetPatience(Duration),
    /// How a TCP client that is open or waits connects again from now on; `None` = not at all, which also ends a wait. Until the next
    /// [`Command::Open`], whose configuration has its own.
    SetReconnect(Option<Reconnect>),
    /// Spoil what TCP connections send from now on; `None` = nothing.
    SetFaults(Option<Faults>),
    /// Publish the facts of a peer ([`SessionHandle::facts`](super::SessionHandle::facts)), now and when it ends. UDP: those of the
    /// socket.
    AskFacts(PeerId),
    /// Record the facts of each connection when it ends, and those of a UDP socket when it is closed.
    RecordFacts(bool),
    /// Append a record with a note of the front end, about a peer or [`PeerId::NONE`]. Ignored while there is no capture.
    Note {
        /// Whom it is about.
        peer: PeerId,
        /// What to record.
        note: SessionNote,
    },
    /// Stop reading sockets (TCP flow control holds the peer), or go on.
    PauseReading(bool),
    /// Set this session's counters to zero. (`received = stored + dropped` keeps holding.)
    ResetCounters,
    /// Captures made from now on evict nothing that the front end has not read: at the size limit, sockets are not read
    /// until it has caught up ([`SessionHandle::take_hold`](super::SessionHandle::take_hold)).
    HoldForReader,
    /// Use another size limit for the capture from now on (takes effect for the next capture), and keep files that are sent from now on
    /// up to another size.
    SetCaptureLimits {
        /// See [`CaptureOptions::limit_bytes`](crate::capture::CaptureOptions::limit_bytes).
        limit_bytes: u64,
        /// See [`CaptureOptions::kept_file_bytes`](crate::capture::CaptureOptions::kept_file_bytes).
        kept_file_bytes: u64,
    },
}

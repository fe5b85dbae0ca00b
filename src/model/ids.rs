//! Identifiers: sessions, runs, peers, sends.

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// A session (a tab of the window, or the session of a command line), unique for the life of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SessionId(pub u64);

/// Counts how often a session was opened, so that events of an earlier run can be ignored. 0 = never opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunNumber(pub u32);

/// A remote address within one capture: a TCP connection, or a UDP source or target. Numbered from 1 in order of appearance; never
/// reused within a capture. 0 = no peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(pub u32);

impl PeerId {
    /// No peer: a record about the session itself.
    pub const NONE: Self = Self(0);
}

/// Identifies a send command. The front end chooses it; the outcome carries the same ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Direction of a payload, as seen from this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the peer.
    Received,
    /// To the peer.
    Sent,
}

/// Destination of a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// TCP client: the server. UDP: the configured remote address or, if none is set, the peer that sent last.
    Remote,
    /// One peer of a server, or a UDP address seen before.
    Peer(PeerId),
    /// Every connected peer (TCP server) or every known UDP peer.
    All,
    /// Any address (UDP only).
    Address(SocketAddr),
}

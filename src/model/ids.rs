//! Identifiers: sessions, runs, peers, sends.

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;

/// One session (a tab of the window, or the one session of a command line) for the life of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SessionId(pub u64);

/// How often a session was opened; events of an earlier run are ignored by it. 0 = never opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunNumber(pub u32);

/// A remote address within one capture: one TCP connection, or one UDP source or target.
/// Numbered from 1 in order of appearance; never reused within a capture. 0 = no peer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(pub u32);

impl PeerId {
    /// Stands for "no peer": a record about the session itself.
    pub const NONE: Self = Self(0);
}

/// Names one send command, chosen by the front end; its outcome comes back with the same ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Which way a payload went, seen from us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the peer to us.
    Received,
    /// From us to the peer.
    Sent,
}

/// Where a send goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// TCP client: the server. UDP: the configured remote address, or, where none is set, the peer that sent last.
    Remote,
    /// One peer of a server, or a UDP address seen before.
    Peer(PeerId),
    /// Every connected peer (TCP server) or every known UDP peer.
    All,
    /// Any address (UDP only).
    Address(SocketAddr),
}

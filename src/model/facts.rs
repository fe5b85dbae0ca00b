//! Facts of a connection: what the program and the system know of it, beside its traffic.

use super::CloseReason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// The facts of one connection, or of a UDP socket, at one moment. What is not known is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Our address.
    pub local: SocketAddr,
    /// The other side; `None` for a UDP socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<SocketAddr>,
    /// We connected to it, or accepted it; `None` for a UDP socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<OpenedBy>,
    /// Who ended it and how; `None` while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<CloseReason>,
    /// Time of the name look-up, in µs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve_us: Option<u64>,
    /// Time of the connect that was taken, in µs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_us: Option<u64>,
    /// Time of the handshakes of the layers above (TLS, WebSocket), in µs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handshake_us: Option<u64>,
    /// Time since it was established, in ms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_ms: Option<u64>,
    /// The addresses of the host name, in the order of the look-up. Empty: there was no look-up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<SocketAddr>,
    /// Bytes that have arrived and are not read, and bytes that are not acknowledged.
    #[serde(default)]
    pub queues: Queues,
    /// What TCP knows of the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tcp: Option<TcpFacts>,
    /// Datagrams that the system dropped, for a UDP socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_dropped: Option<u64>,
    /// The options of the socket by name ([`OptionName::name`](super::OptionName::name)), as the system has them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

/// Which side opened a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenedBy {
    /// We connected.
    Us,
    /// We accepted it.
    Peer,
}

/// Bytes in the queues of the system, and in ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queues {
    /// Arrived and not read yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<u64>,
    /// Handed to the system and not acknowledged (TCP) or not on its way (UDP) yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsent: Option<u64>,
    /// Waiting in the queue of this program.
    #[serde(default)]
    pub waiting: u64,
}

/// What TCP knows of a connection (tcp(7), `TCP_INFO`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TcpFacts {
    /// Smoothed round-trip time, in µs.
    pub rtt_us: u32,
    /// Its mean deviation, in µs.
    pub rtt_var_us: u32,
    /// The shortest round-trip time, in µs; 0: not known.
    pub min_rtt_us: u32,
    /// Segments sent again, over all its life.
    pub retransmits: u32,
    /// Segments that count as lost now.
    pub lost: u32,
    /// Segments that are on their way.
    pub unacked: u32,
    /// Congestion window, in segments.
    pub congestion_window: u32,
    /// The peer's receive window, in bytes; 0: closed, or not known.
    pub send_window: u32,
    /// Our receive window, in bytes; 0: not known.
    pub receive_window: u32,
    /// Largest segment that is sent, in bytes.
    pub segment_bytes: u32,
    /// Largest packet of the path, in bytes.
    pub path_bytes: u32,
    /// Time to a retransmission, in µs.
    pub timeout_us: u32,
    /// Since data was received last, in ms.
    pub received_ago_ms: u32,
}

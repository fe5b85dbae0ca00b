//! How a connection or session ended.

use serde::{Deserialize, Serialize};

/// Why a peer or session ended. The serialised names are the values of `reason` in the command line's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    /// Closed by the user.
    Local,
    /// The peer shut down its write side (TCP FIN).
    PeerFin,
    /// The peer reset the connection (TCP RST).
    Reset,
    /// No response within a deadline (connect, keep-alive, user time-out).
    Timeout,
    /// The user disconnected this peer.
    Kicked,
    /// TLS failed after the handshake; described by a separate error record.
    Tls,
    /// Any other error; described by a separate error record.
    Error,
}

impl CloseReason {
    /// All reasons, in the order of their stored codes.
    pub const ALL: [Self; 7] =
        [Self::Local, Self::PeerFin, Self::Reset, Self::Timeout, Self::Kicked, Self::Tls, Self::Error];

    /// The stable name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::PeerFin => "peer_fin",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
            Self::Kicked => "kicked",
            Self::Tls => "tls",
            Self::Error => "error",
        }
    }
}

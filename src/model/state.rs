//! The states of a session.

use super::CloseReason;
use std::net::SocketAddr;

/// What a session is doing now, as the system says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SessionState {
    /// Never opened.
    #[default]
    Idle,
    /// Looking up a host name.
    Resolving,
    /// A TCP connect is under way.
    Connecting,
    /// A TCP listener accepts on `local` (the real port where 0 was asked).
    Listening {
        /// Bound address.
        local: SocketAddr,
    },
    /// A TCP client is connected.
    Connected {
        /// Our end.
        local: SocketAddr,
        /// The server's end.
        remote: SocketAddr,
    },
    /// A UDP socket is bound.
    Bound {
        /// Bound address.
        local: SocketAddr,
    },
    /// Flushing queues before the end.
    Closing,
    /// Ended; may be opened again.
    Closed(CloseReason),
}

impl SessionState {
    /// Sockets are open and payloads can be sent or received.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Listening { .. } | Self::Connected { .. } | Self::Bound { .. })
    }

    /// An open is under way or done: the configuration is locked.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !matches!(self, Self::Idle | Self::Closed(_))
    }

    /// The local address, where there is one.
    #[must_use]
    pub fn local(&self) -> Option<SocketAddr> {
        match self {
            Self::Listening { local } | Self::Connected { local, .. } | Self::Bound { local } => Some(*local),
            _ => None,
        }
    }
}

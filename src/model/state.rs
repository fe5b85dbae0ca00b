//! The states of a session.

use super::{CloseReason, NextTry};
use std::net::SocketAddr;

/// State of a session, as reported by the system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SessionState {
    /// Never opened.
    #[default]
    Idle,
    /// Looking up a host name.
    Resolving,
    /// Connecting by TCP.
    Connecting,
    /// A TCP listener accepts connections on `local` (with the actual port if 0 was requested).
    Listening {
        /// Bound address; of several, the first of the configuration. The capture names each of them.
        local: SocketAddr,
    },
    /// A TCP client is connected.
    Connected {
        /// Local address.
        local: SocketAddr,
        /// Address of the server.
        remote: SocketAddr,
    },
    /// A UDP socket is bound.
    Bound {
        /// Bound address.
        local: SocketAddr,
    },
    /// A TCP client that connects again by itself waits for its next attempt. Takes the place of `Closed`.
    Waiting {
        /// Why the last run ended.
        reason: CloseReason,
        /// The attempt that it waits for.
        next: NextTry,
    },
    /// Flushing queues before closing.
    Closing,
    /// Ended. The session can be opened again.
    Closed(CloseReason),
}

impl SessionState {
    /// Whether sockets are open, so that payload can be sent and received.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Listening { .. } | Self::Connected { .. } | Self::Bound { .. })
    }

    /// Whether the session is open or being opened, so that its configuration must not change.
    #[must_use]
    pub fn is_active(&self) -> bool {
        !matches!(self, Self::Idle | Self::Closed(_))
    }

    /// The local address, if any.
    #[must_use]
    pub fn local(&self) -> Option<SocketAddr> {
        match self {
            Self::Listening { local } | Self::Connected { local, .. } | Self::Bound { local } => Some(*local),
            _ => None,
        }
    }
}

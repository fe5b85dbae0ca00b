//! Where a UDP socket passes its clients' datagrams on to.

use super::HostPort;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A UDP socket with this has a socket onward for each client address, and passes the datagrams of both directions on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardDatagrams {
    /// Host (name or address) and port to send to, not 0. The name is looked up when the session opens.
    pub to: HostPort,
    /// The socket onward of a client is closed after this time without a datagram in either direction.
    pub idle_timeout: Duration,
}

impl ForwardDatagrams {
    /// Sends to `to`; sockets onward are closed after two minutes without a datagram.
    #[must_use]
    pub fn new(to: HostPort) -> Self {
        Self { to, idle_timeout: Duration::from_secs(120) }
    }
}

//! Where a server passes its clients on to.

use super::HostPort;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A server with this connects onward for each client, and passes the bytes of both directions on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forward {
    /// Host (name or address) and port to connect to, not 0. The name is looked up when the session opens.
    pub to: HostPort,
    /// Time limit for each connect.
    pub connect_timeout: Duration,
}

impl Forward {
    /// Connects to `to` within ten seconds.
    #[must_use]
    pub fn new(to: HostPort) -> Self {
        Self { to, connect_timeout: Duration::from_secs(10) }
    }
}

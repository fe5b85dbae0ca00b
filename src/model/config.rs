//! What a session is asked to do.

use super::{Endpoint, HostPort, Transport};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The three modes of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Wait for clients.
    #[default]
    TcpServer,
    /// Connect to a device.
    TcpClient,
    /// Datagrams from and to anybody.
    Udp,
}

/// Connect to `remote`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TcpClientConfig {
    /// Host (name or address) and port, not 0.
    pub remote: HostPort,
    /// Local address and port to connect from; port 0 = the system's choice.
    pub bind: Option<HostPort>,
    /// How long name look-up and connect may take together.
    pub connect_timeout: Duration,
    /// After the peer's FIN keep our side open for sending.
    pub keep_half_open: bool,
}

/// Listen on `local`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TcpServerConfig {
    /// Address of this machine and port; 0 = the system's choice.
    pub local: HostPort,
    /// As for clients, for every peer.
    pub keep_half_open: bool,
}

/// Bind `local`, send to `remote` where one is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UdpConfig {
    /// Address of this machine and port; 0 = the system's choice. `None`: any address of the remote's family.
    pub local: Option<HostPort>,
    /// The default target; the socket stays open for everybody else's datagrams.
    pub remote: Option<HostPort>,
}

/// What to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "protocol", rename_all = "snake_case")]
pub enum SessionConfig {
    /// TCP client.
    TcpClient(TcpClientConfig),
    /// TCP server.
    TcpServer(TcpServerConfig),
    /// UDP socket.
    Udp(UdpConfig),
}

impl SessionConfig {
    /// The mode.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        match self {
            Self::TcpClient(_) => Protocol::TcpClient,
            Self::TcpServer(_) => Protocol::TcpServer,
            Self::Udp(_) => Protocol::Udp,
        }
    }

    /// The address that names the session: the server's for a client, ours otherwise.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        match self {
            Self::TcpClient(c) => Endpoint { transport: Transport::Tcp, at: c.remote.clone() },
            Self::TcpServer(c) => Endpoint { transport: Transport::Tcp, at: c.local.clone() },
            Self::Udp(c) => {
                let at = c
                    .local
                    .clone()
                    .or_else(|| c.remote.clone())
                    .unwrap_or(HostPort { host: "0.0.0.0".into(), port: 0 });
                Endpoint { transport: Transport::Udp, at }
            }
        }
    }
}

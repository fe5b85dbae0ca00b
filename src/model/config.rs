//! Configuration of a session.

use super::{
    CastOptions, Endpoint, Forward, ForwardDatagrams, HostPort, Layers, SocketOptions, TlsClientConfig,
    TlsServerConfig, Transport, WebSocketConfig,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Type of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Waits for clients.
    #[default]
    TcpServer,
    /// Connects to a server.
    TcpClient,
    /// Exchanges datagrams with any address.
    Udp,
}

/// When a TCP client connects again by itself: after a connect that failed, and after a connection that anybody but the user
/// ended. Each attempt is a run of its own, all in one capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconnect {
    /// The wait before the first attempt, at least 10 ms. It doubles with each attempt in a row that fails.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// Attempts in a row until the session stays closed; `None`: until the user closes it.
    pub attempts: Option<u32>,
}

/// The next attempt of a client that connects again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextTry {
    /// Its number since there was a connection, from 1.
    pub number: u32,
    /// The number of the last attempt; `None`: attempts go on until the user stops them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u32>,
    /// The wait before it, in ms.
    pub wait_ms: u64,
}

/// Connects to `remote`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TcpClientConfig {
    /// Host (name or address) and port, not 0.
    pub remote: HostPort,
    /// Local address and port to bind to; port 0 lets the system choose.
    pub bind: Option<HostPort>,
    /// Time limit for name look-up and connect together.
    pub connect_timeout: Duration,
    /// Keep our side open for sending after the peer's FIN.
    pub keep_half_open: bool,
    /// `None`: the session stays closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconnect: Option<Reconnect>,
    /// `None`: the payload is not encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsClientConfig>,
    /// Options of its sockets.
    #[serde(default, skip_serializing_if = "SocketOptions::is_default")]
    pub options: SocketOptions,
    /// `None`: the payload has no frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub websocket: Option<WebSocketConfig>,
}

/// Listens on `local`, and on further addresses if there are some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TcpServerConfig {
    /// Local address and port; port 0 lets the system choose. It names the session.
    pub local: HostPort,
    /// Further local addresses, at most 255. The session listens on all of them or fails.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<HostPort>,
    /// Keep our side open for sending after a peer's FIN.
    pub keep_half_open: bool,
    /// `None`: the payload is not encrypted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsServerConfig>,
    /// Options of its sockets.
    #[serde(default, skip_serializing_if = "SocketOptions::is_default")]
    pub options: SocketOptions,
    /// `None`: the payload has no frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub websocket: Option<WebSocketConfig>,
    /// Connect onward for each client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward: Option<Forward>,
}

/// Binds to `local` and sends to `remote` if it is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UdpConfig {
    /// Local address and port; port 0 lets the system choose. `None` for any address of the remote's family.
    pub local: Option<HostPort>,
    /// Default target. The socket still receives datagrams from any address.
    pub remote: Option<HostPort>,
    /// Broadcast and multicast.
    #[serde(default, skip_serializing_if = "CastOptions::is_default")]
    pub cast: CastOptions,
    /// Options of its sockets.
    #[serde(default, skip_serializing_if = "SocketOptions::is_default")]
    pub options: SocketOptions,
    /// Pass on what arrives. There is no `remote` then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward: Option<ForwardDatagrams>,
}

/// Configuration to open a session with.
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

impl TcpClientConfig {
    /// Connects to `remote` within ten seconds; everything else is off.
    #[must_use]
    pub fn new(remote: HostPort) -> Self {
        let connect_timeout = Duration::from_secs(10);
        let options = SocketOptions::default();
        Self {
            remote,
            bind: None,
            connect_timeout,
            keep_half_open: false,
            reconnect: None,
            tls: None,
            options,
            websocket: None,
        }
    }
}

impl TcpServerConfig {
    /// Listens on `local`; everything else is off.
    #[must_use]
    pub fn new(local: HostPort) -> Self {
        Self {
            local,
            also: Vec::new(),
            keep_half_open: false,
            tls: None,
            websocket: None,
            options: SocketOptions::default(),
            forward: None,
        }
    }
}

impl UdpConfig {
    /// A socket at `local` that sends to `remote`, both optional; everything else is as the system has it.
    #[must_use]
    pub fn new(local: Option<HostPort>, remote: Option<HostPort>) -> Self {
        Self { local, remote, cast: CastOptions::default(), options: SocketOptions::default(), forward: None }
    }
}

fn path_of(websocket: &Option<WebSocketConfig>) -> String {
    websocket.as_ref().map_or_else(String::new, |websocket| websocket.path.clone())
}

impl SessionConfig {
    /// Options of its sockets.
    #[must_use]
    pub fn options(&self) -> &SocketOptions {
        match self {
            Self::TcpClient(c) => &c.options,
            Self::TcpServer(c) => &c.options,
            Self::Udp(c) => &c.options,
        }
    }

    /// The same, to change.
    pub fn options_mut(&mut self) -> &mut SocketOptions {
        match self {
            Self::TcpClient(c) => &mut c.options,
            Self::TcpServer(c) => &mut c.options,
            Self::Udp(c) => &mut c.options,
        }
    }

    /// Type of the session.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        match self {
            Self::TcpClient(_) => Protocol::TcpClient,
            Self::TcpServer(_) => Protocol::TcpServer,
            Self::Udp(_) => Protocol::Udp,
        }
    }

    /// The address that names the session: the server's for a client, the local one otherwise.
    #[must_use]
    pub fn endpoint(&self) -> Endpoint {
        match self {
            Self::TcpClient(c) => {
                let layers = Layers { tls: c.tls.is_some(), websocket: c.websocket.is_some() };
                Endpoint { transport: Transport::Tcp, layers, at: c.remote.clone(), path: path_of(&c.websocket) }
            }
            Self::TcpServer(c) => {
                let layers = Layers { tls: c.tls.is_some(), websocket: c.websocket.is_some() };
                Endpoint { transport: Transport::Tcp, layers, at: c.local.clone(), path: path_of(&c.websocket) }
            }
            Self::Udp(c) => {
                let at = c
                    .local
                    .clone()
                    .or_else(|| c.remote.clone())
                    .unwrap_or(HostPort { host: "0.0.0.0".into(), port: 0 });
                Endpoint::new(Transport::Udp, at)
            }
        }
    }
}

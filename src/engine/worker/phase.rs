//! What an open run is made of: looking up, connecting, TCP or UDP sockets.

use crate::engine::context::Context;
use crate::engine::net::connect::Connecting;
use crate::engine::net::resolve::Lookup;
use crate::engine::net::tcp::TcpSide;
use crate::engine::net::udp::UdpSide;
use crate::engine::send::queue::{Entry, Room};
use crate::engine::send::scheduler::Wire;
use crate::model::{
    ErrorKind, HostPort, NetError, Operation, PeerId, SessionConfig, Target, Transport, display_address,
};
use std::net::SocketAddr;
use std::time::Instant;

/// The sockets of a session now.
#[derive(Default)]
pub(in crate::engine) enum Link {
    /// No run.
    #[default]
    Idle,
    /// Names are being looked up.
    Resolving {
        /// By the helper thread.
        lookup: Lookup,
        /// What is to be opened then.
        config: SessionConfig,
        /// When the open began.
        started: Instant,
    },
    /// A TCP connect is under way.
    Connecting {
        /// The attempts.
        connecting: Connecting,
        /// Of the configuration.
        keep_half_open: bool,
    },
    /// A listener with its clients, or a connection.
    Tcp(TcpSide),
    /// A UDP socket.
    Udp(Box<UdpSide>),
}

/// The hosts a configuration names, in a fixed order: the other end first.
pub(in crate::engine) fn hosts(config: &SessionConfig) -> Vec<HostPort> {
    match config {
        SessionConfig::TcpClient(client) => std::iter::once(client.remote.clone()).chain(client.bind.clone()).collect(),
        SessionConfig::TcpServer(server) => vec![server.local.clone()],
        SessionConfig::Udp(udp) => udp.remote.iter().chain(&udp.local).cloned().collect(),
    }
}

/// What no socket is needed to find wrong.
///
/// # Errors
/// A target with port 0.
pub(in crate::engine) fn check(config: &SessionConfig) -> Result<(), NetError> {
    let (remote, operation) = match config {
        SessionConfig::TcpClient(client) => (Some(&client.remote), Operation::Connect),
        SessionConfig::Udp(udp) => (udp.remote.as_ref(), Operation::Bind),
        SessionConfig::TcpServer(_) => (None, Operation::Listen),
    };
    match remote {
        Some(remote) if remote.port == 0 => {
            let scheme = config.endpoint().transport.scheme();
            Err(NetError::new(operation, ErrorKind::Invalid, format!("{scheme}://{remote}"), "port 0 names nobody"))
        }
        _ => Ok(()),
    }
}

/// The transport of a configuration.
pub(in crate::engine) fn transport(config: &SessionConfig) -> Transport {
    config.endpoint().transport
}

/// Nobody to send to, so no address either: that of the session is our own, unless it is a client.
fn nobody(detail: &str) -> NetError {
    NetError::new(Operation::Send, ErrorKind::NoPeer, "", detail)
}

impl Link {
    /// A run is under way.
    pub(in crate::engine) fn is_active(&self) -> bool {
        !matches!(self, Self::Idle)
    }

    /// Everything that waits may go on.
    pub(in crate::engine) fn make_all_ready(&mut self) {
        if let Self::Tcp(side) = self {
            side.make_all_ready();
        }
    }

    /// Nothing is queued.
    pub(in crate::engine) fn is_drained(&self) -> bool {
        match self {
            Self::Tcp(side) => side.is_drained(),
            Self::Udp(side) => side.is_drained(),
            Self::Idle | Self::Resolving { .. } | Self::Connecting { .. } => true,
        }
    }

    /// There is something to do without the poll.
    pub(in crate::engine) fn has_work(&self, context: &Context) -> bool {
        match self {
            Self::Tcp(side) => {
                let accepts = side.listener.as_ref().is_some_and(crate::engine::net::listen::Listener::is_ready);
                side.has_ready() || accepts && context.journal.takes_traffic()
            }
            Self::Udp(side) => side.has_work(context),
            Self::Idle | Self::Resolving { .. } | Self::Connecting { .. } => false,
        }
    }
}

impl TcpSide {
    fn peers_of(&self, target: Target) -> Result<Vec<PeerId>, NetError> {
        match target {
            Target::Remote if self.is_client => {
                let peers = self.ids();
                if peers.is_empty() { Err(nobody("not connected")) } else { Ok(peers) }
            }
            Target::Remote => Err(nobody("a server has no one remote end")),
            Target::Peer(peer) if self.has(peer) => Ok(vec![peer]),
            Target::Peer(_) => Err(nobody("no such peer")),
            Target::All => {
                let peers = self.ids();
                if peers.is_empty() { Err(nobody("nobody is connected")) } else { Ok(peers) }
            }
            Target::Address(address) => {
                let detail = "a TCP session sends to its peers only";
                Err(NetError::new(
                    Operation::Send,
                    ErrorKind::Invalid,
                    format!("tcp://{}", display_address(address)),
                    detail,
                ))
            }
        }
    }
}

impl UdpSide {
    fn peers_of(&mut self, target: Target, context: &mut Context) -> Result<Vec<PeerId>, NetError> {
        match target {
            Target::Remote => {
                let address = self.default_target();
                let address = address.ok_or_else(|| nobody("no remote address, and nobody has sent"))?;
                Ok(vec![self.target(address, context)?])
            }
            Target::Peer(peer) if self.has(peer) => Ok(vec![peer]),
            Target::Peer(_) => Err(nobody("no such peer")),
            Target::All => {
                let peers = self.ids();
                if peers.is_empty() { Err(nobody("no address is known")) } else { Ok(peers) }
            }
            Target::Address(address) => Ok(vec![self.target(address, context)?]),
        }
    }
}

impl Wire for Link {
    fn peers_of(&mut self, target: Target, context: &mut Context) -> Result<Vec<PeerId>, NetError> {
        match self {
            Self::Tcp(side) => side.peers_of(target),
            Self::Udp(side) => side.peers_of(target, context),
            Self::Idle => Err(nobody("the session is not open")),
            Self::Resolving { .. } | Self::Connecting { .. } => Err(nobody("not connected yet")),
        }
    }

    fn room(&mut self, peer: PeerId, len: usize, ahead: bool, context: &mut Context) -> Room {
        match self {
            Self::Tcp(side) => side.room(peer, len, ahead, context),
            Self::Udp(side) => side.room(peer, len, ahead, context),
            Self::Idle | Self::Resolving { .. } | Self::Connecting { .. } => Room::Gone,
        }
    }

    fn push(&mut self, entry: Entry, context: &mut Context) {
        match self {
            Self::Tcp(side) => side.push(entry, context),
            Self::Udp(side) => side.push(entry, context),
            Self::Idle | Self::Resolving { .. } | Self::Connecting { .. } => {}
        }
    }

    fn purge(&mut self, job: u64, peer: Option<PeerId>, context: &mut Context) {
        match self {
            Self::Tcp(side) => side.purge(job, peer, context),
            Self::Udp(side) => side.purge(job, peer, context),
            Self::Idle | Self::Resolving { .. } | Self::Connecting { .. } => {}
        }
    }

    fn address(&self, peer: PeerId) -> Option<SocketAddr> {
        match self {
            Self::Tcp(side) => side.address(peer),
            Self::Udp(side) => side.address(peer),
            Self::Idle | Self::Resolving { .. } | Self::Connecting { .. } => None,
        }
    }

    fn is_datagram(&self) -> bool {
        matches!(self, Self::Udp(_))
    }
}

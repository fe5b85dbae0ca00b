//! The facts of a connection.

use super::TcpSockets;
use super::connection::Connection;
use crate::capture::SessionNote;
use crate::engine::context::Context;
use crate::engine::net::options::{self, Kind};
use crate::engine::platform;
use crate::model::{CloseReason, Facts, OpenedBy, PeerId, Queues, unmap_v4};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How a connection came about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Birth {
    pub(super) by: OpenedBy,
    /// How long the connect took.
    pub(super) connect: Option<Duration>,
    /// How long the handshakes of the layers took.
    pub(super) handshake: Option<Duration>,
    pub(super) at: Instant,
}

impl Birth {
    /// A client that was accepted just now.
    pub(super) fn accepted() -> Self {
        Self { by: OpenedBy::Peer, connect: None, handshake: None, at: Instant::now() }
    }
}

/// What a name look-up has found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) took: Option<Duration>,
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

impl Connection {
    /// The facts of now.
    fn facts(&self, found: &Found) -> Option<Facts> {
        let socket = self.socket();
        let address = |address: std::io::Result<socket2::SockAddr>| address.ok()?.as_socket();
        let local = address(socket.local_addr())?;
        let birth = self.birth;
        // A connection that was reset has no remote address any more.
        let of_system = address(socket.peer_addr()).and_then(|remote| platform::tcp_facts(local, remote));
        let (mut queues, tcp) = match of_system {
            Some((queues, tcp)) => (queues, Some(tcp)),
            None => (Queues { received: platform::unread(&socket), ..Queues::default() }, None),
        };
        queues.waiting = self.info.queued_bytes;
        Some(Facts {
            local: unmap_v4(local),
            remote: Some(self.info.address),
            opened_by: Some(birth.by),
            closed: None,
            resolve_us: found.took.map(micros),
            connect_us: birth.connect.map(micros),
            handshake_us: birth.handshake.map(micros),
            open_ms: u64::try_from(birth.at.elapsed().as_millis()).ok(),
            resolved: found.addresses.clone(),
            queues,
            tcp,
            kernel_dropped: None,
            options: options::read(&socket, Kind::Connection, local.is_ipv6()),
        })
    }
}

impl TcpSockets {
    /// The facts of a connection.
    pub(super) fn facts_of(&self, peer: PeerId) -> Option<Facts> {
        self.peers.get(&peer)?.facts(&self.found)
    }

    /// Keeps the facts of a connection that is about to be closed, for whoever wants them.
    pub(super) fn keep_facts(&self, peer: PeerId, reason: CloseReason, context: &mut Context) {
        if !context.wants_facts_of(peer) {
            return;
        }
        let Some(mut facts) = self.facts_of(peer) else { return };
        facts.closed = Some(reason);
        if context.records_facts {
            context.journal.note(peer, &SessionNote::Facts { facts: Box::new(facts.clone()) });
        }
        context.show_facts(peer, facts);
    }
}

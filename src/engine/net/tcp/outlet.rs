//! TCP connections as senders see them.

use super::TcpSockets;
use crate::engine::context::Context;
use crate::engine::send::outlet::{Outlet, nobody};
use crate::engine::send::queue::{QueuedPayload, Room};
use crate::model::{ErrorKind, NetError, Operation, PeerId, Target, display_address};
use std::net::SocketAddr;

impl Outlet for TcpSockets {
    fn peers_of(&mut self, target: Target, _context: &mut Context) -> Result<Vec<PeerId>, NetError> {
        let all = |detail| {
            let peers = self.ids();
            if peers.is_empty() { Err(nobody(detail)) } else { Ok(peers) }
        };
        match target {
            _ if self.is_client && self.is_connecting() => Err(nobody("not connected yet")),
            Target::Remote if self.is_client => all("not connected"),
            Target::Remote => Err(nobody("a server has no single remote peer")),
            Target::Peer(peer) if self.peers.contains_key(&peer) => Ok(vec![peer]),
            Target::Peer(_) => Err(nobody("no such peer")),
            Target::All => all("no peer is connected"),
            Target::Address(address) => {
                let (at, detail) =
                    (format!("tcp://{}", display_address(address)), "a TCP session sends to its peers only");
                Err(NetError::new(Operation::Send, ErrorKind::Invalid, at, detail))
            }
        }
    }

    fn room(&mut self, peer: PeerId, len: usize, ahead: bool, context: &mut Context) -> Room {
        let room = self.peers.get_mut(&peer).map_or(Room::Gone, |peer| peer.room(len, ahead, context));
        if room == Room::Gone {
            // It may just have been found broken: how it ended is still to be read.
            self.make_ready(peer);
        }
        room
    }

    fn push(&mut self, mut entry: QueuedPayload, context: &mut Context) {
        let peer = entry.peer;
        if let Some(connection) = self.peers.get(&peer) {
            connection.shape(&mut entry);
        }
        self.with_queue(peer, context, |queue| queue.push(entry));
        self.make_ready(peer);
    }

    fn purge(&mut self, job: u64, only: Option<PeerId>, context: &mut Context) {
        let peers = only.map_or_else(|| self.ids(), |peer| vec![peer]);
        for peer in peers {
            self.with_queue(peer, context, |queue| queue.purge(job, Some(peer)));
            // Room to read again, or to shut down.
            self.make_ready(peer);
        }
    }

    fn address(&self, peer: PeerId) -> Option<SocketAddr> {
        self.peers.get(&peer).map(|peer| peer.info.address)
    }

    fn is_datagram(&self) -> bool {
        false
    }
}

//! UDP addresses as senders see them.

use super::UdpSockets;
use crate::engine::context::Context;
use crate::engine::send::outlet::{Outlet, nobody};
use crate::engine::send::queue::{QueuedPayload, Room};
use crate::model::{NetError, PeerId, Target};
use std::net::SocketAddr;

impl Outlet for UdpSockets {
    fn peers_of(&mut self, target: Target, context: &mut Context) -> Result<Vec<PeerId>, NetError> {
        match target {
            Target::Remote => {
                let address = self.default_target();
                let address = address.ok_or_else(|| nobody("no remote address, and no datagram has arrived"))?;
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

    fn room(&mut self, peer: PeerId, len: usize, ahead: bool, context: &mut Context) -> Room {
        if !self.has(peer) {
            return Room::Gone;
        }
        let room = self.queue.room(len, context.queue_limit, ahead);
        if room != Room::Full || ahead || !self.may_write(context) {
            return room;
        }
        // Commands that come together do not fail for want of a turn between them.
        self.write_round(context);
        self.queue.room(len, context.queue_limit, ahead)
    }

    fn push(&mut self, entry: QueuedPayload, context: &mut Context) {
        self.with_queue(context, |queue| queue.push(entry));
    }

    fn purge(&mut self, job: u64, only: Option<PeerId>, context: &mut Context) {
        self.with_queue(context, |queue| queue.purge(job, only));
    }

    fn address(&self, peer: PeerId) -> Option<SocketAddr> {
        self.by_id.get(&peer).copied()
    }

    fn is_datagram(&self) -> bool {
        true
    }
}

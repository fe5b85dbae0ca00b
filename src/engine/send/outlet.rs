//! Where sends go.

use super::queue::{QueuedPayload, Room};
use crate::engine::context::Context;
use crate::model::{ErrorKind, NetError, Operation, PeerId, Target};
use std::net::SocketAddr;

/// The sockets of a run, as senders see them.
pub(in crate::engine) trait Outlet {
    /// The current peers of a target; never an empty list.
    ///
    /// # Errors
    /// There is no peer, or none that can be reached.
    fn peers_of(&mut self, target: Target, context: &mut Context) -> Result<Vec<PeerId>, NetError>;

    /// Whether a peer's queue takes `len` bytes. `ahead`: they belong to a repeat, which must not fill the queue.
    fn room(&mut self, peer: PeerId, len: usize, ahead: bool, context: &mut Context) -> Room;

    /// Queues an entry for its peer.
    fn push(&mut self, entry: QueuedPayload, context: &mut Context);

    /// Removes what a send has queued, for one peer or for all.
    fn purge(&mut self, job: u64, peer: Option<PeerId>, context: &mut Context);

    /// The address of a peer.
    fn address(&self, peer: PeerId) -> Option<SocketAddr>;

    /// Each payload is a datagram.
    fn is_datagram(&self) -> bool;
}

/// The error of a send without a receiver. It has no address: that of the session is our own, unless it is a client.
pub(in crate::engine) fn nobody(detail: &str) -> NetError {
    NetError::new(Operation::Send, ErrorKind::NoPeer, "", detail)
}

//! The phase of a session: idle, resolving names, open, or waiting to open again.

use crate::engine::context::Context;
use crate::engine::net::resolve::Lookup;
use crate::engine::net::sockets::Sockets;
use crate::engine::send::outlet::{Outlet, nobody};
use crate::engine::send::queue::{QueuedPayload, Room};
use crate::engine::worker::retry::Retry;
use crate::model::{NetError, PeerId, SessionConfig, Target};
use std::net::SocketAddr;
use std::time::Instant;

/// The phase of a session. A failed or finished run goes back to `Idle`, or to `Waiting`.
#[derive(Default)]
pub(super) enum Phase {
    /// No run.
    #[default]
    Idle,
    /// A helper thread looks up the names of the configuration.
    Resolving {
        /// Receives the result from the thread.
        lookup: Lookup,
        /// Opened once the names are resolved.
        config: SessionConfig,
        /// Start of the run.
        started: Instant,
    },
    /// Open sockets; a client may still be connecting.
    Open(Box<dyn Sockets>),
    /// No run until [`Timer::Retry`](crate::engine::context::timers::Timer::Retry) fires.
    Waiting(Retry),
}

impl Phase {
    /// Whether a run is in progress, or the next one is scheduled.
    pub(super) fn is_active(&self) -> bool {
        !matches!(self, Self::Idle)
    }

    /// The sockets of an open run.
    pub(super) fn sockets(&mut self) -> Option<&mut dyn Sockets> {
        match self {
            Self::Open(sockets) => Some(&mut **sockets),
            Self::Idle | Self::Resolving { .. } | Self::Waiting(_) => None,
        }
    }

    /// Whether there is work to do without waiting for the poll.
    pub(super) fn has_work(&self, context: &Context) -> bool {
        matches!(self, Self::Open(sockets) if sockets.has_work(context))
    }

    /// Whether all queues are empty.
    pub(super) fn is_drained(&self) -> bool {
        !matches!(self, Self::Open(sockets) if !sockets.is_drained())
    }

    /// Marks all sockets as ready, because the reason that blocked them can be gone.
    pub(super) fn make_all_ready(&mut self) {
        if let Some(sockets) = self.sockets() {
            sockets.make_all_ready();
        }
    }
}

/// Delegates to the sockets; without an open run, sends are refused.
impl Outlet for Phase {
    fn peers_of(&mut self, target: Target, context: &mut Context) -> Result<Vec<PeerId>, NetError> {
        match self {
            Self::Open(sockets) => sockets.peers_of(target, context),
            Self::Idle => Err(nobody("the session is not open")),
            Self::Resolving { .. } | Self::Waiting(_) => Err(nobody("not connected yet")),
        }
    }

    fn room(&mut self, peer: PeerId, len: usize, ahead: bool, context: &mut Context) -> Room {
        self.sockets().map_or(Room::Gone, |sockets| sockets.room(peer, len, ahead, context))
    }

    fn push(&mut self, entry: QueuedPayload, context: &mut Context) {
        if let Some(sockets) = self.sockets() {
            sockets.push(entry, context);
        }
    }

    fn purge(&mut self, job: u64, peer: Option<PeerId>, context: &mut Context) {
        if let Some(sockets) = self.sockets() {
            sockets.purge(job, peer, context);
        }
    }

    fn address(&self, peer: PeerId) -> Option<SocketAddr> {
        match self {
            Self::Open(sockets) => sockets.address(peer),
            Self::Idle | Self::Resolving { .. } | Self::Waiting(_) => None,
        }
    }

    fn is_datagram(&self) -> bool {
        matches!(self, Self::Open(sockets) if sockets.is_datagram())
    }
}

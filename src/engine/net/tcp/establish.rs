//! How connections become peers: connect or accept, handshake, join.

use super::channel::{Channel, Layer};
use super::connect::{Connect, Connecting};
use super::connection::Connection;
use super::facts::{Birth, Found};
use super::handshake::{self, Origin, Progress};
use super::relay::Relay;
use super::stream::Stream;
use super::{ACCEPTS_A_ROUND, ConnectPlan, TcpSockets, note_left};
use crate::capture::{LocalId, Marks, SessionNote};
use crate::engine::context::Context;
use crate::engine::context::poll_source::ConnectId;
use crate::engine::context::timers::{SocketTimer, Timer, after};
use crate::model::{CloseReason, ErrorKind, NetError, OpenedBy, Operation, PeerId, SessionState, display_address};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

impl TcpSockets {
    /// Starts to connect. The outcome is handled when it is known, possibly at once. The failure of a client ends the run.
    pub(in crate::engine) fn connect(&mut self, plan: ConnectPlan, context: &mut Context) {
        if plan.looked_up_in.is_some() {
            self.found = Found { addresses: plan.remotes.clone(), took: plan.looked_up_in };
        }
        let id = self.number_connect();
        self.connect_as(id, plan, context);
    }

    /// The same with a number that is free.
    pub(super) fn connect_as(&mut self, id: ConnectId, plan: ConnectPlan, context: &mut Context) {
        let (connecting, outcome) = Connecting::start(id, plan, context);
        self.connects.insert(id, connecting);
        self.conclude_connect(id, outcome, context);
    }

    /// Returns an id that no connect or handshake uses.
    pub(super) fn number_connect(&mut self) -> ConnectId {
        loop {
            let id = ConnectId(self.next_connect);
            self.next_connect = self.next_connect.wrapping_add(1);
            if !self.connects.contains_key(&id) && !self.handshakes.contains_key(&id) {
                return id;
            }
        }
    }

    /// Continues a connect or a handshake after an event of the poll or a timer.
    pub(super) fn check_connect(&mut self, id: ConnectId, context: &mut Context) {
        if let Some(connecting) = self.connects.get_mut(&id) {
            let outcome = connecting.check(context);
            self.conclude_connect(id, outcome, context);
        } else if self.handshakes.contains_key(&id) && !context.journal.takes_traffic() {
            // A completed handshake adds a record for the peer, so it waits while the capture takes none, like an accept.
            context.timer_in(handshake::RETRY, Timer::Socket(SocketTimer::Connect(id)));
        } else if let Some(handshake) = self.handshakes.remove(&id) {
            let (remote, origin) = (handshake.remote, handshake.origin);
            let progress = handshake.check(context);
            self.conclude_handshake(id, remote, origin, progress, context);
        }
    }

    fn conclude_connect(&mut self, id: ConnectId, outcome: Connect, context: &mut Context) {
        match outcome {
            Connect::Waits => {}
            Connect::Failed(error) => {
                self.connects.remove(&id);
                self.connect_failed(id, error, context);
            }
            Connect::Done { socket, remote, local, started, attempt_started, broken, deadline } => {
                self.connects.remove(&id);
                let connect = attempt_started.elapsed();
                let origin = Origin::Connected { local, started, connect, since: Instant::now(), broken };
                // The layer of a forward is that of its clients.
                let layer = if self.relay.is_some() { &Layer::Plain } else { &self.layer };
                let progress = handshake::begin(layer, socket, (remote, origin, deadline), id, context);
                self.conclude_handshake(id, remote, origin, progress, context);
            }
        }
    }

    /// Accepts connections until none is waiting, or the limit for a round is reached.
    pub(super) fn accept_of(&mut self, listener: usize, context: &mut Context) {
        for _ in 0..ACCEPTS_A_ROUND {
            if !context.journal.takes_traffic() || !self.has_room_for_handshakes() {
                return;
            }
            let Some(listener) = self.listeners.get_mut(listener).filter(|listener| listener.is_ready()) else {
                return;
            };
            let Some((socket, remote)) = listener.accept_one(context) else { return };
            let local = listener.local;
            self.accepted(socket, remote, local, context);
        }
    }

    fn accepted(&mut self, socket: Stream, remote: SocketAddr, local: SocketAddr, context: &mut Context) {
        if socket.local_address().is_ok_and(|own| self.comes_from_itself(own, remote)) {
            let at = format!("tcp://{}", display_address(remote));
            let detail = "the forward leads back to itself";
            context.warn(PeerId::NONE, NetError::new(Operation::Accept, ErrorKind::ForwardLoop, at, detail));
            return;
        }
        // With a single listener, its note in the capture already contains the local address.
        let local = (self.listeners.len() > 1).then_some(local);
        let origin = Origin::Accepted { local };
        let id = self.number_connect();
        let deadline = after(Instant::now(), handshake::PATIENCE);
        let progress = handshake::begin(&self.layer, socket, (remote, origin, deadline), id, context);
        self.conclude_handshake(id, remote, origin, progress, context);
    }

    /// Whether another accepted client can start its handshake.
    pub(super) fn has_room_for_handshakes(&self) -> bool {
        let onward = if self.relay.is_some() { self.connects.len() } else { 0 };
        self.handshakes.len() + onward < handshake::MOST
    }

    fn conclude_handshake(
        &mut self,
        id: ConnectId,
        remote: SocketAddr,
        origin: Origin,
        progress: Progress,
        context: &mut Context,
    ) {
        match (progress, origin) {
            (Progress::Waits(handshake), _) => {
                self.handshakes.insert(id, handshake);
            }
            (Progress::Failed(error), Origin::Connected { .. }) => self.connect_failed(id, error, context),
            (Progress::Failed(error), Origin::Accepted { .. }) => context.warn(PeerId::NONE, error),
            (Progress::Ready(channel), Origin::Connected { local, started, connect, since, broken }) => {
                let is_onward = self.relay.is_some();
                let handshake = (!is_onward && !matches!(self.layer, Layer::Plain)).then(|| since.elapsed());
                let (by, connect) = (OpenedBy::Us, Some(connect));
                let birth = Birth { by, connect, handshake, at: Instant::now() };
                if is_onward {
                    self.join_target(id, channel, remote, (local, started, broken), birth, context);
                } else {
                    self.join_server(channel, remote, (local, started, broken), birth, context);
                }
            }
            (Progress::Ready(channel), Origin::Accepted { local }) => {
                let local = local.map_or(LocalId::UNKNOWN, |local| context.journal.local(local));
                let pair = self.relay.as_mut().map_or(0, Relay::next_number);
                let peer = context.journal.add_peer(remote, Marks { local, pair, ..Marks::default() });
                match (self.join(channel, peer, remote, context), peer) {
                    (Ok(()), Some(peer)) if pair > 0 => self.connect_onward(peer, pair, context),
                    (Ok(()), _) => {}
                    (Err(error), _) => {
                        let address = format!("tcp://{}", display_address(remote));
                        context.warn(PeerId::NONE, NetError::from_io(Operation::Accept, address, &error));
                    }
                }
            }
        }
    }

    /// Handles a failed connect or handshake: ends the run of a client, because it has no other connection; of a forward, ends the
    /// client that it was for.
    fn connect_failed(&mut self, id: ConnectId, error: NetError, context: &mut Context) {
        match &mut self.relay {
            None => context.fail_run(error),
            Some(relay) => {
                if let Some(client) = relay.take_client(id) {
                    self.onward_failed(client, error, context);
                }
            }
        }
    }

    /// Ends a connect or handshake that nobody waits for.
    pub(super) fn abandon_connect(&mut self, id: ConnectId, context: &mut Context) {
        if let Some(mut connecting) = self.connects.remove(&id) {
            connecting.abandon(context);
        }
        if let Some(handshake) = self.handshakes.remove(&id) {
            handshake.abandon(context);
        }
    }

    fn join_server(
        &mut self,
        channel: Channel,
        remote: SocketAddr,
        (local, started, broken): (SocketAddr, Instant, Option<CloseReason>),
        birth: Birth,
        context: &mut Context,
    ) {
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let peer = context.journal.number_peer(remote);
        let note = SessionNote::Connected { local, remote, took_ms };
        context.journal.note(peer.unwrap_or(PeerId::NONE), &note);
        context.state(SessionState::Connected { local, remote });
        let joined = self.join(channel, peer, remote, context);
        if let Some(peer) = peer.and_then(|id| self.peers.get_mut(&id)) {
            peer.birth = birth;
        }
        if let (Some(peer), Some(reason)) = (peer, broken) {
            self.is_broken(peer, reason);
        }
        if let Err(error) = joined {
            let address = format!("tcp://{}", display_address(remote));
            context.fail_run(NetError::from_io(Operation::Connect, address, &error));
        }
    }

    /// Joins the connection onward of a client.
    fn join_target(
        &mut self,
        id: ConnectId,
        channel: Channel,
        remote: SocketAddr,
        (local, started, broken): (SocketAddr, Instant, Option<CloseReason>),
        birth: Birth,
        context: &mut Context,
    ) {
        let Some(client) = self.relay.as_mut().and_then(|relay| relay.take_client(id)) else { return };
        let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let peer = context.journal.number_peer(remote);
        let pair = self.relay.as_ref().map_or(0, |relay| relay.number(client));
        context.journal.note_of_pair(
            peer.unwrap_or(PeerId::NONE),
            &SessionNote::Connected { local, remote, took_ms },
            pair,
        );
        match (self.join(channel, peer, remote, context), peer) {
            (Ok(()), Some(target)) => {
                if let Some(peer) = self.peers.get_mut(&target) {
                    peer.birth = birth;
                }
                self.join_pair(client, target, local, context);
                if let Some(reason) = broken {
                    self.is_broken(target, reason);
                }
            }
            (Ok(()), None) => {}
            (Err(error), _) => {
                let address = format!("tcp://{}", display_address(remote));
                self.onward_failed(client, NetError::from_io(Operation::Connect, address, &error), context);
            }
        }
    }

    /// Makes a connection the peer `id`; `None`: the capture accepts no new peer.
    ///
    /// # Errors
    /// The capture or the poll refuses the peer. The connection is closed.
    fn join(
        &mut self,
        mut channel: Channel,
        id: Option<PeerId>,
        address: SocketAddr,
        context: &mut Context,
    ) -> io::Result<()> {
        let Some(id) = id else {
            return Err(io::Error::other("the capture takes no new peer"));
        };
        handshake::report(id, &mut channel, address, context);
        match Connection::new(channel, id, address, &context.registry) {
            Ok(peer) => {
                context.show_peer(peer.info);
                context.joined.push(id);
                self.peers.insert(id, peer);
                self.opened(id);
                self.share_answers(context);
                self.make_ready(id);
                Ok(())
            }
            Err(error) => {
                note_left(context, id, CloseReason::Error);
                Err(error)
            }
        }
    }

    /// Marks a peer whose connection broke before it joined. The bytes that have arrived are still read.
    fn is_broken(&mut self, id: PeerId, reason: CloseReason) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.is_broken(reason);
        }
    }

    /// Whether a connect or a handshake is in progress.
    pub(super) fn is_connecting(&self) -> bool {
        !self.connects.is_empty() || !self.handshakes.is_empty()
    }

    /// Closes all connections that are not peers yet.
    pub(super) fn abandon_connects(&mut self, context: &mut Context) {
        for (_, mut connecting) in std::mem::take(&mut self.connects) {
            connecting.abandon(context);
        }
        for (_, handshake) in std::mem::take(&mut self.handshakes) {
            handshake.abandon(context);
        }
    }
}

//! Forwarding: a connection onward for each client, and what either of the two sends goes to the other.

use super::connection::Connection;
use super::{ConnectPlan, TcpSockets};
use crate::capture::Marks;
use crate::engine::context::Context;
use crate::engine::context::poll_source::ConnectId;
use crate::engine::net::interfaces::local_addresses;
use crate::engine::send::queue::{Content, QueuedPayload};
use crate::model::{CloseReason, ErrorKind, Forward, NetError, Operation, PeerId, display_address};
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// While this much waits to be sent to one side, the other side is not read.
const QUEUED_MOST: usize = 1 << 20;

/// The connections that belong together.
pub(super) struct Relay {
    remotes: Vec<SocketAddr>,
    timeout: Duration,
    /// The clients for which a connect is in progress.
    waiting: BTreeMap<ConnectId, PeerId>,
    pairs: HashMap<PeerId, Pair>,
    last_pair: u32,
    /// Our local addresses of the connections onward.
    locals: HashMap<SocketAddr, PeerId>,
}

/// A connection as one of two.
#[derive(Clone, Copy, Debug)]
struct Pair {
    number: u32,
    /// `None`: it is not connected yet.
    other: Option<PeerId>,
}

/// What a connection keeps for the other one.
#[derive(Debug)]
pub(super) struct Passing {
    /// Marks of its records.
    pub(super) marks: Marks,
    /// The other one takes more. False until it is connected.
    pub(super) may_read: bool,
    /// Bytes with their records, until the records are written.
    pub(super) bytes: Vec<(Vec<u8>, Option<u64>)>,
    /// Its end was passed on.
    has_passed_end: bool,
}

impl Relay {
    pub(super) fn new(forward: &Forward, remotes: Vec<SocketAddr>) -> Self {
        Self {
            remotes,
            timeout: forward.connect_timeout,
            waiting: BTreeMap::new(),
            pairs: HashMap::new(),
            last_pair: 0,
            locals: HashMap::new(),
        }
    }

    /// Takes the client for which this connect was.
    pub(super) fn take_client(&mut self, id: ConnectId) -> Option<PeerId> {
        self.waiting.remove(&id)
    }

    /// The number of the pair that a peer belongs to; 0 if none.
    pub(super) fn number(&self, peer: PeerId) -> u32 {
        self.pairs.get(&peer).map_or(0, |pair| pair.number)
    }

    /// Begins the pair of a client that connects next.
    pub(super) fn next_number(&mut self) -> u32 {
        self.last_pair = self.last_pair.wrapping_add(1).max(1);
        self.last_pair
    }

    fn other(&self, peer: PeerId) -> Option<PeerId> {
        self.pairs.get(&peer)?.other
    }
}

impl Passing {
    fn new(pair: u32) -> Self {
        let marks = Marks { pair, ..Marks::default() };
        Self { marks, may_read: false, bytes: Vec::new(), has_passed_end: false }
    }
}

impl TcpSockets {
    /// Whether a client at `remote` that has connected to our address `own` is one of our own connections onward: the forward leads
    /// back to itself. Both addresses count: a port of ours can have connections to several addresses.
    pub(super) fn comes_from_itself(&self, own: SocketAddr, remote: SocketAddr) -> bool {
        let Some(relay) = &self.relay else { return false };
        let target = relay.locals.get(&remote).and_then(|target| self.peers.get(target));
        let is_connecting = |id: &ConnectId| self.connects.get(id).is_some_and(|it| it.is_other_end(own, remote));
        target.is_some_and(|target| target.info.address == own) || relay.waiting.keys().any(is_connecting)
    }

    /// Connects onward for a client that has joined.
    pub(super) fn connect_onward(&mut self, client: PeerId, number: u32, context: &mut Context) {
        let id = self.number_connect();
        let (Some(relay), Some(peer)) = (&mut self.relay, self.peers.get_mut(&client)) else { return };
        relay.pairs.insert(client, Pair { number, other: None });
        peer.passing = Some(Passing::new(number));
        relay.waiting.insert(id, client);
        let (started, timeout) = (Instant::now(), relay.timeout);
        let plan =
            ConnectPlan { remotes: relay.remotes.clone(), looked_up_in: None, bind: Vec::new(), started, timeout };
        self.connect_as(id, plan, context);
    }

    /// There is no connection onward for a client: says so, and resets the client.
    pub(super) fn onward_failed(&mut self, client: PeerId, error: NetError, context: &mut Context) {
        context.warn(client, error);
        self.reset(client, context);
    }

    /// The connection onward has joined as `target`.
    pub(super) fn join_pair(&mut self, client: PeerId, target: PeerId, local: SocketAddr, context: &mut Context) {
        let Some(relay) = &mut self.relay else { return };
        let number = relay.number(client);
        let Some(peer) = self.peers.get_mut(&target) else { return };
        peer.passing = Some(Passing::new(number));
        peer.info.other = Some(client);
        context.show_peer(peer.info);
        if let Some(peer) = self.peers.get_mut(&client) {
            peer.info.other = Some(target);
            context.show_peer(peer.info);
            relay.pairs.insert(client, Pair { number, other: Some(target) });
            relay.pairs.insert(target, Pair { number, other: Some(client) });
            relay.locals.insert(local, target);
            self.make_ready(client);
            self.make_ready(target);
        } else {
            // It left in the same turn.
            self.reset(target, context);
        }
    }

    /// Lets a connection be read if the other one takes more.
    pub(super) fn open_passage(&mut self, id: PeerId) {
        let Some(other) = self.relay.as_ref().and_then(|relay| relay.other(id)) else { return };
        let takes = self.peers.get(&other).is_some_and(|other| other.queued_bytes() < QUEUED_MOST);
        if let Some(passing) = self.peers.get_mut(&id).and_then(|peer| peer.passing.as_mut()) {
            passing.may_read = takes;
        }
    }

    /// After a round of a connection: passes on what it sent, and its end. Wakes the other one if it waits for room.
    pub(super) fn pass_on(&mut self, id: PeerId, stored: bool, context: &mut Context) {
        let Some(other) = self.relay.as_ref().and_then(|relay| relay.other(id)) else { return };
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let has_room = peer.queued_bytes() < QUEUED_MOST;
        let is_at_end = !peer.half_close.may_receive() && peer.half_close.broken().is_none();
        let Some(passing) = peer.passing.as_mut().filter(|_| stored) else { return };
        let (bytes, marks) = (std::mem::take(&mut passing.bytes), passing.marks);
        let passes_end = is_at_end && !std::mem::replace(&mut passing.has_passed_end, is_at_end);
        let Some(receiver) = self.peers.get_mut(&other) else { return };
        let waits_for_room = has_room && receiver.passing.as_ref().is_some_and(|passing| !passing.may_read);
        if !bytes.is_empty() {
            self.with_queue(other, context, |queue| {
                for (bytes, echo_of) in bytes {
                    let content = Content::Owned { bytes, at: 0, echo_of };
                    queue.push(QueuedPayload {
                        job: None,
                        peer: other,
                        source: None,
                        item: 0,
                        marks: passed(marks),
                        name: None,
                        content,
                    });
                }
            });
            self.make_ready(other);
        }
        if passes_end && let Some(receiver) = self.peers.get_mut(&other) {
            receiver.half_close.ask_to_shut();
            receiver.half_close.sends_are_done();
            self.make_ready(other);
        }
        if waits_for_room {
            self.make_ready(other);
        }
    }

    /// A connection has ended: so does the other one, in the same way.
    pub(super) fn part(&mut self, id: PeerId, reason: CloseReason, context: &mut Context) {
        let Some(relay) = &mut self.relay else { return };
        let Some(pair) = relay.pairs.remove(&id) else { return };
        relay.locals.retain(|_, target| *target != id);
        if let Some(connect) = relay.waiting.iter().find(|(_, client)| **client == id).map(|(connect, _)| *connect) {
            relay.waiting.remove(&connect);
            self.abandon_connect(connect, context);
        }
        let Some(other) = pair.other.and_then(|other| self.peers.get_mut(&other)) else { return };
        let other_id = other.info.id;
        match reason {
            // Both ends were passed on: the other one ends once everything is sent.
            CloseReason::PeerFin if !other.half_close.may_receive() => self.make_ready(other_id),
            CloseReason::PeerFin | CloseReason::Local | CloseReason::Kicked => {
                self.leave(other_id, reason, context);
            }
            CloseReason::Reset | CloseReason::Timeout | CloseReason::Tls | CloseReason::Error => {
                self.reset(other_id, context);
            }
        }
    }
}

/// The marks of what is passed on.
fn passed(marks: Marks) -> Marks {
    Marks { is_automatic: true, cause: crate::capture::Cause::Forward, ..marks }
}

impl Connection {
    /// Whether it keeps bytes, or its end, for the other one of its pair.
    pub(super) fn has_to_pass(&self) -> bool {
        let is_at_end = !self.half_close.may_receive();
        self.passing.as_ref().is_some_and(|passing| !passing.bytes.is_empty() || (is_at_end && !passing.has_passed_end))
    }
}

/// Refuses a forward to one of its own listeners.
///
/// # Errors
/// It leads to itself.
pub(in crate::engine) fn check_target(listeners: &[SocketAddr], targets: &[SocketAddr]) -> Result<(), NetError> {
    let ours = || local_addresses().into_iter().map(|address| address.ip);
    let is_itself = |listener: &SocketAddr, target: &SocketAddr| {
        let (own, ip) = (listener.ip(), target.ip());
        listener.port() == target.port()
            && (own == ip
                || ip.is_unspecified()
                || (own.is_unspecified() && (ip.is_loopback() || ours().any(|address| address == ip))))
    };
    let found = targets.iter().find(|target| listeners.iter().any(|listener| is_itself(listener, target)));
    match found {
        Some(target) => {
            let address = format!("tcp://{}", display_address(*target));
            Err(NetError::new(Operation::Connect, ErrorKind::ForwardLoop, address, "the forward leads to itself"))
        }
        None => Ok(()),
    }
}

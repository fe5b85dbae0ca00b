//! Forwarding of datagrams: a socket onward for each client address, and what either side sends goes to the other.

use super::onward::{Arrived, Onward};
use super::{DATAGRAMS_A_ROUND, UdpSockets};
use crate::capture::{Cause, Marks};
use crate::engine::context::Context;
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::SocketTimer;
use crate::engine::net::sockets::{Disconnect, Sockets};
use crate::engine::respond::Replies;
use crate::engine::send::outlet::{Outlet, nobody};
use crate::engine::send::queue::{Content, QueuedPayload, Room};
use crate::model::{
    CloseReason, ErrorKind, Facts, ForwardDatagrams, NetError, Operation, PeerId, Target, display_address, unmap_v4,
};
use mio::event::Event;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// While this much waits to be sent to one side, the other side is not read.
const QUEUED_MOST: usize = 1 << 20;
/// Minimum interval between two warnings of the same kind.
const WARNING_INTERVAL: Duration = Duration::from_secs(1);

/// What the socket of the clients keeps for the sockets onward.
#[derive(Debug)]
pub(super) struct Passing {
    /// The other side takes more.
    pub(super) may_read: bool,
    /// Datagrams of clients, until their records are written.
    pub(super) arrived: Vec<Arrived>,
    /// Clients that were forgotten to make room for others.
    pub(super) forgotten: Vec<PeerId>,
    /// The pair of each client that has one.
    pairs: HashMap<PeerId, u32>,
    last_pair: u32,
}

impl Passing {
    /// The pair of a client; a new one if it has none.
    pub(super) fn pair(&mut self, client: PeerId) -> u32 {
        *self.pairs.entry(client).or_insert_with(|| {
            self.last_pair = self.last_pair.wrapping_add(1).max(1);
            self.last_pair
        })
    }

    /// The number that the pair of the next new client will have.
    pub(super) fn next_pair(&self) -> u32 {
        self.last_pair.wrapping_add(1).max(1)
    }
}

/// The socket of the clients, and the sockets onward.
pub(in crate::engine) struct UdpForward {
    clients: UdpSockets,
    target: SocketAddr,
    idle_timeout: Duration,
    /// By the number of the target as this client's peer.
    onward: BTreeMap<PeerId, Onward>,
    of_client: HashMap<PeerId, PeerId>,
    /// Sockets onward that may have something to read or write.
    ready: VecDeque<PeerId>,
    /// A socket onward was not read, because the clients take no more.
    is_held_back: bool,
    /// Bytes that wait in the sockets onward.
    queued: usize,
    /// Datagrams of the target, until their records are written.
    answers: Vec<Arrived>,
    warned: HashMap<ErrorKind, Instant>,
}

impl UdpForward {
    /// Passes on what this socket receives, to the first of these addresses.
    ///
    /// # Errors
    /// There is no address, or it is the socket's own.
    pub(in crate::engine) fn new(
        mut clients: UdpSockets,
        forward: &ForwardDatagrams,
        targets: &[SocketAddr],
    ) -> Result<Self, NetError> {
        let to = format!("udp://{}", forward.to);
        let Some(target) = targets.first().copied().map(unmap_v4) else {
            return Err(NetError::new(Operation::Resolve, ErrorKind::Resolve, to, "no address"));
        };
        crate::engine::net::tcp::check_target(&[clients.local], &[target]).map_err(|error| NetError {
            operation: Operation::Send,
            address: format!("udp://{}", display_address(target)),
            ..error
        })?;
        clients.passing = Some(Passing {
            may_read: true,
            arrived: Vec::new(),
            forgotten: Vec::new(),
            pairs: HashMap::new(),
            last_pair: 0,
        });
        Ok(Self {
            clients,
            target,
            idle_timeout: forward.idle_timeout,
            onward: BTreeMap::new(),
            of_client: HashMap::new(),
            ready: VecDeque::new(),
            is_held_back: false,
            queued: 0,
            answers: Vec::new(),
            warned: HashMap::new(),
        })
    }

    /// The socket of the clients.
    pub(in crate::engine) fn clients(&self) -> &UdpSockets {
        &self.clients
    }

    fn make_ready(&mut self, id: PeerId) {
        if let Some(onward) = self.onward.get_mut(&id)
            && !std::mem::replace(&mut onward.is_ready, true)
        {
            self.ready.push_back(id);
        }
    }

    /// Whether the queue to the clients has room for more from the target.
    fn clients_take_more(&self) -> bool {
        self.clients.queue.bytes() < QUEUED_MOST
    }

    /// Warns, at most once a second for each kind of error.
    fn warn(&mut self, peer: PeerId, error: NetError, context: &mut Context) {
        let now = Instant::now();
        self.warned.retain(|_, at| now.duration_since(*at) < WARNING_INTERVAL);
        if self.warned.insert(error.kind, now).is_none() {
            context.warn(peer, error);
        }
    }

    /// The socket onward of a client, new or open.
    fn onward_of(&mut self, client: PeerId, context: &mut Context) -> Option<PeerId> {
        if let Some(id) = self.of_client.get(&client) {
            return Some(*id);
        }
        let pair = self.clients.passing.as_mut()?.pair(client);
        match Onward::open(self.target, client, pair, context) {
            Ok(onward) => {
                let id = onward.info.id;
                self.of_client.insert(client, id);
                self.onward.insert(id, onward);
                if let Some(known) = self.clients.known_mut(client) {
                    known.info.other = Some(id);
                    context.show_peer(known.info);
                }
                self.make_ready(id);
                Some(id)
            }
            Err(error) => {
                self.warn(client, error, context);
                None
            }
        }
    }

    /// Reads and writes the sockets onward, each for a bounded round.
    fn serve_onward(&mut self, context: &mut Context) {
        for _ in 0..self.ready.len() {
            let Some(id) = self.ready.pop_front() else { break };
            let may_read = self.clients_take_more() && self.answers.len() < DATAGRAMS_A_ROUND;
            let Some(onward) = self.onward.get_mut(&id) else { continue };
            onward.is_ready = false;
            let before = onward.queue.bytes();
            onward.write_round(context);
            self.queued = (self.queued + onward.queue.bytes()).saturating_sub(before);
            if may_read {
                onward.read_round(&mut self.answers, context);
            }
            self.is_held_back |= !may_read && onward.readable;
            let reads_on = may_read && onward.readable && context.may_read();
            let has_more = reads_on || (onward.may_write() && context.journal.takes_traffic());
            let error = onward.error.take();
            if let Some(error) = error {
                context.warn(id, error);
            }
            if has_more {
                self.make_ready(id);
            }
        }
    }

    /// Passes on what has arrived on both sides, once it is stored.
    fn pass_on(&mut self, context: &mut Context) {
        let has_arrived = self.clients.passing.as_ref().is_some_and(|passing| !passing.arrived.is_empty());
        if (!has_arrived && self.answers.is_empty()) || !context.journal.flush() {
            return;
        }
        let arrived = self.clients.passing.as_mut().map(|passing| std::mem::take(&mut passing.arrived));
        for datagram in arrived.unwrap_or_default() {
            self.pass_to_target(datagram, context);
        }
        for datagram in std::mem::take(&mut self.answers) {
            self.pass_to_client(datagram, context);
        }
    }

    fn pass_to_target(&mut self, datagram: Arrived, context: &mut Context) {
        let Some(id) = self.onward_of(datagram.from, context) else { return };
        let Some(onward) = self.onward.get_mut(&id) else { return };
        onward.used_at = Instant::now();
        let entry = entry(id, onward.pair, datagram);
        self.push_onward(id, entry, context);
    }

    fn push_onward(&mut self, id: PeerId, entry: QueuedPayload, context: &mut Context) {
        let Some(onward) = self.onward.get_mut(&id) else { return };
        let before = onward.queue.bytes();
        onward.queue.push(entry);
        let after = onward.queue.bytes();
        self.queued = (self.queued + after).saturating_sub(before);
        context.queued_bytes = (context.queued_bytes + after as u64).saturating_sub(before as u64);
        self.make_ready(id);
    }

    fn pass_to_client(&mut self, datagram: Arrived, context: &mut Context) {
        let Some(onward) = self.onward.get(&datagram.from) else { return };
        let entry = entry(onward.client, onward.pair, datagram);
        self.clients.push(entry, context);
    }

    /// Closes the socket onward of a pair. The next datagram of the client opens another one.
    fn end_pair(&mut self, id: PeerId, reason: CloseReason, context: &mut Context) {
        let Some(mut onward) = self.onward.remove(&id) else { return };
        self.of_client.remove(&onward.client);
        let left = onward.queue.bytes();
        self.queued = self.queued.saturating_sub(left);
        context.queued_bytes = context.queued_bytes.saturating_sub(left as u64);
        onward.close(reason, context);
        if let Some(passing) = &mut self.clients.passing {
            passing.pairs.remove(&onward.client);
        }
        if let Some(known) = self.clients.known_mut(onward.client) {
            known.info.other = None;
            context.show_peer(known.info);
        }
    }

    fn end_forgotten(&mut self, context: &mut Context) {
        let forgotten = self.clients.passing.as_mut().map(|passing| std::mem::take(&mut passing.forgotten));
        for client in forgotten.unwrap_or_default() {
            if let Some(passing) = &mut self.clients.passing {
                passing.pairs.remove(&client);
            }
            if let Some(id) = self.of_client.get(&client).copied() {
                self.end_pair(id, CloseReason::Local, context);
            }
        }
    }
}

/// A datagram as it is passed on.
fn entry(peer: PeerId, pair: u32, datagram: Arrived) -> QueuedPayload {
    let marks = Marks { pair, is_automatic: true, cause: Cause::Forward, ..Marks::MESSAGE };
    let content = Content::Owned { bytes: datagram.bytes, at: 0, echo_of: datagram.record };
    QueuedPayload { job: None, peer, source: None, item: 0, marks, name: None, content }
}

impl Sockets for UdpForward {
    fn on_event(&mut self, source: PollSource, event: &Event, context: &mut Context) {
        match source {
            PollSource::Peer(id) => {
                if let Some(onward) = self.onward.get_mut(&id) {
                    onward.readable |= event.is_readable() || event.is_error();
                    onward.writable |= event.is_writable();
                    self.make_ready(id);
                }
            }
            source => self.clients.on_event(source, event, context),
        }
    }

    fn on_timer(&mut self, timer: SocketTimer, context: &mut Context) {
        self.clients.on_timer(timer, context);
        if timer == SocketTimer::Send {
            for onward in self.onward.values_mut() {
                onward.writable = true;
            }
            self.make_all_ready();
        }
    }

    fn every_second(&mut self, context: &mut Context) {
        self.clients.every_second(context);
        let now = Instant::now();
        let is_idle = |onward: &Onward| now.duration_since(onward.used_at) >= self.idle_timeout;
        let idle: Vec<_> = self.onward.iter().filter(|(_, onward)| is_idle(onward)).map(|(id, _)| *id).collect();
        for id in idle {
            self.end_pair(id, CloseReason::Timeout, context);
        }
    }

    fn serve(&mut self, context: &mut Context) {
        if let Some(passing) = &mut self.clients.passing {
            passing.may_read = self.queued < QUEUED_MOST && passing.arrived.len() < DATAGRAMS_A_ROUND;
        }
        self.clients.serve(context);
        self.end_forgotten(context);
        self.serve_onward(context);
        self.pass_on(context);
        // What was passed on leaves in the same turn.
        self.serve_onward(context);
        self.clients.write_round(context);
        if self.is_held_back && self.clients_take_more() && self.answers.is_empty() {
            self.is_held_back = false;
            self.make_all_ready();
        }
        if let Some(passing) = &mut self.clients.passing {
            passing.may_read = self.queued < QUEUED_MOST && passing.arrived.len() < DATAGRAMS_A_ROUND;
        }
    }

    fn has_work(&self, context: &Context) -> bool {
        let keeps = |passing: &Passing| !passing.arrived.is_empty();
        let holds = !self.answers.is_empty() || self.clients.passing.as_ref().is_some_and(keeps);
        self.clients.has_work(context) || !self.ready.is_empty() || (holds && context.journal.takes_traffic())
    }

    fn make_all_ready(&mut self) {
        let ids: Vec<_> = self.onward.keys().copied().collect();
        for id in ids {
            self.make_ready(id);
        }
    }

    fn set_replies(&mut self, _replies: Replies, _context: &mut Context) {
        // What is passed on is answered by the other side.
    }

    fn disconnect(&mut self, peer: PeerId, _how: Disconnect, context: &mut Context) -> Result<(), NetError> {
        let id = self.of_client.get(&peer).copied().unwrap_or(peer);
        if !self.onward.contains_key(&id) {
            return Err(context.refusal(ErrorKind::Invalid, "UDP has no connections"));
        }
        self.end_pair(id, CloseReason::Kicked, context);
        Ok(())
    }

    fn shut_down_write(&mut self, target: Target, context: &mut Context) -> Result<(), NetError> {
        self.clients.shut_down_write(target, context)
    }

    fn reset_counters(&mut self, context: &mut Context) {
        self.clients.reset_counters(context);
    }

    fn facts(&self, peer: PeerId, context: &Context) -> Option<Facts> {
        self.onward.get(&peer).map_or_else(|| self.clients.facts(peer, context), Onward::facts)
    }

    fn begin_close(&mut self, context: &mut Context) -> bool {
        for onward in self.onward.values_mut() {
            onward.queue.purge_files();
        }
        self.queued = self.onward.values().map(|onward| onward.queue.bytes()).sum();
        self.clients.begin_close(context)
    }

    fn is_drained(&self) -> bool {
        self.clients.is_drained() && self.queued == 0
    }

    fn close(mut self: Box<Self>, reason: CloseReason, context: &mut Context) {
        self.serve_onward(context);
        for (_, mut onward) in std::mem::take(&mut self.onward) {
            let mut last = Vec::new();
            onward.read_round(&mut last, context);
            onward.close(reason, context);
        }
        Box::new(self.clients).close(reason, context);
    }
}

impl Outlet for UdpForward {
    fn peers_of(&mut self, target: Target, context: &mut Context) -> Result<Vec<PeerId>, NetError> {
        match target {
            Target::Peer(peer) if self.onward.contains_key(&peer) => Ok(vec![peer]),
            Target::All => {
                let clients = self.clients.ids().into_iter();
                let peers: Vec<_> = clients.chain(self.onward.keys().copied()).collect();
                if peers.is_empty() { Err(nobody("no address is known")) } else { Ok(peers) }
            }
            target => self.clients.peers_of(target, context),
        }
    }

    fn room(&mut self, peer: PeerId, len: usize, ahead: bool, context: &mut Context) -> Room {
        let limit = context.queue_limit;
        match self.onward.get_mut(&peer) {
            Some(onward) => onward.queue.room(len, limit, ahead),
            None => self.clients.room(peer, len, ahead, context),
        }
    }

    fn push(&mut self, mut entry: QueuedPayload, context: &mut Context) {
        let peer = entry.peer;
        let pair = self.onward.get(&peer).map(|onward| onward.pair);
        let of_client = self.clients.passing.as_ref().and_then(|passing| passing.pairs.get(&peer).copied());
        entry.marks.pair = pair.or(of_client).unwrap_or(0);
        if pair.is_some() {
            self.push_onward(peer, entry, context);
        } else {
            self.clients.push(entry, context);
        }
    }

    fn purge(&mut self, job: u64, only: Option<PeerId>, context: &mut Context) {
        self.clients.purge(job, only, context);
        for onward in self.onward.values_mut() {
            let before = onward.queue.bytes();
            onward.queue.purge(job, only);
            let gone = before.saturating_sub(onward.queue.bytes());
            self.queued = self.queued.saturating_sub(gone);
            context.queued_bytes = context.queued_bytes.saturating_sub(gone as u64);
        }
    }

    fn address(&self, peer: PeerId) -> Option<SocketAddr> {
        self.onward.get(&peer).map(|onward| onward.info.address).or_else(|| self.clients.address(peer))
    }

    fn is_datagram(&self) -> bool {
        true
    }
}

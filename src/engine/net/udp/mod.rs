//! The UDP socket of a run. It is never connected, so it receives datagrams from any address.

mod bind;
mod forward;
mod groups;
mod onward;
mod outlet;
mod sending;

use crate::capture::{LocalId, Marks, SessionNote};
use crate::engine::context::limits::AnswerShare;
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::SocketTimer;
use crate::engine::context::{Context, Report};
use crate::engine::net::interfaces::zones_for;
use crate::engine::net::options::{self, Kind};
use crate::engine::net::sockets::{Disconnect, Sockets};
use crate::engine::peers::{PeerChange, PeerInfo};
use crate::engine::platform::{self, Destination, DropCounter, Source};
use crate::engine::respond::Replies;
use crate::engine::respond::answer::Answer;
use crate::engine::respond::responder::Responder;
use crate::engine::send::outlet::Outlet;
use crate::engine::send::queue::SendQueue;
use crate::model::{
    CastOptions, CloseReason, ErrorKind, Facts, NetError, Operation, PeerId, Queues, Target, display_address, unmap_v4,
};
use bind::{bind_error, choose};
use forward::Passing;
use groups::Joined;
use mio::Interest;
use mio::event::Event;
use mio::net::UdpSocket;
use onward::Arrived;
use socket2::SockRef;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::{IpAddr, SocketAddr, SocketAddrV6};
use std::time::Instant;

pub(super) use bind::make_socket;
pub(in crate::engine) use forward::UdpForward;

/// Maximum number of datagrams read or written before timers and commands are handled.
const DATAGRAMS_A_ROUND: usize = 256;
/// Maximum number of datagrams read while the socket is closed.
const LAST_DATAGRAMS: usize = 4096;
/// Maximum number of addresses kept. Beyond that, the least recently used address is forgotten; if it is heard again, it becomes a
/// new peer.
const MAX_PEERS: usize = 4096;

/// A known remote address.
struct Known {
    info: PeerInfo,
    /// The local address to which it sent its last datagram.
    source: Option<Source>,
    /// Time of its last use, as a sequence number.
    turn: u64,
}

/// The socket and the addresses that it knows.
pub(in crate::engine) struct UdpSockets {
    socket: UdpSocket,
    pub(in crate::engine) local: SocketAddr,
    joined: Vec<Joined>,
    /// Number of the local address in the capture, once a datagram was received.
    last_local: Option<((SocketAddr, u32), LocalId)>,
    is_v6: bool,
    /// The default target.
    remote: Option<SocketAddr>,
    by_address: HashMap<SocketAddr, Known>,
    by_id: BTreeMap<PeerId, SocketAddr>,
    /// Least recently heard first.
    by_turn: BTreeMap<u64, PeerId>,
    last_turn: u64,
    last_sender: Option<SocketAddr>,
    someone_sent: bool,
    queue: SendQueue,
    responder: Responder,
    answers: Vec<Answer>,
    readable: bool,
    writable: bool,
    drops: Option<DropCounter>,
    /// The system's count of dropped datagrams that records have reported, and the count at which our counter starts; the counts of
    /// earlier runs.
    drops_reported: u64,
    drops_zero: u64,
    drops_before: u64,
    refused: HashMap<Option<SocketAddr>, Instant>,
    /// What is received is passed on.
    passing: Option<Passing>,
}

impl UdpSockets {
    /// Binds the socket and joins the groups of the configuration. Groups that are the local or remote address are joined on the
    /// interface of their zone, or on the system's choice.
    ///
    /// # Errors
    /// The address families do not match, or the system refuses the address or a group.
    pub(in crate::engine) fn bind(
        locals: &[SocketAddr],
        remotes: &[SocketAddr],
        cast: &CastOptions,
        context: &mut Context,
    ) -> Result<Self, NetError> {
        let of_groups = groups::any_for(&cast.groups).filter(|_| locals.is_empty() && remotes.is_empty());
        let (local, remote) = choose(if of_groups.is_some() { of_groups.as_slice() } else { locals }, remotes)?;
        let failed = bind_error(local);
        let is_v6 = local.is_ipv6();
        let groups: Vec<SocketAddr> = [Some(local), remote]
            .into_iter()
            .flatten()
            .filter(|address| address.ip().is_multicast() && address.is_ipv6() == is_v6)
            .collect();
        let shared = !groups.is_empty() || !cast.groups.is_empty();
        let socket = make_socket(local, shared, cast.broadcast, &context.options)?;
        let joined = groups::set_up(&socket, local, &groups, cast)?;
        context.receive_buffer_bytes = match context.options.receive_buffer {
            Some(_) => socket.recv_buffer_size().map_or(0, |bytes| bytes as u64),
            None => platform::enlarge_receive_buffer(&socket),
        };
        platform::ask_for_refusals(&socket, is_v6);
        if local.ip().is_unspecified() || local.ip().is_multicast() {
            platform::ask_for_destinations(&socket, is_v6);
        }
        let drops = DropCounter::of(&socket, is_v6);
        // Counters continue across the runs of a session.
        let drops_before = context.kernel_dropped.unwrap_or(0);
        context.kernel_dropped = drops.as_ref().map(|_| drops_before);
        let mut socket = UdpSocket::from_std(socket.into());
        let local = socket.local_addr().map_err(&failed)?;
        context
            .registry
            .register(&mut socket, PollSource::Datagrams(0).token(), Interest::READABLE | Interest::WRITABLE)
            .map_err(&failed)?;
        Ok(Self {
            socket,
            local,
            joined,
            is_v6,
            last_local: None,
            remote: remote.map(unmap_v4),
            by_address: HashMap::new(),
            by_id: BTreeMap::new(),
            by_turn: BTreeMap::new(),
            last_turn: 0,
            last_sender: None,
            someone_sent: false,
            queue: SendQueue::default(),
            responder: Responder::default(),
            answers: Vec::new(),
            readable: true,
            writable: true,
            drops,
            drops_reported: 0,
            drops_zero: 0,
            drops_before,
            refused: HashMap::new(),
            passing: None,
        })
    }

    /// Records the groups that the socket has joined.
    pub(in crate::engine) fn note_groups(&self, context: &mut Context) {
        for Joined { group, interfaces, source } in &self.joined {
            let note = SessionNote::Joined { group: *group, interfaces: interfaces.clone(), source: *source };
            context.journal.note(PeerId::NONE, &note);
        }
    }

    /// The address in the form that this socket needs; `None`: the socket cannot reach its family.
    fn on_the_wire(&self, address: SocketAddr) -> Option<SocketAddr> {
        match (self.is_v6, address) {
            (true, SocketAddr::V4(v4)) if self.local.ip().is_unspecified() => {
                Some(SocketAddr::new(IpAddr::V6(v4.ip().to_ipv6_mapped()), v4.port()))
            }
            (true, SocketAddr::V6(_)) | (false, SocketAddr::V4(_)) => Some(address),
            _ => None,
        }
    }

    /// The peer with this address, new or known.
    fn peer(&mut self, address: SocketAddr, context: &mut Context) -> PeerId {
        if let Some(known) = self.by_address.get_mut(&address) {
            if known.turn != self.last_turn {
                self.by_turn.remove(&known.turn);
                self.last_turn += 1;
                known.turn = self.last_turn;
                self.by_turn.insert(known.turn, known.info.id);
            }
            return known.info.id;
        }
        // If the capture accepts no new peer, the datagram is recorded without one.
        let pair = self.passing.as_ref().map_or(0, Passing::next_pair);
        let joined = context.journal.add_peer(address, Marks { pair, ..Marks::MESSAGE });
        let Some(id) = joined else { return PeerId::NONE };
        if let Some(passing) = &mut self.passing {
            passing.pair(id);
        }
        let info = PeerInfo::new(id, address);
        self.last_turn += 1;
        self.by_address.insert(address, Known { info, source: None, turn: self.last_turn });
        self.by_id.insert(id, address);
        self.by_turn.insert(self.last_turn, id);
        context.show_peer(info);
        if self.by_id.len() > MAX_PEERS {
            self.forget_one(context);
        }
        id
    }

    /// Forgets the least recently used address.
    fn forget_one(&mut self, context: &mut Context) {
        let is_remote = |id: &PeerId| self.remote.is_some() && self.by_id.get(id).copied() == self.remote;
        let Some(id) = self.by_turn.values().find(|id| !is_remote(id)).copied() else { return };
        if let Some(address) = self.by_id.remove(&id) {
            if let Some(known) = self.by_address.remove(&address) {
                self.by_turn.remove(&known.turn);
            }
            context.reports.push(Report::Gone { peer: id, address });
        }
        self.responder.forget(id);
        if let Some(passing) = &mut self.passing {
            passing.forgotten.push(id);
        }
        self.with_queue(context, |queue| queue.purge_peer(id));
        context.journal.forget_peer(id);
        context.peer_changes.push(PeerChange::Gone(id));
    }

    /// The default target of a send: the remote, or the last sender.
    fn default_target(&self) -> Option<SocketAddr> {
        self.remote.or(self.last_sender)
    }

    /// Returns the peer of a target address.
    ///
    /// # Errors
    /// The port is 0, the socket cannot reach the address family, or a link-local address has no zone.
    fn target(&mut self, address: SocketAddr, context: &mut Context) -> Result<PeerId, NetError> {
        let address = unmap_v4(address);
        let detail = if address.port() == 0 {
            "nothing can be sent to port 0"
        } else if self.on_the_wire(address).is_none() {
            "the socket is of the other address family"
        } else if let SocketAddr::V6(v6) = address
            && v6.ip().is_unicast_link_local()
            && v6.scope_id() == 0
        {
            let (at, zones) = (format!("udp://{address}"), zones_for(*v6.ip()).join(", "));
            return Err(NetError::new(Operation::Send, ErrorKind::ZoneMissing, at, zones));
        } else {
            return Ok(self.peer(address, context));
        };
        let at = format!("udp://{}", display_address(address));
        Err(NetError::new(Operation::Send, ErrorKind::Invalid, at, detail))
    }

    /// Known addresses.
    fn ids(&self) -> Vec<PeerId> {
        self.by_id.keys().copied().collect()
    }

    /// A known address by its peer.
    fn known_mut(&mut self, id: PeerId) -> Option<&mut Known> {
        self.by_address.get_mut(self.by_id.get(&id)?)
    }

    fn has(&self, id: PeerId) -> bool {
        self.by_id.contains_key(&id)
    }

    fn may_read(&self, context: &Context) -> bool {
        // Each frame of a datagram can have an answer.
        let share = AnswerShare::of_one(context.queue_limit);
        let takes_answers = self.queue.takes_answers(share) && self.answers.len() < share.answers;
        let passes = self.passing.as_ref().is_none_or(|passing| passing.may_read);
        self.readable && takes_answers && passes && context.may_read()
    }

    fn may_write(&self, context: &Context) -> bool {
        self.writable && !self.queue.is_empty() && context.journal.takes_traffic()
    }

    fn read_round(&mut self, context: &mut Context, most: usize) {
        let mut buffer = std::mem::take(&mut context.buffer);
        let mut left = most;
        while left > 0 && self.may_read(context) {
            left -= 1;
            match platform::receive_from(&self.socket, &mut buffer) {
                Ok((count, from, to)) => self.received(context, unmap_v4(from), to, &buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.readable = false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.refusal(context, Operation::Receive, &error),
            }
        }
        context.buffer = buffer;
    }

    fn received(&mut self, context: &mut Context, from: SocketAddr, to: Option<Destination>, bytes: &[u8]) {
        let source = to.and_then(|to| to.source);
        let id = self.peer(from, context);
        let mut marks = self.marks(to, context);
        if let Some(passing) = &mut self.passing {
            marks.pair = passing.pair(id);
        }
        let record = context.journal.received(id, bytes, marks);
        if self.last_sender.replace(from) != Some(from) {
            context.peer_changes.push(PeerChange::Heard(id));
        }
        if let Some(known) = self.by_address.get_mut(&from) {
            known.info.received_bytes += bytes.len() as u64;
            known.source = source;
            context.show_peer(known.info);
        }
        if id == PeerId::NONE {
            return;
        }
        if !self.someone_sent {
            self.someone_sent = true;
            context.joined.push(id);
        }
        if let Some(passing) = &mut self.passing {
            passing.arrived.push(Arrived { from: id, bytes: bytes.to_vec(), record });
            return;
        }
        self.responder.opened(id, from, Some(self.local.port()));
        self.responder.datagram(id, source, record, bytes, &mut self.answers);
    }

    /// The marks of a received datagram: it is a complete message, received at the local address that the system reports or the only
    /// one of the socket.
    fn marks(&mut self, to: Option<Destination>, context: &mut Context) -> Marks {
        let local = match to {
            Some(to) => Some(self.as_local(to)),
            None => Some((self.local, 0)).filter(|(local, _)| !local.ip().is_unspecified()),
        };
        if let Some(local) = local
            && self.last_local.is_none_or(|(known, id)| known != local || id == LocalId::UNKNOWN)
        {
            self.last_local = Some((local, context.journal.local_on(local.0, local.1)));
        }
        let known = self.last_local.filter(|_| local.is_some());
        Marks { local: known.map_or(LocalId::UNKNOWN, |(_, id)| id), ..Marks::MESSAGE }
    }

    /// The local address to which a datagram was sent, and the interface that it arrived on.
    fn as_local(&self, to: Destination) -> (SocketAddr, u32) {
        match to.ip {
            IpAddr::V6(ip) if ip.is_unicast_link_local() || ip.is_multicast() => {
                (SocketAddrV6::new(ip, self.local.port(), 0, to.interface).into(), to.interface)
            }
            ip => (SocketAddr::new(ip, self.local.port()), if ip.is_ipv4() { to.interface } else { 0 }),
        }
    }

    /// Reads the system's count of dropped datagrams, once per second and at the end.
    fn check_drops(&mut self, context: &mut Context) {
        let Some(total) = self.drops.as_ref().and_then(DropCounter::read) else { return };
        context.kernel_dropped = Some(self.drops_before + total.saturating_sub(self.drops_zero));
        let records = total.saturating_sub(self.drops_reported);
        if records > 0 {
            self.drops_reported = total;
            let buffer_bytes = context.receive_buffer_bytes;
            context.journal.note(PeerId::NONE, &SessionNote::KernelDropped { records, buffer_bytes });
        }
    }

    fn with_queue(&mut self, context: &mut Context, change: impl FnOnce(&mut SendQueue)) {
        let before = self.queue.bytes() as u64;
        change(&mut self.queue);
        context.queued_bytes = (context.queued_bytes + self.queue.bytes() as u64).saturating_sub(before);
    }

    /// Reads what has arrived, even if reading is paused. Datagrams that a full disk refuses count as dropped; a size limit that waits
    /// for readers is exceeded.
    fn drain(&mut self, context: &mut Context) {
        let paused = std::mem::take(&mut context.paused);
        // The poll has not reported data that has just arrived.
        self.readable = true;
        self.read_round(context, LAST_DATAGRAMS);
        context.paused = paused;
        if context.journal.takes_traffic() {
            return;
        }
        let mut buffer = std::mem::take(&mut context.buffer);
        for _ in 0..LAST_DATAGRAMS {
            match platform::receive_from(&self.socket, &mut buffer) {
                Ok((count, ..)) if context.journal.is_stalled() => context.journal.dropped_datagram(count),
                Ok((count, from, to)) => self.received(context, unmap_v4(from), to, &buffer[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        context.buffer = buffer;
    }
}

impl Sockets for UdpSockets {
    fn on_event(&mut self, source: PollSource, event: &Event, _context: &mut Context) {
        if matches!(source, PollSource::Datagrams(_)) {
            self.readable |= event.is_readable() || event.is_error();
            self.writable |= event.is_writable();
        }
    }

    fn on_timer(&mut self, timer: SocketTimer, _context: &mut Context) {
        match timer {
            // The system can have free buffers again.
            SocketTimer::Send => self.writable = true,
            SocketTimer::Connect(_)
            | SocketTimer::Flush(_)
            | SocketTimer::Gate(_)
            | SocketTimer::Accept(_)
            | SocketTimer::Quiet(_) => {}
            SocketTimer::Rule(id) => self.responder.rule_is_due(id),
        }
    }

    fn every_second(&mut self, context: &mut Context) {
        self.check_drops(context);
    }

    fn serve(&mut self, context: &mut Context) {
        self.write_round(context);
        self.read_round(context, DATAGRAMS_A_ROUND);
        self.answers.extend(self.responder.take_due());
        if !self.answers.is_empty() && context.journal.flush() {
            for answer in std::mem::take(&mut self.answers) {
                // Datagrams have no connection to end.
                if answer.ends().is_none() {
                    self.push(answer.into_entry(Marks::MESSAGE), context);
                }
            }
            self.write_round(context);
        }
        self.responder.follow_rules(context);
    }

    fn has_work(&self, context: &Context) -> bool {
        self.may_read(context) || self.may_write(context) || self.responder.has_due()
    }

    fn set_replies(&mut self, replies: Replies, context: &mut Context) {
        self.responder.set(replies, &context.rules);
    }

    fn disconnect(&mut self, _peer: PeerId, _how: Disconnect, context: &mut Context) -> Result<(), NetError> {
        Err(context.refusal(ErrorKind::Invalid, "UDP has no connections"))
    }

    fn shut_down_write(&mut self, _target: Target, context: &mut Context) -> Result<(), NetError> {
        Err(context.refusal(ErrorKind::Invalid, "UDP has no connections"))
    }

    fn reset_counters(&mut self, context: &mut Context) {
        self.check_drops(context);
        if self.drops.is_some() {
            self.drops_zero = self.drops_reported;
            self.drops_before = 0;
            context.kernel_dropped = Some(0);
        }
    }

    /// The facts of the socket, whoever the peer is.
    fn facts(&self, peer: PeerId, context: &Context) -> Option<Facts> {
        let socket = SockRef::from(&self.socket);
        Some(Facts {
            local: self.local,
            remote: self.by_id.get(&peer).copied(),
            opened_by: None,
            closed: None,
            resolve_us: None,
            connect_us: None,
            handshake_us: None,
            open_ms: None,
            resolved: Vec::new(),
            queues: Queues { received: platform::unread(&socket), unsent: None, waiting: self.queue.bytes() as u64 },
            tcp: None,
            kernel_dropped: context.kernel_dropped,
            options: options::read(&socket, Kind::Datagrams, self.is_v6),
        })
    }

    fn begin_close(&mut self, context: &mut Context) -> bool {
        self.with_queue(context, SendQueue::purge_files);
        true
    }

    fn is_drained(&self) -> bool {
        self.queue.is_empty()
    }

    /// Reads what has arrived and the final count of drops, and closes the socket.
    fn close(mut self: Box<Self>, reason: CloseReason, context: &mut Context) {
        self.write_round(context);
        self.with_queue(context, SendQueue::clear);
        self.drain(context);
        self.check_drops(context);
        if context.records_facts
            && let Some(facts) = self.facts(PeerId::NONE, context)
        {
            let facts = Box::new(Facts { closed: Some(reason), ..facts });
            context.journal.note(PeerId::NONE, &SessionNote::Facts { facts });
        }
        context.peer_changes.extend(self.by_id.keys().map(|id| PeerChange::Gone(*id)));
        for id in self.by_id.keys() {
            context.journal.forget_peer(*id);
        }
        if let Err(error) = context.registry.deregister(&mut self.socket) {
            tracing::debug!(%error, "the UDP socket was not in the poll");
        }
    }
}

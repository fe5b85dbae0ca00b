//! The TCP sockets of a run: listeners, connects in progress, and connections.

mod channel;
mod connect;
mod connection;
mod establish;
mod facts;
mod half_close;
mod handshake;
mod keepalive;
mod listen;
mod outlet;
mod relay;
mod stream;
#[cfg(test)]
mod tests;
mod unix;

use crate::capture::SessionNote;
use crate::engine::context::limits::AnswerShare;
use crate::engine::context::poll_source::{ConnectId, PollSource};
use crate::engine::context::timers::SocketTimer;
use crate::engine::context::{Context, Report};
use crate::engine::net::sockets::{Disconnect, Sockets};
use crate::engine::peers::PeerChange;
use crate::engine::platform;
use crate::engine::respond::Replies;
use crate::engine::respond::responder::Responder;
use crate::engine::send::outlet::Outlet;
use crate::engine::send::queue::SendQueue;
use crate::model::{
    CloseReason, ErrorKind, Facts, Forward, NetError, Operation, PeerId, Probing, Target, TcpClientConfig,
    TcpServerConfig,
};
use channel::{Layer, TlsLayer, WebSocketLayer};
use connect::Connecting;
use connection::{Connection, Served};
use facts::Found;
use handshake::Handshake;
use listen::Listener;
use mio::event::Event;
use relay::Relay;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

pub(super) use listen::bind;
pub(in crate::engine) use relay::check_target;

/// Time limit for serving peers before timers and commands are handled.
const TURN: Duration = Duration::from_millis(10);
/// Maximum number of connections accepted before existing ones are served.
const ACCEPTS_A_ROUND: usize = 256;

/// The parameters of a connect.
pub(in crate::engine) struct ConnectPlan {
    /// Remote addresses in the order of the look-up; see [`connect`].
    pub(in crate::engine) remotes: Vec<SocketAddr>,
    /// How long the look-up of their name took; `None`: there was none.
    pub(in crate::engine) looked_up_in: Option<Duration>,
    /// Local addresses, of which the first one with the family of the remote is bound. Empty: the system chooses.
    pub(in crate::engine) bind: Vec<SocketAddr>,
    /// Start of the connect, including the name look-up.
    pub(in crate::engine) started: Instant,
    /// Time limit, counted from `started`.
    pub(in crate::engine) timeout: Duration,
}

/// Connections by peer, and the peers that are ready to be served.
pub(in crate::engine) struct TcpSockets {
    listeners: Vec<Listener>,
    connects: BTreeMap<ConnectId, Connecting>,
    /// Connections that are not peers yet.
    handshakes: BTreeMap<ConnectId, Handshake>,
    layer: Layer,
    /// What the look-up of the remote has found.
    found: Found,
    /// The id of the next connect or handshake.
    next_connect: u16,
    /// Whether this is a client: the run ends with its connection.
    is_client: bool,
    keep_half_open: bool,
    peers: HashMap<PeerId, Connection>,
    ready: VecDeque<PeerId>,
    responder: Responder,
    /// Whether a warning about unanswered frames was given since the last periodic check.
    warned_of_unanswered: bool,
    /// Peers whose write side is shut down when no send to them is in progress.
    shutting_down: Vec<PeerId>,
    /// Time of the next check for unresponsive peers.
    next_look: Instant,
    /// Connects onward for each client.
    relay: Option<Relay>,
}

impl TcpSockets {
    fn new(is_client: bool, keep_half_open: bool, layer: Layer) -> Self {
        Self {
            listeners: Vec::new(),
            connects: BTreeMap::new(),
            handshakes: BTreeMap::new(),
            layer,
            found: Found::default(),
            next_connect: 0,
            is_client,
            keep_half_open,
            peers: HashMap::new(),
            ready: VecDeque::new(),
            responder: Responder::default(),
            warned_of_unanswered: false,
            shutting_down: Vec::new(),
            next_look: Instant::now(),
            relay: None,
        }
    }

    /// The sockets of a client, not yet connecting.
    ///
    /// # Errors
    /// The layer over TCP cannot be made: a file of its configuration cannot be used.
    pub(in crate::engine) fn client(config: &TcpClientConfig) -> Result<Self, NetError> {
        let layer = match &config.tls {
            None => Layer::Plain,
            Some(tls) => Layer::Tls(Box::new(TlsLayer::client(tls, &config.remote)?)),
        };
        let layer = match &config.websocket {
            None => layer,
            Some(websocket) => {
                let over = WebSocketLayer::client(websocket, &host_header(config));
                Layer::WebSocket(Box::new(over), Box::new(layer))
            }
        };
        Ok(Self::new(true, config.keep_half_open, layer))
    }

    /// The sockets of a server, not yet listening.
    ///
    /// # Errors
    /// As for [`Self::client`].
    pub(in crate::engine) fn server(config: &TcpServerConfig) -> Result<Self, NetError> {
        let layer = match &config.tls {
            None => Layer::Plain,
            Some(tls) => Layer::Tls(Box::new(TlsLayer::server(tls, &config.local)?)),
        };
        let layer = match &config.websocket {
            None => layer,
            Some(websocket) => Layer::WebSocket(Box::new(WebSocketLayer::server(websocket)), Box::new(layer)),
        };
        Ok(Self::new(false, config.keep_half_open, layer))
    }

    /// Connects onward for each client from now on, to the first of these addresses that answers.
    pub(in crate::engine) fn forward(&mut self, forward: &Forward, remotes: Vec<SocketAddr>) {
        self.relay = Some(Relay::new(forward, remotes));
        // Each direction ends by itself.
        self.keep_half_open = true;
    }

    /// Adds a listener on the first address of a host that the system accepts.
    ///
    /// # Errors
    /// The system accepts none of the addresses (the error names the last one), or there are too many listeners.
    pub(in crate::engine) fn listen(
        &mut self,
        addresses: &[SocketAddr],
        context: &mut Context,
    ) -> Result<SocketAddr, NetError> {
        let Ok(place) = u8::try_from(self.listeners.len()) else {
            let address = addresses.first().map(|address| context.named(*address)).unwrap_or_default();
            let detail = "a session listens on at most 256 addresses";
            return Err(NetError::new(Operation::Listen, ErrorKind::Invalid, address, detail));
        };
        let listener = listen::listen(place, addresses, context)?;
        let local = listener.local;
        self.listeners.push(listener);
        Ok(local)
    }

    fn make_ready(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id)
            && !peer.is_ready
        {
            peer.is_ready = true;
            self.ready.push_back(id);
        }
    }

    fn conclude(&mut self, id: PeerId, ended: Option<CloseReason>, stored: bool, context: &mut Context) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        match peer.conclude(ended, stored, context, self.keep_half_open) {
            Served::Waits => {}
            Served::Again => self.make_ready(id),
            Served::Leaves(reason) => self.leave(id, reason, context),
            Served::Resets => self.reset(id, context),
        }
    }

    /// Closes a connection with a FIN.
    fn leave(&mut self, id: PeerId, reason: CloseReason, context: &mut Context) {
        self.keep_facts(id, reason, context);
        let Some(peer) = self.take(id, context) else { return };
        let address = peer.close(context).address;
        self.left(id, address, reason, context);
    }

    /// Closes a connection with a reset.
    fn reset(&mut self, id: PeerId, context: &mut Context) {
        self.keep_facts(id, CloseReason::Kicked, context);
        let Some(peer) = self.take(id, context) else { return };
        let address = peer.reset(context).address;
        self.left(id, address, CloseReason::Kicked, context);
    }

    fn take(&mut self, id: PeerId, context: &mut Context) -> Option<Connection> {
        let mut peer = self.peers.remove(&id)?;
        self.responder.forget(id);
        self.responder.follow_rules(context);
        self.share_answers(context);
        context.queued_bytes = context.queued_bytes.saturating_sub(peer.queue_mut().bytes() as u64);
        Some(peer)
    }

    fn share_answers(&self, context: &mut Context) {
        let share = || AnswerShare::among(self.peers.len(), context.queue_limit);
        context.answer_share = self.responder.is_on().then(share);
    }

    /// Distributes answers that no read of their own peer produced.
    fn take_due_answers(&mut self) {
        for answer in self.responder.take_due() {
            let id = answer.asker.peer;
            if let Some(peer) = self.peers.get_mut(&id) {
                peer.add_answer(answer);
                self.make_ready(id);
            }
        }
    }

    /// Lets the rules of a peer do what is due. It is read again if they take more frames.
    fn rule_is_due(&mut self, id: PeerId) {
        self.responder.rule_is_due(id);
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.rules_take_more = self.responder.takes_more(id);
        }
        self.make_ready(id);
    }

    /// Reports a new peer to the rules of a talk file.
    fn opened(&mut self, id: PeerId) {
        let Some(peer) = self.peers.get(&id) else { return };
        self.responder.opened(id, peer.info.address, peer.local_port());
    }

    /// Once per second: warns about peers that are not read, because they do not read their answers.
    fn warn_of_backed_up(&mut self, context: &mut Context) {
        let now = Instant::now();
        for peer in self.peers.values_mut() {
            if let Some(warning) = peer.is_backed_up_for_long(now) {
                context.warn(peer.info.id, warning);
            }
        }
    }

    /// Warns of frames that got no answer. Those of the rest of a second are one more warning.
    fn warn_of_unanswered(&mut self, context: &mut Context) {
        if self.responder.take_unanswered() {
            self.warned_of_unanswered = true;
            let detail = "frames are too long, or too many at once, and get no answer";
            let endpoint = context.endpoint.clone();
            context.warn(PeerId::NONE, NetError::new(Operation::Reply, ErrorKind::TooLong, endpoint, detail));
        }
    }

    fn mark_listener(&mut self, place: u8) {
        if let Some(listener) = self.listeners.get_mut(usize::from(place)) {
            listener.mark();
        }
    }

    fn close_listeners(&mut self, context: &Context) {
        for listener in self.listeners.drain(..) {
            listener.close(context);
        }
    }

    fn left(&mut self, id: PeerId, address: SocketAddr, reason: CloseReason, context: &mut Context) {
        note_left(context, id, reason);
        context.reports.push(Report::Gone { peer: id, address });
        context.peer_changes.push(PeerChange::Gone(id));
        self.part(id, reason, context);
        if self.is_client && context.ended.is_none() {
            context.ended = Some(reason);
        }
    }

    /// Once per second: sets a time limit for peers that do not acknowledge sent data.
    fn look_for_silence(&mut self, context: &Context) {
        if context.options.keep_alive == Some(Probing::Off) {
            return;
        }
        let now = Instant::now();
        let patience = context.patience();
        let suspicious = |peer: &Connection| peer.silence.is_suspicious(patience, now);
        if now < self.next_look || !self.peers.values().any(suspicious) {
            return;
        }
        self.next_look = now + patience.look_every();
        let Some(unanswered) = platform::unanswered() else { return };
        for peer in self.peers.values_mut() {
            if suspicious(peer) {
                let answers = !platform::inode(&peer.socket()).is_some_and(|inode| unanswered.contains(&inode));
                let limit = (!answers).then(|| patience.limit());
                if peer.silence.wants(limit)
                    && let Err(error) = platform::limit_silence(&peer.socket(), limit)
                {
                    tracing::debug!(%error, "a connection keeps the system's patience");
                }
            }
        }
    }

    /// All connected peers, by number.
    fn ids(&self) -> Vec<PeerId> {
        let mut ids: Vec<_> = self.peers.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    fn with_queue(&mut self, id: PeerId, context: &mut Context, change: impl FnOnce(&mut SendQueue)) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let before = peer.queue_mut().bytes() as u64;
        peer.settle(context);
        change(peer.queue_mut());
        let after = peer.queue_mut().bytes() as u64;
        if before != after {
            context.queued_bytes = (context.queued_bytes + after).saturating_sub(before);
            peer.info.queued_bytes = after;
            context.show_peer(peer.info);
        }
    }
}

impl Sockets for TcpSockets {
    fn on_event(&mut self, source: PollSource, event: &Event, context: &mut Context) {
        match source {
            PollSource::Listener(place) => self.mark_listener(place),
            PollSource::Connect(id) => self.check_connect(id, context),
            PollSource::Peer(id) => {
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.mark(event);
                    self.make_ready(id);
                }
            }
            PollSource::Waker | PollSource::Timer | PollSource::Datagrams(_) => {}
        }
    }

    fn on_timer(&mut self, timer: SocketTimer, context: &mut Context) {
        match timer {
            SocketTimer::Connect(id) => self.check_connect(id, context),
            SocketTimer::Flush(id) => {
                if self.peers.get_mut(&id).is_some_and(|peer| peer.gives_up_flushing(context)) {
                    self.leave(id, CloseReason::PeerFin, context);
                }
            }
            SocketTimer::Gate(id) => {
                if let Some(peer) = self.peers.get_mut(&id) {
                    peer.open_gate();
                    self.make_ready(id);
                }
            }
            SocketTimer::Accept(place) => self.mark_listener(place),
            SocketTimer::Quiet(id) => self.responder.quiet(id),
            SocketTimer::Rule(id) => self.rule_is_due(id),
            SocketTimer::Send => {}
        }
    }

    fn every_second(&mut self, context: &mut Context) {
        self.look_for_silence(context);
        self.warn_of_backed_up(context);
        self.warned_of_unanswered = false;
        self.warn_of_unanswered(context);
    }

    fn accept(&mut self, context: &mut Context) {
        for listener in 0..self.listeners.len() {
            self.accept_of(listener, context);
        }
    }

    /// Runs a round for each ready peer, for at most ten milliseconds. All data that was read is stored together before any of it is
    /// answered.
    fn serve(&mut self, context: &mut Context) {
        let started = Instant::now();
        self.take_due_answers();
        let mut answering = Vec::new();
        for _ in 0..self.ready.len() {
            let Some(id) = self.ready.pop_front() else { break };
            self.open_passage(id);
            let Some(peer) = self.peers.get_mut(&id) else { continue };
            peer.is_ready = false;
            let ended = peer.exchange(&mut self.responder, context);
            if peer.has_answers() || peer.has_to_pass() {
                answering.push((id, ended));
            } else {
                self.pass_on(id, true, context);
                self.conclude(id, ended, false, context);
            }
            if started.elapsed() > TURN {
                break;
            }
        }
        if !answering.is_empty() {
            let stored = context.journal.flush();
            for (id, ended) in answering {
                self.pass_on(id, stored, context);
                self.conclude(id, ended, stored, context);
            }
        }
        self.responder.follow_rules(context);
        if !self.warned_of_unanswered {
            self.warn_of_unanswered(context);
        }
    }

    fn has_work(&self, context: &Context) -> bool {
        let accepts = || {
            self.listeners.iter().any(Listener::is_ready)
                && context.journal.takes_traffic()
                && self.has_room_for_handshakes()
        };
        !self.ready.is_empty() || self.responder.has_due() || accepts()
    }

    fn make_all_ready(&mut self) {
        for (id, peer) in &mut self.peers {
            if !peer.is_ready {
                peer.is_ready = true;
                self.ready.push_back(*id);
            }
        }
    }

    fn is_remote(&self, _peer: PeerId) -> bool {
        self.is_client
    }

    fn disconnect(&mut self, peer: PeerId, how: Disconnect, context: &mut Context) -> Result<(), NetError> {
        if !self.peers.contains_key(&peer) {
            return Err(context.refusal(ErrorKind::NoPeer, "no such peer"));
        }
        match how {
            Disconnect::InOrder => self.leave(peer, CloseReason::Kicked, context),
            Disconnect::Reset => self.reset(peer, context),
        }
        Ok(())
    }

    fn shut_down_write(&mut self, target: Target, context: &mut Context) -> Result<(), NetError> {
        for id in self.peers_of(target, context)? {
            if let Some(peer) = self.peers.get_mut(&id)
                && peer.half_close.ask_to_shut()
            {
                self.shutting_down.push(id);
            }
        }
        Ok(())
    }

    fn release_shutdowns(&mut self, is_busy: &dyn Fn(PeerId) -> bool) {
        let mut asked = std::mem::take(&mut self.shutting_down);
        asked.retain(|id| {
            let Some(peer) = self.peers.get_mut(id) else { return false };
            if is_busy(*id) {
                return true;
            }
            peer.half_close.sends_are_done();
            self.make_ready(*id);
            false
        });
        self.shutting_down = asked;
    }

    fn set_replies(&mut self, replies: Replies, context: &mut Context) {
        self.warn_of_unanswered(context);
        self.responder.set(replies, &context.rules);
        for id in self.ids() {
            self.opened(id);
        }
        self.share_answers(context);
        // Reading of peers can resume that was stopped because of unread answers.
        self.make_all_ready();
    }

    fn facts(&self, peer: PeerId, _context: &Context) -> Option<Facts> {
        self.facts_of(peer)
    }

    fn set_patience(&self, context: &Context) {
        for listener in &self.listeners {
            listener.set_patience(context);
        }
    }

    fn reset_counters(&mut self, context: &mut Context) {
        context.reset_kernel_dropped();
    }

    fn begin_close(&mut self, context: &mut Context) -> bool {
        if self.is_client && self.peers.is_empty() {
            return false;
        }
        self.close_listeners(context);
        self.abandon_connects(context);
        for id in self.ids() {
            self.with_queue(id, context, SendQueue::purge_files);
        }
        self.make_all_ready();
        true
    }

    fn is_drained(&self) -> bool {
        !self.peers.values().any(Connection::has_queued)
    }

    fn close(mut self: Box<Self>, reason: CloseReason, context: &mut Context) {
        self.warn_of_unanswered(context);
        self.relay = None;
        self.abandon_connects(context);
        self.close_listeners(context);
        for id in self.ids() {
            self.leave(id, reason, context);
        }
    }
}

/// The value of the header `Host`: without the port that the scheme implies (RFC 9110, 7.2).
fn host_header(config: &TcpClientConfig) -> String {
    let usual = if config.tls.is_some() { 443 } else { 80 };
    let whole = config.remote.to_string();
    match whole.rsplit_once(':') {
        Some((host, _)) if config.remote.port == usual => host.to_owned(),
        _ => whole,
    }
}

fn note_left(context: &mut Context, id: PeerId, reason: CloseReason) {
    context.journal.note(id, &SessionNote::PeerLeft { reason });
    context.journal.forget_peer(id);
}

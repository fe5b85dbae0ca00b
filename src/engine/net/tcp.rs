//! The TCP side of a run: a listener with its clients, or the one connection of a client.

use crate::capture::SessionNote;
use crate::engine::context::{Context, Report};
use crate::engine::net::connection::{Served, TcpPeer};
use crate::engine::net::listen::Listener;
use crate::engine::peers::PeerChange;
use crate::engine::platform;
use crate::engine::send::queue::{AnswerShare, Entry, Room, SendQueue};
use crate::model::{CloseReason, PeerId};
use mio::net::TcpStream;
use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// How long peers are served before timers and commands get their turn.
const TURN: Duration = Duration::from_millis(10);

/// Peers by number, and who has something to do.
pub(in crate::engine) struct TcpSide {
    /// `None`: a client, or a server that is closing.
    pub(in crate::engine) listener: Option<Listener>,
    pub(in crate::engine) is_client: bool,
    keep_half_open: bool,
    peers: HashMap<PeerId, TcpPeer>,
    ready: VecDeque<PeerId>,
    /// Peers whose write side is to be shut down when no send goes on.
    shutting_down: Vec<PeerId>,
    /// When peers that answer nothing are looked for next.
    next_look: Instant,
}

impl TcpSide {
    pub(in crate::engine) fn new(listener: Option<Listener>, keep_half_open: bool) -> Self {
        let is_client = listener.is_none();
        let (peers, ready, shutting_down) = (HashMap::new(), VecDeque::new(), Vec::new());
        Self { listener, is_client, keep_half_open, peers, ready, shutting_down, next_look: Instant::now() }
    }

    /// A connection becomes the peer `id`; without a number the capture takes no new peer.
    ///
    /// # Errors
    /// The capture or the poll refuses it; the connection is closed again.
    pub(in crate::engine) fn join(
        &mut self,
        socket: TcpStream,
        id: Option<PeerId>,
        address: SocketAddr,
        context: &mut Context,
    ) -> io::Result<()> {
        let Some(id) = id else {
            return Err(io::Error::other("the capture takes no new peer"));
        };
        match TcpPeer::new(socket, id, address, &context.registry) {
            Ok(peer) => {
                context.show_peer(peer.info);
                context.joined.push(id);
                self.peers.insert(id, peer);
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

    /// A connection that broke before it became a peer: what had arrived is still read.
    pub(in crate::engine) fn is_broken(&mut self, id: PeerId, reason: CloseReason) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.is_broken(reason);
        }
    }

    fn make_ready(&mut self, id: PeerId) {
        if let Some(peer) = self.peers.get_mut(&id)
            && !peer.is_ready
        {
            peer.is_ready = true;
            self.ready.push_back(id);
        }
    }

    /// Reading or writing is possible again for everybody (resumed, room on the disk).
    pub(in crate::engine) fn make_all_ready(&mut self) {
        for (id, peer) in &mut self.peers {
            if !peer.is_ready {
                peer.is_ready = true;
                self.ready.push_back(*id);
            }
        }
    }

    /// What the poll said of a peer.
    pub(in crate::engine) fn mark(&mut self, id: PeerId, event: &mio::event::Event) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.mark(event);
            self.make_ready(id);
        }
    }

    /// Somebody waits to be served.
    pub(in crate::engine) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// One round for each peer that is ready, at most ten milliseconds of them. What was read of all of them is stored at once
    /// before any is answered.
    pub(in crate::engine) fn serve(&mut self, context: &mut Context) {
        let started = Instant::now();
        let mut answering = Vec::new();
        for _ in 0..self.ready.len() {
            let Some(id) = self.ready.pop_front() else { break };
            let Some(peer) = self.peers.get_mut(&id) else { continue };
            peer.is_ready = false;
            let ended = peer.exchange(context);
            if peer.has_answers() {
                answering.push((id, ended));
            } else {
                self.conclude(id, ended, false, context);
            }
            if started.elapsed() > TURN {
                break;
            }
        }
        if answering.is_empty() {
            return;
        }
        let stored = context.journal.flush();
        for (id, ended) in answering {
            self.conclude(id, ended, stored, context);
        }
    }

    fn conclude(&mut self, id: PeerId, ended: Option<CloseReason>, stored: bool, context: &mut Context) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        match peer.conclude(ended, stored, context, self.keep_half_open) {
            Served::Waits => {}
            Served::Again => self.make_ready(id),
            Served::Leaves(reason) => self.leave(id, reason, context),
        }
    }

    /// Ends one connection in order.
    pub(in crate::engine) fn leave(&mut self, id: PeerId, reason: CloseReason, context: &mut Context) {
        let Some(peer) = self.take(id, context) else { return };
        let address = peer.close(context).address;
        self.left(id, address, reason, context);
    }

    /// Ends one connection with a reset.
    pub(in crate::engine) fn reset(&mut self, id: PeerId, context: &mut Context) {
        let Some(peer) = self.take(id, context) else { return };
        let address = peer.reset(context).address;
        self.left(id, address, CloseReason::Kicked, context);
    }

    fn take(&mut self, id: PeerId, context: &mut Context) -> Option<TcpPeer> {
        let mut peer = self.peers.remove(&id)?;
        self.share_answers(context);
        context.queued_bytes = context.queued_bytes.saturating_sub(peer.queue_mut().bytes() as u64);
        Some(peer)
    }

    fn share_answers(&self, context: &mut Context) {
        context.answer_share = AnswerShare::among(self.peers.len(), context.queue_limit);
    }

    /// Once a second: tells of peers that do not read their answers and are therefore not read.
    pub(in crate::engine) fn tell_of_backed_up(&mut self, context: &mut Context) {
        let now = Instant::now();
        for peer in self.peers.values_mut() {
            if let Some(warning) = peer.is_backed_up_for_long(now) {
                context.warn(peer.info.id, warning);
            }
        }
    }

    fn left(&mut self, id: PeerId, address: SocketAddr, reason: CloseReason, context: &mut Context) {
        note_left(context, id, reason);
        context.reports.push(Report::Gone { peer: id, address });
        context.peer_changes.push(PeerChange::Gone(id));
        if self.is_client && context.ended.is_none() {
            context.ended = Some(reason);
        }
    }

    /// A peer that sent its FIN had its time to take what is queued.
    pub(in crate::engine) fn flush_is_over(&mut self, id: PeerId, context: &mut Context) {
        if self.peers.get_mut(&id).is_some_and(|peer| peer.gives_up_flushing(context)) {
            self.leave(id, CloseReason::PeerFin, context);
        }
    }

    /// Once a second: gives those that acknowledge nothing of what was sent a limit.
    pub(in crate::engine) fn look_for_silence(&mut self, context: &Context) {
        let now = Instant::now();
        let patience = context.patience;
        let suspicious = |peer: &TcpPeer| peer.silence.is_suspicious(patience, now);
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

    /// Asks for our FIN to these peers once their queues are empty.
    pub(in crate::engine) fn shut_down(&mut self, peers: &[PeerId]) {
        for id in peers {
            if let Some(peer) = self.peers.get_mut(id)
                && !peer.is_write_shut()
            {
                peer.shutdown_asked = true;
                self.shutting_down.push(*id);
            }
        }
    }

    /// Lets those shut down for whom no send goes on.
    pub(in crate::engine) fn release_shutdowns(&mut self, is_busy: impl Fn(PeerId) -> bool) {
        let mut asked = std::mem::take(&mut self.shutting_down);
        asked.retain(|id| {
            let Some(peer) = self.peers.get_mut(id) else { return false };
            if is_busy(*id) {
                return true;
            }
            peer.shutdown_now = true;
            self.make_ready(*id);
            false
        });
        self.shutting_down = asked;
    }

    /// Everybody connected.
    pub(in crate::engine) fn ids(&self) -> Vec<PeerId> {
        let mut ids: Vec<_> = self.peers.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    pub(in crate::engine) fn address(&self, id: PeerId) -> Option<SocketAddr> {
        self.peers.get(&id).map(|peer| peer.info.address)
    }

    /// Connected.
    pub(in crate::engine) fn has(&self, id: PeerId) -> bool {
        self.peers.contains_key(&id)
    }

    pub(in crate::engine) fn room(&mut self, id: PeerId, len: usize, ahead: bool, context: &mut Context) -> Room {
        let room = self.peers.get_mut(&id).map_or(Room::Gone, |peer| peer.room(len, ahead, context));
        if room == Room::Gone {
            // It may just have been found broken: how it ended is still to be read.
            self.make_ready(id);
        }
        room
    }

    pub(in crate::engine) fn push(&mut self, entry: Entry, context: &mut Context) {
        let id = entry.peer;
        self.with_queue(id, context, |queue| queue.push(entry));
        self.make_ready(id);
    }

    fn with_queue(&mut self, id: PeerId, context: &mut Context, change: impl FnOnce(&mut SendQueue)) {
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let before = peer.queue_mut().bytes() as u64;
        change(peer.queue_mut());
        let after = peer.queue_mut().bytes() as u64;
        if before != after {
            context.queued_bytes = (context.queued_bytes + after).saturating_sub(before);
            peer.info.queued_bytes = after;
            context.show_peer(peer.info);
        }
    }

    /// Leaves out what a send has queued, for one peer or for all.
    pub(in crate::engine) fn purge(&mut self, job: u64, only: Option<PeerId>, context: &mut Context) {
        let peers = only.map_or_else(|| self.ids(), |peer| vec![peer]);
        for id in peers {
            self.with_queue(id, context, |queue| queue.purge(job, Some(id)));
            // Room to read again, or to shut down.
            self.make_ready(id);
        }
    }

    /// Stops listening and leaves out files; what is queued besides still goes out.
    pub(in crate::engine) fn begin_close(&mut self, context: &mut Context) {
        if let Some(listener) = self.listener.take() {
            listener.close(context);
        }
        for id in self.ids() {
            self.with_queue(id, context, SendQueue::purge_files);
        }
        self.make_all_ready();
    }

    /// Nothing is queued any more.
    pub(in crate::engine) fn is_drained(&self) -> bool {
        !self.peers.values().any(TcpPeer::has_queued)
    }

    /// Everybody leaves.
    pub(in crate::engine) fn close(&mut self, reason: CloseReason, context: &mut Context) {
        if let Some(listener) = self.listener.take() {
            listener.close(context);
        }
        for id in self.ids() {
            self.leave(id, reason, context);
        }
    }
}

fn note_left(context: &mut Context, id: PeerId, reason: CloseReason) {
    context.journal.note(id, &SessionNote::PeerLeft { reason });
    context.journal.forget_peer(id);
}

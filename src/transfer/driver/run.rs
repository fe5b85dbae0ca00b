//! The loop of the transfer thread.

use super::peer::{Outbox, Peer, PeerFiles};
use super::{Shared, TransferEvent, TransferOptions, Work};
use crate::capture::{CaptureReader, Cause, Hold, Record, RecordKind, SessionNote};
use crate::engine::CommandSender;
use crate::model::{Direction, ErrorKind, NetError, Operation, PeerId, TransferError};
use crate::transfer::folder::open_named;
use crate::transfer::protocol::{CommandServer, Get, Put, Role, Server};
use crossbeam_channel::{Receiver, SendTimeoutError, Sender};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Records processed before anything else gets its turn.
const TURN_RECORDS: u64 = 2048;
/// Bytes of a record in memory at a time.
const PART_BYTES: usize = 256 << 10;
/// Bytes hashed in a turn, all files together.
const TURN_HASHED: u64 = 4 << 20;
/// How often progress is published.
const PROGRESS: Duration = Duration::from_millis(100);
/// When the session takes no commands, how long until it is tried again.
const RETRY: Duration = Duration::from_millis(5);

pub(super) struct Run {
    capture: CaptureReader,
    /// Records that are not processed yet stay in the capture.
    hold: Hold,
    next: u64,
    commands: CommandSender,
    options: TransferOptions,
    shared: Arc<Shared>,
    signals: Receiver<()>,
    events: Sender<TransferEvent>,
    peers: BTreeMap<PeerId, Peer>,
    out: Outbox,
    /// A client acts on its first connection only.
    begun: bool,
    done: bool,
    published: Instant,
    buffer: Vec<u8>,
}

impl Run {
    pub(super) fn new(
        capture: CaptureReader,
        commands: CommandSender,
        options: TransferOptions,
        shared: Arc<Shared>,
        signals: Receiver<()>,
        events: Sender<TransferEvent>,
    ) -> Self {
        let next = options.from;
        let last_ticket = options.first_ticket.saturating_sub(1);
        Self {
            hold: capture.hold(next),
            capture,
            next,
            commands,
            options,
            shared,
            signals,
            events,
            peers: BTreeMap::new(),
            out: Outbox { commands: [].into(), events: Vec::new(), last_ticket, last_number: 0 },
            begun: false,
            done: false,
            published: Instant::now(),
            buffer: Vec::new(),
        }
    }

    pub(super) fn until_the_end(mut self) {
        for peer in std::mem::take(&mut self.options.peers) {
            self.joined(peer);
        }
        while !self.shared.stopped.load(Ordering::Acquire) {
            // Read before the records: what is published before the flag is processed.
            let finishing = self.shared.finishing.load(Ordering::Acquire);
            let more = self.read_records();
            self.cancel();
            self.quiet();
            self.look_at_shells();
            let hashes = self.hash_some();
            let waits = self.hand_over();
            self.publish();
            if finishing && !more && !hashes {
                self.end_all();
                break;
            }
            if !more && !hashes {
                self.wait(waits);
            }
        }
        // Unfinished files are removed before the front end learns of the end.
        self.peers.clear();
        (self.options.wake)();
    }

    fn end_all(&mut self) {
        for peer in self.peers.values_mut() {
            peer.ended(None, &mut self.out);
        }
        self.hand_over();
    }

    /// Processes new records. Returns whether there are more.
    fn read_records(&mut self) -> bool {
        let there = self.capture.records();
        if self.next < there.start {
            self.lost();
            self.next = there.start;
        }
        let until = there.end.min(self.next.saturating_add(TURN_RECORDS));
        let mut records = Vec::new();
        while self.next < until {
            records.clear();
            if let Err(error) = self.capture.records_in(self.next..until, &mut records) {
                tracing::warn!(%error, "a record cannot be read");
                self.lost();
                self.next = until;
                break;
            }
            if records.is_empty() {
                break;
            }
            for record in &records {
                self.take(record);
                self.next = record.number + 1;
            }
            self.hold.advance(self.next);
        }
        self.next < self.capture.records().end
    }

    /// Received bytes are missing, so no stream can be understood any more.
    fn lost(&mut self) {
        let error = NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, self.capture.id(), "");
        for peer in self.peers.values_mut() {
            peer.abort(error.clone().into(), &mut self.out);
        }
    }

    fn take(&mut self, record: &Record) {
        match record.kind {
            RecordKind::Data => self.take_data(record),
            RecordKind::PeerJoined => self.joined(record.peer),
            RecordKind::State if matches!(self.capture.note(record), Ok(SessionNote::Connected { .. })) => {
                self.joined(record.peer);
            }
            RecordKind::HalfClosed => self.with_peer(record.peer, Peer::half_closed),
            RecordKind::PeerLeft => {
                self.with_peer(record.peer, |peer, out| peer.ended(None, out));
                self.peers.remove(&record.peer);
            }
            RecordKind::Closed => {
                for peer in self.peers.values_mut() {
                    peer.ended(None, &mut self.out);
                }
                self.peers.clear();
            }
            RecordKind::Warning => {
                if let Ok(SessionNote::SendFailed { error, .. }) = self.capture.note(record) {
                    self.with_peer(record.peer, |peer, out| peer.abort(error.into(), out));
                }
            }
            _ => {}
        }
        self.check_done();
    }

    fn with_peer(&mut self, peer: PeerId, act: impl FnOnce(&mut Peer, &mut Outbox)) {
        if let Some(peer) = self.peers.get_mut(&peer) {
            act(peer, &mut self.out);
        }
    }

    fn take_data(&mut self, record: &Record) {
        let Some(peer) = self.peers.get_mut(&record.peer) else { return };
        if record.direction == Some(Direction::Sent) {
            if record.cause() == Cause::Transfer {
                peer.sent(record.len.into(), &mut self.out);
            }
            return;
        }
        let mut at = 0;
        while at < record.len {
            let end = record.len.min(at.saturating_add(PART_BYTES as u32));
            self.buffer.clear();
            if let Err(error) = self.capture.payload(record, at..end, &mut self.buffer) {
                let detail = error.to_string();
                let error = NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, self.capture.id(), detail);
                return peer.abort(error.into(), &mut self.out);
            }
            peer.received(&self.buffer, &mut self.out);
            at = end;
        }
    }

    fn joined(&mut self, id: PeerId) {
        let (role, files): (Box<dyn Role>, PeerFiles) = match &self.options.work {
            Work::Get { .. } | Work::Put { .. } if self.begun => return,
            Work::Get { names, into } => {
                let role = Get::new(names.clone(), self.options.encoding);
                (Box::new(role), PeerFiles { receives: Some(into.clone()), ..PeerFiles::default() })
            }
            Work::Put { path, name, form } => {
                let opened = open_named(path);
                let len = opened.as_ref().map_or(0, crate::engine::OpenedFile::len);
                let mut role = Put::new(name.clone(), len, *form);
                if let Err(error) = &opened {
                    role.refuse(error.clone());
                }
                (Box::new(role), PeerFiles { outgoing: opened.ok(), ..PeerFiles::default() })
            }
            Work::Commands { form } => {
                (Box::new(CommandServer::new(*form, self.options.encoding)), PeerFiles::default())
            }
            Work::Serve { serves, receives } => {
                let role = Server::new(serves.is_some(), receives.is_some(), self.options.encoding);
                let (serves, receives) = (serves.clone(), receives.clone());
                (Box::new(role), PeerFiles { serves, receives, ..PeerFiles::default() })
            }
        };
        self.begun = true;
        let shared = self.shared.clone();
        let mut peer = Peer::new(id, role, files, Arc::new(move || shared.signal()));
        peer.start(&mut self.out);
        self.peers.insert(id, peer);
    }

    fn check_done(&mut self) {
        let is_client = matches!(self.options.work, Work::Get { .. } | Work::Put { .. });
        if is_client && self.begun && !self.done && self.peers.values().all(Peer::is_idle) {
            self.done = true;
            self.out.events.push(TransferEvent::Done);
        }
    }

    fn cancel(&mut self) {
        for number in self.shared.take_cancelled() {
            let found = self.peers.values_mut().find(|peer| peer.number() == Some(number));
            if let Some(peer) = found {
                peer.abort(TransferError::Cancelled, &mut self.out);
            }
        }
        self.check_done();
    }

    fn quiet(&mut self) {
        let now = Instant::now();
        for peer in self.peers.values_mut().filter(|peer| peer.quiet_at.is_some_and(|at| at <= now)) {
            peer.quiet(&mut self.out);
        }
    }

    fn look_at_shells(&mut self) {
        for peer in self.peers.values_mut() {
            peer.look_at_shell(&mut self.out);
        }
    }

    /// Hashes files for a while. Returns whether any is left.
    fn hash_some(&mut self) -> bool {
        self.buffer.resize(PART_BYTES, 0);
        let mut hashed = 0;
        let mut any = true;
        while any && hashed < TURN_HASHED {
            any = false;
            for peer in self.peers.values_mut() {
                if let Some(count) = peer.hash_on(&mut self.buffer, &mut self.out) {
                    hashed += count;
                    any = true;
                }
            }
        }
        self.check_done();
        any
    }

    /// Hands commands to the session and events to the front end. Returns whether the session takes no more commands.
    fn hand_over(&mut self) -> bool {
        let mut refused = false;
        while let Some(command) = self.out.commands.pop_front() {
            if let Err(command) = self.commands.send(command) {
                self.out.commands.push_front(command);
                refused = true;
                break;
            }
        }
        if self.out.events.is_empty() {
            return refused;
        }
        for event in std::mem::take(&mut self.out.events) {
            (self.options.wake)();
            self.hand_over_event(event);
        }
        self.published = Instant::now().checked_sub(PROGRESS).unwrap_or(self.published);
        refused
    }

    fn hand_over_event(&mut self, event: TransferEvent) {
        let mut event = event;
        while !self.shared.stopped.load(Ordering::Acquire) {
            match self.events.send_timeout(event, PROGRESS) {
                Err(SendTimeoutError::Timeout(back)) => {
                    event = back;
                    (self.options.wake)();
                }
                Ok(()) | Err(SendTimeoutError::Disconnected(_)) => {
                    (self.options.wake)();
                    return;
                }
            }
        }
    }

    fn publish(&mut self) {
        let now = Instant::now();
        if now.duration_since(self.published) < PROGRESS {
            return;
        }
        self.published = now;
        let running: Vec<_> = self.peers.values_mut().filter_map(|peer| peer.snapshot(now)).collect();
        let changed = !running.is_empty();
        self.shared.set_running(running);
        if changed {
            (self.options.wake)();
        }
    }

    /// Waits for new records, a quiet connection, or the next publication.
    fn wait(&self, refused: bool) {
        let mut until = self.peers.values().flat_map(|peer| [peer.quiet_at, peer.shell_until()]).flatten().min();
        let mut sooner = |at: Instant| until = Some(until.map_or(at, |until| until.min(at)));
        if self.peers.values().any(|peer| peer.number().is_some()) {
            sooner(self.published + PROGRESS);
        }
        if refused {
            sooner(Instant::now() + RETRY);
        }
        // A signal, the time, or the end: the loop looks at all of them.
        match until {
            Some(until) => self.signals.recv_deadline(until).ok(),
            None => self.signals.recv().ok(),
        };
    }
}

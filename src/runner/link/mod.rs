//! One open session of a run: what arrives on it, in order, and which connections it has.

mod attached;
mod intake;
#[cfg(test)]
mod tests;
mod undecided;

use super::opening::Opening;
use super::over::OpenSession;
use crate::capture::{CaptureOptions, CaptureReader, Hold};
use crate::codec::FramingRule;
use crate::codec::framing::Framers;
use crate::engine::{Command, CommandSender, EventKind, RuleVerdicts, SendOutcome, SessionHandle, SessionOptions};
use crate::model::{CloseReason, NetError, Operation, PeerId, Protocol, SessionId, SessionState, Target, Ticket};
use crate::talk::outcome::{PassedOver, ProblemKind};
use crate::transfer::{TransferHandle, Work};
use crossbeam_channel::{Select, Sender, TryRecvError};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use undecided::{Undecided, Waiting};

/// Bytes that a TCP peer's send queue may hold beyond the payload that is being sent.
const QUEUE_LIMIT_BYTES: usize = 8 << 20;
/// Tickets that a transfer may use.
const TRANSFER_TICKETS: u64 = 1 << 20;
/// Records read before the statement that waits looks at them.
const TURN_RECORDS: u64 = 1024;
/// Memory for what arrived and was not looked at yet, in bytes. Beyond it the oldest is passed over; the capture has it all.
const KEPT_BYTES_MAX: usize = 64 << 20;
/// Memory of an arrival without its bytes, rounded up.
const ARRIVAL_BYTES: usize = 128;
/// Times of reads that are kept of a connection.
const READS_MAX: usize = 4096;
/// Connections from which on those that ended are forgotten.
const PEERS_KEPT: usize = 1024;

/// Something that arrived.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    /// Its number within the session, from 0.
    pub number: u64,
    /// The connection.
    pub peer: PeerId,
    /// The record that completed it.
    pub record: u64,
    /// When its first byte was read, in ns of the capture's clock.
    pub mono_ns: i64,
    /// What it is.
    pub what: What,
}

/// Kinds of [`Arrival`].
#[derive(Clone, Debug)]
pub(super) enum What {
    /// A connection opened.
    Opened,
    /// A frame.
    Frame(Received),
    /// Bytes of a stream, which are in [`Peer::stream`].
    Bytes {
        /// How many.
        len: usize,
    },
    /// The peer ended the connection, or its half of it.
    Closed(CloseReason),
}

/// A frame.
#[derive(Clone, Debug)]
pub(super) struct Received {
    /// As on the wire.
    pub wire: Arc<[u8]>,
    /// Its content.
    pub content: Arc<[u8]>,
    /// Its check is right, or it has none.
    pub is_right: bool,
}

/// A connection; for a client, all its connections one after the other; for UDP, an address.
#[derive(Debug)]
pub(super) struct Peer {
    /// Its number in the capture; for a client, of the present connection.
    pub id: PeerId,
    /// Its address.
    pub address: Option<SocketAddr>,
    /// It is connected.
    pub is_open: bool,
    /// Number of the first arrival that a wait looks at.
    pub place: u64,
    /// Bytes of its stream from its place on, and the offset of the first one.
    pub stream: (u64, Vec<u8>),
    /// The next send to it moves its place.
    pub may_move: bool,
    /// When the last send to it was written.
    pub sent_mono_ns: Option<i64>,
    /// Ends of the last reads: offset behind them, time.
    reads: VecDeque<(u64, i64)>,
    /// Since when nothing was read, for frames that a pause ends.
    quiet_since: Instant,
    half_closed: bool,
}

/// The worker of a session.
enum Worker {
    /// The run has started it and ends it.
    Own(SessionHandle),
    /// The front end has it.
    Open(Box<OpenSession>),
}

/// A session.
pub(super) struct Link {
    /// Its name in the file; empty if it has none.
    pub name: String,
    /// How it is opened.
    pub opening: Opening,
    /// Its connections by their key, see [`Link::key`].
    pub peers: BTreeMap<PeerId, Peer>,
    /// The peer of the last match.
    pub last_peer: Option<PeerId>,
    /// What arrived and is not behind every place.
    pub arrivals: VecDeque<Arrival>,
    /// The state as last reported.
    pub state: SessionState,
    /// The last error that ended a run.
    pub error: Option<NetError>,
    /// Why the capture cannot be written at present: nothing more is read.
    pub store_error: Option<NetError>,
    /// Warnings and such errors that were not reported yet.
    pub warnings: Vec<NetError>,
    /// What `serve` and `receive` want, and who is signalled.
    pub serving: Option<(Work, Sender<()>)>,
    /// Serves it, once there is a capture.
    pub server: Option<TransferHandle>,
    /// The transfer of a statement.
    pub client: Option<TransferHandle>,
    worker: Worker,
    pub capture: Option<CaptureReader>,
    hold: Option<Hold>,
    next: u64,
    next_arrival: u64,
    /// Memory of `arrivals`, in bytes.
    kept: usize,
    /// Arrivals that were passed over for lack of memory.
    pub overflowed: u64,
    /// Nothing waits for what arrives: only the rules of the session look at it.
    is_unread: bool,
    framers: Option<Framers<PeerId, u64>>,
    /// The frames whose rules have not decided yet; `None`: the session has no rules on frames.
    undecided: Option<Undecided>,
    sends: BTreeMap<Ticket, Option<SendOutcome>>,
    next_ticket: u64,
    first_ticket: u64,
    /// Transfers so far.
    transfers: u64,
    payload: Vec<u8>,
}

impl Link {
    /// Starts the worker. Nothing is opened yet.
    ///
    /// # Errors
    /// The system starts no thread.
    pub fn new(name: &str, opening: Opening, number: u64, captures: (&Path, CaptureOptions)) -> std::io::Result<Self> {
        let handle = SessionHandle::spawn(SessionOptions {
            id: SessionId(number),
            captures_dir: captures.0.to_owned(),
            capture: captures.1,
            queue_limit_bytes: QUEUE_LIMIT_BYTES,
            wake: Arc::new(|| {}),
        })?;
        Ok(Self::of(name, opening, Worker::Own(handle), 1))
    }

    fn of(name: &str, opening: Opening, worker: Worker, next_ticket: u64) -> Self {
        let framers = opening.framing.clone().map(Framers::new);
        Self {
            name: name.to_owned(),
            opening,
            peers: BTreeMap::new(),
            last_peer: None,
            arrivals: VecDeque::new(),
            state: SessionState::Idle,
            error: None,
            store_error: None,
            warnings: Vec::new(),
            serving: None,
            server: None,
            client: None,
            worker,
            capture: None,
            hold: None,
            next: 0,
            next_arrival: 0,
            kept: 0,
            overflowed: 0,
            is_unread: false,
            framers,
            undecided: None,
            sends: BTreeMap::new(),
            next_ticket,
            first_ticket: next_ticket,
            transfers: 0,
            payload: Vec::new(),
        }
    }

    /// Keeps all records until they were read, because statements wait for them.
    pub fn hold_for_reader(&self) {
        self.command(Command::HoldForReader);
    }

    /// Frames that rules take are not for statements: these are the verdicts of the session's rules.
    pub fn follow_verdicts(&mut self, verdicts: RuleVerdicts) {
        self.undecided = Some(Undecided::new(verdicts));
    }

    /// There is something here once rules have decided about frames.
    pub fn verdict_signals(&self) -> Option<&crossbeam_channel::Receiver<()>> {
        self.undecided.as_ref().map(Undecided::signals)
    }

    /// Reads no records: the file has rules only.
    pub fn leave_unread(&mut self) {
        self.is_unread = true;
    }

    /// Its name, or its address if it has none.
    pub fn shown_name(&self) -> String {
        if self.name.is_empty() { self.opening.config.endpoint().to_string() } else { self.name.clone() }
    }

    /// Id of its capture, once there is one.
    pub fn capture_id(&self) -> Option<String> {
        self.capture.as_ref().map(|capture| capture.id().to_owned())
    }

    /// Gives the worker a command. It takes a thousand without reading them, and a run waits for most of its commands.
    pub fn command(&self, command: Command) {
        let sent = match &self.worker {
            Worker::Own(handle) => handle.send(command),
            Worker::Open(open) => open.commands.send(command),
        };
        if sent.is_err() {
            tracing::warn!(session = self.name, "the session takes no commands");
        }
    }

    /// Opens it.
    pub fn open(&mut self) {
        self.error = None;
        self.state = SessionState::Resolving;
        if let Worker::Open(open) = &self.worker {
            open.feed.expect(SessionState::Resolving);
        }
        self.command(Command::Open(self.opening.config.clone()));
    }

    /// Sends bytes; returns the number under which [`Link::sent`] knows the result.
    pub fn send(&mut self, target: Target, plan: crate::engine::SendPlan) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.sends.insert(ticket, None);
        self.command(Command::Send { ticket, target, plan });
        ticket
    }

    /// The result of a send, once it has ended; it is removed.
    pub fn sent(&mut self, ticket: Ticket) -> Option<SendOutcome> {
        self.sends.get(&ticket)?.as_ref()?;
        self.sends.remove(&ticket).flatten()
    }

    /// Lets a wait end when something happens in the session.
    pub fn wait_in<'a>(&'a self, select: &mut Select<'a>) {
        match &self.worker {
            Worker::Own(handle) => select.recv(handle.events()),
            Worker::Open(open) => select.recv(open.feed.signals()),
        };
        if let Some(verdicts) = self.verdict_signals() {
            select.recv(verdicts);
        }
    }

    /// Takes commands for the session.
    pub fn commands(&self) -> CommandSender {
        match &self.worker {
            Worker::Own(handle) => handle.commands(),
            Worker::Open(open) => open.commands.clone(),
        }
    }

    /// The first record that is not read yet.
    pub fn next_record(&self) -> u64 {
        self.next
    }

    /// Tickets for a transfer, which no other send of the session has.
    pub fn tickets_of_transfer(&mut self) -> u64 {
        self.transfers += 1;
        self.first_ticket + self.transfers * TRANSFER_TICKETS
    }

    /// Ends the session; its capture stays. A session of the front end only forgets the sends of the run.
    pub fn finish(self, wait: Duration) {
        for ticket in self.sends.keys() {
            self.command(Command::CancelSend(*ticket));
        }
        drop(self.hold);
        match self.worker {
            Worker::Own(handle) => drop(handle.finish(wait)),
            Worker::Open(_) => {}
        }
    }

    /// The key of a peer: a client has one for all its connections.
    pub fn key(&self, peer: PeerId) -> PeerId {
        if self.opening.config.protocol() == Protocol::TcpClient { PeerId::NONE } else { peer }
    }

    /// Whether TCP bytes are not cut into frames.
    pub fn is_stream(&self) -> bool {
        self.framers.is_none()
    }

    /// The framing rule.
    pub fn framing(&self) -> Option<&FramingRule> {
        self.opening.framing.as_ref()
    }

    /// Takes events and some of the new records. Returns whether there are more.
    ///
    /// # Errors
    /// Records were deleted before they were read, or cannot be read.
    pub fn update(&mut self) -> Result<bool, ProblemKind> {
        if self.take_news()? {
            return self.read_on();
        }
        while let Worker::Own(handle) = &self.worker {
            let event = match handle.events().try_recv() {
                Ok(event) => event,
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return Err(ProblemKind::SessionFailed),
            };
            match event.kind {
                EventKind::Capture(capture) => {
                    self.next = capture.records().start;
                    self.hold = handle.take_hold();
                    self.capture = Some(capture);
                    self.start_serving();
                }
                EventKind::State(state) => self.state = state,
                EventKind::SendFinished(ticket, outcome) => {
                    if let Some(place) = self.sends.get_mut(&ticket) {
                        *place = Some(outcome);
                    }
                }
                EventKind::Error(error) if error.operation == Operation::Store => {
                    self.warnings.push(error.clone());
                    self.store_error = Some(error);
                }
                EventKind::Error(error) => self.error = Some(error),
                EventKind::Resumed => self.store_error = None,
                EventKind::Warning(warning) => self.warnings.push(warning),
                EventKind::More | EventKind::SendProgress(_) => {}
            }
        }
        self.read_on()
    }

    fn read_on(&mut self) -> Result<bool, ProblemKind> {
        self.look_at_transfers();
        let more = self.read_records()?;
        self.end_quiet_frames();
        self.take_decided(false);
        Ok(more)
    }

    /// Bytes that are in no frame yet, or in a stream behind the place.
    pub fn unfinished(&self) -> Option<PassedOver> {
        let of = |key: PeerId, bytes: &[u8], len: usize| {
            let shown = bytes[..bytes.len().min(PassedOver::KEPT)].into();
            PassedOver { peer: key.0, record: 0, bytes: shown, len, why: None }
        };
        let in_stream = self.peers.iter().find(|(_, peer)| !peer.stream.1.is_empty());
        if let Some((key, peer)) = in_stream {
            return Some(of(*key, &peer.stream.1, peer.stream.1.len()));
        }
        let framers = self.framers.as_ref()?;
        let pending = framers.keys().into_iter().find(|id| framers.pending(*id) > 0)?;
        Some(of(self.key(pending), &[], framers.pending(pending) as usize))
    }

    /// When a frame may end because nothing follows it.
    pub fn quiet_at(&self) -> Option<Instant> {
        let framers = self.framers.as_ref()?;
        let ends = framers.keys().into_iter().filter(|id| framers.pending(*id) > 0).filter_map(|id| {
            let gap = framers.get(id)?.framer().gap()?;
            Some(self.peers.get(&self.key(id))?.quiet_since + gap)
        });
        ends.min()
    }

    fn peer(&mut self, key: PeerId, id: PeerId, capture: &CaptureReader) -> &mut Peer {
        let place = self.next_arrival;
        self.peers.entry(key).or_insert_with(|| Peer {
            id,
            address: capture.peer_address(id),
            is_open: false,
            place,
            stream: (0, Vec::new()),
            may_move: true,
            sent_mono_ns: None,
            reads: VecDeque::new(),
            quiet_since: Instant::now(),
            half_closed: false,
        })
    }

    /// Adds an arrival. It waits behind those of its connection whose rules have not decided yet.
    fn push(&mut self, peer: PeerId, record: u64, mono_ns: i64, what: What) {
        match &mut self.undecided {
            Some(undecided) if undecided.holds(peer) => undecided.follow(Waiting { key: peer, record, mono_ns, what }),
            _ => self.arrived(peer, record, mono_ns, what),
        }
    }

    fn arrived(&mut self, peer: PeerId, record: u64, mono_ns: i64, what: What) {
        let number = self.next_arrival;
        self.next_arrival += 1;
        self.kept += what.memory();
        self.arrivals.push_back(Arrival { number, peer, record, mono_ns, what });
        while self.kept > KEPT_BYTES_MAX {
            self.pass_over_oldest();
        }
    }

    /// Passes over the oldest arrival, which no statement has looked at.
    fn pass_over_oldest(&mut self) {
        let Some(oldest) = self.arrivals.pop_front() else { return };
        self.kept -= oldest.what.memory();
        let Some(peer) = self.peers.get_mut(&oldest.peer).filter(|peer| oldest.number >= peer.place) else { return };
        peer.place = oldest.number + 1;
        self.overflowed += 1;
        if let What::Bytes { len } = oldest.what {
            let begin = peer.stream.0;
            peer.drop_stream(begin + len as u64);
        }
    }

    /// Number of the next arrival.
    pub fn now(&self) -> u64 {
        self.next_arrival
    }

    /// Moves the place of one connection, or of all.
    pub fn move_place(&mut self, key: Option<PeerId>, place: u64) {
        for (own, peer) in &mut self.peers {
            if key.is_none_or(|key| key == *own) {
                peer.place = peer.place.max(place);
                let end = peer.stream.0 + peer.stream.1.len() as u64;
                if place >= self.next_arrival {
                    peer.drop_stream(end);
                }
            }
        }
        self.forget();
    }

    /// Removes arrivals before every place.
    pub fn forget(&mut self) {
        while let Some(first) = self.arrivals.front() {
            let place = self.peers.get(&first.peer).map_or(u64::MAX, |peer| peer.place);
            if first.number >= place {
                break;
            }
            self.kept -= first.what.memory();
            self.arrivals.pop_front();
        }
        if self.peers.len() > PEERS_KEPT && self.arrivals.is_empty() {
            let last = self.last_peer;
            self.peers.retain(|key, peer| peer.is_open || last == Some(*key) || !peer.stream.1.is_empty());
        }
    }
}

impl What {
    /// Its memory, in bytes.
    fn memory(&self) -> usize {
        ARRIVAL_BYTES
            + match self {
                Self::Frame(frame) => frame.wire.len() + frame.content.len(),
                Self::Bytes { len } => *len,
                Self::Opened | Self::Closed(_) => 0,
            }
    }
}

impl Peer {
    /// Notes when the bytes before `end` were read.
    fn note_read(&mut self, end: u64, mono_ns: i64) {
        if self.reads.len() == READS_MAX {
            self.reads.pop_front();
        }
        self.reads.push_back((end, mono_ns));
    }

    /// When the byte at `start` was read. Reads before `end` are forgotten.
    fn read_at(&mut self, start: u64, end: u64) -> Option<i64> {
        let at = self.reads.iter().find(|(until, _)| *until > start).or(self.reads.back()).map(|(_, mono_ns)| *mono_ns);
        while self.reads.len() > 1 && self.reads.front().is_some_and(|(until, _)| *until < end) {
            self.reads.pop_front();
        }
        at
    }

    /// When the byte at this offset of the stream was read.
    pub fn stream_read_at(&mut self, offset: u64) -> Option<i64> {
        self.read_at(offset, offset)
    }

    /// Removes the bytes of the stream before this offset.
    pub fn drop_stream(&mut self, until: u64) {
        let count = until.saturating_sub(self.stream.0).min(self.stream.1.len() as u64);
        self.stream.1.drain(..count as usize);
        self.stream.0 += count;
    }
}

//! One send in progress: its items, its lanes (one for each peer), and its result.

use crate::capture::{Cause, Marks};
use crate::engine::send::file::OpenFile;
use crate::engine::send::lane::{Delay, Lane};
use crate::engine::send::made::Unmade;
use crate::engine::send::pace::SendPace;
use crate::engine::send::plan::{DATAGRAM_BYTES_MAX, SendContent, SendItem, SendPlan};
use crate::engine::send::queue::{Content, FILE_CHUNK_BYTES, QueuedPayload};
use crate::engine::{PeerProgress, SendOutcome};
use crate::model::{ErrorKind, NetError, Operation, PeerId, Target, Ticket};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The shortest interval of a repeat.
pub const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);

/// Maximum count of peers in a progress event.
const PEERS_LISTED: usize = 16;

/// When the rounds of a send begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Pace {
    /// One round.
    Once,
    /// This many rounds, each peer as fast as it accepts them.
    Fast(u64),
    /// One round per interval; `None`: until stopped.
    Timed(Duration, Option<u64>),
}

impl Pace {
    /// The pace of a plan.
    ///
    /// # Errors
    /// The plan is endless without an interval, or its interval is too short.
    fn of(plan: &SendPlan, endpoint: &str) -> Result<Self, NetError> {
        if plan.rounds != Some(1) && plan.every.is_some_and(|every| !every.is_zero() && every < SHORTEST_INTERVAL) {
            let detail = "the interval of a repeat is at least 1 ms";
            return Err(NetError::new(Operation::Send, ErrorKind::Invalid, endpoint, detail));
        }
        match (plan.every.filter(|every| !every.is_zero()), plan.rounds) {
            (_, Some(1)) => Ok(Self::Once),
            (Some(every), rounds) => Ok(Self::Timed(every, rounds)),
            (None, Some(rounds)) => Ok(Self::Fast(rounds)),
            (None, None) => {
                Err(NetError::new(Operation::Send, ErrorKind::Invalid, endpoint, "an endless repeat needs an interval"))
            }
        }
    }
}

/// Why a send does not begin.
#[derive(Debug)]
pub(in crate::engine) struct Refusal {
    pub(in crate::engine) error: NetError,
    /// The name of the item that cannot be sent.
    pub(in crate::engine) item: Option<Arc<str>>,
}

impl From<NetError> for Refusal {
    fn from(error: NetError) -> Self {
        Self { error, item: None }
    }
}

/// The receivers of an item.
#[derive(Clone, Debug)]
pub(in crate::engine) enum Receivers {
    /// Every peer of the send.
    Everyone,
    /// These, sorted.
    These(Vec<PeerId>),
}

/// An item with its file open and its receivers resolved.
#[derive(Debug)]
struct Step {
    item: SendItem,
    receivers: Receivers,
    file: Option<Rc<OpenFile>>,
    /// The bytes that were made last, and their round.
    made: Option<(u64, Arc<[u8]>)>,
}

impl Step {
    fn bytes(&self) -> Option<&Arc<[u8]>> {
        match &self.item.content {
            SendContent::Bytes(bytes) => Some(bytes),
            SendContent::Made(_) => self.made.as_ref().map(|(_, bytes)| bytes),
            SendContent::File { .. } | SendContent::Opened(_) => None,
        }
    }

    /// Makes the bytes of a round, where each round has its own.
    fn make(&mut self, round: u64) -> Result<(), Unmade> {
        if let SendContent::Made(maker) = &self.item.content
            && self.made.as_ref().is_none_or(|(made, _)| *made != round)
        {
            self.made = Some((round, maker.make(round)?));
        }
        Ok(())
    }

    /// # Errors
    /// The file cannot be read, or it does not fit in datagrams.
    fn new(item: SendItem, receivers: Receivers, is_datagram: bool, endpoint: &str) -> Result<Self, Refusal> {
        let file = match &item.content {
            SendContent::Bytes(_) | SendContent::Made(_) => Ok(None),
            SendContent::File { udp_chunk: Some(bytes), .. }
                if is_datagram && !(1..=DATAGRAM_BYTES_MAX).contains(bytes) =>
            {
                let detail = format!("a datagram of {bytes} bytes: 1 to {DATAGRAM_BYTES_MAX} are possible");
                Err(NetError::new(Operation::Send, ErrorKind::Invalid, endpoint, detail))
            }
            SendContent::File { path, udp_chunk: None } if is_datagram => OpenFile::open(path).and_then(|file| {
                let fits = file.size().is_none_or(|size| size <= DATAGRAM_BYTES_MAX.into());
                if fits { Ok(Some(Rc::new(file))) } else { Err(file.too_long()) }
            }),
            SendContent::File { path, .. } => OpenFile::open(path).map(|file| Some(Rc::new(file))),
            SendContent::Opened(_) if is_datagram => Err(NetError::new(
                Operation::Send,
                ErrorKind::Invalid,
                endpoint,
                "an open file is sent on streams only",
            )),
            SendContent::Opened(opened) => OpenFile::of(opened).map(|file| Some(Rc::new(file))),
        };
        match file {
            Ok(file) => Ok(Self { item, receivers, file, made: None }),
            Err(error) => Err(Refusal { error, item: item.name }),
        }
    }

    fn is_for(&self, peer: PeerId) -> bool {
        match &self.receivers {
            Receivers::Everyone => true,
            Receivers::These(peers) => peers.binary_search(&peer).is_ok(),
        }
    }

    /// Bytes in a send queue.
    fn queued_len(&self) -> usize {
        self.bytes().map_or(0, |bytes| bytes.len())
    }

    /// Length in bytes, if known.
    fn len(&self) -> Option<u64> {
        match &self.item.content {
            SendContent::Opened(opened) => return Some(opened.len()),
            SendContent::Made(_) => return None,
            SendContent::Bytes(_) | SendContent::File { .. } => {}
        }
        self.file.as_ref().map_or(Some(self.queued_len() as u64), |file| file.size())
    }
}

/// A file from an offset on, or a piece of it.
fn file_content(file: &Rc<OpenFile>, step: usize, is_one: bool, (offset, until): (u64, Option<u64>)) -> Content {
    Content::File { file: file.clone(), step, is_one, chunk: Vec::new(), at: 0, offset, until, ended: false }
}

/// A plan with its files open.
#[derive(Debug)]
pub(in crate::engine) struct Job {
    pub(in crate::engine) ticket: Option<Ticket>,
    pub(in crate::engine) target: Target,
    pub(in crate::engine) pace: Pace,
    rounds: Option<u64>,
    steps: Vec<Step>,
    /// Sorted by peer.
    pub(in crate::engine) lanes: Vec<Lane>,
    /// Rounds completed by peers that have left.
    pub(in crate::engine) rounds_of_the_dead: u64,
    /// Timed sends: rounds begun.
    pub(in crate::engine) rounds_begun: u64,
    pub(in crate::engine) started: Instant,
    pub(in crate::engine) sent_bytes: u64,
    pub(in crate::engine) error: Option<NetError>,
    /// The name of the item at which the error occurred.
    failed_item: Option<Arc<str>>,
    /// Nothing more is queued.
    is_stopped: bool,
    /// Peers whose queue was full.
    pub(in crate::engine) full_peers: Vec<String>,
    pub(in crate::engine) progress_reported: Instant,
}

impl Job {
    /// Opens the files. `peers`: all receivers, sorted. `receivers`: those of each item.
    ///
    /// # Errors
    /// A file cannot be read, or the plan is invalid.
    pub(in crate::engine) fn new(
        (ticket, target): (Option<Ticket>, Target),
        plan: SendPlan,
        (peers, receivers): (Vec<PeerId>, Vec<Receivers>),
        is_datagram: bool,
        endpoint: &str,
    ) -> Result<Self, Refusal> {
        let pace = Pace::of(&plan, endpoint)?;
        let rounds = plan.rounds;
        let items = plan.items.into_iter().zip(receivers);
        let steps = items.map(|(item, receivers)| Step::new(item, receivers, is_datagram, endpoint));
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        let lanes = peers.into_iter().map(|peer| Lane::new(peer, steps.len())).collect();
        let now = Instant::now();
        Ok(Self {
            ticket,
            target,
            pace,
            rounds,
            steps,
            lanes,
            rounds_of_the_dead: 0,
            rounds_begun: 0,
            started: now,
            sent_bytes: 0,
            error: None,
            failed_item: None,
            is_stopped: false,
            full_peers: Vec::new(),
            progress_reported: now,
        })
    }

    /// The lane of a peer, unless it is dead.
    pub(in crate::engine) fn lane_of(&self, peer: PeerId) -> Option<usize> {
        let lane = self.lanes.binary_search_by_key(&peer, |lane| lane.peer).ok()?;
        (!self.lanes[lane].dead).then_some(lane)
    }

    /// Replaces the items of later rounds by one with this content; items that share their bytes, one for each peer, stay apart.
    /// What is queued stays.
    pub(in crate::engine) fn change(&mut self, content: &SendContent) {
        let first = self.steps.first().map(|step| step.item.content.clone());
        let shared = |step: &Step| first.as_ref().is_some_and(|first| first.is_shared_with(&step.item.content));
        if !self.steps.iter().all(shared) {
            self.steps.truncate(1);
        }
        for step in &mut self.steps {
            step.item.content = content.clone();
            (step.file, step.made) = (None, None);
        }
        for lane in &mut self.lanes {
            lane.skip_to_end_of(self.steps.len());
        }
    }

    /// Makes the bytes of the next item of a lane, where each round has its own. If they cannot be made, the send ends once what is
    /// queued is written; returns false.
    pub(in crate::engine) fn make(&mut self, item: usize, lane: usize, endpoint: &str) -> bool {
        let round = match (self.pace, self.lanes.get(lane)) {
            (Pace::Timed(..), _) => self.rounds_begun,
            (_, Some(lane)) => lane.round,
            (_, None) => return false,
        };
        let Some(step) = self.steps.get_mut(item) else { return false };
        let Err(Unmade { written }) = step.make(round.saturating_sub(1)) else { return true };
        self.failed_item = step.item.name.clone();
        self.error = Some(NetError::new(Operation::Send, ErrorKind::NoContent, endpoint, written));
        self.is_stopped = true;
        false
    }

    /// Whether an item goes to all peers.
    pub(in crate::engine) fn is_for_all(&self) -> bool {
        self.steps.iter().any(|step| step.item.target.unwrap_or(self.target) == Target::All)
    }

    /// Whether an item is for this peer.
    pub(in crate::engine) fn is_for(&self, item: usize, peer: PeerId) -> bool {
        self.steps.get(item).is_some_and(|step| step.is_for(peer))
    }

    /// The delay before an item.
    pub(in crate::engine) fn delay(&self, item: usize) -> Duration {
        self.steps.get(item).map_or(Duration::ZERO, |step| step.item.delay)
    }

    /// The pace of an item that is sent in pieces.
    pub(in crate::engine) fn piece_pace(&self, item: usize, is_datagram: bool) -> Option<SendPace> {
        let step = self.steps.get(item)?;
        // A file that is one datagram has no pieces.
        let is_one = is_datagram && matches!(step.item.content, SendContent::File { udp_chunk: None, .. });
        step.item.pace.filter(|_| step.file.is_some() && !is_one)
    }

    /// Whether the file of an item ends at `offset`.
    pub(in crate::engine) fn ends_at(&self, item: usize, offset: u64) -> bool {
        self.steps.get(item).and_then(|step| step.file.as_ref()).is_none_or(|file| file.is_at_end(offset))
    }

    /// Whether an item is the last one of a round for this peer.
    pub(in crate::engine) fn ends_round(&self, item: usize, peer: PeerId) -> bool {
        !self.steps.iter().skip(item + 1).any(|step| step.is_for(peer))
    }

    /// Whether nothing more is queued.
    pub(in crate::engine) fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// The name of the first item that a lane has not written.
    fn unwritten(&self, lane: &Lane) -> Option<Arc<str>> {
        let is_for = |step: &&Step| step.is_for(lane.peer);
        let step = self.steps.iter().skip(lane.written).find(is_for).or_else(|| self.steps.iter().find(is_for));
        step.and_then(|step| step.item.name.clone())
    }

    /// Ends a lane. The first error becomes the error of the send.
    pub(in crate::engine) fn end_lane(&mut self, lane: usize, error: Option<NetError>) {
        let Some(found) = self.lanes.get(lane) else { return };
        if let Some(error) = error.filter(|_| self.error.is_none()) {
            self.failed_item = self.unwritten(found);
            self.error = Some(error);
        }
        self.lanes[lane].die();
    }

    /// The receiver, if there is exactly one.
    pub(in crate::engine) fn only_peer(&self) -> Option<PeerId> {
        match self.lanes.as_slice() {
            [lane] => Some(lane.peer),
            _ => None,
        }
    }

    /// Number of items in a round.
    pub(in crate::engine) fn items(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is nothing to send.
    pub(in crate::engine) fn is_nothing(&self) -> bool {
        self.steps.is_empty() || self.rounds == Some(0)
    }

    /// Whether it is a single payload. A single payload fails if the queue has no room; other sends wait.
    pub(in crate::engine) fn is_single(&self) -> bool {
        self.pace == Pace::Once && self.steps.len() == 1 && !self.has_files()
    }

    /// Whether an item is a file.
    pub(in crate::engine) fn has_files(&self) -> bool {
        self.steps.iter().any(|step| step.file.is_some())
    }

    /// Bytes of an item in a send queue.
    pub(in crate::engine) fn queued_len(&self, item: usize) -> usize {
        self.steps.get(item).map_or(0, Step::queued_len)
    }

    /// The marks of an item's records. A send without a ticket was not started by the user.
    fn marks(&self, id: u64, step: &Step, is_message: bool) -> Marks {
        let is_automatic = self.ticket.is_none() || step.item.cause.is_some();
        let cause = match (self.pace, step.item.target.unwrap_or(self.target)) {
            _ if is_automatic => step.item.cause.unwrap_or(Cause::Join),
            (Pace::Fast(_) | Pace::Timed(..), _) => Cause::Repeat,
            _ if step.file.is_some() => Cause::File,
            (_, Target::All) => Cause::Broadcast,
            _ if step.item.name.is_some() => Cause::List,
            _ => Cause::Single,
        };
        let action = u32::try_from(id).unwrap_or(0);
        Marks { is_message, is_automatic, cause, action, form: step.item.form, ..Marks::default() }
    }

    /// Makes a queue entry of an item.
    pub(in crate::engine) fn entry(
        &self,
        id: u64,
        item: usize,
        lane: &Lane,
        is_datagram: bool,
    ) -> Option<QueuedPayload> {
        let step = self.steps.get(item)?;
        let peer = lane.peer;
        let offset = lane.piece.map_or(0, |pieces| pieces.offset);
        let piece = |most: usize| {
            let pace = self.piece_pace(item, is_datagram)?;
            // A datagram is a piece.
            let bytes = if is_datagram { most as u64 } else { pace.piece_bytes().into() };
            Some(offset.saturating_add(bytes))
        };
        let content = match (&step.item.content, &step.file) {
            (SendContent::Made(_), _) => Content::Shared { bytes: step.bytes()?.clone(), at: 0, again: 0 },
            (SendContent::Bytes(bytes), _) => Content::Shared { bytes: bytes.clone(), at: 0, again: 0 },
            (SendContent::File { udp_chunk, .. }, Some(file)) => {
                let most =
                    if is_datagram { udp_chunk.unwrap_or(DATAGRAM_BYTES_MAX) as usize } else { FILE_CHUNK_BYTES };
                let is_one = is_datagram && udp_chunk.is_none();
                file_content(file, most, is_one, (offset, piece(most)))
            }
            (SendContent::Opened(_), Some(file)) => {
                file_content(file, FILE_CHUNK_BYTES, false, (offset, piece(FILE_CHUNK_BYTES)))
            }
            (SendContent::File { .. } | SendContent::Opened(_), None) => return None,
        };
        Some(QueuedPayload {
            job: Some(id),
            peer,
            source: None,
            item,
            marks: self.marks(id, step, is_datagram),
            name: step.item.name.clone(),
            content,
        })
    }

    /// Begins the next round of a lane whose round is completely queued. Returns false if no round follows, or only at a set time.
    pub(in crate::engine) fn begin_next_round(&mut self, lane: usize) -> bool {
        if self.is_stopped {
            return false;
        }
        let items = self.items();
        let rounds = match self.pace {
            Pace::Once => 1,
            Pace::Fast(rounds) => rounds,
            Pace::Timed(..) => return false,
        };
        let Some(lane) = self.lanes.get_mut(lane) else { return false };
        if lane.round >= rounds || items == 0 {
            return false;
        }
        lane.begin_round();
        true
    }

    /// Begins a timed round for every lane whose last round is completely queued. Returns false if there is none.
    pub(in crate::engine) fn begin_timed_round(&mut self) -> bool {
        if self.is_stopped {
            return false;
        }
        let items = self.items();
        let mut begun = false;
        for lane in self.lanes.iter_mut().filter(|lane| !lane.dead && lane.item == items) {
            lane.begin_round();
            begun = true;
        }
        self.rounds_begun += u64::from(begun);
        begun
    }

    /// Timed sends: whether all rounds have begun.
    pub(in crate::engine) fn is_last_round_begun(&self) -> bool {
        self.is_stopped || matches!(self.pace, Pace::Timed(_, Some(rounds)) if self.rounds_begun >= rounds)
    }

    /// Whether the lane has nothing left to send.
    pub(in crate::engine) fn is_lane_complete(&self, lane: &Lane) -> bool {
        if self.is_stopped {
            return lane.outstanding == 0;
        }
        let pushed = lane.item == self.items() && lane.outstanding == 0;
        pushed
            && match self.pace {
                Pace::Once => lane.round >= 1,
                Pace::Fast(rounds) => lane.round >= rounds,
                Pace::Timed(..) => self.is_last_round_begun(),
            }
    }

    /// An endless repeat to all peers waits for new peers when the last one has left.
    fn waits_for_peers(&self) -> bool {
        self.is_for_all() && matches!(self.pace, Pace::Timed(_, None)) && !self.is_stopped
    }

    /// Whether every lane is complete or dead.
    pub(in crate::engine) fn is_over(&self) -> bool {
        if self.lanes.iter().all(|lane| lane.dead) {
            return !self.waits_for_peers();
        }
        self.lanes.iter().all(|lane| lane.dead || self.is_lane_complete(lane))
    }

    /// Whether it continues for this peer and ends by itself.
    pub(in crate::engine) fn is_busy_with(&self, peer: PeerId) -> bool {
        let endless = matches!(self.pace, Pace::Timed(_, None));
        !endless && self.lane_of(peer).is_some_and(|lane| !self.is_lane_complete(&self.lanes[lane]))
    }

    /// Bytes of all rounds to all peers, if known.
    pub(in crate::engine) fn total_bytes(&self) -> Option<u64> {
        let rounds = self.known_rounds()?;
        let bytes_to = |sum: u64, lane: &Lane| {
            let items = self.steps.iter().filter(|step| step.is_for(lane.peer));
            items.map(Step::len).try_fold(sum, |sum, len| sum.checked_add(len?))
        };
        self.lanes.iter().try_fold(0, bytes_to)?.checked_mul(rounds)
    }

    /// Bytes of all rounds to one peer, if known and the same for all peers.
    pub(in crate::engine) fn peer_bytes(&self) -> Option<u64> {
        let rounds = self.known_rounds()?;
        let mut items = self.steps.iter().map(|step| match &step.receivers {
            Receivers::Everyone => step.len(),
            Receivers::These(_) => None,
        });
        items.try_fold(0_u64, |sum, len| sum.checked_add(len?))?.checked_mul(rounds)
    }

    fn known_rounds(&self) -> Option<u64> {
        match self.pace {
            Pace::Once => Some(1),
            Pace::Fast(rounds) => Some(rounds),
            Pace::Timed(..) if self.is_for_all() => None,
            Pace::Timed(_, rounds) => rounds,
        }
    }

    /// Progress of a file for each peer; of many peers, the slowest.
    pub(in crate::engine) fn peers(&self) -> Vec<PeerProgress> {
        if !self.has_files() {
            return Vec::new();
        }
        let mut lanes: Vec<&Lane> = self.lanes.iter().collect();
        lanes.sort_by_key(|lane| (lane.dead, lane.sent_bytes));
        lanes.truncate(PEERS_LISTED);
        lanes.sort_by_key(|lane| lane.peer);
        let is_waiting = |lane: &Lane| !lane.dead && lane.delay != Delay::Runs && !self.is_lane_complete(lane);
        let progress = |lane: &Lane| PeerProgress {
            peer: lane.peer,
            sent_bytes: lane.sent_bytes,
            waits: if is_waiting(lane) { lane.taken_at.elapsed() } else { Duration::ZERO },
            gone: lane.dead,
        };
        lanes.into_iter().map(progress).collect()
    }

    /// Rounds that at least one peer has received completely.
    pub(in crate::engine) fn rounds_done(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.rounds_done).fold(self.rounds_of_the_dead, u64::max)
    }

    /// The outcome; `cut`: the error that ended it from outside.
    pub(in crate::engine) fn outcome(&self, cut: Option<NetError>) -> SendOutcome {
        let full = self.full_peers.first().map(|first| {
            let detail = format!("{} of {} peers have a full send queue", self.full_peers.len(), self.lanes.len());
            NetError::new(Operation::Send, ErrorKind::QueueFull, first.clone(), detail)
        });
        let item = match cut {
            Some(_) => self.lanes.iter().find(|lane| !lane.dead && !self.is_lane_complete(lane)),
            None => None,
        };
        let item = item.map_or_else(|| self.failed_item.clone(), |lane| self.unwritten(lane));
        let error = cut.or_else(|| self.error.clone()).or(full);
        SendOutcome {
            sent_bytes: self.sent_bytes,
            rounds: self.rounds_done(),
            peers: self.lanes.len(),
            result: error.map_or(Ok(()), Err),
            item,
        }
    }
}

//! One send in progress: what has been queued for each peer, and with what result.

use crate::capture::{Cause, Marks};
use crate::engine::send::file::OpenFile;
use crate::engine::send::queue::{Content, Entry, FILE_CHUNK_BYTES};
use crate::engine::{DATAGRAM_BYTES_MAX, PeerProgress, SendItem, SendOutcome, SendPlan};
use crate::model::{ErrorKind, NetError, Operation, PeerId, Target, Ticket};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The shortest interval of a repeat.
pub const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);

/// At most this many peers are listed in a progress event.
const PEERS_TOLD: usize = 16;

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

/// A send's progress with one peer.
#[derive(Debug)]
pub(in crate::engine) struct Lane {
    pub(in crate::engine) peer: PeerId,
    /// Rounds begun.
    pub(in crate::engine) round: u64,
    /// The next item of the round to queue; the number of items: none is left.
    pub(in crate::engine) item: usize,
    /// Payloads queued and not written.
    pub(in crate::engine) outstanding: usize,
    /// Rounds written.
    pub(in crate::engine) rounds_done: u64,
    /// Bytes written.
    pub(in crate::engine) sent_bytes: u64,
    /// When bytes were last written.
    pub(in crate::engine) taken_at: Instant,
    /// Nothing more is sent to this peer.
    pub(in crate::engine) dead: bool,
    /// Waiting for room in the queue.
    pub(in crate::engine) parked: bool,
}

impl Lane {
    pub(in crate::engine) fn new(peer: PeerId, items: usize) -> Self {
        Self {
            peer,
            round: 0,
            item: items,
            outstanding: 0,
            rounds_done: 0,
            sent_bytes: 0,
            taken_at: Instant::now(),
            dead: false,
            parked: false,
        }
    }
}

/// A plan with its files open.
#[derive(Debug)]
pub(in crate::engine) struct Job {
    pub(in crate::engine) ticket: Option<Ticket>,
    pub(in crate::engine) target: Target,
    pub(in crate::engine) pace: Pace,
    plan: SendPlan,
    files: Vec<Option<Rc<OpenFile>>>,
    /// Sorted by peer.
    pub(in crate::engine) lanes: Vec<Lane>,
    /// Rounds completed by peers that have left.
    pub(in crate::engine) rounds_of_the_dead: u64,
    /// Timed sends: rounds begun.
    pub(in crate::engine) rounds_begun: u64,
    pub(in crate::engine) started: Instant,
    pub(in crate::engine) sent_bytes: u64,
    pub(in crate::engine) error: Option<NetError>,
    /// Peers whose queue was full.
    pub(in crate::engine) full_peers: Vec<String>,
    pub(in crate::engine) progress_told: Instant,
}

impl Job {
    /// Opens the files.
    ///
    /// # Errors
    /// A file cannot be read, or the plan is invalid.
    pub(in crate::engine) fn new(
        ticket: Option<Ticket>,
        target: Target,
        plan: SendPlan,
        is_datagram: bool,
        endpoint: &str,
    ) -> Result<Self, NetError> {
        let pace = Pace::of(&plan, endpoint)?;
        let open = |item: &SendItem| match item {
            SendItem::Bytes(_) => Ok(None),
            SendItem::File { udp_chunk: Some(bytes), .. }
                if is_datagram && !(1..=DATAGRAM_BYTES_MAX).contains(bytes) =>
            {
                let detail = format!("a datagram of {bytes} bytes: 1 to {DATAGRAM_BYTES_MAX} are possible");
                Err(NetError::new(Operation::Send, ErrorKind::Invalid, endpoint, detail))
            }
            SendItem::File { path, udp_chunk: None } if is_datagram => OpenFile::open(path).and_then(|file| {
                let fits = file.size().is_none_or(|size| size <= DATAGRAM_BYTES_MAX.into());
                if fits { Ok(Some(Rc::new(file))) } else { Err(file.too_long()) }
            }),
            SendItem::File { path, .. } => OpenFile::open(path).map(|file| Some(Rc::new(file))),
        };
        let files = plan.items.iter().map(open).collect::<Result<_, _>>()?;
        let now = Instant::now();
        Ok(Self {
            ticket,
            target,
            pace,
            plan,
            files,
            lanes: Vec::new(),
            rounds_of_the_dead: 0,
            rounds_begun: 0,
            started: now,
            sent_bytes: 0,
            error: None,
            full_peers: Vec::new(),
            progress_told: now,
        })
    }

    /// The lane of a peer that still takes part.
    pub(in crate::engine) fn lane_of(&self, peer: PeerId) -> Option<usize> {
        let lane = self.lanes.binary_search_by_key(&peer, |lane| lane.peer).ok()?;
        (!self.lanes[lane].dead).then_some(lane)
    }

    /// Replaces the payload of later rounds. What is queued stays.
    pub(in crate::engine) fn change(&mut self, bytes: &Arc<[u8]>) {
        self.plan.items = vec![SendItem::Bytes(bytes.clone())];
        self.files = vec![None];
    }

    /// The only receiver, if there is just one.
    pub(in crate::engine) fn only_peer(&self) -> Option<PeerId> {
        match self.lanes.as_slice() {
            [lane] => Some(lane.peer),
            _ => None,
        }
    }

    /// Number of items in a round.
    pub(in crate::engine) fn items(&self) -> usize {
        self.plan.items.len()
    }

    /// There is nothing to send.
    pub(in crate::engine) fn is_nothing(&self) -> bool {
        self.plan.items.is_empty() || self.plan.rounds == Some(0)
    }

    /// A single payload: it fails if the queue has no room. Other sends wait for room.
    pub(in crate::engine) fn is_single(&self) -> bool {
        self.pace == Pace::Once && matches!(self.plan.items.as_slice(), [SendItem::Bytes(_)])
    }

    /// An item is a file.
    pub(in crate::engine) fn has_files(&self) -> bool {
        self.files.iter().any(Option::is_some)
    }

    /// Bytes that an item takes up in a queue.
    pub(in crate::engine) fn queued_len(&self, item: usize) -> usize {
        match self.plan.items.get(item) {
            Some(SendItem::Bytes(bytes)) => bytes.len(),
            Some(SendItem::File { .. }) | None => 0,
        }
    }

    /// The marks of an item's records. A send without a ticket was not started by the user.
    fn marks(&self, id: u64, item: usize, stands_alone: bool) -> Marks {
        let is_automatic = self.ticket.is_none();
        let cause = match (self.pace, self.files.get(item), self.target) {
            _ if is_automatic => Cause::Join,
            (Pace::Fast(_) | Pace::Timed(..), ..) => Cause::Repeat,
            (_, Some(Some(_)), _) => Cause::File,
            (_, _, Target::All) => Cause::Broadcast,
            _ => Cause::Single,
        };
        let action = u32::try_from(id).unwrap_or(0);
        Marks { stands_alone, is_automatic, cause, action, ..Marks::default() }
    }

    /// Makes a queue entry of an item.
    pub(in crate::engine) fn entry(&self, id: u64, item: usize, peer: PeerId, is_datagram: bool) -> Option<Entry> {
        let content = match (self.plan.items.get(item)?, self.files.get(item)?) {
            (SendItem::Bytes(bytes), _) => Content::Shared { bytes: bytes.clone(), at: 0, again: 0 },
            (SendItem::File { udp_chunk, .. }, Some(file)) => {
                let step =
                    if is_datagram { udp_chunk.unwrap_or(DATAGRAM_BYTES_MAX) as usize } else { FILE_CHUNK_BYTES };
                let is_one = is_datagram && udp_chunk.is_none();
                Content::File { file: file.clone(), step, is_one, chunk: Vec::new(), at: 0, offset: 0, ended: false }
            }
            (SendItem::File { .. }, None) => return None,
        };
        Some(Entry {
            job: Some(id),
            peer,
            source: None,
            ends_round: item + 1 == self.items(),
            marks: self.marks(id, item, is_datagram),
            content,
        })
    }

    /// Begins the next round of a lane whose round is queued, where it follows at once.
    pub(in crate::engine) fn begin_next_round(&mut self, lane: usize) -> bool {
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
        lane.round += 1;
        lane.item = 0;
        true
    }

    /// Begins a timed round for every peer that has queued the last one. False: no peer has.
    pub(in crate::engine) fn begin_timed_round(&mut self) -> bool {
        let items = self.items();
        let mut begun = false;
        for lane in self.lanes.iter_mut().filter(|lane| !lane.dead && lane.item == items) {
            lane.round += 1;
            lane.item = 0;
            begun = true;
        }
        self.rounds_begun += u64::from(begun);
        begun
    }

    /// Timed sends: all rounds have begun.
    pub(in crate::engine) fn is_last_round_begun(&self) -> bool {
        matches!(self.pace, Pace::Timed(_, Some(rounds)) if self.rounds_begun >= rounds)
    }

    /// The lane has nothing left to send.
    pub(in crate::engine) fn is_lane_complete(&self, lane: &Lane) -> bool {
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
        self.target == Target::All && matches!(self.pace, Pace::Timed(_, None))
    }

    /// Every lane is complete or dead.
    pub(in crate::engine) fn is_over(&self) -> bool {
        if self.lanes.iter().all(|lane| lane.dead) {
            return !self.waits_for_peers();
        }
        self.lanes.iter().all(|lane| lane.dead || self.is_lane_complete(lane))
    }

    /// It continues for this peer and ends by itself.
    pub(in crate::engine) fn is_busy_with(&self, peer: PeerId) -> bool {
        let endless = matches!(self.pace, Pace::Timed(_, None));
        !endless && self.lane_of(peer).is_some_and(|lane| !self.is_lane_complete(&self.lanes[lane]))
    }

    /// Bytes of all rounds to all peers, where known.
    pub(in crate::engine) fn total_bytes(&self) -> Option<u64> {
        self.peer_bytes()?.checked_mul(self.lanes.len() as u64)
    }

    /// Bytes of all rounds to one peer, where known.
    pub(in crate::engine) fn peer_bytes(&self) -> Option<u64> {
        let rounds = match (self.pace, self.target) {
            (Pace::Once, _) => 1,
            (Pace::Fast(rounds), _) => rounds,
            (Pace::Timed(..), Target::All) => return None,
            (Pace::Timed(_, rounds), _) => rounds?,
        };
        let round = (0..self.items()).try_fold(0_u64, |sum, item| match self.files.get(item) {
            Some(Some(file)) => sum.checked_add(file.size()?),
            _ => sum.checked_add(self.queued_len(item) as u64),
        })?;
        round.checked_mul(rounds)
    }

    /// Progress of a file for each peer; of many peers, the slowest.
    pub(in crate::engine) fn peers(&self) -> Vec<PeerProgress> {
        if !self.has_files() {
            return Vec::new();
        }
        let mut lanes: Vec<&Lane> = self.lanes.iter().collect();
        lanes.sort_by_key(|lane| (lane.dead, lane.sent_bytes));
        lanes.truncate(PEERS_TOLD);
        lanes.sort_by_key(|lane| lane.peer);
        let told = |lane: &Lane| PeerProgress {
            peer: lane.peer,
            sent_bytes: lane.sent_bytes,
            waits: if lane.dead || self.is_lane_complete(lane) { Duration::ZERO } else { lane.taken_at.elapsed() },
            gone: lane.dead,
        };
        lanes.into_iter().map(told).collect()
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
        let error = cut.or_else(|| self.error.clone()).or(full);
        SendOutcome {
            sent_bytes: self.sent_bytes,
            rounds: self.rounds_done(),
            peers: self.lanes.len(),
            result: error.map_or(Ok(()), Err),
        }
    }
}

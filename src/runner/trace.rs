//! The reply trace: the rules of a talk file run again over the frames of a capture, to show for each frame which rule answers it, or
//! for each rule why it does not.
//!
//! The replay begins with the first record that it reads, with the values of the file. It does not know what the steps of a run, other
//! rules before that record or `random()` and the clock gave the names at that time.

use crate::capture::{CaptureReader, Record, RecordKind};
use crate::codec::framing::{Builder, Framers};
use crate::codec::{Frame, FrameKind, FramingRule, Verdict};
use crate::engine::RuleSurroundings;
use crate::jobs::JobControl;
use crate::model::{Direction, PeerId, display_address};
use crate::talk::content::NoFiles;
use crate::talk::eval::Fault;
use crate::talk::rules::{Act, Connection, Output, Received, RuleSet, SERVED, Shared, Tried, Turn};
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

/// Records that are replayed, the newest of the capture.
pub const MOST_RECORDS: u64 = 20_000;
/// Frames that are kept, the newest.
pub const MOST_FRAMES: usize = 1_000;
/// Bytes of payload that are replayed.
const MOST_BYTES: u64 = 64 << 20;
/// Bytes of each frame that are kept.
const SHOWN_BYTES: usize = 64;

/// What the rules do with the newest frames of a capture.
#[derive(Debug, Default)]
pub struct Trace {
    /// The frames, oldest first.
    pub frames: Vec<TracedFrame>,
    /// The rules on frames: their names, or their heads.
    pub rules: Vec<TracedRule>,
    /// The names or heads of the rules that are off.
    pub off: Vec<String>,
    /// Earlier records of the capture were not replayed.
    pub is_partial: bool,
    /// The number after the last replayed record.
    pub end: u64,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracedRule {
    /// Its name, otherwise its head.
    pub label: String,
    /// Its head.
    pub head: String,
}

/// What the rules do with a frame.
#[derive(Debug)]
pub struct TracedFrame {
    /// The record with its last byte.
    pub record: u64,
    /// Time of that record, in ns since 1970 UTC.
    pub unix_ns: i64,
    /// Who sent it.
    pub peer: PeerId,
    /// The address of that peer.
    pub address: Option<SocketAddr>,
    /// It is a whole frame; otherwise bytes that the framing rule makes nothing of, which rules never see.
    pub is_frame: bool,
    /// Its content, or all its bytes if it has none; not more than its beginning.
    pub bytes: Vec<u8>,
    /// Their number.
    pub len: usize,
    /// The register table answers it, before any rule.
    pub is_served: bool,
    /// What its rule cannot carry out.
    pub fault: Option<Fault>,
    /// The rules on frames in their order, up to the one that takes it.
    pub tried: Vec<Tried>,
}

impl TracedFrame {
    /// The rule that takes it: its index in the set.
    #[must_use]
    pub fn taken_by(&self) -> Option<usize> {
        self.tried.last().filter(|tried| tried.why_not.is_none()).map(|tried| tried.rule)
    }

    /// Nothing answers it, not even a rule that lets it go on.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        !self.is_served && self.tried.iter().all(|tried| tried.why_not.is_some())
    }
}

/// Replays the newest records of a capture.
#[must_use]
pub fn trace(reader: &CaptureReader, set: &RuleSet, control: &JobControl) -> Trace {
    let records = reader.records();
    let from = records.start.max(records.end.saturating_sub(MOST_RECORDS));
    let rule = |index| TracedRule { label: set.answers_as(index).to_string(), head: set.head(index).to_owned() };
    let rules = (0..set.len()).map(rule).collect();
    let off = set.off().map(str::to_owned).collect();
    let mut replay = Replay {
        reader,
        set,
        shared: set.shared(),
        builder: Builder::new(set.framing()),
        framers: Framers::new(set.framing().clone()),
        connections: HashMap::new(),
        out: Vec::new(),
        frames: VecDeque::new(),
        bytes: 0,
    };
    let mut number = from;
    while number < records.end && !control.cancelled() && replay.bytes < MOST_BYTES {
        control.set_progress(number - from, Some(records.end - from));
        if let Ok(record) = reader.record(number) {
            replay.record(&record);
        }
        number += 1;
    }
    replay.end(records.end);
    Trace { frames: replay.frames.into(), rules, off, is_partial: from > 0, end: number }
}

/// Bytes between two cuts of the framing rule.
struct Found {
    /// The record with the last byte.
    record: Record,
    kind: FrameKind,
    content: Option<Vec<u8>>,
    whole: Vec<u8>,
}

impl Found {
    fn new(framing: &FramingRule, record: Record, frame: &Frame, bytes: &[u8]) -> Self {
        let is_good = frame.kind == FrameKind::Frame && frame.verdict.is_none_or(Verdict::is_ok);
        let content = is_good.then(|| framing.bare_content(bytes, frame.payload_within()).into_owned());
        Self { record, kind: frame.kind, content, whole: bytes.to_vec() }
    }
}

struct Replay<'a> {
    reader: &'a CaptureReader,
    set: &'a RuleSet,
    shared: Shared,
    builder: Builder,
    framers: Framers<PeerId, Record>,
    connections: HashMap<PeerId, Connection>,
    out: Vec<Output>,
    frames: VecDeque<TracedFrame>,
    bytes: u64,
}

impl Replay<'_> {
    fn record(&mut self, record: &Record) {
        let now = Duration::from_nanos(record.mono_ns);
        match record.kind {
            RecordKind::Opened => {
                self.connections.clear();
                self.framers = Framers::new(self.set.framing().clone());
                self.shared = self.set.shared();
            }
            RecordKind::PeerJoined => self.open(record.peer, now),
            RecordKind::PeerLeft => {
                self.connections.remove(&record.peer);
                self.framers.forget(record.peer);
            }
            RecordKind::Data if record.direction == Some(Direction::Received) => self.received(record, now),
            _ => {}
        }
    }

    fn open(&mut self, peer: PeerId, now: Duration) {
        if self.connections.contains_key(&peer) {
            return;
        }
        let address = self.reader.peer_address(peer).map(display_address).unwrap_or_default();
        let connection = self.with(now, |turn| Connection::open(&address, turn));
        self.connections.insert(peer, connection);
    }

    fn with<T>(&mut self, now: Duration, work: impl FnOnce(&mut Turn<'_>) -> T) -> T {
        let Self { set, shared, builder, out, .. } = self;
        out.clear();
        work(&mut Turn {
            set,
            shared,
            builder,
            outside: &mut RuleSurroundings::default(),
            files: &mut NoFiles,
            now,
            out,
        })
    }

    fn received(&mut self, record: &Record, now: Duration) {
        let mut bytes = Vec::new();
        if self.reader.payload(record, 0..record.len, &mut bytes).is_err() {
            // What is missing cannot be framed.
            self.framers.forget(record.peer);
            return;
        }
        self.bytes += bytes.len() as u64;
        self.open(record.peer, now);
        let mut found: Vec<Found> = Vec::new();
        let framing = self.set.framing();
        let mut take =
            |record: Record, frame: &Frame, bytes: &[u8]| found.push(Found::new(framing, record, frame, bytes));
        if record.is_message() {
            if bytes.is_empty() {
                take(
                    *record,
                    &Frame { start: 0, end: 0, kind: FrameKind::Frame, payload: 0..0, verdict: None },
                    &bytes,
                );
            } else {
                self.framers.datagram(0, &bytes, record.mono_ns, &mut |frame, bytes| take(*record, frame, bytes));
            }
        } else {
            let mut sink = |_: PeerId, frame: &Frame, bytes: &[u8], of: &Record| take(*of, frame, bytes);
            self.framers.idle(record.peer, record.mono_ns, &mut sink);
            self.framers.feed(record.peer, (record.stream_offset, *record), &bytes, record.mono_ns, &mut sink);
        }
        self.frames(found, now);
    }

    /// All that arrived is there: frames that end by a pause have ended.
    fn end(&mut self, end: u64) {
        let Some(last) = end.checked_sub(1).and_then(|last| self.reader.record(last).ok()) else { return };
        let now = Duration::from_nanos(last.mono_ns);
        let mut peers = self.framers.keys();
        peers.sort_unstable();
        for peer in peers {
            let mut found = Vec::new();
            let framing = self.set.framing();
            let mut sink = |_: PeerId, frame: &Frame, bytes: &[u8], of: &Record| {
                found.push(Found::new(framing, *of, frame, bytes));
            };
            self.framers.idle(peer, u64::MAX, &mut sink);
            self.frames(found, now);
        }
    }

    fn frames(&mut self, found: Vec<Found>, now: Duration) {
        for found in found {
            if found.kind != FrameKind::Separator {
                self.frame(&found, now);
            }
        }
    }

    fn frame(&mut self, found: &Found, now: Duration) {
        let (record, content, whole) = (&found.record, found.content.as_deref(), &*found.whole);
        let Some(mut connection) = self.connections.remove(&record.peer) else { return };
        let is_frame = found.kind == FrameKind::Frame;
        let (mut tried, mut is_served, mut fault) = (Vec::new(), false, None);
        if is_frame {
            let received = Received { content, whole, record: Some(record.number), index: 0 };
            self.with(now, |turn| connection.advance(turn));
            tried = self.with(now, |turn| connection.explain(&received, turn));
            self.with(now, |turn| connection.received(&received, turn));
            let is_of_table =
                |output: &Output| output.rule == SERVED && matches!(output.what, Act::Decided { is_taken: true, .. });
            is_served = self.out.iter().any(is_of_table);
            fault = self.out.iter().find_map(|output| match &output.what {
                Act::Fault(fault) if output.record == Some(record.number) => Some(fault.clone()),
                _ => None,
            });
        }
        self.connections.insert(record.peer, connection);
        let shown = content.unwrap_or(whole);
        if self.frames.len() == MOST_FRAMES {
            self.frames.pop_front();
        }
        self.frames.push_back(TracedFrame {
            record: record.number,
            unix_ns: record.unix_ns,
            peer: record.peer,
            address: self.reader.peer_address(record.peer),
            is_frame,
            bytes: shown[..shown.len().min(SHOWN_BYTES)].to_vec(),
            len: shown.len(),
            is_served,
            fault,
            tried,
        });
    }
}

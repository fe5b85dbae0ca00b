//! Each peer and direction cut by one rule, and what of it is open.

use super::entry::{Checked, ItemEntry, ItemKind};
use super::origin::holding;
use crate::capture::{CaptureReader, Record};
use crate::codec::{Frame, FrameKind, Framer, FramingRule};
use crate::model::{Direction, PeerId};
use std::collections::{BTreeSet, HashMap};

/// A peer and direction.
pub(super) type Key = (PeerId, bool);

/// Streams whose open ends are shown at most.
const OPEN_MAX: usize = 1024;

/// What was cut: the item, the record of its first byte, its bytes.
pub(super) type OnCut<'a> = &'a mut dyn FnMut(ItemEntry, &Record, &[u8]);

struct Stream {
    framer: Framer,
    /// The newest record.
    last: Record,
}

/// See the module.
pub(super) struct Streams {
    rule: FramingRule,
    reader: CaptureReader,
    streams: HashMap<Key, Stream>,
    /// When frames that end with a gap are over, if nothing comes until then (ns, monotonic).
    gaps: BTreeSet<(u64, Key)>,
    /// For datagrams, which stand alone.
    alone: Framer,
}

impl Streams {
    pub fn new(rule: FramingRule, reader: CaptureReader) -> Self {
        let alone = Framer::new(&rule, 0);
        Self { rule, reader, streams: HashMap::new(), gaps: BTreeSet::new(), alone }
    }

    /// A datagram: cut for itself.
    pub fn datagram(&mut self, record: &Record, bytes: &[u8], sink: OnCut<'_>) {
        self.alone.restart(record.stream_offset);
        let reader = &self.reader;
        let mut tell = |frame: &Frame, bytes: &[u8]| tell(reader, frame, bytes, record, record.number, &mut *sink);
        self.alone.feed(bytes, record.mono_ns, &mut tell);
        self.alone.finish(&mut tell);
    }

    /// The next bytes of a record's payload, from `offset` on.
    pub fn feed(&mut self, record: &Record, offset: u32, bytes: &[u8], sink: OnCut<'_>) {
        let key = key_of(record);
        let at = record.stream_offset.saturating_add(offset.into());
        if self.streams.get(&key).is_some_and(|stream| stream.framer.pending().end != at) {
            self.end_stream(key, record.number, sink);
        }
        let Self { rule, reader, streams, gaps, .. } = self;
        let new = || Stream { framer: Framer::new(rule, at), last: *record };
        let Stream { framer, last } = streams.entry(key).or_insert_with(new);
        if let Some(gap) = framer.gap() {
            gaps.remove(&(due(last, gap), key));
        }
        *last = *record;
        framer.feed(bytes, record.mono_ns, &mut |frame, bytes| {
            tell(reader, frame, bytes, record, record.number, &mut *sink);
        });
        if let Some(gap) = framer.gap() {
            gaps.insert((due(record, gap), key));
        }
    }

    /// It is `mono_ns`: frames whose gap is over end. `shown_at`: the record that tells so.
    pub fn pass_time(&mut self, mono_ns: u64, shown_at: u64, sink: OnCut<'_>) {
        while let Some((due, key)) = self.gaps.first().copied().filter(|(due, _)| *due <= mono_ns) {
            self.gaps.remove(&(due, key));
            let Some(Stream { framer, last }) = self.streams.get_mut(&key) else { continue };
            let reader = &self.reader;
            framer.finish(&mut |frame, bytes| tell(reader, frame, bytes, last, shown_at, &mut *sink));
        }
    }

    /// When the next gap is over (ns, monotonic).
    pub fn next_gap(&self) -> Option<u64> {
        self.gaps.first().map(|(due, _)| *due)
    }

    /// A stream ends with record `shown_at`: what is unfinished stays so.
    pub fn end_stream(&mut self, key: Key, shown_at: u64, sink: OnCut<'_>) {
        let Some(Stream { mut framer, last }) = self.streams.remove(&key) else { return };
        if let Some(gap) = framer.gap() {
            self.gaps.remove(&(due(&last, gap), key));
        }
        let reader = &self.reader;
        framer.finish(&mut |frame, bytes| tell(reader, frame, bytes, &last, shown_at, &mut *sink));
    }

    /// Both directions of a peer.
    pub fn end_peer(&mut self, peer: PeerId, shown_at: u64, sink: OnCut<'_>) {
        self.end_stream((peer, false), shown_at, sink);
        self.end_stream((peer, true), shown_at, sink);
    }

    /// All streams, in the order of their peers.
    pub fn end_all(&mut self, shown_at: u64, sink: OnCut<'_>) {
        let mut keys: Vec<Key> = self.streams.keys().copied().collect();
        keys.sort_unstable();
        keys.into_iter().for_each(|key| self.end_stream(key, shown_at, sink));
    }

    /// What stands open at the ends of the streams, in the order of their newest records: the item, the record of its first byte.
    pub fn open(&self, looked_at: u64) -> Vec<(ItemEntry, Record)> {
        let waiting = |stream: &&Stream| !stream.framer.pending().is_empty();
        let mut newest: Vec<&Stream> = self.streams.values().filter(waiting).collect();
        newest.sort_unstable_by_key(|stream| stream.last.number);
        let from = newest.len().saturating_sub(OPEN_MAX);
        let mut open = Vec::new();
        for Stream { framer, last } in newest.drain(from..) {
            let pending = framer.pending();
            let junk = pending.start + framer.pending_junk();
            for (range, kind) in [(pending.start..junk, FrameKind::Junk), (junk..pending.end, FrameKind::Incomplete)] {
                let payload = range.clone();
                let frame = Frame { start: range.start, end: range.end, kind, payload, verdict: None };
                open.extend((!frame.is_empty()).then(|| item_of(&self.reader, &frame, last, looked_at)).flatten());
            }
        }
        open
    }
}

fn due(last: &Record, gap: std::time::Duration) -> u64 {
    last.mono_ns.saturating_add(u64::try_from(gap.as_nanos()).unwrap_or(u64::MAX))
}

/// Whose stream a record belongs to.
pub(super) fn key_of(record: &Record) -> Key {
    (record.peer, record.direction == Some(Direction::Sent))
}

/// `newest`: a record in which or after which the frame ends.
fn tell(reader: &CaptureReader, frame: &Frame, bytes: &[u8], newest: &Record, shown_at: u64, sink: OnCut<'_>) {
    if let Some((item, first)) = item_of(reader, frame, newest, shown_at) {
        // Where its begin has gone with the oldest records, the rest is what there is.
        let gone = frame.len().saturating_sub(item.len.into()) as usize;
        sink(item, &first, bytes.get(gone..).unwrap_or_default());
    }
}

/// `None`: a separator, which carries nothing.
fn item_of(reader: &CaptureReader, frame: &Frame, newest: &Record, shown_at: u64) -> Option<(ItemEntry, Record)> {
    let kind = ItemKind::of_frame(frame.kind)?;
    let last = holding(frame.end.saturating_sub(1).max(frame.start), newest, reader);
    let first = holding(frame.start, &last, reader);
    let start = frame.start.max(first.stream_offset);
    let short = |bytes: u64| u16::try_from(bytes).unwrap_or(u16::MAX);
    let item = ItemEntry {
        shown_at,
        first: first.number,
        last: last.number,
        // Within a record, and at most the longest frame: both of 32 bits.
        offset: (start - first.stream_offset) as u32,
        len: u32::try_from(frame.end.saturating_sub(start)).unwrap_or(u32::MAX),
        head: short(frame.payload.start - frame.start),
        tail: short(frame.end - frame.payload.end),
        kind,
        checked: Checked::from(frame.verdict),
    };
    Some((item, first))
}

//! The streams of an index: cut by one rule, with their unfinished data, and with the deadlines of frames that end with a gap.

use super::cutter::{Cutter, FrameSpan, StreamKey, open_parts};
use super::entry::{Checked, ItemEntry, ItemKind};
use crate::capture::{CaptureReader, Record};
use crate::codec::{Frame, FrameKind, FramingRule};
use crate::model::PeerId;
use std::collections::BTreeSet;

/// Maximum count of streams whose unfinished data is shown.
const OPEN_MAX: usize = 1024;

/// Receives what was cut: the item, the record of its first byte, its bytes.
pub(super) type OnCut<'a> = &'a mut dyn FnMut(ItemEntry, &Record, &[u8]);

/// See the module documentation.
pub(super) struct FramedStreams {
    reader: CaptureReader,
    cutter: Cutter,
    /// When frames that end with a gap are complete if no data arrives (ns, monotonic).
    gaps: BTreeSet<(u64, StreamKey)>,
}

impl FramedStreams {
    pub fn new(rule: FramingRule, reader: CaptureReader) -> Self {
        Self { reader, cutter: Cutter::new(rule), gaps: BTreeSet::new() }
    }

    /// Cuts a datagram by itself.
    pub fn datagram(&mut self, record: &Record, bytes: &[u8], sink: OnCut<'_>) {
        let Self { reader, cutter, .. } = self;
        cutter.datagram(record, bytes, &mut |frame, bytes, newest| {
            emit_item(reader, frame, bytes, newest, record.number, &mut *sink);
        });
    }

    /// Feeds payload of a record from `offset` on.
    pub fn feed(&mut self, record: &Record, offset: u32, bytes: &[u8], sink: OnCut<'_>) {
        let key = Cutter::key_of(record);
        self.forget_gap(key);
        let Self { reader, cutter, gaps } = self;
        cutter.feed(record, offset, bytes, &mut |frame, bytes, newest| {
            emit_item(reader, frame, bytes, newest, record.number, &mut *sink);
        });
        if let Some(gap) = cutter.get(key).and_then(|stream| stream.framer().gap()) {
            gaps.insert((due(record, gap), key));
        }
    }

    fn forget_gap(&mut self, key: StreamKey) {
        if let Some(stream) = self.cutter.get(key)
            && let Some(gap) = stream.framer().gap()
        {
            self.gaps.remove(&(due(stream.tag(), gap), key));
        }
    }

    /// Completes the frames whose gap has elapsed at time `mono_ns`; the items are shown at record `shown_at`.
    pub fn pass_time(&mut self, mono_ns: u64, shown_at: u64, sink: OnCut<'_>) {
        let Self { reader, cutter, gaps } = self;
        while let Some((due, key)) = gaps.first().copied().filter(|(due, _)| *due <= mono_ns) {
            gaps.remove(&(due, key));
            cutter.finish(key, &mut |frame, bytes, last| emit_item(reader, frame, bytes, last, shown_at, &mut *sink));
        }
    }

    /// See [`Cutter::given_up`].
    pub fn given_up(&self) -> u64 {
        self.cutter.given_up()
    }

    /// When the next gap elapses (ns, monotonic).
    pub fn next_gap(&self) -> Option<u64> {
        self.gaps.first().map(|(due, _)| *due)
    }

    /// Ends a stream at record `shown_at`; unfinished frames become incomplete items.
    pub fn end_stream(&mut self, key: StreamKey, shown_at: u64, sink: OnCut<'_>) {
        self.forget_gap(key);
        let Self { reader, cutter, .. } = self;
        cutter.end_stream(key, &mut |frame, bytes, last| emit_item(reader, frame, bytes, last, shown_at, &mut *sink));
    }

    /// Ends both directions of a peer.
    pub fn end_peer(&mut self, peer: PeerId, shown_at: u64, sink: OnCut<'_>) {
        self.end_stream((peer, false), shown_at, sink);
        self.end_stream((peer, true), shown_at, sink);
    }

    /// Ends all streams, in the order of their peers.
    pub fn end_all(&mut self, shown_at: u64, sink: OnCut<'_>) {
        self.cutter.keys().into_iter().for_each(|key| self.end_stream(key, shown_at, sink));
    }

    /// The unfinished items at the ends of the streams, each with the record of its first byte, ordered by newest record.
    pub fn open(&self, looked_at: u64) -> Vec<(ItemEntry, Record)> {
        let mut newest: Vec<_> = self.cutter.streams().filter(|s| !s.framer().pending().is_empty()).collect();
        newest.sort_unstable_by_key(|stream| stream.tag().number);
        let from = newest.len().saturating_sub(OPEN_MAX);
        let mut open = Vec::new();
        for stream in newest.drain(from..) {
            let [junk, incomplete] = open_parts(stream.framer());
            for (range, kind) in [(junk, FrameKind::Junk), (incomplete, FrameKind::Incomplete)] {
                let payload = range.clone();
                let frame = Frame { start: range.start, end: range.end, kind, payload, verdict: None };
                let item = || item_of(&self.reader, &frame, stream.tag(), looked_at);
                open.extend((!frame.is_empty()).then(item).flatten());
            }
        }
        open
    }
}

fn due(last: &Record, gap: std::time::Duration) -> u64 {
    last.mono_ns.saturating_add(u64::try_from(gap.as_nanos()).unwrap_or(u64::MAX))
}

/// Emits the item of a frame. `newest` is a record in which or after which the frame ends.
fn emit_item(reader: &CaptureReader, frame: &Frame, bytes: &[u8], newest: &Record, shown_at: u64, sink: OnCut<'_>) {
    if let Some((item, first)) = item_of(reader, frame, newest, shown_at) {
        // If the beginning was evicted, only the rest is emitted.
        let gone = frame.len().saturating_sub(item.len.into()) as usize;
        sink(item, &first, bytes.get(gone..).unwrap_or_default());
    }
}

/// `None` for a separator, which carries no data.
fn item_of(reader: &CaptureReader, frame: &Frame, newest: &Record, shown_at: u64) -> Option<(ItemEntry, Record)> {
    let kind = ItemKind::of_frame(frame.kind)?;
    let FrameSpan { first, last } = FrameSpan::of(frame, newest, reader);
    let start = frame.start.max(first.stream_offset);
    let short = |bytes: u64| u16::try_from(bytes).unwrap_or(u16::MAX);
    let item = ItemEntry {
        shown_at,
        first: first.number,
        last,
        // Within a record, and at most the longest frame: both are `u32`.
        offset: (start - first.stream_offset) as u32,
        len: u32::try_from(frame.end.saturating_sub(start)).unwrap_or(u32::MAX),
        head: short(frame.payload.start - frame.start),
        tail: short(frame.end - frame.payload.end),
        kind,
        checked: Checked::from(frame.verdict),
    };
    Some((item, first))
}

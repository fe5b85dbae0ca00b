//! Cuts each peer and direction into frames by one rule, and emits the frames as they become complete.

use super::holding;
use crate::capture::{CaptureReader, Record};
use crate::codec::{Frame, Framer, FramingRule};
use crate::model::{Direction, PeerId};
use std::collections::HashMap;
use std::ops::Range;

/// Maximum bytes of unfinished frames that all streams hold together; if the rule allows a longer frame, that length. The memory for
/// them may be twice as much.
const HELD_BYTES_MAX: u64 = 64 << 20;

/// Key of a stream: the peer, and whether it is the sent direction.
pub type StreamKey = (PeerId, bool);

/// Receives frames: the frame, its bytes, and a record in which or after which it ends.
pub type OnFrame<'a> = &'a mut dyn FnMut(&Frame, &[u8], &Record);

/// The records that contain a frame.
#[derive(Clone, Copy, Debug)]
pub struct FrameSpan {
    /// The record of its first byte.
    pub first: Record,
    /// The record of its last byte.
    pub last: u64,
}

impl FrameSpan {
    /// Finds the records of a frame. `newest` is a record in which or after which the frame ends.
    #[must_use]
    pub fn of(frame: &Frame, newest: &Record, reader: &CaptureReader) -> Self {
        let last = holding(frame.end.saturating_sub(1).max(frame.start), newest, reader);
        Self { first: holding(frame.start, &last, reader), last: last.number }
    }
}

/// State of one stream.
pub struct CutStream {
    framer: Framer,
    last: Record,
}

impl CutStream {
    /// The framer, with the incomplete data.
    #[must_use]
    pub fn framer(&self) -> &Framer {
        &self.framer
    }

    /// The newest record.
    #[must_use]
    pub fn last(&self) -> &Record {
        &self.last
    }

    fn pending(&self) -> u64 {
        let pending = self.framer.pending();
        pending.end - pending.start
    }

    fn with(&mut self, sink: OnFrame<'_>, work: impl FnOnce(&mut Framer, &mut dyn FnMut(&Frame, &[u8]))) {
        let Self { framer, last } = self;
        work(framer, &mut |frame, bytes| sink(frame, bytes, last));
    }
}

/// See the module documentation.
pub struct Cutter {
    rule: FramingRule,
    streams: HashMap<StreamKey, CutStream>,
    /// For datagrams, each of which is cut separately.
    alone: Framer,
    /// Bytes that all streams hold.
    held: u64,
    capacity: u64,
    held_max: u64,
    given_up: u64,
}

impl Cutter {
    /// Creates a cutter for a rule.
    #[must_use]
    pub fn new(rule: FramingRule) -> Self {
        let alone = Framer::new(&rule, 0);
        let held_max = HELD_BYTES_MAX.max(rule.max_len);
        Self { rule, streams: HashMap::new(), alone, held: 0, capacity: 0, held_max, given_up: 0 }
    }

    #[cfg(test)]
    pub(super) fn set_held_max(&mut self, bytes: u64) {
        self.held_max = bytes;
    }

    /// Bytes of frames that were given up because all streams together held too much. They are reported as unframed.
    #[must_use]
    pub fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Memory held for incomplete frames, in bytes.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// The stream of a data record.
    #[must_use]
    pub fn key_of(record: &Record) -> StreamKey {
        (record.peer, record.direction == Some(Direction::Sent))
    }

    /// State of one stream.
    #[must_use]
    pub fn get(&self, key: StreamKey) -> Option<&CutStream> {
        self.streams.get(&key)
    }

    /// All streams, in no particular order.
    pub fn streams(&self) -> impl Iterator<Item = &CutStream> {
        self.streams.values()
    }

    /// Keys of all streams, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<StreamKey> {
        let mut keys: Vec<StreamKey> = self.streams.keys().copied().collect();
        keys.sort_unstable();
        keys
    }

    /// Cuts a datagram by itself.
    pub fn datagram(&mut self, record: &Record, bytes: &[u8], sink: OnFrame<'_>) {
        self.alone.restart(record.stream_offset);
        let mut emit = |frame: &Frame, bytes: &[u8]| sink(frame, bytes, record);
        self.alone.feed(bytes, record.mono_ns, &mut emit);
        self.alone.finish_datagram(&mut emit);
    }

    /// Feeds payload of a record from `offset` on. After a gap the stream is restarted.
    pub fn feed(&mut self, record: &Record, offset: u32, bytes: &[u8], sink: OnFrame<'_>) {
        let key = Self::key_of(record);
        let at = record.stream_offset.saturating_add(offset.into());
        if self.streams.get(&key).is_some_and(|stream| stream.framer.pending().end != at) {
            self.end_stream(key, sink);
        }
        let Self { rule, streams, .. } = self;
        let new = || CutStream { framer: Framer::new(rule, at), last: *record };
        streams.entry(key).or_insert_with(new).last = *record;
        self.work(key, sink, |framer, emit| framer.feed(bytes, record.mono_ns, emit));
        self.bound(sink);
    }

    /// No more data for now: completes a frame that ends with a gap.
    pub fn finish(&mut self, key: StreamKey, sink: OnFrame<'_>) {
        self.work(key, sink, Framer::finish);
    }

    /// No more data for now: emits bytes that certainly belong to no frame.
    pub fn settle(&mut self, key: StreamKey, sink: OnFrame<'_>) {
        self.work(key, sink, Framer::settle);
    }

    /// Ends a stream; unfinished frames are emitted as incomplete.
    pub fn end_stream(&mut self, key: StreamKey, sink: OnFrame<'_>) {
        self.work(key, sink, Framer::finish);
        if let Some(stream) = self.streams.remove(&key) {
            self.capacity = self.capacity.saturating_sub(stream.framer.capacity() as u64);
        }
    }

    /// Runs `work` on a stream and updates the counts of held bytes and memory.
    fn work(
        &mut self,
        key: StreamKey,
        sink: OnFrame<'_>,
        work: impl FnOnce(&mut Framer, &mut dyn FnMut(&Frame, &[u8])),
    ) {
        let Some(stream) = self.streams.get_mut(&key) else { return };
        let (held, capacity) = (stream.pending(), stream.framer.capacity() as u64);
        stream.with(sink, work);
        self.held = (self.held + stream.pending()).saturating_sub(held);
        self.capacity = (self.capacity + stream.framer.capacity() as u64).saturating_sub(capacity);
    }

    /// Gives up the longest unfinished frames while the streams hold too much.
    fn bound(&mut self, sink: OnFrame<'_>) {
        while self.held > self.held_max {
            let longest = self.streams.iter().max_by_key(|(key, stream)| (stream.pending(), **key));
            let Some((key, held)) = longest.map(|(key, stream)| (*key, stream.pending())) else { return };
            self.work(key, &mut *sink, Framer::give_up);
            let left = self.streams.get(&key).map_or(0, CutStream::pending);
            if left >= held {
                return; // nothing left to give up
            }
            self.given_up += held - left;
        }
        if self.capacity > self.held_max.saturating_mul(2) {
            // Releases unused capacity. Buffers grow to at most twice the size needed and keep it.
            self.capacity = 0;
            for stream in self.streams.values_mut() {
                if stream.framer.capacity() as u64 > stream.pending().saturating_mul(2) {
                    stream.framer.shrink();
                }
                self.capacity += stream.framer.capacity() as u64;
            }
        }
    }
}

/// The unfinished data at the end of a stream: bytes that fit no frame, and an incomplete frame. Separators are neither.
#[must_use]
pub fn open_parts(framer: &Framer) -> [Range<u64>; 2] {
    let pending = framer.pending();
    let start = pending.start + framer.pending_separators();
    let junk = start + framer.pending_junk();
    [start..junk, junk..pending.end]
}

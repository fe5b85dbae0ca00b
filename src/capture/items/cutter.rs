//! Cuts each peer and direction into frames by one rule, and emits the frames as they become complete.

use super::holding;
use crate::capture::{CaptureReader, Record};
use crate::codec::framing::{FramedStream, Framers};
use crate::codec::{Frame, Framer, FramingRule};
use crate::model::{Direction, PeerId};
use std::ops::Range;

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

/// State of one stream. Its tag is its newest record.
pub type CutStream = FramedStream<Record>;

/// See the module documentation.
pub struct Cutter(Framers<StreamKey, Record>);

impl Cutter {
    /// Creates a cutter for a rule.
    #[must_use]
    pub fn new(rule: FramingRule) -> Self {
        Self(Framers::new(rule))
    }

    #[cfg(test)]
    pub(super) fn set_held_max(&mut self, bytes: u64) {
        self.0.set_held_max(bytes);
    }

    /// See [`Framers::given_up`].
    #[must_use]
    pub fn given_up(&self) -> u64 {
        self.0.given_up()
    }

    /// See [`Framers::capacity`].
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.0.capacity()
    }

    /// The stream of a data record.
    #[must_use]
    pub fn key_of(record: &Record) -> StreamKey {
        (record.peer, record.direction == Some(Direction::Sent))
    }

    /// State of one stream.
    #[must_use]
    pub fn get(&self, key: StreamKey) -> Option<&CutStream> {
        self.0.get(key)
    }

    /// All streams, in no particular order.
    pub fn streams(&self) -> impl Iterator<Item = &CutStream> {
        self.0.streams()
    }

    /// Keys of all streams, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<StreamKey> {
        self.0.keys()
    }

    /// Cuts a datagram by itself.
    pub fn datagram(&mut self, record: &Record, bytes: &[u8], sink: OnFrame<'_>) {
        self.0.datagram(record.stream_offset, bytes, record.mono_ns, &mut |frame, bytes| sink(frame, bytes, record));
    }

    /// Feeds payload of a record from `offset` on. After a gap the stream is restarted.
    pub fn feed(&mut self, record: &Record, offset: u32, bytes: &[u8], sink: OnFrame<'_>) {
        let key = Self::key_of(record);
        let at = record.stream_offset.saturating_add(offset.into());
        if self.0.get(key).is_some_and(|stream| stream.framer().pending().end != at) {
            self.end_stream(key, sink);
        }
        self.0.feed(key, (at, *record), bytes, record.mono_ns, &mut |_, frame, bytes, last| sink(frame, bytes, last));
    }

    /// No more data for now: completes a frame that ends with a gap.
    pub fn finish(&mut self, key: StreamKey, sink: OnFrame<'_>) {
        self.0.finish(key, &mut |_, frame, bytes, last| sink(frame, bytes, last));
    }

    /// No more data for now: emits bytes that certainly belong to no frame.
    pub fn settle(&mut self, key: StreamKey, sink: OnFrame<'_>) {
        self.0.settle(key, &mut |_, frame, bytes, last| sink(frame, bytes, last));
    }

    /// Ends a stream; unfinished frames are emitted as incomplete.
    pub fn end_stream(&mut self, key: StreamKey, sink: OnFrame<'_>) {
        self.0.end_stream(key, &mut |_, frame, bytes, last| sink(frame, bytes, last));
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

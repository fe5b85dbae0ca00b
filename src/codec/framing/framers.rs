//! Many streams cut by one rule, with a bound on the memory of all their unfinished frames together.

use super::framer::{Frame, Framer};
use super::rule::FramingRule;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

/// Bytes of unfinished frames that all streams together hold; a rule that allows a longer frame may hold one such frame. The memory
/// for them may be twice as much.
const HELD_BYTES_MAX: u64 = 64 << 20;

/// Receives each frame: its stream, the frame, its bytes, and the newest tag of that stream. The stream is not always the one that
/// was fed: another one may have to give up what it holds.
pub type OnStreamFrame<'a, K, T> = &'a mut dyn FnMut(K, &Frame, &[u8], &T);

/// One stream that is being cut.
#[derive(Debug)]
pub struct FramedStream<T> {
    framer: Framer,
    tag: T,
}

impl<T> FramedStream<T> {
    /// What is not complete yet, and what of it can be reported when nothing more comes.
    #[must_use]
    pub fn framer(&self) -> &Framer {
        &self.framer
    }

    /// The newest tag.
    #[must_use]
    pub fn tag(&self) -> &T {
        &self.tag
    }

    fn pending(&self) -> u64 {
        let pending = self.framer.pending();
        pending.end - pending.start
    }
}

/// Streams by key. Each has a tag, replaced by each feed, for the reader to know what it fed last.
#[derive(Debug)]
pub struct Framers<K, T> {
    rule: FramingRule,
    streams: HashMap<K, FramedStream<T>>,
    /// For datagrams, each of which is cut by itself.
    alone: Framer,
    /// Bytes that all streams hold, and the memory for them.
    held: u64,
    capacity: u64,
    held_max: u64,
    given_up: u64,
}

impl<K: Copy + Eq + Ord + Hash, T> Framers<K, T> {
    /// No streams yet.
    #[must_use]
    pub fn new(rule: FramingRule) -> Self {
        let alone = Framer::new(&rule, 0);
        let held_max = HELD_BYTES_MAX.max(rule.max_len);
        Self { rule, streams: HashMap::new(), alone, held: 0, capacity: 0, held_max, given_up: 0 }
    }

    /// Sets another bound, for tests.
    #[cfg(test)]
    pub(crate) fn set_held_max(&mut self, bytes: u64) {
        self.held_max = bytes;
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &FramingRule {
        &self.rule
    }

    /// Bytes of frames that were given up because all streams together held too much; they are reported as unframed.
    #[must_use]
    pub fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Bytes of memory held for unfinished frames.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// One of the streams.
    #[must_use]
    pub fn get(&self, key: K) -> Option<&FramedStream<T>> {
        self.streams.get(&key)
    }

    /// Bytes of a stream that are not reported yet.
    #[must_use]
    pub fn pending(&self, key: K) -> u64 {
        self.streams.get(&key).map_or(0, FramedStream::pending)
    }

    /// All streams, in no order.
    pub fn streams(&self) -> impl Iterator<Item = &FramedStream<T>> {
        self.streams.values()
    }

    /// All keys, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<K> {
        let mut keys: Vec<K> = self.streams.keys().copied().collect();
        keys.sort_unstable();
        keys
    }

    /// Cuts a datagram by itself. `offset`: of its first byte in the stream of its sender.
    pub fn datagram(&mut self, offset: u64, bytes: &[u8], mono_ns: u64, sink: &mut dyn FnMut(&Frame, &[u8])) {
        self.alone.restart(offset);
        self.alone.feed(bytes, mono_ns, sink);
        self.alone.finish_datagram(sink);
    }

    /// The next bytes of a stream, read at `mono_ns`. A new stream begins at `offset`.
    pub fn feed(&mut self, key: K, (offset, tag): (u64, T), bytes: &[u8], mono_ns: u64, sink: OnStreamFrame<'_, K, T>) {
        let Self { rule, streams, .. } = self;
        match streams.entry(key) {
            Entry::Occupied(mut known) => known.get_mut().tag = tag,
            Entry::Vacant(new) => {
                new.insert(FramedStream { framer: Framer::new(rule, offset), tag });
            }
        }
        self.work(key, &mut *sink, |framer, emit| framer.feed(bytes, mono_ns, emit));
        self.bound(sink);
    }

    /// Nothing more comes for now: a frame that ends with a gap is complete.
    pub fn finish(&mut self, key: K, sink: OnStreamFrame<'_, K, T>) {
        self.work(key, sink, Framer::finish);
    }

    /// Nothing more comes for now: reports what is surely in no frame.
    pub fn settle(&mut self, key: K, sink: OnStreamFrame<'_, K, T>) {
        self.work(key, sink, Framer::settle);
    }

    /// It is `mono_ns`: a frame ends if its gap is over.
    pub fn idle(&mut self, key: K, mono_ns: u64, sink: OnStreamFrame<'_, K, T>) {
        self.work(key, sink, |framer, emit| framer.idle(mono_ns, emit));
    }

    /// There is no memory for what is pending of this stream: it becomes junk. See [`Framer::give_up`].
    pub fn give_up(&mut self, key: K, sink: OnStreamFrame<'_, K, T>) {
        let held = self.pending(key);
        self.work(key, sink, Framer::give_up);
        self.given_up += held.saturating_sub(self.pending(key));
    }

    /// A stream ends: an unfinished frame is reported as incomplete.
    pub fn end_stream(&mut self, key: K, sink: OnStreamFrame<'_, K, T>) {
        self.work(key, sink, Framer::finish);
        self.forget(key);
    }

    /// Drops a stream without a report.
    pub fn forget(&mut self, key: K) {
        if let Some(stream) = self.streams.remove(&key) {
            self.held = self.held.saturating_sub(stream.pending());
            self.capacity = self.capacity.saturating_sub(stream.framer.capacity() as u64);
        }
    }

    /// Runs `work` on a stream and updates the counts of bytes.
    fn work(
        &mut self,
        key: K,
        sink: OnStreamFrame<'_, K, T>,
        work: impl FnOnce(&mut Framer, &mut dyn FnMut(&Frame, &[u8])),
    ) {
        let Some(stream) = self.streams.get_mut(&key) else { return };
        let (held, capacity) = (stream.pending(), stream.framer.capacity() as u64);
        let FramedStream { framer, tag } = stream;
        work(framer, &mut |frame, bytes| sink(key, frame, bytes, tag));
        self.held = (self.held + stream.pending()).saturating_sub(held);
        self.capacity = (self.capacity + stream.framer.capacity() as u64).saturating_sub(capacity);
    }

    /// Where the streams hold too much, the longest unfinished frames are given up.
    fn bound(&mut self, sink: OnStreamFrame<'_, K, T>) {
        while self.held > self.held_max {
            let longest = self.streams.iter().max_by_key(|(key, stream)| (stream.pending(), **key));
            let Some((key, held)) = longest.map(|(key, stream)| (*key, stream.pending())) else { return };
            self.give_up(key, &mut *sink);
            if self.pending(key) >= held {
                return; // nothing is left to give up
            }
        }
        if self.capacity > self.held_max.saturating_mul(2) {
            // Room that was needed once. What grows has at most twice the room it needs, and keeps it.
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

//! Many streams, split by one rule, with a limit on the memory for all their unfinished frames together.

use super::framer::{Frame, Framer};
use super::rule::FramingRule;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;

/// Limit on the bytes of unfinished frames of all streams together. A rule with a larger maximum frame length raises it to that
/// length. The allocated memory can be twice as much.
const HELD_BYTES_MAX: u64 = 64 << 20;

/// Callback for each range: key of the stream, range, bytes, and newest tag of that stream. The stream is not always the one that
/// was fed, because the memory limit can make another stream give up its frame.
pub type OnStreamFrame<'a, K, T> = &'a mut dyn FnMut(K, &Frame, &[u8], &T);

/// The state of one stream.
#[derive(Debug)]
pub struct FramedStream<T> {
    framer: Framer,
    tag: T,
}

impl<T> FramedStream<T> {
    /// The framer, which knows the pending bytes.
    #[must_use]
    pub fn framer(&self) -> &Framer {
        &self.framer
    }

    /// The tag of the newest feed.
    #[must_use]
    pub fn tag(&self) -> &T {
        &self.tag
    }

    fn pending(&self) -> u64 {
        let pending = self.framer.pending();
        pending.end - pending.start
    }
}

/// Streams by key. Each stream has a tag that every feed replaces, so that the caller can relate a frame to its last input.
#[derive(Debug)]
pub struct Framers<K, T> {
    rule: FramingRule,
    streams: HashMap<K, FramedStream<T>>,
    /// Framer for datagrams. Each datagram is a stream of its own.
    alone: Framer,
    /// Pending bytes of all streams.
    held: u64,
    /// Allocated bytes of all streams.
    capacity: u64,
    held_max: u64,
    given_up: u64,
}

impl<K: Copy + Eq + Ord + Hash, T> Framers<K, T> {
    /// Starts without streams.
    #[must_use]
    pub fn new(rule: FramingRule) -> Self {
        let alone = Framer::new(&rule, 0);
        let held_max = HELD_BYTES_MAX.max(rule.max_len);
        Self { rule, streams: HashMap::new(), alone, held: 0, capacity: 0, held_max, given_up: 0 }
    }

    /// Replaces the limit on pending bytes.
    #[cfg(test)]
    pub(crate) fn set_held_max(&mut self, bytes: u64) {
        self.held_max = bytes;
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &FramingRule {
        &self.rule
    }

    /// Number of bytes of frames that were given up because of the memory limit. They were emitted as junk.
    #[must_use]
    pub fn given_up(&self) -> u64 {
        self.given_up
    }

    /// Allocated bytes for unfinished frames.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        self.capacity
    }

    /// One of the streams.
    #[must_use]
    pub fn get(&self, key: K) -> Option<&FramedStream<T>> {
        self.streams.get(&key)
    }

    /// Number of bytes of a stream that are not emitted yet.
    #[must_use]
    pub fn pending(&self, key: K) -> u64 {
        self.streams.get(&key).map_or(0, FramedStream::pending)
    }

    /// All streams, in arbitrary order.
    pub fn streams(&self) -> impl Iterator<Item = &FramedStream<T>> {
        self.streams.values()
    }

    /// All keys, sorted.
    #[must_use]
    pub fn keys(&self) -> Vec<K> {
        let mut keys: Vec<K> = self.streams.keys().copied().collect();
        keys.sort_unstable();
        keys
    }

    /// Splits a datagram as a stream of its own. `offset` is the position of its first byte in the stream of its sender.
    pub fn datagram(&mut self, offset: u64, bytes: &[u8], mono_ns: u64, sink: &mut dyn FnMut(&Frame, &[u8])) {
        self.alone.restart(offset);
        self.alone.feed(bytes, mono_ns, sink);
        self.alone.finish_datagram(sink);
    }

    /// Feeds the next bytes of a stream, read at `mono_ns`. A new stream starts at `offset`.
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

    /// Emits the rest of a stream as at its end, see [`Framer::finish`]. The stream can continue afterwards.
    pub fn finish(&mut self, key: K, sink: OnStreamFrame<'_, K, T>) {
        self.work(key, sink, Framer::finish);
    }

    /// Emits known junk and separators of a stream, see [`Framer::settle`].
    pub fn settle(&mut self, key: K, sink: OnStreamFrame<'_, K, T>) {
        self.work(key, sink, Framer::settle);
    }

    /// Ends the pending frame of a stream if its idle gap is over at `mono_ns`.
    pub fn idle(&mut self, key: K, mono_ns: u64, sink: OnStreamFrame<'_, K, T>) {
        self.work(key, sink, |framer, emit| framer.idle(mono_ns, emit));
    }

    /// Emits the pending frame of a stream as junk to free memory, see [`Framer::give_up`].
    pub fn give_up(&mut self, key: K, sink: OnStreamFrame<'_, K, T>) {
        let held = self.pending(key);
        self.work(key, sink, Framer::give_up);
        self.given_up += held.saturating_sub(self.pending(key));
    }

    /// Ends and removes a stream. An unfinished frame is emitted as incomplete.
    pub fn end_stream(&mut self, key: K, sink: OnStreamFrame<'_, K, T>) {
        self.work(key, sink, Framer::finish);
        self.forget(key);
    }

    /// Removes a stream without emitting its pending bytes.
    pub fn forget(&mut self, key: K) {
        if let Some(stream) = self.streams.remove(&key) {
            self.held = self.held.saturating_sub(stream.pending());
            self.capacity = self.capacity.saturating_sub(stream.framer.capacity() as u64);
        }
    }

    /// Runs `work` on a stream and updates the byte counts.
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

    /// Enforces the memory limit: gives up the longest unfinished frames, then frees unused memory.
    fn bound(&mut self, sink: OnStreamFrame<'_, K, T>) {
        while self.held > self.held_max {
            let longest = self.streams.iter().max_by_key(|(key, stream)| (stream.pending(), **key));
            let Some((key, held)) = longest.map(|(key, stream)| (*key, stream.pending())) else { return };
            self.give_up(key, &mut *sink);
            if self.pending(key) >= held {
                return; // nothing can be given up
            }
        }
        if self.capacity > self.held_max.saturating_mul(2) {
            // Shrink the buffers that are larger than growth alone makes them: a growing buffer is at most twice as large as its
            // content.
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

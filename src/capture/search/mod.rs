//! Searches a capture for bytes across record boundaries: each TCP peer and direction is one stream; each datagram is searched
//! separately.
//!
//! A [`Search`] scans the records once, oldest first, with large reads of many records, and continues when more have been recorded.
//! Its memory is bounded regardless of the size of the capture and the count of its streams.
//!
//! **Independent of record boundaries.** Whether a match is settled depends on the count of stream bytes after it, never on how they
//! were cut into records. A hit that the next byte may still change is *open* ([`Hit::open`]); open hits are reported again after
//! each pass.
//!
//! **Independent of threads.** Large ranges are split into chunks, and each thread searches a chunk as if all streams started there.
//! Where the true stream settles the same matches as the thread's, it continues from the thread's state ([`Search::run`]). Hits and
//! their order are those of a single thread.

mod chunks;
mod found;
mod stream;
mod walk;

pub use found::Found;

use super::batches::{Batch, next_batch};
use super::{CaptureReader, PeerFilter, ReadError};
use crate::codec::Pattern;
use crate::model::{Direction, PeerId};
use chunks::{Chunk, Chunks, Next, Parting};
use std::collections::{HashMap, HashSet};
use stream::Stream;
use walk::{Key, Walk};

/// An occurrence of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// Number of the record in which it starts.
    pub record: u64,
    /// Offset of its first byte within that record's payload.
    pub offset: u32,
    /// Length of the match in bytes.
    pub len: u32,
    /// Number of the record in which it ends: the same one, or a later one of the same peer and direction.
    pub end_record: u64,
    /// Offset after its last byte within that record's payload.
    pub end_offset: u32,
    /// The peer.
    pub peer: PeerId,
    /// True: sent; false: received.
    pub sent: bool,
    /// At the end of the data so far: the next bytes of the stream may extend the match or invalidate it.
    pub open: bool,
}

impl Hit {
    /// The direction.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.sent { Direction::Sent } else { Direction::Received }
    }

    /// The part of `record`'s payload (of this peer and direction) that it covers.
    #[must_use]
    pub fn within(&self, record: u64) -> Option<std::ops::Range<u32>> {
        if record < self.record || record > self.end_record {
            return None;
        }
        let start = if record == self.record { self.offset } else { 0 };
        let end = if record == self.end_record { self.end_offset } else { u32::MAX };
        Some(start..end)
    }
}

/// Which records to search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Only one direction.
    pub direction: Option<Direction>,
    /// Only one peer, or one address.
    pub peer: Option<PeerFilter>,
}

/// How a pass ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// All records so far were searched.
    CaughtUp,
    /// Stopped by the caller, possibly in the middle of a record: the search cannot continue.
    Stopped,
}

/// A settled hit, with what determines its position in the order of all hits.
#[derive(Clone, Copy, Debug)]
struct Settled {
    /// The record whose byte settled it.
    by: u64,
    /// Stream offset of its first byte.
    start: u64,
    /// In a datagram, which belongs to no stream.
    alone: bool,
    hit: Hit,
}

impl Settled {
    fn key(&self) -> Key {
        (self.hit.peer, self.hit.direction())
    }

    fn end(&self) -> u64 {
        self.start.saturating_add(self.hit.len.into())
    }
}

/// A search through one capture.
pub struct Search {
    walk: Walk,
    /// Records from this number on are not searched.
    end: u64,
    parting: Parting,
}

impl Search {
    /// Starts at the oldest record.
    #[must_use]
    pub fn new(reader: CaptureReader, pattern: Pattern, scope: Scope) -> Self {
        Self { walk: Walk::new(reader, pattern, scope), end: u64::MAX, parting: Parting::of_this_machine() }
    }

    /// Restricts the search to records from `start` on. Must be called before the first pass.
    pub fn set_start(&mut self, start: u64) {
        self.walk.next = self.walk.next.max(start);
    }

    /// Restricts the search to records before `end`.
    pub fn set_end(&mut self, end: u64) {
        self.end = end;
    }

    #[cfg(test)]
    pub(super) fn set_parting(&mut self, threads: usize, bytes: u64, records: usize) {
        self.parting = Parting { threads, bytes, records };
    }

    /// The first record that was not searched yet.
    #[must_use]
    pub fn next_record(&self) -> u64 {
        self.walk.next
    }

    /// Count of records that could not be read (damaged, or a sent file that has changed) and were not searched.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.walk.unreadable
    }

    /// Searches all records that are new. `found` gets the settled hits, ordered by the position of their last byte in the capture
    /// (slightly later if the bytes after it decide). `go_on` gets the count of searched records and the total, and returns whether
    /// to continue.
    pub fn run(&mut self, go_on: &mut dyn FnMut(u64, u64) -> bool, found: &mut dyn FnMut(Hit)) -> Pass {
        let mut records = Vec::new();
        // End of the range last searched by threads; the rest is searched by this thread.
        let mut tried = None;
        loop {
            let mut there = self.walk.reader.records();
            let next = self.walk.next.max(there.start);
            self.walk.next = next;
            there.end = there.end.min(self.end).max(there.start);
            if !go_on(next - there.start, (there.end - there.start).max(next - there.start)) {
                return Pass::Stopped;
            }
            if next >= there.end {
                return Pass::CaughtUp;
            }
            if tried.replace(next) != Some(next) && self.walk.is_worth_threads(next..there.end, &self.parting) {
                if !self.run_in_chunks(next..there.end, go_on, found) {
                    return Pass::Stopped;
                }
                continue;
            }
            match next_batch(&self.walk.reader, &(next..there.end), &mut records) {
                Batch::Read => {}
                Batch::Evicted => continue,
                Batch::Unreadable { behind } => {
                    let behind = behind.min(there.end);
                    self.walk.unreadable += behind - next;
                    self.walk.next = behind;
                    continue;
                }
            }
            if !self.walk.records(&records, go_on, &mut |settled| found(settled.hit)) {
                return Pass::Stopped;
            }
        }
    }

    /// The open hits at the ends of the streams, after a pass.
    pub fn open_hits(&mut self) -> Vec<Hit> {
        self.walk.open_hits()
    }

    /// Searches `range`, or its readable beginning, with several threads. Returns false if stopped.
    fn run_in_chunks(
        &mut self,
        range: std::ops::Range<u64>,
        go_on: &mut dyn FnMut(u64, u64) -> bool,
        found: &mut dyn FnMut(Hit),
    ) -> bool {
        let chunks = Chunks::start(&self.walk, range, &self.parting);
        loop {
            let next = self.walk.next;
            let mut wanted = || {
                let there = self.walk.reader.records();
                go_on(next.saturating_sub(there.start), there.end - there.start)
            };
            let chunk = match chunks.next(&mut wanted) {
                Next::Chunk(chunk) if wanted() => chunk,
                Next::End => return true,
                Next::Chunk(_) | Next::Stopped => return false,
            };
            if !self.take_over(*chunk, go_on, found) {
                return false;
            }
        }
    }

    /// Continues after a chunk. Returns false if stopped.
    fn take_over(
        &mut self,
        mut chunk: Chunk,
        go_on: &mut dyn FnMut(u64, u64) -> bool,
        found: &mut dyn FnMut(Hit),
    ) -> bool {
        if !chunk.is_regular {
            return self.walk.records(&chunk.records, go_on, &mut |settled| found(settled.hit));
        }
        let mut hits = Vec::new();
        let (known, mut lost) = self.feed_heads(&mut chunk.streams, &mut hits);
        lost.extend(out_of_step(&chunk.hits, &known));
        if !lost.is_empty() {
            self.walk.feed_rest(&chunk.records, &lost, &mut |settled| hits.push(settled));
        }
        for run in runs(&chunk.hits) {
            let from = run.first().map(Settled::key).filter(|key| !lost.contains(key)).and_then(|key| known.get(&key));
            let from = if run.first().is_some_and(|first| first.alone) { Some(&0) } else { from };
            hits.extend(run.iter().filter(|settled| from.is_some_and(|from| settled.start >= *from)));
        }
        hits.sort_by_key(|settled| settled.by);
        for (key, stream) in chunk.streams {
            if known.contains_key(&key) && !lost.contains(&key) {
                self.walk.go_on_as(key, stream);
            }
        }
        self.walk.next = chunk.records.last().map_or(self.walk.next, |record| record.number + 1);
        hits.iter().for_each(|settled| found(settled.hit));
        self.walk.bound();
        true
    }

    /// Feeds the first bytes of each stream of a chunk. Returns the offsets from which the other streams may continue with the state
    /// of the chunk, and the streams whose characters were assumed to start elsewhere.
    fn feed_heads(
        &mut self,
        streams: &mut HashMap<Key, Stream>,
        hits: &mut Vec<Settled>,
    ) -> (HashMap<Key, u64>, HashSet<Key>) {
        let (mut known, mut lost) = (HashMap::new(), HashSet::new());
        for (key, stream) in streams {
            let Some((head, is_all)) = stream.take_head() else { continue };
            let from = self.walk.feed_head(*key, &head, &mut |settled| hits.push(settled));
            if !is_all {
                known.insert(*key, from);
                if !self.walk.is_in_step(*key, &head) {
                    lost.insert(*key);
                }
            }
        }
        (known, lost)
    }
}

/// Streams in which a hit of the chunk spans the offset from which its hits would count: the chunk's matches are not aligned with
/// those of the true stream.
fn out_of_step(hits: &[Settled], known: &HashMap<Key, u64>) -> HashSet<Key> {
    let mut lost = HashSet::new();
    for run in runs(hits) {
        let Some(key) = run.first().map(Settled::key) else { continue };
        let Some(from) = known.get(&key) else { continue };
        if run.iter().any(|settled| settled.start < *from && settled.end() > *from) {
            lost.insert(key);
        }
    }
    lost
}

/// Groups of consecutive hits in the same stream.
fn runs(hits: &[Settled]) -> impl Iterator<Item = &[Settled]> {
    hits.chunk_by(|one, other| one.key() == other.key())
}

/// Reads up to `most` bytes of a hit, across its records.
///
/// # Errors
/// See [`ReadError`].
pub fn bytes_of(reader: &CaptureReader, hit: &Hit, most: u32) -> Result<Vec<u8>, ReadError> {
    let parts = stream::chain(reader, hit.end_record, |record| record.number <= hit.record)?;
    let mut bytes = Vec::new();
    for record in &parts {
        let within = hit.within(record.number).unwrap_or(0..0);
        let left = most.saturating_sub(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        reader.payload(record, within.start..within.end.min(within.start.saturating_add(left)), &mut bytes)?;
    }
    Ok(bytes)
}

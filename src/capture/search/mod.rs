//! Finding bytes in a capture, across the borders of records: each TCP peer and direction is one stream, each datagram stands alone.
//!
//! A [`Search`] goes over the records once, oldest first, with one large read for many records, and goes on from where it stood
//! when more has been recorded. What it holds is bounded, whatever the capture's size and the number of its streams.
//!
//! **Cuts do not matter.** Whether a match is settled depends on how many bytes of its stream are behind it, never on how they
//! were cut into records. What can still change with the next byte is an *open* hit ([`Hit::open`]), told anew at the end of
//! each pass.
//!
//! **Threads do not matter either.** Of much, each thread looks at a chunk of records as if all streams began there; where the
//! true streams settle the same as those, they go on as those ([`Search::run`]). What is found, and in which order, is what one
//! thread finds.

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

/// A place where a pattern was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// Record in which it begins.
    pub record: u64,
    /// Its first byte within that record's payload.
    pub offset: u32,
    /// Bytes of the whole match.
    pub len: u32,
    /// Record in which it ends: the same one, or a later one of the same peer and direction.
    pub end_record: u64,
    /// Behind its last byte within that record's payload.
    pub end_offset: u32,
    /// Whose.
    pub peer: PeerId,
    /// True: sent; false: received.
    pub sent: bool,
    /// At the end of what has come so far: the next bytes of the stream may make it longer, or take it back.
    pub open: bool,
}

impl Hit {
    /// Which way.
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

/// Where to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// One direction only.
    pub direction: Option<Direction>,
    /// One peer, or one address, only.
    pub peer: Option<PeerFilter>,
}

/// How a pass ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Everything recorded so far was looked at.
    CaughtUp,
    /// It was told to stop, perhaps in the middle of a record: the search is over.
    Stopped,
}

/// A hit that is settled, and what its place in the order of all depends on.
#[derive(Clone, Copy, Debug)]
struct Settled {
    /// The record with the byte that decided about it.
    by: u64,
    /// Its first byte in its stream.
    start: u64,
    /// In a record that stands alone: no stream has a say in it.
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
    /// Not looked at from here on.
    end: u64,
    parting: Parting,
}

impl Search {
    /// From the oldest record on.
    #[must_use]
    pub fn new(reader: CaptureReader, pattern: Pattern, scope: Scope) -> Self {
        Self { walk: Walk::new(reader, pattern, scope), end: u64::MAX, parting: Parting::of_this_machine() }
    }

    /// Looks only at records from `start` on; before the first pass.
    pub fn set_start(&mut self, start: u64) {
        self.walk.next = self.walk.next.max(start);
    }

    /// Looks only at records before `end`.
    pub fn set_end(&mut self, end: u64) {
        self.end = end;
    }

    #[cfg(test)]
    pub(super) fn set_parting(&mut self, threads: usize, bytes: u64, records: usize) {
        self.parting = Parting { threads, bytes, records };
    }

    /// The first record that was not looked at yet.
    #[must_use]
    pub fn next_record(&self) -> u64 {
        self.walk.next
    }

    /// Records that could not be read (damaged, or a sent file that has changed since): what is in them was not looked at.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.walk.unreadable
    }

    /// Looks at everything recorded so far and not yet looked at. `found` gets the settled hits in the order in which their last
    /// byte stands in the capture (a little later where what follows decides about them). `go_on` gets the records looked at and
    /// all records there are, and answers whether to go on.
    pub fn run(&mut self, go_on: &mut dyn FnMut(u64, u64) -> bool, found: &mut dyn FnMut(Hit)) -> Pass {
        let mut records = Vec::new();
        // Where threads were tried last: what they leave is for this one.
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

    /// The hits at the ends of the streams that further bytes may still change, after a pass.
    pub fn open_hits(&mut self) -> Vec<Hit> {
        self.walk.open_hits()
    }

    /// Looks at `range`, or the beginning of it that can be read, with several threads. False: stopped.
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

    /// Goes on behind a chunk. False: stopped.
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

    /// Feeds what each stream of a chunk begins with. Gives from where on the others may go on as those of the chunk, and those
    /// whose characters were taken to begin elsewhere.
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

/// The streams in which a hit of the chunk lies across the place from which on its hits would count: theirs were found in another
/// step than those of the true stream.
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

/// Neighbours of one stream.
fn runs(hits: &[Settled]) -> impl Iterator<Item = &[Settled]> {
    hits.chunk_by(|one, other| one.key() == other.key())
}

/// At most `most` of the bytes of a hit, wherever its records lie.
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

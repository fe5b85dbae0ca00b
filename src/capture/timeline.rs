//! How much was received and sent over time, and how long answers took: from the records' index entries alone, payload is
//! never read.
//!
//! A [`Timeline`] goes over the records once, oldest first, and goes on from where it stood when more has been recorded. What
//! it holds is bounded, whatever the capture's length and the number of its peers: the buckets of its [`Sums`], and of the
//! peers heard of last when that was and which way. A peer that at least 4,096 others were heard of since may be forgotten;
//! its next record then counts as no answer.

mod lasts;
mod sums;

pub use sums::{Answers, Bucket, Flow, Sums};

use super::batches::{Batch, next_batch};
use super::{CaptureReader, Record, RecordKind};
use lasts::{Last, Lasts};
use std::ops::Range;

/// Buckets of a whole capture.
const BUCKETS: usize = 600;
/// Width of its buckets before there are too many, ns.
const WIDTH_NS: u64 = 100_000_000;
/// Records before a part of the history that are looked at for what its first records may be answers to.
const LOOK_BACK: u64 = 1024;

/// Sums over a capture, or over a part of its time.
pub struct Timeline {
    reader: CaptureReader,
    next: u64,
    /// Behind the last record that is expected; for the progress.
    expected: u64,
    first: u64,
    range: Option<Range<u64>>,
    lasts: Lasts,
    sums: Sums,
    is_over: bool,
}

impl Timeline {
    /// Of all from record `from` on. Its buckets are 0.1 s wide at first and twice as wide each time there are 600 of them.
    #[must_use]
    pub fn whole(reader: CaptureReader, from: u64) -> Self {
        let first = from.max(reader.records().start);
        Self {
            next: first,
            expected: 0,
            first,
            range: None,
            lasts: Lasts::default(),
            sums: Sums::growing(BUCKETS, WIDTH_NS),
            is_over: false,
            reader,
        }
    }

    /// Of what lies between two monotonic times (ns since the capture was created) from record `from` on, in `count` buckets.
    /// Finds its first record by some tens of small reads.
    #[must_use]
    pub fn part(reader: CaptureReader, from: u64, range: Range<u64>, count: usize) -> Self {
        let begin = record_at(&reader, from, range.start);
        let first = begin.saturating_sub(LOOK_BACK).max(from).max(reader.records().start);
        Self {
            next: first,
            expected: record_at(&reader, from, range.end),
            first,
            lasts: Lasts::default(),
            sums: Sums::of_range(&range, count),
            range: Some(range),
            is_over: false,
            reader,
        }
    }

    /// What was found so far.
    #[must_use]
    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    /// There are records that it would still look at.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.is_over && self.next < self.reader.records().end
    }

    /// Looks at everything recorded so far and not yet looked at. `go_on` gets the records looked at and all there are to look
    /// at, and answers whether to go on; false: it was told to stop.
    pub fn run(&mut self, go_on: &mut dyn FnMut(u64, u64) -> bool) -> bool {
        let mut records = Vec::new();
        while !self.is_over {
            let there = self.reader.records();
            self.next = self.next.max(there.start);
            let expected = if self.range.is_some() { self.expected } else { there.end };
            let done = self.next - self.first.min(self.next);
            if !go_on(done, expected.saturating_sub(self.first).max(done)) {
                return false;
            }
            if self.next >= there.end {
                break;
            }
            match next_batch(&self.reader, &(self.next..there.end), &mut records) {
                Batch::Read => {}
                Batch::Evicted => continue,
                Batch::Unreadable { behind } => {
                    self.next = behind;
                    continue;
                }
            }
            self.is_over = !records.iter().all(|record| self.take(record));
            self.next = records.last().map_or(self.next, |record| record.number) + 1;
        }
        true
    }

    /// False: it lies behind the range, and so do all that follow.
    fn take(&mut self, record: &Record) -> bool {
        let at = record.mono_ns;
        if self.range.as_ref().is_some_and(|range| at >= range.end) {
            return false;
        }
        match (record.kind, record.direction) {
            (RecordKind::PeerJoined, _) => self.sums.has_joined = true,
            (RecordKind::PeerLeft, _) => self.lasts.forget(record.peer),
            (RecordKind::Data, Some(direction)) => {
                let before = self.lasts.replace(record.peer, Last { direction, mono_ns: at });
                let answered = before.filter(|before| before.direction != direction);
                if self.range.as_ref().is_none_or(|range| at >= range.start) {
                    let took = answered.map(|before| at.saturating_sub(before.mono_ns));
                    self.sums.add(at, direction, record.len, took);
                    self.sums.wall_offset_ns = record.unix_ns.saturating_sub_unsigned(at);
                }
            }
            _ => {}
        }
        true
    }
}

/// The first record from `from` on that was recorded at a monotonic time or later; behind the last one where there is none.
/// Costs one small read for each doubling of the capture's length.
#[must_use]
pub fn record_at(reader: &CaptureReader, from: u64, mono_ns: u64) -> u64 {
    let there = reader.records();
    let (mut low, mut high) = (there.start.max(from).min(there.end), there.end);
    while low < high {
        let middle = low + (high - low) / 2;
        // One that cannot be read is passed over as if it were early: its neighbour decides.
        let is_early = reader.record(middle).map_or(true, |record| record.mono_ns < mono_ns);
        if is_early {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The record from `from` on that is nearest to a monotonic time.
#[must_use]
pub fn nearest(reader: &CaptureReader, from: u64, mono_ns: u64) -> Option<u64> {
    let there = reader.records();
    let after = record_at(reader, from, mono_ns);
    let time = |number: u64| reader.record(number).ok().map(|record| record.mono_ns);
    let before = after.checked_sub(1).filter(|before| *before >= there.start.max(from));
    if after >= there.end {
        return before;
    }
    let (Some(before), Some(late)) = (before, time(after)) else { return Some(after) };
    let Some(early) = time(before) else { return Some(after) };
    Some(if mono_ns.saturating_sub(early) < late.saturating_sub(mono_ns) { before } else { after })
}

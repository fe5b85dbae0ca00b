//! Bytes received and sent over time, and response times, computed from index entries alone; payload is never read.
//!
//! A [`Timeline`] scans the records once, oldest first, and continues when more have been recorded. Its memory is bounded regardless
//! of the length of the capture and the count of peers: it holds the buckets of its [`Sums`], and time and direction of the last
//! record of recently active peers. A peer may be forgotten once at least 4,096 others were active after it; its next record then
//! does not count as a response.

mod lasts;
mod sums;

pub use sums::{Answers, Bucket, Flow, Sums};

use super::batches::{Batch, next_batch};
use super::{CaptureReader, Record, RecordKind};
use lasts::{Last, Lasts};
use std::ops::Range;

/// Maximum count of buckets for an entire capture.
const BUCKETS: usize = 600;
/// Initial width of these buckets, in ns.
const WIDTH_NS: u64 = 100_000_000;
/// Count of records before a range that are examined to find what its first records respond to.
const LOOK_BACK: u64 = 1024;

/// Sums over a capture, or over a range of its time.
pub struct Timeline {
    reader: CaptureReader,
    next: u64,
    /// Number after the last expected record, for the progress.
    expected: u64,
    first: u64,
    range: Option<Range<u64>>,
    lasts: Lasts,
    sums: Sums,
    is_over: bool,
}

impl Timeline {
    /// Creates a timeline of all records from `from` on. Buckets are 0.1 s wide at first; whenever there would be more than 600,
    /// their width doubles.
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

    /// Creates a timeline of the records from `from` on between two monotonic times (ns since the capture was created), in `count`
    /// buckets. Finds its first record with some tens of small reads.
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

    /// The sums so far.
    #[must_use]
    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    /// Whether there are more records to scan.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.is_over && self.next < self.reader.records().end
    }

    /// Scans all records that are new. `go_on` gets the count of scanned records and the total, and returns whether to continue.
    /// Returns false if it was stopped.
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

    /// Adds a record. Returns false if it lies after the range, as all later ones do.
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

/// The first record from `from` on that was recorded at or after a monotonic time (ns); the end of the records if there is none.
/// Takes one small read per doubling of the capture's length.
#[must_use]
pub fn record_at(reader: &CaptureReader, from: u64, mono_ns: u64) -> u64 {
    let there = reader.records();
    let (mut low, mut high) = (there.start.max(from).min(there.end), there.end);
    while low < high {
        let middle = low + (high - low) / 2;
        // An unreadable record counts as early: its neighbour decides.
        let is_early = reader.record(middle).map_or(true, |record| record.mono_ns < mono_ns);
        if is_early {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The record from `from` on that is nearest to a monotonic time (ns).
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

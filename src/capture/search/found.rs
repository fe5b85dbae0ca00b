//! What a search has found so far, in the order of the records, at most so many; and how many there are.

use super::Hit;
use std::ops::{Range, RangeInclusive};

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Found {
    hits: Vec<Hit>,
    /// Settled hits, listed or not.
    settled: u64,
    /// Open hits.
    open: u64,
    /// Not all are listed; from then on none is added, so that what is listed has no gap.
    full: bool,
}

impl Found {
    /// Hits that are listed at most.
    pub const LISTED_MAX: usize = 100_000;

    /// The first hits, ordered by record and offset.
    #[must_use]
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// How many there are, listed or not.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.settled + self.open
    }

    /// All of them are listed.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.full
    }

    /// One more.
    pub fn add(&mut self, hit: Hit) {
        self.settled += 1;
        self.list(hit);
    }

    fn list(&mut self, hit: Hit) {
        self.full |= self.hits.len() >= Self::LISTED_MAX;
        if self.full {
            return;
        }
        // Nearly always the last place, or close to it.
        let at = match self.hits.last() {
            Some(last) if *last > hit => self.hits.partition_point(|other| *other < hit),
            _ => self.hits.len(),
        };
        self.hits.insert(at, hit);
    }

    /// The open hits are these now.
    pub fn set_open(&mut self, hits: Vec<Hit>) {
        if self.open > 0 {
            self.hits.retain(|hit| !hit.open);
        }
        self.open = hits.len() as u64;
        hits.into_iter().for_each(|hit| self.list(hit));
    }

    /// The records before `first` are gone.
    pub fn forget_before(&mut self, first: u64) {
        let gone = self.hits.partition_point(|hit| hit.record < first);
        for hit in self.hits.drain(..gone) {
            let count = if hit.open { &mut self.open } else { &mut self.settled };
            *count = count.saturating_sub(1);
        }
    }

    /// The place of a hit in the list.
    #[must_use]
    pub fn position(&self, record: u64, offset: u32) -> Option<usize> {
        self.hits.binary_search_by_key(&(record, offset), |hit| (hit.record, hit.offset)).ok()
    }

    /// The first hit at or behind a place.
    #[must_use]
    pub fn at_or_after(&self, record: u64, offset: u32) -> usize {
        self.hits.partition_point(|hit| (hit.record, hit.offset) < (record, offset))
    }

    /// The listed hits that begin within these bytes of a record, and the one before them.
    #[must_use]
    pub fn near(&self, record: u64, bytes: &Range<u32>) -> &[Hit] {
        let (start, end) = (self.at_or_after(record, bytes.start), self.at_or_after(record, bytes.end));
        self.hits.get(start.saturating_sub(1)..end.max(start)).unwrap_or_default()
    }

    /// The listed hits that go on into one of these records from an earlier one.
    pub fn spanning(&self, records: &RangeInclusive<u64>) -> impl Iterator<Item = &Hit> {
        let behind = self.hits.partition_point(|hit| hit.record <= *records.end());
        let start = *records.start();
        self.hits.iter().take(behind).filter(move |hit| hit.record < hit.end_record && hit.end_record >= start)
    }
}

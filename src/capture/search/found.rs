//! The hits of a search so far, ordered by record: a bounded list and the total count.

use super::Hit;
use std::ops::{Range, RangeInclusive};

/// See the module documentation.
#[derive(Clone, Debug, Default)]
pub struct Found {
    hits: Vec<Hit>,
    /// Count of settled hits, listed or not.
    settled: u64,
    /// Count of open hits.
    open: u64,
    /// The list is incomplete. From then on no hit is added, so that the list has no gaps.
    full: bool,
}

impl Found {
    /// Maximum count of listed hits.
    pub const LISTED_MAX: usize = 100_000;

    /// The first hits, ordered by record and offset.
    #[must_use]
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Count of all hits, listed or not.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.settled + self.open
    }

    /// Whether all hits are listed.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.full
    }

    /// Adds a settled hit.
    pub fn add(&mut self, hit: Hit) {
        self.settled += 1;
        self.list(hit);
    }

    fn list(&mut self, hit: Hit) {
        self.full |= self.hits.len() >= Self::LISTED_MAX;
        if self.full {
            return;
        }
        // Almost always inserted at or near the end.
        let at = match self.hits.last() {
            Some(last) if *last > hit => self.hits.partition_point(|other| *other < hit),
            _ => self.hits.len(),
        };
        self.hits.insert(at, hit);
    }

    /// Replaces the open hits.
    pub fn set_open(&mut self, hits: Vec<Hit>) {
        if self.open > 0 {
            self.hits.retain(|hit| !hit.open);
        }
        self.open = hits.len() as u64;
        hits.into_iter().for_each(|hit| self.list(hit));
    }

    /// Removes the hits in records before `first`, which were evicted.
    pub fn forget_before(&mut self, first: u64) {
        let gone = self.hits.partition_point(|hit| hit.record < first);
        for hit in self.hits.drain(..gone) {
            let count = if hit.open { &mut self.open } else { &mut self.settled };
            *count = count.saturating_sub(1);
        }
    }

    /// The index of a hit in the list.
    #[must_use]
    pub fn position(&self, record: u64, offset: u32) -> Option<usize> {
        self.hits.binary_search_by_key(&(record, offset), |hit| (hit.record, hit.offset)).ok()
    }

    /// The index of the first hit at or after a position.
    #[must_use]
    pub fn at_or_after(&self, record: u64, offset: u32) -> usize {
        self.hits.partition_point(|hit| (hit.record, hit.offset) < (record, offset))
    }

    /// The listed hits that start within these bytes of a record, and the hit before them.
    #[must_use]
    pub fn near(&self, record: u64, bytes: &Range<u32>) -> &[Hit] {
        let (start, end) = (self.at_or_after(record, bytes.start), self.at_or_after(record, bytes.end));
        self.hits.get(start.saturating_sub(1)..end.max(start)).unwrap_or_default()
    }

    /// The listed hits that extend into one of these records from an earlier one.
    pub fn spanning(&self, records: &RangeInclusive<u64>) -> impl Iterator<Item = &Hit> {
        let behind = self.hits.partition_point(|hit| hit.record <= *records.end());
        let start = *records.start();
        self.hits.iter().take(behind).filter(move |hit| hit.record < hit.end_record && hit.end_record >= start)
    }
}

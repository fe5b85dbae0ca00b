//! Records of a capture by number, read some at a time.

use super::cache::Cache;
use crate::capture::{CaptureReader, ReadError, Record};

/// Records read at once: neighbours are asked for next.
const BATCH: u64 = 64;
/// Records kept.
const KEPT: usize = 4096;

/// A reader's records with a cache. A record never changes once it is published, so nothing in it gets stale.
pub(super) struct Records {
    reader: CaptureReader,
    /// Nothing from here on is looked at (the view is held); `u64::MAX` = live.
    pub(super) until: u64,
    batches: Cache<u64, Vec<Record>>,
}

impl Records {
    /// Of a capture.
    pub(super) fn new(reader: CaptureReader) -> Self {
        Self { reader, until: u64::MAX, batches: Cache::new(KEPT) }
    }

    /// The capture.
    pub(super) fn reader(&self) -> &CaptureReader {
        &self.reader
    }

    /// Behind the last record to look at.
    pub(super) fn end(&self) -> u64 {
        self.reader.records().end.min(self.until)
    }

    /// One record.
    pub(super) fn get(&mut self, number: u64) -> Result<Record, ReadError> {
        let batch = number / BATCH;
        if let Some(found) = self.batches.get(&batch).and_then(|records| find(records, number)) {
            return Ok(found);
        }
        let published = self.reader.records();
        if number < published.start {
            return Err(ReadError::Evicted(number));
        }
        if number >= published.end {
            return Err(ReadError::NotYet(number));
        }
        let wanted = (batch * BATCH).max(published.start)..(batch + 1).saturating_mul(BATCH).min(published.end);
        let records = self.read(wanted);
        let found = find(&records, number);
        self.batches.insert(batch, records, usize::try_from(BATCH).unwrap_or(KEPT));
        // Whatever kept the batch from being read (a segment evicted in between), the one record has the last word.
        found.map_or_else(|| self.reader.record(number), Ok)
    }

    /// What can be read of `wanted` at once; the rest is left out.
    fn read(&self, wanted: std::ops::Range<u64>) -> Vec<Record> {
        let mut records = Vec::new();
        let mut next = wanted.start;
        while next < wanted.end {
            let before = records.len();
            if self.reader.records_in(next..wanted.end, &mut records).is_err() || records.len() == before {
                break;
            }
            next = records.last().map_or(wanted.end, |record| record.number + 1);
        }
        records
    }
}

/// In ascending numbers.
fn find(records: &[Record], number: u64) -> Option<Record> {
    records.binary_search_by_key(&number, |record| record.number).ok().map(|index| records[index])
}

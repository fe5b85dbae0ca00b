//! Cached access to the records of a capture by number.

use super::cache::Cache;
use crate::capture::{CaptureReader, ReadError, Record};

/// Records per read: neighbours are usually read next.
const BATCH: u64 = 64;
/// Maximum count of cached records.
const KEPT: usize = 4096;

/// A reader with a cache of records. Published records never change, so the cache is never stale.
pub(super) struct Records {
    reader: CaptureReader,
    batches: Cache<u64, Vec<Record>>,
}

impl Records {
    /// Creates a cache for a capture.
    pub(super) fn new(reader: CaptureReader) -> Self {
        Self { reader, batches: Cache::new(KEPT) }
    }

    /// The capture.
    pub(super) fn reader(&self) -> &CaptureReader {
        &self.reader
    }

    /// Number after the last published record.
    pub(super) fn end(&self) -> u64 {
        self.reader.records().end
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
        // If the batch could not be read (for example because a segment was evicted), read the single record.
        found.map_or_else(|| self.reader.record(number), Ok)
    }

    /// Reads as many records of `wanted` as possible; the others are left out.
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

/// Finds a record by number; `records` are ascending.
fn find(records: &[Record], number: u64) -> Option<Record> {
    records.binary_search_by_key(&number, |record| record.number).ok().map(|index| records[index])
}

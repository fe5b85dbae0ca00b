//! Batched iteration over the records of a capture, shared by search, index and timeline.

use super::{CaptureReader, ReadError, Record};
use std::ops::Range;

/// Records per batch, after which the caller checks for cancellation.
const RECORDS_A_BATCH: u64 = 8192;

/// Result of reading the next records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Batch {
    /// Read as many records as possible, at least one.
    Read,
    /// The records were evicted meanwhile: continue with those left.
    Evicted,
    /// The first record is unreadable, perhaps along with others of a missing segment.
    Unreadable {
        /// Number of the first record after them.
        behind: u64,
    },
}

/// Reads the first records of `range`, which must not be empty, into `records`, replacing its content.
pub(super) fn next_batch(reader: &CaptureReader, range: &Range<u64>, records: &mut Vec<Record>) -> Batch {
    records.clear();
    let end = range.end.min(range.start.saturating_add(RECORDS_A_BATCH));
    match reader.records_in(range.start..end, records) {
        Ok(()) => Batch::Read,
        Err(ReadError::Evicted(_)) if range.start < reader.records().start => Batch::Evicted,
        Err(_) => Batch::Unreadable { behind: reader.store().behind_unreadable(range.start) },
    }
}

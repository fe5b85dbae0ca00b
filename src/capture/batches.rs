//! Going over the records of a capture, many at once: what a search, an index and a timeline have in common.

use super::{CaptureReader, ReadError, Record};
use std::ops::Range;

/// Records looked at between two looks at whether to go on.
const RECORDS_A_BATCH: u64 = 8192;

/// What came of reading the next records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Batch {
    /// They are there: as many as could be read, at least one.
    Read,
    /// The limit was quicker: go on with what there is now.
    Evicted,
    /// The first one cannot be read, perhaps with others that are missing together.
    Unreadable {
        /// The first one behind them.
        behind: u64,
    },
}

/// Reads the first records of `range`, which is not empty, to `records`; what was in there goes.
pub(super) fn next_batch(reader: &CaptureReader, range: &Range<u64>, records: &mut Vec<Record>) -> Batch {
    records.clear();
    let end = range.end.min(range.start.saturating_add(RECORDS_A_BATCH));
    match reader.records_in(range.start..end, records) {
        Ok(()) => Batch::Read,
        Err(ReadError::Evicted(_)) if range.start < reader.records().start => Batch::Evicted,
        Err(_) => Batch::Unreadable { behind: reader.store().behind_unreadable(range.start) },
    }
}

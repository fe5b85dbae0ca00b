//! From a range of a stream to the records that hold it.

use super::entry::{ItemEntry, ItemKind};
use crate::capture::{CaptureReader, ReadError, Record};

/// Bytes of an item that lie in one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The record.
    pub record: Record,
    /// First byte in its payload.
    pub from: u32,
    /// Behind the last byte in its payload.
    pub to: u32,
    /// Where that is in the item.
    pub at: u32,
}

/// The record that holds the byte at `offset` of its stream, at or before `from`; the oldest one still there where that is gone.
#[must_use]
pub fn holding(offset: u64, from: &Record, reader: &CaptureReader) -> Record {
    let mut record = *from;
    while record.stream_offset > offset {
        let Some(before) = record.previous.and_then(|number| reader.record(number).ok()) else { break };
        record = before;
    }
    record
}

/// The records that hold an item, oldest first; at least one. The work grows with their number.
///
/// # Errors
/// One of them is evicted or cannot be read.
pub fn parts_of(reader: &CaptureReader, item: &ItemEntry) -> Result<Vec<Part>, ReadError> {
    let first = reader.record(item.first)?;
    if item.kind == ItemKind::Record || item.first == item.last {
        let to = item.offset.saturating_add(item.len).min(first.len.max(item.offset));
        return Ok(vec![Part { record: first, from: item.offset, to, at: 0 }]);
    }
    let start = first.stream_offset.saturating_add(item.offset.into());
    let end = start.saturating_add(item.len.into());
    let mut parts = Vec::new();
    let mut record = reader.record(item.last)?;
    loop {
        let record_end = record.stream_offset.saturating_add(record.len.into());
        let from = start.max(record.stream_offset);
        if from < end.min(record_end) {
            parts.push(Part {
                record,
                // Within the record and the item, both of 32 bits.
                from: (from - record.stream_offset) as u32,
                to: (end.min(record_end) - record.stream_offset) as u32,
                at: (from - start) as u32,
            });
        }
        if record.number <= item.first {
            break;
        }
        let gap = || ReadError::Io(format!("record {}: the one before it in its stream is missing", record.number));
        record = reader.record(record.previous.ok_or_else(gap)?)?;
    }
    parts.reverse();
    Ok(parts)
}

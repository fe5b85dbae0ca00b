//! Maps ranges of a stream to the records that contain them.

use super::entry::{ItemEntry, ItemKind};
use crate::capture::{CaptureReader, ReadError, Record};

/// The bytes of an item in one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The record.
    pub record: Record,
    /// Offset of the first byte in its payload.
    pub from: u32,
    /// Offset after the last byte in its payload.
    pub to: u32,
    /// Offset of the part in the item.
    pub at: u32,
}

/// The record that contains the byte at `offset` of its stream, at or before `from`. If it was evicted, the oldest record of the
/// stream that still exists.
#[must_use]
pub fn holding(offset: u64, from: &Record, reader: &CaptureReader) -> Record {
    let mut record = *from;
    while record.stream_offset > offset {
        let Some(before) = record.previous.and_then(|number| reader.record(number).ok()) else { break };
        record = before;
    }
    record
}

/// The records that contain an item, oldest first; at least one. The cost grows with their count.
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
                // Both are within the record and the item, whose lengths are `u32`.
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

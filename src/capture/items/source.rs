//! The bytes of an item: the payload of a record, or a frame's part of one or several records.

use super::{ItemEntry, ItemKind, Part, parts_of};
use crate::capture::{CaptureReader, ReadError, Record};
use std::ops::Range;
use std::sync::Arc;

/// See the module documentation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Source {
    /// The record of its first byte.
    pub record: Record,
    /// Offset of that byte in the record.
    from: u32,
    /// Length in bytes.
    pub len: u32,
    /// A frame, whose bytes are decoded independently of its neighbours.
    pub is_frame: bool,
    /// Bytes of the frame before its payload.
    pub head: u32,
    /// Its parts, if it spans several records.
    parts: Option<Arc<[Part]>>,
}

/// Identifies a source: two sources with the same key have the same bytes.
pub type SourceKey = (u64, u32, u32);

impl Source {
    /// A complete record.
    #[must_use]
    pub fn of_record(record: Record) -> Self {
        Self { record, from: 0, len: record.len, is_frame: false, head: 0, parts: None }
    }

    /// The source of an item that starts in record `first`.
    ///
    /// # Errors
    /// A record that contains bytes of it is evicted or cannot be read.
    pub fn of_item(reader: &CaptureReader, item: &ItemEntry, first: Record) -> Result<Self, ReadError> {
        if item.kind == ItemKind::Record {
            return Ok(Self::of_record(first));
        }
        let source = Self::of_parts(&parts_of(reader, item)?).unwrap_or_else(|| Self::of_record(first));
        Ok(Self { head: item.head.into(), ..source })
    }

    /// A frame in these parts; `None` if there are none.
    #[must_use]
    pub fn of_parts(parts: &[Part]) -> Option<Self> {
        let (first, last) = (*parts.first()?, *parts.last()?);
        let len = last.at.saturating_add(last.to.saturating_sub(last.from));
        let parts = (parts.len() > 1).then(|| parts.into());
        Some(Self { record: first.record, from: first.from, len, is_frame: true, head: 0, parts })
    }

    /// A record with the length and stream offset of the item.
    #[must_use]
    pub fn as_record(&self) -> Record {
        let stream_offset = self.record.stream_offset.saturating_add(self.from.into());
        Record { len: self.len, stream_offset, ..self.record }
    }

    /// Count of records that contain it.
    #[must_use]
    pub fn parts(&self) -> usize {
        self.parts.as_ref().map_or(1, |parts| parts.len())
    }

    /// See [`SourceKey`].
    #[must_use]
    pub fn key(&self) -> SourceKey {
        (self.record.number, self.from, self.len)
    }

    /// Appends `range` (clipped) to `bytes`.
    ///
    /// # Errors
    /// See [`ReadError`]. On error nothing is appended.
    pub fn payload(&self, reader: &CaptureReader, range: Range<u32>, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        let before = bytes.len();
        for (record, part) in self.lies_in(range) {
            if let Err(error) = reader.payload(&record, part, bytes) {
                bytes.truncate(before);
                return Err(error);
            }
        }
        Ok(())
    }

    /// The records that contain `range` (clipped), each with its byte range.
    #[must_use]
    pub fn lies_in(&self, range: Range<u32>) -> Vec<(Record, Range<u32>)> {
        let end = range.end.min(self.len);
        let Some(parts) = &self.parts else {
            let place = |at: u32| self.from.saturating_add(at);
            return if range.start < end { vec![(self.record, place(range.start)..place(end))] } else { Vec::new() };
        };
        let first = parts.partition_point(|part| part.at <= range.start).saturating_sub(1);
        let within = |part: &Part| {
            let start = range.start.max(part.at);
            let stop = end.min(part.at.saturating_add(part.to - part.from));
            (start < stop).then(|| (part.record, part.from + (start - part.at)..part.from + (stop - part.at)))
        };
        parts.iter().skip(first).take_while(|part| part.at < end).filter_map(within).collect()
    }
}

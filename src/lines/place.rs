//! Positions in a view.

use super::ViewMode;

/// A row: record number and row within the record. Ordered as on screen.
///
/// The record number may be used in calculations; `row` is opaque outside this room. In hex and dump mode it is the row number
/// within the record; in text mode it is `block << 32 | row within the block`, since long records are laid out in independent blocks
/// of 64 KiB. Use [`super::View::moved`], [`super::View::at`] and [`super::View::fraction`] instead of arithmetic. In the first
/// record after evicted ones row 0 is the `Evicted` row, followed by the record's own rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Record number.
    pub record: u64,
    /// Row within the record, opaque.
    pub row: u64,
}

impl Place {
    pub(super) fn new(mode: ViewMode, record: u64, part: u32, index: u64) -> Self {
        let row = match mode {
            ViewMode::Text => u64::from(part) << 32 | index.min(u64::from(u32::MAX)),
            ViewMode::Hex | ViewMode::Dump => index,
        };
        Self { record, row }
    }

    /// Splits `row` into the part of the record and the row within the part.
    pub(super) fn split(self, mode: ViewMode) -> (u32, u64) {
        match mode {
            ViewMode::Text => (u32::try_from(self.row >> 32).unwrap_or(u32::MAX), self.row & u64::from(u32::MAX)),
            ViewMode::Hex | ViewMode::Dump => (0, self.row),
        }
    }
}

/// Position of a byte in the capture. A selection has two; the second is exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BytePlace {
    /// Record number.
    pub record: u64,
    /// Offset in the record's payload.
    pub offset: u32,
}

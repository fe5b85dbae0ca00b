//! Positions in a view.

use super::ViewMode;

/// A row: record number and row within it. Ordered as on screen.
///
/// The record counts in full; `row` is opaque outside this room: in hex and dump it is the row's number within the record, in
/// text mode `block << 32 | row within the block`, since long records are laid out in independent blocks of 64 KiB. So do not
/// calculate with it; use [`super::View::moved`], [`super::View::at`] and [`super::View::fraction`]. In the first record of a cut
/// history row 0 is the `Evicted` row and its own rows follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Record.
    pub record: u64,
    /// Row within the record, from 0.
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

    /// Part of the record, row within the part.
    pub(super) fn split(self, mode: ViewMode) -> (u32, u64) {
        match mode {
            ViewMode::Text => (u32::try_from(self.row >> 32).unwrap_or(u32::MAX), self.row & u64::from(u32::MAX)),
            ViewMode::Hex | ViewMode::Dump => (0, self.row),
        }
    }
}

/// A byte of the capture: the two ends of a selection, the second exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BytePlace {
    /// Record.
    pub record: u64,
    /// Offset in its payload.
    pub offset: u32,
}

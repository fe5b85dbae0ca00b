//! Positions of the columns of the log, in points from its left edge.

mod fit;
mod heads;
mod list;
mod menu;
#[cfg(test)]
mod tests;

use crate::lines::ViewMode;
use crate::settings::LogColumn;
pub(super) use fit::{Fit, Room, Shape};
pub(super) use heads::heads;
pub(super) use list::{COLUMNS, Of};

/// Width of a half-width cell of the log's font at 14 points.
pub(super) const CELL: f32 = 7.0;
/// Distance from one byte of the hex column to the next.
const BYTE: f32 = 21.0;
/// Additional gap after eight bytes.
const GROUP_GAP: f32 = 7.0;
/// Left edge of the first column.
const LEFT: f32 = 12.0;
/// Minimum width of the summary.
const SUMMARY: f32 = 14.0 * CELL;
/// Cells per row of unwrapped text.
const UNWRAPPED: u16 = 4096;

/// The position of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    /// Left edge.
    pub(super) left: f32,
    /// Right edge.
    pub(super) right: f32,
}

/// The positions of all columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Columns {
    /// The visible columns, in the order of [`COLUMNS`].
    spans: [Option<Span>; LogColumn::COUNT],
    /// What fits into the width.
    pub(super) fit: Fit,
    /// Cells per row in text mode.
    pub(super) cells: u16,
    /// Mode.
    pub(super) mode: ViewMode,
    /// Width of a row.
    pub(super) width: f32,
}

/// Room for the caret before the words of an event.
pub(super) const FOLD_ROOM: f32 = 16.0;

impl Columns {
    pub(super) fn new(shape: &Shape) -> Self {
        let mut columns = Self::placed(shape, Fit::widest(shape));
        if shape.setup.wrap {
            let cells = (columns.width_of(LogColumn::Text) / CELL).floor().clamp(8.0, f32::from(UNWRAPPED));
            columns.cells = cells as u16;
        }
        columns
    }

    /// Places the columns one after the other.
    fn placed(shape: &Shape, fit: Fit) -> Self {
        let mut spans = [None; LogColumn::COUNT];
        let mut end = None;
        for (span, column) in spans.iter_mut().zip(&COLUMNS) {
            if let Some((gap, width)) = (column.room)(shape, &fit, end.unwrap_or(LEFT)) {
                let left = end.map_or(LEFT, |end| end + gap);
                *span = Some(Span { left, right: left + width });
                end = Some(left + width);
            }
        }
        Self { spans, fit, cells: UNWRAPPED, mode: shape.mode, width: shape.width }
    }

    /// Position of a column; `None` if hidden.
    pub(super) fn span(&self, column: LogColumn) -> Option<Span> {
        self.spans.get(column as usize).copied().flatten()
    }

    fn left_of(&self, column: LogColumn) -> f32 {
        self.span(column).map_or(0.0, |span| span.left)
    }

    fn width_of(&self, column: LogColumn) -> f32 {
        self.span(column).map_or(0.0, |span| span.right - span.left)
    }

    /// Right edge of the last column.
    fn end(&self) -> f32 {
        self.spans.iter().flatten().last().map_or(0.0, |span| span.right)
    }

    /// Middle of the arrow or event icon.
    pub(super) fn arrow(&self) -> f32 {
        self.span(LogColumn::Arrow).map_or(LEFT, |span| (span.left + span.right) / 2.0)
    }

    /// Left edge of the peer and of the text of an event.
    pub(super) fn words(&self) -> f32 {
        self.arrow() + 14.0
    }

    /// Bytes per row.
    pub(super) fn bytes(&self) -> u16 {
        self.fit.bytes
    }

    /// Left edge of the bytes: of the hex column, or of the text in text mode. Notes below a record start here.
    pub(super) fn note(&self) -> f32 {
        self.left_of(if self.mode == ViewMode::Text { LogColumn::Text } else { LogColumn::Hex })
    }

    /// Left edge of the text that replaces the bytes of a record.
    pub(super) fn sentence(&self) -> f32 {
        self.left_of(if self.mode == ViewMode::Text { LogColumn::Text } else { LogColumn::Offset })
    }

    /// Left edge of the text column.
    pub(super) fn text(&self) -> f32 {
        self.left_of(LogColumn::Text)
    }

    /// Left edge of byte `index` of a row in the hex column.
    pub(super) fn byte_x(&self, index: usize) -> f32 {
        self.left_of(LogColumn::Hex) + byte_offset(index)
    }

    /// The byte of the hex column at `x`, clipped to the row.
    pub(super) fn byte_at(&self, x: f32) -> usize {
        let last = usize::from(self.bytes()) - 1;
        // Half of a gap belongs to the byte before it.
        (0..last).find(|&index| x < (self.byte_x(index) + 14.0 + self.byte_x(index + 1)) / 2.0).unwrap_or(last)
    }

    /// Middle of the caret of a row that represents several records.
    pub(super) fn caret(&self) -> f32 {
        self.note() - if self.mode == ViewMode::Text { 9.0 } else { 24.0 }
    }

    /// Middle of the caret of an event that represents several records, before its words.
    pub(super) fn event_caret(&self) -> f32 {
        self.words() + FOLD_ROOM / 2.0 - 3.0
    }

    /// Left edge of a text cell.
    pub(super) fn cell_x(&self, column: u16) -> f32 {
        self.text() + f32::from(column) * CELL
    }
}

fn byte_offset(index: usize) -> f32 {
    index as f32 * BYTE + (index / 8) as f32 * GROUP_GAP
}

/// Width of the hex column.
fn hex_width(bytes: u16) -> f32 {
    byte_offset(usize::from(bytes) - 1) + 2.0 * CELL
}

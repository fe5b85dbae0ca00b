//! The selection: bytes in a column, or whole records.

use crate::gui::log::columns::Columns;
use crate::lines::{BytePlace, Row, RowKind};
use std::ops::Range;

/// Where a selection was made; determines what Ctrl+C copies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Hex.
    Hex,
    /// Text.
    Text,
    /// Whole records.
    Records,
}

/// A part of one record under the pointer; empty for rows without bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) record: u64,
    pub(super) bytes: Range<u32>,
}

/// From the start of the drag to its current end, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) column: Column,
    pub(super) anchor: Spot,
    pub(super) head: Spot,
}

impl Selection {
    pub(super) fn of_record(record: u64) -> Self {
        let spot = Spot { record, bytes: 0..u32::MAX };
        Self { column: Column::Records, anchor: spot.clone(), head: spot }
    }

    /// The range from the first byte to the byte after the last.
    pub(super) fn range(&self) -> Range<BytePlace> {
        let place = |record, offset| BytePlace { record, offset };
        let ends = |spot: &Spot| (place(spot.record, spot.bytes.start), place(spot.record, spot.bytes.end));
        let ((a, a_end), (b, b_end)) = (ends(&self.anchor), ends(&self.head));
        let (start, end) = (a.min(b), a_end.max(b_end));
        match self.column {
            Column::Records => place(start.record, 0)..place(end.record, u32::MAX),
            Column::Hex | Column::Text => start..end,
        }
    }

    /// The records in the selection.
    pub(super) fn records(&self) -> std::ops::RangeInclusive<u64> {
        let range = self.range();
        range.start.record..=range.end.record
    }

    /// The record is selected as a whole.
    pub(super) fn has_record(&self, record: u64) -> bool {
        self.column == Column::Records && self.records().contains(&record)
    }

    /// The selected part of a record, as offsets in its payload.
    pub(super) fn within(&self, record: u64) -> Option<Range<u32>> {
        let range = self.range();
        if !(range.start.record..=range.end.record).contains(&record) {
            return None;
        }
        let start = if record == range.start.record { range.start.offset } else { 0 };
        let end = if record == range.end.record { range.end.offset } else { u32::MAX };
        (start < end).then_some(start..end)
    }
}

/// The column at `x` in a row, for a click that starts a selection.
pub(super) fn column_at(columns: &Columns, row: &Row, x: f32) -> Column {
    if !matches!(row.kind, RowKind::Data { .. }) || x < columns.note() - 4.0 {
        return Column::Records;
    }
    match columns.mode {
        crate::lines::ViewMode::Text => Column::Text,
        crate::lines::ViewMode::Dump if x >= columns.text() - 7.0 => Column::Text,
        _ => Column::Hex,
    }
}

/// The spot at `x` of a row, clipped to the row's bytes, for a drag within `column`.
pub(super) fn spot_at(columns: &Columns, row: &Row, column: Column, x: f32) -> Spot {
    let record = row.place.record;
    let nothing = Spot { record, bytes: 0..0 };
    if column == Column::Records {
        return Spot { record, bytes: 0..u32::MAX };
    }
    let RowKind::Data { offset, bytes, cells, .. } = &row.kind else { return nothing };
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    if len == 0 {
        return nothing;
    }
    let bytes = match column {
        Column::Hex => {
            let index = u32::try_from(columns.byte_at(x)).unwrap_or(0).min(len - 1);
            offset + index..offset + index + 1
        }
        _ => {
            let hit = cells.iter().find(|cell| x < columns.cell_x(cell.column + cell.width)).or(cells.last());
            match hit {
                Some(cell) => cell.bytes.clone(),
                None => *offset..offset + len,
            }
        }
    };
    Spot { record, bytes }
}

/// `x` is after the last byte or character of the row: a click there selects nothing.
pub(super) fn is_beside(columns: &Columns, row: &Row, column: Column, x: f32) -> bool {
    let RowKind::Data { bytes, cells, .. } = &row.kind else { return column != Column::Records };
    match column {
        Column::Records => false,
        Column::Hex => bytes.is_empty() || x > columns.byte_x(bytes.len() - 1) + 18.0,
        Column::Text => cells.last().is_none_or(|cell| x > columns.cell_x(cell.column + cell.width) + 4.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(record: u64, bytes: Range<u32>) -> Spot {
        Spot { record, bytes }
    }

    #[test]
    fn a_drag_in_either_direction_is_the_same_range() {
        let (a, b) = (spot(3, 4..5), spot(5, 0..2));
        let forth = Selection { column: Column::Hex, anchor: a.clone(), head: b.clone() };
        let back = Selection { column: Column::Hex, anchor: b, head: a };
        assert_eq!(forth.range(), back.range());
        assert_eq!(forth.within(3), Some(4..u32::MAX));
        assert_eq!(forth.within(4), Some(0..u32::MAX));
        assert_eq!(forth.within(5), Some(0..2));
        assert_eq!(forth.within(6), None);
        assert!(!forth.has_record(4));
    }

    #[test]
    fn records_are_selected_whole() {
        let mut selection = Selection::of_record(7);
        selection.head = spot(2, 0..u32::MAX);
        assert!(selection.has_record(2) && selection.has_record(7) && !selection.has_record(8));
        assert_eq!(selection.within(2), Some(0..u32::MAX));
    }
}

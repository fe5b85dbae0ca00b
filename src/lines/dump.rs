//! The text column of a dump: one cell per byte.

use super::block::{BLOCK_BYTES, Block, RowStart, Unit, UnitKind, with_offsets};
use super::glyph::{Shape, shape};
use super::row::{Cell, CellStyle};
use std::ops::Range;

/// Placeholder for a byte without a printable character.
const DOT: &str = "·";

/// Distance in bytes between the entries of a block's index. Rows of any width are found through it, because a row may begin
/// anywhere and may reach into the next block.
const STEP: u32 = 16;

/// Records for every [`STEP`] bytes of a block the first unit that starts there or later.
pub(super) fn index_rows(block: &mut Block, number: u32) {
    let first = number.saturating_mul(BLOCK_BYTES);
    let end = block.end.max(first);
    let mut rows: Vec<RowStart> = Vec::new();
    let mut next = first;
    for (index, (offset, _)) in with_offsets(&block.units, block.start).enumerate() {
        while next <= offset && next < end {
            rows.push(RowStart { unit: index, offset });
            next = next.saturating_add(STEP);
        }
    }
    // Steps in which no unit starts continue the character of the preceding bytes.
    while next < end {
        rows.push(RowStart { unit: block.units.len(), offset: block.end });
        next = next.saturating_add(STEP);
    }
    block.rows = rows;
}

/// The cells of row `range` (offsets in the record) that start in the block; the row may begin in the block before.
///
/// A character is placed at its first byte or, if it started in an earlier record, at the first byte in this one; its other bytes
/// stay blank. A wide character needs two bytes or the end of the row after it, because the cell of the next byte is taken.
pub(super) fn cells(block: &Block, number: u32, range: &Range<u32>) -> Vec<Cell> {
    let mut cells = Vec::new();
    let crossing = block.crossing.into_iter();
    for (offset, unit) in
        block.units_from(step(number, range)).chain(crossing).take_while(|(offset, _)| *offset < range.end)
    {
        if offset < range.start || unit.len == 0 {
            continue;
        }
        let column = |at: u32| u16::try_from(at - range.start).unwrap_or(u16::MAX);
        let end = offset + u32::from(unit.len);
        if let Some((c, width)) = glyph(unit, offset + 1 == range.end) {
            let text = c.to_string();
            cells.push(Cell { column: column(offset), width, text, style: CellStyle::Normal, bytes: offset..end });
            continue;
        }
        let style = match unit.kind {
            UnitKind::Invalid(_) if !block.binary => CellStyle::Invalid,
            _ => CellStyle::Faint,
        };
        cells.extend((offset..end.min(range.end)).map(|at| Cell {
            column: column(at),
            width: 1,
            text: DOT.into(),
            style,
            bytes: at..at + 1,
        }));
    }
    cells
}

/// The step of block `number` that a row begins in; 0 if it begins in the block before.
fn step(number: u32, range: &Range<u32>) -> usize {
    (range.start.saturating_sub(number.saturating_mul(BLOCK_BYTES)) / STEP) as usize
}

/// The character of a unit and its width, if it fits into the cells of its bytes.
fn glyph(unit: Unit, row_ends: bool) -> Option<(char, u16)> {
    let UnitKind::Char(c) = unit.kind else { return None };
    let Shape::Printable(width) = shape(c) else { return None };
    (width <= u16::from(unit.len) || row_ends).then_some((c, width))
}

/// Adds to `marks` which bytes of row `range` are invalid. Leaves it empty if none is, and for a binary block.
pub(super) fn mark_invalid(block: &Block, number: u32, range: &Range<u32>, marks: &mut Vec<bool>) {
    if block.invalid == 0 || block.binary {
        return;
    }
    for (offset, unit) in block.units_from(step(number, range)).take_while(|(offset, _)| *offset < range.end) {
        if offset >= range.start && matches!(unit.kind, UnitKind::Invalid(_)) {
            marks.resize((range.end - range.start) as usize, false);
            marks[(offset - range.start) as usize] = true;
        }
    }
}

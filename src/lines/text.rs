//! Text mode: units flow into rows of a width.

use super::block::{Block, RowStart, Unit, UnitKind, with_offsets};
use super::glyph::{Shape, escaped, escaped_width, shape};
use super::row::{Cell, CellStyle};

/// Marks that join one character at most; more are shown on their own, so that no cell grows without bound.
const MARKS: u8 = 8;
/// Width of `\xNN`.
const BYTE_WIDTH: u16 = 4;

/// What a unit looks like, before it has a place.
enum Look {
    /// A character as it is.
    Glyph(char, u16),
    /// A mark for the cell before, or this escaped form of it where there is none.
    Mark(char),
    /// The escaped form of a character.
    Escape(char),
    /// `\xNN`.
    Byte(u8, CellStyle),
    /// No picture.
    Nothing,
}

impl Look {
    fn of(unit: Unit) -> Self {
        match unit.kind {
            UnitKind::Char(c) => match shape(c) {
                Shape::Printable(width) => Self::Glyph(c, width),
                Shape::Combining => Self::Mark(c),
                Shape::Escaped => Self::Escape(c),
            },
            UnitKind::Invalid(byte) => Self::Byte(byte, CellStyle::Invalid),
            UnitKind::Unfinished(byte) => Self::Byte(byte, CellStyle::Faint),
            UnitKind::Elsewhere => Self::Nothing,
        }
    }
}

/// Where the flow puts a unit.
enum Put {
    /// In a cell of its own at this column, so wide.
    Cell(u16, u16),
    /// Into the cell before.
    Joined,
    /// Nowhere.
    Nothing,
}

/// The state of filling rows: the same for finding where rows begin and for making one row's cells.
struct Flow {
    width: u16,
    column: u16,
    /// The row has ended with a line end; the next picture begins a new one.
    ended: bool,
    /// Marks that may still join the last cell.
    marks: u8,
}

impl Flow {
    fn new(width: u16) -> Self {
        Self { width, column: 0, ended: false, marks: 0 }
    }

    /// Places a unit; the first value tells that it begins a new row. `in_head`: what looks like a line end is none.
    fn put(&mut self, unit: Unit, look: &Look, in_head: bool) -> (bool, Put) {
        let single_byte = unit.is_single_byte();
        let (width, last_column) = match *look {
            Look::Nothing => return (false, Put::Nothing),
            Look::Mark(_) if self.marks > 0 && !self.ended => {
                self.marks -= 1;
                return (false, Put::Joined);
            }
            Look::Glyph(_, width) => (width, self.width.saturating_sub(width)),
            // A line end hangs over the edge rather than stand alone on the next row: `\r` by its two cells, `\n` behind it too.
            Look::Escape('\r') => (2, self.width),
            Look::Escape('\n') => (2, self.width + 2),
            Look::Escape(c) | Look::Mark(c) => {
                let width = escaped_width(c, single_byte);
                (width, self.width.saturating_sub(width))
            }
            Look::Byte(..) => (BYTE_WIDTH, self.width.saturating_sub(BYTE_WIDTH)),
        };
        let breaks = self.ended || (self.column > 0 && self.column > last_column);
        if breaks {
            self.column = 0;
        }
        let column = self.column;
        self.column += width;
        self.ended = matches!(look, Look::Escape('\n')) && !in_head;
        self.marks = if matches!(look, Look::Glyph(..)) { MARKS } else { 0 };
        (breaks, Put::Cell(column, width))
    }
}

/// Finds where the rows of a block begin; at least one. The first `head` bytes of the item are a header: no line ends there.
pub(super) fn lay_out(block: &mut Block, width: u16, head: u32) {
    let mut flow = Flow::new(width);
    let mut rows = vec![RowStart { unit: 0, offset: block.start }];
    for (index, (offset, unit)) in with_offsets(&block.units, block.start).enumerate() {
        if flow.put(unit, &Look::of(unit), offset < head).0 {
            rows.push(RowStart { unit: index, offset });
        }
    }
    rows.shrink_to_fit();
    block.rows = rows;
}

/// The cells of one row; `head` as for [`lay_out`].
pub(super) fn cells(block: &Block, row: usize, width: u16, head: u32) -> Vec<Cell> {
    let mut flow = Flow::new(width);
    let mut cells: Vec<Cell> = Vec::new();
    for (offset, unit) in block.row_units(row) {
        let look = Look::of(unit);
        let end = offset + u32::from(unit.len);
        match (flow.put(unit, &look, offset < head).1, cells.last_mut()) {
            (Put::Nothing, _) => {}
            (Put::Joined, Some(base)) => {
                if let Look::Mark(c) = look {
                    base.text.push(c);
                }
                base.bytes.end = base.bytes.end.max(end);
            }
            (Put::Joined, None) => {}
            (Put::Cell(column, width), _) => {
                let (text, style) = picture(&look, unit.is_single_byte());
                cells.push(Cell { column, width, text, style, bytes: offset..end });
            }
        }
    }
    cells
}

fn picture(look: &Look, single_byte: bool) -> (String, CellStyle) {
    match *look {
        Look::Glyph(c, _) => (c.into(), CellStyle::Normal),
        Look::Mark(c) | Look::Escape(c) => (escaped(c, single_byte), CellStyle::Faint),
        Look::Byte(byte, style) => (format!("\\x{byte:02X}"), style),
        Look::Nothing => (String::new(), CellStyle::Faint),
    }
}

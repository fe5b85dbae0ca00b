//! Text mode: places units in rows of a given width.

use super::block::{Block, RowStart, Unit, UnitKind, with_offsets};
use super::glyph::{Shape, escaped, escaped_width, shape};
use super::row::{Cell, CellStyle};

/// Maximum count of marks combined with one character. More are shown separately, so that cells stay bounded.
const MARKS: u8 = 8;
/// Width of `\xNN`.
const BYTE_WIDTH: u16 = 4;

/// Display form of a unit, before it is placed.
enum Look {
    /// An unchanged character and its width.
    Glyph(char, u16),
    /// A combining mark, or its escaped form if there is no cell to combine it with.
    Mark(char),
    /// The escaped form of a character.
    Escape(char),
    /// `\xNN`.
    Byte(u8, CellStyle),
    /// Not drawn.
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

/// Where a unit was placed.
enum Put {
    /// In its own cell: column and width.
    Cell(u16, u16),
    /// In the previous cell.
    Joined,
    /// Nowhere.
    Nothing,
}

/// State while filling rows; used both to find row starts and to build cells.
struct Flow {
    width: u16,
    column: u16,
    /// The row has ended with a line end; the next cell starts a new row.
    ended: bool,
    /// Count of marks that can still be combined with the last cell.
    marks: u8,
}

impl Flow {
    fn new(width: u16) -> Self {
        Self { width, column: 0, ended: false, marks: 0 }
    }

    /// Places a unit. Returns whether it starts a new row, and its position. With `in_head`, line ends do not end the row.
    fn put(&mut self, unit: Unit, look: &Look, in_head: bool) -> (bool, Put) {
        let single_byte = unit.is_single_byte();
        let (width, last_column) = match *look {
            Look::Nothing => return (false, Put::Nothing),
            Look::Mark(_) if self.marks > 0 && !self.ended => {
                self.marks -= 1;
                return (false, Put::Joined);
            }
            Look::Glyph(_, width) => (width, self.width.saturating_sub(width)),
            // A line end may extend beyond the width, so that it never stands alone on the next row: `\r` by its two cells, a
            // following `\n` by two more.
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

/// Finds the row starts of a block, at least one. The first `head` bytes of the item are a header, in which no line ends.
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

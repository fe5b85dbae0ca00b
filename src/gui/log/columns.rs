//! Where the columns of the log are, in points from its left edge.

use crate::gui::theme::measure;
use crate::lines::ViewMode;

/// Width of a half-width cell of the log's font at 14 points.
pub(super) const CELL: f32 = 7.0;
/// Distance from one byte of the hex column to the next.
const BYTE: f32 = 21.0;
/// Additional gap after eight bytes.
const GROUP_GAP: f32 = 7.0;
/// Room that text keeps free at the right: `\r\n` may hang over into it, and the scroll bar stands there.
const TEXT_MARGIN: f32 = 20.0;
/// What the time column takes, so that everything moves left by this when it is hidden.
const TIME_WIDTH: f32 = 96.0;

/// What decides about the columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    /// Width of the log.
    pub(super) width: f32,
    /// Mode.
    pub(super) mode: ViewMode,
    /// There is a time column.
    pub(super) times: bool,
    /// There is a peer column.
    pub(super) peers: bool,
}

/// The columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Columns {
    /// Left edge of the time.
    pub(super) time: Option<f32>,
    /// Middle of the arrow or event icon.
    pub(super) arrow: f32,
    /// Left edge of the peer, also of the words of an event.
    pub(super) peer: f32,
    /// The peer column is shown.
    pub(super) has_peer: bool,
    /// The peer is shown with its port.
    pub(super) has_port: bool,
    /// Right edge of the length.
    pub(super) length: f32,
    /// Left edge of the offset, and of text in text mode.
    pub(super) offset: f32,
    /// Left edge of the hex column; 0 in text mode.
    pub(super) hex: f32,
    /// Left edge of the text column; in hex mode the right end of the hex column.
    pub(super) text: f32,
    /// Bytes a row.
    pub(super) bytes: u16,
    /// Cells a row in text mode.
    pub(super) cells: u16,
    /// Mode.
    pub(super) mode: ViewMode,
    /// Width of a row.
    pub(super) width: f32,
}

impl Columns {
    pub(super) fn new(shape: &Shape) -> Self {
        let left = if shape.times { 0.0 } else { -TIME_WIDTH };
        // Right edge of the length: with the peer and its port, with `#n` alone, without a peer.
        let (with_port, short) = if shape.peers { (236.0, 189.0) } else { (165.0, 165.0) };
        let right_of = |length: f32, bytes: u16| {
            let text = left + length + 58.0 + hex_width(bytes);
            match shape.mode {
                ViewMode::Dump => text + f32::from(bytes) * CELL,
                ViewMode::Hex => text,
                ViewMode::Text => left + measure::LOG_WIDE - 11.0,
            }
        };
        let wide = shape.width >= right_of(with_port, 16) + 11.0;
        let bytes = if wide { 16 } else { 8 };
        let length = left + if wide { with_port } else { short };
        let offset = length + 16.0;
        let (hex, text) = match shape.mode {
            ViewMode::Text => (0.0, offset),
            ViewMode::Hex | ViewMode::Dump => (offset + 42.0, offset + 42.0 + hex_width(bytes)),
        };
        let cells = ((shape.width - offset - TEXT_MARGIN) / CELL).floor().clamp(8.0, 4096.0);
        Self {
            time: shape.times.then_some(12.0),
            arrow: 115.0 + left,
            peer: 130.0 + left,
            has_peer: shape.peers,
            has_port: shape.peers && wide,
            length,
            offset,
            hex,
            text,
            bytes,
            cells: cells as u16,
            mode: shape.mode,
            width: shape.width,
        }
    }

    /// Left edge of byte `index` of a row in the hex column.
    pub(super) fn byte_x(&self, index: usize) -> f32 {
        self.hex + index as f32 * BYTE + (index / 8) as f32 * GROUP_GAP
    }

    /// The byte of the hex column at `x`, clipped to the row.
    pub(super) fn byte_at(&self, x: f32) -> usize {
        let last = usize::from(self.bytes) - 1;
        // A gap belongs half to the byte before it.
        (0..last).find(|&index| x < (self.byte_x(index) + 14.0 + self.byte_x(index + 1)) / 2.0).unwrap_or(last)
    }

    /// Left edge of a text cell.
    pub(super) fn cell_x(&self, column: u16) -> f32 {
        self.text + f32::from(column) * CELL
    }

    /// Where notes below a record begin (invalid bytes): at the hex or the text column.
    pub(super) fn note(&self) -> f32 {
        if self.mode == ViewMode::Text { self.text } else { self.hex }
    }
}

/// From the first byte to the text column behind the last.
fn hex_width(bytes: u16) -> f32 {
    let bytes = f32::from(bytes);
    (bytes - 1.0) * BYTE + 14.0 + ((bytes / 8.0) - 1.0) * GROUP_GAP + 15.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(width: f32, mode: ViewMode, peers: bool) -> Columns {
        Columns::new(&Shape { width, mode, times: true, peers })
    }

    #[test]
    fn columns_stand_where_the_picture_has_them() {
        let wide = columns(768.0, ViewMode::Dump, true);
        assert_eq!((wide.length, wide.offset, wide.hex, wide.text), (236.0, 252.0, 294.0, 645.0));
        assert_eq!((wide.bytes, wide.has_port, wide.cell_x(16)), (16, true, 757.0));
        let narrow = columns(767.0, ViewMode::Dump, true);
        assert_eq!((narrow.length, narrow.offset, narrow.hex, narrow.text), (189.0, 205.0, 247.0, 423.0));
        assert_eq!((narrow.bytes, narrow.has_port, narrow.cell_x(8)), (8, false, 479.0));
        let client = columns(1008.0, ViewMode::Text, false);
        assert_eq!((client.length, client.text, client.cells), (165.0, 181.0, 115));
        assert_eq!(columns(503.0, ViewMode::Text, false).cells, 43, "half of a split window");
    }

    #[test]
    fn without_times_everything_moves_left() {
        let shape = Shape { width: 768.0, mode: ViewMode::Dump, times: false, peers: true };
        let hidden = Columns::new(&shape);
        assert_eq!((hidden.time, hidden.arrow, hidden.hex), (None, 19.0, 198.0));
    }

    #[test]
    fn bytes_are_found_where_they_are_painted() {
        let wide = columns(1000.0, ViewMode::Dump, true);
        for index in 0..16 {
            for within in [0.0, 7.0, 13.9] {
                assert_eq!(wide.byte_at(wide.byte_x(index) + within), index);
            }
        }
        assert_eq!((wide.byte_at(0.0), wide.byte_at(9_999.0)), (0, 15));
    }
}

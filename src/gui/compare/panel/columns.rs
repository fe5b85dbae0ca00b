//! Positions of the columns of a comparison, in points from the left edge of either side.

use egui::Rect;

/// Width of a half-width cell of the log's font at 14 points.
const CELL: f32 = 7.0;
/// Two digits of hex.
const DIGITS: f32 = 2.0 * CELL;
/// Additional gap after eight bytes.
const GROUP_GAP: f32 = 7.0;
/// Four digits of an offset. The compared data is never longer.
const OFFSET: f32 = 4.0 * CELL;

/// The columns of one side. Both sides are laid out alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Columns {
    /// Bytes per row.
    pub bytes: usize,
    /// Left edge of the offset.
    pub offset: f32,
    /// Left edge of the first byte.
    pub hex: f32,
    /// Distance from one byte to the next.
    pub pitch: f32,
    /// Left edge of the text column, if it fits.
    pub text: Option<f32>,
}

/// The layouts, best first: bytes per row, outer margin, gap between columns, pitch of bytes, with text column.
const FORMS: [(usize, f32, f32, f32, bool); 5] = [
    (16, 12.0, 14.0, 21.0, true),
    (16, 10.0, 10.0, 20.0, true),
    (8, 12.0, 14.0, 21.0, true),
    (8, 5.0, 7.0, 18.0, true),
    (8, 5.0, 7.0, 18.0, false),
];

impl Columns {
    /// Selects the layout for a comparison of this width.
    pub fn new(width: f32) -> Self {
        let all = FORMS.map(|(bytes, margin, gap, pitch, has_text)| {
            let hex = margin + OFFSET + gap;
            let hex_end = hex + byte_x(pitch, bytes - 1) + DIGITS;
            let text = has_text.then_some(hex_end + gap);
            let end = text.map_or(hex_end, |text| text + bytes as f32 * CELL) + margin;
            (Self { bytes, offset: margin, hex, pitch, text }, end)
        });
        let fitting = all.iter().find(|(_, end)| 2.0 * end <= width);
        fitting.unwrap_or(&all[all.len() - 1]).0
    }

    /// Left edge of a byte of a row.
    pub fn byte_x(&self, index: usize) -> f32 {
        self.hex + byte_x(self.pitch, index)
    }

    /// Left and right edge of adjacent bytes in the hex column.
    pub fn bytes_x(&self, first: usize, behind: usize) -> (f32, f32) {
        let half_gap = (self.pitch - DIGITS) / 2.0;
        (self.byte_x(first) - half_gap, self.byte_x(behind.max(first + 1) - 1) + DIGITS + half_gap)
    }

    /// Left edge of a cell of the text column.
    pub fn cell_x(&self, index: usize) -> Option<f32> {
        self.text.map(|text| text + index as f32 * CELL)
    }

    /// Left edge of the right side.
    pub fn second(&self, rect: Rect) -> f32 {
        (rect.left() + rect.width() / 2.0).floor()
    }
}

fn byte_x(pitch: f32, index: usize) -> f32 {
    index as f32 * pitch + (index / 8) as f32 * GROUP_GAP
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_as_many_bytes_as_fit() {
        let layout = |width: f32| {
            let columns = Columns::new(width);
            (columns.bytes, columns.pitch, columns.text.is_some())
        };
        assert_eq!(layout(1280.0), (16, 21.0, true));
        assert_eq!(layout(1008.0), (16, 20.0, true), "a window of 1280 with its left column");
        assert_eq!(layout(768.0), (8, 21.0, true));
        assert_eq!(layout(503.0), (8, 18.0, true), "half of such a window");
        assert_eq!(layout(440.0), (8, 18.0, false));
        assert_eq!(layout(10.0), (8, 18.0, false));
    }

    #[test]
    fn columns_do_not_overlap() {
        for width in [1280.0, 1008.0, 768.0, 503.0, 440.0] {
            let columns = Columns::new(width);
            let (_, end) = columns.bytes_x(0, columns.bytes);
            assert!(columns.offset + OFFSET < columns.bytes_x(0, 1).0);
            assert!(columns.cell_x(0).is_none_or(|text| end <= text), "{columns:?}");
            assert!(columns.cell_x(columns.bytes).unwrap_or(end) <= width / 2.0, "{columns:?}");
        }
    }
}

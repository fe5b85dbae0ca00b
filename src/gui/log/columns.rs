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
/// A text column has at least this width.
const TEXT_LEAST: f32 = 28.0 * CELL;
/// Middle of the arrow.
const ARROW: f32 = 115.0;
/// What the time column takes, so that everything moves left by this when it is hidden.
const TIME_WIDTH: f32 = 96.0;

/// From the arrow back to the right edge of the time since something.
const TO_ARROW: f32 = 12.0;

/// How the time since something stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeltaForm {
    /// Beside the clock, to the microsecond.
    Full,
    /// Beside the clock, with three digits.
    Short,
    /// In place of the clock: there is no room for both.
    Instead,
}

impl DeltaForm {
    /// By how much it moves everything to the right.
    fn width(self) -> f32 {
        match self {
            Self::Full => 88.0,
            Self::Short => 45.0,
            Self::Instead => 0.0,
        }
    }
}

/// Where the time since something stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Delta {
    /// Its right edge.
    pub(super) right: f32,
    /// How long it may be.
    pub(super) form: DeltaForm,
}

/// What decides about the columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shape {
    /// Width of the log.
    pub(super) width: f32,
    /// Mode.
    pub(super) mode: ViewMode,
    /// There is a time column.
    pub(super) times: bool,
    /// It says a time since something too.
    pub(super) delta: bool,
    /// There is a peer column.
    pub(super) peers: bool,
    /// Digits of the longest number of a peer.
    pub(super) peer_digits: u8,
}

impl Shape {
    /// Digits of a peer's number that the narrow columns have room for beside a length of five.
    pub(super) const PEER_DIGITS: u8 = 2;
}

/// The columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Columns {
    /// Left edge of the time of day.
    pub(super) time: Option<f32>,
    /// The time since something.
    pub(super) delta: Option<Delta>,
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
        let Layout { delta, has_port, bytes } = Layout::widest(shape);
        let left = left_of(shape, delta);
        let length = left + length_of(shape, has_port);
        let offset = length + 16.0;
        let (hex, text) = match shape.mode {
            ViewMode::Text => (0.0, offset),
            ViewMode::Hex | ViewMode::Dump => (offset + 42.0, offset + 42.0 + hex_width(bytes)),
        };
        let cells = ((shape.width - offset - TEXT_MARGIN) / CELL).floor().clamp(8.0, 4096.0);
        Self {
            time: shape.times.then_some(12.0),
            delta: delta.map(|form| match form {
                DeltaForm::Instead => Delta { right: 12.0 + crate::gui::log::times::WIDTH, form },
                _ => Delta { right: left + ARROW - TO_ARROW, form },
            }),
            arrow: ARROW + left,
            peer: 130.0 + left,
            has_peer: shape.peers,
            has_port: shape.peers && has_port,
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

    /// Middle of the caret of a row that stands for several records.
    pub(super) fn caret(&self) -> f32 {
        self.length + 8.0
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

/// What a width has room for.
#[derive(Clone, Copy)]
struct Layout {
    delta: Option<DeltaForm>,
    has_port: bool,
    bytes: u16,
}

impl Layout {
    /// The first of these that fits is taken, or the last.
    fn widest(shape: &Shape) -> Self {
        const PLAIN: [Layout; 2] =
            [Layout { delta: None, has_port: true, bytes: 16 }, Layout { delta: None, has_port: false, bytes: 8 }];
        const WITH_DELTA: [Layout; 5] = [
            Layout { delta: Some(DeltaForm::Full), has_port: true, bytes: 16 },
            Layout { delta: Some(DeltaForm::Short), has_port: true, bytes: 16 },
            Layout { delta: Some(DeltaForm::Short), has_port: false, bytes: 16 },
            Layout { delta: Some(DeltaForm::Short), has_port: false, bytes: 8 },
            Layout { delta: Some(DeltaForm::Instead), has_port: false, bytes: 8 },
        ];
        let layouts: &[Self] = if shape.times && shape.delta { &WITH_DELTA } else { &PLAIN };
        let last = layouts[layouts.len() - 1];
        layouts.iter().copied().find(|layout| layout.right(shape) + 11.0 <= shape.width).unwrap_or(last)
    }

    /// Where the last column ends.
    fn right(self, shape: &Shape) -> f32 {
        let length = left_of(shape, self.delta) + length_of(shape, self.has_port);
        let text = length + 58.0 + hex_width(self.bytes);
        match shape.mode {
            ViewMode::Dump => text + f32::from(self.bytes) * CELL,
            ViewMode::Hex => text,
            ViewMode::Text if self.bytes == 8 => length + 16.0 + TEXT_LEAST,
            ViewMode::Text => left_of(shape, self.delta) + measure::LOG_WIDE - 11.0,
        }
    }
}

/// By how much everything behind the time is moved.
fn left_of(shape: &Shape, delta: Option<DeltaForm>) -> f32 {
    if shape.times { delta.map_or(0.0, DeltaForm::width) } else { -TIME_WIDTH }
}

/// Right edge of the length: with the peer and its port, with `#n` alone, without a peer.
fn length_of(shape: &Shape, has_port: bool) -> f32 {
    match (shape.peers, has_port) {
        (true, true) => 236.0,
        (true, false) => 189.0 + f32::from(shape.peer_digits.saturating_sub(Shape::PEER_DIGITS)) * CELL,
        (false, _) => 165.0,
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

    const PEER_DIGITS: u8 = Shape::PEER_DIGITS;

    fn columns(width: f32, mode: ViewMode, peers: bool) -> Columns {
        Columns::new(&Shape { width, mode, times: true, delta: false, peers, peer_digits: PEER_DIGITS })
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
    fn the_time_since_something_stands_beside_the_clock_as_long_as_both_fit() {
        let of = |width, mode| {
            Columns::new(&Shape { width, mode, times: true, delta: true, peers: true, peer_digits: PEER_DIGITS })
        };
        let full = of(1008.0, ViewMode::Dump);
        assert_eq!(full.delta, Some(Delta { right: 191.0, form: DeltaForm::Full }));
        assert_eq!((full.bytes, full.has_port, full.length), (16, true, 324.0));
        let pictured = of(768.0, ViewMode::Dump);
        assert_eq!(pictured.delta, Some(Delta { right: 148.0, form: DeltaForm::Short }));
        assert_eq!((pictured.bytes, pictured.has_port, pictured.arrow), (16, false, 160.0));
        let narrow = of(540.0, ViewMode::Dump);
        assert_eq!((narrow.bytes, narrow.delta.unwrap().form), (8, DeltaForm::Short));
        let half = of(503.0, ViewMode::Dump);
        assert_eq!(half.delta, Some(Delta { right: 96.0, form: DeltaForm::Instead }));
        assert_eq!(of(503.0, ViewMode::Text).delta.unwrap().form, DeltaForm::Short);
        // Whatever the width: nothing is cut that the columns without it would show.
        for mode in [ViewMode::Text, ViewMode::Hex, ViewMode::Dump] {
            for width in 490_u16..1400 {
                let c = of(f32::from(width), mode);
                let end = if mode == ViewMode::Dump { c.cell_x(c.bytes) } else { c.text };
                assert!(end <= f32::from(width), "{mode:?} {width}: {end}");
            }
        }
    }

    #[test]
    fn without_times_everything_moves_left() {
        let shape = Shape {
            width: 768.0,
            mode: ViewMode::Dump,
            times: false,
            delta: false,
            peers: true,
            peer_digits: PEER_DIGITS,
        };
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

//! Positions of the columns of the hit list, in points from its left edge.

use crate::gui::theme::measure;
use crate::lines::ViewMode;
use std::ops::Range;

/// Height of the column heads.
pub const HEAD: f32 = measure::COLUMN_HEAD;
/// Width of a half-width cell of the log's font.
pub const CELL: f32 = 7.0;
/// Width of the time.
const TIME: f32 = 96.0;
/// Width of the peer.
const PEER: f32 = 50.0;
/// Below this width the time column is hidden.
const TIME_FROM: f32 = 620.0;

/// The positions of all columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Columns {
    /// Right edge of the number.
    pub number: f32,
    /// Left edge of the time.
    pub time: Option<f32>,
    /// Middle of the arrow.
    pub arrow: f32,
    /// Left edge of the peer.
    pub peer: Option<f32>,
    /// Right edge of the record's number.
    pub record: f32,
    /// Right edge of the offset.
    pub offset: f32,
    /// Left and right edge.
    pub hex: Option<(f32, f32)>,
    /// Left and right edge.
    pub text: Option<(f32, f32)>,
}

impl Columns {
    /// Computes the positions for a list of this width.
    #[must_use]
    pub fn new(width: f32, mode: ViewMode, times: bool, peers: bool) -> Self {
        let mut x = 12.0;
        let mut next = |width: f32| {
            let left = x;
            x += width;
            left
        };
        let number = next(6.0 * CELL + 12.0) + 6.0 * CELL;
        let time = (times && width >= TIME_FROM).then(|| next(TIME));
        let arrow = next(26.0) + 8.0;
        let peer = peers.then(|| next(PEER));
        let record = next(8.0 * CELL + 12.0) + 8.0 * CELL;
        let offset = next(6.0 * CELL + 16.0) + 6.0 * CELL;
        let (left, right) = (x, (width - 16.0).max(x));
        let border = left + (right - left) * 0.6;
        let (hex, text) = match mode {
            ViewMode::Text => (None, Some((left, right))),
            ViewMode::Hex => (Some((left, right)), None),
            ViewMode::Dump => (Some((left, border - 8.0)), Some((border + 8.0, right))),
        };
        Self { number, time, arrow, peer, record, offset, hex, text }
    }
}

/// The x at which the hit itself starts within its context column: the same in every row, so that hits are aligned.
pub fn found_at(column: &Range<f32>, cells: f32) -> f32 {
    let room = column.end - column.start;
    column.start + (cells * CELL).min((room * 0.3 / CELL).floor() * CELL)
}

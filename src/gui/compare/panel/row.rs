//! One row of a comparison: offset, bytes and text of either side. Differences have their own background; a gap is hatched
//! where the other side has more bytes.

use crate::codec::diff::RunKind;
use crate::gui::compare::panel::columns::Columns;
use crate::gui::compare::state::{Outcome, Piece, Row};
use crate::gui::log::Side;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use crate::gui::widgets::paint::At;
use crate::lines::Mark;
use crate::words::Lang;
use crate::words::Text;
use egui::{Color32, CornerRadius, Painter, Rect, Stroke, StrokeKind, Ui, pos2};
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

/// Distance between the hatch lines of a gap.
const HATCH: f32 = 6.0;

/// What the rows need for painting.
pub struct Looks<'a> {
    pub columns: &'a Columns,
    pub sides: &'a [Arc<Side>; 2],
    pub outcome: &'a Outcome,
    /// Places of the current difference.
    pub current: Option<Range<usize>>,
    pub lang: Lang,
}

/// One side of a row.
struct Half<'a> {
    rect: Rect,
    is_left: bool,
    bytes: &'a [u8],
    marks: &'a [Mark],
}

impl Half<'_> {
    /// The bytes of a piece on this side; `None` for a gap.
    fn bytes_of(&self, piece: &Piece) -> Option<Range<usize>> {
        let (has, from) = match self.is_left {
            true => (piece.kind.has_left(), piece.left),
            false => (piece.kind.has_right(), piece.right),
        };
        has.then(|| from..from + piece.places.len())
    }
}

impl Looks<'_> {
    /// Paints the row and returns its accessible name.
    pub fn paint(&self, ui: &Ui, rect: Rect, row: &Row) -> String {
        let t = theme::tokens(ui);
        if row.is_folded {
            return self.fold(ui.painter(), rect, row, t);
        }
        let pieces = self.outcome.table.pieces(&row.places);
        let second = self.columns.second(rect);
        let rects = [
            Rect::from_min_max(rect.min, pos2(second, rect.bottom())),
            Rect::from_min_max(pos2(second, rect.top()), rect.max),
        ];
        let mut spoken = String::new();
        for (index, rect) in rects.into_iter().enumerate() {
            let (bytes, marks) = (&self.sides[index].bytes, &self.outcome.marks[index]);
            let half = Half { rect, is_left: index == 0, bytes, marks };
            self.half(&ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())), &half, row, &pieces, t);
            let name = if half.is_left { Text::LeftSide } else { Text::RightSide };
            self.say(&mut spoken, name.of(self.lang), &half, &pieces);
        }
        let count = |kind| pieces.iter().filter(|p| p.kind == kind).map(|p| p.places.len()).sum::<usize>();
        let counts = [RunKind::Changed, RunKind::OnlyLeft, RunKind::OnlyRight].map(count);
        spoken.push_str(&row_differences(counts, self.lang));
        spoken
    }

    /// Paints a row that replaces equal rows.
    fn fold(&self, painter: &Painter, rect: Rect, row: &Row, t: &Tokens) -> String {
        let words = folded(row.places.len(), self.lang);
        painter.rect_filled(rect.shrink2(egui::vec2(0.0, 1.0)), 0.0, t.chrome);
        for left in [rect.left(), self.columns.second(rect)] {
            let at = pos2(left + self.columns.hex, rect.center().y);
            paint::text(painter, at, At::Left, &words, theme::ui_font(measure::TEXT_SMALL), t.muted);
        }
        words
    }

    fn half(&self, painter: &Painter, half: &Half<'_>, row: &Row, pieces: &[Piece], t: &Tokens) {
        let font = theme::mono(measure::TEXT);
        let (left, y) = (half.rect.left(), half.rect.center().y);
        if let Some(first) = pieces.iter().find_map(|piece| half.bytes_of(piece)) {
            let words = format!("{:04X}", first.start);
            paint::text(painter, pos2(left + self.columns.offset, y), At::Left, &words, font.clone(), t.faint);
        }
        for piece in pieces {
            let from = piece.places.start - row.places.start;
            let rooms = self.rooms(half, from..from + piece.places.len());
            let bytes = half.bytes_of(piece);
            for room in rooms.iter().flatten() {
                match (&bytes, ground(piece.kind, t)) {
                    (None, _) => hatch(painter, *room, t),
                    (Some(_), Some(ground)) => {
                        painter.rect_filled(*room, CornerRadius::same(measure::RADIUS_BYTES), ground);
                    }
                    (Some(_), None) => {}
                }
                let is_current = self.current.as_ref().is_some_and(|at| at.contains(&piece.places.start));
                if is_current && piece.kind != RunKind::Equal {
                    let corner = CornerRadius::same(measure::RADIUS_BYTES);
                    painter.rect_stroke(*room, corner, Stroke::new(1.0, t.accent), StrokeKind::Inside);
                }
            }
            for (index, offset) in bytes.into_iter().flatten().enumerate() {
                let Some(byte) = half.bytes.get(offset) else { continue };
                let at = pos2(left + self.columns.byte_x(from + index), y);
                paint::text(painter, at, At::Left, &format!("{byte:02X}"), font.clone(), t.text);
                let Some(x) = self.columns.cell_x(from + index) else { continue };
                let (mark, colour) = match half.marks.get(offset) {
                    Some(Mark::Char(c)) => (*c, t.text),
                    Some(Mark::Within) => continue,
                    Some(Mark::Dot) | None => ('·', t.faint),
                };
                paint::text(painter, pos2(left + x, y), At::Left, mark.encode_utf8(&mut [0; 4]), font.clone(), colour);
            }
        }
    }

    /// The areas of adjacent places in the hex and the text column.
    fn rooms(&self, half: &Half<'_>, within: Range<usize>) -> [Option<Rect>; 2] {
        let room = |(from, to): (f32, f32)| {
            let (left, row) = (half.rect.left(), half.rect);
            Rect::from_min_max(pos2(left + from, row.top() + 1.0), pos2(left + to, row.bottom() - 1.0))
        };
        let text = self.columns.cell_x(within.start).zip(self.columns.cell_x(within.end));
        [Some(room(self.columns.bytes_x(within.start, within.end))), text.map(room)]
    }

    /// Appends `Left 0000 01 03 -- ` for one side to the accessible name; dashes for gaps.
    fn say(&self, spoken: &mut String, name: &str, half: &Half<'_>, pieces: &[Piece]) {
        if !spoken.is_empty() {
            spoken.push_str(" · ");
        }
        spoken.push_str(name);
        if let Some(first) = pieces.iter().find_map(|piece| half.bytes_of(piece)) {
            write!(spoken, " {:04X}", first.start).ok();
        }
        for piece in pieces {
            match half.bytes_of(piece).and_then(|range| half.bytes.get(range)) {
                Some(bytes) => {
                    for byte in bytes {
                        write!(spoken, " {byte:02X}").ok();
                    }
                }
                None => spoken.extend(std::iter::repeat_n(" --", piece.places.len())),
            }
        }
    }
}

/// The background of differing bytes.
fn ground(kind: RunKind, t: &Tokens) -> Option<Color32> {
    match kind {
        RunKind::Equal => None,
        RunKind::Changed => Some(t.warning_ground),
        RunKind::OnlyLeft => Some(t.error_ground),
        RunKind::OnlyRight => Some(t.added_ground),
    }
}

/// Paints slanted lines that continue from row to row.
fn hatch(painter: &Painter, room: Rect, t: &Tokens) {
    let painter = painter.with_clip_rect(room.intersect(painter.clip_rect()));
    let mut at = ((room.left() + room.top()) / HATCH).ceil() * HATCH;
    while at < room.right() + room.bottom() {
        let line = [pos2(at - room.bottom(), room.bottom()), pos2(at - room.top(), room.top())];
        painter.line_segment(line, Stroke::new(1.0, t.line));
        at += HATCH;
    }
}

fn folded(bytes: usize, lang: Lang) -> String {
    lang.texts().same_folded(u64::try_from(bytes).unwrap_or(u64::MAX))
}

/// The differences of a row for its accessible name: changed, only left, only right.
fn row_differences(counts: [usize; 3], lang: Lang) -> String {
    let texts = lang.texts();
    let [changed, left, right] = counts;
    let parts = [(changed, texts.changed(changed)), (left, texts.only_left(left)), (right, texts.only_right(right))];
    parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect()
}

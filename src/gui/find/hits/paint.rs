//! Painting of column heads and rows.

use crate::gui::find::hits::Row;
use crate::gui::find::hits::columns::{CELL, Columns, HEAD, found_at};
use crate::gui::find::hits::context::Parts;
use crate::gui::icons;
use crate::gui::log;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use crate::gui::widgets::paint::At;
use crate::lines::ViewMode;
use crate::model::Direction;
use crate::words::Lang;
use egui::{CornerRadius, Painter, Rect, pos2, vec2};

/// Cells before a hit in the text column. In hex each byte takes three.
const TEXT_BEFORE: f32 = 16.0;
const HEX_BEFORE: f32 = 24.0;

/// Display options of the rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Looks {
    /// Positions of the columns.
    pub columns: Columns,
    /// Text, hex, or both.
    pub mode: ViewMode,
    /// Language.
    pub lang: Lang,
}

/// Paints the column heads.
pub fn head(painter: &Painter, rect: Rect, looks: &Looks, t: &Tokens) {
    let (c, lang) = (&looks.columns, looks.lang);
    let write = |x: f32, at: At, words: &str| {
        let font = theme::ui_font(measure::TEXT_SMALL);
        paint::text(painter, pos2(rect.left() + x, rect.top() + HEAD / 2.0), at, words, font, t.muted);
    };
    write(c.number, At::Right, lang.texts().hit_number());
    if let Some(x) = c.time {
        write(x, At::Left, lang.texts().hit_time());
    }
    if let Some(x) = c.peer {
        write(x, At::Left, lang.texts().hit_peer());
    }
    write(c.record, At::Right, lang.texts().hit_record());
    write(c.offset, At::Right, lang.texts().hit_offset());
    if let Some((left, _)) = c.hex.or(c.text) {
        write(left, At::Left, lang.texts().hit_context());
    }
    paint::hairline_h(painter, rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
}

/// The background of a row.
fn ground(is_current: bool, is_hovered: bool, t: &Tokens) -> Option<egui::Color32> {
    if is_current { Some(t.selection) } else { is_hovered.then_some(t.hover) }
}

/// Paints a row; `number` counts from 1. Returns its accessible name.
pub fn row(
    painter: &Painter,
    rect: Rect,
    row: &Row,
    number: usize,
    lit: (bool, bool),
    looks: &Looks,
    t: &Tokens,
) -> String {
    let (c, hit) = (&looks.columns, &row.hit);
    if let Some(ground) = ground(lit.0, lit.1, t) {
        painter.rect_filled(rect, 0.0, ground);
    }
    let at = |x: f32| pos2(rect.left() + x, rect.center().y);
    let mono = || theme::mono(measure::TEXT);
    // Muted text is hard to read on the background of the current hit.
    let muted = if lit.0 { t.text } else { t.muted };
    let number = number.to_string();
    paint::text(painter, at(c.number), At::Right, &number, mono(), muted);
    let time = row.context.as_ref().map(|context| log::clock(context.unix_ns)).unwrap_or_default();
    if let Some(x) = c.time {
        paint::text(painter, at(x), At::Left, &time, mono(), if lit.0 { t.text } else { t.time });
    }
    let (icon, arrow) = match hit.direction() {
        Direction::Received => (icons::ARROW_LEFT, "←"),
        Direction::Sent => (icons::ARROW_RIGHT, "→"),
    };
    paint::icon(painter, at(c.arrow), icon, measure::ICON_ROW, t.direction(hit.direction()));
    let peer = format!("#{}", hit.peer.0);
    if let Some(x) = c.peer {
        paint::text(painter, at(x), At::Left, &peer, mono(), t.peer(hit.peer));
    }
    let (record, offset) = (hit.record.to_string(), format!("{:04X}", hit.offset));
    paint::text(painter, at(c.record), At::Right, &record, mono(), muted);
    paint::text(painter, at(c.offset), At::Right, &offset, mono(), muted);
    let mut said = vec![number, time, arrow.to_owned()];
    said.extend(c.peer.map(|_| peer));
    said.extend([record, offset]);
    let Some(context) = &row.context else {
        let words = looks.lang.texts().hit_gone();
        if let Some((left, right)) = c.hex.or(c.text) {
            let font = theme::ui_font(measure::TEXT_LABEL);
            paint::text_elided(painter, at(left), words, font, muted, right - left);
        }
        said.push(words.to_owned());
        return said.join(" ");
    };
    for (column, parts, cells, gap) in
        [(c.hex, &context.hex, HEX_BEFORE, " "), (c.text, &context.text, TEXT_BEFORE, "")]
    {
        let Some((left, right)) = column else { continue };
        let room = Rect::from_x_y_ranges(rect.left() + left..=rect.left() + right, rect.y_range());
        said.push(context_of(painter, room, parts, cells, gap, lit.0, t));
    }
    said.join(" ")
}

/// Paints the part before a hit, right-aligned at `at`: as many whole characters or whole hex bytes of its end as fit.
fn before(painter: &Painter, at: egui::Pos2, room: f32, words: &str, gap: &str, colour: egui::Color32) {
    let mut rest = words;
    while !rest.is_empty() {
        let galley = paint::line(painter, rest, theme::mono(measure::TEXT), colour);
        if galley.size().x <= room + 0.5 {
            paint::put(painter, at, At::Right, measure::TEXT, galley, colour);
            return;
        }
        let first = if gap.is_empty() { rest.chars().next().map_or(1, char::len_utf8) } else { 3 };
        rest = rest.get(first..).unwrap_or("");
    }
}

/// Paints the parts before, in and after the hit; the hit has the same x in every row. Returns all three as one text.
fn context_of(
    painter: &Painter,
    room: Rect,
    parts: &Parts,
    cells: f32,
    gap: &str,
    is_current: bool,
    t: &Tokens,
) -> String {
    let painter = painter.with_clip_rect(room.intersect(painter.clip_rect()));
    let font = || theme::mono(measure::TEXT);
    let muted = if is_current { t.text } else { t.muted };
    let (x, y) = (found_at(&(room.left()..room.right()), cells), room.center().y);
    // A hex byte is followed by a gap.
    let space = if gap.is_empty() { 0.0 } else { CELL };
    before(&painter, pos2(x - space, y), x - space - room.left(), &parts.before, gap, muted);
    let found = paint::elided(&painter, &parts.found, font(), t.hit_text, room.right() - x);
    let end = x + found.size().x;
    let plate = Rect::from_min_max(pos2(x, room.top()), pos2(end, room.bottom()))
        .shrink2(vec2(0.0, 1.0))
        .expand2(vec2(space.min(3.0), 0.0));
    painter.rect_filled(plate, CornerRadius::same(measure::RADIUS_BYTES), t.hit);
    if is_current {
        let edge = egui::Stroke::new(2.0, t.hit_edge);
        painter.rect_stroke(plate, CornerRadius::same(measure::RADIUS_BYTES), edge, egui::StrokeKind::Inside);
    }
    paint::put(&painter, pos2(x, y), At::Left, measure::TEXT, found, t.hit_text);
    if end + space < room.right() {
        let width = room.right() - end - space;
        paint::text_elided(&painter, pos2(end + space, y), &parts.behind, font(), muted, width);
    }
    let said = [parts.before.as_str(), parts.found.as_str(), parts.behind.as_str()];
    said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(gap)
}

//! Painting by hand: text on a common baseline, icons, hairlines, rings. Fallback fonts move centred text up and down, so text is
//! always placed by its baseline.
#![expect(clippy::must_use_candidate, reason = "painting is the purpose, the place taken is for those who want it")]

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use std::sync::Arc;

use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};

/// Which edge of the text lies at the given x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Its left edge.
    Left,
    /// Its middle.
    Centre,
    /// Its right edge.
    Right,
}

/// Distance from the middle of a line to its baseline, in parts of the font size.
const BASELINE: f32 = 0.36;

/// Lays out one line that is never wrapped.
#[must_use]
pub fn line(painter: &Painter, text: impl Into<String>, font: FontId, colour: Color32) -> Arc<Galley> {
    painter.layout_no_wrap(text.into(), font, colour)
}

/// Lays out one line that ends with `…` where it would be wider than `width`.
#[must_use]
pub fn elided(painter: &Painter, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, colour));
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    painter.layout_job(job)
}

/// Puts a laid out line so that its baseline is that of a line of `size` centred at `at.y`. Returns the place taken.
pub fn put(painter: &Painter, at: Pos2, anchor: At, size: f32, galley: Arc<Galley>, colour: Color32) -> Rect {
    let baseline_within =
        galley.rows.first().map_or(0.0, |row| row.pos.y + row.glyphs.first().map_or(0.0, |glyph| glyph.pos.y));
    let width = galley.size().x;
    let x = match anchor {
        At::Left => at.x,
        At::Centre => at.x - width / 2.0,
        At::Right => at.x - width,
    };
    let baseline = round_to_pixel(painter, at.y + BASELINE * size);
    let pos = pos2(round_to_pixel(painter, x), baseline - baseline_within);
    let rect = Rect::from_min_size(pos, galley.size());
    painter.galley(pos, galley, colour);
    rect
}

/// Writes one line; `at.y` is the middle of the line.
pub fn text(painter: &Painter, at: Pos2, anchor: At, text: &str, font: FontId, colour: Color32) -> Rect {
    let size = font.size;
    put(painter, at, anchor, size, line(painter, text, font, colour), colour)
}

/// Writes one line that is cut with `…` at `width`.
pub fn text_elided(painter: &Painter, at: Pos2, text: &str, font: FontId, colour: Color32, width: f32) -> Rect {
    let size = font.size;
    put(painter, at, At::Left, size, elided(painter, text, font, colour, width), colour)
}

/// An icon of the `icon` family, its em square centred.
pub fn icon(painter: &Painter, centre: Pos2, icon: char, size: f32, colour: Color32) {
    icon_of(painter, centre, icon, theme::icon(size), colour);
}

/// An icon of the `icon-fill` family, its em square centred.
pub fn icon_fill(painter: &Painter, centre: Pos2, icon: char, size: f32, colour: Color32) {
    icon_of(painter, centre, icon, theme::icon_fill(size), colour);
}

fn icon_of(painter: &Painter, centre: Pos2, icon: char, font: FontId, colour: Color32) {
    let galley = line(painter, icon, font, colour);
    let pos = centre - galley.size() / 2.0;
    painter.galley(pos2(round_to_pixel(painter, pos.x), round_to_pixel(painter, pos.y)), galley, colour);
}

/// Rounds a coordinate to a whole pixel of the screen (not point: 1.25 pixels can make a point).
#[must_use]
pub fn round_to_pixel(painter: &Painter, value: f32) -> f32 {
    let ppp = painter.pixels_per_point();
    (value * ppp).round() / ppp
}

/// A horizontal line of one pixel at `y`, its pixel below `y`.
pub fn hairline_h(painter: &Painter, x: std::ops::RangeInclusive<f32>, y: f32, colour: Color32) {
    let pixel = 1.0 / painter.pixels_per_point();
    let y = round_to_pixel(painter, y);
    let rect = Rect::from_min_max(pos2(*x.start(), y), pos2(*x.end(), y + pixel));
    painter.rect_filled(rect, 0.0, colour);
}

/// A vertical line of one pixel at `x`, its pixel right of `x`.
pub fn hairline_v(painter: &Painter, x: f32, y: std::ops::RangeInclusive<f32>, colour: Color32) {
    let pixel = 1.0 / painter.pixels_per_point();
    let x = round_to_pixel(painter, x);
    let rect = Rect::from_min_max(pos2(x, *y.start()), pos2(x + pixel, *y.end()));
    painter.rect_filled(rect, 0.0, colour);
}

/// A hairline over the whole width of `ui`, one point high.
pub fn hairline(ui: &mut Ui, colour: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), egui::Sense::hover());
    hairline_h(ui.painter(), rect.x_range().min..=rect.x_range().max, rect.top(), colour);
}

/// Fill and a one pixel edge of a control.
pub fn plate(painter: &Painter, rect: Rect, radius: u8, fill: Color32, edge: Color32) {
    painter.rect(rect, CornerRadius::same(radius), fill, Stroke::new(1.0, edge), StrokeKind::Inside);
}

/// The edge of a focused input: 1.5 points of accent.
pub fn focus_edge(painter: &Painter, rect: Rect, radius: u8, colour: Color32) {
    painter.rect_stroke(rect, CornerRadius::same(radius), Stroke::new(1.5, colour), StrokeKind::Inside);
}

/// The ring around anything but inputs that has the keyboard focus: 2 points, 2 points outside.
pub fn focus_ring(painter: &Painter, rect: Rect, radius: u8, tokens: &Tokens) {
    painter.rect_stroke(
        rect.expand(2.0),
        CornerRadius::same(radius.saturating_add(2)),
        Stroke::new(2.0, tokens.focus_ring()),
        StrokeKind::Outside,
    );
}

/// A thin ring inside the control, for those without room outside (rows, icon buttons, segments).
pub fn focus_ring_inside(painter: &Painter, rect: Rect, radius: u8, tokens: &Tokens) {
    painter.rect_stroke(rect, CornerRadius::same(radius), Stroke::new(1.5, tokens.accent), StrokeKind::Inside);
}

/// A small caret pointing down.
pub(super) fn caret(painter: &Painter, centre: Pos2, colour: Color32) {
    icon(painter, centre, crate::gui::icons::CARET_DOWN, measure::ICON_SMALL, colour);
}

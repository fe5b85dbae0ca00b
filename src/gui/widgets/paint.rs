//! Painting by hand: text on a common baseline, icons, hairlines, focus rings. Fallback fonts shift centred text up and down, so
//! text is always placed by its baseline.
#![expect(clippy::must_use_candidate, reason = "painting is the purpose, the place taken is for those who want it")]

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use std::sync::Arc;

use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};

/// The edge of the text that lies at the given x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Its left edge.
    Left,
    /// Its middle.
    Centre,
    /// Its right edge.
    Right,
}

/// Distance from the middle of a line to its baseline, as a fraction of the font size.
const BASELINE: f32 = 0.36;

/// Lays out one line without wrapping.
#[must_use]
pub fn line(painter: &Painter, text: impl Into<String>, font: FontId, colour: Color32) -> Arc<Galley> {
    painter.layout_no_wrap(text.into(), font, colour)
}

/// Lays out one line and truncates it with `…` if it is wider than `width`.
#[must_use]
pub fn elided(painter: &Painter, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, colour));
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    painter.layout_job(job)
}

/// Paints a laid-out line on the baseline of a line of `size` centred at `at.y`. Returns the area it takes.
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

/// Paints one line; `at.y` is the middle of the line.
pub fn text(painter: &Painter, at: Pos2, anchor: At, text: &str, font: FontId, colour: Color32) -> Rect {
    let size = font.size;
    put(painter, at, anchor, size, line(painter, text, font, colour), colour)
}

/// Paints one line and truncates it with `…` at `width`.
pub fn text_elided(painter: &Painter, at: Pos2, text: &str, font: FontId, colour: Color32, width: f32) -> Rect {
    let size = font.size;
    put(painter, at, At::Left, size, elided(painter, text, font, colour, width), colour)
}

/// Paints an icon of the `icon` family with its em square centred.
pub fn icon(painter: &Painter, centre: Pos2, icon: char, size: f32, colour: Color32) {
    icon_of(painter, centre, icon, theme::icon(size), colour);
}

/// Paints an icon of the `icon-fill` family with its em square centred.
pub fn icon_fill(painter: &Painter, centre: Pos2, icon: char, size: f32, colour: Color32) {
    icon_of(painter, centre, icon, theme::icon_fill(size), colour);
}

fn icon_of(painter: &Painter, centre: Pos2, icon: char, font: FontId, colour: Color32) {
    let galley = line(painter, icon, font, colour);
    let pos = centre - galley.size() / 2.0;
    painter.galley(pos2(round_to_pixel(painter, pos.x), round_to_pixel(painter, pos.y)), galley, colour);
}

/// Rounds a coordinate to a whole pixel of the screen. A point can be 1.25 pixels, so rounding to points is not enough.
#[must_use]
pub fn round_to_pixel(painter: &Painter, value: f32) -> f32 {
    let ppp = painter.pixels_per_point();
    (value * ppp).round() / ppp
}

/// A horizontal line of one pixel just below `y`.
pub fn hairline_h(painter: &Painter, x: std::ops::RangeInclusive<f32>, y: f32, colour: Color32) {
    let pixel = 1.0 / painter.pixels_per_point();
    let y = round_to_pixel(painter, y);
    let rect = Rect::from_min_max(pos2(*x.start(), y), pos2(*x.end(), y + pixel));
    painter.rect_filled(rect, 0.0, colour);
}

/// A vertical line of one pixel just right of `x`.
pub fn hairline_v(painter: &Painter, x: f32, y: std::ops::RangeInclusive<f32>, colour: Color32) {
    let pixel = 1.0 / painter.pixels_per_point();
    let x = round_to_pixel(painter, x);
    let rect = Rect::from_min_max(pos2(x, *y.start()), pos2(x + pixel, *y.end()));
    painter.rect_filled(rect, 0.0, colour);
}

/// A hairline across the full width of `ui`, one point high.
pub fn hairline(ui: &mut Ui, colour: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), egui::Sense::hover());
    hairline_h(ui.painter(), rect.x_range().min..=rect.x_range().max, rect.top(), colour);
}

/// Background and a border of one pixel for a control.
pub fn plate(painter: &Painter, rect: Rect, radius: u8, fill: Color32, edge: Color32) {
    painter.rect(rect, CornerRadius::same(radius), fill, Stroke::new(1.0, edge), StrokeKind::Inside);
}

/// The border of a focused input: 1.5 points of the accent colour.
pub fn focus_edge(painter: &Painter, rect: Rect, radius: u8, colour: Color32) {
    painter.rect_stroke(rect, CornerRadius::same(radius), Stroke::new(1.5, colour), StrokeKind::Inside);
}

/// The keyboard focus ring around controls other than inputs: 2 points thick, 2 points outside the control.
pub fn focus_ring(painter: &Painter, rect: Rect, radius: u8, tokens: &Tokens) {
    painter.rect_stroke(
        rect.expand(2.0),
        CornerRadius::same(radius.saturating_add(2)),
        Stroke::new(2.0, tokens.focus_ring()),
        StrokeKind::Outside,
    );
}

/// A thin focus ring inside the control, for controls without space outside (rows, icon buttons, segments).
pub fn focus_ring_inside(painter: &Painter, rect: Rect, radius: u8, tokens: &Tokens) {
    painter.rect_stroke(rect, CornerRadius::same(radius), Stroke::new(1.5, tokens.accent), StrokeKind::Inside);
}

/// A small caret pointing down.
pub(super) fn caret(painter: &Painter, centre: Pos2, colour: Color32) {
    icon(painter, centre, crate::gui::icons::CARET_DOWN, measure::ICON_SMALL, colour);
}

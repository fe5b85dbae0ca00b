//! The keys of a shortcut, each in a box of its own.

use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use egui::{Color32, Pos2, Rect, Ui, pos2, vec2};

/// Paints them ending at `right`; returns where they begin.
#[expect(clippy::must_use_candidate, reason = "painting is the purpose")]
pub fn key_caps(ui: &Ui, name: &str, right: Pos2) -> f32 {
    let (t, painter) = (theme::tokens(ui), ui.painter());
    let mut x = right.x;
    let parts: Vec<&str> = if name.is_empty() { Vec::new() } else { name.split('+').collect() };
    for part in parts.iter().rev() {
        let words = paint::line(painter, *part, theme::ui_font(measure::TEXT_SMALL), Color32::PLACEHOLDER);
        let width = (words.size().x + 10.0).max(20.0);
        let rect = Rect::from_min_size(pos2(x - width, right.y - 9.0), vec2(width, 18.0));
        paint::plate(painter, rect, measure::RADIUS_CHECK, t.popup, t.line);
        paint::put(painter, rect.center(), paint::At::Centre, measure::TEXT_SMALL, words, t.muted);
        x -= width + 4.0;
    }
    x
}

//! Widths of texts in the strip.

use crate::gui::theme;
use crate::gui::widgets::paint;
use egui::{Color32, Ui};

/// Width of a text in the interface font.
pub fn words_width(ui: &Ui, words: &str, size: f32) -> f32 {
    paint::line(ui.painter(), words, theme::ui_font(size), Color32::PLACEHOLDER).size().x.ceil()
}

//! Hints and errors beside the controls of the settings page.

use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use egui::accesskit::Role;
use egui::{Color32, Sense, Ui, WidgetInfo, pos2, vec2};

/// Draws a muted hint beside a control.
pub fn hint(ui: &mut Ui, words: &str) {
    let colour = theme::tokens(ui).muted;
    beside(ui, words, measure::TEXT_SMALL, colour);
}

/// Draws the error of a control beside it.
pub fn error_words(ui: &mut Ui, words: &str) {
    let colour = theme::tokens(ui).error;
    beside(ui, words, measure::TEXT_LABEL, colour);
}

/// In a narrow window the words take several lines, and the row grows with them.
fn beside(ui: &mut Ui, words: &str, size: f32, colour: Color32) {
    let width = ui.available_width().max(1.0);
    let galley = ui.painter().layout(words.to_owned(), theme::ui_font(size), colour, width);
    let height = galley.size().y.max(measure::CONTROL);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    if galley.rows.len() > 1 {
        let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, colour);
    } else {
        paint::put(ui.painter(), rect.left_center(), paint::At::Left, size, galley, colour);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

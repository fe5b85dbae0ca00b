//! Hints and errors beside the controls of the settings page.

use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use egui::accesskit::Role;
use egui::{Sense, Ui, WidgetInfo, pos2, vec2};

/// Draws a muted hint beside a control.
pub fn hint(ui: &mut Ui, words: &str) {
    let t = theme::tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width().max(1.0), measure::CONTROL), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::text_elided(ui.painter(), at, words, theme::ui_font(measure::TEXT_SMALL), t.muted, rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

/// Draws the error of a control beside it.
pub fn error_words(ui: &mut Ui, words: &str) {
    let t = theme::tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width().max(1.0), measure::CONTROL), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::text_elided(ui.painter(), at, words, theme::ui_font(measure::TEXT_LABEL), t.error, rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

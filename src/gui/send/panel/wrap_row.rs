//! A row of the popover of the wrap.

use crate::gui::theme::measure;
use crate::gui::widgets::form_label;
use egui::{Rect, Ui, vec2};

/// Width of the popover inside its frame.
pub(super) const WIDTH: f32 = 356.0;
/// Left edge of the controls.
pub(super) const INDENT: f32 = 60.0;

/// Draws a row: its label, and its controls beside it.
pub(super) fn row<R>(ui: &mut Ui, label: &str, controls: impl FnOnce(&mut Ui) -> R) -> R {
    let at = Rect::from_min_size(ui.cursor().min, vec2(INDENT, measure::CONTROL));
    form_label(ui, at, label, INDENT - 6.0);
    ui.horizontal_top(|ui| {
        ui.add_space(INDENT - ui.spacing().item_spacing.x);
        ui.add_space(ui.spacing().item_spacing.x);
        controls(ui)
    })
    .inner
}

//! A custom-drawn checkbox. egui's checkbox cannot be filled with the accent colour without recolouring its label.

use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use egui::accesskit::Role;
use egui::{Color32, Rect, Response, Sense, Stroke, Ui, Vec2, Widget, WidgetInfo, pos2, vec2};

/// A box of 16 points with a label beside it.
#[must_use = "add it to a Ui"]
pub struct Checkbox<'a> {
    on: &'a mut bool,
    label: &'a str,
    name: Option<&'a str>,
}

impl<'a> Checkbox<'a> {
    /// A checkbox bound to `on`.
    pub fn new(on: &'a mut bool, label: &'a str) -> Self {
        Self { on, label, name: None }
    }

    /// Sets the accessible name if it differs from the visible label.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// The width it takes.
    #[must_use]
    pub fn width(&self, ui: &Ui) -> f32 {
        let words = paint::line(ui.painter(), self.label, theme::ui_font(measure::TEXT), Color32::PLACEHOLDER);
        if self.label.is_empty() { 16.0 } else { 24.0 + words.size().x }
    }
}

impl Widget for Checkbox<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui);
        let galley = paint::line(ui.painter(), self.label, theme::ui_font(measure::TEXT), Color32::PLACEHOLDER);
        let words = if self.label.is_empty() { 0.0 } else { 8.0 + galley.size().x };
        let (rect, mut response) = ui.allocate_exact_size(vec2(16.0 + words, measure::CONTROL), Sense::click());
        if response.clicked() {
            *self.on = !*self.on;
            response.mark_changed();
        }
        if ui.is_rect_visible(rect) {
            let enabled = response.enabled();
            let square = Rect::from_center_size(pos2(rect.left() + 8.0, rect.center().y), Vec2::splat(16.0));
            let (fill, edge, tick) = match (*self.on, enabled) {
                (true, true) if response.hovered() => (t.fill_hover, t.fill_hover, t.on_fill),
                (true, true) => (t.fill, t.fill, t.on_fill),
                (true, false) => (t.fill_disabled, t.fill_disabled, t.faint),
                (false, true) => (t.canvas, t.line_hover, t.on_fill),
                (false, false) => (t.chrome, t.soft, t.faint),
            };
            let painter = ui.painter();
            paint::plate(painter, square, measure::RADIUS_CHECK, fill, edge);
            if *self.on {
                let points = [vec2(-4.0, 0.25), vec2(-1.25, 3.0), vec2(4.0, -3.0)].map(|by| square.center() + by);
                painter.line(points.to_vec(), Stroke::new(1.75, tick));
            }
            if !self.label.is_empty() {
                let colour = if enabled { t.text } else { t.faint };
                let at = pos2(square.right() + 8.0, rect.center().y);
                paint::put(painter, at, paint::At::Left, measure::TEXT, galley, colour);
            }
            if response.has_focus() {
                paint::focus_ring(painter, square, measure::RADIUS_CHECK, t);
            }
        }
        let (name, on) = (self.name.unwrap_or(self.label), *self.on);
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, response.enabled(), on, name));
        response
    }
}

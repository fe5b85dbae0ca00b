//! A switch: something that acts at once while it is on.

use crate::gui::theme;
use crate::gui::widgets::paint;
use egui::accesskit::Role;
use egui::{Id, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// A switch of 28 × 16 points.
#[must_use = "show it"]
pub struct Switch<'a> {
    is_on: bool,
    name: &'a str,
}

impl<'a> Switch<'a> {
    /// The size of a switch.
    pub const SIZE: egui::Vec2 = vec2(28.0, 16.0);

    /// A switch; the caller turns it when it is clicked.
    pub fn new(is_on: bool, name: &'a str) -> Self {
        Self { is_on, name }
    }

    /// Draws it with its left edge and its centre at `at`.
    #[must_use]
    pub fn at(self, ui: &Ui, left_centre: egui::Pos2, id: Id) -> Response {
        let t = theme::tokens(ui);
        let place = Rect::from_min_size(pos2(left_centre.x, left_centre.y - Self::SIZE.y / 2.0), Self::SIZE);
        let response = ui.interact(place.expand2(vec2(2.0, 4.0)), id, Sense::click());
        let is_enabled = ui.is_enabled();
        let track = match (self.is_on, is_enabled) {
            (true, true) if response.hovered() => t.fill_hover,
            (true, true) => t.fill,
            (true, false) => t.fill_disabled,
            (false, _) => t.toggle_on,
        };
        let edge = if self.is_on { track } else { t.line_hover };
        let radius = (Self::SIZE.y / 2.0) as u8;
        paint::plate(ui.painter(), place, radius, track, edge);
        let x = if self.is_on { place.right() - 8.0 } else { place.left() + 8.0 };
        let knob = if self.is_on { t.on_fill } else { t.muted };
        ui.painter().circle_filled(pos2(x, place.center().y), 5.5, knob);
        if response.has_focus() {
            paint::focus_ring(ui.painter(), place, radius, t);
        }
        response.widget_info(|| WidgetInfo::selected(Role::Switch, is_enabled, self.is_on, self.name));
        response
    }
}

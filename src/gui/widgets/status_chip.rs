//! A chip of the status line: something that runs, with a cross that ends it.

use crate::gui::icons;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, paint};
use egui::accesskit::Role;
use egui::{Color32, CursorIcon, Id, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of the chip.
const HEIGHT: f32 = 20.0;

/// What was clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clicked {
    /// The words.
    Words,
    /// The cross.
    Cross,
}

/// A chip.
#[must_use = "call show"]
pub struct StatusChip<'a> {
    /// Distinguishes the chips of a line.
    pub id: Id,
    /// What runs; also the accessible name.
    pub words: &'a str,
    /// The accessible name of the cross.
    pub end: &'a str,
    /// Colours of words and ground, if they are not the usual ones.
    pub colours: Option<(Color32, Color32)>,
}

impl StatusChip<'_> {
    /// Draws the chip at the left of `room`, if it fits. Returns its right edge and what was clicked.
    #[must_use]
    pub fn show(self, ui: &Ui, room: Rect) -> (f32, Option<Clicked>) {
        let t = theme::tokens(ui);
        let galley = paint::line(ui.painter(), self.words, theme::ui_font(measure::TEXT_SMALL), Color32::PLACEHOLDER);
        let width = galley.size().x + 32.0;
        if width > room.width() {
            return (room.left(), None);
        }
        let chip = Rect::from_min_size(pos2(room.left(), room.center().y - HEIGHT / 2.0), vec2(width, HEIGHT));
        let open = chip.with_max_x(chip.right() - HEIGHT);
        let response = ui.interact(open, self.id, Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
        let (words, ground) = self.colours.unwrap_or((t.text, t.toggle_on));
        let fill = if response.hovered() && self.colours.is_none() { t.soft } else { ground };
        ui.painter().rect_filled(chip, measure::RADIUS_SEGMENT, fill);
        let at = pos2(chip.left() + 8.0, chip.center().y);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_SMALL, galley, words);
        if response.has_focus() {
            paint::focus_ring_inside(ui.painter(), open, measure::RADIUS_SEGMENT, t);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, self.words));
        let cross = Rect::from_center_size(pos2(chip.right() - HEIGHT / 2.0, chip.center().y), vec2(HEIGHT, HEIGHT));
        let button = IconButton::new(icons::X, self.end).small(measure::ICON_SMALL);
        let button = if self.colours.is_some() { button.colour(words) } else { button };
        let ends = button.at(ui, cross, self.id.with("x")).clicked();
        let clicked = ends.then_some(Clicked::Cross).or(response.clicked().then_some(Clicked::Words));
        (chip.right(), clicked)
    }
}

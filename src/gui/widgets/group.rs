//! Titles of collapsible groups, and labels of form rows in the left column.

use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::gui::{icons, theme};
use egui::accesskit::Role;
use egui::{Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// The title of a group, 40 points high, with a caret. A click collapses or expands the group.
#[must_use = "call show"]
pub struct GroupHeader<'a> {
    title: &'a str,
    name: &'a str,
    open: &'a mut bool,
}

impl<'a> GroupHeader<'a> {
    /// A title bound to `open`.
    pub fn new(title: &'a str, open: &'a mut bool) -> Self {
        Self { title, name: title, open }
    }

    /// Sets the accessible name if it differs from the title.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = name;
        self
    }

    /// Draws the title across the full width, its text at the left edge.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui);
        let (rect, mut response) =
            ui.allocate_exact_size(vec2(ui.available_width(), measure::GROUP_TITLE), Sense::click());
        if response.clicked() {
            *self.open = !*self.open;
            response.mark_changed();
        }
        let painter = ui.painter();
        let y = rect.center().y;
        paint::text(
            painter,
            pos2(rect.left(), y),
            paint::At::Left,
            self.title,
            theme::medium(measure::TEXT_LABEL),
            t.text,
        );
        let caret = if *self.open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
        let colour = if response.hovered() { t.text } else { t.faint };
        paint::icon(painter, pos2(rect.right() - 7.0, y), caret, measure::ICON_SMALL, colour);
        if response.has_focus() {
            paint::focus_ring_inside(painter, rect.expand2(vec2(4.0, -8.0)), measure::RADIUS_CHECK, t);
        }
        let open = *self.open;
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, response.enabled(), self.name);
            info.selected = Some(open);
            info
        });
        response
    }
}

/// Draws the label of a form row: at the left of `row`, muted, 13 points, centred on the control's 28 points. The label is
/// not a node of the accessibility tree, because the control beside it has the name.
pub fn form_label(ui: &Ui, row: Rect, label: &str, width: f32) {
    let t = theme::tokens(ui);
    let at = pos2(row.left(), row.top() + measure::CONTROL / 2.0);
    paint::text_elided(ui.painter(), at, label, theme::ui_font(measure::TEXT_LABEL), t.muted, width);
}

/// A row of the left column: its label at the left, its control aligned with the other controls. `control` receives the
/// available width.
pub fn form_row(ui: &mut Ui, label: &str, control: impl FnOnce(&mut Ui, f32)) {
    let indent = measure::SIDE_FIELD_X - measure::SIDE_PADDING;
    let at = Rect::from_min_size(ui.cursor().min, vec2(indent, measure::CONTROL));
    form_label(ui, at, label, indent - 6.0);
    let width = (ui.available_width() - indent).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(indent);
        control(ui, width);
    });
}

//! The colour picker of a highlight rule: a button with the colour on it, and a list of all colours.

use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{menu_rows, paint, popup_frame};
use crate::settings::HighlightColour;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Popup, Rect, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Width of the button.
pub const WIDTH: f32 = 52.0;

/// The name of a colour.
fn name_of(colour: HighlightColour, panels: &Panels<'_>) -> &'static str {
    panels.text(match colour {
        HighlightColour::Yellow => Text::Yellow,
        HighlightColour::Green => Text::Green,
        HighlightColour::Cyan => Text::Cyan,
        HighlightColour::Blue => Text::Blue,
        HighlightColour::Purple => Text::Purple,
        HighlightColour::Red => Text::Red,
    })
}

fn swatch(ui: &Ui, centre: egui::Pos2, colour: HighlightColour) {
    let t = theme::tokens(ui);
    let rect = Rect::from_center_size(centre, Vec2::splat(16.0));
    paint::plate(ui.painter(), rect, measure::RADIUS_CHECK, t.highlight(colour), t.line_hover);
}

/// Draws the button; a selection takes effect at once.
pub fn choose(ui: &mut Ui, panels: &Panels<'_>, name: &str, colour: &mut HighlightColour) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(WIDTH, measure::CONTROL), Sense::click());
    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let (fill, edge) = if response.hovered() { (t.hover, t.line_hover) } else { (t.canvas, t.line) };
    paint::plate(ui.painter(), rect, measure::RADIUS, fill, edge);
    if open || response.has_focus() {
        paint::focus_edge(ui.painter(), rect, measure::RADIUS, t.accent);
    }
    swatch(ui, pos2(rect.left() + 16.0, rect.center().y), *colour);
    let caret = pos2(rect.right() - 14.0, rect.center().y);
    paint::icon(ui.painter(), caret, icons::CARET_DOWN, measure::ICON_SMALL, t.muted);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, true, name);
        info.current_text_value = Some(name_of(*colour, panels).to_owned());
        info
    });
    Popup::menu(&response).frame(popup_frame(t)).gap(2.0).width(120.0).accessible_name(name).show(|ui| {
        menu_rows(ui, |ui| {
            for one in HighlightColour::ALL {
                if row(ui, one, one == *colour, name_of(one, panels)) {
                    *colour = one;
                }
            }
        });
    });
}

/// Draws one colour of the list. Returns true if it was selected.
fn row(ui: &mut Ui, colour: HighlightColour, on: bool, name: &str) -> bool {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::CONTROL), Sense::click());
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, f32::from(measure::RADIUS_SEGMENT), t.popup_hover);
    }
    let y = rect.center().y;
    swatch(ui, pos2(rect.left() + 18.0, y), colour);
    let at = pos2(rect.left() + 36.0, y);
    paint::text(ui.painter(), at, paint::At::Left, name, theme::ui_font(measure::TEXT), t.text);
    if on {
        paint::icon(ui.painter(), pos2(rect.right() - 14.0, y), icons::CHECK, measure::ICON_ROW, t.accent);
    }
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, on, name));
    if response.clicked() {
        ui.close();
    }
    response.clicked()
}

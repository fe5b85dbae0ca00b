//! The menus in the column heads: visible columns, and the reference of elapsed times.

use crate::gui::icons;
use crate::gui::log::{LogAction, LogOptions, texts};
use crate::gui::theme::{self, Tokens, measure};
use crate::gui::widgets::paint::{self, At};
use crate::gui::widgets::{MenuItem, menu_hairline, menu_rows, popup_frame};
use crate::lines::{DeltaFrom, ViewMode};
use crate::settings::{ColumnSetup, LogColumn};
use egui::accesskit::Role;
use egui::{Color32, CornerRadius, Popup, PopupCloseBehavior, Pos2, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Clickable space left of a head and its caret.
const PADDING: f32 = 6.0;

/// Draws the button at the right end of the heads. Returns its area.
pub(super) fn columns(ui: &mut Ui, rect: Rect, options: &LogOptions, t: &Tokens, actions: &mut Vec<LogAction>) -> Rect {
    let words = options.lang.texts().columns_head();
    let font = theme::ui_font(measure::TEXT_SMALL);
    let width = paint::line(ui.painter(), words, font.clone(), t.muted).size().x;
    let right = rect.right() - measure::MARGIN;
    let place = Rect::from_min_max(
        pos2(right - width - 12.0 - 2.0 * PADDING, rect.top() + 2.0),
        pos2(right, rect.top() + measure::COLUMN_HEAD - 2.0),
    );
    let (button, colour) = head_button(ui, place, "columns", options.lang.texts().columns_name(), t);
    let at = pos2(place.left() + PADDING, place.center().y);
    let said = paint::text(ui.painter(), at, At::Left, words, font, colour);
    paint::icon(ui.painter(), pos2(said.right() + 8.0, at.y), icons::CARET_DOWN, 10.0, colour);
    let popup = Popup::menu(&button).frame(popup_frame(t)).gap(2.0).width(220.0);
    popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|menu| {
        let mut setup = options.columns;
        menu_rows(menu, |menu| choices(menu, options, &mut setup));
        if setup != options.columns {
            actions.push(LogAction::Columns(setup));
        }
    });
    place
}

fn choices(menu: &mut Ui, options: &LogOptions, setup: &mut ColumnSetup) {
    let lang = options.lang;
    for column in LogColumn::CHOICES {
        if column == LogColumn::Peer && !options.show_peers {
            continue;
        }
        let is_shown = setup.shows(column);
        if menu.add(MenuItem::new(texts::column(column, lang)).toggle(is_shown)).clicked() {
            setup.hidden.set(column, is_shown);
        }
    }
    menu_hairline(menu);
    for delta in DeltaFrom::ALL {
        let item = MenuItem::new(texts::delta(delta, lang)).checked(setup.delta == delta).keep_open();
        if menu.add(item).clicked() {
            setup.delta = delta;
            setup.hidden.set(LogColumn::Delta, false);
        }
    }
    menu_hairline(menu);
    if options.mode == ViewMode::Text {
        if menu.add(MenuItem::new(lang.texts().wrap_lines()).toggle(setup.wrap)).clicked() {
            setup.wrap = !setup.wrap;
        }
        return;
    }
    for bytes in ColumnSetup::BYTES {
        let words = lang.texts().bytes_per_row(bytes);
        if menu.add(MenuItem::new(&words).checked(setup.bytes == bytes).keep_open()).clicked() {
            setup.bytes = bytes;
        }
    }
}

/// Draws the head of elapsed times; `at` is its right end.
pub(super) fn delta(ui: &mut Ui, at: Pos2, options: &LogOptions, t: &Tokens, actions: &mut Vec<LogAction>) {
    let lang = options.lang;
    let place = Rect::from_min_max(pos2(at.x - 24.0, at.y - 10.0), pos2(at.x + 4.0, at.y + 10.0));
    let (button, colour) = head_button(ui, place, "delta", lang.texts().delta_name(), t);
    let font = theme::ui_font(measure::TEXT_SMALL);
    paint::text(ui.painter(), at, At::Right, "Δ", font, colour);
    let button = crate::gui::widgets::tooltip(button, texts::delta(options.columns.delta, lang), None);
    Popup::menu(&button).frame(popup_frame(t)).gap(2.0).width(220.0).show(|menu| {
        menu_rows(menu, |menu| {
            for delta in DeltaFrom::ALL {
                let is_chosen = delta == options.columns.delta;
                if menu.add(MenuItem::new(texts::delta(delta, lang)).checked(is_chosen)).clicked() {
                    actions.push(LogAction::Columns(ColumnSetup { delta, ..options.columns }));
                }
            }
        });
    });
}

/// A clickable head, and the colour of its label.
fn head_button(ui: &Ui, place: Rect, salt: &str, name: &str, t: &Tokens) -> (Response, Color32) {
    let place = Rect::from_center_size(place.center(), vec2(place.width(), place.height()));
    let button = ui.interact(place, ui.scope_id().with(("head", salt)), Sense::click());
    let has_pointer = button.hovered() || button.is_pointer_button_down_on();
    if has_pointer {
        ui.painter().rect_filled(place, CornerRadius::same(measure::RADIUS_CHECK), t.hover);
    }
    if button.has_focus() {
        paint::focus_ring_inside(ui.painter(), place, measure::RADIUS_CHECK, t);
    }
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    (button, if has_pointer { t.text } else { t.muted })
}

//! The time column: what it says, and the menu at its head that chooses.

use super::line::clock;
use super::{LogAction, LogOptions, texts};
use crate::gui::icons;
use crate::gui::theme::{self, Tokens, measure};
use crate::gui::widgets::paint::{self, At};
use crate::gui::widgets::{MenuItem, popup_frame};
use crate::lines::{Row, RowKind, TimeForm, View};
use crate::words;
use egui::accesskit::Role;
use egui::{CornerRadius, Popup, Rect, Sense, Ui, WidgetInfo, pos2};

/// Width of what it says: twelve cells.
pub(super) const WIDTH: f32 = 12.0 * super::columns::CELL;

/// What it says of one record.
pub(super) struct Time {
    pub(super) words: String,
    /// It is a number of seconds: their ends stand below each other.
    pub(super) from_right: bool,
    /// It stands in for what is not known.
    pub(super) is_faint: bool,
}

/// For each of some consecutive rows what it says.
pub(super) fn of(view: &mut View, rows: &[Row], form: TimeForm, zone: &jiff::tz::TimeZone) -> Vec<Option<Time>> {
    if form == TimeForm::Absolute {
        let has_time = |row: &&Row| row.first && row.unix_ns != 0 && !matches!(row.kind, RowKind::Evicted { .. });
        let time = |row: &Row| Time { words: clock(row.unix_ns, zone), from_right: false, is_faint: false };
        return rows.iter().map(|row| Some(row).filter(has_time).map(time)).collect();
    }
    let elapsed = view.elapsed(rows, form);
    // Where no such time is known the clock says when it was: the column is never blank.
    let clocks = of(view, rows, TimeForm::Absolute, zone);
    let times = elapsed.into_iter().zip(clocks);
    times
        .map(|(ns, clock)| match ns {
            Some(ns) => Some(Time { words: words::since(ns), from_right: true, is_faint: false }),
            None => clock.map(|clock| Time { is_faint: true, ..clock }),
        })
        .collect()
}

/// Its head, at `x` of the column heads at the top of `rect`.
pub(super) fn head(ui: &mut Ui, rect: Rect, x: f32, options: &LogOptions, t: &Tokens, actions: &mut Vec<LogAction>) {
    let lang = options.lang;
    let y = rect.top() + measure::COLUMN_HEAD / 2.0;
    let place = Rect::from_min_max(
        pos2(rect.left() + x - 6.0, rect.top() + 2.0),
        pos2(rect.left() + x + WIDTH + 2.0, rect.top() + measure::COLUMN_HEAD - 2.0),
    );
    let button = ui.interact(place, ui.scope_id().with("time head"), Sense::click());
    let has_pointer = button.hovered() || button.is_pointer_button_down_on();
    let painter = ui.painter();
    if has_pointer {
        painter.rect_filled(place, CornerRadius::same(measure::RADIUS_CHECK), t.hover);
    }
    let colour = if has_pointer { t.text } else { t.muted };
    let font = theme::ui_font(measure::TEXT_SMALL);
    let said =
        paint::text(painter, pos2(rect.left() + x, y), At::Left, texts::time(options.time_form, lang), font, colour);
    paint::icon(painter, pos2(said.right() + 9.0, y), icons::CARET_DOWN, 10.0, colour);
    if button.has_focus() {
        paint::focus_ring_inside(painter, place, measure::RADIUS_CHECK, t);
    }
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, texts::time_column(lang)));
    Popup::menu(&button).frame(popup_frame(t)).gap(2.0).width(260.0).show(|menu| {
        menu.spacing_mut().item_spacing.y = 0.0;
        for form in TimeForm::ALL {
            let chosen = form == options.time_form;
            if menu.add(MenuItem::new(texts::time_choice(form, lang)).checked(chosen)).clicked() {
                actions.push(LogAction::TimeForm(form));
            }
        }
    });
}

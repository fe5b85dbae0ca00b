//! The time columns: the time of day and what was chosen beside it, and the menu at its head that chooses.

use crate::gui::icons;
use crate::gui::log::columns::{Columns, DeltaForm};
use crate::gui::log::line::clock;
use crate::gui::log::{LogAction, LogOptions, texts};
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use crate::gui::widgets::paint::At;
use crate::gui::widgets::{MenuItem, popup_frame};
use crate::lines::{Row, RowKind, TimeForm, View};
use egui::accesskit::Role;
use egui::{CornerRadius, Popup, Rect, Sense, Ui, WidgetInfo, pos2};

/// Width of what it says: twelve cells.
pub(super) const WIDTH: f32 = 12.0 * super::columns::CELL;

/// What it says of one record.
pub(super) struct Time {
    /// The time of day.
    pub(super) clock: String,
    /// The time since something, in ns, where that is asked for and known.
    pub(super) since: Option<u64>,
}

/// For each of some consecutive rows what it says.
pub(super) fn of(view: &mut View, rows: &[Row], form: TimeForm, zone: &jiff::tz::TimeZone) -> Vec<Option<Time>> {
    let has_time = |row: &&Row| row.first && row.unix_ns != 0 && !matches!(row.kind, RowKind::Evicted { .. });
    let elapsed = view.elapsed(rows, form);
    let rows = rows.iter().zip(elapsed);
    rows.map(|(row, since)| Some(row).filter(has_time).map(|row| Time { clock: clock(row.unix_ns, zone), since }))
        .collect()
}

/// Its head, in the column heads at the top of `rect`.
pub(super) fn head(
    ui: &mut Ui,
    rect: Rect,
    columns: &Columns,
    options: &LogOptions,
    t: &Tokens,
    actions: &mut Vec<LogAction>,
) {
    let Some(x) = columns.time else { return };
    let lang = options.lang;
    let y = rect.top() + measure::COLUMN_HEAD / 2.0;
    let right = columns.delta.map_or(x + WIDTH, |delta| delta.right) + 2.0;
    let place = Rect::from_min_max(
        pos2(rect.left() + x - 6.0, rect.top() + 2.0),
        pos2(rect.left() + right, rect.top() + measure::COLUMN_HEAD - 2.0),
    );
    let button = ui.interact(place, ui.scope_id().with("time head"), Sense::click());
    let has_pointer = button.hovered() || button.is_pointer_button_down_on();
    let painter = ui.painter();
    if has_pointer {
        painter.rect_filled(place, CornerRadius::same(measure::RADIUS_CHECK), t.hover);
    }
    let colour = if has_pointer { t.text } else { t.muted };
    let font = theme::ui_font(measure::TEXT_SMALL);
    let beside = columns.delta.filter(|delta| delta.form != DeltaForm::Instead);
    let name = if beside.is_some() { TimeForm::Absolute } else { options.time_form };
    let said = paint::text(painter, pos2(rect.left() + x, y), At::Left, texts::time(name, lang), font.clone(), colour);
    if let Some(delta) = beside {
        let at = pos2(rect.left() + delta.right, y);
        paint::text(painter, at, At::Right, texts::time(options.time_form, lang), font, colour);
    }
    paint::icon(painter, pos2(said.right() + 9.0, y), icons::CARET_DOWN, 10.0, colour);
    if button.has_focus() {
        paint::focus_ring_inside(painter, place, measure::RADIUS_CHECK, t);
    }
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, lang.texts().time_column()));
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

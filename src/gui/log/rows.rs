//! The visible rows: painted, exposed as text, with the buttons and the full text of a row.

use crate::gui::icons;
use crate::gui::log::columns::Columns;
use crate::gui::log::line::{Line, Standing};
use crate::gui::log::select::Column;
use crate::gui::log::tint::{self, Tint};
use crate::gui::log::{LogAction, LogView, folding};
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{IconButton, menu_rows, paint, popup_frame, tooltip};
use crate::lines::{Place, Row, RowKind};
use crate::settings::LogColumn;
use crate::words;
use egui::accesskit::Role;
use egui::{Id, Popup, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

impl LogView {
    /// Draws the rows, each with its text for screen readers.
    pub(super) fn rows(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        columns: &Columns,
        t: &Tokens,
        actions: &mut Vec<LogAction>,
    ) {
        let Some(screen) = &self.screen else { return };
        let pointer = ui.rect_contains_pointer(rect).then(|| ui.input(|i| i.pointer.hover_pos())).flatten();
        let row_rect = |index: usize| {
            let top = rect.top() + index as f32 * measure::LOG_ROW;
            Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), measure::LOG_ROW))
        };
        let under = pointer.map(|at| ((at.y - rect.top()) / measure::LOG_ROW) as usize);
        let menu = Id::unique("traffic row menu").with(ui.scope_id());
        let hovered = under
            .filter(|_| !self.dragging)
            .and_then(|index| screen.lines.get(index))
            .map(|line| line.row.place.record);
        let hits = self.hits_in_sight(screen);
        let plain = Tint::default();
        let tint_of = |index: usize| screen.tints.as_ref().and_then(|tints| tints.get(index)).unwrap_or(&plain);
        let (mut unfolded, mut toggled) = (None, None);
        for (index, line) in screen.lines.iter().enumerate() {
            let standing = Standing {
                hits: hits.get(index).map_or(&[], Vec::as_slice),
                rect: row_rect(index),
                hovered: hovered == Some(line.row.place.record),
                selection: self.selection.as_ref(),
                tint: tint_of(index),
            };
            let is_cut = line.paint(ui.painter(), columns, t, &standing);
            let response = ui.interact(standing.rect, ui.scope_id().with(("row", index)), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &line.spoken));
            tint::describe(ui.ctx(), response.id, tint_of(index), self.lang);
            let is_on_time = exact_time(ui, standing.rect, columns, line);
            if is_cut {
                if self.is_chosen(&line.row) {
                    unfolded = Some((standing.rect, line.words.as_str()));
                } else if !is_on_time {
                    tooltip(response, &line.spoken, None);
                }
            }
            let is_event = matches!(line.row.kind, RowKind::Event { .. });
            let caret = if is_event { columns.event_caret() } else { columns.caret() };
            if folding::button(ui, standing.rect, caret, line, self.lang) {
                toggled = Some(line.row.place.record);
            }
        }
        if let Some((row, words)) = unfolded {
            read_on(ui, rect, row, columns, words, t);
        }
        // The pointer leaves the row for the menu, so the buttons stay while it is open.
        if !Popup::is_id_open(ui.ctx(), menu.with("more").with("popup")) {
            self.menu_at = None;
        }
        let at = match self.menu_at {
            Some(place) => screen.lines.iter().position(|line| line.row.place == place),
            None => under.filter(|_| hovered.is_some()),
        };
        if let Some((index, line)) = at.and_then(|index| Some((index, screen.lines.get(index)?))) {
            let place = buttons_at(row_rect(index), columns, line);
            self.row_buttons(ui, place, line.row.place, menu, t, actions);
        }
        if let Some(record) = toggled {
            self.toggle_fold(record);
            ui.ctx().request_repaint();
        }
    }

    /// Exactly the records of this row are selected, as a whole.
    fn is_chosen(&self, row: &Row) -> bool {
        let Some(chosen) = self.selection.as_ref().filter(|chosen| chosen.column == Column::Records) else {
            return false;
        };
        let (records, shown) = (chosen.records(), row.stands_for());
        (*records.start(), records.end().saturating_add(1)) == (shown.start, shown.end)
    }

    /// Draws the buttons (copy, more) in the row under the pointer.
    fn row_buttons(&mut self, ui: &mut Ui, ground: Rect, at: Place, id: Id, t: &Tokens, actions: &mut Vec<LogAction>) {
        let record = at.record;
        let is_selected = self.selection.as_ref().is_some_and(|s| s.has_record(record));
        ui.painter().rect_filled(ground, 0.0, if is_selected { t.selection } else { t.hover });
        let place =
            |right: f32| Rect::from_center_size(pos2(ground.right() - right, ground.center().y), vec2(20.0, 20.0));
        let copy = IconButton::new(icons::COPY, self.lang.texts().copy_record()).small(measure::ICON_ROW);
        if copy.at(ui, place(34.0), id.with("copy")).clicked() {
            let whole = self.whole(record);
            let before = self.selection.replace(whole);
            self.copy(ui.ctx(), None, actions);
            self.selection = before;
        }
        let more = IconButton::new(icons::DOTS_THREE, self.lang.texts().more_about_record()).small(measure::ICON_ROW);
        let button = more.at(ui, place(12.0), id.with("more"));
        if button.clicked() {
            let whole = self.whole(record);
            self.select(whole);
            self.menu_at = Some(at);
        }
        let popup = Popup::menu(&button).frame(popup_frame(t)).width(248.0);
        popup.show(|menu| menu_rows(menu, |menu| self.menu_items(ui, menu, actions)));
    }
}

/// Shows the exact time since the earlier record as a tooltip of its cell. Returns whether the pointer is there.
fn exact_time(ui: &Ui, row: Rect, columns: &Columns, line: &Line) -> bool {
    let (Some(ns), Some(span)) = (line.since, columns.span(LogColumn::Delta)) else { return false };
    let cell = row.with_min_x(row.left() + span.left).with_max_x(row.left() + span.right);
    let is_there = ui.rect_contains_pointer(cell);
    if is_there {
        let response = ui.interact(cell, ui.scope_id().with("since"), Sense::hover());
        tooltip(response, &words::since(ns), None);
    }
    is_there
}

/// Position of the two buttons: at the right end of the row, or left of the arrow if the end is not empty.
fn buttons_at(row: Rect, columns: &Columns, line: &Line) -> Rect {
    const WIDTH: f32 = 48.0;
    let right = row.right() - 12.0;
    let is_free = line.end(columns) <= columns.width - 12.0 - WIDTH;
    // The times are the only part of a row that is not about its contents.
    let beside = row.left() + (columns.arrow() - 8.0).max(WIDTH + 4.0);
    let right = if is_free { right } else { beside };
    Rect::from_min_max(pos2(right - WIDTH, row.top()), pos2(right, row.bottom()))
}

/// Shows the full text of a truncated row below it (above it at the bottom of the log).
fn read_on(ui: &Ui, rows: Rect, row: Rect, columns: &Columns, words: &str, t: &Tokens) {
    let (left, right) = (row.left() + columns.words() - 12.0, row.right() - measure::LOG_ROW);
    let font = theme::ui_font(measure::TEXT_LABEL);
    let galley = ui.painter().layout(words.to_owned(), font, t.text, (right - left - 24.0).max(80.0));
    let size = galley.size() + vec2(24.0, 14.0);
    let top = if row.bottom() + size.y <= rows.bottom() { row.bottom() } else { (row.top() - size.y).max(rows.top()) };
    let plate = Rect::from_min_size(pos2(left, top), size);
    paint::plate(ui.painter(), plate, measure::RADIUS, t.popup, t.line);
    ui.painter().galley(plate.min + vec2(12.0, 7.0), galley, t.text);
}

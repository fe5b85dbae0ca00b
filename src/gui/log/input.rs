//! Pointer and keyboard input for the rows.

use crate::codec::CopyForm;
use crate::gui::log::columns::Columns;
use crate::gui::log::select::{Column, Selection, Spot, column_at, is_beside, spot_at};
use crate::gui::log::{LogAction, LogView};
use crate::gui::theme::measure;
use egui::{Event, EventFilter, Key, Modifiers, PointerButton, Pos2, Rect, Response, Ui};

impl LogView {
    /// Handles wheel, drag and click over the rows in `rect`.
    pub(super) fn pointer(&mut self, ui: &Ui, rect: Rect, response: &Response, columns: &Columns) {
        if ui.rect_contains_pointer(rect) {
            let rows = ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta.y)) / -measure::LOG_ROW;
            self.wheel += rows;
            let whole = self.wheel.trunc();
            self.wheel -= whole;
            self.scroll_by(whole as i64);
        }
        if response.drag_started_by(PointerButton::Primary) {
            response.request_focus();
            if let Some(origin) = ui.input(|i| i.pointer.press_origin()) {
                self.begin_selection(rect, origin, columns, ui.input(|i| i.modifiers.shift));
            }
        }
        if response.dragged_by(PointerButton::Primary)
            && let Some(at) = response.interact_pointer_pos()
        {
            self.drag_selection(ui, rect, at, columns);
        }
        if response.drag_stopped() {
            self.dragging = false;
        }
        if response.double_clicked() {
            if let Some((index, _)) = response.interact_pointer_pos().and_then(|at| self.hit(rect, at)) {
                let whole = self.whole(self.record_at(index));
                self.select(whole);
            }
        } else if response.clicked() {
            response.request_focus();
            if let Some(at) = response.interact_pointer_pos() {
                self.click(rect, at, columns, ui.input(|i| i.modifiers.shift));
            }
        }
        if response.secondary_clicked()
            && let Some((index, _)) = response.interact_pointer_pos().and_then(|at| self.hit(rect, at))
        {
            let record = self.record_at(index);
            // A right click on the selection refers to the selection, elsewhere to the record under the pointer.
            if !self.selection.as_ref().is_some_and(|s| s.records().contains(&record)) {
                let whole = self.whole(record);
                self.select(whole);
            }
        }
    }

    /// Row and x under the pointer.
    fn hit(&self, rect: Rect, at: Pos2) -> Option<(usize, f32)> {
        let lines = self.screen.as_ref()?.lines.len();
        let index = ((at.y - rect.top()) / measure::LOG_ROW).floor();
        (index >= 0.0 && (index as usize) < lines).then_some((index as usize, at.x - rect.left()))
    }

    fn record_at(&self, index: usize) -> u64 {
        self.screen.as_ref().and_then(|s| s.lines.get(index)).map_or(0, |line| line.row.place.record)
    }

    fn begin_selection(&mut self, rect: Rect, at: Pos2, columns: &Columns, extend: bool) {
        let (Some((index, x)), Some(screen)) = (self.hit(rect, at), &self.screen) else { return };
        self.dragging = true;
        if extend && self.selection.is_some() {
            return;
        }
        let row = &screen.lines[index].row;
        let column = column_at(columns, row, x);
        let spot = spot_at(columns, row, column, x);
        let mut selection = Selection { column, anchor: spot.clone(), head: spot };
        self.include_folded(&mut selection);
        self.select(selection);
    }

    fn drag_selection(&mut self, ui: &Ui, rect: Rect, at: Pos2, columns: &Columns) {
        if !self.dragging {
            return;
        }
        let beyond = if at.y < rect.top() { at.y - rect.top() } else { (at.y - rect.bottom()).max(0.0) };
        if beyond != 0.0 {
            self.scroll_by((beyond / measure::LOG_ROW).clamp(-20.0, 20.0).round() as i64 + beyond.signum() as i64);
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(40));
        }
        if let Some(spot) = self.spot_near(rect, at, columns)
            && let Some(mut selection) = self.selection.clone()
        {
            selection.head = spot;
            self.include_folded(&mut selection);
            self.selection = Some(selection);
        }
    }

    /// The spot nearest to the pointer in the column of the selection.
    fn spot_near(&self, rect: Rect, at: Pos2, columns: &Columns) -> Option<Spot> {
        let lines = &self.screen.as_ref()?.lines;
        let index = ((at.y - rect.top()) / measure::LOG_ROW).floor().max(0.0) as usize;
        let line = lines.get(index.min(lines.len().checked_sub(1)?))?;
        let x = if index >= lines.len() { f32::MAX } else { at.x - rect.left() };
        Some(spot_at(columns, &line.row, self.selection.as_ref()?.column, x))
    }

    fn click(&mut self, rect: Rect, at: Pos2, columns: &Columns, extend: bool) {
        let (Some((index, x)), Some(screen)) = (self.hit(rect, at), &self.screen) else {
            self.clear_selection();
            return;
        };
        let row = &screen.lines[index].row;
        if extend && let Some(mut selection) = self.selection.clone() {
            selection.head = spot_at(columns, row, selection.column, x);
            self.include_folded(&mut selection);
            self.selection = Some(selection);
            return;
        }
        let column = column_at(columns, row, x);
        let record = row.place.record;
        let beside = is_beside(columns, row, column, x);
        let whole = self.whole(record);
        let again = self.selection.as_ref() == Some(&whole);
        if column == Column::Records && !beside && !again {
            self.select(whole);
        } else {
            self.clear_selection();
        }
    }

    /// Sets the selection.
    pub(super) fn select(&mut self, selection: Selection) {
        self.selection = Some(selection);
    }

    /// Handles the keys of the focused log.
    pub(super) fn keys(&mut self, ui: &Ui, response: &Response, actions: &mut Vec<LogAction>) {
        if !response.has_focus() {
            self.focus_by_key = false;
            return;
        }
        if response.gained_focus() {
            self.focus_by_key = !ui.input(|i| i.pointer.any_down() || i.pointer.any_released());
        }
        let escape = self.selection.is_some() || !self.follow;
        let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, escape, ..Default::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        // A menu over the rows handles the arrow keys and Escape itself.
        let is_covered = egui::Popup::is_any_open(ui.ctx());
        if !is_covered {
            self.cursor_keys(ui);
        }
        let page = i64::try_from(self.rows_fit.saturating_sub(1).max(1)).unwrap_or(1);
        let pressed = |key: Key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        for (key, rows) in [(Key::ArrowUp, -1), (Key::ArrowDown, 1), (Key::PageUp, -page), (Key::PageDown, page)] {
            if pressed(key) {
                // egui would also move the focus with the key if the log received the focus only one frame ago.
                ui.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
                self.scroll_by(rows);
            }
        }
        for (key, newest) in [(Key::Home, false), (Key::End, true)] {
            if pressed(key) {
                self.scroll_to_end(newest);
            }
        }
        if escape && !is_covered && pressed(Key::Escape) {
            // First clears the selection, then returns to the newest row.
            if self.selection.is_some() { self.clear_selection() } else { self.set_follow(true) }
        }
        if ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::A)) {
            self.select_all();
        }
        if let Some(form) = copy_key(ui) {
            self.copy(ui.ctx(), form, actions);
        }
        let chosen = self.selection.as_ref().filter(|selection| selection.column == Column::Records);
        if let Some(record) = chosen.map(|selection| *selection.records().start())
            && !is_covered
            && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter))
        {
            self.toggle_fold(record);
        }
        if self.selection.is_some() && ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::E)) {
            self.fill_send_box(actions);
        }
        if self.selection.is_some() && ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::D)) {
            actions.push(LogAction::Compare(self.main_wish()));
        }
    }
}

/// Ctrl+C (`None`: the form of the column) and Ctrl+Shift+C, in the form each platform reports them.
fn copy_key(ui: &Ui) -> Option<Option<CopyForm>> {
    ui.input_mut(|i| {
        let shift = i.modifiers.shift;
        if i.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, Key::C) {
            return Some(Some(CopyForm::Text));
        }
        let before = i.events.len();
        i.events.retain(|event| !matches!(event, Event::Copy));
        (i.events.len() < before).then_some(shift.then_some(CopyForm::Text))
    })
}

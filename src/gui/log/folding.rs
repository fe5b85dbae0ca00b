//! Rows that represent the records of one action: their buttons, and the effect on a selection.

use crate::gui::icons;
use crate::gui::log::LogView;
use crate::gui::log::line::Line;
use crate::gui::log::select::{Column, Selection};
use crate::gui::widgets::IconButton;
use crate::words::Lang;
use egui::{Rect, Ui, pos2, vec2};

/// Size of the caret.
const CARET: f32 = 12.0;

/// Draws the button of a folded row. Returns true if it was clicked. `x`: its middle.
pub(super) fn button(ui: &Ui, row: Rect, x: f32, line: &Line, lang: Lang) -> bool {
    let Some(fold) = &line.row.fold else { return false };
    let icon = if fold.is_open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    let name = if fold.is_open { lang.texts().fold(fold.records) } else { lang.texts().unfold(fold.records) };
    let place = Rect::from_center_size(pos2(row.left() + x, row.center().y), vec2(16.0, row.height()));
    let id = ui.scope_id().with(("fold", line.row.place.record));
    IconButton::new(icon, &name).small(CARET).at(ui, place, id).clicked()
}

impl LogView {
    /// Expands a row to its records, or collapses them again.
    pub(super) fn toggle_fold(&mut self, record: u64) {
        let Some(view) = &mut self.view else { return };
        let is_folded = view.folded_with(record).is_some();
        view.set_unfolded(record, is_folded);
        // The clicked row keeps its position: expanding it may push the newest row off the screen.
        let is_at_end = view.tail(self.rows_fit) <= self.top;
        self.follow = is_at_end && (self.follow || !is_folded);
    }

    /// Selects a record as a whole, including those that its row represents.
    pub(super) fn whole(&mut self, record: u64) -> Selection {
        let mut selection = Selection::of_record(record);
        self.include_folded(&mut selection);
        selection
    }

    /// Extends a selection of whole records to all records that its last row represents.
    pub(super) fn include_folded(&mut self, selection: &mut Selection) {
        if selection.column != Column::Records {
            return;
        }
        let Some(view) = &mut self.view else { return };
        let Selection { anchor, head, .. } = selection;
        let (first, last) = if anchor.record <= head.record { (anchor, head) } else { (head, anchor) };
        if let Some(run) = view.folded_with(first.record) {
            first.record = run.start;
        }
        if let Some(run) = view.folded_with(last.record) {
            last.record = run.end - 1;
        }
    }
}

//! Access to the selection for other modules: its bytes, and copies of them.

use crate::capture::CaptureReader;
use crate::codec::CopyForm;
use crate::gui::log::select::Column;
use crate::gui::log::{LogAction, LogView};
use crate::lines::{BytePlace, Copied};
use egui::Context;
use std::ops::Range;

impl LogView {
    /// First selected byte and the byte after the last; the second value: whole records are selected. `None` = no selection.
    #[must_use]
    pub fn chosen(&self) -> Option<(Range<BytePlace>, bool)> {
        self.selection.as_ref().map(|selection| (selection.range(), selection.column == Column::Records))
    }

    /// The records, or items of the index, in the selection.
    #[must_use]
    pub fn chosen_items(&self) -> Option<Range<u64>> {
        let records = self.selection.as_ref()?.records();
        Some(*records.start()..records.end().saturating_add(1))
    }

    /// Whole records, or bytes of several records, are selected.
    #[must_use]
    pub fn has_records_chosen(&self) -> bool {
        let chosen = |s: &crate::gui::log::select::Selection| {
            s.column == Column::Records || s.records().start() < s.records().end()
        };
        self.selection.as_ref().is_some_and(chosen)
    }

    /// The selection is still being dragged.
    #[must_use]
    pub fn is_choosing(&self) -> bool {
        self.dragging
    }

    /// The selected bytes, at most `cap`.
    #[must_use]
    pub fn chosen_bytes(&mut self, cap: usize) -> Copied<Vec<u8>> {
        match (&self.selection, &mut self.view) {
            (Some(selection), Some(view)) => view.copy_bytes(selection.range(), cap),
            _ => Copied::default(),
        }
    }

    /// The capture being shown.
    #[must_use]
    pub fn reader(&self) -> Option<&CaptureReader> {
        self.view.as_ref().map(crate::lines::View::reader)
    }

    /// From now on reads sent files whose contents are not in the capture: see [`CaptureReader::follow_files`].
    pub fn follow_files(&mut self) {
        if let Some(view) = &mut self.view {
            view.reader().follow_files();
            view.reread();
        }
        self.screen = None;
    }

    /// Copies the selection in a given form.
    pub fn copy_as(&mut self, ctx: &Context, form: CopyForm) -> Vec<LogAction> {
        let mut actions = Vec::new();
        self.copy_form(ctx, form, &mut actions);
        actions
    }
}

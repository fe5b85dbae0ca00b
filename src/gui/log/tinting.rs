//! Keeps the matches of the highlight rules of the visible rows up to date.

use crate::gui::highlights::matcher::Highlighter;
use crate::gui::log::{LogView, tint};
use crate::lines::Row;
use std::sync::Arc;

impl LogView {
    /// Sets the highlight rules (`None`: none).
    pub fn set_highlights(&mut self, highlighter: Option<Arc<Highlighter>>) {
        let same = match (&self.highlighter, &highlighter) {
            (Some(old), Some(new)) => Arc::ptr_eq(old, new),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        self.highlighter = highlighter;
        if let Some(screen) = &mut self.screen {
            screen.tints = None;
        }
    }

    /// Updates the tints of the visible rows.
    pub(super) fn tint(&mut self) {
        let (Some(screen), Some(view)) = (&mut self.screen, &mut self.view) else { return };
        if screen.tints.is_some() {
            return;
        }
        let rows: Vec<&Row> = screen.lines.iter().map(|line| &line.row).collect();
        let tints = match &self.highlighter {
            Some(highlighter) if !highlighter.is_empty() => tint::tints(highlighter, view, &rows),
            _ => Vec::new(),
        };
        screen.tints = Some(tints);
    }
}

//! Following the newest row, and clearing the view.

use crate::gui::log::LogView;
use crate::lines::{Place, View};

impl LogView {
    /// The view follows the newest row.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.follow
    }

    /// Follows the newest row, or stays at the current one.
    pub fn set_follow(&mut self, follow: bool) {
        self.follow = follow;
    }

    /// The view scrolls automatically. Rows do not move during a drag or while the context menu of a row is open.
    pub(super) fn scrolls(&self) -> bool {
        self.follow && !self.dragging && self.menu_at.is_none()
    }

    /// First record that [`LogView::clear`] has not hidden.
    #[must_use]
    pub fn from(&self) -> u64 {
        self.view.as_ref().map_or(0, View::from)
    }

    /// Hides all records up to now; the capture keeps them.
    pub fn clear(&mut self) {
        let Some(view) = &mut self.view else { return };
        let end = view.reader().records().end;
        view.set_from(end);
        let seen = view.items().end;
        self.restart(seen);
    }

    /// Shows the records from this one on, for example what [`LogView::clear`] put away.
    pub fn show_from(&mut self, record: u64) {
        let Some(view) = &mut self.view else { return };
        view.set_from(record);
        let seen = view.items().end;
        self.restart(seen);
    }

    fn restart(&mut self, seen_end: u64) {
        self.top = Place::default();
        self.follow = true;
        self.seen_end = seen_end;
        self.selection = None;
        self.screen = None;
    }

    /// Number of records that arrived after the visible ones (0 while following).
    #[must_use]
    pub fn unseen(&self) -> u64 {
        let end = self.view.as_ref().map_or(0, |view| view.items().end);
        if self.shows_strip() { end.saturating_sub(self.seen_end) } else { 0 }
    }

    /// There are rows below the visible ones.
    pub(super) fn shows_strip(&self) -> bool {
        let Some(view) = self.view.as_ref().filter(|_| !self.follow) else { return false };
        !view.items().is_empty() && self.screen.as_ref().is_some_and(|screen| screen.end_at < 1.0)
    }
}

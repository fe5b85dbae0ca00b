//! Following the newest row, holding the view, and putting what was shown out of sight.

use crate::gui::log::LogView;
use crate::lines::{Place, View};

impl LogView {
    /// The view sticks to the newest row.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.follow
    }

    /// Follow the newest row, which lets go of a held view, or stay where it is.
    pub fn set_follow(&mut self, follow: bool) {
        if follow {
            self.release();
        }
        (self.follow, self.pinned) = (follow, false);
    }

    /// The user has sent something and wants to see it and its answer: follows, unless the view is held.
    pub fn follow_own_send(&mut self) {
        if !self.holds() {
            self.set_follow(true);
        }
    }

    /// "Hold the view": nothing newer than now is shown while it is held; recording goes on.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.until.is_some()
    }

    /// See [`LogView::holds`].
    pub fn set_hold(&mut self, hold: bool) {
        if hold == self.holds() {
            return;
        }
        if !hold {
            self.release();
            self.follow = self.followed_before_hold;
            return;
        }
        let Some(view) = &mut self.view else { return };
        self.until = Some(view.reader().records().end);
        view.set_until(self.until);
        (self.followed_before_hold, self.follow, self.pinned) = (self.follow, false, false);
    }

    fn release(&mut self) {
        self.until = None;
        if let Some(view) = &mut self.view {
            view.set_until(None);
        }
    }

    /// Shows nothing of before now; the capture keeps it.
    pub fn clear(&mut self) {
        let Some(view) = &mut self.view else { return };
        let end = view.reader().records().end;
        if self.until.is_some() {
            self.until = Some(end);
            view.set_until(self.until);
        }
        view.set_from(end);
        let seen = view.items().end;
        self.restart(seen);
    }

    /// Shows what [`LogView::clear`] put away again.
    pub fn show_all(&mut self) {
        let Some(view) = &mut self.view else { return };
        view.set_from(0);
        let seen = view.items().end;
        self.restart(seen);
    }

    fn restart(&mut self, seen_end: u64) {
        self.top = Place::default();
        (self.follow, self.followed_before_hold, self.pinned) = (!self.holds(), true, false);
        self.seen_end = seen_end;
        self.selection = None;
        self.screen = None;
    }

    /// Records that came after what is on screen (0 while following).
    #[must_use]
    pub fn unseen(&self) -> u64 {
        if self.shows_strip() { self.end().saturating_sub(self.seen_end) } else { 0 }
    }

    /// Behind the newest record (or item), held back or not.
    fn end(&self) -> u64 {
        let all = |view: &View| view.index().map_or_else(|| view.reader().records().end, |index| index.items().end);
        self.view.as_ref().map_or(0, all)
    }

    /// Only where there is something below what is on screen.
    pub(super) fn shows_strip(&self) -> bool {
        let Some(view) = self.view.as_ref().filter(|_| !self.follow) else { return false };
        let has_rows_below = self.screen.as_ref().is_some_and(|screen| screen.end_at < 1.0);
        !view.items().is_empty() && (has_rows_below || self.end() > view.items().end)
    }
}

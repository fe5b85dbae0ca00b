//! The hits of a search, tinted in the visible rows.

use crate::capture::search::{Found, Hit};
use crate::gui::log::LogView;
use crate::gui::log::line::{Line, Origin};
use crate::gui::log::screen::Screen;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// The hits of a search, to which its job adds while they are shown.
pub type Shared = Arc<Mutex<Found>>;

impl LogView {
    /// Sets the search whose hits are tinted (`None`: no search). The hit at `current` (record and offset) gets a border.
    pub fn set_hits(&mut self, found: Option<Shared>, current: Option<(u64, u32)>) {
        self.found = found;
        self.current_hit = current;
    }

    /// For each visible row: the ranges of hits in its record, and whether each is the current hit.
    pub(super) fn hits_in_sight(&self, screen: &Screen) -> Vec<Vec<(Range<u32>, bool)>> {
        let (Some(found), Some(first), Some(last)) = (&self.found, screen.lines.first(), screen.lines.last()) else {
            return Vec::new();
        };
        let found = found.lock().unwrap_or_else(PoisonError::into_inner);
        // If rows are frames, a later row may start earlier.
        let numbers = screen.lines.iter().flat_map(|line| line.origins.iter().map(|origin| origin.record));
        let (first, last) = numbers
            .fold((first.row.origin, last.row.origin), |(first, last), number| (first.min(number), last.max(number)));
        let records = first..=last;
        let spanning: Vec<Hit> = found.spanning(&records).copied().collect();
        screen.lines.iter().map(|line| self.of_line(line, &found, &spanning)).collect()
    }

    fn of_line(&self, line: &Line, found: &Found, spanning: &[Hit]) -> Vec<(Range<u32>, bool)> {
        let Some((direction, _)) = line.bytes() else { return Vec::new() };
        let mut tinted = Vec::new();
        for Origin { record, bytes, at } in &line.origins {
            let within = |hit: &Hit| {
                let part = hit.within(*record).filter(|_| (hit.peer, hit.direction()) == (line.row.peer, direction))?;
                let (start, end) = (part.start.max(bytes.start), part.end.min(bytes.end));
                let place = |offset: u32| at + (offset - bytes.start);
                (start < end).then(|| (place(start)..place(end), self.current_hit == Some((hit.record, hit.offset))))
            };
            // A hit that continues in another record is in the list of spanning hits.
            let near = found.near(*record, bytes).iter().filter(|hit| hit.record == hit.end_record);
            tinted.extend(near.chain(spanning).filter_map(within));
        }
        tinted
    }
}

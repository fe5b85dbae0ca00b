//! What a search has found, tinted in the rows in sight.

use super::LogView;
use super::line::Line;
use super::screen::Screen;
use crate::capture::search::{Found, Hit};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// A search's findings; its job adds to them while they are shown.
pub type Shared = Arc<Mutex<Found>>;

impl LogView {
    /// Tints what a search finds (`None`: nothing), and gives the hit at `current` (record and offset) an edge.
    pub fn set_hits(&mut self, found: Option<Shared>, current: Option<(u64, u32)>) {
        self.found = found;
        self.current_hit = current;
    }

    /// For each row in sight: the bytes of its record that were found, and whether it is the current hit.
    pub(super) fn hits_in_sight(&self, screen: &Screen) -> Vec<Vec<(Range<u32>, bool)>> {
        let (Some(found), Some(first), Some(last)) = (&self.found, screen.lines.first(), screen.lines.last()) else {
            return Vec::new();
        };
        let found = found.lock().unwrap_or_else(PoisonError::into_inner);
        let records = first.row.place.record..=last.row.place.record;
        let spanning: Vec<Hit> = found.spanning(&records).copied().collect();
        screen.lines.iter().map(|line| self.of_line(line, &found, &spanning)).collect()
    }

    fn of_line(&self, line: &Line, found: &Found, spanning: &[Hit]) -> Vec<(Range<u32>, bool)> {
        let record = line.row.place.record;
        let Some((direction, bytes)) = line.bytes() else { return Vec::new() };
        let within = |hit: &Hit| {
            let part = hit.within(record).filter(|_| (hit.peer, hit.direction()) == (line.row.peer, direction))?;
            let is_in_row = part.start < bytes.end && part.end > bytes.start;
            is_in_row.then_some((part, self.current_hit == Some((hit.record, hit.offset))))
        };
        // One that goes on into another record is among the spanning ones.
        let near = found.near(record, &bytes).iter().filter(|hit| hit.record == hit.end_record);
        near.chain(spanning).filter_map(within).collect()
    }
}

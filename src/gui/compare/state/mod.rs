//! The comparison of two byte strings in a session's pane: a job aligns them; the result and the user's position are kept here.

mod table;

use crate::codec::{Diff, Encoding};
use crate::gui::log::Side;
use crate::jobs::{Job, JobPoll, Wake};
use crate::lines::{Mark, marks};
use std::sync::Arc;
pub use table::{Piece, Row, Table};

/// A comparison.
pub struct Comparison {
    /// Left and right.
    pub sides: [Arc<Side>; 2],
    /// Rows without a difference are folded.
    pub only_differences: bool,
    /// The row at the top.
    pub top: usize,
    /// Number of whole rows in the last frame.
    pub rows_fit: usize,
    /// Fraction of a row left over from the wheel.
    pub wheel: f32,
    /// Where the scroll bar's handle was grabbed.
    pub grabbed: Option<f32>,
    /// Index of the current difference.
    pub current: Option<usize>,
    /// Take the keyboard focus in the next frame.
    pub wants_focus: bool,
    /// The difference to scroll into view in the next frame.
    wanted: Option<usize>,
    encoding: Option<Encoding>,
    job: Option<Job<Outcome>>,
    outcome: Option<Outcome>,
    /// The rows, and the inputs they were built from: bytes per row, folded.
    rows: Option<((usize, bool), Vec<Row>)>,
}

/// Result of the job.
pub struct Outcome {
    /// The alignment.
    pub table: Table,
    /// The bytes of either side as text.
    pub marks: [Vec<Mark>; 2],
}

impl Comparison {
    /// A comparison of these two sides; [`Comparison::tick`] starts the job.
    pub fn new(sides: [Arc<Side>; 2]) -> Self {
        Self {
            sides,
            only_differences: false,
            top: 0,
            rows_fit: 0,
            wheel: 0.0,
            grabbed: None,
            current: None,
            wants_focus: true,
            wanted: None,
            encoding: None,
            job: None,
            outcome: None,
            rows: None,
        }
    }

    /// Starts the job, again if the encoding changed, and takes its result.
    pub fn tick(&mut self, encoding: Encoding, wake: &Wake) {
        if self.encoding != Some(encoding) {
            self.encoding = Some(encoding);
            let sides = self.sides.clone();
            let work = move |_: &crate::jobs::JobControl| Outcome::of(&sides, encoding);
            // Without a thread the view reports it; another comparison or another encoding tries again.
            self.job = Job::start("compare", wake.clone(), work)
                .inspect_err(|error| tracing::warn!(%error, "no thread for a comparison"))
                .ok();
        }
        let Some(job) = &mut self.job else { return };
        match job.poll() {
            JobPoll::Running => return,
            JobPoll::Done(outcome) => (self.outcome, self.rows) = (Some(outcome), None),
            JobPoll::Gone => {}
        }
        self.job = None;
    }

    /// The job is running.
    pub fn is_running(&self) -> bool {
        self.job.is_some()
    }

    /// The result, once the job is done.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// The visible rows at this number of bytes per row, and the number of all rows. Empty until the job is done.
    pub fn in_sight(&mut self, bytes: usize) -> (Vec<Row>, usize) {
        let Some(outcome) = &self.outcome else { return (Vec::new(), 0) };
        let key = (bytes, self.only_differences);
        if self.rows.as_ref().is_none_or(|(made_for, _)| *made_for != key) {
            // Keep the top row in place.
            let top = self.rows.as_ref().and_then(|(_, rows)| rows.get(self.top)).map(|row| row.places.start);
            let rows = outcome.table.rows(bytes, self.only_differences);
            self.top = top.map_or(self.top, |place| table::row_of(&rows, place));
            self.rows = Some((key, rows));
        }
        let rows = self.rows.as_ref().map_or(&[][..], |(_, rows)| rows);
        if let Some(difference) = self.wanted.take().and_then(|index| outcome.table.differences().get(index)) {
            let row = table::row_of(rows, difference.start);
            if !(self.top..self.top + self.rows_fit.max(1)).contains(&row) {
                self.top = row.saturating_sub(self.rows_fit / 3);
            }
        }
        self.top = self.top.min(rows.len().saturating_sub(self.rows_fit));
        (rows.iter().skip(self.top).take(self.rows_fit).cloned().collect(), rows.len())
    }

    /// Goes to the next or the previous difference; wraps around.
    pub fn step(&mut self, forward: bool) {
        let count = self.outcome.as_ref().map_or(0, |outcome| outcome.table.differences().len());
        if count == 0 {
            return;
        }
        let next = match (self.current, forward) {
            (None, true) => 0,
            (None, false) => count - 1,
            (Some(at), true) => (at + 1) % count,
            (Some(at), false) => (at + count - 1) % count,
        };
        (self.current, self.wanted) = (Some(next), Some(next));
    }

    /// Swaps left and right.
    pub fn swap(&mut self) {
        self.sides.swap(0, 1);
        self.rows = None;
        match &mut self.outcome {
            // The alignment stays valid. A running job would deliver the old order, so it must be restarted.
            Some(outcome) if self.job.is_none() => {
                outcome.table = outcome.table.swapped();
                outcome.marks.swap(0, 1);
            }
            _ => self.encoding = None,
        }
    }

    /// Moves the top row within the valid range.
    pub fn scroll_by(&mut self, rows: i64) {
        let all = self.rows.as_ref().map_or(0, |(_, rows)| rows.len());
        let last = all.saturating_sub(self.rows_fit);
        let by = usize::try_from(rows.unsigned_abs()).unwrap_or(usize::MAX);
        let to = if rows < 0 { self.top.saturating_sub(by) } else { self.top.saturating_add(by) };
        self.top = to.min(last);
    }
}

impl Outcome {
    fn of(sides: &[Arc<Side>; 2], encoding: Encoding) -> Self {
        let [left, right] = sides;
        let table = Table::new(Diff::of(&left.bytes, &right.bytes));
        Self { table, marks: [marks(&left.bytes, encoding), marks(&right.bytes, encoding)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn side(bytes: &[u8]) -> Arc<Side> {
        let bytes = bytes.to_vec();
        let (records, offsets, direction, address, unix_ns) = ((0, 0), None, None, None, 0);
        Arc::new(Side { bytes, records, offsets, direction, address, unix_ns, is_cut: false, missing: 0 })
    }

    fn compared(left: &[u8], right: &[u8]) -> Comparison {
        let mut comparison = Comparison::new([side(left), side(right)]);
        let wake: Wake = Arc::new(|| ());
        let deadline = Instant::now() + Duration::from_secs(60);
        while comparison.outcome().is_none() {
            comparison.tick(Encoding::UTF_8, &wake);
            assert!(Instant::now() < deadline, "no result");
            std::thread::sleep(Duration::from_millis(1));
        }
        comparison
    }

    #[test]
    fn steps_visit_the_differences_in_order_and_scroll_to_them() {
        let left = vec![0; 1000];
        let mut right = left.clone();
        (right[8], right[500], right[999]) = (1, 1, 1);
        let mut comparison = compared(&left, &right);
        comparison.rows_fit = 10;
        assert_eq!(comparison.in_sight(8).1, 125);
        let mut tops = Vec::new();
        for forward in [true, true, true, true, false] {
            comparison.step(forward);
            assert_eq!(comparison.in_sight(8).0.len(), 10);
            tops.push((comparison.current, comparison.top));
        }
        // Row 62 is scrolled to the upper third; the last screen is full.
        assert_eq!(tops, [(Some(0), 0), (Some(1), 59), (Some(2), 115), (Some(0), 0), (Some(2), 115)]);
        comparison.only_differences = true;
        assert_eq!(comparison.in_sight(8).1, 6, "row 0 and two folds between three differences");
        comparison.scroll_by(-100);
        assert_eq!(comparison.top, 0);
    }

    #[test]
    fn sides_can_be_swapped() {
        let mut comparison = compared(b"ab", b"aXYb");
        comparison.swap();
        assert_eq!(comparison.sides[0].bytes, b"aXYb");
        let table = &comparison.outcome().unwrap().table;
        let lens: Vec<_> = table.pieces(&(0..4)).iter().map(|piece| (piece.kind, piece.places.len())).collect();
        use crate::codec::diff::RunKind::{Equal, OnlyLeft};
        assert_eq!(lens, [(Equal, 1), (OnlyLeft, 2), (Equal, 1)]);
    }
}

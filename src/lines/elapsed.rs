//! Relative times of rows.

use super::{Row, RowKind, View};
use crate::capture::RecordKind;
use crate::model::{Direction, PeerId};
use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::ops::Range;

/// Maximum count of records before the first visible one that are examined for a reference time.
const LOOK_BACK: u64 = 256;

/// Reference of the time that is shown beside the time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeltaFrom {
    /// The data record before it.
    #[default]
    Previous,
    /// The start of the capture.
    Start,
    /// The last data record of the same peer in the opposite direction: the response time.
    Answer,
}

impl DeltaFrom {
    /// All, in menu order.
    pub const ALL: [Self; 3] = [Self::Previous, Self::Start, Self::Answer];
}

/// Data records passed so far, oldest first.
#[derive(Default)]
struct Passed {
    last_ns: Option<u64>,
    /// The last record of each peer and direction.
    lasts: HashMap<(PeerId, Direction), u64, RandomState>,
}

impl Passed {
    fn pass(&mut self, peer: PeerId, direction: Direction, mono_ns: u64) {
        self.last_ns = Some(mono_ns);
        self.lasts.insert((peer, direction), mono_ns);
    }
}

impl View {
    /// For consecutive rows (as returned by [`View::rows`]), the elapsed time of each record in ns. `None` for rows that do not
    /// start a record, and if no reference record is among the records shown or within the last 256 before
    /// these rows. Reads at most those 256 index entries.
    pub fn elapsed(&mut self, rows: &[Row], from: DeltaFrom) -> Vec<Option<u64>> {
        let mut passed = match from {
            DeltaFrom::Start => Passed::default(),
            DeltaFrom::Previous | DeltaFrom::Answer => {
                rows.first().map_or_else(Passed::default, |row| self.before(row))
            }
        };
        let mut times = Vec::with_capacity(rows.len());
        let mut next = u64::MAX;
        for row in rows {
            // Records between the rows are shown by a row further up.
            self.pass(next..row.place.record, &mut passed);
            times.push(time_of(row, from, &mut passed));
            next = row.stands_for().end;
            self.pass(row.place.record + 1..next, &mut passed);
        }
        times
    }

    /// Passes records of folded rows; of many, only the last ones.
    fn pass(&mut self, numbers: Range<u64>, passed: &mut Passed) {
        if self.items.index().is_some() {
            return;
        }
        for number in numbers.end.saturating_sub(LOOK_BACK).max(numbers.start)..numbers.end {
            let Ok(record) = self.records.get(number) else { continue };
            if let Some(direction) = record.direction {
                passed.pass(record.peer, direction, record.mono_ns);
            }
        }
    }

    /// Passes the records before a row, including the row's own record if it started earlier.
    fn before(&mut self, row: &Row) -> Passed {
        let end = row.place.record.saturating_add(u64::from(!row.first));
        let span = self.span();
        let first = span.first.max(end.saturating_sub(LOOK_BACK));
        let mut passed = Passed::default();
        for number in first..end {
            if let Some(record) = self.item(&span, number).record()
                && let (RecordKind::Data, Some(direction)) = (record.kind, record.direction)
            {
                passed.pass(record.peer, direction, record.mono_ns);
            }
        }
        passed
    }
}

fn time_of(row: &Row, from: DeltaFrom, passed: &mut Passed) -> Option<u64> {
    // Unreadable records have no time, and the row about evicted records is not a record.
    if !row.first || row.unix_ns == 0 || matches!(row.kind, RowKind::Evicted { .. }) {
        return None;
    }
    let now = row.mono_ns;
    let direction = row.direction();
    let since = match from {
        DeltaFrom::Start => Some(0),
        DeltaFrom::Previous => passed.last_ns,
        DeltaFrom::Answer => direction.and_then(|way| passed.lasts.get(&(row.peer, other(way))).copied()),
    };
    if let Some(direction) = direction {
        passed.pass(row.peer, direction, now);
    }
    since.map(|since| now.saturating_sub(since))
}

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Received => Direction::Sent,
        Direction::Sent => Direction::Received,
    }
}

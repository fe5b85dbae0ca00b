//! Times of rows that count from something else than 1970.

use super::{Row, RowKind, View};
use crate::capture::RecordKind;
use crate::model::{Direction, PeerId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Records before the first one in sight that are looked at for what came before it.
const LOOK_BACK: u64 = 256;

/// What the time of a record is told as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeForm {
    /// The time of day.
    #[default]
    Absolute,
    /// Since the capture was created.
    Start,
    /// Since the data record before it.
    Previous,
    /// Since the last data record of the same peer that went the other way: how long an answer took.
    Answer,
}

impl TimeForm {
    /// All, in the order of menus.
    pub const ALL: [Self; 4] = [Self::Absolute, Self::Start, Self::Previous, Self::Answer];
}

/// Data records as they pass, oldest first.
#[derive(Default)]
struct Passed {
    last_ns: Option<u64>,
    /// The last one of each peer and direction.
    lasts: HashMap<(PeerId, Direction), u64>,
}

impl Passed {
    fn pass(&mut self, peer: PeerId, direction: Direction, mono_ns: u64) {
        self.last_ns = Some(mono_ns);
        self.lasts.insert((peer, direction), mono_ns);
    }
}

impl View {
    /// For each of some consecutive rows (as [`View::rows`] gives them): the time (ns) that its record's time is told as. `None`:
    /// nothing is to be told (a row that does not begin a record, the time of day, nothing that it could count from among the
    /// records shown, or not among the last 256 before these rows). Costs those 256 index entries at most.
    pub fn elapsed(&mut self, rows: &[Row], form: TimeForm) -> Vec<Option<u64>> {
        let mut passed = match form {
            TimeForm::Absolute => return vec![None; rows.len()],
            TimeForm::Start => Passed::default(),
            TimeForm::Previous | TimeForm::Answer => rows.first().map_or_else(Passed::default, |row| self.before(row)),
        };
        let mut times = Vec::with_capacity(rows.len());
        for row in rows {
            times.push(told(row, form, &mut passed));
            self.pass_folded(row, &mut passed);
        }
        times
    }

    /// The records that a row stands for besides its own, of many the last ones.
    fn pass_folded(&mut self, row: &Row, passed: &mut Passed) {
        let stands_for = row.stands_for();
        for number in stands_for.end.saturating_sub(LOOK_BACK).max(row.place.record + 1)..stands_for.end {
            let Ok(record) = self.records.get(number) else { continue };
            if let Some(direction) = record.direction {
                passed.pass(record.peer, direction, record.mono_ns);
            }
        }
    }

    /// What is shown before a row, and the row's own record where it began before.
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

fn told(row: &Row, form: TimeForm, passed: &mut Passed) -> Option<u64> {
    // A record that cannot be read has no time; above the first one there is a row that is no record.
    if !row.first || row.unix_ns == 0 || matches!(row.kind, RowKind::Evicted { .. }) {
        return None;
    }
    let now = row.mono_ns;
    let direction = row.direction();
    let from = match form {
        TimeForm::Absolute => None,
        TimeForm::Start => Some(0),
        TimeForm::Previous => passed.last_ns,
        TimeForm::Answer => direction.and_then(|way| passed.lasts.get(&(row.peer, other(way))).copied()),
    };
    if let Some(direction) = direction {
        passed.pass(row.peer, direction, now);
    }
    from.map(|from| now.saturating_sub(from))
}

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Received => Direction::Sent,
        Direction::Sent => Direction::Received,
    }
}

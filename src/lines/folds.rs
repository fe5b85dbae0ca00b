//! Folds consecutive records of one action into one row: a payload sent to several peers, or the parts of a sent file.
//!
//! Whether two neighbours belong together depends on these two only, so the bounds of a run can be found from any record in it. A
//! run has at most [`MOST`] records, so the cost of a screen does not grow with the history.

use super::records::Records;
use crate::capture::{Cause, Record, RecordKind};
use crate::model::{Direction, PeerId};
use std::collections::{BTreeMap, BTreeSet};

/// Maximum count of records in a run: 16 GiB of a file. Runs end at multiples of it.
const MOST: u64 = 1 << 16;
/// Maximum count of cached runs and of peers in them.
const KEPT: usize = 1 << 14;

/// What connects the records of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bond {
    /// The same payload sent to one peer after the other.
    Peers,
    /// Parts of the files of one send.
    File,
}

impl Bond {
    fn of(record: &Record) -> Option<Self> {
        if record.kind != RecordKind::Data || record.direction != Some(Direction::Sent) || record.action().is_none() {
            return None;
        }
        match record.cause() {
            _ if record.from_file => Some(Self::File),
            Cause::File => Some(Self::File),
            Cause::Broadcast | Cause::Repeat => Some(Self::Peers),
            _ => None,
        }
    }

    /// Whether `next`, the record after `record`, belongs to the same run.
    fn holds(record: &Record, next: &Record) -> bool {
        let Some(bond) = Self::of(record) else { return false };
        let is_same = Self::of(next) == Some(bond) && record.action() == next.action();
        is_same
            && !next.number.is_multiple_of(MOST)
            && match bond {
                Self::File => true,
                // Peers are served in the order of their numbers: a lower number starts the next round.
                Self::Peers => next.peer > record.peer && record.shares_payload(next),
            }
    }
}

/// Consecutive records that belong together.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) first: u64,
    pub(super) end: u64,
    pub(super) bond: Bond,
    pub(super) bytes: u64,
    pub(super) peers: BTreeSet<PeerId>,
    last: Record,
    /// The next record belongs to another run.
    is_closed: bool,
}

impl Run {
    fn new(record: Record, bond: Bond) -> Self {
        let number = record.number;
        let peers = BTreeSet::from([record.peer]);
        Self { first: number, end: number + 1, bond, bytes: record.len.into(), peers, last: record, is_closed: false }
    }

    /// Adds records that are new.
    fn grow(&mut self, records: &mut Records, end: u64) {
        while !self.is_closed && self.end < end {
            match records.get(self.end) {
                Ok(next) if Bond::holds(&self.last, &next) => {
                    self.end += 1;
                    self.bytes += u64::from(next.len);
                    self.peers.insert(next.peer);
                    self.last = next;
                }
                _ => self.is_closed = true,
            }
        }
    }

    /// Whether there is more than one record.
    pub(super) fn is_fold(&self) -> bool {
        self.end - self.first > 1
    }
}

/// Cached runs, and which of them are unfolded.
#[derive(Debug, Default)]
pub(super) struct Folds {
    /// Folding is enabled.
    pub(super) is_on: bool,
    unfolded: BTreeSet<u64>,
    runs: BTreeMap<u64, Run>,
    cost: usize,
    /// Incremented whenever a run is folded or unfolded.
    pub(super) version: u64,
}

impl Folds {
    /// The run of a record, restricted to the records from `first` to `end`.
    pub(super) fn run_of(&mut self, records: &mut Records, first: u64, end: u64, number: u64) -> Option<&Run> {
        if !self.is_on || !(first..end).contains(&number) {
            return None;
        }
        let record = records.get(number).ok()?;
        let bond = Bond::of(&record)?;
        let known = self.runs.range(..=number).next_back().map(|(known, _)| *known).filter(|known| *known >= first);
        if let Some(known) = known
            && let Some(run) = self.runs.get_mut(&known)
        {
            let before = run.peers.len();
            run.grow(records, end);
            self.cost += run.peers.len() - before;
            if number < run.end {
                // A run that reaches beyond a held view is not folded.
                let is_whole = run.end <= end;
                return if is_whole { self.runs.get(&known) } else { None };
            }
        }
        let mut head = record;
        while head.number > first
            && let Ok(before) = records.get(head.number - 1)
            && Bond::holds(&before, &head)
        {
            head = before;
        }
        let mut run = Run::new(head, bond);
        run.grow(records, end);
        let cost = 1 + run.peers.len();
        if self.cost + cost > KEPT {
            self.runs.clear();
            self.cost = 0;
        }
        self.cost += cost;
        let key = run.first;
        self.runs.insert(key, run);
        self.runs.get(&key)
    }

    /// Whether the run that starts with this record is shown record by record.
    pub(super) fn is_unfolded_at(&self, first: u64) -> bool {
        self.unfolded.contains(&first)
    }

    /// Unfolds or folds the run that starts with this record.
    pub(super) fn set_unfolded(&mut self, first: u64, unfolded: bool) {
        let changed = if unfolded { self.unfolded.insert(first) } else { self.unfolded.remove(&first) };
        self.version += u64::from(changed);
        // The oldest entries are dropped: more are not visible.
        if self.unfolded.len() > KEPT {
            self.unfolded.pop_first();
        }
    }

    /// Clears the cached runs after their bounds have changed.
    pub(super) fn forget(&mut self) {
        self.runs.clear();
        self.cost = 0;
    }
}

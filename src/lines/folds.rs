//! Folds the records of one action into one row: a payload sent to several peers, the rounds of a repeat, the parts of a sent file,
//! or the failed attempts of a client to connect.
//!
//! Other records may lie between them, such as the answers of the first peers. Whether two records belong together depends on these
//! two only, and they are at most [`REACH`] records apart, so the bounds of a run can be found from any record in it. A run lies
//! within [`MOST`] records, so the cost of a screen does not grow with the history.

use super::records::Records;
use crate::capture::{Cause, Record, RecordKind};
use crate::model::{Direction, PeerId};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Maximum count of records in a run: 16 GiB of a file. Runs end at multiples of it.
const MOST: u64 = 1 << 16;
/// Maximum distance of two records that are next to each other in a run.
const REACH: u64 = 256;
/// Maximum count of cached runs and their parts; a run of the greatest length has half as many.
const KEPT: usize = 1 << 16;

/// What connects the records of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bond {
    /// The same payload sent to one peer after the other.
    Peers,
    /// Parts of the files of one send.
    File,
    /// Failed attempts in a row, with the same cause.
    Tries,
}

/// How a record relates to an earlier one.
enum Relation {
    /// Both belong to the same run.
    Same,
    /// It belongs to the same action, but starts another run.
    Next,
    /// None.
    Other,
}

impl Bond {
    fn of(record: &Record) -> Option<Self> {
        record.action()?;
        if record.kind != RecordKind::Data {
            return Some(Self::Tries);
        }
        if record.direction != Some(Direction::Sent) {
            return None;
        }
        match record.cause() {
            _ if record.from_file => Some(Self::File),
            Cause::File => Some(Self::File),
            Cause::Broadcast | Cause::Repeat => Some(Self::Peers),
            _ => None,
        }
    }

    /// How `next`, a later record, relates to `record`.
    fn relate(record: &Record, next: &Record) -> Relation {
        let bond = Self::of(record);
        if bond.is_none() || Self::of(next) != bond || record.action() != next.action() {
            return Relation::Other;
        }
        match bond {
            Some(Self::File | Self::Tries) => Relation::Same,
            // Peers are served in the order of their numbers: a lower number starts the next round.
            _ if next.peer > record.peer && record.shares_payload(next) => Relation::Same,
            // Rounds of a repeat are one row as long as nothing else happens between them.
            _ if record.cause() == Cause::Repeat && next.number == record.number + 1 && record.shares_payload(next) => {
                Relation::Same
            }
            _ => Relation::Next,
        }
    }
}

/// Records that belong together.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) first: u64,
    pub(super) bond: Bond,
    pub(super) bytes: u64,
    pub(super) peers: BTreeSet<PeerId>,
    pub(super) records: u64,
    /// Rounds of a repeat, or attempts that failed.
    pub(super) rounds: u64,
    /// The first record of a failure, which describes all attempts.
    pub(super) failure: Option<Record>,
    /// The end of the records that follow the first one directly.
    pub(super) together: u64,
    last: Record,
    /// The next record to look at.
    next: u64,
    /// The last part, from its first record on.
    part: u64,
}

impl Run {
    fn new(record: Record, bond: Bond) -> Self {
        let number = record.number;
        let peers = BTreeSet::from([record.peer]);
        let failure = (record.kind == RecordKind::Error).then_some(record);
        Self {
            first: number,
            bond,
            bytes: record.len.into(),
            peers,
            records: 1,
            rounds: u64::from(bond != Bond::Tries || failure.is_some()),
            failure,
            together: number + 1,
            last: record,
            next: number + 1,
            part: number,
        }
    }

    /// The number after its last record so far.
    pub(super) fn end(&self) -> u64 {
        self.last.number + 1
    }

    /// Whether it is shown as one row: there is more than one record, or more than one attempt.
    pub(super) fn is_fold(&self) -> bool {
        if self.bond == Bond::Tries { self.rounds > 1 } else { self.records > 1 }
    }

    fn add(&mut self, record: Record) {
        let is_beside = record.number == self.end();
        if is_beside && self.part == self.first {
            self.together = record.number + 1;
        }
        if !is_beside {
            self.part = record.number;
        }
        self.records += 1;
        self.rounds += u64::from(match self.bond {
            Bond::Peers => record.peer <= self.last.peer,
            Bond::Tries => record.kind == RecordKind::Error,
            Bond::File => false,
        });
        self.failure = self.failure.or_else(|| (record.kind == RecordKind::Error).then_some(record));
        self.bytes += u64::from(record.len);
        self.peers.insert(record.peer);
        self.last = record;
    }
}

/// Consecutive records of one run.
#[derive(Clone, Copy, Debug)]
struct Part {
    end: u64,
    /// The first record of the run.
    run: u64,
}

/// Cached runs, and which of them are unfolded.
#[derive(Debug, Default)]
pub(super) struct Folds {
    /// Folding is enabled.
    pub(super) is_on: bool,
    unfolded: BTreeSet<u64>,
    runs: BTreeMap<u64, Run>,
    /// By their first records.
    parts: BTreeMap<u64, Part>,
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
        let run = match self.known(number).filter(|run| *run >= first) {
            Some(run) => run,
            None => self.find(records, first, record, bond),
        };
        self.grow(records, end, run);
        let run = self.runs.get(&run)?;
        // More records may have been published since `end` was read; such a run is folded the next time.
        (run.end() <= end).then_some(run)
    }

    /// The consecutive records of a run that include this one.
    pub(super) fn part_of(&self, number: u64) -> Option<Range<u64>> {
        let (first, part) = self.parts.range(..=number).next_back()?;
        (number < part.end).then_some(*first..part.end)
    }

    fn known(&self, number: u64) -> Option<u64> {
        let (_, part) = self.parts.range(..=number).next_back()?;
        (number < part.end && self.runs.contains_key(&part.run)).then_some(part.run)
    }

    /// Goes back to the first record of a run that is not known yet, or to a record of a known one.
    fn find(&mut self, records: &mut Records, first: u64, record: Record, bond: Bond) -> u64 {
        if self.known(record.number).is_some() {
            // The first records of its run were evicted.
            self.forget();
        }
        let mut head = record;
        while let Some(before) = before(records, first, &head) {
            match self.known(before.number) {
                Some(run) if run >= first => return run,
                Some(_) => self.forget(),
                None => {}
            }
            head = before;
        }
        if self.cost > KEPT {
            self.forget();
        }
        self.cost += 2;
        self.parts.insert(head.number, Part { end: head.number + 1, run: head.number });
        self.runs.insert(head.number, Run::new(head, bond));
        head.number
    }

    /// Adds records that are new.
    fn grow(&mut self, records: &mut Records, end: u64, first: u64) {
        let Some(run) = self.runs.get_mut(&first) else { return };
        let block = (first / MOST + 1).saturating_mul(MOST);
        while run.next < end.min(run.last.number + REACH).min(block) {
            let Ok(next) = records.get(run.next) else { return };
            match Bond::relate(&run.last, &next) {
                Relation::Other => run.next += 1,
                Relation::Next => run.next = u64::MAX,
                Relation::Same => {
                    run.add(next);
                    run.next += 1;
                    let known = self.parts.insert(run.part, Part { end: run.end(), run: first });
                    self.cost += usize::from(known.is_none());
                }
            }
        }
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
        self.parts.clear();
        self.cost = 0;
    }
}

/// The record before `head` in its run, if `head` is not the first one.
fn before(records: &mut Records, first: u64, head: &Record) -> Option<Record> {
    let block = head.number / MOST * MOST;
    let nearest = head.number.saturating_sub(REACH - 1).max(first).max(block);
    for number in (nearest..head.number).rev() {
        let Ok(earlier) = records.get(number) else { return None };
        match Bond::relate(&earlier, head) {
            Relation::Same => return Some(earlier),
            Relation::Next => return None,
            Relation::Other => {}
        }
    }
    None
}

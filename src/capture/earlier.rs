//! Captures of version 1: their records do not state whether they are datagrams; it is derived from their runs.

use super::format::Entry;
use super::store::{Segment, Store};
use super::{ReadError, RecordKind, SessionNote};
use crate::model::{Direction, Endpoint, Transport};
use std::sync::{Mutex, PoisonError};

/// Maximum length of a note that starts a run.
const NOTE_LEN_MAX: u32 = 64 * 1024;

/// The runs of a capture of version 1, found by one pass over its index on first use.
#[derive(Debug, Default)]
pub(super) struct EarlierRuns {
    found: Mutex<Found>,
}

#[derive(Debug, Default)]
struct Found {
    /// Records below this number have been scanned.
    end: u64,
    /// First record of each run and whether its records are datagrams, ascending.
    runs: Vec<(u64, bool)>,
}

impl EarlierRuns {
    /// Whether the data record with this number is a datagram.
    pub(super) fn is_message(&self, store: &Store, number: u64) -> bool {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if number >= found.end {
            found.look(store);
            found.end = found.end.max(number + 1);
        }
        let behind = found.runs.partition_point(|(first, _)| *first <= number);
        behind.checked_sub(1).and_then(|at| found.runs.get(at)).is_some_and(|(_, alone)| *alone)
    }
}

/// Evidence from the records of a run whose first record was evicted.
#[derive(Default)]
struct Hints {
    stream: bool,
    datagrams: bool,
}

impl Found {
    /// Scans the new records.
    fn look(&mut self, store: &Store) {
        let segments = store.segments().clone();
        let begins = segments.first().map_or(0, |segment| segment.first());
        let mut hints = Hints::default();
        let mut second_run = None;
        for segment in &segments {
            if segment.end() <= self.end {
                continue;
            }
            let from = segment.first().max(self.end);
            let mut openings = Vec::new();
            let scanned = segment.scan(from..segment.end(), |number, entry| {
                let Some(entry) = entry else { return true };
                match RecordKind::of_code(entry.kind) {
                    Some(RecordKind::Opened) => openings.push((number, entry)),
                    Some(kind) if self.runs.is_empty() && openings.is_empty() => hints.add(kind, &entry),
                    _ => {}
                }
                true
            });
            if scanned.is_err() {
                tracing::debug!(capture = %store.id, "part of the index cannot be read");
            }
            for (number, entry) in openings {
                if let Some((run, alone)) = opened(segment, number, &entry) {
                    if self.runs.is_empty() && number > begins {
                        second_run = Some(run);
                        let alone_before = hints.alone(store, second_run);
                        self.runs.push((begins, alone_before));
                    }
                    self.runs.push((number, alone));
                }
            }
            self.end = segment.end();
        }
        if self.runs.is_empty() {
            self.runs.push((begins, hints.alone(store, second_run)));
        }
    }
}

impl Hints {
    fn add(&mut self, kind: RecordKind, entry: &Entry) {
        let received = super::format::direction_code(Some(Direction::Received));
        match kind {
            // Only TCP peers leave, and only datagrams can be received empty.
            RecordKind::PeerLeft | RecordKind::HalfClosed => self.stream = true,
            RecordKind::Data if entry.direction == received && entry.len == 0 => self.datagrams = true,
            _ => {}
        }
    }

    /// Whether the records before `next_run` are datagrams: like the first run of the capture, unless there were runs in between and
    /// their records show otherwise.
    fn alone(&self, store: &Store, next_run: Option<u32>) -> bool {
        let first_is_udp = is_udp(&store.meta.endpoint);
        if next_run == Some(2) || self.stream == self.datagrams { first_is_udp } else { self.datagrams }
    }
}

fn is_udp(endpoint: &str) -> bool {
    endpoint.parse().is_ok_and(|endpoint: Endpoint| endpoint.transport == Transport::Udp)
}

/// The number of the run that starts with this record, and whether it uses datagrams.
fn opened(segment: &Segment, number: u64, entry: &Entry) -> Option<(u32, bool)> {
    let read = |bytes: &mut Vec<u8>| -> Result<(), ReadError> {
        segment.data(number, entry.data_offset, entry.len.min(NOTE_LEN_MAX) as usize, bytes)
    };
    let mut json = Vec::new();
    read(&mut json).ok()?;
    match serde_json::from_slice(&json).ok()? {
        SessionNote::Opened { run, endpoint } => Some((run, is_udp(&endpoint))),
        _ => None,
    }
}

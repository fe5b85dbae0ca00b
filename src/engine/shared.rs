//! State that the worker publishes and the front end reads, each part under its own short lock.

use super::PeerTable;
use crate::capture::{CaptureReader, Hold};
use crate::model::{CounterValues, Facts, PeerId, SessionState};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The published state of a session; the worker writes it once per turn.
#[derive(Debug, Default)]
pub(super) struct Shared {
    counters: Mutex<CounterValues>,
    state: Mutex<SessionState>,
    capture: Mutex<Option<CaptureReader>>,
    hold: Mutex<Option<Hold>>,
    rule_hits: Mutex<Vec<u64>>,
    facts: Mutex<Option<(PeerId, Arc<Facts>)>>,
    /// Has a lock of its own.
    pub(super) peers: Arc<PeerTable>,
    stop: AtomicBool,
}

fn read<T: Clone>(value: &Mutex<T>) -> T {
    value.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn write<T>(value: &Mutex<T>, new: T) {
    *value.lock().unwrap_or_else(PoisonError::into_inner) = new;
}

impl Shared {
    pub(super) fn counters(&self) -> CounterValues {
        read(&self.counters)
    }

    /// All counters at once, so that a reader never sees half a batch.
    pub(super) fn set_counters(&self, counters: CounterValues) {
        write(&self.counters, counters);
    }

    pub(super) fn state(&self) -> SessionState {
        read(&self.state)
    }

    pub(super) fn set_state(&self, state: SessionState) {
        write(&self.state, state);
    }

    pub(super) fn capture(&self) -> Option<CaptureReader> {
        read(&self.capture)
    }

    pub(super) fn set_capture(&self, capture: CaptureReader) {
        write(&self.capture, Some(capture));
    }

    /// The facts that were asked for last.
    pub(super) fn facts(&self) -> Option<(PeerId, Arc<Facts>)> {
        read(&self.facts)
    }

    pub(super) fn set_facts(&self, peer: PeerId, facts: Facts) {
        write(&self.facts, Some((peer, Arc::new(facts))));
    }

    /// The capture's hold for the front end that requested it.
    pub(super) fn take_hold(&self) -> Option<Hold> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn set_hold(&self, hold: Hold) {
        write(&self.hold, Some(hold));
    }

    pub(super) fn rule_hits(&self) -> Vec<u64> {
        read(&self.rule_hits)
    }

    /// How often each rule of the talk file has acted.
    pub(super) fn set_rule_hits(&self, hits: impl Iterator<Item = u64>) {
        let mut list = self.rule_hits.lock().unwrap_or_else(PoisonError::into_inner);
        list.clear();
        list.extend(hits);
    }

    /// The handle was dropped: the worker must end.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

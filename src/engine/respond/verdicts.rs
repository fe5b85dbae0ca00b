//! Which frames the rules of a session took, for a reader of the capture that looks at the others.

use crate::model::PeerId;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Verdicts that may wait for the reader. Beyond it the oldest is dropped: its frame then counts as one that no rule took.
const VERDICTS_MAX: usize = 1 << 18;

/// The verdicts of a session's rules, in the order in which they were made. The worker adds them, one reader takes them.
#[derive(Clone, Debug)]
pub struct RuleVerdicts(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    list: Mutex<VecDeque<RuleVerdict>>,
    signal: Sender<()>,
    signals: Receiver<()>,
}

/// What the rules decided about a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleVerdict {
    /// The connection.
    pub peer: PeerId,
    /// The frame; `None`: every further frame of the connection goes past the rules.
    pub frame: Option<FrameNumber>,
    /// A rule took it.
    pub is_taken: bool,
}

/// Names a frame of a connection. Later frames have greater numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FrameNumber {
    /// The record that has its last byte.
    pub record: u64,
    /// Its place among the frames of this record, from 0.
    pub index: u32,
}

/// Numbers the frames of one connection. Who reads the same records and cuts them by the same rule gives the same numbers, even if a
/// frame that ends by a pause is noticed earlier or later.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameNumbers {
    /// Where the bytes of the last record begin and end in the stream.
    begin: u64,
    end: u64,
    /// The last record and the one before it.
    record: u64,
    before: u64,
    last: Option<FrameNumber>,
}

impl FrameNumbers {
    /// The next record, whose bytes begin at `begin` in the stream.
    pub fn fed(&mut self, record: u64, begin: u64, len: u64) {
        (self.before, self.record) = (self.record, record);
        (self.begin, self.end) = (begin, begin + len);
    }

    /// Where the bytes of the next record begin, as far as it is known here.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end
    }

    /// The number of the next frame, which ends here in the stream.
    pub fn of_stream(&mut self, end: u64) -> FrameNumber {
        self.of_record(if end <= self.begin { self.before } else { self.record })
    }

    /// The number of the next frame, which ends in this record.
    pub fn of_record(&mut self, record: u64) -> FrameNumber {
        let index = self.last.filter(|last| last.record == record).map_or(0, |last| last.index + 1);
        *self.last.insert(FrameNumber { record, index })
    }
}

impl Default for RuleVerdicts {
    fn default() -> Self {
        let (signal, signals) = bounded(1);
        Self(Arc::new(Inner { list: Mutex::default(), signal, signals }))
    }
}

impl RuleVerdicts {
    /// Adds a verdict.
    pub(super) fn add(&self, verdict: RuleVerdict) {
        let mut list = self.0.list.lock().unwrap_or_else(PoisonError::into_inner);
        if list.len() == VERDICTS_MAX {
            list.pop_front();
        }
        list.push_back(verdict);
        drop(list);
        match self.0.signal.try_send(()) {
            // A signal that waits suffices.
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }

    /// Takes all verdicts that are there.
    #[must_use]
    pub fn take(&self) -> VecDeque<RuleVerdict> {
        while self.0.signals.try_recv().is_ok() {}
        std::mem::take(&mut *self.0.list.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// There is something here once verdicts wait.
    #[must_use]
    pub fn signals(&self) -> &Receiver<()> {
        &self.0.signals
    }
}

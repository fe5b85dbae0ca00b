//! The trace of a tab: a job replays the rules over the newest frames of its capture while the drawer shows it.

use crate::capture::CaptureReader;
use crate::jobs::{Job, JobPoll, Wake};
use crate::runner::{Trace, trace};
use crate::talk::rules::RuleSet;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Shortest time between two replays while data arrives.
const REST: Duration = Duration::from_millis(500);
/// The next replay waits this many times as long as the last one took.
const REST_FACTOR: u32 = 5;

/// What was replayed.
#[derive(Clone)]
struct Basis {
    capture: String,
    end: u64,
    rules: Arc<RuleSet>,
}

impl Basis {
    fn is(&self, other: &Self) -> bool {
        self.end == other.end && self.capture == other.capture && Arc::ptr_eq(&self.rules, &other.rules)
    }
}

/// See the module.
#[derive(Default)]
pub struct ReplyTrace {
    /// Only frames without an answer are shown.
    pub only_unanswered: bool,
    /// The frames that were folded or unfolded by the user: record and place among the frames that end in it.
    pub toggled: HashSet<(u64, usize)>,
    /// The record that is selected in the log.
    pub chosen: Option<u64>,
    /// Scroll to that record.
    pub scrolls: bool,
    is_shown: bool,
    found: Option<(Basis, Arc<Trace>)>,
    job: Option<(Basis, Job<Trace>, Instant)>,
    next: Option<Instant>,
}

impl ReplyTrace {
    /// The last trace.
    pub fn found(&self) -> Option<Arc<Trace>> {
        self.found.as_ref().map(|(_, trace)| trace.clone())
    }

    /// The drawer shows it in this frame.
    pub fn shown(&mut self) {
        self.is_shown = true;
    }

    /// Number of frames without an answer, for the label of the tab.
    pub fn unanswered(&self) -> usize {
        self.found.as_ref().map_or(0, |(_, trace)| trace.frames.iter().filter(|frame| frame.is_unanswered()).count())
    }

    /// A record was selected in the log.
    pub fn choose(&mut self, record: Option<u64>) {
        if self.chosen != record {
            self.chosen = record;
            self.scrolls = record.is_some();
        }
    }

    /// Replays again if something has changed and the drawer shows it. Returns the delay until the next call.
    pub fn tick(&mut self, reader: &CaptureReader, rules: Option<&Arc<RuleSet>>, wake: &Wake) -> Option<Duration> {
        let is_shown = std::mem::take(&mut self.is_shown);
        if let Some((basis, job, began)) = &mut self.job {
            match job.poll() {
                JobPoll::Running => return None,
                JobPoll::Done(trace) => {
                    self.next = Some(Instant::now() + REST.max(began.elapsed() * REST_FACTOR));
                    self.found = Some((basis.clone(), Arc::new(trace)));
                }
                JobPoll::Gone => {}
            }
            self.job = None;
        }
        let Some(rules) = rules.filter(|_| is_shown) else {
            if rules.is_none() {
                self.found = None;
            }
            return None;
        };
        let basis = Basis { capture: reader.id().to_owned(), end: reader.records().end, rules: rules.clone() };
        if self.found.as_ref().is_some_and(|(of, _)| of.is(&basis)) {
            return None;
        }
        let is_grown = self.found.as_ref().is_some_and(|(of, _)| of.is(&Basis { end: of.end, ..basis.clone() }));
        if let Some(wait) = self.next.and_then(|next| next.checked_duration_since(Instant::now()))
            && is_grown
        {
            return Some(wait);
        }
        let (reader, rules) = (reader.clone(), rules.clone());
        let job = Job::start("reply trace", wake.clone(), move |control| trace(&reader, &rules, control));
        self.job = job.ok().map(|job| (basis, job, Instant::now()));
        None
    }
}

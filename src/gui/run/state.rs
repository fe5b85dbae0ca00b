//! What a tab knows of the runs of its talk file.

use crate::runner::{Feed, RunEvent, RunHandle, Script, StepLines};
use crate::talk::outcome::{Problem, RunEnd, RunOutcome, StepOutcome, Verdict};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Rounds whose results are kept.
const ROUNDS_KEPT: usize = 200;
/// Most rounds that can be typed.
pub const ROUNDS_MOST: u64 = 1_000_000;

/// One round.
#[derive(Debug, Default)]
pub struct Round {
    /// Counted from 1.
    pub number: u64,
    /// The results by the place of the step.
    pub steps: BTreeMap<usize, StepOutcome>,
}

/// How a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// It has not run in this round.
    Waiting,
    /// It runs.
    Running,
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It does not run in this round.
    Skipped,
}

/// Rounds by their numbers.
pub type RoundOutcomes = Vec<(u64, RunOutcome)>;

/// The runs of a tab.
#[derive(Default)]
pub struct Runs {
    /// The dock shows the steps in place of the list of commands.
    pub is_open: bool,
    /// How often the steps run, as typed; empty: until they are stopped.
    pub rounds: String,
    /// The run ends after the first failed step.
    pub stops: bool,
    /// The steps that are selected in the list.
    pub chosen: BTreeSet<usize>,
    /// The result that the drawer shows: round, step.
    pub picked: Option<(u64, usize)>,
    /// The newest rounds, oldest first.
    pub results: VecDeque<Round>,
    /// The step that runs, and since when.
    pub current: Option<(usize, Instant)>,
    /// Why the last run ended early, and what failed outside of steps.
    pub end: Option<(RunEnd, Vec<Problem>)>,
    /// What the run was started with.
    pub script: Option<Arc<Script>>,
    /// The last round of the present run; `None`: endless.
    pub last_round: Option<u64>,
    steps: Vec<StepLines>,
    revision: Option<u64>,
    handle: Option<RunHandle>,
    /// Events of the session go here while a run uses it.
    pub feed: Option<Arc<Feed>>,
    started: Option<Instant>,
    took: Duration,
}

impl Runs {
    /// Shows the steps of a file. While one runs, they stay as they are.
    pub fn show(&mut self, revision: u64, script: impl FnOnce() -> Option<Script>) {
        if self.handle.is_some() || self.revision == Some(revision) {
            return;
        }
        self.revision = Some(revision);
        self.steps = script().map(|script| script.steps()).unwrap_or_default();
        self.chosen.retain(|index| *index < self.steps.len());
    }

    /// The steps of the file.
    pub fn steps(&self) -> &[StepLines] {
        &self.steps
    }

    /// A run is under way.
    pub fn is_running(&self) -> bool {
        self.handle.is_some()
    }

    /// The typed number of rounds; `Err`: it is no number.
    ///
    /// # Errors
    /// See above.
    pub fn wanted_rounds(&self) -> Result<Option<u64>, ()> {
        let text = self.rounds.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().ok().filter(|rounds| (1..=ROUNDS_MOST).contains(rounds)).map(Some).ok_or(())
    }

    /// A run was started.
    pub fn begin(&mut self, script: Arc<Script>, handle: RunHandle, feed: Option<Arc<Feed>>, rounds: Option<u64>) {
        self.steps = script.steps();
        self.results.clear();
        (self.current, self.picked, self.end) = (None, None, None);
        (self.handle, self.feed, self.last_round) = (Some(handle), feed, rounds);
        (self.script, self.started) = (Some(script), Some(Instant::now()));
    }

    /// Stops the run. Its outcome comes as usual.
    pub fn stop(&self) {
        if let Some(handle) = &self.handle {
            handle.stop();
        }
    }

    /// Takes what happened. Returns true if the run has ended.
    pub fn poll(&mut self) -> bool {
        loop {
            let Some(handle) = &self.handle else { return false };
            match handle.poll() {
                Ok(None) => return false,
                Ok(Some(event)) => self.take(event),
                Err(_) => {
                    self.ended();
                    return true;
                }
            }
        }
    }

    fn take(&mut self, event: RunEvent) {
        match event {
            RunEvent::Round(number) => {
                if self.results.len() == ROUNDS_KEPT {
                    self.results.pop_front();
                }
                self.results.push_back(Round { number, steps: BTreeMap::new() });
            }
            RunEvent::Began(index, _) => self.current = Some((index, Instant::now())),
            RunEvent::Ended(index, step) => {
                self.current = None;
                let Some(round) = self.results.back_mut() else { return };
                if step.verdict == Verdict::Failed {
                    self.picked = Some((round.number, index));
                }
                round.steps.insert(index, step);
            }
            RunEvent::Finished(outcome) => {
                if let Ok(outcome) = *outcome {
                    self.end = Some((outcome.end, outcome.problems));
                }
            }
            RunEvent::Noted(_) | RunEvent::Opened(..) | RunEvent::Warned(..) => {}
        }
    }

    fn ended(&mut self) {
        self.took = self.elapsed();
        (self.handle, self.feed, self.current, self.started) = (None, None, None, None);
        // The file may have changed meanwhile.
        self.revision = None;
    }

    /// How long the run takes or took.
    pub fn elapsed(&self) -> Duration {
        self.started.map_or(self.took, |started| started.elapsed())
    }

    /// The present or last round.
    pub fn round(&self) -> Option<&Round> {
        self.results.back()
    }

    /// How a step is in the present round.
    pub fn look(&self, index: usize) -> Look {
        if self.current.is_some_and(|(current, _)| current == index) {
            return Look::Running;
        }
        match self.round().and_then(|round| round.steps.get(&index)).map(|step| step.verdict) {
            Some(Verdict::Passed) => Look::Passed,
            Some(Verdict::Failed) => Look::Failed,
            Some(Verdict::Skipped(_)) => Look::Skipped,
            None => Look::Waiting,
        }
    }

    /// How many steps are so in the present round.
    pub fn count(&self, look: Look) -> usize {
        (0..self.steps.len()).filter(|index| self.look(*index) == look).count()
    }

    /// Failed steps of all rounds.
    pub fn failures(&self) -> usize {
        let failed = |step: &&StepOutcome| step.verdict == Verdict::Failed;
        self.results.iter().map(|round| round.steps.values().filter(failed).count()).sum()
    }

    /// The file and the results of its rounds, for a report.
    pub fn outcomes(&self) -> Option<(Arc<Script>, RoundOutcomes)> {
        let last = self.results.back()?.number;
        let of_round = |round: &Round| {
            let is_last = round.number == last;
            let (end, problems) = self.end.clone().filter(|_| is_last).unwrap_or((RunEnd::Done, Vec::new()));
            let steps: Vec<StepOutcome> = round.steps.values().cloned().collect();
            let took = steps.iter().map(|step| step.took).sum();
            (round.number, RunOutcome { steps, problems, end, took, captures: Vec::new() })
        };
        Some((self.script.clone()?, self.results.iter().map(of_round).collect()))
    }

    /// The result that the drawer shows.
    pub fn shown(&self) -> Option<(u64, usize, &StepOutcome)> {
        let (number, index) = self.picked?;
        let round = self.results.iter().find(|round| round.number == number)?;
        Some((number, index, round.steps.get(&index)?))
    }
}

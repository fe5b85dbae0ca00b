//! What a tab knows about its quick commands besides the file: the list as it is shown, and what runs.

use crate::engine::{EventKind, SendOutcome, SendProgress};
use crate::gui::quick::form::CommandForm;
use crate::gui::quick::list::{Group, groups};
use crate::gui::quick::steps::{News, StepRun};
use crate::gui::talk::file::TalkFile;
use crate::jobs::Job;
use crate::model::{ErrorKind, NetError, Operation, Ticket};
use crate::settings::TalkFileError;
use crate::talk::Counts;
use crate::talk::import::{ImportError, Imported};
use crate::talk::outcome::ProblemKind;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// The name and the commands of the chosen file; `None`: the user chose no file.
pub type Importing = Job<Option<(String, Read)>>;
/// The commands of a file, or why there are none.
pub type Read = Result<Result<Imported, ImportError>, TalkFileError>;

/// Why a command failed.
#[derive(Clone, Debug)]
pub enum Failure {
    /// It was not sent.
    Send(NetError),
    /// A statement of it failed.
    Step(ProblemKind),
    /// Its lines have this error.
    Lines(crate::talk::ErrorKind),
}

/// Commands that were sent and are not done.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// Identifies the send.
    pub ticket: Ticket,
    /// The names of the commands.
    pub names: Vec<String>,
    /// It goes on until it is stopped.
    pub is_endless: bool,
    /// Rounds that are done.
    pub rounds: u64,
}

/// The list and what runs.
#[derive(Default)]
pub struct QuickState {
    /// Text in the filter.
    pub filter: String,
    /// The open form.
    pub form: Option<CommandForm>,
    /// Titles of the groups that are folded.
    pub folded: BTreeSet<String>,
    /// The entry that is dragged.
    pub dragged: Option<usize>,
    /// What an import left out or changed, until it is dismissed.
    pub notes: Vec<String>,
    /// How often each command was sent.
    pub counts: Counts,
    running: Vec<Running>,
    steps: Vec<StepRun>,
    /// How the last run of each command with an answer ended: its time, and whether it failed.
    verdicts: BTreeMap<String, (Duration, bool)>,
    failed: Vec<(String, Failure)>,
    groups: Arc<Vec<Group>>,
    groups_of: Option<u64>,
}

impl QuickState {
    /// The commands of the file in groups.
    pub fn groups(&mut self, file: &TalkFile) -> Arc<Vec<Group>> {
        if self.groups_of != Some(file.revision()) {
            self.groups = Arc::new(groups(file.document()));
            self.groups_of = Some(file.revision());
        }
        self.groups.clone()
    }

    /// The same as of the last frame.
    pub fn listed(&self) -> Arc<Vec<Group>> {
        self.groups.clone()
    }

    /// What runs, oldest first.
    pub fn running(&self) -> &[Running] {
        &self.running
    }

    /// The names of the commands that run.
    pub fn running_names(&self) -> impl Iterator<Item = &str> {
        let sends = self.running.iter().flat_map(|running| &running.names);
        sends.chain(self.steps.iter().flat_map(|run| &run.names)).map(String::as_str)
    }

    /// Whether a command of this name runs.
    pub fn runs(&self, name: &str) -> bool {
        self.running_names().any(|own| own == name)
    }

    /// How the last run of a command that waits ended: its time, and whether it failed.
    pub fn verdict(&self, name: &str) -> Option<(Duration, bool)> {
        self.verdicts.get(name).copied()
    }

    /// Adds commands that run as steps.
    pub fn begin_steps(&mut self, run: StepRun) {
        for name in &run.names {
            self.verdicts.remove(name);
        }
        self.steps.push(run);
    }

    /// Passes an event of the session on to the steps that run.
    pub fn pass_on(&self, event: &EventKind) {
        self.steps.iter().for_each(|run| run.event(event));
    }

    /// Stops the steps of the command with this name, or all.
    pub fn stop_steps(&mut self, name: Option<&str>) {
        let is_it = |run: &&mut StepRun| name.is_none_or(|name| run.names.iter().any(|own| own == name));
        self.steps.iter_mut().filter(is_it).for_each(StepRun::stop);
    }

    /// Takes what the steps that run have reported.
    pub fn poll_steps(&mut self) {
        let mut news = Vec::new();
        let failed = &mut self.failed;
        let verdicts = &mut self.verdicts;
        self.steps.retain_mut(|run| {
            let goes_on = run.poll(&mut news);
            let first = run.names.first().cloned().unwrap_or_default();
            for one in news.drain(..) {
                match one {
                    News::Ended(name, took, problem) => {
                        verdicts.insert(name.clone(), (took, problem.is_some()));
                        failed.extend(problem.map(|problem| (name, Failure::Step(problem))));
                    }
                    News::Wrong(error) => failed.push((first.clone(), Failure::Lines(error))),
                    News::Refused(error) => {
                        let error = NetError::from_io(Operation::Send, first.as_str(), &error);
                        failed.push((first.clone(), Failure::Send(error)));
                    }
                }
            }
            goes_on
        });
    }

    /// Adds what was sent.
    pub fn begin(&mut self, ticket: Ticket, names: Vec<String>, is_endless: bool) {
        self.running.push(Running { ticket, names, is_endless, rounds: 0 });
    }

    /// Handles the progress of a send.
    pub fn progressed(&mut self, progress: &SendProgress) {
        if let Some(running) = self.running.iter_mut().find(|running| running.ticket == progress.ticket) {
            running.rounds = progress.rounds;
        }
    }

    /// Handles the end of a send. Returns true if it was one of these.
    pub fn finished(&mut self, ticket: Ticket, outcome: &SendOutcome) -> bool {
        let Some(at) = self.running.iter().position(|running| running.ticket == ticket) else { return false };
        let running = self.running.remove(at);
        if let Err(error) = &outcome.result
            && error.kind != ErrorKind::Cancelled
        {
            let name = running.names.first().cloned().unwrap_or_default();
            self.failed.push((name, Failure::Send(error.clone())));
        }
        true
    }

    /// The tickets of what runs: of the command with this name, or of all.
    pub fn tickets(&self, name: Option<&str>) -> Vec<Ticket> {
        let is_it = |running: &&Running| name.is_none_or(|name| running.names.iter().any(|own| own == name));
        self.running.iter().filter(is_it).map(|running| running.ticket).collect()
    }

    /// Forgets what runs: the worker is gone.
    pub fn forget_running(&mut self) {
        self.running.clear();
        self.steps.iter().for_each(StepRun::end);
    }

    /// The commands that failed since the last call.
    pub fn take_failed(&mut self) -> Vec<(String, Failure)> {
        std::mem::take(&mut self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_ends_once_and_failures_are_named() {
        let mut state = QuickState::default();
        state.begin(Ticket(1), vec!["a".into(), "b".into()], true);
        state.begin(Ticket(2), vec!["c".into()], false);
        assert!(state.runs("b") && state.runs("c") && !state.runs("d"));
        let outcome = |kind: Option<ErrorKind>| SendOutcome {
            sent_bytes: 0,
            rounds: 0,
            peers: 1,
            result: kind.map_or(Ok(()), |kind| Err(NetError::new(Operation::Send, kind, "", ""))),
            item: None,
        };
        assert!(state.finished(Ticket(1), &outcome(Some(ErrorKind::Cancelled))));
        assert!(!state.finished(Ticket(1), &outcome(None)));
        assert!(state.finished(Ticket(2), &outcome(Some(ErrorKind::Closed))));
        let failed = state.take_failed();
        let [(name, Failure::Send(error))] = failed.as_slice() else { panic!("{failed:?}") };
        assert_eq!((name.as_str(), error.kind), ("c", ErrorKind::Closed));
        assert!(state.take_failed().is_empty() && state.tickets(None).is_empty());
    }

    #[test]
    fn the_list_follows_the_file() {
        let (mut state, mut file) = (QuickState::default(), TalkFile::default());
        assert!(state.groups(&file).is_empty());
        let edit = crate::talk::edit::Edit::Insert { at: crate::talk::edit::Place::End, lines: "> 01".into() };
        file.edit(&edit).unwrap();
        assert_eq!(state.groups(&file)[0].commands.len(), 1);
    }
}

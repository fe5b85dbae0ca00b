//! What a tab knows about its quick commands besides the file: the list as it is shown, and what runs.

use crate::engine::{SendOutcome, SendProgress};
use crate::gui::quick::form::CommandForm;
use crate::gui::quick::list::{Group, groups};
use crate::gui::quick::plan::Counts;
use crate::gui::talk::file::TalkFile;
use crate::jobs::Job;
use crate::model::{ErrorKind, NetError, Ticket};
use crate::settings::TalkFileError;
use crate::talk::import::{ImportError, Imported};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The name of a chosen file with what was read from it; `None`: nothing was chosen.
pub type Importing = Job<Option<(String, Read)>>;
/// What was read from a file.
pub type Read = Result<Result<Imported, ImportError>, TalkFileError>;

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
    failed: Vec<(String, NetError)>,
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

    /// Whether a command of this name runs.
    pub fn runs(&self, name: &str) -> bool {
        self.running.iter().any(|running| running.names.iter().any(|own| own == name))
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
            self.failed.push((running.names.first().cloned().unwrap_or_default(), error.clone()));
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
    }

    /// The commands that failed since the last call.
    pub fn take_failed(&mut self) -> Vec<(String, NetError)> {
        std::mem::take(&mut self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Operation;

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
        assert_eq!(
            failed.iter().map(|(name, error)| (name.as_str(), error.kind)).collect::<Vec<_>>(),
            [("c", ErrorKind::Closed)]
        );
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

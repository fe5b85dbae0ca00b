//! What a tab knows about its replies besides the file: the list as it is shown, the compiled rules, and what the worker has of them.

use crate::codec::{Encoding, FramingRule};
use crate::engine::Replies;
use crate::gui::replies::form::RuleForm;
use crate::gui::replies::list::{Listed, rules};
use crate::gui::replies::presets::Preset;
use crate::gui::talk::file::TalkFile;
use crate::jobs::{Job, JobPoll, Wake};
use crate::model::{ErrorKind, NetError, Operation, Protocol, Transport};
use crate::runner::{CompiledRules, RuleSession};
use crate::settings::SessionSetup;
use crate::talk::Error;
use crate::talk::rules::RuleSet;
use std::path::PathBuf;
use std::sync::Arc;

/// From what rules are compiled.
#[derive(Clone, Debug, PartialEq)]
struct Basis {
    path: Option<PathBuf>,
    revision: u64,
    /// Increases when the files beside the talk file are to be read again.
    reads: u64,
    session: RuleSession,
}

type Compiling = Job<Result<CompiledRules, Vec<Error>>>;

/// The rules that the worker has.
#[derive(Clone, Debug, Default)]
enum Given {
    #[default]
    Nothing,
    Rules(Arc<RuleSet>),
    /// A run of steps gave it others.
    Unknown,
}

/// The list and the rules.
#[derive(Default)]
pub struct ReplyState {
    /// Text in the filter.
    pub filter: String,
    /// The open form.
    pub form: Option<RuleForm>,
    /// A register table that is being made, for this preset.
    pub making: Option<(Preset, Job<Result<String, NetError>>)>,
    /// The entry that is dragged.
    pub dragged: Option<usize>,
    /// How often each rule of the file has acted.
    pub hits: Vec<u64>,
    list: Arc<Vec<Listed>>,
    list_of: Option<u64>,
    reads: u64,
    /// What was compiled last, with its errors.
    compiled: Option<(Basis, Arc<[Error]>)>,
    compiling: Option<(Basis, Compiling)>,
    /// The last rules without errors.
    valid: Option<Arc<RuleSet>>,
    is_cut_by_reads: bool,
    given: Given,
    faults: u64,
    last_fault: Option<NetError>,
}

/// What the form of a session says about its rules.
pub fn rule_session(setup: &SessionSetup) -> RuleSession {
    let rule = setup.rule();
    let framing = (rule != FramingRule::as_received()).then(|| rule.in_encoding(setup.encoding));
    let transport = if setup.protocol == Protocol::Udp { Transport::Udp } else { Transport::Tcp };
    RuleSession { framing, encoding: Some(setup.encoding), transport, reads_are_frames: true }
}

impl ReplyState {
    /// The rules of the file in its order.
    pub fn list(&mut self, file: &TalkFile) -> Arc<Vec<Listed>> {
        if self.list_of != Some(file.revision()) {
            self.list = Arc::new(rules(file.document()));
            self.list_of = Some(file.revision());
        }
        self.list.clone()
    }

    /// The same as of the last frame.
    pub fn listed(&self) -> Arc<Vec<Listed>> {
        self.list.clone()
    }

    /// The errors of the rules that the grammar does not show.
    pub fn errors(&self) -> &[Error] {
        self.compiled.as_ref().map_or(&[], |(_, errors)| errors)
    }

    /// Nobody has named a framing rule, so each read of a TCP stream is a message.
    pub fn is_cut_by_reads(&self) -> bool {
        self.is_cut_by_reads
    }

    /// The rules that are in force, or would be if the session replied by itself.
    pub fn rules(&self) -> Option<&Arc<RuleSet>> {
        self.valid.as_ref()
    }

    /// The framing rule and the encoding of the rules that are in force.
    pub fn reading(&self) -> Option<(&FramingRule, Encoding)> {
        self.valid.as_ref().map(|set| (set.framing(), set.encoding()))
    }

    /// How often rules failed while they acted, and the last failure.
    pub fn faults(&self) -> Option<(u64, &NetError)> {
        self.last_fault.as_ref().map(|last| (self.faults, last))
    }

    /// Forgets the failures: the user has seen them.
    pub fn forget_faults(&mut self) {
        (self.faults, self.last_fault) = (0, None);
    }

    /// Notes a warning of the session if a rule is its cause.
    pub fn warned(&mut self, warning: &NetError) {
        let is_fault = matches!(warning.kind, ErrorKind::RuleFault | ErrorKind::RuleFailed | ErrorKind::RuleLoop);
        if warning.operation == Operation::Reply && is_fault {
            self.faults += 1;
            self.last_fault = Some(warning.clone());
        }
    }

    /// The files beside the talk file, such as a register table, are read again.
    pub fn read_again(&mut self) {
        self.reads += 1;
    }

    /// The worker has none of the rules that it was given, or others.
    pub fn forget_given(&mut self, is_new_worker: bool) {
        self.given = if is_new_worker { Given::Nothing } else { Given::Unknown };
    }

    /// Compiles the rules if something has changed. Called every frame.
    pub fn tick(&mut self, file: &TalkFile, setup: &SessionSetup, wake: &Wake) {
        if !file.is_loaded() {
            self.valid = self.valid.take().filter(|_| self.is_of(file));
            return;
        }
        if let Some((_, job)) = &mut self.compiling {
            let result = match job.poll() {
                JobPoll::Running => return,
                JobPoll::Done(result) => Some(result),
                JobPoll::Gone => None,
            };
            if let (Some((basis, _)), Some(result)) = (self.compiling.take(), result) {
                self.take(basis, result);
            }
        }
        if !self.is_of(file) {
            self.valid = None;
        }
        let basis = Basis {
            path: file.path().map(std::path::Path::to_owned),
            revision: file.revision(),
            reads: self.reads,
            session: rule_session(setup),
        };
        if self.compiled.as_ref().is_some_and(|(of, _)| *of == basis) {
            return;
        }
        if self.list(file).is_empty() && !file.document().source().contains("use") {
            // Nothing to compile: no thread for it.
            self.take(basis, Err(Vec::new()));
            self.valid = None;
            return;
        }
        let (path, source, session) = (basis.path.clone(), file.document().source().to_owned(), basis.session.clone());
        let work = move |_: &crate::jobs::JobControl| CompiledRules::new(path.as_deref(), &source, &session);
        self.compiling = Job::start("compile rules", wake.clone(), work).ok().map(|job| (basis, job));
    }

    /// The last rules are those of this file.
    fn is_of(&self, file: &TalkFile) -> bool {
        self.compiled.as_ref().is_some_and(|(of, _)| of.path.is_none() || of.path.as_deref() == file.path())
    }

    fn take(&mut self, basis: Basis, result: Result<CompiledRules, Vec<Error>>) {
        let errors = match result {
            Ok(rules) => {
                self.is_cut_by_reads = rules.is_cut_by_reads;
                self.valid = Some(Arc::new(rules.set)).filter(|set| !set.is_empty());
                Vec::new()
            }
            // The last ones without errors stay in force.
            Err(errors) => errors,
        };
        self.compiled = Some((basis, errors.into()));
    }

    /// The rules that the worker has to get now; `None`: it has them. `is_on`: the session replies by itself.
    pub fn due(&self, is_on: bool) -> Option<Replies> {
        let wanted = self.valid.as_ref().filter(|_| is_on);
        let has_them = match (&self.given, wanted) {
            (Given::Nothing, None) => true,
            (Given::Rules(has), Some(wanted)) => Arc::ptr_eq(has, wanted),
            _ => false,
        };
        (!has_them).then(|| wanted.map_or_else(Replies::default, |set| Replies::from(set.clone())))
    }

    /// The worker has got what was due.
    pub fn gave(&mut self, is_on: bool) {
        self.given = match self.valid.as_ref().filter(|_| is_on) {
            Some(set) => Given::Rules(set.clone()),
            None => Given::Nothing,
        };
    }

    /// The session replies by itself.
    pub fn acts(&self, is_on: bool) -> bool {
        is_on && self.valid.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::edit::{Edit, Place};
    use std::time::{Duration, Instant};

    fn file_with(lines: &str) -> TalkFile {
        let mut file = TalkFile::default();
        insert(&mut file, lines);
        file
    }

    fn insert(file: &mut TalkFile, lines: &str) {
        file.edit(&Edit::Insert { at: Place::End, lines: lines.to_owned() }).unwrap();
    }

    /// Calls `tick` until nothing is compiled any more.
    fn settle(state: &mut ReplyState, file: &TalkFile, setup: &SessionSetup) {
        let until = Instant::now() + Duration::from_secs(20);
        let wake: Wake = Arc::new(|| {});
        loop {
            state.tick(file, setup, &wake);
            if state.compiling.is_none() {
                return;
            }
            assert!(Instant::now() < until, "the rules are not compiled in time");
            std::thread::yield_now();
        }
    }

    #[test]
    fn the_worker_gets_each_valid_edit_once_and_nothing_while_replies_are_off() {
        let (mut state, setup) = (ReplyState::default(), SessionSetup::default());
        let mut file = file_with("on 01 { > 02 }");
        settle(&mut state, &file, &setup);
        assert!(state.due(false).is_none() && !state.acts(false) && state.acts(true));
        assert!(state.is_cut_by_reads());
        assert!(state.due(true).is_some_and(|replies| replies.talk.is_some()));
        state.gave(true);
        settle(&mut state, &file, &setup);
        assert!(state.due(true).is_none(), "it has them");
        // An error leaves the last valid rules in force.
        insert(&mut file, "on /(/ { > 03 }");
        settle(&mut state, &file, &setup);
        assert!(!state.errors().is_empty() && state.due(true).is_none());
        file.edit(&Edit::Delete { entry: 1 }).unwrap();
        settle(&mut state, &file, &setup);
        assert!(state.errors().is_empty() && state.due(true).is_some());
        state.gave(true);
        assert!(state.due(false).is_some_and(|replies| replies.talk.is_none()));
        state.gave(false);
        state.forget_given(false);
        assert!(state.due(false).is_some(), "a run gave it others");
    }

    #[test]
    fn another_framing_rule_compiles_the_rules_again() {
        let (mut state, mut setup) = (ReplyState::default(), SessionSetup::default());
        let file = file_with("on 01 { > 02 }");
        settle(&mut state, &file, &setup);
        state.gave(true);
        setup.framing = "line".parse().unwrap();
        settle(&mut state, &file, &setup);
        assert!(!state.is_cut_by_reads() && state.due(true).is_some());
        assert_eq!(state.reading().map(|(rule, _)| rule.preset_name()), Some(Some("line")));
    }

    #[test]
    fn without_rules_nothing_is_compiled_and_old_rules_end() {
        let (mut state, setup) = (ReplyState::default(), SessionSetup::default());
        let mut file = file_with("on 01 { > 02 }");
        settle(&mut state, &file, &setup);
        state.gave(true);
        file.edit(&Edit::Delete { entry: 0 }).unwrap();
        let wake: Wake = Arc::new(|| {});
        state.tick(&file, &setup, &wake);
        assert!(state.compiling.is_none() && state.due(true).is_some_and(|replies| replies.talk.is_none()));
    }
}

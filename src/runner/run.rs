//! Opens the sessions of a file and runs its steps.

use super::files::FolderFiles;
use super::link::Link;
use super::opening::Opening;
use super::over::{OpenSession, Plays};
use super::script::{Part, Script};
use super::steps::{Done, Halt};
use super::world::{Memory, Scoped, Sight};
use super::{tls, transfers};
use crate::capture::CaptureOptions;
use crate::codec::Encoding;
use crate::engine::{Command, Replies, RuleSurroundings, RuleVerdicts};
use crate::model::{ErrorKind, NetError, Operation, SessionConfig, SessionState};
use crate::talk::eval::{Fault, Value, evaluate, text_of};
use crate::talk::outcome::{Problem, ProblemKind, RunEnd, RunOutcome, Skipped, StepOutcome, Verdict};
use crate::talk::rules::{RuleSet, Setting, given};
use crate::talk::tree::{Session, Span, Text};
use crate::talk::uses;
use crate::talk::{Counts, Error};
use crossbeam_channel::{Receiver, Select, Sender, bounded};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the sessions of a run may take to close.
const CLOSE_WAIT: Duration = Duration::from_secs(2);
/// How long the end of a wait reads records that are behind.
const CATCH_UP: Duration = Duration::from_secs(1);
/// How long a session may take to open.
const OPEN_WAIT: Duration = Duration::from_secs(15);

/// Options of a run.
#[derive(Clone)]
pub struct RunOptions {
    /// Where captures are created.
    pub captures_dir: PathBuf,
    /// Options of the captures.
    pub capture: CaptureOptions,
    /// Variables with values from outside; they replace those of the file.
    pub variables: Vec<(String, String)>,
    /// Only these steps, and those that are `required` or `always`. Empty: all.
    pub only: Vec<String>,
    /// Only the steps at these places in the file, and those that are `required` or `always`. `None`: all.
    pub chosen: Option<Vec<usize>>,
    /// How often the steps run; `None`: until the user stops it.
    pub rounds: Option<u64>,
    /// What the run does after a failed step.
    pub on_failure: OnFailure,
    /// A session that is open already.
    pub over: Option<OpenSession>,
    /// How often each command was sent before, which goes on; `None`: all count from 0.
    pub counts: Option<Counts>,
    /// Files that `get` and `receive` take are stored below this folder. `None`: they may not.
    pub store_in: Option<PathBuf>,
    /// The longest time of the run.
    pub time_limit: Option<Duration>,
    /// A message here ends the run.
    pub stop: Receiver<()>,
}

/// What a run does after a failed step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// The next step.
    #[default]
    GoOn,
    /// Only the steps that are `always`, and no further round.
    Stop,
}

/// Learns what happens during a run.
pub trait Observer {
    /// A round begins, counted from 1.
    fn round(&mut self, _number: u64) {}
    /// A step begins: its place among the steps of the file, its name.
    fn began(&mut self, _index: usize, _name: &str) {}
    /// A step ended.
    fn ended(&mut self, _index: usize, _step: &StepOutcome) {}
    /// `note "…"`.
    fn noted(&mut self, _text: &str) {}
    /// A session is open.
    fn opened(&mut self, _session: &str, _state: &SessionState) {}
    /// A warning of a session: a rule failed or noted something, data was dropped, the capture cannot be written.
    fn warned(&mut self, _session: &str, _warning: &NetError) {}
    /// Nobody looks any more: the run ends.
    fn is_gone(&self) -> bool {
        false
    }
}

/// A run in progress.
pub(super) struct Run<'a> {
    pub script: &'a Script,
    pub options: &'a RunOptions,
    pub observer: &'a mut dyn Observer,
    pub links: Vec<Link>,
    pub memory: Memory,
    pub files: FolderFiles,
    pub began: Instant,
    pub deadline: Option<Instant>,
    /// Transfers signal here that they have something new.
    pub transfers: (Sender<()>, Receiver<()>),
    /// A session has rules, serves or receives.
    answers: bool,
}

/// Runs a file. The steps of the outcome are those of the last round.
///
/// # Errors
/// The sessions of the file are wrong; nothing was opened.
pub fn run(script: &Script, options: &RunOptions, observer: &mut dyn Observer) -> Result<RunOutcome, Vec<Error>> {
    let began = Instant::now();
    let mut run = Run {
        script,
        options,
        observer,
        links: Vec::new(),
        memory: Memory::default(),
        files: script.path.as_deref().map(FolderFiles::beside).unwrap_or_default(),
        began,
        deadline: options.time_limit.map(|limit| began + limit),
        transfers: bounded(1),
        answers: transfers::lasting(script).next().is_some(),
    };
    let begun = match run.set_variables() {
        Ok(()) => {
            run.check_sessions()?;
            run.open()
        }
        Err(halt) => Err(halt),
    };
    let (steps, problems, end) = match begun {
        Err(Halt::Problem(problem)) => (run.skipped(0, Skipped::Ended), vec![*problem], RunEnd::NotBegun),
        Err(Halt::End(end)) => (run.skipped(0, Skipped::Ended), Vec::new(), end),
        Ok(()) => {
            let (steps, end) = run.rounds();
            (steps, Vec::new(), end)
        }
    };
    let captures = run.links.iter().filter_map(|link| Some((link.shown_name(), link.capture_id()?))).collect();
    let took = began.elapsed();
    for link in run.links {
        link.finish(CLOSE_WAIT);
    }
    Ok(RunOutcome { steps, problems, end, took, captures })
}

impl Run<'_> {
    pub fn problem(kind: ProblemKind, span: Span) -> Halt {
        Halt::Problem(Box::new(Problem { kind, span, went_on: false }))
    }

    pub fn fault(fault: Fault) -> Halt {
        Self::problem(ProblemKind::Fault(fault.kind), fault.span)
    }

    /// A text with its values inserted.
    pub fn text(&self, text: &Text) -> Result<String, Halt> {
        let mut sight = Sight { memory: &self.memory, links: &self.links, encoding: Encoding::UTF_8 };
        text_of(text, &mut sight).map_err(Self::fault)
    }

    fn set_variables(&mut self) -> Result<(), Halt> {
        for (origin, var) in uses::vars(&self.script.file) {
            let name = format!("{}{}", origin.prefix, var.name.value);
            let given = given(&name, &self.options.variables, &mut |name| std::env::var(name).ok());
            let value = match given {
                Some(text) => Value::text(text),
                None => {
                    let mut sight = self.sight(Encoding::UTF_8);
                    let value = evaluate(&var.value, &mut Scoped { world: &mut sight, prefix: &origin.prefix });
                    value.map_err(|fault| Self::fault(fault.in_used(origin.text(), origin.span)))?
                }
            };
            self.memory.run.set(&name, value);
        }
        Ok(())
    }

    /// Checks the sessions before anything is opened. An address that needs the port of another session is checked later.
    fn check_sessions(&self) -> Result<(), Vec<Error>> {
        let mut errors = Vec::new();
        for session in self.script.sessions() {
            let endpoint = self.text(&session.endpoint).unwrap_or_else(|_| {
                let written = session.endpoint.span.of(&self.script.source);
                let scheme = written.split_once("://").map_or("tcp", |(scheme, _)| scheme);
                format!("{scheme}://127.0.0.1:1")
            });
            errors.extend(Opening::new(session, &endpoint).err().unwrap_or_default());
        }
        errors.extend(transfers::errors(self.script, self.options.store_in.is_some()));
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Opens the sessions in the order of the file and waits until each is open.
    fn open(&mut self) -> Result<(), Halt> {
        let script = self.script;
        let has_steps = !script.parts().is_empty();
        let mut over = self.options.over.clone();
        if script.sessions().next().is_none()
            && let Some(over) = over.take()
        {
            self.attach(over, None, has_steps)?;
        }
        for (number, session) in script.sessions().enumerate() {
            let span = session.endpoint.span;
            let endpoint = self.text(&session.endpoint)?;
            let mut opening = Opening::new(session, &endpoint).map_err(|errors| {
                let first = errors.into_iter().next();
                let kind = first.map_or(ProblemKind::SessionFailed, |error| ProblemKind::File(error.kind));
                Self::problem(kind, span)
            })?;
            tls::beside(self.files.folder.as_deref(), &mut opening.config);
            opening.framing = opening.framing.or_else(|| script.file.modbus()?.framing());
            let name = session.name.as_ref().map_or("", |name| name.value.as_str());
            let address = opening.config.endpoint().to_string();
            let is_later = opening.is_later;
            let plays = |over: &mut OpenSession| match over.plays {
                Plays::First => number == 0,
                Plays::SameAddress => is_same(&over.config, &opening.config),
            };
            if let Some(over) = over.take_if(plays) {
                self.attach(over, Some((session, opening)), has_steps)?;
                continue;
            }
            let replies = self.rules(name, &opening, span)?;
            self.answers |= replies.is_some();
            let captures = (self.options.captures_dir.as_path(), self.options.capture.clone());
            let mut link = Link::new(name, opening, number as u64 + 1, captures).map_err(|error| {
                let error = NetError::from_io(Operation::Receive, &address, &error);
                Self::problem(ProblemKind::OpenFailed(error), span)
            })?;
            if has_steps {
                link.hold_for_reader();
            } else {
                link.leave_unread();
            }
            set_rules(&mut link, replies, has_steps);
            self.links.push(link);
            self.start_serving(number)?;
            if !is_later {
                self.open_link(number, OPEN_WAIT, span)?;
            }
        }
        Ok(())
    }

    /// Uses a session that is open, as a session of the file or as the only one.
    fn attach(&mut self, over: OpenSession, of_file: Option<(&Session, Opening)>, has_steps: bool) -> Done {
        let span = of_file.as_ref().map_or(Span::default(), |(session, _)| session.endpoint.span);
        let name = of_file.as_ref().and_then(|(session, _)| session.name.as_ref());
        let name = name.map_or_else(String::new, |name| name.value.clone());
        let mut opening = Opening::over(&over, of_file.map(|(_, opening)| opening));
        opening.framing = opening.framing.or_else(|| self.script.file.modbus()?.framing());
        let replies = self.rules(&name, &opening, span)?;
        self.answers |= replies.is_some();
        let mut link = Link::attached(&name, opening, over);
        if !has_steps {
            link.leave_unread();
        }
        set_rules(&mut link, replies, has_steps);
        self.links.push(link);
        self.start_serving(self.links.len() - 1)?;
        let index = self.links.len() - 1;
        match &self.links[index].opening {
            opening if opening.is_later => Ok(()),
            _ if self.links[index].state.is_active() => self.await_open(index, OPEN_WAIT, span),
            _ => self.open_link(index, OPEN_WAIT, span),
        }
    }

    /// The rules of a session. They run in its worker.
    fn rules(&mut self, name: &str, opening: &Opening, span: Span) -> Result<Option<Replies>, Halt> {
        let setting = Setting {
            session: (!name.is_empty()).then(|| name.to_owned()),
            framing: opening.framing.clone(),
            encoding: opening.encoding,
            vars: self.options.variables.clone(),
            run: Some(self.memory.run.clone()),
        };
        let (file, source) = (&self.script.file, &self.script.source);
        let set = RuleSet::new(file, source, &setting, &mut RuleSurroundings::default(), &mut self.files);
        let set = set.map_err(|faults| match faults.into_iter().next() {
            Some(fault) => Self::fault(fault),
            None => Self::problem(ProblemKind::SessionFailed, span),
        })?;
        Ok((!set.is_empty()).then(|| Replies::from(Arc::new(set))))
    }

    /// Opens one session and waits until it is open, or has failed for good.
    pub fn open_link(&mut self, index: usize, within: Duration, span: Span) -> Result<(), Halt> {
        if self.links[index].state.is_open() {
            return Ok(());
        }
        self.links[index].open();
        self.await_open(index, within, span)
    }

    fn await_open(&mut self, index: usize, within: Duration, span: Span) -> Result<(), Halt> {
        let opened = self.wait(Some(Instant::now() + within), |run| {
            let link = &run.links[index];
            match &link.state {
                state if state.is_open() => Some(Ok(())),
                SessionState::Closed(_) => Some(Err(link.error.clone())),
                _ => None,
            }
        })?;
        let address = || self.links[index].opening.config.endpoint().to_string();
        match opened {
            Some(Ok(())) => {
                let link = &self.links[index];
                self.observer.opened(&link.shown_name(), &link.state);
                Ok(())
            }
            Some(Err(Some(error))) => Err(Self::problem(ProblemKind::OpenFailed(error), span)),
            Some(Err(None)) => {
                let error = NetError::new(Operation::Connect, ErrorKind::Closed, address(), "");
                Err(Self::problem(ProblemKind::OpenFailed(error), span))
            }
            None => {
                let error = NetError::new(Operation::Connect, ErrorKind::Timeout, address(), "");
                Err(Self::problem(ProblemKind::OpenFailed(error), span))
            }
        }
    }

    /// Waits until `look` finds something, at most until the deadline; `None`: it did not. Takes what arrives meanwhile.
    ///
    /// # Errors
    /// The user ended the run, its time is up, or records are lost.
    pub fn wait<T>(
        &mut self,
        until: Option<Instant>,
        mut look: impl FnMut(&mut Self) -> Option<T>,
    ) -> Result<Option<T>, Halt> {
        loop {
            let now = Instant::now();
            let is_over = until.is_some_and(|until| now >= until);
            let mut more = false;
            while self.transfers.1.try_recv().is_ok() {}
            for link in &mut self.links {
                more |= link.update().map_err(|kind| Self::problem(kind, Span::default()))?;
                for warning in std::mem::take(&mut link.warnings) {
                    self.observer.warned(&link.shown_name(), &warning);
                }
            }
            // What was recorded in time is looked at, also if it takes a moment to read.
            let is_last = is_over && (!more || until.is_some_and(|until| now >= until + CATCH_UP));
            if let Some(found) = look(self) {
                return Ok(Some(found));
            }
            if self.options.stop.try_recv().is_ok() || self.observer.is_gone() {
                return Err(Halt::End(RunEnd::Interrupted));
            }
            if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Err(Halt::End(RunEnd::TimeLimit(self.options.time_limit.unwrap_or_default())));
            }
            if is_last {
                // What did not come may have come, but nothing more was read.
                let store_error = self.links.iter_mut().find_map(|link| link.store_error.clone());
                return match store_error {
                    Some(error) => Err(Self::problem(ProblemKind::StoreFailed(error), Span::default())),
                    None => Ok(None),
                };
            }
            if !more && self.sleep(until) {
                return Err(Halt::End(RunEnd::Interrupted));
            }
        }
    }

    /// Sleeps until something happens or a time comes. Returns whether the user ended the run.
    fn sleep(&self, until: Option<Instant>) -> bool {
        let quiet = self.links.iter().filter_map(Link::quiet_at).min();
        let wake = [until, self.deadline, quiet].into_iter().flatten().min();
        let mut select = Select::new();
        let stop = select.recv(&self.options.stop);
        select.recv(&self.transfers.1);
        for link in &self.links {
            link.wait_in(&mut select);
        }
        // Only looks which is ready: the events are taken by the next update.
        let ready = match wake {
            Some(wake) => select.ready_deadline(wake).ok(),
            None => Some(select.ready()),
        };
        ready == Some(stop) && self.options.stop.try_recv().is_ok()
    }

    /// Runs the steps as often as wanted; returns those of the last round.
    fn rounds(&mut self) -> (Vec<StepOutcome>, RunEnd) {
        let mut round = 0_u64;
        loop {
            round += 1;
            self.observer.round(round);
            let (steps, end) = self.steps();
            let has_failed = steps.iter().any(|step| step.verdict == Verdict::Failed);
            let is_last = self.options.rounds.is_some_and(|rounds| round >= rounds)
                || has_failed && self.options.on_failure == OnFailure::Stop;
            if end != RunEnd::Done || is_last || self.script.parts().is_empty() {
                return (steps, end);
            }
            // Variables are those of the whole run. The user can end it between two rounds.
            let next = self.wait(Some(Instant::now()), |_| None::<()>);
            if let Err(Halt::End(end)) = next {
                return (steps, end);
            }
        }
    }

    fn steps(&mut self) -> (Vec<StepOutcome>, RunEnd) {
        let script = self.script;
        let parts = script.parts();
        let mut steps = Vec::new();
        let mut has_required_failed = false;
        for (index, part) in parts.iter().enumerate() {
            let name = script.shown_name(part);
            if !self.is_chosen(index, part, &name) {
                continue;
            }
            if has_required_failed && !part.is_always() {
                steps.push(self.not_run(part, Skipped::Required));
                continue;
            }
            let (step, end) = self.step(index, part);
            let ends_others = part.is_required() || self.options.on_failure == OnFailure::Stop;
            has_required_failed |= ends_others && step.verdict == Verdict::Failed;
            self.observer.ended(index, &step);
            steps.push(step);
            if let Some(end) = end {
                steps.extend(self.skipped(index + 1, Skipped::Ended));
                return (steps, end);
            }
        }
        // Where nothing answers there is nothing to wait for.
        if parts.is_empty() && !self.answers {
            return (steps, RunEnd::Done);
        }
        if parts.is_empty() {
            return match self.wait(None, |_| None::<()>) {
                Err(Halt::End(RunEnd::TimeLimit(_) | RunEnd::Interrupted)) => (steps, RunEnd::Done),
                _ => (steps, RunEnd::Stopped),
            };
        }
        (steps, RunEnd::Done)
    }

    fn is_chosen(&self, index: usize, part: &Part<'_>, name: &str) -> bool {
        let only = &self.options.only;
        let is_named = only.is_empty() || only.iter().any(|chosen| chosen == name);
        let is_chosen = self.options.chosen.as_ref().is_none_or(|chosen| chosen.contains(&index));
        part.is_required() || part.is_always() || is_named && is_chosen
    }

    /// The steps from this one on, none of which ran.
    fn skipped(&self, from: usize, why: Skipped) -> Vec<StepOutcome> {
        let parts = self.script.parts();
        let chosen = parts.iter().enumerate().skip(from);
        let chosen = chosen.filter(|(index, part)| self.is_chosen(*index, part, &self.script.shown_name(part)));
        chosen.map(|(_, part)| self.not_run(part, why)).collect()
    }

    fn not_run(&self, part: &Part<'_>, why: Skipped) -> StepOutcome {
        StepOutcome {
            name: self.script.shown_name(part),
            span: part.span,
            verdict: Verdict::Skipped(why),
            problems: Vec::new(),
            notes: Vec::new(),
            tries: 0,
            began: self.began.elapsed(),
            took: Duration::ZERO,
        }
    }
}

/// Whether a session of a file is the open one: the same role, the same address.
fn is_same(open: &SessionConfig, own: &SessionConfig) -> bool {
    open.protocol() == own.protocol() && open.endpoint() == own.endpoint()
}

/// Gives the worker its rules. If there are steps, they get the frames that no rule takes.
fn set_rules(link: &mut Link, replies: Option<Replies>, has_steps: bool) {
    let Some(mut replies) = replies else { return };
    let takes_frames = replies.talk.as_ref().is_some_and(|rules| rules.0.takes_frames());
    if has_steps && takes_frames {
        let verdicts = RuleVerdicts::default();
        replies = replies.with_verdicts(verdicts.clone());
        link.follow_verdicts(verdicts);
    }
    link.command(Command::SetReplies(Box::new(replies)));
}

//! Opens the sessions of a file and runs its steps.

use super::files::FolderFiles;
use super::link::Link;
use super::opening::Opening;
use super::script::{Part, Script};
use super::steps::Halt;
use super::world::{Memory, Sight};
use crate::capture::CaptureOptions;
use crate::codec::Encoding;
use crate::engine::{Command, Replies, RuleSurroundings, RuleVerdicts};
use crate::model::{ErrorKind, NetError, Operation, SessionState};
use crate::talk::Error;
use crate::talk::eval::{Fault, Value, evaluate, text_of};
use crate::talk::outcome::{Problem, ProblemKind, RunEnd, RunOutcome, Skipped, StepOutcome, Verdict};
use crate::talk::rules::{RuleSet, Setting, VARIABLE_PREFIX};
use crate::talk::tree::{Session, Span, Text};
use crossbeam_channel::{Receiver, Select};
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
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Where captures are created.
    pub captures_dir: PathBuf,
    /// Options of the captures.
    pub capture: CaptureOptions,
    /// Variables with values from outside; they replace those of the file.
    pub variables: Vec<(String, String)>,
    /// Only these steps, and those that are `required` or `always`. Empty: all.
    pub only: Vec<String>,
    /// The longest time of the run.
    pub time_limit: Option<Duration>,
    /// A message here ends the run.
    pub stop: Receiver<()>,
}

/// Learns what happens during a run.
pub trait Observer {
    /// A step begins.
    fn began(&mut self, _name: &str) {}
    /// A step ended.
    fn ended(&mut self, _step: &StepOutcome) {}
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
}

/// Runs a file.
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
            let (steps, end) = run.steps();
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
        for var in self.script.vars() {
            let name = &var.name.value;
            let given =
                self.options.variables.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.clone());
            let given = given.or_else(|| std::env::var(format!("{VARIABLE_PREFIX}{name}")).ok());
            let value = match given {
                Some(text) => Value::text(text),
                None => {
                    let mut sight = Sight { memory: &self.memory, links: &[], encoding: Encoding::UTF_8 };
                    evaluate(&var.value, &mut sight).map_err(Self::fault)?
                }
            };
            self.memory.run.set(name, value);
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
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// Opens the sessions in the order of the file and waits until each is open.
    fn open(&mut self) -> Result<(), Halt> {
        let script = self.script;
        let has_steps = !script.parts().is_empty();
        for (number, session) in script.sessions().enumerate() {
            let span = session.endpoint.span;
            let endpoint = self.text(&session.endpoint)?;
            let mut opening = Opening::new(session, &endpoint).map_err(|errors| {
                let first = errors.into_iter().next();
                let kind = first.map_or(ProblemKind::SessionFailed, |error| ProblemKind::File(error.kind));
                Self::problem(kind, span)
            })?;
            opening.framing = opening.framing.or_else(|| script.file.modbus()?.framing());
            let name = session.name.as_ref().map_or("", |name| name.value.as_str());
            let address = opening.config.endpoint().to_string();
            let is_later = opening.is_later;
            let replies = self.rules(session, &opening)?;
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
            if let Some(mut replies) = replies {
                let takes_frames = replies.talk.as_ref().is_some_and(|rules| rules.0.takes_frames());
                if has_steps && takes_frames {
                    let verdicts = RuleVerdicts::default();
                    replies = replies.with_verdicts(verdicts.clone());
                    link.follow_verdicts(verdicts);
                }
                link.command(Command::SetReplies(Box::new(replies)));
            }
            self.links.push(link);
            if !is_later {
                self.open_link(number, OPEN_WAIT, span)?;
            }
        }
        Ok(())
    }

    /// The rules of a session. They run in its worker.
    fn rules(&mut self, session: &Session, opening: &Opening) -> Result<Option<Replies>, Halt> {
        let setting = Setting {
            session: session.name.as_ref().map(|name| name.value.clone()),
            framing: opening.framing.clone(),
            encoding: opening.encoding,
            vars: self.options.variables.clone(),
            run: Some(self.memory.run.clone()),
        };
        let (file, source) = (&self.script.file, &self.script.source);
        let set = RuleSet::new(file, source, &setting, &mut RuleSurroundings::default(), &mut self.files);
        let set = set.map_err(|faults| match faults.into_iter().next() {
            Some(fault) => Self::fault(fault),
            None => Self::problem(ProblemKind::SessionFailed, session.endpoint.span),
        })?;
        Ok((!set.is_empty()).then(|| Replies::from(Arc::new(set))))
    }

    /// Opens one session and waits until it is open, or has failed for good.
    pub fn open_link(&mut self, index: usize, within: Duration, span: Span) -> Result<(), Halt> {
        if self.links[index].state.is_open() {
            return Ok(());
        }
        self.links[index].open();
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
        for link in &self.links {
            select.recv(link.events());
            if let Some(verdicts) = link.verdict_signals() {
                select.recv(verdicts);
            }
        }
        // Only looks which is ready: the events are taken by the next update.
        let ready = match wake {
            Some(wake) => select.ready_deadline(wake).ok(),
            None => Some(select.ready()),
        };
        ready == Some(stop) && self.options.stop.try_recv().is_ok()
    }

    fn steps(&mut self) -> (Vec<StepOutcome>, RunEnd) {
        let script = self.script;
        let parts = script.parts();
        let mut steps = Vec::new();
        let mut has_required_failed = false;
        for (index, part) in parts.iter().enumerate() {
            let name = script.shown_name(part);
            if !self.is_chosen(part, &name) {
                continue;
            }
            if has_required_failed && !part.is_always() {
                steps.push(self.not_run(part, Skipped::Required));
                continue;
            }
            let (step, end) = self.step(part);
            has_required_failed |= part.is_required() && step.verdict == Verdict::Failed;
            self.observer.ended(&step);
            steps.push(step);
            if let Some(end) = end {
                steps.extend(self.skipped(index + 1, Skipped::Ended));
                return (steps, end);
            }
        }
        if parts.is_empty() {
            return match self.wait(None, |_| None::<()>) {
                Err(Halt::End(RunEnd::TimeLimit(_) | RunEnd::Interrupted)) => (steps, RunEnd::Done),
                _ => (steps, RunEnd::Stopped),
            };
        }
        (steps, RunEnd::Done)
    }

    fn is_chosen(&self, part: &Part<'_>, name: &str) -> bool {
        let only = &self.options.only;
        only.is_empty() || part.is_required() || part.is_always() || only.iter().any(|chosen| chosen == name)
    }

    /// The steps from this one on, none of which ran.
    fn skipped(&self, from: usize, why: Skipped) -> Vec<StepOutcome> {
        let parts = self.script.parts();
        let chosen = parts.iter().skip(from).filter(|part| self.is_chosen(part, &self.script.shown_name(part)));
        chosen.map(|part| self.not_run(part, why)).collect()
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

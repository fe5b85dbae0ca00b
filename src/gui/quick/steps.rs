//! Commands that do more than sending, such as waiting for an answer: they are run as steps of a small talk file over the open
//! session.

use crate::engine::{CommandSender, EventKind, PeerTable};
use crate::jobs::{Job, JobPoll, Wake};
use crate::model::SessionConfig;
use crate::runner::{Feed, OnFailure, OpenSession, RunEvent, RunHandle, RunOptions, Script};
use crate::talk::edit::{Document, Edit, EntryKind};
use crate::talk::outcome::{ProblemKind, StepOutcome, Verdict};
use crate::talk::tree::TopKind;
use crate::talk::{Counts, Error, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Why a run did not begin.
#[derive(Debug)]
pub enum NotBegun {
    /// The lines have errors.
    Lines(Vec<Error>),
    /// The system starts no thread.
    Thread(std::io::Error),
}

/// What a run has reported.
#[derive(Debug)]
pub enum News {
    /// A command has ended: its name, its time, and what failed.
    Ended(String, Duration, Option<ProblemKind>),
    /// The lines have this error.
    Wrong(ErrorKind),
    /// The system refused.
    Refused(std::io::Error),
}

enum State {
    Starting(Job<Result<RunHandle, NotBegun>>),
    Running(RunHandle),
}

/// Commands that run as steps.
pub struct StepRun {
    /// Their names.
    pub names: Vec<String>,
    feed: Arc<Feed>,
    state: State,
    /// The user has stopped it while it was starting.
    is_stopped: bool,
}

/// The session that steps run over.
pub struct Over {
    pub commands: CommandSender,
    pub config: SessionConfig,
    pub feed: Arc<Feed>,
    pub peers: Arc<PeerTable>,
    pub encoding: crate::codec::Encoding,
    /// `None`: TCP is a stream.
    pub framing: Option<crate::codec::FramingRule>,
    /// How often each command was sent.
    pub counts: Counts,
}

impl StepRun {
    /// Starts the commands `entries` of `document`, whose file is at `path`. `None`: the system starts no thread.
    pub fn start(
        document: &Document,
        entries: &[usize],
        loops: bool,
        over: Over,
        path: Option<PathBuf>,
        wake: &Wake,
    ) -> Option<Self> {
        let names = entries.iter().filter_map(|entry| document.name_of(*entry)).collect();
        let source = script(document, entries);
        let feed = over.feed.clone();
        let mut open = OpenSession::new(over.commands, over.config, over.feed, &over.peers);
        (open.encoding, open.framing) = (Some(over.encoding), over.framing);
        let (run_wake, counts) = (wake.clone(), over.counts);
        let work = move |_: &crate::jobs::JobControl| {
            // A file that is used is read from the disk.
            let script = Script::new(path, source, &[]).map_err(NotBegun::Lines)?;
            let options = RunOptions {
                captures_dir: PathBuf::new(),
                counts: Some(counts),
                store_in: None,
                capture: crate::capture::CaptureOptions::default(),
                variables: Vec::new(),
                only: Vec::new(),
                chosen: None,
                rounds: (!loops).then_some(1),
                on_failure: OnFailure::GoOn,
                over: Some(open),
                time_limit: None,
                stop: crossbeam_channel::never(),
            };
            RunHandle::spawn(Arc::new(script), options, run_wake).map_err(NotBegun::Thread)
        };
        let job = Job::start("quick commands", wake.clone(), work).ok()?;
        Some(Self { names, feed, state: State::Starting(job), is_stopped: false })
    }

    /// Passes on an event of the session.
    pub fn event(&self, event: &EventKind) {
        self.feed.event(event);
    }

    /// Ends any wait at once.
    pub fn stop(&mut self) {
        self.is_stopped = true;
        if let State::Running(handle) = &self.state {
            handle.stop();
        }
    }

    /// The worker of the session has ended.
    pub fn end(&self) {
        self.feed.end();
    }

    /// Takes what happened. Returns false once the run has ended.
    pub fn poll(&mut self, news: &mut Vec<News>) -> bool {
        if let State::Starting(job) = &mut self.state {
            match job.poll() {
                JobPoll::Running => return true,
                JobPoll::Gone => return false,
                JobPoll::Done(Err(NotBegun::Lines(errors))) => {
                    news.extend(errors.into_iter().take(1).map(|error| News::Wrong(error.kind)));
                    return false;
                }
                JobPoll::Done(Err(NotBegun::Thread(error))) => {
                    news.push(News::Refused(error));
                    return false;
                }
                JobPoll::Done(Ok(handle)) => self.state = State::Running(handle),
            }
            if self.is_stopped {
                self.stop();
            }
        }
        let State::Running(handle) = &self.state else { return true };
        loop {
            match handle.poll() {
                Ok(Some(RunEvent::Ended(_, step))) => news.extend(ended(step)),
                Ok(Some(RunEvent::Finished(outcome))) => {
                    match *outcome {
                        Err(errors) => news.extend(errors.into_iter().take(1).map(|error| News::Wrong(error.kind))),
                        Ok(outcome) => {
                            let problem = outcome.problems.into_iter().next();
                            let name = self.names.first().cloned().unwrap_or_default();
                            news.extend(problem.map(|problem| News::Ended(name, Duration::ZERO, Some(problem.kind))));
                        }
                    }
                    return false;
                }
                Ok(Some(_)) => {}
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }
}

fn ended(step: StepOutcome) -> Option<News> {
    match step.verdict {
        Verdict::Passed => Some(News::Ended(step.name, step.took, None)),
        Verdict::Failed => {
            let problem = step.problems.into_iter().next().map(|problem| problem.kind);
            Some(News::Ended(step.name, step.took, problem))
        }
        Verdict::Skipped(_) => None,
    }
}

/// A talk file with the variables of another one and these commands of it, each a step that is on.
fn script(document: &Document, entries: &[usize]) -> String {
    let source = document.source();
    let mut script = String::new();
    let mut push = |text: &str| {
        script.push_str(text);
        if !script.ends_with('\n') {
            script.push('\n');
        }
    };
    for top in &document.file().tops {
        if matches!(top.kind, TopKind::Var(_) | TopKind::Use(_)) {
            push(top.span.of(source));
        }
    }
    for entry in entries {
        let Some(of) = document.entries().get(*entry) else { continue };
        let lines = of.span.of(source);
        let name = document.name_of(*entry).unwrap_or_default();
        match &of.kind {
            EntryKind::Step { is_off: false, .. } => push(lines),
            EntryKind::Step { is_off: true, .. } => {
                let mut one = Document::new(lines.to_owned());
                // What cannot be switched on is not run.
                if one.apply(&Edit::SetOff { entry: 0, off: false }).is_ok() {
                    push(one.source());
                }
            }
            _ => {
                push(&format!("step \"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "\\{")));
                push(lines);
            }
        }
    }
    script
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_steps_with_the_variables_of_their_file() {
        let source = "var unit = 1 # c\n> 01; < 02\ngroup \"g\"\noff step \"a\"\n> {{unit:u8}}\non 01 { > 02 }\nstep \"b\"\n> 03\n";
        let document = Document::new(source.to_owned());
        assert_eq!(script(&document, &[1, 3]), "var unit = 1\nstep \"01\"\n> 01; < 02\nstep \"a\"\n> {{unit:u8}}\n");
        assert!(Script::new(None, script(&document, &[1, 3, 5]), &[]).is_ok());
    }
}

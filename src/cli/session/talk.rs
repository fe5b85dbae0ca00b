//! The steps of `--talk FILE`: the run over the session, and what is printed of it. The command ends with the last step.

use super::Run;
use crate::cli::plan::TalkSteps;
use crate::cli::run::{Form, Reporter};
use crate::cli::signals::Signals;
use crate::cli::start::Housekeeping;
use crate::engine::EventKind;
use crate::model::{NetError, Operation, SessionConfig, SessionState};
use crate::runner::{Feed, Observer, OnFailure, OpenSession, Plays, RunEvent, RunHandle, RunOptions};
use crate::words::{self, Lang};
use crossbeam_channel::{Receiver, never, select};
use std::sync::Arc;

/// Tickets of the run; the command line's own sends count from 0, transfers from 1 << 32.
const FIRST_TICKET: u64 = 1 << 40;

/// A run over the session.
pub(super) struct Steps {
    steps: TalkSteps,
    config: SessionConfig,
    feed: Arc<Feed>,
    reporter: Reporter,
    handle: Option<RunHandle>,
    passed: bool,
}

impl Steps {
    pub(super) fn new(steps: TalkSteps, config: SessionConfig, signals: &Signals, (json, lang): (bool, Lang)) -> Self {
        let reporter = Reporter::new(if json { Form::Json } else { Form::Text }, lang, signals.asked.clone());
        let feed = Feed::new(SessionState::Idle, None, FIRST_TICKET);
        Self { steps, config, feed, reporter, handle: None, passed: false }
    }
}

impl Run {
    /// Starts the run, which gives its rules to the session and opens it.
    pub(super) fn start_talk(&mut self, housekeeping: &Housekeeping) {
        let Some(talk) = &mut self.talk else { return };
        let (commands, peers) = (self.handle.commands(), self.handle.peers());
        let mut over = OpenSession::new(commands, talk.config.clone(), talk.feed.clone(), &peers);
        over.framing.clone_from(&talk.steps.framing);
        (over.encoding, over.overrides, over.plays) = (talk.steps.encoding, true, Plays::First);
        let options = RunOptions {
            captures_dir: housekeeping.captures.0.clone(),
            capture: housekeeping.captures.1.clone(),
            counts: None,
            store_in: None,
            variables: Vec::new(),
            only: Vec::new(),
            chosen: None,
            rounds: Some(1),
            on_failure: OnFailure::GoOn,
            over: Some(over),
            time_limit: None,
            stop: never(),
        };
        // The channel of events wakes this thread.
        match RunHandle::spawn(talk.steps.script.clone(), options, Arc::new(|| {})) {
            Ok(handle) => talk.handle = Some(handle),
            Err(error) => {
                self.fail(&NetError::from_io(Operation::Receive, "session", &error));
                self.end();
            }
        }
    }

    /// Passes an event of the session on.
    pub(super) fn talk_hears(&self, event: &EventKind) {
        if let Some(talk) = &self.talk {
            talk.feed.event(event);
        }
    }

    /// Steps are under way.
    pub(super) fn talk_runs(&self) -> bool {
        self.talk.as_ref().is_some_and(|talk| talk.handle.is_some())
    }

    /// The events of the run.
    pub(super) fn talk_events(&self) -> Receiver<RunEvent> {
        let handle = self.talk.as_ref().and_then(|talk| talk.handle.as_ref());
        handle.map_or_else(never, |handle| handle.events().clone())
    }

    /// The user ends the command.
    pub(super) fn stop_talk(&self) {
        if let Some(handle) = self.talk.as_ref().and_then(|talk| talk.handle.as_ref()) {
            handle.stop();
        }
    }

    /// Prints what happened, behind the records before it. `None`: the thread has ended.
    pub(super) fn take_talk(&mut self, event: Option<RunEvent>) {
        self.take_events();
        while self.print_records() {}
        self.printer.out.flush();
        let Some(talk) = &mut self.talk else { return };
        let script = talk.steps.script.clone();
        let mut observer = talk.reporter.of(&script);
        match event {
            Some(RunEvent::Began(index, name)) => observer.began(index, &name),
            Some(RunEvent::Ended(index, step)) => observer.ended(index, &step),
            Some(RunEvent::Noted(text)) => observer.noted(&text),
            Some(RunEvent::Warned(session, warning)) => observer.warned(&session, &warning),
            Some(RunEvent::Round(_) | RunEvent::Opened(..)) => {}
            Some(RunEvent::Finished(outcome)) => {
                match *outcome {
                    Ok(mut outcome) => {
                        // The summary of the session names its capture.
                        outcome.captures.clear();
                        talk.passed = outcome.passed();
                        talk.reporter.end(&script, &outcome);
                    }
                    Err(errors) => {
                        let file = script.path.as_ref().map_or_else(String::new, |path| path.display().to_string());
                        let report = words::talk_report(&file, &script.source, &errors, self.lang, false);
                        self.printer.say(&report);
                    }
                }
                self.talk_ended();
            }
            None => self.talk_ended(),
        }
    }

    fn talk_ended(&mut self) {
        let Some(talk) = &mut self.talk else { return };
        talk.handle = None;
        self.failed |= !talk.passed;
        if self.opened.is_none() && self.closed.is_none() && !self.handle.state().is_active() {
            // It was never opened: there is nothing to wait for.
            self.closed = Some(crate::model::CloseReason::Local);
        }
        self.end();
    }

    /// The session has ended: the steps that are left need it no more, or open it again.
    pub(super) fn finish_talk(&mut self, signals: &Signals) {
        if self.is_ending() {
            self.stop_talk();
        }
        while self.talk_runs() {
            let (talk, events) = (self.talk_events(), self.handle.events().clone());
            select! {
                recv(talk) -> event => self.take_talk(event.ok()),
                recv(events) -> event => match event {
                    Ok(event) => self.take_event(event),
                    Err(_) => self.stop_talk(),
                },
                recv(signals.received) -> _ => self.stop_talk(),
            }
        }
    }
}

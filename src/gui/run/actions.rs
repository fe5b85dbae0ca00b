//! What the actions on runs do.

use crate::codec::FramingRule;
use crate::gui::action::RunAction;
use crate::gui::app::App;
use crate::gui::frame::places::{DockTab, DrawerTab};
use crate::gui::network::form;
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::model::{NetError, Operation, Protocol, SessionId, SessionState};
use crate::runner::{Feed, OnFailure, OpenSession, Plays, RunHandle, RunOptions, Script};
use crate::words;
use crossbeam_channel::never;
use std::path::Path;
use std::sync::Arc;

impl App {
    /// Executes an action on runs.
    pub fn run_action(&mut self, action: RunAction) {
        match action {
            RunAction::Show(id) => self.with(id, |session| {
                session.runs.is_open = true;
                if session.runs.rounds.is_empty() && session.runs.results.is_empty() {
                    session.runs.rounds = "1".to_owned();
                }
                session.places.show_dock(DockTab::Sends);
            }),
            RunAction::Leave(id) => self.with(id, |session| session.runs.is_open = false),
            RunAction::Start(id, steps) => self.start_run(id, steps),
            RunAction::Stop(id) => self.with(id, |session| session.runs.stop()),
            RunAction::ShowRecord(id, record) => self.with(id, |session| {
                if let Some(log) = &mut session.log {
                    log.go_to(record, 0, 0);
                }
            }),
        }
    }

    fn start_run(&mut self, id: SessionId, steps: Option<Vec<usize>>) {
        let (ground, wake, lang) = (self.ground(), self.job_wake(), self.lang);
        let Some(session) = self.sessions.get_mut(&id).filter(|session| !session.runs.is_running()) else { return };
        let Ok(rounds) = session.runs.wanted_rounds() else { return };
        // A step that is run again runs once.
        let rounds = if steps.is_some() { Some(1) } else { rounds };
        let is_framed = session.setup.rule() != FramingRule::as_received();
        let has_frames = is_framed || session.setup.protocol == Protocol::Udp;
        let source = session.talk.document().source().to_owned();
        let script = match Script::over(session.talk.path().map(Path::to_owned), source, &[], has_frames) {
            Ok(script) => Arc::new(script),
            Err(errors) => {
                let first = errors.first().map(|error| words::talk_sentence(&error.kind, lang)).unwrap_or_default();
                self.toasts.add_longer(&self.ctx, Tone::Bad, first);
                return;
            }
        };
        let is_idle = !session.state.is_active();
        if is_idle && !script.has_sessions() && session.archive.is_none() {
            session.open(&ground);
        }
        // A tab that is closed is not used by a file that opens its own sessions.
        let over = if is_idle && script.has_sessions() { None } else { open_session(session, is_idle) };
        if over.is_none() && !script.has_sessions() {
            self.toasts.add(&self.ctx, Tone::Bad, lang.texts().quick_not_connected());
            return;
        }
        let feed = over.as_ref().map(|over| over.feed.clone());
        let options = RunOptions {
            captures_dir: ground.captures_dir.clone(),
            capture: ground.capture,
            counts: Some(session.quick.counts.clone()),
            store_in: None,
            variables: Vec::new(),
            only: Vec::new(),
            chosen: steps,
            rounds,
            on_failure: if session.runs.stops { OnFailure::Stop } else { OnFailure::GoOn },
            over,
            time_limit: None,
            stop: never(),
        };
        match RunHandle::spawn(script.clone(), options, wake) {
            Ok(handle) => {
                session.runs.begin(script, handle, feed, rounds);
                if let Some(log) = &mut session.log {
                    log.set_follow(true);
                }
            }
            Err(error) => {
                let error = NetError::from_io(Operation::Receive, "session", &error);
                self.toasts.add_longer(&self.ctx, Tone::Bad, words::error_sentence(&error, lang));
            }
        }
    }

    /// Takes what the runs report.
    pub(crate) fn poll_runs(&mut self) {
        let mut said = Vec::new();
        for session in self.sessions.values_mut() {
            let failed = session.runs.failures();
            let has_ended = session.runs.poll();
            if session.runs.failures() > failed && session.places.drawer().is_none() {
                session.places.show_drawer(DrawerTab::Results);
            }
            if !has_ended {
                continue;
            }
            if let Some(error) = session.runs.end.as_ref().and_then(|(_, problems)| problems.first()) {
                said.push(words::problem_sentence(&error.kind, self.lang));
            }
        }
        for sentence in said {
            self.toasts.add_longer(&self.ctx, Tone::Bad, sentence);
        }
    }
}

/// The session of a tab for a run; `None`: it is closed. `was_idle`: it is being opened just now.
fn open_session(session: &mut Session, was_idle: bool) -> Option<OpenSession> {
    let config = form::config(&session.setup).ok()?;
    let peers = session.worker_peers()?;
    let (commands, first_ticket) = session.sender()?;
    let state = if was_idle { SessionState::Resolving } else { session.state.clone() };
    let feed = Feed::new(state, session.reader().cloned(), first_ticket);
    let mut over = OpenSession::new(commands, config, feed, &peers);
    let rule = session.setup.rule().in_encoding(session.setup.encoding);
    over.framing = (session.setup.rule() != FramingRule::as_received()).then_some(rule);
    (over.encoding, over.plays) = (Some(session.setup.encoding), Plays::SameAddress);
    Some(over)
}

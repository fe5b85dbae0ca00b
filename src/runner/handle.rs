//! A run in its own thread, for front ends that must not wait.

use super::run::{Observer, RunOptions, run};
use super::script::Script;
use crate::jobs::Wake;
use crate::jobs::thread::spawn_named;
use crate::model::{NetError, SessionState};
use crate::talk::Error;
use crate::talk::outcome::{RunOutcome, StepOutcome};
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};
use std::io;
use std::sync::Arc;

/// Events that may wait for the front end. While there is no room, the run waits.
const CHANNEL_EVENTS: usize = 256;

/// What happens during a run.
#[derive(Debug)]
pub enum RunEvent {
    /// A round begins, counted from 1.
    Round(u64),
    /// A step begins: its place among the steps of the file, its name.
    Began(usize, String),
    /// A step ended.
    Ended(usize, StepOutcome),
    /// `note "…"`.
    Noted(String),
    /// A session is open: its name, its state.
    Opened(String, SessionState),
    /// A session of the run's own has a warning, or cannot store what it receives: its name, the error.
    Warned(String, NetError),
    /// The run has ended; nothing follows. An error: the sessions of the file are wrong, and nothing was opened.
    Finished(Box<Result<RunOutcome, Vec<Error>>>),
}

/// The front end's end of a run. Dropping it stops the run.
pub struct RunHandle {
    stop: Sender<()>,
    events: Receiver<RunEvent>,
}

struct Reporter {
    events: Sender<RunEvent>,
    wake: Wake,
}

impl Reporter {
    fn report(&self, event: RunEvent) {
        // Without a front end nobody wants to know, and the run has got its stop.
        if self.events.send(event).is_ok() {
            (self.wake)();
        }
    }
}

impl Observer for Reporter {
    fn round(&mut self, number: u64) {
        self.report(RunEvent::Round(number));
    }

    fn began(&mut self, index: usize, name: &str) {
        self.report(RunEvent::Began(index, name.to_owned()));
    }

    fn ended(&mut self, index: usize, step: &StepOutcome) {
        self.report(RunEvent::Ended(index, step.clone()));
    }

    fn noted(&mut self, text: &str) {
        self.report(RunEvent::Noted(text.to_owned()));
    }

    fn warned(&mut self, session: &str, error: &NetError) {
        self.report(RunEvent::Warned(session.to_owned(), error.clone()));
    }

    fn opened(&mut self, session: &str, state: &SessionState) {
        self.report(RunEvent::Opened(session.to_owned(), state.clone()));
    }
}

impl RunHandle {
    /// Starts the run; `options.stop` is replaced by that of the handle. `wake` is called after each event and must not block.
    ///
    /// # Errors
    /// The system starts no thread.
    pub fn spawn(script: Arc<Script>, mut options: RunOptions, wake: Wake) -> io::Result<Self> {
        let (stop, stopped) = bounded(1);
        let (sender, events) = bounded(CHANNEL_EVENTS);
        options.stop = stopped;
        spawn_named("talk run", move || {
            let mut reporter = Reporter { events: sender, wake };
            let outcome = run(&script, &options, &mut reporter);
            reporter.report(RunEvent::Finished(Box::new(outcome)));
        })?;
        Ok(Self { stop, events })
    }

    /// Stops the run. It ends any wait at once and reports its outcome.
    pub fn stop(&self) {
        // A second stop changes nothing.
        self.stop.try_send(()).ok();
    }

    /// The events. They must be received: the run waits while 256 are not. Disconnected once the run has ended.
    #[must_use]
    pub fn events(&self) -> &Receiver<RunEvent> {
        &self.events
    }

    /// The next event, without waiting. `Err`: the thread has ended.
    ///
    /// # Errors
    /// See above.
    pub fn poll(&self) -> Result<Option<RunEvent>, TryRecvError> {
        match self.events.try_recv() {
            Ok(event) => Ok(Some(event)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Drop for RunHandle {
    fn drop(&mut self) {
        self.stop();
    }
}

//! The front end's end of a session.

use super::shared::Shared;
use super::worker::Seed;
use super::{Command, Event, PeerTable};
use crate::capture::{CaptureOptions, CaptureReader, Hold};
use crate::jobs::thread::spawn_named;
use crate::model::{CounterValues, Facts, PeerId, SessionId, SessionState};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use mio::Waker;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// Commands that may wait for the worker.
const CHANNEL_COMMANDS: usize = 1024;
/// How long a dropped handle waits for its worker.
const DROP_WAIT: Duration = Duration::from_secs(1);

/// Called by the worker when there is something new to see; must not block.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Options of a session.
#[derive(Clone)]
pub struct SessionOptions {
    /// Its number.
    pub id: SessionId,
    /// Where captures are created. The capture is created at the first open and continues over all runs of this
    /// session, unless it is deleted meanwhile.
    pub captures_dir: PathBuf,
    /// Options of the capture.
    pub capture: CaptureOptions,
    /// Bytes a TCP peer's send queue may hold beyond the payload that is being sent. Default 8 MiB.
    pub queue_limit_bytes: usize,
    /// Wakes the front end.
    pub wake: Wake,
}

/// A running worker. Dropping the handle closes the session and joins the thread (bounded: a second).
pub struct SessionHandle {
    commands: CommandSender,
    events: Receiver<Event>,
    shared: Arc<Shared>,
    /// Never receives anything; it disconnects when the worker ends.
    ended: Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

/// Sends commands to a worker beside its handle, from any thread. It does not keep the worker alive.
#[derive(Clone)]
pub struct CommandSender {
    commands: Sender<Command>,
    waker: Arc<Waker>,
}

impl CommandSender {
    /// Hands a command to the worker and wakes it. Never blocks: `Err` gives the command back when 1,024 are waiting or the worker is gone.
    ///
    /// # Errors
    /// See above.
    #[expect(clippy::result_large_err, reason = "the command is moved in, so it can be moved out")]
    pub fn send(&self, command: Command) -> Result<(), Command> {
        match self.commands.try_send(command) {
            Ok(()) => {
                self.wake_worker();
                Ok(())
            }
            Err(TrySendError::Full(command) | TrySendError::Disconnected(command)) => Err(command),
        }
    }

    fn wake_worker(&self) {
        if let Err(error) = self.waker.wake() {
            tracing::warn!(%error, "the worker could not be woken");
        }
    }
}

impl SessionHandle {
    /// Starts the worker (idle: no sockets, no capture, no CPU).
    ///
    /// # Errors
    /// The system refuses a thread or a poll instance.
    pub fn spawn(options: SessionOptions) -> std::io::Result<Self> {
        let (commands, command_receiver) = bounded(CHANNEL_COMMANDS);
        let (event_sender, events) = bounded(super::context::outbox::CHANNEL_EVENTS);
        let (alive, ended) = bounded(0);
        let shared = Arc::new(Shared::default());
        let name = format!("wb-session-{}", options.id.0);
        let seed = Seed::new(options, command_receiver, event_sender, shared.clone())?;
        let waker = seed.waker();
        let thread = spawn_named(name, move || {
            seed.grow().run();
            drop(alive);
        })?;
        let commands = CommandSender { commands, waker };
        Ok(Self { commands, events, shared, ended, thread: Some(thread) })
    }

    /// Hands a command to the worker and wakes it. Never blocks: `Err` gives the command back when 1,024 are waiting or the worker is gone.
    ///
    /// # Errors
    /// See above.
    #[expect(clippy::result_large_err, reason = "the command is moved in, so it can be moved out")]
    pub fn send(&self, command: Command) -> Result<(), Command> {
        self.commands.send(command)
    }

    /// A way to send commands from other threads.
    #[must_use]
    pub fn commands(&self) -> CommandSender {
        self.commands.clone()
    }

    /// The events so far, without waiting.
    #[must_use]
    pub fn events(&self) -> &Receiver<Event> {
        &self.events
    }

    /// A reading of the counters; O(1), consistent (`received = stored + dropped`).
    #[must_use]
    pub fn counters(&self) -> CounterValues {
        self.shared.counters()
    }

    /// The state as the worker last published it (also sent as an event).
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.shared.state()
    }

    /// The capture, once it exists.
    #[must_use]
    pub fn capture(&self) -> Option<CaptureReader> {
        self.shared.capture()
    }

    /// The hold on all records of the capture, if [`Command::HoldForReader`] requested one. It is available with the event
    /// [`EventKind::Capture`](super::EventKind::Capture), once.
    #[must_use]
    pub fn take_hold(&self) -> Option<Hold> {
        self.shared.take_hold()
    }

    /// The facts that [`Command::AskFacts`] asked for last, of this or an earlier moment. Those of a connection that has ended stay.
    #[must_use]
    pub fn facts(&self) -> Option<(PeerId, Arc<Facts>)> {
        self.shared.facts()
    }

    /// The current peers.
    #[must_use]
    pub fn peers(&self) -> Arc<PeerTable> {
        self.shared.peers.clone()
    }

    /// How often each rule of the session's talk file has acted, by its place among the rules of the file (`on …`), those that are `off`
    /// included; rules of files that it uses are not listed. The counts go on over all runs and while rules are edited or switched
    /// off; [`Command::ResetCounters`] sets them to zero. Published once a turn, for the first 10,000 rules; empty without a talk file.
    #[must_use]
    pub fn rule_hits(&self) -> Vec<u64> {
        self.shared.rule_hits()
    }

    /// Ends the session and waits at most `wait` until the worker has closed the capture; true: it has.
    #[expect(clippy::must_use_candidate, reason = "a front end that ends does not care how long it took")]
    pub fn finish(mut self, wait: Duration) -> bool {
        self.stop(wait)
    }

    fn stop(&mut self, wait: Duration) -> bool {
        let Some(thread) = self.thread.take() else { return true };
        self.shared.stop();
        self.commands.wake_worker();
        if self.ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!(?wait, "a worker did not end in time and is left alone");
            return false;
        }
        if thread.join().is_err() {
            tracing::warn!("a worker ended by a panic");
        }
        true
    }
}

impl Drop for SessionHandle {
    fn drop(&mut self) {
        self.stop(DROP_WAIT);
    }
}

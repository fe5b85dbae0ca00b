//! The worker: one thread, one poll, one turn after the other.

mod commands;
mod lifecycle;
mod phase;
mod retry;

use crate::engine::context::Context;
use crate::engine::context::outbox::Outbox;
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::{Timer, Timers};
use crate::engine::respond::Replies;
use crate::engine::send::scheduler::Sends;
use crate::engine::shared::Shared;
use crate::engine::worker::phase::Phase;
use crate::engine::worker::retry::Retry;
use crate::engine::{Command, Event, EventKind, SessionOptions};
use crate::model::{CloseReason, CounterValues, NetError, Operation, PeerId, Target};
use crossbeam_channel::{Receiver, Sender};
use mio::{Events, Poll, Waker};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a close waits for the send queues to drain.
const DRAIN: Duration = Duration::from_millis(200);
/// Retry interval while the disk is full.
const DISK_RETRY: Duration = Duration::from_millis(250);
/// Retry interval while the event channel is full.
const OUTBOX_RETRY: Duration = Duration::from_millis(20);
/// Turns longer than this are logged as slow.
const SLOW_TURN: Duration = Duration::from_millis(100);

/// The parts of a worker before it moves to its thread.
pub(in crate::engine) struct Seed {
    options: SessionOptions,
    poll: Poll,
    waker: Arc<Waker>,
    commands: Receiver<Command>,
    events: Sender<Event>,
    shared: Arc<Shared>,
    registry: mio::Registry,
    timers: Timers,
}

impl Seed {
    /// # Errors
    /// The system refuses a poll instance.
    pub(in crate::engine) fn new(
        options: SessionOptions,
        commands: Receiver<Command>,
        events: Sender<Event>,
        shared: Arc<Shared>,
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), PollSource::Waker.token())?);
        let registry = poll.registry().try_clone()?;
        let timers = Timers::new(poll.registry(), PollSource::Timer.token())?;
        Ok(Self { options, poll, waker, commands, events, shared, registry, timers })
    }

    /// The waker that interrupts the worker's poll.
    pub(in crate::engine) fn waker(&self) -> Arc<Waker> {
        self.waker.clone()
    }

    /// Builds the worker on its own thread.
    pub(in crate::engine) fn grow(self) -> Worker {
        let outbox = Outbox::new(self.options.id, self.events, self.shared.clone(), self.options.wake.clone());
        let limit = self.options.queue_limit_bytes;
        let context = Context::new(self.registry, self.timers, outbox, self.shared, limit);
        Worker {
            context,
            phase: Phase::Idle,
            retry: None,
            sends: Sends::default(),
            replies: Replies::default(),
            closing: false,
            outbox_retry: false,
            poll: self.poll,
            waker: self.waker,
            commands: self.commands,
            options: self.options,
        }
    }
}

/// The worker of one session.
pub(in crate::engine) struct Worker {
    context: Context,
    phase: Phase,
    /// Opens the run again once it has ended.
    retry: Option<Retry>,
    sends: Sends,
    replies: Replies,
    /// A close is waiting for the send queues to drain.
    closing: bool,
    outbox_retry: bool,
    poll: Poll,
    waker: Arc<Waker>,
    commands: Receiver<Command>,
    options: SessionOptions,
}

impl Worker {
    /// Runs until the handle is dropped.
    pub(in crate::engine) fn run(mut self) {
        let mut events = Events::with_capacity(1024);
        loop {
            let wait = self.poll_timeout();
            if let Err(error) = self.poll.poll(&mut events, wait)
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the poll failed; the session ends");
                self.context
                    .fail(PeerId::NONE, NetError::from_io(Operation::Receive, self.context.endpoint.clone(), &error));
                self.context.shared.stop();
            }
            // Read before the turn: whatever was sent before the stop is then among the commands of the turn.
            let is_stopping = self.context.shared.stopped();
            let started = Instant::now();
            self.note_events(&events);
            self.turn();
            let took = started.elapsed();
            if took > SLOW_TURN {
                tracing::warn!(?took, session = self.options.id.0, "a turn of the worker took long");
            }
            let has_commands = !self.commands.is_empty() && !self.context.outbox.is_crowded();
            if is_stopping && !has_commands && !self.phase.is_active() {
                break;
            }
        }
        self.context.journal.close();
        self.publish();
    }

    fn poll_timeout(&mut self) -> Option<Duration> {
        let commands = !self.commands.is_empty() && !self.context.outbox.is_crowded();
        let at_once = commands
            || self.context.journal.may_go_on()
            || !self.context.reports.is_empty()
            || self.phase.has_work(&self.context);
        if at_once {
            return Some(Duration::ZERO);
        }
        let now = Instant::now();
        let flush = self.context.journal.flush_deadline().map(|at| at.saturating_duration_since(now));
        match (self.context.timers.poll_timeout(now), flush) {
            (Some(timer), Some(flush)) => Some(timer.min(flush)),
            (timer, flush) => timer.or(flush),
        }
    }

    fn note_events(&mut self, events: &Events) {
        for event in events {
            match PollSource::of(event.token()) {
                Some(PollSource::Waker) | None => {}
                Some(PollSource::Timer) => self.context.timers.fired(),
                // The socket may have been closed earlier in this batch of events.
                Some(source) => {
                    if let Some(sockets) = self.phase.sockets() {
                        sockets.on_event(source, event, &mut self.context);
                    }
                }
            }
        }
    }

    fn turn(&mut self) {
        self.look_at_readers();
        self.take_look_up();
        // One `now` for the whole turn: a round that takes longer than its interval is due again before it is done, and must not keep
        // commands and sockets from their turn.
        let now = Instant::now();
        while let Some(timer) = self.context.timers.pop_due(now) {
            self.on_timer(timer);
        }
        self.take_commands();
        self.serve();
        self.sends.absorb(&mut self.phase, &mut self.context);
        if let Some(sockets) = self.phase.sockets() {
            let sends = &self.sends;
            sockets.release_shutdowns(&|peer| sends.is_busy_with(peer));
        }
        if self.context.shared.stopped() {
            self.begin_close();
        }
        if self.closing && self.phase.is_drained() {
            self.context.ended.get_or_insert(CloseReason::Local);
        }
        self.end_if_over();
        self.publish();
    }

    /// Resumes once the readers that blocked eviction have advanced.
    fn look_at_readers(&mut self) {
        if !self.context.journal.goes_on() {
            return;
        }
        if self.context.journal.is_stalled() {
            self.try_the_disk(); // what they let go may be the room that lacked
        }
        self.phase.make_all_ready();
    }

    fn take_look_up(&mut self) {
        if let Phase::Resolving { lookup, config, started } = &self.phase
            && let Some(addresses) = lookup.poll()
        {
            let (config, started) = (config.clone(), *started);
            lifecycle::resolved(&mut self.phase, &config, addresses, started, &mut self.context);
            self.set_replies();
        }
    }

    /// Stale timers do nothing: their run, job or peer no longer exists.
    fn on_timer(&mut self, timer: Timer) {
        match timer {
            Timer::LookUp => {
                if let Phase::Resolving { config, .. } = &self.phase {
                    lifecycle::look_up_timed_out(config, &mut self.context);
                }
            }
            Timer::Retry => self.open_again(),
            Timer::Socket(timer) => {
                if let Some(sockets) = self.phase.sockets() {
                    sockets.on_timer(timer, &mut self.context);
                }
            }
            Timer::Round(job) => self.sends.round(job, &mut self.phase, &mut self.context),
            Timer::Item(job, peer) => self.sends.item_due(job, peer, &mut self.phase, &mut self.context),
            Timer::Second => self.every_second(),
            Timer::Disk => self.try_the_disk(),
            Timer::Outbox => self.outbox_retry = false,
            Timer::Drain => {
                if self.closing {
                    self.context.ended.get_or_insert(CloseReason::Local);
                }
            }
        }
    }

    fn every_second(&mut self) {
        self.context.timer_in(lifecycle::SECOND, Timer::Second);
        self.context.journal.tick();
        self.sends.tick(&mut self.context);
        if let Some(sockets) = self.phase.sockets() {
            sockets.every_second(&mut self.context);
        }
    }

    fn try_the_disk(&mut self) {
        if self.context.journal.retry() {
            self.context.event(EventKind::Resumed);
            self.phase.make_all_ready();
        } else if self.context.journal.is_stalled() {
            self.context.timer_in(DISK_RETRY, Timer::Disk);
        }
    }

    fn serve(&mut self) {
        if let Some(sockets) = self.phase.sockets() {
            sockets.accept(&mut self.context);
        }
        self.run_on_join();
        if let Some(sockets) = self.phase.sockets() {
            sockets.serve(&mut self.context);
        }
        self.run_on_join();
    }

    fn run_on_join(&mut self) {
        for peer in std::mem::take(&mut self.context.joined) {
            if self.closing {
                continue;
            }
            if self.phase.sockets().is_some_and(|sockets| sockets.is_remote(peer)) {
                if let Some(retry) = &mut self.retry {
                    retry.connected();
                }
                self.context.journal.tries.end();
                for (ticket, plan) in std::mem::take(&mut self.context.when_connected) {
                    self.sends.start(Some(ticket), Target::Peer(peer), plan, &mut self.phase, &mut self.context);
                }
            }
            if let Some(plan) = self.context.on_join.clone() {
                self.sends.start(None, Target::Peer(peer), plan, &mut self.phase, &mut self.context);
            }
        }
    }

    /// Publishes the results of a turn in the order capture, counters, events.
    fn publish(&mut self) {
        let due = self.context.journal.flush_deadline().is_some_and(|at| at <= Instant::now());
        if due || self.context.outbox.has_events() {
            // A failure is reported below.
            self.context.journal.flush();
        }
        if let Some(error) = self.context.journal.take_new_stall() {
            self.context.event(EventKind::Error(error));
            self.context.timer_in(DISK_RETRY, Timer::Disk);
        }
        if self.context.journal.take_published() {
            self.context.outbox.more();
        }
        if !self.context.peer_changes.is_empty() {
            self.context.shared.peers.apply(self.context.peer_changes.drain(..));
        }
        self.context.rules.publish(&self.context.shared);
        self.context.shared.set_counters(self.counters());
        if !self.context.outbox.deliver(self.context.run) && !self.outbox_retry {
            self.outbox_retry = true;
            self.context.timer_in(OUTBOX_RETRY, Timer::Outbox);
        }
    }

    fn counters(&self) -> CounterValues {
        CounterValues {
            kernel_dropped_records: self.context.kernel_dropped,
            queued_bytes: self.context.queued_bytes,
            peers: self.context.shared.peers.len() as u64,
            receive_buffer_bytes: self.context.receive_buffer_bytes,
            ..self.context.journal.counters()
        }
    }
}

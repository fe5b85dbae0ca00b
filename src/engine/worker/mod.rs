//! The worker: one thread, one poll, one turn after the other.

mod lifecycle;
mod phase;

use crate::engine::context::outbox::Outbox;
use crate::engine::context::timers::{Timer, Timers};
use crate::engine::context::{CONNECT, Context, LISTENER, TIMER, UDP, WAKER, peer_of};
use crate::engine::net::keepalive::Patience;
use crate::engine::net::listen;
use crate::engine::send::scheduler::{MAX_JOBS, Sends, Wire};
use crate::engine::shared::Shared;
use crate::engine::worker::phase::Link;
use crate::engine::{Command, Event, EventKind, SendPlan, SessionOptions};
use crate::model::{CloseReason, CounterValues, ErrorKind, NetError, Operation, PeerId, SessionState, Target, Ticket};
use crossbeam_channel::{Receiver, Sender};
use mio::{Events, Poll, Waker};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Commands carried out before sockets get their turn.
const COMMANDS_A_TURN: usize = 64;
/// How long a close waits for the queues.
const DRAIN: Duration = Duration::from_millis(200);
/// When a full disk is tried again.
const DISK_RETRY: Duration = Duration::from_millis(250);
/// When a full event channel is tried again.
const OUTBOX_RETRY: Duration = Duration::from_millis(20);
/// A turn that takes longer is worth a line in the log.
const SLOW_TURN: Duration = Duration::from_millis(100);

/// What a worker is made of, before it is on its thread.
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
    /// The system gives no poll.
    pub(in crate::engine) fn new(
        options: SessionOptions,
        commands: Receiver<Command>,
        events: Sender<Event>,
        shared: Arc<Shared>,
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        let waker = Arc::new(Waker::new(poll.registry(), WAKER)?);
        let registry = poll.registry().try_clone()?;
        let timers = Timers::new(poll.registry(), TIMER)?;
        Ok(Self { options, poll, waker, commands, events, shared, registry, timers })
    }

    /// Wakes the worker.
    pub(in crate::engine) fn waker(&self) -> Arc<Waker> {
        self.waker.clone()
    }

    /// On the worker's thread.
    pub(in crate::engine) fn grow(self) -> Worker {
        let outbox = Outbox::new(self.options.id, self.events, self.shared.clone(), self.options.wake.clone());
        let limit = self.options.queue_limit_bytes;
        let context = Context::new(self.registry, self.timers, outbox, self.shared, limit);
        Worker {
            context,
            link: Link::Idle,
            sends: Sends::default(),
            closing: false,
            outbox_retry: false,
            poll: self.poll,
            waker: self.waker,
            commands: self.commands,
            options: self.options,
        }
    }
}

/// A session's worker.
pub(in crate::engine) struct Worker {
    context: Context,
    link: Link,
    sends: Sends,
    /// A close waits for the queues.
    closing: bool,
    outbox_retry: bool,
    poll: Poll,
    waker: Arc<Waker>,
    commands: Receiver<Command>,
    options: SessionOptions,
}

impl Worker {
    /// Until the handle is gone.
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
            let started = Instant::now();
            self.note_events(&events);
            self.turn();
            let took = started.elapsed();
            if took > SLOW_TURN {
                tracing::warn!(?took, session = self.options.id.0, "a turn of the worker took long");
            }
            if self.context.shared.stopped() && !self.link.is_active() {
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
            || self.link.has_work(&self.context);
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
            match (event.token(), &mut self.link) {
                (WAKER, _) => {}
                (TIMER, _) => self.context.timers.fired(),
                (LISTENER, Link::Tcp(side)) => {
                    if let Some(listener) = &mut side.listener {
                        listener.mark();
                    }
                }
                (UDP, Link::Udp(side)) => side.mark(event),
                (CONNECT, Link::Connecting { connecting, .. }) => {
                    let outcome = connecting.check(&mut self.context);
                    lifecycle::connect(&mut self.link, outcome, &mut self.context);
                }
                (token, Link::Tcp(side)) => {
                    if let Some(peer) = peer_of(token) {
                        side.mark(peer, event);
                    }
                }
                // Of sockets that were closed in this batch.
                _ => {}
            }
        }
    }

    fn turn(&mut self) {
        self.look_at_readers();
        self.take_look_up();
        // One time for the whole turn: rounds that cost more than their interval are due again before they are done, and commands
        // and sockets have their turn all the same.
        let now = Instant::now();
        while let Some(timer) = self.context.timers.pop_due(now) {
            self.on_timer(timer);
        }
        self.take_commands();
        self.serve();
        self.sends.absorb(&mut self.link, &mut self.context);
        if let Link::Tcp(side) = &mut self.link {
            let sends = &self.sends;
            side.release_shutdowns(|peer| sends.is_busy_with(peer));
        }
        if self.context.shared.stopped() {
            self.begin_close();
        }
        if self.closing && self.link.is_drained() {
            self.context.ended.get_or_insert(CloseReason::Local);
        }
        if let Some(reason) = self.context.ended.take() {
            self.closing = false;
            lifecycle::end(&mut self.link, &mut self.sends, reason, &mut self.context);
        }
        self.publish();
    }

    /// Goes on when readers of the capture that were waited for have gone on.
    fn look_at_readers(&mut self) {
        if !self.context.journal.goes_on() {
            return;
        }
        if self.context.journal.is_stalled() {
            self.on_timer(Timer::Disk); // what they let go may be the room that lacked
        }
        self.link.make_all_ready();
    }

    fn take_look_up(&mut self) {
        if let Link::Resolving { lookup, config, started } = &self.link
            && let Some(addresses) = lookup.poll()
        {
            let (config, started) = (config.clone(), *started);
            lifecycle::resolved(&mut self.link, &config, addresses, started, &mut self.context);
        }
    }

    fn on_timer(&mut self, timer: Timer) {
        let context = &mut self.context;
        match (timer, &mut self.link) {
            (Timer::Connect, Link::Resolving { config, .. }) => lifecycle::look_up_timed_out(config, context),
            (Timer::Connect, Link::Connecting { connecting, .. }) => {
                let outcome = connecting.check(context);
                lifecycle::connect(&mut self.link, outcome, context);
            }
            (Timer::PeerFlush(peer), Link::Tcp(side)) => side.flush_is_over(peer, context),
            (Timer::Round(job), link) => self.sends.round(job, link, context),
            (Timer::Accept, Link::Tcp(side)) => {
                if let Some(listener) = &mut side.listener {
                    listener.mark();
                }
            }
            (Timer::UdpSend, Link::Udp(side)) => side.mark_writable(),
            (Timer::Second, link) => {
                context.timer_in(lifecycle::SECOND, Timer::Second);
                context.journal.tick();
                self.sends.tick(context);
                match link {
                    Link::Tcp(side) => {
                        side.look_for_silence(context);
                        side.tell_of_backed_up(context);
                    }
                    Link::Udp(side) => side.check_drops(context),
                    Link::Idle | Link::Resolving { .. } | Link::Connecting { .. } => {}
                }
            }
            (Timer::Disk, link) => {
                if context.journal.retry() {
                    context.event(EventKind::Resumed);
                    link.make_all_ready();
                } else if context.journal.is_stalled() {
                    context.timer_in(DISK_RETRY, Timer::Disk);
                }
            }
            (Timer::Outbox, _) => self.outbox_retry = false,
            (Timer::Drain, _) if self.closing => {
                context.ended.get_or_insert(CloseReason::Local);
            }
            // What it was for is over.
            _ => {}
        }
    }

    fn serve(&mut self) {
        if let Link::Tcp(side) = &mut self.link {
            listen::accept_round(side, &mut self.context);
        }
        self.run_on_join();
        match &mut self.link {
            Link::Tcp(side) => side.serve(&mut self.context),
            Link::Udp(side) => side.serve(&mut self.context),
            Link::Idle | Link::Resolving { .. } | Link::Connecting { .. } => {}
        }
        self.run_on_join();
    }

    fn run_on_join(&mut self) {
        for peer in std::mem::take(&mut self.context.joined) {
            if self.closing {
                continue;
            }
            if matches!(&self.link, Link::Tcp(side) if side.is_client) {
                for (ticket, plan) in std::mem::take(&mut self.context.when_connected) {
                    self.sends.start(Some(ticket), Target::Peer(peer), plan, &mut self.link, &mut self.context);
                }
            }
            if let Some(plan) = self.context.on_join.clone() {
                self.sends.start(None, Target::Peer(peer), plan, &mut self.link, &mut self.context);
            }
        }
    }

    fn take_commands(&mut self) {
        for _ in 0..COMMANDS_A_TURN {
            if self.context.outbox.is_crowded() {
                return;
            }
            let Ok(command) = self.commands.try_recv() else { return };
            self.carry_out(command);
        }
    }

    fn carry_out(&mut self, command: Command) {
        match command {
            Command::Open(config) => {
                self.end_if_over();
                lifecycle::open(&mut self.link, config, &self.options, &self.waker, &mut self.context);
                self.end_if_over();
            }
            Command::Close => self.begin_close(),
            Command::Send { ticket, target, plan } => self.send(ticket, target, plan),
            Command::CancelSend(ticket) => self.cancel(ticket),
            Command::ChangeSend { ticket, bytes } => self.sends.change(ticket, &bytes),
            Command::OnJoin(plan) => self.context.on_join = plan,
            Command::SendWhenConnected { ticket, plan } => self.send_when_connected(ticket, plan),
            Command::SetReply(reply) => {
                self.context.reply = reply;
                // Peers that were not read because of their answers.
                self.link.make_all_ready();
            }
            Command::DisconnectPeer(peer) => self.disconnect(peer, false),
            Command::ResetPeer(peer) => self.disconnect(peer, true),
            Command::ShutdownWrite(target) => self.shut_down_write(target),
            Command::SetPatience(patience) => self.set_patience(Patience::of(patience)),
            Command::PauseReading(paused) => {
                self.context.paused = paused;
                if !paused {
                    self.link.make_all_ready();
                }
            }
            Command::ResetCounters => {
                self.context.journal.reset_counters();
                if let Link::Udp(side) = &mut self.link {
                    side.reset_drops(&mut self.context);
                } else if let Some(dropped) = &mut self.context.kernel_dropped {
                    *dropped = 0;
                }
                self.context.outbox.more();
            }
            Command::HoldForReader => self.context.holds_for_reader = true,
            Command::SetCaptureLimit(bytes) => self.options.capture.limit_bytes = bytes,
        }
    }

    fn set_patience(&mut self, patience: Patience) {
        self.context.patience = patience;
        if let Link::Tcp(side) = &self.link
            && let Some(listener) = &side.listener
        {
            listener.set_patience(patience);
        }
    }

    /// A run that failed in this turn ends before the next command.
    fn end_if_over(&mut self) {
        if let Some(reason) = self.context.ended.take() {
            self.closing = false;
            lifecycle::end(&mut self.link, &mut self.sends, reason, &mut self.context);
        }
    }

    fn send(&mut self, ticket: Ticket, target: Target, plan: SendPlan) {
        if self.closing {
            self.context.not_sent(ticket, ErrorKind::NoPeer, "the session is closing");
        } else {
            self.sends.start(Some(ticket), target, plan, &mut self.link, &mut self.context);
        }
    }

    fn cancel(&mut self, ticket: Ticket) {
        let waiting = self.context.when_connected.iter().position(|(found, _)| *found == ticket);
        if let Some(waiting) = waiting {
            self.context.when_connected.remove(waiting);
            self.context.not_sent(ticket, ErrorKind::Cancelled, "stopped");
        } else {
            // One that has just ended has told so.
            self.sends.cancel(ticket, &mut self.link, &mut self.context);
        }
    }

    /// Waits for the connection of the next run, and for no other.
    fn send_when_connected(&mut self, ticket: Ticket, plan: SendPlan) {
        self.end_if_over();
        if self.link.is_active() {
            self.context.not_sent(ticket, ErrorKind::Invalid, "the session is open already");
        } else if self.context.when_connected.len() >= MAX_JOBS {
            self.context.not_sent(ticket, ErrorKind::QueueFull, "too many sends wait for the connection");
        } else {
            self.context.when_connected.push((ticket, plan));
        }
    }

    fn begin_close(&mut self) {
        if !self.link.is_active() {
            self.context.give_up_waiting(ErrorKind::Cancelled, "the session was closed");
            return;
        }
        if self.closing {
            return;
        }
        match &mut self.link {
            Link::Tcp(side) => side.begin_close(&mut self.context),
            Link::Udp(side) => side.begin_close(&mut self.context),
            Link::Idle | Link::Resolving { .. } | Link::Connecting { .. } => {
                self.context.ended = Some(CloseReason::Local);
                self.end_if_over();
                return;
            }
        }
        self.closing = true;
        self.sends.begin_close(&mut self.link, &mut self.context);
        self.context.state(SessionState::Closing);
        self.context.timer_in(DRAIN, Timer::Drain);
    }

    /// A command that cannot be carried out.
    fn refuse(&mut self, kind: ErrorKind, detail: &str) {
        let address = self.context.endpoint.clone();
        self.context.event(EventKind::Warning(NetError::new(Operation::Send, kind, address, detail)));
    }

    fn disconnect(&mut self, peer: PeerId, reset: bool) {
        match &mut self.link {
            Link::Tcp(side) if side.has(peer) => {
                if reset {
                    side.reset(peer, &mut self.context);
                } else {
                    side.leave(peer, CloseReason::Kicked, &mut self.context);
                }
            }
            Link::Udp(_) => self.refuse(ErrorKind::Invalid, "UDP has no connections"),
            _ => self.refuse(ErrorKind::NoPeer, "no such peer"),
        }
    }

    fn shut_down_write(&mut self, target: Target) {
        if self.link.is_datagram() {
            self.refuse(ErrorKind::Invalid, "UDP has no connections");
            return;
        }
        match self.link.peers_of(target, &mut self.context) {
            Ok(peers) => {
                if let Link::Tcp(side) = &mut self.link {
                    side.shut_down(&peers);
                }
            }
            Err(error) => self.context.event(EventKind::Warning(error)),
        }
    }

    /// The end of a turn: what happened becomes visible, in the order capture, counters, events.
    fn publish(&mut self) {
        let due = self.context.journal.flush_deadline().is_some_and(|at| at <= Instant::now());
        if due || self.context.outbox.has_events() {
            // A failure is told below.
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

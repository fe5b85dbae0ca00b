//! The worker: one thread, one poll, one turn after the other.

use super::core::{CONNECT, Core, LISTENER, TIMER, UDP, WAKER, peer_of};
use super::open;
use super::outbox::Outbox;
use super::patience::Patience;
use super::run::Link;
use super::sender::{MAX_JOBS, Sends, Wire};
use super::shared::Shared;
use super::tcp_server;
use super::timers::{Timer, Timers};
use super::{Command, Event, EventKind, SendPlan, SessionOptions};
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
pub(super) struct Seed {
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
    pub(super) fn new(
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
    pub(super) fn waker(&self) -> Arc<Waker> {
        self.waker.clone()
    }

    /// On the worker's thread.
    pub(super) fn grow(self) -> Worker {
        let outbox = Outbox::new(self.options.id, self.events, self.shared.clone(), self.options.wake.clone());
        let limit = self.options.queue_limit_bytes;
        let core = Core::new(self.registry, self.timers, outbox, self.shared, limit);
        Worker {
            core,
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
pub(super) struct Worker {
    core: Core,
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
    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(1024);
        loop {
            let wait = self.poll_timeout();
            if let Err(error) = self.poll.poll(&mut events, wait)
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "the poll failed; the session ends");
                self.core.fail(PeerId::NONE, NetError::from_io(Operation::Receive, self.core.endpoint.clone(), &error));
                self.core.shared.stop();
            }
            let started = Instant::now();
            self.note_events(&events);
            self.turn();
            let took = started.elapsed();
            if took > SLOW_TURN {
                tracing::warn!(?took, session = self.options.id.0, "a turn of the worker took long");
            }
            if self.core.shared.stopped() && !self.link.is_active() {
                break;
            }
        }
        self.core.journal.close();
        self.publish();
    }

    fn poll_timeout(&mut self) -> Option<Duration> {
        let commands = !self.commands.is_empty() && !self.core.outbox.is_crowded();
        let at_once = commands
            || self.core.journal.may_go_on()
            || !self.core.reports.is_empty()
            || self.link.has_work(&self.core);
        if at_once {
            return Some(Duration::ZERO);
        }
        let now = Instant::now();
        let flush = self.core.journal.flush_deadline().map(|at| at.saturating_duration_since(now));
        match (self.core.timers.poll_timeout(now), flush) {
            (Some(timer), Some(flush)) => Some(timer.min(flush)),
            (timer, flush) => timer.or(flush),
        }
    }

    fn note_events(&mut self, events: &Events) {
        for event in events {
            match (event.token(), &mut self.link) {
                (WAKER, _) => {}
                (TIMER, _) => self.core.timers.fired(),
                (LISTENER, Link::Tcp(side)) => {
                    if let Some(listener) = &mut side.listener {
                        listener.mark();
                    }
                }
                (UDP, Link::Udp(side)) => side.mark(event),
                (CONNECT, Link::Connecting { connecting, .. }) => {
                    let outcome = connecting.check(&mut self.core);
                    open::connect(&mut self.link, outcome, &mut self.core);
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
        while let Some(timer) = self.core.timers.pop_due(now) {
            self.on_timer(timer);
        }
        self.take_commands();
        self.serve();
        self.sends.absorb(&mut self.link, &mut self.core);
        if let Link::Tcp(side) = &mut self.link {
            let sends = &self.sends;
            side.release_shutdowns(|peer| sends.is_busy_with(peer));
        }
        if self.core.shared.stopped() {
            self.begin_close();
        }
        if self.closing && self.link.is_drained() {
            self.core.ended.get_or_insert(CloseReason::Local);
        }
        if let Some(reason) = self.core.ended.take() {
            self.closing = false;
            open::end(&mut self.link, &mut self.sends, reason, &mut self.core);
        }
        self.publish();
    }

    /// Goes on when readers of the capture that were waited for have gone on.
    fn look_at_readers(&mut self) {
        if !self.core.journal.goes_on() {
            return;
        }
        if self.core.journal.is_stalled() {
            self.on_timer(Timer::Disk); // what they let go may be the room that lacked
        }
        self.link.make_all_ready();
    }

    fn take_look_up(&mut self) {
        if let Link::Resolving { lookup, config, started } = &self.link
            && let Some(addresses) = lookup.poll()
        {
            let (config, started) = (config.clone(), *started);
            open::resolved(&mut self.link, &config, addresses, started, &mut self.core);
        }
    }

    fn on_timer(&mut self, timer: Timer) {
        let core = &mut self.core;
        match (timer, &mut self.link) {
            (Timer::Connect, Link::Resolving { config, .. }) => open::look_up_timed_out(config, core),
            (Timer::Connect, Link::Connecting { connecting, .. }) => {
                let outcome = connecting.check(core);
                open::connect(&mut self.link, outcome, core);
            }
            (Timer::PeerFlush(peer), Link::Tcp(side)) => side.flush_is_over(peer, core),
            (Timer::Round(job), link) => self.sends.round(job, link, core),
            (Timer::Accept, Link::Tcp(side)) => {
                if let Some(listener) = &mut side.listener {
                    listener.mark();
                }
            }
            (Timer::UdpSend, Link::Udp(side)) => side.mark_writable(),
            (Timer::Second, link) => {
                core.timer_in(open::SECOND, Timer::Second);
                core.journal.tick();
                self.sends.tick(core);
                match link {
                    Link::Tcp(side) => {
                        side.look_for_silence(core);
                        side.tell_of_backed_up(core);
                    }
                    Link::Udp(side) => side.check_drops(core),
                    Link::Idle | Link::Resolving { .. } | Link::Connecting { .. } => {}
                }
            }
            (Timer::Disk, link) => {
                if core.journal.retry() {
                    core.event(EventKind::Resumed);
                    link.make_all_ready();
                } else if core.journal.is_stalled() {
                    core.timer_in(DISK_RETRY, Timer::Disk);
                }
            }
            (Timer::Outbox, _) => self.outbox_retry = false,
            (Timer::Drain, _) if self.closing => {
                core.ended.get_or_insert(CloseReason::Local);
            }
            // What it was for is over.
            _ => {}
        }
    }

    fn serve(&mut self) {
        if let Link::Tcp(side) = &mut self.link {
            tcp_server::accept_round(side, &mut self.core);
        }
        self.run_on_join();
        match &mut self.link {
            Link::Tcp(side) => side.serve(&mut self.core),
            Link::Udp(side) => side.serve(&mut self.core),
            Link::Idle | Link::Resolving { .. } | Link::Connecting { .. } => {}
        }
        self.run_on_join();
    }

    fn run_on_join(&mut self) {
        for peer in std::mem::take(&mut self.core.joined) {
            if self.closing {
                continue;
            }
            if matches!(&self.link, Link::Tcp(side) if side.is_client) {
                for (ticket, plan) in std::mem::take(&mut self.core.when_connected) {
                    self.sends.start(Some(ticket), Target::Peer(peer), plan, &mut self.link, &mut self.core);
                }
            }
            if let Some(plan) = self.core.on_join.clone() {
                self.sends.start(None, Target::Peer(peer), plan, &mut self.link, &mut self.core);
            }
        }
    }

    fn take_commands(&mut self) {
        for _ in 0..COMMANDS_A_TURN {
            if self.core.outbox.is_crowded() {
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
                open::open(&mut self.link, config, &self.options, &self.waker, &mut self.core);
                self.end_if_over();
            }
            Command::Close => self.begin_close(),
            Command::Send { ticket, target, plan } => self.send(ticket, target, plan),
            Command::CancelSend(ticket) => self.cancel(ticket),
            Command::ChangeSend { ticket, bytes } => self.sends.change(ticket, &bytes),
            Command::OnJoin(plan) => self.core.on_join = plan,
            Command::SendWhenConnected { ticket, plan } => self.send_when_connected(ticket, plan),
            Command::SetReply(reply) => {
                self.core.reply = reply;
                // Peers that were not read because of their answers.
                self.link.make_all_ready();
            }
            Command::DisconnectPeer(peer) => self.disconnect(peer, false),
            Command::ResetPeer(peer) => self.disconnect(peer, true),
            Command::ShutdownWrite(target) => self.shut_down_write(target),
            Command::SetPatience(patience) => self.set_patience(Patience::of(patience)),
            Command::PauseReading(paused) => {
                self.core.paused = paused;
                if !paused {
                    self.link.make_all_ready();
                }
            }
            Command::ResetCounters => {
                self.core.journal.reset_counters();
                if let Link::Udp(side) = &mut self.link {
                    side.reset_drops(&mut self.core);
                } else if let Some(dropped) = &mut self.core.kernel_dropped {
                    *dropped = 0;
                }
                self.core.outbox.more();
            }
            Command::HoldForReader => self.core.holds_for_reader = true,
            Command::SetCaptureLimit(bytes) => self.options.capture.limit_bytes = bytes,
        }
    }

    fn set_patience(&mut self, patience: Patience) {
        self.core.patience = patience;
        if let Link::Tcp(side) = &self.link
            && let Some(listener) = &side.listener
        {
            listener.set_patience(patience);
        }
    }

    /// A run that failed in this turn ends before the next command.
    fn end_if_over(&mut self) {
        if let Some(reason) = self.core.ended.take() {
            self.closing = false;
            open::end(&mut self.link, &mut self.sends, reason, &mut self.core);
        }
    }

    fn send(&mut self, ticket: Ticket, target: Target, plan: SendPlan) {
        if self.closing {
            self.core.not_sent(ticket, ErrorKind::NoPeer, "the session is closing");
        } else {
            self.sends.start(Some(ticket), target, plan, &mut self.link, &mut self.core);
        }
    }

    fn cancel(&mut self, ticket: Ticket) {
        let waiting = self.core.when_connected.iter().position(|(found, _)| *found == ticket);
        if let Some(waiting) = waiting {
            self.core.when_connected.remove(waiting);
            self.core.not_sent(ticket, ErrorKind::Cancelled, "stopped");
        } else {
            // One that has just ended has told so.
            self.sends.cancel(ticket, &mut self.link, &mut self.core);
        }
    }

    /// Waits for the connection of the next run, and for no other.
    fn send_when_connected(&mut self, ticket: Ticket, plan: SendPlan) {
        self.end_if_over();
        if self.link.is_active() {
            self.core.not_sent(ticket, ErrorKind::Invalid, "the session is open already");
        } else if self.core.when_connected.len() >= MAX_JOBS {
            self.core.not_sent(ticket, ErrorKind::QueueFull, "too many sends wait for the connection");
        } else {
            self.core.when_connected.push((ticket, plan));
        }
    }

    fn begin_close(&mut self) {
        if !self.link.is_active() {
            self.core.give_up_waiting(ErrorKind::Cancelled, "the session was closed");
            return;
        }
        if self.closing {
            return;
        }
        match &mut self.link {
            Link::Tcp(side) => side.begin_close(&mut self.core),
            Link::Udp(side) => side.begin_close(&mut self.core),
            Link::Idle | Link::Resolving { .. } | Link::Connecting { .. } => {
                self.core.ended = Some(CloseReason::Local);
                self.end_if_over();
                return;
            }
        }
        self.closing = true;
        self.sends.begin_close(&mut self.link, &mut self.core);
        self.core.state(SessionState::Closing);
        self.core.timer_in(DRAIN, Timer::Drain);
    }

    /// A command that cannot be carried out.
    fn refuse(&mut self, kind: ErrorKind, detail: &str) {
        let address = self.core.endpoint.clone();
        self.core.event(EventKind::Warning(NetError::new(Operation::Send, kind, address, detail)));
    }

    fn disconnect(&mut self, peer: PeerId, reset: bool) {
        match &mut self.link {
            Link::Tcp(side) if side.has(peer) => {
                if reset {
                    side.reset(peer, &mut self.core);
                } else {
                    side.leave(peer, CloseReason::Kicked, &mut self.core);
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
        match self.link.peers_of(target, &mut self.core) {
            Ok(peers) => {
                if let Link::Tcp(side) = &mut self.link {
                    side.shut_down(&peers);
                }
            }
            Err(error) => self.core.event(EventKind::Warning(error)),
        }
    }

    /// The end of a turn: what happened becomes visible, in the order capture, counters, events.
    fn publish(&mut self) {
        let due = self.core.journal.flush_deadline().is_some_and(|at| at <= Instant::now());
        if due || self.core.outbox.has_events() {
            // A failure is told below.
            self.core.journal.flush();
        }
        if let Some(error) = self.core.journal.take_new_stall() {
            self.core.event(EventKind::Error(error));
            self.core.timer_in(DISK_RETRY, Timer::Disk);
        }
        if self.core.journal.take_published() {
            self.core.outbox.more();
        }
        if !self.core.peer_changes.is_empty() {
            self.core.shared.peers.apply(self.core.peer_changes.drain(..));
        }
        self.core.shared.set_counters(self.counters());
        if !self.core.outbox.deliver(self.core.run) && !self.outbox_retry {
            self.outbox_retry = true;
            self.core.timer_in(OUTBOX_RETRY, Timer::Outbox);
        }
    }

    fn counters(&self) -> CounterValues {
        CounterValues {
            kernel_dropped_records: self.core.kernel_dropped,
            queued_bytes: self.core.queued_bytes,
            peers: self.core.shared.peers.len() as u64,
            receive_buffer_bytes: self.core.receive_buffer_bytes,
            ..self.core.journal.counters()
        }
    }
}

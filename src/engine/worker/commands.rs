//! Carries out the commands of the front end.

use super::{DRAIN, Worker, lifecycle};
use crate::capture::SessionNote;
use crate::engine::context::limits::Patience;
use crate::engine::context::timers::Timer;
use crate::engine::net::sockets::Disconnect;
use crate::engine::send::outlet::Outlet;
use crate::engine::send::scheduler::MAX_JOBS;
use crate::engine::worker::phase::Phase;
use crate::engine::worker::retry::Retry;
use crate::engine::{Command, EventKind, SendPlan};
use crate::model::{CloseReason, ErrorKind, NetError, PeerId, Reconnect, SessionConfig, SessionState, Target, Ticket};

/// At most this many commands are carried out per turn, so that sockets are served too.
const COMMANDS_A_TURN: usize = 64;

impl Worker {
    pub(super) fn take_commands(&mut self) {
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
                if !self.phase.is_active() {
                    self.retry = Retry::of(&config).filter(|_| lifecycle::check(&config).is_ok());
                    self.context.journal.tries.end();
                    self.count_tries();
                }
                self.open(config);
            }
            Command::Close => self.begin_close(),
            Command::Send { ticket, target, plan } => self.send(ticket, target, plan),
            Command::CancelSend(ticket) => self.cancel(ticket),
            Command::ChangeSend { ticket, content } => self.sends.change(ticket, &content),
            Command::OnJoin(plan) => self.context.on_join = plan,
            Command::SendWhenConnected { ticket, plan } => self.send_when_connected(ticket, plan),
            Command::SetReplies(replies) => {
                self.replies = *replies;
                self.context.rules.enter(self.replies.talk.as_ref().map(|talk| &*talk.0));
                self.set_replies();
            }
            Command::DisconnectPeer(peer) => self.disconnect(peer, Disconnect::InOrder),
            Command::ResetPeer(peer) => self.disconnect(peer, Disconnect::Reset),
            Command::ShutdownWrite(target) => self.shut_down_write(target),
            Command::SetPatience(patience) => self.set_patience(Patience::of(patience)),
            Command::SetReconnect(policy) => self.set_reconnect(policy),
            Command::AskFacts(peer) => self.ask_facts(peer),
            Command::RecordFacts(records) => self.context.records_facts = records,
            Command::SetFaults(faults) => self.context.faults = faults,
            Command::Note { peer, note } => self.context.journal.note(peer, &note),
            Command::PauseReading(paused) => {
                self.context.paused = paused;
                if !paused {
                    self.phase.make_all_ready();
                }
            }
            Command::ResetCounters => {
                self.context.journal.reset_counters();
                self.context.rules.reset();
                match self.phase.sockets() {
                    Some(sockets) => sockets.reset_counters(&mut self.context),
                    None => self.context.reset_kernel_dropped(),
                }
                self.context.outbox.more();
            }
            Command::HoldForReader => self.context.holds_for_reader = true,
            Command::SetCaptureLimits { limit_bytes, kept_file_bytes } => {
                let capture = &mut self.options.capture;
                (capture.limit_bytes, capture.kept_file_bytes) = (limit_bytes, kept_file_bytes);
                self.context.journal.kept_file_bytes = kept_file_bytes;
            }
        }
    }

    /// The replies are those of the session; the sockets of each run get them.
    pub(super) fn set_replies(&mut self) {
        if let Some(sockets) = self.phase.sockets() {
            sockets.set_replies(self.replies.clone(), &mut self.context);
        }
    }

    fn ask_facts(&mut self, peer: PeerId) {
        self.context.shows_facts_of(peer);
        let facts = self.phase.sockets().and_then(|sockets| sockets.facts(peer, &self.context));
        if let Some(facts) = facts {
            self.context.show_facts(peer, facts);
        }
    }

    fn set_patience(&mut self, patience: Patience) {
        self.context.set_patience(patience);
        if let Some(sockets) = self.phase.sockets() {
            sockets.set_patience(&self.context);
        }
    }

    fn open(&mut self, config: SessionConfig) {
        lifecycle::open(&mut self.phase, config, &self.options, &self.waker, &mut self.context);
        self.set_replies();
        self.end_if_over();
    }

    /// Begins the run that a client waited for.
    pub(super) fn open_again(&mut self) {
        match std::mem::take(&mut self.phase) {
            Phase::Waiting(retry) => {
                let config = retry.config().clone();
                self.retry = Some(retry);
                self.open(config);
            }
            other => self.phase = other,
        }
    }

    /// Ends a run that is over: at the end of a turn, and before a command that must not meet it.
    pub(super) fn end_if_over(&mut self) {
        let Some(reason) = self.context.ended.take() else { return };
        let is_closing = std::mem::take(&mut self.closing);
        if is_closing || reason == CloseReason::Local {
            self.context.journal.tries.end();
        }
        let retry = self.retry.take().filter(|_| !is_closing).and_then(|retry| retry.after(reason));
        let next = retry.as_ref().map(Retry::next);
        lifecycle::end(&mut self.phase, &mut self.sends, (reason, next), &mut self.context);
        match retry.zip(next) {
            Some((retry, next)) => {
                self.context.timer_in(retry.wait(), Timer::Retry);
                self.context.state(SessionState::Waiting { reason, next });
                self.phase = Phase::Waiting(retry);
            }
            None => self.context.state(SessionState::Closed(reason)),
        }
    }

    /// Changes how an open or waiting client connects again.
    fn set_reconnect(&mut self, policy: Option<Reconnect>) {
        match &mut self.phase {
            Phase::Waiting(_) if policy.is_none() => self.stop_waiting(),
            Phase::Waiting(retry) => retry.policy = policy,
            _ => {
                if let Some(retry) = &mut self.retry {
                    retry.policy = policy;
                }
                self.count_tries();
            }
        }
    }

    fn count_tries(&mut self) {
        let reconnects = self.retry.as_ref().is_some_and(|retry| retry.policy.is_some());
        self.context.journal.tries.are_counted = reconnects;
    }

    /// Ends the wait for the next attempt. The last record announced that attempt, so the end is recorded.
    fn stop_waiting(&mut self) {
        self.phase = Phase::Idle;
        self.context.timers.cancel(Timer::Retry);
        self.context.journal.tries.end();
        self.context.journal.note(PeerId::NONE, &SessionNote::Closed { reason: CloseReason::Local, next: None });
        self.context.give_up_waiting(ErrorKind::Cancelled, "the session was closed");
        self.context.state(SessionState::Closed(CloseReason::Local));
    }

    fn send(&mut self, ticket: Ticket, target: Target, plan: SendPlan) {
        if self.closing {
            self.context.not_sent(ticket, ErrorKind::NoPeer, "the session is closing");
        } else {
            self.sends.start(Some(ticket), target, plan, &mut self.phase, &mut self.context);
        }
    }

    fn cancel(&mut self, ticket: Ticket) {
        let waiting = self.context.when_connected.iter().position(|(found, _)| *found == ticket);
        if let Some(waiting) = waiting {
            self.context.when_connected.remove(waiting);
            self.context.not_sent(ticket, ErrorKind::Cancelled, "stopped");
        } else {
            // A send that has just ended has already reported its outcome.
            self.sends.cancel(ticket, &mut self.phase, &mut self.context);
        }
    }

    /// Queues a send for the connection of the next run only.
    fn send_when_connected(&mut self, ticket: Ticket, plan: SendPlan) {
        self.end_if_over();
        if self.phase.is_active() && !matches!(self.phase, Phase::Waiting(_)) {
            self.context.not_sent(ticket, ErrorKind::Invalid, "the session is open already");
        } else if self.context.when_connected.len() >= MAX_JOBS {
            self.context.not_sent(ticket, ErrorKind::QueueFull, "too many sends wait for the connection");
        } else {
            self.context.when_connected.push((ticket, plan));
        }
    }

    pub(super) fn begin_close(&mut self) {
        if !self.phase.is_active() {
            self.context.give_up_waiting(ErrorKind::Cancelled, "the session was closed");
            return;
        }
        if self.closing {
            return;
        }
        if matches!(self.phase, Phase::Waiting(_)) {
            self.stop_waiting();
            return;
        }
        let is_open = self.phase.sockets().is_some_and(|sockets| sockets.begin_close(&mut self.context));
        if !is_open {
            self.context.ended = Some(CloseReason::Local);
            self.end_if_over();
            return;
        }
        self.closing = true;
        self.sends.begin_close(&mut self.phase, &mut self.context);
        self.context.state(SessionState::Closing);
        self.context.timer_in(DRAIN, Timer::Drain);
    }

    fn disconnect(&mut self, peer: PeerId, how: Disconnect) {
        let done = match self.phase.sockets() {
            Some(sockets) => sockets.disconnect(peer, how, &mut self.context),
            None => Err(self.context.refusal(ErrorKind::NoPeer, "no such peer")),
        };
        self.warn_where_refused(done);
    }

    fn shut_down_write(&mut self, target: Target) {
        let done = match self.phase.sockets() {
            Some(sockets) => sockets.shut_down_write(target, &mut self.context),
            None => self.phase.peers_of(target, &mut self.context).map(drop),
        };
        self.warn_where_refused(done);
    }

    fn warn_where_refused(&mut self, done: Result<(), NetError>) {
        if let Err(error) = done {
            self.context.event(EventKind::Warning(error));
        }
    }
}

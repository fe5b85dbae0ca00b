//! `listen` and `connect`: one session of the engine, printed record by record, until its end conditions are met.
//!
//! The main thread waits for events, signals, standard input and timers at once; bytes are read only from the capture.

mod commands;
mod end;
mod records;
mod talk;
mod transfers;

use super::files::Save;
use super::frames::Frames;
use super::out::{STUCK_READER_WAIT, say};
use super::plan::{Role, SessionPlan, Task};
use super::printer::Printer;
use super::sends::{Cut, Sends};
use super::signals::{self, Signals};
use super::start::{self, Housekeeping};
use crate::capture::{CaptureReader, Hold};
use crate::codec::FramingRule;
use crate::engine::{Command, Event, EventKind, SessionHandle, raise_descriptor_limit};
use crate::model::{CloseReason, ErrorKind, NetError, Operation, PeerId, SessionState, Target, Transport};
use crate::words::Lang;
use commands::Commands;
use crossbeam_channel::{never, select};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use talk::Steps;
use transfers::Transfers;

/// Time limit for closing a session.
const CLOSE_WAIT: Duration = Duration::from_secs(5);

/// If records are neither printed nor saved, they are counted at this interval: doing it for each read would slow down the worker.
const UNHURRIED: Duration = Duration::from_millis(4);

/// Phase of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Opening,
    Open,
    /// The end was requested.
    Ending {
        deadline: Instant,
    },
}

struct Run {
    role: Role,
    transport: Transport,
    endpoint: String,
    lang: Lang,
    handle: SessionHandle,
    reader: Option<CaptureReader>,
    /// Protects records that were not printed yet from deletion.
    hold: Option<Hold>,
    /// Number of the next record to print.
    next: u64,
    printer: Printer,
    framing: Option<FramingRule>,
    save: Option<Save>,
    sends: Sends,
    /// File transfers, in place of sends.
    transfers: Option<Transfers>,
    /// The steps of a talk file, beside sends.
    talk: Option<Steps>,
    /// Remote commands, in place of sends.
    commands: Option<Commands>,
    /// The target of sends, once a peer has joined.
    first_peer: Option<PeerId>,
    ends_after_sends: bool,
    no_shutdown: bool,
    /// A TCP client that connects again.
    reconnects: bool,
    run_for: Option<Duration>,
    timeout: Duration,
    time_to_open: Duration,
    phase: Phase,
    started: Instant,
    opened: Option<Instant>,
    peer_half_closed: bool,
    stays_half_open: bool,
    /// Peers that have half-closed and are kept until everything is sent.
    half_closed: Vec<PeerId>,
    shut_down: bool,
    /// The session has ended; only its last records remain to be printed.
    closed: Option<CloseReason>,
    closed_printed: bool,
    /// Failures of sends that were not reported yet.
    send_failures: Vec<NetError>,
    failed: bool,
    /// The capture cannot be written at the moment.
    stalled: bool,
    /// The conditions were met before the connection broke.
    held: bool,
    /// For a UDP `connect`: the system reported that no process receives there.
    refused: bool,
    /// For a UDP `connect` that has sent everything: how long to wait for replies.
    answers_until: Option<Instant>,
    answer_wait: Duration,
    payload: Vec<u8>,
}

/// Runs a session to its end.
pub(super) fn run(plan: SessionPlan) -> ExitCode {
    let lang = plan.common.lang;
    let json = plan.show.json;
    let transport = plan.transport;
    for remark in &plan.remarks {
        say(remark);
    }
    if plan.role == Role::Listen {
        // Before there is a second thread (for signals), which would make it slow.
        raise_descriptor_limit();
    }
    let started = signals::install().and_then(|signals| start::session(&plan).map(|started| (signals, started)));
    match started {
        Ok((signals, (handle, housekeeping))) => Run::new(plan, handle, &signals).until_the_end(&signals, housekeeping),
        Err(error) => {
            start::print_failure(&error, json, transport, lang);
            ExitCode::FAILURE
        }
    }
}

fn is_over(deadline: Instant) -> bool {
    Instant::now() >= deadline
}

impl Run {
    fn new(plan: SessionPlan, handle: SessionHandle, signals: &Signals) -> Self {
        let (lang, json) = (plan.common.lang, plan.show.json);
        let with_connection = plan.sends_with_connection();
        let to_each = plan.sends_to_each();
        let mut sends = plan.sends;
        // The engine itself sends the first list to each peer that joins.
        if to_each {
            sends.remove(0);
        }
        let mut printer = Printer::new(lang, plan.show, plan.outputs.log);
        printer.conditions = plan.conditions;
        let (transfers, commands) = match plan.task {
            Some(Task::Transfer(work)) => (Some(Transfers::new(work, plan.show.encoding)), None),
            Some(Task::Commands(form)) => (None, Some(Commands::new(form, plan.show.encoding))),
            None => (None, None),
        };
        let talk = plan.talk.map(|steps| Steps::new(steps, plan.config.clone(), signals, (json, lang)));
        printer.has_transfers = transfers.is_some();
        printer.out.give_up_after(signals.asked.clone());
        let cut = match (plan.transport, plan.datagram_size) {
            (Transport::Tcp, _) => Cut::Anywhere,
            (Transport::Udp, Some(bytes)) => Cut::Datagrams(bytes),
            (Transport::Udp, None) => Cut::Whole,
        };
        let mut sends = Sends::new(sends, cut, plan.role == Role::Listen || plan.reconnects);
        sends.set_pace(plan.pace.unwrap_or_default());
        if with_connection {
            sends.first_is_given();
        }
        Self {
            role: plan.role,
            transport: plan.transport,
            endpoint: plan.config.endpoint().to_string(),
            lang,
            handle,
            reader: None,
            hold: None,
            next: 0,
            printer,
            framing: plan.framing,
            save: plan.outputs.save,
            sends,
            transfers,
            talk,
            commands,
            first_peer: None,
            ends_after_sends: plan.ends_after_sends,
            no_shutdown: plan.no_shutdown,
            reconnects: plan.reconnects,
            run_for: plan.run_for,
            timeout: plan.timeout,
            time_to_open: plan.time_to_open,
            phase: Phase::Opening,
            started: Instant::now(),
            opened: None,
            peer_half_closed: false,
            stays_half_open: plan.stays_half_open,
            half_closed: Vec::new(),
            shut_down: false,
            closed: None,
            closed_printed: false,
            send_failures: Vec::new(),
            failed: false,
            stalled: false,
            held: false,
            refused: false,
            answers_until: None,
            answer_wait: plan.answer_wait,
            payload: Vec::new(),
        }
    }

    fn until_the_end(mut self, signals: &Signals, housekeeping: Housekeeping) -> ExitCode {
        self.start_talk(&housekeeping);
        loop {
            self.take_events();
            self.printer.out.give_up_at(self.end_of_patience());
            let more = self.print_records();
            if self.closed.is_some() && !more {
                break;
            }
            if !more {
                self.printer.settle_frames();
            }
            self.proceed();
            if let Phase::Ending { deadline } = self.phase
                && Instant::now() >= deadline
            {
                self.fail(&NetError::new(
                    Operation::Receive,
                    ErrorKind::Timeout,
                    "session",
                    "the session did not close in time",
                ));
                break;
            }
            self.wait(signals, more);
        }
        self.finish_talk(signals);
        self.finish(housekeeping)
    }

    fn take_events(&mut self) {
        while let Ok(event) = self.handle.events().try_recv() {
            self.take_event(event);
        }
    }

    fn take_event(&mut self, event: Event) {
        self.transfers_look();
        self.talk_hears(&event.kind);
        match event.kind {
            EventKind::Capture(reader) => {
                // The folder of the first one was deleted; the next run of a client that connects again has another one.
                if self.reader.is_some() {
                    while self.print_records() {}
                    self.next = 0;
                }
                self.printer.capture = reader.id().to_owned();
                let framing = self.framing.clone();
                self.printer.frames = framing.map(|rule| Frames::new(rule, reader.clone(), None));
                self.start_transfers(&reader);
                self.reader = Some(reader);
                self.hold = self.handle.take_hold();
            }
            EventKind::State(SessionState::Closed(reason)) => self.closed = Some(reason),
            EventKind::State(state) => {
                if state.is_open() && self.opened.is_none() {
                    self.opened = Some(Instant::now());
                    if self.phase == Phase::Opening {
                        self.phase = Phase::Open;
                    }
                }
            }
            EventKind::SendFinished(ticket, outcome) => {
                self.send_failures.extend(self.sends.finished(ticket, outcome));
            }
            // Printed from their records, unless the capture cannot store them.
            EventKind::Error(error) if self.reader.is_none() || error.operation == Operation::Store => {
                self.stalled |= error.operation == Operation::Store;
                self.printer.print_error(&error);
            }
            EventKind::Resumed => self.stalled = false,
            // A file that should be sent to each peer that joins; its record is printed.
            EventKind::Warning(error) if error.operation == Operation::ReadFile => self.failed = true,
            // Printed from their records, in order.
            EventKind::Error(_) | EventKind::Warning(_) | EventKind::More | EventKind::SendProgress(_) => {}
        }
    }

    /// Starts the next send and checks the end conditions.
    fn proceed(&mut self) {
        if self.printer.out.is_closed() {
            self.end();
        }
        if self.phase == Phase::Opening && self.opens_by_timeout() && self.started.elapsed() >= self.time_to_open {
            self.fail(&NetError::new(Operation::Resolve, ErrorKind::Timeout, self.endpoint.clone(), ""));
            self.end();
        }
        if self.phase == Phase::Opening && self.reconnects && self.deadlines().into_iter().flatten().any(is_over) {
            // All attempts so far have failed, and each of them was reported.
            self.failed = true;
            self.end();
        }
        if self.phase != Phase::Open || self.closed.is_some() {
            return;
        }
        self.send_next();
        self.let_half_closed_go();
        let conditions = &self.printer.conditions;
        let held = !conditions.is_empty() && conditions.hold() && !self.sends.would_be_cut();
        if held || conditions.are_broken() || self.deadlines().into_iter().flatten().any(is_over) {
            self.end();
        } else if self.talk_runs() {
            // The command ends with the last step.
        } else if self.transfers.is_some() {
            self.proceed_with_transfers();
        } else if self.sends.are_done() && !self.shut_down {
            self.after_sends();
        }
    }

    /// The engine has a deadline for TCP connections; the name look-up for a UDP target is limited here.
    fn opens_by_timeout(&self) -> bool {
        self.role == Role::Connect && self.transport == Transport::Udp
    }

    fn is_ending(&self) -> bool {
        matches!(self.phase, Phase::Ending { .. })
    }

    fn send_next(&mut self) {
        let target = match (self.role, self.transport, self.first_peer) {
            (Role::Connect, ..) if self.reconnects && self.printer.conditions.peers_now() == 0 => return,
            (Role::Connect, ..) => Target::Remote,
            (Role::Listen, Transport::Tcp, _) if self.printer.conditions.peers_now() > 0 => Target::All,
            (Role::Listen, Transport::Udp, Some(first)) => Target::Peer(first),
            (Role::Listen, ..) => return,
        };
        if let Some(command) = self.sends.next_command(target) {
            self.command(command);
        }
    }

    /// Once everything is sent, disconnects the peers that have half-closed.
    fn let_half_closed_go(&mut self) {
        if self.stays_half_open || !self.sends.are_done() || self.talk_runs() {
            return;
        }
        for peer in std::mem::take(&mut self.half_closed) {
            self.shut_down |= self.role == Role::Connect;
            self.command(Command::ShutdownWrite(Target::Peer(peer)));
        }
    }

    fn after_sends(&mut self) {
        // A peer that has half-closed sends nothing any more, and nothing remains to be sent to it.
        let over = self.role == Role::Connect && self.peer_half_closed && !self.no_shutdown && self.run_for.is_none();
        if !(self.ends_after_sends || over) {
            return;
        }
        match self.transport {
            Transport::Tcp => {
                self.shut_down = true;
                self.command(Command::ShutdownWrite(Target::Remote));
            }
            Transport::Udp => self.end_with_the_answers(),
        }
    }

    fn command(&mut self, command: Command) {
        if self.handle.send(command).is_err() {
            self.fail(&NetError::new(
                Operation::Send,
                ErrorKind::QueueFull,
                "session",
                "the session takes no more commands",
            ));
        }
    }

    /// Waits for as many replies as datagrams were sent, unless the system reports that none can arrive.
    fn end_with_the_answers(&mut self) {
        let wait = self.answer_wait;
        self.answers_until = self.answers_until.or_else(|| Instant::now().checked_add(wait));
        let counters = self.handle.counters();
        if self.refused || counters.received_records >= counters.sent_records {
            self.end();
        }
    }

    /// The deadlines: `--for`, `--timeout` if there is a condition, and the wait for replies.
    fn deadlines(&self) -> [Option<Instant>; 3] {
        let timeout = (!self.printer.conditions.is_empty()).then_some(self.timeout);
        // The first connection of a client that connects again may take any number of attempts.
        let from = self.opened.or(self.reconnects.then_some(self.started));
        let [run_for, timeout] = [self.run_for, timeout].map(|after| from?.checked_add(after?));
        [run_for, timeout, self.answers_until]
    }

    /// When to stop waiting for a blocked reader of standard output.
    fn end_of_patience(&self) -> Option<Instant> {
        match self.phase {
            Phase::Ending { deadline } => Some(deadline),
            _ => self.deadlines().into_iter().flatten().min()?.checked_add(STUCK_READER_WAIT),
        }
    }

    /// Requests the end, once.
    fn end(&mut self) {
        if self.is_ending() {
            return;
        }
        self.stop_talk();
        self.printer.conditions.end_begins();
        self.phase = Phase::Ending { deadline: Instant::now() + CLOSE_WAIT };
        self.command(Command::Close);
    }

    fn wait(&mut self, signals: &Signals, more: bool) {
        let ending = self.is_ending();
        let stream = if self.phase == Phase::Open { self.sends.stream() } else { Ok(never()) };
        let stream = stream.unwrap_or_else(|error| {
            self.fail(&error);
            never()
        });
        let mut wake = match self.phase {
            Phase::Ending { deadline } => Some(deadline),
            Phase::Opening if self.opens_by_timeout() => self.started.checked_add(self.time_to_open),
            Phase::Opening if !self.reconnects => None,
            Phase::Opening | Phase::Open => self.deadlines().into_iter().flatten().min(),
        };
        if more {
            wake = Some(Instant::now());
        } else if let Some(quiet) = self.printer.quiet_at() {
            wake = Some(wake.map_or(quiet, |wake| wake.min(quiet)));
        }
        let transfers = self.transfers.as_ref();
        wake = [wake, self.sends.rests_until(), transfers.and_then(Transfers::wake_at)].into_iter().flatten().min();
        let transfers = transfers.map_or_else(never, Transfers::events);
        let talk = self.talk_events();
        let timer = wake.map_or_else(never, crossbeam_channel::at);
        let typed = self.typed_lines();
        let events = self.handle.events().clone();
        select! {
            recv(events) -> event => match event {
                Ok(event) => {
                    if matches!(event.kind, EventKind::More) && self.is_unhurried() {
                        std::thread::sleep(UNHURRIED);
                    }
                    self.take_event(event);
                }
                Err(_) if self.closed.is_none() => self.worker_is_gone(),
                Err(_) => {}
            },
            recv(typed) -> line => self.take_line(line.unwrap_or(Ok(None))),
            recv(transfers) -> event => self.take_transfer(event.ok()),
            recv(talk) -> event => self.take_talk(event.ok()),
            recv(signals.received) -> _ => if !ending { self.end() },
            recv(stream) -> chunk => if let Err(error) = self.sends.take_chunk(chunk.unwrap_or_else(|_| Ok([].into()))) {
                self.fail(&error);
            },
            recv(timer) -> _ => {},
        }
    }

    /// Whether records are only counted.
    fn is_unhurried(&self) -> bool {
        self.phase == Phase::Open
            && self.printer.is_silent()
            && self.save.is_none()
            && self.commands.is_none()
            && self.talk.is_none()
            && !self.printer.conditions.look_at_bytes()
    }

    fn worker_is_gone(&mut self) {
        self.fail(&NetError::new(
            Operation::Receive,
            ErrorKind::Other,
            "session",
            "the session's thread ended unexpectedly",
        ));
        self.closed = Some(CloseReason::Error);
    }
}

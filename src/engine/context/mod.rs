//! Settings and services that every part of a worker uses.

pub(in crate::engine) mod journal;
pub(in crate::engine) mod limits;
pub(in crate::engine) mod outbox;
pub(in crate::engine) mod poll_source;
pub(in crate::engine) mod rule_memory;
pub(in crate::engine) mod timers;
pub(in crate::engine) mod tries;

use crate::capture::SessionNote;
use crate::engine::context::journal::Journal;
use crate::engine::context::limits::AnswerShare;
use crate::engine::context::limits::Patience;
use crate::engine::context::outbox::Outbox;
use crate::engine::context::rule_memory::RuleMemory;
use crate::engine::context::timers::{Timer, Timers, after};
use crate::engine::peers::{PeerChange, PeerInfo};
use crate::engine::shared::Shared;
use crate::engine::{EventKind, Faults, SendOutcome, SendPlan};
use crate::model::{
    CloseReason, Endpoint, ErrorKind, Facts, NetError, Operation, PeerId, Probing, RunNumber, SessionState,
    SocketOptions, Ticket, display_address,
};
use mio::Registry;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Receive buffer for datagrams and for streams that are answered; other streams are read straight into the capture.
const BUFFER_BYTES: usize = 256 << 10;

/// What happened to queued payloads, collected during a turn for the scheduler.
#[derive(Debug)]
pub(in crate::engine) enum Report {
    /// A socket accepted bytes of a send.
    Sent {
        /// The send.
        job: u64,
        /// The receiver.
        peer: PeerId,
        /// Which item.
        item: usize,
        /// Byte count.
        bytes: u64,
        /// The payload is complete.
        done: bool,
    },
    /// A payload could not be sent to this peer.
    Failed {
        /// The send.
        job: u64,
        /// The receiver.
        peer: PeerId,
        /// Why.
        error: NetError,
    },
    /// The peer accepts no more payloads.
    Gone {
        /// Who.
        peer: PeerId,
        /// Its address.
        address: SocketAddr,
    },
    /// A queue has room again.
    Room,
}

/// Settings and services.
pub(in crate::engine) struct Context {
    pub(in crate::engine) registry: Registry,
    pub(in crate::engine) run: RunNumber,
    /// The endpoint of the run, named by errors that concern no single peer.
    pub(in crate::engine) endpoint: String,
    scheme: &'static str,
    pub(in crate::engine) timers: Timers,
    pub(in crate::engine) journal: Journal,
    pub(in crate::engine) outbox: Outbox,
    pub(in crate::engine) shared: Arc<Shared>,
    pub(in crate::engine) reports: Vec<Report>,
    /// New peers for which the on-join plan has not run yet.
    pub(in crate::engine) joined: Vec<PeerId>,
    pub(in crate::engine) peer_changes: Vec<PeerChange>,
    /// Why the run is over; set by whoever finds out.
    pub(in crate::engine) ended: Option<CloseReason>,
    pub(in crate::engine) buffer: Box<[u8]>,
    pub(in crate::engine) on_join: Option<SendPlan>,
    /// Sent once to the server that the next run connects to.
    pub(in crate::engine) when_connected: Vec<(Ticket, SendPlan)>,
    pub(in crate::engine) paused: bool,
    pub(in crate::engine) faults: Option<Faults>,
    /// Captures evict nothing that the front end has not read.
    pub(in crate::engine) holds_for_reader: bool,
    /// How long silent TCP peers are tolerated.
    patience: Patience,
    /// The facts of each connection are recorded when it ends.
    pub(in crate::engine) records_facts: bool,
    /// The peer whose facts the front end shows.
    shown_facts: Option<PeerId>,
    /// The options of the sockets of the run.
    pub(in crate::engine) options: SocketOptions,
    pub(in crate::engine) queue_limit: usize,
    /// Answers that may be queued for each TCP peer; `None`: nothing is answered.
    pub(in crate::engine) answer_share: Option<AnswerShare>,
    pub(in crate::engine) queued_bytes: u64,
    pub(in crate::engine) receive_buffer_bytes: u64,
    pub(in crate::engine) kernel_dropped: Option<u64>,
    /// The reply rules of the session, over all runs.
    pub(in crate::engine) rules: RuleMemory,
}

impl Context {
    pub(in crate::engine) fn new(
        registry: Registry,
        timers: Timers,
        outbox: Outbox,
        shared: Arc<Shared>,
        queue_limit: usize,
    ) -> Self {
        Self {
            registry,
            run: RunNumber(0),
            endpoint: String::new(),
            scheme: "",
            timers,
            journal: Journal::default(),
            outbox,
            shared,
            reports: Vec::new(),
            joined: Vec::new(),
            peer_changes: Vec::new(),
            ended: None,
            buffer: vec![0; BUFFER_BYTES].into_boxed_slice(),
            on_join: None,
            when_connected: Vec::new(),
            paused: false,
            faults: None,
            holds_for_reader: false,
            patience: Patience::default(),
            records_facts: false,
            shown_facts: None,
            options: SocketOptions::default(),
            queue_limit,
            answer_share: None,
            queued_bytes: 0,
            receive_buffer_bytes: 0,
            kernel_dropped: None,
            rules: RuleMemory::default(),
        }
    }

    /// How long silent TCP peers are tolerated: the times of the user's keep-alive, or else those of this program.
    pub(in crate::engine) fn patience(&self) -> Patience {
        match self.options.keep_alive {
            Some(Probing::On(times)) => Patience::of(times.limit()),
            _ => self.patience,
        }
    }

    /// Changes how long silent peers are tolerated where the user has not set keep-alive.
    pub(in crate::engine) fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
    }

    /// The facts of this peer are of use when it ends.
    pub(in crate::engine) fn wants_facts_of(&self, peer: PeerId) -> bool {
        self.records_facts || self.shown_facts == Some(peer)
    }

    /// Remembers whose facts the front end shows.
    pub(in crate::engine) fn shows_facts_of(&mut self, peer: PeerId) {
        self.shown_facts = Some(peer);
    }

    /// Publishes the facts of a peer, if it is the one that the front end shows.
    pub(in crate::engine) fn show_facts(&mut self, peer: PeerId, facts: Facts) {
        if self.shown_facts == Some(peer) {
            self.shared.set_facts(peer, facts);
            self.outbox.more();
        }
    }

    /// Begins a run for this endpoint.
    pub(in crate::engine) fn begin_run(&mut self, endpoint: &Endpoint) {
        self.run.0 += 1;
        self.endpoint = endpoint.to_string();
        self.scheme = endpoint.scheme();
        self.ended = None;
    }

    /// An address with the scheme of this run, for errors.
    pub(in crate::engine) fn named(&self, address: SocketAddr) -> String {
        format!("{}://{}", self.scheme, display_address(address))
    }

    /// Sockets may be read.
    pub(in crate::engine) fn may_read(&self) -> bool {
        !self.paused && self.journal.takes_traffic()
    }

    pub(in crate::engine) fn event(&mut self, kind: EventKind) {
        self.outbox.push(self.run, kind);
    }

    pub(in crate::engine) fn state(&mut self, state: SessionState) {
        self.event(EventKind::State(state));
    }

    /// Reports a problem that ends nothing, as a record and as an event.
    pub(in crate::engine) fn warn(&mut self, peer: PeerId, warning: NetError) {
        tracing::debug!(%warning, "warning");
        self.journal.note(peer, &SessionNote::Warning { warning: warning.clone() });
        self.event(EventKind::Warning(warning));
    }

    /// Reports a failure of the run or of a peer, as a record and as an event.
    pub(in crate::engine) fn fail(&mut self, peer: PeerId, error: NetError) {
        tracing::debug!(%error, "error");
        self.journal.note(peer, &SessionNote::Error { error: error.clone() });
        self.event(EventKind::Error(error));
    }

    /// Reports a failure and ends the run.
    pub(in crate::engine) fn fail_run(&mut self, error: NetError) {
        let reason = if error.kind == ErrorKind::Timeout { CloseReason::Timeout } else { CloseReason::Error };
        self.journal.tries.failed(&error);
        self.fail(PeerId::NONE, error);
        self.ended = Some(reason);
    }

    /// Resets the count of datagrams that the kernel dropped, where the system provides one.
    pub(in crate::engine) fn reset_kernel_dropped(&mut self) {
        if let Some(dropped) = &mut self.kernel_dropped {
            *dropped = 0;
        }
    }

    /// The error of a command that cannot be carried out.
    pub(in crate::engine) fn refusal(&self, kind: ErrorKind, detail: &str) -> NetError {
        NetError::new(Operation::Send, kind, self.endpoint.clone(), detail)
    }

    /// Reports a send that never began.
    pub(in crate::engine) fn not_sent(&mut self, ticket: Ticket, kind: ErrorKind, detail: &str) {
        let error = NetError::new(Operation::Send, kind, self.endpoint.clone(), detail);
        self.event(EventKind::SendFinished(
            ticket,
            SendOutcome { sent_bytes: 0, rounds: 0, peers: 0, result: Err(error), item: None },
        ));
    }

    /// Reports the sends that waited for a connection as not sent.
    pub(in crate::engine) fn give_up_waiting(&mut self, kind: ErrorKind, detail: &str) {
        for (ticket, _) in std::mem::take(&mut self.when_connected) {
            self.not_sent(ticket, kind, detail);
        }
    }

    pub(in crate::engine) fn timer_in(&mut self, wait: Duration, timer: Timer) {
        self.timers.set(after(Instant::now(), wait), timer);
    }

    /// Updates a peer's row in the table.
    pub(in crate::engine) fn show_peer(&mut self, info: PeerInfo) {
        // Successive changes of one busy peer are merged.
        if let Some(PeerChange::Set(last)) = self.peer_changes.last_mut()
            && last.id == info.id
        {
            *last = info;
        } else {
            self.peer_changes.push(PeerChange::Set(info));
        }
    }
}

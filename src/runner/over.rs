//! Runs over a session that is open already: what the front end gives the run, and how it passes on what it learns.

use crate::capture::CaptureReader;
use crate::codec::{Encoding, FramingRule};
use crate::engine::{CommandSender, EventKind, PeerTable, SendOutcome};
use crate::model::{NetError, Operation, PeerId, Protocol, SessionConfig, SessionState, Ticket};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tickets of a run: this many from its first one on.
const TICKETS: u64 = 1 << 32;
/// Results of sends that wait for the run. It takes each before the next send, so more are of an earlier run.
const RESULTS_MAX: usize = 1024;

/// A session that is open already, or is being opened by its front end. The run opens one that is closed, and gives it the rules of the
/// file before.
#[derive(Clone)]
pub struct OpenSession {
    /// The way to its worker.
    pub commands: CommandSender,
    /// What the front end passes on.
    pub feed: Arc<Feed>,
    /// Its configuration.
    pub config: SessionConfig,
    /// How received bytes are cut where the file does not say it. `None`: TCP is a stream, UDP as received.
    pub framing: Option<FramingRule>,
    /// The encoding of texts where the file does not say it.
    pub encoding: Option<Encoding>,
    /// Framing rule and encoding go before those of the file.
    pub overrides: bool,
    /// Which session of the file it is.
    pub plays: Plays,
    /// The first record that the run looks at.
    pub from: u64,
    /// The peers that are connected.
    pub peers: Vec<(PeerId, Option<SocketAddr>)>,
}

/// Which session of a file an open session is. In a file without sessions it is the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plays {
    /// The first one, whatever its address is. Others are opened by the run.
    First,
    /// The one with the same role and address, if any.
    SameAddress,
}

impl OpenSession {
    /// Attaches to a session now: what arrives from now on belongs to the run.
    #[must_use]
    pub fn new(commands: CommandSender, config: SessionConfig, feed: Arc<Feed>, peers: &PeerTable) -> Self {
        let (state, capture) = {
            let news = feed.lock();
            (news.state.clone(), news.capture.clone())
        };
        let from = capture.as_ref().map_or(0, |capture| capture.records().end);
        let peers = match (capture, config.protocol()) {
            (None, _) => Vec::new(),
            (Some(capture), Protocol::TcpClient) => {
                let known = (1..).map(PeerId).take_while(|peer| capture.peer_address(*peer).is_some());
                let last = known.last().filter(|_| state.is_open());
                last.map(|peer| (peer, capture.peer_address(peer))).into_iter().collect()
            }
            // Their addresses stay known; without a remote address the answer goes to one of them.
            (Some(_), Protocol::Udp) if matches!(&config, SessionConfig::Udp(udp) if udp.remote.is_some()) => {
                Vec::new()
            }
            (Some(_), _) => peers.slice(0..peers.len()).into_iter().map(|peer| (peer.id, Some(peer.address))).collect(),
        };
        Self {
            commands,
            feed,
            config,
            framing: None,
            encoding: None,
            overrides: false,
            plays: Plays::SameAddress,
            from,
            peers,
        }
    }
}

/// What a front end learns of its session and passes on to a run: a bounded mailbox, in which the newest state replaces an older one.
#[derive(Debug)]
pub struct Feed {
    news: Mutex<News>,
    signal: Sender<()>,
    signals: Receiver<()>,
    first_ticket: u64,
}

#[derive(Debug, Default)]
pub(super) struct News {
    pub state: SessionState,
    pub capture: Option<CaptureReader>,
    pub error: Option<NetError>,
    pub store_error: Option<NetError>,
    pub sends: BTreeMap<Ticket, SendOutcome>,
    pub has_ended: bool,
}

impl Feed {
    /// Of a session in this state with this capture. Its sends get tickets from `first_ticket` on, which no other send uses.
    #[must_use]
    pub fn new(state: SessionState, capture: Option<CaptureReader>, first_ticket: u64) -> Arc<Self> {
        let (signal, signals) = bounded(1);
        let news = News { state, capture, ..News::default() };
        Arc::new(Self { news: Mutex::new(news), signal, signals, first_ticket })
    }

    /// Passes on an event of the session. Never blocks.
    pub fn event(&self, event: &EventKind) {
        let mut news = self.lock();
        match event {
            EventKind::Capture(capture) => news.capture = Some(capture.clone()),
            EventKind::State(state) => news.state = state.clone(),
            EventKind::SendFinished(ticket, outcome) => {
                let is_own = (self.first_ticket..self.first_ticket + TICKETS).contains(&ticket.0);
                if is_own && news.sends.len() < RESULTS_MAX {
                    news.sends.insert(*ticket, outcome.clone());
                }
            }
            EventKind::Error(error) if error.operation == Operation::Store => news.store_error = Some(error.clone()),
            EventKind::Error(error) => news.error = Some(error.clone()),
            EventKind::Resumed => news.store_error = None,
            // The front end shows warnings itself.
            EventKind::More | EventKind::SendProgress(_) | EventKind::Warning(_) => {}
        }
        drop(news);
        self.wake();
    }

    /// The worker of the session has ended.
    pub fn end(&self) {
        self.lock().has_ended = true;
        self.wake();
    }

    /// A command was given that changes the state; the state before it no longer counts.
    pub(super) fn expect(&self, state: SessionState) {
        let mut news = self.lock();
        news.state = state;
        news.error = None;
    }

    /// Takes what is new. State and capture stay.
    pub(super) fn take(&self) -> News {
        // A signal that comes later announces what is taken now or later.
        while self.signals.try_recv().is_ok() {}
        let mut news = self.lock();
        News {
            state: news.state.clone(),
            capture: news.capture.clone(),
            error: news.error.take(),
            store_error: news.store_error.clone(),
            sends: std::mem::take(&mut news.sends),
            has_ended: news.has_ended,
        }
    }

    pub(super) fn signals(&self) -> &Receiver<()> {
        &self.signals
    }

    pub(super) fn first_ticket(&self) -> u64 {
        self.first_ticket
    }

    fn wake(&self) {
        match self.signal.try_send(()) {
            // A waiting signal suffices.
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

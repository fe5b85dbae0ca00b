//! A session under test, and the other end of its socket.

use crossbeam_channel::{Sender, bounded};
use std::io::{ErrorKind as Io, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};
use wirebench::capture::{CaptureOptions, CaptureReader, Record, RecordKind, SessionNote};
use wirebench::engine::{Command, EventKind, SendItem, SendOutcome, SendPlan, SessionHandle, SessionOptions};
use wirebench::model::{
    CounterValues, Direction, HostPort, PeerId, SessionConfig, SessionId, SessionState, Target, TcpClientConfig,
    TcpServerConfig, Ticket, UdpConfig,
};

/// Time limit for any event before a test fails.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// A session with its own folder, and all its events so far.
pub struct Session {
    handle: Option<SessionHandle>,
    folder: tempfile::TempDir,
    events: Vec<EventKind>,
    states: Vec<SessionState>,
}

pub fn host(text: &str) -> HostPort {
    text.parse().expect("a host and port")
}

pub fn server(local: &str) -> SessionConfig {
    SessionConfig::TcpServer(TcpServerConfig::new(host(local)))
}

pub fn client(remote: SocketAddr) -> SessionConfig {
    SessionConfig::TcpClient(TcpClientConfig::new(host(&remote.to_string())))
}

pub fn udp(local: &str) -> SessionConfig {
    SessionConfig::Udp(UdpConfig::new(Some(host(local)), None))
}

pub fn udp_to(remote: SocketAddr) -> SessionConfig {
    SessionConfig::Udp(UdpConfig::new(None, Some(host(&remote.to_string()))))
}

pub fn plan(items: Vec<SendItem>) -> SendPlan {
    SendPlan { items, every: None, rounds: Some(1) }
}

pub fn bytes(bytes: &[u8]) -> SendItem {
    SendItem::bytes(bytes)
}

/// Bytes that do not repeat soon, so that lost, duplicated or swapped bytes are noticed.
pub fn pattern(len: usize) -> Vec<u8> {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut out = Vec::with_capacity(len + 8);
    while out.len() < len {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out.extend_from_slice(&state.to_le_bytes());
    }
    out.truncate(len);
    out
}

impl Session {
    pub fn new() -> Self {
        Self::with(CaptureOptions::default(), 8 << 20)
    }

    pub fn with(capture: CaptureOptions, queue_limit_bytes: usize) -> Self {
        Self::with_wake(capture, queue_limit_bytes, Arc::new(|| {}))
    }

    /// A session whose worker blocks at the end of each turn with events until the other end releases it. Dropping the sender
    /// releases it permanently.
    pub fn held() -> (Self, Sender<()>) {
        let (go_on, held) = bounded(1);
        let wake = Arc::new(move || {
            // The sender was dropped.
            held.recv_timeout(DEADLINE).ok();
        });
        (Self::with_wake(CaptureOptions::default(), 8 << 20, wake), go_on)
    }

    fn with_wake(capture: CaptureOptions, queue_limit_bytes: usize, wake: wirebench::engine::Wake) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let options = SessionOptions {
            id: SessionId(7),
            captures_dir: folder.path().join("captures"),
            capture,
            queue_limit_bytes,
            wake,
        };
        let handle = Some(SessionHandle::spawn(options).expect("a worker"));
        Self { handle, folder, events: Vec::new(), states: Vec::new() }
    }

    /// An open session.
    pub fn open(config: SessionConfig) -> Self {
        let mut session = Self::new();
        session.command(Command::Open(config));
        session.wait_state("open", SessionState::is_open);
        session
    }

    pub fn handle(&self) -> &SessionHandle {
        self.handle.as_ref().expect("not finished")
    }

    pub fn captures_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("captures")
    }

    pub fn command(&self, command: Command) {
        assert!(self.handle().send(command).is_ok(), "the worker accepts commands");
    }

    pub fn events(&mut self) -> &[EventKind] {
        while let Ok(event) = self.handle.as_ref().expect("not finished").events().try_recv() {
            assert_eq!(event.session, SessionId(7));
            if let EventKind::State(state) = &event.kind {
                self.states.push(state.clone());
            }
            self.events.push(event.kind);
        }
        &self.events
    }

    /// Waits until `found` returns a value, checking after each event and every few milliseconds.
    pub fn wait<T>(&mut self, what: &str, mut found: impl FnMut(&mut Self) -> Option<T>) -> T {
        let until = Instant::now() + DEADLINE;
        loop {
            self.events();
            if let Some(found) = found(self) {
                return found;
            }
            assert!(
                Instant::now() < until,
                "no {what} in time; states {:?}; story {:?}",
                self.states,
                self.capture().map(|capture| story(&capture))
            );
            let event = self.handle().events().recv_timeout(Duration::from_millis(5));
            if let Ok(event) = event {
                if let EventKind::State(state) = &event.kind {
                    self.states.push(state.clone());
                }
                self.events.push(event.kind);
            }
        }
    }

    pub fn wait_state(&mut self, what: &str, fits: impl Fn(&SessionState) -> bool) -> SessionState {
        self.wait(what, |session| session.states.last().filter(|state| fits(state)).cloned())
    }

    pub fn wait_closed(&mut self) -> SessionState {
        self.wait_state("closed state", |state| matches!(state, SessionState::Closed(_)))
    }

    pub fn local(&self) -> SocketAddr {
        self.handle().state().local().expect("a local address")
    }

    pub fn capture(&self) -> Option<CaptureReader> {
        self.handle().capture()
    }

    pub fn reader(&self) -> CaptureReader {
        self.capture().expect("a capture")
    }

    pub fn counters(&self) -> CounterValues {
        self.handle().counters()
    }

    /// Waits until this count of payload bytes was received.
    pub fn wait_received(&mut self, count: u64) {
        self.wait(&format!("{count} received bytes"), |session| {
            let counters = session.counters();
            assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes);
            let published = || payload(&session.reader(), Direction::Received, None).len() as u64;
            (counters.received_bytes >= count && published() >= count).then_some(())
        });
    }

    pub fn send(&self, ticket: u64, target: Target, plan: SendPlan) {
        self.command(Command::Send { ticket: Ticket(ticket), target, plan });
    }

    pub fn outcome(&mut self, ticket: u64) -> SendOutcome {
        self.wait(&format!("outcome of send {ticket}"), |session| {
            session.events.iter().find_map(|event| match event {
                EventKind::SendFinished(found, outcome) if found.0 == ticket => Some(outcome.clone()),
                _ => None,
            })
        })
    }

    /// Sends to the only peer or the remote address and waits for the outcome.
    pub fn send_and_wait(&mut self, ticket: u64, target: Target, item: SendItem) -> SendOutcome {
        self.send(ticket, target, plan(vec![item]));
        let outcome = self.outcome(ticket);
        assert_eq!(outcome.result, Ok(()), "send {ticket}");
        outcome
    }

    /// Waits until the story contains this line, and returns the complete story.
    pub fn wait_story(&mut self, line: &str) -> Vec<String> {
        self.wait(&format!("story line {line:?}"), |session| {
            let story = story(&session.capture()?);
            story.iter().any(|found| found == line).then_some(story)
        })
    }

    pub fn story(&self) -> Vec<String> {
        story(&self.reader())
    }

    /// Waits for this count of peers.
    pub fn wait_peers(&mut self, count: usize) -> Vec<PeerId> {
        self.wait(&format!("{count} peers"), |session| {
            let peers = session.handle().peers();
            (peers.len() == count).then(|| peers.slice(0..count).iter().map(|peer| peer.id).collect())
        })
    }

    pub fn close(&mut self) {
        self.command(Command::Close);
        self.wait_closed();
    }

    pub fn finish(mut self) -> bool {
        self.handle.take().expect("not finished").finish(DEADLINE)
    }
}

/// All records.
pub fn records(reader: &CaptureReader) -> Vec<Record> {
    let range = reader.records();
    let mut records: Vec<Record> = Vec::new();
    let mut next = range.start;
    while next < range.end {
        let before = records.len();
        reader.records_in(next..range.end, &mut records).expect("readable records");
        assert!(records.len() > before, "records_in must make progress");
        next = records.last().expect("one").number + 1;
    }
    records
}

/// The bytes of one direction, of one peer or of all, in order.
pub fn payload(reader: &CaptureReader, direction: Direction, peer: Option<PeerId>) -> Vec<u8> {
    let mut all = Vec::new();
    for record in records(reader) {
        let wanted = record.direction == Some(direction) && peer.is_none_or(|peer| record.peer == peer);
        if wanted {
            reader.payload(&record, 0..record.len, &mut all).expect("readable payload");
        }
    }
    all
}

/// The history as short lines: `opened 1`, `joined 1`, `received 1 hello`, `left 1 peer_fin`, `closed local`.
pub fn story(reader: &CaptureReader) -> Vec<String> {
    records(reader).iter().map(|record| line(reader, record)).collect()
}

fn line(reader: &CaptureReader, record: &Record) -> String {
    let peer = record.peer.0;
    let note = || reader.note(record).expect("a note");
    match record.kind {
        RecordKind::Data => {
            let mut bytes = Vec::new();
            reader.payload(record, 0..record.len.min(40), &mut bytes).expect("readable payload");
            let way = if record.direction == Some(Direction::Received) { "received" } else { "sent" };
            format!("{way} {peer} {}", String::from_utf8_lossy(&bytes))
        }
        RecordKind::PeerJoined => format!("joined {peer}"),
        RecordKind::HalfClosed => format!("half_closed {peer}"),
        _ => match note() {
            SessionNote::Opened { run, .. } => format!("opened {run}"),
            SessionNote::Connecting { .. } => "connecting".into(),
            SessionNote::Connected { .. } => "connected".into(),
            SessionNote::Facts { .. } => format!("facts {peer}"),
            SessionNote::Resolved { addresses, .. } => format!("resolved {}", addresses.len()),
            SessionNote::AttemptEnded { remote, error, .. } => {
                format!("attempt {} {}", remote.ip(), error.map_or("outrun", |error| error.kind.name()))
            }
            SessionNote::Tls { .. } => format!("tls {peer}"),
            SessionNote::WebSocket { .. } => format!("websocket {peer}"),
            SessionNote::Listening { .. } => "listening".into(),
            SessionNote::Bound { .. } => "bound".into(),
            SessionNote::Joined { group, interfaces, source } => {
                let source = source.map(|source| format!(" from {source}")).unwrap_or_default();
                format!("group {group} {}{source}", interfaces.join(","))
            }
            SessionNote::Closed { reason, .. } => format!("closed {}", reason.name()),
            SessionNote::PeerLeft { reason } => format!("left {peer} {}", reason.name()),
            SessionNote::Error { error } => format!("error {} {}", error.operation.name(), error.kind.name()),
            SessionNote::Warning { warning } => format!("warning {} {}", warning.operation.name(), warning.kind.name()),
            SessionNote::SendCancelled { sent_bytes, .. } => format!("send_cancelled {sent_bytes}"),
            SessionNote::SendFailed { sent_bytes, error, .. } => {
                format!("send_failed {sent_bytes} {}", error.kind.name())
            }
            SessionNote::KernelDropped { .. } => "kernel_dropped".into(),
            SessionNote::Resumed { .. } => "resumed".into(),
            SessionNote::ClockJump { .. } => "clock_jump".into(),
            SessionNote::TransferFailed { name, error } => format!("transfer_failed {name}: {}", error.name()),
        },
    }
}

/// A plain program at the other end of a TCP connection.
pub struct Peer(pub TcpStream);

impl Peer {
    pub fn connect(to: SocketAddr) -> Self {
        Self::of(TcpStream::connect_timeout(&to, DEADLINE).expect("the session listens"))
    }

    pub fn of(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(DEADLINE)).expect("time-out");
        stream.set_write_timeout(Some(DEADLINE)).expect("time-out");
        Self(stream)
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("the session reads");
    }

    pub fn receive(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes).expect("the session sends");
        bytes
    }

    /// All bytes until the FIN, or the error that arrived instead.
    pub fn receive_all(&mut self) -> Result<Vec<u8>, Io> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).map(|_| bytes).map_err(|error| error.kind())
    }

    pub fn shut_down(&self) {
        self.0.shutdown(Shutdown::Write).expect("connected");
    }

    /// Sends a RST instead of a FIN.
    pub fn reset(self) {
        socket2::SockRef::from(&self.0).set_linger(Some(Duration::ZERO)).expect("linger");
    }
}

/// A plain server for sessions that connect.
pub fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    (listener, address)
}

/// A connected session and its peer.
pub fn connected() -> (Session, Peer) {
    let (listener, address) = listener();
    let session = Session::open(client(address));
    let (stream, _) = listener.accept().expect("a connection");
    (session, Peer::of(stream))
}

/// A session that listens on a port chosen by the system.
pub fn listening() -> (Session, SocketAddr) {
    let session = Session::open(server("127.0.0.1:0"));
    let local = session.local();
    (session, local)
}

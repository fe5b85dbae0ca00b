//! What happens between "accepted" or "connected" and "peer", with a layer that has a handshake.

mod racing;

use super::channel::Layer;
use super::channel::greeting::HELLO;
use super::{ConnectPlan, TcpSockets, handshake};
use crate::capture::{CaptureOptions, CaptureReader, Marks, SessionNote};
use crate::engine::context::Context;
use crate::engine::context::outbox::{CHANNEL_EVENTS, Outbox};
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::{SocketTimer, Timer, Timers};
use crate::engine::net::sockets::Sockets;
use crate::engine::send::outlet::Outlet;
use crate::engine::send::queue::{Content, QueuedPayload};
use crate::engine::shared::Shared;
use crate::model::{
    CloseReason, Direction, ErrorKind, NetError, Operation, PeerId, SessionId, Target, TcpClientConfig, TcpServerConfig,
};
use mio::{Events, Poll};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(20);

/// Sockets with the turns of a worker, but without its thread.
struct Run {
    poll: Poll,
    context: Context,
    sockets: Box<TcpSockets>,
    shared: Arc<Shared>,
    _folder: tempfile::TempDir,
}

impl Run {
    fn new(sockets: TcpSockets) -> Self {
        Self::with(sockets, CaptureOptions::default())
    }

    fn with(mut sockets: TcpSockets, options: CaptureOptions) -> Self {
        sockets.layer = Layer::Greeting;
        let poll = Poll::new().unwrap();
        let registry = poll.registry().try_clone().unwrap();
        let timers = Timers::new(poll.registry(), PollSource::Timer.token()).unwrap();
        let shared = Arc::new(Shared::default());
        let (sender, _) = crossbeam_channel::bounded(CHANNEL_EVENTS);
        let outbox = Outbox::new(SessionId(1), sender, shared.clone(), Arc::new(|| {}));
        let mut context = Context::new(registry, timers, outbox, shared.clone(), 8 << 20);
        let folder = tempfile::tempdir().unwrap();
        let endpoint = "tcp://127.0.0.1:1".parse().unwrap();
        context.begin_run(&endpoint);
        let readers = (Arc::new(|| {}) as _, false);
        context.journal.create(folder.path(), &endpoint, options, readers, &shared).unwrap();
        Self { poll, context, sockets: Box::new(sockets), shared, _folder: folder }
    }

    fn listening() -> (Self, SocketAddr) {
        Self::listening_with(CaptureOptions::default())
    }

    fn listening_with(options: CaptureOptions) -> (Self, SocketAddr) {
        let mut run =
            Self::with(TcpSockets::server(&TcpServerConfig::new("127.0.0.1:0".parse().unwrap())).unwrap(), options);
        let local = run.sockets.listen(&["127.0.0.1:0".parse().unwrap()], &mut run.context).unwrap();
        (run, local)
    }

    fn connecting() -> (Self, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let config = TcpClientConfig::new(address.to_string().parse().unwrap());
        let mut run = Self::new(TcpSockets::client(&config).unwrap());
        run.sockets.connect(plan(vec![address], DEADLINE), &mut run.context);
        let (server, _) = listener.accept().unwrap();
        run.until("a handshake", |run| run.sockets.handshakes.len() == 1);
        (run, patient(server))
    }

    fn turn(&mut self) {
        let wait = if self.sockets.has_work(&self.context) { Duration::ZERO } else { Duration::from_millis(5) };
        let mut events = Events::with_capacity(64);
        self.poll.poll(&mut events, Some(wait)).unwrap();
        for event in &events {
            if let Some(source) = PollSource::of(event.token()) {
                self.sockets.on_event(source, event, &mut self.context);
            }
        }
        while let Some(timer) = self.context.timers.pop_due(Instant::now()) {
            if let Timer::Socket(timer) = timer {
                self.sockets.on_timer(timer, &mut self.context);
            }
        }
        self.sockets.accept(&mut self.context);
        self.sockets.serve(&mut self.context);
        self.context.journal.flush();
    }

    fn until(&mut self, what: &str, found: impl Fn(&Self) -> bool) {
        let until = Instant::now() + DEADLINE;
        while !found(self) {
            assert!(Instant::now() < until, "no {what} in time: {:?}", self.problems());
            self.turn();
        }
    }

    fn reader(&self) -> CaptureReader {
        self.shared.capture().unwrap()
    }

    /// Operation and kind of the errors and warnings in the capture.
    fn problems(&self) -> Vec<(Operation, ErrorKind)> {
        let reader = self.reader();
        let notes = reader.records().filter_map(|number| reader.note(&reader.record(number).ok()?).ok());
        let problem = |note| match note {
            SessionNote::Error { error: problem } | SessionNote::Warning { warning: problem } => Some(problem),
            _ => None,
        };
        notes.filter_map(problem).map(|NetError { operation, kind, .. }| (operation, kind)).collect()
    }

    fn received(&self) -> Vec<u8> {
        self.payload(Direction::Received)
    }

    fn payload(&self, direction: Direction) -> Vec<u8> {
        let reader = self.reader();
        let mut all = Vec::new();
        for record in reader.records().filter_map(|number| reader.record(number).ok()) {
            if record.direction == Some(direction) {
                reader.payload(&record, 0..record.len, &mut all).unwrap();
            }
        }
        all
    }

    fn joined(&self) -> usize {
        self.sockets.peers.len()
    }
}

fn plan(remotes: Vec<SocketAddr>, timeout: Duration) -> ConnectPlan {
    ConnectPlan { remotes, looked_up_in: None, bind: Vec::new(), started: Instant::now(), timeout }
}

fn patient(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream
}

fn client(to: SocketAddr) -> TcpStream {
    patient(TcpStream::connect(to).unwrap())
}

fn is_closed(mut stream: &TcpStream) -> bool {
    !matches!(stream.read(&mut [0]), Ok(1..))
}

#[test]
fn a_client_is_a_peer_once_its_handshake_is_complete() {
    let (mut run, local) = Run::listening();
    let mut slow = client(local);
    slow.write_all(&HELLO[..2]).unwrap();
    run.until("a handshake", |run| run.sockets.handshakes.len() == 1);
    let mut quick = client(local);
    quick.write_all(HELLO).unwrap();
    run.until("the quick peer", |run| run.joined() == 1);
    assert_eq!((run.sockets.handshakes.len(), run.received()), (1, Vec::new()));
    slow.write_all(&HELLO[2..]).unwrap();
    slow.write_all(b"payload").unwrap();
    run.until("the payload behind a handshake", |run| run.received() == b"payload");
    assert_eq!((run.joined(), run.sockets.handshakes.len()), (2, 0));
    assert_eq!(run.reader().peer_address(PeerId(2)), Some(slow.local_addr().unwrap()));
    assert_eq!(run.problems(), []);
}

#[test]
fn a_handshake_that_fails_is_a_warning_and_no_peer() {
    let (mut run, local) = Run::listening();
    let wrong = client(local);
    (&wrong).write_all(b"help!").unwrap();
    run.until("a warning", |run| run.problems() == [(Operation::Accept, ErrorKind::Other)]);
    assert!(is_closed(&wrong));
    drop(client(local));
    run.until("a second warning", |run| run.problems().len() == 2);
    assert_eq!((run.joined(), run.sockets.handshakes.len(), run.context.ended), (0, 0, None));
}

#[test]
fn a_handshake_ends_at_its_deadline() {
    let (mut run, local) = Run::listening();
    let silent = client(local);
    run.until("a handshake", |run| run.sockets.handshakes.len() == 1);
    let (id, mut handshake) = run.sockets.handshakes.pop_first().unwrap();
    handshake.deadline = Instant::now();
    run.sockets.handshakes.insert(id, handshake);
    run.sockets.on_timer(SocketTimer::Connect(id), &mut run.context);
    run.context.journal.flush();
    assert_eq!(run.problems(), [(Operation::Accept, ErrorKind::Timeout)]);
    assert!(is_closed(&silent));
}

#[test]
fn so_many_handshakes_at_once_and_the_next_client_waits_its_turn() {
    let (mut run, local) = Run::listening();
    let mut silent: Vec<TcpStream> = (0..handshake::MOST).map(|_| client(local)).collect();
    run.until("as many handshakes as there may be", |run| run.sockets.handshakes.len() == handshake::MOST);
    let mut next = client(local);
    next.write_all(HELLO).unwrap();
    for _ in 0..20 {
        run.turn();
    }
    assert_eq!((run.joined(), run.sockets.handshakes.len()), (0, handshake::MOST));
    assert!(!run.sockets.has_work(&run.context), "it would spin while nothing can be accepted");
    silent.pop();
    run.until("the peer that waited", |run| run.joined() == 1);
}

#[test]
fn a_handshake_waits_while_the_capture_cannot_be_written() {
    let (mut run, local) = Run::listening_with(CaptureOptions { limit_bytes: 1 << 20, ..CaptureOptions::default() });
    let mut flood = client(local);
    flood.write_all(HELLO).unwrap();
    run.until("a peer", |run| run.joined() == 1);
    let mut next = client(local);
    run.until("a handshake", |run| run.sockets.handshakes.len() == 1);
    let folder = run.reader().folder().to_owned();
    let aside = folder.with_extension("aside");
    std::fs::rename(&folder, &aside).unwrap();
    flood.set_nonblocking(true).unwrap();
    let until = Instant::now() + DEADLINE;
    while run.context.journal.takes_traffic() {
        assert!(Instant::now() < until, "the capture is still written");
        flood.write_all(&[b'x'; 64 << 10]).ok();
        run.turn();
    }
    next.write_all(HELLO).unwrap();
    for _ in 0..40 {
        run.turn();
    }
    assert_eq!((run.joined(), run.sockets.handshakes.len()), (1, 1));
    std::fs::rename(&aside, &folder).unwrap();
    assert!(run.context.journal.retry());
    run.until("the peer that waited", |run| run.joined() == 2);
    assert_eq!(run.problems(), []);
}

#[test]
fn close_ends_handshakes() {
    let (mut run, local) = Run::listening();
    let silent = client(local);
    run.until("a handshake", |run| run.sockets.handshakes.len() == 1);
    assert!(run.sockets.begin_close(&mut run.context));
    assert!(is_closed(&silent));
    let (mut run, server) = Run::connecting();
    assert!(!run.sockets.begin_close(&mut run.context), "nothing is open yet");
    run.sockets.close(CloseReason::Local, &mut run.context);
    assert!(is_closed(&server));
    assert_eq!(run.context.timers.pop_due(Instant::now() + 2 * DEADLINE), None);
}

#[test]
fn a_client_is_connected_after_its_handshake() {
    let (mut run, mut server) = Run::connecting();
    let early = run.sockets.peers_of(Target::Remote, &mut run.context).unwrap_err();
    assert_eq!(early.kind, ErrorKind::NoPeer);
    server.write_all(HELLO).unwrap();
    server.write_all(b"welcome").unwrap();
    run.until("the welcome", |run| run.received() == b"welcome");
    assert_eq!(run.sockets.peers_of(Target::Remote, &mut run.context), Ok(vec![PeerId(1)]));
}

#[test]
fn a_handshake_that_fails_ends_the_run_of_a_client() {
    let (mut run, server) = Run::connecting();
    drop(server);
    run.until("the end", |run| run.context.ended == Some(CloseReason::Error));
    assert_eq!(run.problems(), [(Operation::Connect, ErrorKind::Other)]);
    assert!(run.context.outbox.has_events());
    assert_eq!(run.joined(), 0);
}

#[test]
fn what_a_layer_cannot_give_back_is_recorded_when_its_send_is_stopped() {
    let (mut run, local) = Run::listening();
    let mut peer = client(local);
    peer.write_all(HELLO).unwrap();
    run.until("a peer", |run| run.joined() == 1);
    let entry = |job: u64, bytes: Vec<u8>| QueuedPayload {
        job: Some(job),
        peer: PeerId(1),
        source: None,
        item: 0,
        marks: Marks::default(),
        name: None,
        content: Content::Shared { bytes: bytes.into(), at: 0, again: 0 },
    };
    let much: Vec<u8> = (0..64_u32 << 20).map(|at| (at * 7 / 5) as u8).collect();
    let mut read = 0;
    let mut arrived = Vec::new();
    for round in 0..8 {
        run.sockets.push(entry(2 * round, much.clone()), &mut run.context);
        run.until("a full socket", |run| !run.sockets.has_work(&run.context));
        run.sockets.purge(2 * round, None, &mut run.context);
        run.sockets.push(entry(2 * round + 1, b"after".to_vec()), &mut run.context);
        run.context.journal.flush();
        // The peer reads while the rest goes out.
        peer.set_nonblocking(true).unwrap();
        let until = Instant::now() + DEADLINE;
        while run.sockets.peers.values().any(|peer| peer.has_queued()) || read < run.payload(Direction::Sent).len() {
            assert!(Instant::now() < until, "round {round}: {read} bytes arrived");
            run.turn();
            let before = arrived.len();
            peer.read_to_end(&mut arrived).ok();
            read += arrived.len() - before;
        }
    }
    let sent = run.payload(Direction::Sent);
    assert!(sent == arrived && sent.ends_with(b"after"), "{} bytes sent, {} arrived", sent.len(), arrived.len());
}

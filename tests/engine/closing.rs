//! Close takes effect immediately in any state and leaves nothing behind.

use crate::support::*;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use wirebench::engine::{Command, SendItem, SendPlan};
use wirebench::model::{CloseReason, Direction, ErrorKind, SessionConfig, SessionState, Target, TcpClientConfig};

/// A listener with a full backlog: a connect to it stays pending.
pub struct Blackhole {
    _listener: socket2::Socket,
    _pending: Vec<socket2::Socket>,
    pub address: SocketAddr,
}

impl Blackhole {
    pub fn new() -> Self {
        let stream = || socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("socket");
        let listener = stream();
        listener.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
        listener.listen(0).expect("listens");
        let address = listener.local_addr().expect("bound").as_socket().expect("IPv4");
        let mut pending = Vec::new();
        for _ in 0..4 {
            let socket = stream();
            socket.set_nonblocking(true).expect("non-blocking");
            // In progress, possibly forever.
            socket.connect(&address.into()).ok();
            pending.push(socket);
        }
        Self { _listener: listener, _pending: pending, address }
    }

    fn config(&self, connect_timeout: Duration) -> SessionConfig {
        let remote = host(&self.address.to_string());
        SessionConfig::TcpClient(TcpClientConfig { connect_timeout, ..TcpClientConfig::new(remote) })
    }
}

/// Time limit for a turn of the worker, well below any time-out.
const AT_ONCE: Duration = Duration::from_millis(1500);

fn close_within(session: &mut Session, limit: Duration) {
    let started = Instant::now();
    session.close();
    let took = started.elapsed();
    assert!(took < limit, "closed after {took:?}");
    assert_eq!(session.handle().state(), SessionState::Closed(CloseReason::Local));
}

#[test]
fn close_interrupts_a_connect() {
    let hole = Blackhole::new();
    let mut session = Session::new();
    session.command(Command::Open(hole.config(Duration::from_secs(60))));
    session.wait_state("connecting", |state| *state == SessionState::Connecting);
    close_within(&mut session, AT_ONCE);
    assert_eq!(session.story(), ["opened 1", "connecting", "closed local"]);
}

#[test]
fn a_connect_ends_at_its_deadline() {
    let hole = Blackhole::new();
    let mut session = Session::new();
    let started = Instant::now();
    session.command(Command::Open(hole.config(Duration::from_millis(300))));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Timeout));
    let took = started.elapsed();
    assert!((Duration::from_millis(300)..Duration::from_secs(2)).contains(&took), "{took:?}");
    assert_eq!(session.story(), ["opened 1", "connecting", "error connect timeout", "closed timeout"]);
}

#[test]
fn close_interrupts_a_long_interval_and_a_big_file() {
    let (mut session, _peer) = connected();
    let hour = Some(Duration::from_secs(3600));
    session.send(1, Target::Remote, SendPlan { items: vec![bytes(b"x")], every: hour, rounds: None });
    let mut file = tempfile::NamedTempFile::new().expect("file");
    std::io::Write::write_all(&mut file, &pattern(60_000_000)).expect("written");
    let item = SendItem::file(file.path(), Some(1024));
    session.send(2, Target::Remote, plan(vec![item]));
    session.wait("part of it", |session| (session.counters().sent_bytes > 1000).then_some(()));
    close_within(&mut session, AT_ONCE);
    for ticket in [1, 2] {
        let outcome = session.outcome(ticket);
        assert_eq!(outcome.result.map_err(|e| e.kind), Err(ErrorKind::Cancelled), "send {ticket}");
    }
}

#[test]
fn close_with_a_deaf_peer_does_not_wait_for_it() {
    let (mut session, _peer) = connected();
    session.send(1, Target::Remote, plan(vec![bytes(&pattern(60_000_000))]));
    session.wait("part of it", |session| (session.counters().sent_bytes > 0).then_some(()));
    close_within(&mut session, AT_ONCE);
    assert_eq!(session.outcome(1).result.map_err(|e| e.kind), Err(ErrorKind::Cancelled));
}

#[test]
fn what_was_sent_before_close_arrives() {
    for _ in 0..20 {
        let (mut session, mut peer) = connected();
        peer.send(b"unread when we close");
        session.send(1, Target::Remote, plan(vec![bytes(b"goodbye")]));
        session.command(Command::Close);
        assert_eq!(peer.receive_all().as_deref(), Ok(&b"goodbye"[..]), "a FIN, not a reset");
        session.wait_closed();
        assert_eq!(session.outcome(1).result, Ok(()));
        assert_eq!(payload(&session.reader(), Direction::Received, None), b"unread when we close");
    }
}

/// Data sent while reading was paused is stored when the session closes, and the peer gets a FIN.
#[test]
fn closing_while_reading_is_paused_keeps_what_arrived_and_ends_with_a_fin() {
    for kicks in [false, true] {
        let (mut session, local) = listening();
        session.command(Command::PauseReading(true));
        let mut peer = Peer::connect(local);
        session.wait_peers(1);
        let sent = pattern(300_000);
        peer.send(&sent);
        if kicks {
            session.command(Command::DisconnectPeer(wirebench::model::PeerId(1)));
        } else {
            session.command(Command::Close);
        }
        assert_eq!(peer.receive_all(), Ok(Vec::new()), "a FIN, not a reset");
        session.close();
        assert!(payload(&session.reader(), Direction::Received, None) == sent, "kicks {kicks}");
    }
}

#[test]
fn closing_a_paused_udp_socket_keeps_the_datagrams_that_arrived() {
    let mut session = Session::open(udp("127.0.0.1:0"));
    session.command(Command::PauseReading(true));
    let peer = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    // The pause is in force once a later command has been executed.
    session.send_and_wait(1, Target::Address(peer.local_addr().expect("bound")), bytes(b"x"));
    for _ in 0..10 {
        peer.send_to(b"datagram", session.local()).expect("sent");
    }
    session.close();
    assert_eq!(session.counters().received_records, 10);
    // The pause belongs to the session, not to the run.
    session.command(Command::Open(udp("127.0.0.1:0")));
    session.wait_state("bound", SessionState::is_open);
    peer.send_to(b"held", session.local()).expect("sent");
    session.send_and_wait(2, Target::Address(peer.local_addr().expect("bound")), bytes(b"x"));
    assert_eq!(session.counters().received_records, 10);
}

#[test]
fn closing_a_server_closes_its_clients() {
    let (mut session, local) = listening();
    let mut peers: Vec<_> = (0..5).map(|_| Peer::connect(local)).collect();
    session.wait_peers(5);
    close_within(&mut session, AT_ONCE);
    for peer in &mut peers {
        assert_eq!(peer.receive_all(), Ok(Vec::new()));
    }
    let story = session.story();
    assert_eq!(story.iter().filter(|line| line.ends_with(" local")).count(), 6, "{story:?}");
    assert_eq!(story.last().map(String::as_str), Some("closed local"));
    assert!(session.handle().peers().is_empty());
}

#[test]
fn a_session_opens_again_and_again_into_one_capture() {
    let mut session = Session::new();
    for run in 1..=5 {
        session.command(Command::Open(udp("127.0.0.1:0")));
        session.wait_state("bound", SessionState::is_open);
        session.close();
        assert!(session.story().contains(&format!("opened {run}")));
    }
    let captures =
        session.events().iter().filter(|event| matches!(event, wirebench::engine::EventKind::Capture(_))).count();
    assert_eq!(captures, 1);
    assert_eq!(std::fs::read_dir(session.captures_dir()).expect("folder").count(), 1);
}

#[test]
fn commands_behind_each_other_are_carried_out_in_order() {
    let mut session = Session::new();
    session.command(Command::Open(udp("127.0.0.1:0")));
    session.command(Command::Close);
    session.command(Command::Close);
    session.wait_story("closed local");
    session.wait_closed();
    session.command(Command::Open(udp("127.0.0.1:0")));
    session.wait_state("bound", SessionState::is_open);
}

#[test]
fn finish_ends_the_worker_and_closes_the_capture() {
    let (mut session, mut peer) = connected();
    peer.send(b"kept");
    session.wait_received(4);
    let reader = session.reader();
    assert!(session.finish());
    assert_eq!(story(&reader).last().map(String::as_str), Some("closed local"));
    assert_eq!(peer.receive_all(), Ok(Vec::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_dropped_handle_leaves_no_thread() {
    let threads = |name: &str| {
        std::fs::read_dir("/proc/self/task")
            .expect("tasks")
            .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
            .filter(|comm| comm.trim() == name)
            .count()
    };
    let options = |id| wirebench::engine::SessionOptions {
        id: wirebench::model::SessionId(id),
        captures_dir: std::env::temp_dir(),
        capture: Default::default(),
        queue_limit_bytes: 1 << 20,
        wake: std::sync::Arc::new(|| {}),
    };
    let name = "wb-session-9000";
    let handle = wirebench::engine::SessionHandle::spawn(options(9000)).expect("a worker");
    let until = Instant::now() + DEADLINE;
    while threads(name) == 0 {
        assert!(Instant::now() < until, "the thread must have its name");
    }
    drop(handle);
    assert_eq!(threads(name), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_worker_uses_no_time() {
    let (session, _local) = listening();
    let switches = || {
        let tasks = std::fs::read_dir("/proc/self/task").expect("tasks");
        tasks
            .filter_map(|task| {
                let path = task.ok()?.path();
                let name = std::fs::read_to_string(path.join("comm")).ok()?;
                let status = std::fs::read_to_string(path.join("status")).ok()?;
                let line = status.lines().find(|line| line.starts_with("voluntary_ctxt"))?.to_owned();
                let count: u64 = line.split_ascii_whitespace().last()?.parse().ok()?;
                (name.trim() == "wb-session-7").then_some(count)
            })
            .min()
    };
    // Other tests have workers with this name too: the least active one is as idle as ours.
    let before = switches();
    std::thread::sleep(Duration::from_millis(500));
    let after = switches();
    assert!(after.zip(before).is_none_or(|(after, before)| after.saturating_sub(before) < 10), "{before:?} {after:?}");
    drop(session);
}

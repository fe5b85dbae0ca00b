//! Many small events in a short time: bytes, connections, sessions; and what remains afterwards.

use crate::child;
use crate::dice::Dice;
use crate::support::*;
use socket2::{Domain, Socket, Type};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use wirebench::capture::{CaptureOptions, RecordKind, SessionNote};
use wirebench::engine::{Command, SessionHandle, SessionOptions, raise_descriptor_limit};
use wirebench::model::{CloseReason, Direction, SessionId, SessionState};

/// Connects per second.
const PACE: u64 = 1000;

/// Duration of floods in seconds.
fn seconds() -> u64 {
    std::env::var("WIREBENCH_FAULT_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5)
}

#[test]
fn a_hundred_thousand_writes_of_one_byte_are_all_there_in_order() {
    let (mut session, local) = listening();
    let mut peer = Peer::connect(local);
    peer.0.set_nodelay(true).expect("a socket");
    let content = pattern(100_000);
    for byte in content.chunks(1) {
        peer.send(byte);
    }
    peer.shut_down();
    session.wait_story("left 1 peer_fin");
    let counters = session.counters();
    assert_eq!((counters.received_bytes, counters.stored_bytes, counters.dropped_bytes), (100_000, 100_000, 0));
    let received = records(&session.reader()).iter().filter(|record| record.direction.is_some()).count() as u64;
    assert_eq!((counters.received_records, counters.stored_records), (received, received));
    assert!(payload(&session.reader(), Direction::Received, None) == content);
}

/// Connects from one of many addresses, because the ports of a single one are soon all in TIME_WAIT.
fn connect_from(n: u64, to: SocketAddr) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    let from = Ipv4Addr::new(127, 0, 1, 1 + u8::try_from(n % 200).expect("small"));
    socket.bind(&SocketAddr::from((from, 0)).into()).expect("a port");
    socket.connect_timeout(&to.into(), DEADLINE).expect("the session listens");
    socket.into()
}

#[test]
#[ignore = "counts the threads and descriptors of the whole process"]
fn child_with_connections_that_come_and_go() {
    raise_descriptor_limit();
    let (mut session, local) = listening();
    // Once in advance, so that lazily created objects exist.
    drop(Peer::connect(local));
    session.wait_story("left 1 peer_fin");
    let before = child::belongings();
    let count = seconds() * PACE;
    let started = Instant::now();
    for n in 0..count {
        let mut stream = connect_from(n, local);
        stream.write_all(&n.to_le_bytes()).expect("the session reads");
        if n % 3 == 0 {
            Peer::of(stream).reset();
        }
        let due = started + Duration::from_micros(n * 1_000_000 / PACE);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    let took = started.elapsed();
    // Joined, sent data, left.
    session.wait("every record", |session| (session.counters().received_bytes == 8 * count).then_some(()));
    session.wait_peers(0);
    // The last records may still be buffered.
    session.wait("the last leave", |session| {
        let left =
            records(&session.reader()).iter().filter(|record| record.kind == RecordKind::PeerLeft).count() as u64;
        (left == count + 1).then_some(())
    });
    let all = || records(&session.reader());
    let left = |reason| {
        let reader = session.reader();
        let is_it = |record: &&_| reader.note(record).ok() == Some(SessionNote::PeerLeft { reason });
        all().iter().filter(|record| record.kind == RecordKind::PeerLeft).filter(is_it).count() as u64
    };
    let resets = count.div_ceil(3);
    let joined = all().iter().filter(|record| record.kind == RecordKind::PeerJoined).count() as u64;
    assert_eq!(joined, count + 1);
    assert_eq!((left(CloseReason::PeerFin), left(CloseReason::Reset)), (count + 1 - resets, resets));
    assert_eq!(child::belongings(), before, "threads and descriptors");
    assert_eq!(session.counters().peers, 0);
    drop(Peer::connect(local)); // it still accepts new ones
    session.wait("one more", |session| (session.reader().records().end >= 3 * count + 6).then_some(()));
    eprintln!("{count} connects and disconnects in {took:.1?}: {:.0} a second", count as f64 / took.as_secs_f64());
}

#[test]
fn a_thousand_connects_and_disconnects_a_second_leave_nothing_behind() {
    child::alone("load::child_with_connections_that_come_and_go");
}

/// A server for sessions that connect: sends a greeting to each and closes.
fn greeter(listener: &TcpListener, done: &AtomicBool) {
    listener.set_nonblocking(true).expect("a socket");
    while !done.load(Ordering::SeqCst) {
        match listener.accept() {
            Ok((mut stream, _)) => stream.write_all(b"hello").unwrap_or(()),
            Err(_) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn spawn(number: u64, captures_dir: &Path) -> SessionHandle {
    let options = SessionOptions {
        id: SessionId(number),
        captures_dir: captures_dir.to_owned(),
        capture: CaptureOptions { delete_on_close: true, ..CaptureOptions::default() },
        queue_limit_bytes: 1 << 20,
        wake: Arc::new(|| {}),
    };
    SessionHandle::spawn(options).expect("a worker")
}

/// Sends data to a session if it is open.
fn speak_to(handle: &SessionHandle) {
    match handle.state() {
        SessionState::Listening { local } => {
            if let Ok(mut stream) = TcpStream::connect(local) {
                stream.write_all(b"hello").ok();
            }
        }
        SessionState::Bound { local } => {
            UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(b"hello", local)).ok();
        }
        _ => {}
    }
}

#[test]
#[ignore = "counts the threads and descriptors of the whole process"]
fn child_with_fifty_sessions() {
    raise_descriptor_limit();
    let mut dice = Dice::new("fifty sessions");
    let folder = tempfile::tempdir().expect("a folder");
    let captures = folder.path().join("captures");
    let (listener, address) = listener();
    let done = AtomicBool::new(false);
    let (mut opened, mut closed, mut ended, mut most) = (0_u64, 0_u64, 0_u64, (0, 0));
    let started = Instant::now();
    let (before, after) = std::thread::scope(|scope| {
        scope.spawn(|| greeter(&listener, &done));
        let before = child::belongings();
        let mut slots: Vec<Option<SessionHandle>> = (0..50).map(|n| Some(spawn(n, &captures))).collect();
        // At least this many of each, however slow the machine is.
        while started.elapsed() < Duration::from_secs(seconds()) || opened < 60 || closed < 20 || ended < 20 {
            assert!(started.elapsed() < Duration::from_secs(seconds()) + 3 * DEADLINE, "{opened} {closed} {ended}");
            let number = dice.roll(50);
            let slot = &mut slots[usize::try_from(number).expect("small")];
            let Some(handle) = slot.as_ref() else {
                *slot = Some(spawn(number, &captures));
                continue;
            };
            match dice.roll(8) {
                0..4 => {
                    let config = [server("127.0.0.1:0"), udp("127.0.0.1:0"), client(address)];
                    let config = config[usize::try_from(dice.roll(3)).expect("small")].clone();
                    opened += u64::from(!handle.state().is_active() && handle.send(Command::Open(config)).is_ok());
                }
                4 | 5 => speak_to(handle),
                6 => closed += u64::from(handle.send(Command::Close).is_ok()),
                _ => {
                    assert!(slot.take().expect("seen above").finish(DEADLINE), "the worker must stop");
                    ended += 1;
                }
            }
            most = most.max(child::belongings());
        }
        for handle in slots.into_iter().flatten() {
            assert!(handle.finish(DEADLINE), "the worker must stop");
        }
        let after = child::belongings();
        done.store(true, Ordering::SeqCst);
        (before, after)
    });
    let took = started.elapsed();
    eprintln!(
        "{took:.1?}: {opened} opens, {closed} closes, {ended} ends of fifty sessions; at most {} threads and {} \
         descriptors, {} and {} before and after",
        most.0, most.1, before.0, before.1
    );
    assert_eq!(after, before, "threads and descriptors");
    let left = std::fs::read_dir(&captures).expect("a folder").count();
    assert_eq!(left, 0, "each capture must be deleted with its session");
}

#[test]
fn fifty_sessions_opened_and_closed_at_random_leave_nothing_behind() {
    child::alone("load::child_with_fifty_sessions");
}

//! All descriptors are in use: operations that need one report it; existing sockets continue to work.

use crate::child;
use crate::support::*;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::sync::Arc;
use wirebench::capture::CaptureOptions;
use wirebench::engine::{Command, EventKind, SessionHandle, SessionOptions};
use wirebench::model::{CloseReason, Direction, ErrorKind, NetError, Operation, SessionId, SessionState};

/// Lowers the limit to the descriptors in use. Dropping it restores the limit.
pub struct NoneFree(Rlimit);

impl NoneFree {
    pub fn new() -> Self {
        let before = getrlimit(Resource::Nofile);
        let next = std::fs::File::open("/dev/null").map(|file| std::os::fd::AsRawFd::as_raw_fd(&file)).expect("a file");
        setrlimit(Resource::Nofile, Rlimit { current: u64::try_from(next).ok(), maximum: before.maximum })
            .expect("a limit");
        Self(before)
    }
}

impl Drop for NoneFree {
    fn drop(&mut self) {
        setrlimit(Resource::Nofile, self.0).expect("the previous limit");
    }
}

fn error(session: &mut Session, operation: Operation) -> NetError {
    session.wait("an error", |session| {
        session.events().iter().find_map(|event| match event {
            EventKind::Error(error) if error.operation == operation => Some(error.clone()),
            _ => None,
        })
    })
}

#[test]
#[ignore = "lowers the descriptor limit of the whole process"]
fn child_that_opens_without_descriptors() {
    let mut session = Session::new();
    let mut udp_session = Session::open(udp("127.0.0.1:0"));
    udp_session.close();
    let none_free = NoneFree::new();
    // No capture can be created.
    session.command(Command::Open(server("127.0.0.1:0")));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error));
    let reported = error(&mut session, Operation::OpenCapture);
    assert_eq!(reported.kind, ErrorKind::TooManyOpenFiles, "{reported}");
    assert!(reported.address.starts_with(&session.captures_dir().display().to_string()), "{reported}");
    // The capture exists, but there is no descriptor for a socket.
    udp_session.command(Command::Open(server("127.0.0.1:0")));
    let reported = error(&mut udp_session, Operation::Listen);
    assert_eq!(
        (reported.kind, reported.address.as_str()),
        (ErrorKind::TooManyOpenFiles, "tcp://127.0.0.1:0"),
        "{reported}"
    );
    udp_session.wait_story("closed error");
    // No worker can be started.
    let options = SessionOptions {
        id: SessionId(1),
        captures_dir: session.captures_dir(),
        capture: CaptureOptions::default(),
        queue_limit_bytes: 1 << 20,
        wake: Arc::new(|| {}),
    };
    let refused = SessionHandle::spawn(options).map(|_| ()).expect_err("a worker needs a poll");
    assert_eq!(ErrorKind::of(&refused), ErrorKind::TooManyOpenFiles, "{refused}");
    drop(none_free);
    for session in [&mut session, &mut udp_session] {
        session.command(Command::Open(server("127.0.0.1:0")));
        session.wait_state("listening", SessionState::is_open);
        Peer::connect(session.local()).send(b"goes on");
        session.wait_received(7);
    }
    let left = std::fs::read_dir(session.captures_dir()).expect("a folder").count();
    assert_eq!(left, 1, "the failed capture must leave nothing behind");
}

#[test]
fn opening_without_descriptors_is_refused_with_its_cause_and_works_later() {
    child::alone("descriptors::child_that_opens_without_descriptors");
}

#[test]
#[ignore = "lowers the descriptor limit of the whole process"]
fn child_whose_capture_gets_no_next_segment() {
    // Segments of one MiB.
    let mut session = Session::with(CaptureOptions { limit_bytes: 16 << 20, ..CaptureOptions::default() }, 8 << 20);
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    let mut peer = Peer::connect(session.local());
    session.wait_peers(1);
    let content = pattern(10_000_000);
    std::thread::scope(|scope| {
        let none_free = NoneFree::new();
        let sender = scope.spawn(|| peer.send(&content));
        let reported = error(&mut session, Operation::Store);
        assert_eq!(reported.kind, ErrorKind::TooManyOpenFiles, "{reported}");
        assert!(reported.address.starts_with(&session.reader().folder().display().to_string()), "{reported}");
        let counters = session.counters();
        assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes);
        assert!(counters.received_bytes < 10_000_000 && !sender.is_finished(), "flow control must hold the peer");
        assert!(session.handle().state().is_open());
        drop(none_free);
        session.wait("all", |session| (session.counters().received_bytes == 10_000_000).then_some(()));
    });
    session.close();
    assert!(session.events().iter().any(|event| matches!(event, EventKind::Resumed)));
    assert_eq!((session.counters().stored_bytes, session.counters().dropped_bytes), (10_000_000, 0));
    assert!(payload(&session.reader(), Direction::Received, None) == content);
}

#[test]
fn a_capture_that_gets_no_next_segment_stops_reading_and_loses_nothing() {
    child::alone("descriptors::child_whose_capture_gets_no_next_segment");
}

//! Clients that connect again by themselves, and sessions with several listeners, where things fail.

use crate::child;
use crate::descriptors::NoneFree;
use crate::support::*;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use wirebench::capture::{RecordKind, SessionNote};
use wirebench::engine::{Command, EventKind};
use wirebench::model::{
    Direction, ErrorKind, PeerId, Reconnect, SessionConfig, SessionState, TcpClientConfig, TcpServerConfig,
};

fn again(remote: SocketAddr) -> SessionConfig {
    let ten = Duration::from_millis(10);
    let reconnect = Some(Reconnect { first: ten, longest: ten, attempts: None });
    SessionConfig::TcpClient(TcpClientConfig { reconnect, ..TcpClientConfig::new(host(&remote.to_string())) })
}

/// Each connection is reset during a flood: what was read of it is a prefix of what was sent, and the next one follows.
#[test]
fn a_client_that_is_reset_in_floods_connects_again_each_time() {
    const ROUNDS: u32 = 20;
    let (listener, address) = listener();
    let mut session = Session::new();
    session.command(Command::Open(again(address)));
    let content = pattern(2_000_000);
    for round in 1..=ROUNDS {
        let mut peer = Peer::of(listener.accept().expect("a connection").0);
        peer.send(&content);
        peer.reset();
        session.wait_story(&format!("left {round} reset"));
    }
    let _last = listener.accept().expect("a connection");
    session.wait_state("connected", SessionState::is_open);
    session.close();
    let mut all = 0;
    for peer in 1..=ROUNDS {
        let stored = payload(&session.reader(), Direction::Received, Some(PeerId(peer)));
        assert!(content.starts_with(&stored), "peer {peer}");
        all += stored.len() as u64;
    }
    let counters = session.counters();
    assert_eq!((counters.received_bytes, counters.stored_bytes, counters.dropped_bytes), (all, all, 0));
    session.wait_story(&format!("opened {}", ROUNDS + 1));
}

#[test]
#[ignore = "lowers the descriptor limit of the whole process"]
fn child_that_connects_again_without_descriptors() {
    // A port that refuses until it listens.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
    let address = socket.local_addr().expect("bound").as_socket().expect("an IP address");
    let mut session = Session::new();
    session.command(Command::Open(again(address)));
    session.wait_story("opened 2");
    let none_free = NoneFree::new();
    // An attempt may have had one meanwhile.
    let mut taken = Vec::new();
    session.wait("an attempt without a descriptor", |session| {
        taken.extend(std::fs::File::open("/dev/null"));
        story(&session.reader()).contains(&"error connect too_many_open_files".to_owned()).then_some(())
    });
    drop((taken, none_free));
    socket.listen(1).expect("a listener");
    let mut peer = Peer::of(TcpListener::from(socket).accept().expect("a connection").0);
    peer.send(b"back");
    session.wait_received(4);
}

#[test]
fn a_client_without_descriptors_connects_once_there_are_some() {
    child::alone("reconnecting::child_that_connects_again_without_descriptors");
}

#[test]
#[ignore = "lowers the descriptor limit of the whole process"]
fn child_with_two_listeners_and_no_descriptors() {
    let config = TcpServerConfig { also: vec![host("127.0.0.1:0")], ..TcpServerConfig::new(host("127.0.0.1:0")) };
    let mut session = Session::open(SessionConfig::TcpServer(config));
    let reader = session.reader();
    let local = |record| match reader.note(record) {
        Ok(SessionNote::Listening { local }) => Some(local),
        _ => None,
    };
    let records = records(&reader);
    let locals: Vec<_> = records.iter().filter(|record| record.kind == RecordKind::State).filter_map(local).collect();
    let socket = || socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    let waiting: Vec<_> = locals.iter().map(|local| (*local, [socket(), socket()])).collect();
    assert_eq!(waiting.len(), 2);
    let none_free = NoneFree::new();
    for (local, sockets) in &waiting {
        for socket in sockets {
            socket.connect(&(*local).into()).expect("the backlog has room");
        }
    }
    // Each listener reports it once and tries again by itself.
    session.wait("two warnings", |session| {
        let warned =
            |event: &&EventKind| matches!(event, EventKind::Warning(w) if w.kind == ErrorKind::TooManyOpenFiles);
        (session.events().iter().filter(warned).count() == 2).then_some(())
    });
    drop(none_free);
    session.wait_peers(4);
}

#[test]
fn listeners_without_descriptors_wait_each_for_itself() {
    child::alone("reconnecting::child_with_two_listeners_and_no_descriptors");
}

//! Connecting, and a single connection.

use crate::support::*;
use std::net::{Ipv6Addr, SocketAddr, TcpListener};
use wirebench::engine::{Command, EventKind};
use wirebench::model::{
    CloseReason, Direction, ErrorKind, NetError, Operation, SessionConfig, SessionState, Target, TcpClientConfig,
};

fn error(session: &mut Session) -> NetError {
    session.wait("an error event", |session| {
        session.events().iter().find_map(|event| match event {
            EventKind::Error(error) => Some(error.clone()),
            _ => None,
        })
    })
}

#[test]
fn a_conversation_is_recorded_in_order_and_ends_by_the_peers_fin() {
    let (mut session, mut peer) = connected();
    peer.send(b"hello");
    session.wait_received(5);
    session.send_and_wait(1, Target::Remote, bytes(b"welcome"));
    assert_eq!(peer.receive(7), b"welcome");
    peer.shut_down();
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::PeerFin));
    assert_eq!(
        session.story(),
        [
            "opened 1",
            "connecting",
            "connected",
            "received 1 hello",
            "sent 1 welcome",
            "left 1 peer_fin",
            "closed peer_fin"
        ]
    );
    let peer_address = session.reader().peer_address(wirebench::model::PeerId(1));
    assert_eq!(peer_address, Some(peer.0.local_addr().expect("bound")));
    let counters = session.counters();
    assert_eq!((counters.received_bytes, counters.sent_bytes, counters.peers), (5, 7, 0));
}

#[test]
fn a_reset_and_a_fin_are_distinguished() {
    let (mut session, mut peer) = connected();
    peer.send(b"last words");
    session.wait_received(10);
    peer.reset();
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Reset));
    assert!(session.story().contains(&"left 1 reset".to_owned()));
    session.command(Command::Close);
    assert!(session.finish());
}

#[test]
fn bytes_that_came_before_a_break_are_not_lost() {
    for _ in 0..20 {
        let (mut session, mut peer) = connected();
        let sent = pattern(100_000);
        peer.send(&sent);
        // The session detects the end by a failing write while bytes are still unread.
        session.send(1, Target::Remote, plan(vec![bytes(&pattern(3_000_000))]));
        let reader = session.wait("capture", |session| session.capture());
        peer.shut_down();
        session.wait_received(100_000);
        peer.reset();
        session.wait_closed();
        assert!(payload(&reader, Direction::Received, None) == sent);
    }
}

#[test]
fn refused_is_an_error_with_operation_address_and_cause() {
    let (listener, address) = listener();
    drop(listener);
    let mut session = Session::new();
    session.command(Command::Open(client(address)));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error));
    let error = error(&mut session);
    assert_eq!((error.operation, error.kind), (Operation::Connect, ErrorKind::Refused));
    assert_eq!(error.address, format!("tcp://{address}"));
    assert_eq!(session.story(), ["opened 1", "connecting", "error connect refused", "closed error"]);
}

#[test]
fn port_0_and_unknown_names_are_refused_and_the_session_stays_usable() {
    let (_listener, address) = listener();
    let mut session = Session::new();
    let config = |remote: &str| SessionConfig::TcpClient(TcpClientConfig::new(host(remote)));
    session.command(Command::Open(config("127.0.0.1:0")));
    session.wait_closed();
    assert_eq!(error(&mut session).kind, ErrorKind::Invalid);
    session.command(Command::Open(config("name.invalid:5")));
    session.wait_story("error resolve resolve");
    session.wait_story("opened 2");
    session.wait_closed();
    session.command(Command::Open(client(address)));
    session.wait_state("connected", SessionState::is_open);
    let story = session.story();
    assert!(story.contains(&"opened 3".to_owned()), "{story:?}");
}

#[test]
fn a_host_name_is_looked_up_and_each_of_its_addresses_tried() {
    let (_listener, address) = listener();
    let mut session = Session::new();
    session.command(Command::Open(SessionConfig::TcpClient(TcpClientConfig::new(host(&format!(
        "localhost:{}",
        address.port()
    ))))));
    session.wait_state("connected", SessionState::is_open);
}

#[test]
fn ipv6_works_end_to_end() {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).expect("IPv6");
    let mut session = Session::open(client(listener.local_addr().expect("bound")));
    let mut peer = Peer::of(listener.accept().expect("a connection").0);
    peer.send(b"six");
    session.wait_received(3);
    session.send_and_wait(1, Target::Remote, bytes(b"SIX"));
    assert_eq!(peer.receive(3), b"SIX");
}

#[test]
fn a_chosen_local_address_is_used_and_a_foreign_one_named() {
    let (listener, address) = listener();
    let mut config =
        TcpClientConfig { bind: Some(host("127.0.0.2:0")), ..TcpClientConfig::new(host(&address.to_string())) };
    let session = Session::open(SessionConfig::TcpClient(config.clone()));
    let (_kept, from) = listener.accept().expect("a connection");
    assert_eq!(from.ip().to_string(), "127.0.0.2");
    assert_eq!(session.local(), from);

    config.bind = Some(host("203.0.113.7:0"));
    let mut session = Session::new();
    session.command(Command::Open(SessionConfig::TcpClient(config.clone())));
    session.wait_closed();
    let foreign = error(&mut session);
    assert_eq!((foreign.operation, foreign.kind), (Operation::Bind, ErrorKind::NoSuchAddress));
    assert_eq!(foreign.address, "tcp://203.0.113.7:0");

    config.bind = Some(host("[::1]:0"));
    let mut session = Session::new();
    session.command(Command::Open(SessionConfig::TcpClient(config)));
    session.wait_closed();
    assert_eq!(error(&mut session).kind, ErrorKind::Invalid);
}

#[test]
fn the_peer_half_closes_and_still_gets_everything() {
    let (listener, address) = listener();
    let mut session = Session::open(SessionConfig::TcpClient(TcpClientConfig {
        keep_half_open: true,
        ..TcpClientConfig::new(host(&address.to_string()))
    }));
    let mut peer = Peer::of(listener.accept().expect("a connection").0);
    peer.send(b"question");
    peer.shut_down();
    session.wait_story("half_closed 1");
    session.send_and_wait(1, Target::Remote, bytes(b"late answer"));
    assert_eq!(peer.receive(11), b"late answer");
    session.command(Command::ShutdownWrite(Target::Remote));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::PeerFin));
    assert_eq!(peer.receive_all(), Ok(Vec::new()));
}

#[test]
fn we_half_close_after_everything_is_sent_and_read_on() {
    let (mut session, mut peer) = connected();
    let sent = pattern(5_000_000);
    session.send(1, Target::Remote, plan(vec![bytes(&sent[..4_000_000]), bytes(&sent[4_000_000..])]));
    session.command(Command::ShutdownWrite(Target::Remote));
    assert!(peer.receive_all().expect("a FIN") == sent);
    assert_eq!(session.outcome(1).result, Ok(()));
    peer.send(b"still here");
    session.wait_received(10);
    session.send(2, Target::Remote, plan(vec![bytes(b"too late")]));
    assert_eq!(session.outcome(2).result.map_err(|e| e.kind), Err(ErrorKind::Closed));
    drop(peer);
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::PeerFin));
}

#[test]
fn what_is_queued_still_goes_out_after_the_peers_fin() {
    let (mut session, mut peer) = connected();
    let sent = pattern(6_000_000);
    session.send(1, Target::Remote, plan(vec![bytes(&sent)]));
    peer.shut_down();
    assert!(peer.receive_all().expect("a FIN") == sent);
    assert_eq!(session.outcome(1).result, Ok(()));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::PeerFin));
}

#[test]
fn a_single_message_of_100_mb_goes_both_ways_whole() {
    let (mut session, peer) = connected();
    let message = pattern(100_000_000);
    let (mut reading, mut writing) = (Peer::of(peer.0.try_clone().expect("clone")), peer);
    std::thread::scope(|scope| {
        scope.spawn(|| writing.send(&message));
        let received = scope.spawn(|| reading.receive(message.len()));
        session.send(1, Target::Remote, plan(vec![bytes(&message)]));
        assert_eq!(session.outcome(1).sent_bytes, 100_000_000);
        assert!(received.join().expect("received") == message);
        session.wait("all received", |session| (session.counters().received_bytes == 100_000_000).then_some(()));
    });
    session.close();
    assert!(payload(&session.reader(), Direction::Received, None) == message);
    assert!(payload(&session.reader(), Direction::Sent, None) == message);
}

#[test]
fn an_open_session_refuses_a_second_open() {
    let (mut session, _peer) = connected();
    session.command(Command::Open(client(SocketAddr::from(([127, 0, 0, 1], 9)))));
    session.wait("a warning", |session| {
        session
            .events()
            .iter()
            .any(|e| matches!(e, EventKind::Warning(w) if w.kind == ErrorKind::Invalid))
            .then_some(())
    });
    assert!(session.handle().state().is_open());
}

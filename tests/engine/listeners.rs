//! One session that listens on several addresses.

use crate::support::*;
use std::net::{SocketAddr, TcpListener, TcpStream};
use wirebench::capture::{RecordKind, SessionNote};
use wirebench::engine::{Command, EventKind};
use wirebench::model::{
    CloseReason, Direction, ErrorKind, Operation, PeerId, SessionConfig, SessionState, Target, TcpServerConfig,
};

fn on(addresses: &[&str]) -> SessionConfig {
    let local = host(addresses[0]);
    let also = addresses[1..].iter().map(|address| host(address)).collect();
    SessionConfig::TcpServer(TcpServerConfig { also, ..TcpServerConfig::new(local) })
}

/// The listening addresses in the capture, oldest first.
fn listening_on(session: &Session) -> Vec<SocketAddr> {
    let reader = session.reader();
    let local = |record| match reader.note(record) {
        Ok(SessionNote::Listening { local }) => Some(local),
        _ => None,
    };
    records(&reader).iter().filter(|record| record.kind == RecordKind::State).filter_map(local).collect()
}

#[test]
fn peers_of_both_listeners_are_peers_of_one_session() {
    let mut session = Session::open(on(&["127.0.0.1:0", "[::1]:0"]));
    let locals = listening_on(&session);
    assert_eq!((locals.len(), locals[0]), (2, session.local()));
    assert!(locals.iter().all(|local| local.port() != 0) && locals[0].is_ipv4() && locals[1].is_ipv6());
    let mut first = Peer::connect(locals[0]);
    session.wait_peers(1);
    let mut second = Peer::connect(locals[1]);
    session.wait_peers(2);
    first.send(b"one");
    second.send(b"two");
    session.wait_received(6);
    assert_eq!(payload(&session.reader(), Direction::Received, Some(PeerId(1))), b"one");
    assert_eq!(payload(&session.reader(), Direction::Received, Some(PeerId(2))), b"two");
    session.send_and_wait(1, Target::All, bytes(b"both"));
    assert_eq!((first.receive(4), second.receive(4)), (b"both".to_vec(), b"both".to_vec()));
    // The capture records which listener accepted a peer.
    let reader = session.reader();
    let joined = records(&reader).into_iter().filter(|record| record.kind == RecordKind::PeerJoined);
    let through = joined.map(|record| record.destination().and_then(|local| reader.local_address(local)));
    assert_eq!(through.collect::<Vec<_>>(), [Some(locals[0]), Some(locals[1])]);

    session.close();
    assert_eq!((first.receive_all(), second.receive_all()), (Ok(Vec::new()), Ok(Vec::new())));
    for local in locals {
        assert!(TcpStream::connect(local).is_err(), "{local} is closed");
    }
    let story = session.story();
    assert_eq!(story[..3], ["opened 1", "listening", "listening"]);
    assert_eq!(story[story.len() - 3..], ["left 1 local", "left 2 local", "closed local"]);
    session.command(Command::Open(on(&["127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"])));
    session.wait_state("open again", SessionState::is_open);
    assert_eq!(listening_on(&session).len(), 5, "one capture");
}

#[test]
fn all_listen_or_none() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let in_use = taken.local_addr().expect("bound").to_string();
    let mut session = Session::new();
    session.command(Command::Open(on(&["127.0.0.1:0", &in_use])));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error));
    let error = session.events().iter().find_map(|event| match event {
        EventKind::Error(error) => Some(error.clone()),
        _ => None,
    });
    let error = error.expect("an error event");
    assert_eq!((error.operation, error.kind), (Operation::Listen, ErrorKind::AddressInUse));
    assert_eq!(error.address, format!("tcp://{in_use}"));
    assert_eq!(session.story(), ["opened 1", "error listen address_in_use", "closed error"]);
    drop(taken);
    session.command(Command::Open(on(&["127.0.0.1:0", &in_use])));
    session.wait_state("open", SessionState::is_open);
    assert_eq!(listening_on(&session)[1].to_string(), in_use);
}

#[test]
fn more_listeners_than_there_can_be_are_refused() {
    let mut session = Session::new();
    let config = |count| on(&vec!["127.0.0.1:0"; count]);
    session.command(Command::Open(config(257)));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error));
    assert_eq!(session.story(), ["opened 1", "error listen invalid", "closed error"]);
    session.command(Command::Open(config(256)));
    session.wait_state("open", SessionState::is_open);
    let last = listening_on(&session)[255];
    let _peer = Peer::connect(last);
    session.wait_peers(1);
}

//! A UDP socket that passes datagrams on, with a socket onward for each client address.

use crate::support::*;
use std::collections::HashSet;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};
use wirebench::capture::Cause;
use wirebench::engine::{Command, EventKind};
use wirebench::model::{
    Direction, ErrorKind, ForwardDatagrams, Operation, SessionConfig, SessionState, Target, UdpConfig,
};

fn socket() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    socket.set_read_timeout(Some(DEADLINE)).expect("time-out");
    let address = socket.local_addr().expect("bound");
    (socket, address)
}

fn receive(socket: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = vec![0; 70_000];
    let (count, from) = socket.recv_from(&mut buffer).expect("a datagram");
    buffer.truncate(count);
    (buffer, from)
}

fn forward_to(target: &str, idle_timeout: Duration) -> SessionConfig {
    let forward = Some(ForwardDatagrams { idle_timeout, ..ForwardDatagrams::new(host(target)) });
    SessionConfig::Udp(UdpConfig { forward, ..UdpConfig::new(Some(host("127.0.0.1:0")), None) })
}

/// An open forward, and the socket that it leads to.
fn forwarding(idle_timeout: Duration) -> (Session, SocketAddr, UdpSocket) {
    let (target, address) = socket();
    let session = Session::open(forward_to(&address.to_string(), idle_timeout));
    let local = session.local();
    (session, local, target)
}

#[test]
fn datagrams_keep_their_borders_in_both_directions_empty_ones_too() {
    let (mut session, local, target) = forwarding(DEADLINE);
    let (client, _) = socket();
    for bytes in [b"ask".as_slice(), b"", b"more"] {
        client.send_to(bytes, local).expect("sent");
    }
    let (first, onward) = receive(&target);
    assert_eq!((first.as_slice(), receive(&target).0, receive(&target).0), (b"ask".as_slice(), vec![], b"more".into()));
    let large = pattern(60_000);
    for bytes in [large.as_slice(), b"", b"end"] {
        target.send_to(bytes, onward).expect("sent");
    }
    assert_eq!((receive(&client), receive(&client).0, receive(&client).0), ((large, local), vec![], b"end".into()));
    session.wait("all of them", |session| (session.counters().sent_records == 6).then_some(()));
    session.close();
    let reader = session.reader();
    for record in records(&reader).iter().filter(|record| record.direction.is_some()) {
        assert_eq!(record.marks().pair, 1, "{record:?}");
        let is_sent = record.direction == Some(Direction::Sent);
        assert_eq!((record.marks().is_automatic, record.marks().cause == Cause::Forward), (is_sent, is_sent));
    }
    let counters = session.counters();
    assert_eq!((counters.received_records, counters.sent_records), (6, 6));
    assert_eq!((counters.received_bytes, counters.sent_bytes), (60_010, 60_010));
}

#[test]
fn each_of_many_clients_has_a_socket_onward_of_its_own() {
    for count in [1, 2, 16, 1_000] {
        let (mut session, local, target) = forwarding(DEADLINE);
        let clients: Vec<_> = (0..count).map(|_| socket().0).collect();
        let mut onwards = HashSet::new();
        for (number, client) in clients.iter().enumerate() {
            client.send_to(number.to_string().as_bytes(), local).expect("sent");
            let (asked, onward) = receive(&target);
            assert_eq!(asked, number.to_string().into_bytes());
            assert!(onwards.insert(onward), "two clients share a socket");
            target.send_to(&asked, onward).expect("sent");
        }
        for (number, client) in clients.iter().enumerate() {
            assert_eq!(receive(client).0, number.to_string().into_bytes());
        }
        let peers = session.wait_peers(2 * count);
        let pairs: HashSet<_> = records(&session.reader()).iter().map(|record| record.marks().pair).collect();
        assert_eq!((peers.len(), pairs.len()), (2 * count, count + 1), "the records of the session have no pair");
        session.close();
    }
}

#[test]
fn the_user_sends_to_either_side_and_ends_a_pair() {
    let (mut session, local, target) = forwarding(DEADLINE);
    let (client, address) = socket();
    client.send_to(b"ask", local).expect("sent");
    let (_, onward) = receive(&target);
    session.wait_peers(2);
    let peer = |session: &Session, of: SocketAddr| {
        let peers = session.handle().peers().slice(0..9);
        *peers.iter().find(|peer| peer.address == of).expect("a peer")
    };
    let (ours, theirs) = (peer(&session, address), peer(&session, target.local_addr().expect("bound")));
    assert_eq!((ours.other, theirs.other), (Some(theirs.id), Some(ours.id)));
    session.send_and_wait(1, Target::Peer(theirs.id), bytes(b"to the target"));
    assert_eq!(receive(&target), (b"to the target".to_vec(), onward));
    session.send_and_wait(2, Target::Peer(ours.id), bytes(b"to the client"));
    assert_eq!(receive(&client), (b"to the client".to_vec(), local));
    session.command(Command::DisconnectPeer(ours.id));
    session.wait_peers(1);
    session.wait_story(&format!("left {} kicked", theirs.id.0));
    // The next datagram opens another socket.
    client.send_to(b"again", local).expect("sent");
    let (again, other) = receive(&target);
    assert_eq!(again, b"again");
    assert_ne!(onward, other);
}

#[test]
fn an_idle_pair_is_closed() {
    let (mut session, local, target) = forwarding(Duration::from_millis(100));
    let (client, _) = socket();
    client.send_to(b"ask", local).expect("sent");
    receive(&target);
    session.wait_story("left 2 timeout");
    session.wait_peers(1);
}

#[test]
fn a_target_that_nobody_listens_on_is_a_warning_and_the_forward_goes_on() {
    let (gone, address) = socket();
    drop(gone);
    let mut session = Session::open(forward_to(&address.to_string(), DEADLINE));
    let local = session.local();
    let (client, _) = socket();
    let started = Instant::now();
    let refused = session.wait("a warning", |session| {
        client.send_to(b"ask", local).expect("sent");
        assert!(started.elapsed() < DEADLINE, "no warning");
        session.events().iter().find_map(|event| match event {
            EventKind::Warning(error) => Some(error.clone()),
            _ => None,
        })
    });
    assert_eq!((refused.operation, refused.kind), (Operation::Send, ErrorKind::Refused));
    assert_eq!(refused.address, format!("udp://{address}"));
    assert!(session.handle().state().is_open());
}

#[test]
fn a_forward_to_itself_is_refused() {
    let (probe, address) = socket();
    drop(probe);
    let forward = Some(ForwardDatagrams::new(host(&address.to_string())));
    let config = SessionConfig::Udp(UdpConfig { forward, ..UdpConfig::new(Some(host(&address.to_string())), None) });
    let mut session = Session::new();
    session.command(Command::Open(config));
    let closed = session.wait_closed();
    assert!(matches!(closed, SessionState::Closed(_)), "{closed:?}");
    let error = session.events().iter().find_map(|event| match event {
        EventKind::Error(error) => Some(error.kind),
        _ => None,
    });
    assert_eq!(error, Some(ErrorKind::ForwardLoop));
}

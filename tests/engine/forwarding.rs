//! A server that connects onward for each client.

use crate::support::*;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;
use wirebench::capture::Cause;
use wirebench::engine::Command;
use wirebench::model::{
    Direction, ErrorKind, Forward, Operation, PeerId, SessionConfig, SessionState, Target, TcpServerConfig,
};

fn forward_to(target: SocketAddr) -> SessionConfig {
    let forward = Some(Forward::new(host(&target.to_string())));
    SessionConfig::TcpServer(TcpServerConfig { forward, ..TcpServerConfig::new(host("127.0.0.1:0")) })
}

/// An open forward, and the server that it leads to.
fn forwarding() -> (Session, SocketAddr, TcpListener) {
    let (target, address) = listener();
    let session = Session::open(forward_to(address));
    let local = session.local();
    (session, local, target)
}

/// Both ends of a client's connection.
fn pair(local: SocketAddr, target: &TcpListener) -> (Peer, Peer) {
    let client = Peer::connect(local);
    let (server, _) = target.accept().expect("a connection onward");
    (client, Peer::of(server))
}

/// A thread for the program at one end.
fn start<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> thread::JoinHandle<T> {
    wirebench::jobs::thread::spawn_named("end", work).expect("a thread")
}

#[test]
fn both_directions_and_both_ends_are_passed_on() {
    let (mut session, local, target) = forwarding();
    let (mut client, mut server) = pair(local, &target);
    client.send(b"question");
    assert_eq!(server.receive(8), b"question");
    server.send(b"answer");
    assert_eq!(client.receive(6), b"answer");
    // The client has asked everything; the answer still comes.
    client.send(b"?");
    client.shut_down();
    assert_eq!(server.receive_all(), Ok(b"?".to_vec()));
    session.wait_story("half_closed 1");
    server.send(b"late");
    server.shut_down();
    assert_eq!(client.receive_all(), Ok(b"late".to_vec()));
    session.wait_peers(0);
    let story = session.wait_story("left 2 peer_fin");
    assert!(story.contains(&"left 1 peer_fin".to_owned()), "{story:?}");
    assert!(story.iter().take(4).eq(["opened 1", "listening", "joined 1", "connected"]), "{story:?}");
    let reader = session.reader();
    for (peer, received, sent) in [(1, "question?", "answerlate"), (2, "answerlate", "question?")] {
        let all = |direction| String::from_utf8(payload(&reader, direction, Some(PeerId(peer)))).expect("text");
        assert_eq!((all(Direction::Received), all(Direction::Sent)), (received.into(), sent.into()));
    }
    for record in records(&reader).iter().filter(|record| record.direction.is_some()) {
        assert_eq!(record.marks().pair, 1);
        let is_sent = record.direction == Some(Direction::Sent);
        assert_eq!((record.marks().is_automatic, record.marks().cause == Cause::Forward), (is_sent, is_sent));
    }
    assert!(session.handle().state().is_open(), "the next client is welcome");
}

#[test]
fn a_reset_of_one_side_resets_the_other() {
    let (mut session, local, target) = forwarding();
    let (client, mut server) = pair(local, &target);
    session.wait_peers(2);
    client.reset();
    assert_eq!(server.receive_all(), Err(std::io::ErrorKind::ConnectionReset));
    session.wait_peers(0);
    let (mut client, server) = pair(local, &target);
    session.wait_peers(2);
    server.reset();
    assert_eq!(client.receive_all(), Err(std::io::ErrorKind::ConnectionReset));
    session.wait_peers(0);
    // A side that the user disconnects takes the other one with it, in order.
    let (mut client, mut server) = pair(local, &target);
    let peers = session.wait_peers(2);
    session.command(Command::DisconnectPeer(peers[1]));
    assert_eq!((client.receive_all(), server.receive_all()), (Ok(vec![]), Ok(vec![])));
    session.wait_peers(0);
}

#[test]
fn a_client_whose_target_refuses_is_reset_and_the_reason_recorded() {
    let (target, address) = listener();
    drop(target);
    let mut session = Session::open(forward_to(address));
    // The reset can arrive before the client has seen that it is connected.
    let ended = match TcpStream::connect(session.local()) {
        Ok(client) => Peer::of(client).receive_all(),
        Err(error) => Err(error.kind()),
    };
    assert_eq!(ended, Err(std::io::ErrorKind::ConnectionReset));
    let story = session.wait_story("left 1 kicked");
    assert!(story.contains(&"warning connect refused".to_owned()), "{story:?}");
    assert!(session.handle().state().is_open());
    // What the client had sent is recorded, or was never read.
    let counters = session.counters();
    assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes);
}

#[test]
fn the_user_sends_into_either_direction() {
    let (mut session, local, target) = forwarding();
    let (mut client, mut server) = pair(local, &target);
    let peers = session.wait_peers(2);
    let table = session.handle().peers();
    assert_eq!(table.get(peers[0]).and_then(|peer| peer.other), Some(peers[1]));
    assert_eq!(table.get(peers[1]).and_then(|peer| peer.other), Some(peers[0]));
    session.send_and_wait(1, Target::Peer(peers[0]), bytes(b"to the client"));
    session.send_and_wait(2, Target::Peer(peers[1]), bytes(b"to the server"));
    assert_eq!((client.receive(13), server.receive(13)), (b"to the client".to_vec(), b"to the server".to_vec()));
}

#[test]
fn a_slow_target_slows_the_client_and_memory_stays_bounded() {
    let (mut session, local, target) = forwarding();
    let (client, mut server) = pair(local, &target);
    let sent = pattern(24 << 20);
    let writer = {
        let (sent, mut client) = (sent.clone(), client);
        start(move || {
            client.send(&sent);
            client.shut_down();
            client
        })
    };
    // The target reads nothing: after the buffers of both connections and the queue are full, no more is received.
    let mut before = u64::MAX;
    session.wait("the forward to stop reading", |session| {
        thread::sleep(Duration::from_millis(300));
        let received = session.counters().received_bytes;
        let stands = received == std::mem::replace(&mut before, received) && received > 0;
        stands.then_some(())
    });
    assert!(before < sent.len() as u64, "{before} bytes were received although nobody took them");
    let queued: u64 = session.handle().peers().slice(0..2).iter().map(|peer| peer.queued_bytes).sum();
    assert!(queued <= 3 << 20, "{queued} bytes wait in memory");
    assert!(server.receive_all() == Ok(sent.clone()), "nothing is lost");
    drop(writer.join().expect("the client"));
    assert!(payload(&session.reader(), Direction::Sent, Some(PeerId(2))) == sent);
}

#[test]
fn many_pairs_are_kept_apart() {
    for pairs in [1_u32, 2, 16, 200] {
        let (mut session, local, target) = forwarding();
        let echo = start(move || {
            let ends: Vec<_> = (0..pairs)
                .map(|_| {
                    let (stream, _) = target.accept().expect("a connection onward");
                    start(move || {
                        let mut server = Peer::of(stream);
                        let asked = server.receive(8);
                        server.send(&asked);
                        server
                    })
                })
                .collect();
            ends.into_iter().map(|end| end.join().expect("a server")).collect::<Vec<_>>()
        });
        let mut clients: Vec<Peer> = (0..pairs).map(|_| Peer::connect(local)).collect();
        for (number, client) in clients.iter_mut().enumerate() {
            client.send(&number.to_be_bytes());
        }
        for (number, client) in clients.iter_mut().enumerate() {
            assert_eq!(client.receive(8), number.to_be_bytes());
        }
        let servers = echo.join().expect("the servers");
        session.wait_peers(2 * pairs as usize);
        drop(clients);
        drop(servers);
        session.wait_peers(0);
    }
}

#[test]
fn a_forward_to_itself_is_refused() {
    let (taken, address) = listener();
    drop(taken);
    for (local, to) in [
        (address.to_string(), address.to_string()),
        (format!("0.0.0.0:{}", address.port()), format!("127.0.0.1:{}", address.port())),
    ] {
        let forward = Some(Forward::new(host(&to)));
        let mut session = Session::new();
        session.command(Command::Open(SessionConfig::TcpServer(TcpServerConfig {
            forward,
            ..TcpServerConfig::new(host(&local))
        })));
        session.wait_closed();
        let story = session.story();
        assert!(story.contains(&"error connect forward_loop".to_owned()), "{story:?}");
    }
}

#[test]
fn a_forward_that_leads_back_over_another_one_ends_the_client() {
    // The second forward leads to the first one, which leads to the second one.
    let (placeholder, second) = listener();
    drop(placeholder);
    let mut first = Session::open(forward_to(second));
    let back = forward_to(first.local());
    let SessionConfig::TcpServer(back) = back else { unreachable!("a server") };
    let mut other =
        Session::open(SessionConfig::TcpServer(TcpServerConfig { local: host(&second.to_string()), ..back }));
    let client = Peer::connect(first.local());
    // Each turn makes one more connection, until the client leaves: then all of them end.
    first.wait("a first round", |session| (session.handle().peers().len() > 4).then_some(()));
    client.reset();
    first.close();
    other.close();
}

#[test]
fn closing_ends_all_connections_and_connects() {
    let (mut session, local, target) = forwarding();
    let (mut client, mut server) = pair(local, &target);
    session.wait_peers(2);
    session.close();
    assert_eq!((client.receive_all(), server.receive_all()), (Ok(vec![]), Ok(vec![])));
    assert!(matches!(session.handle().state(), SessionState::Closed(_)));
}

#[test]
fn a_target_without_a_port_is_refused() {
    let mut session = Session::new();
    session.command(Command::Open(forward_to(SocketAddr::from(([127, 0, 0, 1], 0)))));
    session.wait_closed();
    let error = session.wait("the error", |session| {
        session.events().iter().find_map(|event| match event {
            wirebench::engine::EventKind::Error(error) => Some(error.clone()),
            _ => None,
        })
    });
    assert_eq!((error.operation, error.kind), (Operation::Connect, ErrorKind::Invalid));
}

//! Replies are queued within bounds, and a peer that is not read because of that is reported.

use crate::support::*;
use std::io::{Read, Write};
use std::net::UdpSocket;
use std::sync::Arc;
use std::time::Duration;
use wirebench::capture::CaptureOptions;
use wirebench::engine::{Command, Reply};
use wirebench::model::{Direction, PeerId, Target};

/// Sends single bytes, each in its own segment, until the session stops reading; never reads.
fn flood_of_single_bytes(peer: &mut Peer) -> u64 {
    peer.0.set_nodelay(true).expect("option");
    peer.0.set_write_timeout(Some(Duration::from_millis(500))).expect("time-out");
    let mut sent = 0;
    while peer.0.write(b"x").is_ok() {
        sent += 1;
        if sent >= 3_000_000 {
            break;
        }
    }
    sent
}

#[test]
fn a_peer_that_does_not_read_its_answers_is_not_read_and_that_is_reported() {
    // The replies are large, so that socket buffers fill up soon.
    let mut session = Session::with(CaptureOptions::default(), 64 << 10);
    session.command(Command::SetReplies(Reply::Fixed(Arc::from(pattern(48 << 10))).into()));
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait("listening", |session| session.handle().state().local());
    let mut peer = Peer::connect(session.local());
    let mut well = Peer::connect(session.local());
    session.wait_peers(2);
    let sent = flood_of_single_bytes(&mut peer);
    session.wait_story("warning reply queue_full");
    let counters = session.counters();
    assert!(counters.received_bytes < sent, "all {sent} were read");
    assert!(counters.queued_bytes <= 3 * (64 << 10), "{counters:?}");
    // The other peers are served.
    well.send(b"y");
    assert_eq!(well.receive(48 << 10), pattern(48 << 10));
    // Once the peer reads, nothing is lost and the warning was reported once.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut buffer = vec![0; 1 << 20];
            while peer.0.read(&mut buffer).is_ok_and(|count| count > 0) {}
        });
        session.wait("all received", |session| (session.counters().received_bytes == sent + 1).then_some(()));
        session.close();
    });
    let warnings = session.story().iter().filter(|line| *line == "warning reply queue_full").count();
    assert_eq!(warnings, 1);
}

#[test]
fn answers_of_many_peers_together_keep_to_a_bound() {
    const LIMIT: usize = 1 << 20;
    const ANSWER: usize = 16 << 10;
    const PEERS: usize = 128;
    let mut session = Session::with(CaptureOptions::default(), LIMIT);
    session.command(Command::SetReplies(Reply::Fixed(Arc::from(pattern(ANSWER))).into()));
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait("listening", |session| session.handle().state().local());
    let local = session.local();
    // No peer reads.
    let peers: Vec<_> = (0..PEERS)
        .map(|_| {
            let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("socket");
            socket.set_recv_buffer_size(4096).expect("option");
            socket.connect(&local.into()).expect("the session listens");
            socket.set_tcp_nodelay(true).expect("option");
            socket.set_nonblocking(true).expect("option");
            socket
        })
        .collect();
    session.wait_peers(PEERS);
    // Bytes that arrive together become one record with one reply, so the rounds go on until every peer has its share queued.
    let share = (32 * LIMIT / PEERS) as u64;
    let mut most = 0;
    session.wait("full share for every peer", |session| {
        for peer in &peers {
            // Fails once the session has stopped reading and the buffers are full.
            peer.send(b"x").ok();
        }
        most = most.max(session.counters().queued_bytes);
        let full = session.handle().peers().slice(0..PEERS).iter().filter(|peer| peer.queued_bytes > share).count();
        (full == PEERS).then_some(())
    });
    // Full queues take nothing more, however much arrives.
    for ticket in 1..=50 {
        for peer in &peers {
            peer.send(b"x").ok();
        }
        // The worker has had a turn when a send to nobody has failed.
        session.send(ticket, Target::Peer(PeerId(u32::MAX)), plan(vec![bytes(b"fence")]));
        session.outcome(ticket);
        most = most.max(session.counters().queued_bytes);
    }
    // The queue limit of a session, plus what one round can add to it.
    let bound = (32 * LIMIT + 2 * PEERS * ANSWER) as u64;
    assert!(most <= bound, "{most} bytes of replies are queued, the limit is {bound}");
    session.close();
}

#[test]
fn a_send_that_waits_does_not_stop_the_reading_of_one_who_reads_nothing_yet() {
    let mut session = Session::with(CaptureOptions::default(), 64 << 10);
    let (listener, address) = listener();
    session.command(Command::Open(client(address)));
    let mut peer = Peer::of(listener.accept().expect("a connection").0);
    session.wait("connected", |session| session.handle().state().local());
    let ours = pattern(30_000_000);
    let theirs = pattern(20_000_000);
    session.send(1, Target::Remote, plan(vec![bytes(&ours)]));
    session.wait("part of it", |session| (session.counters().sent_bytes > 0).then_some(()));
    // The peer writes everything before it reads.
    peer.send(&theirs);
    assert!(peer.receive(ours.len()) == ours);
    session.wait_received(theirs.len() as u64);
    assert_eq!(session.outcome(1).result, Ok(()));
    assert!(payload(&session.reader(), Direction::Received, None) == theirs);
}

#[test]
fn udp_forgets_the_address_that_was_not_heard_for_longest() {
    let mut session = Session::open(udp("127.0.0.1:0"));
    let local = session.local();
    let device = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = device.local_addr().expect("bound");
    device.send_to(b"first", local).expect("sent");
    session.wait_story("received 1 first");
    // 127.0.0.0/8 has enough addresses for many peers without as many descriptors.
    for round in 0..6_u16 {
        for number in 0..1000_u16 {
            let [high, low] = (round * 1000 + number).to_be_bytes();
            let other = UdpSocket::bind((std::net::Ipv4Addr::new(127, 1, high, low), 0)).expect("a port");
            other.send_to(b"once", local).expect("sent");
        }
        device.send_to(b"again", local).expect("sent");
        let wanted = 1 + 1001 * (u64::from(round) + 1);
        session.wait("all of them", |session| (session.counters().received_records >= wanted).then_some(()));
    }
    let known = session.handle().peers().get(PeerId(1)).expect("the active peer must be known");
    assert_eq!((known.address, known.received_bytes), (address, 5 + 6 * 5));
    assert_eq!(session.handle().peers().len(), 4096);
    assert!(session.handle().peers().get(PeerId(2)).is_none(), "the least recently heard peer must be forgotten");
    session.send_and_wait(1, Target::Peer(PeerId(1)), bytes(b"still there"));
}

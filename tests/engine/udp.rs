//! UDP sessions.

use crate::support::*;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use wirebench::engine::{Command, EventKind, Reply, SendItem};
use wirebench::model::{
    CloseReason, Direction, ErrorKind, Operation, PeerId, SessionConfig, SessionState, Target, UdpConfig,
};

fn socket(local: &str) -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind(local).expect("a port");
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

#[test]
fn datagrams_go_both_ways_empty_ones_too() {
    let mut session = Session::open(udp("127.0.0.1:0"));
    let local = session.local();
    let (peer, address) = socket("127.0.0.1:0");
    peer.send_to(b"hello", local).expect("sent");
    peer.send_to(b"", local).expect("sent");
    session.wait("two records", |session| (session.counters().received_records == 2).then_some(()));
    session.send_and_wait(1, Target::Remote, bytes(b"to who sent last"));
    session.send_and_wait(2, Target::Peer(PeerId(1)), bytes(b""));
    session.send_and_wait(3, Target::Address(address), bytes(b"x"));
    assert_eq!(receive(&peer), (b"to who sent last".to_vec(), local));
    assert_eq!(receive(&peer), (Vec::new(), local));
    assert_eq!(receive(&peer).0, b"x");
    session.close();
    assert_eq!(
        session.story(),
        [
            "opened 1",
            "bound",
            "joined 1",
            "received 1 hello",
            "received 1 ",
            "sent 1 to who sent last",
            "sent 1 ",
            "sent 1 x",
            "closed local"
        ]
    );
    let counters = session.counters();
    assert_eq!((counters.received_bytes, counters.received_records, counters.sent_records), (5, 2, 3));
    assert!(counters.receive_buffer_bytes > 0);
}

#[test]
fn an_answer_from_another_address_is_seen() {
    let (asked, remote) = socket("127.0.0.1:0");
    let (other, other_address) = socket("127.0.0.2:0");
    let mut session = Session::open(udp_to(remote));
    session.send_and_wait(1, Target::Remote, bytes(b"who?"));
    let (_, from) = receive(&asked);
    let from = SocketAddr::from((Ipv4Addr::LOCALHOST, from.port()));
    other.send_to(b"me", from).expect("sent");
    session.wait_story("received 2 me");
    assert_eq!(session.reader().peer_address(PeerId(2)), Some(other_address));
    // The configured remote remains the default target.
    session.send_and_wait(2, Target::Remote, bytes(b"again"));
    assert_eq!(receive(&asked).0, b"again");
}

/// A socket that receives only from the address it sends to.
fn asker(asked: SocketAddr) -> UdpSocket {
    let (asker, _) = socket("127.0.0.1:0");
    asker.connect(asked).expect("connected");
    asker
}

#[test]
fn answers_leave_from_the_address_that_was_asked() {
    for local in ["0.0.0.0:0", "[::]:0"] {
        let mut session = Session::open(udp(local));
        session.command(Command::SetReplies(Reply::Echo.into()));
        session.command(Command::OnJoin(Some(plan(vec![bytes(b"welcome")]))));
        let port = session.local().port();
        let at = |last| SocketAddr::from(([127, 0, 0, last], port));
        let first = asker(at(2));
        first.send(b"who?").expect("sent");
        let mut heard: Vec<_> = (0..2).map(|_| receive(&first).0).collect();
        heard.sort_unstable();
        assert_eq!(heard, [b"welcome".to_vec(), b"who?".to_vec()], "{local}");
        let second = asker(at(3));
        second.send(b"who else?").expect("sent");
        assert_eq!(receive(&second).0, b"who else?", "{local}");
        session.send_and_wait(1, Target::Remote, bytes(b"to who sent last"));
        assert_eq!(receive(&second).0, b"to who sent last");
        session.send_and_wait(2, Target::Peer(PeerId(1)), bytes(b"to a peer"));
        assert_eq!(receive(&first).0, b"to a peer");
        session.send_and_wait(3, Target::Address(first.local_addr().expect("bound")), bytes(b"to an address"));
        assert_eq!(receive(&first).0, b"to an address");
        session.send_and_wait(4, Target::All, bytes(b"to all"));
        assert_eq!((receive(&first).0, receive(&second).0), (b"to all".to_vec(), b"to all".to_vec()));
    }
}

#[test]
fn one_who_asks_two_addresses_has_each_answer_from_its_own() {
    let session = Session::open(udp("0.0.0.0:0"));
    session.command(Command::SetReplies(Reply::Upper.into()));
    let port = session.local().port();
    let (asker, _) = socket("127.0.0.1:0");
    for round in 0..50_u8 {
        let at = SocketAddr::from(([127, 0, 0, 2 + round % 3], port));
        asker.send_to(b"ask", at).expect("sent");
        if round % 5 == 4 {
            let from: Vec<_> = (0..5).map(|_| receive(&asker).1.ip()).collect();
            let asked: Vec<_> =
                (round - 4..=round).map(|n| SocketAddr::from(([127, 0, 0, 2 + n % 3], port)).ip()).collect();
            assert_eq!(from, asked);
        }
    }
}

#[test]
fn ipv6_and_dual_stack_work() {
    let mut session = Session::open(udp("[::]:0"));
    let port = session.local().port();
    let (v4, v4_address) = socket("127.0.0.1:0");
    v4.send_to(b"four", (Ipv4Addr::LOCALHOST, port)).expect("sent");
    session.wait_story("received 1 four");
    assert_eq!(session.reader().peer_address(PeerId(1)), Some(v4_address), "shown as v4");
    session.send_and_wait(1, Target::Peer(PeerId(1)), bytes(b"back"));
    assert_eq!(receive(&v4).0, b"back");
    let (v6, v6_address) = socket("[::1]:0");
    session.send_and_wait(2, Target::Address(v6_address), bytes(b"six"));
    assert_eq!(receive(&v6).0, b"six");
}

#[test]
fn a_refused_datagram_is_a_warning_and_the_session_goes_on() {
    // An address that no other test binds: the port of a closed socket may be reused.
    let (gone, address) = socket("127.77.0.1:0");
    drop(gone);
    let mut session = Session::open(udp_to(address));
    session.send_and_wait(1, Target::Remote, bytes(b"anybody?"));
    let warning = session.wait("a warning", |session| {
        session.events().iter().find_map(|event| match event {
            EventKind::Warning(warning) => Some(warning.clone()),
            _ => None,
        })
    });
    assert_eq!((warning.operation, warning.kind), (Operation::Send, ErrorKind::Refused));
    assert_eq!(warning.address, format!("udp://{address}"));
    assert!(session.handle().state().is_open());
    // A refusal by one target does not delay another.
    let (other, other_address) = socket("127.0.0.1:0");
    for n in 0..20 {
        session.send(100 + n, Target::Remote, plan(vec![bytes(b"refused")]));
        session.send(200 + n, Target::Address(other_address), plan(vec![bytes(&[n as u8])]));
    }
    for n in 0..20 {
        assert_eq!(receive(&other).0, [n as u8]);
        assert_eq!(session.outcome(100 + n).result, Ok(()), "UDP: the socket accepts it");
    }
}

#[test]
fn impossible_targets_are_refused_with_a_reason() {
    let mut session = Session::open(udp("127.0.0.1:0"));
    let cases = [
        (Target::Remote, ErrorKind::NoPeer),
        (Target::All, ErrorKind::NoPeer),
        (Target::Peer(PeerId(9)), ErrorKind::NoPeer),
        (Target::Address("127.0.0.1:0".parse().expect("literal")), ErrorKind::Invalid),
        (Target::Address("[::1]:9".parse().expect("literal")), ErrorKind::Invalid),
    ];
    for (ticket, (target, kind)) in (1..).zip(cases) {
        session.send(ticket, target, plan(vec![bytes(b"x")]));
        assert_eq!(session.outcome(ticket).result.map_err(|e| e.kind), Err(kind), "{target:?}");
    }
    let (peer, address) = socket("127.0.0.1:0");
    session.send(50, Target::Address(address), plan(vec![bytes(&pattern(65_508))]));
    assert_eq!(session.outcome(50).result.map_err(|e| e.kind), Err(ErrorKind::TooLong));
    session.send_and_wait(51, Target::Address(address), bytes(&pattern(65_507)));
    assert!(receive(&peer).0 == pattern(65_507));
}

#[test]
fn a_port_in_use_is_named() {
    let (_taken, address) = socket("127.0.0.1:0");
    let mut session = Session::new();
    session.command(Command::Open(udp(&address.to_string())));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error));
    let error = session.events().iter().find_map(|event| match event {
        EventKind::Error(error) => Some(error.clone()),
        _ => None,
    });
    let error = error.expect("an error event");
    assert_eq!((error.operation, error.kind), (Operation::Bind, ErrorKind::AddressInUse));
    assert_eq!(error.address, format!("udp://{address}"));
}

#[test]
fn families_that_do_not_fit_are_refused() {
    let mut session = Session::new();
    let config = UdpConfig::new(Some(host("127.0.0.1:0")), Some(host("[::1]:9")));
    session.command(Command::Open(SessionConfig::Udp(config)));
    session.wait_closed();
    assert!(session.story().contains(&"error bind invalid".to_owned()));
}

#[test]
fn every_datagram_is_answered_to_its_sender_and_the_first_gets_the_plan() {
    let mut session = Session::new();
    session.command(Command::SetReplies(Reply::Upper.into()));
    session.command(Command::OnJoin(Some(plan(vec![bytes(b"plan")]))));
    session.command(Command::Open(udp("127.0.0.1:0")));
    session.wait_state("bound", SessionState::is_open);
    let local = session.local();
    let (a, _) = socket("127.0.0.1:0");
    let (b, _) = socket("127.0.0.1:0");
    a.send_to(b"abc", local).expect("sent");
    let first = [receive(&a).0, receive(&a).0];
    assert!(first.contains(&b"ABC".to_vec()) && first.contains(&b"plan".to_vec()), "{first:?}");
    b.send_to(b"b", local).expect("sent");
    b.send_to(b"", local).expect("sent");
    assert_eq!((receive(&b).0, receive(&b).0), (b"B".to_vec(), Vec::new()), "no plan for the second");
}

#[test]
fn a_file_goes_out_as_datagrams_of_the_asked_size() {
    let (peer, address) = socket("127.0.0.1:0");
    let mut session = Session::open(udp_to(address));
    let file = tempfile::NamedTempFile::new().expect("file");
    let content = pattern(10_000);
    std::fs::write(file.path(), &content).expect("written");
    let item = |bytes| SendItem::file(file.path(), Some(bytes));
    let outcome = session.send_and_wait(1, Target::Remote, item(1024));
    assert_eq!(outcome.sent_bytes, 10_000);
    let mut all = Vec::new();
    for n in 0..10 {
        let (datagram, _) = receive(&peer);
        assert_eq!(datagram.len(), if n < 9 { 1024 } else { 784 });
        all.extend(datagram);
    }
    assert!(all == content);
    assert!(payload(&session.reader(), Direction::Sent, None) == content, "read back from the file");
    session.send(2, Target::Remote, plan(vec![item(0)]));
    assert_eq!(session.outcome(2).result.map_err(|e| e.kind), Err(ErrorKind::Invalid));
}

#[test]
fn a_file_is_one_datagram_where_no_size_is_asked_for() {
    for (at, local) in [("127.0.0.1:0", "127.0.0.1:0"), ("[::1]:0", "[::1]:0")] {
        let (peer, address) = socket(at);
        let mut session = Session::new();
        session.command(Command::Open(SessionConfig::Udp(UdpConfig::new(
            Some(local.parse().expect("an address")),
            Some(address.to_string().parse().expect("an address")),
        ))));
        session.wait_state("bound", SessionState::is_open);
        let file = tempfile::NamedTempFile::new().expect("file");
        let item = SendItem::file(file.path(), None);
        for (ticket, len) in [(1, 1295), (2, 65_507)] {
            std::fs::write(file.path(), pattern(len)).expect("written");
            assert_eq!(session.send_and_wait(ticket, Target::Remote, item.clone()).sent_bytes, len as u64);
            assert!(receive(&peer).0 == pattern(len), "{len} bytes in one");
        }
        std::fs::write(file.path(), pattern(65_508)).expect("written");
        session.send(3, Target::Remote, plan(vec![item]));
        let outcome = session.outcome(3);
        assert_eq!((outcome.result.map_err(|e| e.kind), outcome.sent_bytes), (Err(ErrorKind::TooLong), 0));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_a_size_is_read_to_its_end_and_kept() {
    let expected = std::fs::read("/proc/version").expect("read");
    let (peer, address) = socket("127.0.0.1:0");
    let mut session = Session::open(udp_to(address));
    for (ticket, udp_chunk) in [(1, None), (2, Some(7))] {
        let item = SendItem::file("/proc/version", udp_chunk);
        assert_eq!(session.send_and_wait(ticket, Target::Remote, item).sent_bytes, expected.len() as u64);
        let mut all = Vec::new();
        while all.len() < expected.len() {
            all.extend(receive(&peer).0);
        }
        assert!(all == expected);
    }
    assert!(payload(&session.reader(), Direction::Sent, None) == expected.repeat(2), "from the capture");
}

#[test]
fn peers_are_bounded_and_an_old_one_comes_back_with_a_new_number() {
    let mut session = Session::open(udp("127.0.0.1:0"));
    let local = session.local();
    let (first, _) = socket("127.0.0.1:0");
    first.send_to(b"first", local).expect("sent");
    session.wait_peers(1);
    // 4,096 addresses with few sockets: each bind to port 0 gets another port.
    for n in 0..4096_u32 {
        let (other, _) = socket(&format!("127.0.{}.{}:0", 1 + n / 250, 1 + n % 250));
        other.send_to(b".", local).expect("sent");
    }
    session.wait("all of them", |session| (session.counters().received_records >= 4097).then_some(()));
    assert_eq!(session.handle().peers().len(), 4096);
    assert_eq!(session.handle().peers().get(PeerId(1)), None);
    first.send_to(b"again", local).expect("sent");
    session.wait_story("received 4098 again");
}

#[test]
fn a_multicast_group_is_joined_and_heard() {
    let mut session = Session::new();
    session.command(Command::Open(udp("239.255.77.7:0")));
    let state =
        session.wait_state("bound or closed", |state| state.is_open() || matches!(state, SessionState::Closed(_)));
    let Some(local) = state.local() else {
        // Without a multicast route the group cannot be joined, which is reported.
        assert!(session.story().iter().any(|line| line.starts_with("error join")), "{:?}", session.story());
        return;
    };
    let (sender, address) = socket("0.0.0.0:0");
    // The datagram must not leave this machine.
    sender.set_multicast_ttl_v4(0).expect("TTL");
    sender.set_multicast_loop_v4(true).expect("loop");
    sender.send_to(b"to the group", local).expect("sent");
    session.wait_story("received 1 to the group");
    let from = session.reader().peer_address(PeerId(1)).expect("known");
    assert_eq!(from.port(), address.port());
}

//! Listening, and many clients.

use crate::support::*;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};
use wirebench::engine::{Command, EventKind, Reply, SendPlan, raise_descriptor_limit};
use wirebench::model::{
    CloseReason, Direction, ErrorKind, Operation, PeerId, SessionConfig, SessionState, Target, TcpServerConfig, Ticket,
};

#[test]
fn clients_come_speak_and_go_in_record_order() {
    let (mut session, local) = listening();
    let mut first = Peer::connect(local);
    session.wait_peers(1);
    let mut second = Peer::connect(local);
    assert_eq!(session.wait_peers(2), [PeerId(1), PeerId(2)]);
    first.send(b"one");
    session.wait_received(3);
    second.send(b"two");
    session.wait_received(6);
    session.send_and_wait(1, Target::All, bytes(b"all"));
    assert_eq!((first.receive(3), second.receive(3)), (b"all".to_vec(), b"all".to_vec()));
    session.send_and_wait(2, Target::Peer(PeerId(2)), bytes(b"you"));
    assert_eq!(second.receive(3), b"you");
    drop(first);
    session.wait_story("left 1 peer_fin");
    second.reset();
    session.wait_story("left 2 reset");
    session.close();
    assert_eq!(
        session.story(),
        [
            "opened 1",
            "listening",
            "joined 1",
            "joined 2",
            "received 1 one",
            "received 2 two",
            "sent 1 all",
            "sent 2 all",
            "sent 2 you",
            "left 1 peer_fin",
            "left 2 reset",
            "closed local"
        ]
    );
}

#[test]
fn kicking_is_a_fin_and_resetting_a_reset() {
    let (mut session, local) = listening();
    let mut kicked = Peer::connect(local);
    session.wait_peers(1);
    let mut reset = Peer::connect(local);
    session.wait_peers(2);
    session.command(Command::DisconnectPeer(PeerId(1)));
    session.command(Command::ResetPeer(PeerId(2)));
    assert_eq!(kicked.receive_all(), Ok(Vec::new()));
    assert_eq!(reset.receive_all(), Err(std::io::ErrorKind::ConnectionReset));
    let story = session.wait_story("left 2 kicked");
    assert!(story.contains(&"left 1 kicked".to_owned()), "{story:?}");
    assert!(session.handle().state().is_open());
    session.command(Command::DisconnectPeer(PeerId(1)));
    session.wait("a warning", |session| {
        session.events().iter().any(|e| matches!(e, EventKind::Warning(w) if w.kind == ErrorKind::NoPeer)).then_some(())
    });
}

#[test]
fn a_port_in_use_and_a_foreign_address_are_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().map(|address| (taken, address)).expect("bound");
    let cases = [
        (taken.1.to_string(), ErrorKind::AddressInUse),
        ("203.0.113.7:0".to_owned(), ErrorKind::NoSuchAddress),
        ("name.invalid:80".to_owned(), ErrorKind::Resolve),
    ];
    for (local, kind) in cases {
        let mut session = Session::new();
        session.command(Command::Open(server(&local)));
        assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error));
        let error = session.events().iter().find_map(|event| match event {
            EventKind::Error(error) => Some(error.clone()),
            _ => None,
        });
        let error = error.expect("an error event before the closed state");
        assert_eq!((error.kind, error.address.as_str()), (kind, format!("tcp://{local}").as_str()));
        let operation = if kind == ErrorKind::Resolve { Operation::Resolve } else { Operation::Listen };
        assert_eq!(error.operation, operation);
        let lines = session.story();
        assert_eq!(lines.last().map(String::as_str), Some("closed error"), "{lines:?}");
        // The session is usable afterwards.
        session.command(Command::Open(server("127.0.0.1:0")));
        session.wait_state("listening", SessionState::is_open);
        Peer::connect(session.local());
    }
}

#[test]
fn it_really_listens_where_it_says_after_a_change_of_port() {
    let (mut session, first) = listening();
    Peer::connect(first);
    session.close();
    assert!(std::net::TcpStream::connect(first).is_err(), "the old port is closed");
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    let second = session.local();
    let mut peer = Peer::connect(second);
    peer.send(b"here");
    session.wait("the bytes", |session| (session.counters().received_bytes == 4).then_some(()));
    let story = session.story();
    assert!(story.contains(&"opened 2".to_owned()), "both runs must use one capture: {story:?}");
}

#[test]
fn one_socket_serves_both_families_and_shows_v4_as_v4() {
    let mut session = Session::open(server("[::]:0"));
    let port = session.local().port();
    let v4 = Peer::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    session.wait_peers(1);
    let v6 = Peer::connect(SocketAddr::from((Ipv6Addr::LOCALHOST, port)));
    session.wait_peers(2);
    let shown: Vec<_> = session.handle().peers().slice(0..2).iter().map(|peer| peer.address).collect();
    assert_eq!(shown, [v4.0.local_addr().expect("bound"), v6.0.local_addr().expect("bound")]);
}

#[test]
fn every_record_is_answered_on_every_connection() {
    let cases: [(Reply, &[u8]); 3] =
        [(Reply::Echo, b"aZ 9\xff"), (Reply::Upper, b"AZ 9\xff"), (Reply::Fixed(Arc::from(&b"ok!"[..])), b"ok!")];
    for (reply, answer) in cases {
        let (mut session, local) = listening();
        session.command(Command::SetReplies(reply.into()));
        for _ in 0..2 {
            let mut peer = Peer::connect(local);
            for _ in 0..3 {
                peer.send(b"aZ 9\xff");
                assert_eq!(peer.receive(answer.len()), answer);
            }
        }
        session.wait("all answers in the capture", |session| {
            (payload(&session.reader(), Direction::Sent, None).len() == 6 * answer.len()).then_some(())
        });
        // Each request is recorded before its reply.
        let mut open = 0_i32;
        for record in records(&session.reader()) {
            match record.direction {
                Some(Direction::Received) => open += 1,
                Some(Direction::Sent) => open -= 1,
                None => {}
            }
            assert!(open >= 0, "the reply was recorded before the request");
        }
        let sent = payload(&session.reader(), Direction::Sent, None);
        assert_eq!(sent, answer.repeat(6));
    }
}

#[test]
fn an_echo_of_much_is_exact_and_bounded_when_the_peer_does_not_read() {
    let mut session = Session::with(Default::default(), 256 << 10);
    session.command(Command::SetReplies(Reply::Echo.into()));
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    let peer = Peer::connect(session.local());
    let message = pattern(30_000_000);
    let (mut reading, mut writing) = (Peer::of(peer.0.try_clone().expect("clone")), peer);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| writing.send(&message));
        // The peer writes without reading: the session stops reading from it.
        session.wait("back pressure", |session| (session.counters().queued_bytes > 256 << 10).then_some(()));
        let queued = session.counters().queued_bytes;
        assert!(queued < 4 << 20, "{queued} bytes queued");
        assert!(!writer.is_finished(), "the peer must be blocked");
        assert!(reading.receive(message.len()) == message);
    });
}

#[test]
fn each_client_that_joins_gets_the_plan() {
    let (session, local) = listening();
    let plan = SendPlan { items: vec![bytes(b"wel"), bytes(b"come")], every: None, rounds: Some(1) };
    session.command(Command::OnJoin(Some(plan)));
    for _ in 0..3 {
        // Even a client that closes immediately.
        let mut peer = Peer::connect(local);
        peer.shut_down();
        assert_eq!(peer.receive_all().as_deref(), Ok(&b"welcome"[..]));
    }
}

#[test]
fn half_closed_clients_are_kept_where_asked() {
    let config = TcpServerConfig { keep_half_open: true, ..TcpServerConfig::new(host("127.0.0.1:0")) };
    let mut session = Session::open(SessionConfig::TcpServer(config));
    let mut peer = Peer::connect(session.local());
    peer.send(b"question");
    peer.shut_down();
    session.wait_story("half_closed 1");
    assert!(session.handle().peers().get(PeerId(1)).is_some_and(|peer| peer.half_closed));
    session.send_and_wait(1, Target::Peer(PeerId(1)), bytes(b"answer"));
    session.command(Command::DisconnectPeer(PeerId(1)));
    assert_eq!(peer.receive_all().as_deref(), Ok(&b"answer"[..]));
    session.wait_story("left 1 kicked");
}

#[test]
fn a_thousand_clients_at_once_connect_within_a_second() {
    raise_descriptor_limit();
    let (mut session, local) = listening();
    let started = Instant::now();
    let peers: Vec<Peer> = (0..1000).map(|_| Peer::connect(local)).collect();
    session.wait_peers(1000);
    let took = started.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
    let mut expected = BTreeMap::new();
    for (n, mut peer) in peers.into_iter().enumerate() {
        let word = format!("client {n}");
        peer.send(word.as_bytes());
        expected.insert(peer.0.local_addr().expect("bound"), word.into_bytes());
    }
    session.wait("all to leave", |session| (session.counters().peers == 0).then_some(()));
    session.close();
    let reader = session.reader();
    let mut found: BTreeMap<SocketAddr, Vec<u8>> = BTreeMap::new();
    for record in records(&reader).iter().filter(|record| record.direction.is_some()) {
        let address = reader.peer_address(record.peer).expect("known");
        reader.payload(record, 0..record.len, found.entry(address).or_default()).expect("readable");
    }
    assert_eq!(found, expected);
    let lines = session.story();
    assert_eq!(lines.iter().filter(|line| line.ends_with("peer_fin")).count(), 1000);
}

#[test]
fn a_peer_that_never_reads_does_not_hold_up_the_others() {
    let mut session = Session::with(Default::default(), 1 << 20);
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    let deaf = Peer::connect(session.local());
    session.wait_peers(1);
    let mut lively = Peer::connect(session.local());
    session.wait_peers(2);
    // Fills the system's buffers for the peer that does not read (it accepts more after a while) and our queue; then sends to all.
    let block = bytes(&pattern(900_000));
    let mut ticket = 0;
    let outcome = loop {
        for _ in 0..32 {
            ticket += 1;
            session.send(ticket, Target::Peer(PeerId(1)), plan(vec![block.clone()]));
        }
        ticket += 1;
        session.send(ticket, Target::All, plan(vec![bytes(&pattern(500_000))]));
        assert!(lively.receive(500_000) == pattern(500_000), "the reading peer must be served");
        session.send_and_wait(ticket + 1, Target::Peer(PeerId(2)), bytes(b"."));
        assert_eq!(lively.receive(1), b".");
        let queued = session.counters().queued_bytes;
        assert!(queued <= 2 << 20, "the queue must be bounded: {queued}");
        let found = session.events().iter().find_map(|event| match event {
            EventKind::SendFinished(Ticket(found), outcome) if *found == ticket => Some(outcome.clone()),
            _ => None,
        });
        if let Some(outcome) = found.filter(|outcome| outcome.result.is_err()) {
            break outcome;
        }
        ticket += 1;
        assert!(ticket < 2000, "the queue must fill up");
    };
    let error = outcome.result.expect_err("one peer must be skipped");
    assert_eq!((error.kind, outcome.sent_bytes), (ErrorKind::QueueFull, 500_000));
    assert!(error.detail.contains("1 of 2"), "{error}");
    lively.send(b"still served");
    session.wait_received(12);
    drop(deaf);
    session.wait_peers(1);
}

/// Run by the test below in its own process, because the limit applies to the entire process.
#[cfg(unix)]
#[test]
#[ignore = "lowers the descriptor limit of the whole process"]
fn child_without_descriptors() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let (mut session, local) = listening();
    session.wait("capture", |session| session.capture());
    let maximum = getrlimit(Resource::Nofile).maximum;
    let mut peers: Vec<_> = (0..3).map(|_| Peer::connect(local)).collect();
    session.wait_peers(3);
    // Client sockets that already exist, and a limit that leaves no descriptor for accepting them.
    let waiting: Vec<_> = (0..5)
        .map(|_| socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("socket"))
        .collect();
    let next = std::fs::File::open("/dev/null").map(|file| std::os::fd::AsRawFd::as_raw_fd(&file)).expect("a file");
    let limit = |current| setrlimit(Resource::Nofile, Rlimit { current, maximum }).expect("a limit");
    limit(u64::try_from(next).ok());
    for socket in &waiting {
        socket.connect(&local.into()).expect("the backlog has room");
    }
    let warned = |session: &mut Session| {
        let is_it = |e: &&EventKind| matches!(e, EventKind::Warning(w) if w.kind == ErrorKind::TooManyOpenFiles);
        session.events().iter().filter(is_it).count()
    };
    session.wait("a warning", |session| (warned(session) > 0).then_some(()));
    peers[0].send(b"served all the while");
    session.wait("the bytes", |session| (session.counters().received_bytes == 20).then_some(()));
    std::thread::sleep(Duration::from_millis(250));
    assert_eq!(warned(&mut session), 1, "must be reported once, not at each attempt");
    limit(maximum);
    session.wait_peers(8);
    assert!(session.story().contains(&"warning accept too_many_open_files".to_owned()));
}

#[cfg(unix)]
#[test]
fn without_descriptors_it_waits_and_goes_on() {
    let test = std::env::current_exe().expect("this test");
    let arguments = ["--exact", "tcp_server::child_without_descriptors", "--ignored", "--test-threads=1"];
    let output = std::process::Command::new(test).args(arguments).output().expect("started");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_link_local_address_needs_and_takes_a_zone() {
    let addresses = wirebench::engine::local_addresses();
    let Some(zoned) = addresses.iter().map(wirebench::engine::LocalAddress::text).find(|text| text.contains('%'))
    else {
        eprintln!("no link-local address on this machine");
        return;
    };
    let mut session = Session::open(server(&format!("[{zoned}]:0")));
    let port = session.local().port();
    let mut other = Session::new();
    other.command(Command::Open(SessionConfig::TcpClient(wirebench::model::TcpClientConfig::new(host(&format!(
        "[{zoned}]:{port}"
    ))))));
    other.wait_state("connected", SessionState::is_open);
    session.wait_peers(1);
}

#[test]
fn addresses_of_nobody_in_particular_are_refused_with_the_reason() {
    use wirebench::model::{ErrorKind, Operation};
    for at in ["255.255.255.255:0", "127.255.255.255:0", "224.0.0.1:0", "[ff05::1]:0"] {
        let mut session = Session::new();
        session.command(Command::Open(server(at)));
        assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error), "{at}");
        let reported = session.wait("an error", |session| {
            session.events().iter().find_map(|event| match event {
                EventKind::Error(error) => Some(error.clone()),
                _ => None,
            })
        });
        assert_eq!((reported.operation, reported.kind), (Operation::Listen, ErrorKind::NotOneHost), "{reported}");
        let mut session = Session::new();
        session.command(Command::Open(client(at.replace(":0", ":9").parse().expect("literal"))));
        session.wait_closed();
        assert!(session.story().contains(&"error connect not_one_host".to_owned()), "{:?}", session.story());
    }
}

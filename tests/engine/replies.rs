//! Reply rules over frames.

use crate::support::*;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;
use wirebench::capture::{CaptureOptions, Cause};
use wirebench::engine::{Command, Replies, Reply, ReplyRule, When};
use wirebench::model::{Direction, Reconnect, SessionConfig, TcpClientConfig};

fn fixed(bytes: &[u8]) -> Reply {
    Reply::Fixed(Arc::from(bytes))
}

/// One rule for every frame.
fn per_frame(framing: &str, then: Reply) -> Replies {
    Replies { framing: framing.parse().expect("a framing rule"), ..Replies::from(then) }
}

fn rules(framing: &str, rules: &[(When, Reply)]) -> Replies {
    let rules = rules.iter().map(|(when, then)| ReplyRule { when: when.clone(), then: then.clone() }).collect();
    Replies { rules, framing: framing.parse().expect("a framing rule"), talk: None }
}

/// A server with these replies.
fn answering(replies: Replies) -> (Session, SocketAddr) {
    answering_within(8 << 20, replies)
}

fn answering_within(queue_limit_bytes: usize, replies: Replies) -> (Session, SocketAddr) {
    let mut session = Session::with(CaptureOptions::default(), queue_limit_bytes);
    session.command(Command::SetReplies(replies.into()));
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait("listening", |session| session.handle().state().local());
    let local = session.local();
    (session, local)
}

/// Sends the parts, each as a record of its own, then a FIN. Returns everything that is received.
fn talk(session: &mut Session, local: SocketAddr, parts: &[&[u8]]) -> Vec<u8> {
    let mut peer = Peer::connect(local);
    peer.0.set_nodelay(true).expect("option");
    for part in parts {
        let before = session.counters().received_bytes;
        peer.send(part);
        session.wait_received(before + part.len() as u64);
    }
    peer.shut_down();
    peer.receive_all().expect("a FIN")
}

#[test]
fn each_frame_gets_one_answer_however_the_stream_is_cut() {
    let (mut session, local) = answering(per_frame("line", fixed(b"ACK")));
    for (parts, answers) in [
        (&[&b"a\nb\nc\n"[..]][..], 3),
        (&[b"re", b"q1\n"], 1),
        (&[b"a", b"\nb", b"\n", b"c\n\n"], 4),
        // Without a line end there is no frame.
        (&[b"a\nhalf"], 1),
    ] {
        assert_eq!(talk(&mut session, local, parts), b"ACK".repeat(answers), "{parts:?}");
    }
}

#[test]
fn a_client_answers_frames_too() {
    let (listener, address) = listener();
    let session = Session::new();
    session.command(Command::SetReplies(per_frame("len:offset=0,size=1", fixed(b"+")).into()));
    session.command(Command::Open(client(address)));
    let mut peer = Peer::of(listener.accept().expect("a connection").0);
    peer.send(b"\x01a\x02bc\x03d");
    assert_eq!(peer.receive(2), b"++");
    peer.send(b"ef\x00");
    assert_eq!(peer.receive(2), b"++");
}

#[test]
fn an_echo_sends_back_every_byte_in_order() {
    let binary = pattern(100_000);
    let parts: [&[u8]; 6] = [b"{\"a\":1} \n\n", b"]junk}{\"b\"", b":[2,", b"3]}\r\n", &binary, b"{\"unfinished\":"];
    for framing in [
        "record",
        "line",
        "json",
        "slip",
        "cobs",
        "fixed:7",
        "marks:start=7B,end=7D,restart",
        "marks:start=24|21,end=0A,restart,max=1KiB+XOR-8:from=1,form=hex,until=2A",
        "len:offset=0,size=4,endian=little,mark=AA55@4",
        "fixed:8+CRC-16/MODBUS",
        "rtu+CRC-16/MODBUS",
        "gap:20ms",
    ] {
        let (mut session, local) = answering(per_frame(framing, Reply::Echo));
        assert!(talk(&mut session, local, &parts) == parts.concat(), "{framing}");
    }
}

#[test]
fn an_echo_waits_for_the_whole_frame() {
    let (mut session, local) = answering(per_frame("line", Reply::Echo));
    let mut peer = Peer::connect(local);
    peer.send(b"he");
    session.wait_received(2);
    peer.send(b"llo\nwor");
    assert_eq!(peer.receive(6), b"hello\n");
    let reader = session.reader();
    session.wait("the echo in the capture", |_| (!payload(&reader, Direction::Sent, None).is_empty()).then_some(()));
    let sent: Vec<_> =
        records(&reader).into_iter().filter(|record| record.direction == Some(Direction::Sent)).collect();
    assert_eq!(sent.len(), 1);
    let marks = sent[0].marks();
    assert!(marks.is_automatic && marks.cause == Cause::Echo, "{marks:?}");
    assert_eq!(payload(&reader, Direction::Sent, None), b"hello\n");
}

#[test]
fn only_whole_frames_with_a_right_check_are_answered_with_other_bytes() {
    // A sentence with a correct check, one with a wrong check, junk, and a sentence without a check.
    let stream = b"$ab*03\r\n$ab*04\r\nxx$ab\r\n$half";
    for (then, answers) in [(fixed(b"+"), &b"++"[..]), (Reply::Upper, b"$AB*03\r\n$AB\r\n")] {
        let (mut session, local) = answering(per_frame("nmea", then.clone()));
        assert_eq!(talk(&mut session, local, &[stream]), answers, "{then:?}");
    }
}

#[test]
fn the_first_rule_that_fits_answers() {
    let contains = |bytes: &[u8]| When::Contains(Arc::from(bytes));
    let (mut session, local) = answering(rules(
        "line",
        &[
            (When::Equals(Arc::from(&b"ping"[..])), fixed(b"pong\n")),
            (contains(b"ping"), fixed(b"almost\n")),
            (contains(b"shout"), Reply::Upper),
            (contains(b"quiet"), fixed(b"")),
            (When::Any, Reply::Echo),
        ],
    ));
    let answers = talk(&mut session, local, &[b"ping\r\nping!\nshout it\nquiet\nother\n", b"rest"]);
    assert_eq!(answers, b"pong\nalmost\nSHOUT IT\nother\nrest");
    // Frames that no rule matches are not answered.
    session.command(Command::SetReplies(rules("line", &[(When::Equals(Arc::from(&b"a"[..])), fixed(b"A"))]).into()));
    assert_eq!(talk(&mut session, local, &[b"a\nb\naa\na\n"]), b"AA");
}

#[test]
fn a_frame_ends_with_its_gap_and_is_answered_then() {
    for framing in ["gap:30ms", "rtu+CRC-16/MODBUS"] {
        // Modbus RTU: a wrong CRC is certain only after silence.
        let (_session, local) = answering(per_frame(framing, Reply::Echo));
        let mut peer = Peer::connect(local);
        for _ in 0..2 {
            peer.send(b"\x01\x03\x00\x00\x00\x01\xff\xff");
            // The peer sends no more bytes, so only the timer of the session can end the frame.
            assert_eq!(peer.receive(8), b"\x01\x03\x00\x00\x00\x01\xff\xff", "{framing}");
        }
    }
    let (_session, local) = answering(per_frame("gap:30ms", fixed(b"!")));
    let mut peer = Peer::connect(local);
    peer.send(b"a");
    assert_eq!(peer.receive(1), b"!");
}

#[test]
fn a_right_modbus_frame_is_answered_at_once() {
    let (_session, local) = answering(per_frame("rtu+CRC-16/MODBUS", fixed(b"+")));
    let mut peer = Peer::connect(local);
    // Two requests in one segment.
    peer.send(&b"\x01\x03\x00\x00\x00\x01\x84\x0a".repeat(2));
    assert_eq!(peer.receive(2), b"++");
}

#[test]
fn each_datagram_is_cut_by_itself() {
    let session = Session::open(udp("127.0.0.1:0"));
    let local = session.local();
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a port");
    peer.set_read_timeout(Some(DEADLINE)).expect("time-out");
    let exchange = |replies: Replies, datagrams: &[&[u8]]| {
        session.command(Command::SetReplies(replies.into()));
        for datagram in datagrams {
            peer.send_to(datagram, local).expect("sent");
        }
    };
    let receive = || {
        let mut buffer = [0; 100];
        let count = peer.recv(&mut buffer).expect("an answer");
        buffer[..count].to_vec()
    };
    // The end of a datagram ends its line, so no bytes carry over to the next one. An empty datagram is a frame.
    exchange(per_frame("line", fixed(b"ok")), &[b"a\nb\nc", b"d", b""]);
    for _ in 0..5 {
        assert_eq!(receive(), b"ok");
    }
    // An echoed datagram stays one datagram, whatever it contains.
    exchange(per_frame("line", Reply::Echo), &[b"a\nb\n", b"x\n"]);
    assert_eq!((receive(), receive()), (b"a\nb\n".to_vec(), b"x\n".to_vec()));
    exchange(per_frame("json", Reply::Echo), &[b" {} \n]{\"a\":", b"1}"]);
    assert_eq!((receive(), receive()), (b" {} \n]{\"a\":".to_vec(), b"1}".to_vec()));
    exchange(per_frame("fixed:2", Reply::Upper), &[b"abcde"]);
    assert_eq!(receive(), b"ABCD");
    // An empty answer is an empty datagram.
    exchange(per_frame("fixed:2", fixed(b"")), &[b"abcd"]);
    assert_eq!((receive(), receive()), (Vec::new(), Vec::new()));
}

#[test]
fn rules_change_while_the_session_runs() {
    let (mut session, local) = answering(per_frame("line", fixed(b"1")));
    let mut peer = Peer::connect(local);
    peer.send(b"a\nb");
    assert_eq!(peer.receive(1), b"1");
    session.wait_received(3);
    // With the same framing, the incomplete frame continues.
    session.command(Command::SetReplies(per_frame("line", Reply::Echo).into()));
    peer.send(b"c\nd");
    assert_eq!(peer.receive(3), b"bc\n");
    session.wait_received(6);
    // With a different framing, the incomplete frame ends and is echoed.
    session.command(Command::SetReplies(per_frame("fixed:2", Reply::Echo).into()));
    assert_eq!(peer.receive(1), b"d");
    peer.send(b"ee\nf");
    assert_eq!(peer.receive(4), b"ee\nf");
    session.command(Command::SetReplies(Replies::default().into()));
    session.command(Command::Close);
    assert_eq!(peer.receive_all(), Ok(Vec::new()));
}

/// A small segment with many frames must not use an unbounded amount of memory.
#[test]
fn many_answers_to_one_read_are_counted_and_bounded() {
    const LINES: usize = 50_000;
    let (mut session, local) = answering_within(1 << 20, per_frame("line", fixed(&pattern(1000))));
    let mut peer = Peer::connect(local);
    let mut reading = Peer::of(peer.0.try_clone().expect("clone"));
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| peer.send(&b"\n".repeat(LINES)));
        // The peer does not read, so the session stops reading it. All queued bytes are counted.
        session.wait("answers that wait", |session| (session.counters().queued_bytes > 1 << 20).then_some(()));
        let answers = reading.receive(LINES * 1000);
        assert!(answers == pattern(1000).repeat(LINES), "every line is answered, and each answer is whole");
        writing.join().expect("written");
    });
    session.wait("all sent", |session| (session.counters().queued_bytes == 0).then_some(()));
    let counters = session.counters();
    // An answer that the socket accepts only in parts is more than one record.
    assert!(counters.sent_records >= LINES as u64, "each answer is a record: {counters:?}");
    assert_eq!(counters.sent_bytes, LINES as u64 * 1000);
}

#[test]
fn rules_that_alternate_stay_within_the_share_of_each_peer() {
    const FRAMES: usize = 300_000;
    let is = |bytes: &[u8]| When::Equals(Arc::from(bytes));
    let (_session, local) =
        answering_within(8 << 20, rules("fixed:1", &[(is(b"a"), fixed(b"1")), (is(b"b"), fixed(b"2"))]));
    let mut peer = Peer::connect(local);
    let mut reading = Peer::of(peer.0.try_clone().expect("clone"));
    std::thread::scope(|scope| {
        scope.spawn(|| peer.send(&b"ab".repeat(FRAMES / 2)));
        assert!(reading.receive(FRAMES) == b"12".repeat(FRAMES / 2), "nothing is left out, and the order stays");
    });
}

/// A copy of a frame takes as much memory as the frame. An echo of a frame beyond the peer's share is sent in parts.
#[test]
fn an_echo_of_frames_beyond_the_share_loses_nothing() {
    let (mut session, local) = answering_within(64 << 10, per_frame("line", Reply::Echo));
    let mut peer = Peer::connect(local);
    let mut message = vec![b'x'; 3 << 20];
    message.extend_from_slice(b"\nshort\n");
    let mut reading = Peer::of(peer.0.try_clone().expect("clone"));
    std::thread::scope(|scope| {
        scope.spawn(|| peer.send(&message));
        assert!(reading.receive(message.len()) == message);
    });
    // An answer that needs the whole frame is omitted with a warning.
    session.command(Command::SetReplies(per_frame("line", Reply::Upper).into()));
    peer.send(&message);
    assert_eq!(peer.receive(6), b"SHORT\n");
    session.wait_story("warning reply too_long");
}

/// The run ends right after the frames, before the next second.
#[test]
fn frames_without_an_answer_are_reported_before_the_end_of_the_run() {
    for rounds in [1, 3] {
        let (mut session, local) = answering_within(64 << 10, per_frame("line", Reply::Upper));
        for _ in 0..rounds {
            let mut peer = Peer::connect(local);
            peer.send(&[&[b'x'; 1 << 20][..], b"\nshort\n"].concat());
            assert_eq!(peer.receive(6), b"SHORT\n");
        }
        session.close();
        let story = session.story();
        let warned = story.iter().position(|line| line == "warning reply too_long");
        let closed = story.iter().position(|line| line.starts_with("closed"));
        assert!(warned.is_some() && warned < closed, "{story:?}");
    }
}

#[test]
fn unfinished_frames_end_with_their_peer() {
    let (mut session, local) = answering(per_frame("gap:600s", Reply::Echo));
    let rounds = 20;
    for round in 0..rounds {
        let mut peer = Peer::connect(local);
        peer.send(b"unfinished");
        session.wait_received(10 * (round + 1));
        peer.reset();
    }
    session.wait_peers(0);
    assert!(payload(&session.reader(), Direction::Sent, None).is_empty());
    // Closing interrupts the wait for a gap.
    let mut peer = Peer::connect(local);
    peer.send(b"more");
    session.wait_received(10 * rounds + 4);
    session.close();
    assert_eq!(peer.receive_all(), Ok(Vec::new()));
    assert!(session.finish(), "the worker ends at once");
}

#[test]
fn many_peers_with_unfinished_frames_are_answered_each_for_itself() {
    let (mut session, local) = answering(per_frame("line", Reply::Upper));
    let mut peers: Vec<_> = (0..50).map(|_| Peer::connect(local)).collect();
    session.wait_peers(peers.len());
    for (n, peer) in peers.iter_mut().enumerate() {
        peer.send(format!("peer {n}").as_bytes());
    }
    for (n, peer) in peers.iter_mut().enumerate().rev() {
        peer.send(b" goes on\n");
        let expected = format!("PEER {n} GOES ON\n");
        assert_eq!(peer.receive(expected.len()), expected.as_bytes());
    }
    drop(peers);
    session.wait("nobody", |session| session.handle().peers().is_empty().then_some(()));
}

#[test]
fn a_client_that_connects_again_answers_again_and_begins_anew() {
    let (listener, address) = listener();
    let mut session = Session::new();
    session.command(Command::SetReplies(per_frame("line", Reply::Echo).into()));
    let first = Duration::from_millis(10);
    let reconnect = Some(Reconnect { first, longest: first, attempts: None });
    let config = TcpClientConfig { reconnect, ..TcpClientConfig::new(host(&address.to_string())) };
    session.command(Command::Open(SessionConfig::TcpClient(config)));
    for round in 1..4 {
        let mut peer = Peer::of(listener.accept().expect("a connection").0);
        peer.send(b"a\nunfinished");
        assert_eq!(peer.receive(2), b"a\n");
        session.wait_received(round * 12);
        peer.reset();
    }
}

//! Rules of a talk file that change while the session is open.

use crate::support::*;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wirebench::capture::{CaptureReader, Cause};
use wirebench::engine::{Command, Replies, RuleSurroundings};
use wirebench::model::{Direction, Target};
use wirebench::talk;
use wirebench::talk::content::NoFiles;
use wirebench::talk::rules::{RuleSet, Setting};

pub fn rules_of(framing: &str, source: &str) -> Arc<RuleSet> {
    let parsed = talk::parse(source);
    assert!(parsed.errors.is_empty(), "{source}: {:?}", parsed.errors);
    let setting = Setting { framing: Some(framing.parse().expect("a rule")), ..Setting::default() };
    let set = RuleSet::new(&parsed.file, source, &setting, &mut RuleSurroundings::default(), &mut NoFiles);
    Arc::new(set.expect("rules"))
}

pub fn set(session: &Session, framing: &str, source: &str) {
    session.command(Command::SetReplies(Box::new(Replies::from(rules_of(framing, source)))));
}

pub fn answering(source: &str) -> (Session, SocketAddr) {
    let mut session = Session::new();
    set(&session, "line", source);
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait("listening", |session| session.handle().state().local());
    let local = session.local();
    (session, local)
}

/// Sends a line and returns the answer, which is a line too.
pub fn asks(peer: &mut Peer, line: &str) -> String {
    peer.send(format!("{line}\n").as_bytes());
    answer(peer)
}

fn answer(peer: &mut Peer) -> String {
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        line.extend(peer.receive(1));
    }
    String::from_utf8_lossy(&line).trim_end().to_owned()
}

pub fn wait_hits(session: &mut Session, hits: &[u64]) {
    session.wait("the hits", |session| (session.handle().rule_hits() == hits).then_some(()));
}

#[test]
fn half_a_frame_goes_on_under_the_new_rules() {
    let (mut session, local) = answering("on \"ping\" { > \"pong\" }\n");
    let mut peer = Peer::connect(local);
    peer.send(b"pi");
    session.wait_received(2);
    set(&session, "line", "on \"ping\" { > \"other\" }\n");
    assert_eq!(asks(&mut peer, "ng"), "other");
}

#[test]
fn a_body_that_waits_goes_on_and_frames_behind_it_meet_the_new_rules() {
    let source = "on \"slow\" as slow { wait 300ms; > \"first\" }\non \"b\" { > \"1\" }\n";
    let (mut session, local) = answering(source);
    let mut peer = Peer::connect(local);
    peer.send(b"slow\nb\n");
    session.wait_received(7);
    // Another order, and another body.
    set(&session, "line", "on \"b\" { > \"2\" }\non \"slow\" as slow { > \"new\" }\n");
    assert_eq!((answer(&mut peer), answer(&mut peer)), ("first".into(), "2".into()));
    assert_eq!(asks(&mut peer, "slow"), "new");
    wait_hits(&mut session, &[1, 2]);
    // The body of a rule that is gone stops; what is behind it goes on.
    set(&session, "line", source);
    peer.send(b"slow\nb\n");
    session.wait_received(19);
    wait_hits(&mut session, &[3, 1]);
    set(&session, "line", &format!("off {source}"));
    assert_eq!(answer(&mut peer), "1");
    wait_hits(&mut session, &[3, 2]);
}

#[test]
fn counts_and_names_stay_while_a_rule_is_off() {
    let on = "var seen = 0\non /who (?<who>\\w+)/ { > \"noted\" }\non \"again\" limit 2 { > \"{{who}}\" }\n\
              on \"again\" { > \"over\" }\non \"count\" { set seen = seen + 1; > \"{{seen}}\" }\n";
    let (mut session, local) = answering(on);
    let mut peer = Peer::connect(local);
    assert_eq!(asks(&mut peer, "who ada"), "noted");
    assert_eq!(asks(&mut peer, "again"), "ada");
    assert_eq!(asks(&mut peer, "count"), "1");
    let off = on.replace("on \"again\" limit", "off on \"again\" limit");
    set(&session, "line", &off);
    assert_eq!(asks(&mut peer, "again"), "over");
    wait_hits(&mut session, &[1, 1, 1, 1]);
    // All rules are off for some time; nobody is answered.
    session.command(Command::SetReplies(Replies::default().into()));
    let before = session.counters().received_bytes;
    peer.send(b"count\n");
    session.wait_received(before + 6);
    set(&session, "line", on);
    assert_eq!(asks(&mut peer, "again"), "ada");
    assert_eq!(asks(&mut peer, "again"), "over");
    assert_eq!(asks(&mut peer, "count"), "2");
    wait_hits(&mut session, &[1, 2, 2, 2]);
    // A variable with another value in the file begins with it.
    set(&session, "line", &on.replace("seen = 0", "seen = 10"));
    assert_eq!(asks(&mut peer, "count"), "11");
    session.command(Command::ResetCounters);
    wait_hits(&mut session, &[0, 0, 0, 0]);
}

#[test]
fn open_rules_run_once_for_each_connection() {
    let source = "on open { > \"hello\" }\non \"a\" { > \"1\" }\n";
    let (session, local) = answering(source);
    let mut peer = Peer::connect(local);
    assert_eq!(answer(&mut peer), "hello");
    set(&session, "line", &source.replace('1', "2"));
    assert_eq!(asks(&mut peer, "a"), "2");
    session.command(Command::SetReplies(Replies::default().into()));
    set(&session, "line", source);
    assert_eq!(asks(&mut peer, "a"), "1");
    let mut other = Peer::connect(local);
    assert_eq!(answer(&mut other), "hello");
}

#[test]
fn rules_that_act_by_time_go_on() {
    let source = "on every 200ms { > \"tick\" }\non \"a\" { > \"1\" }\n";
    let (session, local) = answering(source);
    let mut peer = Peer::connect(local);
    // Changes that come faster than the period must not hold it up.
    let until = Instant::now() + Duration::from_secs(20);
    peer.0.set_nonblocking(true).expect("option");
    let mut buffer = [0; 64];
    let mut changes = 0;
    let heard = loop {
        assert!(Instant::now() < until, "{changes} changes, and no tick");
        set(&session, "line", &source.replace('1', if u32::is_multiple_of(changes, 2) { "2" } else { "3" }));
        changes += 1;
        std::thread::sleep(Duration::from_millis(20));
        match std::io::Read::read(&mut peer.0, &mut buffer) {
            Ok(len) => break buffer[..len].to_vec(),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
        }
    };
    assert_eq!(heard, b"tick\n");
}

#[test]
fn hits_go_on_over_runs() {
    let (mut session, local) = answering("off on \"x\" { }\non \"a\" { > \"1\" }\n");
    let mut peer = Peer::connect(local);
    asks(&mut peer, "a");
    wait_hits(&mut session, &[0, 1]);
    session.close();
    session.command(Command::Open(server("127.0.0.1:0")));
    let local = session.wait("listening", |session| session.handle().state().local());
    let mut peer = Peer::connect(local);
    asks(&mut peer, "a");
    wait_hits(&mut session, &[0, 2]);
}

#[test]
fn a_datagram_peer_keeps_its_state() {
    let source = "on \"a\" limit 1 { > \"1\" }\non \"a\" { > \"2\" }\n";
    let mut session = Session::new();
    set(&session, "record", source);
    session.command(Command::Open(udp("127.0.0.1:0")));
    let local = session.wait("bound", |session| session.handle().state().local());
    let peer = std::net::UdpSocket::bind("127.0.0.1:0").expect("a socket");
    peer.set_read_timeout(Some(Duration::from_secs(10))).expect("option");
    let ask = || {
        peer.send_to(b"a", local).expect("sent");
        let mut buffer = [0; 8];
        let len = peer.recv(&mut buffer).expect("an answer");
        buffer[..len].to_vec()
    };
    assert_eq!(ask(), b"1");
    set(&session, "record", &source.replace("\"2\"", "\"3\""));
    assert_eq!(ask(), b"3");
}

/// Many clients ask without a pause while the rules change all the time: each question gets exactly one answer, in order.
#[test]
fn no_question_is_lost_while_rules_change() {
    const EACH: usize = 40;
    let source = "on /n(?<n>\\d+)/ as echo { > \"{{n}}\" }\non \"never\" { > \"x\" }\n";
    for clients in [1, 2, 4, 8, 16] {
        let (mut session, local) = answering(source);
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..clients).map(|_| scope.spawn(move || ask_all(local, EACH))).collect();
            let mut changes = 0_u32;
            while clients.iter().any(|client| !client.is_finished()) {
                let text = if changes.is_multiple_of(2) { "off on \"never\"" } else { "on \"never\"" };
                set(&session, "line", &source.replace("on \"never\"", text));
                changes += 1;
                std::thread::sleep(Duration::from_millis(2));
            }
        });
        wait_hits(&mut session, &[(clients * EACH) as u64, 0]);
    }
}

fn ask_all(local: SocketAddr, count: usize) {
    let mut peer = Peer::connect(local);
    for n in 0..count {
        // Half a line first, so that changes meet unfinished frames.
        peer.send(b"n");
        assert_eq!(asks(&mut peer, &n.to_string()), n.to_string());
    }
}

/// What sent it and why, of each sent record.
fn senders(reader: &CaptureReader) -> Vec<(Cause, Option<String>)> {
    let sent = records(reader).into_iter().filter(|record| record.direction == Some(Direction::Sent));
    sent.map(|record| (record.cause(), reader.name(&record).map(|name| name.to_string()))).collect()
}

#[test]
fn records_name_the_rule_or_command_that_sent_them() {
    let (mut session, local) = answering("on \"a\" as first { > \"1\" }\non \"b\" { > \"2\" }\n");
    let mut peer = Peer::connect(local);
    assert_eq!(asks(&mut peer, "a"), "1");
    assert_eq!(asks(&mut peer, "b"), "2");
    session.wait_peers(1);
    let item = bytes(b"c").named("command");
    session.send_and_wait(1, Target::All, item);
    session.send_and_wait(2, Target::All, bytes(b"d"));
    assert_eq!(peer.receive(2), b"cd");
    let senders = senders(&session.reader());
    let names: Vec<Option<&str>> = senders.iter().map(|(_, name)| name.as_deref()).collect();
    assert_eq!(names, [Some("first"), Some("\"b\""), Some("command"), None]);
    assert_eq!((senders[0].0, senders[1].0), (Cause::Reply, Cause::Reply));
}

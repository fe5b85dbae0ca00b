//! Automatic reconnecting of a client.

use crate::closing::Blackhole;
use crate::support::*;
use socket2::{Domain, Socket, Type};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use wirebench::engine::{Command, EventKind};
use wirebench::model::{
    CloseReason, ErrorKind, PeerId, Reconnect, SessionConfig, SessionState, Target, TcpClientConfig, Ticket,
};

const LONG: Duration = Duration::from_secs(3600);

/// A port that refuses connections until it listens, and that no other socket can bind meanwhile.
fn deaf_port() -> (Socket, SocketAddr) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&"127.0.0.1:0".parse::<SocketAddr>().expect("an address").into()).expect("a port");
    let address = socket.local_addr().expect("bound").as_socket().expect("an IP address");
    (socket, address)
}

fn again(remote: SocketAddr, first: Duration, attempts: Option<u32>) -> SessionConfig {
    let longest = first.max(Duration::from_millis(40));
    let reconnect = Some(Reconnect { first, longest, attempts });
    SessionConfig::TcpClient(TcpClientConfig { reconnect, ..TcpClientConfig::new(host(&remote.to_string())) })
}

fn soon(remote: SocketAddr) -> SessionConfig {
    again(remote, Duration::from_millis(10), None)
}

/// Reasons, numbers and waits of the attempts so far.
fn waits(session: &mut Session) -> Vec<(CloseReason, u32, Duration)> {
    let wait = |event: &EventKind| match event {
        EventKind::State(SessionState::Waiting { reason, next }) => {
            Some((*reason, next.number, Duration::from_millis(next.wait_ms)))
        }
        _ => None,
    };
    session.events().iter().filter_map(wait).collect()
}

fn wait_waiting(session: &mut Session) {
    session.wait_state("waiting", |state| matches!(state, SessionState::Waiting { .. }));
}

#[test]
fn a_client_that_is_refused_connects_once_somebody_listens() {
    let (socket, address) = deaf_port();
    let mut session = Session::new();
    session.command(Command::OnJoin(Some(plan(vec![bytes(b"hello")]))));
    session.command(Command::Open(soon(address)));
    session.wait("several attempts", |session| (waits(session).len() >= 5).then_some(()));
    socket.listen(1).expect("a listener");
    session.wait_state("connected", SessionState::is_open);
    let listener = TcpListener::from(socket);
    let (stream, _) = listener.accept().expect("a connection");
    // The peer stays until the end of the test: once it left, the client would wait for a next attempt, for another reason.
    let mut peer = Peer::of(stream);
    assert_eq!(peer.receive(5), b"hello");
    session.wait_story("sent 1 hello");

    let waits = waits(&mut session);
    let ms: Vec<u128> = waits.iter().map(|(_, _, wait)| wait.as_millis()).collect();
    assert_eq!(ms[..5], [10, 20, 40, 40, 40], "doubled, and bounded");
    assert!(
        waits.iter().zip(1..).all(|((reason, attempt, _), number)| (*reason, *attempt) == (CloseReason::Error, number))
    );
    assert!(!session.events().iter().any(|event| matches!(event, EventKind::State(SessionState::Closed(_)))));
    // One capture contains all attempts, each as a run.
    let mut story = Vec::new();
    for run in 1..=waits.len() {
        let opened = format!("opened {run}");
        story.extend([opened.as_str(), "connecting", "error connect refused", "closed error"].map(str::to_owned));
    }
    let opened = format!("opened {}", waits.len() + 1);
    story.extend([opened.as_str(), "connecting", "connected", "sent 1 hello"].map(str::to_owned));
    assert_eq!(session.story()[..story.len()], story);
    let captures = session.events().iter().filter(|event| matches!(event, EventKind::Capture(_))).count();
    assert_eq!(captures, 1);
}

#[test]
fn a_connection_that_is_lost_is_made_again_and_attempts_begin_anew() {
    let (listener, address) = listener();
    let mut session = Session::new();
    session.command(Command::Open(soon(address)));
    for round in 0..3 {
        let (stream, _) = listener.accept().expect("a connection");
        let mut peer = Peer::of(stream);
        peer.send(b"x");
        session.wait_received(round + 1);
        if round == 1 { peer.reset() } else { drop(peer) }
    }
    let _last = listener.accept().expect("a connection");
    session.wait_state("connected", SessionState::is_open);
    let reasons = [CloseReason::PeerFin, CloseReason::Reset, CloseReason::PeerFin];
    let expected = reasons.map(|reason| (reason, 1, Duration::from_millis(10)));
    assert_eq!(waits(&mut session), expected);
    session.wait_story("opened 4");
}

#[test]
fn close_ends_the_wait() {
    let (_socket, address) = deaf_port();
    let mut session = Session::new();
    session.command(Command::Open(again(address, LONG, None)));
    wait_waiting(&mut session);
    assert!(session.handle().state().is_active());
    session.command(Command::Close);
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Local));
    // The last record but one announced the next attempt.
    assert_eq!(session.story(), ["opened 1", "connecting", "error connect refused", "closed error", "closed local"]);
    // The session can be opened with another configuration, and a wait does not delay its end.
    session.command(Command::Open(again(address, LONG, None)));
    session.wait_story("opened 2");
    wait_waiting(&mut session);
    assert!(session.finish());
}

#[test]
fn after_the_last_attempt_the_session_is_closed() {
    let (_socket, address) = deaf_port();
    let mut session = Session::new();
    session.command(Command::Open(again(address, Duration::from_millis(10), Some(3))));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error));
    assert_eq!(waits(&mut session).len(), 3);
    let opened = session.story().iter().filter(|line| line.starts_with("opened")).count();
    assert_eq!(opened, 4);
}

#[test]
fn what_the_user_ends_stays_closed() {
    let (listener, address) = listener();
    for by_peer in [true, false] {
        let mut session = Session::open(again(address, LONG, None));
        let _peer = listener.accept().expect("a connection");
        session.command(if by_peer { Command::DisconnectPeer(PeerId(1)) } else { Command::Close });
        let reason = if by_peer { CloseReason::Kicked } else { CloseReason::Local };
        assert_eq!(session.wait_closed(), SessionState::Closed(reason));
        assert_eq!(waits(&mut session), []);
    }
    let mut session = Session::new();
    let nowhere = "127.0.0.1:0".parse().expect("an address");
    session.command(Command::Open(soon(nowhere)));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Error), "port 0 will never be valid");
    assert_eq!(waits(&mut session), []);
}

#[test]
fn while_it_waits_nothing_is_sent_and_it_is_not_opened_twice() {
    let (socket, address) = deaf_port();
    let mut session = Session::new();
    session.command(Command::Open(again(address, Duration::from_millis(300), None)));
    wait_waiting(&mut session);
    session.send(1, Target::Remote, plan(vec![bytes(b"now")]));
    let not_sent = session.outcome(1).result.map_err(|error| error.kind);
    assert_eq!(not_sent, Err(ErrorKind::NoPeer));
    session.command(Command::Open(soon(address)));
    session.wait("a warning", |session| {
        session.events().iter().any(|event| matches!(event, EventKind::Warning(_))).then_some(())
    });
    socket.listen(1).expect("a listener");
    session.command(Command::SendWhenConnected { ticket: Ticket(2), plan: plan(vec![bytes(b"then")]) });
    session.wait_state("connected", SessionState::is_open);
    let (stream, _) = TcpListener::from(socket).accept().expect("a connection");
    let mut peer = Peer::of(stream);
    assert_eq!(peer.receive(4), b"then");
    assert_eq!(session.outcome(2).result, Ok(()));
}

#[test]
fn close_ends_an_attempt_that_gets_no_answer() {
    let hole = Blackhole::new();
    let mut session = Session::new();
    session.command(Command::Open(again(hole.address, LONG, None)));
    session.wait_state("connecting", |state| *state == SessionState::Connecting);
    session.command(Command::Close);
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Local));
    assert_eq!(session.story(), ["opened 1", "connecting", "closed local"]);
}

#[test]
fn a_close_that_meets_the_end_of_the_connection_is_the_users() {
    let (listener, address) = listener();
    for _ in 0..20 {
        let mut session = Session::open(again(address, Duration::from_millis(10), None));
        let (peer, _) = listener.accept().expect("a connection");
        drop(peer);
        session.command(Command::Close);
        let end = session.wait_closed();
        assert!(matches!(end, SessionState::Closed(_)), "{end:?}");
        let waited = waits(&mut session).len();
        session.command(Command::Close);
        assert!(session.finish());
        // Where the worker saw the end of the connection first, it waited once, and the close ended that.
        assert!(waited <= 1, "{waited}");
    }
}

#[test]
fn it_can_be_switched_on_while_open_and_off_while_it_waits() {
    let (listener, address) = listener();
    let never = SessionConfig::TcpClient(TcpClientConfig::new(host(&address.to_string())));
    let mut session = Session::open(never);
    let (peer, _) = listener.accept().expect("a connection");
    session.command(Command::SetReconnect(Some(Reconnect { first: LONG, longest: LONG, attempts: Some(3) })));
    drop(peer);
    wait_waiting(&mut session);
    assert_eq!(waits(&mut session), [(CloseReason::PeerFin, 1, LONG)]);
    session.command(Command::SetReconnect(None));
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Local));
    // The switch stays off for this run only: the next configuration has its own.
    session.command(Command::Open(again(address, LONG, None)));
    session.wait_story("opened 2");
    let (peer, _) = listener.accept().expect("a connection");
    drop(peer);
    session.wait("two waits", |session| (waits(session).len() == 2).then_some(()));
}

#[test]
fn failed_attempts_in_a_row_share_an_action_and_a_connection_ends_it() {
    let (socket, address) = deaf_port();
    let mut session = Session::new();
    session.command(Command::Open(soon(address)));
    session.wait("three attempts", |session| (waits(session).len() >= 3).then_some(()));
    socket.listen(1).expect("a listener");
    session.wait_state("connected", SessionState::is_open);
    let _peer = TcpListener::from(socket).accept().expect("a connection");
    session.wait_story("connected");
    let all = records(&session.reader());
    let actions: Vec<Option<u32>> = all.iter().map(wirebench::capture::Record::action).collect();
    let first = actions.iter().position(Option::is_some).expect("an action");
    assert_eq!(first, 2, "the first records are those of the user's own open");
    let last = actions.iter().rposition(Option::is_some).expect("an action");
    assert!(actions[first..=last].iter().all(|action| *action == actions[first]), "{actions:?}");
    assert_eq!(session.story()[last + 1], "connected");
}

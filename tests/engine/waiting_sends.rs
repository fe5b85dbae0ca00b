//! Sends that wait for a connection: each has exactly one outcome.

use crate::support::*;
use wirebench::engine::{Command, EventKind};
use wirebench::model::{ErrorKind, SessionConfig, Target, TcpClientConfig, Ticket};

fn waits(session: &Session, ticket: u64, text: &[u8]) {
    session.command(Command::SendWhenConnected { ticket: Ticket(ticket), plan: plan(vec![bytes(text)]) });
}

fn failed(session: &mut Session, ticket: u64) -> ErrorKind {
    session.outcome(ticket).result.map_err(|error| error.kind).expect_err("not sent")
}

/// How often the outcome of a send was reported.
fn outcomes(session: &mut Session, ticket: u64) -> usize {
    let reported = |event: &&EventKind| matches!(event, EventKind::SendFinished(found, _) if found.0 == ticket);
    session.events().iter().filter(reported).count()
}

#[test]
fn several_are_sent_in_order_and_none_replaces_another() {
    let (listener, address) = listener();
    let mut session = Session::new();
    for (ticket, text) in [(1, b"one "), (2, b"two "), (3, b"tre ")] {
        waits(&session, ticket, text);
    }
    session.command(Command::Open(client(address)));
    let mut peer = Peer::of(listener.accept().expect("a connection").0);
    assert_eq!(peer.receive(12), b"one two tre ");
    for ticket in 1..=3 {
        assert_eq!(session.outcome(ticket).result, Ok(()));
        assert_eq!(outcomes(&mut session, ticket), 1);
    }
}

#[test]
fn a_capture_that_cannot_be_made_cancels_it_and_a_later_connection_does_not_send_it() {
    let (listener, address) = listener();
    let mut session = Session::new();
    std::fs::write(session.captures_dir(), b"a file instead of the folder").expect("written");
    waits(&session, 1, b"of the first run");
    session.command(Command::Open(client(address)));
    session.wait_closed();
    assert_eq!(failed(&mut session, 1), ErrorKind::Cancelled);
    std::fs::remove_file(session.captures_dir()).expect("removed");
    session.command(Command::Open(client(address)));
    let mut peer = Peer::of(listener.accept().expect("a connection").0);
    session.wait_peers(1);
    session.send_and_wait(2, Target::Remote, bytes(b"second run"));
    assert_eq!(peer.receive(10), b"second run");
    assert_eq!(outcomes(&mut session, 1), 1);
}

#[test]
fn a_server_and_a_udp_socket_refuse_it_and_send_it_to_nobody() {
    let mut session = Session::new();
    waits(&session, 1, b"for a server");
    session.command(Command::Open(server("127.0.0.1:0")));
    assert_eq!(failed(&mut session, 1), ErrorKind::Invalid);
    session.wait("listening", |session| session.handle().state().local());
    let mut peer = Peer::connect(session.local());
    session.wait_peers(1);
    session.send_and_wait(2, Target::All, bytes(b"hello"));
    assert_eq!(peer.receive(5), b"hello");

    let mut session = Session::new();
    waits(&session, 1, b"for a server");
    session.command(Command::Open(udp("127.0.0.1:0")));
    assert_eq!(failed(&mut session, 1), ErrorKind::Invalid);
}

#[test]
fn given_too_late_it_is_refused() {
    let (mut session, _peer) = connected();
    waits(&session, 1, b"too late");
    assert_eq!(failed(&mut session, 1), ErrorKind::Invalid);
    session.close();
    assert_eq!(outcomes(&mut session, 1), 1);
}

#[test]
fn stopped_closed_or_ended_before_any_connection_it_is_cancelled() {
    let mut session = Session::new();
    waits(&session, 1, b"stopped");
    waits(&session, 2, b"closed");
    session.command(Command::CancelSend(Ticket(1)));
    assert_eq!(failed(&mut session, 1), ErrorKind::Cancelled);
    assert_eq!(outcomes(&mut session, 2), 0, "it must still wait");
    session.command(Command::Close);
    assert_eq!(failed(&mut session, 2), ErrorKind::Cancelled);
    waits(&session, 3, b"the session ends");
    let events = session.handle().events().clone();
    assert!(session.finish());
    let last = events.try_iter().filter(|event| matches!(&event.kind, EventKind::SendFinished(t, _) if t.0 == 3));
    assert_eq!(last.count(), 1);
}

#[test]
fn each_command_before_the_end_of_the_session_has_its_outcome() {
    for round in 0..200 {
        let session = Session::new();
        if round % 2 == 0 {
            // The worker is awake when the command arrives.
            session.command(Command::PauseReading(false));
        }
        waits(&session, 1, b"the session ends");
        let events = session.handle().events().clone();
        assert!(session.finish());
        let outcomes = events.try_iter().filter(|event| matches!(event.kind, EventKind::SendFinished(..)));
        assert_eq!(outcomes.count(), 1, "round {round}");
    }
}

#[test]
fn a_failed_connect_cancels_it_once() {
    let (listener, address) = listener();
    drop(listener);
    let mut session = Session::new();
    waits(&session, 1, b"to nobody");
    session.command(Command::Open(SessionConfig::TcpClient(TcpClientConfig::new(host(&address.to_string())))));
    session.wait_closed();
    assert_eq!(failed(&mut session, 1), ErrorKind::Cancelled);
    assert_eq!(outcomes(&mut session, 1), 1);
}

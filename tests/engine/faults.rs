//! Payload that is spoiled on purpose between the send queue and the connection.

use crate::support::*;
use std::num::{NonZeroU64, NonZeroUsize};
use wirebench::engine::{Command, Faults};
use wirebench::model::{CloseReason, Direction, ErrorKind, PeerId, SessionState, Target, Ticket};

fn pieces(bytes: usize) -> Option<Faults> {
    Some(Faults { piece_bytes: NonZeroUsize::new(bytes), ..Faults::default() })
}

fn rate(bytes_per_second: u64) -> Option<Faults> {
    Some(Faults { bytes_per_second: NonZeroU64::new(bytes_per_second), ..Faults::default() })
}

fn sent_records(session: &Session) -> Vec<u32> {
    let sent = records(&session.reader()).into_iter().filter(|record| record.direction == Some(Direction::Sent));
    sent.map(|record| record.len).collect()
}

#[test]
fn a_message_goes_out_in_pieces_and_each_is_a_record() {
    let (mut session, mut peer) = connected();
    session.command(Command::SetFaults(pieces(3)));
    session.send_and_wait(1, Target::Remote, bytes(b"hello world"));
    assert_eq!(peer.receive(11), b"hello world");
    session.wait_story("sent 1 ld");
    assert_eq!(sent_records(&session), [3, 3, 3, 2]);
    let much = pattern(300_000);
    session.command(Command::SetFaults(pieces(100)));
    session.send_and_wait(2, Target::Remote, bytes(&much));
    assert!(peer.receive(much.len()) == much);
    session.command(Command::SetFaults(None));
    session.send_and_wait(3, Target::Remote, bytes(b"whole again"));
    assert_eq!(peer.receive(11), b"whole again");
    session.wait_story("sent 1 whole again");
    let sent = sent_records(&session);
    assert_eq!((sent.len(), sent[4..3004].iter().max()), (4 + 3000 + 1, Some(&100)));
}

#[test]
fn a_slow_connection_sends_everything_and_answers_too() {
    let (mut session, address) = listening();
    session.command(Command::SetFaults(rate(20_000)));
    session.command(Command::SetReplies(wirebench::engine::Reply::Echo.into()));
    let mut peer = Peer::connect(address);
    peer.send(b"ping");
    assert_eq!(peer.receive(4), b"ping");
    session.command(Command::SetReplies(Box::default()));
    let much = pattern(10_000);
    session.send_and_wait(1, Target::All, bytes(&much));
    assert!(peer.receive(much.len()) == much);
    session.wait("the last record", |session| (sent_records(session).iter().sum::<u32>() == 10_004).then_some(()));
    assert!(sent_records(&session).iter().all(|len| *len <= 400), "a fiftieth of a second at a time");
}

#[test]
fn a_send_that_is_held_back_can_be_stopped_and_so_can_the_session() {
    let (mut session, address) = listening();
    let (mut slow, mut other) = (Peer::connect(address), Peer::connect(address));
    session.wait_peers(2);
    session.command(Command::SetFaults(rate(100)));
    session.send(1, Target::Peer(PeerId(1)), plan(vec![bytes(&pattern(1 << 20))]));
    let (mut first, mut second) = (&mut slow, &mut other);
    if session.reader().peer_address(PeerId(1)) != Some(first.0.local_addr().expect("bound")) {
        std::mem::swap(&mut first, &mut second);
    }
    assert_eq!(first.receive(2), pattern(2));
    session.command(Command::CancelSend(Ticket(1)));
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::Cancelled));
    assert!((2..1 << 19).contains(&outcome.sent_bytes), "{}", outcome.sent_bytes);
    session.command(Command::SetFaults(None));
    session.send_and_wait(2, Target::Peer(PeerId(2)), bytes(b"quick"));
    assert_eq!(second.receive(5), b"quick");
    session.command(Command::SetFaults(rate(1)));
    session.send(3, Target::All, plan(vec![bytes(&pattern(1 << 20))]));
    session.command(Command::Close);
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Local));
}

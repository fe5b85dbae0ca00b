//! Content that is made for each round.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::*;
use std::sync::Arc;
use std::time::Duration;
use wirebench::engine::{Command, Make, Maker, SendContent, SendItem, SendPlan, Unmade};
use wirebench::model::{Direction, ErrorKind, Target, Ticket};

/// The number of the round as text; from `ends` on there is none.
#[derive(Debug)]
struct Numbered {
    ends: u64,
}

impl Make for Numbered {
    fn make(&self, round: u64) -> Result<Arc<[u8]>, Unmade> {
        if round >= self.ends {
            return Err(Unmade { written: format!("{{{{n:u8}}}} (n = {round})") });
        }
        Ok(format!("<{round}>").into_bytes().into())
    }
}

fn rounds(ends: u64, every: Option<u64>, rounds: Option<u64>) -> SendPlan {
    let items = vec![SendItem::made(Maker::new(Numbered { ends }))];
    SendPlan { items, every: every.map(Duration::from_millis), rounds }
}

#[test]
fn each_round_of_a_repeat_has_bytes_of_its_own_and_the_record_has_them() {
    for every in [None, Some(2)] {
        let (mut session, mut peer) = connected();
        session.send(1, Target::Remote, rounds(u64::MAX, every, Some(12)));
        assert_eq!(peer.receive(38), b"<0><1><2><3><4><5><6><7><8><9><10><11>");
        let outcome = session.outcome(1);
        assert_eq!((outcome.result, outcome.rounds, outcome.sent_bytes), (Ok(()), 12, 38));
        let reader = session.reader();
        assert_eq!(payload(&reader, Direction::Sent, None), b"<0><1><2><3><4><5><6><7><8><9><10><11>");
    }
}

#[test]
fn all_peers_get_the_same_bytes_in_a_round() {
    let (mut session, local) = listening();
    let mut peers = [Peer::connect(local), Peer::connect(local)];
    session.wait_peers(2);
    session.send(1, Target::All, rounds(u64::MAX, Some(2), Some(3)));
    for peer in &mut peers {
        assert_eq!(peer.receive(9), b"<0><1><2>");
    }
    assert_eq!(session.outcome(1).result, Ok(()));
}

#[test]
fn a_round_without_bytes_ends_the_repeat_and_names_the_field() {
    for (every, all) in [(None, Some(9)), (Some(2), Some(9)), (Some(2), None)] {
        let (mut session, mut peer) = connected();
        session.send(1, Target::Remote, rounds(3, every, all));
        assert_eq!(peer.receive(9), b"<0><1><2>");
        let outcome = session.outcome(1);
        let error = outcome.result.expect_err("the round failed");
        assert_eq!((error.kind, error.detail.as_str()), (ErrorKind::NoContent, "{{n:u8}} (n = 3)"));
        assert_eq!((outcome.rounds, outcome.sent_bytes), (3, 9));
        // The session goes on.
        assert_eq!(session.send_and_wait(2, Target::Remote, bytes(b"x")).result, Ok(()));
        assert_eq!(peer.receive(1), b"x");
    }
}

#[test]
fn a_send_that_has_no_first_round_sends_nothing() {
    let (mut session, mut peer) = connected();
    session.send(1, Target::Remote, rounds(0, None, Some(1)));
    assert_eq!(session.outcome(1).result.map_err(|error| error.kind), Err(ErrorKind::NoContent));
    session.close();
    assert_eq!(peer.receive_all().unwrap_or_default(), b"");
}

#[test]
fn a_repeat_changes_between_fixed_and_made_content() {
    let (session, mut peer) = connected();
    session.send(1, Target::Remote, SendPlan { every: Some(Duration::from_millis(5)), ..rounds(u64::MAX, None, None) });
    assert_eq!(peer.receive(3), b"<0>");
    session.command(Command::ChangeSend { ticket: Ticket(1), content: SendContent::Bytes(b"c"[..].into()) });
    while peer.receive(1) != b"c" {}
    assert_eq!(peer.receive(2), b"cc");
    let made = SendContent::Made(Maker::new(Numbered { ends: u64::MAX }));
    session.command(Command::ChangeSend { ticket: Ticket(1), content: made });
    while peer.receive(1) != b"<" {}
    while peer.receive(1) != b">" {}
    assert_eq!(peer.receive(1), b"<");
}

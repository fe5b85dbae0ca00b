//! Repeats whose rounds take longer than their interval leave time for everything else.

use crate::support::*;
use std::time::Duration;
use wirebench::engine::{Command, SendPlan};
use wirebench::model::{CloseReason, ErrorKind, SessionState, Target};

fn every(interval: Duration, rounds: Option<u64>) -> SendPlan {
    SendPlan { items: vec![bytes(b"tick")], every: Some(interval), rounds }
}

#[test]
fn a_thousand_peers_at_a_millisecond_leave_time_for_commands_and_close() {
    let (mut session, local) = listening();
    session.command(Command::OnJoin(Some(every(Duration::from_millis(1), None))));
    let _peers: Vec<_> = (0..1000).map(|_| Peer::connect(local)).collect();
    session.wait_peers(1000);
    // A command is executed while they continue: its outcome arrives.
    session.send(1, Target::All, plan(vec![bytes(b"now")]));
    session.outcome(1);
    session.close();
    assert_eq!(session.handle().state(), SessionState::Closed(CloseReason::Local));
}

#[test]
fn one_repeat_to_a_thousand_peers_leaves_time_for_close() {
    let (mut session, local) = listening();
    let _peers: Vec<_> = (0..1000).map(|_| Peer::connect(local)).collect();
    session.wait_peers(1000);
    session.send(1, Target::All, every(Duration::from_millis(1), None));
    session.wait("some rounds", |session| (session.counters().sent_records > 3000).then_some(()));
    session.close();
    assert_eq!(session.outcome(1).result.map_err(|error| error.kind), Err(ErrorKind::Cancelled));
}

#[test]
fn an_interval_nobody_could_follow_is_refused() {
    let (mut session, mut peer) = connected();
    for (ticket, interval) in [(1, Duration::from_micros(10)), (2, Duration::from_nanos(1))] {
        session.send(ticket, Target::Remote, every(interval, None));
        let error = session.outcome(ticket).result.expect_err("refused");
        assert_eq!(error.kind, ErrorKind::Invalid, "{error}");
        assert!(error.detail.contains("1 ms"), "{error}");
    }
    // The interval exceeds the clock's range: the first round is sent, and the next one never.
    session.send(3, Target::Remote, every(Duration::MAX, None));
    assert_eq!(peer.receive(4), b"tick");
    session.close();
}

//! Rules of two sessions that answer each other.

use crate::changing_rules::{answering, set};
use crate::support::*;
use std::time::{Duration, Instant};
use wirebench::engine::{Command, EventKind};
use wirebench::model::{ErrorKind, NetError, Target};

fn loop_warning(session: &mut Session) -> Option<NetError> {
    session.events().iter().find_map(|event| match event {
        EventKind::Warning(warning) if warning.kind == ErrorKind::RuleLoop => Some(warning.clone()),
        _ => None,
    })
}

#[test]
fn two_sessions_whose_rules_answer_each_other_are_stopped() {
    let (mut server, local) = answering("on \"ping\" as pong { > \"pong\" }\n");
    let mut client = Session::new();
    set(&client, "line", "on \"pong\" as ping { > \"ping\" }\n");
    client.command(Command::Open(crate::support::client(local)));
    client.wait_peers(1);
    client.send(1, Target::Remote, plan(vec![bytes(b"ping\n")]));
    // A computer that is busy with other things may need several stretches.
    let until = Instant::now() + Duration::from_secs(120);
    let (warning, rule) = loop {
        assert!(Instant::now() < until, "no loop is noticed: {:?}", server.counters());
        let found = loop_warning(&mut server).map(|warning| (warning, "pong"));
        if let Some(found) = found.or_else(|| loop_warning(&mut client).map(|warning| (warning, "ping"))) {
            break found;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    // It names the rule and the peer.
    assert_eq!(warning.detail, rule);
    assert!(warning.address.starts_with("127.0.0.1:"), "{warning:?}");
    // The exchange is over.
    let mut counts = (0, 0);
    client.wait("silence", |client| {
        std::thread::sleep(Duration::from_millis(200));
        let now = (client.counters().received_records, client.counters().sent_records);
        let is_over = std::mem::replace(&mut counts, now) == now;
        is_over.then_some(())
    });
}

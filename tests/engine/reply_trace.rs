//! The reply trace: which rule answers each frame of a capture, or why none does.

use crate::changing_rules::{answering, asks, rules_of, set};
use crate::support::*;
use wirebench::jobs::Job;
use wirebench::runner::{Trace, trace};
use wirebench::talk::rules::WhyNot;

fn traced(session: &Session, framing: &str, source: &str) -> Trace {
    let (reader, rules) = (session.reader(), rules_of(framing, source));
    let work = move |control: &wirebench::jobs::JobControl| trace(&reader, &rules, control);
    let mut job = Job::start("trace", std::sync::Arc::new(|| {}), work).expect("a thread");
    job.wait(std::time::Duration::from_secs(20)).expect("a trace")
}

const SOURCE: &str = "on \"once\" limit 1 as first { > \"1\" }\non \"never\" from 10.0.0.1 { > \"x\" }\n\
                      on /^set (?<goal>\\d+)$/ { > \"is {{goal}}\" }\non \"{{goal}}!\" as same { > \"same\" }\noff on \"once\" as sleeping { > \"2\" }\n";

#[test]
fn each_frame_has_its_verdicts() {
    let (mut session, local) = answering(SOURCE);
    let mut peer = Peer::connect(local);
    assert_eq!(asks(&mut peer, "once"), "1");
    assert_eq!(asks(&mut peer, "set 5"), "is 5");
    assert_eq!(asks(&mut peer, "5!"), "same");
    let before = session.counters().received_bytes;
    peer.send(b"once\nne");
    session.wait_received(before + 7);
    let before = session.counters().received_bytes;
    peer.send(b"ver\n6!\n");
    session.wait_received(before + 7);
    session.wait("stored", |session| {
        let reader = session.reader();
        let end = reader.records().end;
        let last = reader.record(end - 1).ok()?;
        (last.len == 7).then_some(())
    });
    let trace = traced(&session, "line", SOURCE);
    let labels: Vec<&str> = trace.rules.iter().map(|rule| rule.label.as_str()).collect();
    assert_eq!(labels, ["first", "\"never\" from 10.0.0.1", "/^set (?<goal>\\d+)$/", "same"]);
    assert_eq!((&*trace.rules[0].head, &*trace.rules[3].head), ("\"once\" limit 1", "\"{{goal}}!\""));
    assert_eq!(trace.off, ["sleeping"]);
    assert!(!trace.is_partial);
    let told: Vec<(String, Option<usize>)> = trace
        .frames
        .iter()
        .map(|frame| (String::from_utf8_lossy(&frame.bytes).into_owned(), frame.taken_by()))
        .collect();
    let expected =
        [("once", Some(0)), ("set 5", Some(2)), ("5!", Some(3)), ("once", None), ("never", None), ("6!", None)];
    assert_eq!(told, expected.map(|(bytes, rule)| (bytes.to_owned(), rule)));
    assert!(trace.frames[0].tried.iter().all(|tried| tried.why_not.is_none()));
    let why = |frame: usize, rule: usize| trace.frames[frame].tried[rule].why_not.clone();
    assert_eq!(why(3, 0), Some(WhyNot::Limit));
    assert_eq!(why(4, 1), Some(WhyNot::Peer));
    let Some(WhyNot::Pattern(mismatch)) = why(5, 3) else { panic!("{:?}", why(5, 3)) };
    assert_eq!((mismatch.at, mismatch.got), (0, Some(b'6')));
    // The last frame is in the record with its last byte; no rule sees it as two.
    assert!(trace.frames[4].record > trace.frames[3].record);
    // Other rules over the same frames.
    set(&session, "line", "on * { > \"?\" }");
    let trace = traced(&session, "line", "on * as any { > \"?\" }");
    assert!(trace.frames.iter().all(|frame| frame.taken_by() == Some(0)));
}

#[test]
fn a_rule_that_cannot_be_carried_out_says_why() {
    let source = "on \"a\" as bad { > {{missing}} }\non \"b\" as good { > \"ok\" }\n";
    let parsed = wirebench::talk::parse(source);
    assert!(parsed.errors.is_empty());
    let (mut session, local) = answering(source);
    let mut peer = Peer::connect(local);
    peer.send(b"a\n");
    session.wait_received(2);
    assert_eq!(asks(&mut peer, "b"), "ok");
    let trace = traced(&session, "line", source);
    assert_eq!(trace.frames.iter().map(|frame| frame.fault.is_some()).collect::<Vec<_>>(), [true, false]);
    assert_eq!(trace.frames[0].taken_by(), Some(0));
}

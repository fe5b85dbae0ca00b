//! Answers against what a plain framer finds, over any cuts of the stream, and their bounds.

use super::answer::Answer;
use super::responder::Responder;
use super::rules::{Replies, Reply, ReplyRule, When};
use crate::capture::Marks;
use crate::codec::{FrameKind, Framer, FramingRule};
use crate::engine::context::limits::AnswerShare;
use crate::engine::context::rule_memory::RuleMemory;
use crate::engine::send::queue::Content;
use crate::model::PeerId;
use proptest::prelude::*;
use std::sync::Arc;

const PEER: PeerId = PeerId(1);

fn responder(framing: &FramingRule, rules: &[(When, Reply)]) -> Responder {
    let mut responder = Responder::default();
    let rules = rules.iter().map(|(when, then)| ReplyRule { when: when.clone(), then: then.clone() }).collect();
    responder.set(Replies { rules, framing: framing.clone(), talk: None }, &RuleMemory::default());
    responder
}

/// The bytes of these answers, as they go out.
fn bytes_of(answers: Vec<Answer>) -> Vec<u8> {
    let mut all = Vec::new();
    for answer in answers {
        match answer.into_entry(Marks::default()).content {
            Content::Shared { bytes, again, .. } => all.extend(bytes.repeat(again + 1)),
            Content::Owned { bytes, .. } => all.extend(bytes),
            Content::File { .. } => unreachable!("no answer is a file"),
        }
    }
    all
}

/// All answers to a stream that is read in these parts and then ends.
fn answers(responder: &mut Responder, peer: PeerId, parts: &[&[u8]]) -> Vec<u8> {
    let share = AnswerShare::of_one(1 << 20);
    let mut answers = Vec::new();
    for part in parts {
        responder.received(peer, None, part, share, &mut answers);
    }
    responder.ended(peer, &mut answers);
    bytes_of(answers)
}

fn cut<'a>(stream: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (stream.len() + 1)).collect();
    places.extend([0, stream.len()]);
    places.sort_unstable();
    places.windows(2).map(|pair| &stream[pair[0]..pair[1]]).filter(|part| !part.is_empty()).collect()
}

const RULES: [&str; 9] = [
    "line",
    "delim:0D0A,keep",
    "fixed:3",
    "json",
    "slip",
    "len:offset=0,size=1",
    "marks:start=7B,end=7D,restart",
    "fixed:4+SUM-8",
    "rtu+CRC-16/MODBUS",
];

proptest! {
    #[test]
    fn answers_do_not_depend_on_how_the_stream_is_cut(
        rule in proptest::sample::select(&RULES[..]),
        stream in proptest::collection::vec(proptest::sample::select(&b"ab{}[]\" \r\n\xc0\x01\x03\x00\x84\x0a"[..]), 0..300),
        cuts in proptest::collection::vec(any::<usize>(), 0..20),
    ) {
        let framing: FramingRule = rule.parse().expect("a rule");
        let parts = cut(&stream, &cuts);

        // An echo loses and adds nothing.
        let mut echo = responder(&framing, &[(When::Any, Reply::Echo)]);
        prop_assert_eq!(answers(&mut echo, PEER, &parts), stream.clone());

        // A fixed answer comes once for each good frame that a plain framer finds in the whole.
        let mut good = 0;
        let mut shouted = Vec::new();
        let mut count = |frame: &crate::codec::Frame, bytes: &[u8]| {
            if frame.kind == FrameKind::Frame && frame.verdict.is_none_or(crate::codec::Verdict::is_ok) {
                good += 1;
                shouted.extend(bytes.to_ascii_uppercase());
            }
        };
        let mut framer = Framer::new(&framing, 0);
        framer.feed(&stream, 0, &mut count);
        framer.finish(&mut count);
        let fixed = Reply::Fixed(Arc::from(&b"<answer>"[..]));
        let mut ack = responder(&framing, &[(When::Any, fixed)]);
        prop_assert_eq!(answers(&mut ack, PEER, &parts), b"<answer>".repeat(good));
        let mut upper = responder(&framing, &[(When::Any, Reply::Upper)]);
        prop_assert_eq!(answers(&mut upper, PEER, &parts), shouted);
    }
}

#[test]
fn unfinished_frames_of_many_peers_are_bounded_and_an_echo_loses_none_of_them() {
    let framing: FramingRule = "line".parse().expect("a rule");
    let share = AnswerShare::of_one(1 << 20);
    for (then, loses) in [(Reply::Echo, false), (Reply::Upper, true)] {
        let mut responder = responder(&framing, &[(When::Any, then.clone())]);
        responder.set_held_max(10_000);
        let mut answers = Vec::new();
        for round in 0..10 {
            for peer in 1..=50 {
                let part = [b'a' + round; 100];
                assert_eq!(responder.received(PeerId(peer), None, &part, share, &mut answers), None);
                assert!(responder.capacity() <= 20_000, "{} bytes", responder.capacity());
            }
        }
        for peer in 1..=50 {
            responder.ended(PeerId(peer), &mut answers);
        }
        // Those that had to give up were not always those that were read.
        let strays = responder.take_due();
        assert!(!strays.is_empty() || loses);
        answers.extend(strays);
        assert_eq!(answers.is_empty(), loses, "{then:?}");
        assert_eq!(responder.take_unanswered(), loses, "{then:?}");
        assert!(!responder.take_unanswered(), "said once");
        assert_eq!(responder.capacity(), 0);
        if !loses {
            assert_eq!(bytes_of(answers).len(), 10 * 50 * 100);
        }
    }
}

#[test]
fn frames_that_are_complete_all_at_once_have_bounded_answers() {
    let framing: FramingRule = "fixed:1".parse().expect("a rule");
    let is = |bytes: &[u8]| When::Equals(Arc::from(bytes));
    let fixed = |bytes: &[u8]| Reply::Fixed(Arc::from(bytes));
    let mut responder = responder(&framing, &[(is(b"1"), fixed(b"one")), (is(b"2"), fixed(b"two"))]);
    let share = AnswerShare { bytes: 1 << 20, answers: 16 };
    let mut answers = Vec::new();
    // A read is no longer than the share, but bytes that were held before it may be many frames, too.
    assert_eq!(responder.bytes_a_read(share), 16);
    responder.received(PEER, None, &b"12".repeat(8), share, &mut answers);
    assert!(answers.len() == 16 && !responder.take_unanswered());
    answers.clear();
    responder.received(PEER, None, &b"12".repeat(100), share, &mut answers);
    assert_eq!(answers.len(), 16);
    assert_eq!(bytes_of(answers), b"onetwo".repeat(8));
    assert!(responder.take_unanswered(), "the others are left out, and that is said");
}

#[test]
fn the_same_fixed_bytes_many_times_are_one_answer() {
    let framing: FramingRule = "fixed:1".parse().expect("a rule");
    let mut responder = responder(&framing, &[(When::Any, Reply::Fixed(Arc::from(&b"ab"[..])))]);
    let mut answers = Vec::new();
    responder.received(PEER, None, &[0; 100_000], AnswerShare::of_one(1 << 20), &mut answers);
    assert_eq!(answers.len(), 1);
    assert_eq!(bytes_of(answers), b"ab".repeat(100_000));
}

/// Bytes as in `7E 41 00 7E 7F 01 00 7D 02 7E`: one flag ends a frame and begins the next.
#[test]
fn a_copy_of_a_frame_has_the_start_flag_that_the_frame_shares() {
    let framing = "marks:start=7E,end=7E".parse().expect("a rule");
    let only_b = When::Contains(Arc::from(&b"b"[..]));
    for (when, then, stream, expected) in [
        (When::Any, Reply::Upper, &b"~a~b~~c~"[..], &b"~A~~B~~C~"[..]),
        (only_b.clone(), Reply::Upper, b"~a~b~", b"~B~"),
        (only_b, Reply::Echo, b"~a~b~", b"~b~"),
        // An unconditional echo returns every byte once.
        (When::Any, Reply::Echo, b"~a~b~~~c~x", b"~a~b~~~c~x"),
    ] {
        let found = answers(&mut responder(&framing, &[(when.clone(), then.clone())]), PEER, &[stream]);
        assert_eq!(found.escape_ascii().to_string(), expected.escape_ascii().to_string(), "{when:?} {then:?}");
    }
}

/// The answer is as long as the read but has other bytes.
#[test]
fn a_copy_with_an_added_flag_is_not_taken_for_the_record() {
    let framing = "marks:start=7E,end=7E".parse().expect("a rule");
    let mut responder = responder(&framing, &[(When::Contains(Arc::from(&b"b"[..])), Reply::Echo)]);
    let share = AnswerShare::of_one(1 << 20);
    let mut answers = Vec::new();
    responder.received(PEER, Some(0), b"~a~", share, &mut answers);
    responder.received(PEER, Some(1), b"b~~", share, &mut answers);
    let entry = answers.pop().expect("an answer").into_entry(Marks::default());
    let Content::Owned { bytes, echo_of, .. } = entry.content else { panic!("no copy") };
    assert_eq!((&bytes[..], echo_of), (&b"~b~"[..], None));
}

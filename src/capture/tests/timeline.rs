//! Compares rates and response times with a plain walk over all records.

use super::*;
use crate::capture::timeline::{Answers, Bucket, Flow, Sums, Timeline, nearest, record_at};
use proptest::prelude::*;
use std::ops::Range;
use std::time::Duration;

/// A record to append: ms since the previous one, peer, sent, bytes.
type Step = (u64, u32, bool, usize);

fn record_all(bench: &mut Bench, steps: &[Step]) -> Vec<Record> {
    for (ms, peer, sent, len) in steps {
        bench.clock.moved.pass(Duration::from_millis(*ms));
        let direction = if *sent { Direction::Sent } else { Direction::Received };
        let bytes = pattern(*ms, *len);
        bench.writer.append(&NewRecord::data(direction, PeerId(*peer), Payload::Bytes(&bytes))).expect("appended");
    }
    bench.flush();
    let reader = bench.writer.reader();
    reader.records().map(|number| reader.record(number).expect("read")).collect()
}

fn run(timeline: &mut Timeline) {
    assert!(timeline.run(&mut |_, _| true));
    assert!(!timeline.has_more());
}

fn add(answers: &mut Answers, ns: u64) {
    answers.min_ns = if answers.count == 0 { ns } else { answers.min_ns.min(ns) };
    answers.max_ns = answers.max_ns.max(ns);
    answers.sum_ns += ns;
    answers.count += 1;
}

/// The sums of the records between two times, each examined with all records before it.
fn naive(records: &[Record], range: &Range<u64>) -> Bucket {
    let mut sums = Bucket::default();
    for (index, record) in records.iter().enumerate().filter(|(_, record)| range.contains(&record.mono_ns)) {
        let before = records[..index].iter().rev().find(|before| before.peer == record.peer);
        let took = before.filter(|before| before.direction != record.direction).map(|b| record.mono_ns - b.mono_ns);
        let (flow, answers) = match record.direction {
            Some(Direction::Received) => (&mut sums.received, &mut sums.theirs),
            _ => (&mut sums.sent, &mut sums.ours),
        };
        flow.bytes += u64::from(record.len);
        flow.records += 1;
        if let Some(ns) = took {
            add(answers, ns);
        }
    }
    sums
}

/// Every bucket must match a plain walk over its time.
fn agrees(sums: &Sums, records: &[Record]) {
    for (begin, bucket) in sums.buckets() {
        assert_eq!(*bucket, naive(records, &(begin..begin + sums.width_ns())), "at {begin}");
    }
    if let Some(span) = sums.span() {
        assert_eq!(sums.total(&span), naive(records, &span));
    }
}

#[test]
fn response_times_are_separated_by_side() {
    let mut bench = Bench::new();
    let records = record_all(
        &mut bench,
        &[(0, 1, true, 8), (20, 1, false, 5), (10, 1, false, 5), (3, 2, false, 4), (7, 1, true, 8), (5, 2, true, 1)],
    );
    let mut timeline = Timeline::whole(bench.writer.reader(), 0);
    run(&mut timeline);
    let span = timeline.sums().span().expect("something");
    let total = timeline.sums().total(&span);
    assert_eq!(total.received, Flow { bytes: 14, records: 3 });
    assert_eq!(total.sent, Flow { bytes: 17, records: 3 });
    // Only the first record in the opposite direction is the response.
    let theirs = records[1].mono_ns - records[0].mono_ns;
    assert_eq!((total.theirs.count, total.theirs.mean_ns()), (1, Some(theirs)));
    let ours = [records[4].mono_ns - records[2].mono_ns, records[5].mono_ns - records[3].mono_ns];
    assert_eq!((total.ours.count, total.ours.min_ns, total.ours.max_ns), (2, ours[0], ours[1]));
    assert_eq!(timeline.sums().unix_ns(records[2].mono_ns), records[2].unix_ns);
    assert!(!timeline.sums().has_joined());
}

#[test]
fn nothing_recorded_is_nothing_shown_until_something_is() {
    let mut bench = Bench::new();
    bench.writer.append(&NewRecord::bare(RecordKind::PeerJoined, PeerId(1))).expect("appended");
    bench.flush();
    let mut timeline = Timeline::whole(bench.writer.reader(), 0);
    run(&mut timeline);
    assert_eq!(timeline.sums().span(), None);
    assert!(timeline.sums().has_joined());
    bench.receive(1, b"first");
    bench.flush();
    assert!(timeline.has_more());
    run(&mut timeline);
    assert_eq!(timeline.sums().buckets().count(), 1);
}

#[test]
fn a_peer_that_left_answers_nothing_any_more() {
    let mut bench = Bench::new();
    bench.receive(1, b"request");
    bench.writer.append(&NewRecord::bare(RecordKind::PeerLeft, PeerId(1))).expect("appended");
    let records = record_all(&mut bench, &[(1, 1, true, 3)]);
    let mut timeline = Timeline::whole(bench.writer.reader(), 0);
    run(&mut timeline);
    let total = timeline.sums().total(&(0..u64::MAX));
    assert_eq!((total.ours.count, total.sent.records, records.len()), (0, 1, 3));
}

#[test]
fn it_goes_on_at_the_oldest_where_the_limit_was_quicker() {
    let mut bench = Bench::with_limit(1 << 20);
    bench.receive(1, &pattern(1, 1000));
    bench.flush();
    let mut timeline = Timeline::whole(bench.writer.reader(), 0);
    run(&mut timeline);
    for number in 0..5_000 {
        bench.receive(1, &pattern(number, 1000));
    }
    bench.flush();
    let reader = bench.writer.reader();
    let left = reader.records();
    assert!(left.start > 1_000);
    run(&mut timeline);
    let total = timeline.sums().total(&(0..u64::MAX));
    assert_eq!(total.received.records, 1 + left.end - left.start, "evicted records must not be counted");
    let mut part = Timeline::part(reader.clone(), 0, 0..u64::MAX, 10);
    run(&mut part);
    assert_eq!(part.sums().total(&(0..u64::MAX)).received.records, left.end - left.start);
    assert_eq!(record_at(&reader, 0, 0), left.start);
}

#[test]
fn a_timeline_that_is_stopped_can_continue() {
    let mut bench = Bench::new();
    record_all(&mut bench, &vec![(0, 1, false, 1); 20_000]);
    let mut timeline = Timeline::whole(bench.writer.reader(), 0);
    let mut reported = Vec::new();
    assert!(!timeline.run(&mut |done, total| {
        reported.push((done, total));
        done == 0
    }));
    assert_eq!(reported, [(0, 20_000), (8192, 20_000)]);
    assert!(timeline.has_more());
    run(&mut timeline);
    assert_eq!(timeline.sums().total(&(0..u64::MAX)).received.records, 20_000);
}

#[test]
fn memory_is_bounded_whatever_the_count_of_peers_and_the_length_of_time() {
    let mut bench = Bench::new();
    for peer in 1..=30_000 {
        bench.clock.moved.pass(Duration::from_secs(60));
        bench.receive(peer, b"x");
    }
    bench.flush();
    let mut timeline = Timeline::whole(bench.writer.reader(), 0);
    run(&mut timeline);
    let count = timeline.sums().buckets().count();
    assert!((300..=600).contains(&count), "{count}");
    assert!(timeline.sums().width_ns() >= 30_000 * 60 * 1_000_000_000 / 600);
    assert_eq!(timeline.sums().total(&(0..u64::MAX)).received.records, 30_000);
}

#[test]
fn records_are_found_by_their_time() {
    let mut bench = Bench::new();
    let records = record_all(&mut bench, &[(1000, 1, false, 1); 9]);
    let reader = bench.writer.reader();
    for (number, record) in (0_u64..).zip(&records) {
        let at = record.mono_ns;
        assert_eq!(record_at(&reader, 0, at), number);
        assert_eq!(record_at(&reader, 0, at + 1), number + 1);
        assert_eq!(nearest(&reader, 0, at + 300_000_000), Some(number));
        assert_eq!(nearest(&reader, 0, at.saturating_sub(300_000_000)), Some(number));
    }
    assert_eq!((record_at(&reader, 5, 0), nearest(&reader, 5, 0)), (5, Some(5)));
    assert_eq!((record_at(&reader, 0, u64::MAX), nearest(&reader, 0, u64::MAX)), (9, Some(8)));
    assert_eq!(nearest(&reader, 9, 0), None, "there is no record");
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Pauses of all sizes, so that the buckets widen often.
    let pause = prop_oneof![Just(0_u64), 1..50_u64, 50..5_000_u64, 5_000..500_000_u64];
    prop::collection::vec((pause, 1..4_u32, any::<bool>(), 0..40_usize), 1..200)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn buckets_hold_what_a_plain_walk_finds(first in steps(), second in steps(), from in 0..100_u64, cut in 0.0..1.0_f64) {
        let mut bench = Bench::new();
        record_all(&mut bench, &first);
        let mut timeline = Timeline::whole(bench.writer.reader(), 0);
        run(&mut timeline);
        // The timeline continues.
        let records = record_all(&mut bench, &second);
        run(&mut timeline);
        agrees(timeline.sums(), &records);
        prop_assert!(timeline.sums().buckets().count() <= 600);
        let all = timeline.sums().total(&(0..u64::MAX));
        prop_assert_eq!(all, naive(&records, &(0..u64::MAX)));

        let last = records.last().map_or(0, |record| record.mono_ns);
        let start = (last as f64 * cut) as u64;
        let range = start..start + last / 5 + 1;
        let mut part = Timeline::part(bench.writer.reader(), 0, range.clone(), 50);
        run(&mut part);
        agrees(part.sums(), &records);
        prop_assert!(part.sums().buckets().count() <= 50);
        prop_assert_eq!(part.sums().total(&range), naive(&records, &range));

        let from = from.min(records.len() as u64);
        let mut later = Timeline::whole(bench.writer.reader(), from);
        run(&mut later);
        prop_assert_eq!(later.sums().total(&(0..u64::MAX)), naive(&records[from as usize..], &(0..u64::MAX)));
    }
}

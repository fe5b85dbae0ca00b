//! Readers that the size limit must not overtake.

use super::*;
use crate::jobs::thread::spawn_named;
use crossbeam_channel::{Receiver, bounded};
use std::time::Duration;

/// Time limit for events that should happen immediately.
const PATIENCE: Duration = Duration::from_secs(60);

/// A channel that receives a value when the callback of the writer is called.
fn called(bench: &Bench) -> Receiver<()> {
    let (call, called) = bounded(1);
    bench.writer.set_caught(Arc::new(move || {
        call.try_send(()).ok();
    }));
    called
}

#[test]
fn what_a_reader_needs_stays_and_the_writer_says_that_it_waits() {
    let mut bench = Bench::with_limit(1 << 20);
    let called = called(&bench);
    let reader = bench.writer.reader();
    let hold = reader.hold(0);
    let mut count = 0;
    while !bench.writer.waits_for_readers() {
        assert!(count < 2000, "the limit should have been reached");
        bench.receive(1, &pattern(count, 1000));
        bench.flush();
        count += 1;
    }
    // Records appended anyway are kept beyond the limit.
    for _ in 0..500 {
        bench.receive(1, &pattern(count, 1000));
        count += 1;
    }
    bench.flush();
    assert_eq!(reader.records(), 0..count);
    assert!(bench.writer.stats().disk_bytes > 1 << 20);
    assert!(!bench.writer.goes_on(), "no record was read");

    hold.advance(1);
    assert!(called.try_recv().is_err(), "the oldest segment has more than one record");
    hold.advance(100);
    called.try_recv().expect("the callback must run: a segment was released");
    assert!(!bench.writer.goes_on(), "one segment is not enough");
    assert!(reader.records().start > 0 && reader.records().start <= 100);
    hold.advance(50);
    assert_eq!(bytes_of(&reader, 100).expect("still needed"), pattern(100, 1000), "a hold must never move back");
    hold.advance(1000);
    called.try_recv().expect("called");
    assert!(bench.writer.goes_on());
    assert!(bench.writer.stats().disk_bytes <= 1 << 20);
    assert!(reader.records().start > 100 && reader.records().start <= 1000);
}

#[test]
fn a_reader_that_is_gone_needs_nothing() {
    let mut bench = Bench::with_limit(1 << 20);
    let called = called(&bench);
    let reader = bench.writer.reader();
    let (slow, slower) = (reader.hold(500), reader.hold(0));
    for number in 0..3000 {
        bench.receive(1, &pattern(number, 1000));
    }
    bench.flush();
    assert_eq!(reader.records(), 0..3000);
    drop(slower);
    called.try_recv().expect("called");
    assert!(!bench.writer.goes_on(), "the other reader still needs most records");
    assert!(reader.records().start > 400 && reader.records().start <= 500);
    drop(slow);
    called.try_recv().expect("called");
    assert!(bench.writer.goes_on());
    assert!(reader.records().start > 1900);
}

#[test]
fn a_full_disk_does_not_delete_what_a_reader_needs() {
    let mut bench = Bench::with_limit(1 << 20);
    let reader = bench.writer.reader();
    for number in 0..200 {
        bench.receive(1, &pattern(number, 1000));
    }
    bench.flush();
    let hold = reader.hold(0);
    bench.plan(Plan { data_room: Some(0), ..Plan::default() });
    bench.receive(1, &pattern(200, 1000));
    assert!(matches!(bench.writer.flush(), Err(WriteError::DiskFull(_))));
    assert_eq!(reader.records(), 0..200);
    drop(hold);
    assert!(matches!(bench.writer.flush(), Err(WriteError::DiskFull(_))), "the disk has no space");
    assert!(reader.records().start > 0, "eviction must have been tried");
}

#[test]
fn no_reader_misses_a_record_and_nobody_waits_for_ever() {
    const RECORDS: u64 = 6_000;
    for readers in [1, 2, 4, 8, 16] {
        let mut bench = Bench::with_limit(1 << 20);
        let called = called(&bench);
        let threads: Vec<_> = (0..readers)
            .map(|of| {
                let reader = bench.writer.reader();
                let hold = reader.hold(0);
                let work = move || {
                    let mut next = 0;
                    // One in four stops halfway.
                    let until = if of % 4 == 3 { RECORDS / 2 } else { RECORDS };
                    while next < until {
                        let there = reader.records();
                        assert!(there.start <= next, "overtaken: {next} of {there:?}");
                        while next < there.end.min(until) {
                            assert_eq!(bytes_of(&reader, next).expect("there"), pattern(next, 700));
                            next += 1;
                            if next % (of + 1) == 0 {
                                hold.advance(next);
                            }
                        }
                        std::thread::yield_now();
                    }
                };
                spawn_named(format!("reader-{of}"), work).expect("a thread")
            })
            .collect();
        for number in 0..RECORDS {
            bench.receive(1, &pattern(number, 700));
            if bench.writer.waits_for_readers() {
                bench.flush();
                while !bench.writer.goes_on() {
                    called.recv_timeout(PATIENCE).expect("the callback must run in time");
                }
            }
        }
        bench.flush();
        for thread in threads {
            thread.join().expect("no panic");
        }
        assert!(bench.writer.stats().evicted_records > 0);
        assert!(
            bench.writer.stats().disk_bytes <= (1 << 20) + (128 << 10),
            "the limit must hold after the readers have advanced"
        );
    }
}

//! The size limit and what it evicts.

use super::*;
use crate::jobs::thread::spawn_named;
use std::time::{Duration, Instant};

#[test]
fn the_oldest_segments_go_and_what_is_left_adds_up() {
    let mut bench = Bench::with_limit(1 << 20);
    let reader = bench.writer.reader();
    let count = 5_000_u64;
    let mut json = Vec::new();
    for number in 0..count {
        if number % 10 == 9 {
            let note = SessionNote::KernelDropped { records: number, buffer_bytes: 0 };
            bench.writer.append(&NewRecord::note(PeerId::NONE, &note, &mut json)).expect("appended");
        } else {
            bench.receive(1, &pattern(number, 1000));
        }
        let stats = bench.writer.stats();
        assert!(stats.disk_bytes <= 1 << 20, "{stats:?}");
        if number % 100 == 0 {
            bench.flush();
        }
    }
    bench.flush();
    let records = reader.records();
    assert_eq!(records.end, count);
    assert!(records.start > 3_500 && records.start < 4_500, "{records:?}");
    let data = |range: std::ops::Range<u64>| range.filter(|number| number % 10 != 9).count() as u64 * 1000;
    assert_eq!(reader.evicted(), (data(0..records.start), records.start));
    let stats = bench.writer.stats();
    assert_eq!((stats.evicted_bytes, stats.evicted_records), reader.evicted());
    let on_disk = disk_len(&bench.folder(), ".data") + disk_len(&bench.folder(), ".index");
    assert_eq!(stats.disk_bytes, on_disk + disk_len(&bench.folder(), "peers"));
    assert!(matches!(reader.record(records.start - 1), Err(ReadError::Evicted(_))));
    assert!(matches!(reader.records_in(0..count, &mut Vec::new()), Err(ReadError::Evicted(0))));
    for number in records.clone().filter(|number| number % 10 != 9) {
        let record = reader.record(number).expect("read");
        assert_eq!(record.stream_offset, data(0..number));
        assert_eq!(bytes_of(&reader, number).expect("read"), pattern(number, 1000));
    }
    let reopened = CaptureReader::open(&bench.folder()).expect("opened");
    assert_eq!((reopened.records(), reopened.evicted()), (records, reader.evicted()));
}

#[test]
fn segments_are_a_sixteenth_of_the_limit_and_a_larger_record_still_fits() {
    let mut bench = Bench::with_limit(1 << 20);
    let large = pattern(1, 300_000);
    for number in 0..200 {
        bench.receive(1, &pattern(number, 3000));
    }
    let number = bench.receive(1, &large);
    bench.receive(1, b"behind");
    bench.flush();
    let mut alone = 0;
    for entry in std::fs::read_dir(bench.folder()).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.file_name().to_string_lossy().ends_with(".data") {
            let len = entry.metadata().expect("metadata").len();
            assert!(len <= 65_536 || len == 300_000, "{len}");
            alone += u32::from(len == 300_000);
        }
    }
    assert_eq!(alone, 1);
    assert_eq!(bytes_of(&bench.writer.reader(), number).expect("read"), large);
    // Larger than the limit: it is kept, alone.
    let huge = pattern(2, 3 << 20);
    let number = bench.receive(1, &huge);
    bench.flush();
    assert_eq!(bytes_of(&bench.writer.reader(), number).expect("read"), huge);
    assert_eq!(bench.writer.reader().records(), number..number + 1);
    bench.receive(1, b"small again");
    bench.receive(1, b"and again");
    bench.flush();
    assert_eq!(bytes_of(&bench.writer.reader(), number + 1).expect("read"), b"small again");
}

#[test]
fn a_limit_below_a_mebibyte_is_a_mebibyte() {
    let mut bench = Bench::with_limit(0);
    for number in 0..100 {
        bench.receive(1, &pattern(number, 8_000));
    }
    bench.flush();
    assert_eq!(bench.writer.reader().records(), 0..100);
}

#[test]
fn a_reader_beside_eviction_gets_right_bytes_or_is_reported() {
    let mut bench = Bench::with_limit(1 << 20);
    let readers: Vec<_> = (0..2)
        .map(|i| {
            let reader = bench.writer.reader();
            let work = move || {
                let deadline = Instant::now() + Duration::from_secs(60);
                let (mut read, mut evicted, mut number) = (0_u64, 0_u64, 0);
                while Instant::now() < deadline {
                    let records = reader.records();
                    assert!(records.start <= records.end);
                    if records.end >= 20_000 && number >= records.end {
                        break;
                    }
                    match bytes_of(&reader, number) {
                        Ok(bytes) => {
                            assert_eq!(bytes, pattern(number, 500), "record {number}");
                            (read, number) = (read + 1, number + 1);
                        }
                        Err(ReadError::NotYet(_)) => std::thread::yield_now(),
                        Err(ReadError::Evicted(_)) => {
                            evicted += 1;
                            number = reader.records().start.max(number + 1);
                        }
                        Err(error) => panic!("{error}"),
                    }
                }
                assert!(number >= 20_000, "out of time at {number}");
                (read, evicted)
            };
            spawn_named(format!("reader-{i}"), work).expect("a thread")
        })
        .collect();
    for number in 0..20_000 {
        bench.receive(1, &pattern(number, 500));
    }
    bench.flush();
    assert!(bench.writer.stats().evicted_records > 10_000);
    for reader in readers {
        let (read, _) = reader.join().expect("no panic");
        assert!(read > 0);
    }
}

#[test]
fn memory_for_what_waits_stays_small() {
    let mut bench = Bench::with_limit(1 << 20);
    for number in 0..50 {
        bench.receive(1, &pattern(number, 1 << 20));
    }
    assert_eq!(bench.writer.stats().pending_received_records, 0);
    assert!(bench.writer.stats().disk_bytes <= (1 << 20) + 4096);
}

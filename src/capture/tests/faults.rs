//! Full and failing disks: no record is lost or stored twice, and failures are reported.

use super::super::platform::Space;
use super::*;
use crate::model::ErrorKind;
use std::io;
use std::time::{Duration, Instant};

/// Minimum delay before a failed write is retried.
const RETRY: Duration = Duration::from_millis(200);

/// Records `0..count` exist, each `pattern(number, len)`, for a reader of this process and for a newly opened one.
fn assert_stored(bench: &Bench, count: u64, len: impl Fn(u64) -> usize) {
    for reader in [bench.writer.reader(), CaptureReader::open(&bench.folder()).expect("opened")] {
        assert_eq!(reader.records(), 0..count);
        for number in 0..count {
            assert_eq!(bytes_of(&reader, number).expect("read"), pattern(number, len(number)), "record {number}");
        }
    }
    let on_disk = disk_len(&bench.folder(), ".data") + disk_len(&bench.folder(), ".index");
    assert_eq!(bench.writer.stats().disk_bytes, on_disk + disk_len(&bench.folder(), "peers"));
    let stored: u64 = (0..count).map(|number| len(number) as u64).sum();
    assert_eq!(disk_len(&bench.folder(), ".data"), stored, "a record is stored twice");
}

fn is_full(result: &Result<impl Sized, WriteError>) -> bool {
    matches!(result, Err(WriteError::DiskFull(error)) if error.kind == ErrorKind::DiskFull && !error.address.is_empty())
}

#[test]
fn a_disk_that_fills_in_the_middle_of_data_loses_nothing() {
    for room in [0, 1, 999, 1000, 1001, 4500, 9999] {
        let mut bench = Bench::new();
        for number in 0..10 {
            bench.receive(1, &pattern(number, 1000));
        }
        bench.plan(Plan { data_room: Some(room), ..Plan::default() });
        let before = Instant::now();
        assert!(is_full(&bench.writer.flush()), "room for {room}");
        let readable = room / 1000;
        assert_eq!(bench.writer.reader().records(), 0..readable, "completely written records are readable");
        let stats = bench.writer.stats();
        assert_eq!(stats.pending_received_records, 10 - readable);
        assert_eq!(stats.pending_received_bytes, (10 - readable) * 1000);
        assert!(bench.writer.flush_deadline().is_some_and(|at| at >= before + RETRY), "the retry must be delayed");
        assert!(is_full(&bench.writer.flush()), "still full");
        bench.receive(1, &pattern(10, 1000));
        bench.plan(Plan::default());
        bench.flush();
        assert_eq!(bench.writer.stats().pending_received_records, 0);
        assert_stored(&bench, 11, |_| 1000);
    }
}

#[test]
fn a_disk_that_fills_in_the_middle_of_the_index_loses_nothing() {
    for room in [0, 1, 63, 64, 65, 640 - 1] {
        let mut bench = Bench::new();
        for number in 0..10 {
            bench.receive(1, &pattern(number, 100));
        }
        bench.plan(Plan { index_room: Some(room), ..Plan::default() });
        assert!(is_full(&bench.writer.flush()), "room for {room}");
        let readable = room / 64;
        assert_eq!(bench.writer.reader().records(), 0..readable);
        assert_eq!(bench.writer.stats().pending_received_records, 10 - readable);
        let other = CaptureReader::open(&bench.folder()).expect("opened");
        assert_eq!(other.records(), 0..readable, "another process must see only complete entries");
        bench.plan(Plan::default());
        bench.flush();
        other.refresh().expect("refreshed");
        assert_eq!(other.records(), 0..10);
        assert_stored(&bench, 10, |_| 100);
    }
}

#[test]
fn a_large_record_that_is_cut_by_a_full_disk_waits_and_is_stored_later() {
    for (before, room) in [(0, 0), (0, 100_000), (0, 299_999), (5, 2_000), (5, 5_000), (5, 200_000)] {
        let mut bench = Bench::new();
        let len = |number: u64| if number == before { 300_000 } else { 1000 };
        for number in 0..before {
            bench.receive(1, &pattern(number, 1000));
        }
        bench.plan(Plan { data_room: Some(room), ..Plan::default() });
        let large = bench.writer.append(&received(1, &pattern(before, 300_000)));
        assert!(is_full(&large), "{before} before, room for {room}");
        assert_eq!(bench.writer.stats().records, before + 1, "it waits");
        bench.plan(Plan::default());
        bench.receive(1, &pattern(before + 1, 1000));
        bench.flush();
        assert_stored(&bench, before + 2, len);
    }
}

#[test]
fn any_series_of_short_writes_interruptions_and_full_disks_ends_well() {
    for seed in 1..20_u64 {
        let mut bench = Bench::with_limit(1 << 30);
        let dice = pattern(seed, 4000);
        let mut dice = dice.iter().map(|byte| u64::from(*byte));
        let mut roll = move || dice.next().expect("enough dice");
        let len = move |number: u64| {
            usize::from(pattern(number ^ seed, 1)[0]) * if number.is_multiple_of(9) { 1500 } else { 3 }
        };
        let reader = bench.writer.reader();
        let mut count = 0;
        for _ in 0..40 {
            let room = |chance: u64, value: u64| (chance < 90).then_some(value);
            let plan = Plan {
                data_room: room(roll(), roll() * 300),
                index_room: room(roll(), roll()),
                write_max: (roll() < 128).then_some(1 + roll() as usize * 100),
                interrupted_every: (roll() < 128).then_some(2 + roll() % 5),
                ..Plan::default()
            };
            bench.plan(plan);
            for _ in 0..roll() % 8 {
                let bytes = pattern(count, len(count));
                // Copied, or read into the writer's room.
                let result = if count.is_multiple_of(3) && bytes.len() <= 256 << 10 {
                    bench.read(1, &bytes)
                } else {
                    bench.writer.append(&received(1, &bytes))
                };
                assert!(result.is_ok() || is_full(&result), "{result:?}");
                count += 1;
            }
            let flushed = bench.writer.flush();
            assert!(flushed.is_ok() || is_full(&flushed), "{flushed:?}");
            let readable = reader.records().end;
            assert!(flushed.is_err() || readable == count);
            assert_eq!(bench.writer.stats().pending_received_records, count - readable);
            if readable > 0 {
                assert_eq!(bytes_of(&reader, readable - 1).expect("read"), pattern(readable - 1, len(readable - 1)));
            }
        }
        bench.plan(Plan::default());
        bench.flush();
        assert_stored(&bench, count, len);
    }
}

#[test]
fn what_a_full_disk_never_took_is_reported_at_the_end() {
    let mut bench = Bench::new();
    bench.receive(1, &pattern(0, 1000));
    bench.flush();
    bench.receive(1, &pattern(1, 1000));
    bench.writer.append(&shared(1, &vec![1; 500].into())).expect("appended");
    bench.receive(1, &pattern(2, 70));
    bench.plan(Plan { data_room: Some(1600), index_room: Some(130), ..Plan::default() });
    let folder = bench.folder();
    let reader = bench.writer.reader();
    let stats = bench.writer.close();
    assert_eq!((stats.pending_received_bytes, stats.pending_received_records), (70, 1));
    assert_eq!(stats.records, 4);
    assert_eq!(reader.records(), 0..3);
    let reopened = CaptureReader::open(&folder).expect("opened");
    assert_eq!((reopened.records(), reopened.state(), reopened.recovered_note()), (0..3, CaptureState::Closed, None));
    assert_eq!(disk_len(&folder, ".index"), 64 + 3 * 64, "a partial entry remains");
    drop(bench.dir);
}

#[test]
fn a_full_disk_first_costs_the_oldest_segments() {
    let mut bench = Bench::with_limit(1 << 20);
    for number in 0..10 {
        bench.receive(1, &pattern(number, 60_000));
    }
    bench.flush();
    bench.receive(1, b"one more");
    bench.plan(Plan { failing_writes: 3, ..Plan::default() });
    bench.flush();
    assert_eq!(bench.writer.reader().records(), 3..11);
    bench.receive(1, b"and more");
    bench.plan(Plan { failing_writes: u64::MAX, ..Plan::default() });
    assert!(is_full(&bench.writer.flush()));
    let left = bench.writer.reader().records();
    assert_eq!(left.end, 11, "pending records must not be readable");
    assert!(left.start < 11, "the current segment must remain: {left:?}");
    bench.plan(Plan::default());
    bench.flush();
    assert_eq!(bytes_of(&bench.writer.reader(), 11).expect("read"), b"and more");
}

#[test]
fn a_twentieth_of_the_disk_stays_free() {
    let mut bench = Bench::with_limit(1 << 20);
    for number in 0..5 {
        bench.receive(1, &pattern(number, 60_000));
    }
    bench.flush();
    let space = |available| Plan { space: Some(Space { available, total: 1 << 30 }), ..Plan::default() };
    bench.receive(1, b"before");
    bench.flush();
    bench.plan(space((1 << 30) / 20 - 1));
    bench.clock.moved.pass(Duration::from_secs(2));
    assert!(is_full(&bench.writer.tick()), "an idle writer must detect it too");
    assert_eq!(bench.writer.reader().records().end, 6);
    assert!(bench.writer.reader().records().start >= 4, "all older segments must be evicted");
    let number = bench.receive(1, b"waits");
    assert!(is_full(&bench.writer.flush()));
    bench.plan(space(1 << 29));
    bench.clock.moved.pass(Duration::from_secs(2));
    bench.flush();
    assert_eq!(bytes_of(&bench.writer.reader(), number).expect("read"), b"waits");
    bench.writer.tick().expect("the disk has space again");
}

#[test]
fn the_free_space_is_looked_at_once_a_second_at_most() {
    let started = Instant::now();
    let mut bench = Bench::with_limit(1 << 30);
    for number in 0..2000 {
        bench.receive(1, &pattern(number, 10));
        bench.flush();
    }
    let looks = bench.disk.faults.looks();
    assert!((1..=1 + started.elapsed().as_secs()).contains(&looks), "{looks}");
}

#[test]
fn a_quickly_filling_disk_is_looked_at_by_bytes_too() {
    let mut bench = Bench::with_limit(1 << 30);
    bench.receive(1, b"x");
    bench.flush();
    bench.plan(Plan { space: Some(Space { available: 0, total: 1 << 30 }), ..Plan::default() });
    let chunk = pattern(1, 1 << 20);
    let mut written = 0;
    while bench.writer.append(&received(1, &chunk)).is_ok() {
        written += 1;
        assert!(written < 20, "must be detected after at most 16 MiB");
    }
}

#[test]
fn a_segment_that_cannot_be_made_stops_writing_but_loses_nothing() {
    for (error, full) in [(io::ErrorKind::PermissionDenied, false), (io::ErrorKind::StorageFull, true)] {
        let mut bench = Bench::with_limit(1 << 20);
        bench.receive(1, &pattern(0, 60_000));
        bench.plan(Plan { no_create: true, error: Some(error), ..Plan::default() });
        let result = bench.writer.append(&received(1, &pattern(1, 60_000)));
        match &result {
            Err(WriteError::DiskFull(_)) if full => {}
            Err(WriteError::Failed(reported)) if !full => {
                assert_eq!(reported.kind, ErrorKind::Permission);
                assert!(reported.address.contains(bench.writer.id()), "{reported}");
            }
            other => panic!("{other:?}"),
        }
        let before = Instant::now();
        assert!(bench.writer.flush().is_err(), "the engine must wait");
        assert!(bench.writer.flush_deadline().is_some_and(|at| at >= before + RETRY));
        assert_eq!(bench.writer.reader().records(), 0..2, "all records must be on disk");
        bench.plan(Plan::default());
        bench.flush();
        assert_eq!(bench.writer.flush_deadline(), None);
        bench.receive(1, &pattern(2, 60_000));
        bench.flush();
        assert_stored(&bench, 3, |_| 60_000);
    }
}

#[test]
fn a_peer_that_could_not_be_stored_gets_its_number_later() {
    let mut bench = Bench::new();
    let address = "192.0.2.1:5".parse().expect("an address");
    bench.plan(Plan { peers_room: Some(10), ..Plan::default() });
    assert!(is_full(&bench.writer.add_peer(address)));
    assert_eq!(bench.writer.reader().peer_address(PeerId(1)), None);
    bench.plan(Plan::default());
    assert_eq!(bench.writer.add_peer(address).expect("a peer"), PeerId(1));
    assert_eq!(bench.writer.reader().peer_address(PeerId(1)), Some(address));
}

#[test]
fn a_disk_that_refuses_a_row_of_a_table_has_no_room_until_it_takes_one() {
    let address = "192.0.2.1:5".parse().expect("an address");
    for full in [Plan { peers_room: Some(10), ..Plan::default() }, Plan { peers_room: Some(0), ..Plan::default() }] {
        let mut bench = Bench::new();
        let count = || bench.writer.reader().store().peer_count();
        let before = count();
        bench.plan(full.clone());
        assert!(is_full(&bench.writer.add_peer(address)));
        assert!(is_full(&bench.writer.flush()), "the disk is still full, although no record is pending");
        bench.plan(Plan::default());
        bench.writer.flush().expect("the disk has space again");
        assert_eq!(bench.writer.reader().store().peer_count(), before, "the peer must not be counted");
        assert_eq!(bench.writer.add_peer(address).expect("a peer"), PeerId(1));

        bench.plan(full);
        assert!(bench.writer.local(address, 0).is_err());
        assert!(is_full(&bench.writer.flush()), "the disk is still full, although no record is pending");
        bench.plan(Plan::default());
        bench.writer.flush().expect("the disk has space again");
        let local = bench.writer.local(address, 0).expect("the address is known");
        assert_eq!(bench.writer.reader().local_address(local), Some(address));
    }
}

#[test]
fn a_folder_that_vanishes_is_an_error_that_names_it() {
    let mut bench = Bench::new();
    bench.receive(1, b"before");
    bench.flush();
    let (folder, aside) = (bench.folder(), bench.dir.path().join("aside"));
    std::fs::rename(&folder, &aside).expect("moved");
    bench.clock.moved.pass(Duration::from_secs(2));
    let reported = |result: Result<(), WriteError>| match result {
        Err(WriteError::Failed(error)) => {
            assert_eq!(error.kind, ErrorKind::CaptureFailed);
            assert!(error.address.starts_with(&folder.display().to_string()), "{error}");
        }
        other => panic!("{other:?}"),
    };
    reported(bench.writer.tick());
    bench.receive(1, b"after");
    reported(bench.writer.flush());
    std::fs::rename(&aside, &folder).expect("moved back");
    bench.clock.moved.pass(Duration::from_secs(2));
    bench.flush();
    assert_eq!(bytes_of(&bench.writer.reader(), 1).expect("read"), b"after");
}

#[test]
fn a_capture_that_cannot_be_made_leaves_nothing_behind() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let disk = Disk::default();
    disk.faults.set(Plan { index_room: Some(3), ..Plan::default() });
    let refused = CaptureWriter::create_with(dir.path(), &endpoint(), CaptureOptions::default(), disk, Clock::start());
    assert_eq!(refused.map(|_| ()).expect_err("refused").kind, ErrorKind::DiskFull);
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), 0);
    let file = dir.path().join("a file");
    std::fs::write(&file, b"").expect("written");
    let refused = CaptureWriter::create(&file, &endpoint(), CaptureOptions::default()).map(|_| ());
    assert!(refused.expect_err("refused").address.ends_with("a file"));
}

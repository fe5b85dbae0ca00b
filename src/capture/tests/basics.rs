//! Records that are appended can be read back unchanged.

use super::*;

#[test]
fn records_come_back_in_order_after_a_flush() {
    let mut bench = Bench::new();
    let reader = bench.writer.reader();
    let peer = bench.writer.add_peer("10.0.0.1:5000".parse().expect("an address")).expect("a peer");
    assert_eq!(peer, PeerId(1));
    assert_eq!(bench.receive(1, b"hello"), 0);
    assert_eq!(reader.records(), 0..0, "no record is published before the flush");
    assert!(matches!(reader.record(0), Err(ReadError::NotYet(0))));
    assert!(bench.writer.flush_deadline().is_some());
    bench.flush();
    assert!(bench.writer.flush_deadline().is_none());
    assert_eq!(bench.receive(1, b""), 1);
    assert_eq!(bench.receive(1, b" world"), 2);
    bench.flush();
    assert_eq!(reader.records(), 0..3);
    let mut records = Vec::new();
    reader.records_in(0..3, &mut records).expect("read");
    assert_eq!(records.len(), 3);
    assert_eq!(records[0], reader.record(0).expect("read"));
    let seen: Vec<_> = records.iter().map(|r| (r.len, r.stream_offset, r.previous, r.peer, r.direction)).collect();
    let received = Some(Direction::Received);
    assert_eq!(seen, [(5, 0, None, peer, received), (0, 5, Some(0), peer, received), (6, 5, Some(1), peer, received)]);
    assert!(records.windows(2).all(|pair| pair[0].mono_ns <= pair[1].mono_ns && pair[0].unix_ns <= pair[1].unix_ns));
    assert_eq!(bytes_of(&reader, 0).expect("read"), b"hello");
    assert_eq!(bytes_of(&reader, 1).expect("read"), b"");
    assert_eq!(bytes_of(&reader, 2).expect("read"), b" world");
    assert_eq!(reader.peer_address(peer), Some("10.0.0.1:5000".parse().expect("an address")));
    assert_eq!(reader.peer_address(PeerId(2)), None);
    assert_eq!(reader.peer_address(PeerId::NONE), None);
}

#[test]
fn nothing_waits_longer_than_its_deadline_says_and_a_quarter_mebibyte_is_written_at_once() {
    let mut bench = Bench::new();
    let reader = bench.writer.reader();
    let before = std::time::Instant::now();
    bench.receive(1, b"x");
    let deadline = bench.writer.flush_deadline().expect("something waits");
    assert!(deadline >= before + std::time::Duration::from_millis(2));
    bench.receive(1, b"y");
    assert_eq!(bench.writer.flush_deadline(), Some(deadline), "the oldest record counts");
    bench.receive(1, &pattern(1, 256 * 1024));
    assert_eq!(reader.records(), 0..3);
    assert_eq!(bench.writer.flush_deadline(), None);
    assert_eq!(bytes_of(&reader, 2).expect("read"), pattern(1, 256 * 1024));
    let writes = bench.disk.faults.writes();
    bench.receive(1, &pattern(2, 256 * 1024));
    assert_eq!(bench.disk.faults.writes() - writes, 2, "a large read takes two writes: data and index");
    bench.flush();
    assert_eq!(bench.disk.faults.writes() - writes, 2, "the flush wrote something");
}

#[test]
fn empty_records_alone_are_written_when_their_index_is_large() {
    let mut bench = Bench::new();
    let reader = bench.writer.reader();
    for _ in 0..10_000 {
        bench.receive(1, b"");
    }
    assert!(reader.records().end >= 5_000, "{:?}", reader.records());
}

#[test]
fn only_the_asked_part_of_a_payload_is_read() {
    let mut bench = Bench::new();
    let whole = pattern(7, 700_000);
    bench.receive(1, b"before");
    bench.receive(1, &whole);
    bench.flush();
    let reader = bench.writer.reader();
    let record = reader.record(1).expect("read");
    for (part, expected) in [
        (0..10, &whole[..10]),
        (300_000..600_001, &whole[300_000..600_001]),
        (699_999..u32::MAX, &whole[699_999..]),
        (700_000..700_001, &[][..]),
        (5..5, &[][..]),
    ] {
        let mut bytes = b"kept".to_vec();
        reader.payload(&record, part.clone(), &mut bytes).expect("read");
        assert_eq!(bytes.strip_prefix(b"kept"), Some(expected), "{part:?}");
    }
    #[expect(clippy::reversed_empty_ranges, reason = "that is the case")]
    let backwards = 9..3;
    let mut bytes = Vec::new();
    reader.payload(&record, backwards, &mut bytes).expect("nothing to read");
    assert!(bytes.is_empty());
}

#[test]
fn notes_come_back_with_their_kind_and_touch_no_stream() {
    let mut bench = Bench::new();
    let error = crate::model::NetError::new(
        crate::model::Operation::Connect,
        crate::model::ErrorKind::Refused,
        "tcp://192.0.2.1:9",
        "",
    );
    let local = "127.0.0.1:8080".parse().expect("an address");
    let reason = crate::model::CloseReason::PeerFin;
    let notes = [
        (RecordKind::Opened, SessionNote::Opened { run: 1, endpoint: "tcp://仪表:1".into() }),
        (RecordKind::State, SessionNote::Connecting { remote: "x:1".into() }),
        (RecordKind::State, SessionNote::Resolved { addresses: vec![local], took_ms: 2 }),
        (RecordKind::State, SessionNote::AttemptEnded { remote: local, took_ms: 1, error: Some(error.clone()) }),
        (RecordKind::State, SessionNote::Connected { local, remote: local, took_ms: 3 }),
        (RecordKind::State, SessionNote::Listening { local }),
        (RecordKind::State, SessionNote::Bound { local }),
        (RecordKind::PeerLeft, SessionNote::PeerLeft { reason }),
        (RecordKind::Error, SessionNote::Error { error: error.clone() }),
        (RecordKind::Warning, SessionNote::Warning { warning: error }),
        (RecordKind::Warning, SessionNote::KernelDropped { records: 17, buffer_bytes: 0 }),
        (RecordKind::ClockJump, SessionNote::ClockJump { by_ns: -3 }),
        (RecordKind::Closed, SessionNote::Closed { reason, next: None }),
    ];
    bench.receive(1, b"12345");
    let mut json = Vec::new();
    for (_, note) in &notes {
        bench.writer.append(&NewRecord::note(PeerId(1), note, &mut json)).expect("appended");
    }
    bench.writer.append(&NewRecord::bare(RecordKind::PeerJoined, PeerId(1))).expect("appended");
    let last = bench.receive(1, b"6");
    bench.flush();
    let reader = bench.writer.reader();
    for ((kind, note), number) in notes.iter().zip(1..) {
        let record = reader.record(number).expect("read");
        assert_eq!((record.kind, record.direction), (*kind, None));
        assert_eq!(&reader.note(&record).expect("a note"), note);
    }
    assert!(reader.note(&reader.record(0).expect("read")).is_err(), "data has no note");
    assert!(reader.note(&reader.record(last - 1).expect("read")).is_err(), "a peer that joined has no note");
    let record = reader.record(last).expect("read");
    assert_eq!((record.stream_offset, record.previous), (5, Some(0)));
}

#[test]
fn each_peer_and_direction_is_a_stream_of_its_own() {
    let mut bench = Bench::new();
    let peers = 10_000_u32;
    for round in 0..3_u32 {
        for peer in 1..=peers {
            bench.receive(peer, &[0; 7][..(peer % 8) as usize]);
            let two = [round as u8; 2];
            if peer % 3 == 0 {
                let sent = NewRecord::data(Direction::Sent, PeerId(peer), Payload::Bytes(&two));
                bench.writer.append(&sent).expect("appended");
            }
        }
    }
    bench.flush();
    let reader = bench.writer.reader();
    let mut last = std::collections::HashMap::new();
    let mut next = 0;
    let mut records = Vec::new();
    while next < reader.records().end {
        records.clear();
        reader.records_in(next..reader.records().end, &mut records).expect("read");
        assert_eq!(records[0].number, next);
        for record in &records {
            let stream = last.entry((record.peer, record.direction == Some(Direction::Sent))).or_insert((0, None));
            assert_eq!((record.stream_offset, record.previous), *stream, "record {}", record.number);
            *stream = (stream.0 + u64::from(record.len), Some(record.number));
        }
        next = records.last().expect("not empty").number + 1;
    }
    assert_eq!(last.len(), 13_333);
}

#[test]
fn a_forgotten_peer_costs_nothing_more_and_others_go_on() {
    let mut bench = Bench::new();
    bench.receive(1, b"abc");
    bench.receive(2, b"abc");
    bench.writer.forget_peer(PeerId(1));
    let number = bench.receive(2, b"d");
    bench.flush();
    let record = bench.writer.reader().record(number).expect("read");
    assert_eq!((record.stream_offset, record.previous), (3, Some(1)));
}

#[test]
fn a_hundred_thousand_random_records_come_back_to_the_byte() {
    let mut bench = Bench::with_limit(64 << 20);
    let reader = bench.writer.reader();
    let count = 100_000_u64;
    let len = |number: u64| usize::from(pattern(number, 1)[0]) * if number.is_multiple_of(1000) { 270 } else { 1 };
    for number in 0..count {
        bench.receive((number % 5) as u32 + 1, &pattern(number, len(number)));
    }
    bench.flush();
    assert_eq!(reader.records(), 0..count);
    let (mut next, mut bytes, mut records) = (0, Vec::new(), Vec::new());
    while next < count {
        records.clear();
        reader.records_in(next..count, &mut records).expect("read");
        for record in &records {
            bytes.clear();
            reader.payload(record, 0..u32::MAX, &mut bytes).expect("read");
            assert_eq!(bytes, pattern(record.number, len(record.number)), "record {}", record.number);
        }
        next += records.len() as u64;
    }
}

#[test]
fn two_readers_read_beside_the_writer() {
    let mut bench = Bench::new();
    let count = 3_000_u64;
    let readers: Vec<_> = (0..2)
        .map(|i| {
            let reader = bench.writer.reader();
            crate::jobs::thread::spawn_named(format!("reader-{i}"), move || {
                let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
                let mut next = 0;
                while next < count && std::time::Instant::now() < deadline {
                    if reader.records().end > next {
                        assert_eq!(bytes_of(&reader, next).expect("published"), pattern(next, 300));
                        next += 1;
                    } else {
                        std::thread::yield_now();
                    }
                }
                next
            })
            .expect("a thread")
        })
        .collect();
    for number in 0..count {
        bench.receive(1, &pattern(number, 300));
        if number % 7 == 0 {
            bench.flush();
        }
    }
    bench.flush();
    for reader in readers {
        assert_eq!(reader.join().expect("no panic"), count);
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_look_into_a_capture() {
    use std::os::unix::fs::PermissionsExt;
    let mut bench = Bench::new();
    bench.receive(1, b"secret");
    bench.flush();
    let mode = |path: &Path| std::fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
    assert_eq!(mode(&bench.captures()), 0o700);
    assert_eq!(mode(&bench.folder()), 0o700);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(bench.folder()).expect("a folder") {
        let path = entry.expect("an entry").path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().expect("a name").to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(names, ["00000001.data", "00000001.index", "lock", "meta.json", "peers"]);
}

#[test]
fn peers_of_both_families_keep_their_addresses() {
    let mut bench = Bench::new();
    let addresses = ["192.0.2.7:65535", "[2001:db8::1]:1", "[fe80::1%7]:502", "0.0.0.0:0"];
    for (address, id) in addresses.iter().zip(1..) {
        let address = address.parse().expect("an address");
        assert_eq!(bench.writer.add_peer(address).expect("a peer"), PeerId(id));
    }
    let reader = bench.writer.reader();
    for (address, id) in addresses.iter().zip(1..) {
        assert_eq!(reader.peer_address(PeerId(id)).map(|a| a.to_string()).as_deref(), Some(*address));
    }
    assert_eq!(reader.peer_address(PeerId(u32::MAX)), None);
}

#[test]
fn what_is_read_into_the_writers_room_is_stored_over_blocks_and_segments() {
    // Segments of 4 MiB: the reads span block boundaries (1 MiB) and segment boundaries.
    let mut bench = Bench::with_limit(64 << 20);
    let reader = bench.writer.reader();
    let len = |number: u64| if number.is_multiple_of(5) { 40 } else { 150_000 + number as usize * 700 };
    for number in 0..120_u64 {
        let bytes = pattern(number, len(number));
        let made = bench.read(1, &bytes[..bytes.len().min(256 << 10)]).expect("appended");
        assert_eq!(made, number);
        let data: u64 = disk_len(&bench.folder(), ".data");
        assert!(reader.records().end == 0 || data > 0, "a record was published before it was written");
        // Complete blocks are written without a flush.
        let appended: usize = (0..=number).map(|n| len(n).min(256 << 10)).sum();
        assert!(data + (1 << 20) > appended as u64, "{data} of {appended} bytes are written");
    }
    bench.flush();
    assert!(disk_len(&bench.folder(), ".index") > 0 && reader.records() == (0..120));
    let mut offset = 0;
    for number in 0..120_u64 {
        let record = reader.record(number).expect("a record");
        let bytes = pattern(number, len(number));
        assert_eq!((record.stream_offset, record.direction), (offset, Some(Direction::Received)), "record {number}");
        assert_eq!(bytes_of(&reader, number).expect("read"), bytes[..bytes.len().min(256 << 10)], "record {number}");
        offset += u64::from(record.len);
    }
}

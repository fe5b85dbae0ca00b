//! Repeated bytes are stored once.

use super::*;

#[test]
fn a_repeated_payload_is_stored_once_a_segment() {
    let mut bench = Bench::with_limit(64 << 20);
    let payload: Arc<[u8]> = pattern(1, 10_000).into();
    for peer in 1..=1000 {
        bench.writer.append(&shared(peer, &payload)).expect("appended");
    }
    bench.flush();
    assert_eq!(disk_len(&bench.folder(), ".data"), 10_000);
    let reader = bench.writer.reader();
    for number in [0, 1, 500, 999] {
        assert_eq!(bytes_of(&reader, number).expect("read"), &*payload);
        assert_eq!(reader.record(number).expect("read").len, 10_000);
    }
}

#[test]
fn parts_of_a_payload_share_it_whatever_the_cut() {
    for (len, stored) in [(200_000, 200_000), (3 << 20, 3 << 20)] {
        let mut bench = Bench::with_limit(256 << 20);
        let payload: Arc<[u8]> = pattern(2, len).into();
        let mut expected = Vec::new();
        // One peer accepts it in three parts, then another in two that lie within them.
        for (start, end) in [(0, len / 3), (len / 3, len / 2), (len / 2, len), (0, len / 2), (len / 2, len)] {
            let part = Payload::Shared { bytes: &payload, start, end };
            let record = NewRecord::data(Direction::Sent, PeerId(1), part);
            expected.push((bench.writer.append(&record).expect("appended"), start..end));
        }
        bench.flush();
        assert_eq!(disk_len(&bench.folder(), ".data"), stored as u64, "payload of {len}");
        for (number, part) in expected {
            assert_eq!(bytes_of(&bench.writer.reader(), number).expect("read"), &payload[part.clone()], "{part:?}");
        }
    }
}

#[test]
fn an_equal_payload_elsewhere_in_memory_is_not_mistaken() {
    let mut bench = Bench::new();
    for round in 0..40_u8 {
        // Each is freed immediately, so that the next one may get its address.
        let payload: Arc<[u8]> = vec![round; 64].into();
        bench.writer.append(&shared(1, &payload)).expect("appended");
    }
    bench.flush();
    for round in 0..40_u8 {
        assert_eq!(bytes_of(&bench.writer.reader(), round.into()).expect("read"), [round; 64]);
    }
}

#[test]
fn a_part_outside_its_payload_is_refused_and_takes_no_number() {
    let mut bench = Bench::new();
    let bytes: Arc<[u8]> = vec![1, 2, 3].into();
    #[expect(clippy::reversed_empty_ranges, reason = "that is the case")]
    for part in [2..4, 3..2, usize::MAX..usize::MAX] {
        let payload = Payload::Shared { bytes: &bytes, start: part.start, end: part.end };
        let refused = bench.writer.append(&NewRecord::data(Direction::Sent, PeerId(1), payload));
        assert!(matches!(refused, Err(WriteError::Failed(error)) if error.kind == crate::model::ErrorKind::Invalid));
    }
    let empty = Payload::Shared { bytes: &bytes, start: 3, end: 3 };
    assert_eq!(bench.writer.append(&NewRecord::data(Direction::Sent, PeerId(1), empty)).expect("appended"), 0);
    bench.flush();
    assert_eq!(bytes_of(&bench.writer.reader(), 0).expect("read"), b"");
}

#[test]
fn an_echo_stores_nothing_in_the_same_segment() {
    let mut bench = Bench::with_limit(64 << 20);
    let pending = bench.receive(1, b"not flushed");
    let echo_of_pending = bench.writer.append(&same_as(1, pending)).expect("appended");
    bench.flush();
    let echo_of_echo = bench.writer.append(&same_as(1, echo_of_pending)).expect("appended");
    let long_ago = bench.receive(1, b"long ago");
    for _ in 0..3000 {
        bench.receive(1, b"");
    }
    let echo = bench.writer.append(&same_as(1, long_ago)).expect("appended");
    bench.flush();
    let reader = bench.writer.reader();
    assert_eq!(bytes_of(&reader, echo_of_pending).expect("read"), b"not flushed");
    assert_eq!(bytes_of(&reader, echo_of_echo).expect("read"), b"not flushed");
    assert_eq!(bytes_of(&reader, echo).expect("read"), b"long ago");
    assert_eq!(disk_len(&bench.folder(), ".data"), 19);
}

#[test]
fn an_echo_of_another_segment_is_copied_and_one_of_an_evicted_record_says_so() {
    let mut bench = Bench::with_limit(1 << 20);
    let first = bench.receive(1, &pattern(1, 1000));
    bench.receive(1, &pattern(2, 65_000)); // does not fit into the same segment
    let copied = bench.writer.append(&same_as(1, first)).expect("appended");
    for number in 0..40 {
        bench.receive(1, &pattern(number, 60_000));
    }
    let reader = bench.writer.reader();
    assert!(reader.records().start > copied);
    let gone = bench.writer.append(&same_as(1, copied)).expect("appended");
    let gone_again = bench.writer.append(&same_as(1, gone)).expect("appended");
    bench.flush();
    for number in [gone, gone_again] {
        assert_eq!(reader.record(number).expect("read").len, 1000);
        assert!(matches!(bytes_of(&reader, number), Err(ReadError::Evicted(n)) if n == copied));
    }
}

#[test]
fn an_echo_in_the_next_segment_has_the_bytes() {
    let mut bench = Bench::with_limit(1 << 20);
    let first = bench.receive(1, &pattern(1, 1000));
    bench.receive(1, &pattern(2, 65_000));
    let echo = bench.writer.append(&same_as(1, first)).expect("appended");
    bench.flush();
    assert_eq!(bytes_of(&bench.writer.reader(), echo).expect("read"), pattern(1, 1000));
}

#[test]
fn an_echo_of_what_never_was_is_refused() {
    let mut bench = Bench::new();
    for number in [0, 5, u64::MAX] {
        assert!(matches!(bench.writer.append(&same_as(1, number)), Err(WriteError::Failed(_))));
    }
    assert_eq!(bench.writer.stats().records, 0);
}

#[test]
fn a_sent_file_is_read_back_until_it_changes() {
    let mut bench = Bench::new();
    let path = bench.dir.path().join("固件.bin");
    let content = pattern(3, 100_000);
    std::fs::write(&path, &content).expect("written");
    let (size, modified_ns) = file_stamp(&std::fs::metadata(&path).expect("metadata"));
    let payload = Payload::File { path: &path, offset: 1000, len: 90_000, size, modified_ns, hash: 0 };
    let number = bench.writer.append(&NewRecord::data(Direction::Sent, PeerId(1), payload)).expect("appended");
    let echo = bench.writer.append(&same_as(1, number)).expect("appended");
    bench.flush();
    assert!(disk_len(&bench.folder(), ".data") < 200, "the bytes of the file must not be copied");
    let reader = bench.writer.reader();
    let record = reader.record(number).expect("read");
    assert!(record.from_file);
    assert_eq!((record.len, reader.record(echo).expect("read").stream_offset), (90_000, 90_000));
    assert_eq!(bytes_of(&reader, number).expect("read"), &content[1000..91_000]);
    assert_eq!(bytes_of(&reader, echo).expect("read"), &content[1000..91_000]);
    let mut part = Vec::new();
    reader.payload(&record, 10..20, &mut part).expect("read");
    assert_eq!(part, &content[1010..1020]);

    let is_changed = || matches!(bytes_of(&reader, number), Err(ReadError::FileChanged(_)));
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("opened");
    let before = std::time::UNIX_EPOCH + std::time::Duration::from_nanos(modified_ns as u64);
    file.set_len(99_999).and_then(|()| file.set_modified(before)).expect("changed");
    assert!(is_changed(), "another size");
    file.set_len(100_000).and_then(|()| file.set_modified(before)).expect("changed");
    assert!(!is_changed(), "size and time are unchanged");
    file.set_modified(before + std::time::Duration::from_secs(1)).expect("changed");
    assert!(is_changed(), "another time");
    std::fs::remove_file(&path).expect("removed");
    assert!(is_changed(), "gone");
    std::fs::create_dir(&path).expect("made");
    assert!(is_changed(), "a folder now");
}

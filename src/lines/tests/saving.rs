use super::*;
use crate::capture::{CaptureReader, PeerFilter, Selection};
use crate::lines::{LogForm, SaveError, save_log, save_received};
use crate::words::Lang;
use std::io::{self, Write};

fn form() -> LogForm {
    LogForm::new(Lang::En).with_zone(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))
}

#[test]
fn received_bytes_of_all_and_of_one_peer() {
    let mut tape = Tape::tcp();
    let (one, two) = (tape.peer(1), tape.peer(2));
    tape.received(one, b"a\xFF");
    tape.sent(one, b"not this");
    tape.received(two, b"b");
    tape.event(RecordKind::PeerLeft, one, None);
    tape.received(one, &vec![b'c'; 600_000]);
    let reader = tape.reader();
    let long = vec![b'c'; 600_000];
    for (peer, range, expected, records) in [
        (None, 0..5, [b"a\xFFb", &long[..]].concat(), 3),
        (Some(one), 0..5, [b"a\xFF", &long[..]].concat(), 2),
        (Some(two), 0..5, b"b".to_vec(), 1),
        (None, 1..3, b"b".to_vec(), 1),
        (None, 5..5, Vec::new(), 0),
    ] {
        let mut out = Vec::new();
        let mut seen = Vec::new();
        let saved = save_received(&reader, of(&reader, peer, range.clone()), &mut out, &mut |done, total| {
            seen.push((done, total));
            true
        })
        .unwrap();
        assert!(out == expected, "{peer:?} {range:?}");
        assert_eq!((saved.records, saved.bytes, saved.evicted), (records, expected.len() as u64, 0));
        let total = range.end - range.start;
        assert_eq!(seen.last(), Some(&(total, total)));
        assert!(seen.is_sorted());
    }
}

#[test]
fn a_log_has_a_line_for_each_row() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.received(peer, b"one\r\ntwo \x1B[31m");
    tape.sent(peer, b"three");
    let reader = tape.reader();
    let contents_of = |config: ViewConfig| -> Vec<String> {
        let mut out = Vec::new();
        let saved = save_log(View::new(reader.clone(), config, 0), &form(), 0..2, &mut out, &mut |_, _| true).unwrap();
        assert_eq!((saved.records, saved.bytes), (2, out.len() as u64));
        let log = String::from_utf8(out).unwrap();
        assert!(log.ends_with('\n') && !log.contains('\x1B'));
        log.lines()
            .map(|line| {
                assert_eq!(&line[10..11], "T");
                assert_eq!(&line[23..29], "+08:00");
                line[30..].to_owned()
            })
            .collect()
    };
    assert_eq!(
        contents_of(text(Encoding::UTF_8, 80)),
        ["<- #1 127.0.0.1:9  one\\r\\n", "<- #1 127.0.0.1:9  two \\x1B[31m", "-> #1 127.0.0.1:9  three"]
    );
    assert_eq!(contents_of(hex(16))[1], "-> #1 127.0.0.1:9  74 68 72 65 65");
    assert_eq!(
        contents_of(dump(Encoding::UTF_8, 8)),
        [
            "<- #1 127.0.0.1:9  0000  6F 6E 65 0D 0A 74 77 6F  one··two",
            "<- #1 127.0.0.1:9  0008  20 1B 5B 33 31 6D         ·[31m",
            "-> #1 127.0.0.1:9  0000  74 68 72 65 65           three"
        ]
    );
}

#[test]
fn a_long_log_is_written_piece_by_piece() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    for number in 0..3000 {
        tape.received(peer, format!("{number}\nsecond\n").as_bytes());
    }
    let reader = tape.reader();
    let mut out = Vec::new();
    let saved =
        save_log(View::new(reader, text(Encoding::UTF_8, 80), 0), &form(), 1000..2500, &mut out, &mut |_, _| true)
            .unwrap();
    assert_eq!((saved.records, saved.evicted), (1500, 0));
    let log = String::from_utf8(out).unwrap();
    assert_eq!(log.lines().count(), 3000);
    assert!(log.lines().next().unwrap().ends_with("  1000\\n"));
    assert!(log.lines().nth(2998).unwrap().ends_with("  2499\\n"));
}

#[test]
fn saving_can_be_cancelled_and_says_when_the_file_cannot_be_written() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.received(peer, b"data");
    let reader = tape.reader();
    let config = hex(16);
    let cancelled = save_received(&reader, of(&reader, None, 0..1), &mut Vec::new(), &mut |_, _| false);
    assert!(matches!(cancelled, Err(SaveError::Cancelled)));
    let cancelled = save_log(View::new(reader.clone(), config, 0), &form(), 0..1, &mut Vec::new(), &mut |_, _| false);
    assert!(matches!(cancelled, Err(SaveError::Cancelled)));
    let full = save_received(&reader, of(&reader, None, 0..1), &mut Full, &mut |_, _| true);
    assert!(matches!(full, Err(SaveError::Write(error)) if error.kind() == io::ErrorKind::StorageFull));
    let full = save_log(View::new(reader, config, 0), &form(), 0..1, &mut Full, &mut |_, _| true);
    assert!(matches!(full, Err(SaveError::Write(_))));
}

#[test]
fn what_was_evicted_before_it_could_be_saved_is_counted() {
    let mut tape = Tape::with_limit("tcp://127.0.0.1:1", 1 << 20);
    let peer = tape.peer(1);
    for _ in 0..3000 {
        tape.received(peer, &[b'x'; 1000]);
    }
    let reader = tape.reader();
    let kept = reader.records();
    assert!(kept.start > 0);
    let mut out = Vec::new();
    let saved = save_received(&reader, of(&reader, None, 0..kept.end), &mut out, &mut |_, _| true).unwrap();
    assert_eq!((saved.records, saved.evicted), (kept.end - kept.start, kept.start));
    assert_eq!(out.len() as u64, saved.records * 1000);
    let saved =
        save_log(View::new(reader.clone(), hex(16), 0), &form(), 0..kept.end, &mut io::sink(), &mut |_, _| true)
            .unwrap();
    assert_eq!((saved.records, saved.evicted), (kept.end - kept.start, kept.start));
}

#[test]
fn events_are_sentences_in_the_language_asked_for() {
    for (mut tape, en, zh) in [
        (Tape::tcp(), "127.0.0.1:9 connected", "127.0.0.1:9 已连接"),
        (Tape::udp(), "New sender 127.0.0.1:9", "新来源 127.0.0.1:9"),
    ] {
        let peer = tape.peer(9);
        tape.event(RecordKind::PeerJoined, peer, None);
        let reader = tape.reader();
        for (lang, expected) in [(Lang::En, en), (Lang::ZhCn, zh)] {
            let mut out = Vec::new();
            save_log(View::new(reader.clone(), hex(16), 0), &LogForm::new(lang), 0..1, &mut out, &mut |_, _| true)
                .unwrap();
            let line = String::from_utf8(out).unwrap();
            assert!(line.contains(" -- #1 127.0.0.1:9  ") && line.contains(expected), "{line}");
        }
    }
}

#[test]
fn rows_without_payload_are_lines_too() {
    let mut tape = Tape::udp();
    let peer = tape.peer(9);
    tape.received(peer, b"");
    tape.received(peer, b"\xFF");
    let reader = tape.reader();
    let mut out = Vec::new();
    save_log(View::new(reader, text(Encoding::GBK, 80), 0), &form(), 0..2, &mut out, &mut |_, _| true).unwrap();
    let log = String::from_utf8(out).unwrap();
    let endings = ["Empty datagram (0 bytes)", "\\xFF"];
    assert_eq!(log.lines().count(), 2);
    assert!(log.lines().zip(endings).all(|(line, ending)| line.ends_with(ending)), "{log}");
}

fn of(reader: &CaptureReader, peer: Option<PeerId>, records: std::ops::Range<u64>) -> Selection {
    Selection { records, peer: peer.map(PeerFilter::Id), ..Selection::all(reader) }
}

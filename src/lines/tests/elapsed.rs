//! Relative times.

use super::*;
use crate::lines::DeltaFrom;

/// Compares the elapsed times of the rows from `place` on with the times of records: pairs of (record, reference record).
fn check(view: &mut View, place: Place, form: DeltaFrom, expected: &[(u64, Option<u64>)]) {
    let rows = view.rows(place, 1_000);
    let shown = view.elapsed(&rows, form);
    assert_eq!(shown.len(), rows.len());
    let reader = view.reader().clone();
    let time = |number: u64| reader.record(number).unwrap().mono_ns;
    let found: Vec<_> =
        rows.iter().zip(&shown).filter(|(row, _)| row.first).map(|(row, shown)| (row.place.record, *shown)).collect();
    let wanted: Vec<_> =
        expected.iter().map(|&(record, from)| (record, from.map(|from| time(record) - time(from)))).collect();
    assert_eq!(found, wanted, "{form:?}");
    for (row, shown) in rows.iter().zip(&shown).filter(|(row, _)| !row.first) {
        assert_eq!(*shown, None, "{row:?}");
    }
}

/// Opened, joined, three requests and responses of two peers with a pause of a millisecond before each, then a peer leaves.
fn talk() -> Tape {
    let mut tape = Tape::tcp();
    let (one, two) = (tape.peer(1), tape.peer(2));
    let pause = || std::thread::sleep(std::time::Duration::from_millis(1));
    tape.event(RecordKind::Opened, PeerId::NONE, None);
    tape.event(RecordKind::PeerJoined, one, None);
    for (peer, sent, bytes) in [
        (one, false, &b"request"[..]),
        (two, false, b"request"),
        (one, true, b"answer of three rows, at eight bytes a row"),
        (one, true, b"more"),
        (two, true, b""),
        (one, false, b"request"),
    ] {
        pause();
        let _ = if sent { tape.sent(peer, bytes) } else { tape.received(peer, bytes) };
    }
    pause();
    tape.event(RecordKind::PeerLeft, two, None);
    tape
}

#[test]
fn times_count_from_the_record_before_and_from_what_is_answered() {
    let mut tape = talk();
    for config in [hex(8), text(Encoding::UTF_8, 20), dump(Encoding::UTF_8, 8)] {
        let mut view = tape.view(config);
        let start = view.start();
        let rows = view.rows(start, 1_000);
        let from_start = view.elapsed(&rows, DeltaFrom::Start);
        for (row, shown) in rows.iter().zip(from_start) {
            let time = view.reader().record(row.place.record).unwrap().mono_ns;
            assert_eq!((row.mono_ns, shown), (time, row.first.then_some(time)));
        }
        let before = |records: &[(u64, u64)]| -> Vec<(u64, Option<u64>)> {
            records.iter().map(|&(record, from)| (record, (from != 0).then_some(from))).collect()
        };
        let previous = before(&[(1, 0), (2, 0), (3, 2), (4, 3), (5, 4), (6, 5), (7, 6), (8, 7)]);
        check(&mut view, start, DeltaFrom::Previous, &previous);
        let answers = before(&[(1, 0), (2, 0), (3, 0), (4, 2), (5, 2), (6, 3), (7, 5), (8, 0)]);
        check(&mut view, start, DeltaFrom::Answer, &answers);
        // The same for rows further down, regardless of which are visible.
        for from in 3..8 {
            let place = Place { record: from, row: 0 };
            check(&mut view, place, DeltaFrom::Previous, &previous[from as usize - 1..]);
            check(&mut view, place, DeltaFrom::Answer, &answers[from as usize - 1..]);
        }
        // In the middle of a record, that record is the reference for the next one.
        let place = view.place_of(4, 20);
        assert!(place.row > 0);
        check(&mut view, place, DeltaFrom::Previous, &previous[4..]);
        assert!(view.elapsed(&[], DeltaFrom::Previous).is_empty());
    }
}

#[test]
fn nothing_counts_from_what_is_not_shown_or_too_far_away() {
    let mut tape = talk();
    let mut view = tape.view(hex(16));
    view.set_from(5);
    let start = view.start();
    check(&mut view, start, DeltaFrom::Previous, &[(5, None), (6, Some(5)), (7, Some(6)), (8, Some(7))]);
    check(&mut view, start, DeltaFrom::Answer, &[(5, None), (6, None), (7, Some(5)), (8, None)]);

    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.event(RecordKind::Opened, PeerId::NONE, None);
    let request = tape.sent(peer, b"request");
    for _ in 0..600 {
        tape.received(peer, b"answer");
    }
    let mut view = tape.view(hex(16));
    let mut answered = |record: u64| {
        let rows = view.rows(Place { record, row: 0 }, 1);
        view.elapsed(&rows, DeltaFrom::Answer)[0].is_some()
    };
    assert!(answered(request + 256));
    assert!(!answered(request + 257));
}

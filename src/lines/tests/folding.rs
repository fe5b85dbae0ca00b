//! Records of one action folded into one row.

use super::*;
use crate::capture::{Cause, ReadError};
use crate::lines::BytePlace;
use crate::model::{CloseReason, ErrorKind, NetError, Operation};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Tape {
    /// Sends the same payload to each of these peers.
    fn broadcast(&mut self, action: u32, cause: Cause, peers: &[PeerId], payload: &[u8]) {
        let bytes: Arc<[u8]> = payload.into();
        for peer in peers {
            let payload = Payload::Shared { bytes: &bytes, start: 0, end: bytes.len() };
            let marks = Marks { cause, action, ..self.marks };
            self.writer.append(&NewRecord::data(Direction::Sent, *peer, payload).marked(marks)).unwrap();
        }
    }

    /// Sends parts of a file to each of these peers in turn.
    fn file(&mut self, action: u32, peers: &[PeerId], file: &std::path::Path, part: u32) {
        let metadata = std::fs::metadata(file).unwrap();
        let (size, modified_ns) = crate::capture::file_stamp(&metadata);
        let content = std::fs::read(file).unwrap();
        for at in (0..size).step_by(part as usize) {
            for peer in peers {
                let len = part.min(u32::try_from(size - at).unwrap());
                let start = usize::try_from(at).unwrap();
                let hash = crate::capture::part_hash(&content[start..start + len as usize]);
                let payload = Payload::File { path: file, offset: at, len, size, modified_ns, hash };
                let marks = Marks { cause: Cause::File, action, ..self.marks };
                self.writer.append(&NewRecord::data(Direction::Sent, *peer, payload).marked(marks)).unwrap();
            }
        }
    }

    fn peers(&mut self, count: u16) -> Vec<PeerId> {
        (0..count).map(|index| self.peer(2000 + index)).collect()
    }

    fn folding(&mut self, config: ViewConfig) -> View {
        let mut view = self.view(config);
        view.set_folding(true);
        view
    }
}

fn configs() -> [ViewConfig; 3] {
    [text(Encoding::UTF_8, 40), hex(16), dump(Encoding::UTF_8, 16)]
}

fn all(view: &mut View) -> Vec<Row> {
    view.rows(view.start(), 10_000)
}

#[test]
fn one_send_to_many_peers_is_one_row_that_unfolds() {
    for config in configs() {
        let mut tape = Tape::tcp();
        let peers = tape.peers(60);
        tape.received(peers[0], b"before");
        tape.broadcast(1, Cause::Broadcast, &peers, b"to all");
        tape.received(peers[3], b"behind");
        let mut view = tape.folding(config);
        let rows = all(&mut view);
        assert_eq!(rows.iter().map(|row| row.place.record).collect::<Vec<_>>(), [0, 1, 61]);
        let fold = rows[1].fold.clone().unwrap();
        assert_eq!((fold.records, fold.peers, fold.bytes, fold.is_open), (60, 60, 360, false));
        assert!(matches!(&rows[1].kind, RowKind::Data { bytes, .. } if bytes == b"to all"));
        assert_eq!(rows[1].stands_for(), 1..61);
        view.set_unfolded(30, true);
        let rows = all(&mut view);
        assert_eq!(rows.len(), 62);
        assert!(rows[1].fold.as_ref().is_some_and(|fold| fold.is_open) && rows[2].fold.is_none());
        view.set_unfolded(60, false);
        assert_eq!(all(&mut view).len(), 3);
        // Folding is off by default.
        assert_eq!(all(&mut view.again()).len(), 62);
    }
}

#[test]
fn what_does_not_stand_together_stays_apart() {
    let mut tape = Tape::tcp();
    let peers = tape.peers(3);
    // Two rounds of a repeat, another payload, another action, one peer repeatedly.
    tape.broadcast(1, Cause::Repeat, &peers, b"round");
    tape.broadcast(1, Cause::Repeat, &peers, b"round");
    tape.broadcast(2, Cause::Broadcast, &peers[..1], b"first");
    tape.broadcast(2, Cause::Broadcast, &peers[1..], b"other");
    tape.broadcast(4, Cause::Broadcast, &peers[..2], b"same");
    tape.broadcast(5, Cause::Broadcast, &peers[2..], b"same");
    for _ in 0..3 {
        tape.broadcast(6, Cause::Repeat, &peers[..1], b"alone");
    }
    tape.broadcast(7, Cause::Single, &peers, b"single");
    let mut view = tape.folding(hex(16));
    let stands_for: Vec<u64> = all(&mut view).iter().map(|row| row.stands_for().end - row.place.record).collect();
    assert_eq!(stands_for, [3, 3, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn a_file_is_one_row_and_says_once_that_it_has_changed() {
    for config in configs() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vanish.bin");
        std::fs::write(&file, vec![7; 1000]).unwrap();
        let mut tape = Tape::tcp();
        let peers = tape.peers(2);
        tape.file(4, &peers, &file, 100);
        let mut view = tape.folding(config);
        let rows = all(&mut view);
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        let name = Some("vanish.bin".to_owned());
        assert_eq!(row.kind, RowKind::FileSent { name: name.clone(), total: Some(2000), missing: None });
        assert_eq!(row.fold.as_ref().map(|fold| (fold.records, fold.peers, fold.bytes)), Some((20, 2, 2000)));
        // Selecting the row selects all bytes.
        let range = BytePlace { record: 0, offset: 0 }..BytePlace { record: 19, offset: u32::MAX };
        assert_eq!(view.copy_bytes(range, 1 << 20).content, vec![7; 2000]);
        std::fs::write(&file, b"cut").unwrap();
        let rows = all(&mut view);
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        assert!(matches!(&row.kind, RowKind::FileSent { missing: Some(ReadError::FileChanged(_)), .. }), "{row:?}");
        view.set_unfolded(3, true);
        assert_eq!(all(&mut view).len(), 20);
    }
}

#[test]
fn a_run_grows_with_what_comes() {
    let mut tape = Tape::tcp();
    let peers = tape.peers(9);
    tape.broadcast(1, Cause::Broadcast, &peers[..2], b"x");
    let mut view = tape.folding(hex(16));
    assert_eq!(all(&mut view)[0].stands_for(), 0..2);
    tape.broadcast(1, Cause::Broadcast, &peers[2..5], b"x");
    tape.reader();
    let first = all(&mut view)[0].stands_for();
    // The payload is a new allocation, so it is stored a second time.
    assert_eq!(first, 0..2);
    let mut tape = Tape::tcp();
    let peers = tape.peers(2);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, [1; 100]).unwrap();
    tape.file(1, &peers[..1], &file, 50);
    let mut view = tape.folding(hex(16));
    assert_eq!(all(&mut view)[0].stands_for(), 0..2);
    tape.file(1, &peers[..1], &file, 25);
    tape.reader();
    assert_eq!(all(&mut view)[0].stands_for(), 0..6);
    view.set_from(3);
    assert_eq!((all(&mut view).len(), all(&mut view)[0].stands_for()), (1, 3..6));
}

#[test]
fn a_view_with_folds_is_walked_as_any_other() {
    let mut tape = Tape::tcp();
    let peers = tape.peers(7);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, [9; 300]).unwrap();
    for action in 1..20 {
        match action % 4 {
            0 => tape.file(action, &peers[..(action % 3 + 1) as usize], &file, 30),
            1 => tape.broadcast(action, Cause::Broadcast, &peers, &[b'a'; 100]),
            2 => tape.broadcast(action, Cause::Repeat, &peers[..2], b"two"),
            _ => (0..3).for_each(|_| {
                tape.received(peers[1], b"answer\nof lines");
            }),
        }
    }
    for config in configs() {
        let mut view = tape.folding(config);
        for unfolded in [&[][..], &[40], &[7, 40, 60]] {
            for record in unfolded {
                view.set_unfolded(*record, true);
            }
            let rows = all(&mut view);
            let places: Vec<Place> = rows.iter().map(|row| row.place).collect();
            assert!(places.is_sorted() && places.iter().collect::<BTreeSet<_>>().len() == places.len());
            let covered: Vec<u64> = rows.iter().filter(|row| row.first).flat_map(|row| row.stands_for()).collect();
            assert_eq!(covered, (0..view.records().end).collect::<Vec<_>>(), "each record must be covered once");
            for (index, place) in places.iter().enumerate() {
                for by in [-9, -1, 0, 1, 5] {
                    let to = (index as i64 + by).clamp(0, places.len() as i64 - 1) as usize;
                    assert_eq!(view.moved(*place, by), places[to]);
                }
                assert_eq!(view.tail(places.len() - index), *place);
                let fraction = view.fraction(*place);
                assert_eq!(view.at(fraction), *place);
            }
        }
        // The place of a folded record is that of the row which represents it.
        let mut view = tape.folding(config);
        for row in all(&mut view).iter().filter(|row| row.first) {
            for record in row.stands_for() {
                assert_eq!(view.place_of(record, 0), row.place);
                assert_eq!(view.folded_with(record).unwrap_or(record..record + 1), row.stands_for());
            }
        }
    }
}

#[test]
fn a_run_ends_where_it_would_be_too_long_to_look_at() {
    let mut tape = Tape::tcp();
    let peers = tape.peers(1);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, [1; 70_000]).unwrap();
    tape.file(1, &peers, &file, 1);
    let mut view = tape.folding(hex(16));
    let stands_for: Vec<_> = all(&mut view).iter().map(Row::stands_for).collect();
    assert_eq!(stands_for, [0..65_536, 65_536..70_000]);
}

impl Tape {
    /// Sends the same payload to each of these peers; after each of them, some peers answer.
    fn broadcast_with_answers(&mut self, action: u32, cause: Cause, peers: &[PeerId], answers: &[usize]) {
        let bytes: Arc<[u8]> = b"question"[..].into();
        for (index, peer) in peers.iter().enumerate() {
            let payload = Payload::Shared { bytes: &bytes, start: 0, end: bytes.len() };
            let marks = Marks { cause, action, ..self.marks };
            self.writer.append(&NewRecord::data(Direction::Sent, *peer, payload).marked(marks)).unwrap();
            for _ in 0..answers[index % answers.len()] {
                self.received(*peer, b"answer");
            }
        }
    }
}

#[test]
fn answers_between_do_not_break_the_row_of_one_send() {
    for config in configs() {
        let mut tape = Tape::tcp();
        let peers = tape.peers(60);
        tape.broadcast_with_answers(1, Cause::Broadcast, &peers, &[0, 1, 2]);
        // The next round of a repeat is another row, with its own answers.
        for _ in 0..2 {
            tape.broadcast_with_answers(2, Cause::Repeat, &peers[..3], &[1]);
        }
        let mut view = tape.folding(config);
        let rows = all(&mut view);
        let folds: Vec<_> =
            rows.iter().filter_map(|row| row.fold.as_ref()).map(|fold| (fold.records, fold.peers)).collect();
        assert_eq!(folds, [(60, 60), (3, 3), (3, 3)]);
        let sent = rows.iter().filter(|row| row.direction() == Some(Direction::Sent)).count();
        assert_eq!((sent, rows.len()), (3, 3 + 60 + 6));
        // Each record that is hidden is found at the row that represents it, and unfolds with it.
        let last = view.records().end - 1;
        assert_eq!(view.place_of(117, 0), rows[0].place);
        assert_eq!(view.place_of(last, 0), rows.last().unwrap().place);
        view.set_unfolded(117, true);
        assert_eq!(all(&mut view).len(), rows.len() + 59);
        view.set_unfolded(0, false);
        assert_eq!(all(&mut view), rows);
    }
}

#[test]
fn a_row_with_answers_between_is_walked_and_timed_as_any_other() {
    let mut tape = Tape::tcp();
    let peers = tape.peers(40);
    for action in 1..6 {
        tape.broadcast_with_answers(action * 2, Cause::Broadcast, &peers, &[0, 0, 1, 0, 3]);
        // Two sends at once.
        for pair in peers.chunks(2) {
            tape.broadcast_with_answers(100 + action, Cause::Broadcast, pair, &[0]);
            tape.broadcast_with_answers(200 + action, Cause::Broadcast, pair, &[1]);
        }
    }
    let reader = tape.reader();
    for config in configs() {
        let mut view = tape.folding(config);
        let rows = all(&mut view);
        let places: Vec<Place> = rows.iter().map(|row| row.place).collect();
        assert!(places.is_sorted() && places.iter().collect::<BTreeSet<_>>().len() == places.len());
        let elapsed = view.elapsed(&rows, crate::lines::DeltaFrom::Answer);
        for (index, place) in places.iter().enumerate() {
            // The same from any place, in a new view.
            let mut fresh = View::new(reader.clone(), config, 0);
            fresh.set_folding(true);
            let below = fresh.rows(*place, 5);
            assert_eq!(below, rows[index..(index + 5).min(rows.len())]);
            let times = fresh.elapsed(&below, crate::lines::DeltaFrom::Answer);
            assert_eq!(times[..], elapsed[index..index + times.len()], "{index}");
            for by in [-9, -1, 0, 1, 5] {
                let to = (index as i64 + by).clamp(0, places.len() as i64 - 1) as usize;
                assert_eq!(view.moved(*place, by), places[to]);
            }
            assert_eq!(view.tail(places.len() - index), *place);
            let fraction = view.fraction(*place);
            assert_eq!(view.at(fraction), *place);
        }
    }
}

#[test]
fn rounds_of_a_repeat_are_one_row_until_something_else_happens() {
    let mut tape = Tape::tcp();
    let peers = tape.peers(2);
    let bytes: Arc<[u8]> = b"tick"[..].into();
    let repeat = |tape: &mut Tape, peer: PeerId, bytes: &Arc<[u8]>| {
        let payload = Payload::Shared { bytes, start: 0, end: bytes.len() };
        let marks = Marks { cause: Cause::Repeat, action: 7, ..tape.marks };
        tape.writer.append(&NewRecord::data(Direction::Sent, peer, payload).marked(marks)).unwrap();
    };
    for _ in 0..120 {
        repeat(&mut tape, peers[0], &bytes);
    }
    tape.received(peers[0], b"answer");
    for peer in [0, 1, 0, 1, 0, 1] {
        repeat(&mut tape, peers[peer], &bytes);
    }
    // The box says something else by now.
    let other: Arc<[u8]> = b"tock"[..].into();
    for _ in 0..2 {
        repeat(&mut tape, peers[0], &other);
    }
    let mut view = tape.folding(hex(16));
    let rows = all(&mut view);
    let folds: Vec<_> =
        rows.iter().map(|row| row.fold.as_ref().map(|fold| (fold.records, fold.peers, fold.rounds))).collect();
    assert_eq!(folds, [Some((120, 1, 120)), None, Some((6, 2, 3)), Some((2, 1, 2))]);
    view.set_unfolded(60, true);
    assert_eq!(all(&mut view).len(), rows.len() + 119);
}

/// Records of `tries` failed attempts in a row; those behind the first failure share an action.
fn attempts(tape: &mut Tape, tries: u32, action: u32) {
    let endpoint = || "tcp://a:1".to_owned();
    for run in 1..=tries {
        let error = NetError::new(Operation::Connect, ErrorKind::Refused, endpoint(), "");
        let next = Some(crate::model::NextTry { number: run, of: None, wait_ms: 1000 });
        for note in [
            SessionNote::Opened { run, endpoint: endpoint() },
            SessionNote::Connecting { remote: endpoint() },
            SessionNote::Error { error },
            SessionNote::Closed { reason: CloseReason::Error, next },
        ] {
            let is_counted = run > 1 || matches!(note, SessionNote::Error { .. } | SessionNote::Closed { .. });
            let marks = Marks { action: if is_counted { action } else { 0 }, ..Marks::default() };
            let mut json = Vec::new();
            tape.writer.append(&NewRecord::note(PeerId::NONE, &note, &mut json).marked(marks)).unwrap();
        }
    }
    tape.writer.flush().unwrap();
}

#[test]
fn failed_attempts_in_a_row_are_one_row_that_unfolds() {
    for tries in [1, 2, 3, 300] {
        let mut tape = Tape::tcp();
        attempts(&mut tape, tries, 1);
        let mut view = tape.folding(hex(16));
        view.set_brief(true);
        let rows = all(&mut view);
        assert_eq!(rows.len(), 1, "{tries}: {rows:?}");
        let is_failure = |row: &Row| matches!(&row.kind, RowKind::Event { kind: RecordKind::Error, note: Some(_), .. });
        assert!(is_failure(&rows[0]));
        assert_eq!(rows[0].fold.as_ref().map_or(1, |fold| fold.rounds), u64::from(tries));
        if tries == 1 {
            continue;
        }
        view.set_unfolded(rows[0].place.record, true);
        let rows = all(&mut view);
        assert_eq!(rows.len(), tries as usize);
        assert!(rows.iter().all(is_failure));
        // Where the view is cleared in the middle, the rest still shows a failure.
        view.set_unfolded(rows[0].place.record, false);
        for from in 3..=6 {
            view.set_from(from);
            let rows = all(&mut view);
            assert!(rows.len() == usize::from(tries > 2 || from < 6) || tries == 2, "from {from} of {tries}: {rows:?}");
            assert!(rows.iter().all(is_failure), "from {from}: {rows:?}");
        }
    }
}

#[test]
fn attempts_with_another_cause_are_another_row() {
    let mut tape = Tape::tcp();
    attempts(&mut tape, 3, 1);
    attempts(&mut tape, 2, 2);
    let mut view = tape.folding(hex(16));
    view.set_brief(true);
    let rounds: Vec<_> = all(&mut view).iter().map(|row| row.fold.as_ref().map(|fold| fold.rounds)).collect();
    assert_eq!(rounds, [Some(3), Some(2)]);
}

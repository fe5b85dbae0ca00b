use super::*;
use crate::lines::EventIcon;
use crate::model::{CloseReason, ErrorKind, NetError, Operation};

#[test]
fn events_carry_their_note_and_icon() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(52811);
    let local: SocketAddr = "127.0.0.1:8080".parse().unwrap();
    let error = NetError::new(Operation::Receive, ErrorKind::Reset, "tcp://127.0.0.1:1", "");
    // Record 0 of kind `Opened` has no row.
    tape.event(RecordKind::Opened, PeerId::NONE, Some(&SessionNote::Opened { run: 1, endpoint: "tcp://x".into() }));
    let story = [
        (RecordKind::Opened, Some(SessionNote::Opened { run: 2, endpoint: "tcp://x".into() }), EventIcon::Info),
        (RecordKind::State, Some(SessionNote::Listening { local }), EventIcon::Info),
        (RecordKind::State, Some(SessionNote::Connected { local, remote: local, took_ms: 7 }), EventIcon::Joined),
        (RecordKind::PeerJoined, None, EventIcon::Joined),
        (RecordKind::HalfClosed, None, EventIcon::Left),
        (RecordKind::Error, Some(SessionNote::Error { error: error.clone() }), EventIcon::Error),
        (RecordKind::Warning, Some(SessionNote::Warning { warning: error }), EventIcon::Warning),
        (RecordKind::Warning, Some(SessionNote::KernelDropped { records: 3, buffer_bytes: 0 }), EventIcon::Warning),
        (RecordKind::ClockJump, Some(SessionNote::ClockJump { by_ns: -3_600_000_000_000 }), EventIcon::Warning),
        (RecordKind::PeerLeft, Some(SessionNote::PeerLeft { reason: CloseReason::PeerFin }), EventIcon::Left),
        (RecordKind::Closed, Some(SessionNote::Closed { reason: CloseReason::Local, next: None }), EventIcon::Left),
    ];
    for (kind, note, _) in &story {
        tape.event(*kind, peer, note.as_ref());
    }
    for config in [text(Encoding::GBK, 80), hex(16), dump(Encoding::UTF_8, 8)] {
        let rows = all_rows(&mut tape.view(config));
        assert_eq!(rows.len(), story.len());
        for (row, (kind, note, icon)) in rows.iter().zip(&story) {
            assert_eq!(row.kind, RowKind::Event { icon: *icon, note: note.clone(), kind: *kind, alone: false });
            assert!(row.first && row.last);
            assert_eq!(row.content_text(), "");
            assert_eq!((row.peer, row.address), (peer, Some("127.0.0.1:52811".parse().unwrap())));
        }
    }
}

#[test]
fn an_event_with_a_damaged_note_still_tells_its_kind() {
    let mut tape = Tape::tcp();
    tape.append(RecordKind::Warning, None, PeerId::NONE, b"{not json");
    let rows = all_rows(&mut tape.view(hex(16)));
    let kind = RowKind::Event { icon: EventIcon::Warning, note: None, kind: RecordKind::Warning, alone: false };
    assert_eq!((&rows[0].kind, rows[0].address), (&kind, None));
}

#[test]
fn a_row_knows_its_record() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    let number = tape.sent(peer, b"0123456789");
    let reader = tape.reader();
    let rows = all_rows(&mut tape.view(hex(8)));
    for row in &rows {
        assert_eq!(row.unix_ns, reader.record(number).unwrap().unix_ns);
        assert_eq!((row.peer, row.len, row.mode), (peer, 10, ViewMode::Hex));
        assert_eq!(row.address, Some("127.0.0.1:9".parse().unwrap()));
        assert!(matches!(row.kind, RowKind::Data { direction: Direction::Sent, .. }));
    }
}

#[test]
fn an_empty_view() {
    let mut tape = Tape::tcp();
    for config in [text(Encoding::UTF_8, 80), hex(8), dump(Encoding::UTF_8, 8)] {
        let mut view = tape.view(config);
        assert_eq!(view.records(), 0..0);
        assert_eq!(view.rows(view.start(), 10), []);
        assert_eq!(view.tail(10), view.start());
        assert_eq!(view.moved(Place { record: 5, row: 5 }, -3), view.start());
        assert_eq!(view.at(0.7), view.start());
        assert_eq!(view.fraction(Place { record: 5, row: 5 }), 0.0);
        assert_eq!(view.row_count(0), 0);
        assert_eq!(view.place_of(3, 3), view.start());
    }
}

#[test]
fn clear_view_hides_what_was_before_and_shows_what_comes() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, b"old\xE4");
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    view.set_from(1);
    assert_eq!(view.records(), 1..1);
    assert_eq!(view.rows(view.start(), 9), []);
    tape.received(peer, b"\xBD\xA0new");
    tape.reader();
    assert_eq!(view.start(), Place { record: 1, row: 0 });
    // The stream continues from the hidden record.
    assert_eq!(contents(&mut view), ["你new"]);
    assert_eq!(view.moved(view.start(), -10), view.start());
    assert_eq!(view.rows(Place::default(), 9).len(), 1);
    view.set_from(0);
    assert_eq!(contents(&mut view), ["old", "你new"]);
}

#[test]
fn cut_history_begins_with_a_row_that_says_so() {
    let mut tape = Tape::with_limit("tcp://127.0.0.1:1", 1 << 20);
    let peer = tape.peer(1);
    let mut payload = vec![b'x'; 1000];
    payload[998..].copy_from_slice("é".as_bytes());
    for _ in 0..4000 {
        tape.received(peer, &payload);
    }
    let reader = tape.reader();
    let first = reader.records().start;
    assert!(first > 0, "some records must be evicted");
    let (evicted_bytes, evicted_records) = reader.evicted();
    for config in [text(Encoding::UTF_8, 80), hex(16), dump(Encoding::UTF_8, 16)] {
        let mut view = View::new(reader.clone(), config, 0);
        assert_eq!(view.start(), Place { record: first, row: 0 });
        let rows = view.rows(Place::default(), 3);
        assert_eq!(rows[0].kind, RowKind::Evicted { records: evicted_records, bytes: evicted_bytes });
        assert_eq!(rows[0].place, view.start());
        assert!(rows[1].first);
        assert_eq!(rows[1].place, Place { record: first, row: 1 });
        assert_eq!(view.rows(rows[1].place, 1), rows[1..2]);
        assert_eq!(view.place_of(first, 0), rows[1].place);
        assert_eq!(view.moved(rows[2].place, -2), rows[0].place);
        let walked: Vec<Place> = walk_down(&mut view, 50);
        assert_eq!(walked, view.rows(view.start(), 50).iter().map(|row| row.place).collect::<Vec<_>>());
        assert_eq!(view.row_count(first), view.row_count(first + 1) + 1);
        // A cleared view has no `Evicted` row.
        view.set_from(first + 5);
        assert!(matches!(view.rows(view.start(), 1)[0].kind, RowKind::Data { .. }));
    }
}

fn walk_down(view: &mut View, count: usize) -> Vec<Place> {
    let mut places = vec![view.start()];
    while places.len() < count {
        places.push(view.moved(places[places.len() - 1], 1));
    }
    places
}

#[test]
fn eviction_while_looking_moves_to_the_new_start() {
    let mut tape = Tape::with_limit("tcp://127.0.0.1:1", 1 << 20);
    let peer = tape.peer(1);
    let payload = "温度=23.5℃\r\n".repeat(40);
    for config in [text(Encoding::UTF_8, 80), dump(Encoding::UTF_8, 16), hex(8)] {
        tape.received(peer, payload.as_bytes());
        let mut view = tape.view(config);
        let mut place = view.start();
        for _ in 0..200 {
            for _ in 0..40 {
                tape.received(peer, payload.as_bytes());
            }
            tape.reader();
            let rows = view.rows(place, 40);
            assert_eq!(rows.len(), 40);
            assert!(rows.iter().all(|row| !matches!(row.kind, RowKind::Unavailable { .. })), "{:?}", rows[0]);
            assert!(rows[0].place >= view.start());
            place = view.moved(place, 3);
            let tail = view.tail(40);
            assert_eq!(view.rows(tail, 100).len(), 40);
            view.fraction(place);
        }
    }
}

#[test]
fn a_sent_file_is_shown_while_it_is_unchanged() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    let path = tape.folder.path().join("program.bin");
    let bytes: Vec<u8> = (0..=255).cycle().take(3000).collect();
    std::fs::write(&path, &bytes).unwrap();
    let meta = std::fs::metadata(&path).unwrap();
    let modified = meta.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
    let record = NewRecord {
        marks: Marks::default(),
        kind: RecordKind::Data,
        direction: Some(Direction::Sent),
        peer,
        payload: Payload::File {
            path: &path,
            offset: 0,
            len: 3000,
            size: meta.len(),
            modified_ns: i64::try_from(modified.as_nanos()).unwrap(),
            hash: 0,
        },
    };
    tape.writer.append(&record).unwrap();
    tape.received(peer, b"ok");
    for config in [text(Encoding::LATIN_1, 80), hex(16), dump(Encoding::LATIN_1, 16)] {
        std::fs::write(&path, &bytes).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(meta.modified().unwrap()).unwrap();
        let mut view = tape.view(config);
        let shown: Vec<u8> = all_rows(&mut view).iter().flat_map(bytes_of).copied().collect();
        assert_eq!(shown, [&bytes[..], b"ok"].concat());
        std::fs::write(&path, b"something else").unwrap();
        let mut view = tape.view(config);
        let rows = all_rows(&mut view);
        assert_eq!(rows.len(), 2, "a sent file must be one row");
        assert!(matches!(
            &rows[0].kind,
            RowKind::Unavailable { direction: Direction::Sent, why: crate::capture::ReadError::FileChanged(_) }
        ));
        assert_eq!(bytes_of(&rows[1]), b"ok");
    }
}

#[test]
fn a_view_beside_a_writer_that_evicts() {
    let mut tape = Tape::with_limit("tcp://127.0.0.1:1", 1 << 20);
    let peer = tape.peer(1);
    let payload = "温度=23.5℃\r\n".repeat(30);
    tape.received(peer, payload.as_bytes());
    let reader = tape.reader();
    let writer = crate::jobs::thread::spawn_named("writer", move || {
        for _ in 0..20_000 {
            tape.received(peer, payload.as_bytes());
        }
        tape.reader();
        tape
    })
    .unwrap();
    let mut views = [text(Encoding::UTF_8, 80), dump(Encoding::GBK, 16), hex(8)]
        .map(|config| (View::new(reader.clone(), config, 0), Place::default()));
    let mut rounds = 0;
    while !writer.is_finished() || rounds < 10 {
        rounds += 1;
        for (view, place) in &mut views {
            let rows = view.rows(*place, 40);
            assert!(!rows.is_empty());
            assert!(rows.is_sorted_by_key(|row| row.place));
            *place = view.moved(*place, 7);
            let published = view.records().end;
            let tail = view.tail(40);
            let there = view.rows(tail, 40).len();
            assert!(there == 40 || published < 40, "{there} rows of {published} records");
            view.fraction(*place);
            view.at(0.3);
        }
    }
    let tape = writer.join().unwrap();
    assert!(tape.writer.stats().evicted_records > 0);
}

#[test]
fn a_damaged_capture_says_so_row_by_row() {
    for config in [text(Encoding::UTF_8, 80), hex(16), dump(Encoding::UTF_8, 16)] {
        let mut tape = Tape::tcp();
        let peer = tape.peer(1);
        tape.received(peer, b"soon gone");
        tape.received(peer, &vec![b'x'; 200_000]);
        let mut view = tape.view(config);
        let mut cut = 0;
        for entry in std::fs::read_dir(tape.reader().folder()).unwrap() {
            let path = entry.unwrap().path();
            if std::fs::metadata(&path).unwrap().len() >= 200_000 {
                std::fs::File::options().write(true).open(path).unwrap().set_len(0).unwrap();
                cut += 1;
            }
        }
        assert_eq!(cut, 1, "exactly one data file must be truncated");
        let tail = view.tail(1);
        for row in [view.rows(view.start(), 5), view.rows(tail, 1)].concat() {
            assert!(matches!(row.kind, RowKind::Unavailable { .. }), "{config:?} {:?}", row.kind);
            assert!(!row.content_text().is_empty());
        }
    }
}

/// A client that is refused, times out, is refused again, and finally connects.
fn tries() -> (Tape, Vec<RecordKind>) {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    let local: SocketAddr = "127.0.0.1:8080".parse().unwrap();
    let note = |tape: &mut Tape, kind, note: SessionNote| tape.event(kind, PeerId::NONE, Some(&note));
    for (run, reason) in [(1, CloseReason::Error), (2, CloseReason::Timeout), (3, CloseReason::Error)] {
        note(&mut tape, RecordKind::Opened, SessionNote::Opened { run, endpoint: "tcp://a:1".into() });
        note(&mut tape, RecordKind::State, SessionNote::Connecting { remote: "tcp://a:1".into() });
        let error = NetError::new(Operation::Connect, ErrorKind::Refused, "tcp://a:1", "");
        note(&mut tape, RecordKind::Error, SessionNote::Error { error });
        note(&mut tape, RecordKind::Closed, SessionNote::Closed { reason, next: None });
    }
    note(&mut tape, RecordKind::Opened, SessionNote::Opened { run: 4, endpoint: "tcp://a:1".into() });
    note(&mut tape, RecordKind::State, SessionNote::Connected { local, remote: local, took_ms: 7 });
    tape.sent(peer, b"0123456789");
    note(&mut tape, RecordKind::Closed, SessionNote::Closed { reason: CloseReason::Local, next: None });
    note(&mut tape, RecordKind::Opened, SessionNote::Opened { run: 5, endpoint: "tcp://a:1".into() });
    let rest = [RecordKind::State, RecordKind::Data, RecordKind::Closed];
    (tape, [&[RecordKind::Error; 3][..], &rest[..]].concat())
}

#[test]
fn a_failed_connect_is_one_row_in_a_brief_view() {
    let (mut tape, wanted) = tries();
    let kind = |row: &Row| match &row.kind {
        RowKind::Event { kind, .. } => *kind,
        _ => RecordKind::Data,
    };
    let mut view = tape.view(hex(16));
    assert_eq!(all_rows(&mut view).len(), 16, "all events except the first `Opened`");
    view.set_brief(true);
    let rows = all_rows(&mut view);
    assert_eq!(rows.iter().map(kind).collect::<Vec<_>>(), wanted);
    assert_eq!(all_rows(&mut view.again()).len(), rows.len());
    // Clearing the view anywhere leaves the same rows.
    for from in 0..tape.reader().records().end {
        view.set_from(from);
        let left: Vec<_> = rows.iter().filter(|row| row.place.record >= from).cloned().collect();
        assert_eq!(all_rows(&mut view), left, "from {from}");
    }
}

#[test]
fn a_brief_view_is_walked_row_by_row() {
    let (mut tape, _) = tries();
    let mut view = tape.view(hex(8));
    view.set_brief(true);
    let rows = all_rows(&mut view);
    let places: Vec<_> = rows.iter().map(|row| row.place).collect();
    for (index, place) in places.iter().enumerate() {
        for (to, other) in places.iter().enumerate() {
            assert_eq!(view.moved(*place, to as i64 - index as i64), *other);
        }
        assert_eq!(view.rows(*place, 100), rows[index..]);
        let fraction = view.fraction(*place);
        assert_eq!(view.at(fraction), *place);
        assert_eq!(view.tail(places.len() - index), *place);
    }
    for fraction in 0..=100 {
        let place = view.at(f64::from(fraction) / 100.0);
        assert!(places.contains(&place), "{fraction}: {place:?}");
    }
    // A record without a row maps to the next one that has rows.
    for number in tape.reader().records() {
        let place = view.place_of(number, 0);
        assert!(places.contains(&place));
        assert_eq!(view.row_count(number) > 0, places.iter().any(|place| place.record == number), "{number}");
    }
}

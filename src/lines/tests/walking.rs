use super::*;
use std::time::{Duration, Instant};

/// Records of every kind and length, some with several rows.
fn varied(tape: &mut Tape) {
    let (one, two) = (tape.peer(1), tape.peer(2));
    tape.event(RecordKind::PeerJoined, one, None);
    for index in 0..60_usize {
        let line = format!("{index}: 温度=23.5℃ {}\r\n", "x".repeat(index * 7 % 300));
        tape.received(if index % 3 == 0 { one } else { two }, line.as_bytes());
        if index % 5 == 0 {
            tape.sent(one, b"\xFF\xFE\r\n\r\n");
        }
        if index % 7 == 0 {
            tape.received(two, b"");
        }
    }
    tape.received(one, &"长".repeat(50_000).into_bytes());
    tape.sent(one, &"no line end ".repeat(20_000).into_bytes());
    tape.event(RecordKind::PeerLeft, one, None);
}

fn configs() -> Vec<ViewConfig> {
    vec![
        text(Encoding::UTF_8, 80),
        text(Encoding::GBK, 33),
        hex(8),
        hex(32),
        dump(Encoding::UTF_8, 16),
        dump(Encoding::UTF_16BE, 8),
    ]
}

#[test]
fn every_way_to_a_row_gives_the_same_row() {
    let mut tape = Tape::tcp();
    varied(&mut tape);
    for config in configs() {
        let mut view = tape.view(config);
        let rows = all_rows(&mut view);
        let places: Vec<Place> = rows.iter().map(|row| row.place).collect();
        assert!(places.is_sorted(), "{config:?}");
        assert!(places.windows(2).all(|pair| pair[0] != pair[1]));
        let last = places.len() - 1;
        for index in (0..places.len()).step_by(37).chain([last]) {
            let place = places[index];
            assert_eq!(view.rows(place, 1)[0], rows[index], "{config:?} {place:?}");
            assert_eq!(view.moved(place, 1), places[(index + 1).min(last)]);
            assert_eq!(view.moved(place, -1), places[index.saturating_sub(1)]);
            assert_eq!(view.moved(place, 200), places[(index + 200).min(last)]);
            assert_eq!(view.moved(place, -200), places[index.saturating_sub(200)]);
            assert_eq!(view.moved(place, 0), place);
            let fraction = view.fraction(place);
            assert!((0.0..1.0).contains(&fraction));
            assert_eq!(view.at(fraction), place, "{config:?} {fraction}");
            assert_eq!(view.tail(places.len() - index), place);
            if let RowKind::Data { offset, bytes, .. } = &rows[index].kind {
                for byte in 0..u32::try_from(bytes.len()).unwrap() {
                    assert_eq!(view.place_of(place.record, offset + byte), place, "{config:?} byte {offset}+{byte}");
                }
            }
        }
        assert_eq!(view.at(0.0), places[0]);
        assert_eq!(view.at(1.0), places[last]);
        assert_eq!(view.at(f64::NAN), places[0]);
        assert_eq!(view.moved(places[0], i64::MIN), places[0]);
        assert_eq!(view.moved(places[last], i64::MAX), places[last]);
        assert_eq!(view.tail(usize::MAX), places[0]);
        assert_eq!(view.tail(0), places[last]);
        assert_eq!(view.rows(Place { record: u64::MAX, row: u64::MAX }, 5), rows[last..]);
        assert_eq!(view.rows(places[0], 0), []);
    }
}

#[test]
fn first_and_last_mark_each_record_once() {
    let mut tape = Tape::tcp();
    varied(&mut tape);
    for config in configs() {
        let mut view = tape.view(config);
        let rows: Vec<Row> = all_rows(&mut view);
        for number in view.records() {
            let of_record: Vec<&Row> = rows.iter().filter(|row| row.place.record == number).collect();
            let last = of_record.len() - 1;
            for (index, row) in of_record.iter().enumerate() {
                assert_eq!((row.first, row.last), (index == 0, index == last), "{config:?} {:?}", row.place);
            }
        }
    }
}

#[test]
fn row_counts() {
    let mut tape = Tape::tcp();
    varied(&mut tape);
    for config in configs() {
        let mut view = tape.view(config);
        let rows = all_rows(&mut view);
        for number in view.records() {
            let counted = view.row_count(number);
            let there = u64::try_from(rows.iter().filter(|row| row.place.record == number).count()).unwrap();
            let len = view.reader().record(number).unwrap().len;
            if config.mode == ViewMode::Text && len > 65_536 {
                assert!(counted.abs_diff(there) < there / 50, "{counted} for {there}");
            } else {
                assert_eq!(counted, there, "{config:?} record {number}");
            }
        }
        assert_eq!(view.row_count(u64::MAX), 0);
    }
}

#[test]
fn a_million_records_are_walked_without_an_index() {
    const RECORDS: u64 = 1_000_000;
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    for number in 0..RECORDS {
        tape.received(peer, format!("{number}\r\n").as_bytes());
    }
    let reader = tape.reader();
    assert_eq!(reader.records(), 0..RECORDS);
    for config in [text(Encoding::GBK, 80), hex(16), dump(Encoding::UTF_8, 16)] {
        let began = Instant::now();
        let mut view = View::new(reader.clone(), config, 0);
        let tail = view.tail(40);
        assert_eq!(tail, Place { record: RECORDS - 40, row: 0 });
        assert_eq!(view.rows(tail, 100).len(), 40);
        for (fraction, record) in [(0.0, 0), (0.25, 250_000), (0.5, 500_000), (0.999_999, 999_999), (1.0, 999_999)] {
            let place = view.at(fraction);
            assert_eq!(place, Place { record, row: 0 });
            assert_eq!(there_and_back(&mut view, place), place);
            let rows = view.rows(place, 3);
            assert_eq!(bytes_of(&rows[0]), format!("{record}\r\n").as_bytes());
        }
        for record in [0, 1, 499_999, 777_777, 999_998] {
            let place = Place { record, row: 0 };
            assert_eq!(view.moved(place, 1000).record, (record + 1000).min(RECORDS - 1));
            assert_eq!(view.moved(place, -1000).record, record.saturating_sub(1000));
            assert_eq!(there_and_back(&mut view, place), place);
        }
        // No scan may have happened; it would take many times as long even on a fast machine.
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
}

#[test]
fn the_middle_of_a_record_of_100_mb_without_line_ends() {
    const LEN: u32 = 100 << 20;
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    // Three bytes each, so that block boundaries lie within characters.
    let payload = "温度计".repeat(LEN as usize / 9).into_bytes();
    let len = u32::try_from(payload.len()).unwrap();
    let number = tape.received(peer, &payload);
    tape.received(peer, b"end");
    let reader = tape.reader();
    for config in [text(Encoding::UTF_8, 80), dump(Encoding::UTF_8, 16), hex(16)] {
        let began = Instant::now();
        let mut view = View::new(reader.clone(), config, 0);
        let middle = view.at(0.25);
        assert_eq!(middle.record, number);
        let rows = view.rows(middle, 40);
        assert_eq!(rows.len(), 40);
        let RowKind::Data { offset, .. } = rows[0].kind else { panic!("data") };
        assert!(offset.abs_diff(len / 2) < 70_000, "{offset}");
        let shown: Vec<u8> = rows.iter().flat_map(bytes_of).copied().collect();
        let at = offset as usize;
        assert_eq!(shown, payload[at..at + shown.len()]);
        assert_eq!(there_and_back(&mut view, middle), middle);
        let below = view.moved(middle, 3000);
        assert_eq!(view.moved(below, -3000), middle);
        let place = view.place_of(number, 77_777_777);
        let row = &view.rows(place, 1)[0];
        let RowKind::Data { offset, bytes, .. } = &row.kind else { panic!("data") };
        assert!((*offset..*offset + u32::try_from(bytes.len()).unwrap()).contains(&77_777_777));
        let tail = view.tail(10);
        assert_eq!(view.rows(tail, 20).len(), 10);
        view.row_count(number);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
}

#[test]
fn many_empty_lines_in_one_record() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, &vec![b'\n'; 10_000_000]);
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    let middle = view.at(0.5);
    assert_eq!(view.rows(middle, 5).iter().map(Row::content_text).collect::<Vec<_>>(), ["\\n"; 5]);
    let below = view.moved(middle, 99_999);
    assert_eq!(view.moved(middle, 100_000), view.moved(below, 1));
}

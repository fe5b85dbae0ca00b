use super::*;
use CellStyle::{Faint, Invalid, Normal};

/// Encodings with a text, each character of which is cut at every position.
fn samples() -> Vec<(Encoding, &'static str)> {
    vec![
        (Encoding::UTF_8, "a你é😀\n"),
        (Encoding::GBK, "a你好1\n"),
        (Encoding::GB18030, "a你😀1é\n"),
        (Encoding::BIG5, "a中文1\n"),
        (Encoding::SHIFT_JIS, "aあｱ表1\n"),
        (Encoding::EUC_JP, "aあ\u{4E02}1\n"),
        (Encoding::EUC_KR, "a한글1\n"),
        (Encoding::UTF_16LE, "a你😀\n"),
        (Encoding::UTF_16BE, "a你😀\n"),
    ]
}

/// Each character with its bytes.
fn encoded(encoding: Encoding, text: &str) -> Vec<(char, Vec<u8>)> {
    // The three-byte characters of EUC-JP (JIS X 0212) are decoded but never encoded.
    let bytes = |c: char| encoding.encode(&c.to_string()).unwrap_or_else(|_| vec![0x8F, 0xB0, 0xA1]);
    text.chars().map(|c| (c, bytes(c))).collect()
}

/// The text of a record with the bytes `part` of the stream: the characters whose last byte it contains.
fn expected(characters: &[(char, Vec<u8>)], part: std::ops::Range<usize>) -> String {
    let mut text = String::new();
    let mut end = 0;
    for (c, bytes) in characters {
        end += bytes.len();
        if part.contains(&(end - 1)) {
            match c {
                '\n' => text.push_str("\\n"),
                c => text.push(*c),
            }
        }
    }
    text
}

/// All ways to cut `len` bytes into two and three parts.
fn cuts(len: usize) -> Vec<Vec<usize>> {
    let two = (1..len).map(|first| vec![0, first, len]);
    let three = (1..len).flat_map(|first| (first + 1..len).map(move |second| vec![0, first, second, len]));
    two.chain(three).collect()
}

fn shown(rows: &[Row]) -> String {
    rows.iter().map(Row::content_text).collect()
}

#[test]
fn a_character_cut_over_records_appears_whole_where_it_ends() {
    for (encoding, sample) in samples() {
        let characters = encoded(encoding, sample);
        let stream: Vec<u8> = characters.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let mut tape = Tape::tcp();
        // (record, what it shows)
        let mut records = Vec::new();
        for (cut, port) in cuts(stream.len()).iter().zip(1..) {
            let peer = tape.peer(port);
            for part in cut.windows(2) {
                let record = tape.received(peer, &stream[part[0]..part[1]]);
                records.push((record, expected(&characters, part[0]..part[1])));
            }
        }
        let config = text(encoding, 80);
        let reader = tape.reader();
        let mut warm = View::new(reader.clone(), config, 0);
        for (record, expected) in &records {
            let rows: Vec<Row> = warm.rows(Place { record: *record, row: 0 }, 1);
            assert_eq!(shown(&rows), *expected, "{} record {record}", encoding.name());
            let fresh = fresh_rows(&reader, config, *record);
            assert_eq!(shown(&fresh), *expected, "{} record {record} alone", encoding.name());
            assert!(fresh.iter().flat_map(cells_of).all(|cell| cell.style != Invalid));
        }
        // Backwards, without anything decoded before.
        let mut backwards = View::new(reader, config, 0);
        for (record, expected) in records.iter().rev() {
            assert_eq!(shown(&backwards.rows(Place { record: *record, row: 0 }, 1)), *expected);
        }
    }
}

#[test]
fn in_a_dump_it_stands_at_the_first_byte_of_the_record_that_completes_it() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    for part in [&b"ab\xE4"[..], b"\xBD\xA0c", b"\xE4\xBD", b"\xA0", b"\xE4\xBD", b"\xA0d"] {
        tape.received(peer, part);
    }
    let mut view = tape.view(dump(Encoding::UTF_8, 16));
    let rows = all_rows(&mut view);
    assert_eq!(sketch(&rows[0]), [(0, "a", Normal), (1, "b", Normal), (2, "·", Faint)]);
    assert_eq!(sketch(&rows[1]), [(0, "你", Normal), (2, "c", Normal)]);
    assert_eq!(cells_of(&rows[1])[0].bytes, 0..2);
    assert_eq!(sketch(&rows[2]), [(0, "·", Faint), (1, "·", Faint)]);
    // With one byte in this record it may extend beyond the end of the record, but not into another byte's cell.
    assert_eq!(sketch(&rows[3]), [(0, "你", Normal)]);
    assert_eq!(sketch(&rows[5]), [(0, "·", Faint), (1, "d", Normal)]);
    assert!(rows.iter().all(|row| invalid_of(row).is_empty()));
}

#[test]
fn peers_and_directions_are_streams_of_their_own() {
    let mut tape = Tape::tcp();
    let (one, two) = (tape.peer(1), tape.peer(2));
    tape.received(one, b"\xC4");
    tape.received(two, b"\xBA");
    tape.sent(one, b"\xD5");
    tape.event(RecordKind::Warning, two, None);
    tape.received(two, b"\xC3");
    tape.sent(one, b"\xE2");
    tape.received(one, b"\xE3");
    let mut view = tape.view(text(Encoding::GBK, 80));
    assert_eq!(contents(&mut view), ["", "", "", "", "好", "这", "你"]);
}

#[test]
fn datagrams_stand_alone() {
    let mut tape = Tape::udp();
    let peer = tape.peer(1);
    tape.received(peer, b"a\xC4");
    tape.received(peer, b"\xE3b");
    tape.received(peer, b"");
    tape.received(peer, b"\xC4\xE3");
    let mut view = tape.view(text(Encoding::GBK, 80));
    let rows = all_rows(&mut view);
    assert_eq!(sketch(&rows[0]), [(0, "a", Normal), (1, "\\xC4", Invalid)]);
    // E3 62 is itself a GBK character.
    assert_eq!(shown(&rows[1..2]), "鉨");
    assert_eq!(rows[2].kind, RowKind::Empty { direction: Direction::Received });
    assert_eq!(shown(&rows[3..4]), "你");
}

#[test]
fn utf_16_in_datagrams_is_aligned_to_each_of_them() {
    let mut tape = Tape::udp();
    let peer = tape.peer(1);
    tape.received(peer, b"A\0B");
    tape.received(peer, b"C\0D\0");
    let mut view = tape.view(text(Encoding::UTF_16LE, 80));
    assert_eq!(contents(&mut view), ["A\\x42", "CD"]);
}

#[test]
fn the_unfinished_end_of_a_stream_is_shown_until_it_is_completed() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, b"a\xE4\xBD");
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    let rows = all_rows(&mut view);
    assert_eq!(sketch(&rows[0]), [(0, "a", Normal), (1, "\\xE4", Faint), (5, "\\xBD", Faint)]);
    assert_eq!(rows.len(), 1);
    tape.sent(peer, b"x");
    tape.reader();
    assert_eq!(contents(&mut view), ["a\\xE4\\xBD", "x"]);
    tape.received(peer, b"\xA0b");
    tape.reader();
    assert_eq!(contents(&mut view), ["a", "x", "你b"]);
    assert_eq!(bytes_of(&all_rows(&mut view)[0]), b"a\xE4\xBD", "no byte is lost");
}

#[test]
fn the_unfinished_end_of_a_stream_is_invalid_once_something_else_follows() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, b"a\xE4\xBD");
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    assert_eq!(contents(&mut view), ["a\\xE4\\xBD"]);
    tape.received(peer, b"b");
    tape.reader();
    let rows = all_rows(&mut view);
    assert_eq!(sketch(&rows[0]), [(0, "a", Normal), (1, "\\xE4", Invalid), (5, "\\xBD", Invalid)]);
    assert_eq!(shown(&rows[1..]), "b");
}

#[test]
fn the_unfinished_end_of_a_stream_is_invalid_once_it_has_ended() {
    for (kind, sent_too) in [(RecordKind::PeerLeft, true), (RecordKind::Closed, true), (RecordKind::HalfClosed, false)]
    {
        let mut tape = Tape::tcp();
        let (peer, other) = (tape.peer(1), tape.peer(2));
        tape.received(peer, b"\xE4");
        tape.sent(peer, b"\xE4");
        tape.event(RecordKind::PeerLeft, other, None);
        let mut view = tape.view(text(Encoding::UTF_8, 80));
        let styles = |view: &mut View| -> Vec<CellStyle> {
            all_rows(view).iter().flat_map(cells_of).map(|cell| cell.style).collect()
        };
        assert_eq!(styles(&mut view), [Faint, Faint], "the end of another peer must not matter");
        tape.event(kind, peer, None);
        tape.reader();
        assert_eq!(styles(&mut view), [Invalid, if sent_too { Invalid } else { Faint }], "{kind:?}");
    }
}

#[test]
fn a_sequence_that_turns_out_invalid_gives_its_characters_back_where_their_bytes_are() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    // GB18030: 81 30 81 expects a digit; x makes 81 invalid, "0" a character, and 81 78 another.
    tape.received(peer, b"\x81\x30\x81");
    tape.received(peer, b"x");
    let mut view = tape.view(text(Encoding::GB18030, 80));
    let rows = all_rows(&mut view);
    assert_eq!(sketch(&rows[0]), [(0, "\\x81", Invalid), (4, "0", Normal)]);
    assert_eq!(cells_of(&rows[1])[0].style, Normal);
    assert_eq!(cells_of(&rows[1])[0].width, 2);
    assert_eq!(rows.len(), 2);
}

#[test]
fn one_byte_a_record() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    for byte in "😀a\u{FF}".as_bytes() {
        tape.received(peer, &[*byte]);
    }
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    assert_eq!(contents(&mut view), ["", "", "", "😀", "a", "", "ÿ"]);
    let mut view = tape.view(text(Encoding::GB18030, 80));
    assert_eq!(all_rows(&mut view).iter().flat_map(bytes_of).copied().collect::<Vec<u8>>(), "😀a\u{FF}".as_bytes());
}

#[test]
fn a_jump_into_a_long_run_of_hanzi_is_aligned() {
    // No byte in it ends every sequence, so the look back reaches the start of the run.
    let hanzi = Encoding::GBK.encode(&"你好".repeat(60_000)).unwrap();
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, b"1: ");
    for part in hanzi.chunks(4097) {
        tape.received(peer, part);
    }
    let reader = tape.reader();
    let config = text(Encoding::GBK, 80);
    for record in [1, 2, 30, 57] {
        let rows = fresh_rows(&reader, config, record);
        assert!(rows.iter().flat_map(cells_of).all(|cell| "你好".contains(&cell.text)), "record {record}");
    }
}

#[test]
fn characters_at_block_borders_are_whole_and_each_byte_is_in_one_row() {
    for (encoding, pad) in [(Encoding::UTF_8, 0), (Encoding::UTF_8, 1), (Encoding::UTF_8, 2), (Encoding::UTF_16LE, 2)] {
        let mut payload = encoding.encode(&"a".repeat(pad)).unwrap();
        payload.extend(encoding.encode(&"你".repeat(70_000)).unwrap());
        let mut tape = Tape::tcp();
        let peer = tape.peer(1);
        tape.received(peer, &payload);
        for config in [text(encoding, 77), dump(encoding, 16), dump(encoding, 8)] {
            let mut view = tape.view(config);
            let rows = all_rows(&mut view);
            let bytes: Vec<u8> = rows.iter().flat_map(bytes_of).copied().collect();
            assert_eq!(bytes, payload);
            let hanzi = rows.iter().flat_map(cells_of).filter(|cell| cell.text == "你").count();
            assert_eq!(hanzi, 70_000, "{} {config:?}", encoding.name());
            let other = rows.iter().flat_map(cells_of).filter(|cell| cell.text != "你" && cell.text != "a").count();
            assert_eq!(other, 0);
        }
    }
}

#[test]
fn a_character_over_a_block_border_that_ends_in_the_next_record() {
    let mut payload = vec![b'a'; 65_536 - 2];
    payload.extend(b"\xF0\x9F\x98");
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, &payload);
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    let rows = all_rows(&mut view);
    assert_eq!(rows.iter().flat_map(bytes_of).copied().collect::<Vec<u8>>(), payload);
    assert_eq!(rows.iter().flat_map(cells_of).filter(|cell| cell.style == Faint).count(), 3);
    tape.received(peer, b"\x80");
    tape.reader();
    let rows = all_rows(&mut view);
    assert_eq!(rows.iter().flat_map(bytes_of).count(), payload.len() + 1);
    assert_eq!(rows.iter().flat_map(cells_of).filter(|cell| cell.style == Faint).count(), 0);
    assert_eq!(shown(&rows[rows.len() - 1..]), "😀");
}

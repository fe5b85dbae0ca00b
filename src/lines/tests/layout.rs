use super::*;
use CellStyle::{Faint, Invalid, Normal};

fn rows_of(payload: &[u8], config: ViewConfig) -> Vec<Row> {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, payload);
    tape.event(RecordKind::PeerLeft, peer, None);
    let mut rows = all_rows(&mut tape.view(config));
    rows.pop();
    rows
}

#[test]
fn text_rows_end_at_line_ends_and_at_the_width() {
    let cases: &[(&[u8], u16, &[&str])] = &[
        (b"one", 80, &["one"]),
        (b"one\n", 80, &["one\\n"]),
        (b"one\r\ntwo", 80, &["one\\r\\n", "two"]),
        (b"\n\n\n", 80, &["\\n", "\\n", "\\n"]),
        (b"a\rb\n", 80, &["a\\rb\\n"]),
        (b"12345678", 8, &["12345678"]),
        (b"123456789", 8, &["12345678", "9"]),
        // A line end never wraps alone.
        (b"12345678\n9", 8, &["12345678\\n", "9"]),
        (b"12345678\r\n9", 8, &["12345678\\r\\n", "9"]),
        (b"1234567\r\n9", 8, &["1234567\\r\\n", "9"]),
        // Not every carriage return may extend beyond the width.
        (b"12345678\r\r\r\r\r\r", 8, &["12345678\\r", "\\r\\r\\r\\r\\r"]),
        (b"1234567\t8", 8, &["1234567", "\\t8"]),
        (b"123456\xFF", 8, &["123456", "\\xFF"]),
        // Wide characters wrap as a unit.
        ("1234567你好".as_bytes(), 8, &["1234567", "你好"]),
        ("你好你好你".as_bytes(), 8, &["你好你好", "你"]),
        ("a\u{1B}[31m".as_bytes(), 80, &["a\\x1B[31m"]),
        ("a\u{202E}b\u{200B}\u{FEFF}\u{E000}".as_bytes(), 80, &["a\\u{202E}b\\u{200B}\\u{FEFF}\\u{E000}"]),
        ("e\u{301}\u{301}x".as_bytes(), 80, &["e\u{301}\u{301}x"]),
        ("\u{301}x".as_bytes(), 80, &["\\u{301}x"]),
        ("a\n\u{301}x".as_bytes(), 80, &["a\\n", "\\u{301}x"]),
        ("\u{85}".as_bytes(), 80, &["\\u{85}"]),
        (b"\0\x7F", 80, &["\\x00\\x7F"]),
    ];
    for (payload, cells, expected) in cases {
        let rows: Vec<String> = rows_of(payload, text(Encoding::UTF_8, *cells)).iter().map(Row::content_text).collect();
        assert_eq!(rows, *expected, "{payload:?} at {cells}");
    }
}

#[test]
fn cells_have_columns_styles_and_bytes() {
    let rows = rows_of("a你\t\r\n😀".as_bytes(), text(Encoding::UTF_8, 80));
    assert_eq!(
        sketch(&rows[0]),
        [(0, "a", Normal), (1, "你", Normal), (3, "\\t", Faint), (5, "\\r", Faint), (7, "\\n", Faint)]
    );
    let bytes: Vec<_> = cells_of(&rows[0]).iter().map(|cell| cell.bytes.clone()).collect();
    assert_eq!(bytes, [0..1, 1..4, 4..5, 5..6, 6..7]);
    assert_eq!(sketch(&rows[1]), [(0, "😀", Normal)]);
    assert_eq!(cells_of(&rows[1])[0].width, 2);
    assert_eq!(cells_of(&rows[1])[0].bytes, 7..11);
}

#[test]
fn a_combining_mark_joins_its_character_and_a_heap_of_them_does_not_grow_one_cell() {
    let rows = rows_of("e\u{301}f".as_bytes(), text(Encoding::UTF_8, 80));
    assert_eq!(sketch(&rows[0]), [(0, "e\u{301}", Normal), (1, "f", Normal)]);
    assert_eq!(cells_of(&rows[0])[0].bytes, 0..3);
    let heap = format!("e{}", "\u{301}".repeat(10_000));
    let rows = rows_of(heap.as_bytes(), text(Encoding::UTF_8, 80));
    assert!(rows.len() > 500, "{}", rows.len());
    assert!(rows.iter().flat_map(cells_of).all(|cell| cell.text.len() <= 20));
}

#[test]
fn invalid_bytes_are_amber_and_take_no_row_of_their_own() {
    let rows = rows_of(b"4.2\xB0\n", text(Encoding::UTF_8, 80));
    assert_eq!(
        sketch(&rows[0]),
        [(0, "4", Normal), (1, ".", Normal), (2, "2", Normal), (3, "\\xB0", Invalid), (7, "\\n", Faint)]
    );
    assert_eq!(rows.iter().map(|row| (row.first, row.last)).collect::<Vec<_>>(), [(true, true)]);
    // Hex mode decodes nothing, so nothing is invalid.
    assert_eq!(rows_of(b"4.2\xB0\n", hex(16)).len(), 1);
}

#[test]
fn long_records_show_invalid_bytes_too() {
    let mut payload = vec![b'x'; 65_537];
    payload[0] = 0xFF;
    let rows = rows_of(&payload, text(Encoding::UTF_8, 80));
    assert_eq!(sketch(&rows[0])[0], (0, "\\xFF", Invalid));
    assert!(invalid_of(&rows_of(&payload, dump(Encoding::UTF_8, 16))[0])[0]);
}

#[test]
fn hex_rows() {
    let rows = rows_of(b"Hello, world", hex(8));
    assert_eq!(rows.iter().map(Row::content_text).collect::<Vec<_>>(), ["48 65 6C 6C 6F 2C 20 77", "6F 72 6C 64"]);
    assert_eq!(rows.iter().map(|row| (row.first, row.last)).collect::<Vec<_>>(), [(true, false), (false, true)]);
    assert_eq!(rows.iter().map(|row| row.place.row).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn dump_rows_of_gbk_as_in_the_picture() {
    let payload = Encoding::GBK.encode("你好，这里是 2 号采集器\r\n").unwrap();
    let rows = rows_of(&payload, dump(Encoding::GBK, 16));
    assert_eq!(
        rows.iter().map(Row::content_text).collect::<Vec<_>>(),
        [
            "0000  C4 E3 BA C3 A3 AC D5 E2 C0 EF CA C7 20 32 20 BA  你好，这里是 2 号",
            "0010  C5 B2 C9 BC AF C6 F7 0D 0A   采集器··"
        ]
    );
    // The character is at its first byte and extends beyond the row; its second byte is blank on the next row.
    assert_eq!(cells_of(&rows[0]).last().map(|cell| (cell.column, cell.width)), Some((15, 2)));
    assert_eq!(cells_of(&rows[0]).last().map(|cell| cell.bytes.clone()), Some(15..17));
    assert_eq!(sketch(&rows[1])[0], (1, "采", Normal));
}

#[test]
fn dump_rows_of_utf_8_as_in_the_picture() {
    let rows = rows_of("{\"cmd\":\"name\",\"value\":\"2 号采集器\"}\n".as_bytes(), dump(Encoding::UTF_8, 8));
    let texts: Vec<String> = rows.iter().map(|row| super::super::row::shown_text(cells_of(row))).collect();
    assert_eq!(texts, ["{\"cmd\":\"", "name\",\"v", "alue\":\"2", " 号 采 集", "  器 \"}·"]);
}

#[test]
fn binary_records_are_not_accused_of_bad_text() {
    // A Modbus frame: FF and 83 are invalid UTF-8, but NUL and 03 show that it is binary.
    let frame = b"\x01\x03\x00\xFF\x83\x41";
    let rows = rows_of(frame, dump(Encoding::UTF_8, 16));
    assert_eq!(rows.len(), 1);
    assert!(invalid_of(&rows[0]).is_empty() && cells_of(&rows[0]).iter().all(|cell| cell.style != Invalid));
    let rows = rows_of(frame, text(Encoding::UTF_8, 80));
    assert_eq!(rows.len(), 1);
    assert!(sketch(&rows[0]).iter().any(|(_, shown, style)| *shown == "\\x83" && *style == Invalid));
}

#[test]
fn dump_marks_invalid_bytes() {
    let rows = rows_of(b"\xD7\xB4\xCC\xAC\xFF\xFF\xD5\xFD\xB3\xA3\r\n", dump(Encoding::GBK, 16));
    let texts = super::super::row::shown_text(cells_of(&rows[0]));
    assert_eq!(texts, "状态··正常··");
    let mut marks = [false; 12];
    (marks[4], marks[5]) = (true, true);
    assert_eq!(invalid_of(&rows[0]), marks);
    assert_eq!(cells_of(&rows[0])[2].style, Invalid);
    assert_eq!(rows.len(), 1);
    assert!(invalid_of(&rows_of(b"fine", dump(Encoding::GBK, 16))[0]).is_empty());
}

#[test]
fn one_byte_one_cell_in_other_encodings() {
    let cases: &[(Encoding, &[u8], &str)] = &[
        (Encoding::SHIFT_JIS, b"\xB1\xB2\x82\xA0", "ｱｲあ"),
        (Encoding::UTF_16LE, b"A\0B\0\x60\x4F", "A B 你"),
        (Encoding::UTF_8, "\u{202E}a\u{301}".as_bytes(), "···a··"),
        (Encoding::LATIN_1, b"\x85\xE9", "·é"),
        (Encoding::UTF_8, "😀!".as_bytes(), "😀  !"),
    ];
    for (encoding, payload, expected) in cases {
        let rows = rows_of(payload, dump(*encoding, 16));
        assert_eq!(super::super::row::shown_text(cells_of(&rows[0])), *expected, "{}", encoding.name());
    }
}

#[test]
fn offsets_of_long_dumps_grow() {
    let rows = rows_of(&vec![0; 70_000], dump(Encoding::UTF_8, 16));
    assert!(rows[65_536 / 16].content_text().starts_with("10000  00"));
}

/// 64 KiB are decoded at a time, which 12 and 24 do not divide: a row there has bytes of two blocks.
#[test]
fn rows_of_any_width_are_whole_where_two_blocks_meet() {
    for first_char in 65_530..65_540 {
        let mut payload = vec![b'.'; 65_600];
        payload.splice(first_char..first_char + 3, "你".bytes());
        payload[65_545] = 0xFF;
        let shown = |width: u16| {
            let rows = rows_of(&payload, dump(Encoding::UTF_8, width));
            let bytes: Vec<u8> = rows.iter().flat_map(|row| bytes_of(row).to_vec()).collect();
            assert_eq!(bytes, payload, "{width} {first_char}");
            let cells = rows.iter().flat_map(|row| cells_of(row).to_vec());
            let cells: Vec<_> = cells.map(|cell| (cell.text, cell.style, cell.bytes)).collect();
            let marked = |row: &Row| {
                let RowKind::Data { offset, invalid, .. } = &row.kind else { return Vec::new() };
                (*offset..).zip(invalid.clone()).filter(|(_, wrong)| *wrong).map(|(at, _)| at).collect()
            };
            (cells, rows.iter().flat_map(marked).collect::<Vec<_>>())
        };
        let expected = shown(256);
        assert_eq!(expected.1, [65_545]);
        for width in [8, 12, 16, 24, 32, 7] {
            assert_eq!(shown(width), expected, "{width} {first_char}");
        }
    }
}

#[test]
fn each_mode_keeps_no_trace_of_the_one_before() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, "温度 23.5℃\r\n".as_bytes());
    tape.received(peer, &Encoding::GBK.encode("状态正常").unwrap());
    let reader = tape.reader();
    let configs = [
        text(Encoding::UTF_8, 80),
        text(Encoding::GBK, 80),
        hex(8),
        dump(Encoding::UTF_8, 16),
        text(Encoding::GBK, 8),
        dump(Encoding::GBK, 8),
    ];
    let mut view = View::new(reader.clone(), configs[0], 0);
    for config in configs.iter().chain(configs.iter().rev()) {
        view.set_config(*config);
        assert_eq!(view.config(), *config);
        assert_eq!(all_rows(&mut view), all_rows(&mut View::new(reader.clone(), *config, 0)));
    }
}

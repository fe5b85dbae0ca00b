use super::*;
use crate::lines::{BytePlace, LogForm};
use crate::words::Lang;
use std::ops::Range;

fn selection(from: (u64, u32), to: (u64, u32)) -> Range<BytePlace> {
    BytePlace { record: from.0, offset: from.1 }..BytePlace { record: to.0, offset: to.1 }
}

/// 0 `ab你c` 1 joined 2 sent `xy` 3 `d\xE4` 4 `\xBD\xA0\r\n` 5 `\xFFe`
fn tape() -> Tape {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, "ab你c".as_bytes());
    tape.event(RecordKind::PeerJoined, peer, None);
    tape.sent(peer, b"xy");
    tape.received(peer, b"d\xE4");
    tape.received(peer, b"\xBD\xA0\r\n");
    tape.received(peer, b"\xFFe");
    tape
}

#[test]
fn selections_as_bytes_hex_and_text() {
    let mut view = tape().view(text(Encoding::UTF_8, 80));
    let cases: &[(Range<BytePlace>, &[u8], &str, &str)] = &[
        (selection((0, 0), (0, 2)), b"ab", "61 62", "ab"),
        (selection((0, 1), (0, 6)), "b你c".as_bytes(), "62 E4 BD A0 63", "b你c"),
        // A character belongs to the byte it ends with; if it ends after the selection, its bytes are shown.
        (selection((0, 1), (0, 4)), b"b\xE4\xBD", "62 E4 BD", "b\\xE4\\xBD"),
        (selection((0, 3), (0, 5)), b"\xBD\xA0", "BD A0", "你"),
        (selection((0, 5), (2, 1)), b"cx", "63\n78", "c\nx"),
        (selection((1, 0), (2, 0)), b"", "", ""),
        (selection((3, 0), (5, 2)), b"d\xE4\xBD\xA0\r\n\xFFe", "64 E4\nBD A0 0D 0A\nFF 65", "d你\r\n\\xFFe"),
        (selection((3, 0), (3, 2)), b"d\xE4", "64 E4", "d\\xE4"),
        (selection((4, 0), (4, 4)), b"\xBD\xA0\r\n", "BD A0 0D 0A", "你\r\n"),
        (selection((5, 0), (9, 9)), b"\xFFe", "FF 65", "\\xFFe"),
        (selection((4, 0), (3, 0)), b"", "", ""),
    ];
    for (range, bytes, hex, text) in cases {
        let copied = view.copy_bytes(range.clone(), 1000);
        assert_eq!(copied.content, *bytes, "{range:?}");
        assert!(!copied.truncated && copied.missing == 0);
        assert_eq!(view.copy_hex(range.clone(), 1000).content, *hex, "{range:?}");
        assert_eq!(view.copy_text(range.clone(), 1000).content, *text, "{range:?}");
    }
}

#[test]
fn a_copy_stops_at_its_size_and_says_so() {
    let mut view = tape().view(text(Encoding::UTF_8, 80));
    let all = selection((0, 0), (5, 2));
    for cap in 0..=16 {
        let bytes = view.copy_bytes(all.clone(), cap);
        assert_eq!(bytes.content.len(), cap);
        assert_eq!(bytes.truncated, cap < 16, "{cap}");
        let hex = view.copy_hex(all.clone(), cap);
        assert_eq!(hex.content.split_whitespace().count(), cap);
        assert_eq!(hex.truncated, cap < 16);
        assert_eq!(view.copy_text(all.clone(), cap).truncated, cap < 16);
    }
    assert_eq!(view.copy_text(all.clone(), 7).content, "ab你c\nx");
    assert_eq!(view.copy_text(all, 4).content, "ab\\xE4\\xBD");
}

#[test]
fn datagrams_are_copied_as_lines() {
    let mut tape = Tape::udp();
    let peer = tape.peer(1);
    tape.received(peer, b"one");
    tape.received(peer, b"two\n");
    tape.received(peer, b"three");
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    assert_eq!(view.copy_text(selection((0, 0), (2, 5)), 100).content, "one\ntwo\nthree");
}

#[test]
fn text_is_copied_over_block_borders_whole() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    let sample = "a".to_owned() + &"你".repeat(50_000);
    tape.received(peer, sample.as_bytes());
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    let len = u32::try_from(sample.len()).unwrap();
    assert_eq!(view.copy_text(selection((0, 0), (0, len)), 1 << 20).content, sample);
    for end in 65_530..65_545 {
        let bytes = &sample.as_bytes()[65_530..end as usize];
        let mut expected = String::new();
        // From 65 530 = 1 + 3 * 21843: the first byte of a character.
        for character in bytes.chunks(3) {
            match std::str::from_utf8(character) {
                Ok(whole) => expected.push_str(whole),
                Err(_) => character.iter().for_each(|byte| expected.push_str(&format!("\\x{byte:02X}"))),
            }
        }
        assert_eq!(view.copy_text(selection((0, 65_530), (0, end)), 1000).content, expected, "to {end}");
    }
}

#[test]
fn records_as_log_lines() {
    let mut view = tape().view(text(Encoding::UTF_8, 80));
    let form = LogForm::new(Lang::En).with_zone(jiff::tz::TimeZone::UTC);
    let log = view.copy_log(0..4, &form, 10_000);
    assert!(!log.truncated);
    let lines: Vec<&str> = log.content.lines().collect();
    assert_eq!(lines.len(), 4);
    for (line, (mark, content)) in lines.iter().zip([("<-", "ab你c"), ("--", ""), ("->", "xy"), ("<-", "d")]) {
        let (time, rest) = line.split_at(29);
        assert!(time.ends_with("+00:00"), "{time}");
        assert!(rest.starts_with(&format!(" {mark} #1 127.0.0.1:1  ")), "{rest}");
        assert!(rest.ends_with(content));
    }
    let short = view.copy_log(0..4, &form, lines[0].len() + 2);
    assert_eq!((short.content.lines().count(), short.truncated), (1, true));
    assert_eq!(view.copy_log(9..12, &form, 100).content, "");
}

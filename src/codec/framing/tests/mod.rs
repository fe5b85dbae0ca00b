//! Test cases for each rule.

use super::*;
use crate::codec::checksum::{ChecksumKind, Verdict};
use crate::codec::{escape, hex};

pub(crate) mod any;
mod building;
mod marked;
mod nmea;
mod properties;
mod protocols;
mod texts;
mod wire_formats;

const MS: u64 = 1_000_000;

fn rule(text: &str) -> FramingRule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn collect(emitted: &mut Vec<(Frame, Vec<u8>)>) -> impl FnMut(&Frame, &[u8]) {
    |frame, bytes| emitted.push((frame.clone(), bytes.to_vec()))
}

/// The ranges of a stream that arrives in `parts`.
fn frames_of(rule: &FramingRule, parts: &[&[u8]]) -> Vec<(Frame, Vec<u8>)> {
    let mut emitted = Vec::new();
    let mut framer = Framer::new(rule, 0);
    for part in parts {
        framer.feed(part, 0, &mut collect(&mut emitted));
        assert!(framer.held_at_most(rule.max_len), "{rule}");
    }
    framer.finish(&mut collect(&mut emitted));
    emitted
}

impl Framer {
    fn held_at_most(&self, max_len: u64) -> bool {
        let pending = self.pending();
        pending.end - pending.start <= max_len
    }
}

fn unescaped(text: &str) -> Vec<u8> {
    escape::encode_escaped(text, crate::codec::Encoding::UTF_8).unwrap()
}

/// One letter and the payload for each range: `F` frame, `X` frame with a wrong check, `J` junk, `S` separator, `I` incomplete.
/// Non-ASCII bytes are written as `\xNN`.
fn emitted(rule: &FramingRule, parts: &[&[u8]]) -> Vec<String> {
    let line = |(frame, bytes): &(Frame, Vec<u8>)| {
        let mark = match (frame.kind, frame.verdict) {
            (FrameKind::Frame, None | Some(Verdict::Ok)) => 'F',
            (FrameKind::Frame, Some(_)) => 'X',
            (FrameKind::Junk, _) => 'J',
            (FrameKind::Separator, _) => 'S',
            (FrameKind::Incomplete, _) => 'I',
        };
        let content = rule.content(&bytes[frame.payload_within()]).into_owned();
        let shown: String = content
            .iter()
            .map(
                |byte| {
                    if (0x20..0x7F).contains(byte) { char::from(*byte).to_string() } else { format!("\\x{byte:02X}") }
                },
            )
            .collect();
        format!("{mark} {shown}")
    };
    frames_of(rule, parts).iter().map(line).collect()
}

#[test]
fn each_rule_finds_its_frames() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("line", r"a\r\nb\n\nc\r\r\nd", &["F a", "F b", "F ", r"F c\x0D", "I d"]),
        ("line:keep", r"a\r\nb\n", &[r"F a\x0D\x0A", r"F b\x0A"]),
        ("delim:0D0A", r"a\rb\r\r\nc\n\r\n", &[r"F a\x0Db\x0D", r"F c\x0A"]),
        ("delim:'||',keep", "a|b||c||", &["F a|b||", "F c||"]),
        (
            "line:max=4",
            r"123\n1234\n12345678\nab\n",
            &["F 123", "J 1234", r"J \x0A", "J 1234", "J 5678", r"J \x0A", "F ab"],
        ),
        ("marks:start='<',end='>'", "x<a><b>yy<c", &["J x", "F a", "F b", "J yy", "I <c"]),
        ("marks:start='<',end='>',restart", "<a<b>", &["J <a", "F b"]),
        ("marks:start='<',end='>'", "<a<b>", &["F a<b"]),
        ("marks:start='<',end='>',escape=5C", r"<a\\>b\\\\><c>", &[r"F a>b\", "F c"]),
        ("marks:start=1002,end=1003,escape=10", r"\x10\x02a\x10\x10\x03b\x10\x03", &[r"F a\x10\x03b"]),
        ("marks:start=02,end=03,after=1+xor-8:from=1", r"\x02ab\x03\x00\x02ab\x03\x01", &["F ab", "X ab"]),
        ("marks:start='a'|'ab',end='.'", "ax.abx.", &["F x", "F x"]),
        ("marks:end=';',escape='/'", "a/;b;c", &["F a;b", "I c"]),
        ("fixed:3", "abcdefg", &["F abc", "F def", "I g"]),
        ("len:size=1", r"\x02ab\x00\x01c\x05x", &["F ab", "F ", "F c", r"I \x05x"]),
        ("len:size=2,endian=big,counts=all", r"\x00\x04ab\x00\x02\x00\x03z", &["F ab", "F ", "F z"]),
        ("len:offset=1,size=3,endian=big,header=5", r"T\x00\x00\x02Fab", &["F ab"]),
        ("len:size=1,adjust=-1", r"\x03ab\x01", &["F ab", "F "]),
        ("len:size=2,endian=little,signed", r"\x01\x00a\xFF\xFFbc", &["F a", r"J \xFF\xFFbc"]),
        ("len:size=4,endian=little", r"\xFF\xFF\xFF\xFFrest", &[r"J \xFF\xFF\xFF\xFFrest"]),
        ("len:size=8,endian=little", r"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFr", &[r"J \xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFr"]),
        ("len:size=dec4", "   2ab0003cde x", &["F ab", "F cde", "J  x"]),
        ("len:size=dec,end=':',adjust=1", "2:ab,0:,3:", &["F ab,", "F ,", "I 3:"]),
        ("len:size=dec", "2ab11Hello World", &["F ab", "F Hello World"]),
        ("len:size=dec", "x2ab", &["J x2ab"]),
        ("mqtt", r"\xC0\x00\x30\x03abc", &["F ", "F abc"]),
        ("mqtt", r"\x30\xFF\xFF\xFF\xFF\x01", &[r"J 0\xFF\xFF\xFF\xFF\x01"]),
        ("len:size=1,mark='A'@1,header=2", r"\x01Ax??\x01Ay\x02Az", &["F x", "J ??", "F y", r"I \x02Az"]),
        (
            "slip",
            r"\xC0a\xDB\xDCb\xDB\xDD\xC0\xC0c\xDBx\xC0d\xC0",
            &[r"S \xC0", r"F a\xC0b\xDB", r"S \xC0", r"J c\xDBx\xC0", "F d"],
        ),
        ("cobs", r"\x03ab\x02c\x00\x01\x01\x00\x00\x05a\x00", &[r"F ab\x00c", r"F \x00", r"S \x00", r"J \x05a\x00"]),
        (
            "json",
            r#"{"a":"}\\\"{"}[1,[2]] 12 "x"true\n"#,
            &[r#"F {"a":"}\"{"}"#, "F [1,[2]]", "S  ", "F 12", "S  ", r#"F "x""#, "F true", r"S \x0A"],
        ),
        (
            "json",
            r#"hello{"a":1}{"b\n{"c":2}{d}3"#,
            &["J hello", r#"F {"a":1}"#, r#"J {"b"#, r"S \x0A", r#"F {"c":2}"#, "J {d}", "F 3"],
        ),
        ("json", r#"{"a":[1"#, &[r#"I {"a":[1"#]),
        (
            "nmea",
            r"xx$GPGLL,5057.970,N,00146.110,E,142451,A*27\r\n$GPGLL,A*00\r\n$GP$A*41\r\n",
            &["J xx", "F GPGLL,5057.970,N,00146.110,E,142451,A*27", "X GPGLL,A*00", "J $GP", "F A*41"],
        ),
        ("stx-etx", r"\x02Hello\x03\r\n\x02you\x03", &["F Hello", r"J \x0D\x0A", "F you"]),
        ("slip+sum8", r"\xDB\xDC\xDB\xDC\xC0a\x00\xC0", &[r"F \xC0\xC0", r"X a\x00"]),
    ];
    let mut wrong = Vec::new();
    for (text, stream, expected) in cases {
        let (rule, stream) = (rule(text), unescaped(stream));
        let whole = emitted(&rule, &[&stream]);
        if whole != *expected {
            wrong.push(format!("{text}: {whole:?} instead of {expected:?}"));
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(emitted(&rule, &bytes), whole, "{text}, byte by byte");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sticky_packets_of_python_struct_come_apart() {
    let stream = b"\x05\0\0\0Hello\x07\0\0\0Welcome";
    let emitted = frames_of(&rule("py-struct-i"), &[stream]);
    let ranges: Vec<_> = emitted.iter().map(|(frame, _)| (frame.start, frame.payload.clone(), frame.end)).collect();
    assert_eq!(ranges, [(0, 4..9, 9), (9, 13..20, 20)]);
}

#[test]
fn modbus_tcp_finds_back_by_its_protocol_number() {
    let request = [0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 10];
    let stream = [&request[..], b"\x07junk", &request, &request[..7]].concat();
    let emitted = frames_of(&rule("modbus-tcp"), &[&stream]);
    let kinds: Vec<_> = emitted.iter().map(|(frame, _)| (frame.kind, frame.len())).collect();
    use FrameKind::{Frame, Incomplete, Junk};
    assert_eq!(kinds, [(Frame, 12), (Junk, 5), (Frame, 12), (Incomplete, 7)]);
    assert_eq!(emitted[0].0.payload, 6..12);
}

#[test]
fn a_gap_ends_a_frame_and_its_checksum_is_verified() {
    let request = [1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD];
    let rule = rule("gap:20ms+CRC-16/MODBUS");
    let mut framer = Framer::new(&rule, 0);
    let mut emitted = Vec::new();
    for (bytes, at) in [(&request[..3], 0), (&request[3..], 5), (&request[..], 40), (&b"\x01\x02\x03"[..], 60)] {
        framer.feed(bytes, at * MS, &mut collect(&mut emitted));
    }
    assert_eq!(emitted.len(), 2, "the last one may go on");
    assert_eq!(framer.gap(), Some(std::time::Duration::from_millis(20)));
    framer.idle(79 * MS, &mut collect(&mut emitted));
    assert_eq!(emitted.len(), 2);
    framer.idle(80 * MS, &mut collect(&mut emitted));
    let verdicts: Vec<_> = emitted.iter().map(|(frame, _)| (frame.start, frame.verdict.unwrap().name())).collect();
    assert_eq!(verdicts, [(0, "ok"), (8, "ok"), (16, "bad")]);
    assert_eq!(framer.gap(), None);
}

#[test]
fn a_burst_longer_than_the_maximum_is_junk_up_to_the_next_gap() {
    let mut framer = Framer::new(&rule("gap:10ms,max=4"), 0);
    let mut emitted = Vec::new();
    for (bytes, at) in [(&b"abcdef"[..], 0), (b"gh", 5), (b"ok", 20), (b"ijkl", 40), (b"x", 60)] {
        framer.feed(bytes, at * MS, &mut collect(&mut emitted));
    }
    framer.finish(&mut collect(&mut emitted));
    let kinds: Vec<_> = emitted.iter().map(|(frame, bytes)| (frame.kind, bytes.as_slice())).collect();
    use FrameKind::{Frame, Junk};
    assert_eq!(kinds, [(Junk, &b"abcd"[..]), (Junk, b"efgh"), (Frame, b"ok"), (Junk, b"ijkl"), (Frame, b"x")]);
}

#[test]
fn as_received_each_record_is_a_frame_and_empty_ones_too() {
    let emitted = emitted(&rule("record+sum8"), &[b"a", b"", b"\x01\x01"]);
    assert_eq!(emitted, ["X a", "X ", r"F \x01\x01"]);
}

/// `[n][data][CRC]`, where n counts only the data.
fn checked_frame(data: &[u8]) -> Vec<u8> {
    let mut frame = [&[data.len() as u8][..], data].concat();
    let value = ChecksumKind::by_name("CRC-16/MODBUS").unwrap().calculator().compute(&frame);
    frame.extend((value as u16).to_le_bytes());
    frame
}

#[test]
fn a_checksum_shows_bad_content_and_finds_back_after_lost_bytes() {
    let rule = rule("len:size=1,adjust=2+crc-16/modbus");
    let good = |data: &[u8]| checked_frame(data);
    let mut bad = good(b"changed");
    bad[3] ^= 1;
    let stream = [good(b"one"), bad, good(b"two")].concat();
    let kinds = |stream: &[u8]| -> Vec<(FrameKind, Option<bool>, u64)> {
        let emitted = frames_of(&rule, &[stream]);
        emitted.iter().map(|(frame, _)| (frame.kind, frame.verdict.map(Verdict::is_ok), frame.len())).collect()
    };
    let frame = |ok, len| (FrameKind::Frame, Some(ok), len);
    assert_eq!(kinds(&stream), [frame(true, 6), frame(false, 10), frame(true, 6)], "a changed byte costs one frame");
    let frames: Vec<Vec<u8>> = (0..20).map(|n| good(format!("payload {n}").as_bytes())).collect();
    let begun_in_the_middle = [&good(b"0123456789")[4..], &frames.concat()].concat();
    let emitted = kinds(&begun_in_the_middle);
    let whole = emitted.iter().filter(|(kind, ok, _)| *kind == FrameKind::Frame && *ok == Some(true)).count();
    assert!(whole >= 14, "{emitted:?}");
    assert_eq!(emitted.last(), Some(&frame(true, 13)), "{emitted:?}");
    assert!(emitted.iter().any(|(kind, ..)| *kind == FrameKind::Junk), "{emitted:?}");
}

#[test]
fn a_length_of_four_gibibytes_allocates_nothing() {
    for text in ["len:size=4,endian=big", "len:size=4,endian=big,max=256MiB", "len:size=8,endian=big+crc32"] {
        let rule = rule(text);
        let mut framer = Framer::new(&rule, 0);
        framer.feed(&[0xFF; 9], 0, &mut |_, _| {});
        assert!(framer.capacity() < 1 << 10, "{text}");
    }
    let mut framer = Framer::new(&rule("len:size=4,endian=big,max=256MiB"), 0);
    framer.feed(&[0x0F, 0xFF, 0, 0, 1, 2, 3], 0, &mut |_, _| panic!("nothing is complete"));
    assert!(framer.capacity() < 1 << 10, "only what is there is held");
}

#[test]
fn a_long_stretch_of_junk_is_held_in_parts_only() {
    for text in ["marks:start='<',end='>'", "line", "json", "slip", "cobs", "delim:'!!'", "marks:end='!!'"] {
        let mut rule = rule(text);
        rule.max_len = 1000;
        let mut framer = Framer::new(&rule, 0);
        let mut emitted = 0;
        for _ in 0..100 {
            framer.feed(&[b'~'; 999], 0, &mut |frame, bytes| {
                emitted += bytes.len() as u64;
                assert_eq!((frame.end, frame.kind), (emitted, FrameKind::Junk), "{text}");
            });
            assert!(framer.held_at_most(1000), "{text}");
        }
        assert!(emitted >= 98_000, "{text}: {emitted}");
    }
}

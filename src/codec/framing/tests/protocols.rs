//! Protocols whose frames share a flag, or whose length follows from function code and CRC; presets with options.

use super::*;
use proptest::prelude::*;

/// Kind, and payload in hex.
fn frames(rule: &FramingRule, parts: &[&[u8]]) -> Vec<(FrameKind, String)> {
    let payload = |(frame, bytes): &(Frame, Vec<u8>)| (frame.kind, hex::lower(&bytes[frame.payload_within()]));
    frames_of(rule, parts).iter().map(payload).collect()
}

fn whole(rule: &FramingRule, stream: &[u8]) -> Vec<String> {
    let frames = frames(rule, &[stream]).into_iter();
    frames.filter(|(kind, _)| *kind == FrameKind::Frame).map(|(_, payload)| payload).collect()
}

#[test]
fn frames_between_equal_flags_are_found_wherever_one_joins() {
    let rule = rule("marks:start=7E,end=7E");
    for (stream, expected) in [
        ("1122 7E 7E 3344556677 7E 7E 8899 7E", &["3344556677", "8899"][..]),
        ("7E 3344 7E 8899 7E", &["3344", "8899"]),
        ("7E 3344 7E 7E 8899 7E", &["3344", "8899"]),
        ("7E 7E 7E 3344 7E 7E 7E 8899 7E 7E", &["3344", "8899"]),
        ("1122 7E 3344 7E 8899 7E", &["3344", "8899"]),
        ("7E 7E", &[]),
    ] {
        let bytes = hex::parse(stream).unwrap();
        assert_eq!(whole(&rule, &bytes), expected, "{stream}");
        let singly: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(frames(&rule, &singly), frames(&rule, &[&bytes]), "{stream} byte by byte");
    }
    let kinds = |stream: &str| frames(&rule, &[&hex::parse(stream).unwrap()]);
    assert_eq!(kinds("7E 33 7E 44"), [(FrameKind::Frame, "33".into()), (FrameKind::Incomplete, "44".into())]);
    assert_eq!(kinds("11 7E 33")[..1], [(FrameKind::Junk, "11".into())]);
}

#[test]
fn a_check_covers_the_same_bytes_of_a_frame_whether_its_flag_is_shared_or_not() {
    let rule = rule("marks:start=7E,end=7E+XOR-8:from=1,at=-2");
    let bytes = hex::parse("7E 0102 03 7E 0405 01 7E 0405 02 7E 7E 0608 0E 7E").unwrap();
    let emitted = frames_of(&rule, &[&bytes]);
    let verdicts: Vec<_> = emitted.iter().filter_map(|(frame, _)| frame.verdict).map(Verdict::is_ok).collect();
    assert_eq!(verdicts, [true, true, false, true]);
    for (frame, bytes) in emitted.iter().filter(|(frame, _)| frame.kind == FrameKind::Frame) {
        assert_eq!(rule.verify(bytes), frame.verdict, "seen alone it is judged alike");
    }
}

fn crc(frame: &[u8]) -> Vec<u8> {
    let value = ChecksumKind::by_name("CRC-16/MODBUS").unwrap().calculator().compute(frame);
    [frame, &(value as u16).to_le_bytes()].concat()
}

/// Requests and responses of all common function codes.
fn modbus() -> Vec<Vec<u8>> {
    let mut frames = vec![
        crc(&[1, 3, 0, 0, 0, 10]),
        crc(&[&[1, 3, 20][..], &[7; 20]].concat()),
        crc(&[1, 3, 0x10, 0, 0, 2]), // its third byte looks like a count of 16
        crc(&[17, 1, 0, 0x13, 0, 0x25]),
        crc(&[17, 1, 5, 0xCD, 0x6B, 0xB2, 0x0E, 0x1B]),
        crc(&[1, 5, 0, 0xAC, 0xFF, 0]),
        crc(&[1, 6, 0, 1, 0, 3]),
        crc(&[1, 7]),
        crc(&[1, 7, 0x6D]),
        crc(&[1, 8, 0, 0, 0xA5, 0x37]),
        crc(&[1, 15, 0, 0x13, 0, 10, 2, 0xCD, 1]),
        crc(&[1, 15, 0, 0x13, 0, 10]),
        crc(&[1, 16, 0, 1, 0, 2, 4, 0, 10, 1, 2]),
        crc(&[1, 16, 0, 1, 0, 2]),
        crc(&[1, 17]),
        crc(&[1, 17, 3, 1, 2, 3]),
        crc(&[1, 22, 0, 4, 0, 0xF2, 0, 0x25]),
        crc(&[1, 23, 0, 3, 0, 6, 0, 14, 0, 3, 6, 0, 255, 0, 255, 0, 255]),
        crc(&[1, 23, 4, 0, 254, 10, 205]),
        crc(&[1, 24, 4, 0xDE]),
        crc(&[1, 24, 0, 6, 0, 2, 1, 0xB8, 0x12, 0x84]),
        crc(&[1, 0x83, 2]),
        crc(&[1, 65, 1, 2, 3]), // vendor-specific function code
    ];
    frames.push(crc(&[&[1, 3, 250][..], &[0x33; 250]].concat()));
    frames
}

#[test]
fn modbus_rtu_frames_are_cut_by_code_length_and_crc_however_they_come() {
    let rule = rule("modbus-rtu");
    let expected: Vec<String> = modbus().iter().map(|frame| hex::lower(frame)).collect();
    let stream = modbus().concat();
    assert_eq!(whole(&rule, &stream), expected);
    for cut in [1, 2, 3, 5, 7, 8, 13, 100] {
        // The parts arrive 40 ms apart: short silence within a frame does not end it.
        let (mut framer, mut emitted) = (Framer::new(&rule, 0), Vec::new());
        for (part, at) in stream.chunks(cut).zip(0..) {
            framer.feed(part, at * 40 * MS, &mut collect(&mut emitted));
        }
        framer.finish(&mut collect(&mut emitted));
        assert!(emitted.iter().all(|(frame, _)| frame.verdict == Some(Verdict::Ok)), "{cut}");
        assert_eq!(emitted.iter().map(|(_, bytes)| hex::lower(bytes)).collect::<Vec<_>>(), expected, "{cut}");
    }
}

#[test]
fn a_damaged_modbus_frame_is_shown_as_one_and_the_next_ones_are_found() {
    let rule = rule("modbus-rtu");
    let (first, mut damaged, last) = (crc(&[1, 3, 0, 0, 0, 10]), crc(&[1, 6, 0, 1, 0, 3]), crc(&[1, 6, 0, 2, 0, 4]));
    damaged[4] ^= 1;
    let stream = [&first[..], &damaged, &last, &first, b"\x01"].concat();
    let emitted = frames_of(&rule, &[&stream]);
    let seen: Vec<_> = emitted.iter().map(|(frame, _)| (frame.len(), frame.verdict.map(Verdict::is_ok))).collect();
    assert_eq!(seen, [(8, Some(true)), (8, Some(false)), (8, Some(true)), (8, Some(true)), (1, None)]);
    let mut framer = Framer::new(&rule, 0);
    let mut emitted = Vec::new();
    framer.feed(&damaged, 0, &mut collect(&mut emitted));
    assert_eq!((emitted.len(), framer.gap().is_some()), (0, true), "more may come");
    framer.feed(&last, 10_000 * MS, &mut collect(&mut emitted));
    assert_eq!(emitted.len(), 2, "silence ends it");
}

#[test]
fn presets_take_options_in_place_of_their_own() {
    for (text, same) in [
        ("mqtt:max=1KiB", "len:offset=1,size=varint4,max=1024"),
        ("MQTT:max=1KiB+XOR-8", "len:offset=1,size=varint4,max=1024+XOR-8"),
        ("modbus-tcp:max=300", "len:offset=4,size=2,endian=big,mark=0000@2,max=300"),
        ("py-struct-i:endian=big", "len:size=4,endian=big,signed"),
        ("stx-etx:after=1+XOR-8", "marks:start=02,end=03,restart,after=1+XOR-8"),
        ("mqtt:", "mqtt"),
    ] {
        assert_eq!(rule(text), rule(same), "{text}");
    }
    let kept = rule("nmea:max=2KiB");
    assert_eq!((kept.max_len, kept.check), (2048, rule("nmea").check), "the check of the preset stays");
}

#[test]
fn a_stored_option_without_effect_is_forgotten() {
    let stored = |text: &str| serde_json::from_str::<FramingRule>(&format!("\"{text}\"")).unwrap();
    assert_eq!(stored("record:max=10"), FramingRule::as_received());
    assert_eq!(stored("record:max=10+SUM-8"), rule("record+SUM-8"));
}

#[test]
fn json_in_an_encoding_with_look_alikes_is_cut_at_its_brackets_and_quotes() {
    // The second byte of each character equals a backslash, a bracket or a brace.
    for (encoding, characters) in [
        (crate::codec::Encoding::BIG5, &[b"\xA5\x5C", b"\xA5\x7B", b"\xA5\x7D"][..]),
        (crate::codec::Encoding::SHIFT_JIS, &[b"\x83\x5C", b"\x83\x7B", b"\x83\x7D"]),
        (crate::codec::Encoding::GBK, &[b"\x95\x5C", b"\x95\x7B", b"\x95\x7D"]),
        (crate::codec::Encoding::GB18030, &[b"\x95\x5C", b"\x95\x7B", b"\x95\x7D"]),
    ] {
        let rule = rule("json").in_encoding(encoding);
        for character in characters {
            let value = [b"{\"a\":\"", &character[..], b"\",\"b\":[1]}"].concat();
            let stream = [&value[..], &value, b"\n", &character[..], &character[..], &value].concat();
            let expected = vec![hex::lower(&value); 3];
            assert_eq!(whole(&rule, &stream), expected, "{rule} {character:X?}");
            let singly: Vec<&[u8]> = stream.chunks(1).collect();
            assert_eq!(frames(&rule, &singly), frames(&rule, &[&stream]), "{rule} byte by byte");
        }
    }
    assert_eq!(rule("json").in_encoding(crate::codec::Encoding::UTF_8), rule("json"));
    assert_eq!(rule("json:encoding=big5").to_string(), "json:encoding=Big5");
    assert_eq!(rule("json").in_encoding(crate::codec::Encoding::UTF_16LE), rule("json"));
    assert!("json:encoding=nothing".parse::<FramingRule>().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn modbus_frames_do_not_depend_on_the_cuts_among_noise(
        picks in prop::collection::vec((0_usize..24, 0_u8..6, prop::collection::vec(any::<u8>(), 1..6)), 1..12),
        cuts in prop::collection::vec(1_usize..40, 1..30),
    ) {
        let all = modbus();
        let stream: Vec<u8> = picks
            .iter()
            .flat_map(|(index, kind, noise)| if *kind == 0 { noise.clone() } else { all[index % all.len()].clone() })
            .collect();
        let rule = rule("modbus-rtu");
        let whole = frames_of(&rule, &[&stream]);
        let (mut parts, mut rest) = (Vec::new(), &stream[..]);
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (part, behind) = rest.split_at((*cut).min(rest.len()));
            parts.push(part);
            rest = behind;
        }
        prop_assert_eq!(&frames_of(&rule, &parts), &whole);
        let length: u64 = whole.iter().map(|(frame, _)| frame.len()).sum();
        prop_assert_eq!(length, stream.len() as u64);
    }
}

//! Frames that are built, and that the framer splits back.

use super::super::{BuildError, Builder, Built};
use super::*;
use proptest::prelude::*;

fn shown(rule: &FramingRule, content: &str, answered: Option<&str>) -> Result<String, BuildError> {
    let answered = answered.map(unescaped);
    let built = Builder::new(rule).build(&unescaped(content), answered.as_deref())?;
    Ok(hex::lower(&built.bytes))
}

#[test]
fn each_rule_builds_the_bytes_of_its_protocol() {
    for (text, content, expected) in [
        ("record", "ab", "6162"),
        ("record+CRC-16/MODBUS", r"\x01\x03\x00\x00\x00\x0A", "01030000000a c5cd"),
        ("line", "ab", "6162 0a"),
        ("line", "", "0a"),
        ("line:keep", r"ab\r\n", "61620d0a"),
        ("line+XOR-8:form=hex", "ab", "6162 3033 0a"),
        ("line+XOR-8:form=hex,until=2A", "ab", "6162 2a 3033 0a"),
        ("line:keep+XOR-8:form=hex", r"ab\n", "6162 3033 0a"),
        ("delim:0D0A", "ab", "6162 0d0a"),
        ("delim:0D0A,keep", r"ab\r\n", "61620d0a"),
        ("fixed:3+SUM-8", r"\x01\x02", "0102 03"),
        ("gap:20ms+SUM-16:endian=little", r"\x01\x02", "0102 0300"),
        ("slip", r"a\xC0\xDB", "61 dbdc dbdd c0"),
        ("slip+SUM-8", r"\xC0", "dbdc dbdc c0"),
        ("cobs", r"ab\x00c", "036162 0263 00"),
        ("cobs", "", "01 00"),
        ("json", r#"{"a":[1]}"#, "7b2261223a5b315d7d"),
        ("modbus-rtu", r"\x01\x03\x00\x00\x00\x0A", "01030000000a c5cd"),
        ("rtu", r"\x01\x03\x00\x00\x00\x0A", "01030000000a c5cd"),
        ("modbus-rtu", r"\x01\x83\x02", "018302 c0f1"),
        ("modbus-tcp", r"\x01\x03\x00\x00\x00\x02", "000000000006 010300000002"),
        ("py-struct-i", "Hello", "05000000 48656c6c6f"),
        ("stx-etx", "Hi", "02 4869 03"),
        ("marks:start=02,end=03,after=1+xor-8:from=1", "ab", "02 6162 03 00"),
        ("marks:start=02,end=03,escape=10", r"\x02\x10\x03a", "02 1002 1010 1003 61 03"),
        ("marks:start=1002,end=1003,escape=10", r"\x10\x03", "1002 1010 03 1003"),
        (
            "marks:start=7E,end=7E,escape=7D,xor=20+CRC-16/IBM-SDLC:from=1,at=-3",
            r"\xFF\x03\xC0\x21\x7E",
            "7e ff03c021 7d5e 68b5 7e",
        ),
        ("nmea", "GPGLL,5057.970,N,00146.110,E,142451,A", NMEA),
        ("modbus-ascii", "010300000001", "3a 303130333030303030303031 4642 0d0a"),
        ("mqtt", r"\x00\x04", "0002 0004"),
        ("jt808", r"\x7E\x7D", "7e 7d02 7d01 03 7e"),
        ("iec104", "ab", "6806 00000000 6162"),
        ("syslog", "<1>x", "3420 3c313e78"),
        ("scpi", "*IDN?", "2a49444e3f 0a"),
        ("scpi", r"\x00\x01", "233132 0001"),
        ("scpi", r"1,#12\n\n", "312c2331320a0a 0a"),
        ("dlt645", r"\x33\x33\x16", "680000000000000000 02 3333 d0 16"),
        ("fix", r"35=0\x0110=\x01", "383d464958 01393d3501 33353d3001 31303d 323233 01"),
        ("yd1363", "2001", "7e 32303031 46463344 0d"),
        ("gb32960", "", "2323 0000000000000000000000000000000000000000 0000 00"),
        ("mllp", "MSH", "0b 4d5348 1c0d"),
        ("len:size=2,endian=big,mask=07FF", "ab", "0002 6162"),
        ("len:size=hex4", "ab", "30303032 6162"),
        ("len:size=dec4", "ab", "30303032 6162"),
        ("len:offset=1,size=2,endian=big,counts=all", "ab", "00 0005 6162"),
        ("len:size=dec,end=3A,counts=all", "abcdefg", "393a 61626364656667"),
        ("len:size=dec,end=3A,counts=all", "abcdefgh", "31313a 6162636465666768"),
        ("len:size=1,adjust=2+crc-16/modbus", "a", "01 61 c1c8"),
        ("len:size=1,header=3+SUM-8:at=2,from=3,to=4", "a", "01 00 61 61"),
    ] {
        assert_eq!(shown(&rule(text), content, None), Ok(expected.replace(' ', "")), "{text} {content}");
    }
}

const NMEA: &str = "24 4750474c4c2c353035372e3937302c4e2c30303134362e3131302c452c3134323435312c41 2a 3237 0d0a";

#[test]
fn an_answer_has_the_header_of_its_frame() {
    for (text, answered, content, expected) in [
        ("modbus-tcp", r"\x12\x34\x00\x00\x00\x06\x01\x03\x00\x00\x00\x02", "abc", "123400000003616263"),
        ("len:size=2,endian=big,mask=07FF", r"\xA0\x01x", "ab", "a0026162"),
        ("nmea", r"!A*41\r\n", "A", "21412a34310d0a"),
        (
            "fix",
            r"8=FIX.4.4\x019=5\x0135=0\x0110=161\x01",
            r"35=1\x0110=\x01",
            "383d4649582e342e3401393d350133353d310131303d31363401",
        ),
        ("iec104", r"\x68\x04\x07\x00\x00\x00", "", "680407000000"),
        ("modbus-tcp", "no frame", "a", "00000000000161"),
    ] {
        assert_eq!(shown(&rule(text), content, Some(answered)), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn a_content_that_cannot_be_a_frame_is_refused() {
    let inside = |bytes: &[u8]| BuildError::MarkerInside { bytes: bytes.to_vec() };
    let not_found = |kind| BuildError::NotFound { kind };
    let mut wrong = Vec::new();
    for (text, content, expected) in [
        ("line", r"a\nb", inside(b"\n")),
        ("line", r"a\n", inside(b"\n")),
        ("line", r"a\r", BuildError::EndsWithCr),
        ("line:max=3", "abc", BuildError::TooLong { len: 4, most: 3 }),
        ("line:keep", "a", BuildError::LacksEnd { bytes: b"\n".to_vec() }),
        ("line+SUM-8", r"\x0A", inside(b"\n")),
        ("line+SUM-8", r"\x05\x05", not_found(RuleKind::Line)),
        ("delim:'||'", "a|", inside(b"||")),
        ("delim:'||',keep", "a|||", inside(b"||")),
        ("nmea", "A*", inside(b"*")),
        ("nmea", r"A\r", BuildError::EndsWithCr),
        ("nmea", "A$", inside(b"$")),
        ("fixed:3+SUM-8", "abc", BuildError::WrongLength { len: 3, expected: 2 }),
        ("gap:1ms", "", BuildError::Empty),
        ("slip", "", BuildError::Empty),
        ("marks:start=7E,end=7E", "", BuildError::Empty),
        ("stx-etx", r"a\x03", inside(b"\x03")),
        ("stx-etx+XOR-8:from=1", "a", BuildError::ValuePlace),
        ("len:size=1", &"a".repeat(256), BuildError::LengthTooLarge { value: 256 }),
        ("len:size=1,signed", &"a".repeat(128), BuildError::LengthTooLarge { value: 128 }),
        ("len:size=2,endian=big,mask=0FFF", &"a".repeat(4096), BuildError::LengthTooLarge { value: 4096 }),
        ("len:size=dec2", &"a".repeat(100), BuildError::LengthTooLarge { value: 100 }),
        ("len:size=varint1", &"a".repeat(128), BuildError::LengthTooLarge { value: 128 }),
        ("modbus-tcp", &"a".repeat(255), BuildError::TooLong { len: 261, most: 260 }),
        ("len:size=dec", "1a", not_found(RuleKind::Length)),
        ("len:size=1,adjust=4", "a", BuildError::TooShort { missing: 3 }),
        ("syslog", "", BuildError::TooShort { missing: 1 }),
        ("fix", r"", BuildError::TooShort { missing: 4 }),
        ("record+SUM-8:from=5", "ab", BuildError::TooShort { missing: 3 }),
        ("record+SUM-8:to=-1,at=-2", "ab", BuildError::CoversItself),
        ("modbus-ascii", "01zz", BuildError::NotHex),
        ("json", "{", BuildError::NotJson),
        ("json", " {}", BuildError::NotJson),
        ("json", "{} {}", BuildError::NotJson),
        ("json", "", BuildError::NotJson),
        ("json", "12", BuildError::OpenJson),
        ("json", "true", BuildError::OpenJson),
        ("json+SUM-8", "{}", not_found(RuleKind::Json)),
        ("rtu", r"\x01\x03\x00", not_found(RuleKind::Rtu)),
        ("rtu+SUM-8", r"\x01\x03\x00\x00\x00\x0A", not_found(RuleKind::Rtu)),
        ("record+SUM-16:form=dec2,mask=7F", r"\x7F", BuildError::ValueTooLarge),
    ] {
        let built = shown(&rule(text), content, None);
        if built != Err(expected.clone()) {
            wrong.push(format!("{text} {content}: {built:?} instead of {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Cuts frames out of a stream that arrives in pieces of these lengths.
fn cut_back(rule: &FramingRule, stream: &[u8], cuts: &[usize]) -> Vec<(FrameKind, Option<Verdict>, Vec<u8>)> {
    let mut parts = Vec::new();
    let mut rest = stream;
    for cut in cuts {
        let (part, behind) = rest.split_at(rest.len().min(*cut));
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    let content = |(frame, bytes): (Frame, Vec<u8>)| {
        (frame.kind, frame.verdict, rule.bare_content(&bytes, frame.payload_within()).into_owned())
    };
    frames_of(rule, &parts).into_iter().map(content).collect()
}

/// Builds frames and splits their stream. Contents that the rule refuses are left out.
fn check_round_trip(rule: &FramingRule, contents: &[Vec<u8>], cuts: &[usize]) -> Result<usize, TestCaseError> {
    let mut builder = Builder::new(rule);
    let built: Vec<(Built, &Vec<u8>)> =
        contents.iter().filter_map(|content| Some((builder.build(content, None).ok()?, content))).collect();
    for (built, content) in &built {
        prop_assert_eq!(&rule.build(content).unwrap(), built, "the builder has no state");
        prop_assert!(built.content.end <= built.bytes.len() && built.check.end <= built.bytes.len());
    }
    // Pieces of a stream are frames of their own with these rules, so each frame arrives alone.
    let is_piecewise = matches!(rule.boundary, Boundary::Record | Boundary::Gap(_));
    let expected: Vec<_> = built
        .iter()
        .map(|(_, content)| (FrameKind::Frame, rule.check.map(|_| Verdict::Ok), (*content).clone()))
        .collect();
    let cut = if is_piecewise {
        built.iter().flat_map(|(built, _)| cut_back(rule, &built.bytes, &[])).collect()
    } else {
        let stream: Vec<u8> = built.iter().flat_map(|(built, _)| built.bytes.clone()).collect();
        cut_back(rule, &stream, cuts)
    };
    prop_assert_eq!(cut, expected, "{}", rule);
    Ok(built.len())
}

fn contents() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(&b"\x02\x03\x10\x7D\x7E\xC0\xDB\x00\r\n*#$1"[..])];
    prop::collection::vec(prop::collection::vec(byte, 0..40), 1..6)
}

/// Rules that can carry every content that is not empty.
const TRANSPARENT: [&str; 18] = [
    "record+CRC-32:endian=big",
    "slip",
    "slip+CRC-16/MODBUS:at=0",
    "cobs",
    "cobs+CRC-32",
    "jt808",
    "marks:start=02,end=03,escape=10",
    "marks:start=02,end=03,escape=10,after=2+CRC-16/MODBUS",
    "marks:start=1002,end=1003,escape=10",
    "marks:end=0A,escape=5C",
    "marks:start=7E,end=7E,escape=7D,xor=20+CRC-16/IBM-SDLC:from=1,at=-3",
    "modbus-tcp",
    "py-struct-i",
    "mqtt",
    "iec104",
    "syslog",
    "len:size=1,adjust=2,mark=AA@1,header=4+CRC-16/MODBUS:from=1",
    "scpi",
];

proptest! {
    #[test]
    fn every_content_comes_back_from_a_transparent_rule(
        contents in contents(),
        cuts in prop::collection::vec(0_usize..20, 0..12),
    ) {
        let contents: Vec<_> = contents.into_iter().filter(|content| !content.is_empty()).collect();
        for text in TRANSPARENT {
            prop_assert_eq!(check_round_trip(&rule(text), &contents, &cuts)?, contents.len(), "{}", text);
        }
    }

    #[test]
    fn what_is_built_is_cut_back(
        rule in any::rule(),
        contents in contents(),
        cuts in prop::collection::vec(0_usize..20, 0..12),
    ) {
        check_round_trip(&rule, &contents, &cuts)?;
    }

    #[test]
    fn presets_cut_back_what_they_build(
        texts in prop::collection::vec("([0-9A-F]{2}){1,20}", 1..6),
        cuts in prop::collection::vec(0_usize..20, 0..12),
    ) {
        let contents: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
        for preset in PRESETS {
            let contents = match preset.id {
                PresetId::Json => vec![br#"{"a":[1,"\"]}"]}"#.to_vec(), b"\"x\"".to_vec(), b"[]".to_vec()],
                PresetId::ModbusRtu => vec![vec![1, 3, 0, 0, 0, 10], vec![1, 0x83, 2], vec![2, 3, 2, 0, 7]],
                PresetId::Fix => contents.iter().map(|text| [&text[..], b"\x0110=\x01"].concat()).collect(),
                _ => contents.clone(),
            };
            prop_assert_eq!(check_round_trip(&rule(preset.name), &contents, &cuts)?, contents.len(), "{}", preset.name);
        }
    }

    #[test]
    fn an_answer_is_cut_back_too(
        rule in any::rule(),
        content in prop::collection::vec(any::<u8>(), 0..40),
        answered in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        if let Ok(built) = rule.build_answer(&content, &answered) {
            let cut = cut_back(&rule, &built.bytes, &[]);
            prop_assert_eq!(cut, [(FrameKind::Frame, rule.check.map(|_| Verdict::Ok), content)]);
        }
    }
}

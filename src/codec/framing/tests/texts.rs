//! The text form of rules: round trips, stored settings, and errors.

use super::*;
use crate::codec::RuleError;
use crate::golden;

#[test]
fn texts_read_back_and_are_what_is_stored() {
    for text in [
        "record",
        "line",
        "line:keep",
        "delim:0D0A",
        "delim:7C7C,keep,max=100",
        "fixed:8",
        "slip",
        "cobs",
        "json",
        "marks:start=24|21,end=0D0A,escape=5C,after=2,restart",
        "gap:20ms",
        "gap:1500us+CRC-16/MODBUS",
        "len:offset=0,size=4,endian=little,signed,header=8,counts=all,adjust=-2,mark=AA55@2",
        "len:offset=0,size=varint4",
        "len:offset=1,size=dec8,end=3A",
        "len:offset=0,size=dec+SUM-8:from=1",
        "line+XOR-8:from=1,form=hex,until=2A",
    ] {
        let rule = rule(text);
        assert_eq!(rule.to_string(), text);
        let stored = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<FramingRule>(&stored).unwrap(), rule);
    }
    for name in PRESETS.iter().map(|preset| preset.name) {
        let preset = FramingRule::preset(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(preset.to_string().parse::<FramingRule>().as_ref(), Ok(&preset), "{name}");
        assert_eq!(preset.preset_name(), Some(name));
        assert_eq!(name.parse::<FramingRule>(), Ok(preset));
    }
    assert_eq!(rule("line+sum8").check.map(|check| check.kind.name()), Some("SUM-8"));
    assert_eq!(rule("delim:'+'"), rule("delim:2B"));
    assert_eq!(rule(r"delim:'\r\n'"), rule("delim:0d0a"));
}

#[test]
fn options_that_make_no_difference_are_dropped() {
    for (text, canonical) in [
        ("len:size=1,endian=big", "len:offset=0,size=1"),
        ("len:size=1,endian=little", "len:offset=0,size=1"),
        ("line+SUM-8:endian=big", "line+SUM-8"),
        ("line+SUM-8:endian=little,form=hex", "line+SUM-8:form=hex"),
        ("line+SUM-16:endian=little,form=dec", "line+SUM-16:form=dec"),
        ("line+CRC-16/MODBUS:endian=little,form=hex", "line+CRC-16/MODBUS:endian=little,form=hex"),
    ] {
        let (given, canonical_rule) = (rule(text), rule(canonical));
        assert_eq!(given.to_string(), canonical, "{text}");
        assert_eq!(given, canonical_rule, "{text}");
        assert_eq!(serde_json::from_str::<FramingRule>(&format!("{text:?}")).unwrap(), canonical_rule, "{text} stored");
    }
}

#[test]
fn stored_rules_that_are_refused_today_still_load() {
    let stored = |text: &str| serde_json::from_str::<FramingRule>(&format!("{text:?}")).unwrap();
    assert_eq!(
        stored("marks:start=7E,end=7E,escape=7D,xor=00+SUM-8:from=1"),
        rule("marks:start=7E,end=7E,escape=7D+SUM-8:from=1")
    );
    assert_eq!(stored("len:offset=0,size=dec,end=20,skip=0A,max=64KiB"), rule("syslog"));
    assert_eq!(stored("len:offset=0,size=dec,end=20,skip=0A,max=32KiB").preset_name(), None, "changed by the user");
}

#[test]
fn a_wrong_text_is_refused_with_a_reason() {
    for (text, names) in [
        ("", "\"\""),
        ("nonsense", "nonsense"),
        ("delim", "delim"),
        ("delim:xyz", "xyz"),
        ("delim:''", "''"),
        ("fixed:0", "0"),
        ("fixed:999999999999", "999999999999"),
        ("len", "size"),
        ("len:size=4", "endian"),
        ("len:size=9,endian=big", "9"),
        ("len:size=dec99", "dec99"),
        ("len:size=1,nonsense=1", "nonsense"),
        ("len:size=1,size=2", "size"),
        ("len:size=1,mark=55@x", "x"),
        ("gap:20", "20"),
        ("gap:0ms", "0ms"),
        ("marks:start=02", "end"),
        ("marks:end=03,restart", "start"),
        ("marks:end=03,escape=0102", "0102"),
        ("marks:start=7E,end=7E,escape=7D,xor=00", "xor=00 cannot work with escape=7D"),
        ("len:size=1,mask=zz", "1 to 8 bytes as hex"),
        ("len:size=1,mask='A'", "1 to 8 bytes as hex"),
        ("len:size=1,mask=", "1 to 8 bytes as hex"),
        ("line:max=1TiB", "1TiB"),
        ("line+md5", "md5"),
        ("line+sum8+sum8", "line"),
        ("line+xor8:until=2A2B", "one byte"),
        ("line+xor8:until=2A,to=-3", "to has no effect on xor8 with until=2A"),
        ("slip:fast", "fast"),
        ("record:max=10", "max has no effect on record"),
        ("modbus-rtu:max=10", "max has no effect on modbus-rtu"),
        ("mqtt:maximum=10", "mqtt has no option"),
        ("stx-etx:max=0", "0"),
    ] {
        let error = text.parse::<FramingRule>().expect_err(text);
        assert!(error.to_string().contains(names), "{text}: {error}");
    }
    let error = "marks:start=02".parse::<FramingRule>().unwrap_err();
    assert_eq!(error, RuleError::Missing { rule: "marks".into(), option: "end" });
}

#[test]
fn hex_in_rules_is_read_as_everywhere() {
    assert_eq!(rule("delim:0x0D 0A"), rule(&format!("delim:{}", hex::lower(b"\r\n"))));
}

/// Each line of `texts.txt` is an input, ` => `, and the printed rule or the error. `UPDATE_GOLDEN=1` rewrites the file.
#[test]
fn texts_of_earlier_versions_say_the_same_rules() {
    let printed: String = include_str!("texts.txt")
        .lines()
        .filter_map(|line| Some(line.split_once(" => ")?.0))
        .map(|text| match text.parse::<FramingRule>() {
            Ok(rule) => format!("{text} => {rule}\n"),
            Err(error) => format!("{text} => error: {error}\n"),
        })
        .collect();
    assert_eq!(golden::difference("src/codec/framing/tests/texts.txt", printed.as_bytes()), None);
}

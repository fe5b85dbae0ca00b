//! Suffixes of version 1.

use super::*;
use crate::codec::FramingRule;

#[test]
fn every_suffix_of_version_1_sends_the_same_bytes_as_before() {
    for (written, expected) in [
        ("\"none\"", &[][..]),
        ("\"cr\"", b"\r"),
        ("\"lf\"", b"\n"),
        ("\"cr-lf\"", b"\r\n"),
        ("{\"checksum\": \"sum8\"}", &[0xDD]),
        ("{\"checksum\": \"negative-sum8\"}", &[0x23]),
        ("{\"checksum\": \"xor8\"}", &[0x31]),
        ("{\"checksum\": \"crc16-modbus\"}", &[0x37, 0x4B]),
        ("{\"checksum\": \"crc16-xmodem\"}", &[0x31, 0xC3]),
        ("{\"checksum\": \"crc16-ccitt-false\"}", &[0x29, 0xB1]),
        ("{\"checksum\": \"crc32\"}", &[0x26, 0x39, 0xF4, 0xCB]),
    ] {
        let (settings, note, _) = load_text(format!(r#"{{"version": 1, "sessions": [{{"append": {written}}}]}}"#));
        let sent = settings.sessions[0].wrap.build(b"123456789", Encoding::UTF_8, &FramingRule::default()).unwrap();
        assert_eq!((&sent.bytes[9..], note), (expected, None), "{written}");
    }
    let (settings, note, _) =
        load_text(r#"{"version": 1, "sessions": [{"append": {"checksum": "crc-99"}, "history": [["x", 1]]}]}"#);
    assert_eq!(settings.sessions, [SessionSetup::default()]);
    let mut named = unread(note);
    named.sort();
    assert_eq!(named, ["sessions[1].history[1] = [\"x\",1]", "sessions[1].wrap = {\"checksum\":\"crc-99\"}"]);
}

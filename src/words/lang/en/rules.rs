//! Framing rules and checks.

use super::En;
use crate::codec::fields::FieldId;
use crate::codec::framing::{PresetId, RuleKind};
use crate::words::texts::{ChoiceWords, FieldWords, KindWords, Rules};

impl Rules for En {
    fn rule_kind(&self, kind: RuleKind) -> KindWords {
        match kind {
            RuleKind::Record => {
                KindWords::new("As received", "Each read is a frame", "where a read ended: each record is a frame")
            }
            RuleKind::Line => {
                KindWords::new("Lines", "A frame ends at LF or CRLF", "at LF. A CR before it belongs to the line end")
            }
            RuleKind::Delimiter => KindWords::new("Delimiter", "A frame ends with these bytes", "at these bytes"),
            RuleKind::Marks => KindWords::new(
                "Between markers",
                "A frame is enclosed by two markers",
                "at the end marker. It begins at a start marker. Where both are the same flag (`start=7E,end=7E`), one flag may end a \
                 frame and begin the next; of two flags, the second one begins a frame",
            ),
            RuleKind::Fixed => {
                KindWords::new("Fixed length", "All frames have the same length", "after this many bytes")
            }
            RuleKind::Length => KindWords::new(
                "Length field",
                "A length field in the frame gives its length",
                "where a length in the frame says",
            ),
            RuleKind::Gap => KindWords::new(
                "Idle gap",
                "A frame ends after this long without data",
                "when nothing has come for this long",
            ),
            RuleKind::Slip => KindWords::new(
                "SLIP",
                "Frames end with C0 (RFC 1055); shown without escapes",
                "at END, `C0` (RFC 1055). The payload is shown without escapes",
            ),
            RuleKind::Cobs => KindWords::new(
                "COBS",
                "Frames end with 00; shown decoded",
                "at `00` (consistent overhead byte stuffing). The payload is shown decoded",
            ),
            RuleKind::Json => KindWords::new(
                "JSON",
                "Each JSON value is a frame",
                "where a JSON value ends. White space between values is allowed",
            ),
            RuleKind::Rtu => KindWords::new(
                "Modbus RTU",
                "By function code, length and CRC",
                "where function code and length of Modbus RTU say, if the CRC is right. It does not matter how requests and answers \
                 were joined or cut. After 0.5 s of silence the rest is a frame with a wrong CRC",
            ),
        }
    }

    fn rule_field(&self, field: FieldId) -> FieldWords {
        match field {
            FieldId::KeepLineEnd => {
                FieldWords::new("Payload includes the line end", "", "the line end is part of the payload")
            }
            FieldId::Delimiter => FieldWords::new("Delimiter bytes", "0D 0A", "the bytes that end a frame"),
            FieldId::KeepDelimiter => {
                FieldWords::new("Payload includes the delimiter", "", "the delimiter is part of the payload")
            }
            FieldId::Starts => FieldWords::new(
                "Start markers",
                "none; several with |",
                "a frame begins with one of these. Without it, a frame begins right behind the previous one",
            ),
            FieldId::End => FieldWords::new(
                "End marker",
                "03",
                "a frame ends with this. `0A` is a line end: a CR before it belongs to it",
            ),
            FieldId::Escape => {
                FieldWords::new("Escape byte", "none", "the byte behind this one is content, not a marker")
            }
            FieldId::EscapeXor => FieldWords::new(
                "XOR for the escaped byte",
                "none",
                "the byte behind the escape byte is exclusive-ored with this one (PPP, HDLC: `escape=7D,xor=20`). The check covers the \
                 bytes before they were escaped",
            ),
            FieldId::Swap => FieldWords::new(
                "Byte replacements",
                "none; 7E:7D02 | 7D:7D01",
                "these bytes of the content are sent as these codes (JT/T 808: `swap=7E:7D02|7D:7D01`). The check covers the bytes \
                 before they were replaced. What is none of the codes is left as it is",
            ),
            FieldId::After => {
                FieldWords::new("Trailing bytes", "0", "this many bytes behind the end marker belong to the frame")
            }
            FieldId::Restart => FieldWords::new(
                "A start marker restarts the frame",
                "",
                "a start marker within a frame begins a new frame",
            ),
            FieldId::FixedLength => FieldWords::new("Bytes per frame", "8", "the length of every frame; at most `max`"),
            FieldId::LengthOffset => FieldWords::new("Length field offset", "0", "bytes before the length field"),
            FieldId::LengthSize => FieldWords::new(
                "Length field size",
                "",
                "`1` to `8`: bytes of the length field. `varint4`: groups of 7 bits, low groups first, at most 4 bytes. `dec8`: 8 \
                 decimal digits with spaces or zeros in front. `dec`: digits up to the first byte that is no digit. `hex4`: 4 \
                 hexadecimal digits. `scpi`: a SCPI block header (IEEE 488.2): `#`, a digit N from 1 to 9, \
                 then N decimal digits",
            ),
            FieldId::LengthEndian => {
                FieldWords::new("Byte order", "", "byte order of the length. A length of several bytes needs it")
            }
            FieldId::LengthSigned => FieldWords::new(
                "Signed number",
                "",
                "the length is a two's complement number. A negative length fits no frame",
            ),
            FieldId::DigitsEnd => {
                FieldWords::new("Byte after the digits", "none", "with `size=dec`: the byte behind the digits")
            }
            FieldId::DigitsNonzero => FieldWords::new(
                "First digit is not 0",
                "",
                "with `size=dec`: the first digit is 1 to 9. A length with a 0 in front fits no frame (RFC 6587)",
            ),
            FieldId::LengthMask => FieldWords::new(
                "Length bit mask (hex)",
                "all",
                "only these bits of the field are the length, moved down: `size=2,endian=big,mask=07FF` reads `A01B` as 27 (HDLC)",
            ),
            FieldId::Behind => FieldWords::new(
                "Bytes before the length",
                "none",
                "the length field follows the first of these bytes at or after `offset`, at most 256 bytes further (FIX: \
                 `behind='\\x019='`)",
            ),
            FieldId::Skip => FieldWords::new(
                "Skipped between frames",
                "none",
                "bytes that may be between two frames; they are separators. Without `mark` and check, the next frame after an \
                 impossible length is looked for behind such a byte",
            ),
            FieldId::Header => FieldWords::new(
                "Header length",
                "up to the length",
                "where the payload begins. Without it: behind the length field",
            ),
            FieldId::Counts => FieldWords::new(
                "Length includes the header",
                "",
                "what the length counts: the payload, or all of the frame",
            ),
            FieldId::Adjust => FieldWords::new(
                "Adjustment",
                "0",
                "added to the length. `adjust=2`: a CRC-16 follows the payload and the length does not count it",
            ),
            FieldId::Mark => FieldWords::new("Fixed bytes", "none", "bytes that every frame has at this place"),
            FieldId::Gap => FieldWords::new("Gap (ms)", "20", "how long the silence is"),
            FieldId::JsonEncoding => FieldWords::new(
                "Encoding",
                "",
                "the encoding of the text. In Big5, Shift_JIS, GBK and GB18030, bytes of some characters look like brackets and \
                 backslashes. Without it: the encoding of the session (`--encoding`)",
            ),
            FieldId::Max => FieldWords::new(
                "Longest frame",
                "16 MiB",
                "the longest frame, with header and markers. What is longer fits no frame",
            ),
            FieldId::CheckFrom => FieldWords::new(
                "Checksum from",
                "0",
                "first byte that the check covers. Negative: counted from the end of the frame",
            ),
            FieldId::CheckUntil => FieldWords {
                label: "Byte before the checksum",
                hint: "none",
                note: "A frame without this byte is not verified",
                meaning: "in place of `to` and `at`: the check covers the bytes before the first such byte, and the value follows it. A \
                          frame without this byte has no value: it is neither right nor wrong",
            },
            FieldId::CheckTo => FieldWords::new(
                "Checksum up to",
                "the checksum",
                "end of the bytes that the check covers. Without it: where the value begins",
            ),
            FieldId::CheckAt => FieldWords::new(
                "Checksum offset",
                "the frame's end",
                "where the value begins. Without it: it ends the frame",
            ),
            FieldId::CheckEndian => FieldWords::new(
                "Checksum byte order",
                "",
                "byte order of the value. Without it: little for reflected CRCs written as bytes, big for all else",
            ),
            FieldId::CheckForm => FieldWords::new(
                "Checksum format",
                "",
                "how the value is written: as bytes, as hexadecimal digits, or as decimal digits with zeros in front, as many as the \
                 greatest value has (`SUM-8`: three). `dec5`: five digits",
            ),
            FieldId::CheckCovers => FieldWords::new(
                "Checksum of the bytes that hex digits stand for",
                "",
                "what the check is computed over: the bytes of the frame, or the bytes that pairs of hexadecimal digits stand for \
                 (Modbus ASCII)",
            ),
            FieldId::CheckMask => FieldWords::new(
                "Checksum bit mask (hex)",
                "all",
                "only these bits of the written value are the check, moved down. As many low bits of the computed value count",
            ),
        }
    }

    fn rule_choice(&self, word: &str) -> ChoiceWords {
        match (word, word.parse::<u8>()) {
            ("little", _) => ChoiceWords::plain("Little-endian"),
            ("big", _) => ChoiceWords::plain("Big-endian"),
            ("varint", _) => ChoiceWords::numbered("Varint", "Maximum bytes", "10"),
            ("dec", _) => ChoiceWords::numbered("Decimal digits", "Digits", "any number"),
            ("hex", _) => ChoiceWords::numbered("Hexadecimal digits", "Digits", "4"),
            ("binary" | "bytes", _) => ChoiceWords::plain("Bytes"),
            ("scpi", _) => ChoiceWords::plain("SCPI block (#N)"),
            (_, Ok(1)) => ChoiceWords::plain("1 byte"),
            (_, Ok(count)) => ChoiceWords::plain(format!("{count} bytes")),
            (word, Err(_)) => ChoiceWords::plain(word),
        }
    }

    fn rule_place(&self) -> &'static str {
        "Offset of the fixed bytes"
    }

    fn rule_preset(&self, preset: PresetId) -> &'static str {
        match preset {
            PresetId::Record => "As received",
            PresetId::PyStructI => "4-byte length (struct 'i')",
            PresetId::ModbusTcp => "Modbus TCP",
            PresetId::ModbusRtu => "Modbus RTU",
            PresetId::Line => "Lines (LF or CRLF)",
            PresetId::Nmea => "NMEA 0183",
            PresetId::Slip => "SLIP",
            PresetId::Cobs => "COBS",
            PresetId::StxEtx => "STX … ETX",
            PresetId::Json => "JSON",
            PresetId::Mqtt => "MQTT",
            PresetId::Jt808 => "JT/T 808",
            PresetId::ModbusAscii => "Modbus ASCII",
            PresetId::Fix => "FIX",
            PresetId::Yd1363 => "YD/T 1363",
            PresetId::Dlt645 => "DL/T 645",
            PresetId::Iec104 => "IEC 60870-5-104",
            PresetId::Gb32960 => "GB/T 32960",
            PresetId::Mllp => "HL7 (MLLP)",
            PresetId::Syslog => "Syslog (octet counting)",
            PresetId::Scpi => "SCPI",
        }
    }
}

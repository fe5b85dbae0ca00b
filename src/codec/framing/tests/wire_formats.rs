//! Wire formats of other standards. The frames are examples of the standard or are composed from its tables.

use super::*;
use crate::codec::Check;
use proptest::prelude::*;

/// A wire format with example frames.
struct Format {
    rule: &'static str,
    /// Bytes of each frame (escaped), and its content.
    frames: &'static [(&'static str, &'static str)],
    /// Bytes that can occur between two frames.
    between: &'static str,
    /// Junk after which the scanner must find the next frame.
    junk: &'static str,
}

/// PPP in HDLC-like framing (RFC 1662): the FCS covers the bytes before they are escaped.
const PPP: &str = "marks:start=7E,end=7E,escape=7D,xor=20+CRC-16/IBM-SDLC:from=1,at=-3";

/// HDLC frames of DLMS (IEC 62056-46 §6.4): the length is 11 bits of two bytes.
const DLMS: &str =
    "len:offset=1,size=2,endian=big,counts=all,mask=07FF,adjust=2,mark=7E@0+CRC-16/IBM-SDLC:from=1,at=-3";

/// YD/T 1363.3 §5: the high digit of LENGTH is its own check, the other three are the length.
const YD1363_LENGTH: &str = "len:offset=9,size=hex4,mask=0FFF,adjust=5,mark=7E@0+NEG-SUM-16:from=1,at=-5,form=hex";

const FORMATS: &[Format] = &[
    Format {
        rule: JT808,
        frames: &[
            // The header of a location report and a body that contains the flag and the escape byte, escaped as in
            // JT/T 808-2019 §4.4.2.
            (
                r"\x7E\x00\x02\x00\x04\x01\x23\x45\x67\x89\x01\x00\x01\x11\x22\x7D\x02\x33\xF1\x7E",
                r"\x00\x02\x00\x04\x01\x23\x45\x67\x89\x01\x00\x01\x11\x22\x7E\x33\xF1",
            ),
            // Frames whose check is 7E and 7D.
            (
                r"\x7E\x00\x02\x00\x00\x01\x23\x45\x67\x89\x01\x00\xF4\x7D\x02\x7E",
                r"\x00\x02\x00\x00\x01\x23\x45\x67\x89\x01\x00\xF4\x7E",
            ),
            (
                r"\x7E\x00\x02\x00\x00\x01\x23\x45\x67\x89\x01\x00\xF7\x7D\x01\x7E",
                r"\x00\x02\x00\x00\x01\x23\x45\x67\x89\x01\x00\xF7\x7D",
            ),
        ],
        between: "",
        junk: r"\x11\x22",
    },
    Format {
        rule: PPP,
        frames: &[
            // LCP Configure-Request with the options ACCM and magic number.
            (
                r"\x7E\xFF\x7D\x23\xC0\x21\x7D\x21\x7D\x21\x7D\x20\x7D\x30\x7D\x22\x7D\x26\x7D\x20\x7D\x20\x7D\x20\x7D\x20\x7D\x25\x7D\x26\x7D\x5E\x7D\x31\x22\x7D\x5D\xFB\x7D\x24\x7E",
                r"\xFF\x03\xC0\x21\x01\x01\x00\x10\x02\x06\x00\x00\x00\x00\x05\x06\x7E\x11\x22\x7D\xFB\x04",
            ),
            (
                r"\x7E\xFF\x7D\x23\xC0\x21\x7D\x29\x7D\x22\x7D\x20\x7D\x24\x7D\x36\x7D\x2D\x2A\x55\x7D\x3F\x82\x7E",
                r"\xFF\x03\xC0\x21\x09\x02\x00\x04\x16\x0D\x2A\x55\x1F\x82",
            ),
        ],
        between: "",
        junk: r"\x11\x22",
    },
    Format {
        rule: DLMS,
        frames: &[
            // SNRM and DISC of a client with address 16 to a meter with address 1.
            (r"\x7E\xA0\x07\x03\x21\x93\x0F\x01\x7E", r"\x03\x21\x93\x0F\x01\x7E"),
            (r"\x7E\xA0\x07\x03\x21\x53\x03\xC7\x7E", r"\x03\x21\x53\x03\xC7\x7E"),
        ],
        between: "",
        junk: r"\x11\x22",
    },
    Format {
        rule: MODBUS_ASCII,
        frames: &[
            (r":010300000002FA\r\n", "010300000002FA"),
            // MODBUS Application Protocol V1.1b3 §6.3, over a serial line.
            (r":1103006B00037E\r\n", "1103006B00037E"),
            (r":1103006b00037e\r\n", "1103006b00037e"),
        ],
        between: "",
        junk: "0123",
    },
    Format {
        rule: FIX,
        frames: &[
            // A widely published execution report. The checksum has three digits.
            (
                r"8=FIX.4.2\x019=178\x0135=8\x0149=PHLX\x0156=PERS\x0152=20071123-05:30:00.000\x0111=ATOMNOCCC9990900\x0120=3\x01150=E\x0139=E\x0155=MSFT\x01167=CS\x0154=1\x0138=15\x0140=2\x0144=15\x0158=PHLX EQUITY TESTING\x0159=0\x0147=C\x0132=0\x0131=0\x01151=15\x0114=0\x016=0\x0110=128\x01",
                r"35=8\x0149=PHLX\x0156=PERS\x0152=20071123-05:30:00.000\x0111=ATOMNOCCC9990900\x0120=3\x01150=E\x0139=E\x0155=MSFT\x01167=CS\x0154=1\x0138=15\x0140=2\x0144=15\x0158=PHLX EQUITY TESTING\x0159=0\x0147=C\x0132=0\x0131=0\x01151=15\x0114=0\x016=0\x0110=128\x01",
            ),
            (
                r"8=FIXT.1.1\x019=55\x0135=0\x0134=102\x0149=BANK\x0152=20260131-08:00:59.000\x0156=SENDER\x0110=088\x01",
                r"35=0\x0134=102\x0149=BANK\x0152=20260131-08:00:59.000\x0156=SENDER\x0110=088\x01",
            ),
        ],
        between: "",
        junk: "12=3",
    },
    Format {
        rule: YD1363,
        frames: &[
            // Requests to battery packs, and a response.
            (r"~20024642E00202FD33\r", "20024642E00202FD33"),
            (r"~20014A47E00201FD25\r", "20014A47E00201FD25"),
        ],
        between: "",
        junk: "0123",
    },
    Format {
        rule: YD1363_LENGTH,
        frames: &[(r"~20024642E00202FD33\r", r"02FD33\r"), (r"~20014642E00201FD35\r", r"01FD35\r")],
        between: "",
        junk: "0123",
    },
    Format {
        rule: DLT645,
        frames: &[
            // DL/T 645-2007 §7.3: read the address, then the energy of a meter. Four bytes FE wake up the receiver.
            (r"\x68\xAA\xAA\xAA\xAA\xAA\xAA\x68\x13\x00\xDF\x16", r"\xDF\x16"),
            (r"\x68\x12\x34\x56\x78\x90\x12\x68\x11\x04\x33\x33\x34\x33\x68\x16", r"\x33\x33\x34\x33\x68\x16"),
            (
                r"\x68\x12\x34\x56\x78\x90\x12\x68\x91\x08\x33\x33\x34\x33\x68\x45\x33\x33\xFF\x16",
                r"\x33\x33\x34\x33\x68\x45\x33\x33\xFF\x16",
            ),
        ],
        between: r"\xFE\xFE\xFE\xFE",
        junk: r"\x11\x22",
    },
    Format {
        rule: IEC104,
        frames: &[
            // IEC 60870-5-104 §5: STARTDT act and con, an acknowledgement, a general interrogation.
            (r"\x68\x04\x07\x00\x00\x00", ""),
            (r"\x68\x04\x0B\x00\x00\x00", ""),
            (r"\x68\x04\x01\x00\x02\x00", ""),
            (
                r"\x68\x0E\x00\x00\x00\x00\x64\x01\x06\x00\x01\x00\x00\x00\x00\x14",
                r"\x64\x01\x06\x00\x01\x00\x00\x00\x00\x14",
            ),
        ],
        between: "",
        junk: r"\x11\x22\x68\x00",
    },
    Format {
        rule: GB32960,
        frames: &[
            // GB/T 32960.3-2016 §6: a vehicle's heartbeat and its login.
            (r"##\x07\xFELSFA0123456789012\x01\x00\x00\xD2", r"\xD2"),
            (
                r"##\x01\xFELSFA0123456789012\x01\x00\x1E\x15\x0A\x1E\x0A\x1E\x00\x00\x0189860012345678901234\x01\x00\xD5",
                r"\x15\x0A\x1E\x0A\x1E\x00\x00\x0189860012345678901234\x01\x00\xD5",
            ),
        ],
        between: "",
        junk: r"\x11\x22",
    },
    Format {
        rule: MLLP,
        frames: &[
            // HL7 transport specification MLLP release 1.
            (
                r"\x0BMSH|^~\\&|LAB|H|EHR|H|202601310800||ORU^R01|1|P|2.5\rPID|||7||Doe^Jane\r\x1C\r",
                r"MSH|^~\\&|LAB|H|EHR|H|202601310800||ORU^R01|1|P|2.5\rPID|||7||Doe^Jane\r",
            ),
            (r"\x0BMSH|^~\\&|EHR\rMSA|AA|1\r\x1C\r", r"MSH|^~\\&|EHR\rMSA|AA|1\r"),
        ],
        between: "",
        junk: r"\n",
    },
    Format {
        rule: SYSLOG,
        frames: &[
            // RFC 5424 §6.5, the first example, with the count of RFC 6587 §3.4.1.
            (
                "107 <34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed for lonvick on /dev/pts/8",
                "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed for lonvick on /dev/pts/8",
            ),
            (r"12 <13>1 - a\nb\n", r"<13>1 - a\nb\n"),
            ("4 <0>1", "<0>1"),
        ],
        between: r"\n",
        junk: r"<13>not counted\n",
    },
    Format {
        rule: SCPI,
        frames: &[
            // IEEE 488.2 §8.7.9: definite length blocks with one and with several digits of length; text responses around them.
            ("#15hello", "hello"),
            (r"#210ab\ncd\r\n#12", r"ab\ncd\r\n#12"),
            ("#800000003\\x00\\n\\xFF", r"\x00\n\xFF"),
            ("#10", ""),
            (r"1.5,#13a\nb;2\n", r"1.5,#13a\nb;2"),
            (r":CURVE #13x\ny\r\n", r":CURVE #13x\ny"),
            ("ACME,'a #15',Channel #12\\n", "ACME,'a #15',Channel #12"),
            (r"#H1F\n", "#H1F"),
        ],
        between: r"\r\n",
        junk: "",
    },
];

const JT808: &str = "jt808";
const MODBUS_ASCII: &str = "modbus-ascii";
const FIX: &str = "fix";
const YD1363: &str = "yd1363";
const DLT645: &str = "dlt645";
const IEC104: &str = "iec104";
const GB32960: &str = "gb32960";
const MLLP: &str = "mllp";
const SYSLOG: &str = "syslog";
const SCPI: &str = "scpi";

impl Format {
    fn bytes(&self) -> Vec<Vec<u8>> {
        self.frames.iter().map(|(bytes, _)| unescaped(bytes)).collect()
    }

    fn contents(&self) -> Vec<Vec<u8>> {
        self.frames.iter().map(|(_, content)| unescaped(content)).collect()
    }
}

/// The contents of the frames of a stream, their verdicts, and whether the stream contains nothing but frames and separators.
fn seen(rule: &FramingRule, parts: &[&[u8]]) -> (Vec<Vec<u8>>, Vec<Option<bool>>, bool) {
    let emitted = frames_of(rule, parts);
    let frames = || emitted.iter().filter(|(frame, _)| frame.kind == FrameKind::Frame);
    let contents = frames().map(|(frame, bytes)| rule.content(&bytes[frame.payload_within()]).into_owned()).collect();
    let verdicts = frames().map(|(frame, _)| frame.verdict.map(Verdict::is_ok)).collect();
    let is_clean = emitted.iter().all(|(frame, _)| matches!(frame.kind, FrameKind::Frame | FrameKind::Separator));
    (contents, verdicts, is_clean)
}

#[test]
fn frames_of_every_format_are_found_however_they_come() {
    for format in FORMATS {
        let (rule, expected) = (rule(format.rule), format.contents());
        let right = vec![rule.check.map(|_| true); expected.len()];
        for between in ["", format.between] {
            let stream = format.bytes().join(&unescaped(between)[..]);
            let expected = (expected.clone(), right.clone(), true);
            assert_eq!(seen(&rule, &[&stream]), expected, "{} glued", format.rule);
            for cut in 1..stream.len() {
                let (first, second) = stream.split_at(cut);
                assert_eq!(seen(&rule, &[first, second]), expected, "{} cut at {cut}", format.rule);
            }
            let singly: Vec<&[u8]> = stream.chunks(1).collect();
            assert_eq!(seen(&rule, &singly), expected, "{} byte by byte", format.rule);
        }
        for (bytes, content) in format.bytes().iter().zip(&expected) {
            let alone = (vec![content.clone()], vec![right[0]], true);
            assert_eq!(seen(&rule, &[bytes]), alone, "{} alone", format.rule);
            assert_eq!(rule.verify(bytes).map(Verdict::is_ok), right[0], "{} as a frame", format.rule);
            assert!(!emitted(&rule, &[&bytes[..bytes.len() - 1]]).iter().any(|line| line.starts_with('F')));
        }
    }
}

#[test]
fn frames_of_every_format_are_found_behind_what_is_none() {
    for format in FORMATS.iter().filter(|format| !format.junk.is_empty()) {
        let (rule, junk) = (rule(format.rule), unescaped(format.junk));
        let stream = [&junk[..], &format.bytes().join(&junk[..]), &junk].concat();
        let (contents, verdicts, _) = seen(&rule, &[&stream]);
        // The bytes between two flags are a frame, too.
        let right = contents.into_iter().zip(verdicts).filter(|(_, verdict)| *verdict != Some(false));
        assert_eq!(right.map(|(content, _)| content).collect::<Vec<_>>(), format.contents(), "{}", format.rule);
    }
}

#[test]
fn a_changed_byte_makes_the_check_of_its_frame_wrong_and_no_other() {
    for format in FORMATS {
        let rule = rule(format.rule);
        let Some(check) = rule.check else { continue };
        for index in 0..format.frames.len() {
            let mut frames = format.bytes();
            let value = rule.value_within(&frames[index]).unwrap_or_else(|| panic!("{}", format.rule));
            // The last digit or byte of the value, which is not escaped.
            let changed = &mut frames[index][value.end - 1];
            *changed = match *changed {
                0x01 | 0x02 if format.rule == JT808 => 0x31,
                byte => byte ^ 1,
            };
            let stream = frames.concat();
            let (contents, verdicts, _) = seen(&rule, &[&stream]);
            assert_eq!(contents.len(), format.frames.len(), "{} {index}", format.rule);
            let wrong: Vec<usize> =
                verdicts.iter().enumerate().filter(|(_, verdict)| **verdict == Some(false)).map(|(at, _)| at).collect();
            assert_eq!(wrong, [index], "{} with {check}", format.rule);
            assert_eq!(rule.verify(&frames[index]).map(Verdict::is_ok), Some(false), "{} alone", format.rule);
        }
    }
}

#[test]
fn the_position_of_the_check_value_is_found_among_escapes() {
    for (rule_text, frame, value) in [
        (JT808, "7E 0002 7D02 7D01 11 7E", 7..8),
        (JT808, "7E 7D02 7D02 7E", 3..5),
        (JT808, "7E 0002 02 7E", 3..4),
        (PPP, "7E FF 7D23 7D5E 7D5D 7E", 4..8),
        ("marks:start=7E,end=7E+XOR-8:from=1,at=-2", "0102 03 7E", 2..3),
        ("line+SUM-8", "01 02 03 0D 0A", 2..3),
    ] {
        let (rule, frame) = (rule(rule_text), hex::parse(frame).unwrap());
        assert_eq!(rule.value_within(&frame), Some(value), "{rule_text} {frame:X?}");
    }
    assert_eq!(rule("slip+SUM-8").value_within(b"\x01\x01\xC0"), None, "packed");
    assert_eq!(rule("line").value_within(b"a\n"), None, "no check");
}

#[test]
fn what_is_no_escape_of_the_table_is_left_as_it_is() {
    for (rule_text, stream, content) in [
        ("marks:start=7E,end=7E,swap=7E:7D02|7D:7D01", "7E 11 7D 33 7D 7E", "11 7D 33 7D"),
        ("marks:start=7E,end=7E,escape=7D,xor=20", "7E 11 7D 7E", "11 7D"),
        ("marks:start=7E,end=7E,escape=7D,xor=20", "7E 7D5E 7D5D 7D20 7E", "7E 7D 00"),
        // Data link escapes (ISO 1745) as a table: DLE is doubled, and DLE ETX ends the frame.
        ("marks:start=1002,end=1003,swap=10:1010", "1002 11 1010 03 1003", "11 10 03"),
        ("marks:start=1002,end=1003,swap=10:1010", "1002 1010 1003", "10"),
    ] {
        let (rule, stream, content) = (rule(rule_text), hex::parse(stream).unwrap(), hex::parse(content).unwrap());
        assert_eq!(seen(&rule, &[&stream]), (vec![content], vec![None], true), "{rule_text} {stream:X?}");
    }
}

#[test]
fn a_length_in_part_of_the_bits_is_moved_down() {
    let of = |text: &str, header: &[u8]| -> Option<u64> {
        let rule = rule(text);
        let stream = [header, &[b'x'; 5000]].concat();
        let emitted = frames_of(&rule, &[&stream]);
        (emitted[0].0.kind == FrameKind::Frame).then(|| emitted[0].0.payload_within().len() as u64)
    };
    assert_eq!(of("len:size=2,endian=big,mask=07FF", &[0xA0, 0x1B]), Some(27));
    assert_eq!(of("len:size=2,endian=little,mask=07FF", &[0x1B, 0xA0]), Some(27));
    assert_eq!(of("len:size=2,endian=big,mask=FFF0", &[0x01, 0xBF]), Some(27));
    assert_eq!(of("len:size=1,mask=3F", &[0xDB]), Some(27));
    assert_eq!(of("len:size=hex4,mask=0FFF", b"E002"), Some(2));
    assert_eq!(of("len:size=hex2", b"1b"), Some(27));
    assert_eq!(of("len:size=hex2", b"1g"), None);
    assert_eq!(of("len:size=8,endian=big,mask=8000000000000000", &[0x80, 0, 0, 0, 0, 0, 0, 0]), Some(1));
}

#[test]
fn a_length_field_is_found_behind_its_name() {
    let rule = rule(r"len:behind='Length: ',size=dec,end=0A");
    let stream = b"Type: a\nLength: 5\nhelloLength: 3\nabc";
    assert_eq!(seen(&rule, &[stream]).0, [b"hello".to_vec(), b"abc".to_vec()]);
    let far = [&[b'x'; 300][..], b"Length: 1\na"].concat();
    assert!(seen(&rule, &[&far]).0.is_empty(), "only 256 bytes are searched");
}

#[test]
fn the_longest_frames_of_each_standard_fit_its_preset() {
    let sum = |bytes: &[u8]| bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    let xor = |bytes: &[u8]| bytes.iter().fold(0, |xor, byte| xor ^ byte);
    // GB/T 32960.3: 65531 bytes of data.
    let gb32960 = [b"##\x02\xFELSFA0123456789012\x01\xFF\xFB", &[7; 65_531][..]].concat();
    let gb32960 = [&gb32960[..], &[xor(&gb32960[2..])]].concat();
    // DL/T 645: the length has one byte.
    let dlt645 = [&[0x68, 1, 2, 3, 4, 5, 6, 0x68, 0x91, 255][..], &[0x33; 255]].concat();
    let dlt645 = [&dlt645[..], &[sum(&dlt645), 0x16]].concat();
    // IEC 60870-5-104: 253 bytes behind the length.
    let iec104 = [&[0x68, 253, 0, 0, 0, 0][..], &[1; 249]].concat();
    // MODBUS over serial line: address, 253 bytes and LRC as digits.
    let modbus = format!(":{}{:02X}\r\n", "01".repeat(254), 254_u8.wrapping_neg()).into_bytes();
    // YD/T 1363.3: LENID has 12 bits.
    let info = format!("20014600F{:03X}{}", 4095, "0".repeat(4095));
    let check = info.bytes().fold(0_u16, |sum, byte| sum.wrapping_add(byte.into())).wrapping_neg();
    let yd1363 = format!("~{info}{check:04X}\r").into_bytes();
    // JT/T 808: a header of 21 bytes and a body of 1023, all of them escaped, and the check.
    let jt808 = [b"~", &b"\x7D\x02".repeat(1044)[..], b"\x00~"].concat();
    for (preset, frame) in [
        (GB32960, gb32960),
        (DLT645, dlt645),
        (IEC104, iec104),
        (MODBUS_ASCII, modbus),
        (YD1363, yd1363),
        (JT808, jt808),
    ] {
        let rule = rule(preset);
        let (contents, verdicts, is_clean) = seen(&rule, &[&frame]);
        assert_eq!((contents.len(), is_clean), (1, true), "{preset}, {} bytes", frame.len());
        assert_eq!(verdicts, [rule.check.map(|_| true)], "{preset}");
    }
}

#[test]
fn checks_of_text_protocols() {
    for (check, frame, verdict) in [
        ("SUM-8:form=dec", "ab195", Verdict::Ok),
        ("SUM-8:form=dec", "\\x01001", Verdict::Ok),
        ("SUM-8:form=dec", "\\x011 1", Verdict::Bad { computed: 1, found: None }),
        ("SUM-8:form=dec5", "\\x0100002", Verdict::Bad { computed: 1, found: Some(2) }),
        ("SUM-8:form=dec20", "\\x0199999999999999999999", Verdict::Bad { computed: 1, found: None }),
        ("NEG-SUM-8:covers=hex,form=hex", "010300000002FA", Verdict::Ok),
        ("NEG-SUM-8:covers=hex,form=hex", "010300000002fa", Verdict::Ok),
        ("NEG-SUM-8:covers=hex", "0103\\xFC", Verdict::Ok),
        ("NEG-SUM-8:covers=hex,form=hex", "01030FC", Verdict::NotHex),
        ("NEG-SUM-8:covers=hex,form=hex", "01x3FC", Verdict::NotHex),
        ("NEG-SUM-8:covers=hex,form=hex", "0103xx", Verdict::Bad { computed: 0xFC, found: None }),
        ("SUM-8:covers=hex,form=hex", "0G00", Verdict::NotHex),
        ("SUM-8:covers=hex,mask=0F", "zz\\x00", Verdict::NotHex),
        ("NEG-SUM-16:form=hex", "20024642E00202FD33", Verdict::Ok),
        ("NEG-SUM-16:form=hex", "20024642E00202FD34", Verdict::Bad { computed: 0xFD33, found: Some(0xFD34) }),
        ("SUM-8:mask=0F", "\\x01\\x02\\xF3", Verdict::Ok),
        ("SUM-8:mask=F0", "\\x01\\x02\\x3F", Verdict::Ok),
        ("SUM-8:mask=0F", "\\x01\\x02\\xF4", Verdict::Bad { computed: 3, found: Some(4) }),
        ("SUM-12:mask=0FFF", "\\xFF\\xFF\\xF1\\xFE", Verdict::Ok),
        ("SUM-7", "\\x7F\\x02\\x01", Verdict::Ok),
    ] {
        let check: Check = check.parse().unwrap();
        assert_eq!(check.verifier().verify(&unescaped(frame)), Some(verdict), "{check} {frame}");
    }
    let dec: Check = "SUM-8:form=dec".parse().unwrap();
    assert_eq!((dec.written(88).as_str(), dec.written(1).as_str()), ("088", "001"));
    assert_eq!("NEG-SUM-16:form=hex".parse::<Check>().unwrap().written(0xFD33), "FD33");
}

#[test]
fn a_wrong_count_of_a_syslog_message_costs_the_messages_up_to_the_next_line() {
    let rule = rule(SYSLOG);
    let stream = b"4 <0>a\nx4 <0>b\n4 <0>c\n";
    let emitted = emitted(&rule, &[stream]);
    assert_eq!(emitted, ["F <0>a", r"S \x0A", r"J x4 <0>b\x0A", "F <0>c", r"S \x0A"]);
}

#[test]
fn a_syslog_length_has_no_zero_in_front() {
    let emitted = |text: &str, stream: &[u8]| emitted(&rule(text), &[stream]);
    assert_eq!(emitted(SYSLOG, b"04 <0>a\n4 <0>b"), [r"J 04 <0>a\x0A", "F <0>b"]);
    assert_eq!(emitted(SYSLOG, b"0 4 <0>b"), ["J 0 4 <0>b"]);
    assert_eq!(emitted(SYSLOG, b"10 <0>abcdefg"), ["F <0>abcdefg"]);
    assert_eq!(emitted("len:size=dec,end=20", b"04 <0>a"), ["F <0>a"], "only where the rule says so");
    assert!("len:size=dec4,nonzero".parse::<FramingRule>().is_err(), "zeros fill a field of fixed width");
    assert!("len:size=2,endian=big,nonzero".parse::<FramingRule>().is_err());
}

#[test]
fn a_text_response_that_is_too_long_is_junk_up_to_its_end() {
    let rule = rule("scpi:max=8");
    let emitted = emitted(&rule, &[b"12345678901\n1.5\n#19123456789\n#13abc\n"]);
    let cut = ["J 12345678", r"J 901\x0A", "F 1.5", "J #1912345", r"J 6789\x0A", "F abc", r"S \x0A"];
    assert_eq!(emitted, cut);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_is_escaped_comes_back(payload in prop::collection::vec(prop_oneof![Just(0x7D), Just(0x7E), any::<u8>()], 1..60)) {
        let check = |payload: &[u8]| payload.iter().fold(0, |xor, byte| xor ^ byte);
        let whole = [&payload[..], &[check(&payload)]].concat();
        let swapped = whole.iter().flat_map(|byte| match byte {
            0x7E => vec![0x7D, 2],
            0x7D => vec![0x7D, 1],
            byte => vec![*byte],
        });
        let xored = whole.iter().flat_map(|byte| match byte {
            0x7D | 0x7E => vec![0x7D, byte ^ 0x20],
            byte => vec![*byte],
        });
        let jt808 = [vec![0x7E], swapped.collect(), vec![0x7E]].concat();
        let hdlc = [vec![0x7E], xored.collect(), vec![0x7E]].concat();
        for (text, frame) in [(JT808, jt808), ("marks:start=7E,end=7E,escape=7D,xor=20+XOR-8:from=1,at=-2", hdlc)] {
            let rule = rule(text);
            prop_assert_eq!(seen(&rule, &[&frame]), (vec![whole.clone()], vec![Some(true)], true));
            let value = rule.value_within(&frame).unwrap();
            prop_assert_eq!(value.end, frame.len() - 1);
        }
    }
}

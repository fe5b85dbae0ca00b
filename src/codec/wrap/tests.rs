use super::*;
use crate::codec::checksum::{ChecksumKind, Endian};
use crate::codec::{Framer, FramingRule};
use proptest::prelude::*;

fn check(name: &str) -> Appended {
    Appended::new(ChecksumKind::by_name(name).expect(name))
}

fn own(bytes: &[u8]) -> OwnBytes {
    OwnBytes::new(bytes).expect("short enough")
}

fn built(wrap: &Wrap, payload: &[u8]) -> Vec<u8> {
    wrap.build(payload, Encoding::UTF_8, &FramingRule::default()).expect("short enough").bytes
}

#[test]
fn an_empty_wrap_changes_nothing() {
    let wrap = Wrap::default();
    assert!(wrap.is_empty() && built(&wrap, b"abc") == b"abc" && built(&wrap, b"").is_empty());
}

#[test]
fn each_length_head_counts_what_it_says() {
    let length = |width, endian, counts_check, counts_itself| Wrap {
        head: Head::Length(LengthHead { width, endian, counts_check, counts_itself }),
        checks: vec![check("XOR-8")],
        ..Wrap::default()
    };
    for (width, endian, counts_check, counts_itself, head) in [
        (LengthWidth::One, Endian::Big, false, false, &[3][..]),
        (LengthWidth::One, Endian::Little, true, true, &[5]),
        (LengthWidth::Two, Endian::Big, true, false, &[0, 4]),
        (LengthWidth::Two, Endian::Little, false, true, &[5, 0]),
        (LengthWidth::Four, Endian::Big, false, false, &[0, 0, 0, 3]),
        (LengthWidth::Four, Endian::Little, true, true, &[8, 0, 0, 0]),
    ] {
        let wrapped = length(width, endian, counts_check, counts_itself)
            .build(b"abc", Encoding::UTF_8, &FramingRule::default())
            .unwrap();
        assert_eq!(&wrapped.bytes[wrapped.head.clone()], head);
        assert_eq!(wrapped.bytes, [head, b"abc", &[b'a' ^ b'b' ^ b'c']].concat());
    }
}

#[test]
fn a_payload_too_long_for_its_length_field_is_refused() {
    let one =
        Wrap { head: Head::Length(LengthHead { width: LengthWidth::One, ..LengthHead::default() }), ..Wrap::default() };
    assert_eq!(built(&one, &[0; 255])[0], 255);
    assert_eq!(
        one.build(&[0; 256], Encoding::UTF_8, &FramingRule::default()),
        Err(WrapError::TooLong { len: 256, width: 1 })
    );
    let two =
        Wrap { head: Head::Length(LengthHead { counts_itself: true, ..LengthHead::default() }), ..Wrap::default() };
    assert_eq!(
        two.build(&[0; 65_534], Encoding::UTF_8, &FramingRule::default()),
        Err(WrapError::TooLong { len: 65_536, width: 2 })
    );
}

#[test]
fn the_check_covers_the_payload_or_the_head_too() {
    let mut wrap = Wrap { head: Head::Bytes(own(&[0xAA, 0x55])), checks: vec![check("SUM-8")], ..Wrap::default() };
    assert_eq!(built(&wrap, &[1, 2]), [0xAA, 0x55, 1, 2, 3]);
    wrap.checks = vec![Appended { covers_head: true, ..check("SUM-8") }];
    assert_eq!(built(&wrap, &[1, 2]), [0xAA, 0x55, 1, 2, 0x02]);
}

#[test]
fn the_check_covers_a_range() {
    let wrap = |from, to| Wrap::checked(Appended { from, to, ..check("SUM-8") });
    for (from, to, value) in
        [(0, None, 15), (1, None, 14), (0, Some(-1), 10), (1, Some(3), 5), (-2, None, 9), (5, None, 0)]
    {
        assert_eq!(built(&wrap(from, to), &[1, 2, 3, 4, 5])[5], value, "{from} {to:?}");
    }
    for (from, to) in [(6, None), (-6, None), (0, Some(6)), (3, Some(2)), (i64::MIN, None), (0, Some(i64::MAX))] {
        let wrapped = wrap(from, to).build(&[1, 2, 3, 4, 5], Encoding::UTF_8, &FramingRule::default());
        assert_eq!(wrapped, Err(WrapError::Range { len: 5 }), "{from} {to:?}");
    }
    let with_head = Wrap {
        head: Head::Bytes(own(&[0x68, 1])),
        checks: vec![Appended { covers_head: true, from: 1, ..check("SUM-8") }],
        ..Wrap::default()
    };
    assert_eq!(built(&with_head, &[2]), [0x68, 1, 2, 3]);
}

#[test]
fn as_framing_sends_a_frame_of_the_rule_and_nothing_of_the_parts() {
    let wrap = Wrap { as_framing: true, checks: vec![check("SUM-8")], ..Wrap::ending(Tail::CrLf) };
    for (rule, payload, parts) in [
        ("record", &b"ab"[..], [&b""[..], b"ab", b"", b""]),
        ("line", b"ab", [b"", b"ab", b"", b"\n"]),
        ("modbus-rtu", &[1, 3, 0, 0, 0, 10], [b"", &[1, 3, 0, 0, 0, 10], &[0xC5, 0xCD], b""]),
        ("modbus-tcp", &[1, 7], [&[0, 0, 0, 0, 0, 2], &[1, 7], b"", b""]),
        ("jt808", b"~", [b"~", b"}\x02", b"}\x02", b"~"]),
        ("marks:start=02,end=03,after=1+XOR-8:from=1", b"ab", [b"\x02", b"ab", b"\0", b"\x03"]),
        ("dlt645", &[0x33, 0x16], [&[0x68, 0, 0, 0, 0, 0, 0, 0, 0, 1], &[0x33, 0x9C, 0x16], b"", b""]),
    ] {
        let rule: FramingRule = rule.parse().expect(rule);
        let sent = match wrap.build(payload, Encoding::UTF_8, &rule) {
            Ok(sent) => sent,
            Err(error) => panic!("{rule}: {error}"),
        };
        let found = [&sent.head, &sent.payload, &sent.check, &sent.tail].map(|range| &sent.bytes[range.clone()]);
        assert_eq!(found, parts, "{rule}");
        assert_eq!(sent.bytes, rule.build(payload).expect("a frame").bytes);
    }
    let line: FramingRule = "line".parse().expect("a rule");
    let error = wrap.build(b"a\nb", Encoding::UTF_8, &line);
    assert_eq!(error, Err(WrapError::Frame(BuildError::MarkerInside { bytes: b"\n".to_vec() })));
    assert!(!Wrap::same_as_framing().is_empty());
}

#[test]
fn what_earlier_versions_stored_is_read_and_written_as_before() {
    let stored = r#"{"head":"none","check":{"kind":"XOR-8","endian":null,"covers_head":false,"behind_tail":false},"tail":"none"}"#;
    let wrap: Wrap = serde_json::from_str(stored).expect("a wrap");
    assert_eq!(wrap, Wrap::checked(check("XOR-8")));
    assert_eq!(serde_json::to_string(&wrap).expect("text"), stored, "an earlier version can read it");
    let framed = serde_json::to_string(&Wrap::same_as_framing()).expect("text");
    assert_eq!(serde_json::from_str::<Wrap>(&framed).expect("a wrap"), Wrap::same_as_framing());
}

#[test]
fn several_checks_cover_those_before_them() {
    let sum = check("SUM-8");
    let xor = check("XOR-8");
    let wrap = |checks: &[Appended]| Wrap { checks: checks.to_vec(), ..Wrap::ending(Tail::Lf) };
    assert_eq!(built(&wrap(&[sum, xor]), &[1, 2]), [1, 2, 3, 0, b'\n'], "1 ^ 2 ^ 3");
    assert_eq!(built(&wrap(&[sum, Appended { to: Some(2), ..xor }]), &[1, 2]), [1, 2, 3, 3, b'\n']);
    let behind = Appended { is_behind_tail: true, ..sum };
    assert_eq!(built(&wrap(&[behind, xor]), &[1, 2]), [1, 2, 0, b'\n', 3]);
    let sent = wrap(&[xor, behind]).build(&[1, 2], Encoding::UTF_8, &FramingRule::default()).unwrap();
    assert_eq!(sent.bytes, [1, 2, 3, b'\n', 6]);
    assert_eq!((sent.check, sent.tail, sent.last_check), (2..3, 3..4, 4..5));
    let head = Head::Length(LengthHead { counts_check: true, ..LengthHead::default() });
    assert_eq!(built(&Wrap { head, tail: Tail::None, ..wrap(&[sum, xor]) }, &[1]), [0, 3, 1, 1, 0]);
}

#[test]
fn so_many_checks_are_stored() {
    let stored = |count: usize| serde_json::to_string(&Wrap { checks: vec![check("SUM-8"); count], ..Wrap::default() });
    for count in [0, 1, 2, CHECKS_MAX] {
        let wrap: Wrap = serde_json::from_str(&stored(count).unwrap()).unwrap();
        assert_eq!(wrap.checks.len(), count);
    }
    assert!(serde_json::from_str::<Wrap>(&stored(CHECKS_MAX + 1).unwrap()).is_err());
    assert!(serde_json::from_str::<Wrap>(r#"{"check":{"kind":"XOR-8","unknown":1}}"#).is_err());
}

#[test]
fn the_check_stands_before_or_behind_the_tail() {
    let mut wrap = Wrap { checks: vec![check("XOR-8")], tail: Tail::CrLf, ..Wrap::default() };
    assert_eq!(built(&wrap, &[1, 2]), [1, 2, 3, 0x0D, 0x0A]);
    wrap.checks = vec![Appended { is_behind_tail: true, ..check("XOR-8") }];
    let wrapped = wrap.build(&[1, 2], Encoding::UTF_8, &FramingRule::default()).unwrap();
    assert_eq!(wrapped.bytes, [1, 2, 0x0D, 0x0A, 3], "the tail is not covered");
    assert_eq!((wrapped.tail, wrapped.check), (2..4, 4..5));
}

#[test]
fn a_check_is_written_in_its_usual_order_or_in_the_chosen_one() {
    for (name, endian, expected) in [
        ("CRC-16/MODBUS", None, &[0x37, 0x4B][..]),
        ("CRC-16/MODBUS", Some(Endian::Big), &[0x4B, 0x37]),
        ("CRC-16/XMODEM", None, &[0x31, 0xC3]),
        ("CRC-16/XMODEM", Some(Endian::Little), &[0xC3, 0x31]),
        ("CRC-24/OPENPGP", None, &[0x21, 0xCF, 0x02]),
        ("CRC-32/ISO-HDLC", None, &[0x26, 0x39, 0xF4, 0xCB]),
    ] {
        let wrap = Wrap::checked(Appended { endian, ..check(name) });
        assert_eq!(&built(&wrap, b"123456789")[9..], expected, "{name} {endian:?}");
    }
}

#[test]
fn a_line_end_is_in_the_encoding_of_the_text() {
    for (tail, encoding, expected) in [
        (Tail::Cr, Encoding::UTF_8, &b"\r"[..]),
        (Tail::Lf, Encoding::GBK, b"\n"),
        (Tail::CrLf, Encoding::by_name("UTF-16LE").unwrap(), b"\r\0\n\0"),
        (Tail::Bytes(own(&[3])), Encoding::by_name("UTF-16LE").unwrap(), &[3]),
    ] {
        assert_eq!(Wrap::ending(tail).build(b"", encoding, &FramingRule::default()).unwrap().bytes, expected);
    }
}

#[test]
fn own_bytes_are_stored_as_hex_and_bounded() {
    let stored = serde_json::to_string(&own(&[0xAA, 0x55])).unwrap();
    assert_eq!(stored, "\"AA 55\"");
    assert!(OwnBytes::new(&[0; OwnBytes::MAX_LEN]).is_some() && OwnBytes::new(&[0; OwnBytes::MAX_LEN + 1]).is_none());
    for wrong in ["\"xy\"".to_owned(), format!("\"{}\"", "00".repeat(OwnBytes::MAX_LEN + 1))] {
        assert!(serde_json::from_str::<OwnBytes>(&wrong).is_err());
    }
    assert!(serde_json::from_str::<LengthWidth>("3").is_err());
}

fn lengths() -> impl Strategy<Value = LengthHead> {
    let width = prop::sample::select(&LengthWidth::ALL[..]);
    let endian = prop::sample::select(vec![Endian::Little, Endian::Big]);
    (width, endian, any::<bool>(), any::<bool>()).prop_map(|(width, endian, counts_check, counts_itself)| LengthHead {
        width,
        endian,
        counts_check,
        counts_itself,
    })
}

fn checks() -> impl Strategy<Value = Appended> {
    let kind = prop::sample::select(ChecksumKind::all().collect::<Vec<_>>());
    let endian = prop::sample::select(vec![None, Some(Endian::Little), Some(Endian::Big)]);
    (kind, endian, any::<bool>(), any::<bool>()).prop_map(|(kind, endian, covers_head, is_behind_tail)| Appended {
        endian,
        covers_head,
        is_behind_tail,
        ..Appended::new(kind)
    })
}

fn wraps() -> impl Strategy<Value = Wrap> {
    let bytes = prop::collection::vec(any::<u8>(), 0..8).prop_map(|bytes| own(&bytes));
    let head = prop_oneof![Just(Head::None), lengths().prop_map(Head::Length), bytes.clone().prop_map(Head::Bytes)];
    let tail =
        prop_oneof![Just(Tail::None), Just(Tail::Cr), Just(Tail::Lf), Just(Tail::CrLf), bytes.prop_map(Tail::Bytes)];
    (head, prop::collection::vec(checks(), 0..4), tail, prop::bool::weighted(0.2))
        .prop_map(|(head, checks, tail, as_framing)| Wrap { head, checks, tail, as_framing })
}

proptest! {
    #[test]
    fn the_parts_tile_what_is_sent(wrap in wraps(), payload in prop::collection::vec(any::<u8>(), 0..200)) {
        let sent = wrap.build(&payload, Encoding::UTF_8, &FramingRule::default()).unwrap();
        prop_assert_eq!(&sent.bytes[sent.payload.clone()], &payload[..]);
        prop_assert_eq!((sent.head.start, sent.head.end), (0, sent.payload.start));
        let mut parts = [&sent.check, &sent.tail, &sent.last_check];
        parts.sort_by_key(|part| (part.start, part.end));
        let mut end = sent.payload.end;
        for part in parts {
            prop_assert_eq!(part.start, end);
            end = part.end;
        }
        prop_assert_eq!(end, sent.bytes.len());
        let checks = if wrap.as_framing { &[][..] } else { &wrap.checks[..] };
        let lens: usize = checks.iter().map(|check| check.kind.bytes()).sum();
        prop_assert_eq!(sent.check.len() + sent.last_check.len(), lens);
    }

    #[test]
    fn a_wrap_is_stored_and_read(wrap in wraps()) {
        let stored = serde_json::to_string(&wrap).unwrap();
        prop_assert_eq!(serde_json::from_str::<Wrap>(&stored).unwrap(), wrap);
    }

    /// The framing rule of the same length field cuts the bytes back into the payload and its check.
    #[test]
    fn a_length_head_is_cut_back(
        head in lengths(),
        check in checks(),
        payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 1..5),
    ) {
        let check = Appended { is_behind_tail: false, ..check };
        let wrap = Wrap { head: Head::Length(head), checks: vec![check], ..Wrap::default() };
        let (width, check_len) = (head.width.bytes(), check.kind.bytes() as i64);
        let endian = if head.endian == Endian::Little { "little" } else { "big" };
        let uncounted = if head.counts_check { 0 } else { check_len };
        let own_len = if head.counts_itself { width as i64 } else { 0 };
        let mut rule = format!("len:offset=0,size={width},adjust={}", uncounted - own_len);
        if width > 1 {
            rule.push_str(&format!(",endian={endian}"));
        }
        let rule: FramingRule = rule.parse().unwrap();
        let (mut framer, mut cut) = (Framer::new(&rule, 0), Vec::new());
        for payload in &payloads {
            framer.feed(&built(&wrap, payload), 0, &mut |frame, bytes| cut.push(bytes[frame.payload_within()].to_vec()));
        }
        prop_assert_eq!(cut.len(), payloads.len());
        for (cut, payload) in cut.iter().zip(&payloads) {
            prop_assert!(cut.ends_with(&built(&wrap, payload)[width..]), "{:?} {:?}", cut, payload);
        }
    }
}

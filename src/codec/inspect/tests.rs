use super::*;
use proptest::prelude::*;

fn number<'a>(readings: &'a Readings, name: &str) -> Option<&'a Number> {
    readings.numbers.iter().find(|number| number.name == name)
}

#[test]
fn numbers_in_both_byte_orders() {
    let bytes = [0x41, 0xBC, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80];
    let cases: [(usize, &str, &str, &str); 17] = [
        (1, "u8", "65", "65"),
        (1, "i8", "65", "65"),
        (2, "u16", "16828", "48193"),
        (2, "i16", "16828", "-17343"),
        (2, "f16", "2.8671875", "-1.0634766"),
        (3, "u16", "16828", "48193"),
        (4, "u16", "16828", "48193"),
        (4, "i16", "16828", "-17343"),
        (4, "u32", "1102839808", "48193"),
        (4, "i32", "1102839808", "48193"),
        (4, "f32", "23.5", "6.7533e-41"),
        (7, "i32", "1102839808", "48193"),
        (8, "u64", "4736660908086919296", "9223372036854824001"),
        (8, "i64", "4736660908086919296", "-9223372036854727615"),
        (8, "f64", "469762048.0000076", "-2.38105e-319"),
        (8, "u32", "1102839808", "48193"),
        (8, "f32", "23.5", "6.7533e-41"),
    ];
    for (len, name, big, little) in cases {
        let readings = Readings::of(&bytes[..len]);
        let number = number(&readings, name).unwrap_or_else(|| panic!("{name} of {len}"));
        assert_eq!((number.big.as_str(), number.little.as_str()), (big, little), "{name} of {len}");
    }
}

#[test]
fn only_what_fits_is_read() {
    let names = |len: usize| {
        let readings = Readings::of(&[0x7F; 16][..len]);
        readings.numbers.iter().map(|number| number.name).collect::<Vec<_>>().join(" ")
    };
    for (len, expected) in [
        (0, ""),
        (1, "u8 i8"),
        (2, "u16 i16 f16"),
        (3, "u16 i16 f16"),
        (4, "u16 i16 u32 i32 f32"),
        (7, "u16 i16 u32 i32 f32"),
        (8, "u16 i16 u32 i32 f32 u64 i64 f64"),
        (16, "u16 i16 u32 i32 f32 u64 i64 f64"),
    ] {
        assert_eq!(names(len), expected, "{len}");
    }
    let first = |len: usize| {
        let readings = Readings::of(&[0x7F; 16][..len]);
        readings.numbers.iter().filter(|number| number.first_choice).map(|number| number.name).collect::<Vec<_>>()
    };
    assert_eq!(first(4), ["f32"]);
    assert!(
        first(3).is_empty() && first(5).is_empty() && first(8).is_empty(),
        "other lengths must have no first choice"
    );
}

#[test]
fn half_precision() {
    let nothing = f32::from_bits(0);
    for (bits, value) in [
        (0x0000, nothing),
        (0x3C00, 1.0),
        (0xC000, -2.0),
        (0x7BFF, 65504.0),
        (0x0001, 5.960_464_5e-8),
        (0x03FF, 6.097_555e-5),
        (0x0400, 6.103_515_6e-5),
        (0x3555, 0.333_251_95),
        (0x7C00, f32::INFINITY),
        (0xFC00, f32::NEG_INFINITY),
    ] {
        assert_eq!(half(bits).to_bits(), value.to_bits(), "{bits:04X}");
    }
    assert!(half(0x7E00).is_nan() && half(0x8000).is_sign_negative());
}

#[test]
fn floats_are_exact_and_short_enough_for_a_column() {
    for (value, exact, short) in [
        (0.0_f32, "0", "0"),
        (-0.0, "-0", "-0"),
        (23.5, "23.5", "23.5"),
        (f32::NAN, "NaN", "NaN"),
        (f32::NEG_INFINITY, "-inf", "-inf"),
        (-1.175_494_4e-38, "-1.1754944e-38", "-1.1755e-38"),
        (0.000_123_456_79, "0.00012345679", "1.234568e-4"),
        (-123_456.79, "-123456.79", "-123456.79"),
        (3.402_823_5e38, "3.4028235e38", "3.402823e38"),
    ] {
        let readings = Readings::of(&value.to_be_bytes());
        let number = number(&readings, "f32").unwrap();
        assert_eq!((number.big.as_str(), number.big_short.as_str()), (exact, short));
    }
}

#[test]
fn bytes_as_digits() {
    let four = Readings::of(&[0x41, 0xBC, 0x00, 0x00]);
    assert_eq!(four.bits, ["01000001 10111100", "00000000 00000000"]);
    assert_eq!(four.decimal, ["65 188 0 0"]);
    assert_eq!(four.signed, Some(vec!["65 -68 0 0".to_owned()]));
    assert_eq!(four.bcd, None, "B and C are not decimal digits");
    let date = Readings::of(&[0x20, 0x26, 0x08, 0x04]);
    assert_eq!(date.bcd, Some(("20260804".into(), "04082620".into())));
    assert_eq!(date.signed, None);
    let many = Readings::of(&[1; 17]);
    assert!(
        many.decimal == ["1 1 1 1", "1 1 1 1", "1 1 1 1", "1 1 1 1", "…"]
            && many.bits.len() == 5
            && many.bits[4] == "…"
            && many.bcd.is_none()
    );
    assert_eq!(Readings::of(&[]), Readings::default());
}

#[test]
fn leb128_numbers() {
    // The examples of DWARF 5, figures 22 and 23.
    for (bytes, unsigned, signed, len) in [
        (&[2_u8][..], Some(2), Some(2), 1),
        (&[0x7F], Some(127), Some(-1), 1),
        (&[0x80, 0x01], Some(128), Some(128), 2),
        (&[0x81, 0x01], Some(129), Some(129), 2),
        (&[0xB9, 0x64], Some(12857), Some(-3527), 2),
        (&[0x7E, 0xFF], Some(126), Some(-2), 1),
        (&[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], Some(u64::MAX), None, 10),
        (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F], None, Some(i64::MIN), 10),
    ] {
        assert_eq!(Readings::of(bytes).leb128, Some(Leb128 { unsigned, signed, len }), "{bytes:02X?}");
    }
    for bytes in [&[][..], &[0x80], &[0xFF; 10], &[0xFF; 11]] {
        assert_eq!(Readings::of(bytes).leb128, None, "{bytes:02X?} does not end");
    }
}

#[test]
fn unix_times() {
    let of = |bytes: &[u8]| {
        let times = Readings::of(bytes).times;
        times.iter().map(|time| time.at.map(|at| at.to_string())).collect::<Vec<_>>()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(of(&[0, 0, 0]), []);
    assert_eq!(of(&1_700_000_000_u32.to_be_bytes()), [some("2023-11-14T22:13:20Z"), some("1970-07-03T01:12:05Z")]);
    assert_eq!(of(&u32::MAX.to_be_bytes())[0], some("2106-02-07T06:28:15Z"), "unsigned");
    let ms = of(&1_700_000_000_123_i64.to_le_bytes());
    assert_eq!(ms.len(), 6);
    assert_eq!((&ms[2], &ms[5]), (&None, &some("2023-11-14T22:13:20.123Z")));
    assert_eq!(of(&(-1_i64).to_be_bytes())[2], some("1969-12-31T23:59:59Z"), "64 bits are signed");
}

#[test]
fn texts_on_one_line() {
    let chinese = "温度";
    let gbk = Encoding::GBK.encode(chinese).unwrap();
    for (bytes, encoding, shown, whole) in [
        (chinese.as_bytes(), Encoding::UTF_8, "温度", true),
        (&gbk, Encoding::GBK, "温度", true),
        (&gbk, Encoding::UTF_8, "·¶·", false),
        (&[0x41, 0xBC, 0x00, 0x00], Encoding::GBK, "A···", false),
        (&[0x29, 0x6E, 0xA6, 0x5E], Encoding::UTF_16LE, "温度", true),
        (&[0x6E, 0x29, 0x5E, 0xA6], Encoding::UTF_16BE, "温度", true),
        (&[0x6E, 0x29, 0x5E], Encoding::UTF_16BE, "温·", false),
        (b"a\r\n\x1b[0m\x7f\"'\\", Encoding::UTF_8, "a···[0m·\"'\\", false),
        ("a\u{202E}b\u{E000}".as_bytes(), Encoding::UTF_8, "a·b·", false),
        ("Ada·L".as_bytes(), Encoding::UTF_8, "Ada·L", true),
        (b"", Encoding::UTF_8, "", false),
    ] {
        assert_eq!(text(bytes, encoding), shown);
        assert_eq!(whole_text(bytes, encoding), whole.then(|| shown.to_owned()), "{shown}");
    }
    assert_eq!(text(&[b'x'; 5000], Encoding::UTF_8).chars().count(), TEXT_CHARS + 1);
}

#[test]
fn checksums_of_the_whole() {
    let of = digests(b"123456789");
    let value = |name: &str| of.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str());
    assert_eq!(value("CRC-16/MODBUS"), Some("37 4B"));
    assert_eq!(value("CRC-32/ISO-HDLC"), Some("26 39 F4 CB"));
    assert_eq!((value("SUM-8"), value("XOR-8")), (Some("DD"), Some("31")));
    assert_eq!(value("MD5"), Some("25f9e794323b453885f5181f1b624d0b"));
    assert_eq!(digests(b"").last().unwrap().1, "d41d8cd98f00b204e9800998ecf8427e", "RFC 1321 A.5");
}

proptest! {
    #[test]
    fn any_bytes_have_readings(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let readings = Readings::of(&bytes);
        for number in &readings.numbers {
            prop_assert!(number.len <= bytes.len());
            let room = if number.len == 8 && !number.name.starts_with('f') { 20 } else { NARROW + 1 };
            prop_assert!(number.big_short.len() <= room && number.little_short.len() <= room, "{:?}", number);
        }
        for encoding in Encoding::all() {
            prop_assert!(text(&bytes, *encoding).chars().all(is_visible));
        }
    }

    #[test]
    fn floats_read_back(bits in any::<u32>()) {
        let value = f32::from_bits(bits);
        let readings = Readings::of(&bits.to_be_bytes());
        let again: f32 = number(&readings, "f32").unwrap().big.parse().unwrap();
        prop_assert!(again.to_bits() == bits || value.is_nan() && again.is_nan());
    }
}

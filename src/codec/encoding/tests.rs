use super::*;
use proptest::prelude::*;

/// Decodes `bytes` in parts that end at `cuts`.
fn decode_cut(encoding: Encoding, bytes: &[u8], cuts: &[usize]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut decoder = StreamDecoder::new(encoding);
    let mut start = 0;
    for &end in cuts.iter().chain([&bytes.len()]) {
        let end = end.clamp(start, bytes.len());
        decoder.feed(&bytes[start..end], &mut |piece| pieces.push(piece));
        start = end;
        assert_eq!(len_of(&pieces) + decoder.pending().len(), end, "lengths add up after every feed");
        assert!(bytes[..end].ends_with(decoder.pending()) && decoder.pending().len() <= 3);
        // A clone continues with the state of the original.
        decoder = decoder.clone();
    }
    decoder.finish(&mut |piece| pieces.push(piece));
    assert_eq!(len_of(&pieces), bytes.len());
    assert!(decoder.pending().is_empty());
    pieces
}

fn decode(encoding: Encoding, bytes: &[u8]) -> Vec<Piece> {
    decode_cut(encoding, bytes, &[])
}

fn len_of(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| if let Piece::Char(_, len) = piece { usize::from(*len) } else { 1 }).sum()
}

fn chars_of(pieces: &[Piece]) -> String {
    pieces.iter().filter_map(|piece| if let Piece::Char(c, _) = piece { Some(*c) } else { None }).collect()
}

/// The result of `encoding_rs` for the entire buffer: characters, and the length of each malformed sequence.
fn whatwg(encoding: Encoding, bytes: &[u8]) -> Vec<Result<char, u8>> {
    let by_name = match encoding.kind() {
        Kind::Utf16Le => encoding_rs::UTF_16LE,
        Kind::Utf16Be => encoding_rs::UTF_16BE,
        kind => kind.rs().expect("Latin-1 is not compared"),
    };
    let mut decoder = by_name.new_decoder_without_bom_handling();
    let mut text = vec![0; bytes.len() * 4 + 64];
    let (mut units, mut rest) = (Vec::new(), bytes);
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut text, true);
        units.extend(std::str::from_utf8(&text[..written]).unwrap().chars().map(Ok));
        rest = &rest[read..];
        match result {
            encoding_rs::DecoderResult::InputEmpty => return units,
            encoding_rs::DecoderResult::OutputFull => panic!("the buffer is large enough"),
            encoding_rs::DecoderResult::Malformed(bad_len, _) => units.push(Err(bad_len)),
        }
    }
}

/// Compares `pieces` with `units`, with invalid bytes grouped as in `units`.
fn assert_same(pieces: &[Piece], units: &[Result<char, u8>], context: &str) {
    let mut pieces = pieces.iter();
    for unit in units {
        match unit {
            Ok(c) => assert!(matches!(pieces.next(), Some(Piece::Char(d, _)) if d == c), "{context}: {c:?} expected"),
            Err(bad_len) => {
                for _ in 0..*bad_len {
                    assert!(
                        matches!(pieces.next(), Some(Piece::Invalid(_))),
                        "{context}: {bad_len} invalid bytes expected"
                    );
                }
            }
        }
    }
    assert_eq!(pieces.next(), None, "{context}: nothing more expected");
}

fn any_encoding() -> impl Strategy<Value = Encoding> {
    proptest::sample::select(Encoding::all())
}

/// Bytes that are often almost valid: random ones, lead bytes and digits, and damaged encoded text.
fn any_stream(encoding: Encoding) -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        3 => proptest::collection::vec(any::<u8>(), 1..6),
        3 => proptest::collection::vec(prop_oneof![0x80..=0xFF_u8, 0x30..=0x39_u8, 0x81..=0xFE_u8], 1..8),
        2 => proptest::collection::vec(prop_oneof![Just(0xD8_u8), Just(0xDC_u8), Just(0x88_u8), Just(0x62_u8), Just(0x8F_u8)], 1..6),
        2 => "[ -~]{1,6}".prop_map(String::into_bytes),
        4 => "[a你好界é¥αдあ한€😀\\u{2028}]{1,6}".prop_map(move |text| {
            text.chars().filter_map(|c| encoding.encode(&c.to_string()).ok()).flatten().collect()
        }),
    ];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

fn encoding_and_stream() -> impl Strategy<Value = (Encoding, Vec<u8>)> {
    any_encoding().prop_flat_map(|encoding| (Just(encoding), any_stream(encoding)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_cuts_give_the_same_pieces(
        (encoding, bytes) in encoding_and_stream(),
        mut cuts in proptest::collection::vec(0..80_usize, 0..30),
    ) {
        cuts.sort_unstable();
        let whole = decode(encoding, &bytes);
        prop_assert_eq!(&decode_cut(encoding, &bytes, &cuts), &whole);
        let every_byte: Vec<usize> = (0..bytes.len()).collect();
        prop_assert_eq!(&decode_cut(encoding, &bytes, &every_byte), &whole);
    }

    #[test]
    fn characters_are_those_of_the_whatwg_decoder((encoding, bytes) in encoding_and_stream()) {
        if ![Encoding::LATIN_1, Encoding::ASCII].contains(&encoding) {
            assert_same(&decode(encoding, &bytes), &whatwg(encoding, &bytes), encoding.name());
        }
    }

    #[test]
    fn invalid_bytes_are_the_bytes_of_the_stream((encoding, bytes) in encoding_and_stream()) {
        let mut at = 0;
        for piece in decode(encoding, &bytes) {
            match piece {
                Piece::Char(_, len) => at += usize::from(len),
                Piece::Invalid(byte) => {
                    prop_assert_eq!(byte, bytes[at]);
                    at += 1;
                }
            }
        }
    }

    #[test]
    fn encoded_text_decodes_to_itself(encoding in any_encoding(), text in "[\\PC\\n你好ßÿあк한¥‾−€]{0,40}") {
        match encoding.encode(&text) {
            Ok(bytes) => {
                let pieces = decode(encoding, &bytes);
                prop_assert_eq!(chars_of(&pieces), text);
                prop_assert!(pieces.iter().all(|piece| matches!(piece, Piece::Char(..))));
            }
            Err(error) => {
                prop_assert_eq!(text.chars().nth(error.position), Some(error.character));
                let before: String = text.chars().take(error.position).collect();
                prop_assert!(encoding.encode(&before).is_ok(), "the error must name the first one");
                prop_assert!(encoding.encode(&error.character.to_string()).is_err());
            }
        }
    }

    #[test]
    fn decoding_after_resync_is_decoding_from_the_start(
        (encoding, bytes) in encoding_and_stream(),
        at in 0..80_usize,
        known in 0..12_usize,
    ) {
        let at = at.min(bytes.len());
        let known = known.min(at);
        let before = &bytes[at - known..at];
        if let Some(back) = encoding.resync(before, at as u64) {
            prop_assert!(back <= known);
            let mut from_start = StreamDecoder::new(encoding);
            from_start.feed(&bytes[..at], &mut |_| {});
            let mut resynced = StreamDecoder::new(encoding);
            resynced.feed(&bytes[at - back..at], &mut |_| {});
            prop_assert_eq!(from_start.pending(), resynced.pending());
        } else {
            prop_assert!(known < at, "from the stream's start everything is known");
        }
    }
}

#[test]
fn a_character_cut_anywhere_over_two_and_three_reads_is_whole() {
    for (encoding, text) in [
        (Encoding::GBK, "你好"),
        (Encoding::GB18030, "a㐀你😀é好ß"),
        (Encoding::BIG5, "你好，世界"),
        (Encoding::SHIFT_JIS, "日本ｶﾅ語"),
        (Encoding::EUC_JP, "日本ｶﾅ語"),
        (Encoding::EUC_KR, "안녕하세요 힝"),
        (Encoding::UTF_8, "你a😀é好"),
        (Encoding::UTF_16LE, "你😀a好"),
        (Encoding::UTF_16BE, "你😀a好"),
    ] {
        let mut bytes = encoding.encode(text).unwrap();
        let mut text = text.to_owned();
        if encoding == Encoding::EUC_JP {
            // Three-byte characters are decoded but never encoded.
            bytes.extend([0x8F, 0xB0, 0xA1, 0x8F, 0xB0, 0xA2]);
            text.push_str("丂丄");
        }
        let whole = decode(encoding, &bytes);
        assert_eq!(chars_of(&whole), text, "{}", encoding.name());
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                assert_eq!(
                    decode_cut(encoding, &bytes, &[first, second]),
                    whole,
                    "{} {first} {second}",
                    encoding.name()
                );
            }
        }
    }
}

#[test]
fn lengths_belong_to_the_characters() {
    let cases: [(Encoding, &[u8], &[Piece]); 12] = [
        (Encoding::GBK, &[0xC4, 0xE3, b'a'], &[Piece::Char('你', 2), Piece::Char('a', 1)]),
        (Encoding::GBK, &[0xC4, b'!'], &[Piece::Invalid(0xC4), Piece::Char('!', 1)]),
        (Encoding::GBK, &[0xFF, 0xFF], &[Piece::Invalid(0xFF), Piece::Invalid(0xFF)]),
        (Encoding::GB18030, &[0x94, 0x39, 0xFC, 0x36], &[Piece::Char('😀', 4)]),
        (
            Encoding::GB18030,
            &[0x81, 0x30, 0xC4, 0xE3],
            &[Piece::Invalid(0x81), Piece::Char('0', 1), Piece::Char('你', 2)],
        ),
        (Encoding::GB18030, &[0x81, 0x30, b'a'], &[Piece::Invalid(0x81), Piece::Char('0', 1), Piece::Char('a', 1)]),
        (Encoding::GB18030, &[0x81, 0x30, 0x81], &[Piece::Invalid(0x81), Piece::Invalid(0x30), Piece::Invalid(0x81)]),
        (Encoding::BIG5, &[0x88, 0x62, b'b'], &[Piece::Char('Ê', 2), Piece::Char('\u{304}', 0), Piece::Char('b', 1)]),
        (Encoding::UTF_8, &[0xE4, 0xBD, b'a'], &[Piece::Invalid(0xE4), Piece::Invalid(0xBD), Piece::Char('a', 1)]),
        (Encoding::UTF_8, &[0xED, 0xA0, 0x80], &[Piece::Invalid(0xED), Piece::Invalid(0xA0), Piece::Invalid(0x80)]),
        (
            Encoding::UTF_16LE,
            &[0x3D, 0xD8, b'a', 0],
            &[Piece::Invalid(0x3D), Piece::Invalid(0xD8), Piece::Char('a', 2)],
        ),
        (
            Encoding::UTF_16BE,
            &[0xDC, 0, 0xFE, 0xFF, 0],
            &[Piece::Invalid(0xDC), Piece::Invalid(0), Piece::Char('\u{FEFF}', 2), Piece::Invalid(0)],
        ),
    ];
    for (encoding, bytes, pieces) in cases {
        assert_eq!(decode(encoding, bytes), pieces, "{} {bytes:x?}", encoding.name());
    }
}

#[test]
fn every_pair_of_bytes_is_decoded_as_whatwg_does() {
    for &encoding in Encoding::all().iter().filter(|e| ![Encoding::LATIN_1, Encoding::ASCII].contains(e)) {
        for pair in 0..=0xFFFF_u16 {
            // The third byte completes any incomplete sequence and reveals the state after the pair.
            let bytes = [(pair >> 8) as u8, pair as u8, b'A'];
            if encoding.max_char_len() > 1 || bytes[0] == 0 {
                assert_same(
                    &decode(encoding, &bytes),
                    &whatwg(encoding, &bytes),
                    &format!("{} {bytes:x?}", encoding.name()),
                );
            }
        }
    }
}

#[test]
fn whatever_encodes_decodes_to_the_same_character() {
    for &encoding in Encoding::all() {
        let mut sayable = 0;
        for c in ('\0'..='\u{FFFF}').chain(['😀', '\u{10FFFF}', '𠮷']) {
            if let Ok(bytes) = encoding.encode(c.encode_utf8(&mut [0; 4])) {
                sayable += 1;
                assert!(bytes.len() <= encoding.max_char_len());
                assert_eq!(decode(encoding, &bytes), [Piece::Char(c, bytes.len() as u8)], "{} {c:?}", encoding.name());
            }
        }
        let least = match encoding.name() {
            "UTF-8" | "UTF-16LE" | "UTF-16BE" => 0x1_0000 - 2048 + 3,
            "GB18030" => 63_000,
            "GBK" => 21_000,
            "Big5" => 13_000,
            "Shift_JIS" | "EUC-JP" => 6_900,
            "EUC-KR" => 17_000,
            "ASCII" => 128,
            _ => 128 + 80,
        };
        assert!(sayable >= least, "{} says {sayable}", encoding.name());
    }
}

#[test]
fn traps_of_the_library_are_avoided() {
    assert_eq!(Encoding::UTF_16LE.encode("a你"), Ok(vec![b'a', 0, 0x60, 0x4F]));
    assert_eq!(Encoding::UTF_16BE.encode("😀"), Ok(vec![0xD8, 0x3D, 0xDE, 0x00]));
    assert_eq!(
        Encoding::GBK.encode("a你😀"),
        Err(EncodeError { character: '😀', position: 2, encoding: "GBK" }),
        "no &#…; instead"
    );
    assert_eq!(Encoding::LATIN_1.encode("é\u{80}"), Ok(vec![0xE9, 0x80]));
    assert!(Encoding::LATIN_1.encode("€").is_err());
    assert_eq!(Encoding::WINDOWS_1252.encode("€"), Ok(vec![0x80]));
    assert_eq!(Encoding::ASCII.encode("a\u{7F}"), Ok(vec![b'a', 0x7F]));
    assert_eq!(Encoding::ASCII.encode("aé").map_err(|error| error.position), Err(1));
    assert_eq!(decode(Encoding::ASCII, &[b'a', 0xE9]), [Piece::Char('a', 1), Piece::Invalid(0xE9)]);
    assert_eq!(decode(Encoding::LATIN_1, &[0x80, 0xFF]), [Piece::Char('\u{80}', 1), Piece::Char('ÿ', 1)]);
    assert_eq!(decode(Encoding::UTF_8, "\u{FEFF}a".as_bytes()), [Piece::Char('\u{FEFF}', 3), Piece::Char('a', 1)]);
    assert_eq!(Encoding::GB18030.encode("好\u{E78D}").unwrap_err().position, 1, "it would decode to U+FE10");
    for encoding in [Encoding::SHIFT_JIS, Encoding::EUC_JP] {
        for alike in ['¥', '‾', '−'] {
            let error = encoding.encode(&format!("日{alike}😀")).unwrap_err();
            assert_eq!((error.character, error.position), (alike, 1));
        }
        assert_eq!(encoding.encode("😀¥").unwrap_err().character, '😀', "the error must name the first one");
    }
}

#[test]
fn names_and_aliases() {
    let names: Vec<_> = Encoding::all().iter().map(|e| e.name()).collect();
    assert_eq!(
        names[..10],
        ["UTF-8", "GBK", "GB18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "UTF-16LE", "UTF-16BE", "ISO-8859-1"]
    );
    for (encoding, name) in [
        (Encoding::UTF_8, "UTF-8"),
        (Encoding::GBK, "GBK"),
        (Encoding::GB18030, "GB18030"),
        (Encoding::BIG5, "Big5"),
        (Encoding::SHIFT_JIS, "Shift_JIS"),
        (Encoding::EUC_JP, "EUC-JP"),
        (Encoding::EUC_KR, "EUC-KR"),
        (Encoding::UTF_16LE, "UTF-16LE"),
        (Encoding::UTF_16BE, "UTF-16BE"),
        (Encoding::LATIN_1, "ISO-8859-1"),
        (Encoding::WINDOWS_1252, "windows-1252"),
    ] {
        assert_eq!(encoding.name(), name);
    }
    for (alias, name) in [
        ("utf8", "UTF-8"),
        ("Utf_8", "UTF-8"),
        ("gb2312", "GBK"),
        ("CP936", "GBK"),
        ("gb-18030", "GB18030"),
        ("BIG-5", "Big5"),
        ("sjis", "Shift_JIS"),
        ("Shift-JIS", "Shift_JIS"),
        ("eucjp", "EUC-JP"),
        ("cp949", "EUC-KR"),
        ("utf-16", "UTF-16LE"),
        ("latin1", "ISO-8859-1"),
        ("Latin-1", "ISO-8859-1"),
        ("iso8859-1", "ISO-8859-1"),
        ("cp1252", "windows-1252"),
        ("koi8r", "KOI8-R"),
        ("cp866", "IBM866"),
        ("latin9", "ISO-8859-15"),
        ("us-ascii", "ASCII"),
    ] {
        assert_eq!(Encoding::by_name(alias).map(Encoding::name), Some(name), "{alias}");
    }
    for unknown in ["", "utf", "iso-8859-9", "base64", "GBK2", "中文"] {
        assert_eq!(Encoding::by_name(unknown), None, "{unknown}");
    }
    for (index, encoding) in Encoding::all().iter().enumerate() {
        assert_eq!(Encoding::by_name(encoding.name()), Some(*encoding));
        assert_eq!(Encoding::by_name(encoding.label()), Some(*encoding));
        let json = serde_json::to_string(encoding).unwrap();
        assert_eq!(serde_json::from_str::<Encoding>(&json).unwrap(), *encoding);
        let entry = encoding.row();
        assert!(
            entry.aliases.iter().all(|alias| folded(alias) == *alias),
            "aliases are written folded: {}",
            entry.name
        );
        for other in &Encoding::all()[..index] {
            assert!(entry.aliases.iter().all(|alias| Encoding::by_name(alias) != Some(*other)));
        }
    }
    assert!(serde_json::from_str::<Encoding>("\"nonsense\"").is_err());
    assert_eq!(Encoding::LATIN_1.label(), "Latin-1");
}

#[test]
fn text_for_pipes_keeps_every_byte() {
    let mut text = String::new();
    let mut decoder = StreamDecoder::new(Encoding::GBK);
    decoder.feed_text(&[b'a', 0xFF, b'\n', 0xC4], &mut text);
    assert_eq!(text, "a\\xFF\n");
    decoder.feed_text(&[0xE3, 0xBA], &mut text);
    decoder.finish_text(&mut text);
    assert_eq!(text, "a\\xFF\n你\\xBA");
    decoder.feed_text(&[0xBA, 0xC3], &mut text);
    assert_eq!(text, "a\\xFF\n你\\xBA好", "after the end the decoder must be reset");
}

/// All states of a decoder: the pending bytes, found by feeding all bytes to all states.
fn states(encoding: Encoding) -> Vec<Vec<u8>> {
    let mut states = vec![Vec::new()];
    // Later bytes are thinned out within ranges that behave alike: 256 lead bytes suffice to reach every state.
    let mut done = 0;
    while done < states.len() {
        let state: Vec<u8> = states[done].clone();
        done += 1;
        for byte in (0..=0xFF_u8).step_by(if state.is_empty() { 1 } else { 3 }) {
            let mut decoder = StreamDecoder::new(encoding);
            decoder.feed(&state, &mut |_| {});
            decoder.feed(&[byte], &mut |_| {});
            let next = decoder.pending().to_vec();
            if next.len() > state.len() {
                states.push(next);
            }
        }
    }
    states
}

#[test]
fn after_a_byte_that_ends_every_sequence_nothing_is_pending() {
    for &encoding in Encoding::all() {
        let kind = encoding.kind();
        if kind.rs().is_none() || encoding.max_char_len() == 1 {
            continue;
        }
        let thin = if encoding == Encoding::GBK || encoding == Encoding::GB18030 { 17 } else { 1 };
        for state in states(encoding).iter().enumerate().filter(|(i, s)| s.len() < 2 || i % thin == 0).map(|(_, s)| s) {
            for byte in (0..=0xFF).filter(|&byte| kind.ends_every_sequence(byte)) {
                let mut decoder = StreamDecoder::new(encoding);
                decoder.feed(state, &mut |_| {});
                decoder.feed(&[byte], &mut |_| {});
                assert!(decoder.pending().is_empty(), "{} {state:x?} {byte:x}", encoding.name());
            }
        }
    }
}

#[test]
fn resync_finds_the_nearest_sure_boundary() {
    let gbk = Encoding::GBK.encode("温度=你好").unwrap();
    for (encoding, before, stream_offset, back) in [
        (Encoding::UTF_8, "ab".as_bytes(), 100, Some(0)),
        (Encoding::UTF_8, &[0xE4, 0xBD], 100, Some(2)),
        (Encoding::UTF_8, &[0x80, 0x80, 0x80], 100, Some(0)),
        (Encoding::UTF_8, &[0x80, 0x80], 100, None),
        (Encoding::UTF_8, &[0x80, 0x80], 2, Some(2)),
        (Encoding::UTF_8, &[], 0, Some(0)),
        (Encoding::UTF_8, &[], 1, None),
        (Encoding::GBK, &gbk, 1000, Some(4)),
        (Encoding::GBK, &gbk[5..], 1000, None),
        (Encoding::GBK, &gbk[5..], 4, Some(4)),
        (Encoding::GBK, b"7", 1000, None),
        (Encoding::BIG5, b"7", 1000, Some(0)),
        (Encoding::UTF_16LE, &[b'a', 0], 1000, Some(0)),
        (Encoding::UTF_16LE, &[b'a', 0, 0x60], 1001, Some(1)),
        (Encoding::UTF_16LE, &[0x3D, 0xD8], 1000, Some(2)),
        (Encoding::UTF_16LE, &[0x3D, 0xD8, 0], 1001, Some(3)),
        (Encoding::UTF_16BE, &[0xD8], 1000, None),
        (Encoding::UTF_16BE, &[0xD8], 1, Some(1)),
        (Encoding::LATIN_1, &[], 1000, Some(0)),
    ] {
        assert_eq!(encoding.resync(before, stream_offset), back, "{} {before:x?} {stream_offset}", encoding.name());
    }
}

#[test]
fn long_streams_take_linear_time() {
    let text = "数据 data\r\n".repeat(40_000);
    for &encoding in &[Encoding::UTF_8, Encoding::GBK, Encoding::UTF_16LE] {
        let bytes = encoding.encode(&text).unwrap();
        assert_eq!(chars_of(&decode(encoding, &bytes)), text);
    }
    let errors = vec![0xFF; 100_000];
    assert_eq!(decode(Encoding::GBK, &errors).len(), 100_000);
}

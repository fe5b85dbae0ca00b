//! Tests of patterns.

use super::*;
use proptest::prelude::*;

fn text(text: &str, encoding: Encoding, ignore_case: bool) -> PatternSource {
    PatternSource::Text { text: text.into(), encoding, ignore_case }
}

fn hex_of(text: &str) -> PatternSource {
    PatternSource::Hex(text.into())
}

fn regex_of(text: &str) -> PatternSource {
    PatternSource::Regex(text.into())
}

/// A pattern, bytes, and its matches as byte ranges (start, end).
type Case = (PatternSource, &'static [u8], &'static [(usize, usize)]);

fn all(source: &PatternSource, bytes: &[u8]) -> Vec<(usize, usize)> {
    let pattern = Pattern::new(source).expect("a pattern");
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(range) = pattern.find_at(bytes, from) {
        from = range.end;
        found.push((range.start, range.end));
    }
    found
}

#[test]
fn patterns_find_what_they_say() {
    let gbk = Encoding::GBK;
    let cases: [Case; 20] = [
        (text("lo", Encoding::UTF_8, false), b"hello, lO", &[(3, 5)]),
        (text("LO", Encoding::UTF_8, true), b"hello, lO", &[(3, 5), (7, 9)]),
        (text("你", gbk, false), b"\xC4\xE3\xBA\xC3\xC4\xE3", &[(0, 2), (4, 6)]),
        (text("你A", gbk, true), b"\xC4\xE3a\xC4\xE3A\xC4\xE3b", &[(0, 3), (3, 6)]),
        (text("привет", Encoding::UTF_8, true), "ПРИВЕТ Привет".as_bytes(), &[(0, 12), (13, 25)]),
        (text("ok", Encoding::UTF_16LE, true), b"O\0K\0o\0k\0", &[(0, 4), (4, 8)]),
        (text("ß", Encoding::UTF_8, true), "SS ß".as_bytes(), &[(3, 5)]),
        (text("a.c", Encoding::UTF_8, true), b"abc A.C", &[(4, 7)]),
        (hex_of("01 03"), b"\x01\x03\x01", &[(0, 2)]),
        (hex_of("01 ?? 03"), b"\x01\x0A\x03\x01\xFF\x03", &[(0, 3), (3, 6)]),
        (hex_of("4? ?1"), b"\x4F\x81\x31\x41", &[(0, 2)]),
        (hex_of("0x4?,？3"), b"\x40\x13", &[(0, 2)]),
        (hex_of("1 ? 2"), b"\x01\x99\x02", &[(0, 3)]),
        (hex_of("?? 414"), b"\x00\x41\x04", &[(0, 3)]),
        (hex_of("$4?, 1h"), b"\x40\x01", &[(0, 2)]),
        (hex_of("０ｘ4?3"), b"\x04\x13", &[(0, 2)]),
        (regex_of(r"\xFF+"), b"\x00\xFF\xFF\x01\xFF", &[(1, 3), (4, 5)]),
        (regex_of(r"x*"), b"axxb", &[(1, 3)]),
        (regex_of(r"温度=\d+"), "湿度=1 温度=23".as_bytes(), &[(9, 18)]),
        (regex_of(r"(?i)get|post"), b"GET Post", &[(0, 3), (4, 8)]),
    ];
    for (source, bytes, found) in cases {
        assert_eq!(all(&source, bytes), found, "{source:?}");
    }
}

#[test]
fn what_cannot_be_looked_for_is_told() {
    let bad = |character, position| PatternError::Hex(HexError::BadDigit { character, position });
    for (source, error) in [
        (text("", Encoding::UTF_8, false), PatternError::Empty),
        (text("", Encoding::UTF_8, true), PatternError::Empty),
        (hex_of(" "), PatternError::Empty),
        (hex_of("?? ?"), PatternError::OnlyWildcards),
        (hex_of("0g"), bad('g', 1)),
        (hex_of("?? 0g"), bad('g', 4)),
        (hex_of("?? 0x"), bad('x', 4)),
        (regex_of(""), PatternError::Empty),
        (text(&"a".repeat(Pattern::LEN_MAX + 1), Encoding::UTF_8, false), PatternError::TooLong),
        (regex_of("((((x{100}){100}){100}){100})"), PatternError::TooLong),
    ] {
        assert_eq!(Pattern::new(&source).map(|_| ()), Err(error), "{:.40}", format!("{source:?}"));
    }
    let refused = Pattern::new(&text("€", Encoding::LATIN_1, true)).map(|_| ());
    assert!(matches!(refused, Err(PatternError::Encode(_))), "{refused:?}");
    let Err(PatternError::Regex(why)) = Pattern::new(&regex_of("a(b")) else { panic!("no group") };
    assert!(why.contains("unclosed group") && !why.contains('\n'), "{why}");
}

#[test]
fn the_reach_is_known() {
    for (source, reach, bounded) in [
        (text("abc", Encoding::UTF_8, false), 3, true),
        (text("abc", Encoding::UTF_8, true), 3, true),
        (hex_of("01 ?? 4?"), 3, true),
        (regex_of("a{2,5}"), 9, true),
        (regex_of("a+"), Pattern::MATCH_MAX, false),
        (regex_of("a{1,20000}"), Pattern::MATCH_MAX, false),
    ] {
        let pattern = Pattern::new(&source).expect("a pattern");
        assert_eq!((pattern.reach(), pattern.is_bounded()), (reach, bounded), "{source:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_a_pattern_or_refused(words in "\\PC{0,30}", hex in "[0-9a-f? x,]{0,30}", ignore_case: bool) {
        for source in [text(&words, Encoding::GB18030, ignore_case), hex_of(&words), hex_of(&hex), regex_of(&words)] {
            if let Ok(pattern) = Pattern::new(&source) {
                let found = pattern.find_at(b"some bytes 0123", 0);
                prop_assert!(found.is_none_or(|range| !range.is_empty() && range.end <= 15));
            }
        }
    }

    #[test]
    fn hex_without_wildcards_means_the_same_either_way(bytes in proptest::collection::vec(any::<u8>(), 1..20)) {
        let spaced = hex::spaced_upper(&bytes);
        let halves: Vec<_> = bytes.iter().map(|b| (Some(b >> 4), Some(b & 15))).collect();
        prop_assert_eq!(hex_with_wildcards(&spaced), Ok(halves));
    }
}

/// regex 1.13.1 reports bytes 0 to 5 here if any dependency enables the feature `dfa-build` of regex-automata, as the feature
/// `env-filter` of tracing-subscriber does. Its shortest match has six bytes.
#[test]
fn no_dependency_makes_the_library_find_what_is_not_there() {
    assert_eq!(all(&regex_of(r"(?s-u).a..*?.bd"), b"aaabda"), []);
    assert_eq!(all(&regex_of(r"(?s-u).a..*?.bd"), b"aaaabda"), [(0, 6)]);
}

use super::*;
use crate::talk::content::NoFiles;
use crate::talk::eval::FaultKind;
use crate::talk::eval::tests::Fixed;
use crate::talk::tree::{AwaitKind, StmtKind, TopKind};
use proptest::prelude::*;

fn tree_of(source: &str) -> tree::Pattern {
    let source = format!("< {source}");
    let parsed = crate::talk::parse(&source);
    assert!(parsed.errors.is_empty(), "{source}: {:?}", parsed.errors);
    match parsed.file.tops.into_iter().next().expect("a statement").kind {
        TopKind::Loose(tree::Stmt { kind: StmtKind::Await { what, .. }, .. }) => match what.kind {
            AwaitKind::Pattern(pattern) => *pattern,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn pattern(source: &str) -> Prepared {
    prepared(source, &mut Fixed::default())
}

fn prepared(source: &str, world: &mut Fixed) -> Prepared {
    let pattern = Pattern::new(&tree_of(source), world.encoding).expect(source);
    pattern.prepare(world, &mut NoFiles).expect(source)
}

fn shown(captures: &Captures) -> String {
    captures.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
}

fn fits(source: &str, content: &[u8]) -> Option<String> {
    let captures = pattern(source).fits(content, &mut Fixed::default()).expect(source);
    captures.as_ref().map(shown)
}

#[test]
fn a_pattern_fits_the_whole_content_of_a_frame() {
    for (source, content, captured) in [
        ("01 03", &b"\x01\x03"[..], Some("")),
        ("01 03", b"\x01\x03\x00", None),
        ("01 03", b"\x01", None),
        ("01 0? ??", b"\x01\x0F\xFF", Some("")),
        ("01 0? ??", b"\x01\x10\xFF", None),
        ("01 03 *", b"\x01\x03", Some("")),
        ("01 * 02", b"\x01\x02\x02", Some("")),
        ("* 02", b"\x01\x03", None),
        ("01 03 {{?at:u16}} {{?n:u16}}", b"\x01\x03\x00\x10\x00\x02", Some("at=16 n=2")),
        ("01 03 {{?at:u16}} {{?n:u16}} where n <= 1", b"\x01\x03\x00\x10\x00\x02", None),
        ("{{?v:f32le}}", b"\x00\x00\xC0\x3F", Some("v=1.5")),
        ("{{?id:bcd2}}", b"\x12\x34", Some("id=\"1234\"")),
        ("{{?id:bcd2}}", b"\x12\x3F", None),
        ("{{?rest}}", b"\x01\x02", Some("rest=01 02")),
        ("{{?a}} 00 {{?b:text}}", b"\x01\x00hi", Some("a=01 b=\"hi\"")),
        ("{{?n:u8}} {{?data:bytes(n)}} {{?crc:u8}}", b"\x02abc", Some("n=2 data=61 62 crc=99")),
        ("{{?n:u8}} {{?data:bytes(n)}}", b"\x05abc", None),
        ("{{?n:u8}} {{n + 1:u8}}", b"\x02\x03", Some("n=2")),
        // A sum that no byte can hold is no fault of the file.
        ("{{?n:u8}} {{n + 1:u8}}", b"\xFF\x00", None),
        ("* {{?n:u8}} {{n + 1:u8}} *", b"\xFF\x05\x06\x07", Some("n=5")),
        ("\"+CSQ: {{?rssi:dec}},{{?ber:dec}}\"", b"+CSQ: 23,99", Some("rssi=23 ber=99")),
        ("\"T={{?t:num}}C\"", b"T=-4.5e1C", Some("t=-45")),
        ("\"{{?a:dec}}{{?b:dec}}\"", b"1234", Some("a=123 b=4")),
        ("\"{{?word}},{{?rest}}\"", b"a,b,c", Some("word=\"a\" rest=\"b,c\"")),
        ("01 03 +CRC-16/MODBUS", b"\x01\x03\x40\x21", Some("")),
        ("01 03 +CRC-16/MODBUS", b"\x01\x03\x40\x22", None),
        ("01 {{?x}} +SUM-8", b"\x01\x02\x03\x06", Some("x=02 03")),
        ("01 * +SUM-8", b"\x01\x02\x03\x07", None),
        ("{{?name:text(4)}}", b"ab\0\0", Some("name=\"ab\"")),
        ("/volt=(?<v>[0-9.]+)/", b"x volt=3.5 y", Some("v=\"3.5\"")),
        ("/^\\xFF(?<b>.)/b", b"\xFF\x01", Some("b=01")),
        ("/OK/i", b"ok", Some("")),
        ("/OK/", b"ok", None),
    ] {
        assert_eq!(fits(source, content).as_deref(), captured, "{source} over {}", content.escape_ascii());
    }
}

#[test]
fn texts_are_cut_between_characters_of_the_encoding() {
    let mut world = Fixed { encoding: Encoding::GBK, ..Fixed::default() };
    // The second byte of 乗 and the first of 柤 are those of 温.
    let encode = |text: &str| Encoding::GBK.encode(text).expect("GBK has it");
    let content = [encode("温度"), encode("是"), encode("25")].concat();
    let found = prepared("\"温度{{?what}}是{{?t:dec}}\"", &mut world).fits(&content, &mut world).expect("no fault");
    assert_eq!(found.as_ref().map(shown).as_deref(), Some("what=\"\" t=25"));
    let look_alike = [&[0xD7][..], &encode("是")[..1], &encode("是")].concat();
    let found = prepared("\"{{?x}}是\"", &mut world).fits(&look_alike, &mut world).expect("no fault");
    assert!(found.is_some());
}

#[test]
fn what_is_inserted_has_the_value_of_the_moment() {
    let mut world = Fixed::default();
    world.names.set("unit", Value::Int(7));
    let prepared = prepared("{{unit:u8}} \"{{unit:02X}}\"", &mut world);
    assert_eq!(prepared.fits(b"\x0707", &mut world), Ok(Some(Captures::new())));
    let unset = Pattern::new(&tree_of("{{other:u8}}"), Encoding::UTF_8).expect("a pattern");
    let fault = unset.prepare(&mut world, &mut NoFiles).expect_err("no value");
    assert_eq!(fault.kind, FaultKind::UnsetName("other".to_owned()));
}

/// The result of a search over these parts, and the number of parts that it took; the stream then closes.
fn search(prepared: &Prepared, parts: &[&[u8]]) -> (Progress, usize) {
    let mut world = Fixed::default();
    let mut search = prepared.search().expect("a search");
    for (index, part) in parts.iter().enumerate() {
        match search.feed(part, &mut world).expect("no fault") {
            Progress::Wait => {}
            other => return (other, index + 1),
        }
    }
    (search.close(&mut world).expect("no fault"), parts.len() + 1)
}

#[test]
fn a_match_in_a_stream_is_taken_once_no_later_byte_can_change_it() {
    for (source, parts, range, taken) in [
        ("\"OK\"", &[&b"..O"[..], b"K", b"more"][..], Some(2..4), 2),
        ("\"A\" * \"B\"", &[b"xA", b"..", b"B", b"B"], Some(1..5), 3),
        // The number may go on.
        ("\"T={{?t:dec}}\"", &[b"T=2", b"5", b";"], Some(0..4), 3),
        ("\"T={{?t:dec}}\"", &[b"T=2", b"5"], Some(0..4), 3),
        // An open end is decided by the close.
        ("\"A\" *", &[b"xA", b"12"], Some(1..4), 3),
        ("\"A\" {{?rest}}", &[b"A"], Some(0..1), 2),
        ("next \"B\"", &[b"A", b"B"], None, 1),
        ("next \"AB\"", &[b"A", b"B"], Some(0..2), 2),
        ("01 02 +SUM-8", &[b"\x01\x02\x04", b"\x01\x02", b"\x03"], Some(3..6), 3),
        ("{{?n:u8}} {{?d:bytes(n)}} FF where n > 1", &[b"\x01", b"\x02a", b"b\xFF"], Some(1..5), 3),
        ("/OK|ERROR/", &[b"..ERR", b"OR", b"x"], Some(2..7), 2),
        ("/a+/", &[b"xa", b"a", b"b"], Some(1..3), 3),
        ("/a+/", &[b"xa", b"a"], Some(1..3), 3),
        ("/^a$/", &[b"a"], Some(0..1), 2),
        ("/(?<n>\\d+)V/", &[b"12", b"V"], Some(0..3), 2),
        ("/(?<n>\\d+)V/ where n > 20", &[b"12V34", b"V"], Some(3..6), 2),
        ("next /b/", &[b"a", b"b"], None, 1),
        ("/x/", &[b"a", b"b"], None, 3),
        ("/\\x00./b", &[b"a\x00", b"b"], Some(1..3), 2),
    ] {
        let (progress, count) = search(&pattern(source), parts);
        let found = match &progress {
            Progress::Found(found) => Some(found.range.clone()),
            _ => None,
        };
        assert_eq!((found, count), (range, taken), "{source}");
    }
}

#[test]
fn a_regular_expression_over_text_counts_the_bytes_of_the_stream() {
    let mut world = Fixed { encoding: Encoding::GBK, ..Fixed::default() };
    let prepared = prepared("/度=(?<t>\\d+);/", &mut world);
    let stream = Encoding::GBK.encode("温度=25;x").expect("GBK has it");
    for cut in 0..stream.len() {
        let (progress, _) = search(&prepared, &[&stream[..cut], &stream[cut..]]);
        let Progress::Found(found) = progress else { panic!("cut at {cut}") };
        assert_eq!((found.range, shown(&found.captures)), (2..8, "t=\"25\"".to_owned()), "cut at {cut}");
    }
}

#[test]
fn many_open_parts_take_bounded_work() {
    let many = |word: &str| [word; 60].join(" * ");
    let stream = vec![b'a'; 4_000];
    // Each of these would take exponential time if each combination was tried.
    assert_eq!(fits(&format!("{} \"b\"", many("\"a\"")), &stream), None);
    assert_eq!(search(&pattern(&format!("{} \"b\"", many("61"))), &[&stream]).0, Progress::Never);
    assert_eq!(fits(&format!("{} \"b\"", many("??")), &stream[..2_000]), None);
    let too_many = tree_of(&[["\"a\""; 70].join(" * "), "\"b\"".to_owned()].concat());
    let fault = Pattern::new(&too_many, Encoding::UTF_8).expect_err("too many");
    assert!(matches!(fault.kind, FaultKind::TooManyOpen { .. }));

    // Where a part depends on captures, each combination is another one: the work is limited.
    let dependent = "{{?a}} {{?b}} {{?c}} {{?d}} {{len(a) + len(b) * len(c) + 7:u32}} {{?e}} \"c\"";
    match pattern(dependent).fits(&stream, &mut Fixed::default()) {
        Err(Fault { kind: FaultKind::TooMuchWork, .. }) | Ok(None) => {}
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_long_wait_reads_each_byte_once() {
    // One read for each byte: a search from the start each time would take a billion steps.
    let mut search = pattern("\"A\" * \"B\" * \"C\"").search().expect("a search");
    let mut world = Fixed::default();
    search.feed(b"AB", &mut world).expect("no fault");
    for _ in 0..30_000 {
        assert_eq!(search.feed(b"x", &mut world), Ok(Progress::Wait));
    }
    let Ok(Progress::Found(found)) = search.feed(b"C", &mut world) else { panic!("not found") };
    assert_eq!(found.range, 0..30_003);
}

#[test]
fn a_match_that_gets_too_long_is_passed_over() {
    let most = stream::LONGEST_MATCH;
    let mut bytes = vec![b'x'; most + 100];
    bytes[0] = b'A';
    bytes[150] = b'A';
    *bytes.last_mut().expect("not empty") = b'B';
    let whole = search(&pattern("\"A\" * \"B\""), &[&bytes]).0;
    let Progress::Found(found) = &whole else { panic!("not found") };
    assert_eq!(found.range, 150..most as u64 + 100);
    let parts: Vec<&[u8]> = bytes.chunks(77_777).collect();
    assert_eq!(search(&pattern("\"A\" * \"B\""), &parts).0, whole);
}

const STREAM_PATTERNS: [&str; 16] = [
    "61",
    "61 62 * 61",
    "61 * 62 * 63",
    "6? ?1",
    "* 62 63",
    "61 *",
    "{{?n:u8}} 62 {{n:u8}}",
    "62 {{?x}} 61 {{?y:u8}}",
    "\"a{{?w}}b\"",
    "\"b{{?n:dec}}\" 61",
    "\"{{?h:hex}}\" 7a",
    "61 * +XOR-8",
    "61 {{?x:u8}} 62 where x != 98",
    "/a+b*/",
    "/(?<x>a|b)c$/",
    "/b.{0,3}?c|ab/s",
];

/// An earlier line that a later byte can still complete holds a later match back, and one that cannot does not.
#[test]
fn an_undecided_earlier_match_holds_a_later_one_back() {
    let lines = [pattern("/a[0-9]+z/"), pattern("\"12\"")];
    let mut world = Fixed::default();
    for (parts, expected) in [
        (&["xa", "12", "3z"][..], (0, 1..6)),
        (&["xa", "12", "3y"], (1, 2..4)),
        (&["x12"], (1, 1..3)),
        (&["a1", "x12"], (1, 3..5)),
    ] {
        let mut several = Several::new(&lines).expect("a search");
        let mut choice = Choice::Wait;
        for (number, part) in parts.iter().enumerate() {
            assert_eq!(choice, Choice::Wait, "{parts:?} before {number}");
            choice = several.feed(part.as_bytes(), &mut world).expect("no fault");
        }
        let Choice::Found(line, found) = choice else { panic!("{parts:?}: {choice:?}") };
        assert_eq!((line, found.range), expected, "{parts:?}");
    }
    // The time is up: what is there counts.
    let mut several = Several::new(&lines).expect("a search");
    assert_eq!(several.feed(b"a12", &mut world), Ok(Choice::Wait));
    assert_eq!(several.held().map(|(line, found)| (line, found.range.clone())), Some((1, 1..3)));
}

proptest! {
    /// The verdict and the captures are the same however the stream is read.
    #[test]
    fn reads_do_not_matter(
        source in proptest::sample::select(&STREAM_PATTERNS[..]),
        is_next in any::<bool>(),
        stream in proptest::collection::vec(proptest::sample::select(&b"aaabbbccz12\x00\xC3\xA9"[..]), 0..60),
        cuts in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        let source = if is_next { format!("next {source}") } else { source.to_owned() };
        let prepared = pattern(&source);
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (stream.len() + 1)).collect();
        places.extend([0, stream.len()]);
        places.sort_unstable();
        let parts: Vec<&[u8]> = places.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
        let (whole, _) = search(&prepared, &[&stream]);
        prop_assert!(search(&prepared, &parts).0 == whole, "{}", source);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert!(search(&prepared, &bytes).0 == whole, "{} byte by byte", source);
    }

    /// Of several patterns, the match that begins first is taken however the stream is read, of those that begin together the
    /// first line.
    #[test]
    fn the_match_that_begins_first_is_taken(
        sources in proptest::collection::vec(proptest::sample::select(&STREAM_PATTERNS[..]), 1..4),
        stream in proptest::collection::vec(proptest::sample::select(&b"aaabbbccz12\x00\xC3\xA9"[..]), 0..60),
        cuts in proptest::collection::vec(any::<usize>(), 0..12),
    ) {
        let lines: Vec<Prepared> = sources.iter().map(|source| pattern(source)).collect();
        let found = |(number, line): (usize, &Prepared)| match search(line, &[&stream]).0 {
            Progress::Found(found) => Some((found.range.start, number, found)),
            _ => None,
        };
        let expected = lines.iter().enumerate().filter_map(found).min_by_key(|(start, number, _)| (*start, *number));
        let expected = expected.map_or(Choice::Never, |(_, number, found)| Choice::Found(number, found));
        let mut places: Vec<usize> = cuts.iter().map(|cut| cut % (stream.len() + 1)).collect();
        places.extend([0, stream.len()]);
        places.sort_unstable();
        let mut world = Fixed::default();
        let mut several = Several::new(&lines).expect("a search");
        let mut choice = Choice::Wait;
        for pair in places.windows(2) {
            if choice == Choice::Wait {
                choice = several.feed(&stream[pair[0]..pair[1]], &mut world).expect("no fault");
            }
        }
        if choice == Choice::Wait {
            choice = several.close(&mut world).expect("no fault");
        }
        prop_assert!(choice == expected, "{:?}: {:?}, expected {:?}", sources, choice, expected);
    }

    /// Patterns of bytes and gaps find what a regular expression of the same meaning finds.
    #[test]
    fn gaps_are_those_of_a_regular_expression(
        parts in proptest::collection::vec(proptest::sample::select(&["61", "62", "63", "??", "6?", "*"][..]), 1..8),
        stream in proptest::collection::vec(proptest::sample::select(&b"abcd"[..]), 0..40),
    ) {
        // At its end, `*` takes everything.
        let source = format!("{} 64", parts.join(" "));
        let written: String = parts.iter().map(|part| match *part {
            "*" => ".*?".to_owned(),
            "??" => ".".to_owned(),
            "6?" => r"[\x60-\x6F]".to_owned(),
            exact => format!(r"\x{exact}"),
        }).collect();
        let regex = regex::bytes::Regex::new(&format!(r"(?s-u){written}\x64")).expect("a regex");
        let expected = regex.find(&stream).map(|found| found.start() as u64..found.end() as u64);
        let found = match search(&pattern(&source), &[&stream]).0 {
            Progress::Found(found) => Some(found.range),
            _ => None,
        };
        prop_assert_eq!(found, expected, "{}", source);
        let whole = regex::bytes::Regex::new(&format!(r"(?s-u)\A{written}\x64\z")).expect("a regex");
        prop_assert_eq!(fits(&source, &stream).is_some(), whole.is_match(&stream), "{} whole", source);
    }

    /// Foreign bytes never panic and take bounded work.
    #[test]
    fn any_bytes_are_judged(
        source in proptest::sample::select(&STREAM_PATTERNS[..]),
        stream in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let prepared = pattern(source);
        let fits = prepared.fits(&stream, &mut Fixed::default()).expect("no fault").is_some();
        prop_assert_eq!(prepared.why(&stream, &mut Fixed::default()).is_none(), fits);
    }
}

#[test]
fn a_mismatch_names_the_first_byte_that_does_not_fit() {
    let why = |source: &str, content: &[u8]| pattern(source).why(content, &mut Fixed::default()).expect("no match");
    let mismatch = why("01 03 04 ??", b"\x01\x03\x05\x00");
    assert_eq!((mismatch.because, mismatch.at, mismatch.got), (Because::Differs, 2, Some(5)));
    assert_eq!(mismatch.expected.map(|byte| byte.value), Some(4));
    let mismatch = why("01 03", b"\x01\x03\x00\x00");
    assert_eq!((mismatch.because, mismatch.at, mismatch.got), (Because::TooLong, 2, Some(0)));
    assert_eq!(mismatch.aligned.last().map(|last| last.got.clone()), Some(2..4));
    let mismatch = why("01 {{?x:u16}}", b"\x01\x02");
    assert_eq!((mismatch.because, mismatch.at, mismatch.got), (Because::End, 2, None));
    let mismatch = why("01 02 +SUM-8", b"\x01\x02\x04");
    assert_eq!((mismatch.because, mismatch.at), (Because::Check, 2));
    let mismatch = why("{{?x:u8}} where x > 5", b"\x01");
    assert_eq!((mismatch.because, shown(&mismatch.captures)), (Because::Condition, "x=1".to_owned()));
    assert_eq!(why("/x/", b"abc").because, Because::Regex);
    // The attempt that gets furthest is shown.
    let mismatch = why("\"A\" * \"OK\" 0D", b"A OK+OK\x0A");
    assert_eq!((mismatch.because, mismatch.at, mismatch.got), (Because::Differs, 7, Some(0x0A)));
    let texts: Vec<_> = mismatch.aligned.iter().map(|aligned| (aligned.got.clone(), aligned.fits)).collect();
    assert_eq!(texts, [(0..1, true), (1..5, true), (5..7, true), (7..8, false)]);
}

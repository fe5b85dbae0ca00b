//! Fields and text form say the same rule.

use super::*;
use crate::codec::framing::PRESETS;
use crate::words::Lang;
use proptest::prelude::*;

fn rule(text: &str) -> FramingRule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn form(text: &str) -> RuleForm {
    RuleForm::new(&rule(text))
}

#[test]
fn every_kind_comes_back_from_its_fields() {
    let mut kinds = Vec::new();
    let presets = PRESETS.iter().map(|preset| preset.name);
    for text in [
        "record+CRC-16/MODBUS",
        "line:keep,max=64KiB",
        "delim:0D0A,keep",
        "delim:'a,b+c'",
        "marks:start=24|21,end=0D0A,escape=10,after=2,restart,max=1KiB+XOR-8:from=1,to=-5,at=-4,form=hex",
        "marks:end=03",
        "marks:start='|'|7C7C,end=' '",
        "fixed:8+SUM-8",
        "len:offset=2,size=3,endian=big,signed,header=9,counts=all,adjust=-4,mark=AA55@1",
        "len:size=varint5,mark=00",
        "len:size=dec8,end=3A",
        "len:size=dec,end=20,adjust=2+CRC-32/ISO-HDLC:endian=big",
        "gap:20ms",
        "gap:1234us",
        "slip+CRC-8/SMBUS:from=0,to=0,at=0",
        "cobs",
        "json:max=1MiB",
        "line+XOR-8:from=1,form=hex,until=20",
    ]
    .into_iter()
    .chain(presets)
    {
        for as_text in [false, true] {
            let mut form = form(text);
            form.set_as_text(as_text);
            assert_eq!(form.rule(), Ok(rule(text)), "{text}");
            form.set_as_text(!as_text);
            assert_eq!(form.rule(), Ok(rule(text)), "{text}");
            kinds.push(form.kind);
        }
    }
    assert!(Kind::ALL.iter().all(|kind| kinds.contains(kind)));
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    let cases: [(&str, At, &str, At, &str); 19] = [
        ("delim:0A", At::Delimiter, "", At::Delimiter, "请填写"),
        ("delim:0A", At::Delimiter, "0G", At::Delimiter, "G"),
        ("marks:start=02,end=03", At::End, " ", At::End, "请填写"),
        ("marks:start=02,end=03", At::Starts, "02 | ", At::Starts, "请填写"),
        ("marks:start=02,end=03,restart", At::Starts, "", At::Starts, "请填写"),
        ("marks:start=02,end=03", At::Escape, "10 11", At::Escape, "一个字节"),
        ("marks:start=02,end=03", At::After, "-1", At::After, "0 到 1048576"),
        ("fixed:8", At::Fixed, "0", At::Fixed, "1 到 16777216"),
        ("fixed:8", At::Fixed, "", At::Fixed, "请填写"),
        ("fixed:8", At::Max, "2,max=3", At::Max, "1 到 268435456"),
        ("len:size=4,endian=little", At::Header, "3", At::Header, "4 到"),
        ("len:size=4,endian=little", At::Offset, "x+SUM-8", At::Offset, "0 到"),
        ("len:size=dec8", At::Digits, "19", At::Digits, "1 到 18"),
        ("len:size=varint4", At::Groups, "0", At::Groups, "1 到 10"),
        ("len:size=varint4,mark=AA", At::MarkPlace, "-1", At::MarkPlace, "0 到"),
        ("gap:20ms", At::Gap, "soon", At::Gap, "毫秒"),
        ("slip+SUM-8", At::CheckUntil, "2A 2B", At::CheckUntil, "一个字节"),
        ("slip+SUM-8", At::CheckUntil, "*", At::CheckUntil, "*"),
        ("slip+SUM-8", At::CheckTo, "1.5", At::CheckTo, "到 16777216"),
    ];
    for (start, field, typed, at, words) in cases {
        let mut form = form(start);
        *form.text(field) = typed.to_owned();
        let (found, wrong) = form.rule().expect_err(typed);
        assert_eq!(found, at, "{start} {typed}");
        let zh = wrong.words(Lang::ZhCn);
        assert!(zh.contains(words), "{start} {typed}: {zh}");
        assert!(wrong.words(Lang::En).is_ascii() || typed.contains('\\'), "{start} {typed}");
    }
}

#[test]
fn a_frame_longer_than_the_longest_is_wrong_at_its_length() {
    let mut form = form("fixed:8");
    *form.text(At::Max) = "4".into();
    assert_eq!(form.rule(), Err((At::Fixed, Wrong::Size(1, 4))));
}

#[test]
fn the_places_of_a_check_wait_while_a_byte_tells_where_its_value_is() {
    let mut form = form("line+XOR-8:from=1,to=-5,at=-4");
    *form.text(At::CheckUntil) = "2A".into();
    assert_eq!(form.rule(), Ok(rule("line+XOR-8:from=1,until=2A")));
    form.text(At::CheckUntil).clear();
    assert_eq!(form.rule(), Ok(rule("line+XOR-8:from=1,to=-5,at=-4")));
}

#[test]
fn the_fields_of_another_kind_wait_until_it_is_chosen_again() {
    let mut form = form("delim:3B");
    form.kind = Kind::Gap;
    assert_eq!(form.rule(), Ok(rule("gap:20ms")));
    form.take(&rule("slip"));
    form.kind = Kind::Delimiter;
    assert_eq!(form.rule(), Ok(rule("delim:3B")));
}

#[test]
fn bytes_that_are_not_right_yet_stay_as_typed() {
    let mut form = form("marks:start=02,end=03");
    *form.text(At::End) = "0x".into();
    form.set_as_text(true);
    assert_eq!((form.get(At::End), form.get(At::Starts)), ("0x", "\\x02"));
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(&b"|\\' ,+:=@x0"[..])];
    proptest::collection::vec(byte, 1..=most)
}

fn endian() -> impl Strategy<Value = Endian> {
    prop_oneof![Just(Endian::Little), Just(Endian::Big)]
}

fn length_field() -> impl Strategy<Value = LengthField> {
    prop_oneof![
        (1..=8_u8, endian(), any::<bool>()).prop_map(|(bytes, endian, signed)| LengthField::Binary {
            bytes,
            // One byte has no order.
            endian,
            signed
        }),
        (1..=10_u8).prop_map(|most| LengthField::Varint { most }),
        (proptest::option::of(1..=18_u8), proptest::option::of(any::<u8>()))
            .prop_map(|(digits, end)| LengthField::Decimal { digits, end }),
    ]
}

fn length_rule() -> impl Strategy<Value = LengthRule> {
    let parts = (
        0..100_u64,
        length_field(),
        proptest::option::of(200..1000_u64),
        any::<bool>(),
        -50..50_i64,
        proptest::option::of((0..100_u64, bytes(4))),
    );
    parts.prop_map(|(offset, field, header, counts_all, adjust, mark)| LengthRule {
        offset,
        field,
        header,
        counts: if counts_all { Counts::All } else { Counts::Payload },
        adjust,
        mark,
    })
}

fn boundary() -> impl Strategy<Value = Boundary> {
    let marks = (
        proptest::collection::vec(bytes(3), 0..4),
        bytes(3),
        proptest::option::of(any::<u8>()),
        0..9_u64,
        any::<bool>(),
    );
    prop_oneof![
        Just(Boundary::Record),
        any::<bool>().prop_map(|keep| Boundary::Line { keep }),
        (bytes(5), any::<bool>()).prop_map(|(bytes, keep)| Boundary::Delimiter { bytes, keep }),
        marks.prop_map(|(starts, end, escape, after, restart)| {
            let restart = restart && !starts.is_empty();
            Boundary::Marks(MarkRule { starts, end, escape, after, restart })
        }),
        (1..1000_u64).prop_map(Boundary::Fixed),
        length_rule().prop_map(Boundary::Length),
        (1..86_400_000_000_u64).prop_map(|us| Boundary::Gap(Duration::from_micros(us))),
        Just(Boundary::Slip),
        Just(Boundary::Cobs),
        Just(Boundary::Json(None)),
        Just(Boundary::Json(Some(Encoding::BIG5))),
        Just(Boundary::Rtu),
    ]
}

fn check() -> impl Strategy<Value = Check> {
    let kinds: Vec<ChecksumKind> = ChecksumKind::all().collect();
    let place = || proptest::option::of(-9..9_i64);
    let until = proptest::option::weighted(0.3, any::<u8>());
    (proptest::sample::select(kinds), -9..9_i64, place(), place(), proptest::option::of(endian()), any::<bool>(), until)
        .prop_map(|(kind, from, to, at, endian, hex, until)| {
            let form = if hex { ValueForm::HexText } else { ValueForm::Binary };
            let (to, at) = if until.is_some() { (None, None) } else { (to, at) };
            Check { kind, from, to, at, endian, form, until }
        })
}

fn any_rule() -> impl Strategy<Value = FramingRule> {
    let max = prop_oneof![
        Just(FramingRule::USUAL_MAX_LEN),
        1000..=FramingRule::GREATEST_MAX_LEN,
        (1..256_u64).prop_map(|m| m << 20)
    ];
    (boundary(), proptest::option::of(check()), max).prop_map(|(boundary, check, max_len)| {
        let has_max = !matches!(boundary, Boundary::Record | Boundary::Rtu);
        FramingRule { boundary, check, max_len: if has_max { max_len } else { FramingRule::USUAL_MAX_LEN } }
    })
}

proptest! {
    #[test]
    fn the_form_says_exactly_the_rule_it_was_given(rule in any_rule(), before in any_rule(), as_text in any::<bool>()) {
        let mut form = RuleForm::new(&before);
        form.set_as_text(as_text);
        form.take(&rule);
        prop_assert_eq!(form.rule(), Ok(rule.clone()));
        prop_assert_eq!(rule.to_string().parse::<FramingRule>(), Ok(rule.clone()), "its text form too");
        form.set_as_text(!as_text);
        prop_assert_eq!(form.rule(), Ok(rule));
    }

    #[test]
    fn any_text_in_any_field_is_a_rule_or_refused_at_a_field(
        start in any_rule(),
        typed in proptest::collection::vec((0..At::Whole as usize, "[0-9a-fx|,:+=@'\\\\ -]{0,6}|\\PC{0,4}"), 1..4),
        as_text in any::<bool>(),
    ) {
        let mut form = RuleForm::new(&start);
        form.set_as_text(as_text);
        for (at, text) in typed {
            form.texts[at] = text;
        }
        match form.rule() {
            Ok(rule) => {
                let mut again = form.clone();
                again.take(&rule);
                prop_assert_eq!(again.rule(), Ok(rule));
            }
            Err((at, wrong)) => {
                prop_assert_ne!(at, At::Whole, "{:?}", wrong);
            }
        }
    }
}

//! Fields and text form describe the same rule.

use crate::codec::framing::PRESETS;
use crate::codec::framing::tests::any as any_rule;
use crate::gui::framing::form::*;
use crate::words::Lang;
use proptest::prelude::*;

const GROUPS: At = At::Number(FieldId::LengthSize, 8);
const DIGITS: At = At::Number(FieldId::LengthSize, 9);

fn rule(text: &str) -> FramingRule {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn form(text: &str) -> RuleForm {
    RuleForm::new(&rule(text))
}

#[test]
fn every_kind_round_trips_through_its_fields() {
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
    assert!(RULES.iter().all(|rule| kinds.contains(&rule.kind)));
}

#[test]
fn errors_belong_to_their_field() {
    let cases: [(&str, At, &str, At, &str); 19] = [
        ("delim:0A", At::Field(FieldId::Delimiter), "", At::Field(FieldId::Delimiter), "请填写"),
        ("delim:0A", At::Field(FieldId::Delimiter), "0G", At::Field(FieldId::Delimiter), "G"),
        ("marks:start=02,end=03", At::Field(FieldId::End), " ", At::Field(FieldId::End), "请填写"),
        ("marks:start=02,end=03", At::Field(FieldId::Starts), "02 | ", At::Field(FieldId::Starts), "请填写"),
        ("marks:start=02,end=03,restart", At::Field(FieldId::Starts), "", At::Field(FieldId::Starts), "请填写"),
        ("marks:start=02,end=03", At::Field(FieldId::Escape), "10 11", At::Field(FieldId::Escape), "一个字节"),
        ("marks:start=02,end=03", At::Field(FieldId::After), "-1", At::Field(FieldId::After), "0 到 1048576"),
        ("fixed:8", At::Field(FieldId::FixedLength), "0", At::Field(FieldId::FixedLength), "1 到 16777216"),
        ("fixed:8", At::Field(FieldId::FixedLength), "", At::Field(FieldId::FixedLength), "请填写"),
        ("fixed:8", At::Field(FieldId::Max), "2,max=3", At::Field(FieldId::Max), "1 到 268435456"),
        ("len:size=4,endian=little", At::Field(FieldId::Header), "3", At::Field(FieldId::Header), "4 到"),
        (
            "len:size=4,endian=little",
            At::Field(FieldId::LengthOffset),
            "x+SUM-8",
            At::Field(FieldId::LengthOffset),
            "0 到",
        ),
        ("len:size=dec8", DIGITS, "19", DIGITS, "1 到 18"),
        ("len:size=varint4", GROUPS, "0", GROUPS, "1 到 10"),
        ("len:size=varint4,mark=AA", At::Place(FieldId::Mark), "-1", At::Place(FieldId::Mark), "0 到"),
        ("gap:20ms", At::Field(FieldId::Gap), "soon", At::Field(FieldId::Gap), "毫秒"),
        ("slip+SUM-8", At::Field(FieldId::CheckUntil), "2A 2B", At::Field(FieldId::CheckUntil), "一个字节"),
        ("slip+SUM-8", At::Field(FieldId::CheckUntil), "*", At::Field(FieldId::CheckUntil), "*"),
        ("slip+SUM-8", At::Field(FieldId::CheckTo), "1.5", At::Field(FieldId::CheckTo), "到 16777216"),
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
fn a_length_above_the_maximum_is_an_error_of_its_field() {
    let mut form = form("fixed:8");
    *form.text(At::Field(FieldId::Max)) = "4".into();
    assert_eq!(form.rule(), Err((At::Field(FieldId::FixedLength), Wrong::Size(1, 4))));
}

#[test]
fn the_positions_of_a_check_are_kept_while_a_marker_byte_replaces_them() {
    let mut form = form("line+XOR-8:from=1,to=-5,at=-4");
    *form.text(At::Field(FieldId::CheckUntil)) = "2A".into();
    assert_eq!(form.rule(), Ok(rule("line+XOR-8:from=1,until=2A")));
    form.text(At::Field(FieldId::CheckUntil)).clear();
    assert_eq!(form.rule(), Ok(rule("line+XOR-8:from=1,to=-5,at=-4")));
}

#[test]
fn an_error_of_a_mask_or_swaps_starts_with_the_expected_value() {
    for (start, id) in [("len:size=2,endian=big", FieldId::LengthMask), ("marks:end=7E", FieldId::Swap)] {
        let mut form = form(start);
        *form.text(At::Field(id)) = "0".into();
        let (at, wrong) = form.rule().expect_err(start);
        assert_eq!(at, At::Field(id));
        let (en, zh) = (wrong.words(Lang::En), wrong.words(Lang::ZhCn));
        assert!(en.starts_with("Should be ") && !en.contains('"'), "{start}: {en}");
        assert!(zh.starts_with("应为") && !zh.contains('“'), "{start}: {zh}");
    }
}

/// The options of the rule and of its check in the form.
fn shown(form: &RuleForm) -> Vec<FieldId> {
    let draft = form.draft();
    let rule = form.description().fields().into_iter().filter(|field| field.matters(&draft)).map(|field| field.id);
    let check = draft.check.into_iter();
    let check = check.flat_map(|check| Check::fields().into_iter().filter(move |field| field.matters(&check)));
    rule.chain(check.map(|field| field.id)).collect()
}

#[test]
fn an_invalid_number_of_a_choice_keeps_the_visible_fields() {
    let lengths = RULES.iter().flat_map(|rule| rule.fields()).map(|field| (field.id, field.kind));
    let checks = Check::fields().into_iter().map(|field| (field.id, field.kind));
    let mut tried = 0;
    for (id, kind) in lengths.chain(checks) {
        let Kind::Choice(choices) = kind else { continue };
        for (index, choice) in choices.iter().enumerate() {
            let Some(numbers) = choice.number else { continue };
            let text = match id {
                FieldId::LengthSize => format!("len:size={}{}", choice.word, numbers.most),
                _ => format!("line+SUM-8:form={}{}", choice.word, numbers.most),
            };
            let mut form = form(&text);
            let before = shown(&form);
            for typed in ["0", "99", "x"] {
                *form.text(At::Number(id, index)) = typed.into();
                assert_eq!(form.rule().expect_err(typed).0, At::Number(id, index), "{text}: {typed}");
                assert_eq!(shown(&form), before, "{text}: {typed}");
                let draft = form.draft();
                let check = draft.check.as_ref();
                let value = Check::fields().into_iter().find(|field| field.id == id);
                let value = value.and_then(|field| field.value(check?));
                let rule = form.description().fields().into_iter().find(|field| field.id == id);
                let value = value.or_else(|| rule.and_then(|field| field.value(&draft)));
                assert!(matches!(value, Some(Value::Choice(shown, _)) if shown == index), "{text}: {typed}: {value:?}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 12, "{tried}");
}

#[test]
fn the_fields_of_another_kind_are_kept() {
    let mut form = form("delim:3B");
    form.kind = RuleKind::Gap;
    assert_eq!(form.rule(), Ok(rule("gap:20ms")));
    form.take(&rule("slip"));
    form.kind = RuleKind::Delimiter;
    assert_eq!(form.rule(), Ok(rule("delim:3B")));
}

#[test]
fn invalid_bytes_stay_as_typed() {
    let mut form = form("marks:start=02,end=03");
    *form.text(At::Field(FieldId::End)) = "0x".into();
    form.set_as_text(true);
    assert_eq!((form.get(At::Field(FieldId::End)), form.get(At::Field(FieldId::Starts))), ("0x", "\\x02"));
}

#[test]
fn every_field_with_bytes_follows_the_choice_of_text() {
    let mut form = form("marks:start=7E,end=7E,swap=7E:7D02|7D:7D01|7C:7D3A");
    let swap = At::Field(FieldId::Swap);
    form.set_as_text(true);
    assert_eq!((form.get(At::Field(FieldId::End)), form.get(swap)), ("~", "~:}\\x02|}:}\\x01|\\x7C:}\\x3A"));
    *form.text(swap) = "~:}!| :_".into();
    assert_eq!(form.rule(), Ok(rule("marks:start=7E,end=7E,swap=7E:7D21|20:5F")));
    for (typed, words) in
        [("~", "~:}"), ("~:", "~:}"), ("~~:!", "~:}"), ("a:b:c", "~:}"), ("~:\\q", "\\q"), (" ", "~:}")]
    {
        *form.text(swap) = typed.into();
        let (at, wrong) = form.rule().expect_err(typed);
        assert_eq!(at, swap);
        for lang in [Lang::ZhCn, Lang::En] {
            let said = wrong.words(lang);
            assert!(said.contains(words) && !said.contains("7D02"), "{typed:?}: {said}");
        }
    }
    let says_hex = |lang: Lang, id| lang.texts().rule_field(id).label.to_lowercase().contains("hex");
    for (id, kind) in all_fields() {
        let typed = match kind {
            Kind::Swaps => "41:42",
            Kind::Byte | Kind::Bytes | Kind::ByteStrings | Kind::Mask | Kind::PlacedBytes { .. } => "41",
            _ => continue,
        };
        form.set_as_text(false);
        *form.text(At::Field(id)) = typed.into();
        form.set_as_text(true);
        let follows = form.get(At::Field(id)) != typed;
        assert!(follows || (says_hex(Lang::En, id) && says_hex(Lang::ZhCn, id)), "{id:?}");
    }
}

#[test]
fn hints_use_the_form_of_the_bytes() {
    let mut form = form("delim:0A");
    assert_eq!(form.hint(Kind::Bytes, "0D 0A"), "0D 0A");
    form.set_as_text(true);
    assert_eq!((form.hint(Kind::Bytes, "0D 0A").as_ref(), form.hint(Kind::Byte, "none").as_ref()), ("\\r\\n", "none"));
    for lang in [Lang::ZhCn, Lang::En] {
        let hint = form.hint(Kind::Swaps, lang.texts().rule_field(FieldId::Swap).hint);
        assert!(hint.contains(SWAPS_AS_TEXT) && !hint.contains("7D"), "{hint}");
    }
}

proptest! {
    #[test]
    fn a_rule_round_trips_through_the_form(rule in any_rule::rule(), before in any_rule::rule(), as_text in any::<bool>()) {
        let mut form = RuleForm::new(&before);
        form.set_as_text(as_text);
        form.take(&rule);
        prop_assert_eq!(form.rule(), Ok(rule.clone()));
        prop_assert_eq!(rule.to_string().parse::<FramingRule>(), Ok(rule.clone()), "its text form too");
        form.set_as_text(!as_text);
        prop_assert_eq!(form.rule(), Ok(rule));
    }

    #[test]
    fn any_text_in_any_field_is_a_rule_or_an_error_of_a_field(
        start in any_rule::rule(),
        typed in proptest::collection::vec((any::<prop::sample::Index>(), "[0-9a-fx|,:+=@'\\\\ -]{0,6}|\\PC{0,4}"), 1..4),
        as_text in any::<bool>(),
    ) {
        let mut form = RuleForm::new(&start);
        form.set_as_text(as_text);
        for (at, text) in typed {
            let mut places: Vec<At> = form.texts.keys().copied().collect();
            places.sort_by_key(|at| format!("{at:?}"));
            *form.text(*at.get(&places)) = text;
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

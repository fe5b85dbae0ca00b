use super::*;
use crate::codec::Encoding;

fn fields(source: &str) -> Option<RuleFields> {
    RuleFields::of(&Document::new(source.to_owned()), 0)
}

#[test]
fn what_a_form_shows_is_written_as_it_was() {
    for source in [
        "on 01 03 ?? ?? { > 01 83 02 }",
        "on 01 03 * limit 3 as 读 { wait 20ms; > 01 03 02 {{t:i16}} +CRC-16/MODBUS }",
        "on * \"PING\" * from 2 { > \"PONG\" 0D0A }",
        "on /^AT(.*)$/ { > \"OK\" }",
        "on raw 7E * { > raw 7E }",
        "on open { > \"hello\" }",
        "on idle 30000ms { close }",
        "on every 1000ms { > 00 }",
        "on * { > {{frame:bytes}} }",
        "on 01 {\n  wait 5ms\n  > 02\n  > 03\n  reset\n}",
    ] {
        let fields = fields(source).unwrap_or_else(|| panic!("{source} is for the form"));
        assert_eq!(fields.wrong(), [], "{source}");
        let again = self::fields(&fields.lines()).unwrap_or_else(|| panic!("{}", fields.lines()));
        assert_eq!(again, fields, "{source}");
        let errors = crate::talk::read(&fields.lines(), &crate::talk::Outside::default()).errors;
        let errors: Vec<_> =
            errors.iter().filter(|error| error.kind != crate::talk::ErrorKind::RuleNeedsFrame).collect();
        assert!(errors.len() <= usize::from(source.contains("t:i16")), "{source}: {errors:?}");
    }
}

#[test]
fn what_a_form_cannot_show_is_left_to_the_text() {
    for source in [
        "on also 01 { > 02 }",
        "on 01 where 1 == 1 { > 02 }",
        "on 01 { set n = 1; > 02 }",
        "on 01 { > 02 to all }",
        "on 01 { > 02; wait 1s }",
        "on raw 01 { > 02 }",
        "on 01 {\n> 02  # comment\n}",
        "on idle 1500us { close }",
        "on close { > 01 }",
        "> 01",
    ] {
        assert_eq!(fields(source), None, "{source}");
    }
}

#[test]
fn a_rule_is_made_of_received_bytes() {
    let rule = RuleFields::on_bytes(b"PING\r\n", true, false, Encoding::UTF_8);
    assert_eq!((rule.form, rule.pattern.as_str()), (Form::Text, "PING\\r\\n"));
    let rule = RuleFields::on_bytes(&[1, 3, 0], false, true, Encoding::UTF_8);
    assert_eq!(rule.lines(), "on raw 01 03 00 { > raw  }");
    assert_eq!(rule.wrong(), [Wrong::Content(0)]);
}

#[test]
fn wrong_fields_are_named() {
    let mut rule = RuleFields { name: "1st".into(), limit: "0".into(), ..RuleFields::default() };
    rule.answers[0].delay_ms = "x".into();
    assert_eq!(rule.wrong(), [Wrong::Name, Wrong::Pattern, Wrong::Limit, Wrong::Delay(0), Wrong::Content(0)]);
    rule = RuleFields { when: When::Idle, answers: Vec::new(), ..RuleFields::default() };
    assert_eq!(rule.wrong(), [Wrong::Time]);
    for name in ["读温度", "a_1", ""] {
        assert!(is_name(name), "{name}");
    }
    for name in ["on", "a b", "-"] {
        assert!(!is_name(name), "{name}");
    }
}

#[test]
fn a_regular_expression_may_lack_its_slashes() {
    let regex = |typed: &str| {
        let answer = Answer { sends: Items { is_text: true, typed: "OK".into() }, ..Answer::default() };
        let form = Form::Regex;
        RuleFields { form, pattern: typed.into(), answers: vec![answer], ..RuleFields::default() }.lines()
    };
    assert_eq!(regex(r"GET (\w+)/x"), "on /GET (\\w+)\\/x/ { > \"OK\" }");
    assert_eq!(regex("/a/i"), "on /a/i { > \"OK\" }");
}

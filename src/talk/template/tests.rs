use super::*;
use proptest::prelude::*;

fn made(source: &str, notation: Notation, n: u64) -> Result<Made, TemplateError> {
    Template::parse(source, notation, Encoding::UTF_8)?.made(&mut Values::new(n, 1, Encoding::UTF_8))
}

fn text(source: &str, n: u64) -> String {
    String::from_utf8(made(source, Notation::Escaped, n).expect("content").bytes).expect("text")
}

#[test]
fn fields_of_text_have_formats_and_those_of_hex_have_types() {
    assert_eq!(text("a{{n}}b", 7), "a7b");
    assert_eq!(text("{{n:04}} {{n:02X}} {{n * 2 + 1}}", 10), "0010 0A 21");
    assert_eq!(text("{{\"{\"}}", 0), "{");
    let hex = |source: &str, n| made(source, Notation::Hex, n).map(|made| made.bytes);
    assert_eq!(hex("01 {{n:u16}} FF {{n:u16le}}", 0x102), Ok(vec![1, 1, 2, 0xFF, 2, 1]));
    assert_eq!(hex("{{random(4)}}", 0).map(|bytes| bytes.len()), Ok(4));
    assert_eq!(text("{{uuid()}}", 0).len(), 36);
    assert!(text("{{unix_ms}}", 0).parse::<u64>().is_ok_and(|ms| ms > 1_700_000_000_000));
    assert_eq!(text("{{time(\"%Y\")}}", 0).len(), 4);
}

#[test]
fn an_integer_takes_the_whole_seconds_of_the_clock() {
    let hex = |source: &str| made(source, Notation::Hex, 0).map(|made| made.bytes);
    let seconds = |bytes: Vec<u8>| u32::from_be_bytes(bytes.try_into().expect("four bytes"));
    let now = seconds(hex("{{unix:u32}}").expect("fits"));
    assert!(now > 1_700_000_000);
    assert!(seconds(hex("{{unix + 60:u32}}").expect("fits")) >= now + 60);
    assert_eq!(hex("{{unix:bcd6}}").expect("fits").len(), 6);
    assert_eq!((text("{{unix:012}}", 0).len(), text("{{unix:X}}", 0).len()), (12, 8));
    assert!(text("{{unix:.3}}", 0).contains('.'));
    // Another fraction still does not fit.
    assert!(matches!(hex("{{2.5:u8}}"), Err(TemplateError::Field { .. })));
    assert!(matches!(hex("{{unix * 0.3:u32}}"), Err(TemplateError::Field { .. })));
}

#[test]
fn a_type_in_a_text_says_that_it_needs_hex() {
    for form in ["u16", "i8le", "f32", "bcd6", "bytes", "text(4)"] {
        let TemplateError::Field { kind, .. } = made(&format!("a{{{{n:{form}}}}}"), Notation::Plain, 0).unwrap_err()
        else {
            panic!("{form}")
        };
        assert_eq!(*kind, ErrorKind::TypeInText(form.trim_end_matches("(4)").to_owned()));
    }
}

#[test]
fn braces_can_be_written_as_they_are() {
    assert_eq!(text(r"\{{n}}", 7), "{{n}}");
    assert_eq!(text(r"\{\{n}}", 7), "{{n}}");
    assert_eq!(text(r"\\{{n}}", 7), "\\7");
    assert_eq!(text("{n} }} {\n{{n}}", 7), "{n} }} {\n7");
    let plain = made(r"\{{n}}", Notation::Plain, 7).expect("content");
    assert_eq!((plain.bytes.as_slice(), plain.fields.first()), (&b"\\7"[..], Some(&(1..2))));
}

#[test]
fn an_error_names_its_place_in_the_whole_text() {
    let at = |source: &str, notation| match made(source, notation, 300) {
        Err(TemplateError::Field { at, field, .. }) => (at.start, field),
        Err(TemplateError::Hex(HexError::BadDigit { position, .. }))
        | Err(TemplateError::Escape(EscapeError::Bad { position, .. }))
        | Err(TemplateError::Encode(EncodeError { position, .. })) => (position, String::new()),
        other => panic!("{other:?}"),
    };
    assert_eq!(at("你{{m}}", Notation::Escaped), (3, "{{m}}".to_owned()));
    assert_eq!(at("{{n}} \\q", Notation::Escaped), (6, String::new()));
    assert_eq!(at("{{n:u8}} 0G", Notation::Hex), (10, String::new()));
    assert_eq!(at("01 {{n:u8}} 02", Notation::Hex).1, "{{n:u8}}");
    for broken in ["{{", "{{n", "{{n:}}", "{{}}", "{{?n}}", "{{n:u16}}", "{{n}", "{{nosuch()}}", "{{zeros(9999999)}}"] {
        assert!(matches!(made(broken, Notation::Escaped, 0), Err(TemplateError::Field { .. })), "{broken}");
    }
    assert!(matches!(made("{{n}}", Notation::Hex, 0), Err(TemplateError::Field { .. })), "a type is missing");
}

#[test]
fn a_function_without_its_parentheses_is_recognised() {
    match made("{{time}}", Notation::Plain, 0) {
        Err(TemplateError::Field { kind, .. }) => {
            assert_eq!(*kind, ErrorKind::UnsetName { name: "time".into(), near: Some("time()".into()) });
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_round_can_be_made_again_and_rounds_differ() {
    let template = Template::parse("{{random(16)}}", Notation::Plain, Encoding::UTF_8).expect("a template");
    let bytes = |n| template.made(&mut Values::new(n, 5, Encoding::UTF_8)).expect("content").bytes;
    assert_eq!(bytes(3), bytes(3));
    assert_ne!(bytes(3), bytes(4));
}

proptest! {
    #[test]
    fn text_without_fields_is_what_it_was(source in "[^{\\\\]{0,40}") {
        let made = made(&source, Notation::Escaped, 0).expect("text");
        prop_assert_eq!((made.bytes.as_slice(), made.fields.len()), (source.as_bytes(), 0));
    }

    #[test]
    fn any_text_is_a_template_or_an_error(source in "(\\PC|\\{\\{|\\}\\}|n|:|\\\\|[0-9(){}]){0,40}", hex in any::<bool>()) {
        let notation = if hex { Notation::Hex } else { Notation::Escaped };
        if let Err(error) = made(&source, notation, 3) {
            prop_assert!(error.position() <= source.chars().count());
        }
    }
}

use super::*;
use crate::talk::error::{Named, ValueKind};

fn kinds(source: &str) -> Vec<ErrorKind> {
    let parsed = crate::talk::parse(source);
    assert_eq!(parsed.errors, [], "{source}");
    check(&parsed.file, source, &Outside::default()).into_iter().map(|error| error.kind).collect()
}

#[test]
fn a_good_file_has_no_errors() {
    for source in [
        "> \"AT\\r\\n\"",
        "var a = 1\nvar b = a + 1\n> {{b:u8}}\n< {{?c:u8}} where c > a and c matches /x/\ncheck round == c or n in 1..2",
        "session a connect tcp://127.0.0.1:1 { frame line }\nsession b listen udp://[::1]:0 { encoding gbk }\n> a: \"x\"\n< b: 01\ncheck is_open(a) and port(b) > 0\non b: 01 as r { > 02; close; set k = hits(r) }",
        "session listen tcp://127.0.0.1:1 { frame delim:0D0A }\non 01 03 {{?at:u16}} where at < 5 { > raw \"x\\r\\n\"; > {{at:u16}} +CRC-16/MODBUS }",
        "use \"x.talk\" as x\nuse \"y.talk\"\n> {{x.y}} {{anything}}",
        "> {{255:u8}} {{-128:i8}} {{'12':u8}}\ncheck 'a' + 'b' == 'ab'",
        "< /(?P<volt>\\d+)/\ncheck volt > 1",
        "step 'a'\n> 01\nstep 'a'\n> 02",
    ] {
        assert_eq!(kinds(source), [], "{source}");
    }
}

#[test]
fn what_only_the_whole_file_shows_is_found() {
    let unset =
        |name: &str, near: Option<&str>| ErrorKind::UnsetName { name: name.into(), near: near.map(str::to_owned) };
    let session =
        |name: &str, near: Option<&str>| ErrorKind::UnknownSession { name: name.into(), near: near.map(str::to_owned) };
    let two = "session meter connect tcp://127.0.0.1:1\nsession b connect tcp://127.0.0.1:2\n";
    let line = "session connect tcp://127.0.0.1:1 { frame line }\n";
    let wrong = |found, expected| ErrorKind::WrongKind { found, expected };
    for (source, kind) in [
        ("> {{unit:u8}}".to_owned(), unset("unit", None)),
        ("var voltage = 1\ncheck voltag > 1".into(), unset("voltag", Some("voltage"))),
        ("wait pause".into(), unset("pause", None)),
        ("< {{?a:u8}}\nsession listen udp://127.0.0.1:0\non 01 { > {{a:u8}} }".into(), unset("a", None)),
        ("> x.y: 01".replace("x.y", "x"), session("x", None)),
        (format!("{two}> metr: 01"), session("metr", Some("meter"))),
        (format!("{two}> 01"), ErrorKind::WhichSession { first: "meter".into() }),
        (format!("{two}on open {{ close }}"), ErrorKind::WhichSession { first: "meter".into() }),
        (format!("{line}> \"AT\\n\""), ErrorKind::LineEndTwice { rule: "line".into() }),
        (format!("{line}> \"AT\\r\\n\""), ErrorKind::LineEndTwice { rule: "line".into() }),
        (format!("{line}> \"AT\" 0D0A"), ErrorKind::LineEndTwice { rule: "line".into() }),
        (
            line.replace("line", "delim:0D0A") + "on 01 { > \"x\\x0D\\x0A\" }",
            ErrorKind::LineEndTwice { rule: "delim:0D0A".into() },
        ),
        ("session listen tcp://127.0.0.1:1\non 01 { > 02 }".into(), ErrorKind::RuleNeedsFrame),
        (format!("{line}on 01 {{ < 02 }}"), ErrorKind::NotInRule("<".into())),
        (format!("{line}on 01 {{ one of {{ < 02 }} }}"), ErrorKind::NotInRule("one".into())),
        ("> {{300:u8}}".into(), ErrorKind::DoesNotFit { value: "300".into(), form: "u8".into() }),
        ("> {{-129:i8}}".into(), ErrorKind::DoesNotFit { value: "-129".into(), form: "i8".into() }),
        ("> {{'x':u8}}".into(), wrong(ValueKind::Text, ValueKind::Number)),
        ("check 1".into(), wrong(ValueKind::Number, ValueKind::Truth)),
        ("check 1 == 1 and 'x'".into(), wrong(ValueKind::Text, ValueKind::Truth)),
        ("set a = 2 * (1 < 2)".into(), wrong(ValueKind::Truth, ValueKind::Number)),
        ("set a = lenn('x')".into(), ErrorKind::UnknownFunction { name: "lenn".into(), near: Some("len") }),
        ("set a = len()".into(), ErrorKind::Arguments { function: "len".into(), given: 0, least: 1, most: 1 }),
        ("set a = min('x')".into(), ErrorKind::NotYet("min".into())),
        ("set a = hex(1)\ncheck is_open(q)".into(), session("q", None)),
    ] {
        assert_eq!(kinds(&source), [kind], "{source}");
    }
    let name = |source: &str| {
        kinds(source)
            .iter()
            .map(|kind| format!("{kind:?}").split([' ', '(']).next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(name("> 01 +CRC-99"), ["BadRule"]);
    assert_eq!(
        name("session connect tcp://a:99999 { frame nothing; encoding klingon }"),
        ["BadAddress", "BadRule", "UnknownEncoding"]
    );
    assert_eq!(name("session connect tcp://a:1\nsession b connect tcp://a:2"), ["UnnamedSession"]);
    assert_eq!(name("< /a(/"), ["BadRegex"]);
}

#[test]
fn duplicates_name_the_first_one() {
    let source = "var a = 1\nvar a = 2\nsession s connect tcp://a:1\nsession s connect tcp://a:2";
    let parsed = read(source, &Outside::default());
    let found: Vec<_> = parsed
        .errors
        .iter()
        .map(|error| match &error.kind {
            ErrorKind::Duplicate { what, first, .. } => (*what, first.start, error.span.start),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(found, [(Named::Var, 4, 14), (Named::Session, 28, 56)]);
}

#[test]
fn names_from_outside_count() {
    let outside = Outside { names: ["host".to_owned(), "x.token".to_owned()].into(), has_used_files: true };
    let source = "use \"x.talk\" as x\n> '{{host}} {{x.token}}'";
    assert_eq!(read(source, &outside).errors, []);
    let source = "use \"x.talk\" as x\n> '{{x.other}}'";
    assert_eq!(read(source, &outside).errors.len(), 1);
}

use super::*;
use crate::talk::error::{ErrorKind, Expected, Found};
use crate::talk::tree::*;
use std::time::Duration;

const METER: &str = r#"# 电表.talk:  wirebench run 电表.talk --var host=10.0.0.7 --junit out.xml
talk 1
var host = "127.0.0.1"
var unit = 1
use "common/login.talk" as common  # its vars, parts and rules; its steps are not run
session meter connect tcp://{{host}}:502 {  # options of the command line
  frame modbus-tcp
  reconnect 1s..30s tries 10
}
step "读电压" required  # a row of the list, a test case of the report
> {{unit:u8}} 03 0000 0002  # content; the rule adds head and length
< {{unit:u8}} 03 04 {{?volt:f32}} within 500ms
check volt in 215..245 and answer_time < 50ms
step "坏地址" within 10s
> raw 0007 0000 0006 {{unit:u8}} 03 \  # bytes on the wire
  FFFF 0001
one of within 1s {
  < raw 0007 * {{unit:u8}} 83 02
  < {{unit:u8}} 83 {{?code:u8}} { fail "error {{code:02X}}" }
  else { fail "no answer" }
}
< silence 300ms
repeat 100 every 20ms {
  > {{unit:u8}} 06 0010 {{round:u16}}
  < next {{unit:u8}} 06 0010 {{round:u16}}
  sample t = answer_time
}
check p(t, 99) < 20ms else continue
"#;

const DEVICE: &str = r#"talk 1
session listen tcp://127.0.0.1:5020 { frame modbus-tcp }
on 01 03 {{?at:u16}} {{?n:u16}} where n <= 100 { wait 20ms; > 01 03 {{n * 2:u8}} {{zeros(n * 2)}} }
off on 01 {{?function:u8}} * limit 3 as others { > 01 {{function | 0x80:u8}} 01 }
on idle 30s { close }
"#;

fn kinds(source: &str) -> Vec<ErrorKind> {
    parse(source).errors.into_iter().map(|error| error.kind).collect()
}

fn good(source: &str) -> File {
    let parsed = parse(source);
    assert_eq!(parsed.errors, [], "{source}");
    parsed.file
}

/// The only statement of a source.
fn only(source: &str) -> StmtKind {
    let mut file = good(source);
    assert_eq!(file.tops.len(), 1, "{source}");
    match file.tops.remove(0).kind {
        TopKind::Loose(stmt) => stmt.kind,
        other => panic!("{source}: {other:?}"),
    }
}

fn sent(source: &str) -> Vec<ItemKind> {
    match only(source) {
        StmtKind::Send(send) => send.items.into_iter().map(|item| item.kind).collect(),
        other => panic!("{other:?}"),
    }
}

fn expected(source: &str) -> Pattern {
    match only(source) {
        StmtKind::Await { what: Await { kind: AwaitKind::Pattern(pattern), .. }, .. } => *pattern,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_of_a_test_is_read() {
    let parsed = parse(METER);
    let later: Vec<_> = parsed.errors.iter().map(|error| error.span.of(METER)).collect();
    assert_eq!(later, ["sample"], "{:?}", parsed.errors);
    let file = parsed.file;
    assert_eq!(file.version.map(|version| version.value), Some(1));
    let TopKind::Session(session) = &file.tops[3].kind else { panic!("{:?}", file.tops[3]) };
    assert_eq!(session.options[1].values.len(), 3);
    assert_eq!(session.options[1].span.of(METER), "reconnect 1s..30s tries 10");
    assert_eq!(session.endpoint.span.of(METER), "tcp://{{host}}:502");
    let TopKind::Step(step) = &file.tops[4].kind else { panic!("{:?}", file.tops[4]) };
    assert_eq!((step.name.plain(), step.required.is_some(), step.body.len()), (Some("读电压"), true, 3));
    assert_eq!(step.head.of(METER), "step \"读电压\" required");
    assert!(file.tops[4].span.of(METER).ends_with("answer_time < 50ms"));
    let TopKind::Step(step) = &file.tops[5].kind else { panic!("{:?}", file.tops[5]) };
    assert_eq!(step.body.len(), 5);
    let StmtKind::Cases(cases) = &step.body[1].kind else { panic!("{:?}", step.body[1]) };
    assert_eq!((cases.arms.len(), cases.otherwise.is_some()), (2, true));
}

#[test]
fn the_example_of_a_device_is_read() {
    let file = good(DEVICE);
    let rules: Vec<&Rule> = file
        .tops
        .iter()
        .filter_map(|top| match &top.kind {
            TopKind::Rule(rule) => Some(rule),
            _ => None,
        })
        .collect();
    assert_eq!(rules.len(), 3);
    assert_eq!(rules[0].body.stmts.len(), 2);
    assert!(matches!(&rules[0].trigger, Trigger::Pattern(pattern) if pattern.condition.is_some()));
    assert!(rules[1].off.is_some() && rules[0].off.is_none());
    assert_eq!(rules[1].head.of(DEVICE), "off on 01 {{?function:u8}} * limit 3 as others");
    assert!(matches!(&rules[2].trigger, Trigger::Idle(time) if time.kind == TimeKind::Fixed(Duration::from_secs(30))));
}

#[test]
fn three_lines_are_three_commands() {
    let file = good("> \"AT\"\r\n> \"ATI\"\r\n> 0103 0000");
    assert_eq!(file.tops.len(), 3);
    assert!(file.tops.iter().all(|top| matches!(top.kind, TopKind::Loose(_))));
}

#[test]
fn a_heading_ends_a_step() {
    let file = good("\u{FEFF}step \"a\" key Ctrl+F5 retry 3 every 1s\n> 01\n< 02\ngroup \"g\"\n> 03\n");
    assert_eq!(file.tops.len(), 3);
    let TopKind::Step(step) = &file.tops[0].kind else { panic!() };
    assert_eq!(step.key.as_ref().and_then(Text::plain), Some("Ctrl+F5"));
    assert_eq!(step.retry.as_ref().map(|retry| retry.times.value), Some(3));
}

#[test]
fn items_are_read() {
    let items = sent(r#"> 01Aa"x\x00\{{{n:04}}'" '"' {{unit:u16le}} +CRC-16/MODBUS file "a b.bin" to 10.0.0.1:80"#);
    let bytes = |bytes: &[u8]| ItemKind::Hex(bytes.iter().map(|value| HexByte { value: *value, mask: 0xFF }).collect());
    assert_eq!(items[0], bytes(&[0x01, 0xAA]));
    let ItemKind::Text(text) = &items[1] else { panic!() };
    assert_eq!(text.pieces.len(), 5);
    assert_eq!(
        text.pieces[..3],
        [TextPiece::Chars("x".into()), TextPiece::Bytes(vec![0]), TextPiece::Chars("{".into()),]
    );
    assert!(matches!(&text.pieces[3], TextPiece::Insert(Insert { form: Some(form), .. })
        if form.value == Format { zeros: true, width: 4, ..Format::default() }));
    assert!(matches!(&items[3], ItemKind::Insert(Insert { form: Some(form), .. })
        if form.value == Type::Int(Int { bytes: 2, is_signed: false, is_little: true })));
    assert!(matches!(&items[4], ItemKind::Check(text) if text.plain() == Some("CRC-16/MODBUS")));
    assert!(matches!(&items[5], ItemKind::File(text) if text.plain() == Some("a b.bin")));
}

#[test]
fn patterns_are_read() {
    let pattern =
        expected("< next raw 4? ?? * {{?n:u8}} {{?rest:bytes(n - 1)}} 'v={{?v:dec}}' from peer where n > 1 and v != 2");
    assert!(pattern.next.is_some() && pattern.raw.is_some() && pattern.from.is_some() && pattern.condition.is_some());
    let Match::Items(items) = &pattern.body else { panic!() };
    assert_eq!(items[0].kind, ItemKind::Hex(vec![HexByte { value: 0x40, mask: 0xF0 }]));
    assert_eq!(items[1].kind, ItemKind::Hex(vec![HexByte { value: 0, mask: 0 }]));
    assert_eq!(items[2].kind, ItemKind::Any);
    assert!(matches!(&items[5].kind, ItemKind::Text(text) if matches!(text.pieces[1], TextPiece::Capture(_))));
    let pattern = expected(r"< /a\/b\d+/ib within 1s");
    assert!(
        matches!(&pattern.body, Match::Regex(regex) if regex.source == r"a/b\d+" && regex.ignore_case && regex.is_bytes)
    );
}

#[test]
fn precedence_and_numbers_are_as_in_the_grammar() {
    let StmtKind::Check { condition, .. } = only("check not a or b == 1 | 2 + 3 * 4 and -c.d(1, 'x') in 1..2.5e-3")
    else {
        panic!()
    };
    let ExprKind::Binary { op: BinaryOp::Or, left, right } = condition.kind else { panic!() };
    assert!(matches!(left.kind, ExprKind::Unary { op: UnaryOp::Not, .. }));
    let ExprKind::Binary { op: BinaryOp::And, left, right } = right.kind else { panic!() };
    let ExprKind::Binary { op: BinaryOp::Equal, right: bits, .. } = left.kind else { panic!() };
    assert!(matches!(bits.kind, ExprKind::Binary { op: BinaryOp::BitOr, .. }));
    let ExprKind::Between { low, high, .. } = right.kind else { panic!() };
    assert_eq!(low.kind, ExprKind::Number(Number::Int(1)));
    assert_eq!(high.kind, ExprKind::Number(Number::Float(2.5e-3)));
    for (text, time) in [("1.5ms", 1_500_000), ("20us", 20_000), ("2m", 120_000_000_000), ("0.000000001s", 1)] {
        assert_eq!(
            only(&format!("wait {text}")),
            StmtKind::Wait(Time {
                kind: TimeKind::Fixed(Duration::from_nanos(time)),
                span: Span::new(5, 5 + text.len()),
            })
        );
    }
    assert!(matches!(
        only("set x = 1 << 2 < 3 >> 1"),
        StmtKind::Set { value: Expr { kind: ExprKind::Binary { op: BinaryOp::Less, .. }, .. }, .. }
    ));
}

#[test]
fn every_statement_of_the_first_level_is_read() {
    for source in [
        "< a: 01 within t else continue",
        "< open from 10.0.0.1:5",
        "< close rst from all else stop",
        "< silence 5ms else { note 'x' }",
        "fail 'x'",
        "note \"x {{n}}\"",
        "wait d",
        "open",
        "open a fails refused within 1s",
        "open fails",
        "stop",
        "stop a",
        "close",
        "reset a to all",
        "shutdown to 3",
        "repeat { > 01 }",
        "repeat n every 1s until n > 3 { > 01; < 02 }",
        "get 'a.bin'",
        "put s: 'a.bin' plain-json",
        "serve 'folder'",
        "serve modbus-tcp 'registers.csv'",
        "serve s: modbus-rtu 'r.csv' unit=1",
        "receive 'folder' append",
        "one of { < 01; < 02 { > 03 } }",
        "> s: raw 01 to all",
        "set a = json(frame, 'x') matches /\\d/",
    ] {
        only(source);
    }
}

#[test]
fn words_of_the_second_level_are_read_and_refused() {
    for (source, word) in [
        ("part p(a, b) { > {{a}} }", "part"),
        ("do p(1)", "do"),
        ("for a, b in (1, 2), (3, 4) { > 01 }", "for"),
        ("for a in csv 'x' { > 01 }", "for"),
        ("if a == 1 { > 01 } else if b { > 02 } else { > 03 }", "if"),
        ("gather 1s as n { < 01 }", "gather"),
        ("all of within 1s { < 01 }", "all"),
        ("< earlier 01", "earlier"),
        ("clients 100 over 1s as c { open }", "clients"),
        ("sample t = 1", "sample"),
        ("bytes b = 01 02", "bytes"),
    ] {
        assert_eq!(kinds(source), [ErrorKind::NotYet(word.into())], "{source}");
        assert_eq!(parse(source).file.tops.len(), 1, "{source}");
    }
}

#[test]
fn several_errors_are_found_at_once() {
    let source =
        "cheque x\nstep \"a\"\n> 01 0\n< 02 witin 3s\nrepeet 3 {\n  > 01\n}\n> 03\nwait 5\n> \"open\n> 04\n}\n";
    let parsed = parse(source);
    let found: Vec<&str> = parsed.errors.iter().map(|error| error.span.of(source)).collect();
    assert_eq!(found, ["cheque", "0", "witin", "repeet", "5", "\"", "}"], "{:?}", parsed.errors);
    let TopKind::Step(step) = &parsed.file.tops[0].kind else { panic!() };
    assert_eq!(step.body.len(), 2);
}

#[test]
fn a_top_word_in_a_block_is_a_missing_brace() {
    let source = "step \"a\"\nrepeat 3 {\n  one of {\n    < 01\nstep \"b\"\n> 01\non 01 {\n";
    let parsed = parse(source);
    let found: Vec<_> = parsed
        .errors
        .iter()
        .map(|error| (error.span.of(source), error.kind.related().map(|span| span.start)))
        .collect();
    let braces: Vec<usize> = source.match_indices('{').map(|(at, _)| at).collect();
    assert_eq!(found, [("step", Some(braces[1])), ("", Some(braces[2]))], "{:?}", parsed.errors);
    assert_eq!(parsed.file.tops.len(), 3);
}

#[test]
fn each_error_says_what_was_read() {
    let unexpected = |found: &str, expected| ErrorKind::Unexpected { found: Found::Text(found.into()), expected };
    for (source, kind) in [
        ("> “AT”", ErrorKind::FullWidth { found: '“', twin: '"' }),
        ("wait 5ms；> 01", ErrorKind::FullWidth { found: '；', twin: ';' }),
        ("session connect tcp：//a:1", ErrorKind::FullWidth { found: '：', twin: ':' }),
        ("> 01，02", ErrorKind::FullWidth { found: '，', twin: ',' }),
        ("AT", unexpected("AT", Expected::Statement)),
        ("\"AT\"", ErrorKind::NoArrow),
        ("01 03", ErrorKind::NoArrow),
        ("else continue", ErrorKind::ElseOnNewLine),
        ("set step = 1", ErrorKind::ReservedName("step".into())),
        ("talk 2", ErrorKind::Version(2)),
        ("> 01\ntalk 1", ErrorKind::VersionNotFirst),
        ("> \"a\\q\"", ErrorKind::BadEscape("\\q".into())),
        ("> 010", ErrorKind::OddHex("010".into())),
        ("> 01 02,03", ErrorKind::BadHex { digits: "02,03".into(), character: ',' }),
        ("> 4?", ErrorKind::PatternOnly("4?".into())),
        ("> 01 *", ErrorKind::PatternOnly("*".into())),
        ("> {{?x}}", ErrorKind::PatternOnly("{{?x}}".into())),
        ("> '{{?x}}'", ErrorKind::PatternOnly("{{?x}}".into())),
        ("< 01 /x/", ErrorKind::RegexAlone),
        ("< /x/ 01", ErrorKind::RegexAlone),
        ("< /x/q", ErrorKind::RegexFlag('q')),
        ("< /x", ErrorKind::UnclosedRegex),
        ("> \"a {{x\"", unexpected("\"", Expected::OneOf(&["}}"]))),
        ("> {{x", ErrorKind::UnclosedField),
        ("wait 5", ErrorKind::NoUnit("5".into())),
        ("wait 5sec", ErrorKind::UnknownUnit("5sec".into())),
        ("check x == 99999999999999999999", ErrorKind::BadNumber("99999999999999999999".into())),
        ("> {{x:u7}}", unexpected("u7", Expected::Type)),
        ("> '{{x:q}}'", unexpected("q", Expected::Format)),
        ("step 'a' required required", ErrorKind::OptionTwice("required".into())),
        ("check", ErrorKind::Unexpected { found: Found::EndOfFile, expected: Expected::Value }),
        ("check\n> 01", ErrorKind::Unexpected { found: Found::EndOfLine, expected: Expected::Value }),
        ("off > 01", unexpected(">", Expected::OneOf(&["step", "on"]))),
    ] {
        let found = kinds(source);
        if source == "AT" {
            assert!(matches!(&found[..], [ErrorKind::UnknownWord { .. }]), "{found:?}");
        } else {
            assert_eq!(found, [kind], "{source}");
        }
    }
}

#[test]
fn depth_is_bounded() {
    for source in [
        "check ".to_owned() + &"(".repeat(100_000),
        "repeat { ".repeat(100_000),
        "check ".to_owned() + &"-".repeat(100_000),
        "check ".to_owned() + &"not ".repeat(10_000),
    ] {
        assert!(parse(&source).errors.iter().any(|error| error.kind == ErrorKind::TooDeep));
    }
}

#[test]
fn operators_of_an_expression_are_bounded() {
    let chain = |sign: &str, count: usize| vec!["1"; count + 1].join(sign);
    for sign in [" + ", " and ", " or ", " * ", " | "] {
        assert!(parse(&format!("check {}", chain(sign, 100))).errors.is_empty(), "{sign}");
        for source in [chain(sign, 100_000), format!("({}) == ({})", chain(sign, 60), chain(sign, 60))] {
            let errors = parse(&format!("check {source}")).errors;
            assert!(errors.iter().any(|error| error.kind == ErrorKind::TooManyOperators), "{sign}");
        }
        // Each expression has its own number.
        let two = format!("check {}\ncheck {}", chain(sign, 80), chain(sign, 80));
        assert!(parse(&two).errors.is_empty(), "{sign}");
    }
}

#[test]
fn a_line_of_megabytes_is_read_in_one_go() {
    // Reading that looks at the whole line for each token would take hours here.
    for (token, count) in [
        ("01 ", 400_000),
        ("\"a\" ", 200_000),
        ("\"\\n\\u{", 200_000),
        ("'\\'", 300_000),
        ("; > 01", 200_000),
        ("'\\", 300_000),
    ] {
        let source = format!("> {}", token.repeat(count));
        let document = crate::talk::edit::Document::new(source.clone());
        assert_eq!(document.source().len(), source.len());
    }
}

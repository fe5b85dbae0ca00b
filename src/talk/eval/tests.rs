//! Expressions: the tree is built by hand, since this room needs no parser.

use super::*;
use crate::talk::tree::{
    BinaryOp, Expr, ExprKind, Format, FormatKind, Insert, Number as Written, Path, Regex, Span, Spanned, Text,
    TextPiece, UnaryOp,
};

/// A world of fixed values.
#[derive(Default)]
pub(in crate::talk) struct Fixed {
    pub names: Names,
    pub encoding: Encoding,
    pub seed: u64,
}

impl World for Fixed {
    fn value(&mut self, name: &Path) -> Option<Value> {
        self.names.get(&name.dotted()).cloned()
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn now(&mut self) -> jiff::Zoned {
        jiff::Timestamp::from_millisecond(1_700_000_000_250).expect("a time").to_zoned(jiff::tz::TimeZone::UTC)
    }

    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.seed
    }

    fn environment(&mut self, name: &str) -> Option<String> {
        (name == "HOME").then(|| "/home/x".to_owned())
    }

    fn port(&mut self, session: Option<&str>) -> Option<u16> {
        (session == Some("meter")).then_some(502)
    }
}

pub(in crate::talk) fn expr(kind: ExprKind) -> Expr {
    Expr { kind, span: Span::default() }
}

pub(in crate::talk) fn int(value: i128) -> Expr {
    let written = expr(ExprKind::Number(Written::Int(value.unsigned_abs() as u64)));
    if value >= 0 { written } else { expr(ExprKind::Unary { op: UnaryOp::Negate, operand: Box::new(written) }) }
}

pub(in crate::talk) fn name(name: &str) -> Expr {
    let names = name.split('.').map(|part| Spanned::new(part.to_owned(), Span::default())).collect();
    expr(ExprKind::Name(Path { names, span: Span::default() }))
}

pub(in crate::talk) fn text(text: &str) -> Text {
    let pieces = if text.is_empty() { Vec::new() } else { vec![TextPiece::Chars(text.to_owned())] };
    Text { pieces, span: Span::default() }
}

pub(in crate::talk) fn string(characters: &str) -> Expr {
    expr(ExprKind::Text(text(characters)))
}

pub(in crate::talk) fn binary(left: Expr, op: BinaryOp, right: Expr) -> Expr {
    expr(ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) })
}

fn called(function: &str, arguments: Vec<Expr>) -> Expr {
    let names = vec![Spanned::new(function.to_owned(), Span::default())];
    expr(ExprKind::Call { function: Path { names, span: Span::default() }, arguments })
}

fn float(value: f64) -> Expr {
    expr(ExprKind::Number(Written::Float(value)))
}

fn bytes(bytes: &[u8]) -> Expr {
    expr(ExprKind::Text(Text { pieces: vec![TextPiece::Bytes(bytes.to_vec())], span: Span::default() }))
}

fn value(expr: &Expr) -> Value {
    evaluate(expr, &mut Fixed::default()).expect("a value")
}

fn fault(expr: &Expr) -> FaultKind {
    evaluate(expr, &mut Fixed::default()).expect_err("no value").kind
}

#[test]
fn whole_numbers_stay_whole_and_never_wrap() {
    use BinaryOp::*;
    for (left, op, right, result) in [
        (7, Add, 5, Value::Int(12)),
        (7, Divide, 2, Value::Float(3.5)),
        (8, Divide, 2, Value::Int(4)),
        (-7, Remainder, 3, Value::Int(-1)),
        (0x0F, BitOr, 0x80, Value::Int(0x8F)),
        (0x0F, BitXor, 1, Value::Int(0x0E)),
        (1, ShiftLeft, 70, Value::Int(1 << 70)),
        (-8, ShiftRight, 1, Value::Int(-4)),
        (3, Less, 4, Value::Bool(true)),
        (4, Less, 4, Value::Bool(false)),
        (4, GreaterOrEqual, 4, Value::Bool(true)),
    ] {
        assert_eq!(value(&binary(int(left), op, int(right))), result, "{left} {op:?} {right}");
    }
    assert_eq!(fault(&binary(int(1), Divide, int(0))), FaultKind::ZeroDivisor);
    assert_eq!(fault(&binary(float(1.0), Remainder, int(0))), FaultKind::ZeroDivisor);
    let large = binary(int(1), ShiftLeft, int(126));
    assert_eq!(fault(&binary(large.clone(), Multiply, int(4))), FaultKind::Overflow);
    assert_eq!(fault(&binary(large, ShiftLeft, int(3))), FaultKind::Overflow);
    assert!(matches!(fault(&binary(int(1), ShiftLeft, int(-1))), FaultKind::OutOfRange { .. }));
    assert_eq!(fault(&binary(float(1e308), Multiply, float(10.0))), FaultKind::Overflow);
}

#[test]
fn a_text_that_reads_as_a_number_counts_as_one_beside_a_number() {
    use BinaryOp::*;
    assert_eq!(value(&binary(string("007"), Equal, int(7))), Value::Bool(true));
    assert_eq!(value(&binary(string("5"), Add, int(1))), Value::Int(6));
    assert_eq!(value(&binary(string("230.5"), Less, int(231))), Value::Bool(true));
    assert_eq!(value(&binary(string("5"), Add, string("1"))), Value::text("51"));
    assert_eq!(value(&binary(string("007"), Equal, string("7"))), Value::Bool(false));
    assert_eq!(value(&binary(string("OK"), NotEqual, int(7))), Value::Bool(true));
    assert!(matches!(fault(&binary(string("OK"), Less, int(7))), FaultKind::Mixed { .. }));
    assert!(matches!(fault(&binary(string("OK"), Add, int(7))), FaultKind::WrongKind { expected: Kind::Number, .. }));
    assert_eq!(value(&binary(string("AB"), Equal, bytes(b"AB"))), Value::Bool(true));
    assert!(matches!(
        fault(&expr(ExprKind::Unary { op: UnaryOp::Not, operand: Box::new(int(1)) })),
        FaultKind::WrongKind { .. }
    ));
}

#[test]
fn the_second_operand_is_evaluated_only_if_it_matters() {
    let unset = || name("nothing");
    let truth = |value: bool| expr(ExprKind::Bool(value));
    assert_eq!(value(&binary(truth(false), BinaryOp::And, unset())), Value::Bool(false));
    assert_eq!(value(&binary(truth(true), BinaryOp::Or, unset())), Value::Bool(true));
    assert_eq!(fault(&binary(truth(true), BinaryOp::And, unset())), FaultKind::UnsetName("nothing".to_owned()));
}

#[test]
fn ranges_times_and_regular_expressions() {
    let between = |value: Expr, low: Expr, high: Expr| {
        expr(ExprKind::Between { value: Box::new(value), low: Box::new(low), high: Box::new(high) })
    };
    assert_eq!(value(&between(float(245.0), int(215), int(245))), Value::Bool(true));
    assert_eq!(value(&between(float(245.1), int(215), int(245))), Value::Bool(false));
    let time = expr(ExprKind::Number(Written::Time(std::time::Duration::from_millis(50))));
    assert_eq!(value(&binary(float(0.02), BinaryOp::Less, time)), Value::Bool(true));
    let matches = |text: Expr, source: &str, is_bytes: bool| {
        let regex = Regex {
            source: source.to_owned(),
            ignore_case: true,
            dot_matches_line_end: false,
            is_bytes,
            span: Span::default(),
        };
        expr(ExprKind::Matches { value: Box::new(text), regex })
    };
    assert_eq!(value(&matches(string("AT+Ok"), "ok$", false)), Value::Bool(true));
    assert_eq!(value(&matches(bytes(&[0xFF, 1]), r"^\xFF", true)), Value::Bool(true));
    assert!(matches!(fault(&matches(string("x"), "(", false)), FaultKind::BadRegex(_)));
}

#[test]
fn functions_on_bytes_and_texts() {
    let abc = || bytes(b"abcdef");
    for (function, arguments, result) in [
        ("len", vec![string("温度")], Value::Int(2)),
        ("len", vec![abc()], Value::Int(6)),
        ("slice", vec![abc(), int(1), int(3)], Value::bytes(&b"bc"[..])),
        ("slice", vec![abc(), int(-2)], Value::bytes(&b"ef"[..])),
        ("slice", vec![string("温度计"), int(1)], Value::text("度计")),
        ("splice", vec![abc(), int(1), bytes(b"XY")], Value::bytes(&b"aXYdef"[..])),
        ("splice", vec![abc(), int(1), int(5), bytes(b"X")], Value::bytes(&b"aXf"[..])),
        ("zeros", vec![int(3)], Value::bytes(&[0, 0, 0][..])),
        ("reverse", vec![abc()], Value::bytes(&b"fedcba"[..])),
        ("shift", vec![bytes(&[0b1000_0001, 0]), int(1)], Value::bytes(&[0b10, 1][..])),
        ("shift", vec![bytes(&[0, 0b11]), int(-9)], Value::bytes(&[1, 0][..])),
        ("shift", vec![bytes(&[0xFF, 0xFF]), int(1_000_000)], Value::bytes(&[0, 0][..])),
        (
            "pack",
            vec![string("u16 i8 text(3)"), int(258), int(-1), string("a")],
            Value::bytes(&[1, 2, 255, 97, 0, 0][..]),
        ),
        ("unpack", vec![string("u16le"), bytes(&[1, 2])], Value::Int(513)),
        (
            "unpack",
            vec![string("bcd2 text(2)"), bytes(&[0x12, 0x34, 97, 0])],
            Value::List([Value::text("1234"), Value::text("a")].into()),
        ),
        ("hex", vec![int(255)], Value::text("FF")),
        ("hex", vec![abc()], Value::text("616263646566")),
        ("num", vec![string("0x10")], Value::Int(16)),
        ("num", vec![bytes(&[1, 0])], Value::Int(256)),
        ("text", vec![int(5)], Value::text("5")),
        ("upper", vec![string("ok")], Value::text("OK")),
        ("md5", vec![string("")], Value::text("d41d8cd98f00b204e9800998ecf8427e")),
        (
            "sha256",
            vec![string("abc")],
            Value::text("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ),
        ("crc", vec![string("123456789")], Value::Int(0x4B37)),
        ("crc", vec![string("123456789"), string("CRC-32")], Value::Int(0xCBF4_3926)),
        ("json", vec![string(r#"{"a":[1,{"b":"x"}]}"#), string("a.1.b")], Value::text("x")),
        ("json", vec![string("say \"hi\"")], Value::text(r#""say \"hi\"""#)),
        ("time", vec![string("%Y-%m-%d %H:%M:%S")], Value::text("2023-11-14 22:13:20")),
        ("time", vec![string("%H:%M"), int(60)], Value::text("00:01")),
        ("env", vec![string("HOME")], Value::text("/home/x")),
        ("env", vec![string("NONE"), int(1)], Value::Int(1)),
        ("port", vec![name("meter")], Value::Int(502)),
    ] {
        assert_eq!(value(&called(function, arguments)), result, "{function}");
    }
    assert_eq!(value(&name("unix_ms")), Value::Int(1_700_000_000_250));
    let Value::Text(uuid) = value(&called("uuid", vec![])) else { panic!("no text") };
    assert_eq!((uuid.len(), &uuid[14..15], &uuid[8..9]), (36, "4", "-"));
    let mut world = Fixed::default();
    for _ in 0..1000 {
        let Ok(Value::Int(dice)) = evaluate(&called("random", vec![int(1), int(6)]), &mut world) else {
            panic!("no number")
        };
        assert!((1..=6).contains(&dice));
    }
}

#[test]
fn hostile_sizes_and_places_are_errors() {
    let huge = || int(1_000_000_000_000);
    assert_eq!(fault(&called("zeros", vec![huge()])), FaultKind::TooLong { most: LONGEST });
    assert_eq!(fault(&called("random", vec![huge()])), FaultKind::TooLong { most: LONGEST });
    assert!(matches!(fault(&called("zeros", vec![int(-1)])), FaultKind::BadCount(_)));
    assert!(matches!(fault(&called("slice", vec![bytes(b"ab"), int(3)])), FaultKind::OutOfRange { at: 3, len: 2 }));
    assert!(matches!(fault(&called("slice", vec![bytes(b"ab"), int(2), int(1)])), FaultKind::OutOfRange { .. }));
    assert!(matches!(fault(&called("splice", vec![bytes(b"ab"), int(1), bytes(b"xy")])), FaultKind::OutOfRange { .. }));
    assert!(matches!(fault(&called("pack", vec![string("text(99999999999)"), string("")])), FaultKind::UnknownType(_)));
    assert!(matches!(fault(&called("pack", vec![string("u8"), int(256)])), FaultKind::DoesNotFit { .. }));
    assert!(matches!(fault(&called("unpack", vec![string("u16"), bytes(b"abc")])), FaultKind::OutOfRange { .. }));
    assert!(matches!(fault(&called("nothing", vec![])), FaultKind::UnknownFunction(_)));
    assert!(matches!(fault(&called("len", vec![])), FaultKind::Arguments { .. }));
    assert!(matches!(fault(&called("port", vec![name("other")])), FaultKind::NotAvailable(_)));
    let mut doubled = bytes(&[0; 1024]);
    for _ in 0..15 {
        doubled = binary(doubled.clone(), BinaryOp::Add, doubled);
    }
    assert_eq!(fault(&doubled), FaultKind::TooLong { most: LONGEST });
}

#[test]
fn values_in_quotes_have_formats() {
    let format = |value: &Value, zeros, width, precision, kind| {
        formatted(value, Format { zeros, width, precision, kind }).expect("a text")
    };
    let plain = FormatKind::Plain;
    assert_eq!(format(&Value::Int(7), true, 4, None, plain), "0007");
    assert_eq!(format(&Value::Int(-7), true, 4, None, plain), "-007");
    assert_eq!(format(&Value::Int(7), false, 4, None, plain), "   7");
    assert_eq!(format(&Value::Float(2.345), false, 0, Some(1), plain), "2.3");
    assert_eq!(format(&Value::text("12"), true, 2, None, FormatKind::HexUpper), "0C");
    assert_eq!(format(&Value::bytes(&[1, 0xAB][..]), false, 0, None, FormatKind::HexUpper), "01AB");
    assert!(formatted(&Value::Int(1), Format { width: 1 << 40, ..Format::default() }).is_err());
    assert!(formatted(&Value::text("x"), Format { precision: Some(1), ..Format::default() }).is_err());

    // Bytes that are inserted stay as they are.
    let mut world = Fixed::default();
    world.names.set("id", Value::bytes(&[0xFF, 0][..]));
    let insert = Insert { value: name("id"), form: None, span: Span::default() };
    let text =
        Text { pieces: vec![TextPiece::Chars("a".to_owned()), TextPiece::Insert(insert)], span: Span::default() };
    assert_eq!(text_bytes(&text, &mut world), Ok(vec![b'a', 0xFF, 0]));
}

#[test]
fn types_are_read_as_they_are_written() {
    for (word, value, expected) in [
        ("u8", Value::Int(255), &[255][..]),
        ("i16le", Value::Int(-2), &[0xFE, 0xFF]),
        ("u24", Value::Int(0x01_0203), &[1, 2, 3]),
        ("i64", Value::Int(i128::from(i64::MIN)), &[0x80, 0, 0, 0, 0, 0, 0, 0]),
        ("u64", Value::Int(i128::from(u64::MAX)), &[255; 8]),
        ("f32", Value::Float(1.5), &[0x3F, 0xC0, 0, 0]),
        ("f64le", Value::Float(-2.0), &[0, 0, 0, 0, 0, 0, 0, 0xC0]),
        ("bcd3le", Value::text("123456"), &[0x56, 0x34, 0x12]),
        ("text(4)", Value::text("ab"), b"ab\0\0"),
        ("bytes", Value::bytes(&[1, 2][..]), &[1, 2]),
    ] {
        let (form, size) = super::binary::by_name(word).expect(word);
        let mut out = Vec::new();
        write(&value, &form, size, Encoding::UTF_8, &mut out).expect(word);
        assert_eq!(out, expected, "{word}");
        assert_eq!(read(&out, &form, Encoding::UTF_8), Some(value), "{word}");
    }
    let (bcd, _) = super::binary::by_name("bcd1").expect("a type");
    assert_eq!(read(&[0x1A], &bcd, Encoding::UTF_8), None, "no digit");
}

#[test]
fn the_names_of_a_scope_are_bounded() {
    let (run, mut own) = (Vars::default(), Names::default());
    run.set("unit", Value::Int(1));
    let mut layers = Layers { run: &run, own: &mut own, scope: "" };
    layers.set("unit", Value::Int(2), 100).expect("small");
    layers.set("mine", Value::bytes(vec![0; 100]), 100).expect("small enough");
    assert_eq!(layers.set("more", Value::bytes(vec![0; 1]), 100), Err(FaultKind::TooMuchState { most: 100 }));
    layers.set("mine", Value::bytes(vec![0; 50]), 100).expect("it replaces the other value");
    assert_eq!((run.get("unit"), own.has("unit")), (Some(Value::Int(2)), false));
}

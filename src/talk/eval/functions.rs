//! The built-in functions.

use super::expr::{evaluate, wrong_kind};
use super::fault::{Fault, FaultKind};
use super::operators::bytes_of;
use super::sequences;
use super::value::{Kind, Value};
use super::{World, format};
use crate::codec::{ChecksumKind, hex};
use crate::talk::tree::{Expr, ExprKind, Path, Span};
use crate::talk::vocabulary;
use sha2::Digest as _;

/// Calls a function.
pub(super) fn call(path: &Path, arguments: &[Expr], span: Span, world: &mut dyn World) -> Result<Value, Fault> {
    let unknown = || Fault::new(FaultKind::UnknownFunction(path.dotted()), path.span);
    let function = path.single().ok_or_else(unknown)?;
    let wrong_count = || {
        let function = function.to_owned();
        Fault::new(FaultKind::Arguments { function, given: arguments.len() }, span)
    };
    // These take a name of a session or rule, which is not evaluated.
    if vocabulary::takes_names(Some(function)) {
        return of_session(function, arguments, span, world);
    }
    let (least, most) = count_of(function).ok_or_else(unknown)?;
    if !(least..=most).contains(&arguments.len()) {
        return Err(wrong_count());
    }
    let mut values = Vec::with_capacity(arguments.len());
    for argument in arguments {
        values.push(evaluate(argument, world)?);
    }
    apply(function, &values, world).map_err(|kind| Fault::new(kind, span))
}

/// The least and the largest number of arguments.
fn count_of(function: &str) -> Option<(usize, usize)> {
    Some(match function {
        "uuid" => (0, 0),
        "time" | "random" => (0, 2),
        "len" | "zeros" | "reverse" | "hex" | "num" | "text" | "lower" | "upper" | "md5" | "sha256" => (1, 1),
        "json" | "crc" | "env" => (1, 2),
        "shift" | "unpack" => (2, 2),
        "slice" => (2, 3),
        "splice" => (3, 4),
        "pack" => (1, usize::MAX),
        _ => return None,
    })
}

fn apply(function: &str, values: &[Value], world: &mut dyn World) -> Result<Value, FaultKind> {
    let encoding = world.encoding();
    match (function, values) {
        ("uuid", _) => Ok(Value::text(uuid(world.random(), world.random()))),
        ("time", values) => time(values, world),
        ("random", values) => random(values, world),
        ("env", [name, rest @ ..]) => environment(name, rest.first(), world),
        ("len", [value]) => sequences::len(value).map(|len| Value::Int(len as i128)),
        ("zeros", [count]) => sequences::zeros(count),
        ("reverse", [value]) => sequences::reverse(value),
        ("slice", [value, from, rest @ ..]) => sequences::slice(value, from, rest.first()),
        ("splice", [value, from, new]) => sequences::splice(value, from, None, new, encoding),
        ("splice", [value, from, to, new]) => sequences::splice(value, from, Some(to), new, encoding),
        ("shift", [value, places]) => sequences::shift(value, places),
        ("pack", [forms, values @ ..]) => sequences::pack(forms, values, encoding),
        ("unpack", [forms, bytes]) => sequences::unpack(forms, bytes, encoding),
        ("hex", [value]) => hex_of(value, world),
        ("num", [value]) => number_of(value),
        ("text", [Value::Bytes(bytes)]) => Ok(format::decoded(bytes, encoding)),
        ("text", [value]) => Ok(Value::text(format::plain(value))),
        ("lower", [value]) => cased(value, str::to_lowercase, <[u8]>::to_ascii_lowercase),
        ("upper", [value]) => cased(value, str::to_uppercase, <[u8]>::to_ascii_uppercase),
        ("json", [value]) => Ok(Value::text(sequences::json_of(value, encoding).to_string())),
        ("json", [value, path]) => sequences::json_entry(value, path, encoding),
        ("md5", [value]) => Ok(Value::text(hex::lower(&md5::Md5::digest(&*bytes_of(value, encoding)?)))),
        ("sha256", [value]) => Ok(Value::text(hex::lower(&sha2::Sha256::digest(&*bytes_of(value, encoding)?)))),
        ("crc", [value, rest @ ..]) => checksum(value, rest.first(), world),
        _ => Err(FaultKind::Arguments { function: function.to_owned(), given: values.len() }),
    }
}

/// `port(NAME)`, `is_open(NAME)`, `hits(RULE)`, `cert(NAME, "FIELD")`.
fn of_session(function: &str, arguments: &[Expr], span: Span, world: &mut dyn World) -> Result<Value, Fault> {
    let mut names = Vec::new();
    for argument in arguments.iter().take(2) {
        names.push(match &argument.kind {
            ExprKind::Name(path) => path.dotted(),
            _ => match evaluate(argument, world)? {
                Value::Text(text) => text.to_string(),
                other => return Err(Fault::new(wrong_kind(&other, Kind::Text), argument.span)),
            },
        });
    }
    let first = names.first().map(String::as_str);
    let found = match (function, first) {
        ("port", session) => world.port(session).map(|port| Value::Int(i128::from(port))),
        ("is_open", session) => world.is_open(session).map(Value::Bool),
        ("hits", Some(rule)) => world.hits(rule).map(|hits| Value::Int(i128::from(hits))),
        ("cert", session) => world.certificate(session, names.get(1).map(String::as_str)).map(Value::text),
        _ => None,
    };
    let call = format!("{function}({})", names.join(", "));
    found.ok_or_else(|| Fault::new(FaultKind::NotAvailable(call), span))
}

/// A random UUID (version 4 of RFC 9562).
fn uuid(high: u64, low: u64) -> String {
    let bits = u128::from(high) << 64 | u128::from(low);
    let bits = bits & !(0xF000_u128 << 64) | 0x4000_u128 << 64;
    let bits = bits & !(0xC000_u128 << 48) | 0x8000_u128 << 48;
    let digits = format!("{bits:032x}");
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}

/// `time()`, `time("%H:%M:%S")`, `time("%F %T", seconds)`.
fn time(values: &[Value], world: &mut dyn World) -> Result<Value, FaultKind> {
    let mut at = world.now();
    if let Some(value) = values.get(1) {
        let seconds = value.number().ok_or_else(|| wrong_kind(value, Kind::Number))?.float();
        let instant = jiff::Timestamp::from_nanosecond((seconds * 1e9) as i128).map_err(|_| FaultKind::Overflow)?;
        at = instant.to_zoned(at.time_zone().clone());
    }
    let form = match values.first() {
        None => "%Y-%m-%d %H:%M:%S",
        Some(Value::Text(form)) => form,
        Some(other) => return Err(wrong_kind(other, Kind::Text)),
    };
    let written = jiff::fmt::strtime::format(form, &at);
    written.map(Value::text).map_err(|error| FaultKind::BadTimeFormat(error.to_string()))
}

/// `random()`: from 0 to below 1. `random(n)`: n bytes. `random(a, b)`: a whole number from a to b.
fn random(values: &[Value], world: &mut dyn World) -> Result<Value, FaultKind> {
    let whole = |value: &Value| value.whole().ok_or_else(|| wrong_kind(value, Kind::Whole));
    match values {
        [count] => {
            let len = sequences::length(count)?;
            let mut bytes = Vec::with_capacity(len + 8);
            while bytes.len() < len {
                bytes.extend(world.random().to_le_bytes());
            }
            bytes.truncate(len);
            Ok(Value::bytes(bytes))
        }
        [low, high] => {
            let (from, to) = (whole(low)?, whole(high)?);
            let range = to.checked_sub(from).and_then(|range| u64::try_from(range).ok());
            let range = range.ok_or(FaultKind::OutOfRange { at: to, len: 0 })?;
            // The high half of the product is evenly distributed, but for less than one in 2^64 / range.
            let offset = (u128::from(world.random()) * (u128::from(range) + 1)) >> 64;
            Ok(Value::Int(from + offset as i128))
        }
        _ => Ok(Value::Float((world.random() >> 11) as f64 / (1_u64 << 53) as f64)),
    }
}

fn environment(name: &Value, default: Option<&Value>, world: &mut dyn World) -> Result<Value, FaultKind> {
    let Value::Text(name) = name else { return Err(wrong_kind(name, Kind::Text)) };
    match (world.environment(name), default) {
        (Some(value), _) => Ok(Value::text(value)),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(FaultKind::NoEnvironment(name.to_string())),
    }
}

/// `hex(255)` is `FF`, `hex(bytes)` all digits.
fn hex_of(value: &Value, world: &mut dyn World) -> Result<Value, FaultKind> {
    if let Value::Int(_) | Value::Float(_) = value {
        let format = crate::talk::tree::Format { kind: crate::talk::tree::FormatKind::HexUpper, ..Default::default() };
        return format::formatted(value, format).map(Value::text);
    }
    let bytes = bytes_of(value, world.encoding())?;
    Ok(Value::text(hex::lower(&bytes).to_ascii_uppercase()))
}

/// A text as a number, and bytes as a whole number with the highest byte first.
fn number_of(value: &Value) -> Result<Value, FaultKind> {
    match value {
        Value::Bool(value) => Ok(Value::Int(i128::from(*value))),
        Value::Bytes(bytes) if bytes.len() < 16 => {
            Ok(Value::Int(bytes.iter().fold(0, |all, byte| all << 8 | i128::from(*byte))))
        }
        Value::Bytes(_) => Err(FaultKind::Overflow),
        other => other.number().map(Value::from).ok_or_else(|| wrong_kind(other, Kind::Number)),
    }
}

fn cased(value: &Value, text: fn(&str) -> String, bytes: fn(&[u8]) -> Vec<u8>) -> Result<Value, FaultKind> {
    match value {
        Value::Text(old) => Ok(Value::text(text(old))),
        Value::Bytes(old) => Ok(Value::bytes(bytes(old))),
        other => Err(wrong_kind(other, Kind::Text)),
    }
}

/// The number of a check; without a name that of Modbus RTU.
fn checksum(value: &Value, name: Option<&Value>, world: &mut dyn World) -> Result<Value, FaultKind> {
    let name = match name {
        None => "CRC-16/MODBUS",
        Some(Value::Text(name)) => name,
        Some(other) => return Err(wrong_kind(other, Kind::Text)),
    };
    let kind = ChecksumKind::by_name(name).ok_or_else(|| FaultKind::UnknownCheck(name.to_owned()))?;
    Ok(Value::Int(i128::from(kind.calculator().compute(&bytes_of(value, world.encoding())?))))
}

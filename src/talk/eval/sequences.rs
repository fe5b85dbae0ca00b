//! Functions on bytes, texts and lists.

use super::binary::{by_name, fixed_len, read, write};
use super::expr::wrong_kind;
use super::fault::FaultKind;
use super::operators::bytes_of;
use super::value::{Kind, LONGEST, Number, Value};
use crate::codec::Encoding;
use serde_json::Value as Json;
use std::ops::Range;

/// Bytes, characters of a text, or entries of a list.
pub(super) fn len(value: &Value) -> Result<usize, FaultKind> {
    match value {
        Value::Bytes(bytes) => Ok(bytes.len()),
        Value::Text(text) => Ok(text.chars().count()),
        Value::List(list) => Ok(list.len()),
        other => Err(wrong_kind(other, Kind::Bytes)),
    }
}

/// A number of bytes.
pub(super) fn length(value: &Value) -> Result<usize, FaultKind> {
    let whole = value.whole().ok_or_else(|| wrong_kind(value, Kind::Whole))?;
    let len = usize::try_from(whole).map_err(|_| match whole {
        0.. => FaultKind::TooLong { most: LONGEST },
        _ => FaultKind::BadCount(value.to_string()),
    })?;
    if len > LONGEST { Err(FaultKind::TooLong { most: LONGEST }) } else { Ok(len) }
}

pub(super) fn zeros(count: &Value) -> Result<Value, FaultKind> {
    Ok(Value::bytes(vec![0; length(count)?]))
}

pub(super) fn reverse(value: &Value) -> Result<Value, FaultKind> {
    match value {
        Value::Bytes(bytes) => Ok(Value::bytes(bytes.iter().rev().copied().collect::<Vec<u8>>())),
        Value::Text(text) => Ok(Value::text(text.chars().rev().collect::<String>())),
        Value::List(list) => Ok(Value::List(list.iter().rev().cloned().collect())),
        other => Err(wrong_kind(other, Kind::Bytes)),
    }
}

/// A position; a negative one counts from the end.
fn place(value: &Value, len: usize) -> Result<usize, FaultKind> {
    let at = value.whole().ok_or_else(|| wrong_kind(value, Kind::Whole))?;
    let from_start = if at < 0 { at.checked_add(len as i128) } else { Some(at) };
    from_start.and_then(|at| usize::try_from(at).ok()).filter(|at| *at <= len).ok_or(FaultKind::OutOfRange { at, len })
}

fn range(from: &Value, to: Option<&Value>, len: usize) -> Result<Range<usize>, FaultKind> {
    let from = place(from, len)?;
    let to = to.map_or(Ok(len), |to| place(to, len))?;
    if from > to { Err(FaultKind::OutOfRange { at: from as i128, len: to }) } else { Ok(from..to) }
}

/// `slice(x, from)`, `slice(x, from, to)`: without the entry at `to`.
pub(super) fn slice(value: &Value, from: &Value, to: Option<&Value>) -> Result<Value, FaultKind> {
    let range = range(from, to, len(value)?)?;
    Ok(match value {
        Value::Bytes(bytes) => Value::bytes(&bytes[range]),
        Value::Text(text) => Value::text(text.chars().skip(range.start).take(range.len()).collect::<String>()),
        Value::List(list) => Value::List(list[range].into()),
        other => return Err(wrong_kind(other, Kind::Bytes)),
    })
}

/// `splice(bytes, at, new)` writes `new` over the bytes from `at` on; `splice(bytes, from, to, new)` replaces `from..to`.
pub(super) fn splice(
    value: &Value,
    from: &Value,
    to: Option<&Value>,
    new: &Value,
    encoding: Encoding,
) -> Result<Value, FaultKind> {
    let (bytes, new) = (bytes_of(value, encoding)?, bytes_of(new, encoding)?);
    let range = match to {
        Some(to) => range(from, Some(to), bytes.len())?,
        None => {
            let from = place(from, bytes.len())?;
            let end = from + new.len();
            if end > bytes.len() {
                return Err(FaultKind::OutOfRange { at: end as i128, len: bytes.len() });
            }
            from..end
        }
    };
    let spliced = [&bytes[..range.start], &new[..], &bytes[range.end..]].concat();
    if spliced.len() > LONGEST { Err(FaultKind::TooLong { most: LONGEST }) } else { Ok(Value::bytes(spliced)) }
}

/// Moves all bits towards the end by `places`, or to the front if it is negative. The lowest bit of a byte comes first, as coils
/// of Modbus are counted. The length stays; zeros come in.
pub(super) fn shift(value: &Value, places: &Value) -> Result<Value, FaultKind> {
    let Value::Bytes(bytes) = value else { return Err(wrong_kind(value, Kind::Bytes)) };
    let moved = places.whole().ok_or_else(|| wrong_kind(places, Kind::Whole))?;
    let bits = bytes.len() as i128 * 8;
    let mut out = vec![0; bytes.len()];
    // A longer way leaves only zeros.
    let moved = moved.clamp(-bits, bits);
    let (whole, part) = (moved.div_euclid(8) as isize, moved.rem_euclid(8) as u32);
    for (index, byte) in bytes.iter().enumerate() {
        let wide = u16::from(*byte) << part;
        let target = index as isize + whole;
        for (offset, value) in [(0, wide as u8), (1, (wide >> 8) as u8)] {
            let target = usize::try_from(target + offset).ok();
            if let Some(slot) = target.and_then(|target| out.get_mut(target)) {
                *slot |= value;
            }
        }
    }
    Ok(Value::bytes(out))
}

/// `pack("u16 f32le text(8)", value, …)`.
pub(super) fn pack(forms: &Value, values: &[Value], encoding: Encoding) -> Result<Value, FaultKind> {
    let Value::Text(forms) = forms else { return Err(wrong_kind(forms, Kind::Text)) };
    let words: Vec<&str> = forms.split_ascii_whitespace().collect();
    if words.len() != values.len() {
        return Err(FaultKind::Arguments { function: "pack".to_owned(), given: values.len() + 1 });
    }
    let mut out = Vec::new();
    for (word, value) in words.into_iter().zip(values) {
        let (form, size) = by_name(word).ok_or_else(|| FaultKind::UnknownType(word.to_owned()))?;
        write(value, &form, size, encoding, &mut out)?;
        if out.len() > LONGEST {
            return Err(FaultKind::TooLong { most: LONGEST });
        }
    }
    Ok(Value::bytes(out))
}

/// `unpack("u16 f32le", bytes)`: a list, or the value itself if there is one type. The types must cover all bytes.
pub(super) fn unpack(forms: &Value, bytes: &Value, encoding: Encoding) -> Result<Value, FaultKind> {
    let Value::Text(forms) = forms else { return Err(wrong_kind(forms, Kind::Text)) };
    let Value::Bytes(bytes) = bytes else { return Err(wrong_kind(bytes, Kind::Bytes)) };
    let mut values = Vec::new();
    let mut at = 0;
    for word in forms.split_ascii_whitespace() {
        let (form, size) = by_name(word).ok_or_else(|| FaultKind::UnknownType(word.to_owned()))?;
        // A text or bytes without a size are the rest.
        let len = fixed_len(&form).or(size).unwrap_or(bytes.len() - at);
        let end = at.saturating_add(len);
        let part = bytes.get(at..end).ok_or(FaultKind::OutOfRange { at: end as i128, len: bytes.len() })?;
        let unfit = || FaultKind::DoesNotFit { value: Value::bytes(part).to_string(), form: word.to_owned() };
        values.push(read(part, &form, encoding).ok_or_else(unfit)?);
        at = end;
    }
    if at < bytes.len() {
        return Err(FaultKind::OutOfRange { at: at as i128, len: bytes.len() });
    }
    Ok(if values.len() == 1 { values.swap_remove(0) } else { Value::List(values.into()) })
}

/// A value as JSON. Bytes are the text that they decode to.
pub(super) fn json_of(value: &Value, encoding: Encoding) -> Json {
    match value {
        Value::Bool(value) => Json::Bool(*value),
        Value::Int(whole) => match (u64::try_from(*whole), i64::try_from(*whole)) {
            (Ok(whole), _) => whole.into(),
            (_, Ok(whole)) => whole.into(),
            _ => (*whole as f64).into(),
        },
        Value::Float(float) => (*float).into(),
        Value::Text(text) => Json::String(text.to_string()),
        Value::Bytes(bytes) => Json::String(encoding.decode(bytes)),
        Value::List(list) => Json::Array(list.iter().map(|value| json_of(value, encoding)).collect()),
    }
}

/// The entry `a.b.0` of a JSON text; the whole of it for an empty path.
pub(super) fn json_entry(value: &Value, path: &Value, encoding: Encoding) -> Result<Value, FaultKind> {
    let bytes = bytes_of(value, encoding)?;
    let path = match path {
        Value::Text(path) => path.to_string(),
        Value::Int(index) => index.to_string(),
        other => return Err(wrong_kind(other, Kind::Text)),
    };
    let text = if encoding == Encoding::UTF_8 { bytes } else { encoding.decode(&bytes).into_bytes().into() };
    let json: Json = serde_json::from_slice(&text).map_err(|_| FaultKind::NotJson)?;
    let mut entry = &json;
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let found = match entry {
            Json::Array(list) => step.parse().ok().and_then(|index: usize| list.get(index)),
            other => other.get(step),
        };
        entry = found.ok_or_else(|| FaultKind::NoJsonEntry(path.clone()))?;
    }
    of_json(entry, &path)
}

fn of_json(json: &Json, path: &str) -> Result<Value, FaultKind> {
    Ok(match json {
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::from(Number::of(&number.to_string()).ok_or(FaultKind::Overflow)?),
        Json::String(text) => Value::text(&text[..]),
        Json::Array(list) => Value::List(list.iter().map(|entry| of_json(entry, path)).collect::<Result<_, _>>()?),
        Json::Null => return Err(FaultKind::NoJsonEntry(path.to_owned())),
        Json::Object(_) => Value::text(json.to_string()),
    })
}

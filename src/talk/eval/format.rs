//! Values in quotes.

use super::World;
use super::expr::{evaluate, evaluate_whole, wrong_kind};
use super::fault::{Fault, FaultKind};
use super::value::{Kind, LONGEST, Value};
use crate::codec::{Encoding, hex};
use crate::talk::tree::{Format, FormatKind, Text, TextPiece};

/// The value of a text in an expression: a text, or bytes if it contains `\xNN` or inserts bytes.
pub(super) fn text_value(text: &Text, world: &mut dyn World) -> Result<Value, Fault> {
    if let Some(plain) = text.plain() {
        return Ok(Value::text(plain));
    }
    let mut characters = String::new();
    // From the first piece that is bytes on.
    let mut bytes: Option<Vec<u8>> = None;
    for piece in &text.pieces {
        let inserted;
        let (value, span) = match piece {
            TextPiece::Chars(chars) => (Value::text(&chars[..]), text.span),
            TextPiece::Bytes(raw) => (Value::bytes(&raw[..]), text.span),
            TextPiece::Insert(insert) => {
                let format = insert.form.as_ref().map(|form| form.value);
                inserted = match format {
                    // `{{unix:010}}` has no fraction; `{{unix:.3}}` and `{{unix}}` do.
                    Some(format) if format.precision.is_none() => evaluate_whole(&insert.value, world)?,
                    _ => evaluate(&insert.value, world)?,
                };
                let value = match (&inserted, format) {
                    (Value::Bytes(_), None) => inserted,
                    (value, format) => {
                        let format = format.unwrap_or_default();
                        Value::text(formatted(value, format).map_err(|kind| Fault::new(kind, insert.span))?)
                    }
                };
                (value, insert.span)
            }
            TextPiece::Capture(capture) => return Err(Fault::new(FaultKind::PatternOnly, capture.span)),
        };
        if let (Value::Bytes(_), None) = (&value, &bytes) {
            let encoded = world.encoding().encode(&characters);
            bytes = Some(encoded.map_err(|error| Fault::new(FaultKind::Encode(error), text.span))?);
        }
        match (&value, &mut bytes) {
            (Value::Text(text), None) => characters.push_str(text),
            (value, Some(bytes)) => {
                let more = super::operators::bytes_of(value, world.encoding());
                bytes.extend_from_slice(&more.map_err(|kind| Fault::new(kind, span))?);
            }
            _ => {}
        }
        if characters.len().max(bytes.as_ref().map_or(0, Vec::len)) > LONGEST {
            return Err(Fault::new(FaultKind::TooLong { most: LONGEST }, span));
        }
    }
    Ok(bytes.map_or_else(|| Value::text(characters), Value::bytes))
}

/// The bytes of a text in a send.
///
/// # Errors
/// An insertion has no value, or a character does not exist in the encoding.
pub fn text_bytes(text: &Text, world: &mut dyn World) -> Result<Vec<u8>, Fault> {
    let value = text_value(text, world)?;
    let bytes = super::operators::bytes_of(&value, world.encoding());
    bytes.map(std::borrow::Cow::into_owned).map_err(|kind| Fault::new(kind, text.span))
}

/// A text that is not sent: a name, a note, a path. Bytes in it are decoded.
///
/// # Errors
/// An insertion has no value.
pub fn text_of(text: &Text, world: &mut dyn World) -> Result<String, Fault> {
    match text_value(text, world)? {
        Value::Bytes(bytes) => Ok(world.encoding().decode(&bytes)),
        Value::Text(text) => Ok(text.to_string()),
        other => Ok(plain(&other)),
    }
}

/// A value without a format.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Bytes(bytes) => hex::lower(bytes),
        Value::List(list) => list.iter().map(plain).collect::<Vec<_>>().join(","),
    }
}

/// A value in this format. A format of digits needs a number; of bytes, `x` and `X` write all digits.
///
/// # Errors
/// The value does not fit the format.
pub fn formatted(value: &Value, format: Format) -> Result<String, FaultKind> {
    /// Widest field and most digits behind the point.
    const WIDEST: usize = 4096;
    if format.width > WIDEST || format.precision.is_some_and(|precision| precision > WIDEST) {
        return Err(FaultKind::TooLong { most: WIDEST });
    }
    let whole = || value.whole().ok_or_else(|| wrong_kind(value, Kind::Whole));
    let written = match (format.kind, value) {
        (FormatKind::HexLower, Value::Bytes(bytes)) => hex::lower(bytes),
        (FormatKind::HexUpper, Value::Bytes(bytes)) => hex::lower(bytes).to_ascii_uppercase(),
        (FormatKind::HexLower, _) => sign(whole()?, |digits| format!("{digits:x}")),
        (FormatKind::HexUpper, _) => sign(whole()?, |digits| format!("{digits:X}")),
        (FormatKind::Plain, value) => match format.precision {
            Some(precision) => {
                let number = value.number().ok_or_else(|| wrong_kind(value, Kind::Number))?;
                format!("{:.precision$}", number.float())
            }
            None => plain(value),
        },
    };
    let missing = format.width.saturating_sub(written.chars().count());
    if !format.zeros {
        return Ok(format!("{}{written}", " ".repeat(missing)));
    }
    let (sign, digits) = written.strip_prefix('-').map_or(("", &written[..]), |digits| ("-", digits));
    Ok(format!("{sign}{}{digits}", "0".repeat(missing)))
}

fn sign(whole: i128, digits: impl Fn(u128) -> String) -> String {
    let sign = if whole < 0 { "-" } else { "" };
    format!("{sign}{}", digits(whole.unsigned_abs()))
}

/// Decodes bytes that a pattern has captured.
#[must_use]
pub fn decoded(bytes: &[u8], encoding: Encoding) -> Value {
    match (encoding == Encoding::UTF_8).then(|| std::str::from_utf8(bytes)) {
        Some(Ok(text)) => Value::text(text),
        _ => Value::text(encoding.decode(bytes)),
    }
}

//! Operators on values.

use super::fault::FaultKind;
use super::value::{Kind, LONGEST, Number, Value};
use crate::codec::Encoding;
use crate::talk::tree::BinaryOp;
use std::borrow::Cow;
use std::cmp::Ordering;

pub(super) fn negate(value: &Value) -> Result<Value, FaultKind> {
    match value.number() {
        Some(Number::Int(whole)) => whole.checked_neg().map(Value::Int).ok_or(FaultKind::Overflow),
        Some(Number::Float(float)) => Ok(Value::Float(-float)),
        None => Err(super::expr::wrong_kind(value, Kind::Number)),
    }
}

/// The operators that look at both operands.
pub(super) fn binary(op: BinaryOp, left: &Value, right: &Value, encoding: Encoding) -> Result<Value, FaultKind> {
    match op {
        BinaryOp::Equal => Ok(Value::Bool(is_equal(left, right, encoding)?)),
        BinaryOp::NotEqual => Ok(Value::Bool(!is_equal(left, right, encoding)?)),
        BinaryOp::Less => Ok(Value::Bool(order(left, right, encoding)? == Some(Ordering::Less))),
        BinaryOp::LessOrEqual => Ok(Value::Bool(order(left, right, encoding)?.is_some_and(Ordering::is_le))),
        BinaryOp::Greater => Ok(Value::Bool(order(left, right, encoding)? == Some(Ordering::Greater))),
        BinaryOp::GreaterOrEqual => Ok(Value::Bool(order(left, right, encoding)?.is_some_and(Ordering::is_ge))),
        BinaryOp::BitAnd | BinaryOp::BitXor | BinaryOp::BitOr | BinaryOp::ShiftLeft | BinaryOp::ShiftRight => {
            bits(op, whole(left)?, whole(right)?)
        }
        BinaryOp::Add => add(left, right, encoding),
        BinaryOp::Subtract | BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder => {
            arithmetic(op, number(left)?, number(right)?)
        }
        BinaryOp::And => Ok(Value::Bool(left == &Value::Bool(true) && right == &Value::Bool(true))),
        BinaryOp::Or => Ok(Value::Bool(left == &Value::Bool(true) || right == &Value::Bool(true))),
    }
}

fn number(value: &Value) -> Result<Number, FaultKind> {
    value.number().ok_or_else(|| super::expr::wrong_kind(value, Kind::Number))
}

fn whole(value: &Value) -> Result<i128, FaultKind> {
    value.whole().ok_or_else(|| super::expr::wrong_kind(value, Kind::Whole))
}

fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_))
}

/// The numbers of both sides, if one is a number and the other reads as one.
fn both_numbers(left: &Value, right: &Value) -> Option<(Number, Number)> {
    let is_numeric = is_number(left) || is_number(right);
    is_numeric.then(|| left.number().zip(right.number())).flatten()
}

fn is_equal(left: &Value, right: &Value, encoding: Encoding) -> Result<bool, FaultKind> {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => Ok(left == right),
        (Value::List(left), Value::List(right)) => {
            let mut is_all = left.len() == right.len();
            for (left, right) in left.iter().zip(right.iter()) {
                is_all &= is_equal(left, right, encoding)?;
            }
            Ok(is_all)
        }
        // A text that does not read as a number differs from every number.
        (Value::Text(text), Value::Int(_) | Value::Float(_)) if Number::of(text).is_none() => Ok(false),
        (Value::Int(_) | Value::Float(_), Value::Text(text)) if Number::of(text).is_none() => Ok(false),
        // A text that the encoding cannot represent differs from all bytes.
        (Value::Text(text), Value::Bytes(bytes)) | (Value::Bytes(bytes), Value::Text(text)) => {
            Ok(encoding.encode(text).is_ok_and(|text| text[..] == bytes[..]))
        }
        _ => Ok(order(left, right, encoding)? == Some(Ordering::Equal)),
    }
}

/// `None`: a number that compares with nothing.
fn order(left: &Value, right: &Value, encoding: Encoding) -> Result<Option<Ordering>, FaultKind> {
    if let Some(numbers) = both_numbers(left, right) {
        return Ok(match numbers {
            (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
            (left, right) => left.float().partial_cmp(&right.float()),
        });
    }
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Ok(Some(left.cmp(right))),
        (Value::Bytes(_) | Value::Text(_), Value::Bytes(_) | Value::Text(_)) => {
            Ok(Some(bytes_of(left, encoding)?.cmp(&bytes_of(right, encoding)?)))
        }
        _ => Err(FaultKind::Mixed { left: left.kind(), right: right.kind() }),
    }
}

fn add(left: &Value, right: &Value, encoding: Encoding) -> Result<Value, FaultKind> {
    let too_long = |len: usize| if len > LONGEST { Err(FaultKind::TooLong { most: LONGEST }) } else { Ok(()) };
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => {
            too_long(left.len().saturating_add(right.len()))?;
            Ok(Value::text([&left[..], right].concat()))
        }
        (Value::Bytes(_), Value::Bytes(_) | Value::Text(_)) | (Value::Text(_), Value::Bytes(_)) => {
            let (left, right) = (bytes_of(left, encoding)?, bytes_of(right, encoding)?);
            too_long(left.len().saturating_add(right.len()))?;
            Ok(Value::bytes([&left[..], &right].concat()))
        }
        (Value::Text(text), _) if is_number(right) && Number::of(text).is_none() => {
            Err(super::expr::wrong_kind(left, Kind::Number))
        }
        (_, Value::Text(text)) if is_number(left) && Number::of(text).is_none() => {
            Err(super::expr::wrong_kind(right, Kind::Number))
        }
        _ => match both_numbers(left, right) {
            Some((left, right)) => arithmetic(BinaryOp::Add, left, right),
            None => Err(FaultKind::Mixed { left: left.kind(), right: right.kind() }),
        },
    }
}

/// Whole numbers stay whole, except for a division with a remainder.
fn arithmetic(op: BinaryOp, left: Number, right: Number) -> Result<Value, FaultKind> {
    if let (Number::Int(left), Number::Int(right)) = (left, right) {
        if matches!(op, BinaryOp::Divide | BinaryOp::Remainder) && right == 0 {
            return Err(FaultKind::ZeroDivisor);
        }
        let whole = match op {
            BinaryOp::Add => left.checked_add(right),
            BinaryOp::Subtract => left.checked_sub(right),
            BinaryOp::Multiply => left.checked_mul(right),
            BinaryOp::Remainder => left.checked_rem(right),
            _ if left.checked_rem(right) == Some(0) => left.checked_div(right),
            _ => return Ok(Value::Float(left as f64 / right as f64)),
        };
        return whole.map(Value::Int).ok_or(FaultKind::Overflow);
    }
    let (left, right) = (left.float(), right.float());
    if matches!(op, BinaryOp::Divide | BinaryOp::Remainder) && right == 0.0 {
        return Err(FaultKind::ZeroDivisor);
    }
    let float = match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Remainder => left % right,
        _ => left / right,
    };
    if float.is_finite() { Ok(Value::Float(float)) } else { Err(FaultKind::Overflow) }
}

fn bits(op: BinaryOp, left: i128, right: i128) -> Result<Value, FaultKind> {
    let places = || u32::try_from(right).ok().filter(|places| *places < 127);
    Ok(Value::Int(match op {
        BinaryOp::BitAnd => left & right,
        BinaryOp::BitXor => left ^ right,
        BinaryOp::BitOr => left | right,
        BinaryOp::ShiftRight => left >> places().ok_or(FaultKind::OutOfRange { at: right, len: 127 })?,
        _ => {
            let places = places().ok_or(FaultKind::OutOfRange { at: right, len: 127 })?;
            left.checked_mul(1_i128 << places).ok_or(FaultKind::Overflow)?
        }
    }))
}

/// The bytes of a text or byte string.
pub(super) fn bytes_of(value: &Value, encoding: Encoding) -> Result<Cow<'_, [u8]>, FaultKind> {
    match value {
        Value::Bytes(bytes) => Ok(Cow::Borrowed(bytes)),
        Value::Text(text) if encoding == Encoding::UTF_8 => Ok(Cow::Borrowed(text.as_bytes())),
        Value::Text(text) => encoding.encode(text).map(Cow::Owned).map_err(FaultKind::Encode),
        other => Err(super::expr::wrong_kind(other, Kind::Bytes)),
    }
}

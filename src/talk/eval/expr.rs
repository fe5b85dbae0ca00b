//! Walks an expression.

use super::fault::{Fault, FaultKind};
use super::functions::call;
use super::operators;
use super::value::{Kind, Value};
use super::{World, format};
use crate::talk::tree::{BinaryOp, Expr, ExprKind, Number, Path, Regex, Span, Time, TimeKind, UnaryOp};
use std::time::Duration;

/// The value of an expression.
///
/// # Errors
/// The fault at the innermost part that has no value.
pub fn evaluate(expr: &Expr, world: &mut dyn World) -> Result<Value, Fault> {
    let at = |kind: FaultKind| Fault::new(kind, expr.span);
    match &expr.kind {
        ExprKind::Number(Number::Int(whole)) => Ok(Value::Int(i128::from(*whole))),
        ExprKind::Number(Number::Float(float)) => Ok(Value::Float(*float)),
        ExprKind::Number(Number::Time(time)) => Ok(Value::Float(time.as_secs_f64())),
        ExprKind::Bool(value) => Ok(Value::Bool(*value)),
        ExprKind::Text(text) => format::text_value(text, world),
        ExprKind::Name(path) => name(path, world),
        ExprKind::Call { function, arguments } => call(function, arguments, expr.span, world),
        ExprKind::Unary { op: UnaryOp::Not, operand } => Ok(Value::Bool(!truth(operand, world)?)),
        ExprKind::Unary { op: UnaryOp::Negate, operand } => {
            operators::negate(&evaluate(operand, world)?).map_err(|kind| Fault::new(kind, operand.span))
        }
        ExprKind::Binary { op: BinaryOp::Or, left, right } => {
            Ok(Value::Bool(truth(left, world)? || truth(right, world)?))
        }
        ExprKind::Binary { op: BinaryOp::And, left, right } => {
            Ok(Value::Bool(truth(left, world)? && truth(right, world)?))
        }
        ExprKind::Binary { op, left, right } => {
            let (left, right) = (evaluate(left, world)?, evaluate(right, world)?);
            operators::binary(*op, &left, &right, world.encoding()).map_err(at)
        }
        ExprKind::Between { value, low, high } => {
            let (value, low) = (evaluate(value, world)?, evaluate(low, world)?);
            let high = evaluate(high, world)?;
            let encoding = world.encoding();
            let from = operators::binary(BinaryOp::GreaterOrEqual, &value, &low, encoding).map_err(at)?;
            let to = operators::binary(BinaryOp::LessOrEqual, &value, &high, encoding).map_err(at)?;
            Ok(Value::Bool(from == Value::Bool(true) && to == Value::Bool(true)))
        }
        ExprKind::Matches { value, regex } => matches(value, regex, world).map(Value::Bool),
    }
}

/// The value of a condition.
///
/// # Errors
/// See [`evaluate`]; it is neither true nor false.
pub fn truth(expr: &Expr, world: &mut dyn World) -> Result<bool, Fault> {
    match evaluate(expr, world)? {
        Value::Bool(value) => Ok(value),
        other => Err(Fault::new(wrong_kind(&other, Kind::Bool), expr.span)),
    }
}

/// A length in bytes.
///
/// # Errors
/// See [`evaluate`]; it is no length.
pub fn size(expr: &Expr, world: &mut dyn World) -> Result<usize, Fault> {
    let value = evaluate(expr, world)?;
    let whole = value.whole().ok_or_else(|| Fault::new(wrong_kind(&value, Kind::Whole), expr.span))?;
    let size = usize::try_from(whole).map_err(|_| Fault::new(FaultKind::BadCount(value.to_string()), expr.span))?;
    match size <= super::LONGEST {
        true => Ok(size),
        false => Err(Fault::new(FaultKind::TooLong { most: super::LONGEST }, expr.span)),
    }
}

/// How often something is done.
///
/// # Errors
/// It is no whole number, or below 0.
pub fn count(expr: &Expr, world: &mut dyn World) -> Result<u64, Fault> {
    let value = evaluate(expr, world)?;
    let whole = value.whole().ok_or_else(|| Fault::new(wrong_kind(&value, Kind::Whole), expr.span))?;
    u64::try_from(whole).map_err(|_| Fault::new(FaultKind::BadCount(value.to_string()), expr.span))
}

/// A time of a statement. A number counts as seconds.
///
/// # Errors
/// The name has no value, or none that is a time.
pub fn duration(time: &Time, world: &mut dyn World) -> Result<Duration, Fault> {
    /// About 31 years: it can be added to any clock.
    const LONGEST_SECONDS: f64 = 1e9;
    let name = match &time.kind {
        TimeKind::Fixed(time) => return Ok((*time).min(Duration::from_secs_f64(LONGEST_SECONDS))),
        TimeKind::Name(name) => name,
    };
    let path = Path { names: vec![crate::talk::tree::Spanned::new(name.clone(), time.span)], span: time.span };
    let value = self::name(&path, world)?;
    let Some(number) = value.number() else { return Err(Fault::new(wrong_kind(&value, Kind::Number), time.span)) };
    let seconds = number.float();
    if !(0.0..=LONGEST_SECONDS).contains(&seconds) {
        return Err(Fault::new(FaultKind::BadTime(value.to_string()), time.span));
    }
    Ok(Duration::from_secs_f64(seconds))
}

pub(super) fn wrong_kind(value: &Value, expected: Kind) -> FaultKind {
    FaultKind::WrongKind { value: value.to_string(), found: value.kind(), expected }
}

fn name(path: &Path, world: &mut dyn World) -> Result<Value, Fault> {
    if let Some(value) = world.value(path) {
        return Ok(value);
    }
    match path.single() {
        Some("unix") => Ok(Value::Float(world.now().timestamp().as_nanosecond() as f64 / 1e9)),
        Some("unix_ms") => Ok(Value::Int(i128::from(world.now().timestamp().as_millisecond()))),
        _ => Err(Fault::new(FaultKind::UnsetName(path.dotted()), path.span)),
    }
}

/// Whether `unix` decides the value.
fn reads_seconds(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Name(path) => path.single() == Some("unix"),
        ExprKind::Binary { op: BinaryOp::Add | BinaryOp::Subtract, left, right } => {
            reads_seconds(left) || reads_seconds(right)
        }
        _ => false,
    }
}

/// The value for a field that holds whole numbers: of `unix`, the whole seconds.
///
/// # Errors
/// See [`evaluate`].
pub(in crate::talk) fn evaluate_whole(expr: &Expr, world: &mut dyn World) -> Result<Value, Fault> {
    match evaluate(expr, world)? {
        Value::Float(seconds) if reads_seconds(expr) => Ok(Value::Int(seconds.floor() as i128)),
        other => Ok(other),
    }
}

fn matches(value: &Expr, regex: &Regex, world: &mut dyn World) -> Result<bool, Fault> {
    let found = evaluate(value, world)?;
    let bad = |span: Span| move |error: regex::Error| Fault::new(FaultKind::BadRegex(error.to_string()), span);
    if regex.is_bytes {
        let compiled = regex::bytes::RegexBuilder::new(&regex.source)
            .case_insensitive(regex.ignore_case)
            .dot_matches_new_line(regex.dot_matches_line_end)
            .unicode(false)
            .build()
            .map_err(bad(regex.span))?;
        let bytes = operators::bytes_of(&found, world.encoding()).map_err(|kind| Fault::new(kind, value.span))?;
        return Ok(compiled.is_match(&bytes));
    }
    let compiled = regex::RegexBuilder::new(&regex.source)
        .case_insensitive(regex.ignore_case)
        .dot_matches_new_line(regex.dot_matches_line_end)
        .build()
        .map_err(bad(regex.span))?;
    let text = match &found {
        Value::Text(text) => text.to_string(),
        Value::Bytes(bytes) => world.encoding().decode(bytes),
        Value::Int(_) | Value::Float(_) => format::plain(&found),
        other => return Err(Fault::new(wrong_kind(other, Kind::Text), value.span)),
    };
    Ok(compiled.is_match(&text))
}

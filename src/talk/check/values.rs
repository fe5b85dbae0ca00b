//! Values whose kind or size the file already shows.

use super::plain;
use crate::codec::{Check, PatternError};
use crate::talk::error::{Error, ErrorKind, ValueKind};
use crate::talk::tree::{BinaryOp, Expr, ExprKind, Insert, Int, Item, ItemKind, Number, Regex, Type, UnaryOp};
use crate::talk::vocabulary::{FUNCTIONS, near};

/// What an expression gives, if that does not depend on names.
fn kind_of(expr: &Expr) -> Option<ValueKind> {
    match &expr.kind {
        ExprKind::Number(_) => Some(ValueKind::Number),
        // A text that reads as a number counts as one beside a number.
        ExprKind::Text(text) => plain(text).filter(|text| text.trim().parse::<f64>().is_err()).map(|_| ValueKind::Text),
        ExprKind::Bool(_) | ExprKind::Between { .. } | ExprKind::Matches { .. } => Some(ValueKind::Truth),
        ExprKind::Unary { op, .. } => Some(match op {
            UnaryOp::Not => ValueKind::Truth,
            UnaryOp::Negate => ValueKind::Number,
        }),
        ExprKind::Binary { op, .. } => match op {
            BinaryOp::Add => None,
            op if is_comparison(*op) || is_logic(*op) => Some(ValueKind::Truth),
            _ => Some(ValueKind::Number),
        },
        ExprKind::Call { function, .. } => match function.single() {
            Some("zeros" | "pack") => Some(ValueKind::Bytes),
            Some("len" | "num") => Some(ValueKind::Number),
            Some("is_open") => Some(ValueKind::Truth),
            _ => None,
        },
        ExprKind::Name(_) => None,
    }
}

fn is_comparison(op: BinaryOp) -> bool {
    use BinaryOp::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    matches!(op, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
}

fn is_logic(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::And | BinaryOp::Or)
}

fn need(expr: &Expr, expected: ValueKind, errors: &mut Vec<Error>) {
    if let Some(found) = kind_of(expr).filter(|found| *found != expected) {
        errors.push(Error { kind: ErrorKind::WrongKind { found, expected }, span: expr.span });
    }
}

/// A condition must be true or false.
pub(super) fn condition(expr: &Expr, errors: &mut Vec<Error>) {
    need(expr, ValueKind::Truth, errors);
}

/// The operands of one operator, and the function of one call.
pub(super) fn expr(expr: &Expr, errors: &mut Vec<Error>) {
    match &expr.kind {
        ExprKind::Unary { op: UnaryOp::Not, operand } => need(operand, ValueKind::Truth, errors),
        ExprKind::Unary { op: UnaryOp::Negate, operand } => need(operand, ValueKind::Number, errors),
        ExprKind::Binary { op, left, right } if is_logic(*op) => {
            [left, right].into_iter().for_each(|side| need(side, ValueKind::Truth, errors));
        }
        ExprKind::Binary { op, left, right } if !is_comparison(*op) && *op != BinaryOp::Add => {
            [left, right].into_iter().for_each(|side| need(side, ValueKind::Number, errors));
        }
        ExprKind::Call { function, arguments } => {
            let name = function.dotted();
            let Some(known) = FUNCTIONS.iter().find(|function| function.name == name) else {
                let near = near(&name, FUNCTIONS.iter().map(|function| function.name));
                errors.push(Error { kind: ErrorKind::UnknownFunction { name, near }, span: function.span });
                return;
            };
            let given = arguments.len();
            if known.is_later {
                errors.push(Error { kind: ErrorKind::NotYet(name), span: function.span });
            } else if !(known.least..=known.most).contains(&given) {
                let kind = ErrorKind::Arguments { function: name, given, least: known.least, most: known.most };
                errors.push(Error { kind, span: expr.span });
            }
        }
        _ => {}
    }
}

/// The session that `port(NAME)` and `is_open(NAME)` name.
pub(super) fn named_session(expr: &Expr) -> Option<&str> {
    let ExprKind::Call { function, arguments } = &expr.kind else { return None };
    if !matches!(function.single(), Some("port" | "is_open")) {
        return None;
    }
    match &arguments.first()?.kind {
        ExprKind::Name(path) => path.single(),
        _ => None,
    }
}

/// A check must exist.
pub(super) fn item(item: &Item, errors: &mut Vec<Error>) {
    if let ItemKind::Check(text) = &item.kind
        && let Some(Err(error)) = text.plain().map(str::parse::<Check>)
    {
        errors.push(Error { kind: ErrorKind::BadRule(error), span: item.span });
    }
}

/// A fixed value must fit its type.
pub(super) fn typed(insert: &Insert<Type>, source: &str, errors: &mut Vec<Error>) {
    let Some(form) = &insert.form else { return };
    let (Type::Int(_) | Type::Float(_)) = form.value else { return };
    let before = errors.len();
    need(&insert.value, ValueKind::Number, errors);
    let Type::Int(int) = form.value else { return };
    if errors.len() == before && fixed(&insert.value).is_some_and(|value| !fits(value, int)) {
        let text = |span: crate::talk::tree::Span| span.of(source).to_owned();
        let kind = ErrorKind::DoesNotFit { value: text(insert.value.span), form: text(form.span) };
        errors.push(Error { kind, span: insert.value.span });
    }
}

/// The value of a literal with its sign.
fn fixed(expr: &Expr) -> Option<i128> {
    match &expr.kind {
        ExprKind::Number(Number::Int(value)) => Some(i128::from(*value)),
        ExprKind::Unary { op: UnaryOp::Negate, operand } => fixed(operand).map(|value| -value),
        _ => None,
    }
}

fn fits(value: i128, int: Int) -> bool {
    let bits = int.bytes * 8;
    let (least, most) =
        if int.is_signed { (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1) } else { (0, (1_i128 << bits) - 1) };
    (least..=most).contains(&value)
}

/// Why a regular expression is none.
pub(super) fn regex(regex: &Regex) -> Option<ErrorKind> {
    let mut parser = regex_syntax::ParserBuilder::new().utf8(!regex.is_bytes).unicode(!regex.is_bytes).build();
    let why = match parser.parse(&regex.source).err()? {
        regex_syntax::Error::Parse(error) => error.kind().to_string(),
        regex_syntax::Error::Translate(error) => error.kind().to_string(),
        error => error.to_string().lines().last().unwrap_or_default().to_owned(),
    };
    Some(ErrorKind::BadRegex(PatternError::Regex(why)))
}

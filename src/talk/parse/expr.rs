//! Expressions, by precedence: or, and, not, one comparison, `& ^ |`, shifts, sums, products, sign, value.

use super::cursor::{Parser, Read, in_name};
use crate::talk::error::{ErrorKind, Expected};
use crate::talk::tree::{BinaryOp, Expr, ExprKind, Number, Path, Span, Spanned, Time, TimeKind, UnaryOp};
use std::time::Duration;

/// Operators of one precedence. A longer sign comes before its beginning.
type Level = &'static [(&'static str, BinaryOp)];

const COMPARISONS: Level = &[
    ("==", BinaryOp::Equal),
    ("!=", BinaryOp::NotEqual),
    ("<=", BinaryOp::LessOrEqual),
    (">=", BinaryOp::GreaterOrEqual),
    ("<", BinaryOp::Less),
    (">", BinaryOp::Greater),
];
/// From the loosest to the tightest.
const ARITHMETIC: [Level; 4] = [
    &[("&", BinaryOp::BitAnd), ("^", BinaryOp::BitXor), ("|", BinaryOp::BitOr)],
    &[("<<", BinaryOp::ShiftLeft), (">>", BinaryOp::ShiftRight)],
    &[("+", BinaryOp::Add), ("-", BinaryOp::Subtract)],
    &[("*", BinaryOp::Multiply), ("/", BinaryOp::Divide), ("%", BinaryOp::Remainder)],
];

/// Operators of one expression, with those in its parentheses.
const MOST_OPERATORS: usize = 100;

impl Parser<'_> {
    /// An expression.
    pub(super) fn expr(&mut self) -> Read<Expr> {
        if self.nested_exprs == 0 {
            self.operators = 0;
        }
        self.nested_exprs += 1;
        let expr = self.deeper(Self::any_of);
        self.nested_exprs -= 1;
        expr
    }

    /// Counts an operator. A chain of them is a deep tree, which is walked by recursion.
    fn count_operator(&mut self) -> Read<()> {
        self.operators += 1;
        if self.operators > MOST_OPERATORS {
            return self.fail(ErrorKind::TooManyOperators, Span::new(self.end, self.at));
        }
        Ok(())
    }

    fn any_of(&mut self) -> Read<Expr> {
        let mut left = self.all_of()?;
        while self.eat("or").is_some() {
            self.count_operator()?;
            let right = self.all_of()?;
            left = binary(BinaryOp::Or, left, right);
        }
        Ok(left)
    }

    fn all_of(&mut self) -> Read<Expr> {
        let mut left = self.negated()?;
        while self.eat("and").is_some() {
            self.count_operator()?;
            let right = self.negated()?;
            left = binary(BinaryOp::And, left, right);
        }
        Ok(left)
    }

    fn negated(&mut self) -> Read<Expr> {
        match self.eat("not") {
            Some(word) => {
                let operand = self.deeper(Self::negated)?;
                Ok(unary(UnaryOp::Not, operand, word))
            }
            None => self.comparison(),
        }
    }

    fn comparison(&mut self) -> Read<Expr> {
        let left = self.arithmetic(0)?;
        if let Some(op) = self.operator(COMPARISONS) {
            let right = self.arithmetic(0)?;
            return Ok(binary(op, left, right));
        }
        if self.eat("in").is_some() {
            let low = Box::new(self.arithmetic(0)?);
            self.need_sign(&[".."])?;
            let high = Box::new(self.arithmetic(0)?);
            let span = left.span.to(high.span);
            return Ok(Expr { kind: ExprKind::Between { value: Box::new(left), low, high }, span });
        }
        if self.eat("matches").is_some() {
            self.skip();
            if self.byte(0) != b'/' {
                return self.unexpected(Expected::OneOf(&["/"]));
            }
            let regex = self.regex()?;
            let span = left.span.to(regex.span);
            return Ok(Expr { kind: ExprKind::Matches { value: Box::new(left), regex }, span });
        }
        Ok(left)
    }

    fn arithmetic(&mut self, level: usize) -> Read<Expr> {
        let Some(operators) = ARITHMETIC.get(level) else { return self.signed() };
        let mut left = self.arithmetic(level + 1)?;
        while let Some(op) = self.operator(operators) {
            self.count_operator()?;
            let right = self.arithmetic(level + 1)?;
            left = binary(op, left, right);
        }
        Ok(left)
    }

    fn operator(&mut self, operators: Level) -> Option<BinaryOp> {
        self.skip();
        // `<` is also the beginning of `<<`, and `>` of `>>`.
        let shift = matches!((self.byte(0), self.byte(1)), (b'<', b'<') | (b'>', b'>'));
        let (sign, op) =
            operators.iter().find(|(sign, _)| self.rest().starts_with(sign) && (!shift || sign.len() == 2))?;
        self.take(sign.len());
        Some(*op)
    }

    fn signed(&mut self) -> Read<Expr> {
        match self.eat_sign("-") {
            Some(sign) => {
                let operand = self.deeper(Self::signed)?;
                Ok(unary(UnaryOp::Negate, operand, sign))
            }
            None => self.value(),
        }
    }

    /// A value: number, text, name, function, or an expression in parentheses.
    pub(super) fn value(&mut self) -> Read<Expr> {
        self.skip();
        let start = self.at;
        let kind = match self.byte(0) {
            b'"' | b'\'' if self.outer_quote != Some(self.byte(0)) => ExprKind::Text(self.text()?),
            b'0'..=b'9' => ExprKind::Number(self.number()?),
            b'(' => {
                self.take(1);
                let inner = self.expr()?;
                self.need_sign(&[")"])?;
                inner.kind
            }
            _ if self.eat("true").is_some() => ExprKind::Bool(true),
            _ if self.eat("false").is_some() => ExprKind::Bool(false),
            _ => self.name_or_call()?,
        };
        Ok(Expr { kind, span: self.since(start) })
    }

    fn name_or_call(&mut self) -> Read<ExprKind> {
        if self.word().is_empty() {
            return self.unexpected(Expected::Value);
        }
        let function = self.path()?;
        if self.byte(0) != b'(' {
            return Ok(ExprKind::Name(function));
        }
        let arguments = self.arguments()?;
        Ok(ExprKind::Call { function, arguments })
    }

    /// `NAME {"." NAME}`. The word `bytes` and the like are also functions, so a word before `(` may be any.
    pub(super) fn path(&mut self) -> Read<Path> {
        let word = self.word();
        let is_function = self.rest()[word.len()..].starts_with('(');
        let first = if is_function { Spanned::new(word.to_owned(), self.take(word.len())) } else { self.name()? };
        let mut names = vec![first];
        while self.byte(0) == b'.' && self.byte(1) != b'.' {
            self.take(1);
            names.push(self.name()?);
        }
        let span = names.iter().fold(names[0].span, |span, name| span.to(name.span));
        Ok(Path { names, span })
    }

    /// `(expr, …)`, also none.
    pub(super) fn arguments(&mut self) -> Read<Vec<Expr>> {
        self.need_sign(&["("])?;
        let mut arguments = Vec::new();
        if self.eat_sign(")").is_some() {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expr()?);
            if self.eat_sign(",").is_none() {
                break;
            }
        }
        if self.eat_sign(")").is_none() {
            return self.unexpected(Expected::OneOf(&[",", ")"]));
        }
        Ok(arguments)
    }

    /// A number, which begins here.
    fn number(&mut self) -> Read<Number> {
        let text = self.number_text();
        let span = Span::new(self.at, self.at + text.len());
        match read_number(text) {
            Ok(number) => {
                self.take(text.len());
                Ok(number)
            }
            Err(kind) => self.fail(kind, span),
        }
    }

    /// The characters of the number here: digits, letters, a point before a digit, a sign behind an exponent.
    fn number_text(&self) -> &str {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
        let mut len = 0;
        for (at, c) in rest.char_indices() {
            let follows = bytes.get(at + 1).copied().unwrap_or(0);
            let before = at.checked_sub(1).map_or(0, |at| bytes[at]);
            let belongs = in_name(c)
                || (c == '.' && follows.is_ascii_digit())
                || (matches!(c, '+' | '-') && !is_hex && matches!(before, b'e' | b'E') && follows.is_ascii_digit());
            if !belongs {
                break;
            }
            len = at + c.len_utf8();
        }
        &rest[..len]
    }

    /// A whole number without sign.
    pub(super) fn whole(&mut self) -> Read<Spanned<u64>> {
        self.skip();
        if !self.byte(0).is_ascii_digit() {
            return self.unexpected(Expected::Whole);
        }
        let start = self.at;
        match read_number(self.number_text()) {
            Ok(Number::Int(_)) => {}
            _ => return self.unexpected(Expected::Whole),
        }
        match self.number()? {
            Number::Int(value) => Ok(Spanned::new(value, self.since(start))),
            _ => self.unexpected(Expected::Whole),
        }
    }

    /// `20ms` or a name.
    pub(super) fn time(&mut self) -> Read<Time> {
        self.skip();
        let start = self.at;
        if !self.byte(0).is_ascii_digit() {
            let Some(name) = self.name_if_any() else { return self.unexpected(Expected::Time) };
            return Ok(Time { kind: TimeKind::Name(name.value), span: name.span });
        }
        let text = self.number_text().to_owned();
        match self.number()? {
            Number::Time(time) => Ok(Time { kind: TimeKind::Fixed(time), span: self.since(start) }),
            _ => {
                let span = self.since(start);
                self.fail(ErrorKind::NoUnit(text), span)
            }
        }
    }

    /// `word` and the time behind it, if the word is next.
    pub(super) fn time_after(&mut self, word: &str) -> Read<Option<Time>> {
        if self.eat(word).is_some() { self.time().map(Some) } else { Ok(None) }
    }
}

fn unary(op: UnaryOp, operand: Expr, sign: Span) -> Expr {
    let span = sign.to(operand.span);
    Expr { kind: ExprKind::Unary { op, operand: Box::new(operand) }, span }
}

fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr { kind: ExprKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
}

/// `12`, `0x1F`, `1.5e3`, `20ms`.
fn read_number(text: &str) -> Result<Number, ErrorKind> {
    let bad = || ErrorKind::BadNumber(text.to_owned());
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return u64::from_str_radix(digits, 16).map(Number::Int).map_err(|_| bad());
    }
    let digits = text.find(|c: char| !matches!(c, '0'..='9' | '.')).unwrap_or(text.len());
    let (value, unit) = text.split_at(digits);
    let is_exponent = unit.starts_with(['e', 'E']);
    if unit.is_empty() && !value.contains('.') {
        return value.parse().map(Number::Int).map_err(|_| bad());
    }
    if unit.is_empty() || is_exponent {
        let number: f64 = text.parse().map_err(|_| bad())?;
        return if number.is_finite() { Ok(Number::Float(number)) } else { Err(bad()) };
    }
    let nanoseconds = match unit {
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return Err(ErrorKind::UnknownUnit(text.to_owned())),
    };
    time_of(value, nanoseconds).map(Number::Time).ok_or_else(bad)
}

/// `value` units of so many nanoseconds, exact.
fn time_of(value: &str, unit: u64) -> Option<Duration> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let mut nanoseconds = u128::from(whole.parse::<u64>().ok()?) * u128::from(unit);
    let mut place = u128::from(unit);
    for digit in fraction.bytes() {
        place /= 10;
        nanoseconds += u128::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?) * place;
    }
    u64::try_from(nanoseconds).ok().map(Duration::from_nanos)
}

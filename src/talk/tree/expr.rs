//! Values and conditions.

use super::content::{Regex, Text};
use super::span::{Name, Span};
use std::time::Duration;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it computes.
    pub kind: ExprKind,
    /// From its first to its last token, its parentheses included.
    pub span: Span,
}

/// Kinds of [`Expr`].
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `12`, `0x1F`, `1.5e3`, `20ms`.
    Number(Number),
    /// `"…"`, fields included.
    Text(Text),
    /// `true` or `false`.
    Bool(bool),
    /// A name, or a name of another file: `common.token`.
    Name(Path),
    /// A function with its arguments: `zeros(n * 2)`.
    Call {
        /// The function.
        function: Path,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// One operand.
    Unary {
        /// The operation.
        op: UnaryOp,
        /// The operand.
        operand: Box<Expr>,
    },
    /// Two operands.
    Binary {
        /// The operation.
        op: BinaryOp,
        /// Left of the operator.
        left: Box<Expr>,
        /// Right of the operator.
        right: Box<Expr>,
    },
    /// `value in low..high`, both ends included.
    Between {
        /// What is compared.
        value: Box<Expr>,
        /// Smallest accepted value.
        low: Box<Expr>,
        /// Largest accepted value.
        high: Box<Expr>,
    },
    /// `value matches /…/`.
    Matches {
        /// What is searched.
        value: Box<Expr>,
        /// The expression to find.
        regex: Regex,
    },
}

/// A number as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Without point and exponent; a sign is [`UnaryOp::Negate`].
    Int(u64),
    /// With point or exponent.
    Float(f64),
    /// With a unit of time. In arithmetic it counts as seconds.
    Time(Duration),
}

/// `NAME` or `NAME.NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The names between the dots; never empty.
    pub names: Vec<Name>,
    /// From the first to the last name.
    pub span: Span,
}

impl Path {
    /// The name, if there is no dot.
    #[must_use]
    pub fn single(&self) -> Option<&str> {
        match self.names.as_slice() {
            [name] => Some(&name.value),
            _ => None,
        }
    }

    /// The names with the dots between them.
    #[must_use]
    pub fn dotted(&self) -> String {
        let names: Vec<&str> = self.names.iter().map(|name| name.value.as_str()).collect();
        names.join(".")
    }
}

/// Operations with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `not`.
    Not,
    /// `-`.
    Negate,
}

/// Operations with two operands, the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `or`.
    Or,
    /// `and`.
    And,
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// `<`.
    Less,
    /// `<=`.
    LessOrEqual,
    /// `>`.
    Greater,
    /// `>=`.
    GreaterOrEqual,
    /// `&`. The three bit operations have one precedence, from left to right.
    BitAnd,
    /// `^`.
    BitXor,
    /// `|`.
    BitOr,
    /// `<<`.
    ShiftLeft,
    /// `>>`.
    ShiftRight,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
}

impl BinaryOp {
    /// The operator as written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::BitAnd => "&",
            Self::BitXor => "^",
            Self::BitOr => "|",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

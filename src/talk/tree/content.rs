//! What is sent and what is expected: items, texts, fields and patterns.

use super::expr::Expr;
use super::span::{Name, Span, Spanned};

/// One piece of what is sent or expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// Its place.
    pub span: Span,
}

/// Kinds of [`Item`].
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// `0103` or, in patterns only, `4?` and `??`.
    Hex(Vec<HexByte>),
    /// `"…"`, in the encoding of the session.
    Text(Text),
    /// `{{expr}}` or `{{expr:type}}`: inserts the value; in a pattern the bytes must be these.
    Insert(Insert<Type>),
    /// `{{?name}}` or `{{?name:type}}`: captures. In patterns only.
    Capture(Capture<Type>),
    /// `+CRC-16/MODBUS`: the check over the items before it, as written behind the `+`.
    Check(Text),
    /// `file "PATH"`: the bytes of a file.
    File(Text),
    /// `*`: any bytes, as few as fit. In patterns only.
    Any,
}

/// One byte of a hex item. It matches a byte `b` if `b & mask == value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HexByte {
    /// The digits that are written, 0 where a `?` is.
    pub value: u8,
    /// `F` for each digit, `0` for each `?`; always `FF` in what is sent.
    pub mask: u8,
}

/// A quoted text or a word.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// Its parts; neighbours of the same plain kind are one part. An empty text has none.
    pub pieces: Vec<TextPiece>,
    /// Its place, with its quotes.
    pub span: Span,
}

/// A part of a [`Text`].
#[derive(Clone, Debug, PartialEq)]
pub enum TextPiece {
    /// Characters, escapes resolved.
    Chars(String),
    /// Bytes written as `\xNN`: these bytes in any encoding.
    Bytes(Vec<u8>),
    /// `{{expr}}` or `{{expr:format}}`.
    Insert(Insert<Format>),
    /// `{{?name}}` or `{{?name:dec}}`. In patterns only.
    Capture(Capture<Reading>),
}

impl Text {
    /// The characters, if there is nothing else in the text.
    #[must_use]
    pub fn plain(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [TextPiece::Chars(text)] => Some(text),
            _ => None,
        }
    }
}

/// `{{expr[:form]}}`. Outside of quotes the form is a [`Type`], inside a [`Format`].
#[derive(Clone, Debug, PartialEq)]
pub struct Insert<F> {
    /// The value.
    pub value: Expr,
    /// How it is written.
    pub form: Option<Spanned<F>>,
    /// With the braces.
    pub span: Span,
}

/// `{{?name[:form]}}`. Outside of quotes the form is a [`Type`], inside a [`Reading`].
#[derive(Clone, Debug, PartialEq)]
pub struct Capture<F> {
    /// The name that gets the value.
    pub name: Name,
    /// How the bytes are read.
    pub form: Option<Spanned<F>>,
    /// With the braces.
    pub span: Span,
}

/// Bytes of a value outside of quotes.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// `u8 … u64`, `i8 … i64`.
    Int(Int),
    /// `f32`, `f64`.
    Float(Float),
    /// `bcd6`: two decimal digits in each byte. The value is a text of digits.
    Bcd {
        /// Number of bytes, from 1.
        bytes: usize,
        /// The lowest digits come first.
        is_little: bool,
    },
    /// `bytes` or `bytes(n)`.
    Bytes(Option<Box<Expr>>),
    /// `text` or `text(n)`, in the encoding of the session, padded with 00.
    Text(Option<Box<Expr>>),
}

/// A whole number of 1 to 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Int {
    /// Number of bytes, 1 to 8.
    pub bytes: usize,
    /// In two's complement.
    pub is_signed: bool,
    /// The lowest byte comes first.
    pub is_little: bool,
}

/// A binary number with a point (IEEE 754).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Float {
    /// Number of bytes, 4 or 8.
    pub bytes: usize,
    /// The lowest byte comes first.
    pub is_little: bool,
}

/// How a value is written in a text: `04`, `.3`, `02X`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Format {
    /// Fill with zeros instead of spaces.
    pub zeros: bool,
    /// Least number of characters; 0 for any.
    pub width: usize,
    /// Digits behind the point.
    pub precision: Option<usize>,
    /// The kind of digits.
    pub kind: FormatKind,
}

/// Kinds of digits in a [`Format`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FormatKind {
    /// As the value is.
    #[default]
    Plain,
    /// `x`.
    HexLower,
    /// `X`.
    HexUpper,
}

/// How captured characters of a text are read; without it they are the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// `dec`: decimal digits, a whole number.
    Dec,
    /// `num`: a number with sign, point and exponent.
    Num,
    /// `hex`: hex digits, a whole number.
    Hex,
}

/// What received bytes must be.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// `next`: it must fit right here, or be the first frame.
    pub next: Option<Span>,
    /// `earlier`: also what was passed over since the step began (second level).
    pub earlier: Option<Span>,
    /// `raw`: the bytes on the wire instead of the content of a frame.
    pub raw: Option<Span>,
    /// What must fit.
    pub body: Match,
    /// `from WORD`: only from this peer.
    pub from: Option<Text>,
    /// `where EXPR`: a condition on what was captured.
    pub condition: Option<Expr>,
    /// Its place, with `from` and `where`.
    pub span: Span,
}

/// The body of a [`Pattern`].
#[derive(Clone, Debug, PartialEq)]
pub enum Match {
    /// `/…/flags`.
    Regex(Regex),
    /// Items in order; never empty.
    Items(Vec<Item>),
}

/// `/…/`, flags `i s b`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Regex {
    /// Between the slashes; `\/` is resolved, everything else is as written.
    pub source: String,
    /// `i`: upper and lower case are the same.
    pub ignore_case: bool,
    /// `s`: a dot also fits a line end.
    pub dot_matches_line_end: bool,
    /// `b`: searches bytes instead of text.
    pub is_bytes: bool,
    /// With slashes and flags.
    pub span: Span,
}

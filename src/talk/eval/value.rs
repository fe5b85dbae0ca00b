//! Values of the language.

use std::fmt;
use std::sync::Arc;

/// Longest text, byte string or list, in bytes or entries.
pub const LONGEST: usize = 16 << 20;

/// A value. A copy shares its contents.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A number with a fraction. Times are numbers of seconds.
    Float(f64),
    /// Characters.
    Text(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
    /// Several values, as `unpack` returns them.
    List(Arc<[Self]>),
}

/// Kinds of [`Value`], and the narrower kinds that some operations need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// Any number.
    Number,
    /// A number without a fraction.
    Whole,
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// A list.
    List,
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Bytes.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::Bytes(bytes.into())
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Whole,
            Self::Float(_) => Kind::Number,
            Self::Text(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
            Self::List(_) => Kind::List,
        }
    }

    /// The number that it is, or that its text reads as.
    #[must_use]
    pub fn number(&self) -> Option<Number> {
        match self {
            Self::Int(whole) => Some(Number::Int(*whole)),
            Self::Float(float) => Some(Number::Float(*float)),
            Self::Text(text) => Number::of(text),
            _ => None,
        }
    }

    /// The whole number that it is, or that its text reads as.
    #[must_use]
    pub fn whole(&self) -> Option<i128> {
        self.number().and_then(Number::whole)
    }

    /// Memory of its contents, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        match self {
            Self::Bool(_) | Self::Int(_) | Self::Float(_) => 0,
            Self::Text(text) => text.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::List(list) => list.iter().map(|value| size_of::<Self>() + value.size()).sum(),
        }
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(whole) => Self::Int(whole),
            Number::Float(float) => Self::Float(float),
        }
    }
}

/// The form in messages and reports: texts in quotes, bytes as hex. A long value is cut.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 64;
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value}"),
            Self::Text(text) => {
                let cut = text.char_indices().nth(SHOWN).map_or("", |_| "…");
                let shown: String = text.chars().take(SHOWN).collect();
                write!(f, "\"{}{cut}\"", shown.escape_debug())
            }
            Self::Bytes(bytes) => {
                for (index, byte) in bytes.iter().take(SHOWN).enumerate() {
                    write!(f, "{}{byte:02X}", if index == 0 { "" } else { " " })?;
                }
                f.write_str(if bytes.len() > SHOWN { " …" } else { "" })
            }
            Self::List(list) => {
                f.write_str("(")?;
                for (index, value) in list.iter().take(SHOWN).enumerate() {
                    write!(f, "{}{value}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str(if list.len() > SHOWN { ", …)" } else { ")" })
            }
        }
    }
}

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// Without a fraction.
    Int(i128),
    /// With one.
    Float(f64),
}

impl Number {
    /// Reads digits with sign, point and exponent, or hex digits behind `0x`. White space around them is ignored.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        const LONGEST_NUMBER: usize = 400;
        let text = text.trim();
        let (is_negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        if !digits.as_bytes().first()?.is_ascii_digit() && !digits.starts_with('.') || digits.len() > LONGEST_NUMBER {
            return None;
        }
        let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
        let unsigned = match hex {
            Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => i128::from_str_radix(hex, 16).ok()?,
            Some(_) => return None,
            None => match digits.parse::<i128>() {
                Ok(whole) => whole,
                Err(_) => {
                    let float: f64 = digits.parse().ok().filter(|float: &f64| float.is_finite())?;
                    return Some(Self::Float(if is_negative { -float } else { float }));
                }
            },
        };
        Some(Self::Int(if is_negative { -unsigned } else { unsigned }))
    }

    /// As a number with a fraction.
    #[must_use]
    pub fn float(self) -> f64 {
        match self {
            Self::Int(whole) => whole as f64,
            Self::Float(float) => float,
        }
    }

    /// The whole number, if it has no fraction.
    #[must_use]
    pub fn whole(self) -> Option<i128> {
        match self {
            Self::Int(whole) => Some(whole),
            // Larger numbers cannot be converted exactly.
            Self::Float(float) => (float.fract() == 0.0 && float.abs() < 1e30).then_some(float as i128),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_read_as_numbers() {
        for (text, number) in [
            ("12", Some(Number::Int(12))),
            (" -7 ", Some(Number::Int(-7))),
            ("007", Some(Number::Int(7))),
            ("0x1F", Some(Number::Int(31))),
            ("-0x10", Some(Number::Int(-16))),
            ("1.5e3", Some(Number::Float(1500.0))),
            (".5", Some(Number::Float(0.5))),
            ("", None),
            ("-", None),
            ("inf", None),
            ("nan", None),
            ("1e999", None),
            ("0x", None),
            ("0x-1", None),
            ("--1", None),
            ("+-1", None),
            ("12V", None),
        ] {
            assert_eq!(Number::of(text), number, "{text}");
        }
        assert_eq!(Value::text("12").whole(), Some(12));
        assert_eq!(Value::Float(2.5).whole(), None);
    }
}

//! What may be wrong with a field of the form.

use super::{At, RuleForm};
use crate::codec::escape::EscapeError;
use crate::codec::{Expected, HexError, RuleError};
use crate::words::{self, Lang};

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It must not be empty.
    Empty,
    /// Not a whole number between these.
    Number(i64, i64),
    /// Not a size between these, in bytes.
    Size(u64, u64),
    /// No time in ms.
    Milliseconds,
    /// More than one byte, or none.
    OneByte,
    Hex(HexError),
    Escape(EscapeError),
    Rule(RuleError),
}

impl Wrong {
    /// Said below the field.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Empty => lang.texts().fill_in().to_owned(),
            Self::Number(least, most) => lang.texts().whole_number(*least, *most),
            Self::Size(least, most) => lang.texts().size_between(*least, *most),
            Self::Milliseconds => lang.texts().milliseconds().to_owned(),
            Self::OneByte => lang.texts().one_byte().to_owned(),
            Self::Hex(error) => words::hex_error(error, lang),
            Self::Escape(error) => words::escape_error(error, lang),
            Self::Rule(error) => words::rule_error(error, lang),
        }
    }

    pub(super) fn of(error: RuleError, form: &RuleForm) -> (At, Self) {
        match &error {
            RuleError::Missing { option, .. } => (At::of_option(option, form), Self::Empty),
            RuleError::BadValue { option, expected, .. } => {
                let at = At::of_option(option, form);
                let wrong = match (*expected, at) {
                    (Expected::Number(least, most), _) => Self::Number(least, most),
                    (Expected::Size(least, most), _) => Self::Size(least, most),
                    (Expected::Duration, _) => Self::Milliseconds,
                    (Expected::Byte | Expected::Bytes, At::Escape | At::DigitsEnd | At::CheckUntil) => Self::OneByte,
                    (_, At::Groups) => Self::Number(1, 10),
                    (_, At::Digits) => Self::Number(1, 18),
                    _ => Self::Rule(error.clone()),
                };
                (at, wrong)
            }
            _ => (At::Whole, Self::Rule(error)),
        }
    }
}

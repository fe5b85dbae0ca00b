//! Errors of the fields of the form.

use crate::codec::escape::EscapeError;
use crate::codec::fields::Refused;
use crate::codec::{Expected, HexError, RuleError};
use crate::gui::framing::form::At;
use crate::words::{self, Lang};

/// The error of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It must not be empty.
    Empty,
    /// Not a whole number in this range.
    Number(i64, i64),
    /// Not a size in this range, in bytes.
    Size(u64, u64),
    /// Not a time in ms.
    Milliseconds,
    /// Not exactly one byte.
    OneByte,
    /// Not replaced bytes and their codes; bytes are entered as text.
    SwapsAsText,
    Hex(HexError),
    Escape(EscapeError),
    Rule(RuleError),
}

impl Wrong {
    /// The message below the field.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Empty => lang.texts().fill_in().to_owned(),
            Self::Number(least, most) => lang.texts().whole_number(*least, *most),
            Self::Size(least, most) => lang.texts().size_between(*least, *most),
            Self::Milliseconds => lang.texts().milliseconds().to_owned(),
            Self::OneByte => lang.texts().one_byte().to_owned(),
            Self::SwapsAsText => {
                let expected = lang.texts().expected(&Expected::Swaps);
                lang.texts().value_should_be(&expected.replace(super::SWAPS_IN_HEX, super::SWAPS_AS_TEXT))
            }
            Self::Hex(error) => words::hex_error(error, lang),
            Self::Escape(error) => words::escape_error(error, lang),
            // The field itself shows its name and value.
            Self::Rule(RuleError::BadValue { option, expected, .. }) if option.is_empty() => {
                lang.texts().value_should_be(&lang.texts().expected(expected))
            }
            Self::Rule(error) => words::rule_error(error, lang),
        }
    }

    /// The error of values that do not form a rule, and its field.
    pub fn of(refused: Refused<(At, Self)>) -> (At, Self) {
        match refused {
            Refused::Value(wrong) => wrong,
            Refused::Missing(id, _) => (At::Field(id), Self::Empty),
            Refused::CannotWork(id, option, because) => {
                (At::Field(id), Self::Rule(RuleError::CannotWork { rule: String::new(), option, because }))
            }
            Refused::NoEffect(_, option, because) => {
                (At::Whole, Self::Rule(RuleError::NoEffect { rule: String::new(), option, because }))
            }
        }
    }

    /// The error of text that is not a value of its field.
    pub fn of_value(error: RuleError) -> Self {
        match error {
            RuleError::BadValue { expected: Expected::Number(least, most), .. } => Self::Number(least, most),
            RuleError::BadValue { expected: Expected::Size(least, most), .. } => Self::Size(least, most),
            RuleError::BadValue { expected: Expected::Duration, .. } => Self::Milliseconds,
            error => Self::Rule(error),
        }
    }
}

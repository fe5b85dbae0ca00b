//! Option values: their kinds, parsing and printing, and the fields of a rule that store them.

use crate::codec::Encoding;
use crate::codec::checksum::Endian;
use crate::codec::options::{self, Expected, RuleError, bytes_text, split};
use std::num::NonZeroU64;
use std::time::Duration;

/// The type of an option's value, with its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No value; the option is either given or not: `keep`.
    Flag,
    /// An integer.
    Number {
        /// Minimum.
        least: i64,
        /// Maximum.
        most: i64,
    },
    /// A number of bytes, with or without a unit: `64KiB`.
    Size {
        /// Minimum in bytes.
        least: u64,
        /// Maximum in bytes.
        most: u64,
    },
    /// A duration greater than zero: `20ms`.
    Duration,
    /// One byte.
    Byte,
    /// At least one byte.
    Bytes,
    /// Byte strings, separated by `|`.
    ByteStrings,
    /// Bytes and the code sent for each of them: `7E:7D02|7D:7D01`.
    Swaps,
    /// A bit mask in hex, high byte first: `07FF`.
    Mask,
    /// Bytes and their offset in the frame: `AA55@2`.
    PlacedBytes {
        /// Maximum offset.
        farthest: i64,
    },
    /// One of several words.
    Choice(&'static [Choice]),
    /// A character encoding in which ASCII characters are single bytes.
    Encoding,
}

/// A word that is a valid value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The word in the text form.
    pub word: &'static str,
    /// The number that can follow the word: `dec8`.
    pub number: Option<Numbers>,
}

/// The number after a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// Minimum.
    pub least: i64,
    /// Maximum.
    pub most: i64,
    /// Default number; `None`: the word without a number has a meaning of its own.
    pub usual: Option<i64>,
}

impl Choice {
    /// A word without a number.
    #[must_use]
    pub const fn word(word: &'static str) -> Self {
        Self { word, number: None }
    }

    /// A word that can be followed by a number from `least` to `most`.
    #[must_use]
    pub const fn numbered(word: &'static str, least: i64, most: i64, usual: Option<i64>) -> Self {
        Self { word, number: Some(Numbers { least, most, usual }) }
    }
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A flag that is set.
    Set,
    /// Value of [`Kind::Number`] and [`Kind::Size`].
    Number(i64),
    /// Value of [`Kind::Duration`].
    Duration(Duration),
    /// Value of [`Kind::Byte`] and [`Kind::Bytes`].
    Bytes(Vec<u8>),
    /// Value of [`Kind::ByteStrings`].
    ByteStrings(Vec<Vec<u8>>),
    /// Value of [`Kind::Swaps`].
    Swaps(Vec<(u8, Vec<u8>)>),
    /// Value of [`Kind::Mask`].
    Mask(NonZeroU64),
    /// Value of [`Kind::PlacedBytes`]: the offset and the bytes.
    PlacedBytes(u64, Vec<u8>),
    /// Value of [`Kind::Choice`]: the index of the word in the list, and the number after it.
    Choice(usize, Option<i64>),
    /// Value of [`Kind::Encoding`].
    Encoding(Encoding),
}

impl Kind {
    /// Parses a value in the text form.
    ///
    /// # Errors
    /// The text is not a value of this kind, or the value is out of range.
    pub fn read(self, option: &str, text: &str) -> Result<Value, RuleError> {
        Ok(match self {
            Self::Flag => Value::Set,
            Self::Number { least, most } => Value::Number(options::number(option, text, least, most)?),
            Self::Size { least, most } => Value::Number(options::size(option, text, least, most)? as i64),
            Self::Duration => Value::Duration(options::duration(option, text)?),
            Self::Byte => Value::Bytes(vec![options::one_byte(option, text)?]),
            Self::Bytes => Value::Bytes(options::bytes(option, text)?),
            Self::ByteStrings => {
                let parts = split(text, '|').into_iter();
                Value::ByteStrings(parts.map(|part| options::bytes(option, part.trim())).collect::<Result<_, _>>()?)
            }
            Self::Swaps => Value::Swaps(options::swaps(option, text)?),
            Self::Mask => Value::Mask(options::mask(option, text)?),
            Self::PlacedBytes { farthest } => {
                let (bytes, place) = text.rsplit_once('@').unwrap_or((text, "0"));
                let place = options::number(option, place.trim(), 0, farthest)?;
                Value::PlacedBytes(place as u64, options::bytes(option, bytes.trim())?)
            }
            Self::Choice(choices) => {
                let found = choices.iter().enumerate().find_map(|(index, choice)| choice.read(text, index));
                found.ok_or_else(|| options::bad(option, text, Expected::Choice(choices)))?
            }
            Self::Encoding => {
                // In UTF-16, the bytes of brackets and quotation marks are no single bytes.
                let found = Encoding::by_name(text).filter(|encoding| encoding.is_ascii_compatible());
                found.map(Value::Encoding).ok_or_else(|| options::bad(option, text, Expected::Encoding))?
            }
        })
    }

    /// Placeholder for a value in documentation: `N`, `BYTES`, `little|big`, `dec[1..18]`.
    #[must_use]
    pub fn notation(self) -> String {
        let text = match self {
            Self::Flag => "",
            Self::Number { .. } => "N",
            Self::Size { .. } => "SIZE",
            Self::Duration => "TIME",
            Self::Byte => "BYTE",
            Self::Bytes => "BYTES",
            Self::ByteStrings => "BYTES|BYTES…",
            Self::PlacedBytes { .. } => "BYTES@N",
            Self::Encoding => "NAME",
            Self::Swaps => "BYTE:BYTES|BYTE:BYTES…",
            Self::Mask => "HEX",
            Self::Choice(choices) => {
                let words = choices.iter().map(|Choice { word, number }| match number {
                    Some(Numbers { least, most, .. }) => format!("{word}[{least}..{most}]"),
                    None => (*word).to_owned(),
                });
                return words.collect::<Vec<_>>().join("|");
            }
        };
        text.to_owned()
    }

    /// The limits of a number, a size or an offset.
    #[must_use]
    pub fn limits(self) -> Option<(i64, i64)> {
        match self {
            Self::Number { least, most } => Some((least, most)),
            Self::Size { least, most } => Some((least as i64, most as i64)),
            Self::PlacedBytes { farthest } => Some((0, farthest)),
            _ => None,
        }
    }

    /// Prints a value in the form that [`Kind::read`] parses.
    #[must_use]
    pub fn write(self, value: &Value) -> String {
        match (self, value) {
            (_, Value::Set) => String::new(),
            (_, Value::Number(number)) => number.to_string(),
            (_, Value::Duration(time)) if time.subsec_micros().is_multiple_of(1000) => {
                format!("{}ms", time.as_millis())
            }
            (_, Value::Duration(time)) => format!("{}us", time.as_micros()),
            (_, Value::Bytes(bytes)) => bytes_text(bytes),
            (_, Value::ByteStrings(strings)) => {
                strings.iter().map(|bytes| bytes_text(bytes)).collect::<Vec<_>>().join("|")
            }
            (_, Value::Swaps(swaps)) => {
                let pair = |(byte, code): &(u8, Vec<u8>)| format!("{byte:02X}:{}", bytes_text(code));
                swaps.iter().map(pair).collect::<Vec<_>>().join("|")
            }
            (_, Value::Mask(mask)) => options::mask_text(*mask),
            (_, Value::PlacedBytes(place, bytes)) => format!("{}@{place}", bytes_text(bytes)),
            (Self::Choice(choices), Value::Choice(index, number)) => {
                let word = choices.get(*index).map_or("", |choice| choice.word);
                number.map_or_else(|| word.to_owned(), |number| format!("{word}{number}"))
            }
            (_, Value::Choice(..)) => String::new(),
            (_, Value::Encoding(encoding)) => encoding.name().to_owned(),
        }
    }
}

impl Choice {
    fn read(self, text: &str, index: usize) -> Option<Value> {
        let (word, rest) = text.split_at_checked(self.word.len())?;
        if !word.eq_ignore_ascii_case(self.word) {
            return None;
        }
        match self.number {
            None => rest.is_empty().then_some(Value::Choice(index, None)),
            Some(Numbers { usual, .. }) if rest.is_empty() => Some(Value::Choice(index, usual)),
            Some(Numbers { least, most, .. }) => {
                let number = rest.parse::<i64>().ok().filter(|number| (least..=most).contains(number))?;
                Some(Value::Choice(index, Some(number)))
            }
        }
    }
}

/// A field of a rule that stores the value of an option.
pub trait Slot {
    /// The value; `None`: no value is stored, or the flag is not set.
    fn get(&self) -> Option<Value>;
    /// Stores `value`. A value of a different kind is ignored.
    fn set(&mut self, value: Value);
}

macro_rules! slots {
    ($($place:ty: $kept:pat => $value:expr, $given:pat => $new:expr;)*) => {$(
        impl Slot for $place {
            fn get(&self) -> Option<Value> {
                match self {
                    $kept => Some($value),
                    #[allow(unreachable_patterns, reason = "a field that always has a value")]
                    _ => None,
                }
            }

            fn set(&mut self, value: Value) {
                if let $given = value {
                    *self = $new;
                }
            }
        }
    )*};
}

slots! {
    bool: true => Value::Set, Value::Set => true;
    i64: number => Value::Number(*number), Value::Number(number) => number;
    u64: number => Value::Number(*number as i64), Value::Number(number) => number as u64;
    Option<i64>: Some(number) => Value::Number(*number), Value::Number(number) => Some(number);
    Option<u64>: Some(number) => Value::Number(*number as i64), Value::Number(number) => Some(number as u64);
    Option<NonZeroU64>: Some(mask) => Value::Mask(*mask), Value::Mask(mask) => Some(mask);
    Option<Vec<u8>>: Some(bytes) => Value::Bytes(bytes.clone()), Value::Bytes(bytes) => Some(bytes);
    Duration: time => Value::Duration(*time), Value::Duration(time) => time;
    Vec<u8>: bytes => Value::Bytes(bytes.clone()), Value::Bytes(bytes) => bytes;
    Option<u8>: Some(byte) => Value::Bytes(vec![*byte]), Value::Bytes(bytes) => bytes.first().copied();
    Option<(u64, Vec<u8>)>: Some((place, bytes)) => Value::PlacedBytes(*place, bytes.clone()),
        Value::PlacedBytes(place, bytes) => Some((place, bytes));
    Option<Encoding>: Some(encoding) => Value::Encoding(*encoding), Value::Encoding(encoding) => Some(encoding);
}

impl Slot for Vec<(u8, Vec<u8>)> {
    fn get(&self) -> Option<Value> {
        (!self.is_empty()).then(|| Value::Swaps(self.clone()))
    }

    fn set(&mut self, value: Value) {
        if let Value::Swaps(swaps) = value {
            *self = swaps;
        }
    }
}

impl Slot for Vec<Vec<u8>> {
    fn get(&self) -> Option<Value> {
        (!self.is_empty()).then(|| Value::ByteStrings(self.clone()))
    }

    fn set(&mut self, value: Value) {
        if let Value::ByteStrings(strings) = value {
            *self = strings;
        }
    }
}

/// Makes a fieldless enum a value of [`Kind::Choice`]: `choices! { ENDIANS: Endian { Little = "little", Big = "big" } }`.
macro_rules! choices {
    ($(#[$doc:meta])* $list:ident: $type:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        pub(in crate::codec) const $list: &[$crate::codec::fields::Choice] =
            &[$($crate::codec::fields::Choice::word($word)),*];

        impl $crate::codec::fields::Slot for $type {
            fn get(&self) -> Option<$crate::codec::fields::Value> {
                let index = [$(Self::$variant),*].iter().position(|variant| variant == self)?;
                Some($crate::codec::fields::Value::Choice(index, None))
            }

            fn set(&mut self, value: $crate::codec::fields::Value) {
                if let $crate::codec::fields::Value::Choice(index, _) = value
                    && let Some(variant) = [$(Self::$variant),*].get(index)
                {
                    *self = *variant;
                }
            }
        }

        impl $crate::codec::fields::Slot for Option<$type> {
            fn get(&self) -> Option<$crate::codec::fields::Value> {
                self.as_ref().and_then($crate::codec::fields::Slot::get)
            }

            fn set(&mut self, value: $crate::codec::fields::Value) {
                if let $crate::codec::fields::Value::Choice(index, _) = value {
                    *self = [$($type::$variant),*].get(index).copied();
                }
            }
        }
    };
}
pub(in crate::codec) use choices;

choices! {
    /// Words for [`Endian`].
    ENDIANS: Endian { Little = "little", Big = "big" }
}

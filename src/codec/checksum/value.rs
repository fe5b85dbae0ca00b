//! How the value of a check is written in a frame, and what its bytes are computed over.

use super::kind::{ChecksumKind, Endian};
use crate::codec::fields::{Choice, Slot, Value, choices};
use std::borrow::Cow;

/// How the value is written in the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ValueForm {
    /// As bytes.
    #[default]
    Binary,
    /// As hexadecimal digits, two a byte, either case (NMEA 0183, Modbus ASCII).
    HexText,
    /// As decimal digits with zeros in front: as many as the greatest value has, or so many.
    DecText(Option<u8>),
}

/// Most decimal digits that a value of 64 bits has.
const MOST_DIGITS: u8 = 20;

/// How a value can be written.
pub(super) const FORMS: &[Choice] =
    &[Choice::word("binary"), Choice::word("hex"), Choice::numbered("dec", 1, MOST_DIGITS as i64, None)];

impl Slot for ValueForm {
    fn get(&self) -> Option<Value> {
        Some(match self {
            Self::Binary => Value::Choice(0, None),
            Self::HexText => Value::Choice(1, None),
            Self::DecText(digits) => Value::Choice(2, digits.map(Into::into)),
        })
    }

    fn set(&mut self, value: Value) {
        let Value::Choice(index, digits) = value else { return };
        *self = match index {
            0 => Self::Binary,
            1 => Self::HexText,
            _ => Self::DecText(digits.and_then(|digits| u8::try_from(digits).ok())),
        };
    }
}

impl ValueForm {
    /// Bytes that a value takes.
    pub(super) fn len(self, kind: ChecksumKind) -> usize {
        match self {
            Self::Binary => kind.bytes(),
            Self::HexText => kind.bytes() * 2,
            Self::DecText(digits) => digits.map_or_else(|| usual_digits(kind), usize::from),
        }
    }

    /// The byte order where a check gives none. Digits are read as written, the high ones first.
    fn usual_endian(self, kind: ChecksumKind) -> Endian {
        if self == Self::Binary { kind.usual_endian() } else { Endian::Big }
    }

    /// The value in these bytes; `None`: they are no digits, or say more than 64 bits.
    pub(super) fn read(self, kind: ChecksumKind, endian: Option<Endian>, value: &[u8]) -> Option<u64> {
        let bytes = match self {
            Self::DecText(_) => return decimal(value),
            Self::HexText => Cow::Owned(digit_pairs(value)?),
            Self::Binary => Cow::Borrowed(value),
        };
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(match endian.unwrap_or(self.usual_endian(kind)) {
            Endian::Big => bytes.iter().fold(0, join),
            Endian::Little => bytes.iter().rev().fold(0, join),
        })
    }

    /// The value as it is in a frame: bytes with spaces, or the digits of its text.
    pub(super) fn written(self, kind: ChecksumKind, endian: Option<Endian>, value: u64) -> String {
        if let Self::DecText(_) = self {
            let digits = self.len(kind);
            return format!("{value:0digits$}");
        }
        let all = value.to_be_bytes();
        let mut bytes = all[all.len() - kind.bytes().min(all.len())..].to_vec();
        if endian.unwrap_or(self.usual_endian(kind)) == Endian::Little {
            bytes.reverse();
        }
        let spaced = crate::codec::hex::spaced_upper(&bytes);
        if self == Self::HexText { spaced.replace(' ', "") } else { spaced }
    }
}

/// Decimal digits of the greatest value.
fn usual_digits(kind: ChecksumKind) -> usize {
    let greatest = u64::MAX >> (u64::BITS - kind.bits().clamp(1, u64::BITS));
    greatest.ilog10() as usize + 1
}

/// What a check is computed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Covered {
    /// The bytes of the frame.
    #[default]
    Bytes,
    /// The bytes that pairs of hexadecimal digits in the frame stand for (Modbus ASCII: MODBUS over serial line V1.02 §2.5.2.2).
    HexText,
}

choices! {
    /// What a check can be computed over.
    COVERED: Covered { Bytes = "bytes", HexText = "hex" }
}

impl Covered {
    /// What the check is computed over, and whether all of `covered` is that; where it is not, up to the first pair that is no digits.
    pub(super) fn bytes(self, covered: &[u8]) -> (Cow<'_, [u8]>, bool) {
        if self == Self::Bytes {
            return (Cow::Borrowed(covered), true);
        }
        let bytes: Vec<u8> = covered.chunks_exact(2).map_while(pair).collect();
        let is_all = bytes.len() * 2 == covered.len();
        (Cow::Owned(bytes), is_all)
    }
}

fn digit_pairs(digits: &[u8]) -> Option<Vec<u8>> {
    digits.chunks_exact(2).map(pair).collect()
}

fn pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    Some(digit(pair.first()?)? << 4 | digit(pair.get(1)?)?)
}

fn decimal(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |value, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

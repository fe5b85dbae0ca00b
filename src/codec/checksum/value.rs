//! The representations of the value of a check and of the bytes that it covers.

use super::kind::{ChecksumKind, Endian};
use crate::codec::fields::{Choice, Slot, Value, choices};
use std::borrow::Cow;
use std::num::NonZeroU64;

/// Representation of the value in a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ValueForm {
    /// Bytes.
    #[default]
    Binary,
    /// Hexadecimal digits, two per byte, upper or lower case (NMEA 0183, Modbus ASCII).
    HexText,
    /// Decimal digits with leading zeros (FIX); `None`: as many as the largest value has.
    DecText(Option<u8>),
}

/// Number of decimal digits of the largest 64-bit value.
const MOST_DIGITS: u8 = 20;

/// The words for [`ValueForm`].
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
    /// Length of a value in bytes.
    pub(super) fn len(self, kind: ChecksumKind) -> usize {
        match self {
            Self::Binary => kind.bytes(),
            Self::HexText => kind.bytes() * 2,
            Self::DecText(digits) => digits.map_or_else(|| usual_digits(kind), usize::from),
        }
    }

    /// Whether the digits can hold the largest value of the check.
    pub(super) fn holds(self, kind: ChecksumKind, mask: Option<NonZeroU64>) -> bool {
        match self {
            Self::DecText(Some(digits)) if mask.is_none() => usize::from(digits) >= usual_digits(kind),
            _ => true,
        }
    }

    /// Byte order if the check does not specify one. Digits are read in the order in which they are written, high digits first.
    fn usual_endian(self, kind: ChecksumKind) -> Endian {
        if self == Self::Binary { kind.usual_endian() } else { Endian::Big }
    }

    /// Reads a value; `None`: the bytes are not digits, or the number has more than 64 bits.
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

    /// The bytes of a value in a frame; `None`: the value has more digits than the form.
    pub(super) fn bytes(self, kind: ChecksumKind, endian: Option<Endian>, value: u64) -> Option<Vec<u8>> {
        if self == Self::Binary {
            let all = value.to_be_bytes();
            let mut bytes = all[all.len() - kind.bytes().min(all.len())..].to_vec();
            if endian.unwrap_or(self.usual_endian(kind)) == Endian::Little {
                bytes.reverse();
            }
            return Some(bytes);
        }
        let digits = self.written(kind, endian, value).into_bytes();
        (digits.len() == self.len(kind)).then_some(digits)
    }

    /// The value as it is in a frame: bytes separated by spaces, or digits.
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

/// Number of decimal digits of the largest value.
fn usual_digits(kind: ChecksumKind) -> usize {
    let greatest = u64::MAX >> (u64::BITS - kind.bits().clamp(1, u64::BITS));
    greatest.ilog10() as usize + 1
}

/// Representation of the bytes that a check covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Covered {
    /// The bytes themselves.
    #[default]
    Bytes,
    /// Pairs of hexadecimal digits, which encode the bytes (Modbus ASCII: MODBUS over serial line V1.02 §2.5.2.2).
    HexText,
}

choices! {
    /// The words for [`Covered`].
    COVERED: Covered { Bytes = "bytes", HexText = "hex" }
}

impl Covered {
    /// Decodes the covered bytes; `None`: they are not pairs of digits.
    pub(in crate::codec) fn bytes(self, covered: &[u8]) -> Option<Cow<'_, [u8]>> {
        match self {
            Self::Bytes => Some(Cow::Borrowed(covered)),
            Self::HexText if covered.len().is_multiple_of(2) => digit_pairs(covered).map(Cow::Owned),
            Self::HexText => None,
        }
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

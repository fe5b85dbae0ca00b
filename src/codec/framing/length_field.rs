//! Reading and writing a length field.

use super::length::LengthField;
use crate::codec::checksum::Endian;
use std::num::NonZeroU64;

/// The result of reading a length field; a value comes with the length of the field.
pub(super) enum Field {
    Need,
    Invalid,
    Value(usize, i128),
}

/// Maximum number of decimal digits.
const MOST_DIGITS: usize = 18;

/// Reads the length field at the front of `bytes` and extracts the bits of `mask`.
pub(super) fn read(field: LengthField, mask: Option<NonZeroU64>, bytes: &[u8]) -> Field {
    let whole = match field {
        LengthField::Binary { bytes: width, endian, signed } => binary(bytes, width, endian, signed),
        LengthField::Varint { most } => varint(bytes, usize::from(most)),
        LengthField::Decimal { digits: Some(digits), end, .. } => fixed_decimal(bytes, usize::from(digits), end),
        LengthField::Decimal { nonzero: true, .. } if bytes.first() == Some(&b'0') => Field::Invalid,
        LengthField::Decimal { digits: None, end, .. } => free_decimal(bytes, end),
        LengthField::HexText { digits } => hex_text(bytes, usize::from(digits)),
        LengthField::Scpi => block_header(bytes),
    };
    match (whole, mask) {
        (Field::Value(len, value), Some(mask)) => {
            let bits = value as u64 & mask.get();
            Field::Value(len, i128::from(bits >> mask.trailing_zeros()))
        }
        (whole, _) => whole,
    }
}

/// Writes a length field; `None`: it cannot hold the value. Bits outside of `mask` are those of the field `old`, if there is one.
pub(super) fn write(field: LengthField, mask: Option<NonZeroU64>, value: i128, old: &[u8]) -> Option<Vec<u8>> {
    let value = u64::try_from(value).ok()?;
    let value = match mask {
        None => value,
        Some(mask) => {
            let (shift, mask) = (mask.trailing_zeros(), mask.get());
            let others = match read(field, None, old) {
                Field::Value(_, old) => old as u64 & !mask,
                _ => 0,
            };
            if value & !(mask >> shift) != 0 {
                return None;
            }
            value << shift | others
        }
    };
    let text = |text: String, end: Option<u8>| text.into_bytes().into_iter().chain(end).collect::<Vec<u8>>();
    match field {
        LengthField::Binary { bytes, endian, signed } => {
            let width = usize::from(bytes.clamp(1, 8));
            let bits = (width * 8 - usize::from(signed)) as u32;
            if bits < u64::BITS && value >> bits != 0 {
                return None;
            }
            let mut bytes = value.to_le_bytes()[..width].to_vec();
            if endian == Endian::Big {
                bytes.reverse();
            }
            Some(bytes)
        }
        LengthField::Varint { most } => {
            let groups = (u64::BITS - value.leading_zeros()).max(1).div_ceil(7) as usize;
            let group = |place: usize| (value >> (7 * place)) as u8 & 0x7F | u8::from(place + 1 < groups) << 7;
            (groups <= usize::from(most)).then(|| (0..groups).map(group).collect())
        }
        LengthField::Decimal { digits, end, .. } => {
            let width = digits.map_or(1, usize::from);
            let most = digits.map_or(MOST_DIGITS, usize::from);
            let digits = format!("{value:0width$}");
            (digits.len() <= most).then(|| text(digits, end))
        }
        LengthField::HexText { digits } => {
            let width = usize::from(digits);
            let digits = format!("{value:0width$X}");
            (digits.len() <= width).then(|| text(digits, None))
        }
        LengthField::Scpi => {
            let digits = value.to_string();
            (digits.len() <= 9).then(|| text(format!("#{}{digits}", digits.len()), None))
        }
    }
}

fn hex_text(bytes: &[u8], digits: usize) -> Field {
    let mut value = 0;
    for byte in bytes.iter().take(digits) {
        let Some(digit) = char::from(*byte).to_digit(16) else { return Field::Invalid };
        value = value << 4 | i128::from(digit);
    }
    if bytes.len() < digits { Field::Need } else { Field::Value(digits, value) }
}

/// `#`, a digit from 1 to 9, and as many digits as it says, which are the length (IEEE 488.2 §8.7.9).
pub(super) fn block_header(bytes: &[u8]) -> Field {
    match bytes {
        [] | [b'#'] => Field::Need,
        [b'#', count @ b'1'..=b'9', digits @ ..] => match fixed_decimal(digits, usize::from(count - b'0'), None) {
            Field::Value(len, value) if !digits.starts_with(b" ") => Field::Value(2 + len, value),
            Field::Need => Field::Need,
            _ => Field::Invalid,
        },
        _ => Field::Invalid,
    }
}

fn binary(bytes: &[u8], width: u8, endian: Endian, signed: bool) -> Field {
    let width = usize::from(width.clamp(1, 8));
    let Some(field) = bytes.get(..width) else { return Field::Need };
    let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    let value = match endian {
        Endian::Big => field.iter().fold(0, join),
        Endian::Little => field.iter().rev().fold(0, join),
    };
    let negative = signed && value >> (width * 8 - 1) == 1;
    if negative { Field::Invalid } else { Field::Value(width, i128::from(value)) }
}

fn varint(bytes: &[u8], most: usize) -> Field {
    let mut value: u128 = 0;
    for (place, byte) in bytes.iter().take(most).enumerate() {
        value |= u128::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Field::Value(place + 1, value as i128);
        }
    }
    if bytes.len() < most { Field::Need } else { Field::Invalid }
}

/// A fixed number of digits with leading spaces, as `%10d` writes them, or leading zeros.
fn fixed_decimal(bytes: &[u8], digits: usize, end: Option<u8>) -> Field {
    let mut value: i128 = 0;
    let mut begun = false;
    for byte in bytes.iter().take(digits) {
        match byte {
            b'0'..=b'9' => {
                begun = true;
                value = value * 10 + i128::from(byte - b'0');
            }
            b' ' if !begun => {}
            _ => return Field::Invalid,
        }
    }
    let end_there = end.is_none_or(|end| bytes.get(digits).is_none_or(|byte| *byte == end));
    match bytes.len() >= digits + usize::from(end.is_some()) {
        _ if !end_there => Field::Invalid,
        false => Field::Need,
        true if begun => Field::Value(digits + usize::from(end.is_some()), value),
        true => Field::Invalid,
    }
}

/// Digits up to the first other byte.
fn free_decimal(bytes: &[u8], end: Option<u8>) -> Field {
    let mut value: i128 = 0;
    for (place, byte) in bytes.iter().take(MOST_DIGITS + 1).enumerate() {
        match byte {
            b'0'..=b'9' if place < MOST_DIGITS => value = value * 10 + i128::from(byte - b'0'),
            _ if place == 0 => return Field::Invalid,
            byte => {
                return match end {
                    None if !byte.is_ascii_digit() => Field::Value(place, value),
                    Some(end) if *byte == end => Field::Value(place + 1, value),
                    _ => Field::Invalid,
                };
            }
        }
    }
    Field::Need
}

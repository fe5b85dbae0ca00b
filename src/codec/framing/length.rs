//! Frames that tell their length. Only the bytes that are really there are ever held.

use super::framer::{Around, FrameKind, Step};
use super::rule::{LengthField, LengthRule};
use crate::codec::checksum::{Endian, Verdict};

/// While looking for a begin by the checksum, longer frames are not tried: each try costs their length.
const LONGEST_TRIED: usize = 4096;

/// Whether the place is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A frame begins here.
    Sure,
    /// The frame before had a wrong checksum: if this one has too, its length was not one.
    Doubtful,
    /// A begin is looked for.
    Lost,
    /// Nothing in the rule tells where a frame could begin.
    Hopeless,
}

#[derive(Clone, Debug)]
pub(super) struct Length {
    rule: LengthRule,
    place: Place,
}

/// What the header at the front says.
enum Header {
    Need,
    Invalid,
    Frame { header: usize, len: usize },
}

impl Length {
    pub fn new(rule: &LengthRule) -> Self {
        Self { rule: rule.clone(), place: Place::Sure }
    }

    pub fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        if self.place == Place::Hopeless {
            return Step::Skip(bytes.len(), FrameKind::Junk);
        }
        let lost = self.place == Place::Lost;
        let (header, len) = match self.header(bytes, around.max_len) {
            Header::Frame { header, len } => (header, len),
            Header::Invalid => return self.lose(bytes, around),
            Header::Need if lost && around.at_end => return self.lose(bytes, around),
            Header::Need => return Step::Need,
        };
        let Some(verifier) = around.verifier else {
            // Found by its mark.
            self.place = Place::Sure;
            return if bytes.len() >= len { Step::frame(len, header.min(len)..len) } else { Step::Need };
        };
        if lost && len > LONGEST_TRIED {
            return Step::Skip(1, FrameKind::Junk);
        }
        let Some(frame) = bytes.get(..len) else {
            return if lost && around.at_end { Step::Skip(1, FrameKind::Junk) } else { Step::Need };
        };
        let verdict = verifier.verify(frame);
        self.place = match (verdict.map(Verdict::is_ok), self.place) {
            (Some(true), _) | (None, Place::Sure) => Place::Sure,
            (Some(false), Place::Sure) => Place::Doubtful,
            (Some(false) | None, _) => return self.lose(bytes, around),
        };
        Step::Frame { len, payload: header.min(len)..len, checked: 0..len, verdict }
    }

    /// No frame begins here.
    fn lose(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        if around.verifier.is_none() && self.rule.mark.is_none() {
            self.place = Place::Hopeless;
            return Step::Skip(bytes.len(), FrameKind::Junk);
        }
        self.place = Place::Lost;
        Step::Skip(1, FrameKind::Junk)
    }

    /// The length of the frame at the front, where it is trusted.
    pub fn known_len(&self, bytes: &[u8], max_len: usize) -> Option<usize> {
        match self.header(bytes, max_len) {
            Header::Frame { len, .. } if matches!(self.place, Place::Sure | Place::Doubtful) => Some(len),
            _ => None,
        }
    }

    fn header(&self, bytes: &[u8], max_len: usize) -> Header {
        let rule = &self.rule;
        let mut complete = true;
        if let Some((place, mark)) = &rule.mark {
            let there = usize::try_from(*place).ok().and_then(|place| bytes.get(place..)).unwrap_or_default();
            if !there.iter().zip(mark).all(|(byte, wanted)| byte == wanted) {
                return Header::Invalid;
            }
            complete = there.len() >= mark.len();
        }
        let Ok(offset) = usize::try_from(rule.offset) else { return Header::Invalid };
        let field = bytes.get(offset..).map_or(Field::Need, |bytes| read(rule.field, bytes));
        let (field_len, value) = match field {
            Field::Need => return Header::Need,
            Field::Invalid => return Header::Invalid,
            Field::Value(len, value) => (len, value),
        };
        let field_end = offset + field_len;
        let header =
            rule.header.map_or(field_end, |header| usize::try_from(header).unwrap_or(usize::MAX).max(field_end));
        let counted = if rule.counts_all { 0 } else { header as i128 };
        let len = counted + value + i128::from(rule.adjust);
        match usize::try_from(len) {
            Ok(len) if len >= header && len <= max_len && complete => Header::Frame { header, len },
            Ok(len) if len >= header && len <= max_len => Header::Need,
            _ => Header::Invalid,
        }
    }
}

/// A length field: its bytes and its value.
enum Field {
    Need,
    Invalid,
    Value(usize, i128),
}

fn read(field: LengthField, bytes: &[u8]) -> Field {
    match field {
        LengthField::Binary { bytes: width, endian, signed } => binary(bytes, width, endian, signed),
        LengthField::Varint { most } => varint(bytes, usize::from(most)),
        LengthField::Decimal { digits: Some(digits), end } => fixed_decimal(bytes, usize::from(digits), end),
        LengthField::Decimal { digits: None, end } => free_decimal(bytes, end),
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

/// Spaces in front, as `%10d` writes them, or zeros.
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

/// Digits up to a byte that is none.
fn free_decimal(bytes: &[u8], end: Option<u8>) -> Field {
    const MOST_DIGITS: usize = 18;
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

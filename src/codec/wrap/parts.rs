//! The parts of a wrap.

use super::{OwnBytes, WrapError};
use crate::codec::checksum::{ChecksumKind, Endian};
use crate::codec::encoding::Encoding;
use serde::{Deserialize, Serialize};

/// What is before the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Head {
    /// Nothing.
    #[default]
    None,
    /// The length of what follows.
    Length(LengthHead),
    /// These bytes.
    Bytes(OwnBytes),
}

/// A length field before the payload. It counts the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LengthHead {
    /// Width of the field.
    pub width: LengthWidth,
    /// Byte order of the field.
    pub endian: Endian,
    /// The check is counted too.
    pub counts_check: bool,
    /// The field itself is counted too.
    pub counts_itself: bool,
}

impl Default for LengthHead {
    fn default() -> Self {
        Self { width: LengthWidth::Two, endian: Endian::Big, counts_check: false, counts_itself: false }
    }
}

/// Width of a length field. It is stored as its number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum LengthWidth {
    /// 1 byte.
    One,
    /// 2 bytes.
    Two,
    /// 4 bytes.
    Four,
}

impl LengthWidth {
    /// All widths, in menu order.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Four];

    /// The number of bytes.
    #[must_use]
    pub fn bytes(self) -> usize {
        match self {
            Self::One => 1,
            Self::Two => 2,
            Self::Four => 4,
        }
    }
}

impl From<LengthWidth> for u8 {
    fn from(width: LengthWidth) -> Self {
        width.bytes() as Self
    }
}

impl TryFrom<u8> for LengthWidth {
    type Error = String;

    fn try_from(bytes: u8) -> Result<Self, Self::Error> {
        let wanted = |width: &Self| width.bytes() == usize::from(bytes);
        Self::ALL.into_iter().find(wanted).ok_or_else(|| format!("a length field of {bytes} bytes"))
    }
}

impl Head {
    /// The bytes before a payload of `payload_len` bytes that a check of `check_len` bytes follows.
    pub(super) fn bytes(&self, payload_len: usize, check_len: usize) -> Result<Vec<u8>, WrapError> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Bytes(own) => Ok(own.as_slice().to_vec()),
            Self::Length(length) => length.written(payload_len, check_len),
        }
    }
}

impl LengthHead {
    fn written(self, payload_len: usize, check_len: usize) -> Result<Vec<u8>, WrapError> {
        let width = self.width.bytes();
        let check_len = if self.counts_check { check_len } else { 0 };
        let own_len = if self.counts_itself { width } else { 0 };
        let len = (payload_len as u64).saturating_add(check_len as u64).saturating_add(own_len as u64);
        if len >> (width * 8) != 0 {
            return Err(WrapError::TooLong { len, width });
        }
        Ok(lowest_bytes(len, width, self.endian))
    }
}

/// The check behind the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appended {
    /// The algorithm.
    pub kind: ChecksumKind,
    /// Byte order of the value; `None`: the usual order of the algorithm.
    #[serde(default)]
    pub endian: Option<Endian>,
    /// It covers the head and the payload, instead of the payload alone. It never covers the tail.
    #[serde(default)]
    pub covers_head: bool,
    /// First covered byte of these. Negative: counted from their end.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub from: i64,
    /// End of the covered bytes (exclusive), counted like `from`; `None`: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// It follows the tail, instead of the payload.
    #[serde(default, rename = "behind_tail")]
    pub is_behind_tail: bool,
}

impl Appended {
    /// A check over the payload alone, right behind it, in the usual byte order.
    #[must_use]
    pub fn new(kind: ChecksumKind) -> Self {
        Self { kind, endian: None, covers_head: false, from: 0, to: None, is_behind_tail: false }
    }

    /// Byte order of the value.
    #[must_use]
    pub fn endian(self) -> Endian {
        self.endian.unwrap_or(self.kind.usual_endian())
    }

    /// The value over the chosen range of `bytes`, as it is sent.
    pub(super) fn value(self, bytes: &[u8]) -> Result<Vec<u8>, WrapError> {
        let place = |at: i64| {
            let from_end = usize::try_from(at.unsigned_abs()).ok();
            if at < 0 { from_end.and_then(|at| bytes.len().checked_sub(at)) } else { from_end }
        };
        let covered = place(self.from).zip(self.to.map_or(Some(bytes.len()), place));
        let covered = covered.and_then(|(from, to)| bytes.get(from..to));
        let covered = covered.ok_or(WrapError::Range { len: bytes.len() })?;
        Ok(lowest_bytes(self.kind.calculator().compute(covered), self.kind.bytes(), self.endian()))
    }
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// What is behind the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tail {
    /// Nothing.
    #[default]
    None,
    /// CR.
    Cr,
    /// LF.
    Lf,
    /// CR LF.
    CrLf,
    /// These bytes.
    Bytes(OwnBytes),
}

impl Tail {
    pub(super) fn bytes(&self, encoding: Encoding) -> Vec<u8> {
        let line_end = match self {
            Self::None => "",
            Self::Cr => "\r",
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
            Self::Bytes(own) => return own.as_slice().to_vec(),
        };
        encoding.encode(line_end).unwrap_or_else(|_| line_end.as_bytes().to_vec())
    }
}

/// The lowest `width` bytes of a number.
fn lowest_bytes(number: u64, width: usize, endian: Endian) -> Vec<u8> {
    let mut bytes = number.to_le_bytes()[..width.min(8)].to_vec();
    if endian == Endian::Big {
        bytes.reverse();
    }
    bytes
}

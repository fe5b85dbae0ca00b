//! What is put around a payload before it is sent: a head, a check and a tail.
//!
//! ```
//! use wirebench::codec::wrap::{Appended, Head, LengthHead, Wrap};
//! use wirebench::codec::{ChecksumKind, Encoding, FramingRule};
//!
//! let modbus = ChecksumKind::by_name("CRC-16/MODBUS").expect("a known checksum");
//! let wrap = Wrap {
//!     head: Head::Length(LengthHead { counts_check: true, ..LengthHead::default() }),
//!     check: Some(Appended::new(modbus)),
//!     ..Wrap::default()
//! };
//! let framing: FramingRule = "modbus-rtu".parse().expect("a preset");
//! let sent = wrap.build(&[1, 3, 0, 0, 0, 0x0A], Encoding::UTF_8, &framing).expect("short enough");
//! assert_eq!(sent.bytes, [0, 8, 1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD]);
//! assert_eq!((sent.head, sent.payload, sent.check), (0..2, 2..8, 8..10));
//!
//! let sent = Wrap::same_as_framing().build(&[1, 3, 0, 0, 0, 0x0A], Encoding::UTF_8, &framing).expect("a request");
//! assert_eq!(sent.bytes, [1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD]);
//! ```

mod own_bytes;
mod parts;
#[cfg(test)]
mod tests;

pub use own_bytes::OwnBytes;
pub use parts::{Appended, Head, LengthHead, LengthWidth, Tail};

use super::checksum::ChecksumKind;
use super::encoding::Encoding;
use super::framing::{BuildError, Built, FramingRule};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What is put around each payload. A stored wrap with a part that is not known here is refused: without this part, other bytes would
/// be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wrap {
    /// Before the payload.
    pub head: Head,
    /// The check behind the payload, if any.
    pub check: Option<Appended>,
    /// Behind the payload.
    pub tail: Tail,
    /// The payload is sent as a frame of the framing rule of the session. The other parts are kept, but not sent, so that no check
    /// is added twice.
    #[serde(skip_serializing_if = "is_false")]
    pub as_framing: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// Bytes to send, and the place of each part in them. A part that does not exist is an empty range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapped {
    /// All bytes.
    pub bytes: Vec<u8>,
    /// The head.
    pub head: Range<usize>,
    /// The payload.
    pub payload: Range<usize>,
    /// The check.
    pub check: Range<usize>,
    /// The tail.
    pub tail: Range<usize>,
}

/// Why a payload cannot be wrapped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrapError {
    /// The length to write is larger than the length field can hold.
    #[error("a length of {len} is more than a field of {width} bytes can hold")]
    TooLong {
        /// The length to write.
        len: u64,
        /// Width of the field in bytes.
        width: usize,
    },
    /// The check covers bytes that do not exist.
    #[error("the check covers bytes outside of the {len} bytes")]
    Range {
        /// Number of bytes that the check could cover.
        len: usize,
    },
    /// The framing rule has no frame with this payload.
    #[error(transparent)]
    Frame(#[from] BuildError),
}

impl Wrap {
    /// Only a tail.
    #[must_use]
    pub fn ending(tail: Tail) -> Self {
        Self { tail, ..Self::default() }
    }

    /// Only a check, over the payload.
    #[must_use]
    pub fn checked(check: Appended) -> Self {
        Self { check: Some(check), ..Self::default() }
    }

    /// A frame of the framing rule.
    #[must_use]
    pub fn same_as_framing() -> Self {
        Self { as_framing: true, ..Self::default() }
    }

    /// The check that is sent, given the framing rule.
    #[must_use]
    pub fn sent_check(&self, framing: &FramingRule) -> Option<ChecksumKind> {
        if self.as_framing {
            framing.implied_check().map(|check| check.kind)
        } else {
            self.check.map(|check| check.kind)
        }
    }

    /// Whether nothing is put around the payload.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Puts the parts, or the bytes of the rule `framing`, around `payload`. Line ends of [`Tail`] are written in `encoding`: CR LF
    /// in UTF-16 is four bytes.
    ///
    /// # Errors
    /// The payload is too long for the length field, too short for its check, or no frame of the rule.
    pub fn build(&self, payload: &[u8], encoding: Encoding, framing: &FramingRule) -> Result<Wrapped, WrapError> {
        if self.as_framing {
            return Ok(framed(framing.build(payload)?));
        }
        let check_len = self.check.map_or(0, |check| check.kind.bytes());
        let mut bytes = self.head.bytes(payload.len(), check_len)?;
        let head = 0..bytes.len();
        bytes.extend_from_slice(payload);
        let payload = head.end..bytes.len();
        let tail = self.tail.bytes(encoding);
        let value = self.check.map(|check| {
            let from = if check.covers_head { 0 } else { payload.start };
            check.value(&bytes[from..])
        });
        let value = value.transpose()?.unwrap_or_default();
        let is_behind = self.check.is_some_and(|check| check.is_behind_tail);
        let mut add = |part: &[u8]| {
            let start = bytes.len();
            bytes.extend_from_slice(part);
            start..bytes.len()
        };
        let (check, tail) = if is_behind {
            let tail = add(&tail);
            (add(&value), tail)
        } else {
            let check = add(&value);
            (check, add(&tail))
        };
        Ok(Wrapped { bytes, head, payload, check, tail })
    }
}

/// The parts of a frame. A check inside of another part is not separated from it.
fn framed(built: Built) -> Wrapped {
    let Built { bytes, content, check } = built;
    let head = 0..content.start;
    let end = bytes.len();
    let (check, tail) = match content.end {
        // Behind the content, or at the end of the frame.
        at if check.start == at && !check.is_empty() => (check.clone(), check.end..end),
        at if check.start > at && check.end == end => (check.clone(), at..check.start),
        at => (at..at, at..end),
    };
    Wrapped { bytes, head, payload: content, check, tail }
}

//! What is put around a payload before it is sent: a head, a check and a tail.
//!
//! ```
//! use wirebench::codec::wrap::{Appended, Head, LengthHead, Wrap};
//! use wirebench::codec::{ChecksumKind, Encoding, FramingRule};
//!
//! let modbus = ChecksumKind::by_name("CRC-16/MODBUS").expect("a known checksum");
//! let wrap = Wrap {
//!     head: Head::Length(LengthHead { counts_check: true, ..LengthHead::default() }),
//!     checks: vec![Appended::new(modbus)],
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
mod stored;
#[cfg(test)]
mod tests;

pub use own_bytes::OwnBytes;
pub use parts::{Appended, Head, LengthHead, LengthWidth, Tail};

use super::checksum::ChecksumKind;
use super::encoding::Encoding;
use super::framing::{BuildError, Built, FramingRule};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Most checks of a wrap.
pub const CHECKS_MAX: usize = 8;

/// What is put around each payload. A stored wrap with a part that is not known here is refused: without this part, other bytes would
/// be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wrap {
    /// Before the payload.
    pub head: Head,
    /// The checks behind the payload. Each covers the values of those before it too, as far as its range goes.
    #[serde(rename = "check", with = "stored")]
    pub checks: Vec<Appended>,
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
    /// The checks, or the first of them.
    pub check: Range<usize>,
    /// The tail.
    pub tail: Range<usize>,
    /// The checks behind the tail, where there are others before it.
    pub last_check: Range<usize>,
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
        Self { checks: vec![check], ..Self::default() }
    }

    /// A frame of the framing rule.
    #[must_use]
    pub fn same_as_framing() -> Self {
        Self { as_framing: true, ..Self::default() }
    }

    /// The checks that are sent, given the framing rule.
    #[must_use]
    pub fn sent_checks(&self, framing: &FramingRule) -> Vec<ChecksumKind> {
        if self.as_framing {
            framing.implied_check().map(|check| check.kind).into_iter().collect()
        } else {
            self.checks.iter().map(|check| check.kind).collect()
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
        let check_len = self.checks.iter().map(|check| check.kind.bytes()).sum();
        let mut bytes = self.head.bytes(payload.len(), check_len)?;
        let head = 0..bytes.len();
        bytes.extend_from_slice(payload);
        let payload = head.end..bytes.len();
        let tail = self.tail.bytes(encoding);
        let (mut before, mut behind) = (Vec::new(), Vec::new());
        for check in &self.checks {
            let from = if check.covers_head { 0 } else { payload.start };
            let value = check.value(&bytes[from..])?;
            // The next check covers it, wherever it is sent.
            bytes.extend_from_slice(&value);
            if check.is_behind_tail { behind.extend(value) } else { before.extend(value) }
        }
        bytes.truncate(payload.end);
        let mut add = |part: &[u8]| {
            let start = bytes.len();
            bytes.extend_from_slice(part);
            start..bytes.len()
        };
        let (before, tail, behind) = (add(&before), add(&tail), add(&behind));
        let end = behind.end;
        let (check, last_check) = if before.is_empty() { (behind, end..end) } else { (before, behind) };
        Ok(Wrapped { bytes, head, payload, check, tail, last_check })
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
    Wrapped { bytes, head, payload: content, check, tail, last_check: end..end }
}

//! The reverse of the [`Framer`]: puts header, markers, escapes, delimiter and check around a content.
//!
//! Each kind of rule provides its bytes by [`Description::enclose`](super::Description). The result is split again before it is
//! returned, so a content that the peer would receive as something else is refused.

use super::framer::{FrameKind, Framer};
use super::{Boundary, FramingRule, RuleKind};
use crate::codec::checksum::{Calculator, Check, Places, Verdict};
use std::borrow::Cow;
use std::ops::Range;

/// A frame to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Built {
    /// All bytes.
    pub bytes: Vec<u8>,
    /// The content, with its escapes. If the check is inside it, its value is in this range, too.
    pub content: Range<usize>,
    /// The value of the check; empty: there is none, or it cannot be separated from the content (COBS).
    pub check: Range<usize>,
}

/// Why a content cannot be made a frame.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The frame would be longer than the maximum of the rule.
    #[error("the frame has {len} bytes, more than the maximum of {most}")]
    TooLong {
        /// Length of the frame.
        len: u64,
        /// The option `max` of the rule.
        most: u64,
    },
    /// The length field cannot hold the length.
    #[error("the length field cannot hold {value}")]
    LengthTooLarge {
        /// The value to write.
        value: u64,
    },
    /// The content is shorter than the rule allows.
    #[error("the content is {missing} bytes too short")]
    TooShort {
        /// Number of bytes that are missing.
        missing: u64,
    },
    /// All frames of the rule have the same length.
    #[error("the content has {len} bytes, not {expected}")]
    WrongLength {
        /// Length of the content.
        len: u64,
        /// The length that the rule requires.
        expected: u64,
    },
    /// An empty frame does not exist, or receivers skip it.
    #[error("the content is empty")]
    Empty,
    /// The content contains bytes that end a frame or start another one, and the rule has no escape for them.
    #[error("the content contains {bytes:02X?}")]
    MarkerInside {
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// The content ends with CR, which would belong to the line end.
    #[error("the content ends with CR")]
    EndsWithCr,
    /// With `keep`, the content contains its delimiter, and this one does not.
    #[error("the content does not end with {bytes:02X?}")]
    LacksEnd {
        /// The delimiter.
        bytes: Vec<u8>,
    },
    /// The content is not exactly one JSON value.
    #[error("the content is not one JSON value")]
    NotJson,
    /// A JSON number, `true`, `false` or `null` ends only where the next value begins.
    #[error("the JSON value has no end of its own")]
    OpenJson,
    /// The check covers pairs of hexadecimal digits, and the content is none.
    #[error("the content is not pairs of hexadecimal digits")]
    NotHex,
    /// The value of the check has more digits than the rule writes.
    #[error("the value of the check does not fit into its digits")]
    ValueTooLarge,
    /// The check covers its own value.
    #[error("the check covers its own value")]
    CoversItself,
    /// The value of the check lies on bytes that the rule itself defines, such as the end marker.
    #[error("the value of the check has no place of its own")]
    ValuePlace,
    /// A receiver would not find this content: it would split the bytes in another way or reject the frame.
    #[error("a receiver would not find this content with the rule {}", kind.description().name)]
    NotFound {
        /// The kind of the rule.
        kind: RuleKind,
    },
}

/// What a kind of rule gets to build a frame.
pub(super) struct Unframed<'a> {
    pub content: &'a [u8],
    /// Number of bytes that the check adds to the content.
    pub added: usize,
    /// The whole frame that the new frame answers.
    pub answered: Option<&'a [u8]>,
}

/// The parts of a frame, in their order. The positions of a check count `before`, `payload` and `behind`.
#[derive(Default)]
pub(super) struct Enclosure<'a> {
    pub before: Vec<u8>,
    pub payload: Cow<'a, [u8]>,
    pub behind: Vec<u8>,
    /// The end of the frame that positions do not count.
    pub outside: Vec<u8>,
}

impl<'a> Enclosure<'a> {
    /// Only the content.
    pub fn bare(content: &'a [u8]) -> Self {
        Self { payload: Cow::Borrowed(content), ..Self::default() }
    }
}

/// How the payload is encoded after its check was computed.
pub(super) enum Stuffing {
    None,
    /// Each byte has a code of its own.
    Bytes(fn(&FramingRule, &[u8]) -> Vec<u8>),
    /// The code of a byte depends on its neighbors.
    Block(fn(&[u8]) -> Vec<u8>),
}

/// Builds frames of one rule. It holds the table of the check.
#[derive(Clone, Debug)]
pub struct Builder {
    rule: FramingRule,
    check: Option<(Check, Calculator)>,
    framer: Framer,
}

impl Builder {
    /// A builder for the rule.
    #[must_use]
    pub fn new(rule: &FramingRule) -> Self {
        let check = rule.implied_check().map(|check| (check, check.kind.calculator()));
        Self { rule: rule.clone(), check, framer: Framer::new(rule, 0) }
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &FramingRule {
        &self.rule
    }

    /// Builds the frame with this content. Bytes of the header that are neither a length nor a mark are 0, or those of the frame
    /// `answered`.
    ///
    /// # Errors
    /// The rule has no frame with this content.
    pub fn build(&mut self, content: &[u8], answered: Option<&[u8]>) -> Result<Built, BuildError> {
        let (built, is_outside) = self.unverified(content, answered)?;
        let (len, most) = (built.bytes.len() as u64, self.rule.max_len);
        if len > most && self.rule.boundary.description().has_max {
            return Err(BuildError::TooLong { len, most });
        }
        match self.is_found(&built.bytes, content) {
            true => Ok(built),
            false if is_outside => Err(BuildError::ValuePlace),
            false => Err(BuildError::NotFound { kind: self.rule.boundary.description().kind }),
        }
    }

    /// The frame, and whether the value of the check lies outside of the payload.
    fn unverified(&self, content: &[u8], answered: Option<&[u8]>) -> Result<(Built, bool), BuildError> {
        let Some((check, _)) = &self.check else {
            let parts = self.enclosed(content, 0, answered)?;
            return Ok((self.joined(&parts, &parts.payload, 0..0), false));
        };
        let width = check.value_bytes();
        if let Some(until) = check.until {
            return Ok((self.with_until(&self.enclosed(content, 1 + width, answered)?, until)?, false));
        }
        // The value is part of the payload, or of what the rule puts around it.
        let inside = self.enclosed(content, width, answered).and_then(|parts| self.with_value_inside(&parts));
        match inside {
            Ok(Some(built)) => Ok((built, false)),
            Ok(None) => Ok((self.with_value_outside(self.enclosed(content, 0, answered)?)?, true)),
            Err(error) => {
                let parts = self.enclosed(content, 0, answered);
                let built = parts.and_then(|parts| self.with_value_outside(parts)).map_err(|_| error)?;
                Ok((built, true))
            }
        }
    }

    fn enclosed<'a>(
        &self,
        content: &'a [u8],
        added: usize,
        answered: Option<&'a [u8]>,
    ) -> Result<Enclosure<'a>, BuildError> {
        (self.rule.boundary.description().enclose)(&self.rule, &Unframed { content, added, answered })
    }

    /// The byte of [`Check::until`] and the value follow the content.
    fn with_until(&self, parts: &Enclosure<'_>, until: u8) -> Result<Built, BuildError> {
        let Some((check, _)) = &self.check else { return Err(BuildError::CoversItself) };
        let at = parts.payload.len() + 1;
        let mut payload = parts.payload.to_vec();
        payload.push(until);
        payload.resize(at + check.value_bytes(), 0);
        let counted = [&parts.before[..], &payload, &parts.behind].concat();
        match check.places_in(&counted) {
            Places::Found { covered, value } if value.start == parts.before.len() + at => {
                payload[at..].copy_from_slice(&self.value_of(&counted[covered])?);
                Ok(self.joined(parts, &payload, at - 1..payload.len()))
            }
            Places::Found { .. } => Err(BuildError::MarkerInside { bytes: vec![until] }),
            Places::NoValue | Places::TooShort => Err(self.too_short(&counted)),
        }
    }

    /// Inserts the value into the payload; `None`: its position is not in the payload.
    fn with_value_inside(&self, parts: &Enclosure<'_>) -> Result<Option<Built>, BuildError> {
        let Some((check, _)) = &self.check else { return Ok(None) };
        let width = check.value_bytes();
        let counted = [&parts.before[..], &parts.payload, &vec![0; width], &parts.behind].concat();
        let Some((_, value)) = check.places(counted.len()) else { return Err(self.too_short(&counted)) };
        let Some(at) = value.start.checked_sub(parts.before.len()).filter(|at| *at <= parts.payload.len()) else {
            return Ok(None);
        };
        let mut payload = parts.payload.to_vec();
        payload.splice(at..at, std::iter::repeat_n(0, width));
        let written = self.value_in(&[&parts.before[..], &payload, &parts.behind].concat())?;
        payload[at..at + width].copy_from_slice(&written);
        Ok(Some(self.joined(parts, &payload, at..at + width)))
    }

    /// Writes the value over the bytes around the payload.
    fn with_value_outside(&self, mut parts: Enclosure<'_>) -> Result<Built, BuildError> {
        let Some((check, _)) = &self.check else { return Err(BuildError::ValuePlace) };
        let counted = [&parts.before[..], &parts.payload, &parts.behind].concat();
        let Some((_, place)) = check.places(counted.len()) else { return Err(self.too_short(&counted)) };
        let written = self.value_in(&counted)?;
        let behind = parts.before.len() + parts.payload.len();
        let target = match place.start.checked_sub(behind) {
            Some(at) => parts.behind.get_mut(at..at + written.len()),
            None => parts.before.get_mut(place.clone()),
        };
        target.ok_or(BuildError::ValuePlace)?.copy_from_slice(&written);
        let mut built = self.joined(&parts, &parts.payload, 0..0);
        let shift = built.content.len() - parts.payload.len();
        built.check = match place.start >= behind {
            true => place.start + shift..place.end + shift,
            false => place,
        };
        Ok(built)
    }

    /// The value of the check in a frame that has room for it.
    fn value_in(&self, counted: &[u8]) -> Result<Vec<u8>, BuildError> {
        let places = self.check.as_ref().and_then(|(check, _)| check.places(counted.len()));
        let Some((covered, value)) = places else { return Err(self.too_short(counted)) };
        if covered.start.max(value.start) < covered.end.min(value.end) {
            return Err(BuildError::CoversItself);
        }
        self.value_of(&counted[covered])
    }

    fn value_of(&self, covered: &[u8]) -> Result<Vec<u8>, BuildError> {
        let Some((check, calculator)) = &self.check else { return Ok(Vec::new()) };
        let covered = check.covered.bytes(covered).ok_or(BuildError::NotHex)?;
        check.value_to_send(calculator.compute(&covered)).ok_or(BuildError::ValueTooLarge)
    }

    /// The check has no room in a frame of these bytes: more are needed.
    fn too_short(&self, counted: &[u8]) -> BuildError {
        let Some((check, _)) = &self.check else { return BuildError::Empty };
        let width = check.value_bytes();
        let places = [Some(check.from), check.to, Some(check.at.unwrap_or(0))].into_iter().flatten();
        let lengths = places.map(|place| usize::try_from(place.unsigned_abs()).unwrap_or(usize::MAX));
        let lengths = lengths.flat_map(|len| [len, len.saturating_add(width)]);
        let least = lengths.filter(|len| *len > counted.len() && check.places(*len).is_some()).min();
        BuildError::TooShort { missing: least.map_or(1, |least| (least - counted.len()) as u64) }
    }

    /// Joins the parts. `check` is the range of the value in `payload`.
    fn joined(&self, parts: &Enclosure<'_>, payload: &[u8], check: Range<usize>) -> Built {
        let mut bytes = parts.before.clone();
        let start = bytes.len();
        let mut place = 0..0;
        let is_last = !check.is_empty() && check.end == payload.len();
        match &self.rule.boundary.description().stuffing {
            Stuffing::None => {
                bytes.extend_from_slice(payload);
                place = start + check.start..start + check.end;
            }
            Stuffing::Bytes(encode) => {
                bytes.extend(encode(&self.rule, &payload[..check.start]));
                let from = bytes.len();
                bytes.extend(encode(&self.rule, &payload[check.clone()]));
                place = from..bytes.len();
                bytes.extend(encode(&self.rule, &payload[check.end..]));
            }
            Stuffing::Block(encode) => bytes.extend(encode(payload)),
        }
        let end = if is_last && !place.is_empty() { place.start } else { bytes.len() };
        bytes.extend_from_slice(&parts.behind);
        bytes.extend_from_slice(&parts.outside);
        Built { bytes, content: start..end, check: place }
    }

    /// Whether a receiver finds exactly this content in the bytes.
    fn is_found(&mut self, bytes: &[u8], content: &[u8]) -> bool {
        let (mut ranges, mut found) = (0, false);
        let rule = &self.rule;
        let needs_verdict = rule.check.is_some();
        let mut on_range = |frame: &super::Frame, bytes: &[u8]| {
            ranges += 1;
            let is_right = match frame.verdict {
                Some(verdict) => verdict == Verdict::Ok,
                None => !needs_verdict,
            };
            found = frame.kind == FrameKind::Frame
                && is_right
                && *rule.bare_content(bytes, frame.payload_within()) == *content;
        };
        self.framer.feed(bytes, 0, &mut on_range);
        if matches!(self.rule.boundary, Boundary::Gap(_)) {
            self.framer.finish(&mut on_range);
        }
        let is_found = ranges == 1 && found && self.framer.pending().is_empty();
        if !is_found {
            self.framer.restart(0);
        }
        is_found
    }
}

impl FramingRule {
    /// Builds the frame with this content: the reverse of [`Framer`] and [`FramingRule::bare_content`]. Bytes of the header that
    /// are neither a length nor a mark are 0.
    ///
    /// ```
    /// use wirebench::codec::FramingRule;
    ///
    /// let rule: FramingRule = "modbus-tcp".parse().expect("a preset");
    /// let built = rule.build(&[1, 3, 0, 0, 0, 2]).expect("short enough");
    /// assert_eq!(built.bytes, [0, 0, 0, 0, 0, 6, 1, 3, 0, 0, 0, 2]);
    /// assert_eq!(built.content, 6..12);
    /// ```
    ///
    /// # Errors
    /// The rule has no frame with this content.
    pub fn build(&self, content: &[u8]) -> Result<Built, BuildError> {
        Builder::new(self).build(content, None)
    }

    /// Builds the frame with this content that answers another whole frame: it gets the header bytes of that frame, such as the
    /// transaction identifier of Modbus TCP.
    ///
    /// # Errors
    /// The rule has no frame with this content.
    pub fn build_answer(&self, content: &[u8], answered: &[u8]) -> Result<Built, BuildError> {
        Builder::new(self).build(content, Some(answered))
    }

    /// The check of each frame: that of the rule, or the CRC by which Modbus RTU finds its frames.
    pub(in crate::codec) fn implied_check(&self) -> Option<Check> {
        self.check.or_else(|| if self.boundary == Boundary::Rtu { super::rtu::crc() } else { None })
    }

    /// The content of a complete frame: its payload without escapes and without the value of the check. With [`Check::until`],
    /// the byte before the value is removed, too; such a value is removed only at the end.
    #[must_use]
    pub fn bare_content<'a>(&self, frame: &'a [u8], payload: Range<usize>) -> Cow<'a, [u8]> {
        let raw = &frame[payload.clone()];
        let Some(check) = self.implied_check() else { return self.content(raw) };
        let is_encoded = match &self.boundary {
            Boundary::Slip | Boundary::Cobs => true,
            Boundary::Marks(rule) => rule.checks_unescaped(),
            _ => false,
        };
        let checked = self.checked_range(frame);
        let before = match self.boundary {
            Boundary::Slip | Boundary::Cobs => 0,
            _ => payload.start + self.shared_flag(&frame[checked.clone()]).len(),
        };
        let decoded = if is_encoded { self.content(raw) } else { Cow::Borrowed(raw) };
        let whole = match self.boundary {
            Boundary::Slip | Boundary::Cobs => decoded.clone(),
            _ => self.checked_content(&frame[checked]),
        };
        let Places::Found { value, .. } = check.places_in(&whole) else {
            return if is_encoded { decoded } else { self.content(raw) };
        };
        let removed = value.start.checked_sub(before).map(|at| at..at + value.len());
        let removed = match removed.filter(|removed| removed.end <= decoded.len()) {
            Some(removed) if check.until.is_none() => removed,
            Some(removed) if removed.end == decoded.len() && removed.start > 0 => removed.start - 1..removed.end,
            _ => return if is_encoded { decoded } else { self.content(raw) },
        };
        let bare = match (removed.end == decoded.len(), decoded) {
            (true, Cow::Borrowed(decoded)) => Cow::Borrowed(&decoded[..removed.start]),
            (_, decoded) => Cow::Owned([&decoded[..removed.start], &decoded[removed.end..]].concat()),
        };
        match bare {
            bare if is_encoded => bare,
            Cow::Borrowed(bare) => self.content(bare),
            Cow::Owned(bare) => Cow::Owned(self.content(&bare).into_owned()),
        }
    }
}

//! The framing rule: a boundary, a check and a maximum length.

use super::MarkRule;
use super::packet;
use super::{Boundary, Framer};
use crate::codec::Encoding;
use crate::codec::checksum::{Check, Places, Verdict};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;

/// A framing rule: where frames end, how they are verified, and their maximum length.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FramingRule {
    /// Where frames end.
    pub boundary: Boundary,
    /// The check of each frame. Length rules also use it to resynchronize.
    pub check: Option<Check>,
    /// Maximum length of a whole frame in bytes. Longer data is junk. Not used by [`Boundary::Record`].
    pub max_len: u64,
}

impl FramingRule {
    /// Default maximum frame length: 16 MiB.
    pub const USUAL_MAX_LEN: u64 = 16 << 20;
    /// Largest maximum frame length that a rule can set: 256 MiB.
    pub const GREATEST_MAX_LEN: u64 = 256 << 20;

    /// A rule with the default maximum length and no check.
    #[must_use]
    pub fn new(boundary: Boundary) -> Self {
        Self { boundary, check: None, max_len: Self::USUAL_MAX_LEN }
    }

    /// The rule that makes each record a frame.
    #[must_use]
    pub fn as_received() -> Self {
        Self::new(Boundary::Record)
    }

    /// Fills in the encoding of the traffic, if the rule depends on it and does not specify one.
    #[must_use]
    pub fn in_encoding(mut self, encoding: Encoding) -> Self {
        if self.boundary == Boundary::Json(None) && encoding.has_look_alikes() && encoding.is_ascii_compatible() {
            self.boundary = Boundary::Json(Some(encoding));
        }
        self
    }

    /// Whether the position of the check's value depends on the bytes of the frame, because of [`Check::until`] or of escapes.
    #[must_use]
    pub fn places_need_all(&self) -> bool {
        let is_escaped = matches!(&self.boundary, Boundary::Marks(rule) if rule.checks_unescaped());
        is_escaped || self.check.is_some_and(|check| check.until.is_some())
    }

    /// The part of a complete frame to which the positions of its check refer; `None`: they refer to the decoded content, and the
    /// frame is encoded or contains escapes.
    #[must_use]
    pub fn checked_within(&self, frame: &[u8]) -> Option<Range<usize>> {
        match &self.boundary {
            Boundary::Slip | Boundary::Cobs => None,
            Boundary::Marks(rule) if rule.checks_unescaped() => {
                let body = &frame[rule.body(frame)];
                (rule.unescaped(body).len() == body.len()).then_some(0..frame.len())
            }
            _ => Some(self.checked_range(frame)),
        }
    }

    pub(super) fn checked_range(&self, frame: &[u8]) -> Range<usize> {
        let end = match &self.boundary {
            Boundary::Line { .. } => {
                let line = frame.strip_suffix(b"\n").unwrap_or(frame);
                line.strip_suffix(b"\r").unwrap_or(line).len()
            }
            Boundary::Delimiter { bytes, .. } => frame.strip_suffix(&bytes[..]).unwrap_or(frame).len(),
            _ => frame.len(),
        };
        0..end
    }

    /// Verifies a complete frame; `None`: the rule has no check, the frame has no value, or the bytes are not a frame.
    #[must_use]
    pub fn verify(&self, frame: &[u8]) -> Option<Verdict> {
        let verifier = self.check?.verifier();
        if matches!(self.boundary, Boundary::Slip | Boundary::Cobs) {
            let mut found = None;
            Framer::new(self, 0).feed(frame, 0, &mut |frame, _| found = found.or(frame.verdict));
            return found;
        }
        verifier.verify(&self.checked_content(&frame[self.checked_range(frame)]))
    }

    /// The position of the check's value in a complete frame, as it is on the wire.
    #[must_use]
    pub fn value_within(&self, frame: &[u8]) -> Option<Range<usize>> {
        if matches!(self.boundary, Boundary::Slip | Boundary::Cobs) {
            return None;
        }
        let checked = &frame[self.checked_range(frame)];
        let Places::Found { value, .. } = self.check?.places_in(&self.checked_content(checked)) else { return None };
        let Boundary::Marks(rule) = &self.boundary else { return Some(value) };
        let added = if self.lacks_flag(rule, checked) { rule.end.len() } else { 0 };
        let value = value.start.checked_sub(added)?..value.end.checked_sub(added)?;
        if !rule.checks_unescaped() {
            return Some(value);
        }
        let body = rule.body(checked);
        let unescaped_end = body.start + rule.unescaped(&checked[body.clone()]).len();
        let place = |at: usize| match at.checked_sub(body.start) {
            None => at,
            Some(_) if at >= unescaped_end => body.end + (at - unescaped_end),
            Some(index) => body.start + rule.escaped_place(&checked[body.clone()], index),
        };
        Some(place(value.start)..place(value.end))
    }

    /// The bytes to which the positions of a check refer, given the checked part of a frame. SLIP, COBS and markers with `swap` or
    /// `xor` are unescaped; a frame that shares its flag with the previous frame gets the flag in front; other bytes are unchanged.
    ///
    /// With [`Check::until`], a line end is not included, because a datagram may lack it: the value then ends within the line.
    pub(super) fn checked_content<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        let is_until = self.check.is_some_and(|check| check.until.is_some());
        let bytes = match &self.boundary {
            Boundary::Marks(rule) if is_until => rule.without_line_end(bytes),
            _ => bytes,
        };
        match &self.boundary {
            Boundary::Slip | Boundary::Cobs => self.content(bytes),
            Boundary::Marks(rule) if rule.checks_unescaped() || self.lacks_flag(rule, bytes) => {
                let flag = if self.lacks_flag(rule, bytes) { &rule.end[..] } else { &[] };
                let body = rule.body(bytes);
                let (before, behind) = (&bytes[..body.start], &bytes[body.end..]);
                let body = &bytes[body];
                let body = if rule.checks_unescaped() { Cow::Owned(rule.unescaped(body)) } else { Cow::Borrowed(body) };
                Cow::Owned([flag, before, &body, behind].concat())
            }
            _ => Cow::Borrowed(bytes),
        }
    }

    /// Whether the frame shares its start flag with the previous frame, so that `frame` does not contain it.
    fn lacks_flag(&self, rule: &MarkRule, frame: &[u8]) -> bool {
        rule.may_share() && !rule.starts.iter().any(|start| frame.starts_with(start))
    }

    /// The start flag that a complete frame shares with the previous frame, so that `frame` does not contain it; otherwise empty.
    #[must_use]
    pub fn shared_flag(&self, frame: &[u8]) -> &[u8] {
        match &self.boundary {
            Boundary::Marks(rule) if self.lacks_flag(rule, frame) => &rule.end,
            _ => &[],
        }
    }

    /// The decoded payload of a frame: escapes of SLIP, COBS and markers are removed; other payloads are unchanged.
    #[must_use]
    pub fn content<'a>(&self, payload: &'a [u8]) -> Cow<'a, [u8]> {
        match &self.boundary {
            Boundary::Slip => packet::slip_content(payload).map_or(Cow::Borrowed(payload), Cow::Owned),
            Boundary::Cobs => packet::cobs_content(payload).map_or(Cow::Borrowed(payload), Cow::Owned),
            Boundary::Marks(rule) if rule.may_have_escapes(payload) => Cow::Owned(rule.unescaped(payload)),
            _ => Cow::Borrowed(payload),
        }
    }
}

impl Default for FramingRule {
    fn default() -> Self {
        Self::as_received()
    }
}

//! Escape sequences in frames between markers: their length and their meaning.

use super::build::{BuildError, Enclosure, Unframed};
use super::delimited::MarkRule;
use std::borrow::Cow;
use std::ops::Range;

/// Whether an escape sequence starts at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escaped {
    /// An escape sequence of this many bytes.
    Len(usize),
    /// The decision needs more bytes.
    Need,
    /// No escape sequence.
    No,
}

impl MarkRule {
    /// Whether escapes are removed before the check: sender and receiver compute it over the unescaped bytes (RFC 1662 §4.2,
    /// JT/T 808 §4.4).
    pub(super) fn checks_unescaped(&self) -> bool {
        self.xor.is_some() || !self.swap.is_empty()
    }

    /// Whether `bytes` contain the first byte of an escape sequence.
    pub(super) fn may_have_escapes(&self, bytes: &[u8]) -> bool {
        let leads = self.escape.into_iter().chain(self.swap.iter().filter_map(|(_, code)| code.first().copied()));
        leads.into_iter().any(|lead| memchr::memchr(lead, bytes).is_some())
    }

    /// Whether an escape sequence is at the front. The search for markers skips it.
    ///
    /// With `xor`, no sequence is skipped: an escaped byte differs from the marker, and a marker right after the escape byte aborts
    /// the frame (RFC 1662 §4.3).
    pub(super) fn escape_at(&self, here: &[u8], at_end: bool) -> Escaped {
        if let Some((_, code)) = self.swap.iter().find(|(_, code)| here.starts_with(code)) {
            return Escaped::Len(code.len());
        }
        if !at_end && self.swap.iter().any(|(_, code)| code.starts_with(here)) {
            return Escaped::Need;
        }
        match self.escape {
            Some(escape) if self.xor.is_none() && here.first() == Some(&escape) => {
                if here.len() >= 2 {
                    Escaped::Len(2)
                } else {
                    Escaped::Need
                }
            }
            _ => Escaped::No,
        }
    }

    /// Unescapes the front of `here`: the byte, and the number of bytes that encode it. An incomplete or unknown sequence is kept.
    fn first_unescaped(&self, here: &[u8]) -> Option<(u8, usize)> {
        let first = *here.first()?;
        if let Some((byte, code)) = self.swap.iter().find(|(_, code)| here.starts_with(code)) {
            return Some((*byte, code.len()));
        }
        match here.get(1) {
            Some(next) if self.escape == Some(first) => Some((next ^ self.xor.unwrap_or(0), 2)),
            _ => Some((first, 1)),
        }
    }

    /// Removes the escapes.
    pub(super) fn unescaped(&self, escaped: &[u8]) -> Vec<u8> {
        let mut content = Vec::with_capacity(escaped.len());
        let mut rest = escaped;
        while let Some((byte, len)) = self.first_unescaped(rest) {
            content.push(byte);
            rest = &rest[len..];
        }
        content
    }

    /// The position in `escaped` of the byte that is at `index` in the unescaped bytes.
    pub(super) fn escaped_place(&self, escaped: &[u8], index: usize) -> usize {
        let mut rest = escaped;
        for _ in 0..index {
            match self.first_unescaped(rest) {
                Some((_, len)) => rest = &rest[len..],
                None => break,
            }
        }
        escaped.len() - rest.len()
    }

    /// The part of a complete frame between its markers; only this part contains escapes.
    pub(super) fn body(&self, frame: &[u8]) -> Range<usize> {
        let starts = self.starts.iter().filter(|start| frame.starts_with(start));
        let start = starts.map(Vec::len).max().unwrap_or(0);
        let after = usize::try_from(self.after).unwrap_or(usize::MAX);
        let end = frame.len().saturating_sub(after);
        let end = frame[..end].strip_suffix(&self.end[..]).map_or(end, <[u8]>::len);
        start.min(end)..end
    }

    /// Whether the byte must be escaped in a content: it is the escape byte, or a marker begins with it.
    fn needs_escape(&self, byte: u8) -> bool {
        let Some(escape) = self.escape else { return false };
        // The escape byte before a marker that begins with it is content, and DLE ETX remains a marker.
        let begins = |marker: &Vec<u8>| marker.first() == Some(&byte) && byte != escape;
        byte == escape
            || begins(&self.end)
            || self.starts.iter().any(begins)
            || (self.ends_with_line() && byte == b'\r')
    }

    /// Escapes a content; the reverse of [`MarkRule::unescaped`].
    pub(super) fn escaped(&self, content: &[u8]) -> Vec<u8> {
        let mut escaped = Vec::with_capacity(content.len() + content.len() / 16);
        for byte in content {
            match self.swap.iter().find(|(swapped, _)| swapped == byte) {
                Some((_, code)) => escaped.extend_from_slice(code),
                None if self.needs_escape(*byte) => {
                    escaped.extend(self.escape);
                    escaped.push(byte ^ self.xor.unwrap_or(0));
                }
                None => escaped.push(*byte),
            }
        }
        escaped
    }

    /// The markers of a frame around its content. A frame that ends like a line gets CR LF.
    pub(super) fn enclose<'a>(&self, unframed: &Unframed<'a>, is_until: bool) -> Result<Enclosure<'a>, BuildError> {
        let content = unframed.content;
        let has_escapes = self.escape.is_some() || !self.swap.is_empty();
        let inside = |marker: &Vec<u8>| !has_escapes && memchr::memmem::find(content, marker).is_some();
        let restarts = self.starts.iter().filter(|_| self.restart);
        if let Some(marker) = restarts.chain([&self.end]).find(|marker| inside(marker)) {
            return Err(BuildError::MarkerInside { bytes: marker.clone() });
        }
        if !has_escapes && self.ends_with_line() && content.ends_with(b"\r") {
            return Err(BuildError::EndsWithCr);
        }
        if self.may_share() && content.len() + unframed.added == 0 {
            return Err(BuildError::Empty);
        }
        let answered = unframed.answered.unwrap_or_default();
        let own = self.starts.iter().filter(|start| answered.starts_with(start)).max_by_key(|start| start.len());
        let before = own.or(self.starts.first()).cloned().unwrap_or_default();
        let end = if self.ends_with_line() { b"\r\n".to_vec() } else { self.end.clone() };
        let (mut behind, outside) =
            if is_until && self.ends_with_line() { (Vec::new(), end) } else { (end, Vec::new()) };
        behind.resize(behind.len() + usize::try_from(self.after).unwrap_or(usize::MAX), 0);
        let payload = match self.checks_unescaped() || !has_escapes {
            true => Cow::Borrowed(content),
            false => Cow::Owned(self.escaped(content)),
        };
        Ok(Enclosure { before, payload, behind, outside })
    }
}

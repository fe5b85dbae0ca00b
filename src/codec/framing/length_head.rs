//! The header of a frame with a length field: reading it in a stream, and writing it in front of a content.

use super::build::{BuildError, Enclosure, Unframed};
use super::framer::Step;
use super::length::{Counts, LengthField, LengthRule};
use super::length_field::{Field, read, write};
use super::scpi::Text;
use memchr::memmem::Finder;
use std::ops::Range;

/// Number of bytes from the offset in which [`LengthRule::behind`] is searched.
pub(super) const LONGEST_SEARCHED: usize = 256;

/// The result of reading the header at the front.
pub(super) enum Header {
    Need,
    Invalid,
    Frame {
        /// The length field.
        field: Range<usize>,
        /// Length of the header.
        header: usize,
        /// Length of the frame.
        len: usize,
    },
}

impl LengthRule {
    /// Reads the header at the front of `bytes`. `behind` finds [`LengthRule::behind`].
    pub(super) fn read_header(&self, bytes: &[u8], behind: Option<&Finder<'_>>, max_len: usize) -> Header {
        let mut complete = true;
        if let Some((place, mark)) = &self.mark {
            let there = usize::try_from(*place).ok().and_then(|place| bytes.get(place..)).unwrap_or_default();
            if !there.iter().zip(mark).all(|(byte, wanted)| byte == wanted) {
                return Header::Invalid;
            }
            complete = there.len() >= mark.len();
        }
        let Ok(offset) = usize::try_from(self.offset) else { return Header::Invalid };
        let offset = match behind.map(|behind| find_behind(behind, bytes, offset)) {
            None => offset,
            Some(Found::At(place)) => place,
            Some(Found::Need) => return Header::Need,
            Some(Found::No) => return Header::Invalid,
        };
        let field = bytes.get(offset..).map_or(Field::Need, |bytes| read(self.field, self.mask, bytes));
        let (field_len, value) = match field {
            Field::Need => return Header::Need,
            Field::Invalid => return Header::Invalid,
            Field::Value(len, value) => (len, value),
        };
        let field = offset..offset + field_len;
        let header = self.header_len(field.end);
        let counted = if self.counts == Counts::All { 0 } else { header as i128 };
        let len = counted + value + i128::from(self.adjust);
        match usize::try_from(len) {
            Ok(len) if len >= header && len <= max_len && complete => Header::Frame { field, header, len },
            Ok(len) if len >= header && len <= max_len => Header::Need,
            _ => Header::Invalid,
        }
    }

    /// Length of the header if the length field ends at `field_end`.
    fn header_len(&self, field_end: usize) -> usize {
        self.header.map_or(field_end, |header| usize::try_from(header).unwrap_or(usize::MAX).max(field_end))
    }

    /// The header in front of a content. It copies what the rule does not define from the answered frame.
    pub(super) fn enclose<'a>(&self, unframed: &Unframed<'a>) -> Result<Enclosure<'a>, BuildError> {
        let content = unframed.content;
        if self.has_text() && is_text(content) {
            return Ok(Enclosure { behind: b"\n".to_vec(), ..Enclosure::bare(content) });
        }
        let (front, old, rest) =
            unframed.answered.and_then(|answered| self.head_of(answered)).unwrap_or((self.front(), &[], &[]));
        let payload_len = content.len() + unframed.added;
        let mut width = 1;
        let (field, header) = loop {
            let header = self.header_len(front.len().saturating_add(width));
            let counted = if self.counts == Counts::All { header } else { 0 };
            let value = counted as i128 + payload_len as i128 - i128::from(self.adjust);
            let least = i128::from(matches!(self.field, LengthField::Decimal { digits: None, nonzero: true, .. }));
            if value < least {
                return Err(BuildError::TooShort { missing: u64::try_from(least - value).unwrap_or(u64::MAX) });
            }
            let too_large = BuildError::LengthTooLarge { value: u64::try_from(value).unwrap_or(u64::MAX) };
            let field = write(self.field, self.mask, value, old).ok_or(too_large)?;
            // The length field can be longer than assumed, and its own length can count.
            if field.len() <= width {
                break (field, header);
            }
            width = field.len();
        };
        let mut before = front;
        before.extend_from_slice(&field);
        let own = header.saturating_sub(before.len());
        before.extend(rest.iter().copied().chain(std::iter::repeat(0)).take(own));
        if let Some((place, mark)) = &self.mark {
            let place = usize::try_from(*place).unwrap_or(usize::MAX);
            for (byte, mark) in before.iter_mut().skip(place).zip(mark) {
                *byte = *mark;
            }
        }
        Ok(Enclosure { before, ..Enclosure::bare(content) })
    }

    /// The bytes before the length field if no frame is answered.
    fn front(&self) -> Vec<u8> {
        let mut front = vec![0; usize::try_from(self.offset).unwrap_or(usize::MAX)];
        let mark = self.mark.as_ref().map(|(place, mark)| (usize::try_from(*place).unwrap_or(usize::MAX), mark));
        if let Some(behind) = &self.behind {
            if let Some((place, mark)) = mark
                && place < front.len() + behind.len()
            {
                let end = place + mark.len();
                front.resize(front.len().max(end), 0);
            }
            front.extend_from_slice(behind);
        }
        if let Some((place, mark)) = mark {
            for (byte, mark) in front.iter_mut().skip(place).zip(mark) {
                *byte = *mark;
            }
        }
        front
    }

    /// The parts of a frame's header: before the length field, the field, and behind it.
    fn head_of<'b>(&self, frame: &'b [u8]) -> Option<(Vec<u8>, &'b [u8], &'b [u8])> {
        let behind = self.behind.as_ref().map(Finder::new);
        let Header::Frame { field, header, .. } = self.read_header(frame, behind.as_ref(), usize::MAX) else {
            return None;
        };
        Some((frame.get(..field.start)?.to_vec(), frame.get(field.clone())?, frame.get(field.end..header)?))
    }
}

/// Whether an instrument sends this content as text up to LF, not as a block.
fn is_text(content: &[u8]) -> bool {
    let is_shown = |byte: &u8| *byte == b'\t' || (*byte >= b' ' && *byte != 0x7F);
    let plain = content.split(|byte| *byte == b'#').next().unwrap_or_default();
    let line = [content, b"\n"].concat();
    let mut text = Text::default();
    !content.is_empty()
        && plain.iter().all(is_shown)
        && text.goes_on(&line)
        && text.step(&line) == Step::frame(line.len(), 0..content.len())
}

/// The result of searching for [`LengthRule::behind`]; `At` is the position after it.
enum Found {
    At(usize),
    Need,
    No,
}

fn find_behind(behind: &Finder<'_>, bytes: &[u8], offset: usize) -> Found {
    let Some(rest) = bytes.get(offset..) else { return Found::Need };
    let searched = &rest[..rest.len().min(LONGEST_SEARCHED)];
    match behind.find(searched) {
        Some(place) => Found::At(offset + place + behind.needle().len()),
        None if searched.len() < LONGEST_SEARCHED => Found::Need,
        None => Found::No,
    }
}

//! Copies selections as bytes, hex, text and log lines, up to a size limit.

use super::block::{BLOCK_BYTES, Block, UnitKind, with_offsets};
use super::render::Item;
use super::{BytePlace, LogForm, Place, View};
use crate::capture::ReadError;
use crate::capture::items::Source;
use crate::codec::hex;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

/// Payload bytes per read.
const CHUNK_BYTES: u32 = 64 * 1024;
/// Rows laid out at once.
const CHUNK_ROWS: usize = 256;

/// Result of a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied<T> {
    /// The copied data.
    pub content: T,
    /// The size limit cut off part of the selection.
    pub truncated: bool,
    /// Count of records in the selection that could not be read (evicted meanwhile, or a sent file that has changed).
    pub missing: u64,
}

impl View {
    /// Copies the bytes of all data records in a selection, in order, at most `cap` bytes.
    #[must_use]
    pub fn copy_bytes(&mut self, range: Range<BytePlace>, cap: usize) -> Copied<Vec<u8>> {
        let mut copied = Copied::<Vec<u8>>::default();
        for number in numbers(self, &range) {
            let Some((source, part)) = self.selected(&range, number, &mut copied.missing) else { continue };
            let room = cap.saturating_sub(copied.content.len());
            if let Err(cut) = self.append_payload(&source, part, room, &mut copied.content, &mut copied.missing) {
                copied.truncated = cut;
                break;
            }
        }
        copied
    }

    /// Copies a selection as upper-case hex separated by spaces, one line per record. At most `cap` bytes of payload.
    #[must_use]
    pub fn copy_hex(&mut self, range: Range<BytePlace>, cap: usize) -> Copied<String> {
        let mut copied = Copied::<String>::default();
        let mut taken = 0;
        for number in numbers(self, &range) {
            let Some((source, part)) = self.selected(&range, number, &mut copied.missing) else { continue };
            let mut bytes = Vec::new();
            let more = self.append_payload(&source, part, cap.saturating_sub(taken), &mut bytes, &mut copied.missing);
            taken += bytes.len();
            if !bytes.is_empty() {
                start_line(&mut copied.content);
                copied.content.push_str(&hex::spaced_upper(&bytes));
            }
            if let Err(cut) = more {
                copied.truncated = cut;
                break;
            }
        }
        copied
    }

    /// Copies a selection as text in the view's encoding. Characters are unchanged, including line ends and controls; invalid bytes
    /// become `\xNN`. A character that ends in the selection is included completely. Records of one stream are joined without
    /// separators; another peer, direction or datagram starts a new line. At most `cap` bytes of payload.
    #[must_use]
    pub fn copy_text(&mut self, range: Range<BytePlace>, cap: usize) -> Copied<String> {
        self.decoders.begin_screen();
        let mut copied = Copied::<String>::default();
        let mut room = u64::try_from(cap).unwrap_or(u64::MAX);
        let frames = self.shows_frames();
        let mut stream = None;
        for number in numbers(self, &range) {
            let Some((source, part)) = self.selected(&range, number, &mut copied.missing) else { continue };
            let this = (source.record.peer, source.record.direction);
            if stream.is_some_and(|before| frames || source.record.is_message() || before != this) {
                start_line(&mut copied.content);
            }
            stream = Some(this);
            let len = u64::from(part.end - part.start);
            copied.truncated = len > room;
            let end = part.start + u32::try_from(len.min(room)).unwrap_or(part.end - part.start);
            let is_last = number >= range.end.record || copied.truncated;
            if self.append_text(&source, part.start..end, is_last, &mut copied.content).is_err() {
                copied.missing += 1;
            }
            if copied.truncated {
                break;
            }
            room -= len;
        }
        copied
    }

    /// Copies complete items as log lines as the view shows them, each ended by `\n`. At most about `cap` bytes of text.
    #[must_use]
    pub fn copy_log(&mut self, records: Range<u64>, form: &LogForm, cap: usize) -> Copied<String> {
        // Folding is disabled, so that each record has its own lines.
        let folds = std::mem::replace(&mut self.folds.is_on, false);
        let copied = self.copy_all_lines(records, form, cap);
        self.folds.is_on = folds;
        copied
    }

    fn copy_all_lines(&mut self, records: Range<u64>, form: &LogForm, cap: usize) -> Copied<String> {
        self.decoders.begin_screen();
        let mut copied = Copied::<String>::default();
        let mut place = Place { record: records.start.max(self.start().record), row: 0 };
        loop {
            let rows = self.rows(place, CHUNK_ROWS);
            let Some(last) = rows.last().map(|row| row.place) else { return copied };
            for row in rows.iter().filter(|row| row.place >= place) {
                if row.place.record >= records.end {
                    return copied;
                }
                let line = form.line(row, self);
                if copied.content.len() + line.len() >= cap {
                    copied.truncated = true;
                    return copied;
                }
                copied.content.push_str(&line);
                copied.content.push('\n');
            }
            place = self.moved(last, 1);
            if place <= last {
                return copied;
            }
        }
    }

    /// A data item and its selected part. `None` if there is none; an unreadable item is counted in `missing`.
    fn selected(&mut self, range: &Range<BytePlace>, number: u64, missing: &mut u64) -> Option<(Source, Range<u32>)> {
        let item: Item = self.item(&self.span(), number);
        if item.is_broken() {
            *missing += 1;
        }
        let source = item.payload()?;
        let start = if number == range.start.record { range.start.offset.min(source.len) } else { 0 };
        let end = if number == range.end.record { range.end.offset.min(source.len) } else { source.len };
        (start < end).then_some((source, start..end))
    }

    /// Appends at most `room` bytes of a part. The error states whether there were more.
    fn append_payload(
        &self,
        source: &Source,
        part: Range<u32>,
        room: usize,
        bytes: &mut Vec<u8>,
        missing: &mut u64,
    ) -> Result<(), bool> {
        let end = part.start.saturating_add(u32::try_from(room).unwrap_or(u32::MAX)).min(part.end);
        let mut from = part.start;
        while from < end {
            let to = from.saturating_add(CHUNK_BYTES).min(end);
            let before = bytes.len();
            if source.payload(self.reader(), from..to, bytes).is_err() || bytes.len() == before {
                bytes.truncate(before);
                *missing += 1;
                return Ok(());
            }
            from = to;
        }
        if end < part.end { Err(true) } else { Ok(()) }
    }

    /// Appends the characters that end in `part`. With `is_last`, an incomplete character at the end is written as `\xNN`.
    fn append_text(
        &mut self,
        source: &Source,
        part: Range<u32>,
        is_last: bool,
        text: &mut String,
    ) -> Result<(), ReadError> {
        for index in part.start / BLOCK_BYTES..part.end.div_ceil(BLOCK_BYTES) {
            let block: Arc<Block> = self.block(source, index)?;
            let mut written = part.start.max(block.start);
            for (offset, unit) in with_offsets(&block.units, block.start) {
                let end = offset + u32::from(unit.len);
                if end <= part.start {
                    continue;
                }
                if end > part.end {
                    break;
                }
                written = end;
                match unit.kind {
                    UnitKind::Char(c) => text.push(c),
                    UnitKind::Invalid(byte) | UnitKind::Unfinished(byte) => write_byte(text, byte),
                    // Shown by the later record, if that is copied too.
                    UnitKind::Elsewhere if is_last => {
                        block.slice(offset, end).iter().for_each(|byte| write_byte(text, *byte));
                    }
                    UnitKind::Elsewhere => {}
                }
            }
            if is_last && part.end <= block.byte_end() {
                block.slice(written, part.end).iter().for_each(|byte| write_byte(text, *byte));
            }
        }
        Ok(())
    }
}

/// The visible items of a selection.
fn numbers(view: &View, range: &Range<BytePlace>) -> Range<u64> {
    let shown = view.items();
    let end = if range.end.offset > 0 { range.end.record.saturating_add(1) } else { range.end.record };
    range.start.record.max(shown.start)..end.min(shown.end)
}

/// Starts a new line unless the text is at the start of one.
fn start_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn write_byte(text: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    write!(text, "\\x{byte:02X}").ok();
}

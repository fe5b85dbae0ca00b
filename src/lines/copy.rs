//! Selections as bytes, hex, text and log lines, up to a size.

use super::block::{BLOCK_BYTES, Block, UnitKind, with_offsets};
use super::render::Item;
use super::{BytePlace, LogForm, Place, View};
use crate::capture::ReadError;
use crate::capture::items::Source;
use crate::codec::hex;
use std::fmt::Write;
use std::ops::Range;
use std::sync::Arc;

/// Payload bytes read at once.
const CHUNK_BYTES: u32 = 64 * 1024;
/// Rows made at once.
const CHUNK_ROWS: usize = 256;

/// What was copied, and whether that is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied<T> {
    /// The copy.
    pub content: T,
    /// There was more than the size allowed.
    pub truncated: bool,
    /// Records of the selection that could not be read (evicted meanwhile, or a sent file that has changed) and are missing.
    pub missing: u64,
}

impl View {
    /// The bytes of a selection: of all data records in it, in order, at most `cap`.
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

    /// The selection as hex, upper case with spaces; a line for each record. At most `cap` bytes of payload.
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

    /// The selection as text in the view's encoding: characters unchanged (line ends and controls too), bytes that are none as
    /// `\xNN`. A character that ends in the selection is in it whole. Records of one stream follow each other without a gap, as
    /// they came; another peer, another direction or another datagram starts a new line. At most `cap` bytes of payload.
    #[must_use]
    pub fn copy_text(&mut self, range: Range<BytePlace>, cap: usize) -> Copied<String> {
        self.streams.begin_screen();
        let mut copied = Copied::<String>::default();
        let mut room = u64::try_from(cap).unwrap_or(u64::MAX);
        let frames = self.shows_frames();
        let mut stream = None;
        for number in numbers(self, &range) {
            let Some((source, part)) = self.selected(&range, number, &mut copied.missing) else { continue };
            let this = (source.record.peer, source.record.direction);
            if stream.is_some_and(|before| frames || source.record.stands_alone() || before != this) {
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

    /// Whole items as log lines, each ended by `\n`, as the view shows them. At most about `cap` bytes of text.
    #[must_use]
    pub fn copy_log(&mut self, records: Range<u64>, form: &LogForm, cap: usize) -> Copied<String> {
        // Each record has its own lines.
        let folds = std::mem::replace(&mut self.folds.is_on, false);
        let copied = self.copy_all_lines(records, form, cap);
        self.folds.is_on = folds;
        copied
    }

    fn copy_all_lines(&mut self, records: Range<u64>, form: &LogForm, cap: usize) -> Copied<String> {
        self.streams.begin_screen();
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

    /// An item with data and the selected part of it; `None` where there is none (then `missing` counts it if it has gone).
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

    /// Appends at most `room` bytes of a part. The error tells whether there was more than `room`.
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

    /// Appends the characters that end in `part`. `is_last`: nothing follows, so the bytes of a character that goes on behind
    /// the part are written as `\xNN`.
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
                    // The later record shows it, where that is copied too.
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

/// The items of a selection that can be shown.
fn numbers(view: &View, range: &Range<BytePlace>) -> Range<u64> {
    let shown = view.items();
    let end = if range.end.offset > 0 { range.end.record.saturating_add(1) } else { range.end.record };
    range.start.record.max(shown.start)..end.min(shown.end)
}

/// Starts a new line where the text is not at the start of one.
fn start_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

fn write_byte(text: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    write!(text, "\\x{byte:02X}").ok();
}

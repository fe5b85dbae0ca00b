//! Decodes a record's payload in blocks of 64 KiB whose layouts are independent of each other.
//!
//! A character belongs to the block and the record of its **last** byte. So the first character of a block may start in the previous
//! block, and the last bytes of a block may have to wait for the next one:
//! - within a record these bytes move to the next block together with their character;
//! - at the end of a record they remain in the record: as [`UnitKind::Elsewhere`] (not drawn) if a later record completes the
//!   character and shows it, as invalid bytes if the following bytes rule out a character or the stream has ended, and as
//!   [`UnitKind::Unfinished`] while no bytes have followed.
//!
//! The result depends only on the capture, never on what was viewed before.

use super::decoders::{Decoders, Next};
use super::records::Records;
use crate::capture::items::Source;
use crate::capture::{ReadError, Record};
use crate::codec::{Piece, StreamDecoder};

/// Payload bytes per block.
pub(super) const BLOCK_BYTES: u32 = 64 * 1024;
/// Maximum count of bytes read after a block. A character has at most four bytes; GB18030 may return an ASCII character from an
/// invalid sequence, which takes a few more.
const LOOK_AHEAD: u32 = 16;
/// Bytes read before a block for a character that starts there.
const LEAD_IN: u32 = 4;

/// Kind of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// A character.
    Char(char),
    /// A byte that belongs to no character.
    Invalid(u8),
    /// A byte at the end of the stream's newest record, whose character may still be completed.
    Unfinished(u8),
    /// A byte of a character that a later record completes and shows.
    Elsewhere,
}

/// A decoded unit and the count of its bytes **in this record** (0–4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// What it is.
    pub(super) kind: UnitKind,
    /// Count of bytes.
    pub(super) len: u8,
    /// The character started in an earlier record.
    pub(super) begun: bool,
}

impl Unit {
    /// Whether the unit consists of exactly one byte, none of it in an earlier record.
    pub(super) fn is_single_byte(self) -> bool {
        self.len == 1 && !self.begun
    }
}

/// Start of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RowStart {
    /// Index of its first unit.
    pub(super) unit: usize,
    /// Offset of that unit in the record.
    pub(super) offset: u32,
}

/// A decoded block.
#[derive(Debug)]
pub(super) struct Block {
    /// Offset of `bytes[0]` in the record.
    base: u32,
    /// Payload up to the end of the block.
    bytes: Vec<u8>,
    /// Offset of the first unit: the start of the block, or slightly before it.
    pub(super) start: u32,
    /// Offset after the last unit: the end of the block, or slightly before it.
    pub(super) end: u32,
    /// All units, contiguous from `start` to `end`.
    pub(super) units: Vec<Unit>,
    /// A character that starts in this block and ends in the next one of the same record, with its offset.
    pub(super) crossing: Option<(u32, Unit)>,
    /// Count of invalid bytes.
    pub(super) invalid: u32,
    /// Contains control characters that do not occur in text (such as NUL): the data is binary, so invalid bytes are not marked.
    pub(super) binary: bool,
    /// Unfinished bytes at the end depend on the successor of this record, the last one that contains some of them.
    pub(super) waits_for: Option<Record>,
    /// Rows, set by the layout.
    pub(super) rows: Vec<RowStart>,
}

impl Block {
    /// Count of blocks in a record.
    pub(super) fn count(len: u32) -> u32 {
        len.div_ceil(BLOCK_BYTES).max(1)
    }

    /// Decodes block `index` of `source`.
    pub(super) fn decode(
        records: &mut Records,
        decoders: &mut Decoders,
        source: &Source,
        index: u32,
    ) -> Result<Self, ReadError> {
        let first = index.saturating_mul(BLOCK_BYTES).min(source.len);
        let last = first.saturating_add(BLOCK_BYTES).min(source.len);
        let base = first.saturating_sub(LEAD_IN);
        let mut bytes = Vec::with_capacity((last - base) as usize);
        source.payload(records.reader(), base..last, &mut bytes)?;
        if bytes.len() != (last - base) as usize {
            return Err(ReadError::Io(format!("record {} is shorter than its index says", source.record.number)));
        }
        let mut decoder = decoders.state_at(records, source, first);
        let mut units = Collector::new(decoder.pending().len(), first, last, source.len);
        decoder.feed(&bytes[(first - base) as usize..], &mut |piece| units.push(piece));
        decoders.remember(source, last, decoder.clone());
        let waits_for = units.look_ahead(records, decoders, source, decoder);
        units.fill(&bytes[(first - base) as usize..], waits_for.is_some());
        let Collector { units, start, end, crossing, invalid, .. } = units;
        let binary = units.iter().any(|unit| matches!(unit.kind, UnitKind::Char(c) if no_text_has(c)));
        Ok(Self { base, bytes, start, end, units, crossing, invalid, binary, waits_for, rows: Vec::new() })
    }

    /// Offset after the block's last byte, regardless of which block shows its character.
    pub(super) fn byte_end(&self) -> u32 {
        self.base + u32::try_from(self.bytes.len()).unwrap_or(0)
    }

    /// Part of the payload by offsets in the record, clipped to the block.
    pub(super) fn slice(&self, from: u32, to: u32) -> &[u8] {
        let index = |offset: u32| (offset.saturating_sub(self.base) as usize).min(self.bytes.len());
        let (from, to) = (index(from), index(to));
        &self.bytes[from..to.max(from)]
    }

    /// Approximate memory use in bytes.
    pub(super) fn cost(&self) -> usize {
        256 + self.bytes.len() + self.units.len() * size_of::<Unit>() + self.rows.len() * size_of::<RowStart>()
    }

    /// The units of row `index` with their offsets.
    pub(super) fn row_units(&self, index: usize) -> impl Iterator<Item = (u32, Unit)> {
        let from = self.rows.get(index).map_or(self.units.len(), |row| row.unit);
        let to = self.rows.get(index + 1).map_or(self.units.len(), |row| row.unit);
        self.units_from(index).take(to - from)
    }

    /// The units from row `index` on, with their offsets.
    pub(super) fn units_from(&self, index: usize) -> impl Iterator<Item = (u32, Unit)> {
        let row = self.rows.get(index).copied().unwrap_or(RowStart { unit: self.units.len(), offset: self.end });
        with_offsets(&self.units[row.unit.min(self.units.len())..], row.offset)
    }
}

/// Whether `c` is a control character that does not occur in text (all except TAB, LF, FF, CR and ESC).
fn no_text_has(c: char) -> bool {
    matches!(c, '\0'..='\u{1F}' | '\u{7F}') && !matches!(c, '\t' | '\n' | '\u{C}' | '\r' | '\u{1B}')
}

/// Units with their offsets in the record, the first at `offset`.
pub(super) fn with_offsets(units: &[Unit], mut offset: u32) -> impl Iterator<Item = (u32, Unit)> {
    units.iter().map(move |unit| {
        let at = offset;
        offset += u32::from(unit.len);
        (at, *unit)
    })
}

/// Converts the output of a decoder to the units of one block.
struct Collector {
    units: Vec<Unit>,
    /// Offset in the record of the next piece; negative if in an earlier record.
    position: i64,
    first: i64,
    last: i64,
    record_len: i64,
    start: u32,
    end: u32,
    crossing: Option<(u32, Unit)>,
    /// A piece has ended after the block.
    complete: bool,
    invalid: u32,
}

impl Collector {
    fn new(pending: usize, first: u32, last: u32, record_len: u32) -> Self {
        Self {
            units: Vec::new(),
            position: i64::from(first) - i64::try_from(pending).unwrap_or(0),
            first: i64::from(first),
            last: i64::from(last),
            record_len: i64::from(record_len),
            start: first,
            end: first,
            crossing: None,
            complete: false,
            invalid: 0,
        }
    }

    fn push(&mut self, piece: Piece) {
        let (kind, len) = match piece {
            Piece::Char(c, len) => (UnitKind::Char(c), i64::from(len)),
            Piece::Invalid(byte) => (UnitKind::Invalid(byte), 1),
        };
        let start = self.position;
        self.position += len;
        if self.position <= self.first || self.complete || (len > 0 && start >= self.last) {
            // Belongs to an earlier or later block.
            return;
        }
        let in_record = offset(start);
        let unit =
            Unit { kind, len: u8::try_from(self.position - i64::from(in_record)).unwrap_or(0), begun: start < 0 };
        if self.position > self.last {
            self.complete = true;
            let ends_here = self.position <= self.record_len;
            self.crossing = (start >= 0 && ends_here).then_some((in_record, unit));
            return;
        }
        if self.units.is_empty() {
            self.start = in_record;
        }
        self.invalid += u32::from(matches!(kind, UnitKind::Invalid(_)));
        self.end = offset(self.position);
        self.units.push(unit);
    }

    /// Feeds the bytes after the block until each of its bytes is decided. Returns the record whose successor is needed for that.
    fn look_ahead(
        &mut self,
        records: &mut Records,
        decoders: &mut Decoders,
        source: &Source,
        mut decoder: StreamDecoder,
    ) -> Option<Record> {
        let mut source = source.clone();
        let mut from = offset(self.last);
        for _ in 0..LOOK_AHEAD {
            if self.is_decided() {
                return None;
            }
            let mut bytes = Vec::new();
            // Stop at unreadable bytes; the rest remains unfinished.
            if source.payload(records.reader(), from..from.saturating_add(LOOK_AHEAD), &mut bytes).is_err() {
                return Some(source.record);
            }
            for byte in bytes {
                decoder.feed(&[byte], &mut |piece| self.push(piece));
                if self.is_decided() {
                    return None;
                }
            }
            let next = if source.is_frame { Next::Ended } else { decoders.next(records, &source.record) };
            match next {
                Next::Record(number) => match records.get(number) {
                    Ok(later) => (source, from) = (Source::of_record(later), 0),
                    Err(_) => return Some(source.record),
                },
                Next::Ended => {
                    decoder.finish(&mut |piece| self.push(piece));
                    return None;
                }
                Next::Unknown => return Some(source.record),
            }
        }
        None
    }

    fn is_decided(&self) -> bool {
        self.complete || self.position >= self.last
    }

    /// Adds units for bytes after the last unit, unless the next block of the record shows their character.
    fn fill(&mut self, bytes: &[u8], unfinished: bool) {
        if self.crossing.is_some() {
            return;
        }
        for at in i64::from(self.end)..self.last {
            let byte = usize::try_from(at - self.first).ok().and_then(|index| bytes.get(index)).copied().unwrap_or(0);
            let kind = match (self.complete, unfinished) {
                (true, _) => UnitKind::Elsewhere,
                (false, true) => UnitKind::Unfinished(byte),
                (false, false) => UnitKind::Invalid(byte),
            };
            self.invalid += u32::from(matches!(kind, UnitKind::Invalid(_)));
            self.units.push(Unit { kind, len: 1, begun: false });
        }
        self.end = offset(self.last);
    }
}

/// Clips an offset to the start of the record.
fn offset(position: i64) -> u32 {
    u32::try_from(position.max(0)).unwrap_or(u32::MAX)
}

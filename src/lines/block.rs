//! A record's payload decoded, in blocks of 64 KiB that do not depend on each other's layout.
//!
//! A character belongs to the block and to the record where its **last** byte is. So the first character of a block may begin
//! in the block before it, and the last bytes of a block may wait for the next one:
//! - in the middle of a record those bytes move to the next block together with their character;
//! - at a record's end they stay in the record, without a picture ([`UnitKind::Elsewhere`]) when a later record completes them
//!   (the character is shown there), as invalid bytes when what follows shows that they are no character or the stream has
//!   ended, and as [`UnitKind::Unfinished`] while nothing has followed yet.
//!
//! Which of the three depends on the capture alone, never on what was looked at before.

use super::records::Records;
use super::stream::{Next, Streams};
use crate::capture::items::Source;
use crate::capture::{ReadError, Record};
use crate::codec::{Piece, StreamDecoder};

/// Payload bytes of a block.
pub(super) const BLOCK_BYTES: u32 = 64 * 1024;
/// A character has at most this many bytes, and so many are looked at behind a block at most (GB18030 gives an ASCII character
/// back from an invalid sequence, so a few more than four).
const LOOK_AHEAD: u32 = 16;
/// Bytes read before a block, for the character that begins there.
const LEAD_IN: u32 = 4;

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitKind {
    /// A character.
    Char(char),
    /// A byte that is no character.
    Invalid(u8),
    /// A byte at the end of the newest record of its stream: the character may still be completed.
    Unfinished(u8),
    /// A byte of a character that a later record completes and shows.
    Elsewhere,
}

/// A decoded unit and the number of bytes it has **in this record** (0–4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// What it is.
    pub(super) kind: UnitKind,
    /// Bytes.
    pub(super) len: u8,
    /// It began in an earlier record.
    pub(super) begun: bool,
}

impl Unit {
    /// A character whose one byte is all there is of it.
    pub(super) fn is_single_byte(self) -> bool {
        self.len == 1 && !self.begun
    }
}

/// Where a row begins.
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
    /// Offset in the record of `bytes[0]`.
    base: u32,
    /// Payload, up to the block's end in the record.
    bytes: Vec<u8>,
    /// Offset of the first unit: the block's start, or a little before it.
    pub(super) start: u32,
    /// Behind the last unit: the block's end, or a little before it.
    pub(super) end: u32,
    /// All units, without a gap from `start` to `end`.
    pub(super) units: Vec<Unit>,
    /// A character that begins in this block and ends in the next one of the same record: its offset and itself.
    pub(super) crossing: Option<(u32, Unit)>,
    /// Invalid bytes.
    pub(super) invalid: u32,
    /// It holds control characters that no text has (NUL …): nobody meant these bytes as text, so invalid ones are no news.
    pub(super) binary: bool,
    /// The bytes at the end are unfinished, and this record (the last one that has bytes of them) must get a successor first.
    pub(super) waits_for: Option<Record>,
    /// Rows, filled in by the layout.
    pub(super) rows: Vec<RowStart>,
}

impl Block {
    /// Blocks of a record.
    pub(super) fn count(len: u32) -> u32 {
        len.div_ceil(BLOCK_BYTES).max(1)
    }

    /// Decodes block `index` of `source`.
    pub(super) fn decode(
        records: &mut Records,
        streams: &mut Streams,
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
        let mut decoder = streams.state_at(records, source, first);
        let mut units = Collector::new(decoder.pending().len(), first, last, source.len);
        decoder.feed(&bytes[(first - base) as usize..], &mut |piece| units.push(piece));
        streams.remember(source, last, decoder.clone());
        let waits_for = units.look_ahead(records, streams, source, decoder);
        units.fill(&bytes[(first - base) as usize..], waits_for.is_some());
        let Collector { units, start, end, crossing, invalid, .. } = units;
        let binary = units.iter().any(|unit| matches!(unit.kind, UnitKind::Char(c) if no_text_has(c)));
        Ok(Self { base, bytes, start, end, units, crossing, invalid, binary, waits_for, rows: Vec::new() })
    }

    /// Behind the block's last byte, whether its character is here or in the next block.
    pub(super) fn byte_end(&self) -> u32 {
        self.base + u32::try_from(self.bytes.len()).unwrap_or(0)
    }

    /// A part of the payload by offsets in the record; clipped to what the block has.
    pub(super) fn slice(&self, from: u32, to: u32) -> &[u8] {
        let index = |offset: u32| (offset.saturating_sub(self.base) as usize).min(self.bytes.len());
        let (from, to) = (index(from), index(to));
        &self.bytes[from..to.max(from)]
    }

    /// Memory it takes, about.
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

/// A control character other than those of text: TAB, LF, FF, CR and ESC.
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

/// Turns a decoder's pieces into the units of one block.
struct Collector {
    units: Vec<Unit>,
    /// Offset in the record of the next piece; negative: in an earlier record.
    position: i64,
    first: i64,
    last: i64,
    record_len: i64,
    start: u32,
    end: u32,
    crossing: Option<(u32, Unit)>,
    /// A piece has ended behind the block.
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
            // It belongs to an earlier block or to a later one.
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

    /// Feeds what follows the block until each of its bytes is decided. Returns the record that needs a successor for that.
    fn look_ahead(
        &mut self,
        records: &mut Records,
        streams: &mut Streams,
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
            // Unreadable bytes end the look; what is open stays unfinished then.
            if source.payload(records.reader(), from..from.saturating_add(LOOK_AHEAD), &mut bytes).is_err() {
                return Some(source.record);
            }
            for byte in bytes {
                decoder.feed(&[byte], &mut |piece| self.push(piece));
                if self.is_decided() {
                    return None;
                }
            }
            let next = if source.is_frame { Next::Ended } else { streams.next(records, &source.record) };
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

    /// Gives the bytes behind the last unit, if any, units of their own, unless the next block of the record has their character.
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

/// Clipped to the record's start.
fn offset(position: i64) -> u32 {
    u32::try_from(position.max(0)).unwrap_or(u32::MAX)
}

//! Where the size limit cuts characters: what each stream has open of a character where a segment begins.
//!
//! Bytes of GBK, Big5, Shift_JIS or EUC do not say by themselves where characters begin, and what came before is deleted with its
//! segment. So the header of a segment is followed by a row for each stream whose first byte there may be in the middle of a
//! character, in whatever encoding the reader chooses later. A stream without a row begins with a whole character.

use super::format::{CUT_LEN, Fields, check_value, field, u32_at, u64_at};
use crate::codec::{Encoding, FAMILIES, OPEN_MAX};
use crate::model::{Direction, PeerId};

/// Rows of a segment at most.
pub(super) const ROWS_MAX: usize = 4096;
/// Bytes kept of what came before.
const TAIL_LEN: usize = 8;
/// Stored in place of a count: not known.
const UNKNOWN: u8 = 15;

/// The bytes before a point of a stream, and how many of them are a character that goes on, by family of encodings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The last bytes of the stream; zeros before its start.
    tail: [u8; TAIL_LEN],
    /// [`UNKNOWN`], or at most [`OPEN_MAX`].
    open: [u8; FAMILIES],
}

impl Cut {
    /// Nothing is open in any encoding.
    pub(super) const CLEAN: Self = Self { tail: [0; TAIL_LEN], open: [0; FAMILIES] };
    /// Nothing is known.
    pub(super) const UNKNOWN: Self = Self { tail: [0; TAIL_LEN], open: [UNKNOWN; FAMILIES] };

    /// After a stream that ends with `tail`, where so many bytes are open; `None` = not known.
    pub(super) fn new(last: &[u8], open: [Option<usize>; FAMILIES]) -> Self {
        let mut tail = [0; TAIL_LEN];
        let kept = last.len().min(TAIL_LEN);
        tail[TAIL_LEN - kept..].copy_from_slice(&last[last.len() - kept..]);
        let stored = |count: Option<usize>| match count {
            Some(count) if count <= OPEN_MAX.min(kept) => count as u8,
            _ => UNKNOWN,
        };
        Self { tail, open: open.map(stored) }
    }

    /// It needs no row.
    pub(super) fn is_clean(&self) -> bool {
        self.open == [0; FAMILIES]
    }

    /// The bytes of a character that goes on behind this point; `None` = not known.
    pub(super) fn open(&self, family: usize) -> Option<&[u8]> {
        let count = *self.open.get(family)?;
        let count = usize::from(count);
        if count <= OPEN_MAX { self.tail.get(TAIL_LEN - count..) } else { None }
    }

    /// The last bytes before this point.
    pub(super) fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// The same as [`Cut::open`], for an encoding.
    pub(super) fn open_in(&self, encoding: Encoding) -> Option<&[u8]> {
        encoding.family().map_or(Some(&[][..]), |family| self.open(family))
    }
}

/// A row as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CutRow {
    /// Whose stream.
    pub peer: PeerId,
    /// Which of the two.
    pub direction: Direction,
    /// Bytes of the stream before the segment.
    pub stream_offset: u64,
    /// What is open there.
    pub cut: Cut,
}

impl CutRow {
    /// By this rows are sorted.
    pub(super) fn key(&self) -> (PeerId, u8) {
        (self.peer, super::format::direction_code(Some(self.direction)))
    }

    /// As stored; the seed of the check value is the position among the rows.
    pub(super) fn encode(&self, position: u32) -> [u8; CUT_LEN] {
        let mut bytes = [0; CUT_LEN];
        let mut fields = Fields::new(&mut bytes);
        fields.put(self.peer.0.to_le_bytes());
        fields.put([super::format::direction_code(Some(self.direction)), 0, 0, 0]);
        fields.put(self.stream_offset.to_le_bytes());
        fields.put(self.cut.tail);
        let packed = self.cut.open.iter().rev().fold(0_u32, |packed, open| packed << 4 | u32::from(*open));
        fields.put(packed.to_le_bytes());
        let check = check_value(position.into(), &bytes[..CUT_LEN - 4]);
        bytes[CUT_LEN - 4..].copy_from_slice(&check.to_le_bytes());
        bytes
    }

    /// `None` = damaged.
    pub(super) fn decode(position: u32, bytes: &[u8; CUT_LEN]) -> Option<Self> {
        if u32_at(bytes, CUT_LEN - 4) != check_value(position.into(), &bytes[..CUT_LEN - 4]) {
            return None;
        }
        let direction = super::format::direction_of(bytes[4])??;
        let packed = u32_at(bytes, 24);
        let mut open = [0; FAMILIES];
        for (count, family) in open.iter_mut().zip(0..) {
            *count = ((packed >> (4 * family)) & 15) as u8;
        }
        let cut = Cut { tail: field(bytes, 16), open };
        Some(Self { peer: PeerId(u32_at(bytes, 0)), direction, stream_offset: u64_at(bytes, 8), cut })
    }
}

/// The rows of a segment.
#[derive(Debug, Default)]
pub(super) struct CutTable {
    rows: Vec<CutRow>,
    /// A stream without a row may begin in the middle of a character.
    missing: bool,
}

impl CutTable {
    /// Of these rows; damaged ones are left out.
    pub(super) fn new(mut rows: Vec<CutRow>, missing: bool) -> Self {
        rows.sort_by_key(CutRow::key); // a stranger's may not be
        Self { rows, missing }
    }

    /// What the stream has open where the segment begins, `stream_offset` bytes behind its start.
    pub(super) fn of(&self, peer: PeerId, direction: Direction, stream_offset: u64) -> Cut {
        let key = (peer, super::format::direction_code(Some(direction)));
        match self.rows.binary_search_by_key(&key, CutRow::key) {
            Ok(at) if self.rows[at].stream_offset == stream_offset => self.rows[at].cut,
            Err(_) if !self.missing => Cut::CLEAN,
            _ => Cut::UNKNOWN,
        }
    }
}

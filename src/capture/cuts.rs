//! Characters cut by the size limit: for each stream, the incomplete character where a segment starts.
//!
//! In GBK, Big5, Shift_JIS and EUC bytes alone do not show where characters start, and the preceding bytes are deleted with their
//! segment. So the header of a segment is followed by a row for each stream whose first byte there may lie in the middle of a
//! character, in any encoding that the reader may choose later. A stream without a row starts with a complete character.

use super::format::{CUT_LEN, Fields, check_value, field, u32_at, u64_at};
use crate::codec::{Encoding, FAMILIES, OPEN_MAX};
use crate::model::{Direction, PeerId};

/// Maximum count of rows per segment.
pub(super) const ROWS_MAX: usize = 4096;
/// Count of preceding bytes that are kept.
const TAIL_LEN: usize = 8;
/// Stored in place of a count that is unknown.
const UNKNOWN: u8 = 15;

/// The bytes before a position in a stream and, for each family of encodings, how many of them belong to an incomplete character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The last bytes of the stream; zeros before its start.
    tail: [u8; TAIL_LEN],
    /// Counts of incomplete bytes: [`UNKNOWN`], or at most [`OPEN_MAX`].
    open: [u8; FAMILIES],
}

impl Cut {
    /// No incomplete character in any encoding.
    pub(super) const CLEAN: Self = Self { tail: [0; TAIL_LEN], open: [0; FAMILIES] };
    /// Nothing known.
    pub(super) const UNKNOWN: Self = Self { tail: [0; TAIL_LEN], open: [UNKNOWN; FAMILIES] };

    /// State after a stream that ends with `last` and whose last `open` bytes are incomplete; `None` if unknown.
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

    /// Whether no row is needed.
    pub(super) fn is_clean(&self) -> bool {
        self.open == [0; FAMILIES]
    }

    /// The bytes of the incomplete character before this position; `None` if unknown.
    pub(super) fn open(&self, family: usize) -> Option<&[u8]> {
        let count = *self.open.get(family)?;
        let count = usize::from(count);
        if count <= OPEN_MAX { self.tail.get(TAIL_LEN - count..) } else { None }
    }

    /// The last bytes before this position.
    pub(super) fn tail(&self) -> &[u8] {
        &self.tail
    }

    /// Like [`Cut::open`], for an encoding.
    pub(super) fn open_in(&self, encoding: Encoding) -> Option<&[u8]> {
        encoding.family().map_or(Some(&[][..]), |family| self.open(family))
    }
}

/// A stored row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CutRow {
    /// The peer of the stream.
    pub peer: PeerId,
    /// The direction of the stream.
    pub direction: Direction,
    /// Count of bytes of the stream before the segment.
    pub stream_offset: u64,
    /// The incomplete characters there.
    pub cut: Cut,
}

impl CutRow {
    /// Sort key of the rows.
    pub(super) fn key(&self) -> (PeerId, u8) {
        (self.peer, super::format::direction_code(Some(self.direction)))
    }

    /// Encodes the row. The seed of the checksum is the position among the rows.
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

    /// `None` if damaged.
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
    /// A stream without a row may start in the middle of a character.
    missing: bool,
}

impl CutTable {
    /// Creates a table of these rows; damaged ones must be left out.
    pub(super) fn new(mut rows: Vec<CutRow>, missing: bool) -> Self {
        rows.sort_by_key(CutRow::key); // rows of a foreign capture may be unsorted
        Self { rows, missing }
    }

    /// The state of a stream at the start of the segment, `stream_offset` bytes after the start of the stream.
    pub(super) fn of(&self, peer: PeerId, direction: Direction, stream_offset: u64) -> Cut {
        let key = (peer, super::format::direction_code(Some(direction)));
        match self.rows.binary_search_by_key(&key, CutRow::key) {
            Ok(at) if self.rows[at].stream_offset == stream_offset => self.rows[at].cut,
            Err(_) if !self.missing => Cut::CLEAN,
            _ => Cut::UNKNOWN,
        }
    }
}

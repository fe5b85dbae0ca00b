//! One item of an index, and its 32 bytes in the file.

use crate::codec::{Check, FrameKind, Verdict};

/// Bytes of an item in the index, little-endian: shown at (8), records back to the last (4), from there back to the first (4),
/// offset (4), length (4), bytes before (2) and behind the payload (2), kind (1), check (1), nothing (2).
pub(super) const ENTRY_LEN: usize = 32;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// A record as it came: where nothing is cut, an event, an empty datagram, or bytes that cannot be read.
    Record,
    /// A whole frame.
    Frame,
    /// Bytes that fit no frame.
    Junk,
    /// The begin of a frame whose end has not come, or never will.
    Incomplete,
}

/// What the rule's check found in a frame. The values themselves are computed again where they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Checked {
    /// There is no check.
    Not,
    /// The value is right.
    Ok,
    /// The value is wrong.
    Bad,
    /// The frame is too short to hold one.
    TooShort,
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameNote {
    /// Its check is not right.
    Check {
        /// Which check.
        check: Check,
        /// What it found; `None` = the frame is too long to compute it again here.
        verdict: Option<Verdict>,
    },
    /// So many bytes fit no frame.
    Junk(u32),
    /// It has begun and not ended.
    Incomplete,
}

/// Where an item's bytes are and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemEntry {
    /// The record with which it was complete: its place in the history. Never less than that of the item before.
    pub shown_at: u64,
    /// The record with its first byte.
    pub first: u64,
    /// The record with its last byte, of the same peer and direction.
    pub last: u64,
    /// Place of the first byte in the payload of `first`.
    pub offset: u32,
    /// Bytes.
    pub len: u32,
    /// Bytes of a frame before its payload.
    pub head: u16,
    /// Bytes of a frame behind its payload.
    pub tail: u16,
    /// What it is.
    pub kind: ItemKind,
    /// What the check found.
    pub checked: Checked,
}

impl ItemEntry {
    /// A record as it came.
    pub(super) fn of_record(number: u64, len: u32) -> Self {
        Self {
            shown_at: number,
            first: number,
            last: number,
            offset: 0,
            len,
            head: 0,
            tail: 0,
            kind: ItemKind::Record,
            checked: Checked::Not,
        }
    }

    pub(super) fn encode(&self) -> [u8; ENTRY_LEN] {
        let back = |from: u64, to: u64| u32::try_from(from.saturating_sub(to)).unwrap_or(u32::MAX).to_le_bytes();
        let mut bytes = [0; ENTRY_LEN];
        bytes[..8].copy_from_slice(&self.shown_at.to_le_bytes());
        bytes[8..12].copy_from_slice(&back(self.shown_at, self.last));
        bytes[12..16].copy_from_slice(&back(self.last, self.first));
        bytes[16..20].copy_from_slice(&self.offset.to_le_bytes());
        bytes[20..24].copy_from_slice(&self.len.to_le_bytes());
        bytes[24..26].copy_from_slice(&self.head.to_le_bytes());
        bytes[26..28].copy_from_slice(&self.tail.to_le_bytes());
        bytes[28] = self.kind as u8;
        bytes[29] = self.checked as u8;
        bytes
    }

    /// The inverse; `None` = nothing an indexer writes.
    pub(super) fn decode(bytes: &[u8; ENTRY_LEN]) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, rest @ ..] = *bytes;
        let shown_at = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let four = |at: usize| Some(u32::from_le_bytes(rest.get(at..at + 4)?.try_into().ok()?));
        let two = |at: usize| Some(u16::from_le_bytes(rest.get(at..at + 2)?.try_into().ok()?));
        let last = shown_at.checked_sub(four(0)?.into())?;
        Some(Self {
            shown_at,
            last,
            first: last.checked_sub(four(4)?.into())?,
            offset: four(8)?,
            len: four(12)?,
            head: two(16)?,
            tail: two(18)?,
            kind: *[ItemKind::Record, ItemKind::Frame, ItemKind::Junk, ItemKind::Incomplete]
                .get(usize::from(rest[20]))?,
            checked: *[Checked::Not, Checked::Ok, Checked::Bad, Checked::TooShort].get(usize::from(rest[21]))?,
        })
    }
}

impl From<Option<Verdict>> for Checked {
    fn from(verdict: Option<Verdict>) -> Self {
        match verdict {
            None => Self::Not,
            Some(Verdict::Ok) => Self::Ok,
            Some(Verdict::Bad { .. }) => Self::Bad,
            Some(Verdict::TooShort) => Self::TooShort,
        }
    }
}

impl ItemKind {
    /// Of a range that was cut; `None`: a separator, which carries nothing.
    pub(super) fn of_frame(kind: FrameKind) -> Option<Self> {
        match kind {
            FrameKind::Frame => Some(Self::Frame),
            FrameKind::Junk => Some(Self::Junk),
            FrameKind::Incomplete => Some(Self::Incomplete),
            FrameKind::Separator => None,
        }
    }
}

//! An item of an index, and its binary encoding.
//!
//! Almost all items are small and lie in one or a few records: 16 bytes suffice. Other items are *wide*: 32 bytes in a second file,
//! to which the 16 bytes refer.

use crate::codec::{Check, FrameKind, Verdict};

/// Bytes of a wide item, little-endian: shown at (8), distance back to the last record (4), from there back to the first (4), offset
/// (4), length (4), bytes before (2) and after the payload (2), kind (1), check (1), reserved (2).
pub(super) const WIDE_LEN: usize = 32;
/// Bytes of an item, little-endian: shown at, relative to the first item of its file (4), offset (4), length (3), distance back to
/// the last record (1), from there back to the first (1), bytes before (1) and after the payload (1), kind and check (1). With
/// [`IS_WIDE`] in the last byte: the number of a wide item (8), reserved (7).
pub(super) const ENTRY_LEN: usize = 16;
/// See [`ENTRY_LEN`].
const IS_WIDE: u8 = 0xFF;
const KINDS: [ItemKind; 4] = [ItemKind::Record, ItemKind::Frame, ItemKind::Junk, ItemKind::Incomplete];
const CHECKS: [Checked; 4] = [Checked::Not, Checked::Ok, Checked::Bad, Checked::TooShort];

/// Decoded form of 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// The complete item.
    Item(ItemEntry),
    /// The number of a wide item.
    Wide(u64),
}

/// Kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// An unmodified record: where nothing is cut, an event, an empty datagram, or bytes that cannot be read.
    Record,
    /// A complete frame.
    Frame,
    /// Bytes that fit no frame.
    Junk,
    /// The beginning of a frame whose end has not arrived, or never will.
    Incomplete,
}

/// Result of the rule's check of a frame. The values themselves are computed again for display.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Checked {
    /// The rule has no check.
    Not,
    /// The value is correct.
    Ok,
    /// The value is wrong, or cannot be computed.
    Bad,
    /// The frame is too short to contain the value.
    TooShort,
}

/// A problem with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameNote {
    /// Its check failed.
    Check {
        /// Which check.
        check: Check,
        /// The result; `None` if the frame is too long to compute it again for display.
        verdict: Option<Verdict>,
    },
    /// This many bytes fit no frame.
    Junk(u32),
    /// The frame is incomplete.
    Incomplete,
}

/// Position and kind of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemEntry {
    /// Number of the record with which it became complete, which is its position in the history. Never decreases from item to item.
    pub shown_at: u64,
    /// The record of its first byte.
    pub first: u64,
    /// The record of its last byte, of the same peer and direction.
    pub last: u64,
    /// Offset of the first byte in the payload of `first`.
    pub offset: u32,
    /// Length in bytes.
    pub len: u32,
    /// Bytes of a frame before its payload.
    pub head: u16,
    /// Bytes of a frame after its payload.
    pub tail: u16,
    /// Kind.
    pub kind: ItemKind,
    /// Result of the check.
    pub checked: Checked,
}

impl ItemEntry {
    /// An item for an unmodified record.
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

    /// Encodes the item for a file whose first item is shown at `base`; `None` if it is wide.
    pub(super) fn encode(&self, base: u64) -> Option<[u8; ENTRY_LEN]> {
        let byte = |number: u64| u8::try_from(number).ok();
        let len = self.len.to_le_bytes();
        let mut bytes = [0; ENTRY_LEN];
        bytes[..4].copy_from_slice(&u32::try_from(self.shown_at.checked_sub(base)?).ok()?.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.offset.to_le_bytes());
        bytes[8..11].copy_from_slice(&len[..3]);
        bytes[11] = byte(self.shown_at.checked_sub(self.last)?)?;
        bytes[12] = byte(self.last.checked_sub(self.first)?)?;
        bytes[13] = byte(self.head.into())?;
        bytes[14] = byte(self.tail.into())?;
        bytes[15] = self.kind as u8 | (self.checked as u8) << 4;
        (len[3] == 0).then_some(bytes)
    }

    /// Encodes a reference to wide item `number`.
    pub(super) fn encode_wide_at(number: u64) -> [u8; ENTRY_LEN] {
        let mut bytes = [0; ENTRY_LEN];
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        bytes[15] = IS_WIDE;
        bytes
    }

    /// Inverse of both encodings; `None` if no indexer writes these bytes.
    pub(super) fn decode(bytes: &[u8; ENTRY_LEN], base: u64) -> Option<Stored> {
        let [a, b, c, d, e, f, g, h, len_a, len_b, len_c, to_last, to_first, head, tail, kind] = *bytes;
        if kind == IS_WIDE {
            return Some(Stored::Wide(u64::from_le_bytes([a, b, c, d, e, f, g, h])));
        }
        let shown_at = base.checked_add(u32::from_le_bytes([a, b, c, d]).into())?;
        let last = shown_at.checked_sub(to_last.into())?;
        Some(Stored::Item(Self {
            shown_at,
            last,
            first: last.checked_sub(to_first.into())?,
            offset: u32::from_le_bytes([e, f, g, h]),
            len: u32::from_le_bytes([len_a, len_b, len_c, 0]),
            head: head.into(),
            tail: tail.into(),
            kind: *KINDS.get(usize::from(kind & 0xF))?,
            checked: *CHECKS.get(usize::from(kind >> 4))?,
        }))
    }

    /// Encodes the item in wide form.
    pub(super) fn encode_wide(&self) -> [u8; WIDE_LEN] {
        let back = |from: u64, to: u64| u32::try_from(from.saturating_sub(to)).unwrap_or(u32::MAX).to_le_bytes();
        let mut bytes = [0; WIDE_LEN];
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

    /// Inverse of [`ItemEntry::encode_wide`]; `None` if no indexer writes these bytes.
    pub(super) fn decode_wide(bytes: &[u8; WIDE_LEN]) -> Option<Self> {
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
            checked: *CHECKS.get(usize::from(rest[21]))?,
        })
    }
}

impl From<Option<Verdict>> for Checked {
    fn from(verdict: Option<Verdict>) -> Self {
        match verdict {
            None => Self::Not,
            Some(Verdict::Ok) => Self::Ok,
            Some(Verdict::Bad { .. } | Verdict::NotHex) => Self::Bad,
            Some(Verdict::TooShort) => Self::TooShort,
        }
    }
}

impl Checked {
    /// Stable name, the same as that of the verdict; `None` if there is no check.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Not => return None,
            Self::Ok => Verdict::Ok.name(),
            Self::Bad => Verdict::Bad { computed: 0, found: None }.name(),
            Self::TooShort => Verdict::TooShort.name(),
        })
    }
}

impl ItemKind {
    /// Stable name, the same as that of the kind of frame.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Frame => FrameKind::Frame.name(),
            Self::Junk => FrameKind::Junk.name(),
            Self::Incomplete => FrameKind::Incomplete.name(),
        }
    }

    /// The kind for a range that was cut; `None` for a separator, which carries no data.
    pub(super) fn of_frame(kind: FrameKind) -> Option<Self> {
        match kind {
            FrameKind::Frame => Some(Self::Frame),
            FrameKind::Junk => Some(Self::Junk),
            FrameKind::Incomplete => Some(Self::Incomplete),
            FrameKind::Separator => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry() -> impl Strategy<Value = ItemEntry> {
        let back = || prop_oneof![0_u64..3, 250_u64..260, 0_u64..u64::from(u32::MAX)];
        let length = || prop_oneof![0_u32..9, (1_u32 << 24) - 2..(1 << 24) + 2, any::<u32>()];
        let short = || prop_oneof![0_u16..5, 250_u16..260, any::<u16>()];
        (back(), back(), back(), length(), length(), short(), short(), 0_usize..4, 0_usize..4).prop_map(
            |(shown, to_last, to_first, offset, len, head, tail, kind, check)| ItemEntry {
                shown_at: shown + to_last + to_first,
                last: shown + to_first,
                first: shown,
                offset,
                len,
                head,
                tail,
                kind: KINDS[kind],
                checked: CHECKS[check],
            },
        )
    }

    proptest! {
        #[test]
        fn an_item_reads_back_from_either_form(item in entry(), base in prop_oneof![Just(0_u64), 0_u64..1 << 33]) {
            prop_assert_eq!(ItemEntry::decode_wide(&item.encode_wide()), Some(item));
            if let Some(bytes) = item.encode(base) {
                prop_assert_eq!(ItemEntry::decode(&bytes, base), Some(Stored::Item(item)));
            } else {
                let is_small = item.shown_at >= base && item.shown_at - base < 1 << 32 && item.len < 1 << 24;
                let is_near = item.shown_at - item.last < 256 && item.last - item.first < 256;
                prop_assert!(!(is_small && is_near && item.head < 256 && item.tail < 256), "it would fit");
            }
        }
    }

    #[test]
    fn a_pointer_is_told_from_an_item() {
        let wide = ItemEntry::decode(&ItemEntry::encode_wide_at(77), 5);
        assert_eq!(wide, Some(Stored::Wide(77)));
        assert_eq!(ItemEntry::decode(&[0x0E; ENTRY_LEN], 0), None);
    }
}

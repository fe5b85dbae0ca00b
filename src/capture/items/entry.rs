//! One item of an index, and its bytes in the files.
//!
//! Nearly all items are small and of one or a few records: 16 bytes hold them. What does not fit is *wide*: 32 bytes in a second
//! file, to which the 16 bytes point.

use crate::codec::{Check, FrameKind, Verdict};

/// Bytes of a wide item, little-endian: shown at (8), records back to the last (4), from there back to the first (4), offset (4),
/// length (4), bytes before (2) and behind the payload (2), kind (1), check (1), nothing (2).
pub(super) const WIDE_LEN: usize = 32;
/// Bytes of an item, little-endian: shown at, less that of the first item of its file (4), offset (4), length (3), records back to
/// the last (1), from there back to the first (1), bytes before (1) and behind the payload (1), kind and check (1). With
/// [`IS_WIDE`] in the last byte: the number of a wide item (8), nothing (7).
pub(super) const ENTRY_LEN: usize = 16;
/// See [`ENTRY_LEN`].
const IS_WIDE: u8 = 0xFF;
const KINDS: [ItemKind; 4] = [ItemKind::Record, ItemKind::Frame, ItemKind::Junk, ItemKind::Incomplete];
const CHECKS: [Checked; 4] = [Checked::Not, Checked::Ok, Checked::Bad, Checked::TooShort];

/// What 16 bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// All of it.
    Item(ItemEntry),
    /// Where all of it is.
    Wide(u64),
}

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

    /// In a file whose first item is shown at `base`; `None`: it is wide.
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

    /// The bytes that point to wide item `number`.
    pub(super) fn encode_wide_at(number: u64) -> [u8; ENTRY_LEN] {
        let mut bytes = [0; ENTRY_LEN];
        bytes[..8].copy_from_slice(&number.to_le_bytes());
        bytes[15] = IS_WIDE;
        bytes
    }

    /// The inverse of both; `None` = nothing an indexer writes.
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

    /// Whatever it holds.
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

    /// Its inverse; `None` = nothing an indexer writes.
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
            Some(Verdict::Bad { .. }) => Self::Bad,
            Some(Verdict::TooShort) => Self::TooShort,
        }
    }
}

impl Checked {
    /// Stable name, as that of a verdict; `None` = there is no check.
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
    /// Stable name, as that of a range of a stream.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Frame => FrameKind::Frame.name(),
            Self::Junk => FrameKind::Junk.name(),
            Self::Incomplete => FrameKind::Incomplete.name(),
        }
    }

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

//! Memory of what was appended lately, so that a payload that comes again is stored once a segment.

use super::format::Entry;
use std::sync::Arc;

/// Payloads remembered.
const EXTENTS_MAX: usize = 16;
/// Bytes of payloads held by them (the newest may be larger).
const HELD_BYTES_MAX: usize = 64 << 20;
/// Records whose place is remembered.
const RECENT: usize = 1024;

/// A part of a shared payload that lies in the current segment.
#[derive(Debug)]
struct Extent {
    /// Held, so that its address names it and no other.
    payload: Arc<[u8]>,
    start: usize,
    end: usize,
    data_offset: u64,
}

/// Shared payloads stored in the current segment, oldest first.
#[derive(Debug, Default)]
pub(super) struct SharedPayloads {
    extents: Vec<Extent>,
}

impl SharedPayloads {
    /// Where `start..end` of this payload already lies.
    pub(super) fn find(&self, payload: &Arc<[u8]>, start: usize, end: usize) -> Option<u64> {
        self.extents
            .iter()
            .find(|extent| Arc::ptr_eq(&extent.payload, payload) && extent.start <= start && end <= extent.end)
            .map(|extent| extent.data_offset + (start - extent.start) as u64)
    }

    /// `start..end` of it lies at `data_offset` now.
    pub(super) fn remember(&mut self, payload: &Arc<[u8]>, start: usize, end: usize, data_offset: u64) {
        // Parts of one long payload, written one after the other, become one extent.
        let joined = self.extents.iter_mut().find(|extent| {
            Arc::ptr_eq(&extent.payload, payload)
                && extent.end == start
                && extent.data_offset + (extent.end - extent.start) as u64 == data_offset
        });
        if let Some(extent) = joined {
            extent.end = end;
            return;
        }
        self.extents.push(Extent { payload: Arc::clone(payload), start, end, data_offset });
        while self.extents.len() > 1 && (self.extents.len() > EXTENTS_MAX || self.held_bytes() > HELD_BYTES_MAX) {
            self.extents.remove(0);
        }
    }

    fn held_bytes(&self) -> usize {
        self.extents.iter().map(|extent| extent.payload.len()).fold(0, usize::saturating_add)
    }

    /// Another segment begins, or nothing was sent for a while.
    pub(super) fn clear(&mut self) {
        self.extents.clear();
    }
}

/// Where the payload of a recent record lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    number: u64,
    /// Its segment.
    pub segment: u64,
    /// Its entry's fields.
    pub data_offset: u64,
    /// See [`Entry::len`].
    pub len: u32,
    /// See [`Entry::stored`].
    pub stored: u32,
    /// Those of [`Entry::flags`] that say what the stored bytes are.
    pub flags: u16,
}

impl Place {
    /// Of a record in `segment`.
    pub(super) fn of(number: u64, segment: u64, entry: &Entry) -> Self {
        Self {
            number,
            segment,
            data_offset: entry.data_offset,
            len: entry.len,
            stored: entry.stored,
            flags: entry.flags & super::format::FLAGS_STORED,
        }
    }
}

/// The places of the newest records: echoes follow closely and need no read.
#[derive(Debug)]
pub(super) struct RecentPlaces {
    places: Vec<Option<Place>>,
}

impl RecentPlaces {
    /// None yet.
    pub(super) fn new() -> Self {
        Self { places: vec![None; RECENT] }
    }

    /// The newest record.
    pub(super) fn push(&mut self, place: Place) {
        if let Some(slot) = self.places.get_mut((place.number % RECENT as u64) as usize) {
            *slot = Some(place);
        }
    }

    /// The place of a record, unless it was too long ago.
    pub(super) fn get(&self, number: u64) -> Option<Place> {
        self.places.get((number % RECENT as u64) as usize).copied().flatten().filter(|place| place.number == number)
    }
}

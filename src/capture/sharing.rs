//! Memory of recently appended payloads, so that a repeated payload is stored once per segment.

use super::format::Entry;
use std::sync::Arc;

/// Maximum count of remembered payloads.
const EXTENTS_MAX: usize = 16;
/// Maximum total size of remembered payloads in bytes; the newest may be larger.
const HELD_BYTES_MAX: usize = 64 << 20;
/// Count of records whose position is remembered.
const RECENT: usize = 1024;

/// A part of a shared payload that is stored in the current segment.
#[derive(Debug)]
struct Extent {
    /// Kept alive, so that its address identifies it uniquely.
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
    /// Offset at which `start..end` of this payload is stored.
    pub(super) fn find(&self, payload: &Arc<[u8]>, start: usize, end: usize) -> Option<u64> {
        self.extents
            .iter()
            .find(|extent| Arc::ptr_eq(&extent.payload, payload) && extent.start <= start && end <= extent.end)
            .map(|extent| extent.data_offset + (start - extent.start) as u64)
    }

    /// Remembers that `start..end` of this payload is stored at `data_offset`.
    pub(super) fn remember(&mut self, payload: &Arc<[u8]>, start: usize, end: usize, data_offset: u64) {
        // Consecutive parts of one long payload are merged into one extent.
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

    /// Forgets everything: a new segment starts, or nothing was sent for a while.
    pub(super) fn clear(&mut self) {
        self.extents.clear();
    }
}

/// Position of the payload of a recent record.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoredPlace {
    number: u64,
    /// Number of its segment.
    pub segment: u64,
    /// See [`Entry::data_offset`].
    pub data_offset: u64,
    /// See [`Entry::len`].
    pub len: u32,
    /// See [`Entry::stored`].
    pub stored: u32,
    /// The bits of [`Entry::flags`] that describe the stored bytes.
    pub flags: u16,
}

impl StoredPlace {
    /// Position of a record in `segment`.
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

/// Positions of the newest records: echoes follow soon and need no read.
#[derive(Debug)]
pub(super) struct RecentPlaces {
    places: Vec<Option<StoredPlace>>,
}

impl RecentPlaces {
    /// Creates an empty memory.
    pub(super) fn new() -> Self {
        Self { places: vec![None; RECENT] }
    }

    /// Adds the newest record.
    pub(super) fn push(&mut self, place: StoredPlace) {
        if let Some(slot) = self.places.get_mut((place.number % RECENT as u64) as usize) {
            *slot = Some(place);
        }
    }

    /// The position of a record, if it is recent enough.
    pub(super) fn get(&self, number: u64) -> Option<StoredPlace> {
        self.places.get((number % RECENT as u64) as usize).copied().flatten().filter(|place| place.number == number)
    }
}

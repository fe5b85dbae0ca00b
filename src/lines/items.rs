//! The contents of a view by number: the records themselves, or the items of an index over them.

use super::cache::Cache;
use crate::capture::items::{Checked, ItemEntry, ItemIndex, ItemKind, Source};
use crate::capture::{CaptureReader, ReadError, Record};
use std::ops::Range;

/// Items per read.
const BATCH: u64 = 64;
/// Maximum count of cached items.
const KEPT: usize = 4096;
/// Maximum total count of parts in cached sources that span several records.
const PARTS_KEPT: usize = 1 << 16;

/// See the module documentation.
pub(super) struct Items {
    index: Option<ItemIndex>,
    batches: Cache<u64, Vec<ItemEntry>>,
    sources: Cache<(u64, u64, u32, u32), Source>,
}

impl Items {
    pub(super) fn new() -> Self {
        Self { index: None, batches: Cache::new(KEPT), sources: Cache::new(PARTS_KEPT) }
    }

    /// Replaces the index; item numbers get a new meaning.
    pub(super) fn set_index(&mut self, index: Option<ItemIndex>) {
        *self = Self { index, ..Self::new() };
    }

    pub(super) fn index(&self) -> Option<&ItemIndex> {
        self.index.as_ref()
    }

    /// One item; requires an index.
    pub(super) fn entry(&mut self, number: u64) -> Result<ItemEntry, ReadError> {
        let Some(index) = &self.index else { return Err(ReadError::NotYet(number)) };
        let batch = number / BATCH;
        let within = (number % BATCH) as usize;
        if let Some(entry) = self.batches.get(&batch).and_then(|items| items.get(within).copied()) {
            return Ok(entry);
        }
        // Unfinished items may change, so they are not cached.
        let wanted = batch * BATCH..(batch + 1).saturating_mul(BATCH);
        if wanted.end > index.settled() {
            return index.item(number);
        }
        let mut items = Vec::new();
        index.items_in(wanted, &mut items)?;
        let entry = items.get(within).copied().ok_or(ReadError::NotYet(number))?;
        self.batches.insert(batch, items, BATCH as usize);
        Ok(entry)
    }

    /// The source of an item's bytes.
    pub(super) fn source(
        &mut self,
        reader: &CaptureReader,
        entry: &ItemEntry,
        first: Record,
    ) -> Result<Source, ReadError> {
        if entry.kind == ItemKind::Record || entry.first == entry.last {
            return Source::of_item(reader, entry, first);
        }
        let key = (entry.first, entry.last, entry.offset, entry.len);
        if let Some(source) = self.sources.get(&key) {
            return Ok(source.clone());
        }
        let source = Source::of_item(reader, entry, first)?;
        self.sources.insert(key, source.clone(), source.parts());
        Ok(source)
    }

    /// The items that belong to the records from number `first` on.
    pub(super) fn span(&self, first: u64) -> Option<Range<u64>> {
        let index = self.index.as_ref()?;
        let there = index.items();
        let first = if first == 0 { there.start } else { index.first_at(first).max(there.start) };
        Some(first..there.end.max(first))
    }
}

/// Whether a row below the item describes a problem.
pub(super) fn has_note(entry: &ItemEntry) -> bool {
    matches!(entry.kind, ItemKind::Junk | ItemKind::Incomplete)
        || matches!(entry.checked, Checked::Bad | Checked::TooShort)
}

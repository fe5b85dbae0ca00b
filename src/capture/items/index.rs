//! The index: one [`super::Indexer`] appends; any number of clones read it at random.

use super::ItemRule;
use super::entry::{Checked, ENTRY_LEN, ItemEntry, ItemKind, Stored, WIDE_LEN};
use crate::capture::{CaptureReader, ReadError, platform};
use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Items per file (64 MiB). A file is deleted when all its records are evicted.
const ITEMS_A_FILE: u64 = if cfg!(test) { 256 } else { 1 << 22 };
/// Maximum count of items examined to find the one that shows a given byte.
const FIND_ITEMS: u64 = 65_536;
/// Bytes of the disk kept free, as for a capture itself.
const KEPT_FREE: u64 = 2 << 30;

/// Counts of all items, shown or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemCounts {
    /// Complete frames (records with data if nothing is cut).
    pub frames: u64,
    /// Frames whose check failed, or which are too short for one.
    pub bad: u64,
    /// Bytes that fit no frame.
    pub junk_bytes: u64,
    /// Frames that were incomplete when their stream ended.
    pub incomplete: u64,
    /// The part of `junk_bytes` from frames that were given up because all streams together held too much.
    pub given_up_bytes: u64,
}

impl ItemCounts {
    pub(super) fn add(&mut self, entry: &ItemEntry) {
        match entry.kind {
            ItemKind::Record => {}
            ItemKind::Frame => self.frames += 1,
            ItemKind::Junk => self.junk_bytes += u64::from(entry.len),
            ItemKind::Incomplete => self.incomplete += 1,
        }
        self.bad += u64::from(matches!(entry.checked, Checked::Bad | Checked::TooShort));
    }
}

/// See the module documentation.
#[derive(Clone, Debug)]
pub struct ItemIndex {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    reader: CaptureReader,
    rule: ItemRule,
    state: RwLock<State>,
    /// Cache of the first item of recently queried records, since every row repeats the query.
    begins: Mutex<VecDeque<(u64, u64)>>,
}

/// A file of items, and the file of the wide ones among them.
#[derive(Debug)]
struct Items {
    /// `shown_at` of its first item.
    base: u64,
    narrow: File,
    wide: File,
}

#[derive(Debug, Default)]
struct State {
    files: VecDeque<Arc<Items>>,
    /// Number of the first of `files`.
    first_file: u64,
    /// Count of items in the files.
    settled: u64,
    /// Count of wide items in the last file.
    wide: u64,
    /// Unfinished items at the ends of the streams, which may still change.
    open: Vec<ItemEntry>,
    counts: ItemCounts,
    /// Records before this one were scanned.
    looked_at: u64,
    /// Incremented on every change.
    version: u64,
}

impl ItemIndex {
    /// Creates an empty index.
    pub(super) fn new(reader: CaptureReader, rule: ItemRule) -> Self {
        let shared = Shared { reader, rule, state: RwLock::default(), begins: Mutex::default() };
        Self { shared: Arc::new(shared) }
    }

    /// The capture of the index.
    #[must_use]
    pub fn reader(&self) -> &CaptureReader {
        &self.shared.reader
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.shared.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.shared.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Range of the items that can be read now. Items of evicted records are gone; the others keep their numbers.
    #[must_use]
    pub fn items(&self) -> Range<u64> {
        let end = self.end();
        self.first_at(self.shared.reader.records().start).min(end)..end
    }

    fn end(&self) -> u64 {
        let state = self.state();
        state.settled + state.open.len() as u64
    }

    /// The count of final items and the unfinished items after them, at the same moment.
    pub(in crate::capture) fn ends(&self) -> (u64, Vec<ItemEntry>) {
        let state = self.state();
        (state.settled, state.open.clone())
    }

    /// Items before this number are final.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.state().settled
    }

    /// The rule of the index.
    #[must_use]
    pub fn rule(&self) -> &ItemRule {
        &self.shared.rule
    }

    /// Counts of all items, shown or not.
    #[must_use]
    pub fn counts(&self) -> ItemCounts {
        self.state().counts
    }

    /// Records before this one were scanned.
    #[must_use]
    pub fn looked_at(&self) -> u64 {
        self.state().looked_at
    }

    /// A number that changes with every change of the index.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.state().version
    }

    /// Reads one item.
    ///
    /// # Errors
    /// The item is evicted or does not exist (yet), or the index cannot be read.
    pub fn item(&self, number: u64) -> Result<ItemEntry, ReadError> {
        let mut one = Vec::with_capacity(1);
        self.items_in(number..number.saturating_add(1), &mut one)?;
        one.pop().ok_or(ReadError::NotYet(number))
    }

    /// Appends the items of `range` to `items`; items that do not exist yet are left out.
    ///
    /// # Errors
    /// See [`ItemIndex::item`]. On error nothing is appended.
    pub fn items_in(&self, range: Range<u64>, items: &mut Vec<ItemEntry>) -> Result<(), ReadError> {
        let before = items.len();
        let mut at = range.start;
        while at < range.end {
            let (file, settled) = {
                let state = self.state();
                if at >= state.settled {
                    let open = usize::try_from(at - state.settled).unwrap_or(usize::MAX);
                    let wanted = usize::try_from(range.end - at).unwrap_or(usize::MAX);
                    items.extend(state.open.iter().skip(open).take(wanted));
                    return Ok(());
                }
                let file = (at / ITEMS_A_FILE).checked_sub(state.first_file);
                let file = file.and_then(|index| state.files.get(usize::try_from(index).ok()?));
                (file.cloned(), state.settled)
            };
            let Some(file) = file else {
                items.truncate(before);
                return Err(ReadError::Evicted(at));
            };
            let end = range.end.min(settled).min((at / ITEMS_A_FILE + 1) * ITEMS_A_FILE);
            if let Err(error) = file.read(at % ITEMS_A_FILE, (end - at) as usize, items) {
                items.truncate(before);
                return Err(error);
            }
            at = end;
        }
        Ok(())
    }

    /// The first item that became complete with this record or a later one.
    #[must_use]
    pub fn first_at(&self, record: u64) -> u64 {
        let (oldest, settled) = {
            let state = self.state();
            (state.first_file * ITEMS_A_FILE, state.settled)
        };
        if record == 0 {
            return oldest;
        }
        let mut begins = self.shared.begins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, item)) = begins.iter().find(|(known, item)| *known == record && *item >= oldest) {
            return *item;
        }
        let (mut low, mut high) = (oldest, settled);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.item(middle) {
                Ok(item) if item.shown_at >= record => high = middle,
                // An unreadable item was evicted, so it lies before.
                Ok(_) | Err(_) => low = middle + 1,
            }
        }
        // Not cached at the end: a record that was not scanned yet may still get items.
        if low < settled {
            begins.push_front((record, low));
            begins.truncate(4);
            return low;
        }
        let state = self.state();
        let open = state.open.iter().position(|item| item.shown_at >= record).unwrap_or(state.open.len());
        state.settled + open as u64
    }

    /// The item that shows a byte of a record, and the byte's offset in it. If there is none, the start of the next item.
    #[must_use]
    pub fn find(&self, record: u64, offset: u32) -> (u64, u32) {
        self.showing(record, offset).unwrap_or_else(|| (self.first_at(record), 0))
    }

    /// The item that shows a byte of a record, and the byte's offset in it.
    #[must_use]
    pub fn showing(&self, record: u64, offset: u32) -> Option<(u64, u32)> {
        let begin = self.first_at(record);
        let target = self.shared.reader.record(record).ok()?;
        let at = target.stream_offset.saturating_add(offset.into());
        let mut items = Vec::new();
        let end = self.end().min(begin.saturating_add(FIND_ITEMS));
        for from in (begin..end).step_by(1024) {
            items.clear();
            if self.items_in(from..end.min(from + 1024), &mut items).is_err() {
                break;
            }
            for (number, item) in (from..).zip(&items) {
                if item.kind == ItemKind::Record && item.first == record {
                    return Some((number, offset));
                }
                if item.kind == ItemKind::Record || !(item.first..=item.last).contains(&record) {
                    continue;
                }
                let Ok(first) = self.shared.reader.record(item.first) else { continue };
                let start = first.stream_offset.saturating_add(item.offset.into());
                let same = (first.peer, first.direction) == (target.peer, target.direction);
                if same && (start..start + u64::from(item.len)).contains(&at) {
                    return Some((number, (at - start) as u32));
                }
            }
        }
        None
    }

    /// Appends items.
    pub(super) fn append(&self, mut items: &[ItemEntry]) -> io::Result<()> {
        while let Some(first) = items.first() {
            let within = self.state().settled % ITEMS_A_FILE;
            if within == 0 {
                self.begin_file(first.shown_at)?;
            }
            let (now, rest) = items.split_at(items.len().min((ITEMS_A_FILE - within) as usize));
            items = rest;
            let (file, wide) = {
                let state = self.state();
                (state.files.back().cloned().ok_or(io::ErrorKind::NotFound)?, state.wide)
            };
            let (mut narrow_bytes, mut wide_bytes) = (Vec::with_capacity(now.len() * ENTRY_LEN), Vec::new());
            for item in now {
                let number = wide + (wide_bytes.len() / WIDE_LEN) as u64;
                let bytes = item.encode(file.base).unwrap_or_else(|| {
                    wide_bytes.extend_from_slice(&item.encode_wide());
                    ItemEntry::encode_wide_at(number)
                });
                narrow_bytes.extend_from_slice(&bytes);
            }
            write_all_at(&file.wide, &wide_bytes, wide * WIDE_LEN as u64)?;
            write_all_at(&file.narrow, &narrow_bytes, within * ENTRY_LEN as u64)?;
            let mut state = self.state_mut();
            // Open items are now final, or will be published again.
            state.open.clear();
            state.settled += now.len() as u64;
            state.wide = wide + (wide_bytes.len() / WIDE_LEN) as u64;
            state.version += 1;
        }
        Ok(())
    }

    /// Starts a new file, after deleting files whose records were all evicted.
    fn begin_file(&self, base: u64) -> io::Result<()> {
        let oldest = self.shared.reader.records().start;
        loop {
            let behind = (self.state().first_file + 1) * ITEMS_A_FILE;
            let has_gone = self.item(behind.saturating_sub(1)).is_ok_and(|last| last.shown_at < oldest);
            if !has_gone {
                break;
            }
            let mut state = self.state_mut();
            state.files.pop_front();
            state.first_file += 1;
        }
        let folder = self.shared.reader.folder().parent();
        if self.state().settled > 0
            && let Some(Ok(Some(space))) = folder.map(platform::free_space)
            && space.available < (space.total / 20).min(KEPT_FREE)
        {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let items = Items { base, narrow: nameless_file(folder)?, wide: nameless_file(folder)? };
        let mut state = self.state_mut();
        state.files.push_back(Arc::new(items));
        state.wide = 0;
        Ok(())
    }

    /// Publishes the unfinished items at the ends of the streams, the counts, and how far the records were scanned.
    pub(super) fn publish(&self, open: Vec<ItemEntry>, counts: ItemCounts, looked_at: u64) {
        let mut state = self.state_mut();
        let is_same = (&state.open, state.counts, state.looked_at) == (&open, counts, looked_at);
        state.version += u64::from(!is_same);
        (state.open, state.counts, state.looked_at) = (open, counts, looked_at);
    }
}

/// Creates an unnamed temporary file beside the captures, where the most space is. Falls back to the system's folder, so that a
/// read-only folder of captures can be viewed.
fn nameless_file(folder: Option<&Path>) -> io::Result<File> {
    let file = folder.ok_or_else(|| io::ErrorKind::NotFound.into()).and_then(tempfile::tempfile_in);
    file.or_else(|_: io::Error| tempfile::tempfile())
}

fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    let mut done = 0;
    while done < bytes.len() {
        match platform::write_at(file, &bytes[done..], offset + done as u64) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

impl Items {
    /// Appends `count` items from the one at `from` on.
    fn read(&self, from: u64, count: usize, items: &mut Vec<ItemEntry>) -> Result<(), ReadError> {
        let failed = |error: io::Error| ReadError::Io(format!("index of the view: {error}"));
        let damaged = || ReadError::Io("index of the view: modified by another program".to_owned());
        let mut bytes = vec![0; count.min(ITEMS_A_FILE as usize) * ENTRY_LEN];
        let read = platform::read_full_at(&self.narrow, &mut bytes, from * ENTRY_LEN as u64).map_err(failed)?;
        let (entries, _) = bytes[..read].as_chunks::<ENTRY_LEN>();
        for entry in entries {
            items.push(match ItemEntry::decode(entry, self.base).ok_or_else(damaged)? {
                Stored::Item(item) => item,
                Stored::Wide(number) => {
                    let mut bytes = [0; WIDE_LEN];
                    let offset = number.saturating_mul(WIDE_LEN as u64);
                    platform::read_full_at(&self.wide, &mut bytes, offset).map_err(failed)?;
                    ItemEntry::decode_wide(&bytes).ok_or_else(damaged)?
                }
            });
        }
        Ok(())
    }
}

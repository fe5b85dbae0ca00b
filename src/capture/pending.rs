//! Appended, not yet on disk: the buffers of the segment that is written, and the exact place in its files where they go.

use super::RecordKind;
use super::format::{ENTRY_LEN, Entry, Version};
use super::gathered::Gathered;
use crate::model::Direction;
use std::time::Instant;

/// Buffers larger than this are given back after a full disk made them grow.
const KEEP_BYTES: usize = 1 << 20;

/// Counts of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    /// Payload bytes of data records of both directions.
    pub payload_bytes: u64,
    /// Of these, received.
    pub received_bytes: u64,
    /// Received data records.
    pub received_records: u64,
}

impl Amounts {
    /// Counts one more.
    pub(super) fn add(&mut self, entry: &Entry) {
        if entry.kind != RecordKind::Data as u8 {
            return;
        }
        let len = u64::from(entry.len);
        self.payload_bytes += len;
        if entry.direction == super::format::direction_code(Some(Direction::Received)) {
            self.received_bytes += len;
            self.received_records += 1;
        }
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Pending {
    /// Payload bytes for the data file from `data_base` on.
    pub data: Gathered,
    /// Whole entries for the index file from `index_base` on.
    pub index: Vec<u8>,
    /// Bytes that are in the data file.
    pub data_base: u64,
    /// Bytes of complete entries and header that are in the index file.
    pub index_base: u64,
    /// Number of the first entry in `index`.
    pub first_record: u64,
    /// When the oldest was appended, or those before it were written.
    pub since: Option<Instant>,
    /// What waits.
    pub amounts: Amounts,
}

impl Pending {
    /// Nothing yet, for an empty segment that begins with record `first_record`, its entry at `index_base`.
    pub(super) fn new(first_record: u64, index_base: u64) -> Self {
        Self {
            data: Gathered::default(),
            index: Vec::new(),
            data_base: 0,
            index_base,
            first_record,
            since: None,
            amounts: Amounts::default(),
        }
    }

    /// The next segment; only when nothing waits.
    pub(super) fn restart(&mut self, first_record: u64, index_base: u64) {
        self.data_base = 0;
        self.index_base = index_base;
        self.first_record = first_record;
    }

    /// Nothing waits. (Data without an entry cannot be: both are appended together.)
    pub(super) fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Bytes that wait.
    pub(super) fn len(&self) -> usize {
        self.data.len() + self.index.len()
    }

    /// Where the next payload byte will lie in the data file.
    pub(super) fn data_end(&self) -> u64 {
        self.data_base + self.data.len() as u64
    }

    /// Bytes of both files once all is written.
    pub(super) fn segment_bytes(&self) -> u64 {
        self.data_end() + self.index_base + self.index.len() as u64
    }

    /// Adds an entry; its payload follows by [`Pending::data`] or is written at once.
    pub(super) fn push(&mut self, number: u64, entry: &Entry, now: Instant) {
        self.index.extend_from_slice(&entry.encode(number));
        self.amounts.add(entry);
        self.since.get_or_insert(now);
    }

    /// The entries that wait, with their numbers.
    fn entries(&self) -> impl Iterator<Item = (u64, Entry)> + '_ {
        let (entries, _) = self.index.as_chunks::<ENTRY_LEN>();
        let numbered = (self.first_record..).zip(entries);
        numbered.filter_map(|(number, bytes)| Entry::decode(Version::Two, number, bytes).map(|entry| (number, entry)))
    }

    /// The entry of a record that waits.
    pub(super) fn entry(&self, number: u64) -> Option<Entry> {
        let at = usize::try_from(number.checked_sub(self.first_record)?).ok()?.checked_mul(ENTRY_LEN)?;
        Entry::decode(Version::Two, number, self.index.get(at..at.checked_add(ENTRY_LEN)?)?)
    }

    /// Bytes of the leading entries whose payload is in the data file.
    pub(super) fn ready_len(&self) -> usize {
        if self.data.is_empty() {
            return self.index.len();
        }
        self.entries().take_while(|(_, entry)| entry.data_end() <= self.data_base).count() * ENTRY_LEN
    }

    /// How much of `data` reaches up to the last border of whole `block`s of the data file; 0 = it reaches none.
    pub(super) fn whole_blocks(&self, block: usize) -> usize {
        let behind = usize::try_from(self.data_end() % block as u64).unwrap_or(0);
        self.data.len().saturating_sub(behind)
    }

    /// `written` bytes of `data` are in the file and, where that is all of it, `beside` bytes of `direct` behind them. What is
    /// left of `direct` waits now too.
    pub(super) fn data_written(&mut self, written: usize, direct: &[u8], beside: usize) {
        self.data_base += (written + beside) as u64;
        self.data.drop_front(written);
        self.data.extend(direct.get(beside..).unwrap_or_default());
    }

    /// `len` bytes of `index` are in the file, `now`. Gives how many entries that completes; a part of one is written again.
    pub(super) fn index_written(&mut self, len: usize, now: Instant) -> u64 {
        let complete = len / ENTRY_LEN;
        self.index_base += (complete * ENTRY_LEN) as u64;
        self.first_record += complete as u64;
        if complete * ENTRY_LEN == self.index.len() {
            self.index.clear();
            self.since = None;
            self.amounts = Amounts::default();
        } else {
            self.index.drain(..complete * ENTRY_LEN);
            if complete > 0 {
                self.since = Some(now);
            }
            let mut amounts = Amounts::default();
            self.entries().for_each(|(_, entry)| amounts.add(&entry));
            self.amounts = amounts;
        }
        self.index.shrink_to(KEEP_BYTES);
        complete as u64
    }
}

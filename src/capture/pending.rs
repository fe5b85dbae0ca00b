//! Records that are appended but not yet on disk: the buffers of the current segment, and their exact position in its files.

use super::RecordKind;
use super::format::{ENTRY_LEN, Entry, Version};
use super::gathered::Gathered;
use crate::model::Direction;
use std::time::Instant;

/// Buffers that grew beyond this on a full disk are shrunk afterwards.
const KEEP_BYTES: usize = 1 << 20;

/// Sums over records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    /// Payload bytes of data records, both directions.
    pub payload_bytes: u64,
    /// The part of them that was received.
    pub received_bytes: u64,
    /// Received data records.
    pub received_records: u64,
}

impl Amounts {
    /// Adds one record.
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

/// See the module documentation.
#[derive(Debug)]
pub(super) struct Pending {
    /// Payload bytes to be written to the data file at `data_base`.
    pub data: Gathered,
    /// Complete entries to be written to the index file at `index_base`.
    pub index: Vec<u8>,
    /// Length of the data file.
    pub data_base: u64,
    /// Length of the header and complete entries in the index file.
    pub index_base: u64,
    /// Number of the first entry in `index`.
    pub first_record: u64,
    /// When the oldest pending record was appended, or the records before it were written.
    pub since: Option<Instant>,
    /// Sums over the pending records.
    pub amounts: Amounts,
}

impl Pending {
    /// Creates empty buffers for a segment that starts with record `first_record`, whose entry is at `index_base`.
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

    /// Moves to the next segment. Nothing may be pending.
    pub(super) fn restart(&mut self, first_record: u64, index_base: u64) {
        self.data_base = 0;
        self.index_base = index_base;
        self.first_record = first_record;
    }

    /// Whether nothing is pending. Data without an entry is impossible: both are appended together.
    pub(super) fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Count of pending bytes.
    pub(super) fn len(&self) -> usize {
        self.data.len() + self.index.len()
    }

    /// Offset of the next payload byte in the data file.
    pub(super) fn data_end(&self) -> u64 {
        self.data_base + self.data.len() as u64
    }

    /// Size of both files once everything is written.
    pub(super) fn segment_bytes(&self) -> u64 {
        self.data_end() + self.index_base + self.index.len() as u64
    }

    /// Adds an entry. Its payload is appended to [`Pending::data`] or written directly afterwards.
    pub(super) fn push(&mut self, number: u64, entry: &Entry, now: Instant) {
        self.index.extend_from_slice(&entry.encode(number));
        self.amounts.add(entry);
        self.since.get_or_insert(now);
    }

    /// The pending entries with their record numbers.
    fn entries(&self) -> impl Iterator<Item = (u64, Entry)> + '_ {
        let (entries, _) = self.index.as_chunks::<ENTRY_LEN>();
        let numbered = (self.first_record..).zip(entries);
        numbered.filter_map(|(number, bytes)| Entry::decode(Version::Two, number, bytes).map(|entry| (number, entry)))
    }

    /// The entry of a pending record.
    pub(super) fn entry(&self, number: u64) -> Option<Entry> {
        let at = usize::try_from(number.checked_sub(self.first_record)?).ok()?.checked_mul(ENTRY_LEN)?;
        Entry::decode(Version::Two, number, self.index.get(at..at.checked_add(ENTRY_LEN)?)?)
    }

    /// Length in bytes of the leading entries whose payload is already in the data file.
    pub(super) fn ready_len(&self) -> usize {
        if self.data.is_empty() {
            return self.index.len();
        }
        self.entries().take_while(|(_, entry)| entry.data_end() <= self.data_base).count() * ENTRY_LEN
    }

    /// Length of the leading part of `data` that ends at the last boundary of a `block` of the data file; 0 if it reaches none.
    pub(super) fn whole_blocks(&self, block: usize) -> usize {
        let behind = usize::try_from(self.data_end() % block as u64).unwrap_or(0);
        self.data.len().saturating_sub(behind)
    }

    /// Notes that `written` bytes of `data` were written and, if that is all of it, `beside` bytes of `direct` after them. The rest
    /// of `direct` becomes pending.
    pub(super) fn data_written(&mut self, written: usize, direct: &[u8], beside: usize) {
        self.data_base += (written + beside) as u64;
        self.data.drop_front(written);
        self.data.extend(direct.get(beside..).unwrap_or_default());
    }

    /// Notes that `len` bytes of `index` were written at `now`. Returns how many entries that completes. A partial entry will be
    /// written again.
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

//! What readers of a capture share: the open segments and how far they may be read.

use super::cuts::{CutRow, CutTable, ROWS_MAX};
use super::earlier::EarlierRuns;
use super::format::{self, CUT_LEN, ENTRY_LEN, Entry, HEADER_LEN, SegmentHeader, Version};
use super::hold::Holds;
use super::meta::Meta;
use super::peers::PeerTable;
use super::{LocalId, ReadError, Record, RecordKind, platform};
use crate::model::{PeerId, foreign_zone};
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Entries a large read takes (1 MiB of index).
const ENTRIES_A_READ: u64 = (1 << 20) / ENTRY_LEN as u64;
/// A payload is read in pieces of this size, so that no length from the disk sizes an allocation.
const BYTES_A_READ: usize = 256 * 1024;

/// A data file and its index file, both open.
#[derive(Debug)]
pub(super) struct Segment {
    /// From the index file.
    pub header: SegmentHeader,
    /// Payloads.
    pub data: File,
    /// Header and entries.
    pub index: File,
    /// Complete records that may be read.
    count: AtomicU64,
    /// Read when it is first asked for.
    cuts: OnceLock<CutTable>,
}

impl Segment {
    /// With `count` readable records.
    pub(super) fn new(header: SegmentHeader, data: File, index: File, count: u64) -> Self {
        Self { header, data, index, count: AtomicU64::new(count), cuts: OnceLock::new() }
    }

    /// Number of its first record.
    pub(super) fn first(&self) -> u64 {
        self.header.first_record
    }

    /// Readable records.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Behind its last readable record.
    pub(super) fn end(&self) -> u64 {
        self.first() + self.count()
    }

    /// So many records are complete on disk now.
    pub(super) fn publish(&self, count: u64) {
        self.count.store(count, Ordering::Release);
    }

    /// Where the entry of a record lies in the index file.
    pub(super) fn entry_offset(&self, number: u64) -> u64 {
        let entries = number.saturating_sub(self.first()).saturating_mul(self.header.version.entry_len() as u64);
        self.header.entries_at().saturating_add(entries)
    }

    /// The characters that the border before this segment cuts.
    pub(super) fn cuts(&self) -> &CutTable {
        self.cuts.get_or_init(|| {
            let count = (self.header.cuts as usize).min(ROWS_MAX);
            let mut bytes = vec![0; count * CUT_LEN];
            let read = platform::read_full_at(&self.index, &mut bytes, HEADER_LEN as u64).unwrap_or(0);
            let (rows, _) = bytes[..read].as_chunks::<CUT_LEN>();
            let rows: Vec<_> = rows.iter().zip(0..).filter_map(|(row, at)| CutRow::decode(at, row)).collect();
            // What cannot be read is unknown.
            let missing = self.header.cuts_missing || rows.len() != self.header.cuts as usize;
            CutTable::new(rows, missing)
        })
    }

    /// Its fixed-size entry.
    pub(super) fn entry(&self, number: u64) -> Result<Entry, ReadError> {
        let mut bytes = [0; ENTRY_LEN];
        let bytes = &mut bytes[..self.header.version.entry_len()];
        let count = platform::read_full_at(&self.index, bytes, self.entry_offset(number))
            .map_err(|error| self.failed("index", &error))?;
        (count == bytes.len())
            .then(|| Entry::decode(self.header.version, number, bytes))
            .flatten()
            .ok_or_else(|| self.damaged(number, "its index entry is damaged"))
    }

    /// Hands the entries of `range` (within this segment) to `take`, in order, until it answers false; `None` = damaged.
    pub(super) fn scan(
        &self,
        range: Range<u64>,
        mut take: impl FnMut(u64, Option<Entry>) -> bool,
    ) -> Result<(), ReadError> {
        let mut bytes = Vec::new();
        let mut number = range.start;
        let (version, entry_len) = (self.header.version, self.header.version.entry_len());
        while number < range.end {
            let wanted = ENTRIES_A_READ.min(range.end - number) as usize * entry_len;
            bytes.resize(wanted, 0);
            let read = platform::read_full_at(&self.index, &mut bytes, self.entry_offset(number))
                .map_err(|error| self.failed("index", &error))?;
            for entry in bytes[..read].chunks_exact(entry_len) {
                if !take(number, Entry::decode(version, number, entry)) {
                    return Ok(());
                }
                number += 1;
            }
            if read < wanted {
                take(number, None);
                return Ok(());
            }
        }
        Ok(())
    }

    /// The record an entry stands for.
    pub(super) fn record(&self, number: u64, entry: &Entry) -> Result<Record, ReadError> {
        Record::from_entry(number, entry, self.header.anchor_unix_ns)
            .ok_or_else(|| self.damaged(number, "its index entry makes no sense"))
    }

    /// Appends `len` bytes of the data file to `bytes`.
    pub(super) fn data(&self, number: u64, offset: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        append_from(&self.data, offset, len, bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(number, "its payload lies behind the end of the data file"),
            _ => self.failed("data", &error),
        })
    }

    /// Fills `bytes` from the data file.
    pub(super) fn data_into(&self, number: u64, offset: u64, bytes: &mut [u8]) -> Result<(), ReadError> {
        match platform::read_full_at(&self.data, bytes, offset) {
            Ok(count) if count == bytes.len() => Ok(()),
            Ok(_) => Err(self.damaged(number, "its payload lies behind the end of the data file")),
            Err(error) => Err(self.failed("data", &error)),
        }
    }

    fn failed(&self, part: &str, error: &io::Error) -> ReadError {
        ReadError::Io(format!("{part} file of segment {}: {error}", self.header.segment))
    }

    /// The error for a record whose bytes are wrong.
    pub(super) fn damaged(&self, number: u64, what: &str) -> ReadError {
        ReadError::Io(format!("record {number} in segment {}: {what}", self.header.segment))
    }
}

/// Appends `len` bytes of a file from `offset` on; what was appended before a failure is taken back.
pub(super) fn append_from(file: &File, offset: u64, len: usize, bytes: &mut Vec<u8>) -> io::Result<()> {
    let before = bytes.len();
    let mut done = 0;
    while done < len {
        let step = BYTES_A_READ.min(len - done);
        let at = bytes.len();
        bytes.resize(at + step, 0);
        let read = platform::read_full_at(file, &mut bytes[at..], offset.saturating_add(done as u64));
        if let Err(error) = read.and_then(|n| if n < step { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) })
        {
            bytes.truncate(before);
            return Err(error);
        }
        done += step;
    }
    Ok(())
}

/// A capture as its readers see it.
#[derive(Debug)]
pub(super) struct Store {
    /// Folder name.
    pub id: String,
    /// Where it lies.
    pub folder: PathBuf,
    /// As read when it was opened.
    pub meta: Meta,
    /// Another process writes it: there may be more than was seen.
    pub live: bool,
    /// The peer table.
    peers: PeerTable,
    /// Our own addresses, once there are some.
    locals: OnceLock<PeerTable>,
    /// Which records of a capture of version 1 stand alone.
    earlier: EarlierRuns,
    segments: RwLock<Vec<Arc<Segment>>>,
    first: AtomicU64,
    published: AtomicU64,
    /// Readers that eviction waits for.
    pub holds: Arc<Holds>,
    /// The user said that files may be read which were sent and not kept.
    pub follows: AtomicBool,
    /// Some were to be read and were not.
    pub left_unread: AtomicBool,
}

impl Store {
    /// Of these segments, ordered, none overlapping.
    pub(super) fn new(folder: &Path, meta: Meta, live: bool, peers: Option<File>, segments: Vec<Arc<Segment>>) -> Self {
        let store = Self {
            id: folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            folder: folder.to_owned(),
            meta,
            live,
            peers: PeerTable::new(peers),
            locals: OnceLock::new(),
            earlier: EarlierRuns::default(),
            segments: RwLock::new(Vec::new()),
            first: AtomicU64::new(0),
            published: AtomicU64::new(0),
            holds: Arc::default(),
            follows: AtomicBool::new(false),
            left_unread: AtomicBool::new(false),
        };
        store.update(|list| *list = segments);
        store
    }

    /// The segments; a panic of another thread while it held the lock leaves a sound list (it changes in single steps).
    pub(super) fn segments(&self) -> RwLockReadGuard<'_, Vec<Arc<Segment>>> {
        self.segments.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the list and what follows from it.
    pub(super) fn update(&self, change: impl FnOnce(&mut Vec<Arc<Segment>>)) {
        let mut list: RwLockWriteGuard<'_, _> = self.segments.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut list);
        if let (Some(first), Some(last)) = (list.first(), list.last()) {
            self.published.store(last.end(), Ordering::Release);
            self.first.store(first.first(), Ordering::Release);
        } else {
            self.first.store(self.published.load(Ordering::Acquire), Ordering::Release);
        }
    }

    /// Records below `end` are complete on disk.
    pub(super) fn publish(&self, end: u64) {
        self.published.store(end, Ordering::Release);
    }

    /// Readable records.
    pub(super) fn records(&self) -> Range<u64> {
        let first = self.first.load(Ordering::Acquire);
        first..self.published.load(Ordering::Acquire).max(first)
    }

    /// Payload bytes and records that the limit deleted.
    pub(super) fn evicted(&self) -> (u64, u64) {
        self.segments().first().map_or((0, 0), |s| (s.header.payload_bytes_before, s.header.first_record))
    }

    /// The segment that has a record.
    pub(super) fn segment_of(&self, number: u64) -> Result<Arc<Segment>, ReadError> {
        let records = self.records();
        if number >= records.end {
            return Err(ReadError::NotYet(number));
        }
        let segments = self.segments();
        let behind = segments.partition_point(|segment| segment.first() <= number);
        let segment = behind.checked_sub(1).and_then(|i| segments.get(i)).ok_or(ReadError::Evicted(number))?;
        if number < segment.end() { Ok(Arc::clone(segment)) } else { Err(segment.damaged(number, "it is missing")) }
    }

    /// The next record behind one that cannot be read: where whole segments are missing, behind all of theirs. Their number is
    /// what a file says, so it may be beyond counting.
    pub(super) fn behind_unreadable(&self, number: u64) -> u64 {
        let segments = self.segments();
        let behind = segments.partition_point(|segment| segment.first() <= number);
        let is_within = behind.checked_sub(1).and_then(|i| segments.get(i)).is_some_and(|s| number < s.end());
        let next = number.saturating_add(1);
        if is_within { next } else { segments.get(behind).map_or(next, |segment| segment.first()) }
    }

    /// The record of an entry. In version 1 its run tells whether it stands alone.
    pub(super) fn record(&self, segment: &Segment, number: u64, entry: &Entry) -> Result<Record, ReadError> {
        let mut record = segment.record(number, entry)?;
        let may_stand_alone = record.direction.is_some() || record.kind == RecordKind::PeerJoined;
        if segment.header.version == Version::One && may_stand_alone {
            record.marks.stands_alone = self.earlier.stands_alone(self, number);
        }
        Ok(record)
    }

    /// An address of this capture with the number that its zone has here: the capture may be of another machine, or its interfaces
    /// may have changed since.
    pub(super) fn here(&self, address: SocketAddr) -> SocketAddr {
        match address {
            SocketAddr::V6(mut v6) if v6.scope_id() != 0 => {
                if let Some(number) = self.meta.zones.get(&v6.scope_id()).and_then(|name| foreign_zone(name)) {
                    v6.set_scope_id(number);
                }
                v6.into()
            }
            address => address,
        }
    }

    /// One of our own addresses.
    pub(super) fn local_address(&self, local: LocalId) -> Option<SocketAddr> {
        if self.locals.get().is_none() {
            let file = platform::open_plain_file(&format::locals_path(&self.folder)).ok()?;
            self.locals.set(PeerTable::new(Some(file))).ok(); // whoever was first
        }
        self.locals.get()?.address(PeerId(local.0)).map(|address| self.here(address))
    }

    /// The file of our own addresses was made.
    pub(super) fn set_locals(&self, file: File) {
        self.locals.set(PeerTable::new(Some(file))).ok(); // a reader opened the same file meanwhile
    }

    /// The address in a row of the peer table.
    pub(super) fn peer_address(&self, peer: PeerId) -> Option<SocketAddr> {
        self.peers.address(peer).map(|address| self.here(address))
    }

    /// How many peers ever came. O(1).
    pub(super) fn peer_count(&self) -> u64 {
        self.peers.count()
    }

    /// The peer table's file.
    pub(super) fn peers_file(&self) -> Option<&File> {
        self.peers.file()
    }

    /// Payload bytes of the data records that can be read now.
    pub(super) fn payload_bytes(&self) -> Result<u64, ReadError> {
        let (before, last) = {
            let segments = self.segments();
            let Some(last) = segments.last() else { return Ok(0) };
            (segments.first().map_or(0, |s| s.header.payload_bytes_before), Arc::clone(last))
        };
        let mut bytes = last.header.payload_bytes_before.saturating_sub(before);
        last.scan(last.first()..last.end(), |_, entry| {
            let data = entry.filter(|entry| entry.kind == super::RecordKind::Data as u8);
            bytes = bytes.saturating_add(data.map_or(0, |entry| u64::from(entry.len)));
            true
        })?;
        Ok(bytes)
    }

    /// Bytes on disk: data, index and peer table.
    pub(super) fn disk_bytes(&self) -> u64 {
        let len = |file: &File| file.metadata().map_or(0, |metadata| metadata.len());
        let segments: u64 = self.segments().iter().map(|s| len(&s.data).saturating_add(len(&s.index))).sum();
        let locals = std::fs::metadata(format::locals_path(&self.folder)).map_or(0, |metadata| metadata.len());
        segments.saturating_add(self.peers.file().map_or(0, len)).saturating_add(locals)
    }
}

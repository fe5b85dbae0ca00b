//! State that all readers of a capture share: the open segments and the count of readable records.

use super::cuts::{CutRow, CutTable, ROWS_MAX};
use super::earlier::EarlierRuns;
use super::format::{self, CUT_LEN, ENTRY_LEN, Entry, HEADER_LEN, SegmentHeader, Version};
use super::hold::Holds;
use super::meta::Meta;
use super::names::Names;
use super::peers::PeerTable;
use super::{LocalId, NameId, ReadError, Record, RecordKind, platform};
use crate::model::{PeerId, UnixEnd, foreign_zone};
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Entries per large read (1 MiB of index).
const ENTRIES_A_READ: u64 = (1 << 20) / ENTRY_LEN as u64;
/// Payloads are read in chunks of this size, so that no length from the disk sizes an allocation.
const BYTES_A_READ: usize = 256 * 1024;

/// A data file and its index file, both open.
#[derive(Debug)]
pub(super) struct Segment {
    /// Header of the index file.
    pub header: SegmentHeader,
    /// Payload file.
    pub data: File,
    /// Index file: header and entries.
    pub index: File,
    /// Count of complete, readable records.
    count: AtomicU64,
    /// Read on first use.
    cuts: OnceLock<CutTable>,
}

impl Segment {
    /// Creates a segment with `count` readable records.
    pub(super) fn new(header: SegmentHeader, data: File, index: File, count: u64) -> Self {
        Self { header, data, index, count: AtomicU64::new(count), cuts: OnceLock::new() }
    }

    /// Number of the first record.
    pub(super) fn first(&self) -> u64 {
        self.header.first_record
    }

    /// Count of readable records.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Number after the last readable record.
    pub(super) fn end(&self) -> u64 {
        self.first() + self.count()
    }

    /// Marks the first `count` records as complete on disk.
    pub(super) fn publish(&self, count: u64) {
        self.count.store(count, Ordering::Release);
    }

    /// Offset of a record's entry in the index file.
    pub(super) fn entry_offset(&self, number: u64) -> u64 {
        let entries = number.saturating_sub(self.first()).saturating_mul(self.header.version.entry_len() as u64);
        self.header.entries_at().saturating_add(entries)
    }

    /// The characters cut by the start of this segment.
    pub(super) fn cuts(&self) -> &CutTable {
        self.cuts.get_or_init(|| {
            let count = (self.header.cuts as usize).min(ROWS_MAX);
            let mut bytes = vec![0; count * CUT_LEN];
            let read = platform::read_full_at(&self.index, &mut bytes, HEADER_LEN as u64).unwrap_or(0);
            let (rows, _) = bytes[..read].as_chunks::<CUT_LEN>();
            let rows: Vec<_> = rows.iter().zip(0..).filter_map(|(row, at)| CutRow::decode(at, row)).collect();
            // Unreadable rows count as missing.
            let missing = self.header.cuts_missing || rows.len() != self.header.cuts as usize;
            CutTable::new(rows, missing)
        })
    }

    /// Reads the index entry of a record.
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

    /// Passes the entries of `range` (within this segment) to `take` in order until it returns false; `None` stands for a damaged
    /// entry.
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

    /// Decodes the record of an entry.
    pub(super) fn record(&self, number: u64, entry: &Entry) -> Result<Record, ReadError> {
        Record::from_entry(number, entry, self.header.anchor_unix_ns)
            .ok_or_else(|| self.damaged(number, "its index entry is invalid"))
    }

    /// Appends `len` bytes of the data file to `bytes`.
    pub(super) fn data(&self, number: u64, offset: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        append_from(&self.data, offset, len, bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(number, "its payload lies beyond the end of the data file"),
            _ => self.failed("data", &error),
        })
    }

    /// Fills `bytes` from the data file.
    pub(super) fn data_into(&self, number: u64, offset: u64, bytes: &mut [u8]) -> Result<(), ReadError> {
        match platform::read_full_at(&self.data, bytes, offset) {
            Ok(count) if count == bytes.len() => Ok(()),
            Ok(_) => Err(self.damaged(number, "its payload lies beyond the end of the data file")),
            Err(error) => Err(self.failed("data", &error)),
        }
    }

    fn failed(&self, part: &str, error: &io::Error) -> ReadError {
        ReadError::Io(format!("{part} file of segment {}: {error}", self.header.segment))
    }

    /// Error for a damaged record.
    pub(super) fn damaged(&self, number: u64, what: &str) -> ReadError {
        ReadError::Io(format!("record {number} in segment {}: {what}", self.header.segment))
    }
}

/// Appends `len` bytes of a file from `offset` on. On error `bytes` is left unchanged.
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

/// A capture, shared by its readers.
#[derive(Debug)]
pub(super) struct Store {
    /// Id of the capture: its folder name.
    pub id: String,
    /// Path of the folder.
    pub folder: PathBuf,
    /// `meta.json` as of opening.
    pub meta: Meta,
    /// Another process writes the capture, so that it may grow.
    pub live: bool,
    /// The peer table.
    peers: PeerTable,
    /// Table of local addresses; set once there are any.
    locals: OnceLock<PeerTable>,
    /// Names of what sent something.
    pub names: Names,
    /// For captures of version 1: which records are datagrams.
    earlier: EarlierRuns,
    segments: RwLock<Vec<Arc<Segment>>>,
    first: AtomicU64,
    published: AtomicU64,
    /// Readers that eviction waits for.
    pub holds: Arc<Holds>,
    /// The user allowed reading sent files that were not kept.
    pub follows: AtomicBool,
    /// A sent file had to be read and was refused.
    pub left_unread: AtomicBool,
}

impl Store {
    /// Creates a store of these segments, which must be ordered and must not overlap.
    pub(super) fn new(folder: &Path, meta: Meta, live: bool, peers: Option<File>, segments: Vec<Arc<Segment>>) -> Self {
        let store = Self {
            id: folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
            folder: folder.to_owned(),
            names: Names::of(&meta.names),
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

    /// The segments. A poisoned lock is ignored: the list changes in single steps and is always valid.
    pub(super) fn segments(&self) -> RwLockReadGuard<'_, Vec<Arc<Segment>>> {
        self.segments.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the list of segments and updates the cached record range.
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

    /// Marks the records below `end` as complete on disk.
    pub(super) fn publish(&self, end: u64) {
        self.published.store(end, Ordering::Release);
    }

    /// Range of readable records.
    pub(super) fn records(&self) -> Range<u64> {
        let first = self.first.load(Ordering::Acquire);
        first..self.published.load(Ordering::Acquire).max(first)
    }

    /// Payload bytes and records that the size limit deleted.
    pub(super) fn evicted(&self) -> (u64, u64) {
        self.segments().first().map_or((0, 0), |s| (s.header.payload_bytes_before, s.header.first_record))
    }

    /// The segment that contains a record.
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

    /// The next record after an unreadable one. If entire segments are missing, all of their records are skipped. Segment numbers
    /// come from files, so the sum is saturating.
    pub(super) fn behind_unreadable(&self, number: u64) -> u64 {
        let segments = self.segments();
        let behind = segments.partition_point(|segment| segment.first() <= number);
        let is_within = behind.checked_sub(1).and_then(|i| segments.get(i)).is_some_and(|s| number < s.end());
        let next = number.saturating_add(1);
        if is_within { next } else { segments.get(behind).map_or(next, |segment| segment.first()) }
    }

    /// Decodes the record of an entry. For version 1, whether it is a datagram is derived from its run.
    pub(super) fn record(&self, segment: &Segment, number: u64, entry: &Entry) -> Result<Record, ReadError> {
        let mut record = segment.record(number, entry)?;
        let may_stand_alone = record.direction.is_some() || record.kind == RecordKind::PeerJoined;
        if segment.header.version == Version::One && may_stand_alone {
            record.marks.is_message = self.earlier.is_message(self, number);
        }
        Ok(record)
    }

    /// Translates the IPv6 zone of an address to its number on this machine now. The capture may come from another machine, or the
    /// interfaces may have changed since.
    pub(super) fn here(&self, address: SocketAddr) -> SocketAddr {
        if let Some(end) = UnixEnd::of(address) {
            let name = self.meta.unix_names.get(&address.port()).cloned().or(end.name);
            return UnixEnd { name, ..end }.address();
        }
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

    /// A local address by its number.
    pub(super) fn local_address(&self, local: LocalId) -> Option<SocketAddr> {
        self.locals()?.address(PeerId(local.0)).map(|address| self.here(address))
    }

    /// The number on this machine of the interface that a datagram to a local address arrived on.
    pub(super) fn local_interface(&self, local: LocalId) -> Option<u32> {
        let number = Some(self.locals()?.interface(PeerId(local.0))).filter(|number| *number != 0)?;
        Some(self.meta.zones.get(&number).and_then(|name| foreign_zone(name)).unwrap_or(number))
    }

    fn locals(&self) -> Option<&PeerTable> {
        if self.locals.get().is_none() {
            let file = platform::open_plain_file(&format::locals_path(&self.folder)).ok()?;
            self.locals.set(PeerTable::new(Some(file))).ok(); // another thread may have set it first
        }
        self.locals.get()
    }

    /// A name by its number.
    pub(super) fn name(&self, id: NameId) -> Option<Arc<str>> {
        let known = self.names.get(id);
        if known.is_some() || id == NameId::NONE || !self.live {
            return known;
        }
        // The process that writes the capture has added it since.
        self.names.grow(&Meta::read(&self.folder).ok()?.names);
        self.names.get(id)
    }

    /// Sets the table of local addresses once the writer has created it.
    pub(super) fn set_locals(&self, file: File) {
        self.locals.set(PeerTable::new(Some(file))).ok(); // a reader may have opened the same file meanwhile
    }

    /// The address of a peer.
    pub(super) fn peer_address(&self, peer: PeerId) -> Option<SocketAddr> {
        self.peers.address(peer).map(|address| self.here(address))
    }

    /// Count of all peers, including those that left. O(1).
    pub(super) fn peer_count(&self) -> u64 {
        self.peers.count()
    }

    /// File of the peer table.
    pub(super) fn peers_file(&self) -> Option<&File> {
        self.peers.file()
    }

    /// Payload bytes of all readable data records.
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

    /// Size on disk in bytes: data, index and address tables.
    pub(super) fn disk_bytes(&self) -> u64 {
        let len = |file: &File| file.metadata().map_or(0, |metadata| metadata.len());
        let segments: u64 = self.segments().iter().map(|s| len(&s.data).saturating_add(len(&s.index))).sum();
        let locals = std::fs::metadata(format::locals_path(&self.folder)).map_or(0, |metadata| metadata.len());
        segments.saturating_add(self.peers.file().map_or(0, len)).saturating_add(locals)
    }
}

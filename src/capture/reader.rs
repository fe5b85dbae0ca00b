//! Random access to a capture: any number of readers beside the writer, in this process or another.

use super::follow::{self, Leave};
use super::format;
use super::sent_file::{FileReference, REFERENCE_LEN_MAX, part_hash};
use super::store::{self, Store};
use super::{CaptureState, Hold, LocalId, Record, SessionNote, file_stamp, open, platform};
use crate::codec::Encoding;
use crate::codec::safe::is_hidden;
use crate::model::{NetError, PeerId};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Maximum length of a note in bytes.
const NOTE_LEN_MAX: u32 = 1 << 20;

/// Why a record could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Deleted by the size limit.
    #[error("record {0} was evicted")]
    Evicted(u64),
    /// Not published yet.
    #[error("record {0} does not exist")]
    NotYet(u64),
    /// The sent file was deleted or has changed.
    #[error("the file that was sent has changed: {0}")]
    FileChanged(ChangedFile),
    /// The sent file was not kept, and opening the path recorded in the capture is not allowed.
    #[error("the file that was sent was not read ({why}): {path}")]
    NotFollowed {
        /// The path, with hidden characters escaped.
        path: String,
        /// Reason for the refusal.
        why: NotFollowed,
    },
    /// The capture's files are damaged or unreadable.
    #[error("{0}")]
    Io(String),
}

/// A sent file that no longer has the contents that were sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path, with hidden characters escaped.
    pub path: String,
    /// What differs, in English.
    pub why: String,
    /// Its size in bytes when it was sent.
    pub size: u64,
    /// XXH3 of the part that was sent; 0 if unknown.
    pub hash: u64,
}

impl fmt::Display for ChangedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, why, size, hash } = self;
        write!(f, "{path}: {why}")?;
        if *hash == 0 { Ok(()) } else { write!(f, " (its size was {size}, the XXH3 of this part {hash:016x})") }
    }
}

/// Why the path of a sent file is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFollowed {
    /// The capture cannot be shown to come from this program on this machine.
    #[error("this capture was not written on this machine")]
    Foreign,
    /// The file is on a server, is a device, or is reached through a link.
    #[error("it lies on a server, is a device or is reached by a link")]
    Elsewhere,
}

/// A handle on a capture. Clones share the open files.
#[derive(Clone, Debug)]
pub struct CaptureReader {
    store: Arc<Store>,
}

impl CaptureReader {
    /// Creates a reader of an open capture.
    pub(super) fn of(store: Arc<Store>) -> Self {
        Self { store }
    }

    /// The state that all clones share.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Opens a capture that was closed or killed, or that another process is writing. A tail left incomplete by a kill or power loss
    /// is hidden. If no process writes the capture, the tail is truncated and [`CaptureReader::recovered_note`] says so.
    ///
    /// # Errors
    /// The capture does not exist, or is damaged beyond use.
    pub fn open(folder: &Path) -> Result<Self, NetError> {
        open::open(folder).map(|store| Self::of(Arc::new(store)))
    }

    /// Findings of the tail check and of later integrity checks, in English; `None` if there are none.
    #[must_use]
    pub fn recovered_note(&self) -> Option<&str> {
        self.store.meta.recovered_note.as_deref()
    }

    /// The id of the capture: its folder name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.store.id
    }

    /// Path of the capture's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.store.folder
    }

    /// The endpoint that the capture was created for (`tcp://…`); empty if that was lost.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.store.meta.endpoint
    }

    /// Creation time, in ns since 1970 UTC.
    #[must_use]
    pub fn created_unix_ns(&self) -> i64 {
        self.store.meta.created_unix_ns
    }

    /// State of the capture when it was opened.
    #[must_use]
    pub fn state(&self) -> CaptureState {
        self.store.meta.state
    }

    /// Range of the records that can be read now: from the oldest one kept to the newest one published. O(1).
    #[must_use]
    pub fn records(&self) -> Range<u64> {
        self.store.records()
    }

    /// Protects the records from `from` on from the size limit until the hold is advanced or dropped; the writer waits if it belongs
    /// to this process. Records that are already deleted remain so.
    #[must_use]
    pub fn hold(&self, from: u64) -> Hold {
        Hold::new(&self.store.holds, from)
    }

    /// Payload bytes and records deleted by the size limit so far.
    #[must_use]
    pub fn evicted(&self) -> (u64, u64) {
        self.store.evicted()
    }

    /// Reads one record. O(1), at most one small read.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn record(&self, number: u64) -> Result<Record, ReadError> {
        let segment = self.store.segment_of(number)?;
        self.store.record(&segment, number, &segment.entry(number)?)
    }

    /// Appends the records of `range` to `records` with few large reads, for scans. Stops early at the end of a segment or before a
    /// damaged entry; to continue, call it again from after the last record returned. Records that are not published yet are left
    /// out.
    ///
    /// # Errors
    /// See [`ReadError`]; only if not even the first record of `range` can be read.
    pub fn records_in(&self, range: Range<u64>, records: &mut Vec<Record>) -> Result<(), ReadError> {
        if range.is_empty() {
            return Ok(());
        }
        let segment = self.store.segment_of(range.start)?;
        let mut first_error = None;
        segment.scan(range.start..range.end.min(segment.end()), |number, entry| {
            let record = match entry {
                Some(entry) => self.store.record(&segment, number, &entry),
                None => Err(segment.damaged(number, "its index entry is damaged")),
            };
            match record {
                Ok(record) => records.push(record),
                Err(error) => {
                    first_error = (number == range.start).then_some(error);
                    return false;
                }
            }
            true
        })?;
        first_error.map_or(Ok(()), Err)
    }

    /// Appends `part` (byte offsets within the record's payload, clipped to its length) to `bytes`.
    ///
    /// # Errors
    /// See [`ReadError`]. On error nothing is appended.
    pub fn payload(&self, record: &Record, part: Range<u32>, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
        let end = part.end.min(record.len);
        if part.start >= end {
            return Ok(());
        }
        let len = (end - part.start) as usize;
        if record.flags == 0 {
            let segment = self.store.segment_of(record.number)?;
            return segment.data(record.number, record.data_offset.saturating_add(part.start.into()), len, bytes);
        }
        let mut stored = Vec::new();
        let segment = self.store.segment_of(record.number)?;
        if record.stored as usize <= REFERENCE_LEN_MAX {
            segment.data(record.number, record.data_offset, record.stored as usize, &mut stored)?;
        }
        let damaged = || ReadError::Io(format!("record {}: its file reference is damaged", record.number));
        if record.flags & format::FLAG_GONE != 0 {
            let original = stored.as_slice().try_into().map(u64::from_le_bytes).map_err(|_| damaged())?;
            return Err(ReadError::Evicted(original));
        }
        let reference = FileReference::decode(segment.header.version, &stored).ok_or_else(damaged)?;
        let offset = reference.offset.saturating_add(part.start.into());
        let before = bytes.len();
        self.may_follow(&reference.path)?;
        read_sent_file(&reference, offset, len, bytes)?;
        let is_whole = len == record.len as usize;
        if is_whole && reference.hash != 0 && part_hash(&bytes[before..]) != reference.hash {
            bytes.truncate(before);
            return Err(changed(&reference, "its contents are different"));
        }
        Ok(())
    }

    /// For a record of a sent file: the file's name for display and its size in bytes when the send started. `None` if the bytes are
    /// stored in the capture or the reference is damaged.
    #[must_use]
    pub fn sent_file(&self, record: &Record) -> Option<(String, u64)> {
        if !record.from_file || record.stored as usize > REFERENCE_LEN_MAX {
            return None;
        }
        let mut stored = Vec::new();
        let segment = self.store.segment_of(record.number).ok()?;
        segment.data(record.number, record.data_offset, record.stored as usize, &mut stored).ok()?;
        let reference = FileReference::decode(segment.header.version, &stored)?;
        Some((shown(Path::new(reference.path.file_name()?)), reference.size))
    }

    /// Allows reading sent files that were not kept from the paths recorded in the capture. Only plain files are read, and for a
    /// capture that was not written here no files on servers. Applies to all clones. Call it only on request of the user.
    pub fn follow_files(&self) {
        self.store.follows.store(true, Ordering::Relaxed);
        self.store.left_unread.store(false, Ordering::Relaxed);
    }

    /// Whether reading a sent file was refused ([`ReadError::NotFollowed`]) since the last call of [`CaptureReader::follow_files`].
    #[must_use]
    pub fn left_files_unread(&self) -> bool {
        self.store.left_unread.load(Ordering::Relaxed)
    }

    fn may_follow(&self, path: &Path) -> Result<(), ReadError> {
        let leave = Leave { own: self.store.meta.is_own(), asked: self.store.follows.load(Ordering::Relaxed) };
        let Some(why) = follow::refusal(path, leave) else { return Ok(()) };
        self.store.left_unread.store(!leave.asked, Ordering::Relaxed);
        Err(ReadError::NotFollowed { path: shown(path), why })
    }

    /// Reads several payloads at once: those of the leading records of `records` (from one call of [`CaptureReader::records_in`])
    /// that lie close together in the data file, at most `most` bytes. Returns the count of these records and the offset in the data
    /// file of the first byte of `bytes`. Bytes after the last payload are undefined. Returns 0 records if the first one is longer
    /// than `most` or its payload is stored elsewhere.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub(super) fn payload_run(
        &self,
        records: &[Record],
        most: usize,
        bytes: &mut Vec<u8>,
    ) -> Result<(usize, u64), ReadError> {
        let Some(first) = records.first() else { return Ok((0, 0)) };
        let start = first.data_offset;
        let mut end = start;
        // A payload that was sent again is stored where it was first received, within the range that is read anyway.
        let lies_close = |record: &&Record| {
            let record_end = record.data_offset.saturating_add(u64::from(record.stored));
            let fits = record.flags == 0 && (start..=end).contains(&record.data_offset);
            let fits = fits && record_end.saturating_sub(start) <= most as u64;
            end = if fits { end.max(record_end) } else { end };
            fits
        };
        let count = records.iter().take_while(lies_close).count();
        let len = (end - start) as usize;
        if bytes.len() < len {
            bytes.resize(most.max(len), 0);
        }
        if len > 0 {
            let segment = self.store.segment_of(first.number)?;
            segment.data_into(first.number, start, bytes.get_mut(..len).unwrap_or_default())?;
        }
        Ok((count, start))
    }

    /// Decodes the note of a record that is not data.
    ///
    /// # Errors
    /// See [`ReadError`]; also `Io` for a record without a note (data, a peer that joined or half-closed).
    pub fn note(&self, record: &Record) -> Result<SessionNote, ReadError> {
        let unreadable = |why: &str| ReadError::Io(format!("record {}: {why}", record.number));
        if record.direction.is_some() || record.len == 0 || record.len > NOTE_LEN_MAX {
            return Err(unreadable("it has no note"));
        }
        let mut json = Vec::new();
        self.payload(record, 0..record.len, &mut json)?;
        let note =
            serde_json::from_slice(&json).map_err(|error| unreadable(&format!("its note is damaged: {error}")))?;
        Ok(match note {
            SessionNote::Listening { local } => SessionNote::Listening { local: self.store.here(local) },
            SessionNote::Bound { local } => SessionNote::Bound { local: self.store.here(local) },
            SessionNote::Connected { local, remote, took_ms } => {
                SessionNote::Connected { local: self.store.here(local), remote: self.store.here(remote), took_ms }
            }
            note => note,
        })
    }

    /// The address of a peer. O(1).
    #[must_use]
    pub fn peer_address(&self, peer: PeerId) -> Option<SocketAddr> {
        self.store.peer_address(peer)
    }

    /// The name of the rule, step or command that sent the record.
    #[must_use]
    pub fn name(&self, record: &Record) -> Option<Arc<str>> {
        self.store.name(record.marks.name)
    }

    /// Whether records have names.
    #[must_use]
    pub fn has_names(&self) -> bool {
        !self.store.names.is_empty()
    }

    /// A local address, by [`Record::destination`]. O(1).
    #[must_use]
    pub fn local_address(&self, local: LocalId) -> Option<SocketAddr> {
        self.store.local_address(local)
    }

    /// The number of the interface that a datagram to this local address arrived on, if the system reported it. Its name:
    /// [`crate::model::zone_name`]. O(1).
    #[must_use]
    pub fn local_interface(&self, local: LocalId) -> Option<u32> {
        self.store.local_interface(local)
    }

    /// For the first record of a stream in its segment, whose preceding bytes may be evicted: returns the preceding bytes (at most
    /// 3) of the character that the record continues. Empty if the record starts with a complete character, as datagrams and the
    /// first record of a stream do. `None` if it is not the first one in its segment, or this is unknown.
    #[must_use]
    pub fn open_before(&self, record: &Record, encoding: Encoding) -> Option<Vec<u8>> {
        let direction = record.direction?;
        if record.is_message() || record.stream_offset == 0 {
            return Some(Vec::new());
        }
        let segment = self.store.segment_of(record.number).ok()?;
        if record.previous.is_some_and(|previous| previous >= segment.first()) {
            return None;
        }
        let cut = segment.cuts().of(record.peer, direction, record.stream_offset);
        cut.open_in(encoding).map(<[u8]>::to_vec)
    }

    /// For a capture that another process writes: checks the files for new records. Readers in the writer's process need not call
    /// it.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn refresh(&self) -> Result<(), ReadError> {
        open::refresh(&self.store)
    }
}

/// Reads bytes of a sent file if its size and modification time are unchanged.
fn read_sent_file(reference: &FileReference, offset: u64, len: usize, bytes: &mut Vec<u8>) -> Result<(), ReadError> {
    let unreadable = |error: io::Error| changed(reference, &error.to_string());
    let file = platform::open_plain_file(&reference.path).map_err(unreadable)?;
    if file_stamp(&file.metadata().map_err(unreadable)?) != (reference.size, reference.modified_ns) {
        return Err(changed(reference, "its size or time is different"));
    }
    store::append_from(&file, offset, len, bytes).map_err(unreadable)
}

/// Error for a changed file, with its original properties.
fn changed(reference: &FileReference, why: &str) -> ReadError {
    let FileReference { path, size, hash, .. } = reference;
    // Version 1 has no hash.
    ReadError::FileChanged(ChangedFile { path: shown(path), why: why.to_owned(), size: *size, hash: *hash })
}

/// Escapes a path for an error message: it may come from a foreign capture, and the message may go to a terminal.
fn shown(path: &Path) -> String {
    let mut text = String::new();
    for character in path.display().to_string().chars() {
        if is_hidden(character) { text.extend(character.escape_default()) } else { text.push(character) }
    }
    text
}

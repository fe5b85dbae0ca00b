//! Appending: the one writer of a capture.

mod append;
mod create;
mod cuts;
mod flush;
mod rows;
mod space;

use super::disk::{Clock, Disk};
use super::pending::Pending;
use super::sharing::{RecentPlaces, SharedPayloads};
use super::store::{Segment, Store};
use super::{CaptureReader, CaptureState, Caught, LocalId, NewRecord, SessionNote};
use crate::model::{Endpoint, ErrorKind, NetError, Operation, PeerId};
use append::Streams;
use rows::RefusedRow;
use space::SpaceWatch;
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A payload of so many bytes is not gathered but written at once, behind what is pending.
const DIRECT_BYTES: usize = 256 * 1024;
/// Gathered payload is written when it reaches a border of such blocks of the data file.
const BLOCK_BYTES: usize = 1 << 20;
/// Pending index entries that are written at once.
const INDEX_BYTES: usize = 256 * 1024;
/// The least room a read is given: a message is not cut in two because a block is nearly full.
const ROOM_MIN: usize = 256 * 1024;
/// The longest that a record stays pending.
const FLUSH_DELAY: Duration = Duration::from_millis(2);
/// After a failed write the next one is due this much later.
const RETRY_DELAY: Duration = Duration::from_millis(200);
/// The least limit.
const LIMIT_MIN: u64 = 1 << 20;
/// The limit's part that a segment may take.
const SEGMENTS: u64 = 16;
/// No segment is larger (a single record aside), so that what is evicted at once stays small against a large limit.
const SEGMENT_MAX: u64 = 1 << 30;
/// Wall and monotonic time may part by this much before it is called a jump.
const JUMP_NS: u64 = 1_000_000_000;
/// Shared payloads are let go when nothing was appended for so long.
const SHARED_IDLE: Duration = Duration::from_secs(10);

/// Own addresses a capture has at most; what comes to further ones has none.
const LOCALS_MAX: usize = 4096;

/// How a capture is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureOptions {
    /// Data + index bytes kept at most; the oldest segment goes first. Default 4 GiB, at least 1 MiB.
    pub limit_bytes: u64,
    /// Delete the folder when the writer is dropped (and no earlier).
    pub delete_on_close: bool,
    /// A sent file of at most so many bytes is kept in the capture; of a larger one only the place, and its bytes are read from there.
    /// Default 4 MiB.
    pub kept_file_bytes: u64,
}

impl Default for CaptureOptions {
    fn default() -> Self {
        Self { limit_bytes: 4 << 30, delete_on_close: false, kept_file_bytes: 4 << 20 }
    }
}

/// Why an append or flush did not reach the disk.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// No room (or less than 5 % of the disk, at most 2 GiB, left and nothing of this capture to evict). Nothing was lost: what was
    /// appended is still pending; stop appending until [`CaptureWriter::flush`] succeeds.
    #[error("disk full")]
    DiskFull(NetError),
    /// Any other failure; pending data is kept as for `DiskFull`.
    #[error("{0}")]
    Failed(NetError),
}

/// Totals a writer knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterStats {
    /// Records of every kind appended so far (= number of the next one).
    pub records: u64,
    /// Payload bytes deleted by the limit.
    pub evicted_bytes: u64,
    /// Records deleted by the limit.
    pub evicted_records: u64,
    /// Bytes on disk now, data + index + peer table.
    pub disk_bytes: u64,
    /// Appended but not yet written: received payload bytes / received data records.
    pub pending_received_bytes: u64,
    /// See `pending_received_bytes`.
    pub pending_received_records: u64,
}

/// The writer. Not shared: it lives in the worker thread. Dropping it flushes and closes the capture.
pub struct CaptureWriter {
    store: Arc<Store>,
    current: Arc<Segment>,
    pending: Pending,
    streams: Streams,
    shared: SharedPayloads,
    recent: RecentPlaces,
    /// Held locked.
    lock: File,
    folder: PathBuf,
    options: CaptureOptions,
    segment_limit: u64,
    disk: Disk,
    clock: Clock,
    /// Wall time at monotonic time 0, of the current segment.
    anchor_unix_ns: i64,
    next_record: u64,
    next_peer: u32,
    /// A row of a table that the disk refused. While it does, nothing counts as written.
    refused_row: Option<RefusedRow>,
    /// Our own addresses that have a number.
    locals: HashMap<SocketAddr, LocalId>,
    /// Their table, once there are some.
    locals_file: Option<File>,
    /// Payload bytes of all data records appended.
    payload_bytes: u64,
    /// Bytes of each segment before the current one, oldest first.
    sealed: VecDeque<u64>,
    /// Bytes on disk.
    disk_bytes: u64,
    /// Evicted files that could not be deleted yet.
    undeleted: Vec<PathBuf>,
    space: SpaceWatch,
    /// A reader still needs what was to be deleted; until [`CaptureWriter::goes_on`] finds that none does.
    waits: bool,
    /// The current segment is full, and the next could not be made.
    roll_due: bool,
    /// The last write failed; the next is due then.
    retry_at: Option<Instant>,
    last_append: Option<Instant>,
    finished: bool,
}

impl std::fmt::Debug for CaptureWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CaptureWriter")
            .field("folder", &self.folder)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl CaptureWriter {
    /// A new capture folder below `captures_dir` (made if missing; readable by its owner only).
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn create(captures_dir: &Path, endpoint: &Endpoint, options: CaptureOptions) -> Result<Self, NetError> {
        create::create(captures_dir, endpoint, options, Disk::default(), Clock::start(), None)
    }

    /// A capture of what happened before: its records begin at `first_unix_ns` (ns since 1970 UTC) and are appended by
    /// [`CaptureWriter::append_past`].
    ///
    /// # Errors
    /// As for [`CaptureWriter::create`].
    pub(super) fn create_past(
        captures_dir: &Path,
        endpoint: &Endpoint,
        options: CaptureOptions,
        first_unix_ns: i64,
    ) -> Result<Self, NetError> {
        create::create(captures_dir, endpoint, options, Disk::default(), Clock::start(), Some(first_unix_ns))
    }

    /// Appends a record with a time of its own. Times before the capture's first one become that one.
    ///
    /// # Errors
    /// As for [`CaptureWriter::append`].
    pub(super) fn append_past(&mut self, record: &NewRecord<'_>, unix_ns: i64) -> Result<u64, WriteError> {
        let mono_ns = u64::try_from(unix_ns.saturating_sub(self.anchor_unix_ns)).unwrap_or(0);
        self.append_at(record, self.clock.instant(mono_ns))
    }

    /// With a disk and a clock of the test's own.
    #[cfg(test)]
    pub(super) fn create_with(
        captures_dir: &Path,
        endpoint: &Endpoint,
        options: CaptureOptions,
        disk: Disk,
        clock: Clock,
    ) -> Result<Self, NetError> {
        create::create(captures_dir, endpoint, options, disk, clock, None)
    }

    /// Readers of this capture; cheap to clone, may be sent to other threads.
    #[must_use]
    pub fn reader(&self) -> CaptureReader {
        CaptureReader::of(Arc::clone(&self.store))
    }

    /// Whom to call when readers that were waited for have gone on. Must not block. The first call counts.
    pub fn set_caught(&self, caught: Caught) {
        self.store.holds.set_caught(caught);
    }

    /// The limit is reached, and a reader still needs the oldest records ([`CaptureReader::hold`]): nothing more should be read from
    /// sockets until [`CaptureWriter::goes_on`]. What is appended all the same is stored beyond the limit.
    #[must_use]
    pub fn waits_for_readers(&self) -> bool {
        self.waits
    }

    /// Readers that were waited for have gone on, or there was none: it is time for [`CaptureWriter::goes_on`].
    #[must_use]
    pub fn may_go_on(&self) -> bool {
        self.waits && !self.store.holds.is_awaiting()
    }

    /// Deletes what the limit asks for and readers let go. True = nobody has to be waited for.
    pub fn goes_on(&mut self) -> bool {
        if self.may_go_on() {
            self.waits = false;
            self.keep_limit(0);
        }
        !self.waits
    }

    /// The id = folder name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.store.id
    }

    /// Forgets the stream state of a peer that left (bounds memory; its records stay).
    pub fn forget_peer(&mut self, peer: PeerId) {
        self.streams.forget(peer);
    }

    /// Appends one record to the pending buffer, stamps it with the time now, and writes when enough is gathered. Returns
    /// the record's number. On an error that the write of *earlier* pending data met, this record is pending too (never
    /// lost) but nothing more should be appended.
    ///
    /// # Errors
    /// See [`WriteError`]. Only [`ErrorKind::Invalid`] means that the record was refused (a part outside its payload, a
    /// payload of 4 GiB, `SameAs` of a record that never was).
    pub fn append(&mut self, record: &NewRecord<'_>) -> Result<u64, WriteError> {
        let now = self.clock.now();
        self.last_append = Some(now);
        self.append_at(record, now)
    }

    /// Room to read a socket into: at least 256 KiB, to the end of a block of the data file where that is more. What was read becomes a
    /// record by [`CaptureWriter::append_read`], without a copy.
    pub fn room(&mut self) -> &mut [u8] {
        let in_block = usize::try_from(self.pending.data_end() % BLOCK_BYTES as u64).unwrap_or(0);
        self.pending.data.spare((BLOCK_BYTES - in_block).max(ROOM_MIN))
    }

    /// Appends a received record of the first `len` bytes that were read into [`CaptureWriter::room`].
    ///
    /// # Errors
    /// As for [`CaptureWriter::append`].
    pub fn append_read(&mut self, peer: PeerId, len: usize) -> Result<u64, WriteError> {
        let now = self.clock.now();
        self.last_append = Some(now);
        self.append_read_at(peer, len, now)
    }

    /// Writes and publishes all that is pending, a refused row of a table too. Nothing pending: does nothing.
    ///
    /// # Errors
    /// See [`WriteError`]; may be called again later.
    pub fn flush(&mut self) -> Result<(), WriteError> {
        if !self.pending.is_empty() {
            self.write_pending(&[])?;
        }
        if !self.streams.due.is_empty() {
            self.note_cuts();
        }
        self.retry_row()?;
        if self.roll_due { self.roll(self.anchor_unix_ns) } else { Ok(()) }
    }

    /// When pending data must be flushed at the latest (2 ms after the first pending append, 200 ms after a failed write);
    /// `None` = nothing pending.
    #[must_use]
    pub fn flush_deadline(&self) -> Option<Instant> {
        if self.pending.is_empty() && !self.roll_due {
            return None;
        }
        self.retry_at.or_else(|| self.pending.since.map(|since| since + FLUSH_DELAY))
    }

    /// Once about every second, also when idle: checks the clock for a jump (> 1 s: writes a record) and the free disk space.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn tick(&mut self) -> Result<(), WriteError> {
        let now = self.clock.now();
        self.undeleted.retain(|path| !deleted(path));
        if self.last_append.is_some_and(|last| now.saturating_duration_since(last) >= SHARED_IDLE) {
            self.shared.clear();
            self.last_append = None;
        }
        self.check_clock(now)?;
        self.check_space(0)
    }

    /// A clock jump begins a new segment with a new anchor and a record that tells of it.
    fn check_clock(&mut self, now: Instant) -> Result<(), WriteError> {
        let Some(anchor) = self.clock.anchor_unix_ns() else { return Ok(()) };
        let by_ns = anchor.saturating_sub(self.anchor_unix_ns);
        if by_ns.unsigned_abs() <= JUMP_NS {
            return Ok(());
        }
        self.roll(anchor)?;
        let mut json = Vec::new();
        let note = SessionNote::ClockJump { by_ns };
        self.append_at(&NewRecord::note(PeerId::NONE, &note, &mut json), now).map(|_| ())
    }

    /// Totals.
    #[must_use]
    pub fn stats(&self) -> WriterStats {
        let (evicted_bytes, evicted_records) = self.store.evicted();
        WriterStats {
            records: self.next_record,
            evicted_bytes,
            evicted_records,
            disk_bytes: self.disk_bytes,
            pending_received_bytes: self.pending.amounts.received_bytes,
            pending_received_records: self.pending.amounts.received_records,
        }
    }

    /// Flushes, marks the capture closed in its `meta.json`, deletes it where so asked. Returns what could not be stored:
    /// the `pending_*` of the totals.
    #[expect(clippy::must_use_candidate, reason = "who closes it on purpose need not ask what was lost")]
    pub fn close(mut self) -> WriterStats {
        self.finish();
        self.stats()
    }

    fn finish(&mut self) {
        if std::mem::replace(&mut self.finished, true) {
            return;
        }
        if let Err(error) = self.flush() {
            tracing::warn!(capture = %self.store.id, %error, "the end of the capture could not be written");
        }
        if self.options.delete_on_close {
            self.lock.unlock().ok(); // closing the file below does it as well
            if let Err(error) = fs::remove_dir_all(&self.folder) {
                tracing::warn!(capture = %self.store.id, %error, "the capture could not be deleted");
            }
            return;
        }
        self.undeleted.retain(|path| !deleted(path));
        // A part of an entry may stand behind the last whole one.
        let cut = self.current.index.set_len(self.pending.index_base);
        let mut meta = self.store.meta.clone();
        meta.state = CaptureState::Closed;
        meta.zones = super::meta::zones();
        meta.records = Some(self.store.records().end);
        meta.payload_bytes = Some(self.payload_bytes - self.pending.amounts.payload_bytes);
        if let Err(error) = cut.and_then(|()| meta.write(&self.folder)) {
            tracing::warn!(capture = %self.store.id, %error, "the capture could not be marked as closed");
        }
        self.lock.unlock().ok(); // closing the file does it as well
    }
}

impl Drop for CaptureWriter {
    fn drop(&mut self) {
        self.finish();
    }
}

/// True = the file is gone.
fn deleted(path: &Path) -> bool {
    fs::remove_file(path).is_ok_and(|()| true) || fs::symlink_metadata(path).is_err()
}

/// No room, rather than another failure.
fn is_full(error: &io::Error) -> bool {
    ErrorKind::of(error) == ErrorKind::DiskFull
}

/// The error of a write to `path`.
fn write_error(path: &Path, error: &io::Error) -> WriteError {
    let mut told = NetError::from_io(Operation::Store, path.display().to_string(), error);
    if is_full(error) {
        return WriteError::DiskFull(told);
    }
    if matches!(told.kind, ErrorKind::Other | ErrorKind::File) {
        told.kind = ErrorKind::CaptureFailed;
    }
    WriteError::Failed(told)
}

/// The error of a record that is refused.
fn invalid(path: &Path, detail: &str) -> WriteError {
    WriteError::Failed(NetError::new(Operation::Store, ErrorKind::Invalid, path.display().to_string(), detail))
}

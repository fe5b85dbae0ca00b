//! Appends records: the only writer of a capture.

mod append;
mod create;
mod cuts;
mod flush;
mod names;
mod rows;
mod space;

use super::disk::{Clock, Disk};
use super::pending::Pending;
use super::sharing::{RecentPlaces, SharedPayloads};
use super::store::{Segment, Store};
use super::{CaptureReader, CaptureState, Caught, LocalId, NewRecord, SessionNote};
use crate::model::{Endpoint, ErrorKind, NetError, Operation, PeerId};
use append::Streams;
use names::KnownNames;
use rows::RefusedRow;
use space::SpaceWatch;
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Payloads of at least this size are not gathered but written directly after the pending data.
const DIRECT_BYTES: usize = 256 * 1024;
/// Gathered payload is written when it reaches a multiple of this size in the data file.
const BLOCK_BYTES: usize = 1 << 20;
/// Count of pending index bytes that triggers a write.
const INDEX_BYTES: usize = 256 * 1024;
/// Minimum room for a read, so that a message is not split just because a block is nearly full.
const ROOM_MIN: usize = 256 * 1024;
/// Maximum time that a record stays pending.
const FLUSH_DELAY: Duration = Duration::from_millis(2);
/// Delay before a failed write is retried.
const RETRY_DELAY: Duration = Duration::from_millis(200);
/// Minimum size limit.
const LIMIT_MIN: u64 = 1 << 20;
/// A segment takes at most this fraction of the size limit.
const SEGMENTS: u64 = 16;
/// Maximum segment size (except for a single large record), so that one eviction stays small relative to a large limit.
const SEGMENT_MAX: u64 = 1 << 30;
/// Deviation between wall and monotonic clock that counts as a clock jump.
const JUMP_NS: u64 = 1_000_000_000;
/// Shared payloads are released after this much time without an append.
const SHARED_IDLE: Duration = Duration::from_secs(10);

/// Maximum count of local addresses per capture. Records of further ones carry no local address.
const LOCALS_MAX: usize = 4096;

/// Storage options of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureOptions {
    /// Size limit for data and index in bytes; the oldest segment is deleted first. Default 4 GiB, at least 1 MiB.
    pub limit_bytes: u64,
    /// Delete the folder when the writer is dropped.
    pub delete_on_close: bool,
    /// Sent files up to this size in bytes are copied into the capture. For larger ones only a reference is stored, and the bytes
    /// are read from the file. Default 4 MiB.
    pub kept_file_bytes: u64,
}

impl Default for CaptureOptions {
    fn default() -> Self {
        Self { limit_bytes: 4 << 30, delete_on_close: false, kept_file_bytes: 4 << 20 }
    }
}

/// Why an append or flush failed.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The disk is full (or less than 5 % of it, at most 2 GiB, would stay free) and no segment of this capture can be evicted.
    /// Nothing is lost: appended records are still pending. Stop appending until [`CaptureWriter::flush`] succeeds.
    #[error("disk full")]
    DiskFull(NetError),
    /// Any other failure. Appended records are still pending, as for `DiskFull`.
    #[error("{0}")]
    Failed(NetError),
}

/// Totals of a writer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriterStats {
    /// Records of every kind appended so far, which is the number of the next one.
    pub records: u64,
    /// Payload bytes deleted by the size limit.
    pub evicted_bytes: u64,
    /// Records deleted by the size limit.
    pub evicted_records: u64,
    /// Size on disk now in bytes: data, index and address tables.
    pub disk_bytes: u64,
    /// Received payload bytes that are appended but not yet written.
    pub pending_received_bytes: u64,
    /// Received data records that are appended but not yet written.
    pub pending_received_records: u64,
}

/// The writer of a capture, owned by the worker thread. Dropping it flushes and closes the capture.
pub struct CaptureWriter {
    store: Arc<Store>,
    current: Arc<Segment>,
    pending: Pending,
    streams: Streams,
    shared: SharedPayloads,
    recent: RecentPlaces,
    /// Locked for the writer's lifetime.
    lock: File,
    folder: PathBuf,
    options: CaptureOptions,
    segment_limit: u64,
    disk: Disk,
    clock: Clock,
    /// Wall time (unix ns) at monotonic time 0, for the current segment.
    anchor_unix_ns: i64,
    next_record: u64,
    next_peer: u32,
    /// A table row that could not be written. Until it is written, a flush does not succeed.
    refused_row: Option<RefusedRow>,
    /// Local addresses that have a number.
    locals: HashMap<(SocketAddr, u32), LocalId>,
    /// Table of the local addresses; created with the first one.
    locals_file: Option<File>,
    /// Names that have a number.
    names: KnownNames,
    /// Payload bytes of all data records appended.
    payload_bytes: u64,
    /// Size of each earlier segment in bytes, oldest first.
    sealed: VecDeque<u64>,
    /// Size on disk in bytes.
    disk_bytes: u64,
    /// Evicted files that could not be deleted yet.
    undeleted: Vec<PathBuf>,
    space: SpaceWatch,
    /// Eviction is blocked by a reader's hold. Reset by [`CaptureWriter::goes_on`].
    waits: bool,
    /// The current segment is full and the next one could not be created.
    roll_due: bool,
    /// When to retry after a failed write.
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
    /// Creates a capture folder below `captures_dir`, which is created if missing. Both are readable by their owner only.
    ///
    /// # Errors
    /// The folder cannot be created or written.
    pub fn create(captures_dir: &Path, endpoint: &Endpoint, options: CaptureOptions) -> Result<Self, NetError> {
        create::create(captures_dir, endpoint, options, Disk::default(), Clock::start(), None)
    }

    /// Creates a capture of past traffic: its records start at `first_unix_ns` (ns since 1970 UTC) and are appended with
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

    /// Appends a record with an explicit time, clamped to the start of the capture.
    ///
    /// # Errors
    /// As for [`CaptureWriter::append`].
    pub(super) fn append_past(&mut self, record: &NewRecord<'_>, unix_ns: i64) -> Result<u64, WriteError> {
        let mono_ns = u64::try_from(unix_ns.saturating_sub(self.anchor_unix_ns)).unwrap_or(0);
        self.append_at(record, self.clock.instant(mono_ns))
    }

    /// Creates a capture with the disk and clock of a test.
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

    /// Returns a reader of this capture. Readers are cheap to clone and can be sent to other threads.
    #[must_use]
    pub fn reader(&self) -> CaptureReader {
        CaptureReader::of(Arc::clone(&self.store))
    }

    /// Sets the callback for when the readers that the writer waits for have advanced. It must not block. Only the first call has an
    /// effect.
    pub fn set_caught(&self, caught: Caught) {
        self.store.holds.set_caught(caught);
    }

    /// Whether the size limit is reached while a reader still needs the oldest records ([`CaptureReader::hold`]). Sockets should not
    /// be read until [`CaptureWriter::goes_on`]. Records appended anyway are stored beyond the limit.
    #[must_use]
    pub fn waits_for_readers(&self) -> bool {
        self.waits
    }

    /// Whether the readers have advanced, so that [`CaptureWriter::goes_on`] should be called.
    #[must_use]
    pub fn may_go_on(&self) -> bool {
        self.waits && !self.store.holds.is_awaiting()
    }

    /// Deletes what the size limit requires and readers have released. True if the writer no longer has to wait.
    pub fn goes_on(&mut self) -> bool {
        if self.may_go_on() {
            self.waits = false;
            self.keep_limit(0);
        }
        !self.waits
    }

    /// The id of the capture: its folder name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.store.id
    }

    /// Discards the stream state of a peer that left, which bounds memory. Its records are kept.
    pub fn forget_peer(&mut self, peer: PeerId) {
        self.streams.forget(peer);
    }

    /// Appends one record to the pending buffer with the current time, and writes the buffer if enough has been gathered. Returns
    /// the record's number. If writing *earlier* data failed, this record is nevertheless pending and not lost, but nothing more
    /// should be appended.
    ///
    /// # Errors
    /// See [`WriteError`]. Only [`ErrorKind::Invalid`] means that the record was rejected (a part outside its payload, a payload of
    /// 4 GiB or more, `SameAs` of a record that does not exist).
    pub fn append(&mut self, record: &NewRecord<'_>) -> Result<u64, WriteError> {
        let now = self.clock.now();
        self.last_append = Some(now);
        self.append_at(record, now)
    }

    /// Returns room to read a socket into: at least 256 KiB, or up to the end of the data file's current block if that is more.
    /// [`CaptureWriter::append_read`] turns the bytes read into a record without a copy.
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

    /// Writes and publishes everything pending, including a table row that failed before. Does nothing if nothing is pending.
    ///
    /// # Errors
    /// See [`WriteError`]. May be called again later.
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

    /// Latest time to flush pending data (2 ms after the first pending append, 200 ms after a failed write); `None` if nothing is
    /// pending.
    #[must_use]
    pub fn flush_deadline(&self) -> Option<Instant> {
        if self.pending.is_empty() && !self.roll_due {
            return None;
        }
        self.retry_at.or_else(|| self.pending.since.map(|since| since + FLUSH_DELAY))
    }

    /// To be called about once a second, also when idle: checks the clock for a jump (> 1 s, recorded) and the free disk space.
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

    /// On a clock jump starts a new segment with a new anchor and a record of the jump.
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

    /// The current totals.
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

    /// Flushes the capture, marks it closed in its `meta.json`, and deletes it if requested. The `pending_*` totals returned count
    /// what could not be stored.
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
            self.lock.unlock().ok(); // closing the file below unlocks it too
            if let Err(error) = fs::remove_dir_all(&self.folder) {
                tracing::warn!(capture = %self.store.id, %error, "the capture could not be deleted");
            }
            return;
        }
        self.undeleted.retain(|path| !deleted(path));
        // A partial entry may follow the last complete one.
        let cut = self.current.index.set_len(self.pending.index_base);
        let mut meta = self.store.meta.clone();
        meta.state = CaptureState::Closed;
        meta.zones = super::meta::zones();
        meta.names = self.store.names.list().iter().map(|name| name.to_string()).collect();
        meta.unix_names.extend(super::meta::sockets());
        meta.records = Some(self.store.records().end);
        meta.payload_bytes = Some(self.payload_bytes - self.pending.amounts.payload_bytes);
        if let Err(error) = cut.and_then(|()| meta.write(&self.folder)) {
            tracing::warn!(capture = %self.store.id, %error, "the capture could not be marked as closed");
        }
        self.lock.unlock().ok(); // closing the file unlocks it too
    }
}

impl Drop for CaptureWriter {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Deletes a file; true if it no longer exists.
fn deleted(path: &Path) -> bool {
    fs::remove_file(path).is_ok_and(|()| true) || fs::symlink_metadata(path).is_err()
}

/// Whether the error means a full disk.
fn is_full(error: &io::Error) -> bool {
    ErrorKind::of(error) == ErrorKind::DiskFull
}

/// Builds the error of a write to `path`.
fn write_error(path: &Path, error: &io::Error) -> WriteError {
    let mut net_error = NetError::from_io(Operation::Store, path.display().to_string(), error);
    if is_full(error) {
        return WriteError::DiskFull(net_error);
    }
    if matches!(net_error.kind, ErrorKind::Other | ErrorKind::File) {
        net_error.kind = ErrorKind::CaptureFailed;
    }
    WriteError::Failed(net_error)
}

/// Builds the error of a rejected record.
fn invalid(path: &Path, detail: &str) -> WriteError {
    WriteError::Failed(NetError::new(Operation::Store, ErrorKind::Invalid, path.display().to_string(), detail))
}

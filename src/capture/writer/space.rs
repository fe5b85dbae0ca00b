//! Disk space: the size limit, the part of the disk kept free, and the check that the folder still exists.

use super::super::format;
use super::{CaptureWriter, WriteError, deleted, write_error};
use crate::model::{ErrorKind, NetError, Operation};
use std::fs;
use std::time::{Duration, Instant};

/// The free space is queried at most this often …
const CHECK_EVERY: Duration = Duration::from_secs(1);
/// … or after this many bytes.
const CHECK_BYTES: u64 = 16 << 20;
/// The fraction 1/20 of the disk is kept free …
const FREE_PART: u64 = 20;
/// … but no more than this: 5 % of a disk of terabytes would refuse recording while hundreds of gigabytes are free.
const FREE_MOST: u64 = 2 << 30;

/// Result and time of the last query.
#[derive(Debug, Default)]
pub(super) struct SpaceWatch {
    checked: Option<Instant>,
    written_since: u64,
    /// Why writing is blocked, if it is.
    blocked: Option<Blocked>,
}

#[derive(Clone, Debug)]
enum Blocked {
    Full(NetError),
    Failed(NetError),
}

impl Blocked {
    fn error(&self) -> WriteError {
        match self {
            Self::Full(error) => WriteError::DiskFull(error.clone()),
            Self::Failed(error) => WriteError::Failed(error.clone()),
        }
    }
}

impl CaptureWriter {
    /// Evicts as the size limit requires before `bytes` are written. If a reader still needs the oldest segment, the limit is
    /// exceeded by the amount read before the sockets pause.
    pub(super) fn keep_limit(&mut self, bytes: u64) {
        while self.disk_bytes.saturating_add(bytes) > self.options.limit_bytes && self.evict_oldest() {}
    }

    /// Prepares a write of `bytes`: evicts as the size limit requires, and fails if the disk would become too full.
    pub(super) fn make_room(&mut self, bytes: usize) -> Result<(), WriteError> {
        let bytes = bytes as u64;
        self.keep_limit(bytes);
        self.space.written_since = self.space.written_since.saturating_add(bytes);
        self.check_space(bytes)
    }

    /// Queries the free space if it is time to.
    pub(super) fn check_space(&mut self, bytes: u64) -> Result<(), WriteError> {
        let now = self.clock.now();
        let fresh = |checked: Instant| now.saturating_duration_since(checked) < CHECK_EVERY;
        if self.space.checked.is_none_or(|checked| !fresh(checked)) || self.space.written_since >= CHECK_BYTES {
            self.space.checked = Some(now);
            self.space.written_since = 0;
            self.space.blocked = self.look_at_disk(bytes);
        }
        self.space.blocked.as_ref().map_or(Ok(()), |blocked| Err(blocked.error()))
    }

    fn look_at_disk(&mut self, bytes: u64) -> Option<Blocked> {
        loop {
            let index = format::index_path(&self.folder, self.current.header.segment);
            let there = fs::symlink_metadata(&index).map_err(|error| write_error(&index, &error));
            let space = there
                .and_then(|_| self.disk.free_space(&self.folder).map_err(|error| write_error(&self.folder, &error)));
            let space = match space {
                Ok(space) => space?,
                Err(WriteError::DiskFull(error)) => return Some(Blocked::Full(error)),
                Err(WriteError::Failed(error)) => return Some(Blocked::Failed(error)),
            };
            let floor = (space.total / FREE_PART).min(FREE_MOST);
            if space.available.saturating_sub(bytes) >= floor {
                return None;
            }
            if !self.evict_oldest() {
                let detail = format!("{} of {} bytes free, {floor} stay free", space.available, space.total);
                let folder = self.folder.display().to_string();
                return Some(Blocked::Full(NetError::new(Operation::Store, ErrorKind::DiskFull, folder, detail)));
            }
        }
    }

    /// Deletes the oldest segment, but never the current one. False if there is none or a reader still needs it.
    pub(super) fn evict_oldest(&mut self) -> bool {
        let Some(bytes) = self.sealed.front().copied() else { return false };
        let end = self.store.segments().first().map_or(0, |segment| segment.end());
        let mut oldest = None;
        let deleted_it = self.store.holds.deletes(end, || {
            self.store.update(|segments| {
                if segments.len() > 1 {
                    oldest = Some(segments.remove(0));
                }
            });
        });
        if !deleted_it {
            self.waits = true;
            return false;
        }
        self.sealed.pop_front();
        self.disk_bytes = self.disk_bytes.saturating_sub(bytes);
        if let Some(oldest) = oldest {
            let number = oldest.header.segment;
            drop(oldest); // closes its files, unless a reader is using them
            // The index first: data without an index is recognised as a remnant.
            for path in [format::index_path(&self.folder, number), format::data_path(&self.folder, number)] {
                if !deleted(&path) {
                    self.undeleted.push(path);
                }
            }
        }
        true
    }
}

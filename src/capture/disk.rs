//! All I/O of the writer: file writes, free space and the clock go through here, so that tests can fill the disk, cut writes short
//! and set the clock.

use super::platform::{self, Space};
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Two clock reads count as simultaneous if no more time than this passed between them.
const ANCHOR_PRECISION: Duration = Duration::from_millis(100);

/// Kind of the file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Payloads of a segment.
    Data,
    /// Entries of a segment.
    Index,
    /// The peer table.
    Peers,
}

/// Writes files; injects faults in tests.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    #[cfg(test)]
    pub(super) faults: std::sync::Arc<super::faults::Faults>,
}

impl Disk {
    /// Writes all of `bytes` at `offset`. Returns how many bytes were written, and the error that stopped the write early.
    pub(super) fn write_all_at(
        &self,
        part: Part,
        file: &File,
        bytes: &[u8],
        offset: u64,
    ) -> (usize, Option<io::Error>) {
        let mut done = 0;
        while let Some(rest) = bytes.get(done..).filter(|rest| !rest.is_empty()) {
            match self.write_at(part, file, rest, offset + done as u64) {
                Ok(0) => return (done, Some(io::ErrorKind::WriteZero.into())),
                Ok(count) => done += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return (done, Some(error)),
            }
        }
        (done, None)
    }

    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "tests put faults there")]
    fn write_at(&self, _part: Part, file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
        platform::write_at(file, bytes, offset)
    }

    #[cfg(test)]
    fn write_at(&self, part: Part, file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
        let allowed = self.faults.allow_write(part, bytes.len())?;
        platform::write_at(file, &bytes[..allowed], offset)
    }

    /// Creates a new, empty, private file.
    pub(super) fn create_file(&self, path: &Path) -> io::Result<File> {
        #[cfg(test)]
        self.faults.allow_create()?;
        platform::create_private_file(path)
    }

    /// Free space of the capture's file system. Fails if the folder is gone.
    pub(super) fn free_space(&self, folder: &Path) -> io::Result<Option<Space>> {
        let space = platform::free_space(folder)?;
        #[cfg(test)]
        let space = self.faults.space().or(space.map(|s| Space { available: s.total, ..s }));
        Ok(space)
    }
}

/// Monotonic and wall clock; tests can move both.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    start: Instant,
    #[cfg(test)]
    pub(super) moved: std::sync::Arc<super::faults::Moved>,
}

impl Clock {
    /// Starts the monotonic clock at 0.
    pub(super) fn start() -> Self {
        Self {
            start: Instant::now(),
            #[cfg(test)]
            moved: std::sync::Arc::default(),
        }
    }

    /// The current instant.
    pub(super) fn now(&self) -> Instant {
        #[cfg(test)]
        return Instant::now() + self.moved.mono();
        #[cfg(not(test))]
        Instant::now()
    }

    /// The instant at a monotonic time, or the start if it cannot be represented.
    pub(super) fn instant(&self, mono_ns: u64) -> Instant {
        self.start.checked_add(Duration::from_nanos(mono_ns)).unwrap_or(self.start)
    }

    /// Monotonic time at `now`, in ns since the start.
    pub(super) fn mono_ns(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.start).as_nanos()).unwrap_or(u64::MAX)
    }

    /// Wall time (unix ns) at monotonic time 0 according to both clocks now. `None` if the process was suspended between the two
    /// clock reads.
    pub(super) fn anchor_unix_ns(&self) -> Option<i64> {
        let before = self.now();
        let wall = self.unix_ns();
        let held_up = self.now().saturating_duration_since(before) > ANCHOR_PRECISION;
        (!held_up).then(|| wall.saturating_sub_unsigned(self.mono_ns(before)))
    }

    /// Wall time now, in ns since 1970 UTC.
    pub(super) fn unix_ns(&self) -> i64 {
        let wall = unix_ns(SystemTime::now());
        #[cfg(test)]
        let wall = wall + self.moved.wall_ns();
        wall
    }
}

/// Converts ns since 1970 UTC to a system time; 1970 if the system cannot represent it.
pub(super) fn time_of(unix_ns: i64) -> SystemTime {
    let distance = Duration::from_nanos(unix_ns.unsigned_abs());
    let time = if unix_ns < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
    time.unwrap_or(UNIX_EPOCH)
}

/// Converts a system time to ns since 1970 UTC, negative before.
pub(super) fn unix_ns(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

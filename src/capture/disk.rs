//! The writer's hands: every write to a capture's files, the free space and the clock go through here, so that tests can
//! fill the disk, cut writes short and set the clock.

use super::platform::{self, Space};
use std::fs::File;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Two clocks read one after the other are taken as read at once when no more than this passed.
const ANCHOR_PRECISION: Duration = Duration::from_millis(100);

/// Which file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Payloads of a segment.
    Data,
    /// Entries of a segment.
    Index,
    /// The peer table.
    Peers,
}

/// Writes files; in tests with faults.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    #[cfg(test)]
    pub(super) faults: std::sync::Arc<super::faults::Faults>,
}

impl Disk {
    /// Writes all of `bytes` at `offset`. Gives how many bytes surely are in the file, and what stopped it before the end.
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

    /// A new, empty, private file.
    pub(super) fn create_file(&self, path: &Path) -> io::Result<File> {
        #[cfg(test)]
        self.faults.allow_create()?;
        platform::create_private_file(path)
    }

    /// The free space where the capture lies; fails where its folder is gone.
    pub(super) fn free_space(&self, folder: &Path) -> io::Result<Option<Space>> {
        let space = platform::free_space(folder)?;
        #[cfg(test)]
        let space = self.faults.space().or(space.map(|s| Space { available: s.total, ..s }));
        Ok(space)
    }
}

/// Monotonic and wall time; in tests both can be moved.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    start: Instant,
    #[cfg(test)]
    pub(super) moved: std::sync::Arc<super::faults::Moved>,
}

impl Clock {
    /// Monotonic time 0 is now.
    pub(super) fn start() -> Self {
        Self {
            start: Instant::now(),
            #[cfg(test)]
            moved: std::sync::Arc::default(),
        }
    }

    /// Now.
    pub(super) fn now(&self) -> Instant {
        #[cfg(test)]
        return Instant::now() + self.moved.mono();
        #[cfg(not(test))]
        Instant::now()
    }

    /// The instant at a monotonic time; the last one that can be told where that is too far off.
    pub(super) fn instant(&self, mono_ns: u64) -> Instant {
        self.start.checked_add(Duration::from_nanos(mono_ns)).unwrap_or(self.start)
    }

    /// ns from the start to `now`.
    pub(super) fn mono_ns(&self, now: Instant) -> u64 {
        u64::try_from(now.saturating_duration_since(self.start).as_nanos()).unwrap_or(u64::MAX)
    }

    /// Wall time at monotonic time 0 as both clocks say now, unix ns; `None` where the process was held up between asking
    /// the one and the other.
    pub(super) fn anchor_unix_ns(&self) -> Option<i64> {
        let before = self.now();
        let wall = self.unix_ns();
        let held_up = self.now().saturating_duration_since(before) > ANCHOR_PRECISION;
        (!held_up).then(|| wall.saturating_sub_unsigned(self.mono_ns(before)))
    }

    /// Wall time now, ns since 1970 UTC.
    pub(super) fn unix_ns(&self) -> i64 {
        let wall = unix_ns(SystemTime::now());
        #[cfg(test)]
        let wall = wall + self.moved.wall_ns();
        wall
    }
}

/// The system time of ns since 1970 UTC; what the system cannot represent is 1970.
pub(super) fn time_of(unix_ns: i64) -> SystemTime {
    let distance = Duration::from_nanos(unix_ns.unsigned_abs());
    let time = if unix_ns < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
    time.unwrap_or(UNIX_EPOCH)
}

/// A system time in ns since 1970 UTC, negative before.
pub(super) fn unix_ns(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |ns| -ns),
    }
}

//! For tests: a disk and a clock with injected faults.

use super::disk::Part;
use super::platform::Space;
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// Faults to inject.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Bytes that still fit into data files.
    pub data_room: Option<u64>,
    /// Bytes that still fit into index files.
    pub index_room: Option<u64>,
    /// Bytes that still fit into the peer table.
    pub peers_room: Option<u64>,
    /// The error once the room is used up; by default no space.
    pub error: Option<io::ErrorKind>,
    /// Maximum bytes per write.
    pub write_max: Option<usize>,
    /// Creating files fails.
    pub no_create: bool,
    /// Reported file system space.
    pub space: Option<Space>,
    /// Every n-th write is first interrupted by a signal.
    pub interrupted_every: Option<u64>,
    /// Count of writes that fail before space is available again.
    pub failing_writes: u64,
}

/// The current plan.
#[derive(Debug, Default)]
pub(super) struct Faults {
    plan: Mutex<Plan>,
    writes: AtomicU64,
    looks: AtomicU64,
}

impl Faults {
    /// Replaces the plan.
    pub(super) fn set(&self, plan: Plan) {
        *self.plan.lock().expect("no panic while held") = plan;
    }

    /// Count of write calls.
    pub(super) fn writes(&self) -> u64 {
        self.writes.load(Ordering::SeqCst)
    }

    pub(super) fn allow_write(&self, part: Part, len: usize) -> io::Result<usize> {
        let count = self.writes.fetch_add(1, Ordering::SeqCst);
        let mut plan = self.plan.lock().expect("no panic while held");
        if plan.interrupted_every.is_some_and(|every| count.is_multiple_of(every)) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if plan.failing_writes > 0 {
            plan.failing_writes -= 1;
            return Err(plan.error.unwrap_or(io::ErrorKind::StorageFull).into());
        }
        let len = len.min(plan.write_max.unwrap_or(usize::MAX));
        let error = plan.error.unwrap_or(io::ErrorKind::StorageFull);
        let room = match part {
            Part::Data => &mut plan.data_room,
            Part::Index => &mut plan.index_room,
            Part::Peers => &mut plan.peers_room,
        };
        let Some(room) = room else { return Ok(len) };
        if *room == 0 {
            return Err(error.into());
        }
        let len = len.min(usize::try_from(*room).expect("small"));
        *room -= len as u64;
        Ok(len)
    }

    pub(super) fn allow_create(&self) -> io::Result<()> {
        let plan = self.plan.lock().expect("no panic while held");
        if plan.no_create { Err(plan.error.unwrap_or(io::ErrorKind::StorageFull).into()) } else { Ok(()) }
    }

    /// Count of free-space queries.
    pub(super) fn looks(&self) -> u64 {
        self.looks.load(Ordering::SeqCst)
    }

    pub(super) fn space(&self) -> Option<Space> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        self.plan.lock().expect("no panic while held").space
    }
}

/// Offsets of the clocks.
#[derive(Debug, Default)]
pub(super) struct Moved {
    mono_ns: AtomicU64,
    wall_ns: AtomicI64,
}

impl Moved {
    pub(super) fn mono(&self) -> Duration {
        Duration::from_nanos(self.mono_ns.load(Ordering::SeqCst))
    }

    pub(super) fn wall_ns(&self) -> i64 {
        self.wall_ns.load(Ordering::SeqCst)
    }

    /// Advances both clocks.
    pub(super) fn pass(&self, time: Duration) {
        let ns = u64::try_from(time.as_nanos()).expect("short");
        self.mono_ns.fetch_add(ns, Ordering::SeqCst);
        self.wall_ns.fetch_add(i64::try_from(ns).expect("short"), Ordering::SeqCst);
    }

    /// Sets the wall clock forward or back.
    pub(super) fn set_wall(&self, by_ns: i64) {
        self.wall_ns.fetch_add(by_ns, Ordering::SeqCst);
    }
}

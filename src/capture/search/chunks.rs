//! The records of a capture in chunks, which threads take one after the other and look at by themselves; what they found comes in
//! the order of the chunks.
//!
//! At most twice as many chunks as threads are looked at or wait to be taken. A thread holds the bytes of one read, and of its
//! chunk what it found (at most some [`HITS_MAX`]) and what stands open at the ends of its streams.

use super::Settled;
use super::stream::Stream;
use super::walk::{Key, Walk};
use crate::capture::{CaptureReader, Record};
use crate::jobs::thread::spawn_named;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// More hits in a chunk are not kept: it is looked at again by the one that tells them, and the next ones are shorter.
const HITS_MAX: usize = 64 << 10;
/// Payload of a chunk that is never made shorter, in bytes.
const CHUNK_BYTES_MIN: u64 = 256 << 10;
/// More threads gain nothing where all read one disk.
const THREADS_MAX: usize = 8;

/// How the work is parted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parting {
    pub threads: usize,
    /// Payload of a chunk, in bytes.
    pub bytes: u64,
    /// Its records.
    pub records: usize,
}

impl Parting {
    pub fn of_this_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { threads: cores.min(THREADS_MAX), bytes: 8 << 20, records: 32 << 10 }
    }
}

/// What a thread found in some records.
pub(super) struct Chunk {
    pub records: Vec<Record>,
    /// Where its streams stand at its end, each with what it begins with here.
    pub streams: HashMap<Key, Stream>,
    /// In order.
    pub hits: Vec<Settled>,
    /// Whether it took records for datagrams.
    pub datagrams: bool,
    /// False: what was found means nothing.
    pub is_regular: bool,
}

/// Where the next chunk begins; the one lock of all threads.
struct Cursor {
    reader: CaptureReader,
    range: Range<u64>,
    /// Read, and not in a chunk yet: from `at` on.
    ahead: Vec<Record>,
    at: usize,
    parting: Parting,
    /// Where each chunk will come from, in their order; gone behind the last one.
    order: Option<Sender<Receiver<Chunk>>>,
}

struct Shared {
    cursor: Mutex<Cursor>,
    stopped: AtomicBool,
    datagrams: AtomicBool,
}

/// See the module. Dropping it stops the threads.
pub(super) struct Chunks {
    shared: Arc<Shared>,
    order: Option<Receiver<Receiver<Chunk>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Chunks {
    /// Of these records. Where the system has no threads left there are no chunks.
    pub fn start(walk: &Walk, range: Range<u64>, parting: &Parting) -> Self {
        let (sender, order) = bounded(parting.threads);
        let cursor = Cursor {
            reader: walk.reader.clone(),
            range,
            ahead: Vec::new(),
            at: 0,
            parting: *parting,
            order: Some(sender),
        };
        let shared = Arc::new(Shared {
            cursor: Mutex::new(cursor),
            stopped: AtomicBool::new(false),
            datagrams: AtomicBool::new(walk.datagrams),
        });
        let start = |_| {
            let (shared, walk) = (shared.clone(), walk.of_parts());
            spawn_named("search", move || work(&shared, walk)).ok()
        };
        let threads = (0..parting.threads).map_while(start).collect();
        Self { shared, order: Some(order), threads }
    }

    /// The next one; waits for it. `None`: there is none, or it cannot be had.
    pub fn next(&self) -> Option<Chunk> {
        if self.threads.is_empty() {
            return None;
        }
        self.order.as_ref()?.recv().ok()?.recv().ok()
    }

    /// How records are to be taken from now on.
    pub fn set_datagrams(&self, datagrams: bool) {
        self.shared.datagrams.store(datagrams, Ordering::Relaxed);
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        // Who waits to tell of a chunk sees that nobody is there.
        self.order = None;
        for thread in self.threads.drain(..) {
            thread.join().ok(); // one that panicked has told so
        }
    }
}

fn work(shared: &Shared, mut walk: Walk) {
    while let Some((records, sender)) = next(shared) {
        let datagrams = shared.datagrams.load(Ordering::Relaxed);
        let hits = RefCell::new(Vec::new());
        let mut go_on = |_, _| !shared.stopped.load(Ordering::Relaxed) && hits.borrow().len() <= HITS_MAX;
        let streams = walk.part(&records, datagrams, &mut go_on, &mut |settled| hits.borrow_mut().push(settled));
        let mut hits = hits.into_inner();
        if hits.len() > HITS_MAX {
            shorten(shared);
        }
        let is_regular = streams.is_some();
        if !is_regular {
            hits = Vec::new();
        }
        let chunk = Chunk { records, streams: streams.unwrap_or_default(), hits, datagrams, is_regular };
        // Nobody wants it any more: the next look says so.
        sender.send(chunk).ok();
    }
}

fn shorten(shared: &Shared) {
    let mut cursor = shared.cursor.lock().unwrap_or_else(PoisonError::into_inner);
    cursor.parting.bytes = (cursor.parting.bytes / 2).max(CHUNK_BYTES_MIN);
}

/// The records of the next chunk, and where what is found in them is waited for.
fn next(shared: &Shared) -> Option<(Vec<Record>, Sender<Chunk>)> {
    // A thread that panics while it holds the lock has taken no records yet, or all of a chunk.
    let mut cursor = shared.cursor.lock().unwrap_or_else(PoisonError::into_inner);
    if shared.stopped.load(Ordering::Relaxed) {
        return None;
    }
    let records = cursor.take();
    if records.is_none() {
        cursor.order = None;
    }
    let records = records?;
    let (sender, receiver) = bounded(1);
    cursor.order.as_ref()?.send(receiver).ok()?;
    Some((records, sender))
}

impl Cursor {
    /// At least one record; `None`: there are no more, or they cannot be read.
    fn take(&mut self) -> Option<Vec<Record>> {
        if self.at == self.ahead.len() {
            (self.ahead, self.at) = (Vec::new(), 0);
            let end = self.range.end.min(self.range.start.saturating_add(self.parting.records as u64));
            self.reader.records_in(self.range.start..end, &mut self.ahead).ok()?;
            self.range.start = self.ahead.last()?.number + 1;
        }
        let rest = &self.ahead[self.at..];
        let mut bytes = 0_u64;
        let fits = |record: &&Record| {
            bytes = bytes.saturating_add(record.len.into());
            bytes <= self.parting.bytes
        };
        let count = rest.iter().take_while(fits).count().clamp(1, rest.len());
        self.at += count;
        Some(rest[..count].to_vec())
    }
}

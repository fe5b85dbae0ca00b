//! Splits the records of a capture into chunks, which threads search independently; results are returned in the order of the chunks.
//!
//! At most twice as many chunks as threads are in progress or waiting to be received. A thread holds the bytes of one read and, for
//! its chunk, the hits (about [`HITS_MAX`] at most) and the unsettled data at the ends of its streams.

use super::Settled;
use super::stream::Stream;
use super::walk::{Key, Walk};
use crate::capture::{CaptureReader, Record};
use crate::jobs::thread::spawn_named;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Maximum count of hits kept per chunk. A chunk with more is searched again by the consumer, and the next chunks are smaller.
const HITS_MAX: usize = 64 << 10;
/// Minimum payload of a chunk in bytes.
const CHUNK_BYTES_MIN: u64 = 256 << 10;
/// More threads gain nothing, since all of them read from one disk.
const THREADS_MAX: usize = 8;
/// Interval at which a waiting thread checks for cancellation.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How the work is divided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parting {
    pub threads: usize,
    /// Payload of a chunk, in bytes.
    pub bytes: u64,
    /// Maximum count of records per chunk.
    pub records: usize,
}

impl Parting {
    pub fn of_this_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { threads: cores.min(THREADS_MAX), bytes: 8 << 20, records: 32 << 10 }
    }
}

/// Result of searching some records.
pub(super) struct Chunk {
    pub records: Vec<Record>,
    /// State of the chunk's streams at its end; each keeps the bytes that it started with here.
    pub streams: HashMap<Key, Stream>,
    /// In order.
    pub hits: Vec<Settled>,
    /// If false, the result must be discarded.
    pub is_regular: bool,
}

/// Position of the next chunk. While its lock is held, a thread waits for nothing but the disk.
struct Cursor {
    reader: CaptureReader,
    range: Range<u64>,
    /// Records that are read but not assigned to a chunk yet: those from `at` on.
    ahead: Vec<Record>,
    at: usize,
    /// Count of records to read ahead at once.
    records: usize,
    /// Result channel of each chunk, in order; dropped after the last one. Has capacity for every permit.
    order: Option<Sender<Receiver<Chunk>>>,
}

struct Shared {
    cursor: Mutex<Cursor>,
    /// Payload of the next chunks, in bytes.
    bytes: AtomicU64,
    stopped: AtomicBool,
}

/// Next result of the threads.
pub(super) enum Next {
    Chunk(Box<Chunk>),
    /// There are no more chunks, or they cannot be obtained.
    End,
    /// The caller cancelled.
    Stopped,
}

/// See the module documentation. Dropping it stops the threads.
pub(super) struct Chunks {
    shared: Arc<Shared>,
    order: Option<Receiver<Receiver<Chunk>>>,
    /// One permit for each chunk that a thread may take; returned when the chunk is received.
    permits: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Chunks {
    /// Starts threads that search these records. If the system can start no thread, there are no chunks.
    pub fn start(walk: &Walk, range: Range<u64>, parting: &Parting) -> Self {
        let most = parting.threads * 2;
        let (sender, order) = bounded(most);
        let (permits, permitted) = bounded(most);
        (0..most).for_each(|_| permits.try_send(()).unwrap_or_default());
        let cursor = Cursor {
            reader: walk.reader.clone(),
            range,
            ahead: Vec::new(),
            at: 0,
            records: parting.records,
            order: Some(sender),
        };
        let shared = Arc::new(Shared {
            cursor: Mutex::new(cursor),
            bytes: AtomicU64::new(parting.bytes),
            stopped: AtomicBool::new(false),
        });
        let start = |_| {
            let (shared, permitted, walk) = (shared.clone(), permitted.clone(), walk.of_parts());
            spawn_named("search", move || work(&shared, &permitted, walk)).ok()
        };
        let threads = (0..parting.threads).map_while(start).collect();
        Self { shared, order: Some(order), permits: Some(permits), threads }
    }

    /// Returns the next chunk; waits for it while `go_on` returns true.
    pub fn next(&self, go_on: &mut dyn FnMut() -> bool) -> Next {
        let Some(order) = self.order.as_ref().filter(|_| !self.threads.is_empty()) else { return Next::End };
        let chunk = match wait(order, go_on) {
            Waited::Got(receiver) => wait(&receiver, go_on),
            Waited::Gone => Waited::Gone,
            Waited::Stopped => Waited::Stopped,
        };
        match chunk {
            Waited::Got(chunk) => {
                if let Some(permits) = &self.permits {
                    permits.try_send(()).ok(); // has capacity for all permits
                }
                Next::Chunk(Box::new(chunk))
            }
            Waited::Gone => Next::End,
            Waited::Stopped => Next::Stopped,
        }
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        // Threads that wait for a permit see the channel closed.
        (self.order, self.permits) = (None, None);
        for thread in self.threads.drain(..) {
            thread.join().ok(); // the panic hook has already reported a panic
        }
    }
}

enum Waited<T> {
    Got(T),
    /// The other side has closed the channel.
    Gone,
    Stopped,
}

/// Waits for a value and regularly checks for cancellation.
fn wait<T>(from: &Receiver<T>, go_on: &mut dyn FnMut() -> bool) -> Waited<T> {
    loop {
        match from.recv_timeout(LOOK_EVERY) {
            Ok(value) => return Waited::Got(value),
            Err(RecvTimeoutError::Disconnected) => return Waited::Gone,
            Err(RecvTimeoutError::Timeout) if go_on() => {}
            Err(RecvTimeoutError::Timeout) => return Waited::Stopped,
        }
    }
}

fn work(shared: &Shared, permitted: &Receiver<()>, mut walk: Walk) {
    let mut is_wanted = || !shared.stopped.load(Ordering::Relaxed);
    while let Waited::Got(()) = wait(permitted, &mut is_wanted) {
        let Some((records, sender)) = next(shared) else { return };
        let hits = RefCell::new(Vec::new());
        let mut go_on = |_, _| !shared.stopped.load(Ordering::Relaxed) && hits.borrow().len() <= HITS_MAX;
        let streams = walk.part(&records, &mut go_on, &mut |settled| hits.borrow_mut().push(settled));
        let mut hits = hits.into_inner();
        if hits.len() > HITS_MAX {
            shared.shorten();
        }
        let is_regular = streams.is_some();
        if !is_regular {
            hits = Vec::new();
        }
        let chunk = Chunk { records, streams: streams.unwrap_or_default(), hits, is_regular };
        // Never blocks: the channel has capacity. If the receiver is gone, the next check stops this thread.
        sender.send(chunk).ok();
    }
}

impl Shared {
    /// If two threads exceed the limit at once, one update may be lost; the next chunk makes up for it.
    fn shorten(&self) {
        let bytes = self.bytes.load(Ordering::Relaxed);
        self.bytes.store((bytes / 2).max(CHUNK_BYTES_MIN), Ordering::Relaxed);
    }
}

/// Takes the records of the next chunk and creates its result channel.
fn next(shared: &Shared) -> Option<(Vec<Record>, Sender<Chunk>)> {
    // A thread that panicked while it held the lock had taken either no records or all of a chunk.
    let mut cursor = shared.cursor.lock().unwrap_or_else(PoisonError::into_inner);
    if shared.stopped.load(Ordering::Relaxed) {
        return None;
    }
    let records = cursor.take(shared.bytes.load(Ordering::Relaxed));
    if records.is_none() {
        cursor.order = None;
    }
    let records = records?;
    let (sender, receiver) = bounded(1);
    // Never blocks: the caller has a permit, and there is capacity for all permits.
    cursor.order.as_ref()?.try_send(receiver).ok()?;
    Some((records, sender))
}

impl Cursor {
    /// Takes at least one record, and at most `most` bytes if it is more than one. `None` if there are no more or they cannot be
    /// read.
    fn take(&mut self, most: u64) -> Option<Vec<Record>> {
        if self.at == self.ahead.len() {
            (self.ahead, self.at) = (Vec::new(), 0);
            let end = self.range.end.min(self.range.start.saturating_add(self.records as u64));
            self.reader.records_in(self.range.start..end, &mut self.ahead).ok()?;
            self.range.start = self.ahead.last()?.number + 1;
        }
        let rest = &self.ahead[self.at..];
        let mut bytes = 0_u64;
        let fits = |record: &&Record| {
            bytes = bytes.saturating_add(record.len.into());
            bytes <= most
        };
        let count = rest.iter().take_while(fits).count().clamp(1, rest.len());
        self.at += count;
        Some(rest[..count].to_vec())
    }
}

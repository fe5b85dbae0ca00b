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
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// More hits in a chunk are not kept: it is looked at again by the one that tells them, and the next ones are shorter.
const HITS_MAX: usize = 64 << 10;
/// Payload of a chunk that is never made shorter, in bytes.
const CHUNK_BYTES_MIN: u64 = 256 << 10;
/// More threads gain nothing where all read one disk.
const THREADS_MAX: usize = 8;
/// Who waits looks so often whether it is still wanted.
const LOOK_EVERY: Duration = Duration::from_millis(50);

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
    /// False: what was found means nothing.
    pub is_regular: bool,
}

/// Where the next chunk begins. Its lock is never held while a thread waits for anything but the disk.
struct Cursor {
    reader: CaptureReader,
    range: Range<u64>,
    /// Read, and not in a chunk yet: from `at` on.
    ahead: Vec<Record>,
    at: usize,
    /// Records read ahead at once.
    records: usize,
    /// Where each chunk will come from, in their order; gone behind the last one. It has room for every permit.
    order: Option<Sender<Receiver<Chunk>>>,
}

struct Shared {
    cursor: Mutex<Cursor>,
    /// Payload of the next chunks, in bytes.
    bytes: AtomicU64,
    stopped: AtomicBool,
}

/// What comes next from the threads.
pub(super) enum Next {
    Chunk(Box<Chunk>),
    /// There are no more, or they cannot be had.
    End,
    /// The caller does not want to go on.
    Stopped,
}

/// See the module. Dropping it stops the threads.
pub(super) struct Chunks {
    shared: Arc<Shared>,
    order: Option<Receiver<Receiver<Chunk>>>,
    /// One for each chunk that may be taken by a thread; given back with each chunk that was received.
    permits: Option<Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

impl Chunks {
    /// Of these records. Where the system has no threads left there are no chunks.
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

    /// The next one; waits for it as long as `go_on` says so.
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
                    permits.try_send(()).ok(); // there is room for all there are
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
        // A thread that waits for a permit sees that nobody gives one any more.
        (self.order, self.permits) = (None, None);
        for thread in self.threads.drain(..) {
            thread.join().ok(); // the panic hook has reported one that panicked
        }
    }
}

enum Waited<T> {
    Got(T),
    /// The other side has ended.
    Gone,
    Stopped,
}

/// Waits for a value, and looks in between whether it is still wanted.
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
        // Never waits, there is room for it. Nobody wants it any more: the next look says so.
        sender.send(chunk).ok();
    }
}

impl Shared {
    /// Of two threads that find too much at once one may count: the next chunk says so again.
    fn shorten(&self) {
        let bytes = self.bytes.load(Ordering::Relaxed);
        self.bytes.store((bytes / 2).max(CHUNK_BYTES_MIN), Ordering::Relaxed);
    }
}

/// The records of the next chunk, and where what is found in them is waited for.
fn next(shared: &Shared) -> Option<(Vec<Record>, Sender<Chunk>)> {
    // A thread that panics while it holds the lock has taken no records yet, or all of a chunk.
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
    // Never waits: who is here has a permit, and there is room for all permits.
    cursor.order.as_ref()?.try_send(receiver).ok()?;
    Some((records, sender))
}

impl Cursor {
    /// At least one record and no more than `most` bytes where it is more than one; `None`: there are no more, or they cannot be
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

//! Writes received bytes to a file while they arrive.

use super::{FilePlan, OutputFile, OutputKind, ReceivedFiles, ReceivedSink};
use crate::capture::{CaptureReader, RecordKind};
use crate::jobs::JobControl;
use crate::model::{Direction, NetError};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Records read at once.
const BATCH_RECORDS: u64 = 2048;
/// Without a notice the capture is read again after this time.
const LOOK: Duration = Duration::from_millis(500);
/// Time between two reports of progress.
const REPORT: Duration = Duration::from_millis(100);

#[derive(Debug, Default)]
struct Shared {
    /// Captures to continue in, once the present one is written.
    captures: Mutex<VecDeque<CaptureReader>>,
    bytes: AtomicU64,
    missed: AtomicU64,
}

impl Shared {
    /// A poisoned lock is ignored: the queue changes in single steps and is always valid.
    fn captures(&self) -> MutexGuard<'_, VecDeque<CaptureReader>> {
        self.captures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running [`Follower`] as seen by its front end. Dropping it ends the follower once everything received is written.
#[derive(Debug)]
pub struct Following {
    shared: Arc<Shared>,
    notice: Sender<()>,
}

impl Following {
    /// There are new records, or the job was cancelled.
    pub fn notify(&self) {
        // If a notice is waiting already, it serves for this one too.
        self.notice.try_send(()).ok();
    }

    /// The session has another capture: it is written from its start.
    pub fn continue_in(&self, reader: CaptureReader) {
        self.shared.captures().push_back(reader);
        self.notify();
    }

    /// Bytes written so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.shared.bytes.load(Ordering::Relaxed)
    }

    /// Records that could not be written, because the size limit deleted them first or they cannot be read.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.shared.missed.load(Ordering::Relaxed)
    }
}

/// Appends the received bytes of a capture to a file, in record order, until its job is cancelled. It does not hold the size limit
/// back: a slow disk must not keep a session from receiving.
#[derive(Debug)]
pub struct Follower {
    shared: Arc<Shared>,
    notice: Receiver<()>,
    reader: Option<CaptureReader>,
    /// The next record.
    next: u64,
    reported: Instant,
}

/// A follower of the records after the present ones of `reader`; without a capture it begins with the first one that it is given.
#[must_use]
pub fn follower(reader: Option<CaptureReader>) -> (Following, Follower) {
    let shared = Arc::new(Shared::default());
    let (sender, notice) = bounded(1);
    let next = reader.as_ref().map_or(0, |reader| reader.records().end);
    let follower = Follower { shared: shared.clone(), notice, reader, next, reported: Instant::now() };
    (Following { shared, notice: sender }, follower)
}

impl Follower {
    /// Opens the file of `plan`, or several, and writes to it as [`Follower::run`] does. `captures_dir`: see [`OutputFile::open`].
    ///
    /// # Errors
    /// A file cannot be opened or written.
    pub fn write_to(self, plan: FilePlan, captures_dir: &Path, control: &JobControl) -> Result<(), NetError> {
        if !plan.is_one_file() {
            return self.run(&mut ReceivedFiles::new(plan, Some(captures_dir)), control);
        }
        let kind = if plan.appends { OutputKind::AppendReceived } else { OutputKind::Received };
        let mut out = OutputFile::open(&plan.path, kind, Some(captures_dir))?;
        if !plan.appends {
            out.empty()?;
        }
        self.run(&mut out, control)
    }

    /// Writes until the job is cancelled or the front end drops its [`Following`]; what was received before is written.
    ///
    /// # Errors
    /// The file cannot be written. Nothing is written after the first failure.
    pub fn run(mut self, out: &mut dyn ReceivedSink, control: &JobControl) -> Result<(), NetError> {
        let mut is_last = false;
        loop {
            is_last |= control.cancelled();
            let following = self.shared.captures().pop_front();
            // The present capture gets no more records once there is another one.
            self.catch_up(out, control)?;
            control.set_progress(self.shared.bytes.load(Ordering::Relaxed), None);
            if let Some(reader) = following {
                (self.reader, self.next) = (Some(reader), 0);
            } else if is_last {
                return Ok(());
            } else if let Err(RecvTimeoutError::Disconnected) = self.notice.recv_timeout(LOOK) {
                is_last = true;
            }
        }
    }

    /// Writes the records up to the present last one.
    fn catch_up(&mut self, out: &mut dyn ReceivedSink, control: &JobControl) -> Result<(), NetError> {
        let Some(reader) = self.reader.clone() else { return Ok(()) };
        let end = reader.records().end;
        let (mut records, mut payload) = (Vec::new(), Vec::new());
        while self.next < end {
            let start = reader.records().start;
            if self.next < start {
                self.miss(start.min(end));
                continue;
            }
            records.clear();
            let batch = self.next..end.min(self.next + BATCH_RECORDS);
            if reader.records_in(batch.clone(), &mut records).is_err() {
                // Deleted meanwhile, or damaged.
                self.miss(reader.records().start.clamp(batch.start + 1, end));
                continue;
            }
            if records.is_empty() {
                break;
            }
            for record in &records {
                self.next = record.number + 1;
                if record.kind != RecordKind::Data || record.direction != Some(Direction::Received) {
                    continue;
                }
                payload.clear();
                if reader.payload(record, 0..record.len, &mut payload).is_err() {
                    self.shared.missed.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                out.take(record, reader.peer_address(record.peer), &payload)?;
                self.shared.bytes.fetch_add(record.len.into(), Ordering::Relaxed);
            }
            out.finish()?;
            if self.reported.elapsed() >= REPORT {
                self.reported = Instant::now();
                control.set_progress(self.shared.bytes.load(Ordering::Relaxed), None);
            }
        }
        out.finish()
    }

    /// Skips the records before `to`.
    fn miss(&mut self, to: u64) {
        self.shared.missed.fetch_add(to.saturating_sub(self.next), Ordering::Relaxed);
        self.next = to;
    }
}

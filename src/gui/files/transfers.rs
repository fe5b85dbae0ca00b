//! The list of file actions of one session: those that run or wait, and the last ones that ended.

use crate::capture::{self, CaptureReader};
use crate::engine::{SendOutcome, SendPace, SendProgress};
use crate::gui::files::form::FileTask;
use crate::gui::files::transfer::{Rate, Transfer};
use crate::jobs::{Job, JobPoll};
use crate::lines::Following;
use crate::model::{ErrorKind, NetError, PeerId, Target, Ticket, TransferError};
use crate::transfer::Transfer as Headed;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Rows of ended actions that are kept.
const ENDED_KEPT: usize = 100;
/// Files that can wait at a time.
pub const WAITING_MOST: usize = 1000;

/// Result of a saving job.
pub type Saved = Result<capture::Saved, NetError>;

/// A job that appends what is received.
pub struct Receiving {
    pub job: Job<Result<(), NetError>>,
    pub feed: Following,
    pub rate: Rate,
}

/// How a file action ended.
#[derive(Clone, Debug)]
pub enum End {
    /// Sent.
    Sent {
        /// Bytes, sum over all peers.
        bytes: u64,
        /// Number of peers.
        peers: usize,
    },
    /// Written.
    Saved {
        /// Bytes written.
        bytes: u64,
        /// Number of records that could not be read any more.
        missing: u64,
    },
    /// What was received is written, until the user stopped it.
    Received,
    /// A transfer with a header is complete.
    Moved {
        transfer: Box<Headed>,
        /// The MD5 was compared and is right.
        is_verified: bool,
    },
    /// A transfer with a header failed.
    Refused(TransferError),
    /// A folder is no longer served.
    Stopped,
    /// Cancelled by the user.
    Cancelled {
        /// Bytes sent. Nothing is left of a file that was being saved.
        done: u64,
        /// Total, if known.
        total: Option<u64>,
    },
    /// Failed.
    Failed(NetError),
}

/// The state of a file action.
pub enum State {
    /// It starts when its peers have no other file under way.
    Waiting,
    /// The engine is sending it.
    Sending(Ticket),
    /// A job is writing it.
    Saving(Job<Saved>),
    /// A job appends what is received.
    Receiving(Receiving),
    /// A folder is served, or receives files.
    Serving,
    /// A transfer with a header.
    Headed(Box<Headed>),
    /// It ended.
    Ended(End),
}

/// How a file is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// UDP: bytes per datagram.
    pub udp_chunk: Option<u32>,
    /// Its pieces.
    pub pace: SendPace,
}

/// One file action.
pub struct Row {
    /// Its id in this session; never reused.
    pub id: u64,
    pub task: FileTask,
    pub path: PathBuf,
    /// The receivers of a file that is sent.
    pub targets: Vec<Target>,
    /// How a file that is sent is cut.
    pub cut: Cut,
    pub state: State,
    /// The progress of each peer.
    pub transfer: Transfer,
    /// Bytes received into the file.
    pub received: u64,
    /// Records that could not be written to it.
    pub missed: u64,
    /// The peers are listed below it.
    pub is_unfolded: bool,
}

impl Row {
    /// The name of the file, for display.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned()
    }

    /// It runs or waits.
    pub fn is_active(&self) -> bool {
        !matches!(self.state, State::Ended(_))
    }

    /// The file is on disk because of this action.
    pub fn is_written(&self) -> bool {
        match &self.state {
            State::Ended(End::Saved { .. } | End::Received) | State::Receiving(_) => true,
            State::Ended(End::Moved { transfer, .. }) => transfer.kind.receives() && self.path.is_absolute(),
            State::Ended(End::Failed(_)) => self.task == FileTask::Receive && self.received > 0,
            _ => false,
        }
    }

    /// A file that was not sent completely can be sent again.
    pub fn is_to_send_again(&self) -> bool {
        let has_ended_early = matches!(self.state, State::Ended(End::Cancelled { .. } | End::Failed(_)));
        self.task == FileTask::Send && has_ended_early
    }

    /// Amount done and total.
    pub fn progress(&self) -> (u64, Option<u64>) {
        match &self.state {
            State::Saving(job) => job.progress(),
            State::Receiving(_) => (self.received, None),
            State::Headed(transfer) => (transfer.done_bytes, transfer.total_bytes),
            State::Serving => (0, None),
            State::Waiting | State::Sending(_) | State::Ended(_) => (self.transfer.sent, self.transfer.total),
        }
    }

    /// Something was sent or received lately, as far as known.
    pub fn has_pace(&self) -> bool {
        match &self.state {
            State::Receiving(receiving) => receiving.rate.per_second().is_none_or(|rate| rate >= 1.0),
            State::Serving => false,
            _ => self.is_active(),
        }
    }

    /// Ends an action that waits.
    pub fn end_waiting(&mut self) {
        self.state = State::Ended(End::Cancelled { done: 0, total: None });
    }

    /// Takes the result of its job. Returns true if it has just ended.
    fn poll(&mut self) -> bool {
        let end = match &mut self.state {
            State::Saving(job) => match job.poll() {
                JobPoll::Running => return false,
                JobPoll::Done(Ok(saved)) => End::Saved { bytes: saved.bytes, missing: saved.unreadable },
                JobPoll::Done(Err(error)) if error.kind != ErrorKind::Cancelled => End::Failed(error),
                JobPoll::Done(Err(_)) | JobPoll::Gone => End::Cancelled { done: 0, total: None },
            },
            State::Receiving(Receiving { job, feed, rate }) => {
                let result = job.poll();
                (self.received, self.missed) = (feed.bytes(), feed.missed());
                rate.take(Instant::now(), self.received);
                match result {
                    JobPoll::Running => return false,
                    JobPoll::Done(Ok(())) | JobPoll::Gone => End::Received,
                    JobPoll::Done(Err(error)) => End::Failed(error),
                }
            }
            State::Waiting | State::Sending(_) | State::Serving | State::Headed(_) | State::Ended(_) => return false,
        };
        self.state = State::Ended(end);
        true
    }
}

/// The list.
#[derive(Default)]
pub struct Transfers {
    rows: Vec<Row>,
    next_id: u64,
    /// Rows that have failed since the last call of [`Transfers::take_failed`].
    failed: Vec<u64>,
}

impl Transfers {
    /// Oldest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// To start what waits, and to fold rows.
    pub fn rows_mut(&mut self) -> &mut [Row] {
        &mut self.rows
    }

    /// The row with this id.
    pub fn row(&self, id: u64) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// The same, to change it.
    pub fn row_mut(&mut self, id: u64) -> Option<&mut Row> {
        self.rows.iter_mut().find(|row| row.id == id)
    }

    /// Number of actions that run or wait.
    pub fn active(&self) -> usize {
        self.rows.iter().filter(|row| row.is_active()).count()
    }

    /// Number of files that can still be added to those that wait.
    pub fn room(&self) -> usize {
        let waiting = self.rows.iter().filter(|row| matches!(row.state, State::Waiting)).count();
        WAITING_MOST.saturating_sub(waiting)
    }

    /// Adds a file to send; it waits until [`Transfers::next_to_send`] returns it.
    pub fn add_send(&mut self, path: PathBuf, targets: Vec<Target>, cut: Cut) {
        self.add(FileTask::Send, path, targets, cut, State::Waiting);
    }

    /// Adds a file that a job writes.
    pub fn add_save(&mut self, task: FileTask, path: PathBuf, job: Job<Saved>) {
        self.add(task, path, Vec::new(), Cut::default(), State::Saving(job));
    }

    /// Adds a file that a job appends what is received to.
    pub fn add_receive(&mut self, path: PathBuf, job: Job<Result<(), NetError>>, feed: Following) {
        let receiving = Receiving { job, feed, rate: Rate::default() };
        self.add(FileTask::Receive, path, Vec::new(), Cut::default(), State::Receiving(receiving));
    }

    /// Adds a transfer with a header; returns its row. `peer`: a client of this server.
    pub fn add_headed(&mut self, task: FileTask, path: PathBuf, peer: Option<PeerId>, transfer: Headed) -> u64 {
        let targets = peer.map(Target::Peer).into_iter().collect();
        self.add(task, path, targets, Cut::default(), State::Headed(Box::new(transfer)))
    }

    /// Adds a folder that is served, or a file whose transfer begins soon; returns its row.
    pub fn add_service(&mut self, task: FileTask, path: PathBuf) -> u64 {
        self.add(task, path, Vec::new(), Cut::default(), State::Serving)
    }

    /// Ends a row without a result.
    pub fn stop(&mut self, id: u64) {
        let Some(row) = self.row_mut(id).filter(|row| row.is_active()) else { return };
        let (done, total) = row.progress();
        let is_service = matches!(row.state, State::Serving) && row.task == FileTask::Folder;
        row.state = State::Ended(if is_service { End::Stopped } else { End::Cancelled { done, total } });
    }

    /// Ends a transfer with a header that failed.
    pub fn refuse(&mut self, id: u64, error: TransferError) {
        if let Some(row) = self.row_mut(id) {
            row.state = State::Ended(End::Refused(error));
            self.failed.push(id);
        }
    }

    /// There are new records.
    pub fn notify(&self) {
        self.feeds().for_each(Following::notify);
    }

    /// The session has another capture.
    pub fn continue_in(&self, reader: &CaptureReader) {
        self.feeds().for_each(|feed| feed.continue_in(reader.clone()));
    }

    fn feeds(&self) -> impl Iterator<Item = &Following> {
        self.rows.iter().filter_map(|row| match &row.state {
            State::Receiving(receiving) => Some(&receiving.feed),
            _ => None,
        })
    }

    /// What is received is being written to a file.
    pub fn is_receiving(&self) -> bool {
        self.feeds().next().is_some()
    }

    /// Ends the files that receive, and waits until what was received before is written, at most until `deadline`.
    pub fn finish(&mut self, deadline: Instant) {
        for row in &mut self.rows {
            if let State::Receiving(Receiving { job, feed, .. }) = &mut row.state {
                job.cancel();
                feed.notify();
                job.wait(deadline.saturating_duration_since(Instant::now()));
            }
        }
    }

    fn add(&mut self, task: FileTask, path: PathBuf, targets: Vec<Target>, cut: Cut, state: State) -> u64 {
        self.next_id += 1;
        let transfer = Transfer::default();
        self.rows.push(Row {
            id: self.next_id,
            task,
            path,
            targets,
            cut,
            state,
            transfer,
            received: 0,
            missed: 0,
            is_unfolded: false,
        });
        let ended = self.rows.iter().filter(|row| !row.is_active()).count();
        let mut over = ended.saturating_sub(ENDED_KEPT);
        self.rows.retain(|row| {
            let goes = over > 0 && !row.is_active();
            over -= usize::from(goes);
            !goes
        });
        self.next_id
    }

    /// The oldest waiting file whose peers have no other file under way. Files to the same peer go one after the other.
    pub fn next_to_send(&self) -> Option<u64> {
        let mut taken: Vec<Target> = Vec::new();
        for row in &self.rows {
            match row.state {
                State::Waiting if !overlap(&taken, &row.targets) => return Some(row.id),
                State::Waiting | State::Sending(_) => taken.extend(&row.targets),
                // Other bytes within its stream would destroy it.
                State::Headed(_) if row.targets.is_empty() => taken.push(Target::All),
                State::Headed(_) => taken.extend(&row.targets),
                State::Saving(_) | State::Receiving(_) | State::Serving | State::Ended(_) => {}
            }
        }
        None
    }

    /// Ends a row before it ran.
    pub fn fail(&mut self, id: u64, error: NetError) {
        if let Some(row) = self.row_mut(id) {
            row.state = State::Ended(End::Failed(error));
            self.failed.push(id);
        }
    }

    /// Applies a progress report of the engine.
    pub fn progressed(&mut self, now: Instant, progress: &SendProgress) {
        if let Some(row) = self.sending(progress.ticket) {
            row.transfer.progressed(now, progress);
        }
    }

    /// Handles the end of a send. Ignores sends of others.
    pub fn sent(&mut self, ticket: Ticket, outcome: &SendOutcome) {
        let Some(row) = self.sending(ticket) else { return };
        row.transfer.ended(outcome);
        let (done, total) = (outcome.sent_bytes, row.transfer.total);
        let end = match &outcome.result {
            Ok(()) => End::Sent { bytes: outcome.sent_bytes, peers: outcome.peers },
            Err(error) if error.kind == ErrorKind::Cancelled => End::Cancelled { done, total },
            Err(error) => End::Failed(error.clone()),
        };
        let failed = matches!(end, End::Failed(_)).then_some(row.id);
        row.state = State::Ended(end);
        self.failed.extend(failed);
    }

    fn sending(&mut self, ticket: Ticket) -> Option<&mut Row> {
        self.rows.iter_mut().find(|row| matches!(row.state, State::Sending(own) if own == ticket))
    }

    /// Ends everything that runs or waits, without waiting for it.
    pub fn end_all(&mut self) {
        for row in self.rows.iter_mut().filter(|row| row.is_active()) {
            let (done, total) = row.progress();
            let end = match row.state {
                State::Sending(_) => End::Cancelled { done, total },
                State::Receiving(_) => End::Received,
                State::Serving => End::Stopped,
                State::Headed(_) => End::Cancelled { done, total },
                State::Waiting | State::Saving(_) | State::Ended(_) => End::Cancelled { done: 0, total: None },
            };
            row.state = State::Ended(end);
        }
    }

    /// Takes the results of the jobs.
    pub fn poll(&mut self) {
        for row in &mut self.rows {
            if row.poll() && matches!(row.state, State::Ended(End::Failed(_))) {
                self.failed.push(row.id);
            }
        }
    }

    /// The rows that have failed since the last call: file and result.
    pub fn take_failed(&mut self) -> Vec<(String, End)> {
        let failed = std::mem::take(&mut self.failed);
        let error_of = |row: &Row| match &row.state {
            State::Ended(end) => Some((row.name(), end.clone())),
            _ => None,
        };
        self.rows.iter().filter(|row| failed.contains(&row.id)).filter_map(error_of).collect()
    }

    /// Takes a row off the list; one that runs stays.
    pub fn remove(&mut self, id: u64) {
        self.rows.retain(|row| row.id != id || row.is_active());
    }

    /// Takes all ended rows off the list.
    pub fn clear_ended(&mut self) {
        self.rows.retain(Row::is_active);
    }

    /// Puts a file that was not sent completely behind those that wait.
    pub fn send_again(&mut self, id: u64) {
        let Some(at) = self.rows.iter().position(|row| row.id == id && row.is_to_send_again()) else { return };
        let row = self.rows.remove(at);
        self.add_send(row.path, row.targets, row.cut);
    }

    /// Whether a file of a running action has this path.
    pub fn writes(&self, path: &Path) -> bool {
        let writes = |row: &Row| matches!(row.state, State::Saving(_) | State::Receiving(_));
        self.rows.iter().any(|row| writes(row) && row.path == path)
    }
}

/// Whether two sends may go to the same peer.
fn overlap(some: &[Target], others: &[Target]) -> bool {
    let apart = |a: &Target, b: &Target| match (a, b) {
        (Target::Peer(a), Target::Peer(b)) => a != b,
        (Target::Address(a), Target::Address(b)) => a != b,
        _ => false,
    };
    some.iter().any(|a| others.iter().any(|b| !apart(a, b)))
}

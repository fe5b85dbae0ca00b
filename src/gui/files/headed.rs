//! Transfers with headers: their thread, and the rows of the list that show them.

use crate::gui::files::form::FileTask;
use crate::gui::files::transfers::{End, State, Transfers};
use crate::jobs::{Job, JobPoll};
use crate::model::{NetError, PeerId};
use crate::transfer::{Transfer, TransferEvent, TransferHandle};
use crossbeam_channel::TryRecvError;
use std::path::PathBuf;

/// A thread that is being started: its folder is opened in a job.
pub struct Heading {
    pub job: Job<Result<TransferHandle, NetError>>,
    pub folder: Option<PathBuf>,
    /// The row of a served folder, or of the file until its transfer begins.
    pub row: u64,
    /// It is the row of a served folder.
    pub is_service: bool,
}

impl Heading {
    /// Takes the result of the job. `None`: it still runs.
    pub fn poll(&mut self, list: &mut Transfers) -> Option<Option<Headed>> {
        let handle = match self.job.poll() {
            JobPoll::Running => return None,
            JobPoll::Gone => {
                list.stop(self.row);
                return Some(None);
            }
            JobPoll::Done(Err(error)) => {
                list.fail(self.row, error);
                return Some(None);
            }
            JobPoll::Done(Ok(handle)) => handle,
        };
        // Records that arrived while it was being started were not reported to it.
        handle.records_added();
        let service = self.is_service.then_some(self.row);
        let spare = (!self.is_service).then_some(self.row);
        Some(Some(Headed { handle, folder: self.folder.take(), service, spare, rows: Vec::new() }))
    }
}

/// The running thread of a session.
pub struct Headed {
    handle: TransferHandle,
    /// The folder that files are stored in, if it is known; for the button that shows a file.
    folder: Option<PathBuf>,
    /// The row of a served folder.
    service: Option<u64>,
    /// The row of a file whose transfer has not begun.
    spare: Option<u64>,
    /// The rows of transfers, by the number of the transfer.
    rows: Vec<(u64, u64)>,
}

impl Headed {
    /// There are new records.
    pub fn notify(&self) {
        self.handle.records_added();
    }

    /// The session has closed: what is left is processed.
    pub fn finish(&self) {
        self.handle.finish();
    }

    /// Cancels the transfer of a row. Returns true if the row is that of the whole service, which is to be ended.
    pub fn cancel(&self, row: u64) -> bool {
        if let Some((number, _)) = self.rows.iter().find(|(_, own)| *own == row) {
            self.handle.cancel(*number);
        }
        self.service == Some(row) || self.spare == Some(row)
    }

    /// Applies progress and events to the rows. Returns true if the thread has nothing more to do.
    pub fn poll(&mut self, list: &mut Transfers) -> bool {
        loop {
            match self.handle.events().try_recv() {
                Ok(TransferEvent::Began(transfer) | TransferEvent::Ended(transfer)) => self.apply(list, transfer),
                Ok(TransferEvent::Done) | Err(TryRecvError::Disconnected) => {
                    self.end(list);
                    return true;
                }
                Err(TryRecvError::Empty) => break,
            }
        }
        for transfer in self.handle.running() {
            self.apply(list, transfer);
        }
        false
    }

    /// Ends the rows that are left.
    pub fn end(&mut self, list: &mut Transfers) {
        let own = self.service.take().into_iter().chain(self.spare.take());
        for row in own.chain(self.rows.drain(..).map(|(_, row)| row)) {
            list.stop(row);
        }
    }

    fn apply(&mut self, list: &mut Transfers, transfer: Transfer) {
        let known = self.rows.iter().find(|(number, _)| *number == transfer.number).map(|(_, row)| *row);
        let row = match known {
            Some(row) => row,
            None => {
                let task = if transfer.kind.receives() { FileTask::Get } else { FileTask::Put };
                // A name from the wire is text, not a path: only its last part is used, in the known folder.
                let name = crate::words::harmless(&transfer.name);
                let last = name.rsplit(['/', '\\']).next().unwrap_or(&name).to_owned();
                let path = self.folder.as_ref().map_or_else(|| PathBuf::from(&last), |folder| folder.join(&last));
                let peer: Option<PeerId> = self.service.map(|_| transfer.peer);
                let spare = self.spare.take();
                let row = spare.unwrap_or_else(|| list.add_headed(task, path, peer, transfer.clone()));
                self.rows.push((transfer.number, row));
                row
            }
        };
        let Some(found) = list.row_mut(row).filter(|row| row.is_active()) else { return };
        found.received = transfer.done_bytes;
        let Some(outcome) = transfer.outcome.clone() else {
            found.state = State::Headed(Box::new(transfer));
            return;
        };
        match outcome {
            Ok(is_verified) => found.state = State::Ended(End::Moved { transfer: Box::new(transfer), is_verified }),
            Err(crate::model::TransferError::Cancelled) => {
                let (done, total) = (transfer.done_bytes, transfer.total_bytes);
                found.state = State::Ended(End::Cancelled { done, total });
            }
            Err(error) => list.refuse(row, error),
        }
    }
}

//! The file transfers of a session: the thread that carries them out, what is printed of them, and when a client is done.

use super::{CLOSE_WAIT, Run};
use crate::capture::CaptureReader;
use crate::capture::json::{Line, TransferLine, TransferState};
use crate::cli::plan::Role;
use crate::codec::Encoding;
use crate::engine::Command;
use crate::model::{NetError, Operation, Target, display_address};
use crate::transfer::{Kind, Transfer, TransferEvent, TransferHandle, TransferOptions, UploadForm, Work};
use crate::words;
use crossbeam_channel::{Receiver, RecvTimeoutError, never};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Tickets of transfers; the command line's own sends count from 0.
const FIRST_TICKET: u64 = 1 << 32;
/// How often the progress of a transfer is printed.
const PROGRESS: Duration = Duration::from_secs(1);
/// After an upload that the server does not confirm: how long it may take to close the connection.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// The transfers of a session.
pub(super) struct Transfers {
    work: Work,
    encoding: Encoding,
    handle: Option<TransferHandle>,
    /// A client has nothing left to do.
    is_done: bool,
    failed: bool,
    /// When a client that is done ends at the latest.
    ends_at: Option<Instant>,
    progress_at: Option<Instant>,
}

impl Transfers {
    pub(super) fn new(work: Work, encoding: Encoding) -> Self {
        Self { work, encoding, handle: None, is_done: false, failed: false, ends_at: None, progress_at: None }
    }

    /// The events of the transfers.
    pub(super) fn events(&self) -> Receiver<TransferEvent> {
        self.handle.as_ref().map_or_else(never, |handle| handle.events().clone())
    }

    /// Whether the connection may end now: a client has what it wanted.
    pub(super) fn are_well(&self) -> bool {
        !self.failed && (self.is_done || matches!(self.work, Work::Serve { .. } | Work::Commands { .. }))
    }

    /// When [`Run::proceed_with_transfers`] has something to do.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        [self.ends_at, self.progress_at].into_iter().flatten().min()
    }
}

impl Run {
    /// Starts the thread with the capture.
    pub(super) fn start_transfers(&mut self, reader: &CaptureReader) {
        let Some(transfers) = &mut self.transfers else { return };
        if matches!(transfers.work, Work::Commands { .. }) {
            self.printer.say(self.lang.texts().serves_commands());
        }
        let options = TransferOptions {
            work: transfers.work.clone(),
            encoding: transfers.encoding,
            from: reader.records().start,
            peers: Vec::new(),
            first_ticket: FIRST_TICKET,
            // The channel of events wakes this thread.
            wake: Arc::new(|| {}),
        };
        match TransferHandle::spawn(reader.clone(), self.handle.commands(), options) {
            Ok(handle) => transfers.handle = Some(handle),
            Err(error) => self.fail(&NetError::from_io(Operation::Receive, "session", &error)),
        }
    }

    /// The session has new records.
    pub(super) fn transfers_look(&self) {
        if let Some(handle) = self.transfers.as_ref().and_then(|transfers| transfers.handle.as_ref()) {
            handle.records_added();
        }
    }

    /// `None`: the thread has ended.
    pub(super) fn take_transfer(&mut self, event: Option<TransferEvent>) {
        let is_client = self.role == Role::Connect;
        let Some(transfers) = &mut self.transfers else { return };
        match event {
            Some(TransferEvent::Began(transfer)) => {
                transfers.progress_at = transfers.progress_at.or_else(|| Some(Instant::now() + PROGRESS));
                self.print_transfer(TransferState::Began, &transfer);
            }
            Some(TransferEvent::Ended(transfer)) => {
                let failed = !matches!(transfer.outcome, Some(Ok(_)));
                // A server serves on: what its clients do wrong is no failure of this run.
                transfers.failed |= failed && is_client;
                self.print_transfer(if failed { TransferState::Failed } else { TransferState::Done }, &transfer);
            }
            Some(TransferEvent::Done) => self.transfers_done(),
            None => transfers.handle = None,
        }
    }

    fn transfers_done(&mut self) {
        let Some(transfers) = &mut self.transfers else { return };
        transfers.is_done = true;
        let unconfirmed = matches!(transfers.work, Work::Put { form: UploadForm::PlainJson, .. });
        if unconfirmed && !transfers.failed {
            transfers.ends_at = Some(Instant::now() + LAST_WAIT);
            self.command(Command::ShutdownWrite(Target::Remote));
        } else {
            transfers.ends_at = Some(Instant::now());
        }
    }

    /// Prints progress, and ends a client that is done.
    pub(super) fn proceed_with_transfers(&mut self) {
        let now = Instant::now();
        let Some(transfers) = &mut self.transfers else { return };
        let ends = transfers.ends_at.is_some_and(|at| at <= now);
        if transfers.progress_at.is_some_and(|at| at <= now) {
            let running = transfers.handle.as_ref().map(TransferHandle::running).unwrap_or_default();
            transfers.progress_at = (!running.is_empty()).then(|| now + PROGRESS);
            for transfer in running.iter().filter(|transfer| transfer.took >= PROGRESS) {
                self.print_transfer(TransferState::Progress, transfer);
            }
        }
        if ends {
            self.end();
        }
    }

    /// The session is closed: waits until the thread has processed its last records.
    pub(super) fn finish_transfers(&mut self) {
        let Some(events) = self.transfers.as_ref().map(Transfers::events) else { return };
        if let Some(handle) = self.transfers.as_ref().and_then(|transfers| transfers.handle.as_ref()) {
            handle.finish();
            let deadline = Instant::now() + CLOSE_WAIT;
            loop {
                match events.recv_deadline(deadline) {
                    Ok(event) => self.take_transfer(Some(event)),
                    Err(RecvTimeoutError::Disconnected) => break,
                    Err(RecvTimeoutError::Timeout) => {
                        tracing::warn!("the transfers did not end in time");
                        break;
                    }
                }
            }
        }
        // Without a connection the error of the session says why.
        let unfinished = self.transfers.as_ref().is_some_and(|transfers| !transfers.are_well());
        self.failed |= unfinished;
    }

    fn print_transfer(&mut self, state: TransferState, transfer: &Transfer) {
        let address = self.reader.as_ref().and_then(|reader| reader.peer_address(transfer.peer)).map(display_address);
        let error = transfer.outcome.as_ref().and_then(|outcome| outcome.as_ref().err());
        if self.printer.show.json {
            let line = TransferLine {
                state,
                number: transfer.number,
                peer: address,
                kind: transfer.kind.name(),
                name: &transfer.name,
                bytes: transfer.done_bytes,
                total: transfer.total_bytes,
                rate: (state != TransferState::Began).then_some(transfer.rate),
                ms: u64::try_from(transfer.took.as_millis()).unwrap_or(u64::MAX),
                left_ms: transfer.left.and_then(|left| u64::try_from(left.as_millis()).ok()),
                verified: transfer.outcome.as_ref().and_then(|outcome| outcome.as_ref().ok()).copied(),
                problem: error.map(crate::model::TransferError::name),
                message: error.map(|error| words::transfer_failed(&transfer.name, error, self.lang)),
            };
            self.printer.out.line(&Line::Transfer(line).to_text());
            self.printer.out.flush();
            return;
        }
        let texts = self.lang.texts();
        let name = words::harmless(&transfer.name);
        let short = |time: Duration| words::since_short(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        let rate = words::size(transfer.rate);
        let sentence = match (state, error) {
            (TransferState::Began, _) => return,
            (TransferState::Progress, _) => {
                let done = words::size_of(transfer.done_bytes, transfer.total_bytes);
                texts.transfer_goes_on(&name, &done, &rate, transfer.left.map(short).as_deref())
            }
            (_, Some(error)) => words::transfer_failed(&transfer.name, error, self.lang),
            (_, None) if transfer.kind == Kind::Command => {
                let peer = address.unwrap_or_else(|| texts.the_peer().to_owned());
                texts.command_answered(&name, &peer, transfer.done_bytes)
            }
            (_, None) => {
                let figures = texts.transfer_figures(transfer.done_bytes, &short(transfer.took), &rate);
                let verified = matches!(transfer.outcome, Some(Ok(true)));
                let peer = address.unwrap_or_else(|| texts.the_peer().to_owned());
                texts.transfer_done(transfer.kind.receives(), &name, &peer, &figures, verified)
            }
        };
        self.printer.say(&sentence);
    }
}

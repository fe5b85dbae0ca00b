//! One connection: its role, its files, and what was handed to the session for it.

use super::progress::{self, Meter};
use super::{Transfer, TransferEvent};
use crate::capture::{Cause, SessionNote};
use crate::codec::hex;
use crate::engine::{Command, OpenedFile, SendItem, SendPlan};
use crate::jobs::Wake;
use crate::model::{ErrorKind, NetError, Operation, PeerId, Target, Ticket, TransferError};
use crate::transfer::folder::{Folder, Incoming};
use crate::transfer::protocol::{Files, Io, Kind, Role, Stage, Step};
use crate::transfer::shell::Shell;
use md5::{Digest as _, Md5};
use std::io::{Read, Seek};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long nothing must arrive until the name of a file counts as complete: nothing on the wire ends it.
const QUIET: Duration = Duration::from_millis(50);

/// Time between the parts of an answer that are to be read apart.
const APART: Duration = Duration::from_millis(50);

/// The files of a connection.
#[derive(Debug, Default)]
pub(super) struct PeerFiles {
    pub serves: Option<Arc<Folder>>,
    pub receives: Option<Arc<Folder>>,
    /// The file to send.
    pub outgoing: Option<OpenedFile>,
    pub incoming: Option<Incoming>,
}

impl Files for PeerFiles {
    fn find(&mut self, name: &str) -> Result<u64, TransferError> {
        let folder = self.serves.as_ref().ok_or(TransferError::NoSuchFile)?;
        let found = folder.find(name)?;
        let len = found.len();
        self.outgoing = Some(found);
        Ok(len)
    }

    fn create(&mut self, name: &str) -> Result<(), TransferError> {
        let folder = self.receives.as_ref().ok_or(TransferError::NoSuchFile)?;
        self.incoming = Some(folder.create(name)?);
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), TransferError> {
        self.incoming.as_mut().map_or(Ok(()), |incoming| incoming.write(bytes))
    }

    fn keep(&mut self) -> Result<(), TransferError> {
        self.incoming.take().map_or(Ok(()), |incoming| incoming.keep().map(drop))
    }

    fn discard(&mut self) {
        self.incoming = None;
    }
}

/// A file whose MD5 is being computed.
#[derive(Debug)]
struct Hashing {
    file: OpenedFile,
    left: u64,
    md5: Md5,
}

impl Hashing {
    fn new(file: OpenedFile) -> Result<Self, TransferError> {
        (&**file.file()).rewind().map_err(|error| unreadable(&file, &error))?;
        Ok(Self { left: file.len(), file, md5: Md5::new() })
    }

    /// Reads on. Returns the digest at the end.
    fn read_on(&mut self, buffer: &mut [u8]) -> Result<Option<String>, TransferError> {
        if self.left > 0 {
            let most = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
            let room = buffer.get_mut(..most).unwrap_or_default();
            let count = (&**self.file.file()).read(room).map_err(|error| unreadable(&self.file, &error))?;
            if count == 0 {
                return Err(unreadable(&self.file, &std::io::ErrorKind::UnexpectedEof.into()));
            }
            self.md5.update(room.get(..count).unwrap_or_default());
            self.left -= count as u64;
        }
        Ok((self.left == 0).then(|| hex::lower(&self.md5.clone().finalize())))
    }
}

fn unreadable(file: &OpenedFile, error: &std::io::Error) -> TransferError {
    let error = NetError::from_io(Operation::ReadFile, file.path().display().to_string(), error);
    NetError { kind: ErrorKind::File, ..error }.into()
}

/// A transfer under way.
#[derive(Debug)]
struct Current {
    transfer: Transfer,
    meter: Meter,
}

/// What the thread collects from its connections.
pub(super) struct Outbox {
    pub commands: std::collections::VecDeque<Command>,
    pub events: Vec<TransferEvent>,
    pub last_ticket: u64,
    pub last_number: u64,
}

/// One connection.
pub(super) struct Peer {
    id: PeerId,
    role: Box<dyn Role>,
    files: PeerFiles,
    current: Option<Current>,
    hashing: Option<Hashing>,
    shell: Option<Shell>,
    wake: Wake,
    pub quiet_at: Option<Instant>,
    /// Bytes handed to the session.
    promised: u64,
    /// Bytes recorded as sent.
    sent: u64,
    /// Where the file to send begins and ends among the bytes sent.
    file: Option<(u64, u64)>,
    half_closed: bool,
    shut_down: bool,
    hung_up: bool,
    last_send: Option<Ticket>,
}

impl Peer {
    pub(super) fn new(id: PeerId, role: Box<dyn Role>, files: PeerFiles, wake: Wake) -> Self {
        Self {
            id,
            role,
            files,
            current: None,
            hashing: None,
            shell: None,
            wake,
            quiet_at: None,
            promised: 0,
            sent: 0,
            file: None,
            half_closed: false,
            shut_down: false,
            hung_up: false,
            last_send: None,
        }
    }

    /// Lets the role act, and carries its steps out.
    fn act(&mut self, out: &mut Outbox, act: impl FnOnce(&mut dyn Role, &mut Io<'_>)) {
        let mut steps = Vec::new();
        act(self.role.as_mut(), &mut Io { files: &mut self.files, steps: &mut steps });
        for step in steps {
            self.carry_out(step, out);
        }
        self.quiet_at = self.role.waits_for_quiet().then(|| Instant::now() + QUIET);
        // A file without bytes is sent at once.
        self.settle_file(out);
        self.shut_down_if_over(out);
    }

    fn carry_out(&mut self, step: Step, out: &mut Outbox) {
        match step {
            Step::Begin { kind, name, total } => self.begin(kind, name, total, out),
            Step::Total(total) => self.change(|transfer| transfer.total_bytes = Some(total)),
            Step::Stage(stage) => self.change(|transfer| transfer.stage = stage),
            Step::Arrived(bytes) => self.change(|transfer| transfer.done_bytes += bytes),
            Step::Send(bytes) => self.send(&[bytes], out),
            Step::Hash => match self.files.outgoing.clone().map(Hashing::new) {
                Some(Ok(hashing)) => self.hashing = Some(hashing),
                Some(Err(error)) => self.act(out, |role, io| role.hashed(Err(error), io)),
                None => self.act(out, |role, io| role.hashed(Err(TransferError::NoSuchFile), io)),
            },
            Step::SendApart(first, then) => {
                self.promised += (first.len() + then.len()) as u64;
                self.command(vec![SendItem::bytes(first), SendItem::bytes(then).after(APART)], out);
            }
            Step::Run(line) => match Shell::start(&line, self.wake.clone()) {
                Ok(shell) => self.shell = Some(shell),
                Err(error) => {
                    let error = NetError::from_io(Operation::ReadFile, line, &error);
                    self.act(out, |role, io| role.ran(Err(error.into()), io));
                }
            },
            Step::SendFile { head } => self.send_file(head, out),
            Step::End(outcome) => self.end(outcome, out),
            Step::HangUp => self.hang_up(out),
        }
    }

    fn begin(&mut self, kind: Kind, name: String, total: Option<u64>, out: &mut Outbox) {
        out.last_number += 1;
        let started = Instant::now();
        let transfer = Transfer {
            number: out.last_number,
            peer: self.id,
            kind,
            name,
            done_bytes: 0,
            total_bytes: total,
            stage: Stage::Asking,
            started,
            took: Duration::ZERO,
            rate: 0,
            left: None,
            outcome: None,
        };
        out.events.push(TransferEvent::Began(transfer.clone()));
        self.current = Some(Current { transfer, meter: Meter::new(started) });
    }

    fn change(&mut self, change: impl FnOnce(&mut Transfer)) {
        if let Some(current) = &mut self.current {
            change(&mut current.transfer);
        }
    }

    fn send(&mut self, pieces: &[Vec<u8>], out: &mut Outbox) {
        let bytes = pieces.concat();
        self.promised += bytes.len() as u64;
        // The second item makes the send wait for room in the queue instead of failing.
        self.command(vec![SendItem::bytes(bytes), SendItem::bytes(&b""[..])], out);
    }

    fn command(&mut self, items: Vec<SendItem>, out: &mut Outbox) {
        out.last_ticket += 1;
        let ticket = Ticket(out.last_ticket);
        self.last_send = Some(ticket);
        let items = items.into_iter().map(|item| item.by(Cause::Transfer)).collect();
        out.commands.push_back(Command::Send { ticket, target: Target::Peer(self.id), plan: SendPlan::once(items) });
    }

    fn send_file(&mut self, head: Vec<u8>, out: &mut Outbox) {
        let Some(file) = self.files.outgoing.take() else { return };
        self.promised += head.len() as u64;
        let begin = self.promised;
        self.promised += file.len();
        self.file = Some((begin, self.promised));
        let head = (!head.is_empty()).then(|| SendItem::bytes(head));
        let file = (!file.is_empty()).then(|| SendItem::opened(file));
        let items: Vec<SendItem> = head.into_iter().chain(file).collect();
        if !items.is_empty() {
            self.command(items.into_iter().chain([SendItem::bytes(&b""[..])]).collect(), out);
        }
    }

    fn end(&mut self, outcome: Result<bool, TransferError>, out: &mut Outbox) {
        self.file = None;
        self.hashing = None;
        self.shell = None;
        self.files.outgoing = None;
        let Some(mut current) = self.current.take() else { return };
        let transfer = &mut current.transfer;
        if let Err(error) = &outcome {
            let note = SessionNote::TransferFailed { name: transfer.name.clone(), error: error.clone() };
            out.commands.push_back(Command::Note { peer: self.id, note });
        }
        transfer.took = transfer.started.elapsed();
        let ms = u64::try_from(transfer.took.as_millis()).unwrap_or(u64::MAX).max(1);
        transfer.rate = transfer.done_bytes.saturating_mul(1000) / ms;
        transfer.left = None;
        transfer.outcome = Some(outcome);
        out.events.push(TransferEvent::Ended(current.transfer));
    }

    fn hang_up(&mut self, out: &mut Outbox) {
        if !std::mem::replace(&mut self.hung_up, true) {
            out.commands.push_back(Command::DisconnectPeer(self.id));
        }
    }

    /// Whether all of the file was sent.
    fn settle_file(&mut self, out: &mut Outbox) {
        let Some((begin, end)) = self.file else { return };
        let done = self.sent.clamp(begin, end) - begin;
        self.change(|transfer| transfer.done_bytes = done);
        if self.sent >= end {
            self.file = None;
            self.act(out, |role, io| role.file_sent(io));
        }
    }

    /// A peer that sends nothing more gets what it asked for, and then the end.
    fn shut_down_if_over(&mut self, out: &mut Outbox) {
        if self.half_closed && !self.shut_down && self.role.is_idle() {
            self.shut_down = true;
            out.commands.push_back(Command::ShutdownWrite(Target::Peer(self.id)));
        }
    }

    pub(super) fn start(&mut self, out: &mut Outbox) {
        self.act(out, |role, io| role.start(io));
    }

    pub(super) fn received(&mut self, bytes: &[u8], out: &mut Outbox) {
        self.act(out, |role, io| role.received(bytes, io));
    }

    pub(super) fn quiet(&mut self, out: &mut Outbox) {
        self.act(out, |role, io| role.quiet(io));
    }

    /// The session has recorded bytes as sent.
    pub(super) fn sent(&mut self, bytes: u64, out: &mut Outbox) {
        self.sent += bytes;
        self.settle_file(out);
    }

    pub(super) fn half_closed(&mut self, out: &mut Outbox) {
        self.half_closed = true;
        self.quiet(out);
        let sends = self.hashing.is_some() || self.file.is_some() || self.shell.is_some();
        if !sends && !self.role.is_idle() {
            self.ended(None, out);
        }
        self.shut_down_if_over(out);
    }

    /// The connection is over, or the transfer must end.
    pub(super) fn ended(&mut self, why: Option<TransferError>, out: &mut Outbox) {
        let why = why.or_else(|| {
            let (begin, end) = self.file?;
            Some(TransferError::EndedEarly { have: self.sent.clamp(begin, end) - begin, want: Some(end - begin) })
        });
        self.act(out, |role, io| role.ended(why, io));
    }

    /// Ends the transfer from outside: what follows could not be understood.
    pub(super) fn abort(&mut self, why: TransferError, out: &mut Outbox) {
        self.ended(Some(why), out);
        if let Some(ticket) = self.last_send.take() {
            out.commands.push_back(Command::CancelSend(ticket));
        }
        self.hang_up(out);
    }

    /// Reads on in a file whose MD5 is needed. Returns the bytes read; `None`: there is none.
    pub(super) fn hash_on(&mut self, buffer: &mut [u8], out: &mut Outbox) -> Option<u64> {
        let hashing = self.hashing.as_mut()?;
        let before = hashing.left;
        let read = hashing.read_on(buffer);
        let count = before - hashing.left;
        match read {
            Ok(None) => {}
            Ok(Some(md5)) => {
                self.hashing = None;
                self.act(out, |role, io| role.hashed(Ok(md5), io));
            }
            Err(error) => {
                self.hashing = None;
                self.act(out, |role, io| role.hashed(Err(error), io));
            }
        }
        Some(count)
    }

    /// Takes the output of a command that has ended.
    pub(super) fn look_at_shell(&mut self, out: &mut Outbox) {
        if let Some(output) = self.shell.as_mut().and_then(Shell::output) {
            self.shell = None;
            self.act(out, |role, io| role.ran(Ok(output), io));
        }
    }

    /// When the time of a command is used up.
    pub(super) fn shell_until(&self) -> Option<Instant> {
        self.shell.as_ref().map(Shell::until)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.role.is_idle()
    }

    /// The number of the transfer under way.
    pub(super) fn number(&self) -> Option<u64> {
        self.current.as_ref().map(|current| current.transfer.number)
    }

    /// The transfer under way, with its speed.
    pub(super) fn snapshot(&mut self, now: Instant) -> Option<Transfer> {
        let current = self.current.as_mut()?;
        let transfer = &mut current.transfer;
        transfer.took = transfer.started.elapsed();
        transfer.rate = current.meter.rate(now, transfer.done_bytes);
        let rest = transfer.total_bytes.map(|total| total.saturating_sub(transfer.done_bytes));
        transfer.left = rest.and_then(|rest| progress::left(rest, transfer.rate));
        Some(transfer.clone())
    }
}

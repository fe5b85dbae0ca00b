//! File transfers of a file: `get` and `put` are statements that wait for their end; `serve` and `receive` last as long as the session.

use super::act::To;
use super::link::Link;
use super::run::Run;
use super::script::Script;
use super::steps::{Done, Halt};
use crate::model::{ErrorKind as NetErrorKind, NetError, Operation, PeerId};
use crate::talk::content::is_below;
use crate::talk::eval::{Fault, FaultKind};
use crate::talk::outcome::ProblemKind;
use crate::talk::tree::{
    Role, Session, Span, Stmt, StmtKind, TopKind, Transfer, TransferKind, Trigger, Visitor, walk_step,
};
use crate::talk::vocabulary::near;
use crate::talk::{Error, ErrorKind};
use crate::transfer::{Folder, Overwrite, TransferEvent, TransferHandle, TransferOptions, UploadForm, Work};
use crossbeam_channel::{Sender, TryRecvError, TrySendError};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PLAIN_JSON: &str = "plain-json";
const OVERWRITE: &str = "overwrite";

/// The words behind a transfer.
fn words_of(kind: TransferKind) -> &'static [&'static str] {
    match kind {
        TransferKind::Put => &[PLAIN_JSON],
        TransferKind::Get | TransferKind::Receive => &[OVERWRITE],
        TransferKind::Serve(_) => &[],
    }
}

fn name_of(kind: TransferKind) -> &'static str {
    match kind {
        TransferKind::Get => "get",
        TransferKind::Put => "put",
        TransferKind::Serve(_) => "serve",
        TransferKind::Receive => "receive",
    }
}

fn has_word(transfer: &Transfer, word: &str) -> bool {
    transfer.options.iter().any(|option| option.plain() == Some(word))
}

/// `serve` and `receive` outside of steps.
pub(super) fn lasting(script: &Script) -> impl Iterator<Item = &Transfer> {
    script.file.tops.iter().filter_map(|top| match &top.kind {
        TopKind::Loose(stmt) => stmt.lasting(),
        _ => None,
    })
}

/// What is wrong with the transfers of a file, before anything is opened. `may_store`: the user has chosen a folder for files.
pub(super) fn errors(script: &Script, may_store: bool) -> Vec<Error> {
    let mut checker = Checker { script, may_store, errors: Vec::new(), in_step: false };
    for top in &script.file.tops {
        checker.in_step = matches!(top.kind, TopKind::Step(_));
        match &top.kind {
            TopKind::Step(step) => walk_step(step, &mut checker),
            TopKind::Loose(stmt) => crate::talk::tree::walk_statements(std::slice::from_ref(stmt), &mut checker),
            _ => {}
        }
    }
    checker.errors
}

struct Checker<'a> {
    script: &'a Script,
    may_store: bool,
    errors: Vec<Error>,
    in_step: bool,
}

impl Visitor for Checker<'_> {
    fn statement(&mut self, stmt: &Stmt) {
        let StmtKind::Transfer(transfer) = &stmt.kind else { return };
        if transfer.kind.modbus().is_some() {
            return;
        }
        let word = name_of(transfer.kind);
        let span = Span::new(stmt.span.start, stmt.span.start + word.len());
        let lasts = matches!(transfer.kind, TransferKind::Serve(_) | TransferKind::Receive);
        let role = if lasts { Role::Listen } else { Role::Connect };
        match self.script.session_of(transfer) {
            Some(session) if session.role.value == role && !is_udp(session) => {}
            Some(_) => {
                let role = if lasts { "listen" } else { "connect" };
                self.errors.push(Error { kind: ErrorKind::TransferSession { word, role }, span });
            }
            None => {}
        }
        if lasts && (self.in_step || stmt.lasting().is_none()) {
            self.errors.push(Error { kind: ErrorKind::OutsideOfSteps(word), span });
        }
        if lasts && self.script.has_frame_rules(transfer) {
            self.errors.push(Error { kind: ErrorKind::Excludes { one: word, other: "on" }, span });
        }
        let stores = matches!(transfer.kind, TransferKind::Get | TransferKind::Receive);
        if stores && !self.may_store {
            self.errors.push(Error { kind: ErrorKind::MayNotStore(word), span });
        }
        for option in &transfer.options {
            let known = words_of(transfer.kind);
            if !option.plain().is_some_and(|word| known.contains(&word)) {
                let written = option.span.of(&self.script.source).to_owned();
                let near = near(&written, known.iter().copied());
                self.errors.push(Error { kind: ErrorKind::UnknownOption { option: written, near }, span: option.span });
            }
        }
    }
}

fn is_udp(session: &Session) -> bool {
    matches!(session.endpoint.pieces.first(), Some(crate::talk::tree::TextPiece::Chars(text)) if text.starts_with("udp:"))
}

impl Script {
    fn session_of(&self, transfer: &Transfer) -> Option<&Session> {
        let is_named = |session: &&Session| match &transfer.session {
            Some(name) => session.name.as_ref().is_some_and(|own| own.value == name.value),
            None => true,
        };
        self.sessions().find(is_named)
    }

    /// Whether the session has rules on frames, which would see the bytes of transfers.
    fn has_frame_rules(&self, transfer: &Transfer) -> bool {
        let own = self.session_of(transfer).and_then(|session| session.name.as_ref()).map(|name| &name.value);
        crate::talk::uses::rules(&self.file).into_iter().any(|(_, rule)| {
            let is_own = rule.session.as_ref().is_none_or(|name| own.is_none_or(|own| *own == name.value));
            rule.off.is_none() && is_own && matches!(rule.trigger, Trigger::Pattern(_))
        })
    }
}

impl Run<'_> {
    /// The path of a file or folder below the folder of the talk file, or below the folder for files that are stored.
    fn path_below(&self, folder: Option<PathBuf>, written: &str, span: Span) -> Result<PathBuf, Halt> {
        let fault = |kind| Self::fault(Fault::new(kind, span));
        let unreadable = |kind| fault(FaultKind::Unreadable { path: written.to_owned(), kind });
        if !is_below(written) {
            return Err(fault(FaultKind::PathOutside(written.to_owned())));
        }
        let folder = folder.ok_or_else(|| unreadable(std::io::ErrorKind::NotFound))?;
        let folder = folder.canonicalize().map_err(|error| unreadable(error.kind()))?;
        let path = folder.join(written).canonicalize().map_err(|error| unreadable(error.kind()))?;
        // A link can lead out of the folder.
        if path.starts_with(&folder) { Ok(path) } else { Err(unreadable(std::io::ErrorKind::PermissionDenied)) }
    }

    /// A folder to store files in, which is made if it is missing.
    fn folder_for(&self, transfer: &Transfer, written: &str) -> Result<Arc<Folder>, Halt> {
        let span = transfer.what.span;
        let refused = |error: &std::io::Error| {
            Self::fault(Fault::new(FaultKind::Unreadable { path: written.to_owned(), kind: error.kind() }, span))
        };
        let chosen = self.options.store_in.clone();
        if let Some(chosen) = chosen.as_ref().filter(|_| is_below(written)) {
            std::fs::create_dir_all(chosen.join(written)).map_err(|error| refused(&error))?;
        }
        let path = self.path_below(chosen, written, span)?;
        let overwrite = if has_word(transfer, OVERWRITE) { Overwrite::Replace } else { Overwrite::Never };
        Folder::open(&path, overwrite).map_err(|error| refused(&error))
    }

    /// Starts what `serve` and `receive` want of a session. It begins with the first connection.
    pub fn start_serving(&mut self, index: usize) -> Done {
        let script = self.script;
        let (mut serves, mut receives) = (None, None);
        for transfer in lasting(script) {
            if self.link_index(transfer.session.as_ref(), transfer.what.span)? != index {
                continue;
            }
            let written = self.text(&transfer.what)?;
            match transfer.kind {
                TransferKind::Receive => receives = Some(self.folder_for(transfer, &written)?),
                _ => {
                    let span = transfer.what.span;
                    let path = self.path_below(self.files.folder.clone(), &written, span)?;
                    let opened = Folder::open(&path, Overwrite::Never).map_err(|error| {
                        let kind = FaultKind::Unreadable { path: written.clone(), kind: error.kind() };
                        Self::fault(Fault::new(kind, span))
                    });
                    serves = Some(opened?);
                }
            }
        }
        if serves.is_some() || receives.is_some() {
            let wake = self.transfers.0.clone();
            self.links[index].serve(Work::Serve { serves, receives }, wake);
        }
        Ok(())
    }

    /// `get`, `put`.
    pub fn transfer(&mut self, transfer: &Transfer, span: Span, within: Option<Duration>) -> Done {
        let index = self.link_index(transfer.session.as_ref(), span)?;
        let wait = within.unwrap_or(self.links[index].opening.within);
        let To::Peer(key) = self.receiver(index, None, (Instant::now() + wait, wait), span)? else {
            return Err(Self::problem(ProblemKind::NoSession, span));
        };
        let name = self.text(&transfer.what)?;
        let work = match transfer.kind {
            TransferKind::Get => Work::Get { names: vec![name.clone()], into: self.folder_for(transfer, ".")? },
            _ => {
                let path = self.path_below(self.files.folder.clone(), &name, transfer.what.span)?;
                let form = if has_word(transfer, PLAIN_JSON) { UploadForm::PlainJson } else { UploadForm::WithMd5 };
                let last = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                Work::Put { path, name: last, form }
            }
        };
        let wake = self.transfers.0.clone();
        self.links[index].transfer(work, key, wake).map_err(|error| {
            let error = NetError::from_io(Operation::Receive, &name, &error);
            Self::problem(ProblemKind::SendFailed(error), span)
        })?;
        let mut outcome = None;
        let until = within.map(|within| Instant::now() + within);
        let done = self.wait(until, |run| run.links[index].transferred(&mut outcome).then_some(()));
        let link = &mut self.links[index];
        link.end_transfer();
        // What the peer sent belongs to the transfer.
        let now = link.now();
        link.move_place(Some(key), now);
        let Some(()) = done? else {
            let error = NetError::new(Operation::Receive, NetErrorKind::Timeout, &name, "");
            return Err(Self::problem(ProblemKind::SendFailed(error), span));
        };
        match outcome {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => Err(Self::problem(ProblemKind::TransferFailed { name, error }, span)),
            None => Err(Self::problem(ProblemKind::SessionFailed, span)),
        }
    }
}

/// How a transfer ended.
pub(super) type TransferOutcome = Result<bool, crate::model::TransferError>;

impl Link {
    /// Serves every connection from the first record of the capture on.
    fn serve(&mut self, work: Work, wake: Sender<()>) {
        self.serving = Some((work, wake));
        self.start_serving();
    }

    /// Starts to serve once there is a capture.
    pub(super) fn start_serving(&mut self) {
        let (Some(capture), Some((work, wake))) = (self.capture.clone(), self.serving.clone()) else { return };
        if self.server.is_some() {
            return;
        }
        let peers = self.peers.values().filter(|peer| peer.is_open).map(|peer| peer.id).collect();
        let options = self.options_of(work, self.next_record(), peers, wake);
        match TransferHandle::spawn(capture, self.commands(), options) {
            Ok(handle) => self.server = Some(handle),
            Err(error) => self.warnings.push(NetError::from_io(Operation::Receive, "session", &error)),
        }
    }

    fn options_of(&mut self, work: Work, from: u64, peers: Vec<PeerId>, wake: Sender<()>) -> TransferOptions {
        // A signal that waits suffices.
        let wake = Arc::new(move || match wake.try_send(()) {
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        });
        let first_ticket = self.tickets_of_transfer();
        TransferOptions { work, encoding: self.opening.encoding, from, peers, first_ticket, wake }
    }

    fn transfer(&mut self, work: Work, key: PeerId, wake: Sender<()>) -> std::io::Result<()> {
        let (Some(capture), Some(peer)) = (self.capture.clone(), self.peers.get(&key)) else {
            return Err(std::io::ErrorKind::NotConnected.into());
        };
        let peers = vec![peer.id];
        let options = self.options_of(work, capture.records().end, peers, wake);
        self.client = Some(TransferHandle::spawn(capture, self.commands(), options)?);
        Ok(())
    }

    /// Whether the transfer of the client is over; `outcome` gets its result.
    fn transferred(&self, outcome: &mut Option<TransferOutcome>) -> bool {
        let Some(handle) = &self.client else { return true };
        loop {
            match handle.events().try_recv() {
                Ok(TransferEvent::Began(_)) => {}
                Ok(TransferEvent::Ended(transfer)) => *outcome = transfer.outcome,
                Ok(TransferEvent::Done) | Err(TryRecvError::Disconnected) => return true,
                Err(TryRecvError::Empty) => return false,
            }
        }
    }

    fn end_transfer(&mut self) {
        self.client = None;
    }

    /// There are new records, or events of what is served.
    pub(super) fn look_at_transfers(&mut self) {
        for handle in [&self.server, &self.client].into_iter().flatten() {
            handle.records_added();
        }
        // Nothing waits for them: a failure is a record.
        while self.server.as_ref().is_some_and(|server| server.events().try_recv().is_ok()) {}
    }
}

//! Carries transfers out over a session: a thread reads the records of the capture in order, lets each connection's role act on them,
//! and sends commands. It needs no events of the session but the hint that there are new records.

mod peer;
mod progress;
mod run;

use super::answer::LengthForm;
use super::folder::Folder;
use super::protocol::{Kind, Stage, UploadForm};
use crate::capture::CaptureReader;
use crate::codec::Encoding;
use crate::engine::CommandSender;
use crate::jobs::Wake;
use crate::jobs::thread::spawn_named;
use crate::model::{PeerId, TransferError};
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use run::Run;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Events that may wait for the front end. While there is no room, transfers wait.
const CHANNEL_EVENTS: usize = 256;

/// What to do on a session.
#[derive(Clone, Debug)]
pub enum Work {
    /// TCP client: ask for files, one after the other.
    Get {
        /// Their names, as the server knows them.
        names: Vec<String>,
        /// Where they are stored, by the last part of their names.
        into: Arc<Folder>,
    },
    /// TCP client: upload a file.
    Put {
        /// Its path.
        path: PathBuf,
        /// The name that the server gets.
        name: String,
        /// The form of the upload.
        form: UploadForm,
    },
    /// TCP server: each client is answered for itself.
    Serve {
        /// Files from here are served by name.
        serves: Option<Arc<Folder>>,
        /// Uploads are stored here.
        receives: Option<Arc<Folder>>,
    },
    /// TCP server: run what clients send in the system's shell, and answer with the output. Only where the user has demanded exactly
    /// this, and only on a loopback address.
    Commands {
        /// How the length of an answer is written.
        form: LengthForm,
    },
}

/// Options of a transfer thread.
#[derive(Clone)]
pub struct TransferOptions {
    /// What to do.
    pub work: Work,
    /// The encoding of names on the wire.
    pub encoding: Encoding,
    /// The first record that is not processed yet; usually 0, or the present end of the capture.
    pub from: u64,
    /// Peers that are connected already: their records may lie before `from`.
    pub peers: Vec<PeerId>,
    /// Sends get tickets from this number on, which no other send of the session uses.
    pub first_ticket: u64,
    /// Called when there is an event or new progress. Must not block.
    pub wake: Wake,
}

/// A transfer: how far it is, or how it ended.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// Counted from 1 in the order of their beginning.
    pub number: u64,
    /// With whom.
    pub peer: PeerId,
    /// What is transferred, and in which direction.
    pub kind: Kind,
    /// The name, as the peer or the user wrote it. From the peer: hostile text.
    pub name: String,
    /// Bytes of the file transferred so far.
    pub done_bytes: u64,
    /// Size of the file, once it is announced.
    pub total_bytes: Option<u64>,
    /// How far it is.
    pub stage: Stage,
    /// When it began.
    pub started: Instant,
    /// How long it has taken so far, or took.
    pub took: Duration,
    /// Bytes a second, lately.
    pub rate: u64,
    /// The time that the rest will take at this rate.
    pub left: Option<Duration>,
    /// How it ended; `None` while it is under way. `Ok(true)`: the MD5 was compared and is right. `Ok(false)`: this side cannot
    /// compare it.
    pub outcome: Option<Result<bool, TransferError>>,
}

/// An event of a transfer thread.
#[derive(Clone, Debug)]
pub enum TransferEvent {
    /// A transfer began.
    Began(Transfer),
    /// A transfer ended.
    Ended(Transfer),
    /// A client has nothing left to do.
    Done,
}

/// What thread and handle share.
struct Shared {
    signal: Sender<()>,
    /// End once all records are processed.
    finishing: AtomicBool,
    /// End at once.
    stopped: AtomicBool,
    running: Mutex<Vec<Transfer>>,
    cancelled: Mutex<Vec<u64>>,
}

impl Shared {
    fn signal(&self) {
        match self.signal.try_send(()) {
            // A waiting signal suffices; without a thread nobody waits.
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }

    fn set_running(&self, running: Vec<Transfer>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = running;
    }

    fn take_cancelled(&self) -> Vec<u64> {
        std::mem::take(&mut *self.cancelled.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The front end's end of a transfer thread. Dropping it stops the thread and removes unfinished files.
pub struct TransferHandle {
    shared: Arc<Shared>,
    events: Receiver<TransferEvent>,
}

impl TransferHandle {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system starts no thread.
    pub fn spawn(capture: CaptureReader, commands: CommandSender, options: TransferOptions) -> io::Result<Self> {
        let (signal, signals) = bounded(1);
        let (sender, events) = bounded(CHANNEL_EVENTS);
        let shared = Arc::new(Shared {
            signal,
            finishing: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
            running: Mutex::default(),
            cancelled: Mutex::default(),
        });
        let run = Run::new(capture, commands, options, shared.clone(), signals, sender);
        spawn_named("transfers", move || run.until_the_end())?;
        Ok(Self { shared, events })
    }

    /// The session has new records: call it for every [`EventKind::More`](crate::engine::EventKind::More) and every new state.
    pub fn records_added(&self) {
        self.shared.signal();
    }

    /// The transfers under way, as last published (a few times a second).
    #[must_use]
    pub fn running(&self) -> Vec<Transfer> {
        self.shared.running.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stops a transfer by its number. Its connection is closed, because nothing that follows could be understood.
    pub fn cancel(&self, number: u64) {
        self.shared.cancelled.lock().unwrap_or_else(PoisonError::into_inner).push(number);
        self.shared.signal();
    }

    /// The events. They must be received: transfers wait while 256 are not. Disconnected once the thread has ended.
    #[must_use]
    pub fn events(&self) -> &Receiver<TransferEvent> {
        &self.events
    }

    /// The session is closed and has no further records: the thread processes those that are left and ends.
    pub fn finish(&self) {
        self.shared.finishing.store(true, Ordering::Release);
        self.shared.signal();
    }
}

impl Drop for TransferHandle {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Release);
        self.shared.signal();
    }
}

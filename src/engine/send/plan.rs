//! What to send: items in order, each with its own content, target, delay and name.

use super::made::Maker;
use super::pace::SendPace;
use crate::capture::{Cause, PayloadForm};
use crate::model::Target;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The longest payload of a datagram (over IPv4; IPv6 has room for 20 bytes more).
pub const DATAGRAM_BYTES_MAX: u32 = 65_507;

/// The bytes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendContent {
    /// These bytes. Empty bytes are an empty datagram for UDP, and nothing for TCP.
    Bytes(Arc<[u8]>),
    /// Bytes that are made for each round.
    Made(Maker),
    /// A file, read in chunks to its end while it is sent. Data appended meanwhile is sent too. Files without a size (`/proc`) are
    /// possible.
    File {
        /// Its path.
        path: PathBuf,
        /// UDP: bytes in each datagram, 1 to [`DATAGRAM_BYTES_MAX`]. `None`: the file is one datagram, and is refused if it is too
        /// long for one.
        udp_chunk: Option<u32>,
    },
    /// An open file, of which exactly the announced bytes are sent.
    Opened(OpenedFile),
}

impl SendContent {
    /// Whether it shares its bytes with the other.
    #[must_use]
    pub fn is_shared_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(bytes), Self::Bytes(others)) => Arc::ptr_eq(bytes, others),
            (Self::Made(maker), Self::Made(other)) => maker == other,
            _ => false,
        }
    }
}

/// A file that was opened before the send, so that its path cannot lead elsewhere meanwhile.
#[derive(Clone, Debug)]
pub struct OpenedFile {
    file: Arc<File>,
    path: Arc<Path>,
    len: u64,
}

impl OpenedFile {
    /// The first `len` bytes of `file`. `path` is its path, for messages and for the capture.
    #[must_use]
    pub fn new(file: Arc<File>, path: &Path, len: u64) -> Self {
        Self { file, path: path.into(), len }
    }

    /// The open file.
    #[must_use]
    pub fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes are sent.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing is sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

impl PartialEq for OpenedFile {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && self.len == other.len
    }
}

impl Eq for OpenedFile {}

/// One thing to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendItem {
    /// Its bytes.
    pub content: SendContent,
    /// Its receivers. `None`: the target of the plan. An item to all goes to every peer of the plan; in a timed repeat also to peers
    /// that join later.
    pub target: Option<Target>,
    /// How long to wait before it. For each peer the time starts when the previous item is written to its socket, so a slow peer does
    /// not delay others. The delays of items for other peers count too: all peers keep the pace of the list.
    pub delay: Duration,
    /// A file is sent piece by piece; `None`: as fast as the peers take it.
    pub pace: Option<SendPace>,
    /// Its name. The outcome of a send that ends early names the item. Records of a named item have the cause
    /// [`List`](crate::capture::Cause::List) instead of [`Single`](crate::capture::Cause::Single).
    pub name: Option<Arc<str>>,
    /// The program sends it by itself, for this cause: its records have the mark AUTOMATIC. `None`: the user sends it.
    pub cause: Option<Cause>,
    /// What the messages of a layer (WebSocket) are, or a ping or close frame. `PLAIN`: as the session's configuration says; sockets
    /// without such a layer ignore it.
    pub form: PayloadForm,
}

impl SendItem {
    /// These bytes to the target of the plan, without delay or name.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self::of(SendContent::Bytes(bytes.into()))
    }

    /// Bytes that are made for each round, to the target of the plan, without delay or name.
    #[must_use]
    pub fn made(maker: Maker) -> Self {
        Self::of(SendContent::Made(maker))
    }

    /// A file to the target of the plan, without delay or name. For `udp_chunk` see [`SendContent::File`].
    pub fn file(path: impl Into<PathBuf>, udp_chunk: Option<u32>) -> Self {
        Self::of(SendContent::File { path: path.into(), udp_chunk })
    }

    /// An open file to the target of the plan, without delay or name. For streams only.
    #[must_use]
    pub fn opened(file: OpenedFile) -> Self {
        Self::of(SendContent::Opened(file))
    }

    /// This content to the target of the plan, without delay or name.
    #[must_use]
    pub fn of(content: SendContent) -> Self {
        Self {
            content,
            target: None,
            delay: Duration::ZERO,
            pace: None,
            name: None,
            cause: None,
            form: PayloadForm::PLAIN,
        }
    }

    /// The same, sent by the program itself for this cause.
    #[must_use]
    pub fn by(self, cause: Cause) -> Self {
        Self { cause: Some(cause), ..self }
    }

    /// The same in this form.
    #[must_use]
    pub fn in_form(self, form: PayloadForm) -> Self {
        Self { form, ..self }
    }

    /// The same with a target of its own.
    #[must_use]
    pub fn to(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    /// The same after a delay.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The same file in pieces.
    #[must_use]
    pub fn paced(self, pace: SendPace) -> Self {
        Self { pace: Some(pace).filter(|pace| !pace.is_unlimited()), ..self }
    }

    /// The same with a name.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.into()), ..self }
    }
}

/// Items in order, perhaps repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendPlan {
    /// Sent one after the other.
    pub items: Vec<SendItem>,
    /// From the start of one round to the start of the next. `None` with `rounds` > 1: as fast as the queue takes them and the
    /// delays allow.
    pub every: Option<Duration>,
    /// Rounds; `None` = until stopped (only with `every`).
    pub rounds: Option<u64>,
}

impl SendPlan {
    /// These items once.
    #[must_use]
    pub fn once(items: Vec<SendItem>) -> Self {
        Self { items, every: None, rounds: Some(1) }
    }
}

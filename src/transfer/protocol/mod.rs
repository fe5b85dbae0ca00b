//! What each role of a transfer does with received bytes. Pure: bytes and the outcomes of file operations in, [`Step`]s out. It does
//! not matter how the stream is cut into reads.

mod command;
mod get;
mod put;
mod server;
#[cfg(test)]
mod tests;

pub(super) use command::CommandServer;
pub(super) use get::Get;
pub(super) use put::Put;
pub(super) use server::Server;

use crate::codec::hex;
use crate::model::TransferError;
use md5::{Digest as _, Md5};

/// What is transferred, and in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A client asks for a file by its name.
    Get,
    /// A server sends a file that a client asked for.
    Serve,
    /// A client uploads a file.
    Put,
    /// A server receives an upload.
    Receive,
    /// A server runs a command. The name is the command, the bytes are its output.
    Command,
}

impl Kind {
    /// The stable name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Serve => "serve",
            Self::Put => "put",
            Self::Receive => "receive",
            Self::Command => "command",
        }
    }

    /// Whether the file arrives here.
    #[must_use]
    pub fn receives(self) -> bool {
        matches!(self, Self::Get | Self::Receive)
    }
}

/// The form of an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UploadForm {
    /// A head with its length, the bytes, `OK`, the MD5, `203` or `204`.
    #[default]
    WithMd5,
    /// A JSON object without a length, `200`, the bytes.
    PlainJson,
}

/// How far a transfer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Waiting for an answer of the peer before the file.
    Asking,
    /// Computing the MD5 of the file before it is sent.
    Hashing,
    /// The bytes of the file are on the way.
    Moving,
    /// All bytes were transferred; waiting for the MD5 or the verdict of the peer.
    Checking,
}

/// One step that a role wants carried out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A transfer begins.
    Begin {
        kind: Kind,
        /// As the peer or the user wrote it.
        name: String,
        /// Size of the file, if known.
        total: Option<u64>,
    },
    /// The size is known now.
    Total(u64),
    /// The transfer is in this stage now.
    Stage(Stage),
    /// So many bytes of the file arrived.
    Arrived(u64),
    /// Send these bytes.
    Send(Vec<u8>),
    /// Send the first bytes and, a moment later, the others, so that a peer reads them apart.
    SendApart(Vec<u8>, Vec<u8>),
    /// Run a command of the system's shell, then call [`Role::ran`].
    Run(String),
    /// Compute the MD5 of the file to send, then call [`Role::hashed`].
    Hash,
    /// Send these bytes and the file, then call [`Role::file_sent`].
    SendFile { head: Vec<u8> },
    /// The transfer is over. `Ok(true)`: the MD5 was compared and is right.
    End(Result<bool, TransferError>),
    /// Close the connection: nothing that follows could be understood.
    HangUp,
}

/// The file operations that a role needs. One file is open at a time.
pub(super) trait Files {
    /// Opens a file to serve and returns its size.
    ///
    /// # Errors
    /// The name is refused, or there is no such file.
    fn find(&mut self, name: &str) -> Result<u64, TransferError>;
    /// Begins to receive a file.
    ///
    /// # Errors
    /// The name is refused, or the file cannot be created.
    fn create(&mut self, name: &str) -> Result<(), TransferError>;
    /// Appends received bytes.
    ///
    /// # Errors
    /// The file cannot be written.
    fn write(&mut self, bytes: &[u8]) -> Result<(), TransferError>;
    /// Gives the received file its name.
    ///
    /// # Errors
    /// The system refuses it.
    fn keep(&mut self) -> Result<(), TransferError>;
    /// Removes what was received.
    fn discard(&mut self);
}

/// What a role acts on.
pub(super) struct Io<'a> {
    pub files: &'a mut dyn Files,
    pub steps: &'a mut Vec<Step>,
}

impl Io<'_> {
    fn step(&mut self, step: Step) {
        self.steps.push(step);
    }

    fn begin(&mut self, kind: Kind, name: &str, total: Option<u64>) {
        self.step(Step::Begin { kind, name: name.to_owned(), total });
    }

    /// Ends the transfer without a file.
    fn fail(&mut self, error: TransferError) {
        self.files.discard();
        self.step(Step::End(Err(error)));
    }
}

/// One end of a connection.
pub(super) trait Role: Send {
    /// The connection exists.
    fn start(&mut self, io: &mut Io<'_>);
    /// Bytes arrived.
    fn received(&mut self, bytes: &[u8], io: &mut Io<'_>);
    /// Whether [`Role::quiet`] is wanted when nothing arrives for a moment.
    fn waits_for_quiet(&self) -> bool {
        false
    }
    /// Nothing arrived for a moment, or the peer has shut down its write side.
    fn quiet(&mut self, _io: &mut Io<'_>) {}
    /// The MD5 of the file to send, or why it cannot be computed.
    fn hashed(&mut self, _md5: Result<String, TransferError>, _io: &mut Io<'_>) {}
    /// The output of the command, or why it cannot be run.
    fn ran(&mut self, _output: Result<Vec<u8>, TransferError>, _io: &mut Io<'_>) {}
    /// The file was sent.
    fn file_sent(&mut self, _io: &mut Io<'_>) {}
    /// The connection is over, or the transfer must end for this reason.
    fn ended(&mut self, why: Option<TransferError>, io: &mut Io<'_>);
    /// Whether no transfer is under way.
    fn is_idle(&self) -> bool;
}

/// A file that arrives: counts its bytes and computes its MD5.
#[derive(Debug)]
struct Arrival {
    total: u64,
    have: u64,
    md5: Md5,
}

impl Arrival {
    fn new(total: u64) -> Self {
        Self { total, have: 0, md5: Md5::new() }
    }

    fn is_complete(&self) -> bool {
        self.have >= self.total
    }

    /// Takes the bytes that belong to the file from the front of `input`.
    fn take(&mut self, input: &mut &[u8], io: &mut Io<'_>) -> Result<(), TransferError> {
        let rest = usize::try_from(self.total.saturating_sub(self.have)).unwrap_or(usize::MAX);
        let (bytes, after) = input.split_at(rest.min(input.len()));
        *input = after;
        io.files.write(bytes)?;
        self.md5.update(bytes);
        self.have += bytes.len() as u64;
        io.step(Step::Arrived(bytes.len() as u64));
        Ok(())
    }

    fn digest(&self) -> String {
        hex::lower(&self.md5.clone().finalize())
    }

    fn cut_off(&self) -> TransferError {
        TransferError::EndedEarly { have: self.have, want: Some(self.total) }
    }
}

/// The first bytes of an answer, for a message.
pub(super) fn shown(bytes: &[u8]) -> String {
    const MOST: usize = 40;
    let shown = String::from_utf8_lossy(bytes.get(..MOST).unwrap_or(bytes)).into_owned();
    if bytes.len() > MOST { shown + "…" } else { shown }
}

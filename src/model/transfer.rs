//! Why a file transfer failed.

use super::NetError;
use serde::{Deserialize, Serialize};

/// Why the name of a file is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NameProblem {
    /// There is no name.
    Empty,
    /// It begins at the root, at a drive or at a server.
    Absolute,
    /// It leads out of the folder by `..`.
    Outside,
    /// A part of it is a link.
    Link,
    /// It names a folder, a pipe or a device.
    NotAFile,
    /// Windows reads it as a device in every folder.
    Device,
    /// It is longer than file systems allow.
    TooLong,
    /// A character is invisible, forbidden by a system, or not valid in the encoding.
    Character,
    /// A received file lies in the folder itself, never in a folder below it.
    InFolder,
    /// Names of unfinished files are reserved.
    Reserved,
    /// A file of this name exists.
    Exists,
    /// A file of this name is being received.
    BeingReceived,
}

/// Why a file transfer failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransferError {
    /// The name of the file is refused.
    Name {
        /// Why.
        why: NameProblem,
    },
    /// The peer, or the served folder, has no such file.
    NoSuchFile,
    /// The length before a head is out of range, or no length.
    HeadLength {
        /// The length as read.
        len: i64,
        /// The longest head.
        most: u64,
    },
    /// A head is not JSON, or not an object.
    HeadNotJson,
    /// A field of a head is missing or has a wrong value.
    HeadField {
        /// Its name.
        field: String,
    },
    /// The peer answered something else.
    Answer {
        /// What the protocol expects.
        expected: String,
        /// The beginning of what was received, escaped.
        found: String,
    },
    /// The connection ended before everything was transferred.
    EndedEarly {
        /// Bytes transferred.
        have: u64,
        /// Bytes announced; `None`: nothing was announced yet.
        want: Option<u64>,
    },
    /// The MD5 of what arrived is not the announced one.
    Md5 {
        /// The announced one.
        announced: String,
        /// That of the bytes.
        found: String,
    },
    /// The peer found another MD5.
    PeerMd5,
    /// The peer sent more before the answer to its last request was complete.
    TooEarly,
    /// Reading, writing or sending failed.
    Failed {
        /// How.
        error: NetError,
    },
    /// The user stopped it.
    Cancelled,
}

impl TransferError {
    /// The stable name used in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Name { .. } => "name",
            Self::NoSuchFile => "no_such_file",
            Self::HeadLength { .. } => "head_length",
            Self::HeadNotJson => "head_not_json",
            Self::HeadField { .. } => "head_field",
            Self::Answer { .. } => "answer",
            Self::EndedEarly { .. } => "ended_early",
            Self::Md5 { .. } => "md5",
            Self::PeerMd5 => "peer_md5",
            Self::TooEarly => "too_early",
            Self::Failed { .. } => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl From<NameProblem> for TransferError {
    fn from(why: NameProblem) -> Self {
        Self::Name { why }
    }
}

impl From<NetError> for TransferError {
    fn from(error: NetError) -> Self {
        Self::Failed { error }
    }
}

//! The lines about file transfers.

use serde::Serialize;

/// How a transfer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// It began.
    Began,
    /// It is under way.
    Progress,
    /// It is complete.
    Done,
    /// It failed.
    Failed,
}

/// The line `transfer`.
#[derive(Debug, Serialize)]
pub struct TransferLine<'a> {
    /// How it goes.
    pub state: TransferState,
    /// Its number in this run, from 1.
    pub number: u64,
    /// With whom.
    pub peer: Option<String>,
    /// `get`, `serve`, `put` or `receive`.
    pub kind: &'static str,
    /// The name of the file, as the peer or the user wrote it.
    pub name: &'a str,
    /// Bytes of the file transferred so far.
    pub bytes: u64,
    /// Size of the file, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Bytes a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<u64>,
    /// Time since its beginning.
    pub ms: u64,
    /// Time that the rest will take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_ms: Option<u64>,
    /// Whether the MD5 was compared and is right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
    /// The same as a sentence in the user's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The line `answer`.
#[derive(Debug, Serialize)]
pub struct AnswerLine<'a> {
    /// The command; `None`: an answer that no command has.
    pub command: Option<&'a str>,
    /// Bytes of the output.
    pub len: u64,
    /// The output, decoded; of a long one, the beginning.
    pub text: &'a str,
}

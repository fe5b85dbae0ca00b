//! Answers to received records.

use super::Reply;
use super::queue::{Content, Entry};
use crate::capture::{Cause, Marks};
use crate::model::PeerId;

/// What is to be answered once its record is written.
#[derive(Debug)]
pub(super) struct Answer {
    /// To whom.
    peer: PeerId,
    cause: Cause,
    content: Content,
}

impl Answer {
    /// To `bytes` that became `record`.
    pub(super) fn to(reply: &Reply, peer: PeerId, record: Option<u64>, bytes: &[u8]) -> Self {
        let content = match reply {
            Reply::Echo => Content::Owned { bytes: bytes.to_vec(), at: 0, echo_of: record },
            Reply::Upper => Content::Owned { bytes: bytes.to_ascii_uppercase(), at: 0, echo_of: None },
            Reply::Fixed(bytes) => Content::Shared { bytes: bytes.clone(), at: 0 },
        };
        let cause = if matches!(reply, Reply::Echo) { Cause::Echo } else { Cause::Reply };
        Self { peer, cause, content }
    }

    /// As an entry of a queue whose records have these marks.
    pub(super) fn into_entry(self, marks: Marks) -> Entry {
        let marks = Marks { is_automatic: true, cause: self.cause, ..marks };
        Entry { job: None, peer: self.peer, ends_round: false, marks, content: self.content }
    }
}

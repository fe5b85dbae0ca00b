//! Answers to received records.

use super::Reply;
use super::queue::{Content, Entry};
use crate::model::PeerId;

/// What is to be answered once its record is written.
#[derive(Debug)]
pub(super) struct Answer {
    /// To whom.
    peer: PeerId,
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
        Self { peer, content }
    }

    /// As an entry of a queue.
    pub(super) fn into_entry(self) -> Entry {
        Entry { job: None, peer: self.peer, ends_round: false, content: self.content }
    }
}

//! Answers to received records.

use crate::capture::{Cause, Marks};
use crate::engine::Reply;
use crate::engine::platform::Source;
use crate::engine::send::queue::{Content, Entry};
use crate::model::PeerId;

/// An answer, sent once the record it answers is written.
#[derive(Debug)]
pub(in crate::engine) struct Answer {
    /// The receiver.
    peer: PeerId,
    /// UDP: our address to which the datagram was sent.
    source: Option<Source>,
    cause: Cause,
    content: Content,
}

impl Answer {
    /// The answer to `bytes`, which became `record`; `source`: our address from which it is sent (UDP).
    pub(in crate::engine) fn to(
        reply: &Reply,
        peer: PeerId,
        source: Option<Source>,
        record: Option<u64>,
        bytes: &[u8],
    ) -> Self {
        let content = match reply {
            Reply::Echo => Content::Owned { bytes: bytes.to_vec(), at: 0, echo_of: record },
            Reply::Upper => Content::Owned { bytes: bytes.to_ascii_uppercase(), at: 0, echo_of: None },
            Reply::Fixed(bytes) => Content::Shared { bytes: bytes.clone(), at: 0 },
        };
        let cause = if matches!(reply, Reply::Echo) { Cause::Echo } else { Cause::Reply };
        Self { peer, source, cause, content }
    }

    /// Converts it to a queue entry with these marks.
    pub(in crate::engine) fn into_entry(self, marks: Marks) -> Entry {
        let marks = Marks { is_automatic: true, cause: self.cause, ..marks };
        let Self { peer, source, content, .. } = self;
        Entry { job: None, peer, source, ends_round: false, marks, content }
    }
}

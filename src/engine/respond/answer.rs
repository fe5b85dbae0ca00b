//! Answers to received frames.

use super::rules::Reply;
use crate::capture::{Cause, Marks};
use crate::engine::platform::Source;
use crate::engine::send::queue::{Content, Entry};
use crate::model::PeerId;
use std::sync::Arc;

/// Who is answered, and from which address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::engine) struct Asker {
    /// The receiver of the answer.
    pub(in crate::engine) peer: PeerId,
    /// UDP: our address to which the datagram was sent.
    pub(in crate::engine) source: Option<Source>,
}

/// An answer, sent once the records it answers are stored. Memory stays small however many frames a read has: the same fixed bytes
/// again are a count, and copies (echo, upper) that follow each other are one answer.
#[derive(Debug)]
pub(in crate::engine) struct Answer {
    pub(in crate::engine) asker: Asker,
    bytes: Bytes,
}

#[derive(Debug)]
enum Bytes {
    /// These bytes, so many times.
    Fixed(Arc<[u8]>, usize),
    /// What was received. `same_as`: the record with just these bytes.
    Echo { bytes: Vec<u8>, same_as: Option<u64> },
    /// What was received, in upper case.
    Upper(Vec<u8>),
}

impl Answer {
    /// The answer to `received`.
    pub(super) fn new(reply: &Reply, asker: Asker, received: &[u8]) -> Self {
        let bytes = match reply {
            Reply::Echo => Bytes::Echo { bytes: received.to_vec(), same_as: None },
            Reply::Upper => Bytes::Upper(received.to_ascii_uppercase()),
            Reply::Fixed(bytes) => Bytes::Fixed(bytes.clone(), 1),
        };
        Self { asker, bytes }
    }

    /// Takes in the answer that follows this one, and returns true, if the two are one.
    pub(super) fn goes_on_with(&mut self, reply: &Reply, asker: Asker, received: &[u8]) -> bool {
        if self.asker != asker {
            return false;
        }
        match (&mut self.bytes, reply) {
            (Bytes::Fixed(bytes, times), Reply::Fixed(more)) if Arc::ptr_eq(bytes, more) && !bytes.is_empty() => {
                *times += 1;
            }
            (Bytes::Echo { bytes, same_as: None }, Reply::Echo) => bytes.extend_from_slice(received),
            (Bytes::Upper(bytes), Reply::Upper) => bytes.extend(received.iter().map(u8::to_ascii_uppercase)),
            _ => return false,
        }
        true
    }

    /// It echoes `len` bytes: those of this record.
    pub(super) fn echoes_record(&mut self, record: Option<u64>, len: usize) {
        if let Bytes::Echo { bytes, same_as } = &mut self.bytes
            && bytes.len() == len
        {
            *same_as = record;
        }
    }

    /// Converts it to a queue entry with these marks.
    pub(in crate::engine) fn into_entry(self, marks: Marks) -> Entry {
        let Self { asker: Asker { peer, source }, bytes } = self;
        let (cause, content) = match bytes {
            Bytes::Fixed(bytes, times) => {
                (Cause::Reply, Content::Shared { bytes, at: 0, again: times.saturating_sub(1) })
            }
            Bytes::Echo { bytes, same_as } => (Cause::Echo, Content::Owned { bytes, at: 0, echo_of: same_as }),
            Bytes::Upper(bytes) => (Cause::Reply, Content::Owned { bytes, at: 0, echo_of: None }),
        };
        let marks = Marks { is_automatic: true, cause, ..marks };
        Entry { job: None, peer, source, item: 0, marks, content }
    }
}

//! Answers to received frames.

use super::rules::Reply;
use crate::capture::{Cause, Marks, PayloadForm};
use crate::engine::platform::Source;
use crate::engine::send::queue::{Content, QueuedPayload};
use crate::model::PeerId;
use crate::talk::tree::EndHow;
use std::sync::Arc;

/// The receiver of an answer, and the local address to send it from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::engine) struct Asker {
    /// The receiver.
    pub(in crate::engine) peer: PeerId,
    /// UDP: the local address to which the datagram was sent.
    pub(in crate::engine) source: Option<Source>,
}

/// An answer. It is sent after the records it answers are stored. Memory stays small however many frames a read contains: the same
/// fixed bytes several times are a count, and consecutive copies (echo, upper) are one answer.
#[derive(Debug)]
pub(in crate::engine) struct Answer {
    pub(in crate::engine) asker: Asker,
    bytes: Bytes,
    /// The name of the rule that answers.
    name: Option<Arc<str>>,
    /// Of a copy of a message: its form.
    form: PayloadForm,
}

#[derive(Debug)]
enum Bytes {
    /// These bytes, this many times.
    Fixed(Arc<[u8]>, usize),
    /// The received bytes. `same_as`: the record with exactly these bytes.
    Echo { bytes: Vec<u8>, same_as: Option<u64> },
    /// The received bytes in upper case.
    Upper(Vec<u8>),
    /// No bytes: the connection ends behind the answers before.
    End(EndHow),
}

impl Answer {
    /// The answer to `received`.
    pub(super) fn new(reply: &Reply, asker: Asker, received: &[u8]) -> Self {
        let bytes = match reply {
            Reply::Echo => Bytes::Echo { bytes: received.to_vec(), same_as: None },
            Reply::Upper => Bytes::Upper(received.to_ascii_uppercase()),
            Reply::Fixed(bytes) => Bytes::Fixed(bytes.clone(), 1),
        };
        Self { asker, bytes, name: None, form: PayloadForm::PLAIN }
    }

    /// A copy of a message has its form.
    pub(in crate::engine) fn copies_form(&mut self, form: PayloadForm) {
        if matches!(self.bytes, Bytes::Echo { .. } | Bytes::Upper(_)) {
            self.form = form;
        }
    }

    /// These bytes, by the rule of this name.
    pub(super) fn fixed(bytes: Arc<[u8]>, asker: Asker, name: Option<Arc<str>>) -> Self {
        Self { asker, bytes: Bytes::Fixed(bytes, 1), name, form: PayloadForm::PLAIN }
    }

    /// The connection ends.
    pub(super) fn end(how: EndHow, asker: Asker) -> Self {
        Self { asker, bytes: Bytes::End(how), name: None, form: PayloadForm::PLAIN }
    }

    /// How the connection ends, if this is no answer but its end.
    pub(in crate::engine) fn ends(&self) -> Option<EndHow> {
        if let Bytes::End(how) = self.bytes { Some(how) } else { None }
    }

    /// Merges the next answer into this one if possible. Returns whether it did.
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

    /// Notes that an echo of `len` bytes has the bytes of this record.
    pub(super) fn echoes_record(&mut self, record: Option<u64>, len: usize) {
        if let Bytes::Echo { bytes, same_as } = &mut self.bytes
            && bytes.len() == len
        {
            *same_as = record;
        }
    }

    /// Converts it to a queue entry with these marks.
    pub(in crate::engine) fn into_entry(self, marks: Marks) -> QueuedPayload {
        let Self { asker: Asker { peer, source }, bytes, name, form } = self;
        let (cause, content) = match bytes {
            Bytes::Fixed(bytes, times) => {
                (Cause::Reply, Content::Shared { bytes, at: 0, again: times.saturating_sub(1) })
            }
            Bytes::Echo { bytes, same_as } => (Cause::Echo, Content::Owned { bytes, at: 0, echo_of: same_as }),
            Bytes::Upper(bytes) => (Cause::Reply, Content::Owned { bytes, at: 0, echo_of: None }),
            Bytes::End(_) => (Cause::Reply, Content::Owned { bytes: Vec::new(), at: 0, echo_of: None }),
        };
        let marks = Marks { is_automatic: true, cause, form, ..marks };
        QueuedPayload { job: None, peer, source, item: 0, marks, name, content }
    }
}

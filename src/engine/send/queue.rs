//! The send queue of one socket.

use crate::capture::{Marks, NameId, Payload, PayloadForm, part_hash};
use crate::engine::context::Report;
use crate::engine::context::journal::Journal;
use crate::engine::context::limits::{AnswerShare, MAX_ENTRIES};
use crate::engine::platform::Source;
use crate::engine::send::file::OpenFile;
use crate::model::{NetError, PeerId};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// Bytes of a file held in memory at a time.
pub(in crate::engine) const FILE_CHUNK_BYTES: usize = 256 << 10;
/// A repeat at full speed keeps at most this many entries queued.
const AHEAD_ENTRIES: usize = 256;

/// The bytes of an entry, and how many of them are written.
#[derive(Debug)]
pub(in crate::engine) enum Content {
    /// A payload from the front end.
    Shared {
        /// The whole payload.
        bytes: Arc<[u8]>,
        /// Offset of the first byte that is not written.
        at: usize,
        /// How many more times it is sent after this time; 0 for empty bytes.
        again: usize,
    },
    /// A reply.
    Owned {
        /// The whole payload.
        bytes: Vec<u8>,
        /// Offset of the first byte that is not written.
        at: usize,
        /// The received record with the same bytes.
        echo_of: Option<u64>,
    },
    /// A file, read as it is written.
    File {
        /// The file.
        file: Rc<OpenFile>,
        /// Bytes to read at a time (UDP: of a datagram).
        step: usize,
        /// The file must fit in one chunk, because it is one datagram.
        is_one: bool,
        /// The chunk read last.
        chunk: Vec<u8>,
        /// Offset within the chunk of the first byte that is not written.
        at: usize,
        /// Offset of the chunk's first byte in the file.
        offset: u64,
        /// Offset behind the last byte of the piece that the entry is; `None`: it is the rest of the file.
        until: Option<u64>,
        /// The chunk is the last one.
        ended: bool,
    },
}

/// The place of bytes in a message of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Outgoing {
    /// The form of the message.
    pub(in crate::engine) form: PayloadForm,
    /// They begin it.
    pub(in crate::engine) begins: bool,
    /// They end it.
    pub(in crate::engine) ends: bool,
}

/// One payload for one peer.
#[derive(Debug)]
pub(in crate::engine) struct QueuedPayload {
    /// The send it belongs to; answers belong to none.
    pub(in crate::engine) job: Option<u64>,
    /// The receiver.
    pub(in crate::engine) peer: PeerId,
    /// UDP: the local address to send from; `None`: the one that the peer wrote to last.
    pub(in crate::engine) source: Option<Source>,
    /// Which item of the send it is.
    pub(in crate::engine) item: usize,
    /// Marks of its records.
    pub(in crate::engine) marks: Marks,
    /// The name of the rule, step or command that sends it.
    pub(in crate::engine) name: Option<Arc<str>>,
    /// The payload.
    pub(in crate::engine) content: Content,
}

impl QueuedPayload {
    /// Whether it is an answer.
    fn is_answer(&self) -> bool {
        self.job.is_none()
    }

    /// The whole payload, unless it is a file.
    pub(in crate::engine) fn all_bytes(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Shared { bytes, .. } => Some(bytes),
            Content::Owned { bytes, .. } => Some(bytes),
            Content::File { .. } => None,
        }
    }

    /// The place of the next bytes in the message that the entry is.
    fn outgoing(&self) -> Outgoing {
        let (begins, ends) = match &self.content {
            Content::Shared { at, .. } | Content::Owned { at, .. } => (*at == 0, true),
            Content::File { at, offset, ended, .. } => (*at == 0 && *offset == 0, *ended),
        };
        Outgoing { form: self.marks.form, begins, ends }
    }

    /// Whether the message goes on behind the next `count` bytes.
    fn goes_on_behind(&self, count: usize) -> bool {
        let ends = match &self.content {
            Content::Shared { bytes, at, .. } => *at + count == bytes.len(),
            Content::Owned { bytes, at, .. } => *at + count == bytes.len(),
            Content::File { chunk, at, ended, .. } => *ended && *at + count == chunk.len(),
        };
        self.marks.form != PayloadForm::PLAIN && !ends
    }

    /// Bytes that are not written; of a file, those in memory.
    fn held(&self) -> usize {
        match &self.content {
            // Repetitions take no memory, but count towards the limit like all bytes that are still to be written.
            Content::Shared { bytes, at, again } => {
                (bytes.len() - at).saturating_add(bytes.len().saturating_mul(*again))
            }
            Content::Owned { bytes, at, .. } => bytes.len() - at,
            Content::File { chunk, at, .. } => chunk.len() - at,
        }
    }

    /// Count of payloads: more than one if it is repeated.
    fn count(&self) -> usize {
        if let Content::Shared { again, .. } = &self.content { again.saturating_add(1) } else { 1 }
    }

    /// The bytes to write next. Empty if the entry is complete. Reads the next chunk of a file.
    fn next_bytes(&mut self) -> Result<&[u8], NetError> {
        match &mut self.content {
            Content::Shared { bytes, at, .. } => Ok(&bytes[*at..]),
            Content::Owned { bytes, at, .. } => Ok(&bytes[*at..]),
            Content::File { file, step, is_one, chunk, at, offset, until, ended } => {
                if *at == chunk.len() {
                    *offset += chunk.len() as u64;
                    *at = 0;
                    chunk.clear();
                    let rest = until.map_or(u64::MAX, |until| until.saturating_sub(*offset));
                    let most = usize::try_from(rest).map_or(*step, |rest| rest.min(*step));
                    let read = if *ended { Ok(true) } else { file.read(*offset, most, chunk) };
                    let is_piece = until.is_some_and(|until| until == *offset + chunk.len() as u64);
                    let read = read.map(|is_end| is_end || is_piece);
                    *ended = match read {
                        Ok(end) if end || !*is_one || chunk.is_empty() => end,
                        Ok(_) if file.is_at_end(*offset + chunk.len() as u64) => true,
                        // Nothing of the chunk may be sent.
                        failed => {
                            chunk.clear();
                            return Err(failed.err().unwrap_or_else(|| file.too_long()));
                        }
                    };
                }
                Ok(&chunk[*at..])
            }
        }
    }

    /// Records that `count` more bytes were written.
    fn record(&mut self, count: usize, peer: PeerId, journal: &mut Journal) {
        let name = self.name.as_ref().map_or(NameId::NONE, |name| journal.name(name));
        let marks = Marks { name, goes_on: self.goes_on_behind(count), ..self.marks };
        match &mut self.content {
            Content::Shared { bytes, at, again } => {
                let payload = Payload::Shared { bytes, start: *at, end: *at + count };
                journal.sent(peer, payload, count, marks);
                *at += count;
                if *at == bytes.len() && *again > 0 {
                    (*at, *again) = (0, *again - 1);
                }
            }
            Content::Owned { bytes, at, echo_of } => {
                let payload = match echo_of {
                    Some(record) if count == bytes.len() && journal.keeps(*record) => Payload::SameAs(*record),
                    _ => Payload::Bytes(&bytes[*at..*at + count]),
                };
                journal.sent(peer, payload, count, marks);
                *at += count;
            }
            Content::File { file, chunk, at, offset, .. } => {
                let bytes = &chunk[*at..*at + count];
                let start = *offset + *at as u64;
                let kept = file.kept(start, bytes, journal.kept_file_bytes);
                let payload = match (&kept, file.stamp().filter(|_| file.is_large(journal.kept_file_bytes))) {
                    // The file is small, so the offsets fit.
                    (Some(all), _) => {
                        Payload::Shared { bytes: all, start: start as usize, end: start as usize + count }
                    }
                    (None, Some((size, modified_ns))) => Payload::File {
                        path: &file.place,
                        offset: start,
                        // A chunk is at most 256 KiB.
                        len: u32::try_from(count).unwrap_or(u32::MAX),
                        size,
                        modified_ns,
                        hash: part_hash(bytes),
                    },
                    (None, None) => Payload::Bytes(bytes),
                };
                journal.sent(peer, payload, count, marks);
                *at += count;
            }
        }
    }

    /// Whether nothing is left to write.
    fn is_complete(&self) -> bool {
        match &self.content {
            // After the last repetition `at` stays at the end.
            Content::Shared { bytes, at, again } => *at == bytes.len() && *again == 0,
            Content::Owned { bytes, at, .. } => *at == bytes.len(),
            Content::File { chunk, at, ended, .. } => *at == chunk.len() && *ended,
        }
    }
}

/// Whether a queue takes another payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Room {
    /// It does.
    Free,
    /// Not now.
    Full,
    /// Never again.
    Gone,
}

/// Entries in order, bounded in bytes.
#[derive(Debug, Default)]
pub(in crate::engine) struct SendQueue {
    entries: VecDeque<QueuedPayload>,
    bytes: usize,
    /// Bytes of queued answers.
    answer_bytes: usize,
    answers: usize,
    /// A send was refused because the queue had no room.
    refused: bool,
}

impl SendQueue {
    /// Bytes in memory.
    pub(in crate::engine) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether `len` more bytes fit: always in an empty queue, otherwise within the limit.
    /// `ahead`: they belong to a repeat, which must not fill the whole queue.
    pub(in crate::engine) fn room(&mut self, len: usize, limit: usize, ahead: bool) -> Room {
        let most = if ahead { AHEAD_ENTRIES } else { MAX_ENTRIES };
        let fits = self.entries.is_empty() || (self.entries.len() < most && self.bytes.saturating_add(len) <= limit);
        self.refused |= !fits;
        if fits { Room::Free } else { Room::Full }
    }

    /// Whether there is room for more answers, so that the peer may be read.
    pub(in crate::engine) fn takes_answers(&self, share: AnswerShare) -> bool {
        self.answers == 0 || (self.answer_bytes <= share.bytes && self.answers < share.answers)
    }

    pub(in crate::engine) fn push(&mut self, entry: QueuedPayload) {
        self.bytes += entry.held();
        if entry.is_answer() {
            self.answer_bytes += entry.held();
            self.answers += entry.count();
        }
        self.entries.push_back(entry);
    }

    /// The peer and the next bytes of the first entry. An entry that cannot be read is reported and removed.
    pub(in crate::engine) fn head(&mut self, reports: &mut Vec<Report>) -> Option<(PeerId, &[u8])> {
        loop {
            let entry = self.entries.front_mut()?;
            let before = entry.held();
            match entry.next_bytes() {
                Ok(_) => {
                    self.bytes += entry.held() - before;
                    break;
                }
                Err(error) => {
                    self.bytes -= before;
                    self.fail_head(error, reports);
                }
            }
        }
        // Borrowed again: the borrow checker does not accept the first borrow across the loop.
        let entry = self.entries.front_mut()?;
        let peer = entry.peer;
        entry.next_bytes().ok().map(|bytes| (peer, bytes))
    }

    /// As [`SendQueue::head`], with the place of the bytes in the message that the entry is.
    pub(in crate::engine) fn head_message(&mut self, reports: &mut Vec<Report>) -> Option<(Outgoing, &[u8])> {
        self.head(reports)?;
        let entry = self.entries.front_mut()?;
        let outgoing = entry.outgoing();
        entry.next_bytes().ok().map(|bytes| (outgoing, bytes))
    }

    /// The local address that the first entry must be sent from.
    pub(in crate::engine) fn head_source(&self) -> Option<Source> {
        self.entries.front().and_then(|entry| entry.source)
    }

    /// Lets the system choose the local address, because it refuses the demanded one.
    pub(in crate::engine) fn forget_head_source(&mut self) {
        if let Some(entry) = self.entries.front_mut() {
            entry.source = None;
        }
    }

    /// Records that `count` bytes of the first entry were written (UDP: the datagram).
    pub(in crate::engine) fn written(&mut self, count: usize, journal: &mut Journal, reports: &mut Vec<Report>) {
        let Some(entry) = self.entries.front_mut() else { return };
        let before = entry.count();
        entry.record(count, entry.peer, journal);
        self.bytes -= count;
        if entry.is_answer() {
            self.answer_bytes -= count;
            self.answers -= before - entry.count();
        }
        self.finish_head(count, reports);
    }

    /// Whether the first entry is a file. (An empty file is no datagram; an empty payload is.)
    pub(in crate::engine) fn head_is_file(&self) -> bool {
        self.entries.front().is_some_and(|entry| matches!(entry.content, Content::File { .. }))
    }

    /// Whether the first entry is a message although it has no bytes: an empty payload, or the end of a file that has begun.
    pub(in crate::engine) fn head_is_message(&self) -> bool {
        self.entries.front().is_some_and(|entry| match &entry.content {
            Content::File { offset, .. } => *offset > 0,
            Content::Shared { .. } | Content::Owned { .. } => true,
        })
    }

    /// Finishes a first entry that has nothing to write (an empty payload of a stream, an empty file), without a record.
    pub(in crate::engine) fn skip(&mut self, reports: &mut Vec<Report>) {
        self.finish_head(0, reports);
    }

    fn finish_head(&mut self, count: usize, reports: &mut Vec<Report>) {
        let Some(entry) = self.entries.front() else { return };
        let done = entry.is_complete();
        if let Some(job) = entry.job {
            let (peer, item) = (entry.peer, entry.item);
            reports.push(Report::Sent { job, peer, item, bytes: count as u64, done });
        }
        if done {
            self.answers -= usize::from(entry.is_answer());
            self.entries.pop_front();
        }
        if self.refused {
            self.refused = false;
            reports.push(Report::Room);
        }
    }

    /// Removes the first entry, which cannot be sent, and reports the error.
    pub(in crate::engine) fn fail_head(&mut self, error: NetError, reports: &mut Vec<Report>) {
        let Some(entry) = self.entries.pop_front() else { return };
        self.bytes -= entry.held();
        if entry.is_answer() {
            self.answer_bytes -= entry.held();
            self.answers -= entry.count();
        }
        if let Some(job) = entry.job {
            reports.push(Report::Failed { job, peer: entry.peer, error });
        }
        self.refused = false;
        reports.push(Report::Room);
    }

    /// Removes the entries of a send, for one peer or for all.
    pub(in crate::engine) fn purge(&mut self, job: u64, peer: Option<PeerId>) {
        self.entries.retain(|entry| entry.job != Some(job) || peer.is_some_and(|peer| entry.peer != peer));
        self.recount();
    }

    /// Removes the entries for a peer.
    pub(in crate::engine) fn purge_peer(&mut self, peer: PeerId) {
        self.entries.retain(|entry| entry.peer != peer);
        self.recount();
    }

    /// Removes all files: sending them would take long.
    pub(in crate::engine) fn purge_files(&mut self) {
        self.entries.retain(|entry| !matches!(entry.content, Content::File { .. }));
        self.recount();
    }

    /// Removes all entries.
    pub(in crate::engine) fn clear(&mut self) {
        self.entries.clear();
        self.recount();
    }

    fn recount(&mut self) {
        let answers = self.entries.iter().filter(|entry| entry.is_answer());
        (self.answers, self.answer_bytes) =
            answers.fold((0, 0), |(count, bytes), entry| (count + entry.count(), bytes + entry.held()));
        self.bytes = self.entries.iter().map(QueuedPayload::held).sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_answers_are_bounded_in_number() {
        let share = AnswerShare::among(1, 8 << 20);
        let mut queue = SendQueue::default();
        let one = || Content::Owned { bytes: vec![b'x'], at: 0, echo_of: None };
        let entry = |job, content| QueuedPayload {
            job,
            peer: PeerId(1),
            source: None,
            item: 0,
            marks: Marks::default(),
            name: None,
            content,
        };
        let mut count = 0;
        while queue.takes_answers(share) {
            queue.push(entry(None, one()));
            count += 1;
            assert!(count <= MAX_ENTRIES, "no bound");
        }
        assert_eq!(count, MAX_ENTRIES);
        queue.purge_peer(PeerId(1));
        // Sends of the user are not answers and do not stop reading.
        queue.push(entry(Some(1), Content::Shared { bytes: vec![0; 9 << 20].into(), at: 0, again: 0 }));
        assert!(queue.takes_answers(share) && queue.bytes() == 9 << 20);
    }
}

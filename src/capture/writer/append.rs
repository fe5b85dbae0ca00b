//! Converts a new record to its index entry and the bytes stored for it.

use super::super::cuts::Cut;
use super::super::format::{self, Entry};
use super::super::sent_file::FileReference;
use super::super::sharing::StoredPlace;
use super::super::{Marks, NewRecord, Payload, ReadError, RecordKind};
use super::cuts::LOOK_EVERY;
use super::{CaptureWriter, DIRECT_BYTES, INDEX_BYTES, WriteError, invalid};
use crate::model::{Direction, PeerId};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

/// A shared payload up to this length is stored completely when its first part is sent, so that all its parts can share it.
const WHOLE_MAX: usize = 1 << 20;

/// State of each stream (peer and direction).
#[derive(Debug, Default)]
pub(super) struct Streams {
    pub(super) of_peer: HashMap<u32, [Stream; 2]>,
    /// Streams that have grown much since their incomplete characters were last determined.
    pub(super) due: Vec<(PeerId, Direction)>,
}

/// State of one stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    /// Count of bytes so far.
    pub(super) offset: u64,
    /// Number of its newest record.
    pub(super) last: Option<u64>,
    /// The newest record is a datagram.
    pub(super) is_message: bool,
    /// Offset up to which incomplete characters are known.
    pub(super) cut_at: u64,
    /// The incomplete characters at `cut_at`.
    pub(super) cut: Cut,
    /// Listed in [`Streams::due`].
    pub(super) is_due: bool,
}

impl Default for Stream {
    fn default() -> Self {
        Self { offset: 0, last: None, is_message: false, cut_at: 0, cut: Cut::CLEAN, is_due: false }
    }
}

impl Streams {
    /// Adds a data record of `len` bytes. Returns the stream offset before it and the distance to the previous record.
    fn advance(&mut self, peer: PeerId, direction: Direction, number: u64, len: u32, marks: &Marks) -> (u64, u32) {
        let [received, sent] = self.of_peer.entry(peer.0).or_default();
        let stream = match direction {
            Direction::Received => received,
            Direction::Sent => sent,
        };
        let distance = stream.last.map_or(0, |last| u32::try_from(number - last).unwrap_or(format::DISTANCE_FAR));
        let offset = stream.offset;
        stream.offset += u64::from(len);
        stream.last = Some(number);
        stream.is_message = marks.is_message;
        if !stream.is_due && !stream.is_message && stream.offset - stream.cut_at >= LOOK_EVERY {
            stream.is_due = true;
            self.due.push((peer, direction));
        }
        (offset, distance)
    }

    /// Discards the state of a peer that left.
    pub(super) fn forget(&mut self, peer: PeerId) {
        self.of_peer.remove(&peer.0);
    }
}

/// How a payload is stored in the data file.
struct Stored<'a> {
    len: u32,
    stored: u32,
    flags: u16,
    at: At,
    /// Bytes to write; empty if they are already stored.
    new: Cow<'a, [u8]>,
    /// A shared payload that is stored from now on, and the range of it that `new` contains.
    shared: Option<(&'a Arc<[u8]>, usize, usize)>,
}

/// Position of a payload.
enum At {
    /// Offset in the current segment.
    There(u64),
    /// Offset from the start of the new bytes.
    New(usize),
}

impl<'a> Stored<'a> {
    /// New bytes that are the payload.
    fn bytes(bytes: &'a [u8], len: u32) -> Self {
        Self { len, stored: len, flags: 0, at: At::New(0), new: Cow::Borrowed(bytes), shared: None }
    }

    /// Bytes already stored in this segment.
    fn there(offset: u64, len: u32, stored: u32, flags: u16) -> Self {
        Self { len, stored, flags, at: At::There(offset), new: Cow::Borrowed(&[]), shared: None }
    }
}

impl CaptureWriter {
    /// See [`CaptureWriter::append`].
    pub(super) fn append_at(&mut self, record: &NewRecord<'_>, now: Instant) -> Result<u64, WriteError> {
        let mut stored = self.resolve(&record.payload)?;
        let mut earlier = Ok(());
        if !self.fits(stored.new.len()) {
            earlier = self.roll(self.anchor_unix_ns);
            self.roll_due = earlier.is_err();
            if earlier.is_ok() {
                stored = self.resolve(&record.payload)?; // shared bytes may be stored in the previous segment
            }
        }
        let number = self.push(record, &stored, now);
        if stored.new.len() >= DIRECT_BYTES || self.pending.index.len() >= INDEX_BYTES {
            self.write_pending(&stored.new)?;
        } else {
            self.pending.data.extend(&stored.new);
            self.write_blocks()?;
        }
        earlier.map(|()| number)
    }

    /// See [`CaptureWriter::append_read`].
    pub(super) fn append_read_at(&mut self, peer: PeerId, len: usize, now: Instant) -> Result<u64, WriteError> {
        if !self.fits(len) {
            // Happens once per segment: the payload is copied to the next one.
            let bytes = self.pending.data.spare(len).to_vec();
            return self.append_at(&NewRecord::data(Direction::Received, peer, Payload::Bytes(&bytes)), now);
        }
        let record = NewRecord::data(Direction::Received, peer, Payload::Bytes(&[]));
        let len_stored = self.payload_len(len)?;
        let number = self.push(&record, &Stored::bytes(&[], len_stored), now);
        self.pending.data.advance(len);
        self.write_blocks()?;
        Ok(number)
    }

    /// Whether the current segment is empty or has room for a payload of `bytes` bytes and its entry.
    fn fits(&self, bytes: usize) -> bool {
        let empty = self.current.first() == self.next_record;
        let needed = bytes as u64 + format::ENTRY_LEN as u64;
        empty || self.pending.segment_bytes() + needed <= self.segment_limit
    }

    /// Builds and adds the entry.
    fn push(&mut self, record: &NewRecord<'_>, stored: &Stored<'_>, now: Instant) -> u64 {
        let number = self.next_record;
        let data_end = self.pending.data_end();
        let direction = record.direction.filter(|_| record.kind == RecordKind::Data);
        let marks = match record.kind {
            RecordKind::Data => record.marks,
            // A peer that became known by a datagram, not by a connection; or through which of several listeners it came.
            RecordKind::PeerJoined => {
                let Marks { is_message, local, pair, .. } = record.marks;
                Marks { is_message, local, pair, ..Marks::default() }
            }
            // Failed attempts of a client; what concerns one pair of a forward.
            _ => Marks { action: record.marks.action, pair: record.marks.pair, ..Marks::default() },
        };
        let (stream_offset, distance) = direction
            .map_or((0, 0), |direction| self.streams.advance(record.peer, direction, number, stored.len, &marks));
        let entry = Entry {
            mono_ns: self.clock.mono_ns(now),
            data_offset: match stored.at {
                At::There(offset) => offset,
                At::New(skip) => data_end + skip as u64,
            },
            stream_offset,
            distance,
            peer: record.peer.0,
            len: stored.len,
            kind: record.kind as u8,
            direction: format::direction_code(direction),
            flags: stored.flags | marks.flags(),
            stored: stored.stored,
            action: marks.action,
            pair: marks.pair,
            local: marks.local.0,
            cause: marks.cause as u8,
            name: marks.name.0,
            form: marks.form.code(marks.goes_on),
        };
        self.pending.push(number, &entry, now);
        self.recent.push(StoredPlace::of(number, self.current.header.segment, &entry));
        if let Some((payload, start, end)) = stored.shared {
            self.shared.remember(payload, start, end, data_end);
        }
        if direction.is_some() {
            self.payload_bytes += u64::from(stored.len);
        }
        self.next_record += 1;
        number
    }

    /// Determines how to store a payload in the current segment.
    fn resolve<'a>(&self, payload: &Payload<'a>) -> Result<Stored<'a>, WriteError> {
        match *payload {
            Payload::Bytes(bytes) => Ok(Stored::bytes(bytes, self.payload_len(bytes.len())?)),
            Payload::Shared { bytes, start, end } => self.resolve_shared(bytes, start, end),
            Payload::SameAs(number) => self.resolve_same(number),
            Payload::File { path, offset, len, size, modified_ns, hash } => {
                let reference = FileReference::encode(path, offset, size, modified_ns, hash)
                    .ok_or_else(|| invalid(path, "the path is too long"))?;
                let stored = self.payload_len(reference.len())?;
                let flags = format::FLAG_FROM_FILE;
                Ok(Stored { len, stored, flags, at: At::New(0), new: Cow::Owned(reference), shared: None })
            }
        }
    }

    fn payload_len(&self, len: usize) -> Result<u32, WriteError> {
        u32::try_from(len).map_err(|_| invalid(&self.folder, "the payload is 4 GiB or more"))
    }

    fn resolve_shared<'a>(&self, bytes: &'a Arc<[u8]>, start: usize, end: usize) -> Result<Stored<'a>, WriteError> {
        let part = bytes.get(start..end).ok_or_else(|| invalid(&self.folder, "the part lies outside the payload"))?;
        let len = self.payload_len(part.len())?;
        if part.is_empty() {
            return Ok(Stored::bytes(&[], 0));
        }
        if let Some(offset) = self.shared.find(bytes, start, end) {
            return Ok(Stored::there(offset, len, len, 0));
        }
        if bytes.len() <= WHOLE_MAX && bytes.len() as u64 <= self.segment_limit / 4 {
            let shared = Some((bytes, 0, bytes.len()));
            return Ok(Stored { at: At::New(start), shared, ..Stored::bytes(bytes, len) });
        }
        Ok(Stored { shared: Some((bytes, start, end)), ..Stored::bytes(part, len) })
    }

    /// Resolves an echo, usually of a record in the current segment.
    fn resolve_same<'a>(&self, number: u64) -> Result<Stored<'a>, WriteError> {
        let segment = self.current.header.segment;
        let place = match self.recent.get(number) {
            Some(place) => place,
            None => self.find_place(number)?,
        };
        if place.segment == segment {
            return Ok(Stored::there(place.data_offset, place.len, place.stored, place.flags));
        }
        let mut copy = Vec::new();
        let copied = self
            .store
            .segment_of(number)
            .and_then(|source| source.data(number, place.data_offset, place.stored as usize, &mut copy));
        let (new, flags) = match copied {
            Ok(()) => (copy, place.flags),
            Err(ReadError::Evicted(_)) => (number.to_le_bytes().to_vec(), format::FLAG_GONE),
            Err(error) => return Err(invalid(&self.folder, &format!("the earlier record to repeat: {error}"))),
        };
        let stored = self.payload_len(new.len())?;
        Ok(Stored { len: place.len, stored, flags, at: At::New(0), new: Cow::Owned(new), shared: None })
    }

    /// The position of a record that is not among the newest.
    fn find_place(&self, number: u64) -> Result<StoredPlace, WriteError> {
        let current = self.current.header.segment;
        if let Some(entry) = self.pending.entry(number) {
            return Ok(StoredPlace::of(number, current, &entry));
        }
        let found = self.store.segment_of(number).and_then(|segment| {
            segment.entry(number).map(|entry| StoredPlace::of(number, segment.header.segment, &entry))
        });
        found.map_err(|error| invalid(&self.folder, &format!("the earlier record to repeat: {error}")))
    }
}

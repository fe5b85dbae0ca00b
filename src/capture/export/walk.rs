//! The one walk over the selected records that feeds every form.

use super::{OnProgress, PeerFilter, SaveError, Saved, Selection};
use crate::capture::{CaptureReader, ReadError, Record, RecordKind, SessionNote};
use crate::model::{Direction, PeerId, unmap_v4};
use std::cell::RefCell;
use std::io::{self, Write};
use std::net::SocketAddr;

/// Records read at once.
const CHUNK_RECORDS: u64 = 1024;
/// Payload bytes read at once: a whole datagram, and a multiple of a dump's row.
pub(super) const PART_BYTES: u32 = 64 * 1024;

/// Writes one form.
pub(super) trait Sink {
    /// What stands before the first record.
    fn begin(&mut self, _out: &mut dyn Write) -> Result<(), SaveError> {
        Ok(())
    }

    /// A data record. True = it is in the file.
    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError>;

    /// A data record whose bytes cannot be read.
    fn unavailable(&mut self, _head: &Head<'_>, _why: &ReadError, _out: &mut dyn Write) -> Result<(), SaveError> {
        Ok(())
    }

    /// Any other record, with its note where it has one. True = it is in the file.
    fn event(
        &mut self,
        _head: &Head<'_>,
        _note: Option<&SessionNote>,
        _out: &mut dyn Write,
    ) -> Result<bool, SaveError> {
        Ok(false)
    }

    /// What stands behind the last record.
    fn end(&mut self, _out: &mut dyn Write) -> Result<(), SaveError> {
        Ok(())
    }
}

/// A record and whose it is.
pub(super) struct Head<'a> {
    pub record: &'a Record,
    /// v4-mapped as v4.
    pub address: Option<SocketAddr>,
}

/// A data record that can be read.
pub(super) struct Data<'a> {
    pub head: Head<'a>,
    pub direction: Direction,
    /// The whole payload where it is not longer than a part.
    first: &'a [u8],
    reader: &'a CaptureReader,
    tick: &'a dyn Fn(u64) -> Result<(), SaveError>,
}

impl Data<'_> {
    /// Gives the payload in order, in parts of [`PART_BYTES`]; an empty one in no part. May be called again.
    pub fn parts(&self, each: &mut dyn FnMut(&[u8]) -> Result<(), SaveError>) -> Result<(), SaveError> {
        let record = self.head.record;
        if record.len == 0 {
            return Ok(());
        }
        each(self.first)?;
        let mut bytes = Vec::new();
        let mut from = PART_BYTES;
        while from < record.len {
            (self.tick)(record.number)?;
            bytes.clear();
            self.reader.payload(record, from..from.saturating_add(PART_BYTES), &mut bytes)?;
            check_len(record, from, &bytes)?;
            each(&bytes)?;
            from = from.saturating_add(PART_BYTES);
        }
        Ok(())
    }

    /// The payload where it is not longer than a part.
    pub fn whole(&self) -> Option<&[u8]> {
        (self.head.record.len as usize == self.first.len()).then_some(self.first)
    }
}

fn check_len(record: &Record, from: u32, bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.len() == (record.len - from).min(PART_BYTES) as usize {
        return Ok(());
    }
    Err(ReadError::Io(format!("record {} is shorter than its index says", record.number)))
}

/// Counts what goes through.
struct Counted<'a> {
    out: &'a mut dyn Write,
    bytes: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = self.out.write(bytes)?;
        self.bytes += len as u64;
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl PeerFilter {
    /// Whether a peer is meant; `address`: v4-mapped as v4.
    pub(in crate::capture) fn lets(self, peer: PeerId, address: Option<SocketAddr>) -> bool {
        match self {
            Self::Id(id) => id == peer,
            Self::Address(wanted) => address == Some(unmap_v4(wanted)),
        }
    }
}

/// Feeds the selected records to `sink`. Events of other peers than the selected are left out, those of the session are not.
pub(super) fn walk(
    reader: &CaptureReader,
    selection: &Selection,
    sink: &mut dyn Sink,
    out: &mut dyn Write,
    progress: &mut OnProgress<'_>,
) -> Result<Saved, SaveError> {
    let range = selection.records.start..selection.records.end.min(reader.records().end);
    let progress = RefCell::new(progress);
    let total = range.end.saturating_sub(range.start);
    let tick = |at: u64| {
        let wanted = (progress.borrow_mut())(at.saturating_sub(range.start).min(total), total);
        if wanted { Ok(()) } else { Err(SaveError::Cancelled) }
    };
    let mut out = Counted { out, bytes: 0 };
    let mut saved = Saved::default();
    sink.begin(&mut out)?;
    let mut records: Vec<Record> = Vec::new();
    let mut first = Vec::new();
    let mut next = range.start;
    while next < range.end {
        tick(next)?;
        let kept = reader.records();
        if next < kept.start {
            saved.evicted += kept.start.min(range.end) - next;
            next = kept.start;
            continue;
        }
        records.clear();
        match reader.records_in(next..range.end.min(next + CHUNK_RECORDS), &mut records) {
            Ok(()) => {}
            Err(ReadError::Evicted(_)) if reader.records().start > next => continue,
            // One damaged entry must not keep the rest of the history from being saved.
            Err(ReadError::Io(_)) if reader.record(next).is_err() => {
                saved.unreadable += 1;
                next += 1;
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        let Some(last) = records.last() else { return Err(ReadError::NotYet(next).into()) };
        next = last.number + 1;
        for record in &records {
            let address = reader.peer_address(record.peer).map(unmap_v4);
            let of_session = record.peer == PeerId::NONE && record.kind != RecordKind::Data;
            if !of_session && !selection.peer.is_none_or(|peer| peer.lets(record.peer, address)) {
                continue;
            }
            let head = Head { record, address };
            let Some(direction) = record.direction.filter(|_| record.kind == RecordKind::Data) else {
                saved.records += u64::from(sink.event(&head, reader.note(record).ok().as_ref(), &mut out)?);
                continue;
            };
            if selection.direction.is_some_and(|wanted| wanted != direction) {
                continue;
            }
            first.clear();
            let read = reader.payload(record, 0..PART_BYTES, &mut first);
            match read.and_then(|()| check_len(record, 0, &first)) {
                Ok(()) => {
                    let data = Data { head, direction, first: &first, reader, tick: &tick };
                    saved.records += u64::from(sink.data(&data, &mut out)?);
                }
                // Only a whole record may be missing: half of one would look like other data.
                Err(why) => {
                    match why {
                        ReadError::Evicted(_) => saved.evicted += 1,
                        _ => saved.unreadable += 1,
                    }
                    sink.unavailable(&head, &why, &mut out)?;
                }
            }
        }
    }
    sink.end(&mut out)?;
    out.flush()?;
    saved.bytes = out.bytes;
    // Whatever it answers: it is too late to cancel.
    tick(range.end).ok();
    Ok(saved)
}

//! The walk over the selected records that feeds every format.

use super::cut::Cut;
use super::{OnProgress, SaveError, Saved, Selection};
use crate::capture::items::{ItemEntry, ItemIndex, Source};
use crate::capture::{CaptureReader, ReadError, Record, RecordKind, SessionNote};
use crate::model::{Direction, PeerId, unmap_v4};
use std::cell::RefCell;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::ops::Range;

/// Records per read.
const CHUNK_RECORDS: u64 = 1024;
/// Payload bytes per read: a complete datagram, and a multiple of a dump's row.
pub(super) const PART_BYTES: u32 = 64 * 1024;

/// Writes a format.
pub(super) trait Sink {
    /// Writes what precedes the first record.
    fn begin(&mut self, _out: &mut dyn Write) -> Result<(), SaveError> {
        Ok(())
    }

    /// Writes a data record. Returns whether it is in the file.
    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError>;

    /// Writes a data record whose bytes cannot be read.
    fn unavailable(&mut self, _head: &RecordHead<'_>, _why: &ReadError, _out: &mut dyn Write) -> Result<(), SaveError> {
        Ok(())
    }

    /// Writes any other record, with its note if it has one. Returns whether it is in the file.
    fn event(
        &mut self,
        _head: &RecordHead<'_>,
        _note: Option<&SessionNote>,
        _out: &mut dyn Write,
    ) -> Result<bool, SaveError> {
        Ok(false)
    }

    /// Writes what follows the last record.
    fn end(&mut self, _out: &mut dyn Write) -> Result<(), SaveError> {
        Ok(())
    }
}

/// A record and its peer.
pub(super) struct RecordHead<'a> {
    pub record: &'a Record,
    /// V4-mapped addresses are converted to v4.
    pub address: Option<SocketAddr>,
    /// Description of the item if records are cut or verified.
    pub cut: Option<Cut>,
}

/// A readable data record.
pub(super) struct Data<'a> {
    pub head: RecordHead<'a>,
    pub direction: Direction,
    /// The complete payload if it fits into one part.
    first: &'a [u8],
    source: &'a Source,
    reader: &'a CaptureReader,
    tick: &'a dyn Fn() -> Result<(), SaveError>,
}

impl Data<'_> {
    /// Passes the payload to `each` in order, in parts of [`PART_BYTES`]; no part if it is empty. May be called again.
    pub fn parts(&self, each: &mut dyn FnMut(&[u8]) -> Result<(), SaveError>) -> Result<(), SaveError> {
        let record = self.head.record;
        if record.len == 0 {
            return Ok(());
        }
        each(self.first)?;
        let mut bytes = Vec::new();
        let mut from = PART_BYTES;
        while from < record.len {
            (self.tick)()?;
            bytes.clear();
            self.source.payload(self.reader, from..from.saturating_add(PART_BYTES), &mut bytes)?;
            check_len(record, from, &bytes)?;
            each(&bytes)?;
            from = from.saturating_add(PART_BYTES);
        }
        Ok(())
    }

    /// The complete payload if it fits into one part.
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

/// Counts the bytes written.
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

/// A unit to write: a record, or an item of an index.
struct Unit {
    record: Record,
    /// Its bytes, or why they cannot be read.
    source: Result<Source, ReadError>,
    cut: Option<Cut>,
}

/// Iterates over the units in batches.
struct Units<'a> {
    reader: &'a CaptureReader,
    index: Option<&'a ItemIndex>,
    /// Items before this one are final.
    settled: u64,
    /// The unfinished items after them as of the start, since they may change while they are written.
    open: Vec<ItemEntry>,
    next: u64,
    end: u64,
}

impl<'a> Units<'a> {
    fn of(reader: &'a CaptureReader, selection: &'a Selection) -> Self {
        let Range { start, end } = selection.records;
        let Some(index) = &selection.index else {
            let end = end.min(reader.records().end);
            return Self { reader, index: None, settled: end, open: Vec::new(), next: start, end };
        };
        let (settled, mut open) = index.ends();
        if let Some(items) = &selection.items {
            let end = items.end.min(settled + open.len() as u64);
            return Self { reader, index: Some(index), settled, open, next: items.start.min(end), end };
        }
        // They are shown at the first record that was not scanned.
        open.retain(|item| item.shown_at <= end);
        let behind = if open.is_empty() { index.first_at(end).min(settled) } else { settled + open.len() as u64 };
        let next = index.first_at(start).min(behind);
        Self { reader, index: Some(index), settled, open, next, end: behind }
    }

    /// The oldest unit that still exists.
    fn oldest(&self) -> u64 {
        self.index.map_or_else(|| self.reader.records().start, |index| index.items().start)
    }

    /// Reads the next units; adds missing ones to `saved`.
    fn gather(&mut self, saved: &mut Saved, units: &mut Vec<Unit>) -> Result<(), SaveError> {
        units.clear();
        let oldest = self.oldest();
        if self.next < oldest {
            saved.evicted += oldest.min(self.end) - self.next;
            self.next = oldest;
            return Ok(());
        }
        let range = self.next..self.end.min(self.next + CHUNK_RECORDS);
        let read = match self.index {
            None => self.records(range, units),
            Some(index) => self.items(index, range, saved, units),
        };
        match read {
            Ok(0) => return Err(ReadError::NotYet(self.next).into()),
            Ok(count) => self.next += count,
            Err(ReadError::Evicted(_)) if self.oldest() > self.next => {}
            // A damaged entry must not prevent the rest of the history from being saved.
            Err(ReadError::Io(_)) if self.index.is_none() && self.reader.record(self.next).is_err() => {
                let behind = self.reader.store().behind_unreadable(self.next).min(self.end);
                saved.unreadable += behind - self.next;
                self.next = behind;
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Reads records and returns their count.
    fn records(&self, range: Range<u64>, units: &mut Vec<Unit>) -> Result<u64, ReadError> {
        let mut records = Vec::new();
        self.reader.records_in(range, &mut records)?;
        let of_record = |record| Unit { record, source: Ok(Source::of_record(record)), cut: None };
        units.extend(records.into_iter().map(of_record));
        Ok(units.len() as u64)
    }

    /// Reads items and returns their count; adds missing ones to `saved`.
    fn items(
        &self,
        index: &ItemIndex,
        range: Range<u64>,
        saved: &mut Saved,
        units: &mut Vec<Unit>,
    ) -> Result<u64, ReadError> {
        let mut items = Vec::new();
        if range.start < self.settled {
            index.items_in(range.start..range.end.min(self.settled), &mut items)?;
        } else {
            let within = |number: u64| (number - self.settled) as usize;
            items.extend_from_slice(self.open.get(within(range.start)..within(range.end)).unwrap_or_default());
        }
        for item in &items {
            let record = match self.reader.record(item.first) {
                Ok(record) => record,
                // It starts in data that was evicted before it was complete.
                Err(ReadError::Evicted(_)) => {
                    saved.evicted += 1;
                    continue;
                }
                Err(ReadError::Io(_)) => {
                    // Records that are missing together are one item.
                    saved.unreadable +=
                        self.reader.store().behind_unreadable(item.first).saturating_sub(item.first).max(1);
                    continue;
                }
                Err(error) => return Err(error),
            };
            let source = Source::of_item(self.reader, item, record);
            let cut = if index.rule().cuts() { Cut::of(item, &record) } else { None };
            let record = source.as_ref().map_or(record, Source::as_record);
            units.push(Unit { record, source, cut });
        }
        Ok(items.len() as u64)
    }
}

/// Feeds the selected records to `sink`. Events of unselected peers are left out; those of the session are not.
pub(super) fn walk(
    reader: &CaptureReader,
    selection: &Selection,
    sink: &mut dyn Sink,
    out: &mut dyn Write,
    progress: &mut OnProgress<'_>,
) -> Result<Saved, SaveError> {
    // The selection is written completely, however fast the capture grows meanwhile.
    let hold = reader.hold(selection.records.start);
    let mut left = Units::of(reader, selection);
    let start = left.next;
    let progress = RefCell::new(progress);
    let total = left.end.saturating_sub(start);
    let tick = |at: u64| {
        let wanted = (progress.borrow_mut())(at.saturating_sub(start).min(total), total);
        if wanted { Ok(()) } else { Err(SaveError::Cancelled) }
    };
    let mut out = Counted { out, bytes: 0 };
    let mut saved = Saved::default();
    sink.begin(&mut out)?;
    let mut units: Vec<Unit> = Vec::new();
    let mut most = selection.most;
    while left.next < left.end && most > 0 {
        let at = left.next;
        tick(at)?;
        if left.index.is_none() {
            hold.advance(at);
        }
        left.gather(&mut saved, &mut units)?;
        for unit in &units {
            if most == 0 {
                break;
            }
            most -= u64::from(write_unit(reader, selection, unit, &|| tick(at), sink, &mut out, &mut saved)?);
        }
    }
    sink.end(&mut out)?;
    out.flush()?;
    saved.bytes = out.bytes;
    // The result does not matter: it is too late to cancel.
    tick(left.end).ok();
    Ok(saved)
}

/// Returns true if it is data and was selected.
fn write_unit(
    reader: &CaptureReader,
    selection: &Selection,
    unit: &Unit,
    tick: &dyn Fn() -> Result<(), SaveError>,
    sink: &mut dyn Sink,
    out: &mut Counted<'_>,
    saved: &mut Saved,
) -> Result<bool, SaveError> {
    let record = &unit.record;
    let address = reader.peer_address(record.peer).map(unmap_v4);
    let of_session = record.peer == PeerId::NONE && record.kind != RecordKind::Data;
    if !of_session && !selection.peer.is_none_or(|peer| peer.lets(record.peer, address)) {
        return Ok(false);
    }
    let head = RecordHead { record, address, cut: unit.cut };
    let Some(direction) = record.direction.filter(|_| record.kind == RecordKind::Data) else {
        saved.records += u64::from(sink.event(&head, reader.note(record).ok().as_ref(), out)?);
        return Ok(false);
    };
    if selection.direction.is_some_and(|wanted| wanted != direction) {
        return Ok(false);
    }
    let mut first = Vec::new();
    let read = match &unit.source {
        Ok(source) => source.payload(reader, 0..PART_BYTES, &mut first).map(|()| source),
        Err(error) => Err(error.clone()),
    };
    match read.and_then(|source| check_len(record, 0, &first).map(|()| source)) {
        Ok(source) => {
            let data = Data { head, direction, first: &first, source, reader, tick };
            saved.records += u64::from(sink.data(&data, out)?);
        }
        // Only an entire record may be missing: half of one would look like other data.
        Err(why) => {
            match why {
                ReadError::Evicted(_) => saved.evicted += 1,
                _ => saved.unreadable += 1,
            }
            sink.unavailable(&head, &why, out)?;
        }
    }
    Ok(true)
}

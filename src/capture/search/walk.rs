//! Scans records and feeds their bytes to the streams they belong to: from the oldest record, or for a part of the capture whose
//! streams may have started earlier.

use super::chunks::Parting;
use super::stream::{Part, Stream, StreamStart};
use super::{Hit, Scope, Settled};
use crate::capture::{CaptureReader, ReadError, Record, RecordKind};
use crate::codec::Pattern;
use crate::model::{Direction, PeerId, unmap_v4};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Payload per read in bytes: the size of a core's cache.
const BYTES_A_READ: usize = 256 << 10;
/// Maximum bytes that all streams hold together before they are set aside (and read again when needed).
const HELD_BYTES_MAX: usize = 64 << 20;

/// Key of a stream: peer and direction.
pub(super) type Key = (PeerId, Direction);

/// Receives settled hits.
pub(super) type OnSettled<'a> = &'a mut dyn FnMut(Settled);

/// See the module documentation.
pub(super) struct Walk {
    pub reader: CaptureReader,
    pub pattern: Pattern,
    pub scope: Scope,
    /// The first record that was not searched.
    pub next: u64,
    pub unreadable: u64,
    streams: HashMap<Key, Stream>,
    held_bytes: usize,
    peers_in_scope: HashMap<PeerId, bool>,
    /// Only a part of the capture is scanned.
    is_part: bool,
    /// The part contains something that cannot be judged without the data before it.
    is_irregular: bool,
    /// Reused between reads to avoid allocation.
    bytes: Vec<u8>,
    window: Vec<u8>,
}

impl Walk {
    /// Starts at the oldest record.
    pub fn new(reader: CaptureReader, pattern: Pattern, scope: Scope) -> Self {
        Self {
            next: reader.records().start,
            reader,
            pattern,
            scope,
            unreadable: 0,
            streams: HashMap::new(),
            held_bytes: 0,
            peers_in_scope: HashMap::new(),
            is_part: false,
            is_irregular: false,
            bytes: Vec::new(),
            window: Vec::new(),
        }
    }

    /// Whether a range of records is large enough for more than one thread.
    pub fn is_worth_threads(&self, range: Range<u64>, parting: &Parting) -> bool {
        if parting.threads < 2 || range.end.saturating_sub(range.start) > parting.records as u64 {
            return parting.threads > 1;
        }
        // Within one data file the offsets show how much data lies between two records; a range over several files is always large.
        let [first, last] = [range.start, range.end.saturating_sub(1)].map(|number| self.reader.record(number).ok());
        let (Some(first), Some(last)) = (first, last) else { return false };
        last.data_offset
            .saturating_add(last.stored.into())
            .checked_sub(first.data_offset)
            .is_none_or(|b| b > parting.bytes)
    }

    /// Creates a walk over parts of the same capture.
    pub fn of_parts(&self) -> Self {
        let new = Self::new(self.reader.clone(), self.pattern.clone(), self.scope);
        Self { is_part: true, ..new }
    }

    /// Searches a part and returns its streams. `None` if stopped, or if the part cannot be judged without the data before it.
    pub fn part(
        &mut self,
        records: &[Record],
        go_on: &mut dyn FnMut(u64, u64) -> bool,
        found: OnSettled<'_>,
    ) -> Option<HashMap<Key, Stream>> {
        (self.unreadable, self.held_bytes, self.is_irregular) = (0, 0, false);
        self.streams.clear();
        let done = self.records(records, go_on, found);
        let is_regular = done && !self.is_irregular && self.unreadable == 0;
        is_regular.then(|| std::mem::take(&mut self.streams))
    }

    /// Searches records from one call of [`CaptureReader::records_in`]. Returns false if stopped.
    pub fn records(
        &mut self,
        records: &[Record],
        go_on: &mut dyn FnMut(u64, u64) -> bool,
        found: OnSettled<'_>,
    ) -> bool {
        let mut rest = records;
        while let Some(first) = rest.first() {
            let there = self.reader.records();
            if !go_on(first.number.saturating_sub(there.start), there.end - there.start) {
                return false;
            }
            let mut bytes = std::mem::take(&mut self.bytes);
            let taken = match self.reader.payload_run(rest, BYTES_A_READ, &mut bytes) {
                Ok((0, _)) => {
                    if !self.alone(first, go_on, found) {
                        self.bytes = bytes;
                        return false;
                    }
                    1
                }
                Ok((count, base)) => {
                    self.pieces(&rest[..count], base, &bytes, found);
                    count
                }
                Err(_) => {
                    // Retry one by one, so that only unreadable records are left out.
                    self.alone(first, &mut |_, _| true, found);
                    1
                }
            };
            self.bytes = bytes;
            rest = &rest[taken..];
            if let Some(last) = records.get(records.len() - rest.len() - 1) {
                self.next = last.number + 1;
            }
            self.bound();
        }
        true
    }

    /// Searches records whose payload is in `bytes`, which starts at offset `base` of their data file. Consecutive records of one
    /// stream are searched as one piece.
    fn pieces(&mut self, records: &[Record], base: u64, bytes: &[u8], found: OnSettled<'_>) {
        let place = |record: &Record| {
            let start = record.data_offset.saturating_sub(base) as usize;
            start..start.saturating_add(record.len as usize)
        };
        let mut at = 0;
        while let Some(first) = records.get(at) {
            at += 1;
            let Some(key) = self.wanted(first) else { continue };
            let mut place_of_all = place(first);
            if first.is_message() {
                self.datagram(first, bytes.get(place_of_all).unwrap_or_default(), found);
                continue;
            }
            let start = at - 1;
            let mut offset = first.stream_offset.saturating_add(first.len.into());
            while let Some(next) = records.get(at) {
                let place = place(next);
                let follows = next.kind == RecordKind::Data
                    && !next.is_message()
                    && (Some(key.1), key.0) == (next.direction, next.peer)
                    && place.start == place_of_all.end
                    && next.stream_offset == offset;
                if !follows {
                    break;
                }
                place_of_all.end = place.end;
                offset = offset.saturating_add(next.len.into());
                at += 1;
            }
            let parts = records[start..at].iter().map(|r| Part { record: r.number, stream_offset: r.stream_offset });
            self.feed(key, parts, bytes.get(place_of_all).unwrap_or_default(), found);
        }
    }

    /// Searches a record that is read separately, in parts: it is large, or its payload is stored elsewhere. Returns false if
    /// stopped.
    fn alone(&mut self, record: &Record, go_on: &mut dyn FnMut(u64, u64) -> bool, found: OnSettled<'_>) -> bool {
        let Some(key) = self.wanted(record) else { return true };
        let mut single = record.is_message().then(|| Stream::new(&self.pattern, key.0, key.1, 0));
        let mut offset = 0;
        while offset < record.len {
            let there = self.reader.records();
            if offset > 0 && !go_on(record.number.saturating_sub(there.start), there.end - there.start) {
                return false;
            }
            let end = record.len.min(offset.saturating_add(BYTES_A_READ as u32));
            let goes_on = match &mut single {
                Some(stream) => {
                    let mut bytes = Vec::new();
                    let read = self.reader.payload(record, offset..end, &mut bytes);
                    let part = Part { record: record.number, stream_offset: 0 };
                    let parts = [part].into_iter();
                    if read.is_ok() {
                        let found: OnSettled<'_> = &mut |settled| found(Settled { alone: true, ..settled });
                        stream.feed(&self.pattern, parts, offset.into(), &bytes, &mut self.window, found);
                    }
                    self.counts(&read)
                }
                None => self.feed_part(key, record, offset..end, found),
            };
            if !goes_on {
                break;
            }
            offset = end;
        }
        if let Some(stream) = &mut single {
            stream.finish(&self.pattern, &mut |settled| found(Settled { alone: true, ..settled }));
        }
        true
    }

    /// Reads and feeds part of a record. Returns false if it cannot be read.
    fn feed_part(&mut self, key: Key, record: &Record, part: Range<u32>, found: OnSettled<'_>) -> bool {
        let mut bytes = Vec::new();
        let at = record.stream_offset.saturating_add(part.start.into());
        let read = self.reader.payload(record, part, &mut bytes);
        if read.is_ok() {
            let part = Part { record: record.number, stream_offset: record.stream_offset };
            self.feed_at(key, [part].into_iter(), at, &bytes, found);
        }
        self.counts(&read)
    }

    /// Eviction does not count as a failure.
    fn counts(&mut self, read: &Result<(), ReadError>) -> bool {
        self.unreadable += u64::from(read.as_ref().is_err_and(|error| !matches!(error, ReadError::Evicted(_))));
        self.is_irregular |= read.is_err();
        read.is_ok()
    }

    /// The stream of a data record, if it is in the scope.
    fn wanted(&mut self, record: &Record) -> Option<Key> {
        let direction = record.direction.filter(|_| record.kind == RecordKind::Data && record.len > 0)?;
        let in_scope = self.scope.direction.is_none_or(|wanted| wanted == direction)
            && self.scope.peer.is_none_or(|wanted| {
                let reader = &self.reader;
                let same = || wanted.lets(record.peer, reader.peer_address(record.peer).map(unmap_v4));
                *self.peers_in_scope.entry(record.peer).or_insert_with(same)
            });
        in_scope.then_some((record.peer, direction))
    }

    fn datagram(&self, record: &Record, bytes: &[u8], found: OnSettled<'_>) {
        let mut from = 0;
        while let Some(range) = self.pattern.find_from(bytes, from, from) {
            from = range.end;
            // A datagram's length is a `u32`.
            let (start, end) = (range.start as u32, range.end as u32);
            let hit = Hit {
                record: record.number,
                offset: start,
                len: end - start,
                end_record: record.number,
                end_offset: end,
                peer: record.peer,
                sent: record.direction == Some(Direction::Sent),
                open: false,
            };
            found(Settled { by: record.number, start: start.into(), alone: true, hit });
        }
    }

    fn feed(&mut self, key: Key, parts: impl Iterator<Item = Part> + Clone, bytes: &[u8], found: OnSettled<'_>) {
        if let Some(first) = parts.clone().next() {
            self.feed_at(key, parts, first.stream_offset, bytes, found);
        }
    }

    fn feed_at(&mut self, key: Key, parts: impl Iterator<Item = Part>, at: u64, bytes: &[u8], found: OnSettled<'_>) {
        let Self { reader, streams, pattern, is_part, is_irregular, .. } = self;
        let mut parts = parts.peekable();
        let first = parts.peek().copied();
        let new = || {
            if *is_part {
                return Stream::blind(pattern, key.0, key.1, at);
            }
            let stream = Stream::new(pattern, key.0, key.1, at);
            let border = first.and_then(|first| first_border(reader, pattern, first, at, bytes));
            match border {
                Some(border) => stream.with_border(border),
                None => stream,
            }
        };
        let stream = streams.entry(key).or_insert_with(new);
        *is_irregular |= stream.end() != at;
        self.held_bytes = self.held_bytes.saturating_sub(stream.held());
        stream.fetch(&self.pattern, &self.reader);
        stream.feed(&self.pattern, parts, at, bytes, &mut self.window, found);
        self.held_bytes += stream.held();
    }

    /// Whether characters start at the same positions in a stream and in a part of it that was fed `head` first.
    pub fn is_in_step(&self, key: Key, head: &StreamStart) -> bool {
        if !self.pattern.needs_borders() {
            return true;
        }
        let Some(border) = self.streams.get(&key).map(Stream::border) else { return true };
        let Some(at) = border.checked_sub(head.at) else { return false };
        let (at, first) = (at as usize, (self.pattern.first_border(head.at) - head.at) as usize);
        first <= at && at <= head.bytes.len() && self.pattern.border_before(&head.bytes, at, first) == at
    }

    /// Feeds the first bytes of a part to its stream. Returns the offset where the first unsettled match may start.
    pub fn feed_head(&mut self, key: Key, head: &StreamStart, found: OnSettled<'_>) -> u64 {
        let end = head.at.saturating_add(head.bytes.len() as u64);
        let behind = head.parts.iter().skip(1).map(|part| part.stream_offset).chain([end]);
        // Record by record, so that each hit is reported with the record that settled it.
        for (part, behind) in head.parts.iter().zip(behind) {
            let place = part.stream_offset.saturating_sub(head.at) as usize..behind.saturating_sub(head.at) as usize;
            let bytes = head.bytes.get(place).unwrap_or_default();
            self.feed(key, [*part].into_iter(), bytes, found);
        }
        self.streams.get(&key).map_or(end, Stream::from)
    }

    /// Feeds the bytes of some streams in these records that they were not fed yet.
    pub fn feed_rest(&mut self, records: &[Record], keys: &HashSet<Key>, found: OnSettled<'_>) {
        for record in records {
            let Some(key) = self.wanted(record).filter(|key| keys.contains(key)) else { continue };
            let mut offset =
                self.streams.get(&key).map_or(0, |stream| stream.end().saturating_sub(record.stream_offset));
            while offset < record.len.into() {
                // Both are within a record.
                let part = offset as u32..(offset as u32).saturating_add(BYTES_A_READ as u32).min(record.len);
                offset = part.end.into();
                self.feed_part(key, record, part, found);
            }
        }
    }

    /// Continues a stream with the state of a part that was fed the same bytes to its end.
    pub fn go_on_as(&mut self, key: Key, other: Stream) {
        if let Some(stream) = self.streams.get_mut(&key) {
            self.held_bytes = self.held_bytes.saturating_sub(stream.held());
            stream.go_on_as(other);
            self.held_bytes += stream.held();
        }
    }

    /// The open hits at the ends of the streams.
    pub fn open_hits(&mut self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for stream in self.streams.values_mut() {
            stream.look_at_end(&self.pattern);
            hits.extend_from_slice(stream.open_hits());
        }
        hits.sort_unstable();
        hits
    }

    /// Releases the memory of the streams if they hold much; the bytes are read again when the streams continue.
    pub fn bound(&mut self) {
        if self.held_bytes <= HELD_BYTES_MAX {
            return;
        }
        for stream in self.streams.values_mut() {
            stream.look_at_end(&self.pattern);
            stream.put_aside();
        }
        self.held_bytes = 0;
    }
}

/// The first character boundary of a stream that is searched from `at` on, the start of record `first`, but started earlier: the end
/// of an incomplete character there. `None` if no character is incomplete or the pattern does not require it.
fn first_border(reader: &CaptureReader, pattern: &Pattern, first: Part, at: u64, bytes: &[u8]) -> Option<u64> {
    let encoding = pattern.needs_borders_of().filter(|_| at == first.stream_offset && at > 0)?;
    let mut open = reader.decoder_at(&reader.record(first.record).ok()?, encoding).pending().to_vec();
    let pending = open.len();
    open.extend_from_slice(&bytes[..bytes.len().min(encoding.max_char_len())]);
    let len = encoding.first_len(&open).filter(|len| pending > 0 && *len > pending)?;
    Some(at + (len - pending) as u64)
}

//! Going over records and feeding each stream what is its own: of all from the begin, or of a part, whose streams may have begun
//! before it.

use super::chunks::Parting;
use super::stream::{Head, Part, Stream};
use super::{Hit, Scope, Settled};
use crate::capture::{CaptureReader, ReadError, Record, RecordKind};
use crate::codec::Pattern;
use crate::model::{Direction, PeerId, unmap_v4};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Payload read at once, in bytes: what a core's own cache holds.
const BYTES_A_READ: usize = 256 << 10;
/// Bytes that all streams together hold back before they are put aside (and read again when needed).
const HELD_BYTES_MAX: usize = 64 << 20;

/// A stream: a peer and direction.
pub(super) type Key = (PeerId, Direction);

/// Where what is settled goes.
pub(super) type OnSettled<'a> = &'a mut dyn FnMut(Settled);

/// See the module.
pub(super) struct Walk {
    pub reader: CaptureReader,
    pub pattern: Pattern,
    pub scope: Scope,
    /// The first record that was not looked at.
    pub next: u64,
    pub unreadable: u64,
    streams: HashMap<Key, Stream>,
    held_bytes: usize,
    peers_in_scope: HashMap<PeerId, bool>,
    /// Of a part only.
    is_part: bool,
    /// In this part is something that only who knows all before it can judge.
    is_irregular: bool,
    /// Kept between reads, so that they need not be made anew.
    bytes: Vec<u8>,
    window: Vec<u8>,
}

impl Walk {
    /// From the oldest record on.
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

    /// There is enough in a range of records for more than one thread.
    pub fn is_worth_threads(&self, range: Range<u64>, parting: &Parting) -> bool {
        if parting.threads < 2 || range.end.saturating_sub(range.start) > parting.records as u64 {
            return parting.threads > 1;
        }
        // Neighbours in a data file tell how much lies between them; a range over several files is never short.
        let [first, last] = [range.start, range.end.saturating_sub(1)].map(|number| self.reader.record(number).ok());
        let (Some(first), Some(last)) = (first, last) else { return false };
        last.data_offset
            .saturating_add(last.stored.into())
            .checked_sub(first.data_offset)
            .is_none_or(|b| b > parting.bytes)
    }

    /// Another walk over parts of the same.
    pub fn of_parts(&self) -> Self {
        let new = Self::new(self.reader.clone(), self.pattern.clone(), self.scope);
        Self { is_part: true, ..new }
    }

    /// Looks at a part. Gives its streams; `None`: stopped, or only who knows all before can look at it.
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

    /// Records from one call of [`CaptureReader::records_in`]. False: stopped.
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
                    // One by one: only what cannot be read is left out.
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

    /// Records whose payload lies in `bytes`, which begins at `base` of their data file. Neighbours of one stream are looked at
    /// as one piece.
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
            if first.stands_alone() {
                self.datagram(first, bytes.get(place_of_all).unwrap_or_default(), found);
                continue;
            }
            let start = at - 1;
            let mut offset = first.stream_offset.saturating_add(first.len.into());
            while let Some(next) = records.get(at) {
                let place = place(next);
                let follows = next.kind == RecordKind::Data
                    && !next.stands_alone()
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

    /// A record that is read by itself, in parts: long, or its payload lies elsewhere. False: stopped.
    fn alone(&mut self, record: &Record, go_on: &mut dyn FnMut(u64, u64) -> bool, found: OnSettled<'_>) -> bool {
        let Some(key) = self.wanted(record) else { return true };
        let mut single = record.stands_alone().then(|| Stream::new(&self.pattern, key.0, key.1, 0));
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

    /// Reads and feeds a part of a record. False: it cannot be read.
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

    /// What the limit took is no failure.
    fn counts(&mut self, read: &Result<(), ReadError>) -> bool {
        self.unreadable += u64::from(read.as_ref().is_err_and(|error| !matches!(error, ReadError::Evicted(_))));
        self.is_irregular |= read.is_err();
        read.is_ok()
    }

    /// Whose stream a data record belongs to, where it is in the scope.
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
            // A datagram's payload has a u32 length.
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

    /// Whether characters begin at the same places of a stream and of a part of it that was fed `head` first.
    pub fn is_in_step(&self, key: Key, head: &Head) -> bool {
        if !self.pattern.needs_borders() {
            return true;
        }
        let Some(border) = self.streams.get(&key).map(Stream::border) else { return true };
        let Some(at) = border.checked_sub(head.at) else { return false };
        let (at, first) = (at as usize, (self.pattern.first_border(head.at) - head.at) as usize);
        first <= at && at <= head.bytes.len() && self.pattern.border_before(&head.bytes, at, first) == at
    }

    /// Feeds what a stream of a part begins with. Gives where what is not settled yet may begin.
    pub fn feed_head(&mut self, key: Key, head: &Head, found: OnSettled<'_>) -> u64 {
        let end = head.at.saturating_add(head.bytes.len() as u64);
        let behind = head.parts.iter().skip(1).map(|part| part.stream_offset).chain([end]);
        // Record by record, so that each hit is told with the one that decided about it.
        for (part, behind) in head.parts.iter().zip(behind) {
            let place = part.stream_offset.saturating_sub(head.at) as usize..behind.saturating_sub(head.at) as usize;
            let bytes = head.bytes.get(place).unwrap_or_default();
            self.feed(key, [*part].into_iter(), bytes, found);
        }
        self.streams.get(&key).map_or(end, Stream::from)
    }

    /// Feeds what some streams have in these records and were not fed yet.
    pub fn feed_rest(&mut self, records: &[Record], keys: &HashSet<Key>, found: OnSettled<'_>) {
        for record in records {
            let Some(key) = self.wanted(record).filter(|key| keys.contains(key)) else { continue };
            let mut offset =
                self.streams.get(&key).map_or(0, |stream| stream.end().saturating_sub(record.stream_offset));
            while offset < record.len.into() {
                // Within a record.
                let part = offset as u32..(offset as u32).saturating_add(BYTES_A_READ as u32).min(record.len);
                offset = part.end.into();
                self.feed_part(key, record, part, found);
            }
        }
    }

    /// A stream goes on as one of a part that was fed the same to its end.
    pub fn go_on_as(&mut self, key: Key, other: Stream) {
        if let Some(stream) = self.streams.get_mut(&key) {
            self.held_bytes = self.held_bytes.saturating_sub(stream.held());
            stream.go_on_as(other);
            self.held_bytes += stream.held();
        }
    }

    /// The hits at the ends of the streams that further bytes may still change.
    pub fn open_hits(&mut self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for stream in self.streams.values_mut() {
            stream.look_at_end(&self.pattern);
            hits.extend_from_slice(stream.open_hits());
        }
        hits.sort_unstable();
        hits
    }

    /// Gives back what the streams hold where that is much; it is read again when they go on.
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

/// Where the first character of a stream begins that is searched from `at` on, the begin of the record `first`, but began earlier: behind
/// what is open of a character there. `None`: nothing is open, or the pattern does not ask.
fn first_border(reader: &CaptureReader, pattern: &Pattern, first: Part, at: u64, bytes: &[u8]) -> Option<u64> {
    let encoding = pattern.needs_borders_of().filter(|_| at == first.stream_offset && at > 0)?;
    let mut open = reader.decoder_at(&reader.record(first.record).ok()?, encoding).pending().to_vec();
    let pending = open.len();
    open.extend_from_slice(&bytes[..bytes.len().min(encoding.max_char_len())]);
    let len = encoding.first_len(&open).filter(|len| pending > 0 && *len > pending)?;
    Some(at + (len - pending) as u64)
}

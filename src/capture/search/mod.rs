//! Finding bytes in a capture, across the borders of records: each TCP peer and direction is one stream, each datagram stands alone.
//!
//! A [`Search`] goes over the records once, oldest first, with one large read for many records, and goes on from where it stood
//! when more has been recorded. What it holds is bounded, whatever the capture's size and the number of its streams.
//!
//! **Cuts do not matter.** Whether a match is settled depends on how many bytes of its stream are behind it, never on how they
//! were cut into records. What can still change with the next byte is an *open* hit ([`Hit::open`]), told anew at the end of
//! each pass.

mod found;
mod stream;

pub use found::Found;

use super::{CaptureReader, ReadError, Record, RecordKind, SessionNote};
use crate::codec::Pattern;
use crate::model::{Direction, Endpoint, PeerId, Transport, unmap_v4};
use std::collections::HashMap;
use std::net::SocketAddr;
use stream::{Part, Stream};

/// Records looked at between two looks at the cancel flag.
const RECORDS_A_BATCH: u64 = 8192;
/// Payload read at once, in bytes.
const BYTES_A_READ: usize = 1 << 20;
/// Bytes that all streams together hold back before they are put aside (and read again when needed).
const HELD_BYTES_MAX: usize = 64 << 20;

/// A place where a pattern was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// Record in which it begins.
    pub record: u64,
    /// Its first byte within that record's payload.
    pub offset: u32,
    /// Bytes of the whole match.
    pub len: u32,
    /// Record in which it ends: the same one, or a later one of the same peer and direction.
    pub end_record: u64,
    /// Behind its last byte within that record's payload.
    pub end_offset: u32,
    /// Whose.
    pub peer: PeerId,
    /// True: sent; false: received.
    pub sent: bool,
    /// At the end of what has come so far: the next bytes of the stream may make it longer, or take it back.
    pub open: bool,
}

impl Hit {
    /// Which way.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.sent { Direction::Sent } else { Direction::Received }
    }

    /// The part of `record`'s payload (of this peer and direction) that it covers.
    #[must_use]
    pub fn within(&self, record: u64) -> Option<std::ops::Range<u32>> {
        if record < self.record || record > self.end_record {
            return None;
        }
        let start = if record == self.record { self.offset } else { 0 };
        let end = if record == self.end_record { self.end_offset } else { u32::MAX };
        Some(start..end)
    }
}

/// Where to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// One direction only.
    pub direction: Option<Direction>,
    /// One peer's address only.
    pub peer: Option<SocketAddr>,
}

/// How a pass ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Everything recorded so far was looked at.
    CaughtUp,
    /// It was told to stop, perhaps in the middle of a record: the search is over.
    Stopped,
}

/// A search through one capture.
pub struct Search {
    reader: CaptureReader,
    pattern: Pattern,
    scope: Scope,
    next: u64,
    /// Not looked at from here on.
    end: u64,
    datagrams: bool,
    streams: HashMap<(PeerId, Direction), Stream>,
    held_bytes: usize,
    unreadable: u64,
    peers_in_scope: HashMap<PeerId, bool>,
    /// Kept between reads, so that they need not be made anew.
    bytes: Vec<u8>,
    window: Vec<u8>,
}

impl Search {
    /// From the oldest record on.
    #[must_use]
    pub fn new(reader: CaptureReader, pattern: Pattern, scope: Scope) -> Self {
        let endpoint = reader.endpoint().parse::<Endpoint>();
        Self {
            datagrams: endpoint.is_ok_and(|endpoint| endpoint.transport == Transport::Udp),
            next: reader.records().start,
            end: u64::MAX,
            reader,
            pattern,
            scope,
            streams: HashMap::new(),
            held_bytes: 0,
            unreadable: 0,
            peers_in_scope: HashMap::new(),
            bytes: Vec::new(),
            window: Vec::new(),
        }
    }

    /// Looks only at records from `start` on; before the first pass.
    pub fn set_start(&mut self, start: u64) {
        self.next = self.next.max(start);
    }

    /// Looks only at records before `end`.
    pub fn set_end(&mut self, end: u64) {
        self.end = end;
    }

    /// The first record that was not looked at yet.
    #[must_use]
    pub fn next_record(&self) -> u64 {
        self.next
    }

    /// Records that could not be read (damaged, or a sent file that has changed since): what is in them was not looked at.
    #[must_use]
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Looks at everything recorded so far and not yet looked at. `found` gets the settled hits in the order in which their last
    /// byte stands in the capture (a little later where what follows decides about them). `go_on` gets the records looked at and
    /// all records there are, and answers whether to go on.
    pub fn run(&mut self, go_on: &mut dyn FnMut(u64, u64) -> bool, found: &mut dyn FnMut(Hit)) -> Pass {
        let mut records = Vec::new();
        loop {
            let mut there = self.reader.records();
            self.next = self.next.max(there.start);
            there.end = there.end.min(self.end).max(there.start);
            if !go_on(self.next - there.start, (there.end - there.start).max(self.next - there.start)) {
                return Pass::Stopped;
            }
            if self.next >= there.end {
                return Pass::CaughtUp;
            }
            records.clear();
            let range = self.next..there.end.min(self.next.saturating_add(RECORDS_A_BATCH));
            match self.reader.records_in(range, &mut records) {
                Ok(()) => {}
                // The limit was quicker.
                Err(ReadError::Evicted(_)) if self.next < self.reader.records().start => continue,
                Err(_) => {
                    let behind = self.reader.store().behind_unreadable(self.next).min(there.end);
                    self.unreadable += behind - self.next;
                    self.next = behind;
                    continue;
                }
            }
            if !self.batch(&records, go_on, found) {
                return Pass::Stopped;
            }
        }
    }

    /// The hits at the ends of the streams that further bytes may still change, after a pass.
    pub fn open_hits(&mut self) -> Vec<Hit> {
        let mut hits = Vec::new();
        for stream in self.streams.values_mut() {
            stream.look_at_end(&self.pattern);
            hits.extend_from_slice(stream.open_hits());
        }
        hits.sort_unstable();
        hits
    }

    /// False: stopped.
    fn batch(
        &mut self,
        records: &[Record],
        go_on: &mut dyn FnMut(u64, u64) -> bool,
        found: &mut dyn FnMut(Hit),
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
            if self.held_bytes > HELD_BYTES_MAX {
                self.put_aside();
            }
        }
        true
    }

    /// Records whose payload lies in `bytes`, which begins at `base` of their data file. Neighbours of one stream are looked at
    /// as one piece.
    fn pieces(&mut self, records: &[Record], base: u64, bytes: &[u8], found: &mut dyn FnMut(Hit)) {
        let place = |record: &Record| {
            let start = record.data_offset.saturating_sub(base) as usize;
            start..start.saturating_add(record.len as usize)
        };
        let mut at = 0;
        while let Some(first) = records.get(at) {
            at += 1;
            let Some(key) = self.wanted(first) else { continue };
            let mut place_of_all = place(first);
            if self.datagrams {
                self.datagram(first, bytes.get(place_of_all).unwrap_or_default(), found);
                continue;
            }
            let start = at - 1;
            let mut offset = first.stream_offset.saturating_add(first.len.into());
            while let Some(next) = records.get(at) {
                let place = place(next);
                let follows = next.kind == RecordKind::Data
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
    fn alone(&mut self, record: &Record, go_on: &mut dyn FnMut(u64, u64) -> bool, found: &mut dyn FnMut(Hit)) -> bool {
        let Some(key) = self.wanted(record) else { return true };
        let mut single = self.datagrams.then(|| Stream::new(key.0, key.1, 0));
        let mut offset = 0;
        let mut bytes = Vec::new();
        while offset < record.len {
            let there = self.reader.records();
            if offset > 0 && !go_on(record.number.saturating_sub(there.start), there.end - there.start) {
                return false;
            }
            let end = record.len.min(offset.saturating_add(BYTES_A_READ as u32));
            bytes.clear();
            if let Err(error) = self.reader.payload(record, offset..end, &mut bytes) {
                // What the limit took is no failure.
                self.unreadable += u64::from(!matches!(error, ReadError::Evicted(_)));
                break;
            }
            let start = if self.datagrams { 0 } else { record.stream_offset };
            let part = Part { record: record.number, stream_offset: start };
            let at = start.saturating_add(offset.into());
            match &mut single {
                Some(stream) => {
                    stream.feed(&self.pattern, [part].into_iter(), at, &bytes, &mut self.window, found);
                }
                None => self.feed_at(key, [part].into_iter(), at, &bytes, found),
            }
            offset = end;
        }
        if let Some(stream) = &mut single {
            stream.finish(&self.pattern, found);
        }
        true
    }

    /// Whose stream a data record belongs to, where it is in the scope. A new run may speak another protocol.
    fn wanted(&mut self, record: &Record) -> Option<(PeerId, Direction)> {
        if record.kind == RecordKind::Opened
            && let Ok(SessionNote::Opened { endpoint, .. }) = self.reader.note(record)
            && let Ok(endpoint) = endpoint.parse::<Endpoint>()
        {
            self.datagrams = endpoint.transport == Transport::Udp;
        }
        let direction = record.direction.filter(|_| record.kind == RecordKind::Data && record.len > 0)?;
        let in_scope = self.scope.direction.is_none_or(|wanted| wanted == direction)
            && self.scope.peer.is_none_or(|wanted| {
                let reader = &self.reader;
                let same = || reader.peer_address(record.peer).map(unmap_v4) == Some(unmap_v4(wanted));
                *self.peers_in_scope.entry(record.peer).or_insert_with(same)
            });
        in_scope.then_some((record.peer, direction))
    }

    fn datagram(&self, record: &Record, bytes: &[u8], found: &mut dyn FnMut(Hit)) {
        let mut from = 0;
        while let Some(range) = self.pattern.find_at(bytes, from) {
            from = range.end;
            // A datagram's payload has a u32 length.
            let (start, end) = (range.start as u32, range.end as u32);
            found(Hit {
                record: record.number,
                offset: start,
                len: end - start,
                end_record: record.number,
                end_offset: end,
                peer: record.peer,
                sent: record.direction == Some(Direction::Sent),
                open: false,
            });
        }
    }

    fn feed(
        &mut self,
        key: (PeerId, Direction),
        parts: impl Iterator<Item = Part> + Clone,
        bytes: &[u8],
        found: &mut dyn FnMut(Hit),
    ) {
        if let Some(first) = parts.clone().next() {
            self.feed_at(key, parts, first.stream_offset, bytes, found);
        }
    }

    fn feed_at(
        &mut self,
        key: (PeerId, Direction),
        parts: impl Iterator<Item = Part>,
        at: u64,
        bytes: &[u8],
        found: &mut dyn FnMut(Hit),
    ) {
        let stream = self.streams.entry(key).or_insert_with(|| Stream::new(key.0, key.1, at));
        self.held_bytes = self.held_bytes.saturating_sub(stream.held());
        stream.fetch(&self.reader);
        stream.feed(&self.pattern, parts, at, bytes, &mut self.window, found);
        self.held_bytes += stream.held();
    }

    /// Gives back what the streams hold; it is read again when they go on.
    fn put_aside(&mut self) {
        for stream in self.streams.values_mut() {
            stream.look_at_end(&self.pattern);
            stream.put_aside();
        }
        self.held_bytes = 0;
    }
}

/// At most `most` of the bytes of a hit, wherever its records lie.
///
/// # Errors
/// See [`ReadError`].
pub fn bytes_of(reader: &CaptureReader, hit: &Hit, most: u32) -> Result<Vec<u8>, ReadError> {
    let parts = stream::chain(reader, hit.end_record, |record| record.number <= hit.record)?;
    let mut bytes = Vec::new();
    for record in &parts {
        let within = hit.within(record.number).unwrap_or(0..0);
        let left = most.saturating_sub(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        reader.payload(record, within.start..within.end.min(within.start.saturating_add(left)), &mut bytes)?;
    }
    Ok(bytes)
}

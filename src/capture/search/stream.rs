//! One peer and direction during a search: the last bytes of the stream, and how far matches are settled.

use super::{Hit, Settled};
use crate::capture::{CaptureReader, ReadError, Record};
use crate::codec::Pattern;
use crate::model::{Direction, PeerId};
use std::collections::VecDeque;

/// Matches of unbounded patterns are searched in blocks of the stream of this size, each with as many bytes after it.
const BLOCK: u64 = Pattern::MATCH_MAX as u64;

/// This many bytes of a stream almost always contain a character boundary.
const SYNC_BYTES: usize = 4096;

/// Start of a record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Number of the record.
    pub record: u64,
    /// Stream offset of its first byte.
    pub stream_offset: u64,
}

/// The first bytes that a stream was fed, kept for the stream that knows the bytes before them.
#[derive(Debug)]
pub(super) struct StreamStart {
    /// Stream offset of the first byte.
    pub at: u64,
    pub bytes: Vec<u8>,
    /// The records that contain the bytes.
    pub parts: Vec<Part>,
    most: usize,
}

/// See the module documentation.
#[derive(Debug)]
pub(super) struct Stream {
    peer: PeerId,
    sent: bool,
    /// The stream's bytes from `base` to `end`; empty while set aside.
    held: Vec<u8>,
    base: u64,
    /// Matches before this offset are settled.
    from: u64,
    /// A character starts at this offset (at most a few bytes after `from`), if the pattern requires it.
    border: u64,
    end: u64,
    /// The records of all unsettled bytes.
    parts: VecDeque<Part>,
    /// Number of the newest record.
    last: u64,
    /// `held` and `parts` were released.
    aside: bool,
    open: Vec<Hit>,
    /// `open` is outdated.
    changed: bool,
    /// Set if the stream may have started before the first byte it was fed.
    head: Option<StreamStart>,
}

impl Stream {
    /// A stream that starts at `at`.
    pub(super) fn new(pattern: &Pattern, peer: PeerId, direction: Direction, at: u64) -> Self {
        Self {
            peer,
            sent: direction == Direction::Sent,
            held: Vec::new(),
            base: at,
            from: at,
            border: pattern.first_border(at),
            end: at,
            parts: VecDeque::new(),
            last: 0,
            aside: false,
            open: Vec::new(),
            changed: false,
            head: None,
        }
    }

    /// Returns the stream with a character boundary, which lies at most the length of a character after its start.
    pub(super) fn with_border(self, border: u64) -> Self {
        Self { border, ..self }
    }

    /// A stream fed from `at` on that may have started earlier: the bytes that decide its first matches are kept.
    pub(super) fn blind(pattern: &Pattern, peer: PeerId, direction: Direction, at: u64) -> Self {
        let sync = if pattern.needs_borders() { SYNC_BYTES } else { 0 };
        let head = StreamStart { at, bytes: Vec::new(), parts: Vec::new(), most: edge(pattern, at) + sync };
        Self { head: Some(head), ..Self::new(pattern, peer, direction, at) }
    }

    /// The bytes kept from its start, and whether they are all of its bytes.
    pub(super) fn take_head(&mut self) -> Option<(StreamStart, bool)> {
        let head = self.head.take()?;
        let is_all = head.at.saturating_add(head.bytes.len() as u64) == self.end;
        Some((head, is_all))
    }

    /// Takes over the state of `other`, which was fed the same bytes up to its end but not the bytes before them, and has settled
    /// the same matches.
    pub(super) fn go_on_as(&mut self, other: Self) {
        let from = self.from.max(other.from);
        *self = Self { from, head: None, ..other };
    }

    /// A position where a character starts.
    pub(super) fn border(&self) -> u64 {
        self.border
    }

    /// The first offset where an unsettled match may start.
    pub(super) fn from(&self) -> u64 {
        self.from
    }

    /// Offset after the last byte fed.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Memory used, in bytes.
    pub(super) fn held(&self) -> usize {
        self.held.capacity() + self.parts.capacity() * size_of::<Part>()
    }

    /// The hits found by [`Stream::look_at_end`].
    pub(super) fn open_hits(&self) -> &[Hit] {
        &self.open
    }

    /// Feeds bytes at offset `at`, either the next ones or others after a gap, with the records that contain them. `window` is
    /// scratch space.
    pub(super) fn feed(
        &mut self,
        pattern: &Pattern,
        parts: impl Iterator<Item = Part>,
        at: u64,
        bytes: &[u8],
        window: &mut Vec<u8>,
        found: &mut dyn FnMut(Settled),
    ) {
        if at != self.end {
            self.finish(pattern, found);
            *self = Self::new(pattern, self.peer, self.direction(), at);
        }
        let in_head = self.keep_head(bytes);
        for part in parts {
            if self.parts.back().is_none_or(|last| last.record != part.record) {
                self.parts.push_back(part);
                if let Some(head) = self.head.as_mut().filter(|_| part.stream_offset < in_head) {
                    head.parts.push(part);
                }
            }
            self.last = part.record;
        }
        self.end = self.end.saturating_add(bytes.len() as u64);
        self.changed = true;
        self.settle(pattern, at, bytes, window, found);
        while self.parts.get(1).is_some_and(|second| second.stream_offset <= self.from) {
            self.parts.pop_front();
        }
        self.parts.shrink_to(64);
    }

    /// Returns the offset after the last byte kept.
    fn keep_head(&mut self, bytes: &[u8]) -> u64 {
        let Some(head) = &mut self.head else { return 0 };
        let more = head.most.saturating_sub(head.bytes.len()).min(bytes.len());
        head.bytes.extend_from_slice(&bytes[..more]);
        head.at.saturating_add(head.bytes.len() as u64)
    }

    /// Settles matches after `bytes` have arrived at `at`, and keeps the unsettled rest.
    fn settle(
        &mut self,
        pattern: &Pattern,
        at: u64,
        bytes: &[u8],
        window: &mut Vec<u8>,
        found: &mut dyn FnMut(Settled),
    ) {
        // Only around the boundary do the held bytes and the new ones have to be contiguous.
        let edge = if self.held.is_empty() { 0 } else { edge(pattern, at) };
        let is_long = edge < bytes.len();
        if !is_long {
            self.held.extend_from_slice(bytes);
        }
        let (mut from, mut border) = (self.from, self.border);
        let mut emit = |start, end| {
            if let Some(hit) = self.hit(start, end, false) {
                found(Settled { by: self.last, start, alone: false, hit });
            }
        };
        if is_long && edge > 0 {
            window.clear();
            window.extend_from_slice(&self.held);
            window.extend_from_slice(&bytes[..edge]);
            settle(pattern, window, self.base, (&mut from, &mut border), &mut emit);
        }
        let (seen, base) = if is_long { (bytes, at) } else { (&self.held[..], self.base) };
        settle(pattern, seen, base, (&mut from, &mut border), &mut emit);
        self.from = from.min(self.end);
        self.border = border;
        let floor = if pattern.needs_borders() { border } else { u64::MAX };
        let keep = self.from.saturating_sub(Pattern::CONTEXT as u64).min(floor).max(base);
        let gone = ((keep - base) as usize).min(seen.len());
        if is_long {
            self.held.clear();
            self.held.extend_from_slice(&bytes[gone..]);
            self.base = keep;
        } else if gone >= self.held.len() / 2 {
            // Not for every byte, since the rest has to be moved.
            self.held.drain(..gone);
            self.base = keep;
        }
    }

    /// Finds the open matches at the end, as if no byte followed.
    pub(super) fn look_at_end(&mut self, pattern: &Pattern) {
        if !std::mem::take(&mut self.changed) {
            return;
        }
        self.open.clear();
        let mut from = (self.from - self.base) as usize;
        let mut border = self.border.saturating_sub(self.base) as usize;
        while let Some(range) = pattern.find_from(&self.held, from, border) {
            (from, border) = (range.end, range.end);
            let hit = self.hit(self.base + range.start as u64, self.base + range.end as u64, true);
            self.open.extend(hit);
        }
    }

    /// Settles the open matches because no byte follows.
    pub(super) fn finish(&mut self, pattern: &Pattern, found: &mut dyn FnMut(Settled)) {
        self.look_at_end(pattern);
        let (by, start) = (self.last, self.end);
        self.open.drain(..).for_each(|hit| found(Settled { by, start, alone: false, hit: Hit { open: false, ..hit } }));
    }

    /// Releases its memory. Call it only after [`Stream::look_at_end`].
    pub(super) fn put_aside(&mut self) {
        if self.end > self.base {
            self.held = Vec::new();
            self.parts = VecDeque::new();
            self.aside = true;
        }
    }

    /// Reads the released bytes again. Bytes that can no longer be read (evicted) are a gap.
    pub(super) fn fetch(&mut self, pattern: &Pattern, reader: &CaptureReader) {
        if !std::mem::take(&mut self.aside) {
            return;
        }
        let (base, end) = (self.base, self.end);
        let read = chain(reader, self.last, |record| record.stream_offset <= base).and_then(|records| {
            let mut bytes = Vec::new();
            for record in &records {
                let start = u32::try_from(base.saturating_sub(record.stream_offset)).unwrap_or(u32::MAX);
                reader.payload(record, start..record.len, &mut bytes)?;
            }
            Ok((records, bytes))
        });
        match read {
            Ok((records, bytes)) if bytes.len() as u64 == end - base => {
                let part = |record: &Record| Part { record: record.number, stream_offset: record.stream_offset };
                self.parts = records.iter().map(part).collect();
                self.held = bytes;
            }
            _ => {
                (self.base, self.from, self.border) = (end, end, pattern.first_border(end));
            }
        }
    }

    fn direction(&self) -> Direction {
        if self.sent { Direction::Sent } else { Direction::Received }
    }

    /// Builds a hit from stream offsets.
    fn hit(&self, start: u64, end: u64, open: bool) -> Option<Hit> {
        let part_of = |at: u64| {
            let behind = self.parts.partition_point(|part| part.stream_offset <= at);
            behind.checked_sub(1).and_then(|index| self.parts.get(index))
        };
        let (first, last) = (part_of(start)?, part_of(end.checked_sub(1)?)?);
        Some(Hit {
            record: first.record,
            // A record's length is a `u32`.
            offset: (start - first.stream_offset) as u32,
            len: (end - start) as u32,
            end_record: last.record,
            end_offset: (end - last.stream_offset) as u32,
            peer: self.peer,
            sent: self.sent,
            open,
        })
    }
}

/// Count of bytes from offset `at` on that settle every match that starts before `at`, or so soon after it that the bytes before
/// `at` are part of its context.
fn edge(pattern: &Pattern, at: u64) -> usize {
    if pattern.is_bounded() {
        // A character of text may start three bytes before the context.
        return Pattern::CONTEXT + pattern.reach() + if pattern.needs_borders() { 4 } else { 0 };
    }
    let last = at.saturating_add(Pattern::CONTEXT as u64 - 1);
    let block_end = (last / BLOCK + 1).saturating_mul(BLOCK);
    block_end.saturating_sub(at) as usize + pattern.reach()
}

/// Reports the matches in `window` (at stream offset `base`) from `from` on that no further byte can change. `from` becomes the
/// first offset where other matches may start.
fn settle(
    pattern: &Pattern,
    window: &[u8],
    base: u64,
    (from, border): (&mut u64, &mut u64),
    found: &mut dyn FnMut(u64, u64),
) {
    let end = base + window.len() as u64;
    let reach = pattern.reach() as u64;
    if pattern.is_bounded() {
        let mut known = border.saturating_sub(base) as usize;
        while let Some(range) = pattern.find_from(window, (*from - base) as usize, known) {
            let start = base + range.start as u64;
            if start + reach > end {
                break;
            }
            *from = base + range.end as u64;
            known = range.end;
            found(start, *from);
        }
        *from = (*from).max((end + 1).saturating_sub(reach));
        // Never after an offset where a match may start, so that none is missed.
        let behind = from.saturating_sub(Pattern::CONTEXT as u64);
        if pattern.needs_borders() && behind > *border {
            let earlier = border.saturating_sub(base) as usize;
            let known = if base + known as u64 <= behind { known } else { earlier };
            *border = base + pattern.border_before(window, (behind - base) as usize, known) as u64;
        }
        return;
    }
    // The blocks must not depend on how the stream was cut into records: they are at fixed offsets.
    loop {
        let block_end = (*from / BLOCK + 1) * BLOCK;
        let Some(seen) = window.get(..(block_end + reach - base) as usize) else { return };
        while let Some(range) = pattern.find_at(seen, (*from - base) as usize) {
            let start = base + range.start as u64;
            if start >= block_end {
                break;
            }
            *from = base + range.end as u64;
            found(start, *from);
        }
        *from = (*from).max(block_end);
    }
}

/// The records of a stream that end with record `last`, back to the first one for which `enough` returns true, oldest first.
pub(super) fn chain(
    reader: &CaptureReader,
    last: u64,
    enough: impl Fn(&Record) -> bool,
) -> Result<Vec<Record>, ReadError> {
    let mut records = Vec::new();
    let mut next = Some(last);
    while let Some(number) = next {
        let record = reader.record(number)?;
        records.push(record);
        next = record.previous.filter(|_| !enough(&record));
    }
    records.reverse();
    Ok(records)
}

//! A part of one stream of a capture, and the frames that a rule cuts it into. Jobs compute both.

use crate::capture::items::ItemCounts;
use crate::capture::{CaptureReader, Record, RecordKind};
use crate::codec::framing::Boundary;
use crate::codec::{Frame, FrameKind, Framer, FramingRule, Verdict};
use crate::jobs::JobControl;
use crate::model::{Direction, PeerId};
use std::net::SocketAddr;
use std::ops::Range;

/// Size of a sample in bytes.
pub const SAMPLE_BYTES: usize = 256 << 10;
/// Maximum number of frames with a row. All frames are counted.
pub const ROWS_MAX: usize = 500;
/// Maximum number of bytes kept per frame.
const ROW_BYTES: usize = 64;
/// Maximum number of records read to find the start or end of a sample.
const LOOKED_AT: u64 = 64 << 10;
/// Number of bytes processed between two checks for cancellation.
const STEP_BYTES: usize = 4 << 10;

/// A part of a stream as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    len: usize,
    mono_ns: u64,
}

/// The stream of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub peer: PeerId,
    pub address: Option<SocketAddr>,
    pub direction: Direction,
}

/// Bytes of one stream with their times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sample {
    /// `None` if typed by the user.
    pub origin: Option<Origin>,
    /// Offset of the first byte in its stream.
    pub start: u64,
    bytes: Vec<u8>,
    parts: Vec<Part>,
    /// Each part is a datagram.
    is_udp: bool,
}

impl Sample {
    /// Bytes that arrived at once.
    pub fn typed(bytes: Vec<u8>) -> Self {
        let parts = vec![Part { len: bytes.len(), mono_ns: 0 }];
        Self { bytes, parts, ..Self::default() }
    }

    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Reads the stream of `record`, or of the newest data; `None` if there is none or it cannot be read.
    pub fn read(reader: &CaptureReader, record: Option<u64>, control: &JobControl) -> Option<Self> {
        let chosen = record.and_then(|number| reader.record(number).ok()).filter(|r| r.kind == RecordKind::Data);
        let last = chosen.or_else(|| newest(reader, control))?;
        let mut records = behind(reader, &last, control);
        if chosen.is_some() {
            ahead(reader, &mut records, control);
        }
        let direction = last.direction.unwrap_or(Direction::Received);
        let mut sample = Self {
            origin: Some(Origin { peer: last.peer, address: reader.peer_address(last.peer), direction }),
            is_udp: last.is_datagram(),
            ..Self::default()
        };
        // Only the end of the first record may fit.
        let all: u64 = records.iter().map(|record| u64::from(record.len)).sum();
        let mut skip = all.saturating_sub(SAMPLE_BYTES as u64);
        for record in &records {
            let from = skip.min(u64::from(record.len));
            skip -= from;
            sample.take(reader, record, from as u32);
        }
        Some(sample)
    }

    /// Appends a record from offset `from`. After a record that cannot be read, the sample restarts.
    fn take(&mut self, reader: &CaptureReader, record: &Record, from: u32) {
        let before = self.bytes.len();
        if reader.payload(record, from..record.len, &mut self.bytes).is_err() {
            self.bytes.clear();
            self.parts.clear();
            return;
        }
        if self.parts.is_empty() {
            self.start = record.stream_offset + u64::from(from);
        }
        self.parts.push(Part { len: self.bytes.len() - before, mono_ns: record.mono_ns });
    }

    /// Cuts the sample into frames; `None` if cancelled.
    pub fn cut(&self, rule: &FramingRule, control: &JobControl) -> Option<Cut> {
        let mut cut = Cut::default();
        let mut framer = Framer::new(rule, self.start);
        let mut emit = |frame: &Frame, bytes: &[u8]| cut.add(frame, bytes);
        let mut rest = self.bytes.as_slice();
        for part in &self.parts {
            let (bytes, behind) = rest.split_at(part.len.min(rest.len()));
            rest = behind;
            // If records are frames, a record is fed as a whole.
            let step = if rule.boundary == Boundary::Record { bytes.len().max(1) } else { STEP_BYTES };
            for bytes in bytes.chunks(step) {
                if control.cancelled() {
                    return None;
                }
                framer.feed(bytes, part.mono_ns, &mut emit);
            }
            if self.is_udp {
                framer.finish_datagram(&mut emit);
            }
        }
        framer.finish(&mut emit);
        Some(cut)
    }
}

/// The newest received data, or the newest sent data if nothing was received.
fn newest(reader: &CaptureReader, control: &JobControl) -> Option<Record> {
    const BATCH: u64 = 1024;
    let range = reader.records();
    let least = range.start.max(range.end.saturating_sub(LOOKED_AT));
    let (mut end, mut sent, mut batch) = (range.end, None, Vec::new());
    while end > least && !control.cancelled() {
        let start = least.max(end.saturating_sub(BATCH));
        batch.clear();
        let mut at = start;
        // A batch may end early, at the end of a segment.
        while at < end && reader.records_in(at..end, &mut batch).is_ok() {
            let next = batch.last().map_or(end, |record: &Record| record.number + 1);
            at = if next > at { next } else { end };
        }
        let data = || batch.iter().rev().filter(|record| record.kind == RecordKind::Data);
        if let Some(record) = data().find(|record| record.direction == Some(Direction::Received)) {
            return Some(*record);
        }
        sent = sent.or_else(|| data().next().copied());
        end = start;
    }
    sent
}

/// `last` and the preceding records of its stream that fit into a sample, in order.
fn behind(reader: &CaptureReader, last: &Record, control: &JobControl) -> Vec<Record> {
    let mut records = vec![*last];
    let mut len = u64::from(last.len);
    let mut before = last.previous;
    while let Some(record) = before.and_then(|number| reader.record(number).ok())
        && len < SAMPLE_BYTES as u64
        && (records.len() as u64) < LOOKED_AT
        && !control.cancelled()
    {
        len += u64::from(record.len);
        before = record.previous;
        records.push(record);
    }
    records.reverse();
    records
}

/// Appends the following records of the same stream as long as they fit.
fn ahead(reader: &CaptureReader, records: &mut Vec<Record>, control: &JobControl) {
    let Some(last) = records.last().copied() else { return };
    let mut len: u64 = records.iter().map(|record| u64::from(record.len)).sum();
    let (mut at, end) = (last.number + 1, reader.records().end.min(last.number.saturating_add(LOOKED_AT)));
    let mut batch = Vec::new();
    while at < end && !control.cancelled() {
        batch.clear();
        if reader.records_in(at..end.min(at + 1024), &mut batch).is_err() {
            return;
        }
        let Some(read) = batch.last() else { return };
        at = read.number + 1;
        for record in batch.iter().filter(|r| (r.peer, r.direction) == (last.peer, last.direction)) {
            len += u64::from(record.len);
            if len > SAMPLE_BYTES as u64 {
                return;
            }
            records.push(*record);
        }
    }
}

/// A sample cut into frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    pub counts: ItemCounts,
    /// The first frames.
    pub rows: Vec<CutRow>,
    /// Number of frames that are not in `rows`.
    pub more: u64,
}

/// A frame, or the bytes between frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutRow {
    pub start: u64,
    pub len: u64,
    pub kind: FrameKind,
    pub verdict: Option<Verdict>,
    /// Its first bytes.
    pub bytes: Vec<u8>,
    /// Range of its payload in `bytes`, clipped.
    pub payload: Range<usize>,
}

impl Cut {
    fn add(&mut self, frame: &Frame, bytes: &[u8]) {
        match frame.kind {
            FrameKind::Frame => self.counts.frames += 1,
            FrameKind::Junk => self.counts.junk_bytes += frame.len(),
            FrameKind::Incomplete => self.counts.incomplete += 1,
            FrameKind::Separator => {}
        }
        self.counts.bad += u64::from(frame.verdict.is_some_and(|verdict| !verdict.is_ok()));
        if self.rows.len() >= ROWS_MAX {
            self.more += 1;
            return;
        }
        let shown = bytes.get(..ROW_BYTES).unwrap_or(bytes);
        let payload = frame.payload_within();
        self.rows.push(CutRow {
            start: frame.start,
            len: frame.len(),
            kind: frame.kind,
            verdict: frame.verdict,
            bytes: shown.to_vec(),
            payload: payload.start.min(shown.len())..payload.end.min(shown.len()),
        });
    }
}

#[cfg(test)]
mod tests;

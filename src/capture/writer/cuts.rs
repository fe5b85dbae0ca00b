//! Determines the incomplete characters of each stream at the end of a segment.

use super::super::cuts::{Cut, CutRow, ROWS_MAX};
use super::super::format::CUT_LEN;
use super::super::{CaptureReader, Record};
use super::CaptureWriter;
use super::append::Stream;
use crate::codec::{Encoding, FAMILIES};
use crate::model::{Direction, PeerId};
use std::sync::Arc;

/// Bytes of the first look back for a character boundary; most streams contain one within them.
const FIRST_LOOK: usize = 16;
/// A stream is examined again after growing by this much, so that no look back reads far.
pub(super) const LOOK_EVERY: u64 = 4 << 20;
/// Maximum fraction of a segment's size limit that the rows may take.
const LIMIT_PART: u64 = 8;

impl CaptureWriter {
    /// Updates the incomplete characters of streams that have grown much. Their pending data must be written.
    pub(super) fn note_cuts(&mut self) {
        let due = std::mem::take(&mut self.streams.due);
        let reader = CaptureReader::of(Arc::clone(&self.store));
        let first = self.current.first();
        for (peer, direction) in due {
            let streams = self.streams.of_peer.get_mut(&peer.0);
            let Some(stream) = streams.map(|streams| &mut streams[usize::from(direction == Direction::Sent)]) else {
                continue;
            };
            stream.is_due = false;
            if !stream.is_message && stream.cut_at != stream.offset {
                stream.cut = cut_of(&reader, first, stream);
                stream.cut_at = stream.offset;
            }
        }
    }

    /// Returns the rows for the next segment, and whether some are missing. Pending data must be written.
    pub(super) fn cut_rows(&mut self) -> (Vec<CutRow>, bool) {
        let reader = CaptureReader::of(Arc::clone(&self.store));
        let first = self.current.first();
        let most = usize::try_from(self.segment_limit / LIMIT_PART).unwrap_or(usize::MAX) / CUT_LEN;
        let (mut rows, mut missing) = (Vec::new(), false);
        for (peer, streams) in &mut self.streams.of_peer {
            for (stream, direction) in streams.iter_mut().zip([Direction::Received, Direction::Sent]) {
                if stream.is_message {
                    continue;
                }
                if stream.cut_at != stream.offset {
                    stream.cut = cut_of(&reader, first, stream);
                    stream.cut_at = stream.offset;
                }
                if stream.cut.is_clean() {
                    continue;
                }
                if rows.len() < most.min(ROWS_MAX) {
                    let (peer, cut) = (PeerId(*peer), stream.cut);
                    rows.push(CutRow { peer, direction, stream_offset: stream.offset, cut });
                } else {
                    missing = true;
                }
            }
        }
        rows.sort_unstable_by_key(CutRow::key);
        (rows, missing)
    }
}

/// Determines the incomplete characters at the end of a stream that has grown.
fn cut_of(reader: &CaptureReader, first: u64, stream: &Stream) -> Cut {
    let mut open: [Option<usize>; FAMILIES] = [None; FAMILIES];
    let mut wanted = FIRST_LOOK;
    loop {
        let Some(before) = bytes_before(reader, first, stream, wanted) else { return Cut::UNKNOWN };
        let whole = before.len() as u64 == stream.offset - stream.cut_at;
        for (family, open) in open.iter_mut().enumerate().filter(|(_, open)| open.is_none()) {
            let Some(encoding) = Encoding::of_family(family) else { continue };
            *open = match encoding.resync(&before, stream.offset) {
                Some(back) => Some(encoding.open_after(&before[before.len() - back..])),
                None if whole => stream.cut.open(family).map(|earlier| {
                    let joined = [earlier, &before].concat();
                    encoding.open_after(&joined)
                }),
                None => None,
            };
        }
        if whole || open.iter().all(Option::is_some) {
            let missing = before.len() < 8 && stream.cut_at > 0;
            let tail = if missing { [stream.cut.tail(), &before].concat() } else { before };
            return Cut::new(&tail, open);
        }
        wanted *= 16;
    }
}

/// Reads the last bytes of a stream: at most `wanted`, and no more than it has grown by. `None` if they cannot be read.
fn bytes_before(reader: &CaptureReader, first: u64, stream: &Stream, wanted: usize) -> Option<Vec<u8>> {
    let grown = stream.offset - stream.cut_at;
    let mut left = usize::try_from(grown).unwrap_or(usize::MAX).min(wanted);
    let mut parts = Vec::new();
    let mut next = stream.last;
    while left > 0 {
        let record: Record = reader.record(next.filter(|number| *number >= first)?).ok()?;
        let from = record.len.saturating_sub(u32::try_from(left).unwrap_or(u32::MAX));
        let mut part = Vec::new();
        reader.payload(&record, from..record.len, &mut part).ok()?;
        left -= part.len();
        parts.push(part);
        next = record.previous;
    }
    parts.reverse();
    Some(parts.concat())
}

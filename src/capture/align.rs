//! Where characters begin in a stream of which only a part is looked at.

use super::{CaptureReader, Record};
use crate::codec::{Encoding, StreamDecoder};

/// Bytes before a stream's first record that are enough to find where its characters begin.
const RESYNC_BYTES: usize = 4096;

/// A decoder for a stream from this record on: where it begins in the middle, the bytes before tell where a character begins.
pub(super) fn aligned(reader: &CaptureReader, record: &Record, encoding: Encoding) -> StreamDecoder {
    let mut decoder = StreamDecoder::new(encoding);
    if let Some(open) = reader.open_before(record, encoding) {
        decoder.feed(&open, &mut |_| {});
        return decoder;
    }
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut len = 0;
    let mut previous = record.previous;
    while let Some(number) = previous.filter(|_| len < RESYNC_BYTES) {
        let Ok(before) = reader.record(number) else { break };
        let wanted = u32::try_from(RESYNC_BYTES - len).unwrap_or(0);
        let mut part = Vec::new();
        if reader.payload(&before, before.len.saturating_sub(wanted)..before.len, &mut part).is_err() {
            break;
        }
        let is_whole = part.len() == before.len as usize;
        len += part.len();
        parts.push(part);
        if let Some(open) = is_whole.then(|| reader.open_before(&before, encoding)).flatten() {
            // The capture knows what is open there.
            parts.push(open);
            let known: Vec<u8> = parts.into_iter().rev().flatten().collect();
            decoder.feed(&known, &mut |_| {});
            return decoder;
        }
        previous = before.previous;
    }
    let before: Vec<u8> = parts.into_iter().rev().flatten().collect();
    let feed = encoding.resync(&before, record.stream_offset).unwrap_or(before.len()).min(before.len());
    decoder.feed(&before[before.len() - feed..], &mut |_| {});
    decoder
}

//! A hit with the bytes around it, read from the capture.

use crate::capture::search::Hit;
use crate::capture::{CaptureReader, Record};
use crate::codec::{Encoding, Piece, hex, inspect};

/// Number of bytes shown before a hit.
const BEFORE: u32 = 16;
/// Number of bytes shown from the start of a hit.
const FROM_IT: usize = 64;
/// Maximum number of records read for one hit. Of a hit that spans more, only the start is shown.
const RECORDS: usize = 16;

/// The contents of a row apart from its position.
#[derive(Debug, PartialEq, Eq)]
pub struct Context {
    /// Time of its first record, ns since 1970 UTC.
    pub unix_ns: i64,
    /// The bytes in hex.
    pub hex: Parts,
    /// The text in the encoding of the session.
    pub text: Parts,
}

/// The parts before, in (as far as shown) and after the hit.
#[derive(Debug, PartialEq, Eq)]
pub struct Parts {
    pub before: String,
    pub found: String,
    pub behind: String,
}

impl Context {
    pub fn read(reader: &CaptureReader, hit: &Hit, encoding: Encoding) -> Option<Self> {
        let first = reader.record(hit.record).ok()?;
        let mut before = Vec::new();
        reader.payload(&first, hit.offset.saturating_sub(BEFORE)..hit.offset, &mut before).ok()?;
        let (found, behind, is_cut) = from_it(reader, hit, &first)?;
        let more = if is_cut { "…" } else { "" };
        let hex = Parts {
            before: hex::spaced_upper(&before),
            found: hex::spaced_upper(&found) + more,
            behind: hex::spaced_upper(&behind),
        };
        let text = Parts {
            before: inspect::text(whole_characters(&before, encoding), encoding),
            found: inspect::text(&found, encoding) + more,
            behind: inspect::text(&behind, encoding),
        };
        Some(Self { unix_ns: first.unix_ns, hex, text })
    }
}

/// Returns the bytes of the hit, the bytes after it in its last record, and whether the hit was truncated.
fn from_it(reader: &CaptureReader, hit: &Hit, first: &Record) -> Option<(Vec<u8>, Vec<u8>, bool)> {
    let len = usize::try_from(hit.len).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let mut last = *first;
    let mut place = hit.offset;
    for record in &records_of(reader, hit, first) {
        let end = if record.number == hit.end_record { hit.end_offset } else { record.len };
        let start = if record.number == hit.record { hit.offset } else { 0 };
        let room = u32::try_from(FROM_IT - found.len().min(FROM_IT)).unwrap_or(0);
        reader.payload(record, start..end.min(start.saturating_add(room)), &mut found).ok()?;
        (last, place) = (*record, end);
    }
    let is_cut = found.len() < len;
    let mut behind = Vec::new();
    if !is_cut {
        let room = u32::try_from(FROM_IT - found.len().min(FROM_IT)).unwrap_or(0);
        reader.payload(&last, place..place.saturating_add(room), &mut behind).ok()?;
    }
    Some((found, behind, is_cut))
}

/// Returns the records of a hit, in order; only the first if there are too many to read.
fn records_of(reader: &CaptureReader, hit: &Hit, first: &Record) -> Vec<Record> {
    let mut records = Vec::new();
    let mut number = hit.end_record;
    while number > hit.record && records.len() < RECORDS {
        let Ok(record) = reader.record(number) else { break };
        records.push(record);
        number = record.previous.unwrap_or(hit.record);
    }
    if number != hit.record {
        records.clear();
    }
    records.push(*first);
    records.reverse();
    records
}

/// Drops a partial character at the start: uses the start with the fewest invalid bytes. (The hit itself starts on a
/// character.)
fn whole_characters(bytes: &[u8], encoding: Encoding) -> &[u8] {
    let invalid = |bytes: &[u8]| {
        let mut count = 0;
        encoding.decode_pieces(bytes, &mut |piece| count += usize::from(matches!(piece, Piece::Invalid(_))));
        count
    };
    let starts = (0..encoding.max_char_len().min(bytes.len())).filter_map(|start| bytes.get(start..));
    starts.min_by_key(|bytes| invalid(bytes)).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_character_before_the_hit_is_dropped() {
        for (encoding, bytes, whole) in [
            (Encoding::UTF_8, "你好".as_bytes()[1..].to_vec(), "好".as_bytes().to_vec()),
            (Encoding::UTF_8, b"abc".to_vec(), b"abc".to_vec()),
            (Encoding::GBK, b"\xE3\xBA\xC3 x".to_vec(), b"\xBA\xC3 x".to_vec()),
            (Encoding::UTF_16LE, b"\0a\0b\0".to_vec(), b"a\0b\0".to_vec()),
            (Encoding::GBK, Vec::new(), Vec::new()),
        ] {
            assert_eq!(whole_characters(&bytes, encoding), whole, "{encoding:?} {bytes:?}");
        }
    }
}

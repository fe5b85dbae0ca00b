//! Finds where characters start in a stream of which only a part is read, by looking back as far as necessary.
//!
//! In GBK, Big5, Shift_JIS and EUC only some bytes determine where characters start. If no such byte occurs for a long stretch, the
//! start of the stream decides, or the segment's table of the characters that its start cuts.

use super::{CaptureReader, Record};
use crate::codec::{Encoding, StreamDecoder};

/// Bytes examined first. Most streams contain a character boundary within them.
const FIRST_WINDOW: u32 = 4096;
/// Bytes examined at once further back, and decoded at once on the way forward.
const WINDOW: u32 = 64 << 10;

/// Callback for the forward pass: record, offset in it (`u32::MAX` for its end), and the decoder state there.
pub type OnState<'a> = &'a mut dyn FnMut(u64, u32, &StreamDecoder);

impl CaptureReader {
    /// See [`CaptureReader::decoder_before`].
    pub const STATE_BYTES: u32 = 256 << 10;
    /// See [`CaptureReader::decoder_before`].
    pub const STATE_RECORDS: usize = 64;

    /// Returns a decoder in the state before byte `offset` of `record`. Looks back as far as necessary, which may be the entire
    /// segment: only for jobs and the command line. Reports the state to `on_state` at least every [`CaptureReader::STATE_BYTES`]
    /// bytes and [`CaptureReader::STATE_RECORDS`] records. Returns `None` if `go_on` returned false. After unreadable data a
    /// character is assumed to start.
    #[must_use]
    pub fn decoder_before(
        &self,
        record: &Record,
        offset: u32,
        encoding: Encoding,
        on_state: OnState<'_>,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Option<StreamDecoder> {
        if encoding.family().is_none() {
            return Some(StreamDecoder::new(encoding));
        }
        let mut back = Back::new(self, encoding, record, offset);
        let base = back.base(go_on)?;
        forward(self, (record, offset), &back.path, base, on_state, go_on)
    }

    /// Returns a decoder for the stream of `record` from its first byte on, which holds the bytes of an incomplete character there.
    /// See [`CaptureReader::decoder_before`].
    #[must_use]
    pub fn decoder_at(&self, record: &Record, encoding: Encoding) -> StreamDecoder {
        decoder_behind(self, record, encoding, None)
    }
}

/// Like [`CaptureReader::decoder_at`], but stops at an earlier record of the stream for which the decoder is known.
pub(super) fn decoder_behind(
    reader: &CaptureReader,
    record: &Record,
    encoding: Encoding,
    known: Option<(u64, StreamDecoder)>,
) -> StreamDecoder {
    let mut back = Back { known, ..Back::new(reader, encoding, record, 0) };
    let mut go_on = || true;
    let base = back.base(&mut go_on);
    let decoder = base.and_then(|base| forward(reader, (record, 0), &back.path, base, &mut |_, _, _| {}, &mut go_on));
    decoder.unwrap_or_else(|| StreamDecoder::new(encoding))
}

/// A position where decoding can start: index of the record in the backward path, offset in it, and the decoder there.
struct Base {
    depth: usize,
    offset: u32,
    decoder: StreamDecoder,
}

/// A backward walk through a stream.
struct Back<'a> {
    reader: &'a CaptureReader,
    encoding: Encoding,
    /// The records visited, latest first.
    path: Vec<u64>,
    /// The last record visited, and its count of bytes not examined yet.
    at: Record,
    left: u32,
    /// The number of a record and the decoder before it.
    known: Option<(u64, StreamDecoder)>,
}

/// Bytes of one record of the path, from `offset` on.
struct Part {
    depth: usize,
    offset: u32,
    bytes: Vec<u8>,
}

impl<'a> Back<'a> {
    fn new(reader: &'a CaptureReader, encoding: Encoding, record: &Record, offset: u32) -> Self {
        let left = offset.min(record.len);
        Self { reader, encoding, path: vec![record.number], at: *record, left, known: None }
    }

    /// Walks back to the nearest position where decoding can start.
    fn base(&mut self, go_on: &mut dyn FnMut() -> bool) -> Option<Base> {
        let mut wanted = FIRST_WINDOW;
        while go_on() {
            let (parts, end) = self.window(wanted);
            wanted = WINDOW;
            let bytes: Vec<u8> = parts.iter().rev().flat_map(|part| &part.bytes).copied().collect();
            let start = if self.at.is_message() { 0 } else { self.at.stream_offset } + u64::from(self.left);
            if let Some(back) = self.encoding.resync(&bytes, start + bytes.len() as u64) {
                return Some(self.place(&parts, back));
            }
            if let Some(decoder) = end {
                return Some(Base { depth: self.path.len() - 1, offset: self.left, decoder });
            }
        }
        None
    }

    /// Reads the preceding bytes, latest part first. Also returns the decoder before them if there are no earlier bytes.
    fn window(&mut self, wanted: u32) -> (Vec<Part>, Option<StreamDecoder>) {
        let mut parts = Vec::new();
        let mut missing = wanted;
        let mut decoder = StreamDecoder::new(self.encoding);
        while missing > 0 {
            if self.left == 0 {
                if let Some((_, known)) = self.known.as_ref().filter(|(number, _)| *number == self.at.number) {
                    return (parts, Some(known.clone()));
                }
                if let Some(open) = self.reader.open_before(&self.at, self.encoding) {
                    decoder.skip(&open);
                    return (parts, Some(decoder));
                }
                let Some(previous) = self.at.previous.and_then(|number| self.reader.record(number).ok()) else {
                    return (parts, Some(decoder));
                };
                self.path.push(previous.number);
                (self.at, self.left) = (previous, previous.len);
                // Empty records count as a byte, so that any number of them stays bounded.
                missing -= 1;
                continue;
            }
            let from = self.left - self.left.min(missing);
            let mut bytes = Vec::new();
            if self.reader.payload(&self.at, from..self.left, &mut bytes).is_err() {
                return (parts, Some(decoder));
            }
            missing -= self.left - from;
            self.left = from;
            parts.push(Part { depth: self.path.len() - 1, offset: from, bytes });
        }
        (parts, None)
    }

    /// The position `back` bytes before the end of these parts.
    fn place(&self, parts: &[Part], mut back: usize) -> Base {
        let decoder = StreamDecoder::new(self.encoding);
        for Part { depth, offset, bytes } in parts {
            if back <= bytes.len() {
                let offset = offset + u32::try_from(bytes.len() - back).unwrap_or(0);
                return Base { depth: *depth, offset, decoder };
            }
            back -= bytes.len();
        }
        Base { depth: self.path.len() - 1, offset: self.left, decoder }
    }
}

/// Decodes from `base` along the path to byte `to` of its first record.
fn forward(
    reader: &CaptureReader,
    (last, to): (&Record, u32),
    path: &[u64],
    base: Base,
    on_state: OnState<'_>,
    go_on: &mut dyn FnMut() -> bool,
) -> Option<StreamDecoder> {
    let Base { depth, offset, mut decoder } = base;
    let (mut records, mut bytes) = (0, Vec::new());
    let mut begin = offset;
    for (depth, number) in path.iter().enumerate().take(depth + 1).rev() {
        let record = if depth == 0 { Some(*last) } else { reader.record(*number).ok() };
        let Some(record) = record else { continue };
        let end = if depth == 0 { to.min(record.len) } else { record.len };
        let mut at = std::mem::take(&mut begin);
        while at < end {
            if !go_on() {
                return None;
            }
            // Windows start at multiples of their length, so the reported offsets within a record do too.
            let next = (at - at % WINDOW).saturating_add(WINDOW).min(end);
            bytes.clear();
            match reader.payload(&record, at..next, &mut bytes) {
                Ok(()) => decoder.skip(&bytes),
                Err(_) => decoder = StreamDecoder::new(decoder.encoding()),
            }
            at = next;
            if at.is_multiple_of(CaptureReader::STATE_BYTES) && at < record.len {
                on_state(*number, at, &decoder);
            }
        }
        records += 1;
        if depth > 0 && (records >= CaptureReader::STATE_RECORDS || record.len > WINDOW) {
            records = 0;
            on_state(*number, u32::MAX, &decoder);
        }
    }
    Some(decoder)
}

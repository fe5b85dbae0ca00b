//! Where characters begin in a stream of which only a part is looked at: as far back as it takes to know.
//!
//! Bytes of GBK, Big5, Shift_JIS or EUC say where characters begin only behind some of them; where none of these comes for long,
//! the begin of the stream tells, or what the segment holds of the characters that its begin cuts.

use super::{CaptureReader, Record};
use crate::codec::{Encoding, StreamDecoder};

/// Bytes looked at first; most streams say where their characters begin within them.
const FIRST_WINDOW: u32 = 4096;
/// Bytes looked at together further back, and decoded together on the way forward.
const WINDOW: u32 = 64 << 10;

/// What a look back tells on its way forward: a record, a place in it (`u32::MAX` = its end), and the decoder there.
pub type OnState<'a> = &'a mut dyn FnMut(u64, u32, &StreamDecoder);

impl CaptureReader {
    /// See [`CaptureReader::decoder_before`].
    pub const STATE_BYTES: u32 = 256 << 10;
    /// See [`CaptureReader::decoder_before`].
    pub const STATE_RECORDS: usize = 64;

    /// A decoder as it stands before byte `offset` of `record`. Looks back as far as it takes, which may be the whole segment: only for
    /// jobs and the command line. What it passes at least every [`CaptureReader::STATE_BYTES`] and [`CaptureReader::STATE_RECORDS`] is
    /// told to `on_state`. `None`: `go_on` said no. Behind what cannot be read characters are taken to begin.
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

    /// A decoder for the stream of `record` from its first byte on: it holds what is open of a character there. See
    /// [`CaptureReader::decoder_before`].
    #[must_use]
    pub fn decoder_at(&self, record: &Record, encoding: Encoding) -> StreamDecoder {
        decoder_behind(self, record, encoding, None)
    }
}

/// The same where the decoder before an earlier record of the stream is known: no need to look further back.
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

/// Where decoding can begin: a place in a record, by its place on the path back, and the decoder there.
struct Base {
    depth: usize,
    offset: u32,
    decoder: StreamDecoder,
}

/// A walk back through a stream.
struct Back<'a> {
    reader: &'a CaptureReader,
    encoding: Encoding,
    /// The records of the walk, latest first.
    path: Vec<u64>,
    /// The last one of them, and its bytes before those that were looked at.
    at: Record,
    left: u32,
    /// The decoder before a record.
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

    /// Walks back to the next place where decoding can begin.
    fn base(&mut self, go_on: &mut dyn FnMut() -> bool) -> Option<Base> {
        let mut wanted = FIRST_WINDOW;
        while go_on() {
            let (parts, end) = self.window(wanted);
            wanted = WINDOW;
            let bytes: Vec<u8> = parts.iter().rev().flat_map(|part| &part.bytes).copied().collect();
            let start = if self.at.stands_alone() { 0 } else { self.at.stream_offset } + u64::from(self.left);
            if let Some(back) = self.encoding.resync(&bytes, start + bytes.len() as u64) {
                return Some(self.place(&parts, back));
            }
            if let Some(decoder) = end {
                return Some(Base { depth: self.path.len() - 1, offset: self.left, decoder });
            }
        }
        None
    }

    /// The next bytes before, latest part first; and the decoder before them where there is no more to look at.
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
                // Empty records hold no bytes, however many there are.
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

    /// The place so many bytes before the end of these parts.
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

/// From `base` along the path to byte `to` of its first record.
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
            // Windows begin at multiples of their length, and so do the places reported within a record.
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

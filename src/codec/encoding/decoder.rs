//! Decodes a stream that arrives in pieces of any size.
//!
//! None of these encodings has state beyond the bytes of an incomplete sequence. An `encoding_rs` decoder cannot be kept (it is not
//! `Clone`, and does not report which bytes a character came from), so runs of bytes go through a new one, and lengths are derived
//! from lead bytes. Incomplete bytes are kept and decoded again together with the following ones.

use super::Encoding;
use super::table::Kind;
use encoding_rs::DecoderResult;

/// A decoded unit with the count of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A character and the count of its bytes in the stream (1–4). Some encodings map one sequence to two characters; the second has
    /// length 0.
    Char(char, u8),
    /// A byte that belongs to no character in this encoding.
    Invalid(u8),
}

/// Bytes per call of `encoding_rs`: small, so that input with many errors remains cheap.
const RUN_LEN: usize = 256;
/// No encoding here produces more than 3 bytes of UTF-8 from one byte.
const RUN_TEXT_LEN: usize = RUN_LEN * 4;
/// An incomplete sequence (≤ 3 bytes) and the byte that decides it.
const PENDING_CAPACITY: usize = 4;

/// Decodes a stream piece by piece. A character split between two calls is returned when its last byte arrives.
#[derive(Clone, Debug)]
pub struct StreamDecoder {
    encoding: Encoding,
    pending: [u8; PENDING_CAPACITY],
    pending_len: u8,
}

impl StreamDecoder {
    /// Starts at the beginning of a stream. A BOM is an ordinary character.
    #[must_use]
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, pending: [0; PENDING_CAPACITY], pending_len: 0 }
    }

    /// Decodes `bytes` and calls `piece` for each unit in order. The lengths of all pieces so far add up to all bytes fed so far
    /// minus [`StreamDecoder::pending`]. A piece that completes a character of an earlier call has a length that includes the
    /// earlier bytes. Malformed sequences are returned as one [`Piece::Invalid`] per byte; bytes after them that the WHATWG decoder
    /// prepends to the stream are decoded again.
    pub fn feed(&mut self, bytes: &[u8], piece: &mut dyn FnMut(Piece)) {
        let kind = self.encoding.kind();
        let mut rest = bytes;
        while self.pending_len > 0 {
            let Some((&byte, after)) = rest.split_first() else { return };
            rest = after;
            self.push_pending(kind, byte, piece);
        }
        while !rest.is_empty() {
            if kind.is_ascii_compatible() {
                let ascii_len = encoding_rs::Encoding::ascii_valid_up_to(rest);
                let (ascii, after) = rest.split_at(ascii_len);
                for &byte in ascii {
                    piece(Piece::Char(char::from(byte), 1));
                }
                rest = after;
            }
            let run = &rest[..rest.len().min(RUN_LEN)];
            let used = decode_run(kind, run, piece);
            rest = &rest[used..];
            if used == 0 {
                // Only an incomplete sequence of at most 3 bytes is left.
                for &byte in rest {
                    self.push_pending(kind, byte, piece);
                }
                return;
            }
        }
    }

    /// The encoding of the stream.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Like [`StreamDecoder::feed`], but discards the pieces; faster.
    pub fn skip(&mut self, bytes: &[u8]) {
        let joined;
        let all = match self.pending() {
            [] => bytes,
            pending => {
                joined = [pending, bytes].concat();
                &joined
            }
        };
        let open = self.encoding.open_after(all).min(PENDING_CAPACITY).min(all.len());
        self.pending[..open].copy_from_slice(&all[all.len() - open..]);
        self.pending_len = open as u8;
    }

    /// Adds a byte to the incomplete sequence and emits the units that it completes.
    fn push_pending(&mut self, kind: Kind, byte: u8, piece: &mut dyn FnMut(Piece)) {
        let mut len = usize::from(self.pending_len);
        self.pending[len] = byte;
        len += 1;
        while len > 0 {
            let used = decode_run(kind, &self.pending[..len], piece);
            if used == 0 {
                break;
            }
            self.pending.copy_within(used..len, 0);
            len -= used;
        }
        self.pending_len = len as u8;
    }

    /// The bytes of an incomplete character (≤ 3).
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        &self.pending[..usize::from(self.pending_len)]
    }

    /// End of the stream: pending bytes are emitted as invalid.
    pub fn finish(&mut self, piece: &mut dyn FnMut(Piece)) {
        for &byte in self.pending() {
            piece(Piece::Invalid(byte));
        }
        self.pending_len = 0;
    }

    /// Appends decoded characters unchanged and invalid bytes as `\xNN` (upper case). For the command line and for saving text.
    pub fn feed_text(&mut self, bytes: &[u8], text: &mut String) {
        text.reserve(bytes.len());
        self.feed(bytes, &mut |piece| push_piece(text, piece));
    }

    /// End of the stream for [`StreamDecoder::feed_text`]: appends pending bytes as `\xNN`.
    pub fn finish_text(&mut self, text: &mut String) {
        self.finish(&mut |piece| push_piece(text, piece));
    }
}

impl Encoding {
    /// Decodes a complete text: characters unchanged, invalid bytes and an incomplete character at the end as `\xNN`.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        self.decode_pieces(bytes, &mut |piece| push_piece(&mut text, piece));
        text
    }

    /// Decodes a complete text and passes each character and each invalid byte to `piece`. The bytes of an incomplete character at
    /// the end are invalid.
    pub fn decode_pieces(self, bytes: &[u8], piece: &mut dyn FnMut(Piece)) {
        let mut decoder = StreamDecoder::new(self);
        decoder.feed(bytes, piece);
        decoder.finish(piece);
    }
}

fn push_piece(text: &mut String, piece: Piece) {
    match piece {
        Piece::Char(c, _) => text.push(c),
        Piece::Invalid(byte) => {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            text.push_str("\\x");
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

/// Decodes from the start of `src` (at the first byte of a character, at most [`RUN_LEN`] bytes) to the end of the first malformed
/// sequence, or up to an incomplete one. Returns the count of bytes used; 0 if `src` is one incomplete sequence or empty.
fn decode_run(kind: Kind, src: &[u8], piece: &mut dyn FnMut(Piece)) -> usize {
    match kind {
        Kind::Latin1 => {
            for &byte in src {
                piece(Piece::Char(char::from(byte), 1));
            }
            src.len()
        }
        Kind::Ascii => {
            for &byte in src {
                piece(if byte.is_ascii() { Piece::Char(char::from(byte), 1) } else { Piece::Invalid(byte) });
            }
            src.len()
        }
        Kind::Utf16Le => decode_utf16_run(src, u16::from_le_bytes, piece),
        Kind::Utf16Be => decode_utf16_run(src, u16::from_be_bytes, piece),
        _ => decode_index_run(kind, src, piece),
    }
}

/// The last position at or before `at` where decoding may start, and whether a character starts at `at`. Decoding may start at
/// `from`.
pub(super) fn border_before(kind: Kind, bytes: &[u8], at: usize, from: usize) -> (usize, bool) {
    let (mut last, mut begins, mut place) = (from, false, from);
    while place <= at {
        last = place;
        // At most three bytes after `at` decide what starts before it.
        let end = bytes.len().min(place.saturating_add(RUN_LEN)).min(at.saturating_add(4));
        let (mut here, mut is_bad) = (place, false);
        let used = decode_run(kind, bytes.get(place..end).unwrap_or_default(), &mut |piece| {
            let (len, is_char) = match piece {
                Piece::Char(_, len) => (usize::from(len), len > 0),
                Piece::Invalid(_) => (1, false),
            };
            // Invalid bytes may form one malformed sequence, within which no character starts.
            if here <= at && len > 0 && !is_bad {
                last = here;
                begins |= is_char && here == at;
            }
            is_bad |= !is_char && len > 0;
            here += len;
        });
        if used == 0 {
            break;
        }
        place += used;
    }
    (last, begins)
}

/// Length of the first unit, up to the next position where decoding may start; `None` if more bytes are needed.
pub(super) fn first_len(kind: Kind, bytes: &[u8]) -> Option<usize> {
    let mut first = None;
    let used = decode_run(kind, bytes.get(..4).unwrap_or(bytes), &mut |piece| {
        first = first.or(match piece {
            Piece::Char(_, len) => Some(usize::from(len)),
            Piece::Invalid(_) => Some(usize::MAX),
        });
    });
    // If the first unit is invalid, it consists of all bytes used.
    (used > 0).then(|| first.map_or(used, |len| len.min(used)))
}

fn decode_index_run(kind: Kind, src: &[u8], piece: &mut dyn FnMut(Piece)) -> usize {
    let Some(encoding) = kind.rs() else { return 0 };
    let mut buffer = [0; RUN_TEXT_LEN];
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (result, _, written) = decoder.decode_to_utf8_without_replacement(src, &mut buffer, false);
    // `encoding_rs` writes only valid UTF-8; otherwise the bytes would be emitted as invalid below.
    let text = std::str::from_utf8(&buffer[..written]).unwrap_or_default();
    let mut used = 0;
    for c in text.chars() {
        // Four Big5 pairs map to a letter plus one of these combining marks, which occur nowhere else in Big5.
        if kind == Kind::Big5 && matches!(c, '\u{304}' | '\u{30C}') {
            piece(Piece::Char(c, 0));
            continue;
        }
        let len = kind.sequence_len(&src[used..]).min(src.len() - used);
        piece(Piece::Char(c, len as u8));
        used += len;
    }
    if let DecoderResult::Malformed(bad_len, _) = result {
        let bad = &src[used..src.len().min(used + usize::from(bad_len))];
        for &byte in bad {
            piece(Piece::Invalid(byte));
        }
        used += bad.len();
    }
    used
}

/// Decodes UTF-16 (RFC 2781 §2.2); a lone surrogate is two invalid bytes.
fn decode_utf16_run(src: &[u8], unit_of: fn([u8; 2]) -> u16, piece: &mut dyn FnMut(Piece)) -> usize {
    let mut used = 0;
    while let [first, second, after @ ..] = &src[used..] {
        let unit = unit_of([*first, *second]);
        if let Some(c) = char::from_u32(u32::from(unit)) {
            piece(Piece::Char(c, 2));
            used += 2;
            continue;
        }
        if unit < 0xDC00 {
            let [third, fourth, ..] = after else { break };
            let low = unit_of([*third, *fourth]);
            if let Some(Ok(c)) = char::decode_utf16([unit, low]).next() {
                piece(Piece::Char(c, 4));
                used += 4;
                continue;
            }
        }
        piece(Piece::Invalid(*first));
        piece(Piece::Invalid(*second));
        used += 2;
    }
    used
}

//! Advice about the encoding: detects that data received from a peer is not text in the selected encoding but is plausible text
//! in another one. Given once per peer.

use crate::capture::{CaptureReader, Record, RecordKind};
use crate::codec::{Encoding, Piece, StreamDecoder};
use crate::model::{Direction, PeerId};
use std::collections::{HashMap, HashSet};

/// Number of records examined per frame.
const RECORDS: u64 = 256;
/// Number of bytes examined per record.
const RECORD_LEN: u32 = 1024;
/// Number of undecided bytes after which a peer is no longer examined.
const SAMPLE_LEN: usize = 4096;
/// Maximum number of peers examined; later peers get no advice.
const PEERS: usize = 1024;
/// Encodings that may be suggested, the most likely first.
const CANDIDATES: [Encoding; 4] = [Encoding::UTF_8, Encoding::GBK, Encoding::BIG5, Encoding::SHIFT_JIS];

/// See the module.
#[derive(Default)]
pub struct Advice {
    /// The encoding in which the samples are invalid, and their capture.
    about: Option<(Encoding, String)>,
    next: u64,
    samples: HashMap<PeerId, Vec<u8>>,
    settled: HashSet<PeerId>,
    /// The current advice.
    pub shown: Option<(PeerId, Encoding)>,
}

impl Advice {
    /// Examines new records. Returns true if more are left.
    pub fn tick(&mut self, reader: &CaptureReader, encoding: Encoding) -> bool {
        let about = self.about.as_ref();
        if about.is_none_or(|(_, capture)| capture != reader.id()) {
            *self = Self::default();
        }
        if about_encoding(self.about.as_ref()) != Some(encoding) {
            // The encoding or the capture changed, so the old advice no longer applies.
            (self.shown, self.samples) = (None, HashMap::new());
            self.about = Some((encoding, reader.id().to_owned()));
        }
        let records = reader.records();
        // Of a burst, only the newest records are examined.
        self.next = self.next.max(records.start).max(records.end.saturating_sub(4 * RECORDS));
        let end = records.end.min(self.next.saturating_add(RECORDS));
        if self.next >= end || self.settled.len() >= PEERS {
            return false;
        }
        let mut batch = Vec::new();
        // Records that cannot be read now are skipped.
        if reader.records_in(self.next..end, &mut batch).is_ok() {
            for record in &batch {
                self.look_at(reader, record, encoding);
            }
        }
        self.next = end;
        end < records.end
    }

    fn look_at(&mut self, reader: &CaptureReader, record: &Record, encoding: Encoding) {
        let is_received = record.kind == RecordKind::Data && record.direction == Some(Direction::Received);
        if !is_received || record.len < 2 || self.settled.contains(&record.peer) {
            return;
        }
        let mut bytes = Vec::new();
        let is_read = reader.payload(record, 0..record.len.min(RECORD_LEN), &mut bytes).is_ok();
        if !is_read || !is_doubtful(&bytes, encoding) {
            return;
        }
        let sample = self.samples.entry(record.peer).or_default();
        sample.extend_from_slice(&bytes);
        let proposed = better(sample, encoding);
        if proposed.is_some() || sample.len() > SAMPLE_LEN {
            self.samples.remove(&record.peer);
            self.settled.insert(record.peer);
        }
        if let Some(proposed) = proposed.filter(|_| self.shown.is_none()) {
            self.shown = Some((record.peer, proposed));
        }
    }
}

fn about_encoding(about: Option<&(Encoding, String)>) -> Option<Encoding> {
    about.map(|(encoding, _)| *encoding)
}

/// The bytes are not text in this encoding, or only of rare characters (as UTF-8 is in GBK).
fn is_doubtful(bytes: &[u8], encoding: Encoding) -> bool {
    !bytes.is_ascii() && reads_as(bytes, encoding).is_none_or(|common| common < 0.5)
}

/// An encoding other than `than` in which `bytes` are clearly text.
fn better(bytes: &[u8], than: Encoding) -> Option<Encoding> {
    let is_same = |one: Encoding| one == than || (one == Encoding::GBK && than == Encoding::GB18030);
    let mut best: Option<(Encoding, f32)> = None;
    for candidate in CANDIDATES.into_iter().filter(|one| !is_same(*one)) {
        let Some(common) = reads_as(bytes, candidate).filter(|common| *common >= 0.9) else { continue };
        if best.is_none_or(|(_, known)| common > known) {
            best = Some((candidate, common));
        }
    }
    // Valid UTF-8 is no coincidence. The other encodings are too similar, so they are suggested only if the selected one fails.
    best.map(|(candidate, _)| candidate).filter(|best| *best == Encoding::UTF_8 || reads_as(bytes, than).is_none())
}

/// The fraction of common characters among those beyond ASCII (0–1); `None` if the bytes are not text in this encoding.
/// ASCII-only text has no such characters; a single one may be coincidence.
fn reads_as(bytes: &[u8], encoding: Encoding) -> Option<f32> {
    let mut decoder = StreamDecoder::new(encoding);
    let (mut is_text, mut count, mut common, mut at, mut in_row, mut most_in_row) = (true, 0_u32, 0_u32, 0, 0, 0);
    decoder.feed(bytes, &mut |piece| match piece {
        Piece::Invalid(_) => is_text = false,
        Piece::Char(character, len) => {
            let own = bytes.get(at..at + usize::from(len)).unwrap_or_default();
            at += usize::from(len);
            is_text &= !character.is_control() || matches!(character, '\t' | '\n' | '\r' | '\u{1B}');
            in_row = if own.len() > 1 { in_row + 1 } else { 0 };
            most_in_row = most_in_row.max(in_row);
            count += u32::from(own.len() > 1);
            common += u32::from(own.len() > 1 && is_common(own, encoding));
        }
    });
    if !is_text {
        return None;
    }
    let is_chance = most_in_row < 2;
    Some(if count == 0 || is_chance { 0.0 } else { common as f32 / count as f32 })
}

/// Common characters of the double-byte encodings are in contiguous ranges, which random bytes rarely hit.
fn is_common(bytes: &[u8], encoding: Encoding) -> bool {
    let (lead, trail) = (bytes.first().copied().unwrap_or(0), bytes.get(1).copied().unwrap_or(0));
    match encoding {
        // The first level of GB 2312 and its punctuation.
        Encoding::GBK => trail >= 0xA1 && matches!(lead, 0xA1 | 0xA3 | 0xB0..=0xD7),
        // The frequently used characters and the punctuation.
        Encoding::BIG5 => matches!(lead, 0xA1..=0xC6),
        // Kana, and the first level of JIS X 0208.
        Encoding::SHIFT_JIS => matches!(lead, 0x81..=0x83 | 0x88..=0x97),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn advised(text: &str, encoding: Encoding, than: Encoding) -> Option<Encoding> {
        let bytes = encoding.encode(text).unwrap();
        is_doubtful(&bytes, than).then(|| better(&bytes, than)).flatten()
    }

    #[test]
    fn text_of_another_encoding_is_recognised() {
        let utf_8 = Encoding::UTF_8;
        assert_eq!(advised("温度 25.4℃，状态正常\r\n", Encoding::GBK, utf_8), Some(Encoding::GBK));
        assert_eq!(advised("你好", Encoding::GBK, utf_8), Some(Encoding::GBK));
        assert_eq!(advised("溫度正常，連線逾時請檢查網路設定", Encoding::BIG5, utf_8), Some(Encoding::BIG5));
        assert_eq!(advised("データを送信しました", Encoding::SHIFT_JIS, utf_8), Some(Encoding::SHIFT_JIS));
        assert_eq!(advised("设备已就绪，温度正常！", utf_8, Encoding::GBK), Some(utf_8));
        assert_eq!(advised("plain", utf_8, Encoding::GBK), None);
    }

    #[test]
    fn binary_data_is_not_taken_for_text() {
        for bytes in [
            &b"PING\xA1\xB2"[..],
            b"4.2\xB0\n",
            b"\x01\x03\x14\xD6\xD0\xB9\xFA",
            b"\xFF\xFE\x80\x81",
            b"AT+GMR\xD6\xD0",
            b"\x9A\xC3\x8F\xE1\xD2\xFF\x90\x91",
        ] {
            assert_eq!(better(bytes, Encoding::UTF_8), None, "{}", bytes.escape_ascii());
        }
    }
}

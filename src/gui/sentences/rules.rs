//! Sentences about framing rules and their result on a sample.

use crate::capture::items::ItemCounts;
use crate::gui::framing::sample::{CutRow, Origin};
use crate::model::display_address;
use crate::words::{self, Lang};

/// The stream of a sample and the part of it.
pub fn sample_origin(origin: &Origin, start: u64, len: usize, lang: Lang) -> String {
    let address = origin.address.map(|address| format!(" {}", display_address(address))).unwrap_or_default();
    let peer = format!("#{}{address}", origin.peer.0);
    lang.texts().sample_of(&peer, origin.direction, start, len as u64)
}

/// `12 frames, 1 with a bad check, 3 bytes unframed, 1 incomplete`. Zero counts are omitted.
pub fn cut_counts(counts: &ItemCounts, is_checked: bool, lang: Lang) -> String {
    let ItemCounts { frames, bad, junk_bytes, incomplete, given_up_bytes } = *counts;
    let texts = lang.texts();
    let mut parts = vec![texts.frames(frames)];
    if is_checked {
        parts.push(texts.bad_checks(bad));
    }
    if junk_bytes > 0 {
        parts.push(texts.in_no_frame(junk_bytes));
    }
    if incomplete > 0 {
        parts.push(texts.cut_off(incomplete));
    }
    if given_up_bytes > 0 {
        parts.push(words::frames_given_up(given_up_bytes, lang));
    }
    parts.join(texts.comma())
}

/// A row of the preview: its kind, position and bytes.
pub fn frame_row(kind: &str, row: &CutRow, content: &str, lang: Lang) -> String {
    lang.texts().frame_row(kind, row.start, row.len, row.verdict.map(|verdict| verdict.is_ok()), content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_counts_are_omitted() {
        let counts = ItemCounts { frames: 12, bad: 1, junk_bytes: 3, incomplete: 1, given_up_bytes: 0 };
        assert_eq!(cut_counts(&counts, true, Lang::ZhCn), "12 帧，校验错误 1，未分帧 3 字节，未完 1");
        assert_eq!(
            cut_counts(&counts, true, Lang::En),
            "12 frames, 1 with a bad check, 3 bytes unframed, 1 incomplete"
        );
        let counts = ItemCounts { frames: 1, ..ItemCounts::default() };
        assert_eq!(cut_counts(&counts, false, Lang::En), "1 frame");
    }
}

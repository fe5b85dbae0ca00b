//! Sentences about frames, filters and their index.

use crate::codec::Encoding;
use crate::model::{NetError, Operation};
pub use crate::words::grouped;
use crate::words::{self, Lang};

/// The number of frames and of those with a wrong checksum, as short as possible: `15 帧 · 6 错`.
pub fn frames_short(frames: u64, bad: Option<u64>, lang: Lang) -> String {
    match bad.filter(|bad| *bad > 0) {
        None => lang.texts().frames(frames),
        Some(bad) => lang.texts().frames_with_bad(frames, bad),
    }
}

/// Progress of the index (0–1).
pub fn indexing(counts: &str, done: f32, lang: Lang) -> String {
    let percent = (done * 100.0).floor();
    match counts {
        "" => lang.texts().indexing(percent),
        counts => lang.texts().indexing_after(counts, percent),
    }
}

/// The index cannot be written.
pub fn index_failed(error: &std::io::Error, lang: Lang) -> String {
    let cause = words::error_cause(&NetError::from_io(Operation::Store, "", error), lang);
    lang.texts().index_failed(&cause)
}

/// The data of a peer (`None`: the only one) is plausible text in another encoding.
pub fn looks_like(peer: Option<u32>, chosen: Encoding, proposed: Encoding, lang: Lang) -> String {
    let (chosen, proposed) = (chosen.label(), proposed.label());
    match peer {
        Some(peer) => lang.texts().looks_like_of_peer(peer, chosen, proposed),
        None => lang.texts().looks_like(chosen, proposed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_error_has_no_english_of_the_system() {
        let full = std::io::Error::from_raw_os_error(28);
        let said = index_failed(&full, Lang::ZhCn);
        assert!(said.starts_with("无法写入显示索引：") && !said.contains("space"), "{said}");
    }

    #[test]
    fn digits_are_grouped_by_three() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (83_886_080, "83,886,080")] {
            assert_eq!(grouped(count), text);
        }
        assert_eq!(frames_short(15, Some(6), Lang::ZhCn), "15 帧 · 6 错");
        assert_eq!(frames_short(1, Some(0), Lang::En), "1 frame");
    }
}

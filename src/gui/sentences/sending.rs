//! Sentences about sending.

use crate::words::Lang;

/// Number of queued files; empty for none.
pub fn files_waiting(count: usize, lang: Lang) -> String {
    if count == 0 { String::new() } else { lang.texts().files_waiting(count) }
}

/// Number of queued files that were not sent because the current file failed or was cancelled; empty for none.
pub fn files_unsent(count: usize, lang: Lang) -> String {
    if count == 0 { String::new() } else { lang.texts().files_unsent(count) }
}

/// A file was sent. `bytes`: sum over all peers.
pub fn file_sent(bytes: u64, peers: usize, lang: Lang) -> String {
    if peers > 1 { lang.texts().file_went_to(bytes, peers) } else { lang.texts().file_went(bytes) }
}

//! Sentences about sending.

use crate::words::Lang;

/// A file was sent. `bytes`: sum over all peers.
pub fn file_sent(bytes: u64, peers: usize, lang: Lang) -> String {
    if peers > 1 { lang.texts().file_went_to(bytes, peers) } else { lang.texts().file_went(bytes) }
}

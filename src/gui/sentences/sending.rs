//! Sentences at the send box.

use crate::words::Lang;

/// Files that are sent after the one in the field; nothing for none.
pub fn files_waiting(count: usize, lang: Lang) -> String {
    if count == 0 { String::new() } else { lang.texts().files_waiting(count) }
}

/// Files that the end of the one in the field has kept from being sent; nothing for none.
pub fn files_unsent(count: usize, lang: Lang) -> String {
    if count == 0 { String::new() } else { lang.texts().files_unsent(count) }
}

/// A file was sent. `bytes`: all peers together, of which there may be several.
pub fn file_sent(bytes: u64, peers: usize, lang: Lang) -> String {
    if peers > 1 { lang.texts().file_went_to(bytes, peers) } else { lang.texts().file_went(bytes) }
}

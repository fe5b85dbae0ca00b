//! Sentences in exported files and about exports.

use super::{Lang, event_sentence, first_heard_sentence};
use crate::capture::{ReadError, Record, RecordKind, SessionNote};
use std::net::SocketAddr;

/// The sentence for a record that is not data. UDP has no connections, so a new peer is one that was seen for the first time.
#[must_use]
pub fn record_sentence(record: &Record, note: Option<&SessionNote>, address: Option<SocketAddr>, lang: Lang) -> String {
    if record.is_message() && record.kind == RecordKind::PeerJoined {
        return first_heard_sentence(address, lang);
    }
    event_sentence(record.kind, note, address, lang)
}

/// The note in a packet capture that its headers are synthetic.
#[must_use]
pub fn made_up_headers(lang: Lang) -> &'static str {
    lang.texts().made_up_headers()
}

/// Why the payload of a record cannot be shown.
#[must_use]
pub fn read_error(error: &ReadError, lang: Lang) -> String {
    lang.texts().read_error(error)
}

/// The long form: names the file and its earlier content, or the damage.
#[must_use]
pub fn read_error_in_full(error: &ReadError, lang: Lang) -> String {
    lang.texts().read_error_in_full(error)
}

/// Sent data is missing from the output, because the capture holds only the path of the file.
#[must_use]
pub fn files_left_unread(lang: Lang) -> &'static str {
    lang.texts().files_left_unread()
}

/// Records are missing from an export.
#[must_use]
pub fn missing_sentence(records: u64, lang: Lang) -> String {
    lang.texts().records_missing(records)
}

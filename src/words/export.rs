//! Sentences that exported files hold, and about exporting.

use super::{Lang, event_sentence, first_heard_sentence};
use crate::capture::{ReadError, Record, RecordKind, SessionNote};
use std::net::SocketAddr;

/// A record that is not data, in words. Over UDP nothing connects: there a peer is first heard of.
#[must_use]
pub fn record_sentence(record: &Record, note: Option<&SessionNote>, address: Option<SocketAddr>, lang: Lang) -> String {
    if record.stands_alone() && record.kind == RecordKind::PeerJoined {
        return first_heard_sentence(address, lang);
    }
    event_sentence(record.kind, note, address, lang)
}

/// Stands in a file of packets.
#[must_use]
pub fn made_up_headers(lang: Lang) -> &'static str {
    lang.texts().made_up_headers()
}

/// Why the payload of a record cannot be shown.
#[must_use]
pub fn read_error(error: &ReadError, lang: Lang) -> String {
    lang.texts().read_error(error)
}

/// The same where there is room: which file it was and what it held then, or what is damaged.
#[must_use]
pub fn read_error_in_full(error: &ReadError, lang: Lang) -> String {
    lang.texts().read_error_in_full(error)
}

/// Some of what was sent is not shown: the capture has only the path of its file.
#[must_use]
pub fn files_left_unread(lang: Lang) -> &'static str {
    lang.texts().files_left_unread()
}

/// An export is not whole.
#[must_use]
pub fn missing_sentence(records: u64, lang: Lang) -> String {
    lang.texts().records_missing(records)
}

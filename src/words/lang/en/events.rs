//! What happens in a session: its state, records that are not data, and rows that are no record, in English.

use super::En;
use crate::capture::RecordKind;
use crate::model::CloseReason;
use crate::words::{counted, grouped, size};

texts! { Events for En;

    // State
    session_not_open: "Not open";
    session_looking_up: "Looking up the host name";
    session_connecting: "Connecting";
    connected_to(remote: &str) => "Connected to {remote}";
    bound_to(local: &str) => "Bound to {local}";
    joined_group(group: &str, interfaces: &str, source: Option<&str>) -> String {
        let place = if interfaces.is_empty() { String::new() } else { format!(" on {interfaces}") };
        let source = source.map(|source| format!(", only from {source}")).unwrap_or_default();
        format!("Joined group {group}{place}{source}")
    }
    waiting_to_connect(number: u32, of: Option<u32>) => "Waiting to connect again ({})", try_of(number, of);
    waits_ms(ms: u64) => "{ms} ms";
    waits_seconds(seconds: &str) => "{seconds} s";
    next_try(wait: &str, number: u32, of: Option<u32>) => "Connecting again in {wait} ({})", try_of(number, of);
    then(first: &str, next: &str) => "{first}. {next}";
    session_closing: "Closing";
    close_reason(reason: CloseReason) -> &'static str {
        match reason {
            CloseReason::Local => "closed by us",
            CloseReason::PeerFin => "closed by the peer (FIN)",
            CloseReason::Reset => "reset by the peer (RST)",
            CloseReason::Timeout => "timed out with no answer",
            CloseReason::Kicked => "disconnected by you",
            CloseReason::Tls => "TLS failed",
            CloseReason::Error => "an error occurred",
        }
    }
    session_end(reason: CloseReason) -> &'static str {
        match reason {
            CloseReason::Local => "Closed",
            CloseReason::PeerFin => "Disconnected: the peer closed the connection (FIN)",
            CloseReason::Reset => "Disconnected: the peer reset the connection (RST)",
            CloseReason::Timeout => "Disconnected: timed out with no answer",
            CloseReason::Kicked => "Disconnected by you",
            CloseReason::Tls => "Closed because TLS failed",
            CloseReason::Error => "Closed because of an error",
        }
    }
    peer_end(peer: &str, reason: CloseReason) -> String {
        let end = match reason {
            CloseReason::Local => "disconnected: closed by us",
            CloseReason::PeerFin => "disconnected: it closed the connection (FIN)",
            CloseReason::Reset => "disconnected: it reset the connection (RST)",
            CloseReason::Timeout => "disconnected: timed out with no answer",
            CloseReason::Kicked => "was disconnected by you",
            CloseReason::Tls => "disconnected because TLS failed",
            CloseReason::Error => "disconnected because of an error",
        };
        format!("{peer} {end}")
    }

    // Events
    the_peer: "The peer";
    event(kind: RecordKind, peer: &str) -> String {
        match kind {
            RecordKind::PeerJoined => format!("{peer} connected"),
            RecordKind::PeerLeft => format!("{peer} disconnected"),
            RecordKind::HalfClosed => format!("{peer} stopped sending (half-closed); you can still send to it"),
            RecordKind::Data => "Data".to_owned(),
            RecordKind::Opened => "Session opened".to_owned(),
            RecordKind::Closed => "Session closed".to_owned(),
            RecordKind::Error => "An error occurred".to_owned(),
            RecordKind::Warning => "Warning".to_owned(),
            RecordKind::ClockJump => "The system clock was set".to_owned(),
            RecordKind::State => "The session's state changed".to_owned(),
        }
    }
    first_heard(peer: &str) => "New sender {peer}";
    opening(place: &str, run: u64) => "Opening {place} (run {run})";
    connecting_to(remote: &str) => "Connecting to {remote}";
    resolved_to(addresses: &str, took_ms: u64) => "Resolved to {addresses} · {took_ms} ms";
    attempt_failed(remote: &str, why: &str, took_ms: u64) => "{remote} not connected: {why} · {took_ms} ms";
    attempt_outrun(remote: &str, took_ms: u64) => "{remote} dropped, another address answered first · {took_ms} ms";
    connected_from(local: &str, took_ms: u64) => "Connected · local {local} · {took_ms} ms";
    listens_on(local: &str) => "Listening on {local}";
    send_cancelled(sent: &str) => "Cancelled, {sent} sent";
    send_failed(sent: &str, why: &str) => "The file was not sent completely: {sent} sent. {why}";
    resumed(pause: &str) => "The capture can be written again: receiving resumed after {pause}";
    kernel_dropped(datagrams: u64) -> String {
        match datagrams {
            1 => "The system dropped 1 datagram before it could be read".to_owned(),
            _ => format!("The system dropped {} datagrams before they could be read", grouped(datagrams)),
        }
    }
    kernel_buffer_full(bytes: u64) => ": the receive buffer of {} was full (Linux: net.core.rmem_max limits it)", size(bytes);
    clock_set_forward(seconds: &str) => "The system clock was set forward by {seconds} s";
    clock_set_back(seconds: &str) => "The system clock was set back by {seconds} s";

    // Frames
    frames_given_up(bytes: u64) => "incomplete frames took too much memory: {} of them are treated as outside any frame", counted(bytes, "byte");
    value_and_number(written: &str, number: &str) => "{written} (0x{number})";
    check_too_short(check: &str) => "Too short for {check}";
    check_differs(check: &str, found: &str, computed: &str) => "{check} is {found}, should be {computed}";
    check_no_hex(check: &str, computed: &str) => "{check} is not hex, should be {computed}";
    check_no_decimal(check: &str, computed: &str) => "{check} is no decimal number, should be {computed}";
    check_covers_no_hex(check: &str) => "{check} cannot be computed: the bytes it covers are not pairs of hex digits";
    check_wrong(check: &str) => "{check} is wrong";
    fits_no_frame(bytes: u64) -> String {
        match bytes {
            1 => "1 byte fits no frame".to_owned(),
            _ => format!("{} bytes fit no frame", grouped(bytes)),
        }
    }
    frame_without_end: "Frame without an end";

    // Other rows
    sent_file(what: &str) => "Sent file {what}";
    empty_datagram: "Empty datagram (0 bytes)";
    history_begins(records: u64, bytes: u64) -> String {
        let size = size(bytes);
        match records {
            1 => format!("History begins here: 1 earlier record ({size}) was deleted by the size limit"),
            _ => {
                let count = grouped(records);
                format!("History begins here: {count} earlier records ({size}) were deleted by the size limit")
            }
        }
    }
}

/// The number of an attempt, of how many.
pub(super) fn try_of(number: u32, of: Option<u32>) -> String {
    of.map_or_else(|| format!("attempt {number}"), |of| format!("attempt {number} of {of}"))
}

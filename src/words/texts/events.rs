//! Events of a session: states, records that are not data, and rows that are not records.

use crate::capture::RecordKind;
use crate::model::CloseReason;

/// Events of a session: states, records that are not data, and rows that are not records.
pub trait Events {
    // State
    /// The session is not open.
    fn session_not_open(&self) -> &'static str;
    /// A host name is being resolved.
    fn session_looking_up(&self) -> &'static str;
    /// A connection is being established.
    fn session_connecting(&self) -> &'static str;
    /// A client is connected.
    fn connected_to(&self, remote: &str) -> String;
    /// A UDP socket is bound.
    fn bound_to(&self, local: &str) -> String;
    /// A UDP socket has joined a multicast group. `interfaces` is empty where the system chose one.
    fn joined_group(&self, group: &str, interfaces: &str, source: Option<&str>) -> String;
    /// A client waits before it reconnects. `number` is counted from 1; `of`: the last one, if they are limited.
    fn waiting_to_connect(&self, number: u32, of: Option<u32>) -> String;
    /// A wait in milliseconds.
    fn waits_ms(&self, ms: u64) -> String;
    /// A wait in seconds.
    fn waits_seconds(&self, seconds: &str) -> String;
    /// When a client connects again, as a sentence or the end of one.
    fn next_try(&self, wait: &str, number: u32, of: Option<u32>) -> String;
    /// A sentence and what follows from it.
    fn then(&self, first: &str, next: &str) -> String;
    /// The session is being closed.
    fn session_closing(&self) -> &'static str;
    /// How a session or connection ended, and by which side.
    fn close_reason(&self, reason: CloseReason) -> &'static str;
    /// The end of a session or, equivalently, of a client's connection.
    fn session_end(&self, reason: CloseReason) -> &'static str;
    /// The end of one peer of a server.
    fn peer_end(&self, peer: &str, reason: CloseReason) -> String;
    // Events
    /// A peer without an address, at the start of a sentence.
    fn the_peer(&self) -> &'static str;
    /// A record that is not data, without its note. For kinds that have a note, the note could not be read.
    fn event(&self, kind: RecordKind, peer: &str) -> String;
    /// A UDP address was seen for the first time.
    fn first_heard(&self, peer: &str) -> String;
    /// A run of a session starts.
    fn opening(&self, place: &str, run: u64) -> String;
    /// A client starts to connect.
    fn connecting_to(&self, remote: &str) -> String;
    /// The addresses of a host name, in the order of the look-up.
    fn resolved_to(&self, addresses: &str, took_ms: u64) -> String;
    /// An attempt to connect to one of several addresses failed, and why.
    fn attempt_failed(&self, remote: &str, why: &str, took_ms: u64) -> String;
    /// An attempt was given up because another address answered first.
    fn attempt_outrun(&self, remote: &str, took_ms: u64) -> String;
    /// A client is connected.
    fn connected_from(&self, local: &str, took_ms: u64) -> String;
    /// A server starts to listen.
    fn listens_on(&self, local: &str) -> String;
    /// The user cancelled a send.
    fn send_cancelled(&self, sent: &str) -> String;
    /// The transfer of a file failed.
    fn send_failed(&self, sent: &str, why: &str) -> String;
    /// The capture can be written again.
    fn resumed(&self, pause: &str) -> String;
    /// The system dropped datagrams.
    fn kernel_dropped(&self, datagrams: u64) -> String;
    /// Appended: the size of the buffer that was too small.
    fn kernel_buffer_full(&self, bytes: u64) -> String;
    /// The system clock was set forward.
    fn clock_set_forward(&self, seconds: &str) -> String;
    /// The system clock was set back.
    fn clock_set_back(&self, seconds: &str) -> String;
    // Frames
    /// Incomplete frames that were dropped because they used too much memory.
    fn frames_given_up(&self, bytes: u64) -> String;
    /// A value of a check as written in the frame, and its number if that is different.
    fn value_and_number(&self, written: &str, number: &str) -> String;
    /// A frame is too short to contain its check.
    fn check_too_short(&self, check: &str) -> String;
    /// The value of a check is wrong.
    fn check_differs(&self, check: &str, found: &str, computed: &str) -> String;
    /// The value of a check is not hex.
    fn check_no_hex(&self, check: &str, computed: &str) -> String;
    /// The value of a check is not a decimal number.
    fn check_no_decimal(&self, check: &str, computed: &str) -> String;
    /// The bytes that a check covers are not hex, so its value cannot be computed.
    fn check_covers_no_hex(&self, check: &str) -> String;
    /// A check is wrong, and no details are known.
    fn check_wrong(&self, check: &str) -> String;
    /// Bytes outside of any frame.
    fn fits_no_frame(&self, bytes: u64) -> String;
    /// An incomplete frame.
    fn frame_without_end(&self) -> &'static str;
    // Other rows
    /// A sent file: its name, if known, and its size.
    fn sent_file(&self, what: &str) -> String;
    /// Shown instead of the payload of an empty datagram.
    fn empty_datagram(&self) -> &'static str;
    /// The start of the history, after the size limit deleted older records.
    fn history_begins(&self, records: u64, bytes: u64) -> String;
}

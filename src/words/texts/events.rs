//! What happens in a session: its state, records that are not data, and rows that are no record.

use crate::capture::RecordKind;
use crate::model::CloseReason;

/// What happens in a session: its state, records that are not data, and rows that are no record.
pub trait Events {
    // State
    /// Nothing was opened.
    fn session_not_open(&self) -> &'static str;
    /// The name of a host is looked up.
    fn session_looking_up(&self) -> &'static str;
    /// The connection is being made.
    fn session_connecting(&self) -> &'static str;
    /// A client has its connection.
    fn connected_to(&self, remote: &str) -> String;
    /// A UDP socket is bound.
    fn bound_to(&self, local: &str) -> String;
    /// The connection ended, and the next attempt waits. `attempt`: counted from 1.
    fn waiting_to_connect(&self, attempt: u32) -> String;
    /// The session is being closed.
    fn session_closing(&self) -> &'static str;
    /// Who ended it and how.
    fn close_reason(&self, reason: CloseReason) -> &'static str;
    /// The end of a session, or of a client's connection, which is the same.
    fn session_end(&self, reason: CloseReason) -> &'static str;
    /// The end of one peer of a server.
    fn peer_end(&self, peer: &str, reason: CloseReason) -> String;
    // Events
    /// A peer without an address, at the begin of a sentence.
    fn the_peer(&self) -> &'static str;
    /// A record that is not data, without its note. All but joined, left and half-closed have one, which could not be read.
    fn event(&self, kind: RecordKind, peer: &str) -> String;
    /// A UDP address was seen for the first time.
    fn first_heard(&self, peer: &str) -> String;
    /// A run of a session begins.
    fn opening(&self, place: &str, run: u64) -> String;
    /// A client begins to connect.
    fn connecting_to(&self, remote: &str) -> String;
    /// A client is connected.
    fn connected_from(&self, local: &str, took_ms: u64) -> String;
    /// A server begins to listen.
    fn listens_on(&self, local: &str) -> String;
    /// A send was stopped by the user.
    fn send_cancelled(&self, sent: &str) -> String;
    /// A file did not get through.
    fn send_failed(&self, sent: &str, why: &str) -> String;
    /// The capture can be written again.
    fn resumed(&self, pause: &str) -> String;
    /// The system dropped datagrams.
    fn kernel_dropped(&self, datagrams: u64) -> String;
    /// Behind it: which buffer was too small.
    fn kernel_buffer_full(&self, bytes: u64) -> String;
    /// The clock of the system was set.
    fn clock_set_forward(&self, seconds: &str) -> String;
    /// The other way.
    fn clock_set_back(&self, seconds: &str) -> String;
    // Frames
    /// Frames that were given up before they ended.
    fn frames_given_up(&self, bytes: u64) -> String;
    /// A value of a check as it is written in the frame, and its number where that differs.
    fn value_and_number(&self, written: &str, number: &str) -> String;
    /// A frame has no room for its check.
    fn check_too_short(&self, check: &str) -> String;
    /// A check has another value.
    fn check_differs(&self, check: &str, found: &str, computed: &str) -> String;
    /// A check that should be written in hex is not.
    fn check_no_hex(&self, check: &str, computed: &str) -> String;
    /// A check that should be written as a decimal number is not.
    fn check_no_decimal(&self, check: &str, computed: &str) -> String;
    /// A check is wrong, of which no more is known.
    fn check_wrong(&self, check: &str) -> String;
    /// Bytes between frames.
    fn fits_no_frame(&self, bytes: u64) -> String;
    /// A frame of which the rest is missing.
    fn frame_without_end(&self) -> &'static str;
    // Other rows
    /// A file that was sent: its name, if it is known, and how much of it.
    fn sent_file(&self, what: &str) -> String;
    /// In place of the payload of a datagram without bytes.
    fn empty_datagram(&self) -> &'static str;
    /// Where the size limit has cut history.
    fn history_begins(&self, records: u64, bytes: u64) -> String;
}

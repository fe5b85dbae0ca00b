//! Sessions in the window: their state, sends, stored captures and settings.

use crate::model::Operation;

/// Sessions in the window: their state, sends, stored captures and settings.
pub trait Sessions {
    // State
    /// State of a server.
    fn listening(&self) -> &'static str;
    /// State of a client.
    fn connected(&self) -> &'static str;
    /// State of a UDP socket.
    fn open(&self) -> &'static str;
    /// One of these states and its duration.
    fn state_for(&self, state: &str, time: &str) -> String;
    /// A host name is being resolved.
    fn looking_up(&self) -> &'static str;
    /// A connection is being established.
    fn connecting(&self) -> &'static str;
    /// The session is being closed.
    fn closing(&self) -> &'static str;
    /// The session was not opened yet.
    fn ready(&self) -> &'static str;
    /// The session is closed, with the reason.
    fn closed_because(&self, reason: &str) -> String;
    /// The session failed, with the cause.
    fn failed_because(&self, operation: Operation, cause: &str) -> String;
    /// The address on which a server listens.
    fn listening_on(&self, local: &str) -> String;
    /// The local address of a connection.
    fn local_end(&self, local: &str) -> String;
    /// The address to which a UDP socket is bound.
    fn open_on(&self, local: &str) -> String;
    /// The address at which other devices reach a server.
    fn others_connect_to(&self, at: &str) -> String;
    /// The address at which other devices reach a UDP socket.
    fn others_send_to(&self, at: &str) -> String;
    // Connecting again
    /// Switch: a client connects again by itself.
    fn reconnect(&self) -> &'static str;
    /// Label and name of the field for the seconds before the first attempt.
    fn first_wait(&self) -> (&'static str, &'static str);
    /// Label and name of the field for the longest wait in seconds.
    fn longest_wait(&self) -> (&'static str, &'static str);
    /// Hint of that field: empty is the first wait.
    fn as_first_wait(&self) -> &'static str;
    /// Label and name of the field for the number of attempts.
    fn reconnect_tries(&self) -> (&'static str, &'static str);
    /// Hint of that field: empty is no limit.
    fn no_limit(&self) -> &'static str;
    /// A wait is no number of seconds.
    fn seconds_of_wait(&self) -> &'static str;
    /// The longest wait is shorter than the first one.
    fn below_first_wait(&self) -> &'static str;
    /// Button in a banner: connect again by itself, at equal intervals.
    fn reconnect_every(&self, wait: &str) -> String;
    /// The same, with waits that grow.
    fn reconnect_between(&self, first: &str, longest: &str) -> String;
    /// When a client connects again.
    fn reconnects_in(&self, time: &str, number: u32, of: Option<u32>) -> String;
    /// The same for a narrow place; `number`: of the attempt.
    fn reconnects_in_short(&self, time: &str, number: &str) -> String;
    /// Title of the banner about a lost connection.
    fn connection_lost(&self) -> &'static str;
    /// Button in the banner about a port in use: use another port.
    fn use_port(&self, port: u16) -> String;
    // Tabs and the page of a new one
    /// A tab was closed and can be reopened.
    fn session_closed(&self, title: &str) -> String;
    /// A closed server was reopened. `peers` is the number of connections that closing it ended.
    fn listens_again(&self, peers: u64) -> String;
    /// A typed host has no port.
    fn needs_port(&self, host: &str) -> String;
    /// Nothing can connect to port 0.
    fn connect_port_zero(&self) -> &'static str;
    /// Accessible name of a recent connection: its name, protocol and address.
    fn open_recent(&self, name: &str, kind: &str, at: &str) -> String;
    /// Accessible name of the star that pins a recent connection.
    fn pin(&self, name: &str) -> String;
    /// Accessible name of the menu of a recent connection.
    fn more_about(&self, name: &str) -> String;
    /// A recent connection was taken off the list.
    fn recent_removed(&self, name: &str) -> String;
    /// No more connections can be pinned.
    fn pins_full(&self, most: usize) -> String;
    /// Link to the complete list.
    fn all_of(&self, count: usize) -> String;
    /// Accessible name of a stored capture; `short` is its address, time and size.
    fn open_stored(&self, short: &str) -> String;
    /// Yesterday.
    fn yesterday(&self) -> &'static str;
    /// The short name of a day of the week; 0 is Monday.
    fn weekday(&self, day: u8) -> &'static str;
    /// Another program holds the port.
    fn port_used_by(&self, port: u16, name: &str, pid: u32) -> String;
    /// Another session of this program holds the port.
    fn port_used_here(&self, port: u16) -> String;
    /// The user has ended the connection of a peer, which may connect again.
    fn peer_disconnected(&self, at: &str) -> String;
    /// The view was cleared.
    fn cleared_now(&self) -> &'static str;
    /// The text in the send box was replaced.
    fn draft_replaced(&self) -> &'static str;
    /// The address and port to enter on the device.
    fn device_fills(&self, address: &str, port: u16) -> String;
    /// The same, if the system chooses the port.
    fn device_fills_later(&self, address: &str) -> String;
    /// The same, if the local address is invalid.
    fn wrong_local(&self, why: &str) -> String;
    // Peers
    /// The send target "all peers".
    fn all_peers(&self, count: u64) -> String;
    /// The selected peer has left.
    fn peer_gone(&self, number: u32) -> String;
    /// The counters of one peer.
    fn peer_counts(&self, received: u64, sent: u64) -> String;
    /// Appended: the bytes that wait to be sent.
    fn peer_waiting(&self, bytes: u64) -> String;
    /// How long ago a peer sent something.
    fn peer_heard(&self, ago: &str) -> String;
    /// Bytes a second from and to a peer.
    fn peer_rate(&self, bytes: u64) -> String;
    /// The chosen peers as the recipients of a send.
    fn chosen_peers(&self, count: u64) -> String;
    // Sending
    /// Below the stop button: the number of rounds sent.
    fn rounds(&self, count: u64) -> String;
    /// The content that a repeat continues to send while the send box has no valid content.
    fn still_repeating(&self, head: &str, bytes: u64) -> String;
    /// A large pasted text, shown by its size.
    fn pasted(&self, bytes: u64) -> String;
    /// Escapes that are sent literally.
    fn unparsed(&self, escapes: &str) -> String;
    /// Button that enables parsing of escapes.
    fn parse_escapes(&self) -> &'static str;
    /// A hex digit without a second one.
    fn odd_digit(&self, digit: char) -> String;
    // Stored captures
    /// Details of a capture.
    fn capture_detail(&self, time: &str, records: u64, peers: u64, bytes: u64, disk_bytes: u64) -> String;
    /// Appended: the bytes that the size limit deleted.
    fn capture_evicted(&self, bytes: u64) -> String;
    /// Totals of all captures.
    fn captures_total(&self, count: u64, bytes: u64, disk_bytes: u64) -> String;
    /// No retention time is set.
    fn captures_kept(&self) -> &'static str;
    /// The retention time.
    fn captures_kept_for(&self, days: u32) -> String;
    /// The button that deletes the selected captures.
    fn delete_captures(&self, count: u64, bytes: u64) -> String;
    // Settings, and the window itself
    /// The settings file was damaged.
    fn settings_damaged(&self) -> &'static str;
    /// The settings file was written by a newer version.
    fn settings_newer(&self, version: u32) -> String;
    /// The path of the settings file that was not used.
    fn settings_kept(&self, path: &str) -> String;
    /// Some settings are unknown.
    fn settings_unknown(&self, count: usize) -> String;
    /// Appended to the names of some of them.
    fn settings_unknown_more(&self, count: usize) -> String;
    /// Appended: the path of the file that contains them.
    fn settings_copied(&self, path: &str) -> String;
    /// The window cannot be opened. `reason` is the message of the system, in English.
    fn no_window(&self, reason: &str) -> String;
    /// The window cannot be opened, because no renderer works.
    fn no_renderer(&self) -> &'static str;
    /// The program with the window does not have the command line; names the one that does.
    fn command_line_elsewhere(&self) -> &'static str;
    /// The program for the command line has no window; names the one that does.
    fn window_elsewhere(&self) -> &'static str;
    /// This build has no window.
    fn built_without_window(&self) -> &'static str;
}

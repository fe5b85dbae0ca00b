//! Sessions in the window: their state, sends, files, stored captures and settings.

use crate::model::Operation;

/// Sessions in the window: their state, sends, files, stored captures and settings.
pub trait Sessions {
    // State
    /// A server.
    fn listening(&self) -> &'static str;
    /// A client.
    fn connected(&self) -> &'static str;
    /// A UDP socket.
    fn open(&self) -> &'static str;
    /// One of these, and for how long.
    fn state_for(&self, state: &str, time: &str) -> String;
    /// The name of a host is looked up.
    fn looking_up(&self) -> &'static str;
    /// The connection is being made.
    fn connecting(&self) -> &'static str;
    /// The session is being closed.
    fn closing(&self) -> &'static str;
    /// Nothing was opened yet.
    fn ready(&self) -> &'static str;
    /// It is closed, and why.
    fn closed_because(&self, reason: &str) -> String;
    /// It failed, and why.
    fn failed_because(&self, operation: Operation, cause: &str) -> String;
    /// Where a server listens.
    fn listening_on(&self, local: &str) -> String;
    /// The own end of a connection.
    fn local_end(&self, local: &str) -> String;
    /// Where a UDP socket is bound.
    fn open_on(&self, local: &str) -> String;
    /// Where other devices reach a server.
    fn others_connect_to(&self, at: &str) -> String;
    /// Where other devices reach a UDP socket.
    fn others_send_to(&self, at: &str) -> String;
    /// The banner's useful action for a port in use.
    fn use_port(&self, port: u16) -> String;
    // Tabs and the page of a new one
    /// A tab was closed, and can be brought back.
    fn session_closed(&self, title: &str) -> String;
    /// A closed server came back; so many connections ended when it was closed.
    fn listens_again(&self, peers: u64) -> String;
    /// What the device must be set to.
    fn device_fills(&self, address: &str, port: u16) -> String;
    /// The same where the system chooses the port.
    fn device_fills_later(&self, address: &str) -> String;
    /// The same where the address is wrong.
    fn wrong_local(&self, why: &str) -> String;
    // Peers
    /// The send target "everybody".
    fn all_peers(&self, count: u64) -> String;
    /// A chosen peer that is not there any more.
    fn peer_gone(&self, number: u32) -> String;
    /// The counters of one peer.
    fn peer_counts(&self, received: u64, sent: u64) -> String;
    /// Behind it: what waits to be sent.
    fn peer_waiting(&self, bytes: u64) -> String;
    // Sending
    /// Under the stop button: how many rounds were sent.
    fn rounds(&self, count: u64) -> String;
    /// What a repeat goes on with while the box holds nothing that can be sent.
    fn still_repeating(&self, head: &str, bytes: u64) -> String;
    /// A pasted chip: its size.
    fn pasted(&self, bytes: u64) -> String;
    /// Escapes that are sent as they are typed.
    fn unparsed(&self, escapes: &str) -> String;
    /// Parse them from now on.
    fn parse_escapes(&self) -> &'static str;
    /// A hex digit without a second one.
    fn odd_digit(&self, digit: char) -> String;
    // Files
    /// Files that are sent after the one in the field.
    fn files_waiting(&self, count: usize) -> String;
    /// Files that the end of the one in the field has kept from being sent.
    fn files_unsent(&self, count: usize) -> String;
    /// A file was sent.
    fn file_went(&self, bytes: u64) -> String;
    /// A file was sent to several peers; the bytes of all together.
    fn file_went_to(&self, bytes: u64, peers: usize) -> String;
    /// Several files were sent, with all their bytes.
    fn files_sent(&self, count: usize, bytes: u64) -> String;
    /// A file is done.
    fn file_saved(&self, bytes: u64) -> String;
    /// Peers that have no line of their own, and the sum of all.
    fn other_peers(&self, others: usize, sum: &str) -> String;
    /// Behind the progress of a peer: it left.
    fn transfer_gone(&self) -> &'static str;
    /// Behind the progress of a peer: it does not read.
    fn transfer_stalled(&self, time: &str) -> String;
    /// Behind the progress of a peer: how long it will take.
    fn transfer_left(&self, time: &str) -> String;
    // Stored captures
    /// What is known of one.
    fn capture_detail(&self, time: &str, records: u64, peers: u64, bytes: u64, disk_bytes: u64) -> String;
    /// Behind it: what the size limit deleted.
    fn capture_evicted(&self, bytes: u64) -> String;
    /// All of them together.
    fn captures_total(&self, count: u64, bytes: u64, disk_bytes: u64) -> String;
    /// No retention time is set.
    fn captures_kept(&self) -> &'static str;
    /// The retention time.
    fn captures_kept_for(&self, days: u32) -> String;
    /// The button that deletes the chosen ones.
    fn delete_captures(&self, count: u64, bytes: u64) -> String;
    // Settings, and the window itself
    /// The settings file was damaged.
    fn settings_damaged(&self) -> &'static str;
    /// The settings file is of a newer program.
    fn settings_newer(&self, version: u32) -> String;
    /// Where the file that was not used is.
    fn settings_kept(&self, path: &str) -> String;
    /// Some settings were not known.
    fn settings_unknown(&self, count: usize) -> String;
    /// Behind the names of some of them.
    fn settings_unknown_more(&self, count: usize) -> String;
    /// Behind it: where the file with them is.
    fn settings_copied(&self, path: &str) -> String;
    /// Why no window was opened. `reason` is the system's, in English.
    fn no_window(&self, reason: &str) -> String;
    /// The same where a window needs a renderer and none works.
    fn no_renderer(&self) -> &'static str;
    /// Where a user of the program with the window finds the command line.
    fn command_line_elsewhere(&self) -> &'static str;
    /// Why the program for the command line opens no window.
    fn window_elsewhere(&self) -> &'static str;
    /// Why a build without the window opens none.
    fn built_without_window(&self) -> &'static str;
}

//! Wrong usage of the command line.

use crate::model::Protocol;

/// Wrong usage of the command line.
pub trait Usage {
    // The sentence
    /// Appended to a reason: the command that lists the valid names.
    fn listed_by(&self, program: &str, command: &str) -> String;
    /// Appended to a reason: the most similar valid name.
    fn perhaps_meant(&self, name: &str) -> String;
    /// The arguments as a whole, at the start of a sentence.
    fn arguments(&self) -> &'static str;
    // What the parser refuses
    /// Unknown option.
    fn no_such_option(&self) -> &'static str;
    /// Unknown command.
    fn no_such_command(&self) -> &'static str;
    /// An argument is missing.
    fn is_required(&self) -> &'static str;
    /// A command of `captures` is missing.
    fn needs_a_command(&self, commands: &str) -> String;
    /// A value is missing.
    fn needs_a_value(&self) -> &'static str;
    /// A value is invalid.
    fn no_valid_value(&self) -> &'static str;
    /// A value was given to an option that takes none.
    fn takes_no_value(&self) -> &'static str;
    /// The arguments are not UTF-8.
    fn not_utf_8(&self) -> &'static str;
    /// An option was given twice.
    fn given_twice(&self) -> &'static str;
    /// Two options exclude each other.
    fn excludes(&self, other: &str) -> String;
    /// Any other error. `english` is the message of the parser.
    fn not_understood(&self, english: &str) -> String;
    // WebSocket
    /// An option of WebSocket was given for another endpoint.
    fn for_websocket_only(&self) -> &'static str;
    /// A header of the handshake is wrong, or set by the program.
    fn no_header(&self) -> &'static str;
    /// A list of subprotocols is wrong.
    fn no_subprotocols(&self) -> &'static str;
    /// Too long for a ping or a close frame.
    fn long_for_control(&self) -> &'static str;
    /// No code of a close frame that may be sent.
    fn no_close_code(&self) -> &'static str;
    /// Does not work over WebSocket.
    fn not_over_websocket(&self) -> &'static str;
    // TLS
    /// An option of TLS was given for another endpoint.
    fn for_tls_only(&self) -> &'static str;
    /// A TLS server has no certificate.
    fn needs_certificate(&self) -> &'static str;
    /// The key belongs to a certificate that is not given.
    fn needs_tls_cert(&self) -> &'static str;
    /// The oldest version is newer than the newest one.
    fn versions_crossed(&self) -> &'static str;
    /// The list of protocols has an empty or too long name.
    fn no_protocols(&self) -> &'static str;
    /// A value is not a SHA-256.
    fn no_fingerprint(&self) -> &'static str;
    /// A file was written.
    fn file_written(&self, path: &str) -> String;
    /// A file exists.
    fn file_exists(&self, path: &str) -> String;
    // Values
    /// One of these names is required.
    fn should_be(&self, names: &str) -> String;
    /// The value is empty.
    fn cannot_be_empty(&self) -> &'static str;
    /// The host of an address is missing.
    fn host_missing(&self) -> &'static str;
    /// The port of an address is missing.
    fn port_missing(&self) -> &'static str;
    /// An address is not of the form HOST:PORT.
    fn should_be_host_and_port(&self) -> &'static str;
    /// Port 0 is not a valid destination.
    fn port_0_to_connect(&self) -> &'static str;
    /// A value is not a duration.
    fn no_duration(&self) -> &'static str;
    /// The unit of a duration is missing.
    fn unit_missing(&self) -> &'static str;
    /// The unit of a duration is unknown.
    fn unknown_unit(&self, unit: &str) -> String;
    /// A duration is too long.
    fn duration_too_long(&self) -> &'static str;
    /// A number is too small.
    fn number_from(&self, least: u64) -> String;
    /// A window size is required.
    fn should_be_window_size(&self) -> &'static str;
    /// A size in bytes is required.
    fn should_be_size(&self) -> &'static str;
    /// A limit of what is kept of files.
    fn at_most_a_gib(&self) -> &'static str;
    /// A limit of captures.
    fn at_least_a_mib(&self) -> &'static str;
    /// A retention time.
    fn should_be_time_or_forever(&self) -> &'static str;
    /// A peer.
    fn should_be_peer(&self) -> &'static str;
    /// The heads of the columns of the list of sockets: protocol, own address, remote address, state, program.
    fn port_columns(&self) -> [&'static str; 5];
    /// How many addresses a name has, and how long the look-up took.
    fn looked_up(&self, count: usize, took: &str) -> String;
    /// How often a port was asked and has answered; the shortest, mean and longest time.
    fn port_answered(&self, asked: u64, answered: u64, times: Option<&[String; 3]>) -> String;
    /// There is no socket option of this name for this type of session.
    fn no_such_socket_option(&self, name: &str) -> String;
    /// A socket option does not exist on this system.
    fn no_such_socket_option_here(&self) -> &'static str;
    /// A socket option is of no use for this type of session.
    fn not_for_protocol(&self, protocol: Protocol) -> &'static str;
    /// A value of a socket option is a switch.
    fn should_be_switch(&self) -> &'static str;
    /// A number in a range is required.
    fn should_be_between(&self, least: u32, most: u32) -> String;
    /// A number of bytes in a range is required.
    fn should_be_bytes_between(&self, least: u32, most: u32) -> String;
    /// Times of keep-alive are required.
    fn should_be_keep_alive(&self) -> &'static str;
    /// The name of an interface is required.
    fn should_be_interface(&self) -> &'static str;
    /// A size of datagrams.
    fn should_be_datagram_size(&self) -> &'static str;
    /// An interval is too short.
    fn interval_too_short(&self) -> &'static str;
    /// Unknown encoding.
    fn no_such_encoding(&self) -> &'static str;
    /// Appended to a reason: the names of the conditions.
    fn there_are(&self, names: &[&str]) -> String;
    // Options that do not fit
    /// Options of the window were given with a command.
    fn option_of_window(&self) -> &'static str;
    /// The option is only valid for some commands of `captures`.
    fn for_reading_captures(&self) -> &'static str;
    /// A search has no pattern.
    fn needs_a_pattern(&self) -> &'static str;
    /// A timeout was given without a condition.
    fn timeout_without_condition(&self) -> &'static str;
    /// The option is only valid for UDP.
    fn for_udp_only(&self) -> &'static str;
    /// `--tries` without `--reconnect`.
    fn needs_reconnect(&self) -> &'static str;
    /// The option requires another one.
    fn needs_option(&self, option: &str) -> String;
    /// The value of `--reconnect` is no range of delays.
    fn no_delays(&self) -> &'static str;
    /// The option is not valid for UDP.
    fn not_for_udp(&self) -> &'static str;
    /// Why an option that sends is refused for a forward.
    fn forward_sends_nothing(&self) -> &'static str;
    /// Why TLS or WebSocket is refused for a forward.
    fn forward_without_layers(&self) -> &'static str;
    /// Why the ends of a forward do not fit.
    fn forward_of_one_kind(&self) -> &'static str;
    /// A datagram size was given without a file or standard input to split.
    fn nothing_to_cut(&self) -> &'static str;
    /// A pipe or device cannot be sent several times.
    fn read_only_once(&self, option: &str) -> String;
    /// `--save-…` without `--save`.
    fn needs_save(&self) -> &'static str;
    /// `--template` without text to send.
    fn nothing_to_replace(&self) -> &'static str;
    /// No payload can be wrapped.
    fn nothing_to_wrap(&self) -> &'static str;
    /// A repeat has nothing to send.
    fn nothing_to_repeat(&self) -> &'static str;
    /// A condition on frames requires a framing rule.
    fn needs_frame(&self) -> &'static str;
    /// A condition on checks requires a check.
    fn nothing_to_verify(&self) -> &'static str;
    // Files
    /// A required folder does not exist.
    fn folder_missing(&self, folder: &str) -> String;
    /// A path is a folder, but a file is required.
    fn folder_not_file(&self) -> &'static str;
    /// A path is no folder, but a folder is required.
    fn not_a_folder(&self) -> &'static str;
    /// The option is only valid for TCP.
    fn for_tcp_only(&self) -> &'static str;
    /// A file is too long for a single datagram.
    fn file_longer_than_datagram(&self) -> &'static str;
    /// Two options name the same file.
    fn used_by_too(&self, option: &str) -> String;
    /// Raw bytes are not written to a terminal, which could interpret them as commands.
    fn raw_on_terminal(&self) -> &'static str;
    // Which capture
    /// The name of a capture is empty.
    fn capture_name_empty(&self) -> &'static str;
    /// The newest capture was requested, but there are no captures.
    fn no_captures_yet(&self) -> &'static str;
    /// No capture has this name.
    fn no_such_capture(&self, id: &str) -> String;
    /// Several captures start with this name.
    fn several_captures(&self, id: &str, one: &str, other: &str) -> String;
    /// The name is too short to delete a capture. `needed` is a name that is long enough.
    fn too_short_to_delete(&self, id: &str, needed: &str) -> String;
}

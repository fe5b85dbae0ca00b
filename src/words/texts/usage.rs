//! Wrong usage of the command line.

/// Wrong usage of the command line.
pub trait Usage {
    // The sentence
    /// Where the names are that an option takes; behind a reason.
    fn listed_by(&self, program: &str, command: &str) -> String;
    /// A name that may have been meant; behind a reason.
    fn perhaps_meant(&self, name: &str) -> String;
    /// The arguments as a whole, at the begin of a sentence.
    fn arguments(&self) -> &'static str;
    // What the parser refuses
    /// An option that does not exist.
    fn no_such_option(&self) -> &'static str;
    /// A command that does not exist.
    fn no_such_command(&self) -> &'static str;
    /// An argument is missing.
    fn is_required(&self) -> &'static str;
    /// A command of `captures` is missing.
    fn needs_a_command(&self, commands: &str) -> String;
    /// A value is missing.
    fn needs_a_value(&self) -> &'static str;
    /// A value is not taken.
    fn no_valid_value(&self) -> &'static str;
    /// An option has no value.
    fn takes_no_value(&self) -> &'static str;
    /// The arguments are no text.
    fn not_utf_8(&self) -> &'static str;
    /// An option is there twice.
    fn given_twice(&self) -> &'static str;
    /// Two options exclude each other.
    fn excludes(&self, other: &str) -> String;
    /// Anything else. `english`: what the parser says.
    fn not_understood(&self, english: &str) -> String;
    // Values
    /// One of these names is needed.
    fn should_be(&self, names: &str) -> String;
    /// Nothing was given.
    fn cannot_be_empty(&self) -> &'static str;
    /// An address without a host.
    fn host_missing(&self) -> &'static str;
    /// An address without a port.
    fn port_missing(&self) -> &'static str;
    /// An address in another form.
    fn should_be_host_and_port(&self) -> &'static str;
    /// Port 0 where a port has to be known.
    fn port_0_to_connect(&self) -> &'static str;
    /// No duration.
    fn no_duration(&self) -> &'static str;
    /// A duration without a unit.
    fn unit_missing(&self) -> &'static str;
    /// A duration with another unit.
    fn unknown_unit(&self, unit: &str) -> String;
    /// A duration beyond all sense.
    fn duration_too_long(&self) -> &'static str;
    /// A number that is not large enough.
    fn number_from(&self, least: u64) -> String;
    /// A size of the window.
    fn should_be_window_size(&self) -> &'static str;
    /// A size in bytes.
    fn should_be_size(&self) -> &'static str;
    /// A limit of what is kept of files.
    fn at_most_a_gib(&self) -> &'static str;
    /// A limit of captures.
    fn at_least_a_mib(&self) -> &'static str;
    /// A retention time.
    fn should_be_time_or_forever(&self) -> &'static str;
    /// A peer.
    fn should_be_peer(&self) -> &'static str;
    /// A size of datagrams.
    fn should_be_datagram_size(&self) -> &'static str;
    /// An interval that is too short.
    fn interval_too_short(&self) -> &'static str;
    /// An encoding that does not exist.
    fn no_such_encoding(&self) -> &'static str;
    /// The names of conditions, behind the reason.
    fn there_are(&self, names: &[&str]) -> String;
    // Options that do not fit
    /// Options of the window before a command.
    fn option_of_window(&self) -> &'static str;
    /// An option of some commands of `captures`.
    fn for_reading_captures(&self) -> &'static str;
    /// A search for nothing.
    fn needs_a_pattern(&self) -> &'static str;
    /// A timeout that ends nothing.
    fn timeout_without_condition(&self) -> &'static str;
    /// An option of datagrams.
    fn for_udp_only(&self) -> &'static str;
    /// An option of connections.
    fn not_for_udp(&self) -> &'static str;
    /// A size of datagrams without anything to cut.
    fn nothing_to_cut(&self) -> &'static str;
    /// A pipe or device that would be sent several times.
    fn read_only_once(&self, option: &str) -> String;
    /// A repeat of nothing.
    fn nothing_to_repeat(&self) -> &'static str;
    /// A condition on frames without a rule.
    fn needs_frame(&self) -> &'static str;
    /// A condition on checks without a check.
    fn nothing_to_verify(&self) -> &'static str;
    // Files
    /// A folder that is needed.
    fn folder_missing(&self, folder: &str) -> String;
    /// A folder where a file is needed.
    fn folder_not_file(&self) -> &'static str;
    /// A file that is to be one datagram.
    fn file_longer_than_datagram(&self) -> &'static str;
    /// A file that two options name.
    fn used_by_too(&self, option: &str) -> String;
    /// Bytes that a terminal would take for commands.
    fn raw_on_terminal(&self) -> &'static str;
    // Which capture
    /// An empty name.
    fn capture_name_empty(&self) -> &'static str;
    /// The newest of none.
    fn no_captures_yet(&self) -> &'static str;
    /// A name that none has.
    fn no_such_capture(&self, id: &str) -> String;
    /// A name that several begin with.
    fn several_captures(&self, id: &str, one: &str, other: &str) -> String;
    /// A name that is not enough to delete by. `needed`: what would be.
    fn too_short_to_delete(&self, id: &str, needed: &str) -> String;
}

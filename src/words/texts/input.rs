//! Messages about rejected input. Positions are counted from 1.

use crate::codec::Expected;

/// Messages about rejected input. Positions are counted from 1.
pub trait Input {
    // Addresses
    /// Nothing was typed.
    fn enter_address(&self) -> &'static str;
    /// The host is missing.
    fn enter_host(&self) -> &'static str;
    /// The port is missing.
    fn enter_port(&self) -> &'static str;
    /// The protocol is neither tcp nor udp.
    fn bad_scheme(&self, scheme: &str) -> String;
    /// The path of a Unix socket is empty, longer than this, or has a NUL.
    fn bad_unix_path(&self, most: usize) -> String;
    /// The port is invalid.
    fn bad_port(&self, port: &str) -> String;
    /// The same, for below a field.
    fn bad_port_short(&self) -> &'static str;
    /// The IPv6 address is invalid.
    fn bad_v6(&self, address: &str) -> String;
    /// The same, for below a field.
    fn bad_v6_short(&self) -> &'static str;
    /// The IPv4 address is invalid.
    fn bad_v4(&self, address: &str) -> String;
    /// The same, for below a field.
    fn bad_v4_short(&self) -> &'static str;
    /// The input has a port, but only a host is allowed.
    fn host_with_port(&self, text: &str) -> String;
    /// The same, for below a field.
    fn host_with_port_short(&self) -> &'static str;
    /// The host name is invalid.
    fn bad_host(&self, host: &str) -> String;
    /// The short form, for display below a field: the first invalid character.
    fn bad_host_short(&self, character: &str) -> String;
    // Bytes and text
    /// The hex text was recognised as a hexdump.
    fn hexdump_recognised(&self) -> &'static str;
    /// A character is not a hex digit.
    fn bad_hex_digit(&self, character: &str, place: usize) -> String;
    /// Unknown escape sequence.
    fn bad_escape(&self, escape: &str, place: usize) -> String;
    /// The encoding does not contain a character.
    fn not_in_encoding(&self, character: &str, place: usize, encoding: &str) -> String;
    // Framing rules, checks and filters
    /// Unknown rule.
    fn unknown_rule(&self, name: &str) -> String;
    /// Unknown checksum.
    fn unknown_checksum(&self, name: &str) -> String;
    /// The rule has no such option.
    fn unknown_option(&self, rule: &str, option: &str) -> String;
    /// An option is given more than once.
    fn option_twice(&self, option: &str) -> String;
    /// A flag has a value.
    fn option_takes_no_value(&self, option: &str) -> String;
    /// An option has no value.
    fn option_lacks_value(&self, option: &str) -> String;
    /// The value of an option makes a rule that no frame can meet.
    fn option_cannot_work(&self, option: &str) -> String;
    /// The same, because of another option.
    fn option_cannot_work_with(&self, option: &str, other: &str) -> String;
    /// A required option is missing.
    fn missing_option(&self, rule: &str, option: &str) -> String;
    /// An option has no effect.
    fn option_without_effect(&self, rule: &str, option: &str) -> String;
    /// An option has no effect because of another one.
    fn option_without_effect_with(&self, rule: &str, option: &str, other: &str) -> String;
    /// The value of an option is invalid.
    fn bad_option_value(&self, option: &str, value: &str, expected: &str) -> String;
    /// The values that an option accepts.
    fn expected(&self, expected: &Expected) -> String;
    // Search patterns
    /// Nothing was typed.
    fn enter_pattern(&self) -> &'static str;
    /// The pattern is too long.
    fn pattern_too_long(&self, kib: usize) -> String;
    /// The pattern consists only of wildcards.
    fn only_wildcards(&self) -> &'static str;
    /// The regular expression is invalid. `why` is the message of the parser, in English.
    fn bad_regex(&self, why: &str) -> String;
}

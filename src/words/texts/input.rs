//! Why what a user typed was refused. Positions are counted from 1.

use crate::codec::Expected;

/// Why what a user typed was refused. Positions are counted from 1.
pub trait Input {
    // Addresses
    /// Nothing was typed.
    fn enter_address(&self) -> &'static str;
    /// The host is missing.
    fn enter_host(&self) -> &'static str;
    /// The port is missing.
    fn enter_port(&self) -> &'static str;
    /// Neither tcp nor udp.
    fn bad_scheme(&self, scheme: &str) -> String;
    /// No port.
    fn bad_port(&self, port: &str) -> String;
    /// The same, for below a field.
    fn bad_port_short(&self) -> &'static str;
    /// No IPv6 address.
    fn bad_v6(&self, address: &str) -> String;
    /// The same, for below a field.
    fn bad_v6_short(&self) -> &'static str;
    /// No IPv4 address.
    fn bad_v4(&self, address: &str) -> String;
    /// The same, for below a field.
    fn bad_v4_short(&self) -> &'static str;
    /// A port where only a host belongs.
    fn host_with_port(&self, text: &str) -> String;
    /// The same, for below a field.
    fn host_with_port_short(&self) -> &'static str;
    /// No name of a host.
    fn bad_host(&self, host: &str) -> String;
    /// The same, for below a field: the first such character.
    fn bad_host_short(&self, character: &str) -> String;
    // Bytes and text
    /// Hex that was typed or pasted was a hexdump.
    fn hexdump_recognised(&self) -> &'static str;
    /// A character that is no hex digit.
    fn bad_hex_digit(&self, character: &str, place: usize) -> String;
    /// An escape that does not exist.
    fn bad_escape(&self, escape: &str, place: usize) -> String;
    /// A character that an encoding does not have.
    fn not_in_encoding(&self, character: &str, place: usize, encoding: &str) -> String;
    // Framing rules, checks and filters
    /// No rule of this name.
    fn unknown_rule(&self, name: &str) -> String;
    /// No checksum of this name.
    fn unknown_checksum(&self, name: &str) -> String;
    /// No option of this name, or it was given before.
    fn unknown_option(&self, rule: &str, option: &str) -> String;
    /// An option has to be given.
    fn missing_option(&self, rule: &str, option: &str) -> String;
    /// An option does nothing here.
    fn option_without_effect(&self, rule: &str, option: &str) -> String;
    /// An option does nothing beside another one.
    fn option_without_effect_with(&self, rule: &str, option: &str, other: &str) -> String;
    /// The value of an option is not what it takes.
    fn bad_option_value(&self, option: &str, value: &str, expected: &str) -> String;
    /// What an option takes.
    fn expected(&self, expected: &Expected) -> String;
    // Patterns to look for
    /// Nothing was typed.
    fn enter_pattern(&self) -> &'static str;
    /// A pattern is too long.
    fn pattern_too_long(&self, kib: usize) -> String;
    /// A pattern without anything in it.
    fn only_wildcards(&self) -> &'static str;
    /// No regular expression. `why`: what the parser says, in English.
    fn bad_regex(&self, why: &str) -> String;
}

//! Why what a user typed was refused. Positions are counted from 1, in English.

use super::En;
use crate::codec::Expected;

texts! { Input for En;

    // Addresses
    enter_address: "Enter an address";
    enter_host: "Enter a host";
    enter_port: "Enter a port";
    bad_unix_path(most: usize) => "The path of a Unix socket has 1 to {most} bytes and no NUL: unix:/run/x.sock or unix:@name";
    bad_scheme(scheme: &str) => "Unknown protocol \"{scheme}\": use tcp or udp";
    bad_port(port: &str) => "Port \"{port}\" is not a number from 0 to 65535";
    bad_port_short: "Must be 0–65535";
    bad_v6(address: &str) => "\"{address}\" is not a valid IPv6 address: write it as [ADDRESS]:PORT";
    bad_v6_short: "Not an IPv6 address";
    bad_v4(address: &str) => "\"{address}\" is not a valid IPv4 address: four numbers from 0 to 255, such as 192.168.1.10";
    bad_v4_short: "Needs four numbers, 0–255";
    host_with_port(text: &str) => "\"{text}\" contains a port, which belongs in its own field";
    host_with_port_short: "Put the port below";
    bad_host(host: &str) => "Host \"{host}\" contains characters that are not allowed in host names";
    bad_host_short(character: &str) => "\"{character}\" is not allowed";

    // Bytes and text
    hexdump_recognised: "a hexdump: offsets and text columns are ignored";
    bad_hex_digit(character: &str, place: usize) => "Character {place}, \"{character}\", is not a hex digit";
    bad_escape(escape: &str, place: usize) => r#"Bad escape "{escape}" at character {place}: use \n \r \t \0 \xNN \u{{N}} \\ and the like"#;
    not_in_encoding(character: &str, place: usize, encoding: &str) => "Character {place}, \"{character}\", does not exist in {encoding}";

    // Framing rules, checks and filters
    unknown_rule(name: &str) => "There is no framing rule \"{name}\"";
    unknown_checksum(name: &str) => "There is no checksum \"{name}\"";
    unknown_option(rule: &str, option: &str) => "{rule} has no option \"{option}\"";
    option_twice(option: &str) => "{option} is given twice";
    option_takes_no_value(option: &str) => "{option} takes no value";
    option_lacks_value(option: &str) => "{option} needs a value";
    option_cannot_work(option: &str) => "{option} cannot work";
    option_cannot_work_with(option: &str, other: &str) => "{option} cannot work with {other}";
    missing_option(rule: &str, option: &str) => "{rule} needs {option}";
    option_without_effect(rule: &str, option: &str) => "{option} has no effect on {rule}: leave it out";
    option_without_effect_with(rule: &str, option: &str, other: &str) => "{option} has no effect on {rule} with {other}: leave it out";
    bad_option_value(option: &str, value: &str, expected: &str) => "{option} is \"{value}\" but should be {expected}";
    expected(expected: &Expected) -> String { expected.to_string() }

    // Patterns to look for
    enter_pattern: "Enter what to find";
    pattern_too_long(kib: usize) => "Too long: at most {kib} KiB";
    only_wildcards: "Only wildcards: they match everywhere";
    bad_regex(why: &str) => "Not a regular expression: {why}";
}

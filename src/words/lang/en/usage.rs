//! Wrong usage of the command line, in English.

use super::En;
use crate::model::Protocol;

texts! { Usage for En;

    // The sentence
    listed_by(program: &str, command: &str) => "; \"{program} {command}\" lists the names";
    perhaps_meant(name: &str) => "; did you mean {name}?";
    arguments: "arguments";

    // What the parser refuses
    no_such_option: "no such option or argument";
    no_such_command: "no such command";
    is_required: "is required";
    needs_a_command(commands: &str) => "needs a command: {commands}";
    needs_a_value: "needs a value";
    no_valid_value: "is not a valid value";
    takes_no_value: "takes no value";
    not_utf_8: "not valid UTF-8";
    given_twice: "cannot be given more than once";
    excludes(other: &str) => "cannot be used together with {other}";
    not_understood(english: &str) => "{english}";

    // WebSocket
    for_websocket_only: "applies to ws:// and wss:// only";
    no_header: "should be NAME: VALUE, and not a header that the handshake itself sets";
    no_subprotocols: "should be names without spaces, with commas between them";
    long_for_control: "is longer than the 125 bytes of a ping";
    no_close_code: "should be a code (1000 to 1003, 1007 to 1014, 3000 to 4999), and perhaps a reason of at most 123 bytes";
    not_over_websocket: "carries no file transfers and remote commands over WebSocket";

    // TLS
    for_tls_only: "applies to tls:// only";
    needs_certificate: "a server needs a certificate: add --tls-cert FILE with --tls-key FILE, or --tls-self-signed";
    needs_tls_cert: "needs --tls-cert";
    versions_crossed: "is newer than --tls-max";
    no_protocols: "should be names of 1 to 255 bytes with commas between them";
    no_fingerprint: "should be a SHA-256 fingerprint: 64 hex digits, with or without colons";
    file_written(path: &str) => "written: {path}";
    file_exists(path: &str) => "{path} exists already and is not replaced";

    // Values
    should_be(names: &str) => "should be {names}";
    cannot_be_empty: "cannot be empty";
    host_missing: "the host is missing: HOST:PORT";
    port_missing: "the port is missing: HOST:PORT";
    should_be_host_and_port: "should be HOST:PORT, an IPv6 address in brackets";
    port_0_to_connect: "port 0 is not a valid destination";
    no_duration: "a duration is a number and a unit, such as 250ms, 2s, 1m or 1h";
    unit_missing: "the unit is missing: ms, s, m or h";
    unknown_unit(unit: &str) => "unknown unit \"{unit}\"; use ms, s, m or h";
    duration_too_long: "the duration is too long";
    number_from(least: u64) => "must be a whole number of at least {least}";
    should_be_window_size: "should be WIDTHxHEIGHT such as 1280x800, each side 200 to 16384";
    should_be_size: "should be a size such as 512M or 4GiB";
    at_most_a_gib: "must be at most 1 GiB";
    at_least_a_mib: "must be at least 1 MiB";
    should_be_time_or_forever: "should be a time such as 30d or 12h, or forever";
    should_be_peer: "should be IP:PORT, IP or #N";
    port_columns() -> [&'static str; 5] { ["Protocol", "Local", "Remote", "State", "Program"] }
    looked_up(count: usize, took: &str) -> String {
        let noun = if count == 1 { "address" } else { "addresses" };
        format!("{count} {noun} in {took}")
    }
    port_answered(asked: u64, answered: u64, times: Option<&[String; 3]>) -> String {
        let times = times.map(|[least, mean, most]| format!("; min {least}, mean {mean}, max {most}"));
        format!("{asked} asked, {answered} answered{}", times.unwrap_or_default())
    }
    no_such_socket_option(name: &str) => "No option {name} here";
    no_such_socket_option_here: "this system has no such option";
    not_for_protocol(protocol: Protocol) -> &'static str {
        match protocol {
            Protocol::TcpServer => "does not apply to a TCP server",
            Protocol::TcpClient => "does not apply to a TCP client",
            Protocol::Udp => "does not apply to UDP",
        }
    }
    should_be_switch: "should be on or off";
    should_be_between(least: u32, most: u32) => "should be a whole number from {least} to {most}";
    should_be_bytes_between(least: u32, most: u32) => "should be a number of bytes such as 65536, 64k or 1M, from {least} to {most}";
    should_be_keep_alive: "should be off or IDLE[,INTERVAL[,COUNT]] such as 30s,5s,3, in whole seconds up to 32767s";
    should_be_interface: "should be the name of a network interface";
    should_be_datagram_size: "should be 1 to 65507";
    interval_too_short: "the interval must be at least 1ms";
    no_such_encoding: "there is no such encoding";
    there_are(names: &[&str]) => "; there are {}", names.join(", ");

    // Options that do not fit
    option_of_window: "is an option of the window: write it after gui, or without a command";
    for_reading_captures: "applies to show, export and search";
    needs_a_pattern: "needs one of --text, --hex and --regex";
    timeout_without_condition: "has no effect without a condition: add --until-…, --expect, --expect-hex or --expect-regex, or use --for";
    for_udp_only: "applies to UDP only";
    needs_reconnect: "has no effect without --reconnect";
    no_delays: "the first delay should be at least 10ms, and the longest one not shorter than it, as in 1s..30s";
    not_for_udp: "does not apply to UDP, which has no connections";
    forward_sends_nothing: "does not apply to a forward, which sends only what it passes on";
    forward_without_layers: "a forward passes on plain TCP or UDP: tcp:// or udp://";
    forward_of_one_kind: "both ends of a forward are TCP, or both are UDP";
    nothing_to_cut: "has nothing to split: it applies to --send-file and --stdin";
    read_only_once(option: &str) => "is a pipe or device, which can be read only once, and cannot be used with {option}";
    needs_save: "needs --save";
    nothing_to_replace: "has nothing to replace: it applies to --send and --send-hex";
    nothing_to_wrap: "has nothing to wrap: it applies to --send, --send-hex, --reply and --reply-hex";
    nothing_to_repeat: "there is nothing to repeat";
    needs_frame: "needs --frame";
    nothing_to_verify: "has nothing to verify: add a check to --frame, or --verify";

    // Files
    folder_missing(folder: &str) => "the folder {folder} does not exist";
    not_a_folder: "is not a folder";
    for_tcp_only: "applies to TCP only";
    needs_option(option: &str) => "needs {option}";
    folder_not_file: "is a folder, not a file";
    file_longer_than_datagram: "is longer than the largest datagram (65507 bytes): split it with --datagram-size";
    used_by_too(option: &str) => "is also used by {option}";
    raw_on_terminal: "raw bytes are not written to a terminal: use --out PATH or a pipe";

    // Which capture
    capture_name_empty: "the name of the capture is empty";
    no_captures_yet: "there are no captures yet";
    no_such_capture(id: &str) => "there is no capture \"{id}\"";
    several_captures(id: &str, one: &str, other: &str) => "\"{id}\" does not name one capture: {one}, {other} and perhaps more begin with it";
    too_short_to_delete(id: &str, needed: &str) => "\"{id}\" is too short to delete by; give at least the date in the name, such as {needed}";
}

//! Forms: what a field asks for, framing rules and highlight rules, in English.

use super::En;
use crate::model::Direction;
use crate::words::counted;

texts! { Forms for En;

    // Below a field
    fill_in: "Required";
    port_above_zero: "Must be 1–65535";
    whole_number(least: i64, most: i64) => "Enter a whole number from {least} to {most}";
    whole_number_short(least: u64, most: u64) => "Enter a whole number from {least} to {most}";
    size_between(least: u64, most: u64) => "Enter a size such as 64KiB, {least} to {most} bytes";
    milliseconds: "Enter milliseconds, such as 20 or 0.5";
    one_byte: "Enter one byte";
    value_should_be(expected: &str) => "Should be {expected}";
    literal_address: "Enter an IP address and a port, such as 192.168.1.20:9000";
    literal_while_open: "While open: IP addresses only";

    // Framing rules
    sample_of(peer: &str, direction: Direction, start: u64, bytes: u64) -> String {
        let way = match direction {
            Direction::Received => "received from",
            Direction::Sent => "sent to",
        };
        format!("{} {way} {peer}, from offset {start}", counted(bytes, "byte"))
    }
    bad_checks(frames: u64) => "{frames} with a bad check";
    by_last_rule(counts: &str) => "{counts} (last valid rule)";
    wrong_field(label: &str, wrong: &str) => "No rule yet: \"{label}\" is wrong. {wrong}";
    in_no_frame(bytes: u64) => "{} unframed", counted(bytes, "byte");
    cut_off(frames: u64) => "{frames} incomplete";
    frame_row(kind: &str, start: u64, bytes: u64, is_right: Option<bool>, content: &str) -> String {
        let verdict = match is_right {
            Some(true) => ", checksum OK",
            Some(false) => ", checksum error",
            None => "",
        };
        format!("{kind} at {start}, {}{verdict}: {content}", counted(bytes, "byte"))
    }
    more_frames(count: u64) -> String {
        match count {
            1 => "1 more row, counted but not listed".to_owned(),
            _ => format!("{count} more rows, counted but not listed"),
        }
    }
    rule_saved(name: &str) => "Rule “{name}” is saved";
    rule_deleted(name: &str) => "Rule “{name}” is deleted";
    rules_full(most: usize) => "{most} rules can be saved: delete one first";

    // Highlight rules
    nothing_to_highlight: "There is no data in the selection";
    too_long_to_highlight(most: usize) => "Too much is selected: a highlight rule takes {most} bytes at most";
    too_many_highlights(most: usize) => "{most} highlight rules at most: delete one first";
    highlight_too_long(most: usize) => "Too long: a rule takes {most} bytes at most";
    no_highlight_matches: "No rule matches the example";
    highlights_that_match(titles: &[String]) => "Matched by: {}", titles.join(", ");
    delete_highlight(number: usize) => "Delete rule {number}";
    of_highlight(control: &str, number: usize) => "{control} of rule {number}";

    // Export
    export_format(name: &str) -> Option<&'static str> {
        Some(match name {
            "pcapng" => "pcapng (Wireshark)",
            "csv" => "CSV",
            "jsonl" => "JSON lines",
            "netassist" => "NetAssist log",
            "hexdump" => "Hexdump (text2pcap)",
            "raw" => "Raw bytes",
            _ => return None,
        })
    }
}

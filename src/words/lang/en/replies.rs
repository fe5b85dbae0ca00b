//! Automatic replies, in English.

use super::En;
use crate::talk::tree::EndHow;
use crate::words::texts::{Named, by_id};

const LABELS: Named = &[
    ("master", "Automatic replies"),
    ("order", "First match replies"),
    ("turn-off", "Turn replies off"),
    ("is-off", "off"),
    ("filter", "Filter rules"),
    ("none-found", "No matching rules"),
    ("empty", "No reply rules yet"),
    (
        "empty-how",
        "A rule replies by itself when certain data arrives. Rules are kept in the .talk file of this session.",
    ),
    ("more", "More actions for replies"),
    ("read-again", "Reload the files that rules use"),
    ("rule-on", "Enable"),
    ("rule-off", "Disable"),
    ("on-open", "On connect"),
    ("on-close", "On disconnect"),
    ("modbus-tcp", "Modbus TCP server"),
    ("modbus-rtu", "Modbus RTU server"),
    ("last-valid", "The last valid rules are still in use."),
    ("foreign", "This file comes from elsewhere, so replies are off. Look at its rules before you turn them on."),
    ("by-reads", "No framing rule is set: each read counts as one message."),
    ("choose-framing", "Choose a framing rule"),
    ("seen", "Dismiss"),
    ("new", "New reply rule"),
    ("new-short", "New rule"),
    ("of-selection", "From selection"),
    ("create", "Create reply"),
    ("nothing-selected", "Select a record or some bytes in the log first"),
    ("title-new", "New rule"),
    ("title-edit", "Edit rule"),
    ("rule-name", "Rule name"),
    ("bad-name", "Only letters, digits and _, not a digit first"),
    ("when", "On"),
    ("occasion", "Trigger"),
    ("regex", "Regex"),
    ("when-idle", "Idle for"),
    ("when-every", "Every"),
    ("pattern", "Pattern"),
    ("time", "Time (ms)"),
    ("fits", "Match"),
    ("fits-name", "Match mode"),
    ("fits-start", "Start"),
    ("fits-whole", "Whole"),
    ("fits-inside", "Contains"),
    ("from", "From"),
    ("from-name", "From peer"),
    ("from-all", "All peers"),
    ("framed-name", "Build reply frames by the framing rule"),
    ("sends", "Send"),
    ("send-format", "Reply format"),
    ("send-content", "Reply content"),
    ("remove-send", "Remove this send"),
    ("send-check", "Reply checksum"),
    ("send-tail", "Reply line end"),
    ("send-delay", "Reply delay (ms)"),
    ("no-tail", "No end"),
    ("delay", "Delay"),
    ("add-send", "Send one more"),
    ("limit", "Limit"),
    ("limit-name", "Reply limit"),
    ("no-limit", "None"),
    ("per-connection", "per connection"),
    ("then", "Then"),
    ("then-name", "After replying"),
    ("keep-open", "Keep connection"),
    ("depends", "Depends on what is received"),
    ("as-text", "Edit as text"),
    ("edited-as-text", "This rule is edited as text."),
    ("rule-text", "Rule text"),
    ("empty-field", "Enter content"),
    ("preset-echo", "Echo"),
    ("preset-upper", "Echo in upper case"),
    ("preset-fixed", "Fixed answer"),
    ("preset-http", "HTTP 200"),
    ("preset-scpi", "SCPI *IDN?"),
    ("fixed-answer", "ok, working on it..."),
    ("presets", "Ready-made replies"),
];

texts! { ReplyTexts for En;

    reply(id: &str) -> &'static str { by_id(LABELS, id) }
    enable_rule(name: &str) => "Enable rule {name}";
    rule_hits(hits: u64) -> String { if hits == 1 { "1 hit".to_owned() } else { format!("{hits} hits") } }
    replies_on(rules: usize, faults: u64) -> String {
        let on = if rules == 1 { "1 reply on".to_owned() } else { format!("{rules} replies on") };
        match faults {
            0 => on,
            1 => format!("{on} · 1 error"),
            _ => format!("{on} · {faults} errors"),
        }
    }
    replies_are_off(rules: usize) -> String {
        match rules {
            0 => "Off".to_owned(),
            1 => "Off, 1 rule is not used".to_owned(),
            _ => format!("Off, {rules} rules are not used"),
        }
    }
    rule_on(pattern: &str) => "On {pattern}";
    rule_on_idle(time: &str) => "Idle for {time}";
    rule_on_every(time: &str) => "Every {time}";
    rule_ends(how: EndHow) -> &'static str {
        match how {
            EndHow::Close => "close",
            EndHow::Reset => "reset",
            EndHow::Shutdown => "half-close",
        }
    }
    preset_label(name: &str, framing: &str) => "{name} (framing: {framing})";
    preset_added(name: &str) => "Added “{name}”";
    preset_framed(name: &str, framing: &str) => "Added “{name}” and set the framing to {framing}";
    register_table_at(path: &str) => "The register table is {path}. After a change, choose \"Reload the files that rules use\".";
    rule_faults(count: u64) -> String {
        if count == 1 { "A reply rule failed".to_owned() } else { format!("Reply rules failed {count} times") }
    }
}

//! Quick commands, in English.

use super::En;
use crate::talk::import::Why;
use crate::words::texts::{Named, by_id};
use crate::words::{counted, size};

const LABELS: Named = &[
    ("filter", "Filter commands"),
    ("new", "New command"),
    ("new-short", "New"),
    ("run-all", "Run all"),
    ("loop-all", "Run all repeatedly"),
    ("stop", "Stop"),
    ("stop-all", "Stop all commands"),
    ("more", "More about the list"),
    ("open-file", "Open a talk file…"),
    ("import", "Import from Packet Sender or CSV…"),
    ("import-title", "Import commands"),
    ("close-notes", "Close the notes"),
    ("own-file", "Use the list of this session"),
    ("show-folder", "Show in folder"),
    ("copy-all", "Copy all as talk"),
    ("new-group", "New group"),
    ("loop", "Repeat"),
    ("run", "Run"),
    ("edit", "Edit"),
    ("duplicate", "Duplicate"),
    ("copy", "Copy as talk"),
    ("up", "Move up"),
    ("down", "Move down"),
    ("off", "Leave out of Run all"),
    ("on", "Include in Run all"),
    ("delete", "Delete"),
    ("first-group", "Without a group"),
    ("empty", "No commands yet"),
    ("empty-how", "Keep what you send often, and send it again with one click or Alt+1\u{2026}9."),
    ("keep-box", "Save as quick command"),
    ("add", "Quick command"),
    ("add-name", "Add a quick command"),
    ("none-found", "No matching commands"),
    ("name", "Name"),
    ("command-name", "Command name"),
    ("group", "Group"),
    ("groups", "Groups"),
    ("format", "Format"),
    ("command-format", "Command format"),
    ("content", "Content"),
    ("command-content", "Command content"),
    ("framed", "Frame"),
    ("framed-short", "By framing rule"),
    ("framed-name", "Build a frame by the framing rule"),
    ("check", "Checksum"),
    ("command-check", "Command checksum"),
    ("command-tail", "Command line end"),
    ("command-group", "Command group"),
    ("no-check", "None"),
    ("tail", "Line end"),
    ("no-tail", "None"),
    ("find-check", "Filter checksums"),
    ("expects", "Expect"),
    ("expects-name", "What must come back"),
    ("expects-hint", "Optional"),
    ("within", "Within"),
    ("within-name", "Wait at most (ms)"),
    ("delay", "Pause"),
    ("delay-name", "Pause after it (ms)"),
    ("repeats", "Repeat command"),
    ("times", "Command repeats"),
    ("every", "Command period (ms)"),
    ("will-send", "Sends"),
    ("save", "Save"),
    ("cancel", "Cancel"),
    ("title-new", "New command"),
    ("title-edit", "Edit command"),
    ("empty-content", "Enter what to send"),
    ("wrong-number", "Enter a whole number"),
];

texts! { Quick for En;

    quick(id: &str) -> &'static str { by_id(LABELS, id) }
    run_quick(name: &str) => "Run {name}";
    stop_quick(name: &str) => "Stop {name}";
    edit_quick(name: &str) => "Edit {name}";
    more_quick(name: &str) => "More about {name}";
    loop_group(title: &str) => "Run {title} repeatedly";
    move_to_group(title: &str) => "Move to {title}";
    quick_deleted(name: &str) => "{name} deleted";
    quick_moved(name: &str) => "{name} moved";
    quick_kept(name: &str, key: &str) -> String {
        if key.is_empty() { format!("Saved as quick command {name}") } else { format!("Saved as quick command {name} ({key})") }
    }
    keep_message(message: &str) => "Save {message} as quick command";
    quick_too_long(most: u64) => "A quick command can have at most {}", size(most);
    quick_imported(commands: usize, left_out: usize) -> String {
        let imported = counted(commands as u64, "command");
        match left_out {
            0 => format!("{imported} imported"),
            1 => format!("{imported} imported · 1 note"),
            count => format!("{imported} imported · {count} notes"),
        }
    }
    quick_left_out(name: &str, why: Why) -> String {
        let why = match why {
            Why::NotHex => "left out, its bytes are not hex",
            Why::Empty => "left out, it sends nothing",
            Why::TooLong => "left out, longer than 64 KiB",
            Why::Http => "left out, an HTTP request is more than its bytes",
            Why::TooMany => "left out with all behind it, the list is too long",
            Why::Number => "imported without a time that is not a number",
            Why::Macro => "imported, but Packet Sender\u{2019}s macros in it are sent as they are",
        };
        if name.is_empty() { why.to_owned() } else { format!("{name}: {why}") }
    }
    quick_no_addresses: "Its addresses are not used: commands go to the connection of this session";
    quick_no_list(file: &str) => "{file} has no commands that can be imported";
    quick_failed(name: &str, cause: &str) => "{name}: {cause}";
    quick_not_connected: "Not connected, so nothing was sent";
    quick_not_simple: "This command does more than the form can show. Edit its lines in the talk file";
    quick_needs_steps: "it waits for answers or counts without end, which needs a run of the file";
    quick_sends_nothing: "it sends nothing";
    quick_every(time: &str) => "every {time}";
    quick_times(count: u64) => "\u{d7}{count}";
    quick_running(count: usize) -> String {
        if count == 1 { "1 running".to_owned() } else { format!("{count} running") }
    }
    quick_others(count: usize) => "{count} more";
}

//! Texts about commands in English.

use super::En;
use crate::words::texts::{Named, by_id};

const COMMANDS: Named = &[
    ("connection", "Connection"),
    ("sending", "Sending"),
    ("traffic", "Traffic"),
    ("places", "Places"),
    ("tabs", "Sessions"),
    ("program", "Program"),
    ("open-or-close", "Open or close the connection"),
    ("reset-counters", "Reset counters"),
    ("send", "Send"),
    ("stop-sending", "Stop sending"),
    ("send-file", "Send file…"),
    ("find", "Find"),
    ("find-next", "Next hit"),
    ("find-previous", "Previous hit"),
    ("hit-list", "List of hits"),
    ("filter", "Filter"),
    ("clear-filter", "Clear filter"),
    ("follow", "Follow new data"),
    ("clear", "Clear view"),
    ("show-all", "Restore the cleared view"),
    ("copy-all", "Copy everything shown"),
    ("receive-to-file", "Save received to file…"),
    ("save-received", "Save received…"),
    ("save-log", "Save log…"),
    ("export", "Export…"),
    ("next-difference", "Next difference"),
    ("previous-difference", "Previous difference"),
    ("next-place", "Next area"),
    ("previous-place", "Previous area"),
    ("box", "Go to the send box"),
    ("left", "Show or hide the connection column"),
    ("dock", "Show or hide the dock"),
    ("drawer", "Show or hide the results"),
    ("inspect", "Inspect selected bytes"),
    ("quick-commands", "Quick commands"),
    ("replies", "Replies"),
    ("new-reply", "New reply rule"),
    ("reply-of-selection", "Create reply from selection"),
    ("turn-replies", "Turn replies on or off"),
    ("facts", "Info: facts of the connection"),
    ("plots", "Plots: rates and response times"),
    ("transfers", "Transfers"),
    ("reply-trace", "Reply trace: which rule answered, or why none did"),
    ("new-tab", "New session"),
    ("close-tab", "Close session"),
    ("reopen-tab", "Reopen closed session"),
    ("next-tab", "Next session"),
    ("previous-tab", "Previous session"),
    ("duplicate-tab", "Duplicate session"),
    ("close-other-tabs", "Close other sessions"),
    ("split", "Side by side"),
    ("settings", "Settings"),
    ("captures", "Captures"),
    ("import-log", "Import a NetAssist log…"),
    ("edit-framing", "Edit the framing rule…"),
    ("highlight-rules", "Highlight rules…"),
    ("demo", "Open the demo"),
    ("palette", "Commands"),
    ("key-sheet", "Keyboard shortcuts"),
    ("copy", "Copy the selection"),
    ("copy-other", "Copy the selection in the other form"),
    ("compare", "Mark the selection, or compare it with the marked one"),
    ("fill-box", "Edit and resend the selection"),
    ("older-message", "Previous message of the history"),
    ("newer-message", "Next message of the history"),
    ("undo-conversion", "Undo the conversion between text and hex"),
    ("next-control", "Next control"),
    ("previous-control", "Previous control"),
    ("tab-by-number", "Session 1 to 9"),
    ("quick-by-number", "Quick command 1 to 9"),
];

const DETAILS: Named =
    &[("clear", "the capture is kept"), ("send-file", "content as is"), ("export", "pcapng, csv, text and others")];

const HEADINGS: Named = &[
    ("recent", "Recently used"),
    ("commands", "Commands"),
    ("sessions", "Sessions"),
    ("connections", "Recent connections"),
    ("captures", "Captures"),
    ("display", "Display"),
    ("exports", "Export"),
    ("looks", "Language and theme"),
];

const PALETTE_KEYS: Named =
    &[("choose", "choose"), ("run", "run"), ("run-in-new-tab", "open in a new tab"), ("close", "close")];

texts! { Keys for En;
    command(id: &str) -> &'static str { by_id(COMMANDS, id) }
    palette: "Commands";
    command_detail(id: &str) -> &'static str { by_id(DETAILS, id) }
    palette_heading(id: &str) -> &'static str { by_id(HEADINGS, id) }
    palette_open(udp: bool, listens: bool, address: &str) -> String {
        match (udp, listens) {
            (true, true) => format!("Open UDP at {address}"),
            (true, false) => format!("Open UDP with target {address}"),
            (false, true) => format!("Start a TCP server at {address}"),
            (false, false) => format!("Connect to {address} by TCP"),
        }
    }
    palette_verb(id: &str) -> &'static str { by_id(&[("listen", "listen"), ("connect", "connect")], id) }
    export_as(form: &str) => "Export as {form}…";
    palette_matches(count: u64) -> String { if count == 1 { "1 match".to_owned() } else { format!("{count} matches") } }
    palette_hint: "Type a command, an address or an encoding";
    palette_none: "No matches";
    palette_key(id: &str) -> &'static str { by_id(PALETTE_KEYS, id) }
    palette_or_type: "or type tcp 10.0.0.5:502";
    key_sheet: "Keyboard shortcuts";
    keys_hint: "Click a row to change its shortcut";
    keys_editing: "Press the new shortcut; Backspace removes it, Esc cancels";
    keys_press: "Press the new shortcut…";
    keys_reset: "Reset all";
    key_reset(command: &str) => "Reset to default: {command}";
    key_is_text(key: &str) => "{key} enters or edits text; add Ctrl or Alt, or use another key";
    key_is_taken(key: &str, command: &str) => "{key} is already used for \"{command}\"";
}

//! The talk file of a tab in the window, in English.

use super::En;

texts! { TalkFiles for En;

    open_talk_title: "Open a talk file";
    talk_changed_since: "The list has changed since; nothing was done";
    talk_not_loaded: "The talk file is not read yet; nothing was changed";
    talk_choose_first: "Another program has changed the talk file. Choose a version first";
    talk_has_errors: "The talk file has errors. Correct them in an editor; the list is read again when you come back";
    talk_bad_name(name: &str) => "\u{201c}{name}\u{201d} cannot be a name here";
    talk_file_changed(is_there: bool) -> &'static str {
        if is_there { "Another program has changed this file" } else { "This file has been removed" }
    }
    talk_file_too_long: "Longer than 16 MiB, so it is not read";
    talk_file_failed: "The talk file is not available";
    talk_take_theirs(drops: bool) -> &'static str { if drops { "Discard my edits" } else { "Read again" } }
    talk_keep_ours: "Keep my edits";
    talk_not_written: "Your last edits are not in the talk file yet. See the list in the dock";
    talk_aside_found: "Edits that could not be written last time";
    talk_take_aside: "Use these edits";
    talk_drop_aside: "Delete these edits";
    talk_aside_taken: "The edits of last time are used";
    talk_error_at(line: usize, sentence: &str) => "Line {line}: {sentence}";
    talk_errors_more(count: usize) -> String {
        if count == 1 { "and 1 more error".to_owned() } else { format!("and {count} more errors") }
    }
}

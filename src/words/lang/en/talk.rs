//! What is wrong with a talk file, in English.

use super::En;

texts! { Talk for En;

    talk_title_and_label(title: &str, label: &str) => "{title}: {label}";
    talk_error_level: "error";
    talk_opened_here: "opened here";
    talk_first_here: "first one here";
    talk_more_errors(count: usize) => "{count} more errors";
    talk_end_of_line: "the end of the line";
    talk_end_of_file: "the end of the file";
    talk_full_width(found: char) => "Full-width `{found}` outside of quotes";
    talk_write_instead(meant: &str) => "write `{meant}`";
    talk_write_space: "write a normal space";
    talk_unexpected(found: &str) => "Unexpected {found}";
    talk_expected(what: &str) => "expected {what}";
    talk_or: " or ";
    talk_name: "a name";
    talk_text: "a text in quotes";
    talk_time: "a time such as 20ms or 1.5s";
    talk_whole: "a whole number";
    talk_value: "a value: number, text, name or function";
    talk_item: "something to send: hex, a text in quotes or a field `{{…}}`";
    talk_pattern: "something to expect: hex, a text in quotes, a field, `*` or `/…/`";
    talk_word: "a word";
    talk_address: "an address such as tcp://127.0.0.1:502";
    talk_type: "a type such as u16, i32le, f32, bcd6, bytes or text(8)";
    talk_format: "a format such as 04, .3 or 02X";
    talk_reading: "dec, num or hex";
    talk_statement: "a statement such as `>`, `<`, check or wait";
    talk_end_of_statement: "the end of the line or `;`";
    talk_unknown_word(word: &str) => "`{word}` is not a word of the language";
    talk_did_you_mean(word: &str) => "did you mean `{word}`?";
    talk_not_known: "not known here";
    talk_no_arrow: "A line to send begins with `>`";
    talk_write_before: "write `>` before it, or `<` to wait for it";
    talk_else_on_new_line: "`else` begins a line";
    talk_else_same_line: "write it on the line of its statement, or behind its `}`";
    talk_reserved(word: &str) => "`{word}` is a word of the language and cannot be a name";
    talk_other_name: "choose another name";
    talk_not_yet(word: &str) => "`{word}` is not supported yet";
    talk_not_yet_label: "this version cannot run it";
    talk_version(version: u64) => "Version {version} of the language is not known";
    talk_version_label: "this program reads version 1";
    talk_version_not_first: "`talk` must be the first line";
    talk_move_up: "move it to the beginning of the file";
    talk_missing_brace: "A `}` is missing";
    talk_close_before: "close the block before this";
    talk_extra_brace: "This `}` closes nothing";
    talk_remove: "remove it";
    talk_transfer_session(word: &str, role: &str) => "`{word}` needs a TCP session with `{role}`";
    talk_outside_of_steps(word: &str) => "`{word}` lasts as long as its session: write it outside of steps and blocks";
    talk_may_not_store(word: &str) => "`{word}` stores files, which is not allowed";
    talk_allow_storing: "choose a folder with --receive-files DIR";
    talk_uses_itself(path: &str) => "`{path}` uses itself, directly or by other files";
    talk_too_many_files(most: usize) => "More than {most} files are used";
    talk_unclosed_text(quote: char) => "The text is not closed: `{quote}` is missing on this line";
    talk_begins_here: "it begins here";
    talk_unclosed_regex: "The regular expression is not closed: `/` is missing on this line";
    talk_unclosed_field: "The field is not closed: `}}` is missing";
    talk_too_deep: "Too many blocks or parentheses in each other";
    talk_simplify: "at most 64 levels";
    talk_too_many_operators: "Too many operators in one expression";
    talk_fewer_operators: "at most 100";
    talk_bad_escape(escape: &str) => "Unknown escape `{escape}`";
    talk_escapes: "use \\n \\r \\t \\0 \\xNN \\u{N} \\\\ \\\" \\{";
    talk_bad_hex(character: &str) => "`{character}` is not a hex digit";
    talk_hex_form: "pairs of hex digits, spaces between the groups; text needs quotes";
    talk_odd_hex(digits: &str) => "`{digits}` has an odd number of hex digits";
    talk_two_digits: "each byte has two digits";
    talk_pattern_only(text: &str) => "`{text}` can be expected but not sent";
    talk_behind_await: "allowed behind `<` and `on` only";
    talk_regex_alone: "A regular expression is the whole pattern";
    talk_regex_alone_label: "nothing else can be beside it";
    talk_regex_flag(flag: char) => "Unknown flag `{flag}` of a regular expression";
    talk_regex_flags: "the flags are i, s and b";
    talk_bad_number(number: &str) => "`{number}` is not a number, or too large";
    talk_number_form: "numbers are written 12, 0x1F, 1.5e3 or 20ms";
    talk_no_unit(number: &str) => "The time `{number}` has no unit";
    talk_units: "write us, ms, s, m or h behind it";
    talk_unknown_unit(number: &str) => "`{number}` has an unknown unit";
    talk_known_units: "the units are us, ms, s, m and h";
    talk_option_twice(option: &str) => "`{option}` is given twice";
    talk_second: "second one here";
    talk_unknown_option(option: &str) => "There is no option `{option}`";
    talk_unset_name(name: &str) => "`{name}` is never set";
    talk_set_it: "set it with var, set or a capture {{?…}}";
    talk_unknown_function(name: &str) => "There is no function `{name}`";
    talk_arguments(function: &str, given: usize) => "`{function}` has {given} arguments";
    talk_takes(least: usize, most: usize) -> String {
        match most {
            usize::MAX => format!("it takes at least {least}"),
            most if most == least => format!("it takes {least}"),
            most => format!("it takes {least} to {most}"),
        }
    }
    talk_unknown_session(name: &str) => "There is no session `{name}`";
    talk_which_session: "The file has several sessions and this line names none";
    talk_name_session(name: &str) => "name one, such as `{name}:`";
    talk_unnamed_session: "Of several sessions each needs a name";
    talk_name_it: "write its name before this word";
    talk_duplicate(what: &str, name: &str) => "There are two {what} named `{name}`";
    talk_vars: "variables";
    talk_sessions: "sessions";
    talk_rules: "rules";
    talk_parts: "parts";
    talk_files: "files";
    talk_parameters: "parameters";
    talk_line_end_twice(rule: &str) => "The line end is sent twice: `{rule}` already adds one";
    talk_remove_line_end: "remove it from the text, or send the line with raw";
    talk_does_not_fit(value: &str, form: &str) => "{value} does not fit into {form}";
    talk_wider_type: "use a wider type or a smaller value";
    talk_wrong_kind(found: &str) => "This is {found}";
    talk_a_number: "a number";
    talk_a_text: "a text";
    talk_a_truth: "true or false";
    talk_some_bytes: "bytes";
    talk_bad_address(why: &str) => "Not an address: {why}";
    talk_bad_encoding(name: &str) => "There is no encoding `{name}`";
    talk_not_in_rule(word: &str) => "`{word}` cannot be in a rule";
    talk_rules_answer: "rules answer at once; waiting is for steps";
    talk_rule_needs_frame: "A rule on bytes needs a session with `frame`";
    talk_frame_record: "write `frame record` in the session if one read is one message";
    talk_excludes(one: &str, other: &str) => "`{one}` cannot be used with `{other}`";
}

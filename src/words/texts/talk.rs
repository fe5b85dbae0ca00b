//! Errors of talk files. A title names the problem; a label below the caret names the correction.

/// Errors of talk files.
pub trait Talk {
    /// Title and label in one sentence.
    fn talk_title_and_label(&self, title: &str, label: &str) -> String;
    /// The level of an error.
    fn talk_error_level(&self) -> &'static str;
    /// Label of the brace that is not closed.
    fn talk_opened_here(&self) -> &'static str;
    /// Label of the first one of two.
    fn talk_first_here(&self) -> &'static str;
    /// More errors than are shown.
    fn talk_more_errors(&self, count: usize) -> String;
    /// What was read: the line ends.
    fn talk_end_of_line(&self) -> &'static str;
    /// What was read: the file ends.
    fn talk_end_of_file(&self) -> &'static str;
    /// A full-width character.
    fn talk_full_width(&self, found: char) -> String;
    /// Label: what to write instead.
    fn talk_write_instead(&self, meant: &str) -> String;
    /// Label: a space is meant.
    fn talk_write_space(&self) -> &'static str;
    /// Something else should be here.
    fn talk_unexpected(&self, found: &str) -> String;
    /// Label: what is meant.
    fn talk_expected(&self, what: &str) -> String;
    /// Between the last two choices.
    fn talk_or(&self) -> &'static str;
    /// What is meant.
    fn talk_name(&self) -> &'static str;
    /// What is meant.
    fn talk_text(&self) -> &'static str;
    /// What is meant.
    fn talk_time(&self) -> &'static str;
    /// What is meant.
    fn talk_whole(&self) -> &'static str;
    /// What is meant.
    fn talk_value(&self) -> &'static str;
    /// What is meant.
    fn talk_item(&self) -> &'static str;
    /// What is meant.
    fn talk_pattern(&self) -> &'static str;
    /// What is meant.
    fn talk_word(&self) -> &'static str;
    /// What is meant.
    fn talk_address(&self) -> &'static str;
    /// What is meant.
    fn talk_type(&self) -> &'static str;
    /// What is meant.
    fn talk_format(&self) -> &'static str;
    /// What is meant.
    fn talk_reading(&self) -> &'static str;
    /// What is meant.
    fn talk_statement(&self) -> &'static str;
    /// What is meant.
    fn talk_end_of_statement(&self) -> &'static str;
    /// No statement begins with the word.
    fn talk_unknown_word(&self, word: &str) -> String;
    /// Label: a word that is written nearly the same.
    fn talk_did_you_mean(&self, word: &str) -> String;
    /// Label: not known.
    fn talk_not_known(&self) -> &'static str;
    /// Something to send without its sign.
    fn talk_no_arrow(&self) -> &'static str;
    /// Label: what is missing before it.
    fn talk_write_before(&self) -> &'static str;
    /// `else` begins a line.
    fn talk_else_on_new_line(&self) -> &'static str;
    /// Label: where it belongs.
    fn talk_else_same_line(&self) -> &'static str;
    /// A word of the language as a name.
    fn talk_reserved(&self, word: &str) -> String;
    /// Label: choose another name.
    fn talk_other_name(&self) -> &'static str;
    /// A word of the second level.
    fn talk_not_yet(&self, word: &str) -> String;
    /// Label of such a word.
    fn talk_not_yet_label(&self) -> &'static str;
    /// A version that is not known.
    fn talk_version(&self, version: u64) -> String;
    /// Label: what this program reads.
    fn talk_version_label(&self) -> &'static str;
    /// `talk` behind something else.
    fn talk_version_not_first(&self) -> &'static str;
    /// Label: move it.
    fn talk_move_up(&self) -> &'static str;
    /// A brace is missing.
    fn talk_missing_brace(&self) -> &'static str;
    /// Label: where it is missing.
    fn talk_close_before(&self) -> &'static str;
    /// A brace too many.
    fn talk_extra_brace(&self) -> &'static str;
    /// Label: remove it.
    fn talk_remove(&self) -> &'static str;
    fn talk_transfer_session(&self, word: &str, role: &str) -> String;
    fn talk_outside_of_steps(&self, word: &str) -> String;
    fn talk_may_not_store(&self, word: &str) -> String;
    fn talk_allow_storing(&self) -> &'static str;
    fn talk_uses_itself(&self, path: &str) -> String;
    fn talk_too_many_files(&self, most: usize) -> String;
    /// A quote is not closed.
    fn talk_unclosed_text(&self, quote: char) -> String;
    /// Label: where it begins.
    fn talk_begins_here(&self) -> &'static str;
    /// A regex is not closed.
    fn talk_unclosed_regex(&self) -> &'static str;
    /// A field is not closed.
    fn talk_unclosed_field(&self) -> &'static str;
    /// Too deep.
    fn talk_too_deep(&self) -> &'static str;
    /// Label: make it simpler.
    fn talk_simplify(&self) -> &'static str;
    /// An expression with too many operators.
    fn talk_too_many_operators(&self) -> &'static str;
    /// How many there may be.
    fn talk_fewer_operators(&self) -> &'static str;
    /// An escape that is none.
    fn talk_bad_escape(&self, escape: &str) -> String;
    /// Label: the escapes.
    fn talk_escapes(&self) -> &'static str;
    /// A character that is no hex digit.
    fn talk_bad_hex(&self, character: &str) -> String;
    /// Label: how hex is written.
    fn talk_hex_form(&self) -> &'static str;
    /// An odd number of digits.
    fn talk_odd_hex(&self, digits: &str) -> String;
    /// Label: two digits a byte.
    fn talk_two_digits(&self) -> &'static str;
    /// Only in patterns.
    fn talk_pattern_only(&self, text: &str) -> String;
    fn talk_type_in_text(&self, form: &str) -> String;
    fn talk_outside_quotes(&self) -> &'static str;
    fn template_type_in_text(&self, form: &str) -> String;
    /// Label: where it belongs.
    fn talk_behind_await(&self) -> &'static str;
    /// A regex beside other items.
    fn talk_regex_alone(&self) -> &'static str;
    /// Label: nothing beside it.
    fn talk_regex_alone_label(&self) -> &'static str;
    /// An unknown flag.
    fn talk_regex_flag(&self, flag: char) -> String;
    /// Label: the flags.
    fn talk_regex_flags(&self) -> &'static str;
    /// No number.
    fn talk_bad_number(&self, number: &str) -> String;
    /// Label: how numbers are written.
    fn talk_number_form(&self) -> &'static str;
    /// A time without unit.
    fn talk_no_unit(&self, number: &str) -> String;
    /// Label: the units.
    fn talk_units(&self) -> &'static str;
    /// An unknown unit.
    fn talk_unknown_unit(&self, number: &str) -> String;
    /// Label: the units.
    fn talk_known_units(&self) -> &'static str;
    /// An option twice.
    fn talk_option_twice(&self, option: &str) -> String;
    /// Label: the second one.
    fn talk_second(&self) -> &'static str;
    /// The value of an option is wrong; the label says what it should be.
    fn talk_bad_value(&self, value: &str) -> String;
    /// An unknown option.
    fn talk_unknown_option(&self, option: &str) -> String;
    /// A name that is never set.
    fn talk_unset_name(&self, name: &str) -> String;
    /// Label: how to set it.
    fn talk_set_it(&self) -> &'static str;
    /// An unknown function.
    fn talk_unknown_function(&self, name: &str) -> String;
    /// A wrong number of arguments.
    fn talk_arguments(&self, function: &str, given: usize) -> String;
    /// Label: how many it takes.
    fn talk_takes(&self, least: usize, most: usize) -> String;
    /// An unknown session.
    fn talk_unknown_session(&self, name: &str) -> String;
    /// Several sessions and none is named.
    fn talk_which_session(&self) -> &'static str;
    /// Label: how to name one.
    fn talk_name_session(&self, name: &str) -> String;
    /// A session without name.
    fn talk_unnamed_session(&self) -> &'static str;
    /// Label: where the name is.
    fn talk_name_it(&self) -> &'static str;
    /// Two of one name.
    fn talk_duplicate(&self, what: &str, name: &str) -> String;
    /// What they are.
    fn talk_vars(&self) -> &'static str;
    /// What they are.
    fn talk_sessions(&self) -> &'static str;
    /// What they are.
    fn talk_rules(&self) -> &'static str;
    /// What they are.
    fn talk_parts(&self) -> &'static str;
    /// What they are.
    fn talk_files(&self) -> &'static str;
    /// What they are.
    fn talk_parameters(&self) -> &'static str;
    /// A line end twice.
    fn talk_line_end_twice(&self, rule: &str) -> String;
    /// Label: remove it or send raw.
    fn talk_remove_line_end(&self) -> &'static str;
    /// A value that does not fit.
    fn talk_does_not_fit(&self, value: &str, form: &str) -> String;
    /// Label: take another type.
    fn talk_wider_type(&self) -> &'static str;
    /// A value of another kind.
    fn talk_wrong_kind(&self, found: &str) -> String;
    /// A kind.
    fn talk_a_number(&self) -> &'static str;
    /// A kind.
    fn talk_a_text(&self) -> &'static str;
    /// A kind.
    fn talk_a_truth(&self) -> &'static str;
    /// A kind.
    fn talk_some_bytes(&self) -> &'static str;
    /// An address that is none.
    fn talk_bad_address(&self, why: &str) -> String;
    /// An unknown encoding.
    fn talk_bad_encoding(&self, name: &str) -> String;
    /// A statement that rules cannot hold.
    fn talk_not_in_rule(&self, word: &str) -> String;
    /// Label: what rules do.
    fn talk_rules_answer(&self) -> &'static str;
    /// A rule on a stream.
    fn talk_rule_needs_frame(&self) -> &'static str;
    /// Label: the simplest rule.
    fn talk_frame_record(&self) -> &'static str;
    /// Words that exclude each other.
    fn talk_excludes(&self, one: &str, other: &str) -> String;
}

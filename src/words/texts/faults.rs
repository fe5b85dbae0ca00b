//! What goes wrong while a talk file is carried out.

/// Faults of expressions, sends, patterns and rules.
pub trait Faults {
    /// A name without a value.
    fn fault_unset_name(&self, name: &str) -> String;
    /// A function that does not exist.
    fn fault_unknown_function(&self, name: &str) -> String;
    /// The number of arguments is wrong.
    fn fault_arguments(&self, function: &str, given: usize) -> String;
    /// A value of the wrong kind.
    fn fault_wrong_kind(&self, value: &str, expected: &str) -> String;
    /// Two values that do not go together.
    fn fault_mixed(&self, left: &str, right: &str) -> String;
    /// The result is too large.
    fn fault_overflow(&self) -> &'static str;
    /// A division by zero.
    fn fault_zero_divisor(&self) -> &'static str;
    /// The result is too long.
    fn fault_too_long(&self, most: usize) -> String;
    /// A position outside of the value.
    fn fault_out_of_range(&self, at: i128, len: usize) -> String;
    /// A value that its type cannot hold.
    fn fault_does_not_fit(&self, value: &str, form: &str) -> String;
    /// A number without a type.
    fn fault_needs_type(&self, value: &str) -> String;
    /// A Unicode word boundary in a stream.
    fn fault_stream_regex(&self) -> &'static str;
    /// A check that does not exist.
    fn fault_unknown_check(&self, name: &str) -> String;
    /// A check without bytes to cover.
    fn fault_check_place(&self, name: &str) -> String;
    /// An unknown type.
    fn fault_unknown_type(&self, name: &str) -> String;
    /// A wrong format of a time.
    fn fault_time_format(&self, error: &str) -> String;
    /// The text is not JSON.
    fn fault_not_json(&self) -> &'static str;
    /// The JSON has no such entry.
    fn fault_no_json_entry(&self, path: &str) -> String;
    /// The environment has no such variable.
    fn fault_no_environment(&self, name: &str) -> String;
    /// A value that is not known here.
    fn fault_not_available(&self, call: &str) -> String;
    /// A path outside of the folder.
    fn fault_path_outside(&self, path: &str) -> String;
    /// A file that cannot be read.
    fn fault_unreadable(&self, path: &str, cause: &str) -> String;
    /// Cause: there is no such file.
    fn fault_missing(&self) -> &'static str;
    /// Cause: access is denied.
    fn fault_denied(&self) -> &'static str;
    /// Cause: the file is too long.
    fn fault_file_too_long(&self) -> &'static str;
    /// Cause: something else.
    fn fault_file_other(&self) -> &'static str;
    /// Something that only patterns have.
    fn fault_pattern_only(&self) -> &'static str;
    /// Too many parts of open length.
    fn fault_too_many_open(&self, most: usize) -> String;
    /// Matching takes too much work.
    fn fault_too_much_work(&self) -> &'static str;
    /// The values take too much memory.
    fn fault_too_much_state(&self, most: usize) -> String;
    /// A statement that rules cannot hold.
    fn fault_not_in_rule(&self, word: &str) -> String;
    /// A value that is no time.
    fn fault_bad_time(&self, value: &str) -> String;
    /// A value that is no count.
    fn fault_bad_count(&self, value: &str) -> String;
    /// A file with steps where only rules run.
    /// A file without rules.
    fn talk_has_no_rules(&self) -> &'static str;
    /// A row of a register table that is none.
    fn fault_bad_table(&self, line: usize, written: &str) -> String;
    /// A kind of value.
    fn kind_truth(&self) -> &'static str;
    /// A kind of value.
    fn kind_number(&self) -> &'static str;
    /// A kind of value.
    fn kind_whole(&self) -> &'static str;
    /// A kind of value.
    fn kind_text(&self) -> &'static str;
    /// A kind of value.
    fn kind_bytes(&self) -> &'static str;
    /// A kind of value.
    fn kind_list(&self) -> &'static str;
}

//! What goes wrong while a talk file is carried out.

use super::En;
use crate::words::grouped;

texts! { Faults for En;

    fault_unset_name(name: &str) => "The name `{name}` has no value";
    fault_unknown_function(name: &str) => "There is no function `{name}`";
    fault_arguments(function: &str, given: usize) => "{function} does not take {given} arguments";
    fault_wrong_kind(value: &str, expected: &str) => "{value} is not {expected}";
    fault_mixed(left: &str, right: &str) => "Cannot combine {left} with {right}";
    fault_overflow: "The result is too large for a number";
    fault_zero_divisor: "Division by zero";
    fault_too_long(most: usize) => "The result is too long: at most {} bytes", grouped(most as u64);
    fault_out_of_range(at: i128, len: usize) => "Position {at} is outside of the value, which has length {len}";
    fault_does_not_fit(value: &str, form: &str) => "{value} does not fit into {form}";
    fault_needs_type(value: &str) => "The number {value} needs a type outside of quotes, such as {{{{x:u16}}}}";
    fault_stream_regex: "\\b cannot be used in a stream without frames; write (?-u:\\b)";
    fault_unknown_check(name: &str) => "There is no check `{name}`";
    fault_check_place(name: &str) => "The check {name} has no bytes to cover here";
    fault_unknown_type(name: &str) => "There is no type `{name}`";
    fault_time_format(error: &str) => "Invalid time format: {error}";
    fault_not_json: "This is not valid JSON";
    fault_no_json_entry(path: &str) => "The JSON has no entry `{path}`";
    fault_no_environment(name: &str) => "The environment has no variable {name}";
    fault_not_available(call: &str) => "{call} has no value here";
    fault_path_outside(path: &str) => "The path `{path}` leaves the folder of this file";
    fault_unreadable(path: &str, cause: &str) => "Cannot read the file `{path}`: {cause}";
    fault_missing: "it does not exist";
    fault_denied: "access is denied";
    fault_file_too_long: "it is too long";
    fault_file_other: "reading fails";
    fault_pattern_only: "This is only possible in what is expected";
    fault_too_many_open(most: usize) => "Too many parts of open length: at most {most}";
    fault_too_much_work: "Matching takes too much work; use fewer `*`";
    fault_too_much_state(most: usize) => "The values take too much memory: at most {} bytes", grouped(most as u64);
    fault_not_in_rule(word: &str) => "`{word}` cannot be used in a rule";
    fault_bad_time(value: &str) => "{value} is not a usable time";
    fault_bad_count(value: &str) => "{value} is not a usable count";
    talk_has_no_rules: "The file has no active rules (on …)";
    fault_bad_table(line: usize, written: &str) => "Row {line} of the register table is invalid: {written} (write TABLE,ADDRESS,VALUE,TYPE, such as holding,0,230.5,f32)";
    kind_truth: "true or false";
    kind_number: "a number";
    kind_whole: "a whole number";
    kind_text: "a text";
    kind_bytes: "bytes";
    kind_list: "a list";
}

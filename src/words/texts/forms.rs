//! Forms: field errors, framing rules and highlight rules.

use crate::model::Direction;

/// Forms: field errors, framing rules and highlight rules.
pub trait Forms {
    // Below a field
    /// The field is empty.
    fn fill_in(&self) -> &'static str;
    /// A port other than 0 is required.
    fn port_above_zero(&self) -> &'static str;
    /// An integer is required.
    fn whole_number(&self, least: i64, most: i64) -> String;
    /// The short form, if the language has one.
    fn whole_number_short(&self, least: u64, most: u64) -> String;
    /// A size is required.
    fn size_between(&self, least: u64, most: u64) -> String;
    /// A duration is required.
    fn milliseconds(&self) -> &'static str;
    /// A single byte is required.
    fn one_byte(&self) -> &'static str;
    /// What the value of a field should be, below the field, which shows the value.
    fn value_should_be(&self, expected: &str) -> String;
    /// A numeric address is required.
    fn literal_address(&self) -> &'static str;
    /// The same, while the socket is open.
    fn literal_while_open(&self) -> &'static str;
    // Framing rules
    /// The source of a sample: peer, direction and range. `peer` is its number, and its address if known.
    fn sample_of(&self, peer: &str, direction: Direction, start: u64, bytes: u64) -> String;
    /// Number of frames with a wrong check.
    fn bad_checks(&self, frames: u64) -> String;
    /// `12 frames (last valid rule)`: counts of a rule that is no longer in the fields.
    fn by_last_rule(&self, counts: &str) -> String;
    /// Below the text form of a rule that a field makes impossible: the label of the field, and what is wrong with it.
    fn wrong_field(&self, label: &str, wrong: &str) -> String;
    /// Number of bytes outside of any frame.
    fn in_no_frame(&self, bytes: u64) -> String;
    /// Number of incomplete frames.
    fn cut_off(&self, frames: u64) -> String;
    /// A row of the preview: kind, position and bytes. `is_right` is the result of the check, if there is one.
    fn frame_row(&self, kind: &str, start: u64, bytes: u64, is_right: Option<bool>, content: &str) -> String;
    /// Last line of a truncated list.
    fn more_frames(&self, count: u64) -> String;
    /// A rule was saved.
    fn rule_saved(&self, name: &str) -> String;
    /// A rule was deleted.
    fn rule_deleted(&self, name: &str) -> String;
    /// The maximum number of saved rules is reached.
    fn rules_full(&self, most: usize) -> String;
    // Highlight rules
    /// No rule was created, because the selection has no bytes.
    fn nothing_to_highlight(&self) -> &'static str;
    /// No rule was created, because the selection is too long.
    fn too_long_to_highlight(&self, most: usize) -> String;
    /// No rule was added, because the maximum number is reached.
    fn too_many_highlights(&self, most: usize) -> String;
    /// The pattern of a rule is too long.
    fn highlight_too_long(&self, most: usize) -> String;
    /// No rule matches the example.
    fn no_highlight_matches(&self) -> &'static str;
    /// The rules that match the example.
    fn highlights_that_match(&self, titles: &[String]) -> String;
    /// The button that deletes a rule.
    fn delete_highlight(&self, number: usize) -> String;
    /// Name of a control of a rule: what it sets, and the number of the rule, counted from 1.
    fn of_highlight(&self, control: &str, number: usize) -> String;
    // Export
    /// Menu text of an export form, by its name on the command line; `None`: the name itself is used.
    fn export_format(&self, name: &str) -> Option<&'static str>;
}

//! Forms: what a field asks for, framing rules and highlight rules.

use crate::model::Direction;

/// Forms: what a field asks for, framing rules and highlight rules.
pub trait Forms {
    // Below a field
    /// Nothing was typed.
    fn fill_in(&self) -> &'static str;
    /// A port that is not 0 is needed.
    fn port_above_zero(&self) -> &'static str;
    /// A whole number is needed.
    fn whole_number(&self, least: i64, most: i64) -> String;
    /// The same, shorter where the language has a shorter form.
    fn whole_number_short(&self, least: u64, most: u64) -> String;
    /// A size is needed.
    fn size_between(&self, least: u64, most: u64) -> String;
    /// A time is needed.
    fn milliseconds(&self) -> &'static str;
    /// One byte is needed.
    fn one_byte(&self) -> &'static str;
    /// An address that needs no look-up is needed.
    fn literal_address(&self) -> &'static str;
    /// The same while the socket is open.
    fn literal_while_open(&self) -> &'static str;
    // Framing rules
    /// Which part of whose stream a sample is. `peer`: its number, and its address if it is known.
    fn sample_of(&self, peer: &str, direction: Direction, start: u64, bytes: u64) -> String;
    /// Frames whose check is wrong.
    fn bad_checks(&self, frames: u64) -> String;
    /// Bytes that are in no frame.
    fn in_no_frame(&self, bytes: u64) -> String;
    /// Frames without an end.
    fn cut_off(&self, frames: u64) -> String;
    /// A row of the preview: what it is, where, and its bytes. `is_right`: of its check, if it has one.
    fn frame_row(&self, kind: &str, start: u64, bytes: u64, is_right: Option<bool>, content: &str) -> String;
    /// The end of a list that has no room for all.
    fn more_frames(&self, count: u64) -> String;
    /// A rule was saved.
    fn rule_saved(&self, name: &str) -> String;
    /// A rule was deleted.
    fn rule_deleted(&self, name: &str) -> String;
    /// No further rule can be saved.
    fn rules_full(&self, most: usize) -> String;
    // Highlight rules
    /// Why no rule was made of a selection without bytes.
    fn nothing_to_highlight(&self) -> &'static str;
    /// Why no rule was made of a long selection.
    fn too_long_to_highlight(&self, most: usize) -> String;
    /// Why no rule was added.
    fn too_many_highlights(&self, most: usize) -> String;
    /// Why what was typed was not taken.
    fn highlight_too_long(&self, most: usize) -> String;
    /// No rule matches in the example.
    fn no_highlight_matches(&self) -> &'static str;
    /// Which rules match in the example.
    fn highlights_that_match(&self, titles: &[String]) -> String;
    /// The button that deletes a rule.
    fn delete_highlight(&self, number: usize) -> String;
    /// A control of a rule: what it sets, and the rule's number from 1.
    fn of_highlight(&self, control: &str, number: usize) -> String;
    // Export
    /// A form of export in a menu, by its name on the command line; `None`: that name says it.
    fn export_format(&self, name: &str) -> Option<&'static str>;
}

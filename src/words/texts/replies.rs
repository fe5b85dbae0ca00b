//! Automatic replies: the list in the dock, the chip and the form.

use crate::talk::tree::EndHow;

/// Automatic replies: the list in the dock, the chip and the form.
pub trait ReplyTexts {
    /// One of the fixed labels of the list and the form, by its id.
    fn reply(&self, id: &str) -> &'static str;
    /// The switch of a rule.
    fn enable_rule(&self, name: &str) -> String;
    /// How often a rule has acted.
    fn rule_hits(&self, hits: u64) -> String;
    /// So many rules act, and failed so many times.
    fn replies_on(&self, rules: usize, faults: u64) -> String;
    /// Replies are off although so many rules are on.
    fn replies_are_off(&self, rules: usize) -> String;
    /// A rule acts on these bytes.
    fn rule_on(&self, pattern: &str) -> String;
    /// A rule acts when nothing came for so long.
    fn rule_on_idle(&self, time: &str) -> String;
    /// A rule acts again and again.
    fn rule_on_every(&self, time: &str) -> String;
    /// How a rule ends the connection.
    fn rule_ends(&self, how: EndHow) -> &'static str;
    /// The menu row of a ready-made reply that needs a framing rule.
    fn preset_label(&self, name: &str, framing: &str) -> String;
    /// A ready-made reply was added.
    fn preset_added(&self, name: &str) -> String;
    /// A ready-made reply was added, and the session has another framing rule.
    fn preset_framed(&self, name: &str, framing: &str) -> String;
    /// Rules have failed so many times.
    fn rule_faults(&self, count: u64) -> String;
    /// Where the register table of a rule is, and how changes of it take effect.
    fn register_table_at(&self, path: &str) -> String;
}

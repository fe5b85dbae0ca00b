//! Framing rules and checks: kinds of rule, options, choices and presets. The rule editor, `wirebench rules` and the tables of
//! `docs/FRAMING.md` say them. What an option is called in the text form, its kind and its limits are in `codec::framing` and
//! `codec::checksum`; an option without words does not compile.

use crate::codec::fields::FieldId;
use crate::codec::framing::{PresetId, RuleKind};

/// The words of a kind of rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindWords {
    /// Its name in a menu.
    pub name: &'static str,
    /// What it does, in one short line.
    pub brief: &'static str,
    /// Where a frame ends, as a row of a table.
    pub meaning: &'static str,
}

/// The words of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldWords {
    /// Its label in a form, which is also the name of its control. A check box has only this.
    pub label: &'static str,
    /// What an empty field stands for.
    pub hint: &'static str,
    /// Shown below the field while it is filled in.
    pub note: &'static str,
    /// What it does, as a row of a table.
    pub meaning: &'static str,
}

/// The words of one of the words that an option can have as its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceWords {
    /// In a menu.
    pub name: String,
    /// The label of the number that may follow it.
    pub number: &'static str,
    /// What an empty field for that number stands for.
    pub hint: &'static str,
}

impl KindWords {
    /// Of name, short line and meaning.
    #[must_use]
    pub const fn new(name: &'static str, brief: &'static str, meaning: &'static str) -> Self {
        Self { name, brief, meaning }
    }
}

impl FieldWords {
    /// Of label, hint and meaning.
    #[must_use]
    pub const fn new(label: &'static str, hint: &'static str, meaning: &'static str) -> Self {
        Self { label, hint, note: "", meaning }
    }
}

impl ChoiceWords {
    /// A word that no number follows.
    #[must_use]
    pub fn plain(name: impl Into<String>) -> Self {
        Self { name: name.into(), number: "", hint: "" }
    }

    /// A word that a number may follow: its name, the label of the number, and what stands for none.
    #[must_use]
    pub fn numbered(name: &str, number: &'static str, hint: &'static str) -> Self {
        Self { name: name.to_owned(), number, hint }
    }
}

/// Framing rules and checks.
pub trait Rules {
    /// A kind of rule.
    fn rule_kind(&self, kind: RuleKind) -> KindWords;
    /// An option of a rule or a check.
    fn rule_field(&self, field: FieldId) -> FieldWords;
    /// A word that an option can have as its value, as the text form has it; the word itself where it needs no other.
    fn rule_choice(&self, word: &str) -> ChoiceWords;
    /// The name of the field for the place of bytes.
    fn rule_place(&self) -> &'static str;
    /// A preset in a menu.
    fn rule_preset(&self, preset: PresetId) -> &'static str;
}

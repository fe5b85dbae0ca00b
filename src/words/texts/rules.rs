//! Framing rules and checks: kinds of rule, options, choices and presets. The rule editor, `wirebench rules` and the tables of
//! `docs/FRAMING.md` use these texts. The name of an option in the text form, its kind and its limits are in `codec::framing` and
//! `codec::checksum`. An option without a text does not compile.

use crate::codec::fields::FieldId;
use crate::codec::framing::{PresetId, RuleKind};

/// The texts of a kind of rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindWords {
    /// Name in a menu.
    pub name: &'static str,
    /// One-line description.
    pub brief: &'static str,
    /// Description for the table of rules: where a frame ends.
    pub meaning: &'static str,
}

/// The texts of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldWords {
    /// Label in a form and accessible name of the control. A check box has no other text.
    pub label: &'static str,
    /// Hint in an empty field: the default.
    pub hint: &'static str,
    /// Note below the field while it has a value.
    pub note: &'static str,
    /// Description for the table of options.
    pub meaning: &'static str,
}

/// The texts of a word that an option accepts as its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceWords {
    /// Name in a menu.
    pub name: String,
    /// Label of the number that can follow the word.
    pub number: &'static str,
    /// Hint in an empty field for that number.
    pub hint: &'static str,
}

impl KindWords {
    /// Creates the texts of a kind.
    #[must_use]
    pub const fn new(name: &'static str, brief: &'static str, meaning: &'static str) -> Self {
        Self { name, brief, meaning }
    }
}

impl FieldWords {
    /// Creates the texts of an option without a note.
    #[must_use]
    pub const fn new(label: &'static str, hint: &'static str, meaning: &'static str) -> Self {
        Self { label, hint, note: "", meaning }
    }
}

impl ChoiceWords {
    /// A word that takes no number.
    #[must_use]
    pub fn plain(name: impl Into<String>) -> Self {
        Self { name: name.into(), number: "", hint: "" }
    }

    /// A word that can be followed by a number: its name, the label of the number, and the hint.
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
    /// The texts of a word that an option accepts, given in the text form. Without texts of its own, the word itself is used.
    fn rule_choice(&self, word: &str) -> ChoiceWords;
    /// Name of the field for the offset of bytes.
    fn rule_place(&self) -> &'static str;
    /// Name of a preset in a menu.
    fn rule_preset(&self, preset: PresetId) -> &'static str;
}

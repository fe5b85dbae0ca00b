//! Rules that highlight matches in the log.

use crate::codec::{Encoding, PatternSource};
use crate::model::Direction;
use serde::{Deserialize, Serialize};

/// Interpretation of a rule's pattern.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HighlightKind {
    /// Text in the encoding of the session.
    #[default]
    Text,
    /// Hex with wildcards.
    Hex,
    /// A regular expression on bytes.
    Regex,
}

/// Direction that a rule applies to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HighlightDirection {
    /// Both directions.
    #[default]
    Both,
    /// Received traffic.
    Received,
    /// Sent traffic.
    Sent,
}

impl HighlightDirection {
    /// Whether the rule applies to this direction.
    #[must_use]
    pub fn has(self, direction: Direction) -> bool {
        match self {
            Self::Both => true,
            Self::Received => direction == Direction::Received,
            Self::Sent => direction == Direction::Sent,
        }
    }
}

/// A named colour, defined by the theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HighlightColour {
    /// Yellow.
    #[default]
    Yellow,
    /// Green.
    Green,
    /// Cyan.
    Cyan,
    /// Blue.
    Blue,
    /// Purple.
    Purple,
    /// Red.
    Red,
}

impl HighlightColour {
    /// All colours, in the order of the theme's backgrounds.
    pub const ALL: [Self; 6] = [Self::Yellow, Self::Green, Self::Cyan, Self::Blue, Self::Purple, Self::Red];
}

/// A highlight rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HighlightRule {
    /// The rule is applied.
    pub enabled: bool,
    /// Name given by the user; may be empty.
    pub name: String,
    /// Interpretation of `pattern`.
    pub kind: HighlightKind,
    /// The pattern as typed.
    pub pattern: String,
    /// Match case (text only).
    pub match_case: bool,
    /// Direction that the rule applies to.
    pub direction: HighlightDirection,
    /// Background colour of matches.
    pub colour: HighlightColour,
    /// Tint the entire rows that contain matches.
    pub whole_row: bool,
}

impl Default for HighlightRule {
    fn default() -> Self {
        Self {
            enabled: true,
            name: String::new(),
            kind: HighlightKind::Text,
            pattern: String::new(),
            match_case: false,
            direction: HighlightDirection::Both,
            colour: HighlightColour::Yellow,
            whole_row: false,
        }
    }
}

impl HighlightRule {
    /// Maximum count of rules.
    pub const MAX_COUNT: usize = 32;
    /// Maximum length of a pattern in bytes of UTF-8.
    pub const MAX_PATTERN_LEN: usize = 4 << 10;
    /// Maximum count of bytes that a rule can be created from; as hex they take three characters each.
    pub const MAX_CHOSEN_LEN: usize = 1 << 10;
    /// Maximum length of a name in bytes of UTF-8.
    pub const MAX_NAME_LEN: usize = 256;

    /// The pattern to search for in a session with this encoding.
    #[must_use]
    pub fn source(&self, encoding: Encoding) -> PatternSource {
        let text = self.pattern.clone();
        match self.kind {
            HighlightKind::Text => PatternSource::Text { text, encoding, ignore_case: !self.match_case },
            HighlightKind::Hex => PatternSource::Hex(text),
            HighlightKind::Regex => PatternSource::Regex(text),
        }
    }

    /// The name, or the pattern if the name is empty.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.trim().is_empty() { &self.pattern } else { &self.name }
    }
}

/// Limits the count of rules and the length of their texts. A rule with too long a pattern is removed; a truncated pattern would
/// match something else.
pub(super) fn bound(rules: &mut Vec<HighlightRule>) {
    rules.retain(|rule| rule.pattern.len() <= HighlightRule::MAX_PATTERN_LEN);
    rules.truncate(HighlightRule::MAX_COUNT);
    for rule in rules.iter_mut().filter(|rule| rule.name.len() > HighlightRule::MAX_NAME_LEN) {
        rule.name.clear();
    }
}

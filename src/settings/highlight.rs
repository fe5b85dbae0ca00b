//! Rules that tint what matches them in the log.

use crate::codec::{Encoding, PatternSource};
use crate::model::Direction;
use serde::{Deserialize, Serialize};

/// How the pattern of a rule is to be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HighlightKind {
    /// Characters in the encoding of the session.
    #[default]
    Text,
    /// Hex with wildcards.
    Hex,
    /// A regular expression on bytes.
    Regex,
}

/// Which traffic a rule looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HighlightDirection {
    /// All.
    #[default]
    Both,
    /// What came.
    Received,
    /// What went.
    Sent,
}

impl HighlightDirection {
    /// It looks at this one.
    #[must_use]
    pub fn has(self, direction: Direction) -> bool {
        match self {
            Self::Both => true,
            Self::Received => direction == Direction::Received,
            Self::Sent => direction == Direction::Sent,
        }
    }
}

/// A named colour; what it looks like is the theme's.
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
    /// All of them, in the order of the theme's grounds.
    pub const ALL: [Self; 6] = [Self::Yellow, Self::Green, Self::Cyan, Self::Blue, Self::Purple, Self::Red];
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HighlightRule {
    /// It is applied.
    pub enabled: bool,
    /// What the user calls it; may be empty.
    pub name: String,
    /// How `pattern` is meant.
    pub kind: HighlightKind,
    /// As typed.
    pub pattern: String,
    /// Text only: `a` is not `A`.
    pub match_case: bool,
    /// Which traffic.
    pub direction: HighlightDirection,
    /// The ground of what matches.
    pub colour: HighlightColour,
    /// The rows of what matches are tinted as a whole.
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
    /// Rules there can be.
    pub const MAX_COUNT: usize = 32;
    /// Longest pattern, bytes of UTF-8.
    pub const MAX_PATTERN_LEN: usize = 4 << 10;
    /// Most bytes of traffic that a rule can be made of; as hex they are three characters each.
    pub const MAX_CHOSEN_LEN: usize = 1 << 10;
    /// Longest name, bytes of UTF-8.
    pub const MAX_NAME_LEN: usize = 256;

    /// What to look for in a session of this encoding.
    #[must_use]
    pub fn source(&self, encoding: Encoding) -> PatternSource {
        let text = self.pattern.clone();
        match self.kind {
            HighlightKind::Text => PatternSource::Text { text, encoding, ignore_case: !self.match_case },
            HighlightKind::Hex => PatternSource::Hex(text),
            HighlightKind::Regex => PatternSource::Regex(text),
        }
    }

    /// The name, or what it looks for where there is none.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.trim().is_empty() { &self.pattern } else { &self.name }
    }
}

/// At most so many, none too long. A pattern that is too long goes with its rule: half of it would match something else.
pub(super) fn bound(rules: &mut Vec<HighlightRule>) {
    rules.retain(|rule| rule.pattern.len() <= HighlightRule::MAX_PATTERN_LEN);
    rules.truncate(HighlightRule::MAX_COUNT);
    for rule in rules.iter_mut().filter(|rule| rule.name.len() > HighlightRule::MAX_NAME_LEN) {
        rule.name.clear();
    }
}

//! The filter of a session, as typed.

use crate::capture::items::KindFilter;
use crate::model::Direction;
use serde::{Deserialize, Serialize};

/// Interpretation of the text to find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindMode {
    /// Text in the encoding of the view.
    #[default]
    Text,
    /// Hex with wildcards.
    Hex,
    /// A regular expression on bytes.
    Regex,
}

/// A filter; the form of the window holds it too. The peer is not included, because its number is valid only within one capture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FilterSetup {
    /// The filter bar is open.
    pub bar: bool,
    /// Only one direction.
    pub direction: Option<Direction>,
    /// Payload, events, or both.
    pub kind: KindFilter,
    /// Minimum length in bytes.
    pub least: String,
    /// Maximum length in bytes.
    pub most: String,
    /// Earliest time.
    pub since: String,
    /// Latest time.
    pub until: String,
    /// Text to find.
    pub text: String,
    /// Interpretation of the text.
    pub mode: FindMode,
    /// Show what does not contain the text.
    pub inverted: bool,
}

impl FilterSetup {
    /// Maximum length of a stored field in bytes of UTF-8.
    const MAX_TEXT_LEN: usize = 4 << 10;

    /// Clears fields that are too long; truncated text would mean something else.
    pub(super) fn bring_into_range(&mut self) {
        for text in [&mut self.least, &mut self.most, &mut self.since, &mut self.until, &mut self.text] {
            if text.len() > Self::MAX_TEXT_LEN {
                text.clear();
            }
        }
    }
}

//! What a session filters by, as typed.

use crate::capture::items::KindFilter;
use crate::model::Direction;
use serde::{Deserialize, Serialize};

/// How what was typed is to be understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindMode {
    /// Characters in the encoding of the view.
    #[default]
    Text,
    /// Hex with wildcards.
    Hex,
    /// A regular expression on bytes.
    Regex,
}

/// A filter. The peer is not part of it: its number is one of a single capture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FilterSetup {
    /// The bar with all of it is open.
    pub bar: bool,
    /// One direction only.
    pub direction: Option<Direction>,
    /// Payload or events.
    pub kind: KindFilter,
    /// Least bytes.
    pub least: String,
    /// Most bytes.
    pub most: String,
    /// Not before.
    pub since: String,
    /// Not after.
    pub until: String,
    /// What is in it.
    pub text: String,
    /// How that is meant.
    pub mode: FindMode,
    /// It is not in it.
    pub inverted: bool,
}

impl FilterSetup {
    /// Longest text of a field that is remembered, bytes of UTF-8.
    const MAX_TEXT_LEN: usize = 4 << 10;

    /// What is too long is forgotten as a whole: half of it would mean something else.
    pub(super) fn bring_into_range(&mut self) {
        for text in [&mut self.least, &mut self.most, &mut self.since, &mut self.until, &mut self.text] {
            if text.len() > Self::MAX_TEXT_LEN {
                text.clear();
            }
        }
    }
}

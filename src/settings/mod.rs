//! What is remembered between runs: preferences, sessions, send history. Versioned JSON, written atomically; a damaged or
//! future file is kept aside and named, and the program starts with defaults. A value that is not known falls back alone, and is named.

mod file;
mod filter;
mod highlight;
mod layout;
mod model;
mod paths;
mod range;
mod readable;
mod rules;
mod startup;

pub use file::{LoadNote, load, save};
pub use filter::{FilterSetup, FindMode};
pub use highlight::{HighlightColour, HighlightDirection, HighlightKind, HighlightRule};
pub use layout::Layout;
pub use model::{Append, Preferences, SessionSetup, Settings, Theme};
pub use paths::{DataPaths, documents_dir, origin_file};
pub use rules::{SaveRefusal, SavedRule};
pub use startup::Startup;

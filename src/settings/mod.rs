//! Settings stored between runs: preferences, sessions, send history. Versioned JSON, written atomically. A malformed or newer file
//! is renamed and reported, and the program starts with defaults. A single invalid value is replaced by its default and reported.

mod columns;
mod file;
mod filter;
mod highlight;
mod layout;
mod message;
mod model;
mod paths;
mod range;
mod readable;
mod recents;
mod reconnect;
mod rules;
mod startup;
mod talk_file;
mod tls;

pub use columns::{ColumnSet, ColumnSetup, LogColumn};
pub use file::{LoadNote, load, save};
pub use filter::{FilterSetup, FindMode};
pub use highlight::{HighlightColour, HighlightDirection, HighlightKind, HighlightRule};
pub use layout::Layout;
pub use message::{Message, SentMessage};
pub use model::{Preferences, SessionSetup, Settings, Theme};
pub use paths::{DataPaths, documents_dir, origin_file};
pub use recents::{Recent, Recents};
pub use reconnect::ReconnectSetup;
pub use rules::{SaveRefusal, SavedRule};
pub use startup::Startup;
pub use talk_file::{
    LONGEST_TALK_FILE, TalkFileError, delete_aside, is_own_talk, new_beside, new_talk_name, read_aside, read_file,
    read_talk, talk_path, write_aside, write_talk,
};
pub use tls::{TlsSetup, TrustChoice};

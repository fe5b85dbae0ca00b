//! A talk file that forms change: its text, the list of what is in it, and edits that change only their own lines.
//!
//! ```
//! use wirebench::talk::edit::{Document, Edit, Place};
//!
//! let mut list = Document::new("> \"AT\"  # first\n> \"ATI\"\n".to_owned());
//! assert_eq!(list.entries().len(), 2);
//! list.apply(&Edit::Move { entry: 1, to: Place::Before(0) }).expect("both exist");
//! assert_eq!(list.source(), "> \"ATI\"\n> \"AT\"  # first\n");
//! list.apply(&Edit::Rename { entry: 1, name: "attention".to_owned() }).expect("it exists");
//! assert_eq!(list.source(), "> \"ATI\"\nstep \"attention\"\n> \"AT\"  # first\n");
//! ```

mod change;
mod entries;
mod pieces;
#[cfg(test)]
mod tests;

pub use entries::{Command, Entry, EntryKind};

use super::error::Error;
use super::parse::{Parsed, parse};
use super::tree::File;
use std::time::Duration;

/// The text of a talk file and what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    source: String,
    parsed: Parsed,
    entries: Vec<Entry>,
}

/// Where an entry goes. The numbers are those of [`Document::entries`] before the edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Directly before this entry and its comment.
    Before(usize),
    /// Directly behind this entry.
    After(usize),
    /// Behind everything.
    End,
}

/// A change of one entry. The numbers are those of [`Document::entries`].
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Puts lines at a place.
    Insert {
        /// Where.
        at: Place,
        /// One or more entries, as written in a file.
        lines: String,
    },
    /// Puts other lines in the place of an entry; the comment before it stays.
    Replace {
        /// Which.
        entry: usize,
        /// One or more entries, as written in a file.
        lines: String,
    },
    /// Removes an entry and the comment directly before it.
    Delete {
        /// Which.
        entry: usize,
    },
    /// Moves an entry and the comment directly before it.
    Move {
        /// Which.
        entry: usize,
        /// Where to.
        to: Place,
    },
    /// Names a step, heading or rule. A command without a name becomes a step.
    Rename {
        /// Which.
        entry: usize,
        /// The new name.
        name: String,
    },
    /// Sets or removes the `off` of a step or rule. A command without a name becomes a step.
    SetOff {
        /// Which.
        entry: usize,
        /// Whether it is off.
        off: bool,
    },
    /// Sets or removes the key of a step. A command without a name becomes a step.
    SetKey {
        /// Which.
        entry: usize,
        /// The key, one word such as `Alt+1`; `None` removes it.
        key: Option<String>,
    },
    /// Sets or removes the `wait` at the end of a step or command.
    SetDelay {
        /// Which.
        entry: usize,
        /// The time; `None` removes it.
        delay: Option<Duration>,
    },
    /// Sets or removes the `repeat` around a step or command.
    SetRepeat {
        /// Which.
        entry: usize,
        /// How often; `None` removes it.
        repeat: Option<Repetition>,
    },
}

/// How often something is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repetition {
    /// How many times; `None`: for ever.
    pub count: Option<u64>,
    /// From start to start.
    pub every: Option<Duration>,
}

/// Why an edit is refused. The document is unchanged then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is no such entry.
    #[error("there is no entry {0}")]
    NoEntry(usize),
    /// This kind of entry cannot be changed so.
    #[error("this kind of entry has no such property")]
    NotOfThis,
    /// The name or key cannot be written: it is empty, or has a character that it must not have.
    #[error("{0:?} cannot be written here")]
    BadName(String),
    /// The new lines have errors.
    #[error("the new lines have errors")]
    BadLines(Vec<Error>),
    /// The file has errors, so that where its entries end is not certain.
    #[error("the file has errors")]
    FileHasErrors,
}

impl Document {
    /// Reads a text.
    #[must_use]
    pub fn new(source: String) -> Self {
        let parsed = parse(&source);
        let entries = entries::list(&parsed.file, &source);
        Self { source, parsed, entries }
    }

    /// The text, as it was read or edited.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The tree.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.parsed.file
    }

    /// The errors of the grammar.
    #[must_use]
    pub fn errors(&self) -> &[Error] {
        &self.parsed.errors
    }

    /// Everything that is in the file, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What a list shows as the name of a step or command. A command without a name shows the beginning of what it sends.
    #[must_use]
    pub fn name_of(&self, entry: usize) -> Option<String> {
        let entry = self.entries.get(entry)?;
        match &entry.kind {
            EntryKind::Step { name, .. } => Some(name.clone()),
            EntryKind::Command(command) => Some(entries::name_of(&self.source, entry.span, command)),
            _ => None,
        }
    }

    /// Makes a change. All other lines stay byte for byte. Commands without a name that would become a part of a step before them
    /// get a `step` line of their own.
    ///
    /// # Errors
    /// See [`EditError`]; nothing is changed then.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), EditError> {
        let source = change::changed(self, edit)?;
        *self = Self::new(source);
        Ok(())
    }
}

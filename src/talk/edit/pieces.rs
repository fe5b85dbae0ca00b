//! A text cut into entries and what is between them, which is put together in another order.

use super::EditError;
use super::entries::{Entry, EntryKind, name_of};
use super::{Document, Place};

/// A piece of the new text.
pub(super) struct Piece {
    pub(super) text: String,
    /// Which entry it is; `None`: what is between entries.
    pub(super) entry: Option<Kind>,
}

/// What matters of an entry for its neighbours.
pub(super) enum Kind {
    Step,
    /// A command without a name.
    Command {
        /// The name that it would get.
        name: String,
        /// Its first statement sends. Otherwise it would become a part of a command before it.
        sends: bool,
    },
    Other,
}

/// The text in pieces: before the first entry, entry, between, entry, …, behind the last. Entry `n` is piece `2n + 1`.
pub(super) fn cut(document: &Document) -> Vec<Piece> {
    let source = document.source();
    let mut pieces = Vec::new();
    let mut done = 0;
    for entry in document.entries() {
        let start = start_of(entry).max(done);
        let between = |text: &str| Piece { text: text.to_owned(), entry: None };
        pieces.push(between(&source[done..start]));
        let end = entry.lines.end.max(start);
        pieces.push(Piece { text: source[start..end].to_owned(), entry: Some(kind_of(entry, source)) });
        done = end;
    }
    pieces.push(Piece { text: source[done..].to_owned(), entry: None });
    pieces
}

/// Where an entry begins, with its comment.
fn start_of(entry: &Entry) -> usize {
    if entry.comment.start < entry.comment.end { entry.comment.start } else { entry.lines.start }
}

pub(super) fn kind_of(entry: &Entry, source: &str) -> Kind {
    match &entry.kind {
        EntryKind::Step { .. } => Kind::Step,
        EntryKind::Command(command) => {
            Kind::Command { name: name_of(source, entry.span, command), sends: command.sends.start < command.sends.end }
        }
        _ => Kind::Other,
    }
}

/// The piece before which something goes.
pub(super) fn index_of(place: Place, entries: usize) -> Result<usize, EditError> {
    let known = |entry| if entry < entries { Ok(entry) } else { Err(EditError::NoEntry(entry)) };
    match place {
        Place::Before(entry) => known(entry).map(|entry| 2 * entry + 1),
        Place::After(entry) => known(entry).map(|entry| 2 * entry + 2),
        Place::End => Ok(2 * entries + 1),
    }
}

/// Puts the pieces together. Each entry begins its own line, or is behind a `;` as before. A command that would become a part of
/// the step before it gets a `step` line.
pub(super) fn join(pieces: &[Piece], line_end: &str) -> String {
    let mut text = String::with_capacity(pieces.iter().map(|piece| piece.text.len()).sum());
    let (mut in_step, mut in_command) = (false, false);
    for piece in pieces {
        if piece.text.is_empty() {
            continue;
        }
        let Some(kind) = &piece.entry else {
            push_between(&mut text, &piece.text, line_end);
            continue;
        };
        if !text.is_empty() && !text.ends_with(['\n', ';', ' ', '\t', '\u{FEFF}']) {
            text.push_str(line_end);
        }
        match kind {
            Kind::Step => in_step = true,
            Kind::Command { name, sends } if in_step || (in_command && !sends) => {
                in_step = true;
                // Behind its comment, so that this stays with the command.
                let comment = comment_len(&piece.text);
                text.push_str(&piece.text[..comment]);
                text.push_str(&format!("step \"{name}\"{line_end}"));
                text.push_str(&piece.text[comment..]);
                continue;
            }
            Kind::Command { .. } => in_command = true,
            Kind::Other => (in_step, in_command) = (false, false),
        }
        text.push_str(&piece.text);
    }
    text
}

/// What is between two entries begins a line of its own, unless it goes on with one.
fn push_between(text: &mut String, between: &str, line_end: &str) {
    let goes_on = between.starts_with([' ', '\t', '\r', '\n', ';']);
    if !text.is_empty() && !text.ends_with('\n') && !goes_on {
        text.push_str(line_end);
    }
    text.push_str(between);
}

/// Length of the comment lines at the beginning of an entry.
fn comment_len(text: &str) -> usize {
    let lines = text.split_inclusive('\n').take_while(|line| line.trim_start().starts_with('#'));
    lines.map(str::len).sum()
}

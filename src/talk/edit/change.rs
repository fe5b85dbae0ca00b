//! Carries out edits on pieces of the text.

use super::entries::{Entry, EntryKind, loose, name_of, repeat_of, without_delay};
use super::pieces::{Kind, Piece, cut, index_of, join};
use super::{Document, Edit, EditError, Place, Repetition};
use crate::talk::error::{Error, ErrorKind};
use crate::talk::tree::{Rule, Span, Step, Stmt, TopKind};
use crate::talk::vocabulary::is_reserved;
use std::time::Duration;

/// The text after an edit.
pub(super) fn changed(document: &Document, edit: &Edit) -> Result<String, EditError> {
    if hard(document.errors()).next().is_some() {
        return Err(EditError::FileHasErrors);
    }
    let mut pieces = cut(document);
    let line_end = if document.source().contains("\r\n") { "\r\n" } else { "\n" };
    let entries = document.entries().len();
    match edit {
        Edit::Insert { at, lines } => {
            let index = index_of(*at, entries)?;
            let new = new_pieces(lines, line_end)?;
            own_line_at(&mut pieces, index, line_end);
            let behind = index + new.len();
            pieces.splice(index..index, new);
            end_of_line_at(&mut pieces, behind);
        }
        Edit::Replace { entry, lines } => replace(document, &mut pieces, *entry, lines, line_end)?,
        Edit::Delete { entry } => {
            index_of(Place::Before(*entry), entries)?;
            remove(&mut pieces, 2 * entry + 1, line_end);
        }
        Edit::Move { entry, to } => {
            index_of(Place::Before(*entry), entries)?;
            let index = index_of(*to, entries)?;
            let from = 2 * entry + 1;
            if index != from && index != from + 1 {
                let mut piece = remove(&mut pieces, from, line_end);
                ensure_line_end(&mut piece.text, line_end);
                own_line_at(&mut pieces, index, line_end);
                pieces.insert(index, piece);
                end_of_line_at(&mut pieces, index + 1);
            }
        }
        _ => {
            index_of(Place::Before(edit.target()), entries)?;
            let change = Change { document, entry: &document.entries()[edit.target()], line_end };
            let place = 2 * edit.target() + 1;
            let piece = change.piece(edit, &pieces[place])?;
            pieces[place] = piece;
        }
    }
    let text = join(&pieces, line_end);
    let bad: Vec<Error> = hard(&crate::talk::parse(&text).errors).cloned().collect();
    if bad.is_empty() { Ok(text) } else { Err(EditError::BadLines(bad)) }
}

/// Errors other than words that are not supported yet: with those it is certain where an entry ends.
fn hard(errors: &[Error]) -> impl Iterator<Item = &Error> {
    errors.iter().filter(|error| !matches!(error.kind, ErrorKind::NotYet(_)))
}

impl Edit {
    /// The entry that is changed; of an insertion none.
    pub(super) fn target(&self) -> usize {
        match self {
            Self::Insert { .. } => usize::MAX,
            Self::Replace { entry, .. }
            | Self::Delete { entry }
            | Self::Move { entry, .. }
            | Self::Rename { entry, .. }
            | Self::SetOff { entry, .. }
            | Self::SetKey { entry, .. }
            | Self::SetDelay { entry, .. }
            | Self::SetRepeat { entry, .. } => *entry,
        }
    }
}

fn new_pieces(lines: &str, line_end: &str) -> Result<Vec<Piece>, EditError> {
    let mut lines = lines.replace("\r\n", "\n").replace('\n', line_end);
    ensure_line_end(&mut lines, line_end);
    let new = Document::new(lines);
    let bad: Vec<Error> = hard(new.errors()).cloned().collect();
    if bad.is_empty() { Ok(cut(&new)) } else { Err(EditError::BadLines(bad)) }
}

fn ensure_line_end(text: &mut String, line_end: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(line_end);
    }
}

fn separates(piece: &Piece) -> bool {
    piece.entry.is_none() && piece.text.trim_start_matches([' ', '\t']).starts_with(';')
}

/// Takes an entry out, and the `;` that separated it from another one on its line.
fn remove(pieces: &mut [Piece], at: usize, line_end: &str) -> Piece {
    let taken = std::mem::replace(&mut pieces[at], Piece { text: String::new(), entry: None });
    if !taken.text.ends_with('\n') && separates(&pieces[at + 1]) {
        pieces[at + 1].text.clear();
    } else if separates(&pieces[at - 1]) {
        pieces[at - 1].text = if taken.text.ends_with('\n') { line_end.to_owned() } else { String::new() };
    }
    taken
}

/// Makes a line end of the `;` that new lines would follow.
fn own_line_at(pieces: &mut [Piece], at: usize, line_end: &str) {
    if let Some(piece) = at.checked_sub(1).and_then(|before| pieces.get_mut(before)).filter(|piece| separates(piece)) {
        line_end.clone_into(&mut piece.text);
    }
}

/// Takes the `;` away that new lines, which have a line end of their own, are now before.
fn end_of_line_at(pieces: &mut [Piece], at: usize) {
    if let Some(piece) = pieces.get_mut(at).filter(|piece| separates(piece)) {
        piece.text = piece.text.trim_start_matches([' ', '\t', ';']).to_owned();
    }
}

fn replace(
    document: &Document,
    pieces: &mut Vec<Piece>,
    entry: usize,
    lines: &str,
    line_end: &str,
) -> Result<(), EditError> {
    index_of(Place::Before(entry), document.entries().len())?;
    let mut new = new_pieces(lines, line_end)?;
    let place = 2 * entry + 1;
    own_line_at(pieces, place, line_end);
    end_of_line_at(pieces, place + 1);
    let is_last = pieces[place + 1..].iter().all(|piece| piece.text.is_empty());
    if is_last
        && !pieces[place].text.ends_with('\n')
        && let Some(last) = new.iter_mut().rev().find(|piece| !piece.text.is_empty())
    {
        last.text.truncate(last.text.trim_end_matches(['\r', '\n']).len());
    }
    let comment = document.entries()[entry].comment;
    new.insert(0, Piece { text: comment.of(document.source()).to_owned(), entry: None });
    pieces.splice(place..=place, new);
    Ok(())
}

/// A change of one property.
struct Change<'a> {
    document: &'a Document,
    entry: &'a Entry,
    line_end: &'a str,
}

/// What is put in the place of what, in bytes of the source.
type Patch = (Span, String);

impl<'a> Change<'a> {
    fn source(&self) -> &'a str {
        self.document.source()
    }

    fn step(&self) -> Option<&'a Step> {
        match &self.document.file().tops.get(self.entry.tops.start)?.kind {
            TopKind::Step(step) => Some(step),
            _ => None,
        }
    }

    fn rule(&self) -> Option<&'a Rule> {
        match &self.document.file().tops.get(self.entry.tops.start)?.kind {
            TopKind::Rule(rule) => Some(rule),
            _ => None,
        }
    }

    /// The entry after the edit.
    fn piece(&self, edit: &Edit, old: &Piece) -> Result<Piece, EditError> {
        if let EntryKind::Command(command) = &self.entry.kind {
            let name = name_of(self.source(), self.entry.span, command);
            let head = match edit {
                Edit::Rename { name, .. } => Some(format!("step {}", quoted(name)?)),
                Edit::SetOff { off: true, .. } => Some(format!("off step {}", quoted(&name)?)),
                Edit::SetKey { key: Some(key), .. } => Some(format!("step {} key {}", quoted(&name)?, word(key)?)),
                Edit::SetOff { .. } | Edit::SetKey { .. } => None,
                _ => return self.patched(self.body_patches(edit)?, old),
            };
            let Some(head) = head else { return self.patched(Vec::new(), old) };
            let start = self.entry.lines.start;
            let patch = (Span::new(start, start), format!("{head}{}", self.line_end));
            return Ok(Piece { entry: Some(Kind::Step), ..self.patched(vec![patch], old)? });
        }
        let patches = match edit {
            Edit::Rename { name, .. } => vec![self.rename(name)?],
            Edit::SetOff { off, .. } => self.set_off(*off)?,
            Edit::SetKey { key, .. } => self.set_key(key.as_deref())?,
            _ => self.body_patches(edit)?,
        };
        self.patched(patches, old)
    }

    fn patched(&self, mut patches: Vec<Patch>, old: &Piece) -> Result<Piece, EditError> {
        let comment = self.entry.comment;
        let start = if comment.start < comment.end { comment.start } else { self.entry.lines.start };
        let entry = match &old.entry {
            Some(Kind::Step) => Kind::Step,
            Some(Kind::Command { name, sends }) => Kind::Command { name: name.clone(), sends: *sends },
            _ => Kind::Other,
        };
        patches.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut text = old.text.clone();
        for (span, new) in patches {
            let range = span.start.checked_sub(start).zip(span.end.checked_sub(start));
            let range = range.filter(|(_, end)| *end <= text.len()).ok_or(EditError::NotOfThis)?;
            text.replace_range(range.0..range.1, &new);
        }
        Ok(Piece { text, entry: Some(entry) })
    }

    fn rename(&self, name: &str) -> Result<Patch, EditError> {
        let top = self.document.file().tops.get(self.entry.tops.start);
        match top.map(|top| &top.kind) {
            Some(TopKind::Group(title)) => Ok((title.span, quoted(name)?)),
            Some(TopKind::Step(step)) => Ok((step.name.span, quoted(name)?)),
            Some(TopKind::Rule(rule)) => {
                let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
                if name.is_empty() || !is_name || is_reserved(name) || name.starts_with(char::is_numeric) {
                    return Err(EditError::BadName(name.to_owned()));
                }
                Ok(match &rule.name {
                    Some(old) => (old.span, name.to_owned()),
                    None => (Span::new(rule.head.end, rule.head.end), format!(" as {name}")),
                })
            }
            _ => Err(EditError::NotOfThis),
        }
    }

    fn set_off(&self, off: bool) -> Result<Vec<Patch>, EditError> {
        let was = match (self.step(), self.rule()) {
            (Some(step), _) => step.off,
            (_, Some(rule)) => rule.off,
            _ => return Err(EditError::NotOfThis),
        };
        let start = self.entry.span.start;
        Ok(match was {
            None if off => vec![(Span::new(start, start), "off ".to_owned())],
            Some(word) if !off => {
                let after = self.source()[word.end..].trim_start_matches([' ', '\t']);
                vec![(Span::new(word.start, self.source().len() - after.len()), String::new())]
            }
            _ => Vec::new(),
        })
    }

    fn set_key(&self, key: Option<&str>) -> Result<Vec<Patch>, EditError> {
        let step = self.step().ok_or(EditError::NotOfThis)?;
        Ok(match (&step.key, key) {
            (None, None) => Vec::new(),
            (Some(old), Some(key)) => vec![(old.span, word(key)?.to_owned())],
            (None, Some(key)) => vec![(Span::new(step.head.end, step.head.end), format!(" key {}", word(key)?))],
            (Some(old), None) => {
                let before = self.source()[..old.span.start].trim_end();
                let before = before.strip_suffix("key").ok_or(EditError::NotOfThis)?.trim_end();
                vec![(Span::new(before.len(), old.span.end), String::new())]
            }
        })
    }

    fn statements(&self) -> Vec<&'a Stmt> {
        match self.step() {
            Some(step) => step.body.iter().collect(),
            None => {
                let tops = self.document.file().tops.get(self.entry.tops.clone()).unwrap_or_default();
                tops.iter().filter_map(loose).collect()
            }
        }
    }

    fn body_patches(&self, edit: &Edit) -> Result<Vec<Patch>, EditError> {
        let all = self.statements();
        let (stmts, delay) = without_delay(&all);
        let (Some(first), Some(last)) = (stmts.first(), stmts.last()) else { return Err(EditError::NotOfThis) };
        match edit {
            Edit::SetDelay { delay: new, .. } => Ok(self.set_delay(last, delay, *new)),
            Edit::SetRepeat { repeat: Some(repeat), .. } => Ok(match repeat_of(stmts) {
                Some(old) => {
                    let until = old.until.as_ref().map(|until| format!(" until {}", until.span.of(self.source())));
                    let head = format!("{}{} ", head_of(*repeat), until.unwrap_or_default());
                    vec![(Span::new(first.span.start, old.body.span.start), head)]
                }
                None => self.wrap(first, last, *repeat),
            }),
            Edit::SetRepeat { repeat: None, .. } => Ok(match repeat_of(stmts) {
                Some(old) => vec![(first.span, self.unwrapped(old.body.span))],
                None => Vec::new(),
            }),
            _ => Err(EditError::NotOfThis),
        }
    }

    fn set_delay(&self, last: &Stmt, old: Option<&Stmt>, new: Option<Duration>) -> Vec<Patch> {
        let source = self.source();
        match (old, new) {
            (None, None) => Vec::new(),
            (Some(old), Some(new)) => vec![(old.span, format!("wait {}", time(new)))],
            (Some(old), None) => {
                let line = source[..old.span.start].rfind('\n').map_or(0, |end| end + 1);
                let is_alone = line > last.span.end && source[line..old.span.start].trim().is_empty();
                let comment = source[last.span.end..old.span.start].contains('#');
                let span = if is_alone {
                    Span::new(
                        line,
                        source[old.span.end..].find('\n').map_or(source.len(), |len| old.span.end + len + 1),
                    )
                } else if comment {
                    old.span
                } else {
                    Span::new(last.span.end, old.span.end)
                };
                vec![(span, String::new())]
            }
            (None, Some(new)) => {
                let end = self.entry.lines.end;
                let wait = format!("{}wait {}", self.indent_of(last), time(new));
                let text = if source[..end].ends_with('\n') {
                    wait + self.line_end
                } else if end == source.len() {
                    format!("{}{wait}", self.line_end)
                } else {
                    format!("; wait {}", time(new))
                };
                vec![(Span::new(end, end), text)]
            }
        }
    }

    /// The white space before a statement, if nothing else is before it on its line.
    fn indent_of(&self, stmt: &Stmt) -> &'a str {
        let line = self.source()[..stmt.span.start].rfind('\n').map_or(0, |end| end + 1);
        let before = &self.source()[line..stmt.span.start];
        if before.trim().is_empty() { before } else { "" }
    }

    /// Puts `repeat` and braces around statements; their lines get two spaces.
    fn wrap(&self, first: &Stmt, last: &Stmt, repeat: Repetition) -> Vec<Patch> {
        let source = self.source();
        let line_end = source[last.span.end..].find('\n').map_or(source.len(), |len| last.span.end + len);
        let rest = source[last.span.end..line_end.min(self.entry.lines.end)].trim_end_matches('\r');
        // A comment behind the last statement is part of its line.
        let end = if rest.trim_start().starts_with('#') { last.span.end + rest.len() } else { last.span.end };
        let indent = self.indent_of(first);
        let body = source[first.span.start..end].replace('\n', "\n  ");
        let le = self.line_end;
        let text = format!("{} {{{le}{indent}  {body}{le}{indent}}}", head_of(repeat));
        vec![(Span::new(first.span.start, end), text)]
    }

    /// What is between braces, without the indentation that [`Self::wrap`] gives.
    fn unwrapped(&self, braces: Span) -> String {
        let inner = &self.source()[braces.start + 1..braces.end.max(braces.start + 2) - 1];
        let inner = inner.trim_end().trim_start_matches([' ', '\t', '\r']);
        let inner = inner.strip_prefix('\n').unwrap_or(inner);
        let inner = inner.trim_start_matches([' ', '\t']);
        inner.replace("\n  ", "\n")
    }
}

fn head_of(repeat: Repetition) -> String {
    let mut head = "repeat".to_owned();
    if let Some(count) = repeat.count {
        head.push_str(&format!(" {count}"));
    }
    if let Some(every) = repeat.every {
        head.push_str(&format!(" every {}", time(every)));
    }
    head
}

/// A time in the largest unit that says it exactly; less than a microsecond is left out.
fn time(time: Duration) -> String {
    let us = time.as_micros();
    if us.is_multiple_of(1_000_000) {
        format!("{}s", us / 1_000_000)
    } else if us.is_multiple_of(1000) {
        format!("{}ms", us / 1000)
    } else {
        format!("{us}us")
    }
}

/// A name in quotes.
fn quoted(name: &str) -> Result<String, EditError> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err(EditError::BadName(name.to_owned()));
    }
    Ok(format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "\\{")))
}

/// A key, which must be one word.
fn word(key: &str) -> Result<&str, EditError> {
    let is_word = !key.is_empty()
        && key.chars().all(|c| c.is_ascii_graphic() && !matches!(c, ';' | '{' | '}' | '"' | '\'' | '#'));
    if is_word { Ok(key) } else { Err(EditError::BadName(key.to_owned())) }
}

//! The list of what is in a file.

use crate::talk::tree::{File, Repeat, Span, Stmt, StmtKind, Text, TextPiece, TimeKind, Top, TopKind, Trigger};
use std::ops::Range;
use std::time::Duration;

/// Characters of a command that its name shows.
const NAME_LEN: usize = 24;

/// One entry of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its nodes in [`File::tops`]; a command without a name may be several statements.
    pub tops: Range<usize>,
    /// From its first to its last token.
    pub span: Span,
    /// Its lines with their ends; of a line that several entries share only its part.
    pub lines: Span,
    /// The comment lines directly before it; empty if there are none.
    pub comment: Span,
}

/// Kinds of [`Entry`].
#[derive(Clone, Debug, PartialEq)]
pub enum EntryKind {
    /// `group`, a heading.
    Group {
        /// Its title.
        title: String,
    },
    /// `step`.
    Step {
        /// Its name.
        name: String,
        /// It is not run.
        is_off: bool,
        /// The key that runs it.
        key: Option<String>,
        /// What it does, if it is simple.
        command: Command,
    },
    /// A `>` outside of a step and the statements up to the next `>`; or statements before the first `>`.
    Command(Command),
    /// `on`.
    Rule {
        /// Its name, if it has one.
        name: Option<String>,
        /// It does nothing.
        is_off: bool,
        /// It is on bytes; else on open, close or time.
        is_on_bytes: bool,
    },
    /// `session`.
    Session {
        /// Its name, if it has one.
        name: Option<String>,
    },
    /// `var`.
    Var {
        /// Its name.
        name: String,
    },
    /// `use`, `part`.
    Other,
}

/// What a list shows of the statements of a step or command.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Command {
    /// The first `>` line, from its first item; empty if nothing is sent.
    pub sends: Span,
    /// It waits for something.
    pub awaits: bool,
    /// The `wait` at its end.
    pub delay: Option<Duration>,
    /// The `repeat` around all of it (`wait` aside): count and interval, if they are fixed.
    pub repeat: Option<super::Repetition>,
}

/// The entries of a file.
pub(super) fn list(file: &File, source: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut in_command = false;
    for (at, top) in file.tops.iter().enumerate() {
        let is_loose = matches!(top.kind, TopKind::Loose(_));
        let begins = !matches!(&top.kind, TopKind::Loose(stmt) if first_send(stmt).is_none());
        if is_loose
            && in_command
            && !begins
            && let Some(last) = entries.last_mut()
        {
            last.tops.end = at + 1;
            last.span.end = top.span.end;
            continue;
        }
        in_command = is_loose;
        let (kind, span) = (EntryKind::Other, top.span);
        entries.push(Entry { kind, tops: at..at + 1, span, lines: span, comment: Span::default() });
    }
    let spans: Vec<Span> = entries.iter().map(|entry| entry.span).collect();
    for (at, entry) in entries.iter_mut().enumerate() {
        let tops = &file.tops[entry.tops.clone()];
        entry.kind = kind_of(tops);
        let before = at.checked_sub(1).map_or(0, |before| spans[before].end);
        entry.lines = lines_of(source, entry.span, before, spans.get(at + 1).map(|next| next.start));
        entry.comment = comment_before(source, entry.lines.start, before);
    }
    entries
}

/// The items of the first `>`.
fn first_send(stmt: &Stmt) -> Option<Span> {
    match &stmt.kind {
        StmtKind::Send(send) => Some(send.items.iter().fold(send.items.first()?.span, |span, item| span.to(item.span))),
        StmtKind::Repeat(repeat) => repeat.body.stmts.iter().find_map(first_send),
        _ => None,
    }
}

fn kind_of(tops: &[Top]) -> EntryKind {
    let shown = |text: &Text| match text.plain() {
        Some(plain) => plain.to_owned(),
        None => text.pieces.iter().map(shown_piece).collect(),
    };
    match tops.first().map(|top| &top.kind) {
        Some(TopKind::Group(title)) => EntryKind::Group { title: shown(title) },
        Some(TopKind::Step(step)) => EntryKind::Step {
            name: shown(&step.name),
            is_off: step.off.is_some(),
            key: step.key.as_ref().map(shown),
            command: command(&step.body.iter().collect::<Vec<_>>()),
        },
        Some(TopKind::Loose(_)) => {
            let stmts: Vec<&Stmt> = tops.iter().filter_map(loose).collect();
            EntryKind::Command(command(&stmts))
        }
        Some(TopKind::Rule(rule)) => EntryKind::Rule {
            name: rule.name.as_ref().map(|name| name.value.clone()),
            is_off: rule.off.is_some(),
            is_on_bytes: matches!(rule.trigger, Trigger::Pattern(_)),
        },
        Some(TopKind::Session(session)) => {
            EntryKind::Session { name: session.name.as_ref().map(|name| name.value.clone()) }
        }
        Some(TopKind::Var(var)) => EntryKind::Var { name: var.name.value.clone() },
        Some(TopKind::Use(_) | TopKind::Part(_)) | None => EntryKind::Other,
    }
}

fn shown_piece(piece: &TextPiece) -> String {
    match piece {
        TextPiece::Chars(chars) => chars.clone(),
        TextPiece::Bytes(_) | TextPiece::Insert(_) | TextPiece::Capture(_) => "…".to_owned(),
    }
}

/// The statement of an entry outside of a step.
pub(super) fn loose(top: &Top) -> Option<&Stmt> {
    match &top.kind {
        TopKind::Loose(stmt) => Some(stmt),
        _ => None,
    }
}

/// The `wait` at the end of the statements, and what is before it.
pub(super) fn without_delay<'a>(stmts: &'a [&'a Stmt]) -> (&'a [&'a Stmt], Option<&'a Stmt>) {
    match stmts.split_last() {
        Some((last, before)) if !before.is_empty() && matches!(last.kind, StmtKind::Wait(_)) => (before, Some(last)),
        _ => (stmts, None),
    }
}

/// The `repeat` that is all there is.
pub(super) fn repeat_of<'a>(stmts: &[&'a Stmt]) -> Option<&'a Repeat> {
    match stmts {
        [Stmt { kind: StmtKind::Repeat(repeat), .. }] => Some(repeat),
        _ => None,
    }
}

fn command(stmts: &[&Stmt]) -> Command {
    let (stmts, delay) = without_delay(stmts);
    let delay = delay.and_then(|stmt| match &stmt.kind {
        StmtKind::Wait(time) => fixed(&time.kind),
        _ => None,
    });
    let repeat = repeat_of(stmts);
    let inner: Vec<&Stmt> = repeat.map_or_else(|| stmts.to_vec(), |repeat| repeat.body.stmts.iter().collect());
    Command {
        sends: inner.iter().find_map(|stmt| first_send(stmt)).unwrap_or_default(),
        awaits: inner.iter().any(|stmt| matches!(stmt.kind, StmtKind::Await { .. } | StmtKind::Cases(_))),
        delay,
        repeat: repeat.map(repetition),
    }
}

fn repetition(repeat: &Repeat) -> super::Repetition {
    use crate::talk::tree::{ExprKind, Number};
    super::Repetition {
        count: repeat.count.as_ref().and_then(|count| match count.kind {
            ExprKind::Number(Number::Int(count)) => Some(count),
            _ => None,
        }),
        every: repeat.every.as_ref().and_then(|time| fixed(&time.kind)),
    }
}

fn fixed(time: &TimeKind) -> Option<Duration> {
    match time {
        TimeKind::Fixed(time) => Some(*time),
        TimeKind::Name(_) => None,
    }
}

/// The name of a command that has none: the beginning of what it sends, else of what it does.
pub(super) fn name_of(source: &str, span: Span, command: &Command) -> String {
    let sends = command.sends.of(source);
    let line = if sends.is_empty() { span.of(source).lines().next().unwrap_or_default() } else { sends };
    let mut name = String::new();
    for c in line.chars().take(NAME_LEN) {
        match c {
            '"' | '\'' | '\\' | '{' | '}' => {}
            c if c.is_control() => name.push(' '),
            c => name.push(c),
        }
    }
    let name = name.trim().to_owned();
    if name.is_empty() { ">".to_owned() } else { name }
}

/// The lines of `span`. Where another entry is on the first or last of them, only from or to the entry itself.
fn lines_of(source: &str, span: Span, before: usize, next: Option<usize>) -> Span {
    let start = match source[before..span.start].rfind('\n') {
        Some(end) => before + end + 1,
        None if before > 0 => span.start,
        // The byte order mark is no part of the first line.
        None if source.starts_with('\u{FEFF}') => '\u{FEFF}'.len_utf8(),
        None => 0,
    };
    let last = next.unwrap_or(source.len());
    let end = match source[span.end..last].find('\n') {
        Some(len) => span.end + len + 1,
        None if next.is_some() => span.end,
        None => source.len(),
    };
    Span::new(start, end)
}

/// The comment lines directly before byte `start`, which begins a line. A comment at the beginning of the file is the file's.
fn comment_before(source: &str, start: usize, least: usize) -> Span {
    let mut from = start;
    let line_end = |from: usize| from.checked_sub(1).filter(|end| source.as_bytes()[*end] == b'\n' && *end >= least);
    while let Some(line_end) = line_end(from) {
        let line = source[..line_end].rfind('\n').map_or(0, |end| end + 1);
        if line < least || !source[line..line_end].trim_start().starts_with('#') {
            break;
        }
        if line == 0 {
            return Span::new(start, start);
        }
        from = line;
    }
    Span::new(from, start)
}

//! Errors of a talk file with their source lines, as rustc shows them.

use super::{Lang, harmless, talk_error};
use crate::codec::safe::is_hidden;
use crate::talk::tree::Span;
use crate::talk::{Error, ErrorKind};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::ops::Range;

/// Errors that a report shows.
const MOST: usize = 20;
/// Longest line that is shown whole, in bytes.
const LONGEST_LINE: usize = 2000;

/// Line and column, counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TalkPlace {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// The line and column of byte `at` of `source`.
#[must_use]
pub fn talk_place(source: &str, at: usize) -> TalkPlace {
    let before = source.get(..at).unwrap_or(source);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let first = if start == 0 && before.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { start };
    TalkPlace {
        line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
        column: before.get(first..).unwrap_or_default().chars().count() + 1,
    }
}

/// The errors of a file, each with its place, source line, caret and label. `name` is the path or another name of the file.
/// Without `in_color` there are no escape sequences; control characters of the source never reach the report.
#[must_use]
pub fn talk_report(name: &str, source: &str, errors: &[Error], lang: Lang, in_color: bool) -> String {
    let texts = lang.texts();
    let renderer = if in_color { Renderer::styled() } else { Renderer::plain() };
    let name = harmless(name);
    let mut report = String::new();
    for error in errors.iter().take(MOST) {
        report.push_str(&match &error.kind {
            ErrorKind::InUsed { file, error } => {
                one(&beside(&name, &harmless(&file.path)), &file.source, error, lang, &renderer)
            }
            _ => one(&name, source, error, lang, &renderer),
        });
        report.push_str("\n\n");
    }
    if errors.len() > MOST {
        report.push_str(&texts.talk_more_errors(errors.len() - MOST));
        report.push('\n');
    }
    report.truncate(report.trim_end().len());
    report
}

/// A path below the folder of a file.
fn beside(name: &str, path: &str) -> String {
    let folder = name.rfind(['/', '\\']).map_or("", |end| &name[..=end]);
    format!("{folder}{path}")
}

fn one(name: &str, source: &str, error: &Error, lang: Lang, renderer: &Renderer) -> String {
    let texts = lang.texts();
    let (title, label) = talk_error(&error.kind, lang);
    let (line, within) = shown(source, error.span);
    let primary = AnnotationKind::Primary.span(within);
    let primary = if label.is_empty() { primary } else { primary.label(label) };
    let snippet =
        |line: String, at| Snippet::source(line).line_start(talk_place(source, at).line).path(name).fold(false);
    let mut first = snippet(line, error.span.start).annotation(primary);
    let mut second = None;
    if let Some(related) = error.kind.related() {
        let words = match error.kind {
            ErrorKind::MissingBrace { .. } => texts.talk_opened_here(),
            _ => texts.talk_first_here(),
        };
        let (line, within) = shown(source, related);
        let context = AnnotationKind::Context.span(within).label(words);
        if talk_place(source, related.start).line == talk_place(source, error.span.start).line {
            first = first.annotation(context);
        } else {
            second = Some(snippet(line, related.start).annotation(context));
        }
    }
    let group = Level::ERROR.with_name(texts.talk_error_level()).primary_title(title).element(first);
    let group = match second {
        Some(second) => group.element(second),
        None => group,
    };
    renderer.render(&[group])
}

/// The line that `span` begins on, without hidden characters, and the part of it that the span covers. Of a very long line only what
/// is around the span.
fn shown(source: &str, span: Span) -> (String, Range<usize>) {
    let at = span.start.min(source.len());
    let before = source.get(..at).unwrap_or(source);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let end = source.get(at..).and_then(|rest| rest.find('\n')).map_or(source.len(), |len| at + len);
    let start = (start.max(at.saturating_sub(LONGEST_LINE))..=at).find(|at| source.is_char_boundary(*at)).unwrap_or(at);
    let end = (at..=end.min(at + LONGEST_LINE)).rev().find(|end| source.is_char_boundary(*end)).unwrap_or(at);
    let text = |range: Range<usize>| source.get(range).unwrap_or_default();
    let line = visible(text(start..end).trim_end_matches('\r'));
    let from = visible(text(start..at)).len();
    let to = visible(text(start..span.end.clamp(at, end)).trim_end_matches('\r')).len();
    let range = from..to.max(from);
    (line, range)
}

/// Hidden characters as a visible one. A tab stays: the renderer shows it as spaces.
fn visible(text: &str) -> String {
    let shown = |c: char| if c != '\t' && is_hidden(c) { '\u{FFFD}' } else { c };
    text.strip_prefix('\u{FEFF}').unwrap_or(text).chars().map(shown).collect()
}

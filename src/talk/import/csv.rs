//! Tables: a line for each command, its fields between commas, semicolons or tabs, perhaps in quotes (RFC 4180).

use super::{Command, Content, Imported, Why};
use crate::codec::hex;
use std::time::Duration;

/// Fields of a line that are read.
const MOST_FIELDS: usize = 64;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Group,
    /// What is sent, in hex.
    Hex,
    /// What is sent, as text.
    Text,
    /// What is sent, in the form that [`Column::Format`] names.
    Content,
    Format,
    /// The pause behind it in ms.
    Delay,
    /// It is repeated, from start to start in ms.
    Every,
    Other,
}

/// Headings of the columns, in lower case.
const HEADINGS: [(Column, &[&str]); 8] = [
    (Column::Name, &["name", "title", "\u{540d}\u{79f0}", "\u{540d}\u{5b57}", "\u{5907}\u{6ce8}"]),
    (Column::Group, &["group", "\u{5206}\u{7ec4}", "\u{7ec4}"]),
    (Column::Hex, &["hex", "hexstring", "bytes", "\u{5341}\u{516d}\u{8fdb}\u{5236}"]),
    (Column::Text, &["text", "ascii", "string", "\u{6587}\u{672c}"]),
    (
        Column::Content,
        &["content", "data", "payload", "command", "send", "\u{5185}\u{5bb9}", "\u{6570}\u{636e}", "\u{6307}\u{4ee4}"],
    ),
    (Column::Format, &["format", "type", "\u{683c}\u{5f0f}", "\u{7c7b}\u{578b}"]),
    (Column::Delay, &["delay", "pause", "delay_ms", "\u{5ef6}\u{65f6}", "\u{5ef6}\u{8fdf}", "\u{505c}\u{987f}"]),
    (Column::Every, &["every", "interval", "period", "repeat_ms", "\u{5468}\u{671f}", "\u{95f4}\u{9694}"]),
];

/// Reads a table.
pub(super) fn read(text: &str) -> Imported {
    let separator = separator(text);
    let mut lines = Lines { rest: text, separator };
    let mut imported = Imported::default();
    let Some(first) = lines.next() else { return imported };
    let mut columns: Vec<Column> = first.iter().map(|field| column(field)).collect();
    let has_head = columns.iter().any(|column| matches!(column, Column::Hex | Column::Text | Column::Content));
    if !has_head {
        // Without headings: what is sent, or its name before it.
        columns = if first.len() == 1 { vec![Column::Content] } else { vec![Column::Name, Column::Content] };
        take(&mut imported, &columns, &first);
    }
    for line in lines {
        take(&mut imported, &columns, &line);
    }
    imported
}

/// The column with this heading. A unit in brackets is no part of it.
fn column(heading: &str) -> Column {
    let heading = heading.trim().to_lowercase();
    let heading = heading.split(['(', '\u{ff08}', '[']).next().unwrap_or_default().trim();
    let found = HEADINGS.iter().find(|(_, names)| names.contains(&heading));
    found.map_or(Column::Other, |(column, _)| *column)
}

/// What separates the fields of the first line: the most frequent candidate.
fn separator(text: &str) -> char {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: char| first.chars().filter(|c| *c == separator).count();
    [',', ';', '\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(',')
}

/// Adds the command of a line.
fn take(imported: &mut Imported, columns: &[Column], fields: &[String]) {
    if fields.iter().all(|field| field.trim().is_empty()) {
        return;
    }
    let value = |wanted: Column| {
        let mut found = columns.iter().zip(fields).filter(|(column, _)| **column == wanted);
        found.find(|(_, field)| !field.is_empty()).map_or("", |(_, field)| field.as_str())
    };
    let (name, format) = (value(Column::Name).trim(), value(Column::Format).trim().to_lowercase());
    let (as_hex, as_text, either) = (value(Column::Hex), value(Column::Text), value(Column::Content));
    let shown = if name.is_empty() { [as_hex, as_text, either].concat() } else { name.to_owned() };
    let is_hex = if either.is_empty() || !format.is_empty() { format.contains("hex") } else { looks_like_hex(either) };
    let content = match (as_hex, as_text, either) {
        ("", "", either) if !is_hex => Content::Text(either.to_owned()),
        ("", text, "") => Content::Text(text.to_owned()),
        (digits, _, either) => match hex::parse(if digits.is_empty() { either } else { digits }) {
            Ok(bytes) => Content::Bytes(bytes),
            Err(_) => {
                imported.leave_out(&shown, Why::NotHex);
                return;
            }
        },
    };
    let mut has_wrong_number = false;
    let mut time = |column| match value(column).trim() {
        "" | "0" => None,
        typed => {
            let time = typed.parse::<u32>().ok().map(|ms| Duration::from_millis(ms.into()));
            has_wrong_number |= time.is_none();
            time
        }
    };
    let (delay, every) = (time(Column::Delay), time(Column::Every));
    if has_wrong_number {
        imported.leave_out(&shown, Why::Number);
    }
    let group = super::shown(value(Column::Group));
    imported.push(Command { name: name.to_owned(), group, content, every, delay });
}

/// Two or more pairs of digits, or `0x` before them.
fn looks_like_hex(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_pair = |word: &str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let marked = text.trim().to_ascii_lowercase().starts_with("0x");
    marked || words.clone().count() > 1 && words.all(is_pair)
}

/// The lines of a table. A field in quotes may have line ends.
struct Lines<'a> {
    rest: &'a str,
    separator: char,
}

impl Iterator for Lines<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut fields, mut field) = (Vec::new(), String::new());
        let (mut in_quotes, mut len) = (false, self.rest.len());
        let mut characters = self.rest.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            match c {
                '"' if in_quotes && characters.next_if(|(_, next)| *next == '"').is_some() => field.push('"'),
                '"' if in_quotes => in_quotes = false,
                '"' if field.trim().is_empty() => {
                    field.clear();
                    in_quotes = true;
                }
                '\n' if !in_quotes => {
                    len = at + 1;
                    break;
                }
                c if c == self.separator && !in_quotes && fields.len() < MOST_FIELDS => {
                    fields.push(std::mem::take(&mut field));
                }
                c => field.push(c),
            }
        }
        self.rest = &self.rest[len..];
        if field.ends_with('\r') {
            field.pop();
        }
        fields.push(field);
        Some(fields)
    }
}

//! Reads a talk file: a recursive descent over the text itself.
//!
//! There is no separate lexer, because what a group of characters is depends on where it is: `12` is a number in an expression, a
//! byte behind `>` and a part of a word in an address. After an error the parser goes on behind the statement, its braces
//! counted, so one run reports several errors.

mod cases;
mod content;
mod cursor;
mod expr;
mod statement;
#[cfg(test)]
mod tests;
mod text;
mod top;

use super::error::{Error, ErrorKind, Expected, Found};
use super::tree::{File, Format, Insert, Span, Type};
use cursor::{Parser, Read};
use text::Field;

/// A file as far as it could be read, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// What could be read. Statements with an error are left out; those of the second level are in it, each with an error.
    pub file: File,
    /// The errors of the grammar, in the order of the source.
    pub errors: Vec<Error>,
}

/// Reads the text of a talk file. A byte order mark at its beginning is skipped; line ends are LF or CR LF.
#[must_use]
pub fn parse(source: &str) -> Parsed {
    let mut parser = cursor::Parser::new(source);
    let file = parser.file();
    let mut errors = parser.errors;
    errors.sort_by_key(|error| error.span.start);
    Parsed { file, errors }
}

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'s> {
    /// The whole text.
    pub source: &'s str,
    /// Where a `{{` begins.
    pub at: usize,
}

/// The field of a quoted text that begins here, and its end.
///
/// # Errors
/// It is none, or a capture.
pub(super) fn text_field(place: Place<'_>) -> Result<(Insert<Format>, usize), Error> {
    field(place, |parser| parser.field(Parser::format, Parser::reading))
}

/// The field outside of quotes that begins here, and its end.
///
/// # Errors
/// It is none, or a capture.
pub(super) fn hex_field(place: Place<'_>) -> Result<(Insert<Type>, usize), Error> {
    field(place, |parser| parser.field(Parser::type_of, Parser::type_of))
}

fn field<'s, I, C>(
    place: Place<'s>,
    read: impl FnOnce(&mut Parser<'s>) -> Read<Field<I, C>>,
) -> Result<(Insert<I>, usize), Error> {
    let mut parser = Parser::new(place.source);
    (parser.at, parser.end) = (place.at, place.at);
    let error = match read(&mut parser) {
        Ok(Field::Insert(insert)) => return Ok((insert, parser.at)),
        Ok(Field::Capture(capture)) => {
            let kind = ErrorKind::PatternOnly(capture.span.of(place.source).to_owned());
            Some(Error { kind, span: capture.span })
        }
        Err(_) => parser.errors.into_iter().next(),
    };
    let unexpected = || ErrorKind::Unexpected { found: Found::EndOfFile, expected: Expected::Value };
    Err(error.unwrap_or_else(|| Error { kind: unexpected(), span: Span::new(place.at, place.source.len()) }))
}

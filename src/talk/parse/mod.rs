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

use super::error::Error;
use super::tree::File;

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

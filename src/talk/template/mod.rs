//! Text or hex with fields: `{{n}}`, `{{unix_ms:u64}}`, `{{random(1, 6)}}`. The fields are those of a `>` line: of a quoted text if
//! the notation is text, outside of quotes if it is hex.
//!
//! ```
//! use wirebench::codec::Encoding;
//! use wirebench::talk::template::{Notation, Template, Values};
//!
//! let template = Template::parse("01 03 {{n:u16}}", Notation::Hex, Encoding::UTF_8).expect("a template");
//! let made = template.made(&mut Values::new(7, 1, Encoding::UTF_8)).expect("fits");
//! assert_eq!((made.bytes, made.fields), (vec![1, 3, 0, 7], vec![2..4]));
//! ```

#[cfg(test)]
mod tests;
mod values;

pub use values::Values;

use super::content::insert_bytes;
use super::error::ErrorKind;
use super::eval::{Fault, FaultKind, text_bytes};
use super::parse::{Place, hex_field, text_field};
use super::tree::{Insert, Span, Text, TextPiece, Type};
use super::vocabulary::FUNCTIONS;
use crate::codec::escape::{EscapeError, encode_escaped};
use crate::codec::{EncodeError, Encoding, HexError, hex};
use std::ops::Range;

/// The longest content of one round. A repeat makes it again and again.
pub const LONGEST_ROUND: usize = 1 << 20;

/// What is written between the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// Text as it is.
    Plain,
    /// Text with escapes; `\{` is a brace.
    Escaped,
    /// Hex.
    Hex,
}

/// Why a text is no template, or why a round has no content. Positions count characters of the whole text from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateError {
    /// A wrong escape, or a character that the encoding does not have.
    Escape(EscapeError),
    /// A character that the encoding does not have.
    Encode(EncodeError),
    /// A wrong digit.
    Hex(HexError),
    /// A field that is none, or that has no value.
    Field {
        /// Why.
        kind: Box<ErrorKind>,
        /// Where, in characters.
        at: Range<usize>,
        /// The field as written.
        field: String,
    },
}

impl TemplateError {
    /// Its place in the text, in characters from 0.
    #[must_use]
    pub fn position(&self) -> usize {
        match self {
            Self::Escape(EscapeError::Bad { position, .. } | EscapeError::Encode(EncodeError { position, .. }))
            | Self::Encode(EncodeError { position, .. })
            | Self::Hex(HexError::BadDigit { position, .. }) => *position,
            Self::Field { at, .. } => at.start,
        }
    }
}

/// Content that is made for each round.
#[derive(Clone, Debug)]
pub struct Template {
    source: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Fixed(Vec<u8>),
    InText(Text),
    InHex(Insert<Type>),
}

/// The content of one round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Which of them come from fields.
    pub fields: Vec<Range<usize>>,
}

/// Whether a text may contain fields.
#[must_use]
pub fn may_have_fields(text: &str) -> bool {
    text.contains("{{")
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// The first thing that is wrong in it. Values are not looked at.
    pub fn parse(source: &str, notation: Notation, encoding: Encoding) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(found) = next_mark(source, at, notation) {
            let (until, end, part) = match found {
                Mark::Skip(end) => {
                    at = end;
                    continue;
                }
                Mark::Brace(place) => {
                    (place, place + 2, Part::Fixed(fixed(source, place + 1..place + 2, notation, encoding)?))
                }
                Mark::Field(place) => {
                    let (part, end) = field(source, place, notation)?;
                    (place, end, part)
                }
            };
            parts.push(Part::Fixed(fixed(source, from..until, notation, encoding)?));
            parts.push(part);
            (from, at) = (end, end);
        }
        parts.push(Part::Fixed(fixed(source, from..source.len(), notation, encoding)?));
        Ok(Self { source: source.to_owned(), parts })
    }

    /// Whether each round can be another one.
    #[must_use]
    pub fn has_fields(&self) -> bool {
        self.parts.iter().any(|part| !matches!(part, Part::Fixed(_)))
    }

    /// The first field, as written.
    #[must_use]
    pub fn first_field(&self) -> Option<&str> {
        self.parts.iter().find_map(|part| match part {
            Part::Fixed(_) => None,
            Part::InText(text) => Some(text.span.of(&self.source)),
            Part::InHex(insert) => Some(insert.span.of(&self.source)),
        })
    }

    /// The content of a round.
    ///
    /// # Errors
    /// A field has no value, its value does not fit, or the whole is too long.
    pub fn made(&self, values: &mut Values) -> Result<Made, TemplateError> {
        let (mut bytes, mut fields) = (Vec::new(), Vec::new());
        for part in &self.parts {
            let start = bytes.len();
            match part {
                Part::Fixed(fixed) => bytes.extend_from_slice(fixed),
                Part::InText(text) => {
                    bytes.extend(text_bytes(text, values).map_err(|fault| self.fault(fault, text.span))?);
                }
                Part::InHex(insert) => {
                    insert_bytes(insert, values, &mut bytes).map_err(|fault| self.fault(fault, insert.span))?;
                }
            }
            if !matches!(part, Part::Fixed(_)) {
                fields.push(start..bytes.len());
            }
            if bytes.len() > LONGEST_ROUND {
                let fault = Fault::new(FaultKind::TooLong { most: LONGEST_ROUND }, Span::new(0, self.source.len()));
                return Err(self.fault(fault, Span::new(0, self.source.len())));
            }
        }
        Ok(Made { bytes, fields })
    }

    fn fault(&self, fault: Fault, field: Span) -> TemplateError {
        let kind = match fault.kind {
            // `{{time}}` instead of `{{time()}}`.
            FaultKind::UnsetName(name) => {
                let call = FUNCTIONS.iter().find(|function| function.name == name && function.least == 0);
                ErrorKind::UnsetName { near: call.map(|function| format!("{}()", function.name)), name }
            }
            other => ErrorKind::Fault(other),
        };
        wrong(&self.source, kind, fault.span, field)
    }
}

fn wrong(source: &str, kind: ErrorKind, at: Span, field: Span) -> TemplateError {
    let characters = |end: usize| source.get(..end).unwrap_or(source).chars().count();
    TemplateError::Field {
        kind: Box::new(kind),
        at: characters(at.start)..characters(at.end),
        field: field.of(source).to_owned(),
    }
}

enum Mark {
    /// Nothing special up to here.
    Skip(usize),
    /// `\{`.
    Brace(usize),
    /// `{{`.
    Field(usize),
}

/// The next escape or field at or behind `at`.
fn next_mark(source: &str, at: usize, notation: Notation) -> Option<Mark> {
    let rest = source.get(at..)?;
    let field = rest.find("{{");
    let escape = rest.find('\\').filter(|_| notation == Notation::Escaped);
    match (escape, field) {
        (Some(escape), field) if field.is_none_or(|field| escape < field) => {
            let place = at + escape;
            let behind = source.get(place + 1..).and_then(|behind| behind.chars().next());
            Some(match behind {
                Some('{') => Mark::Brace(place),
                Some(other) => Mark::Skip(place + 1 + other.len_utf8()),
                None => Mark::Skip(place + 1),
            })
        }
        (_, Some(field)) => Some(Mark::Field(at + field)),
        _ => None,
    }
}

/// The bytes of a part without fields.
fn fixed(source: &str, part: Range<usize>, notation: Notation, encoding: Encoding) -> Result<Vec<u8>, TemplateError> {
    let text = source.get(part.clone()).unwrap_or_default();
    let moved = || source.get(..part.start).unwrap_or_default().chars().count();
    match notation {
        Notation::Plain => encoding
            .encode(text)
            .map_err(|error| TemplateError::Encode(EncodeError { position: error.position + moved(), ..error })),
        Notation::Escaped => encode_escaped(text, encoding).map_err(|error| {
            TemplateError::Escape(match error {
                EscapeError::Bad { text, position } => EscapeError::Bad { text, position: position + moved() },
                EscapeError::Encode(error) => {
                    EscapeError::Encode(EncodeError { position: error.position + moved(), ..error })
                }
            })
        }),
        Notation::Hex => hex::parse(text).map_err(|HexError::BadDigit { character, position }| {
            TemplateError::Hex(HexError::BadDigit { character, position: position + moved() })
        }),
    }
}

/// The field that begins at `at`, and its end.
fn field(source: &str, at: usize, notation: Notation) -> Result<(Part, usize), TemplateError> {
    let place = Place { source, at };
    let read = match notation {
        Notation::Hex => hex_field(place).map(|(insert, end)| (Part::InHex(insert), end)),
        Notation::Plain | Notation::Escaped => text_field(place).map(|(insert, end)| {
            let span = insert.span;
            (Part::InText(Text { pieces: vec![TextPiece::Insert(insert)], span }), end)
        }),
    };
    read.map_err(|error| {
        let end = source.get(at..).and_then(|rest| rest.find("}}")).map_or(source.len(), |end| at + end + 2);
        wrong(source, error.kind, error.span, Span::new(at, end))
    })
}

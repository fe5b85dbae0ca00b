//! Patterns to search for in a stream of bytes: text in an encoding, hex with wildcards, or a regular expression on bytes.
//!
//! A [`Pattern`] finds matches in one slice. Searching across record boundaries is up to the caller, so a pattern also states how
//! many bytes from the start of a match decide about it ([`Pattern::reach`]).

mod nonempty;
mod scan;

pub use scan::Scan;

use super::encoding::{EncodeError, Encoding, Piece, StreamDecoder};
use super::hex::{self, HexError};
use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::hir::Look;
use std::fmt::Write as _;
use std::ops::Range;

/// A pattern as entered by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternSource {
    /// Text in an encoding.
    Text {
        /// The characters.
        text: String,
        /// The encoding of the stream.
        encoding: Encoding,
        /// `a` matches `A` too.
        ignore_case: bool,
    },
    /// Bytes as hex; `?` matches any half of a byte (`4?`, `??`), a single `?` any byte.
    Hex(String),
    /// A regular expression on bytes, in the syntax of the `regex` crate with Unicode off: `.` and `\xFF` are bytes.
    Regex(String),
}

/// Why a pattern is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// The pattern is empty.
    #[error("nothing to look for")]
    Empty,
    /// More than [`Pattern::LEN_MAX`] bytes.
    #[error("more than {} bytes", Pattern::LEN_MAX)]
    TooLong,
    /// A character that does not exist in the encoding.
    #[error("{0}")]
    Encode(EncodeError),
    /// Invalid hex.
    #[error("{0}")]
    Hex(HexError),
    /// Hex that consists only of wildcards would match everywhere.
    #[error("only wildcards")]
    OnlyWildcards,
    /// An invalid or too large regular expression: the message of its parser, in English, on one line.
    #[error("{0}")]
    Regex(String),
}

#[derive(Clone)]
enum Matcher {
    Literal(Box<Finder<'static>>),
    Regex(Regex),
}

/// A compiled pattern.
#[derive(Clone)]
pub struct Pattern {
    matcher: Matcher,
    /// Count of bytes from the start of a match that decide about it.
    reach: usize,
    bounded: bool,
    /// May end with `$`, `\b` or the like, so that the bytes after a match decide whether it is one.
    looks: bool,
    /// Text in this encoding, whose bytes may also occur within other characters: matches must start at a character boundary.
    characters: Option<Encoding>,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Pattern").field("reach", &self.reach).field("bounded", &self.bounded).finish()
    }
}

/// One half of a byte: a digit, or any.
type Half = Option<u8>;

impl Pattern {
    /// Maximum length of text or hex, in bytes.
    pub const LEN_MAX: usize = 64 * 1024;
    /// Count of bytes before a position that can affect look-behind (`^`, `\b`, also for multi-byte characters).
    pub const CONTEXT: usize = 8;
    /// Maximum length in bytes of a match of a regular expression without an upper bound (`a.*b`).
    pub const MATCH_MAX: usize = 16 * 1024;
    /// Maximum memory for a compiled regular expression, in bytes.
    const REGEX_SIZE_LIMIT: usize = 4 << 20;

    /// Compiles a pattern.
    ///
    /// # Errors
    /// See [`PatternError`].
    pub fn new(source: &PatternSource) -> Result<Self, PatternError> {
        match source {
            PatternSource::Text { text, encoding, ignore_case: false } => {
                Ok(Self::literal(&encoding.encode(text).map_err(PatternError::Encode)?)?.of(*encoding))
            }
            PatternSource::Text { text, encoding, ignore_case: true } => {
                Ok(Self::any_case(text, *encoding)?.of(*encoding))
            }
            PatternSource::Hex(text) => Self::hex(text),
            PatternSource::Regex(text) => Self::regex(text),
        }
    }

    /// Compiles a pattern of bytes. If they are text in `encoding`, matches must start at a character boundary.
    ///
    /// # Errors
    /// There are no bytes, or too many.
    pub fn of_bytes(bytes: &[u8], encoding: Option<Encoding>) -> Result<Self, PatternError> {
        let pattern = Self::literal(bytes)?;
        let is_text = |encoding: &Encoding| {
            let mut decoder = StreamDecoder::new(*encoding);
            let mut is_text = true;
            decoder.feed(bytes, &mut |piece| is_text &= matches!(piece, Piece::Char(..)));
            is_text && decoder.pending().is_empty()
        };
        Ok(match encoding.filter(is_text) {
            Some(encoding) => pattern.of(encoding),
            None => pattern,
        })
    }

    /// Restricts matches to character boundaries.
    fn of(self, encoding: Encoding) -> Self {
        if !encoding.has_look_alikes() {
            return self;
        }
        // At most three bytes from a position decide whether a character starts there.
        Self { reach: self.reach.max(3), characters: Some(encoding), ..self }
    }

    fn literal(bytes: &[u8]) -> Result<Self, PatternError> {
        check_len(bytes.len())?;
        let finder = Finder::new(bytes).into_owned();
        Ok(Self {
            matcher: Matcher::Literal(Box::new(finder)),
            reach: bytes.len(),
            bounded: true,
            looks: false,
            characters: None,
        })
    }

    /// Alternatives for each character: its encodings in either case.
    fn any_case(text: &str, encoding: Encoding) -> Result<Self, PatternError> {
        let exact = encoding.encode(text).map_err(PatternError::Encode)?;
        check_len(exact.len())?;
        let mut expression = String::from("(?s-u)");
        let mut reach = 0;
        let mut has_cases = false;
        for character in text.chars() {
            let written = cases(character, encoding);
            has_cases |= written.len() > 1;
            reach += written.iter().map(Vec::len).max().unwrap_or(0);
            expression.push_str("(?:");
            for (index, bytes) in written.iter().enumerate() {
                if index > 0 {
                    expression.push('|');
                }
                bytes.iter().for_each(|&byte| push_byte(&mut expression, byte));
            }
            expression.push(')');
        }
        if !has_cases {
            return Self::literal(&exact);
        }
        Self::compiled(&expression, false, reach)
    }

    fn hex(text: &str) -> Result<Self, PatternError> {
        if !text.contains(['?', '？']) {
            return Self::literal(&hex::parse(text).map_err(PatternError::Hex)?);
        }
        let bytes = hex_with_wildcards(text).map_err(PatternError::Hex)?;
        check_len(bytes.len())?;
        if bytes.iter().all(|byte| *byte == (None, None)) {
            return Err(PatternError::OnlyWildcards);
        }
        let mut expression = String::from("(?s-u)");
        for byte in &bytes {
            match *byte {
                (Some(high), Some(low)) => push_byte(&mut expression, high << 4 | low),
                (Some(high), None) => {
                    expression.push('[');
                    push_byte(&mut expression, high << 4);
                    expression.push('-');
                    push_byte(&mut expression, high << 4 | 15);
                    expression.push(']');
                }
                (None, Some(low)) => {
                    expression.push('[');
                    (0..16).for_each(|high| push_byte(&mut expression, high << 4 | low));
                    expression.push(']');
                }
                (None, None) => expression.push('.'),
            }
        }
        Self::compiled(&expression, false, bytes.len())
    }

    fn regex(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        if text.len() > Self::LEN_MAX {
            return Err(PatternError::TooLong);
        }
        let parsed = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(text);
        let parsed = parsed.map_err(|error| PatternError::Regex(one_line(&error.to_string())))?;
        // Look-ahead (`\b`, `$`) reads one character of up to four bytes more.
        let mut ends_with = parsed.properties().look_set_suffix_any();
        for behind in [Look::Start, Look::StartLF] {
            ends_with = ends_with.remove(behind);
        }
        let looks = !ends_with.is_empty();
        let longest = parsed.properties().maximum_len().map(|len| len.saturating_add(4));
        let reach = longest.unwrap_or(usize::MAX);
        // The rewritten expression may be too large even if the original is not.
        let rewritten = nonempty::nonempty(&parsed).and_then(|text| Self::compiled(&text, true, reach).ok());
        let pattern = rewritten.map_or_else(|| Self::compiled(text, false, reach), Ok)?;
        Ok(match longest {
            Some(reach) if reach <= Self::MATCH_MAX => Self { looks, ..pattern },
            _ => Self { reach: Self::MATCH_MAX, bounded: false, looks, ..pattern },
        })
    }

    fn compiled(expression: &str, unicode: bool, reach: usize) -> Result<Self, PatternError> {
        let regex = RegexBuilder::new(expression).unicode(unicode).size_limit(Self::REGEX_SIZE_LIMIT).build();
        let regex = regex.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => PatternError::TooLong,
            other => PatternError::Regex(one_line(&other.to_string())),
        })?;
        Ok(Self { matcher: Matcher::Regex(regex), reach, bounded: true, looks: false, characters: None })
    }

    /// Count of bytes from the start of a match that must be known to decide about it.
    #[must_use]
    pub fn reach(&self) -> usize {
        self.reach
    }

    /// Whether no match is longer than [`Pattern::reach`]. Otherwise longer matches exist but are found only up to that length.
    #[must_use]
    pub fn is_bounded(&self) -> bool {
        self.bounded
    }

    /// Whether the bytes after a match affect whether it is one.
    #[must_use]
    pub fn looks_behind_its_end(&self) -> bool {
        self.looks
    }

    /// Whether matches must start at a character boundary, so that the caller must know where characters start.
    #[must_use]
    pub fn needs_borders(&self) -> bool {
        self.characters.is_some()
    }

    /// The leftmost non-empty match at or after `start`; the bytes before `start` are used for look-behind. Text is searched as if a
    /// character started at the first byte.
    #[must_use]
    pub fn find_at(&self, bytes: &[u8], start: usize) -> Option<Range<usize>> {
        self.find_from(bytes, start, 0)
    }

    /// Like [`Pattern::find_at`], but a character starts at `border`, which is at or before `start`. A character also starts after a
    /// match of text.
    #[must_use]
    pub fn find_from(&self, bytes: &[u8], start: usize, border: usize) -> Option<Range<usize>> {
        let Some(encoding) = self.characters else { return self.find_bytes(bytes, start) };
        let (mut from, mut known) = (start, border);
        loop {
            let found = self.find_bytes(bytes, from)?;
            let (before, begins) = encoding.border_before(bytes, found.start, known);
            if begins {
                return Some(found);
            }
            known = before;
            from = found.start + 1;
        }
    }

    /// The encoding of the text, if matches must start at a character boundary.
    #[must_use]
    pub fn needs_borders_of(&self) -> Option<Encoding> {
        self.characters
    }

    /// Whether the bytes occur anywhere, even within or across characters.
    #[must_use]
    pub fn has_bytes_in(&self, bytes: &[u8]) -> bool {
        self.find_bytes(bytes, 0).is_some()
    }

    /// The last position at or before `at` where a character starts, given one such position. For byte patterns, any position.
    #[must_use]
    pub fn border_before(&self, bytes: &[u8], at: usize, border: usize) -> usize {
        self.characters.map_or(at.max(border), |encoding| encoding.border_before(bytes, at.min(bytes.len()), border).0)
    }

    /// The first possible character boundary at or after byte `at` of a stream whose earlier bytes are unknown.
    #[must_use]
    pub fn first_border(&self, at: u64) -> u64 {
        let pairs = [Encoding::UTF_16LE, Encoding::UTF_16BE];
        at + u64::from(self.characters.is_some_and(|encoding| pairs.contains(&encoding)) && !at.is_multiple_of(2))
    }

    fn find_bytes(&self, bytes: &[u8], start: usize) -> Option<Range<usize>> {
        match &self.matcher {
            Matcher::Literal(finder) => {
                let at = start + finder.find(bytes.get(start..)?)?;
                Some(at..at + finder.needle().len())
            }
            Matcher::Regex(regex) => {
                let mut from = start;
                while from < bytes.len() {
                    let found = regex.find_at(bytes, from)?;
                    if !found.is_empty() {
                        return Some(found.range());
                    }
                    from = found.end() + 1;
                }
                None
            }
        }
    }
}

fn check_len(len: usize) -> Result<(), PatternError> {
    match len {
        0 => Err(PatternError::Empty),
        1..=Pattern::LEN_MAX => Ok(()),
        _ => Err(PatternError::TooLong),
    }
}

fn push_byte(expression: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    write!(expression, "\\x{byte:02X}").ok();
}

/// The encodings of a character and of its single-character case variants.
fn cases(character: char, encoding: Encoding) -> Vec<Vec<u8>> {
    let single = |mut cased: Box<dyn Iterator<Item = char>>| cased.next().filter(|_| cased.next().is_none());
    let lower = single(Box::new(character.to_lowercase()));
    let upper = single(Box::new(character.to_uppercase()));
    let mut written = Vec::new();
    for one in [Some(character), lower, upper].into_iter().flatten() {
        if let Ok(bytes) = encoding.encode(one.encode_utf8(&mut [0; 4]))
            && !written.contains(&bytes)
        {
            written.push(bytes);
        }
    }
    written
}

/// Extracts the message from the multi-line output of the regular expression parser.
fn one_line(message: &str) -> String {
    let last = message.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or(message);
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

/// Parses hex in which `?` stands for any digit, like [`hex::parse`]; an odd `?` is any byte.
fn hex_with_wildcards(text: &str) -> Result<Vec<(Half, Half)>, HexError> {
    let mut bytes = Vec::new();
    let digit = |character: char| match character {
        '?' => Some(None),
        other => other.to_digit(16).map(|digit| Some(digit as u8)),
    };
    hex::read(text, digit, |odd: Half| odd.and(Some(0)), |high, low| bytes.push((high, low)))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;

//! The place in the source, and the smallest things that can be read there.

use crate::talk::error::{Error, ErrorKind, Expected, Found};
use crate::talk::tree::{Name, Span, Spanned};
use crate::talk::vocabulary::{TOP, is_reserved};
use std::cell::Cell;

/// Errors after which no more are kept.
const MOST_ERRORS: usize = 100;
/// Blocks and parentheses in each other.
const DEEPEST: usize = 64;
/// Longest quotation of the source in an error, in characters.
const QUOTED: usize = 40;

/// Reading failed and the error is in the list: the caller goes on behind the statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed;

/// What a reading function returns.
pub(super) type Read<T> = Result<T, Failed>;

/// Reads one file.
pub(super) struct Parser<'s> {
    pub(super) source: &'s str,
    /// Next byte, always at the border of a character.
    pub(super) at: usize,
    /// Behind the last token, which may be before spaces that were skipped.
    pub(super) end: usize,
    pub(super) errors: Vec<Error>,
    /// The quote around the field that is being read.
    pub(super) outer_quote: Option<u8>,
    /// What is read is a pattern: captures are allowed.
    pub(super) in_pattern: bool,
    depth: usize,
    /// Expressions in each other at this place, and the operators in the outermost one.
    pub(super) nested_exprs: usize,
    pub(super) operators: usize,
    first: usize,
    /// The part of the line that was looked at: from here to its end.
    line: Cell<(usize, usize)>,
    /// Where blocks without a `}` end.
    torn: Option<usize>,
}

/// Whether a name can contain this character.
pub(super) fn in_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The character that a full-width one stands for.
fn twin(c: char) -> Option<char> {
    match c {
        '\u{201C}' | '\u{201D}' => Some('"'),
        '\u{2018}' | '\u{2019}' => Some('\''),
        '\u{3000}' => Some(' '),
        '\u{3002}' => Some('.'),
        '\u{3001}' => Some(','),
        '\u{FF01}'..='\u{FF5E}' if !c.is_alphanumeric() => u32::from(c).checked_sub(0xFEE0).and_then(char::from_u32),
        _ => None,
    }
}

impl<'s> Parser<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        let first = if source.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        let (errors, outer_quote, line) = (Vec::new(), None, Cell::new((usize::MAX, 0)));
        Self {
            source,
            at: first,
            end: first,
            errors,
            outer_quote,
            in_pattern: false,
            depth: 0,
            nested_exprs: 0,
            operators: 0,
            first,
            line,
            torn: None,
        }
    }

    /// The rest of the source.
    pub(super) fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    /// The rest of the line, without its end. The end is searched once for each line: a line can have megabytes.
    pub(super) fn rest_of_line(&self) -> &'s str {
        let (start, end) = self.line.get();
        if let Some(rest) = self.source.get(self.at..end).filter(|_| start <= self.at) {
            return rest;
        }
        let line = self.rest().split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        self.line.set((self.at, self.at + line.len()));
        line
    }

    /// The byte `ahead` of the place; 0 behind the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Goes on by `len` bytes, which are part of a token.
    pub(super) fn take(&mut self, len: usize) -> Span {
        let start = self.at;
        self.at = (start + len).min(self.source.len());
        self.end = self.at;
        Span::new(start, self.at)
    }

    /// From `start` to the end of the last token.
    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.end.max(start))
    }

    /// Skips spaces, a comment, and line ends behind a `\`.
    pub(super) fn skip(&mut self) {
        loop {
            match self.byte(0) {
                b' ' | b'\t' => self.at += 1,
                b'#' if self.is_behind_space() => self.at += self.rest_of_line().len(),
                b'\\' => {
                    let Some(len) = continuation(self.rest()) else { return };
                    self.at += len;
                }
                _ => return,
            }
        }
    }

    fn is_behind_space(&self) -> bool {
        self.at == self.first
            || matches!(self.source.as_bytes().get(self.at.wrapping_sub(1)), Some(b' ' | b'\t' | b'\n' | b'\r'))
    }

    /// Skips spaces, comments, line ends and `;`.
    pub(super) fn skip_separators(&mut self) {
        loop {
            self.skip();
            match (self.byte(0), self.byte(1)) {
                (b'\n' | b';', _) => self.at += 1,
                (b'\r', b'\n') => self.at += 2,
                _ => return,
            }
        }
    }

    /// Whether the file ends here.
    pub(super) fn at_end_of_file(&self) -> bool {
        self.at >= self.source.len()
    }

    /// Whether a statement ends here. Skips spaces.
    pub(super) fn at_end(&mut self) -> bool {
        self.skip();
        let ends = matches!(self.byte(0), b'\n' | b';' | b'}') || self.rest().starts_with("\r\n");
        ends || self.at_end_of_file() || self.torn == Some(self.at)
    }

    /// The word here, of characters that names have; empty if there is none. Skips spaces.
    pub(super) fn word(&mut self) -> &'s str {
        self.skip();
        let rest = self.rest();
        &rest[..rest.find(|c| !in_name(c)).unwrap_or(rest.len())]
    }

    /// Whether `word` is the next word. Skips spaces.
    pub(super) fn is_at(&mut self, word: &str) -> bool {
        self.skip();
        self.rest().strip_prefix(word).is_some_and(|after| !after.starts_with(in_name))
    }

    /// Takes the word, if it is the next.
    pub(super) fn eat(&mut self, word: &str) -> Option<Span> {
        if self.is_at(word) { Some(self.take(word.len())) } else { None }
    }

    /// Takes one of the signs `+ - ( ) , = . …`, if it is the next. Skips spaces.
    pub(super) fn eat_sign(&mut self, sign: &str) -> Option<Span> {
        self.skip();
        if self.rest().starts_with(sign) { Some(self.take(sign.len())) } else { None }
    }

    /// Takes the word, which must be the next.
    pub(super) fn need(&mut self, word: &'static [&'static str; 1]) -> Read<Span> {
        match self.eat(word[0]) {
            Some(span) => Ok(span),
            None => self.unexpected(Expected::OneOf(word)),
        }
    }

    /// Takes the sign, which must be the next.
    pub(super) fn need_sign(&mut self, sign: &'static [&'static str; 1]) -> Read<Span> {
        match self.eat_sign(sign[0]) {
            Some(span) => Ok(span),
            None => self.unexpected(Expected::OneOf(sign)),
        }
    }

    /// Whether a block begins here: a brace that is no field's.
    pub(super) fn at_block(&mut self) -> bool {
        self.skip();
        self.byte(0) == b'{' && self.byte(1) != b'{'
    }

    /// A name, which must be the next.
    pub(super) fn name(&mut self) -> Read<Name> {
        let word = self.word();
        if word.is_empty() || word.starts_with(|c: char| c.is_numeric()) {
            return self.unexpected(Expected::Name);
        }
        let span = self.take(word.len());
        if is_reserved(word) {
            return self.fail(ErrorKind::ReservedName(word.to_owned()), span);
        }
        Ok(Spanned::new(word.to_owned(), span))
    }

    /// A name, if the next word can be one.
    pub(super) fn name_if_any(&mut self) -> Option<Name> {
        let word = self.word();
        if word.is_empty() || is_reserved(word) || word.starts_with(|c: char| c.is_numeric()) {
            return None;
        }
        let span = self.take(word.len());
        Some(Spanned::new(word.to_owned(), span))
    }

    /// `NAME:` before a space, the session of a line.
    pub(super) fn session_prefix(&mut self) -> Read<Option<Name>> {
        let word = self.word();
        let after = &self.rest()[word.len()..];
        if word.is_empty() || !after.starts_with(':') || !after[1..].starts_with([' ', '\t']) {
            return Ok(None);
        }
        let name = self.name()?;
        self.take(1);
        Ok(Some(name))
    }

    /// Reports that the block has no `}`, once for all blocks that end here.
    pub(super) fn missing_brace(&mut self, opened: Span) {
        let span = Span::new(self.at, self.at + self.word().len());
        if self.torn.replace(self.at) != Some(self.at) {
            self.report(ErrorKind::MissingBrace { opened }, span);
        }
    }

    /// Adds an error.
    pub(super) fn report(&mut self, kind: ErrorKind, span: Span) {
        if self.errors.len() < MOST_ERRORS {
            self.errors.push(Error { kind, span });
        }
    }

    /// Adds an error and gives up.
    pub(super) fn fail<T>(&mut self, kind: ErrorKind, span: Span) -> Read<T> {
        self.report(kind, span);
        Err(Failed)
    }

    /// Adds the error that something else should be here, and gives up.
    pub(super) fn unexpected<T>(&mut self, expected: Expected) -> Read<T> {
        self.skip();
        let Some(c) = self.rest().chars().next() else {
            let span = Span::new(self.at, self.at);
            return self.fail(ErrorKind::Unexpected { found: Found::EndOfFile, expected }, span);
        };
        if c == '\n' || self.rest().starts_with("\r\n") {
            let span = Span::new(self.end, self.end);
            return self.fail(ErrorKind::Unexpected { found: Found::EndOfLine, expected }, span);
        }
        if let Some(twin) = twin(c) {
            let span = Span::new(self.at, self.at + c.len_utf8());
            return self.fail(ErrorKind::FullWidth { found: c, twin }, span);
        }
        let word = self.word();
        let len = if word.is_empty() { c.len_utf8() } else { word.len() };
        let found = Found::Text(self.rest()[..len].chars().take(QUOTED).collect());
        let span = Span::new(self.at, self.at + len);
        self.fail(ErrorKind::Unexpected { found, expected }, span)
    }

    /// Adds an error if `text`, which begins at `start`, has a full-width character, and gives up then.
    pub(super) fn refuse_full_width(&mut self, text: &str, start: usize) -> Read<()> {
        match text.char_indices().find_map(|(at, c)| twin(c).map(|twin| (at, c, twin))) {
            Some((at, found, twin)) => {
                let span = Span::new(start + at, start + at + found.len_utf8());
                self.fail(ErrorKind::FullWidth { found, twin }, span)
            }
            None => Ok(()),
        }
    }

    /// Reads something that can hold itself; too deep is an error.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEEPEST {
            let span = Span::new(self.at, self.at);
            return self.fail(ErrorKind::TooDeep, span);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Goes behind the line of a statement that begins at `start` and could not be read, its blocks included. Stops before a `}`
    /// of the block around it, and before a top word at the beginning of a line.
    pub(super) fn recover(&mut self, start: usize) {
        let reached = self.at;
        let mut depth = 0_usize;
        self.at = start;
        loop {
            let here = self.at;
            let Some(c) = self.rest().chars().next() else { break };
            match c {
                '\n' if depth == 0 && here >= reached => break,
                '\n' => {
                    self.at += 1;
                    let word = self.word();
                    if TOP.contains(&word) && self.at >= reached {
                        break;
                    }
                }
                '#' if self.is_behind_space() => self.skip(),
                '\\' => {
                    // An escaped quote neither opens nor closes a text.
                    let escaped = 1 + usize::from(matches!(self.byte(1), b'"' | b'\''));
                    self.at += continuation(self.rest()).unwrap_or(escaped);
                }
                '"' | '\'' => self.at += 1 + closing_quote(self.rest_of_line()).unwrap_or(0),
                '{' => {
                    depth += 1;
                    self.at += 1;
                }
                '}' if depth == 0 && here >= reached => break,
                '}' => {
                    depth = depth.saturating_sub(1);
                    self.at += 1;
                }
                c => self.at += c.len_utf8(),
            }
        }
        self.at = self.at.max(reached);
        self.end = self.at;
    }
}

/// Length of `\`, spaces, a comment and the line end behind them, if the text begins so.
fn continuation(text: &str) -> Option<usize> {
    let after = text.strip_prefix('\\')?;
    let blank = after.trim_start_matches([' ', '\t']);
    let rest = match blank.strip_prefix('#') {
        Some(_) if blank.len() < after.len() => &blank[blank.find('\n')?..],
        _ => blank.strip_prefix('\r').unwrap_or(blank),
    };
    rest.strip_prefix('\n').map(|behind| text.len() - behind.len())
}

/// Where the quote that `line` begins with is closed, counted from behind it, the closing quote included.
fn closing_quote(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let quote = *bytes.first()?;
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

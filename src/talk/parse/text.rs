//! Quoted texts, words and the fields in them.

use super::content::type_named;
use super::cursor::{Failed, Parser, Read};
use crate::codec::escape::{Unit, escape_at};
use crate::talk::error::{ErrorKind, Expected};
use crate::talk::tree::{
    Argument, Capture, Format, FormatKind, Insert, Reading, Regex, Span, Spanned, Text, TextPiece,
};

/// Bytes of the longest escape, two `\\uNNNN`, with something behind it.
const LONGEST_ESCAPE: usize = 16;
/// Widest format, so that a file cannot ask for a text of gigabytes.
const WIDEST: usize = 1000;

/// The field here, with a form that `form` reads.
pub(super) enum Field<I, C> {
    Insert(Insert<I>),
    Capture(Capture<C>),
}

impl Parser<'_> {
    /// Whether a quoted text begins here. Skips spaces.
    pub(super) fn at_text(&mut self) -> bool {
        self.skip();
        matches!(self.byte(0), b'"' | b'\'')
    }

    /// A quoted text without captures.
    pub(super) fn text(&mut self) -> Read<Text> {
        let in_pattern = std::mem::replace(&mut self.in_pattern, false);
        let text = self.item_text();
        self.in_pattern = in_pattern;
        text
    }

    /// A quoted text, with captures if a pattern is being read.
    pub(super) fn item_text(&mut self) -> Read<Text> {
        self.skip();
        let quote = self.byte(0);
        if !matches!(quote, b'"' | b'\'') || self.outer_quote == Some(quote) {
            return self.unexpected(Expected::Text);
        }
        let start = self.at;
        let opening = self.take(1);
        let outer = self.outer_quote.replace(quote);
        let pieces = self.text_pieces(quote, opening);
        self.outer_quote = outer;
        Ok(Text { pieces: pieces?, span: self.since(start) })
    }

    fn text_pieces(&mut self, quote: u8, opening: Span) -> Read<Vec<TextPiece>> {
        let mut pieces = Vec::new();
        let mut is_good = true;
        loop {
            let line = self.rest_of_line();
            let plain = line.find(|c| matches!(c, '\\' | '{') || c == char::from(quote));
            let Some(plain) = plain else {
                self.take(line.len());
                return self.fail(ErrorKind::UnclosedText(char::from(quote)), opening);
            };
            push_chars(&mut pieces, &line[..plain]);
            self.take(plain);
            match (self.byte(0), self.byte(1)) {
                (b'\\', b'{') => {
                    push_chars(&mut pieces, "{");
                    self.take(2);
                }
                (b'\\', _) => is_good &= self.escape(&mut pieces, quote).is_ok(),
                (b'{', b'{') => pieces.push(self.text_field()?),
                (b'{', _) => {
                    push_chars(&mut pieces, "{");
                    self.take(1);
                }
                _ => {
                    self.take(1);
                    return if is_good { Ok(pieces) } else { Err(Failed) };
                }
            }
        }
    }

    fn escape(&mut self, pieces: &mut Vec<TextPiece>, quote: u8) -> Read<()> {
        let line = self.rest_of_line();
        let end = (0..=line.len().min(LONGEST_ESCAPE)).rev().find(|end| line.is_char_boundary(*end));
        let line = &line[..end.unwrap_or(0)];
        match escape_at(line) {
            Ok((unit, len)) => {
                match unit {
                    Unit::Char(c) => push_chars(pieces, c.encode_utf8(&mut [0; 4])),
                    Unit::Byte(byte) => match pieces.last_mut() {
                        Some(TextPiece::Bytes(bytes)) => bytes.push(byte),
                        _ => pieces.push(TextPiece::Bytes(vec![byte])),
                    },
                }
                self.take(len);
                Ok(())
            }
            Err(bad) => {
                // Up to the quote at most: it is more likely the end of the text than a part of the escape.
                let len = bad[1..].find(char::from(quote)).map_or(bad.len(), |at| at + 1);
                let span = self.take(len.max(1));
                self.fail(ErrorKind::BadEscape(line[..len].to_owned()), span)
            }
        }
    }

    /// `{{…}}` in a text.
    fn text_field(&mut self) -> Read<TextPiece> {
        let captures = self.in_pattern;
        let field = self.field(Self::format, Self::reading)?;
        match field {
            Field::Insert(insert) => Ok(TextPiece::Insert(insert)),
            Field::Capture(capture) if captures => Ok(TextPiece::Capture(capture)),
            Field::Capture(capture) => {
                let source = capture.span.of(self.source).to_owned();
                self.fail(ErrorKind::PatternOnly(source), capture.span)
            }
        }
    }

    /// `{{expr[:form]}}` or `{{?name[:form]}}`.
    pub(super) fn field<I, C>(
        &mut self,
        insert_form: fn(&mut Self) -> Read<I>,
        capture_form: fn(&mut Self) -> Read<C>,
    ) -> Read<Field<I, C>> {
        let start = self.at;
        let opening = self.take(2);
        let field = if self.byte(0) == b'?' {
            self.take(1);
            let name = self.name()?;
            let form = self.form(capture_form)?;
            Field::Capture(Capture { name, form, span: opening })
        } else {
            let value = self.expr()?;
            let form = self.form(insert_form)?;
            Field::Insert(Insert { value, form, span: opening })
        };
        if self.eat_sign("}}").is_none() {
            if self.at_end_of_file() || self.rest_of_line().is_empty() {
                return self.fail(ErrorKind::UnclosedField, opening);
            }
            return self.unexpected(Expected::OneOf(&["}}"]));
        }
        let span = self.since(start);
        Ok(match field {
            Field::Insert(insert) => Field::Insert(Insert { span, ..insert }),
            Field::Capture(capture) => Field::Capture(Capture { span, ..capture }),
        })
    }

    fn form<F>(&mut self, read: fn(&mut Self) -> Read<F>) -> Read<Option<Spanned<F>>> {
        if self.eat_sign(":").is_none() {
            return Ok(None);
        }
        self.skip();
        let start = self.at;
        let value = read(self)?;
        Ok(Some(Spanned::new(value, self.since(start))))
    }

    /// `04`, `.3`, `02X`.
    pub(super) fn format(&mut self) -> Read<Format> {
        let text = self.rest_of_line();
        let text = &text[..text.find(['}', ' ']).unwrap_or(text.len())];
        let (zeros, rest) = text.strip_prefix('0').map_or((false, text), |rest| (true, rest));
        let (width, rest) = digits(rest);
        let (precision, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (precision, rest) = digits(rest);
                (Some(precision), rest)
            }
            None => (None, rest),
        };
        let kind = match rest {
            "" => FormatKind::Plain,
            "x" => FormatKind::HexLower,
            "X" => FormatKind::HexUpper,
            _ => {
                let word = self.word();
                let Some(_) = type_named(word) else { return self.unexpected(Expected::Format) };
                let span = self.take(word.len());
                return self.fail(ErrorKind::TypeInText(word.to_owned()), span);
            }
        };
        let (width, precision) = match (width, precision) {
            (None, Some(None)) => return self.unexpected(Expected::Format),
            _ if text.is_empty() => return self.unexpected(Expected::Format),
            (width, precision) => (width.unwrap_or(0), precision.flatten()),
        };
        if width > WIDEST || precision.is_some_and(|precision| precision > WIDEST) {
            return self.unexpected(Expected::Format);
        }
        self.take(text.len());
        Ok(Format { zeros, width, precision, kind })
    }

    pub(super) fn reading(&mut self) -> Read<Reading> {
        let reading = match self.word() {
            "dec" => Reading::Dec,
            "num" => Reading::Num,
            "hex" => Reading::Hex,
            _ => return self.unexpected(Expected::Reading),
        };
        self.take(3);
        Ok(reading)
    }

    /// A word: up to white space, `;`, a brace or `"`. Single quotes and fields in it are whole.
    pub(super) fn bare_word(&mut self, expected: Expected) -> Read<Text> {
        self.skip();
        let start = self.at;
        let mut pieces = Vec::new();
        loop {
            let line = self.rest_of_line();
            let plain = line.find([' ', '\t', ';', '{', '}', '"', '\'']).unwrap_or(line.len());
            self.refuse_full_width(&line[..plain], self.at)?;
            push_chars(&mut pieces, &line[..plain]);
            self.take(plain);
            match (self.byte(0), self.byte(1)) {
                (b'\'', _) => {
                    let line = self.rest_of_line();
                    let Some(len) = line[1..].find('\'').map(|at| at + 2) else {
                        let span = self.take(1);
                        return self.fail(ErrorKind::UnclosedText('\''), span);
                    };
                    push_chars(&mut pieces, &line[..len]);
                    self.take(len);
                }
                (b'{', b'{') => {
                    let in_pattern = std::mem::replace(&mut self.in_pattern, false);
                    let piece = self.text_field();
                    self.in_pattern = in_pattern;
                    pieces.push(piece?);
                }
                _ => break,
            }
        }
        if pieces.is_empty() { self.unexpected(expected) } else { Ok(Text { pieces, span: self.since(start) }) }
    }

    /// A word or a quoted text.
    pub(super) fn argument(&mut self) -> Read<Argument> {
        self.skip();
        let is_text = match self.byte(0) {
            b'"' => true,
            // A word may begin with a quoted part.
            b'\'' => self.rest_of_line()[1..]
                .split_once('\'')
                .is_none_or(|(_, after)| after.is_empty() || after.starts_with([' ', '\t', ';', '{', '}', '"'])),
            _ => false,
        };
        if is_text { Ok(Argument::Str(self.text()?)) } else { Ok(Argument::Word(self.bare_word(Expected::Word)?)) }
    }

    /// `/…/flags`.
    pub(super) fn regex(&mut self) -> Read<Regex> {
        let start = self.at;
        let opening = self.take(1);
        let mut source = String::new();
        loop {
            let line = self.rest_of_line();
            let Some(plain) = line.find(['/', '\\']) else {
                self.take(line.len());
                return self.fail(ErrorKind::UnclosedRegex, opening);
            };
            source.push_str(&line[..plain]);
            self.take(plain);
            if self.byte(0) == b'/' {
                self.take(1);
                break;
            }
            let escaped = self.rest_of_line().chars().nth(1);
            if escaped != Some('/') {
                source.push('\\');
            }
            source.extend(escaped);
            self.take(1 + escaped.map_or(0, char::len_utf8));
        }
        let mut regex =
            Regex { source, ignore_case: false, dot_matches_line_end: false, is_bytes: false, span: opening };
        while let Some(flag) = self.rest().chars().next().filter(|c| super::cursor::in_name(*c)) {
            let set = match flag {
                'i' => &mut regex.ignore_case,
                's' => &mut regex.dot_matches_line_end,
                'b' => &mut regex.is_bytes,
                _ => {
                    let span = self.take(flag.len_utf8());
                    return self.fail(ErrorKind::RegexFlag(flag), span);
                }
            };
            *set = true;
            self.take(1);
        }
        regex.span = self.since(start);
        Ok(regex)
    }
}

/// The digits at the beginning, as a number (a huge one is the largest), and what follows.
fn digits(text: &str) -> (Option<usize>, &str) {
    let len = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number = if len == 0 { None } else { Some(text[..len].parse().unwrap_or(usize::MAX)) };
    (number, &text[len..])
}

fn push_chars(pieces: &mut Vec<TextPiece>, more: &str) {
    if more.is_empty() {
        return;
    }
    match pieces.last_mut() {
        Some(TextPiece::Chars(chars)) => chars.push_str(more),
        _ => pieces.push(TextPiece::Chars(more.to_owned())),
    }
}

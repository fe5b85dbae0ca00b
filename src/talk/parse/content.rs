//! Items and patterns.

use super::cursor::{Parser, Read};
use super::text::Field;
use crate::talk::error::{ErrorKind, Expected};
use crate::talk::tree::{Float, HexByte, Int, Item, ItemKind, Match, Pattern, Span, Type};

/// Bytes of the longest BCD number.
const LONGEST_BCD: usize = 255;
/// Words that end the items of a statement.
const BEHIND_ITEMS: &[&str] = &["to", "from", "where", "within", "else", "limit", "as"];

impl Parser<'_> {
    /// One or more items, up to a word behind them, a block or the end of the statement.
    pub(super) fn items(&mut self, expected: Expected) -> Read<Vec<Item>> {
        let mut items = Vec::new();
        while !self.at_end() && !self.at_block() && !BEHIND_ITEMS.contains(&self.word()) {
            items.push(self.item(expected)?);
        }
        if items.is_empty() { self.unexpected(expected) } else { Ok(items) }
    }

    fn item(&mut self, expected: Expected) -> Read<Item> {
        self.skip();
        let start = self.at;
        let kind = match (self.byte(0), self.byte(1)) {
            (b'"' | b'\'', _) => ItemKind::Text(self.item_text()?),
            (b'{', b'{') => self.item_field()?,
            (b'+', _) => {
                self.take(1);
                if matches!(self.byte(0), b' ' | b'\t') {
                    return self.unexpected(Expected::Word);
                }
                ItemKind::Check(self.bare_word(Expected::Word)?)
            }
            (b'*', _) => {
                let span = self.take(1);
                self.only_in_pattern(span)?;
                ItemKind::Any
            }
            (b'/', _) => return self.misplaced_regex(start),
            _ if self.eat("file").is_some() => ItemKind::File(self.text()?),
            _ => ItemKind::Hex(self.hex(expected)?),
        };
        Ok(Item { kind, span: self.since(start) })
    }

    fn only_in_pattern(&mut self, span: Span) -> Read<()> {
        if self.in_pattern {
            return Ok(());
        }
        self.fail(ErrorKind::PatternOnly(span.of(self.source).to_owned()), span)
    }

    fn misplaced_regex(&mut self, start: usize) -> Read<Item> {
        let in_pattern = self.in_pattern;
        self.regex()?;
        let span = self.since(start);
        let kind =
            if in_pattern { ErrorKind::RegexAlone } else { ErrorKind::PatternOnly(span.of(self.source).to_owned()) };
        self.fail(kind, span)
    }

    fn item_field(&mut self) -> Read<ItemKind> {
        match self.field(Self::type_of, Self::type_of)? {
            Field::Insert(insert) => Ok(ItemKind::Insert(insert)),
            Field::Capture(capture) => {
                self.only_in_pattern(capture.span)?;
                Ok(ItemKind::Capture(capture))
            }
        }
    }

    /// Pairs of digits up to white space, `;`, a brace or a quote.
    fn hex(&mut self, expected: Expected) -> Read<Vec<HexByte>> {
        let line = self.rest_of_line();
        let len = line.find([' ', '\t', ';', '{', '}', '"', '\'']).unwrap_or(line.len());
        let digits = &line[..len];
        let start = self.at;
        self.refuse_full_width(digits, start)?;
        if let Some((at, character)) = digits.char_indices().find(|(_, c)| !c.is_ascii_hexdigit() && *c != '?') {
            // A word that has nothing of hex is rather a wrong word than a wrong digit.
            let is_hex = digits.starts_with(|c: char| c.is_ascii_hexdigit())
                && digits[..at].len() >= 2
                && !digits.chars().all(char::is_alphabetic);
            if !is_hex {
                return self.unexpected(expected);
            }
            let span = Span::new(start + at, start + at + character.len_utf8());
            return self.fail(ErrorKind::BadHex { digits: digits.to_owned(), character }, span);
        }
        if digits.is_empty() {
            return self.unexpected(expected);
        }
        let span = self.take(len);
        if digits.contains('?') {
            self.only_in_pattern(span)?;
        }
        if len % 2 == 1 {
            return self.fail(ErrorKind::OddHex(digits.to_owned()), span);
        }
        Ok(digits.as_bytes().chunks_exact(2).map(|pair| hex_byte(pair[0], pair[1])).collect())
    }

    /// `u16`, `i32le`, `f32`, `bcd6`, `bytes(n)`, `text`.
    pub(super) fn type_of(&mut self) -> Read<Type> {
        let word = self.word();
        let Some(found) = type_named(word) else { return self.unexpected(Expected::Type) };
        self.take(word.len());
        if !matches!(found, Type::Bytes(_) | Type::Text(_)) || self.eat_sign("(").is_none() {
            return Ok(found);
        }
        let size = Some(Box::new(self.expr()?));
        self.need_sign(&[")"])?;
        Ok(if matches!(found, Type::Bytes(_)) { Type::Bytes(size) } else { Type::Text(size) })
    }

    /// `{next|earlier|raw} (REGEX | items) {from WORD | where EXPR}`.
    pub(super) fn pattern(&mut self) -> Read<Pattern> {
        self.skip();
        let start = self.at;
        let (mut next, mut earlier, mut raw) = (None, None, None);
        loop {
            if let Some(span) = self.eat("next") {
                self.once(&mut next, span)?;
            } else if let Some(span) = self.eat("earlier") {
                self.not_yet(span);
                self.once(&mut earlier, span)?;
            } else if let Some(span) = self.eat("raw") {
                self.once(&mut raw, span)?;
            } else {
                break;
            }
        }
        let body = self.pattern_body()?;
        let (mut from, mut condition) = (None, None);
        loop {
            if let Some(span) = self.eat("from") {
                let word = self.bare_word(Expected::Word)?;
                self.once_of(&mut from, word, span)?;
            } else if let Some(span) = self.eat("where") {
                let expr = self.expr()?;
                self.once_of(&mut condition, expr, span)?;
            } else {
                break;
            }
        }
        Ok(Pattern { next, earlier, raw, body, from, condition, span: self.since(start) })
    }

    fn pattern_body(&mut self) -> Read<Match> {
        self.skip();
        if self.byte(0) != b'/' {
            self.in_pattern = true;
            let items = self.items(Expected::Pattern);
            self.in_pattern = false;
            return items.map(Match::Items);
        }
        let regex = self.regex()?;
        let ends = self.at_end() || self.at_block() || BEHIND_ITEMS.contains(&self.word());
        if !ends {
            let span = Span::new(self.at, self.at + self.rest().chars().next().map_or(0, char::len_utf8));
            if matches!(self.byte(0), b'"' | b'\'' | b'/' | b'*' | b'{' | b'0'..=b'9') {
                return self.fail(ErrorKind::RegexAlone, span);
            }
            return self.unexpected(Expected::EndOfStatement);
        }
        Ok(Match::Regex(regex))
    }

    /// Keeps the place of a word that may be there once.
    pub(super) fn once(&mut self, kept: &mut Option<Span>, span: Span) -> Read<()> {
        self.once_of(kept, span, span)
    }

    /// Keeps what is behind a word that may be there once.
    pub(super) fn once_of<T>(&mut self, kept: &mut Option<T>, value: T, word: Span) -> Read<()> {
        if kept.replace(value).is_some() {
            return self.fail(ErrorKind::OptionTwice(word.of(self.source).to_owned()), word);
        }
        Ok(())
    }
}

fn hex_byte(high: u8, low: u8) -> HexByte {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let half = |c: u8| digit(c).map_or((0, 0), |digit| (digit, 0xF));
    let ((high, high_mask), (low, low_mask)) = (half(high), half(low));
    HexByte { value: high << 4 | low, mask: high_mask << 4 | low_mask }
}

/// The type of this name, without a size in parentheses.
pub(super) fn type_named(word: &str) -> Option<Type> {
    let (name, is_little) = word.strip_suffix("le").map_or((word, false), |name| (name, true));
    let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
    let (kind, size) = name.split_at(digits);
    let size: Option<usize> = size.parse().ok();
    match (kind, size) {
        ("u" | "i", Some(bits)) if bits % 8 == 0 && (8..=64).contains(&bits) => {
            Some(Type::Int(Int { bytes: bits / 8, is_signed: kind == "i", is_little }))
        }
        ("f", Some(bits @ (32 | 64))) => Some(Type::Float(Float { bytes: bits / 8, is_little })),
        ("bcd", Some(bytes)) if (1..=LONGEST_BCD).contains(&bytes) => Some(Type::Bcd { bytes, is_little }),
        ("bytes", None) if !is_little && digits == name.len() => Some(Type::Bytes(None)),
        ("text", None) if !is_little && digits == name.len() => Some(Type::Text(None)),
        _ => None,
    }
}

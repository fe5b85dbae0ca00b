//! A sequence of JSON values (RFC 8259), with or without white space or RS (RFC 7464) between them.

use super::build::{BuildError, Enclosure, Stuffing};
use super::description::{Description, field};
use super::framer::{Around, FrameKind, Scanner, Step};
use super::{Boundary, RuleKind};
use crate::codec::fields::Kind;
use crate::codec::{Encoding, Piece};
use serde::de::IgnoredAny;

pub(super) static JSON: Description = Description {
    kind: RuleKind::Json,
    name: "json",
    example: "json",
    options: &[field!(JsonEncoding, "encoding", Kind::Encoding, Boundary::Json(encoding) => encoding)],
    has_max: true,
    boundary: || Boundary::Json(None),
    scanner: |rule| match rule.boundary {
        Boundary::Json(encoding) => Some(Box::new(Json::new(encoding))),
        _ => None,
    },
    enclose: |rule, unframed| {
        let content = unframed.content;
        let Boundary::Json(encoding) = rule.boundary else { return Err(BuildError::NotJson) };
        let encoding = encoding.filter(|encoding| encoding.has_look_alikes() && encoding.is_ascii_compatible());
        match content.first() {
            // The value of a check completes the content.
            _ if unframed.added > 0 => Ok(Enclosure::bare(content)),
            Some(b'{' | b'[' | b'"') if is_json(content, encoding) => Ok(Enclosure::bare(content)),
            Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') if is_json(content, encoding) => Err(BuildError::OpenJson),
            _ => Err(BuildError::NotJson),
        }
    },
    stuffing: Stuffing::None,
};

/// The kind of the value at the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// Not determined yet.
    Unknown,
    /// An object or array.
    Container,
    Text,
    /// A number, `true`, `false` or `null`. It ends at the first byte that cannot be part of it.
    Word,
}

#[derive(Clone, Debug)]
pub(super) struct Json {
    value: Value,
    scanned: usize,
    /// Number of open brackets.
    depth: usize,
    in_text: bool,
    /// Resynchronizing: looking for `{`, `[` or LF.
    lost: bool,
    /// Encoding of the text, if its multi-byte characters can contain the bytes of brackets and backslashes.
    encoding: Option<Encoding>,
}

impl Json {
    pub fn new(encoding: Option<Encoding>) -> Self {
        let encoding = encoding.filter(|encoding| encoding.has_look_alikes() && encoding.is_ascii_compatible());
        Self { value: Value::Unknown, scanned: 0, depth: 0, in_text: false, lost: false, encoding }
    }

    /// Length of the non-ASCII character at the front; `None`: more bytes are needed.
    fn character(&self, bytes: &[u8]) -> Option<usize> {
        self.encoding.map_or(Some(1), |encoding| encoding.first_len(bytes))
    }

    /// Looks for a position where a value can start.
    fn seek(&self, bytes: &[u8], at_end: bool) -> Sought {
        let mut place = 0;
        while let Some(byte) = bytes.get(place) {
            match byte {
                b'{' | b'[' | b'\n' => return Sought::Begin(place),
                0x80.. => match self.character(&bytes[place..]) {
                    Some(len) => place += len,
                    None if at_end => return Sought::None(bytes.len()),
                    None => return Sought::None(place),
                },
                _ => place += 1,
            }
        }
        Sought::None(bytes.len())
    }

    fn word(&mut self, bytes: &[u8], at_end: bool) -> Step {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        let from = self.scanned;
        let end = from + bytes[from..].iter().take_while(|byte| is_part(byte)).count();
        if end == bytes.len() && !at_end {
            self.scanned = end;
            return Step::Need;
        }
        self.whole(&bytes[..end], bytes.len() == end)
    }

    fn nested(&mut self, bytes: &[u8]) -> Step {
        while let Some(byte) = bytes.get(self.scanned) {
            let place = self.scanned;
            self.scanned += 1;
            match (self.in_text, byte) {
                (_, 0x80..) => match self.character(&bytes[place..]) {
                    Some(len) => self.scanned = place + len,
                    None => {
                        self.scanned = place;
                        return Step::Need;
                    }
                },
                (true, b'\\') => match bytes.get(self.scanned) {
                    Some(_) => self.scanned += 1,
                    None => {
                        self.scanned = place;
                        return Step::Need;
                    }
                },
                (true, b'"') => self.in_text = false,
                // A JSON string contains no control characters, so a quotation mark was lost.
                (true, 0..0x20) => return self.lose(place),
                (true, _) => {}
                (false, b'"') => self.in_text = true,
                (false, b'{' | b'[') => self.depth += 1,
                (false, b'}' | b']') => self.depth = self.depth.saturating_sub(1),
                (false, _) => {}
            }
            if self.depth == 0 && !self.in_text {
                return self.whole(&bytes[..self.scanned], false);
            }
        }
        Step::Need
    }

    /// Parses a value whose end was found. If it is not JSON, it is junk.
    fn whole(&mut self, value: &[u8], at_end: bool) -> Step {
        let is_word = self.value == Value::Word;
        let begins_well = [&b"true"[..], b"false", b"null"].iter().any(|word| word.starts_with(value))
            || value.first().is_some_and(|byte| matches!(byte, b'-' | b'0'..=b'9'));
        let cut_off = is_word && at_end && begins_well;
        *self = Self::new(self.encoding);
        if is_json(value, self.encoding) {
            return Step::frame(value.len(), 0..value.len());
        }
        match cut_off {
            true => Step::Need,
            false if is_word => self.lose(value.len()),
            false => Step::Skip(value.len(), FrameKind::Junk),
        }
    }

    fn lose(&mut self, len: usize) -> Step {
        *self = Self { lost: true, ..Self::new(self.encoding) };
        Step::Skip(len, FrameKind::Junk)
    }
}

impl Scanner for Json {
    fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        if self.lost {
            match self.seek(bytes, around.at_end) {
                Sought::None(0) => return Step::Need,
                Sought::None(len) => return Step::Skip(len, FrameKind::Junk),
                Sought::Begin(0) => self.lost = false,
                Sought::Begin(place) => {
                    self.lost = false;
                    return Step::Skip(place, FrameKind::Junk);
                }
            }
        }
        if self.value == Value::Unknown {
            self.value = match bytes.first() {
                None => return Step::Need,
                Some(b'{' | b'[') => Value::Container,
                Some(b'"') => Value::Text,
                Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => Value::Word,
                Some(byte) if is_space(*byte) => {
                    let len = bytes.iter().take_while(|byte| is_space(**byte)).count();
                    return Step::Skip(len, FrameKind::Separator);
                }
                Some(0x80..) => {
                    return match self.character(bytes) {
                        Some(len) => self.lose(len),
                        None if around.at_end => self.lose(bytes.len()),
                        None => Step::Need,
                    };
                }
                Some(_) => return self.lose(1),
            };
        }
        match self.value {
            Value::Word => self.word(bytes, around.at_end),
            _ => self.nested(bytes),
        }
    }

    fn too_long(&mut self, bytes: &[u8]) -> usize {
        *self = Self { lost: true, ..Self::new(self.encoding) };
        bytes.len()
    }

    fn boxed(&self) -> Box<dyn Scanner> {
        Box::new(self.clone())
    }
}

/// The result of looking for the start of a value.
enum Sought {
    Begin(usize),
    /// No value starts in this many bytes.
    None(usize),
}

/// Whether `value` is JSON. Bytes that cannot be decoded are read as U+FFFD.
fn is_json(value: &[u8], encoding: Option<Encoding>) -> bool {
    let Some(encoding) = encoding else { return serde_json::from_slice::<IgnoredAny>(value).is_ok() };
    let mut text = String::with_capacity(value.len());
    encoding.decode_pieces(value, &mut |piece: Piece| match piece {
        Piece::Char(c, _) => text.push(c),
        Piece::Invalid(_) => text.push('\u{FFFD}'),
    });
    serde_json::from_str::<IgnoredAny>(&text).is_ok()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1E)
}

//! Escapes in text to send: `\n \r \t \0 \a \b \f \v \e \\ \" \' \xNN \u{N…} \uNNNN` (two `\uNNNN` may form a surrogate pair).
//! `\NNN` is rejected instead of being octal, because `\0` followed by a digit is ambiguous.

use super::safe::is_hidden;
use super::{EncodeError, Encoding, Piece};

/// Why an escaped text cannot be encoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EscapeError {
    /// Unknown or incomplete escape.
    #[error("bad escape {text:?} at character {position}")]
    Bad {
        /// The escape as written.
        text: String,
        /// Position in characters, counted from 0.
        position: usize,
    },
    /// A character that the encoding cannot represent.
    #[error(transparent)]
    Encode(#[from] EncodeError),
}

/// Encodes text with escapes in `encoding`; `\xNN` is that byte in any encoding.
///
/// # Errors
/// See [`EscapeError`].
pub fn encode_escaped(text: &str, encoding: Encoding) -> Result<Vec<u8>, EscapeError> {
    let mut bytes = Vec::with_capacity(text.len());
    // Characters to be encoded together, with their positions.
    let mut plain = String::new();
    let mut positions = Vec::new();
    let mut rest = text;
    let mut position = 0;
    while let Some(character) = rest.chars().next() {
        if character == '\\' {
            let (unit, len) = escape_at(rest).map_err(|bad| EscapeError::Bad { text: bad.into(), position })?;
            match unit {
                Unit::Char(c) => {
                    plain.push(c);
                    positions.push(position);
                }
                Unit::Byte(byte) => {
                    flush(&mut plain, &mut positions, encoding, &mut bytes)?;
                    bytes.push(byte);
                }
            }
            // Escapes are ASCII, so their length in bytes and characters is the same.
            rest = &rest[len..];
            position += len;
        } else {
            plain.push(character);
            positions.push(position);
            rest = &rest[character.len_utf8()..];
            position += 1;
        }
    }
    flush(&mut plain, &mut positions, encoding, &mut bytes)?;
    Ok(bytes)
}

/// The first consecutive escapes of `text`, as written; `None` if there are none.
#[must_use]
pub fn first_escapes(text: &str) -> Option<&str> {
    let starts = text.char_indices().filter(|(_, character)| *character == '\\').map(|(at, _)| at);
    for start in starts {
        let rest = &text[start..];
        let mut len = 0;
        while let Some(more) = rest.get(len..).filter(|more| more.starts_with('\\')) {
            let Ok((_, escape)) = escape_at(more) else { break };
            len += escape;
        }
        if len > 0 {
            return rest.get(..len);
        }
    }
    None
}

fn flush(
    plain: &mut String,
    positions: &mut Vec<usize>,
    encoding: Encoding,
    bytes: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    let encoded = encoding.encode(plain).map_err(|error| {
        let position = positions.get(error.position).copied().unwrap_or(error.position);
        EncodeError { position, ..error }
    })?;
    bytes.extend_from_slice(&encoded);
    plain.clear();
    positions.clear();
    Ok(())
}

/// Meaning of an escape.
pub(crate) enum Unit {
    /// A character.
    Char(char),
    /// This byte, in any encoding.
    Byte(u8),
}

/// Parses the escape at the start of `text`, which starts with a backslash, and returns its length in bytes; on error the text of
/// the invalid escape.
pub(crate) fn escape_at(text: &str) -> Result<(Unit, usize), &str> {
    let mut characters = text.chars();
    characters.next();
    let Some(name) = characters.next() else { return Err(text) };
    let simple = match name {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' if !characters.next().is_some_and(|c| c.is_ascii_digit()) => '\0',
        'a' => '\u{07}',
        'b' => '\u{08}',
        'f' => '\u{0C}',
        'v' => '\u{0B}',
        'e' => '\u{1B}',
        '\\' | '"' | '\'' => name,
        'x' => {
            let byte = hex_digits(text, 2, 2).and_then(|value| u8::try_from(value).ok());
            return byte.map(|byte| (Unit::Byte(byte), 4)).ok_or_else(|| head(text, 4));
        }
        'u' if text.as_bytes().get(2) == Some(&b'{') => {
            let close = text.find('}').filter(|close| (4..=9).contains(close));
            let value = close.and_then(|close| hex_digits(text, 3, close - 3));
            return match (value.and_then(char::from_u32), close) {
                (Some(c), Some(close)) => Ok((Unit::Char(c), close + 1)),
                _ => Err(head(text, text.find('}').map_or(text.len(), |close| close + 1).min(12))),
            };
        }
        'u' => return four_digits(text).ok_or_else(|| head(text, 6)),
        _ => return Err(head(text, 1 + name.len_utf8() + usize::from(name == '0'))),
    };
    Ok((Unit::Char(simple), 2))
}

/// Parses `\uNNNN`, or two of them that form a surrogate pair.
fn four_digits(text: &str) -> Option<(Unit, usize)> {
    let unit = hex_digits(text, 2, 4)?;
    if let Some(c) = char::from_u32(unit) {
        return Some((Unit::Char(c), 6));
    }
    let second = text.get(6..).filter(|second| second.starts_with("\\u"))?;
    let low = hex_digits(second, 2, 4)?;
    let pair = [u16::try_from(unit).ok()?, u16::try_from(low).ok()?];
    let c = char::decode_utf16(pair).next()?.ok()?;
    Some((Unit::Char(c), 12))
}

/// Parses `len` hex digits from byte `start` of `text`.
fn hex_digits(text: &str, start: usize, len: usize) -> Option<u32> {
    let digits = text.get(start..start + len)?;
    if digits.bytes().all(|b| b.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
}

/// The first `len` bytes of `text`, fewer if that would cut a character.
fn head(text: &str, len: usize) -> &str {
    let len = len.min(text.len());
    (0..=len).rev().find_map(|end| text.get(..end)).unwrap_or_default()
}

/// Returns a text that `encode_escaped` converts back to exactly `bytes`. Control, invisible and direction characters are escaped.
/// Invalid bytes, and bytes that this encoding would not write for their character, become `\xNN`.
#[must_use]
pub fn escape(bytes: &[u8], encoding: Encoding) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut done = 0;
    // The current byte sequence: its characters (empty if invalid) and its length.
    let mut sequence = (String::new(), 0);
    encoding.decode_pieces(bytes, &mut |piece| match piece {
        Piece::Char(c, 0) => sequence.0.push(c),
        Piece::Char(c, len) => {
            write_sequence(&sequence, bytes, &mut done, encoding, &mut text);
            sequence = (c.to_string(), usize::from(len));
        }
        Piece::Invalid(_) => {
            write_sequence(&sequence, bytes, &mut done, encoding, &mut text);
            sequence = (String::new(), 1);
        }
    });
    write_sequence(&sequence, bytes, &mut done, encoding, &mut text);
    text
}

fn write_sequence(
    (characters, len): &(String, usize),
    bytes: &[u8],
    done: &mut usize,
    encoding: Encoding,
    text: &mut String,
) {
    let own = &bytes[*done..*done + len];
    *done += len;
    let says_the_same = !characters.is_empty() && encoding.encode(characters).is_ok_and(|again| again == own);
    if !says_the_same {
        for byte in own {
            text.push_str(&format!("\\x{byte:02X}"));
        }
        return;
    }
    for c in characters.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\\' => text.push_str("\\\\"),
            _ if is_hidden(c) && c.is_ascii() && own.len() == 1 => text.push_str(&format!("\\x{:02X}", own[0])),
            _ if is_hidden(c) => text.push_str(&format!("\\u{{{:X}}}", u32::from(c))),
            _ => text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_escapes_are_found() {
        for (text, found) in [
            ("AT+GMR\\r\\n", Some("\\r\\n")),
            ("a\\x0D b\\n", Some("\\x0D")),
            ("\\q \\n", Some("\\n")),
            ("你\\", None),
            ("plain", None),
        ] {
            assert_eq!(first_escapes(text), found, "{text}");
        }
    }

    #[test]
    fn escapes_stand_for_bytes() {
        let cases: [(&str, Encoding, &[u8]); 17] = [
            ("", Encoding::UTF_8, b""),
            ("plain 你", Encoding::UTF_8, "plain 你".as_bytes()),
            ("a\\r\\n\\t", Encoding::UTF_8, b"a\r\n\t"),
            ("\\0\\a\\b\\f\\v\\e", Encoding::UTF_8, &[0, 7, 8, 12, 11, 27]),
            ("\\0a", Encoding::UTF_8, &[0, b'a']),
            ("\\\\ \\\" \\'", Encoding::UTF_8, b"\\ \" '"),
            ("\\x00\\xfF", Encoding::UTF_8, &[0, 0xFF]),
            ("\\u{4F60}\\u597D", Encoding::UTF_8, "你好".as_bytes()),
            ("\\u{4F60}\\u597D", Encoding::GBK, &[0xC4, 0xE3, 0xBA, 0xC3]),
            ("你\\xFF好", Encoding::GBK, &[0xC4, 0xE3, 0xFF, 0xBA, 0xC3]),
            ("a\\n\\x01", Encoding::UTF_16LE, &[b'a', 0, b'\n', 0, 1]),
            ("\\u{1F600}", Encoding::UTF_16BE, &[0xD8, 0x3D, 0xDE, 0x00]),
            ("\\uD83D\\uDE00", Encoding::UTF_8, "😀".as_bytes()),
            ("\\u{0}", Encoding::UTF_16BE, &[0, 0]),
            ("\\u{00004F}", Encoding::UTF_8, b"O"),
            ("\\xC3\\xA9", Encoding::LATIN_1, &[0xC3, 0xA9]),
            ("é", Encoding::LATIN_1, &[0xE9]),
        ];
        for (text, encoding, bytes) in cases {
            assert_eq!(encode_escaped(text, encoding).as_deref(), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn bad_escapes_are_shown_with_their_place() {
        for (text, bad, position) in [
            ("ab\\", "\\", 2),
            ("你\\q", "\\q", 1),
            ("\\好", "\\好", 0),
            ("\\x4", "\\x4", 0),
            ("\\xg0", "\\xg0", 0),
            ("\\x+1", "\\x+1", 0),
            ("\\x你好", "\\x", 0),
            ("\\012", "\\01", 0),
            ("\\1", "\\1", 0),
            ("\\u12", "\\u12", 0),
            ("\\u{}", "\\u{}", 0),
            ("\\u{110000}", "\\u{110000}", 0),
            ("\\u{D800}", "\\u{D800}", 0),
            ("\\uD800", "\\uD800", 0),
            ("\\uD800\\u0041", "\\uD800", 0),
            ("\\u{41", "\\u{41", 0),
            ("\\n\\n\\z", "\\z", 4),
        ] {
            let error = EscapeError::Bad { text: bad.into(), position };
            assert_eq!(encode_escaped(text, Encoding::UTF_8), Err(error), "{text}");
        }
    }

    #[test]
    fn a_character_without_a_code_is_found_behind_escapes() {
        for (text, position) in [("你", 0), ("a\\x00\\n你", 7), ("ab\\u{E9}\\n你", 10), ("\\x00a\\u4F60", 5)] {
            let error = EncodeError { character: '你', position, encoding: "ISO-8859-1" };
            assert_eq!(encode_escaped(text, Encoding::LATIN_1), Err(EscapeError::Encode(error)), "{text}");
        }
    }

    #[test]
    fn escaped_text_is_readable_and_harmless() {
        for (bytes, encoding, text) in [
            (&b"a\r\n\t\\\"\x00\x1b[31m"[..], Encoding::UTF_8, "a\\r\\n\\t\\\\\"\\x00\\x1B[31m"),
            ("你\u{202E}\u{FEFF}".as_bytes(), Encoding::UTF_8, "你\\u{202E}\\u{FEFF}"),
            (&[0xC4, 0xE3, 0xFF, 0xBA], Encoding::GBK, "你\\xFF\\xBA"),
            (&[0x88, 0x62, b'a'], Encoding::BIG5, "\\x88\\x62a"),
            (&[0, 0, b'1', 0, 0xD8], Encoding::UTF_16LE, "\\u{0}1\\xD8"),
        ] {
            assert_eq!(escape(bytes, encoding), text);
        }
    }

    proptest! {
        #[test]
        fn escaped_bytes_come_back_exactly(
            bytes in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..60),
                proptest::collection::vec(prop_oneof![0x81..=0xFE_u8, 0x30..=0x39_u8, Just(b'\\')], 0..60),
            ],
            encoding in proptest::sample::select(Encoding::all()),
        ) {
            let text = escape(&bytes, encoding);
            prop_assert_eq!(encode_escaped(&text, encoding), Ok(bytes), "{}", text);
        }

        #[test]
        fn any_text_is_encoded_or_refused(text in "(\\\\|u|x|\\{|\\}|[0-9a-fn]|\\PC){0,20}") {
            if let Err(EscapeError::Bad { text: bad, position }) = encode_escaped(&text, Encoding::UTF_8) {
                let from_there: String = text.chars().skip(position).collect();
                prop_assert!(from_there.starts_with(&bad) && bad.starts_with('\\'));
            }
        }
    }
}

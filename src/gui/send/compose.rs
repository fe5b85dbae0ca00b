//! What is in the send box as the bytes that will go out.

use crate::codec::escape::{self, EscapeError};
use crate::codec::safe::is_hidden;
use crate::codec::{EncodeError, Encoding, HexError, hex, hexdump};
use crate::settings::{Append, SessionSetup};
use crate::words::{self, Lang};
use std::sync::Arc;

/// How text becomes bytes: the part of a session's setup that a payload depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    pub hex: bool,
    pub escapes: bool,
    pub encoding: Encoding,
    pub append: Append,
}

impl Format {
    /// Of a session.
    pub fn of(setup: &SessionSetup) -> Self {
        Self { hex: setup.send_hex, escapes: setup.escapes, encoding: setup.encoding, append: setup.append }
    }
}

/// A payload ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// All of it, appended bytes included.
    pub bytes: Arc<[u8]>,
    /// How many of them the text made.
    pub body_len: usize,
    /// The text was a hexdump, of which only the bytes were taken.
    pub is_dump: bool,
}

impl Payload {
    /// The appended bytes.
    pub fn appended(&self) -> &[u8] {
        self.bytes.get(self.body_len..).unwrap_or_default()
    }
}

/// Why the text is no payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComposeError {
    Hex(HexError),
    Escape(EscapeError),
    Encode(EncodeError),
}

impl ComposeError {
    /// In the foot line, in words with the place.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Hex(error) => words::hex_error(error, lang),
            Self::Escape(error) => words::escape_error(error, lang),
            Self::Encode(error) => words::encode_error(error, lang),
        }
    }

    /// The place in the text, in characters from 0.
    pub fn position(&self) -> usize {
        match self {
            Self::Hex(HexError::BadDigit { position, .. })
            | Self::Escape(EscapeError::Bad { position, .. } | EscapeError::Encode(EncodeError { position, .. }))
            | Self::Encode(EncodeError { position, .. }) => *position,
        }
    }
}

/// The payload of `text`.
///
/// # Errors
/// The first thing in it that is no hex, no escape, or not in the encoding.
pub fn compose(text: &str, format: Format) -> Result<Payload, ComposeError> {
    let mut is_dump = false;
    let mut bytes = if format.hex {
        let typed = hexdump::parse(text).map_err(ComposeError::Hex)?;
        is_dump = typed.is_dump;
        typed.bytes
    } else if format.escapes {
        escape::encode_escaped(text, format.encoding).map_err(ComposeError::Escape)?
    } else {
        format.encoding.encode(text).map_err(ComposeError::Encode)?
    };
    let body_len = bytes.len();
    match format.append {
        Append::None => {}
        // The line end is in the chosen encoding where text is sent: CR LF of UTF-16 is four bytes.
        Append::Cr => bytes.extend(line_end("\r", format)),
        Append::Lf => bytes.extend(line_end("\n", format)),
        Append::CrLf => bytes.extend(line_end("\r\n", format)),
        Append::Checksum(sum) => {
            let sum = sum.compute(&bytes);
            bytes.extend(sum);
        }
    }
    Ok(Payload { bytes: bytes.into(), body_len, is_dump })
}

/// A draft as the other format writes it, and whether escapes are parsed in it: the bytes to send stay the same. What cannot be
/// converted stays as typed.
pub fn converted(draft: &str, before: Format) -> (String, bool) {
    if before.hex {
        let Ok(hexdump::Typed { bytes, .. }) = hexdump::parse(draft) else {
            return (draft.to_owned(), before.escapes);
        };
        if !before.escapes
            && let Some(text) = plain_text(&bytes, before.encoding)
        {
            return (text, false);
        }
        return (escape::escape(&bytes, before.encoding), true);
    }
    let plain = Format { append: Append::None, ..before };
    let whole = compose(draft, plain).or_else(|_| compose(draft, Format { escapes: false, ..plain }));
    let text = match whole {
        Ok(payload) => hex::spaced_upper(&payload.bytes),
        // The characters that the encoding has; the others are pointed at.
        Err(_) => {
            let of = |character: char| match before.encoding.encode(character.encode_utf8(&mut [0; 4])) {
                Ok(bytes) => hex::spaced_upper(&bytes),
                Err(_) => character.to_string(),
            };
            draft.chars().map(of).collect::<Vec<_>>().join(" ")
        }
    };
    (text, before.escapes)
}

/// Bytes as text without escapes, where a text box can hold it and it says the same bytes.
fn plain_text(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let text = encoding.decode(bytes);
    let is_seen = |character: char| character == '\n' || !is_hidden(character);
    (text.chars().all(is_seen) && encoding.encode(&text).is_ok_and(|again| again == bytes)).then_some(text)
}

fn line_end(text: &str, format: Format) -> Vec<u8> {
    if format.hex {
        return text.as_bytes().to_vec();
    }
    format.encoding.encode(text).unwrap_or_else(|_| text.as_bytes().to_vec())
}

/// The name of what is appended, as the foot line says it.
pub fn append_name(append: Append) -> &'static str {
    match append {
        Append::None => "",
        Append::Cr => "CR",
        Append::Lf => "LF",
        Append::CrLf => "CR LF",
        Append::Checksum(sum) => sum.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Checksum;
    use proptest::prelude::*;

    fn format(hex: bool, append: Append) -> Format {
        Format { hex, escapes: false, encoding: Encoding::UTF_8, append }
    }

    #[test]
    fn the_payload_is_the_text_and_what_is_appended() {
        let payload = compose("01 03 00 00 00 0A", format(true, Append::Checksum(Checksum::Crc16Modbus))).unwrap();
        assert_eq!(&*payload.bytes, [1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD]);
        assert_eq!((payload.body_len, payload.appended()), (6, &[0xC5, 0xCD][..]));
        let payload = compose("你好", format(false, Append::CrLf)).unwrap();
        assert_eq!(&*payload.bytes, "你好\r\n".as_bytes());
    }

    #[test]
    fn the_place_of_a_wrong_digit_is_known() {
        let error = compose("01 0G", format(true, Append::None)).unwrap_err();
        assert_eq!(error.position(), 4);
    }

    #[test]
    fn a_pasted_hexdump_is_sent_without_its_offsets_and_text() {
        let dump = "0000   48 54 54 50 2f 31 2e 31   HTTP/1.1\n0008   0d 0a   ..";
        let payload = compose(dump, format(true, Append::Cr)).unwrap();
        assert_eq!((&*payload.bytes, payload.is_dump), (&b"HTTP/1.1\r\n\r"[..], true));
        assert!(!compose("0000 48 54", format(true, Append::None)).unwrap().is_dump);
        let as_hex = Format { hex: true, escapes: false, encoding: Encoding::UTF_8, append: Append::None };
        assert_eq!(converted(dump, as_hex), ("HTTP/1.1\\r\\n".to_owned(), true));
    }

    #[test]
    fn a_draft_is_converted_between_text_and_hex() {
        let format = |hex, escapes, encoding| Format { hex, escapes, encoding, append: Append::CrLf };
        let (utf_8, gbk) = (Encoding::UTF_8, Encoding::GBK);
        for (draft, before, expected) in [
            ("Hello", format(false, false, utf_8), ("48 65 6C 6C 6F", false)),
            ("中国", format(false, false, gbk), ("D6 D0 B9 FA", false)),
            ("a\\r\\n", format(false, true, utf_8), ("61 0D 0A", true)),
            ("a\\q", format(false, true, utf_8), ("61 5C 71", true)),
            ("a€😀", format(false, false, Encoding::BIG5), ("61 A3 E1 😀", false)),
            ("48 65 6c", format(true, false, utf_8), ("Hel", false)),
            ("D6D0B9FA", format(true, false, gbk), ("中国", false)),
            ("61 0D 0A", format(true, false, utf_8), ("a\\r\\n", true)),
            ("FF 00 41", format(true, false, utf_8), ("\\xFF\\x00A", true)),
            ("5C 6E", format(true, true, utf_8), ("\\\\n", true)),
            ("no hex", format(true, false, utf_8), ("no hex", false)),
            ("", format(true, false, utf_8), ("", false)),
        ] {
            let (text, escapes) = converted(draft, before);
            assert_eq!((text.as_str(), escapes), expected, "{draft}");
        }
    }

    fn formats() -> impl Strategy<Value = Format> {
        let appends: Vec<Append> = [Append::None, Append::Cr, Append::Lf, Append::CrLf]
            .into_iter()
            .chain(Checksum::ALL.into_iter().map(Append::Checksum))
            .collect();
        let encoding = prop::sample::select(Encoding::all());
        (any::<bool>(), any::<bool>(), encoding, prop::sample::select(appends))
            .prop_map(|(hex, escapes, encoding, append)| Format { hex, escapes, encoding, append })
    }

    proptest! {
        #[test]
        fn what_is_converted_sends_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40), format in formats()) {
            let format = Format { append: Append::None, ..format };
            let (text, escapes) = converted(&hex::spaced_upper(&bytes), Format { hex: true, ..format });
            let as_text = Format { hex: false, escapes, ..format };
            prop_assert_eq!(&*compose(&text, as_text).unwrap().bytes, &bytes[..]);
            let (again, _) = converted(&text, as_text);
            prop_assert_eq!(again, hex::spaced_upper(&bytes));
        }

        #[test]
        fn a_text_is_sent_as_it_is_or_its_first_fault_is_shown(
            text in "\\PC{0,20}|[0-9a-f x,$h]{0,20}|([a你é]|\\\\[nrtx0-9u]){0,12}",
            format in formats(),
        ) {
            match compose(&text, format) {
                Ok(payload) => {
                    prop_assert_eq!(payload.body_len + payload.appended().len(), payload.bytes.len());
                    prop_assert_eq!(payload.appended().is_empty(), format.append == Append::None);
                    if !format.hex && !format.escapes {
                        prop_assert_eq!(format.encoding.decode(&payload.bytes[..payload.body_len]), text);
                    }
                }
                Err(error) => {
                    prop_assert!(error.position() < text.chars().count(), "{:?}", error);
                    prop_assert!(!error.words(Lang::ZhCn).is_empty() && !error.words(Lang::En).is_empty());
                }
            }
        }
    }
}

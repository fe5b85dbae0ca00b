//! What is in the send box as the bytes that will go out.

use crate::codec::escape::{self, EscapeError};
use crate::codec::{EncodeError, Encoding, HexError, hex};
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
    let mut bytes = if format.hex {
        hex::parse(text).map_err(ComposeError::Hex)?
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
    Ok(Payload { bytes: bytes.into(), body_len })
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
    use crate::codec::{Checksum, StreamDecoder};
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
        fn a_text_is_sent_as_it_is_or_its_first_fault_is_shown(
            text in "\\PC{0,20}|[0-9a-f x,$h]{0,20}|([a你é]|\\\\[nrtx0-9u]){0,12}",
            format in formats(),
        ) {
            match compose(&text, format) {
                Ok(payload) => {
                    prop_assert_eq!(payload.body_len + payload.appended().len(), payload.bytes.len());
                    prop_assert_eq!(payload.appended().is_empty(), format.append == Append::None);
                    if !format.hex && !format.escapes {
                        let mut again = String::new();
                        let mut decoder = StreamDecoder::new(format.encoding);
                        decoder.feed_text(&payload.bytes[..payload.body_len], &mut again);
                        decoder.finish_text(&mut again);
                        prop_assert_eq!(again, text);
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

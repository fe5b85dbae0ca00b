//! Text encodings: by `encoding_rs` (WHATWG Encoding Standard), except for true Latin-1, ASCII and UTF-16, which are implemented
//! here.

mod decoder;
mod open;
#[cfg(test)]
pub(crate) mod samples;
mod table;
#[cfg(test)]
mod tests;

pub use decoder::{Piece, StreamDecoder};
pub use open::{FAMILIES, OPEN_MAX};
use table::{Kind, Row, TABLE};

/// An encoding that a user can choose. Serialised by its stable name (`UTF-8`, `GBK`, `windows-1252`, …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Encoding(u8);

/// A character that the target encoding cannot represent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{character:?} (character {position}) does not exist in {encoding}")]
pub struct EncodeError {
    /// The character.
    pub character: char,
    /// Its position in the text in characters, counted from 0.
    pub position: usize,
    /// Name of the encoding.
    pub encoding: &'static str,
}

const ALL: [Encoding; TABLE.len()] = {
    let mut all = [Encoding(0); TABLE.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = Encoding(index as u8);
        index += 1;
    }
    all
};

impl Encoding {
    /// UTF-8, the default.
    pub const UTF_8: Self = Self(0);
    /// GBK (code page 936); four-byte sequences of GB18030 are decoded too, as the WHATWG decoder does.
    pub const GBK: Self = Self(1);
    /// GB18030; represents every character except a few private-use ones.
    pub const GB18030: Self = Self(2);
    /// Big5; decodes HKSCS too.
    pub const BIG5: Self = Self(3);
    /// Shift_JIS (code page 932).
    pub const SHIFT_JIS: Self = Self(4);
    /// EUC-JP.
    pub const EUC_JP: Self = Self(5);
    /// EUC-KR (code page 949).
    pub const EUC_KR: Self = Self(6);
    /// UTF-16, low byte first.
    pub const UTF_16LE: Self = Self(7);
    /// UTF-16, high byte first.
    pub const UTF_16BE: Self = Self(8);
    /// ISO-8859-1: byte = code point; 0x80–0x9F are C1 controls.
    pub const LATIN_1: Self = Self(9);
    /// ASCII: bytes from 0x80 on are invalid.
    pub const ASCII: Self = Self(27);
    /// windows-1252; unlike Latin-1, most of 0x80–0x9F are printable.
    pub const WINDOWS_1252: Self = Self(12);

    /// All encodings, in menu order.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &ALL
    }

    fn row(self) -> &'static Row {
        // An `Encoding` is created only here, from valid indices of the table.
        &TABLE[usize::from(self.0)]
    }

    fn kind(self) -> Kind {
        self.row().kind
    }

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The name in menus and column headers: the stable name, except `Latin-1` for ISO-8859-1.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.row().label
    }

    /// Alternative names in lower case without `-`, `_` and spaces, which are ignored.
    #[must_use]
    pub fn aliases(self) -> &'static [&'static str] {
        self.row().aliases
    }

    /// Finds an encoding by name or common alias, ignoring case (`utf8`, `gb2312` -> GBK, `latin1` -> true ISO-8859-1, `sjis`,
    /// `cp1252` …). `ascii` is true ASCII, not windows-1252 as in the WHATWG standard. Other labels that the standard maps to a
    /// different character set (`iso-8859-9`) are unknown here.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let wanted = folded(name);
        ALL.into_iter().find(|encoding| {
            let entry = encoding.row();
            folded(entry.name) == wanted || entry.aliases.contains(&wanted.as_str())
        })
    }

    /// Encodes text. Characters that the encoding cannot represent are an error and never replaced: decoding the result gives `text`
    /// again. (So characters that the WHATWG encoders convert to look-alikes are rejected: `¥ ‾ −` in Shift_JIS and EUC-JP, and the
    /// private-use characters of GBK and GB18030 that have had a code point of their own since GB 18030-2022.)
    ///
    /// # Errors
    /// The first character that cannot be represented.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, EncodeError> {
        match self.kind() {
            Kind::Utf8 => Ok(text.as_bytes().to_vec()),
            Kind::Utf16Le => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Kind::Utf16Be => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Kind::Ascii => match text.chars().enumerate().find(|(_, c)| !c.is_ascii()) {
                Some((position, c)) => Err(self.refuse(c, position)),
                None => Ok(text.as_bytes().to_vec()),
            },
            Kind::Latin1 => text
                .chars()
                .enumerate()
                .map(|(position, c)| u8::try_from(u32::from(c)).map_err(|_| self.refuse(c, position)))
                .collect(),
            _ => self.encode_by_index(text),
        }
    }

    fn refuse(self, character: char, position: usize) -> EncodeError {
        EncodeError { character, position, encoding: self.name() }
    }

    /// Encodes with `encoding_rs` and verifies the result by decoding it.
    fn encode_by_index(self, text: &str) -> Result<Vec<u8>, EncodeError> {
        use encoding_rs::EncoderResult;
        let Some(encoding) = self.kind().rs() else { return Ok(Vec::new()) };
        let mut encoder = encoding.new_encoder();
        let mut bytes = Vec::with_capacity(text.len() + 16);
        let mut read_total = 0;
        loop {
            let rest = &text[read_total..];
            let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, &mut bytes, true);
            read_total += read;
            match result {
                EncoderResult::InputEmpty => {
                    self.check_alike(text, &bytes)?;
                    return Ok(bytes);
                }
                EncoderResult::OutputFull => bytes.reserve(rest.len() + 16),
                EncoderResult::Unmappable(character) => {
                    self.check_alike(text, &bytes)?;
                    // `read` includes the rejected character.
                    return Err(self.refuse(character, text[..read_total].chars().count().saturating_sub(1)));
                }
            }
        }
    }

    /// Rejects the first character of `text` for which `bytes` (the encoding of its beginning) decode to another one.
    fn check_alike(self, text: &str, bytes: &[u8]) -> Result<(), EncodeError> {
        if text.is_ascii() {
            return Ok(());
        }
        let mut expected = text.chars().enumerate();
        let mut refused = None;
        StreamDecoder::new(self).feed(bytes, &mut |piece| {
            if refused.is_none() {
                refused = expected.next().filter(|(_, c)| !matches!(piece, Piece::Char(d, _) if d == *c));
            }
        });
        refused.map_or(Ok(()), |(position, character)| Err(self.refuse(character, position)))
    }

    /// Maximum length of a character in bytes.
    #[must_use]
    pub fn max_char_len(self) -> usize {
        match self.kind() {
            Kind::Latin1 | Kind::Ascii | Kind::Single(_) => 1,
            Kind::Big5 | Kind::EucKr | Kind::ShiftJis => 2,
            Kind::EucJp => 3,
            Kind::Utf8 | Kind::Utf16Le | Kind::Utf16Be | Kind::Gb(_) => 4,
        }
    }

    /// Whether the bytes of a character may also occur within or across other characters (all multi-byte encodings except UTF-8).
    #[must_use]
    pub fn has_look_alikes(self) -> bool {
        !matches!(self.kind(), Kind::Utf8 | Kind::Latin1 | Kind::Ascii | Kind::Single(_))
    }

    /// Whether bytes below 0x80 at the start of a character are ASCII characters.
    #[must_use]
    pub fn is_ascii_compatible(self) -> bool {
        self.kind().is_ascii_compatible()
    }

    /// Length of the character or invalid sequence at the front; `None` if more bytes are needed.
    #[must_use]
    pub fn first_len(self, bytes: &[u8]) -> Option<usize> {
        decoder::first_len(self.kind(), bytes)
    }

    /// A position at or shortly before `at` where a character (or invalid sequence) starts, and whether a character certainly starts
    /// at `at`. `border` is a position in `bytes` where one starts.
    #[must_use]
    pub fn border_before(self, bytes: &[u8], at: usize, border: usize) -> (usize, bool) {
        let kind = self.kind();
        let Some(before) = bytes.get(border..at) else { return (border, false) };
        if matches!(kind, Kind::Utf16Le | Kind::Utf16Be) {
            let odd = before.len() % 2;
            return (at - odd, odd == 0);
        }
        if !self.has_look_alikes() {
            return (at, true);
        }
        let ended = before.iter().rposition(|&byte| kind.ends_every_sequence(byte));
        decoder::border_before(kind, bytes, at, ended.map_or(border, |place| border + place + 1))
    }

    /// For a stream that is available only from some position on: how many of the last bytes of `before` must be fed first so that
    /// decoding is aligned to characters. `before` are the bytes directly before that position, and `stream_offset` is the position.
    /// `None` if `before` is too short to decide (read more, or from the start of the stream).
    ///
    /// UTF-8: back to a lead byte, at most 3; UTF-16: by the parity of the stream position and surrogates, at most 3; GBK, GB18030,
    /// Big5, Shift_JIS, EUC: back to after the last byte that certainly ends a sequence (not a lead byte and, in GBK and GB18030,
    /// not a digit), such as an ASCII letter, space or line end; single-byte encodings: 0.
    #[must_use]
    pub fn resync(self, before: &[u8], stream_offset: u64) -> Option<usize> {
        // Bytes before the start of the stream are ignored.
        let before = match usize::try_from(stream_offset) {
            Ok(offset) if offset < before.len() => &before[before.len() - offset..],
            _ => before,
        };
        let from_start = (before.len() as u64 == stream_offset).then_some(before.len());
        match self.kind() {
            Kind::Latin1 | Kind::Ascii | Kind::Single(_) => Some(0),
            Kind::Utf8 => {
                let continuations = before.iter().rev().take(3).take_while(|b| matches!(b, 0x80..=0xBF)).count();
                match before.iter().rev().nth(continuations) {
                    // After three continuation bytes even a four-byte sequence is complete.
                    _ if continuations == 3 => Some(0),
                    // No sequence extends across an ASCII character; the continuation bytes after it are invalid.
                    Some(0..0x80) => Some(0),
                    Some(_) => Some(continuations + 1),
                    None => from_start,
                }
            }
            Kind::Utf16Le | Kind::Utf16Be => {
                let odd = usize::from(!stream_offset.is_multiple_of(2));
                let aligned = before.len().checked_sub(odd).map(|len| &before[..len]);
                let unit = match aligned {
                    Some([.., first, second]) => match self.kind() {
                        Kind::Utf16Le => [*second, *first],
                        _ => [*first, *second],
                    },
                    _ => return from_start,
                };
                let after_high_surrogate = matches!(u16::from_be_bytes(unit), 0xD800..0xDC00);
                Some(if after_high_surrogate { 2 + odd } else { odd })
            }
            kind => before.iter().rev().position(|&byte| kind.ends_every_sequence(byte)).or(from_start),
        }
    }
}

impl Default for Encoding {
    fn default() -> Self {
        Self::UTF_8
    }
}

/// Normalises a name: case, hyphens, underscores and spaces are ignored.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect()
}

impl serde::Serialize for Encoding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> serde::Deserialize<'de> for Encoding {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::by_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown encoding {name:?}")))
    }
}

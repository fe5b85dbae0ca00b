//! Text encodings (WHATWG Encoding Standard by `encoding_rs`, real Latin-1 and UTF-16 by hand).

mod decoder;
mod open;
#[cfg(test)]
pub(crate) mod samples;
mod table;
#[cfg(test)]
mod tests;

pub use decoder::{Piece, StreamDecoder};
pub use open::{FAMILIES, OPEN_MAX};
use table::{Entry, Kind, TABLE};

/// An encoding a user can choose. Serialised by its stable name (`UTF-8`, `GBK`, `windows-1252`, …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Encoding(u8);

/// A character the target encoding cannot say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{character:?} (character {position}) does not exist in {encoding}")]
pub struct EncodeError {
    /// The character.
    pub character: char,
    /// Its position in the text, in characters from 0.
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
    /// GB18030, says every character but a few private-use ones.
    pub const GB18030: Self = Self(2);
    /// Big5 with HKSCS when decoding.
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
    /// ISO-8859-1: byte = code point, 0x80–0x9F are C1 controls.
    pub const LATIN_1: Self = Self(9);
    /// ASCII: bytes from 0x80 on are no characters.
    pub const ASCII: Self = Self(27);
    /// windows-1252, which is not Latin-1: 0x80–0x9F are mostly printable.
    pub const WINDOWS_1252: Self = Self(12);

    /// Every encoding, in the order menus show them.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &ALL
    }

    fn entry(self) -> &'static Entry {
        // An `Encoding` is only made here, from indices of the table.
        &TABLE[usize::from(self.0)]
    }

    fn kind(self) -> Kind {
        self.entry().kind
    }

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The name in menus and column heads: the stable name, but `Latin-1` for ISO-8859-1.
    #[must_use]
    pub fn label(self) -> &'static str {
        self.entry().label
    }

    /// Its other names, lower case, without `-`, `_` and spaces, which do not matter.
    #[must_use]
    pub fn aliases(self) -> &'static [&'static str] {
        self.entry().aliases
    }

    /// By name or a usual alias, any case (`utf8`, `gb2312` -> GBK, `latin1` -> ISO-8859-1 itself, `sjis`, `cp1252` …).
    /// `ascii` is ASCII itself, not windows-1252 as in the WHATWG standard; other labels that the standard maps to a different set
    /// of characters (`iso-8859-9`) are unknown here.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let wanted = folded(name);
        ALL.into_iter().find(|encoding| {
            let entry = encoding.entry();
            folded(entry.name) == wanted || entry.aliases.contains(&wanted.as_str())
        })
    }

    /// Text as bytes; refuses what the encoding cannot say, never replaces: decoding the result gives `text` again.
    /// (So what the WHATWG encoders turn into look-alikes is refused: `¥ ‾ −` in Shift_JIS and EUC-JP, and the private-use
    /// characters of GBK and GB18030 that have had a code point of their own since GB 18030-2022.)
    ///
    /// # Errors
    /// The first character without a code.
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

    /// By `encoding_rs`, read back to be sure.
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
                    // `read` counts the character that was refused.
                    return Err(self.refuse(character, text[..read_total].chars().count().saturating_sub(1)));
                }
            }
        }
    }

    /// Refuses the first character of `text` that `bytes` (the code of its beginning) give back as another one.
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

    /// Longest byte sequence of one character.
    #[must_use]
    pub fn max_char_len(self) -> usize {
        match self.kind() {
            Kind::Latin1 | Kind::Ascii | Kind::Single(_) => 1,
            Kind::Big5 | Kind::EucKr | Kind::ShiftJis => 2,
            Kind::EucJp => 3,
            Kind::Utf8 | Kind::Utf16Le | Kind::Utf16Be | Kind::Gb(_) => 4,
        }
    }

    /// The bytes of a character may stand within others, or across two of them (all encodings of several bytes but UTF-8).
    #[must_use]
    pub fn has_look_alikes(self) -> bool {
        !matches!(self.kind(), Kind::Utf8 | Kind::Latin1 | Kind::Ascii | Kind::Single(_))
    }

    /// Bytes below 0x80 are the ASCII characters, where none is open.
    #[must_use]
    pub fn is_ascii_compatible(self) -> bool {
        self.kind().is_ascii_compatible()
    }

    /// Bytes of the character, or of the bytes that are none, at the front; `None`: more bytes decide.
    #[must_use]
    pub fn first_len(self, bytes: &[u8]) -> Option<usize> {
        decoder::first_len(self.kind(), bytes)
    }

    /// A place at or before `at`, and close to it, where a character (or bytes that are none) begins, and whether a character surely begins
    /// at `at` itself. `border`: a place in `bytes` where one begins.
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

    /// For a stream of which only the bytes from some point on are at hand: how many of the last bytes of `before`
    /// (the bytes directly before that point, `stream_offset` = stream position of that point) must be fed first so
    /// that decoding is aligned to characters. `None`: `before` is too short to tell (read more, or take `before` from the stream's start).
    ///
    /// UTF-8: back to a lead byte, at most 3; UTF-16: by the parity of the stream position and surrogates, at most 3;
    /// GBK, GB18030, Big5, Shift_JIS, EUC: back to behind the last byte after which nothing can be pending (no lead byte, and
    /// in GBK and GB18030 no digit), so every ASCII letter, space and line end will do; encodings of single bytes: 0.
    #[must_use]
    pub fn resync(self, before: &[u8], stream_offset: u64) -> Option<usize> {
        // `before` may not reach over the start of the stream.
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
                    // After three continuation bytes even a sequence of four is complete.
                    _ if continuations == 3 => Some(0),
                    // Nothing goes over an ASCII character; the continuation bytes behind it stand alone.
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

/// Names compare without case, hyphens, underscores and spaces.
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

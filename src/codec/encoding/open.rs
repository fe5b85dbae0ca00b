//! Determines, without decoding, how many bytes of a character are incomplete at a position of a stream, for all encodings at once.
//!
//! Encodings with the same character boundaries form a family. Family numbers are stored in capture files and never change.

use super::table::Kind;
use super::{Encoding, StreamDecoder};

/// Count of families.
pub const FAMILIES: usize = 8;
/// Maximum count of incomplete bytes of a character.
pub const OPEN_MAX: usize = 3;

/// A representative encoding of each family, by number.
const MEMBERS: [Encoding; FAMILIES] = [
    Encoding::UTF_8,
    Encoding::GB18030,
    Encoding::BIG5,
    Encoding::SHIFT_JIS,
    Encoding::EUC_JP,
    Encoding::EUC_KR,
    Encoding::UTF_16LE,
    Encoding::UTF_16BE,
];

impl Encoding {
    /// The number of its family; `None` for single-byte encodings.
    #[must_use]
    pub fn family(self) -> Option<usize> {
        Some(match self.kind() {
            Kind::Utf8 => 0,
            Kind::Gb(_) => 1,
            Kind::Big5 => 2,
            Kind::ShiftJis => 3,
            Kind::EucJp => 4,
            Kind::EucKr => 5,
            Kind::Utf16Le => 6,
            Kind::Utf16Be => 7,
            Kind::Latin1 | Kind::Ascii | Kind::Single(_) => return None,
        })
    }

    /// The representative encoding of a family.
    #[must_use]
    pub fn of_family(family: usize) -> Option<Self> {
        MEMBERS.get(family).copied()
    }

    /// How many of the last bytes form an incomplete character if decoding starts at the first of `bytes`.
    #[must_use]
    pub fn open_after(self, bytes: &[u8]) -> usize {
        let lead: fn(u8) -> bool = match self.kind() {
            Kind::Gb(_) => return open_in_gb(bytes),
            Kind::EucJp => return open_in_euc_jp(bytes),
            Kind::Big5 | Kind::EucKr => |byte| matches!(byte, 0x81..=0xFE),
            Kind::ShiftJis => |byte| matches!(byte, 0x81..=0x9F | 0xE0..=0xFC),
            Kind::Latin1 | Kind::Ascii | Kind::Single(_) => return 0,
            Kind::Utf8 | Kind::Utf16Le | Kind::Utf16Be => {
                let mut decoder = StreamDecoder::new(self);
                decoder.feed(bytes, &mut |_| {});
                return decoder.pending().len();
            }
        };
        // The second byte always ends the sequence, valid or not.
        bytes.iter().fold(false, |open, &byte| !open && lead(byte)).into()
    }
}

/// Sequences of two bytes, or four if the second is a digit.
fn open_in_gb(bytes: &[u8]) -> usize {
    let lead = |byte| usize::from(matches!(byte, 0x81..=0xFE));
    bytes.iter().fold(0, |open, &byte| match (open, byte) {
        (0, _) => lead(byte),
        (1, 0x30..=0x39) => 2,
        (2, 0x81..=0xFE) => 3,
        // Either all four are valid, or only the first is invalid: then the digit is a character and the other two are examined
        // again.
        (3, 0x30..=0x39) | (1 | 2, _) => 0,
        _ => 0,
    })
}

/// Sequences of two bytes, or three after 0x8F.
fn open_in_euc_jp(bytes: &[u8]) -> usize {
    let mut three = false;
    bytes.iter().fold(0, |open, &byte| match (open, byte) {
        (0, 0x8E | 0x8F | 0xA1..=0xFE) => {
            three = byte == 0x8F;
            1
        }
        (1, 0xA1..=0xFE) if three => 2,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_encoding_is_open_as_its_family() {
        for &encoding in Encoding::all() {
            if let Some(family) = encoding.family() {
                let member = Encoding::of_family(family).expect("a member");
                assert_eq!(member.family(), Some(family));
            } else {
                assert_eq!(encoding.max_char_len(), 1, "{}", encoding.name());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn what_is_open_is_what_the_decoder_keeps(
            bytes in prop::collection::vec(prop_oneof![
                3 => 0x80..=0xFF_u8, 1 => 0x30..=0x39_u8, 1 => 0x40..=0x7E_u8, 1 => any::<u8>(), 1 => Just(0x8F), 1 => Just(0x81)
            ], 0..40)
        ) {
            for &encoding in Encoding::all() {
                let mut decoder = StreamDecoder::new(encoding);
                decoder.feed(&bytes, &mut |_| {});
                prop_assert_eq!(encoding.open_after(&bytes), decoder.pending().len(), "{} {:x?}", encoding.name(), &bytes);
            }
        }
    }
}

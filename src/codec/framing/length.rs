//! Frames with a length field. Memory is allocated for received bytes only, never for a length from the wire.

use super::build::{Enclosure, Stuffing};
use super::description::{Description, field};
use super::framer::{Around, FrameKind, LARGEST_HEADER, Scanner, Step};
use super::length_head::Header;
use super::scpi::Text;
use super::{Boundary, FramingRule, RuleKind};
use crate::codec::checksum::{Endian, Verdict};
use crate::codec::fields::{Choice, Contradiction, ENDIANS, Kind, Slot, Value, choices};
use memchr::memmem::Finder;
use std::num::NonZeroU64;

const LARGEST_PAYLOAD_PLACE: i64 = LARGEST_HEADER * 2;

pub(super) static LENGTH: Description = Description {
    kind: RuleKind::Length,
    name: "len",
    example: "len:offset=0,size=4,endian=little,header=4,counts=payload,adjust=2,mark=AA55@0",
    options: &[
        field!(
            LengthOffset,
            "offset",
            Kind::Number { least: 0, most: LARGEST_HEADER },
            Boundary::Length(rule) => &mut rule.offset
        )
        .usually("0")
        .always_written()
        .proposed("0"),
        field!(LengthSize, "size", Kind::Choice(SIZES), Boundary::Length(rule) => &mut rule.field)
            .needed()
            .proposed("4"),
        // There is no default, because a wrong byte order would split the stream incorrectly without an error.
        field!(
            LengthEndian,
            "endian",
            Kind::Choice(ENDIANS),
            Boundary::Length(LengthRule { field: LengthField::Binary { endian, .. }, .. }) => endian
        )
        .needed_if(has_several_bytes)
        .matters_if(has_several_bytes)
        .depends_on("size"),
        field!(
            LengthSigned,
            "signed",
            Kind::Flag,
            Boundary::Length(LengthRule { field: LengthField::Binary { signed, .. }, .. }) => signed
        )
        .depends_on("size"),
        field!(
            DigitsEnd,
            "end",
            Kind::Byte,
            Boundary::Length(LengthRule { field: LengthField::Decimal { end, .. }, .. }) => end
        )
        .depends_on("size"),
        field!(
            DigitsNonzero,
            "nonzero",
            Kind::Flag,
            Boundary::Length(LengthRule { field: LengthField::Decimal { digits: None, nonzero, .. }, .. }) => nonzero
        )
        .depends_on("size"),
        field!(
            LengthMask,
            "mask",
            Kind::Mask,
            Boundary::Length(LengthRule {
                field: LengthField::Binary { signed: false, .. } | LengthField::HexText { .. },
                mask,
                ..
            }) => mask
        )
        .depends_on("size")
        .refused_if(mask_misses_field),
        field!(
            Header,
            "header",
            Kind::Number { least: 0, most: LARGEST_PAYLOAD_PLACE },
            Boundary::Length(rule) => &mut rule.header
        )
        .within(|rule| (length_end(rule), LARGEST_PAYLOAD_PLACE as u64)),
        field!(Counts, "counts", Kind::Choice(COUNTS), Boundary::Length(rule) => &mut rule.counts).usually("payload"),
        field!(
            Adjust,
            "adjust",
            Kind::Number { least: -LARGEST_HEADER, most: LARGEST_HEADER },
            Boundary::Length(rule) => &mut rule.adjust
        )
        .usually("0"),
        field!(
            Mark,
            "mark",
            Kind::PlacedBytes { farthest: LARGEST_HEADER },
            Boundary::Length(rule) => &mut rule.mark
        ),
        field!(Behind, "behind", Kind::Bytes, Boundary::Length(rule) => &mut rule.behind),
        field!(Skip, "skip", Kind::Bytes, Boundary::Length(rule) => &mut rule.skip),
    ],
    has_max: true,
    boundary: || Boundary::Length(LengthRule::default()),
    scanner: |rule| match &rule.boundary {
        Boundary::Length(rule) => Some(Box::new(Length::new(rule))),
        _ => None,
    },
    enclose: |rule, unframed| match &rule.boundary {
        Boundary::Length(rule) => rule.enclose(unframed),
        _ => Ok(Enclosure::bare(unframed.content)),
    },
    stuffing: Stuffing::None,
};

/// Frames with a length field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct LengthRule {
    /// Offset of the length field.
    pub offset: u64,
    /// Encoding of the length field.
    pub field: LengthField,
    /// Offset of the payload; `None`: the end of the length field.
    pub header: Option<u64>,
    /// The bytes that the length counts.
    pub counts: Counts,
    /// Added to the length, for example the size of a checksum that the length does not count.
    pub adjust: i64,
    /// Offset and bytes that every frame has there. They are used to resynchronize.
    pub mark: Option<(u64, Vec<u8>)>,
    /// The length field follows the first occurrence of these bytes at or after `offset`; `None`: it is at `offset`.
    pub behind: Option<Vec<u8>>,
    /// The bits of a [`LengthField::Binary`] or [`LengthField::HexText`] that hold the length, shifted down to bit 0.
    pub mask: Option<NonZeroU64>,
    /// Bytes that may occur between frames.
    pub skip: Option<Vec<u8>>,
}

/// Encoding of a length field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthField {
    /// An integer of 1 to 8 bytes.
    Binary {
        /// Number of bytes.
        bytes: u8,
        /// Byte order.
        endian: Endian,
        /// Two's complement. A negative length is invalid.
        signed: bool,
    },
    /// Groups of 7 bits, low groups first; the high bit is set if more follow (LEB128; MQTT 3.1.1 §2.2.3).
    Varint {
        /// Maximum number of bytes.
        most: u8,
    },
    /// Decimal digits.
    Decimal {
        /// Number of digits, padded with leading spaces or zeros; `None`: up to the first byte that is not a digit.
        digits: Option<u8>,
        /// The byte after the digits. It is part of the header.
        end: Option<u8>,
        /// The first digit is not 0 (RFC 6587 §3.4.1).
        nonzero: bool,
    },
    /// Hexadecimal digits, upper or lower case.
    HexText {
        /// Number of digits.
        digits: u8,
    },
    /// Definite length block (IEEE 488.2 §8.7.9): `#`, a digit N from 1 to 9, and a length of N decimal digits. If the rule has no
    /// offset, mark or `behind`, a response that does not start with a block is text up to LF.
    Scpi,
}

impl Default for LengthField {
    fn default() -> Self {
        Self::Binary { bytes: 4, endian: Endian::Little, signed: false }
    }
}

/// The bytes that a length counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Counts {
    /// The bytes after the header.
    #[default]
    Payload,
    /// The whole frame, header included.
    All,
}

choices! {
    /// Words for [`Counts`].
    COUNTS: Counts { Payload = "payload", All = "all" }
}

/// Encodings of a length field. The first [`BINARY_SIZES`] are integers of 1 to 8 bytes.
const SIZES: &[Choice] = &[
    Choice::word("1"),
    Choice::word("2"),
    Choice::word("3"),
    Choice::word("4"),
    Choice::word("5"),
    Choice::word("6"),
    Choice::word("7"),
    Choice::word("8"),
    Choice::numbered("varint", 1, 10, Some(10)),
    Choice::numbered("dec", 1, 18, None),
    Choice::numbered("hex", 1, 16, Some(4)),
    Choice::word("scpi"),
];
const BINARY_SIZES: usize = 8;
const VARINT: usize = 8;
const DECIMAL: usize = 9;
const HEX_TEXT: usize = 10;
const SCPI: usize = 11;

impl Slot for LengthField {
    fn get(&self) -> Option<Value> {
        Some(match self {
            Self::Binary { bytes, .. } => Value::Choice(usize::from(bytes.saturating_sub(1)), None),
            Self::Varint { most } => Value::Choice(VARINT, Some((*most).into())),
            Self::Decimal { digits, .. } => Value::Choice(DECIMAL, digits.map(Into::into)),
            Self::HexText { digits } => Value::Choice(HEX_TEXT, Some((*digits).into())),
            Self::Scpi => Value::Choice(SCPI, None),
        })
    }

    fn set(&mut self, value: Value) {
        let Value::Choice(index, number) = value else { return };
        let number = number.and_then(|number| u8::try_from(number).ok());
        *self = match index {
            0..BINARY_SIZES => Self::Binary { bytes: index as u8 + 1, endian: Endian::Little, signed: false },
            VARINT => Self::Varint { most: number.unwrap_or(10) },
            HEX_TEXT => Self::HexText { digits: number.unwrap_or(4) },
            SCPI => Self::Scpi,
            _ => Self::Decimal { digits: number, end: None, nonzero: false },
        };
    }
}

impl LengthField {
    /// Minimum length of the field in bytes.
    fn least_bytes(self) -> u8 {
        match self {
            Self::Binary { bytes, .. } => bytes,
            Self::Varint { .. } => 1,
            Self::Decimal { digits, end, .. } => digits.unwrap_or(1) + u8::from(end.is_some()),
            Self::HexText { digits } => digits,
            Self::Scpi => 3,
        }
    }
}

fn has_several_bytes(rule: &FramingRule) -> bool {
    let Boundary::Length(LengthRule { field: LengthField::Binary { bytes, .. }, .. }) = &rule.boundary else {
        return false;
    };
    *bytes > 1
}

/// A mask without a bit of the length field would make every length 0.
fn mask_misses_field(rule: &FramingRule) -> Option<Contradiction> {
    let Boundary::Length(LengthRule { field, mask: Some(mask), .. }) = &rule.boundary else { return None };
    let bits = match field {
        LengthField::Binary { bytes, .. } => u32::from(*bytes) * 8,
        LengthField::HexText { digits } => u32::from(*digits) * 4,
        _ => return None,
    };
    (mask.trailing_zeros() >= bits).then_some(Contradiction::Option("size"))
}

/// Smallest possible end of the length field.
fn length_end(rule: &FramingRule) -> u64 {
    match &rule.boundary {
        Boundary::Length(rule) => rule.offset + u64::from(rule.field.least_bytes()),
        _ => 0,
    }
}

/// Longest candidate that is verified while resynchronizing by checksum. Each candidate costs its length in time, so longer ones
/// are skipped.
const LONGEST_TRIED: usize = 4096;

/// Synchronization state: whether a frame is known to start at the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A frame starts here.
    Sure,
    /// The previous frame had a wrong checksum. If this one has too, the length of the previous one was not a length.
    Doubtful,
    /// Resynchronizing by mark or checksum, byte by byte.
    Lost,
    /// Resynchronizing at the next byte that can occur between frames.
    UpToSeparator,
    /// The rule has nothing to resynchronize by: everything up to the end of the stream is junk.
    Hopeless,
}

#[derive(Clone, Debug)]
pub(super) struct Length {
    rule: LengthRule,
    place: Place,
    /// Finds [`LengthRule::behind`].
    behind: Option<Finder<'static>>,
    /// Progress within a text response.
    text: Text,
}

impl Length {
    pub fn new(rule: &LengthRule) -> Self {
        let behind = rule.behind.as_ref().map(|bytes| Finder::new(bytes).into_owned());
        Self { rule: rule.clone(), place: Place::Sure, behind, text: Text::default() }
    }

    /// Handles a front that is not a frame: starts to resynchronize.
    fn lose(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        if around.verifier.is_some() || self.rule.mark.is_some() {
            self.place = Place::Lost;
            return Step::Skip(1, FrameKind::Junk);
        }
        self.place = if self.has_separators() { Place::UpToSeparator } else { Place::Hopeless };
        self.step(bytes, around)
    }

    /// Skips to the first whole frame with a correct check behind the front of `bytes`; `None`: there is none.
    fn inner(&self, bytes: &[u8], around: &Around<'_>) -> Option<Step> {
        let is_right = |place: &usize| match self.header(&bytes[*place..], around.max_len) {
            Header::Frame { len, .. } if len <= LONGEST_TRIED => {
                let verdict =
                    bytes.get(*place..*place + len).zip(around.verifier).map(|(frame, check)| check.verify(frame));
                verdict.flatten().is_some_and(Verdict::is_ok)
            }
            _ => false,
        };
        (1..bytes.len()).find(is_right).map(|place| Step::Skip(place, FrameKind::Junk))
    }

    fn has_separators(&self) -> bool {
        self.rule.skip.is_some() || self.rule.has_text()
    }

    fn header(&self, bytes: &[u8], max_len: usize) -> Header {
        self.rule.read_header(bytes, self.behind.as_ref(), max_len)
    }

    /// Skips through the next byte that can occur between frames.
    fn skip_to_separator(&mut self, bytes: &[u8]) -> Step {
        let ends_text = self.rule.has_text();
        let is_separator = |byte: &u8| self.rule.may_be_between(byte) || (ends_text && *byte == b'\n');
        let found = bytes.iter().position(is_separator);
        if found.is_some() {
            self.place = Place::Sure;
        }
        Step::Skip(found.map_or(bytes.len(), |place| place + 1), FrameKind::Junk)
    }
}

impl Scanner for Length {
    fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        if self.place == Place::Hopeless {
            return Step::Skip(bytes.len(), FrameKind::Junk);
        }
        if self.place == Place::UpToSeparator {
            return self.skip_to_separator(bytes);
        }
        let lost = self.place == Place::Lost;
        if !lost {
            let between = bytes.iter().take_while(|byte| self.rule.may_be_between(byte)).count();
            if between > 0 {
                return Step::Skip(between, FrameKind::Separator);
            }
        }
        if self.rule.has_text() && self.text.goes_on(bytes) {
            return self.text.step(bytes);
        }
        let (header, len) = match self.header(bytes, around.max_len) {
            Header::Frame { header, len, .. } => (header, len),
            Header::Invalid => return self.lose(bytes, around),
            Header::Need if lost && around.at_end => return self.lose(bytes, around),
            Header::Need => return Step::Need,
        };
        let Some(verifier) = around.verifier else {
            // There is no check to confirm the frame: a valid header, with the mark if there is one, is trusted.
            self.place = Place::Sure;
            return if bytes.len() >= len { Step::frame(len, header.min(len)..len) } else { Step::Need };
        };
        let has_mark = self.rule.mark.is_some();
        if lost && !has_mark && len > LONGEST_TRIED {
            return Step::Skip(1, FrameKind::Junk);
        }
        let Some(frame) = bytes.get(..len) else {
            return match lost && around.at_end {
                true if has_mark => self.inner(bytes, around).unwrap_or(Step::Need),
                true => Step::Skip(1, FrameKind::Junk),
                false => Step::Need,
            };
        };
        let verdict = verifier.verify(frame);
        self.place = match (verdict.map(Verdict::is_ok), self.place) {
            (Some(true), _) | (None, Place::Sure) => Place::Sure,
            (Some(false), Place::Sure) => Place::Doubtful,
            // The mark confirms the frame, unless a frame with a correct check is inside it.
            (Some(false) | None, _) if has_mark => match self.inner(frame, around) {
                Some(skip) => {
                    self.place = Place::Lost;
                    return skip;
                }
                None => Place::Doubtful,
            },
            (Some(false) | None, _) => return self.lose(bytes, around),
        };
        Step::Frame { len, payload: header.min(len)..len, checked: 0..len, verdict }
    }

    fn known_len(&self, bytes: &[u8], max_len: usize) -> Option<usize> {
        match self.header(bytes, max_len) {
            Header::Frame { len, .. } if matches!(self.place, Place::Sure | Place::Doubtful) => Some(len),
            _ => None,
        }
    }

    fn too_long(&mut self, bytes: &[u8]) -> usize {
        self.text = Text::default();
        if self.rule.has_text() {
            self.place = Place::UpToSeparator;
        }
        bytes.len()
    }

    fn boxed(&self) -> Box<dyn Scanner> {
        Box::new(self.clone())
    }
}

impl LengthRule {
    /// Whether the byte can occur between frames.
    fn may_be_between(&self, byte: &u8) -> bool {
        self.skip.as_ref().is_some_and(|skip| skip.contains(byte))
    }

    /// Whether frames can also be text that ends with LF.
    pub(super) fn has_text(&self) -> bool {
        self.field == LengthField::Scpi && self.offset == 0 && self.mark.is_none() && self.behind.is_none()
    }
}

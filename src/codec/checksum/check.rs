//! A checksum in a frame: which bytes it covers, where its value is, and whether the value is correct.

use super::kind::{Calculator, ChecksumKind, Endian};
use super::value::{COVERED, Covered, FORMS, ValueForm};
use crate::codec::fields::{self, Contradiction, ENDIANS, Field, FieldId, Kind};
use crate::codec::options::{Options, RuleError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::num::NonZeroU64;
use std::ops::Range;

/// Largest distance of a position from either end of a frame, in bytes.
const FARTHEST: i64 = 1 << 24;

/// What is verified in each frame. Positions count bytes from the start of the frame; negative positions count from its end.
///
/// Text form: `NAME[:from=N,to=N,at=N,endian=little|big,form=hex|dec3,covers=hex,mask=HEX,until=HEX]`. Examples: `CRC-16/MODBUS`
/// (covers everything before the last two bytes), `XOR-8:from=1,to=-5,at=-4,form=hex`, `XOR-8:from=1,form=hex,until=2A`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Check {
    /// The algorithm.
    pub kind: ChecksumKind,
    /// First covered byte.
    pub from: i64,
    /// End of the covered bytes (exclusive); `None`: the position of the value.
    pub to: Option<i64>,
    /// Position of the value; `None`: the value ends the frame.
    pub at: Option<i64>,
    /// Byte order of the value; `None`: the usual order of the algorithm.
    pub endian: Option<Endian>,
    /// Representation of the value.
    pub form: ValueForm,
    /// Representation of the covered bytes.
    pub covered: Covered,
    /// The bits of the written value that hold the check, shifted down to bit 0. They are compared with as many low bits of the
    /// computed value.
    pub mask: Option<NonZeroU64>,
    /// Replaces `to` and `at`: the covered bytes end before the first occurrence of this byte, and the value follows it. A frame
    /// without this byte has no value.
    pub until: Option<u8>,
}

const PLACE: Kind = Kind::Number { least: -FARTHEST, most: FARTHEST };

/// The options of a check, in display order.
static FIELDS: &[Field<Check>] = &[
    Field::new(FieldId::CheckFrom, "from", PLACE, |check: &mut Check| Some(&mut check.from)).usually("0"),
    Field::new(FieldId::CheckUntil, "until", Kind::Byte, |check: &mut Check| Some(&mut check.until)).written_last(),
    Field::new(FieldId::CheckTo, "to", PLACE, |check: &mut Check| match check.until {
        None => Some(&mut check.to),
        Some(_) => None,
    })
    .depends_on("until")
    .refused_if(|check| check.begins_behind(check.to)),
    Field::new(FieldId::CheckAt, "at", PLACE, |check: &mut Check| match check.until {
        None => Some(&mut check.at),
        Some(_) => None,
    })
    .depends_on("until")
    .refused_if(|check| if check.to.is_none() { check.begins_behind(check.at) } else { None }),
    Field::new(FieldId::CheckEndian, "endian", Kind::Choice(ENDIANS), |check: &mut Check| Some(&mut check.endian))
        .matters_if(|check| check.kind.bytes() > 1 && !matches!(check.form, ValueForm::DecText(_))),
    Field::new(FieldId::CheckForm, "form", Kind::Choice(FORMS), |check: &mut Check| Some(&mut check.form))
        .usually("binary")
        .refused_if(|check| (!check.form.holds(check.kind, check.mask)).then_some(Contradiction::Rule)),
    Field::new(FieldId::CheckCovers, "covers", Kind::Choice(COVERED), |check: &mut Check| Some(&mut check.covered))
        .usually("bytes"),
    Field::new(FieldId::CheckMask, "mask", Kind::Mask, |check: &mut Check| Some(&mut check.mask))
        .refused_if(|check| check.mask_misses_value().then_some(Contradiction::Rule)),
];

/// The positions of the parts of a check in a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Places {
    /// Both parts are in the frame.
    Found {
        /// The covered bytes.
        covered: Range<usize>,
        /// The value.
        value: Range<usize>,
    },
    /// The frame is too short to contain them.
    TooShort,
    /// The frame has no value: it does not contain the byte of [`Check::until`].
    NoValue,
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The value is correct.
    Ok,
    /// The value is incorrect.
    Bad {
        /// The expected value.
        computed: u64,
        /// The value in the frame; `None`: it is not written in the digits that the check requires.
        found: Option<u64>,
    },
    /// The covered bytes are not the pairs of hexadecimal digits that the check requires, so there is no expected value.
    NotHex,
    /// The frame is too short to contain the value.
    TooShort,
}

impl Verdict {
    /// Whether the value is correct.
    #[must_use]
    pub fn is_ok(self) -> bool {
        self == Self::Ok
    }

    /// Stable name: `ok`, `bad`, `too_short`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Bad { .. } | Self::NotHex => "bad",
            Self::TooShort => "too_short",
        }
    }
}

impl Check {
    /// The options, in display order.
    #[must_use]
    pub fn fields() -> Vec<&'static Field<Self>> {
        FIELDS.iter().collect()
    }

    /// A check at the end of a frame that covers everything before it, in its usual byte order.
    #[must_use]
    pub fn trailing(kind: ChecksumKind) -> Self {
        let (form, covered) = (ValueForm::Binary, Covered::Bytes);
        Self { kind, from: 0, to: None, at: None, endian: None, form, covered, mask: None, until: None }
    }

    /// Whether the covered bytes begin behind their end in every frame.
    fn begins_behind(&self, end: Option<i64>) -> Option<Contradiction> {
        let same_side = |end: &i64| (*end < 0) == (self.from < 0) && self.from > *end;
        end.filter(same_side).map(|_| Contradiction::Option("from"))
    }

    /// Whether the mask has no bit of the written value, so that every value would be correct.
    fn mask_misses_value(&self) -> bool {
        let bits = match self.form {
            ValueForm::DecText(_) => u64::BITS,
            _ => (self.kind.bytes() * 8) as u32,
        };
        self.mask.is_some_and(|mask| mask.trailing_zeros() >= bits)
    }

    /// Length of the value in the frame, in bytes.
    #[must_use]
    pub fn value_bytes(&self) -> usize {
        self.form.len(self.kind)
    }

    /// A value as it is in a frame: bytes separated by spaces, or digits.
    #[must_use]
    pub fn written(&self, value: u64) -> String {
        self.form.written(self.kind, self.endian, value)
    }

    /// The bytes of a computed value in the frame; `None`: the value has more digits than the form. Bits outside of the mask
    /// are 0.
    #[must_use]
    pub(in crate::codec) fn value_to_send(&self, computed: u64) -> Option<Vec<u8>> {
        let value = self.mask.map_or(computed, |mask| computed << mask.trailing_zeros() & mask.get());
        self.form.bytes(self.kind, self.endian, value)
    }

    /// Builds the table for verifying many frames.
    #[must_use]
    pub fn verifier(self) -> Verifier {
        Verifier { check: self, calculator: self.kind.calculator() }
    }

    /// Positions of the covered bytes and the value in a frame.
    #[must_use]
    pub fn places_in(&self, frame: &[u8]) -> Places {
        let Some(mark) = self.until else {
            return self
                .places(frame.len())
                .map_or(Places::TooShort, |(covered, value)| Places::Found { covered, value });
        };
        let Some(from) = place_in(frame.len(), self.from) else { return Places::NoValue };
        let Some(at) = memchr::memchr(mark, &frame[from..]).map(|found| from + found) else { return Places::NoValue };
        let value = at + 1..(at + 1).saturating_add(self.value_bytes());
        if value.end > frame.len() { Places::TooShort } else { Places::Found { covered: from..at, value } }
    }

    /// Positions of the covered bytes and the value in a frame of `len` bytes; `None`: the frame is too short, or the positions
    /// depend on its bytes.
    #[must_use]
    pub fn places(&self, len: usize) -> Option<(Range<usize>, Range<usize>)> {
        if self.until.is_some() {
            return None;
        }
        let place = |at: i64| place_in(len, at);
        let width = self.value_bytes();
        let at = place(self.at.unwrap_or(-(width as i64)))?;
        let value = at..at.checked_add(width).filter(|end| *end <= len)?;
        let covered = place(self.from)?..self.to.map_or(Some(at), place)?;
        (covered.start <= covered.end).then_some((covered, value))
    }
}

/// Converts a position in a frame of `len` bytes to a distance from its start; negative positions count from its end.
fn place_in(len: usize, at: i64) -> Option<usize> {
    let from_start = if at < 0 { len as i64 + at } else { at };
    usize::try_from(from_start).ok().filter(|place| *place <= len)
}

impl std::str::FromStr for Check {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let (name, mut options) = Options::of(text);
        let kind = ChecksumKind::by_name(name).ok_or_else(|| RuleError::UnknownChecksum(name.to_owned()))?;
        let mut check = Self::trailing(kind);
        fields::read(&Self::fields(), &mut check, &mut options)?;
        options.end()?;
        Ok(check)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = fields::written(&Self::fields(), self);
        f.write_str(self.kind.name())?;
        if options.is_empty() { Ok(()) } else { write!(f, ":{}", options.join(",")) }
    }
}

impl TryFrom<String> for Check {
    type Error = RuleError;

    fn try_from(text: String) -> Result<Self, RuleError> {
        text.parse()
    }
}

impl From<Check> for String {
    fn from(check: Check) -> Self {
        check.to_string()
    }
}

/// A [`Check`] with its lookup table.
#[derive(Clone, Debug)]
pub struct Verifier {
    check: Check,
    calculator: Calculator,
}

impl Verifier {
    /// Length of the value in bytes.
    #[must_use]
    pub fn value_bytes(&self) -> usize {
        self.check.value_bytes()
    }

    /// The value to append to `bytes`; `None`: the check covers other bytes, its value is elsewhere, or it has more digits than the
    /// check writes.
    #[must_use]
    pub fn value_behind(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let len = bytes.len() + self.check.value_bytes();
        let (covered, value) = match self.check.until {
            None => self.check.places(len)?,
            Some(_) => {
                let mut all = bytes.to_vec();
                all.resize(len, 0);
                let Places::Found { covered, value } = self.check.places_in(&all) else { return None };
                (covered, value)
            }
        };
        if value.start != bytes.len() {
            return None;
        }
        let covered = self.check.covered.bytes(bytes.get(covered)?)?;
        self.check.value_to_send(self.calculator.compute(&covered))
    }

    /// Verifies the value in `frame`; `None`: the frame has no value, which [`Check::until`] allows.
    #[must_use]
    pub fn verify(&self, frame: &[u8]) -> Option<Verdict> {
        let parts = match self.check.places_in(frame) {
            Places::Found { covered, value } => frame.get(covered).zip(frame.get(value)),
            Places::TooShort => None,
            Places::NoValue => return None,
        };
        let Some((covered, value)) = parts else { return Some(Verdict::TooShort) };
        let Some(covered) = self.check.covered.bytes(covered) else { return Some(Verdict::NotHex) };
        let computed = self.calculator.compute(&covered);
        let found = self.check.form.read(self.check.kind, self.check.endian, value);
        let (computed, found) = match self.check.mask {
            Some(mask) => {
                let (shift, mask) = (mask.trailing_zeros(), mask.get());
                (computed & mask >> shift, found.map(|found| (found & mask) >> shift))
            }
            None => (computed, found),
        };
        Some(if found == Some(computed) { Verdict::Ok } else { Verdict::Bad { computed, found } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verify(check: &str, frame: &[u8]) -> Verdict {
        check.parse::<Check>().unwrap().verifier().verify(frame).unwrap()
    }

    #[test]
    fn real_frames_are_correct_and_every_changed_bit_is_detected() {
        let frames: [(&str, &[u8]); 5] = [
            ("crc-16/modbus", &[1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD]),
            ("xor-8:from=1,to=-5,at=-4,form=hex", b"$GPGLL,5057.970,N,00146.110,E,142451,A*27\r\n"),
            ("crc32", b"123456789\x26\x39\xF4\xCB"),
            ("crc32:endian=big", b"123456789\xCB\xF4\x39\x26"),
            ("sum8:from=2", &[0xAA, 0x55, 1, 2, 3]),
        ];
        for (check, frame) in frames {
            let right = if check.starts_with("sum8") { [frame, &[6]].concat() } else { frame.to_vec() };
            assert_eq!(verify(check, &right), Verdict::Ok, "{check}");
            let parsed: Check = check.parse().unwrap();
            let (covered, value) = parsed.places(right.len()).unwrap();
            for place in covered.chain(value) {
                let mut wrong = right.clone();
                wrong[place] ^= 1;
                assert!(!verify(check, &wrong).is_ok(), "{check} {place}");
            }
        }
    }

    #[test]
    fn incorrect_values_and_short_frames_are_reported() {
        assert_eq!(verify("sum8", &[1, 2, 4]), Verdict::Bad { computed: 3, found: Some(4) });
        assert_eq!(verify("sum8:form=hex", b"\x01zz"), Verdict::Bad { computed: 1, found: None });
        for short in [&[][..], &[1]] {
            assert_eq!(verify("crc-16/modbus", short), Verdict::TooShort);
        }
        assert_eq!(verify("sum8:from=5", &[1, 2, 3]), Verdict::TooShort);
        assert_eq!(verify("sum8:from=2,to=-2", &[1, 2, 3]), Verdict::TooShort);
        assert_eq!(verify("crc-16/modbus", &[0xFF, 0xFF]), Verdict::Ok, "an empty range");
    }

    #[test]
    fn until_ends_the_covered_bytes_and_decides_whether_there_is_a_value() {
        let verify = |frame: &[u8]| "xor8:from=1,form=hex,until=2A".parse::<Check>().unwrap().verifier().verify(frame);
        for end in ["", "\n", "\r\n", " \r\n", "*00\r\n"] {
            let frame = format!("$GPGLL,5057.970,N,00146.110,E,142451,A*27{end}");
            assert_eq!(verify(frame.as_bytes()), Some(Verdict::Ok), "{end:?}");
        }
        assert_eq!(verify(b"$A*42"), Some(Verdict::Bad { computed: 0x41, found: Some(0x42) }));
        assert_eq!(verify(b"$A*4\r\n"), Some(Verdict::Bad { computed: 0x41, found: None }));
        assert_eq!(verify(b"$A*4"), Some(Verdict::TooShort));
        for without in [&b""[..], b"$", b"*00", b"$GPGLL,A\r\n"] {
            assert_eq!(verify(without), None);
        }
        let signed = "SUM-8:from=-4,until=3A".parse::<Check>().unwrap().verifier();
        assert_eq!(signed.verify(b"::ab:\xC3"), Some(Verdict::Ok), "searched from the first covered byte");
        assert_eq!(
            signed.verify(b"x:b:\xC3"),
            Some(Verdict::Bad { computed: 0, found: Some(0x62) }),
            "the first occurrence"
        );
    }

    #[test]
    fn the_text_form_reads_back() {
        for text in [
            "CRC-16/MODBUS",
            "XOR-8:from=1,to=-5,at=-4,form=hex",
            "CRC-32/ISO-HDLC:endian=big",
            "SUM-8:from=-3,at=0",
            "XOR-8:from=1,form=hex,until=2A",
        ] {
            let check: Check = text.parse().unwrap();
            assert_eq!(check.to_string(), text);
            let stored = serde_json::to_string(&check).unwrap();
            assert_eq!(serde_json::from_str::<Check>(&stored).unwrap(), check);
        }
        for text in [
            "",
            "md5",
            "crc32:from",
            "crc32:from=x",
            "crc32:from=1,from=2",
            "crc32:endian=middle",
            "crc32:to=99999999999",
            "xor8:until=",
            "xor8:until=2A2A",
            "xor8:until=2A,to=-3",
            "xor8:until=2A,at=4",
            "xor8:from=5,to=2",
            "xor8:from=-2,to=-5",
            "xor8:from=5,at=2",
            "xor8:form=dec2",
            "crc32:form=dec9",
            "xor8:mask=F00",
            "crc16:form=hex,mask=10000",
        ] {
            assert!(text.parse::<Check>().is_err(), "{text}");
        }
    }
}

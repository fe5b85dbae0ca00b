//! All checksums that can be verified, by name.

use super::aliases::{CATALOGUE_ALIASES, OTHER_ALIASES};
use super::catalogue::{CRCS, Parameters};
use crc::Crc;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Byte order of a number in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Endian {
    /// Low byte first.
    Little,
    /// High byte first.
    Big,
}

/// The sums in lists, in menu order. [`ChecksumKind::by_name`] accepts every width from 1 to 64 bits.
const LISTED_SUMS: [Kind; 9] = [
    Kind::Sum(8),
    Kind::NegativeSum(8),
    Kind::Xor8,
    Kind::Sum(16),
    Kind::NegativeSum(16),
    Kind::Sum(24),
    Kind::NegativeSum(24),
    Kind::Sum(32),
    Kind::NegativeSum(32),
];

/// A checksum algorithm: a CRC of the catalogue of parametrised CRC algorithms (`CRC-16/MODBUS`), a sum or XOR. It is stored and
/// displayed by its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChecksumKind(Kind);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    /// Sum of the bytes modulo 2 to this power.
    Sum(u8),
    /// Two's complement of the sum.
    NegativeSum(u8),
    Xor8,
    /// Index in [`CRCS`].
    Crc(u8),
}

impl ChecksumKind {
    /// All algorithms in lists: sums of whole bytes, then CRCs by width.
    pub fn all() -> impl Iterator<Item = Self> {
        let crcs = (0..CRCS.len()).map(|index| Kind::Crc(index as u8));
        LISTED_SUMS.into_iter().chain(crcs).map(Self)
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Sum(bits) => sum_names(bits).0,
            Kind::NegativeSum(bits) => sum_names(bits).1,
            Kind::Xor8 => "XOR-8",
            Kind::Crc(_) => self.crc().map_or("", |(name, _)| *name),
        }
    }

    /// Other names; aliases of the catalogue come first.
    pub fn aliases(self) -> impl Iterator<Item = &'static str> {
        let name = self.name();
        aliases().filter(move |(_, of)| *of == name).map(|(alias, _)| alias)
    }

    /// Finds an algorithm by its name or an alias (`LRC`, `CRC32`). Case, spaces and `-` `_` `/` are ignored.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let wanted = folded(name);
        let alias = aliases().find(|(alias, _)| folded(alias) == wanted);
        let wanted = alias.map_or(wanted, |(_, name)| folded(name));
        let sums = (1..=MOST_SUM_BITS).flat_map(|bits| [Self(Kind::Sum(bits)), Self(Kind::NegativeSum(bits))]);
        Self::all().chain(sums).find(|kind| folded(kind.name()) == wanted)
    }

    fn crc(self) -> Option<&'static (&'static str, Parameters)> {
        match self.0 {
            Kind::Crc(index) => CRCS.get(usize::from(index)),
            _ => None,
        }
    }

    /// Width of the value in bits.
    #[must_use]
    pub fn bits(self) -> u32 {
        match (self.0, self.crc()) {
            (_, Some((_, Parameters::W8(a)))) => u32::from(a.width),
            (_, Some((_, Parameters::W16(a)))) => u32::from(a.width),
            (_, Some((_, Parameters::W32(a)))) => u32::from(a.width),
            (_, Some((_, Parameters::W64(a)))) => u32::from(a.width),
            (Kind::Sum(bits) | Kind::NegativeSum(bits), _) => u32::from(bits),
            (Kind::Xor8 | Kind::Crc(_), None) => 8,
        }
    }

    /// Length of the value in bytes.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.bits().div_ceil(8) as usize
    }

    /// Usual byte order of the value: low byte first for reflected CRCs, high byte first for everything else.
    #[must_use]
    pub fn usual_endian(self) -> Endian {
        let reflected = match self.crc() {
            Some((_, Parameters::W8(a))) => a.refin,
            Some((_, Parameters::W16(a))) => a.refin,
            Some((_, Parameters::W32(a))) => a.refin,
            Some((_, Parameters::W64(a))) => a.refin,
            None => false,
        };
        if reflected { Endian::Little } else { Endian::Big }
    }

    /// Builds the lookup table once, for many computations.
    #[must_use]
    pub fn calculator(self) -> Calculator {
        Calculator(match self.crc() {
            Some((_, Parameters::W8(a))) => Method::W8(Box::new(Crc::<u8>::new(a))),
            Some((_, Parameters::W16(a))) => Method::W16(Box::new(Crc::<u16>::new(a))),
            Some((_, Parameters::W32(a))) => Method::W32(Box::new(Crc::<u32>::new(a))),
            Some((_, Parameters::W64(a))) => Method::W64(Box::new(Crc::<u64>::new(a))),
            None => match self.0 {
                Kind::NegativeSum(_) => Method::Sum { is_negative: true, unused_bits: u64::BITS - self.bits() },
                Kind::Sum(_) => Method::Sum { is_negative: false, unused_bits: u64::BITS - self.bits() },
                Kind::Xor8 | Kind::Crc(_) => Method::Xor,
            },
        })
    }
}

/// Widest sum, in bits.
const MOST_SUM_BITS: u8 = 64;

/// The names of the sum with this width and of its two's complement.
fn sum_names(bits: u8) -> (&'static str, &'static str) {
    macro_rules! names {
        ($($bits:literal)*) => { [$((concat!("SUM-", $bits), concat!("NEG-SUM-", $bits))),*] };
    }
    const NAMES: [(&str, &str); MOST_SUM_BITS as usize] = names!(
        1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32
        33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
    );
    usize::from(bits).checked_sub(1).and_then(|index| NAMES.get(index).copied()).unwrap_or(("", ""))
}

/// All aliases with the names that they refer to.
fn aliases() -> impl Iterator<Item = (&'static str, &'static str)> {
    CATALOGUE_ALIASES.iter().chain(OTHER_ALIASES).copied()
}

/// Keeps letters and digits only, in upper case.
fn folded(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

impl fmt::Display for ChecksumKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for ChecksumKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl TryFrom<String> for ChecksumKind {
    type Error = crate::codec::RuleError;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::by_name(&name).ok_or(crate::codec::RuleError::UnknownChecksum(name))
    }
}

impl From<ChecksumKind> for String {
    fn from(kind: ChecksumKind) -> Self {
        kind.name().to_owned()
    }
}

/// Computes one checksum algorithm.
#[derive(Clone)]
pub struct Calculator(Method);

#[derive(Clone)]
enum Method {
    Sum { is_negative: bool, unused_bits: u32 },
    Xor,
    W8(Box<Crc<u8>>),
    W16(Box<Crc<u16>>),
    W32(Box<Crc<u32>>),
    W64(Box<Crc<u64>>),
}

impl fmt::Debug for Calculator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Calculator")
    }
}

impl Calculator {
    /// Computes the value of `bytes`.
    #[must_use]
    pub fn compute(&self, bytes: &[u8]) -> u64 {
        match &self.0 {
            Method::Sum { is_negative, unused_bits } => {
                let sum = bytes.iter().fold(0_u64, |sum, byte| sum.wrapping_add(u64::from(*byte)));
                let sum = if *is_negative { sum.wrapping_neg() } else { sum };
                sum << unused_bits >> unused_bits
            }
            Method::Xor => u64::from(bytes.iter().fold(0, |xor, byte| xor ^ byte)),
            Method::W8(crc) => u64::from(crc.checksum(bytes)),
            Method::W16(crc) => u64::from(crc.checksum(bytes)),
            Method::W32(crc) => u64::from(crc.checksum(bytes)),
            Method::W64(crc) => crc.checksum(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_crc_gives_the_check_value_of_the_catalogue() {
        for kind in ChecksumKind::all() {
            let check = match kind.crc() {
                Some((_, Parameters::W8(a))) => u64::from(a.check),
                Some((_, Parameters::W16(a))) => u64::from(a.check),
                Some((_, Parameters::W32(a))) => u64::from(a.check),
                Some((_, Parameters::W64(a))) => a.check,
                None => continue,
            };
            assert_eq!(kind.calculator().compute(b"123456789"), check, "{kind}");
            assert!(u64::BITS - check.leading_zeros() <= kind.bits(), "{kind}");
        }
    }

    #[test]
    fn check_values_written_down_from_the_catalogue() {
        for (name, check, bytes, endian) in [
            ("CRC-16/MODBUS", 0x4B37, 2, Endian::Little),
            ("CRC-16/XMODEM", 0x31C3, 2, Endian::Big),
            ("CRC-16/KERMIT", 0x2189, 2, Endian::Little),
            ("CRC-16/IBM-3740", 0x29B1, 2, Endian::Big),
            ("CRC-16/ARC", 0xBB3D, 2, Endian::Little),
            ("CRC-8/SMBUS", 0xF4, 1, Endian::Big),
            ("CRC-8/MAXIM-DOW", 0xA1, 1, Endian::Little),
            ("CRC-24/OPENPGP", 0x21_CF02, 3, Endian::Big),
            ("CRC-32/ISO-HDLC", 0xCBF4_3926, 4, Endian::Little),
            ("CRC-32/ISCSI", 0xE306_9283, 4, Endian::Little),
            ("CRC-64/XZ", 0x995D_C9BB_DF19_39FA, 8, Endian::Little),
            ("SUM-8", 0xDD, 1, Endian::Big),
            ("NEG-SUM-8", 0x23, 1, Endian::Big),
            ("XOR-8", 0x31, 1, Endian::Big),
            ("SUM-16", 0x01DD, 2, Endian::Big),
            ("NEG-SUM-16", 0xFE23, 2, Endian::Big),
            ("NEG-SUM-32", 0xFFFF_FE23, 4, Endian::Big),
            ("SUM-7", 0x5D, 1, Endian::Big),
            ("NEG-SUM-4", 3, 1, Endian::Big),
            ("SUM-12", 0x01DD, 2, Endian::Big),
            ("SUM-64", 0x01DD, 8, Endian::Big),
            ("NEG-SUM-64", 0xFFFF_FFFF_FFFF_FE23, 8, Endian::Big),
        ] {
            let kind = ChecksumKind::by_name(name).expect(name);
            assert_eq!(kind.calculator().compute(b"123456789"), check, "{name}");
            assert_eq!((kind.name(), kind.bytes(), kind.usual_endian()), (name, bytes, endian));
        }
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        for (written, name) in [
            ("crc-16/modbus", "CRC-16/MODBUS"),
            ("CRC16-Modbus", "CRC-16/MODBUS"),
            ("crc16_modbus", "CRC-16/MODBUS"),
            ("crc32", "CRC-32/ISO-HDLC"),
            ("CRC16-CCITT-FALSE", "CRC-16/IBM-3740"),
            ("lrc", "NEG-SUM-8"),
            ("sum8", "SUM-8"),
            ("neg-sum8", "NEG-SUM-8"),
            ("xor8", "XOR-8"),
        ] {
            assert_eq!(ChecksumKind::by_name(written).map(ChecksumKind::name), Some(name), "{written}");
        }
        assert_eq!(ChecksumKind::by_name(""), None);
        assert_eq!(ChecksumKind::by_name("md5"), None);
        for no_sum in ["SUM", "SUM-0", "SUM-65", "NEG-SUM-0", "SUM-008", "XOR-16"] {
            assert_eq!(ChecksumKind::by_name(no_sum), None, "{no_sum}");
        }
    }

    #[test]
    fn every_alias_is_accepted_and_hides_no_other_name() {
        let mut seen = std::collections::HashSet::new();
        for (alias, name) in aliases() {
            assert!(seen.insert(folded(alias)), "{alias} is there twice");
            let kind = ChecksumKind::by_name(name).expect(name);
            assert_eq!(kind.name(), name, "{alias} refers to a name of the catalogue");
            assert_eq!(ChecksumKind::by_name(alias), Some(kind), "{alias}");
            assert!(kind.aliases().any(|other| other == alias));
            assert!(ChecksumKind::all().all(|kind| folded(kind.name()) != folded(alias)), "{alias} is a name itself");
        }
        assert!(CATALOGUE_ALIASES.len() >= 71);
    }

    #[test]
    fn stored_by_name_and_all_names_differ() {
        let mut names = std::collections::HashSet::new();
        for kind in ChecksumKind::all() {
            assert!(names.insert(folded(kind.name())), "{kind}");
            let stored = serde_json::to_string(&kind).unwrap();
            assert_eq!(stored, format!("\"{}\"", kind.name()));
            assert_eq!(serde_json::from_str::<ChecksumKind>(&stored).unwrap(), kind);
        }
        assert!(CRCS.len() <= usize::from(u8::MAX) + 1);
        assert!(serde_json::from_str::<ChecksumKind>("\"nothing\"").is_err());
    }
}

//! Checksums by name: a few that can be appended to a payload ([`Checksum`]), and all common ones for verifying received frames
//! ([`ChecksumKind`], [`Check`]).

mod aliases;
mod catalogue;
mod check;
mod kind;
mod value;

pub use check::{Check, Places, Verdict, Verifier};
pub use kind::{Calculator, ChecksumKind, Endian};
pub use value::{Covered, ValueForm};

use crc::Crc;
use serde::{Deserialize, Serialize};

/// A checksum that can be appended to a payload, with its byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Checksum {
    /// Sum of the bytes modulo 256.
    Sum8,
    /// Two's complement of the sum modulo 256.
    NegativeSum8,
    /// Exclusive-or of all bytes.
    Xor8,
    /// CRC-16/MODBUS, low byte first on the wire (MODBUS over serial line V1.02 §6.2.2).
    Crc16Modbus,
    /// CRC-16/XMODEM (CCITT, init 0), high byte first.
    Crc16Xmodem,
    /// CRC-16/IBM-3740 ("CCITT-FALSE"), high byte first.
    Crc16CcittFalse,
    /// CRC-32 of IEEE 802.3 (ISO-HDLC), low byte first.
    Crc32,
}

impl Checksum {
    /// All of them, in menu order.
    pub const ALL: [Self; 7] = [
        Self::Sum8,
        Self::NegativeSum8,
        Self::Xor8,
        Self::Crc16Modbus,
        Self::Crc16Xmodem,
        Self::Crc16CcittFalse,
        Self::Crc32,
    ];

    /// The name of the same [`ChecksumKind`] (`CRC-16/MODBUS`).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum8 => "SUM-8",
            Self::NegativeSum8 => "NEG-SUM-8",
            Self::Xor8 => "XOR-8",
            Self::Crc16Modbus => "CRC-16/MODBUS",
            Self::Crc16Xmodem => "CRC-16/XMODEM",
            Self::Crc16CcittFalse => "CRC-16/IBM-3740",
            Self::Crc32 => "CRC-32/ISO-HDLC",
        }
    }

    /// The bytes to append to `payload`.
    #[must_use]
    pub fn compute(self, payload: &[u8]) -> Vec<u8> {
        let sum = || payload.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        match self {
            Self::Sum8 => vec![sum()],
            Self::NegativeSum8 => vec![sum().wrapping_neg()],
            Self::Xor8 => vec![payload.iter().fold(0, |xor, byte| xor ^ byte)],
            Self::Crc16Modbus => MODBUS.checksum(payload).to_le_bytes().to_vec(),
            Self::Crc16Xmodem => XMODEM.checksum(payload).to_be_bytes().to_vec(),
            Self::Crc16CcittFalse => CCITT_FALSE.checksum(payload).to_be_bytes().to_vec(),
            Self::Crc32 => ISO_HDLC.checksum(payload).to_le_bytes().to_vec(),
        }
    }
}

// The parameters are those of the "Catalogue of parametrised CRC algorithms" (reveng).
static MODBUS: Crc<u16> = Crc::<u16>::new(&crc::CRC_16_MODBUS);
static XMODEM: Crc<u16> = Crc::<u16>::new(&crc::CRC_16_XMODEM);
static CCITT_FALSE: Crc<u16> = Crc::<u16>::new(&crc::CRC_16_IBM_3740);
static ISO_HDLC: Crc<u32> = Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_values_of_the_catalogue_in_wire_order() {
        let cases: [(Checksum, &[u8]); 7] = [
            (Checksum::Sum8, &[0xDD]),
            (Checksum::NegativeSum8, &[0x23]),
            (Checksum::Xor8, &[0x31]),
            (Checksum::Crc16Modbus, &[0x37, 0x4B]),
            (Checksum::Crc16Xmodem, &[0x31, 0xC3]),
            (Checksum::Crc16CcittFalse, &[0x29, 0xB1]),
            (Checksum::Crc32, &[0x26, 0x39, 0xF4, 0xCB]),
        ];
        assert_eq!(cases.map(|(checksum, _)| checksum), Checksum::ALL);
        for (checksum, expected) in cases {
            assert_eq!(checksum.compute(b"123456789"), expected, "{}", checksum.name());
        }
    }

    #[test]
    fn a_modbus_request_gets_the_bytes_a_device_expects() {
        // Request: read 10 holding registers of unit 1 from address 0.
        assert_eq!(Checksum::Crc16Modbus.compute(&[1, 3, 0, 0, 0, 0x0A]), [0xC5, 0xCD]);
    }

    #[test]
    fn nothing_has_a_checksum_too() {
        let of_nothing = Checksum::ALL.map(|checksum| checksum.compute(&[]));
        let expected: [&[u8]; 7] = [&[0], &[0], &[0], &[0xFF, 0xFF], &[0, 0], &[0xFF, 0xFF], &[0; 4]];
        assert_eq!(of_nothing.each_ref().map(Vec::as_slice), expected);
    }

    #[test]
    fn names_and_stored_names_differ() {
        for (index, checksum) in Checksum::ALL.into_iter().enumerate() {
            assert!(Checksum::ALL[..index].iter().all(|other| other.name() != checksum.name()));
            let stored = serde_json::to_string(&checksum).unwrap();
            assert_eq!(serde_json::from_str::<Checksum>(&stored).unwrap(), checksum);
        }
    }
}

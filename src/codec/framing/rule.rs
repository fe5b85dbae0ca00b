//! What a framing rule is.

use super::{Framer, packet};
use crate::codec::Encoding;
use crate::codec::checksum::{Check, Endian, Verdict};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::ops::Range;
use std::time::Duration;

/// Presets by name and the rule they stand for, in menu order.
pub const PRESETS: [(&str, &str); 11] = [
    // Python's struct.pack('i', n), then n bytes.
    ("py-struct-i", "len:size=4,endian=little,signed"),
    // MODBUS Messaging on TCP/IP V1.0b §3.1.3: transaction, protocol 0, length of what follows; at most 260 bytes.
    ("modbus-tcp", "len:offset=4,size=2,endian=big,mark=0000@2,max=260"),
    // MODBUS over serial line V1.02 §2.5.1: by function code, length and CRC, since a stream keeps no silence.
    ("modbus-rtu", "rtu+CRC-16/MODBUS"),
    // NMEA 0183: $…*hh CR LF, and ! for encapsulated ones (AIS). Many devices leave out *hh, or CR.
    ("nmea", "marks:start=24|21,end=0A,restart,max=1KiB+XOR-8:from=1,form=hex,until=2A"),
    ("line", "line"),
    ("slip", "slip"),
    ("cobs", "cobs"),
    ("stx-etx", "marks:start=02,end=03,restart"),
    ("json", "json"),
    // MQTT 3.1.1 §2.2: type, then the remaining length in at most 4 bytes of 7 bits.
    ("mqtt", "len:offset=1,size=varint4,max=256MiB"),
    ("record", "record"),
];

/// The rules by name, each with an example of its text form.
pub const FORMS: [(&str, &str); 11] = [
    ("record", "record"),
    ("line", "line:keep"),
    ("delim", "delim:0D0A,keep"),
    ("marks", "marks:start=02,end=03,escape=10,after=1,restart"),
    ("fixed", "fixed:8"),
    ("len", "len:offset=0,size=4,endian=little,header=4,counts=payload,adjust=2,mark=AA55@0"),
    ("gap", "gap:20ms"),
    ("slip", "slip"),
    ("cobs", "cobs"),
    ("json", "json"),
    ("rtu", "rtu"),
];

/// Where frames end, what is verified in them, and how long they may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FramingRule {
    /// Where frames end.
    pub boundary: Boundary,
    /// What is verified in each; length rules also use it to find their way back.
    pub check: Option<Check>,
    /// Longest frame in bytes, all of it counted; what is longer fits no frame. Not for [`Boundary::Record`].
    pub max_len: u64,
}

/// Where frames end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Boundary {
    /// Where a read ended: each record is a frame.
    Record,
    /// At LF; a CR before it belongs to the end.
    Line {
        /// The line end is part of the payload.
        keep: bool,
    },
    /// At these bytes.
    Delimiter {
        /// The bytes.
        bytes: Vec<u8>,
        /// They are part of the payload.
        keep: bool,
    },
    /// Between two markers.
    Marks(MarkRule),
    /// After so many bytes.
    Fixed(u64),
    /// Where a length in the frame says.
    Length(LengthRule),
    /// Where nothing came for so long.
    Gap(Duration),
    /// RFC 1055.
    Slip,
    /// Consistent overhead byte stuffing (Cheshire and Baker 1999), frames end with 0.
    Cobs,
    /// Where a JSON value (RFC 8259) ends; in an encoding whose characters may hold the bytes of brackets and backslashes.
    Json(Option<Encoding>),
    /// Where function code, length and CRC of Modbus RTU say.
    Rtu,
}

/// Frames between markers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MarkRule {
    /// A frame begins with one of these; none: right behind the frame before.
    pub starts: Vec<Vec<u8>>,
    /// It ends with this. Where that is a line feed, a CR before it belongs to it, and a datagram's end does in its place.
    pub end: Vec<u8>,
    /// After this byte the next one is content, not a marker. An end marker that itself begins with it (DLE ETX) goes first.
    pub escape: Option<u8>,
    /// Bytes behind the end marker that belong to the frame (a checksum).
    pub after: u64,
    /// A start marker within a frame begins a new one: what was before it fits no frame.
    pub restart: bool,
}

impl MarkRule {
    /// A frame ends with a line: at a line feed, with or without CR, or at the end of a datagram.
    pub(super) fn ends_with_line(&self) -> bool {
        self.end == b"\n" && self.after == 0 && !self.may_share()
    }

    /// The marker of an end may be that of the next begin: a flag.
    pub(super) fn may_share(&self) -> bool {
        self.after == 0 && self.starts.contains(&self.end)
    }
}

/// Frames that tell their length.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LengthRule {
    /// Place of the length field.
    pub offset: u64,
    /// Its form.
    pub field: LengthField,
    /// Where the payload begins; `None` = behind the field.
    pub header: Option<u64>,
    /// The length counts the header too.
    pub counts_all: bool,
    /// Added to the length, for example the checksum's bytes where it does not count them.
    pub adjust: i64,
    /// Bytes that every frame has at this place; they tell where frames can begin.
    pub mark: Option<(u64, Vec<u8>)>,
}

/// How a length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthField {
    /// A number of 1 to 8 bytes.
    Binary {
        /// Bytes.
        bytes: u8,
        /// Byte order.
        endian: Endian,
        /// Two's complement; a negative length fits no frame.
        signed: bool,
    },
    /// Groups of 7 bits, low ones first, the high bit says that more follow (LEB128; MQTT 3.1.1 §2.2.3).
    Varint {
        /// At most so many bytes.
        most: u8,
    },
    /// Decimal digits.
    Decimal {
        /// So many, spaces or zeros in front; `None` = up to the first byte that is none.
        digits: Option<u8>,
        /// The byte behind the digits, which belongs to the header.
        end: Option<u8>,
    },
}

impl FramingRule {
    /// Longest frame where the rule does not say: 16 MiB.
    pub const USUAL_MAX_LEN: u64 = 16 << 20;
    /// Longest frame a rule can ask for: 256 MiB.
    pub const GREATEST_MAX_LEN: u64 = 256 << 20;

    /// With the usual greatest length and no check.
    #[must_use]
    pub fn new(boundary: Boundary) -> Self {
        Self { boundary, check: None, max_len: Self::USUAL_MAX_LEN }
    }

    /// Each record is a frame.
    #[must_use]
    pub fn as_received() -> Self {
        Self::new(Boundary::Record)
    }

    /// For traffic in this encoding, where the rule asks for one and does not say which.
    #[must_use]
    pub fn in_encoding(mut self, encoding: Encoding) -> Self {
        if self.boundary == Boundary::Json(None) && encoding.has_look_alikes() {
            self.boundary = Boundary::Json(Some(encoding));
        }
        self
    }

    /// The rule of a preset.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        PRESETS.iter().find(|(preset, _)| preset.eq_ignore_ascii_case(name)).and_then(|(_, text)| text.parse().ok())
    }

    /// The name of the preset that is this rule.
    #[must_use]
    pub fn preset_name(&self) -> Option<&'static str> {
        PRESETS.iter().map(|(name, _)| *name).find(|name| Self::preset(name).as_ref() == Some(self))
    }

    /// The part of a whole frame that its check counts its places in; `None`: the check is of what was packed in it.
    #[must_use]
    pub fn checked_within(&self, frame: &[u8]) -> Option<Range<usize>> {
        let end = match &self.boundary {
            Boundary::Slip | Boundary::Cobs => return None,
            Boundary::Line { .. } => {
                let line = frame.strip_suffix(b"\n").unwrap_or(frame);
                line.strip_suffix(b"\r").unwrap_or(line).len()
            }
            Boundary::Delimiter { bytes, .. } => frame.strip_suffix(&bytes[..]).unwrap_or(frame).len(),
            _ => frame.len(),
        };
        Some(0..end)
    }

    /// What the rule's check finds in a whole frame; `None`: there is no check or no value, or these bytes are no frame.
    #[must_use]
    pub fn verify(&self, frame: &[u8]) -> Option<Verdict> {
        let verifier = self.check?.verifier();
        if let Some(within) = self.checked_within(frame) {
            return verifier.verify(&self.checked_content(&frame[within]));
        }
        let mut found = None;
        Framer::new(self, 0).feed(frame, 0, &mut |frame, _| found = found.or(frame.verdict));
        found
    }

    /// What a check counts its places in, given that part of a frame: SLIP and COBS are checked as they were before they were
    /// packed; a frame that shares its start marker with the frame before gets it back; all else as it is on the wire.
    pub(super) fn checked_content<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        match &self.boundary {
            Boundary::Slip | Boundary::Cobs => self.content(bytes),
            Boundary::Marks(rule) if rule.may_share() && !rule.starts.iter().any(|start| bytes.starts_with(start)) => {
                Cow::Owned([&rule.end, bytes].concat())
            }
            _ => Cow::Borrowed(bytes),
        }
    }

    /// The bytes that a frame carries, given its payload's bytes: escapes of SLIP, COBS and markers taken out, otherwise the same.
    #[must_use]
    pub fn content<'a>(&self, payload: &'a [u8]) -> Cow<'a, [u8]> {
        match &self.boundary {
            Boundary::Slip => packet::slip_content(payload).map_or(Cow::Borrowed(payload), Cow::Owned),
            Boundary::Cobs => packet::cobs_content(payload).map_or(Cow::Borrowed(payload), Cow::Owned),
            Boundary::Marks(MarkRule { escape: Some(escape), .. }) if payload.contains(escape) => {
                Cow::Owned(unescaped(payload, *escape))
            }
            _ => Cow::Borrowed(payload),
        }
    }
}

impl Default for FramingRule {
    fn default() -> Self {
        Self::as_received()
    }
}

fn unescaped(payload: &[u8], escape: u8) -> Vec<u8> {
    let mut content = Vec::with_capacity(payload.len());
    let mut bytes = payload.iter();
    while let Some(byte) = bytes.next() {
        content.push(if *byte == escape { *bytes.next().unwrap_or(byte) } else { *byte });
    }
    content
}

//! Modbus RTU over a stream (MODBUS over serial line V1.02 and Application Protocol V1.1b3 chapter 6). Frames have no common length
//! field. The function code allows only a few lengths, and the CRC selects one of them.

use super::build::{Enclosure, Stuffing};
use super::description::Description;
use super::framer::{Around, FrameKind, Scanner, Step};
use super::{Boundary, RuleKind};
use crate::codec::checksum::{ChecksumKind, Verifier};
use crate::codec::{Check, Verdict};
use std::time::Duration;

pub(super) static RTU: Description = Description {
    kind: RuleKind::Rtu,
    name: "rtu",
    example: "rtu",
    options: &[],
    has_max: false,
    boundary: || Boundary::Rtu,
    scanner: |_| Some(Box::new(Rtu::new())),
    enclose: |_, unframed| Ok(Enclosure::bare(unframed.content)),
    stuffing: Stuffing::None,
};

/// The CRC of each frame.
pub(super) fn crc() -> Option<Check> {
    ChecksumKind::by_name("CRC-16/MODBUS").map(Check::trailing)
}

/// Idle time after which a pending frame is considered complete. It is much longer than the silence on a serial line, because
/// gateways and networks delay parts of frames.
const SILENCE: Duration = Duration::from_millis(500);
/// Maximum frame length on a serial line: address, PDU of 253 bytes, CRC.
const LONGEST: usize = 256;
/// Minimum frame length: address, function code, CRC.
const SHORTEST: usize = 4;

/// Scanner for Modbus RTU; see the module.
#[derive(Clone, Debug)]
pub(super) struct Rtu {
    verifier: Option<Verifier>,
    /// If not 0: no frame with a correct CRC starts before this position.
    looked: usize,
}

/// Whether a frame with a correct CRC starts at a position. `Frame` holds its length.
enum Begin {
    Frame(usize),
    Need,
    No,
}

impl Rtu {
    pub fn new() -> Self {
        Self { verifier: crc().map(Check::verifier), looked: 0 }
    }

    /// Handles bytes in which no frame with a correct CRC starts.
    fn rest(&mut self, bytes: &[u8], at_end: bool) -> Step {
        if !at_end {
            return Step::Need;
        }
        self.looked = 0;
        if bytes.len() >= SHORTEST { frame(bytes.len(), None) } else { Step::Need }
    }

    /// Looks for the shortest frame with a correct CRC at the front. `any_code`: also accept unknown (vendor-specific) function
    /// codes, with any length.
    fn begin(&self, bytes: &[u8], at_end: bool, any_code: bool) -> Begin {
        let Some(code) = bytes.get(1) else { return if at_end { Begin::No } else { Begin::Need } };
        let any;
        let lengths: &[Length] = match code {
            0x80.. => &[Length::Of(5)],
            1..=4 => &[Length::Counted { at: 2, before: 3 }, Length::Of(8)],
            5 | 6 | 8 => &[Length::Of(8)],
            7 => &[Length::Of(4), Length::Of(5)],
            11 => &[Length::Of(4), Length::Of(8)],
            12 | 17 => &[Length::Of(4), Length::Counted { at: 2, before: 3 }],
            15 | 16 => &[Length::Of(8), Length::Counted { at: 6, before: 7 }],
            20 | 21 => &[Length::Counted { at: 2, before: 3 }],
            22 => &[Length::Of(10)],
            23 => &[Length::Counted { at: 2, before: 3 }, Length::Counted { at: 10, before: 11 }],
            24 => &[Length::Of(6), Length::Counted { at: 3, before: 4 }],
            _ if any_code => {
                any = (SHORTEST..=LONGEST).map(Length::Of).collect::<Vec<_>>();
                &any
            }
            _ => return Begin::No,
        };
        // Short lengths first, so that a short frame does not wait for the bytes of a longer one.
        let mut lengths: Vec<Option<usize>> = lengths.iter().map(|length| length.of(bytes)).collect();
        lengths.retain(|len| len.is_none_or(|len| len <= LONGEST));
        lengths.sort_unstable_by_key(|len| len.unwrap_or(usize::MAX));
        for len in lengths {
            match len.and_then(|len| bytes.get(..len)) {
                Some(frame) if self.is_right(frame) => return Begin::Frame(frame.len()),
                Some(_) => {}
                None if at_end => {}
                None => return Begin::Need,
            }
        }
        Begin::No
    }

    fn is_right(&self, frame: &[u8]) -> bool {
        self.verifier.as_ref().is_some_and(|verifier| verifier.verify(frame).is_some_and(Verdict::is_ok))
    }
}

impl Scanner for Rtu {
    fn silence(&self) -> Option<Duration> {
        Some(SILENCE)
    }

    fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        if self.looked == 0 {
            match self.begin(bytes, around.at_end, true) {
                Begin::Frame(len) => return frame(len, around.verifier.map(|_| Verdict::Ok)),
                Begin::Need => return Step::Need,
                Begin::No => self.looked = 1,
            }
        }
        // The bytes before the next frame with a correct CRC are one frame with a wrong CRC, or junk if their length is invalid.
        while self.looked < LONGEST {
            match bytes.get(self.looked..).filter(|rest| !rest.is_empty()) {
                None => return self.rest(bytes, around.at_end),
                Some(rest) => match self.begin(rest, around.at_end, false) {
                    Begin::Frame(_) => break,
                    Begin::Need => return Step::Need,
                    Begin::No => self.looked += 1,
                },
            }
        }
        let len = std::mem::take(&mut self.looked);
        if (SHORTEST..LONGEST).contains(&len) { frame(len, None) } else { Step::Skip(len, FrameKind::Junk) }
    }

    fn boxed(&self) -> Box<dyn Scanner> {
        Box::new(self.clone())
    }
}

/// A possible length of a frame.
#[derive(Clone, Copy)]
enum Length {
    Of(usize),
    /// The byte at `at` is the number of bytes between the first `before` bytes and the CRC.
    Counted {
        at: usize,
        before: usize,
    },
}

impl Length {
    /// The length in bytes; `None`: the count byte has not arrived.
    fn of(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Of(len) => Some(len),
            Self::Counted { at, before } => match bytes.get(at)? {
                0 => Some(usize::MAX), // a count of 0 occurs in no frame
                count => Some(before + usize::from(*count) + 2),
            },
        }
    }
}

/// A frame whose payload is the whole frame, CRC included.
fn frame(len: usize, verdict: Option<Verdict>) -> Step {
    Step::Frame { len, payload: 0..len, checked: 0..len, verdict }
}

//! Byte-stuffed packets: SLIP and COBS.

use super::build::{BuildError, Enclosure, Stuffing};
use super::description::Description;
use super::framer::{Around, FrameKind, Scanner, Step};
use super::{Boundary, RuleKind};

pub(super) static SLIP: Description = Description {
    kind: RuleKind::Slip,
    name: "slip",
    example: "slip",
    options: &[],
    has_max: true,
    boundary: || Boundary::Slip,
    scanner: |_| Some(Box::new(Packets::slip())),
    enclose: |_, unframed| match unframed.content.len() + unframed.added {
        // Receivers skip an empty packet.
        0 => Err(BuildError::Empty),
        _ => Ok(Enclosure { outside: vec![SLIP_END], ..Enclosure::bare(unframed.content) }),
    },
    stuffing: Stuffing::Bytes(|_, content| slip_encoded(content)),
};

pub(super) static COBS: Description = Description {
    kind: RuleKind::Cobs,
    name: "cobs",
    example: "cobs",
    options: &[],
    has_max: true,
    boundary: || Boundary::Cobs,
    scanner: |_| Some(Box::new(Packets::cobs())),
    enclose: |_, unframed| Ok(Enclosure { outside: vec![0], ..Enclosure::bare(unframed.content) }),
    stuffing: Stuffing::Block(cobs_encoded),
};

const SLIP_END: u8 = 0xC0;
const SLIP_ESC: u8 = 0xDB;
const SLIP_ESC_END: u8 = 0xDC;
const SLIP_ESC_ESC: u8 = 0xDD;

/// Packets that end with a byte that never occurs within them.
#[derive(Clone, Debug)]
pub(super) struct Packets {
    end: u8,
    content: fn(&[u8]) -> Option<Vec<u8>>,
    scanned: usize,
    skipping: bool,
}

impl Packets {
    pub fn slip() -> Self {
        Self { end: SLIP_END, content: slip_content, scanned: 0, skipping: false }
    }

    pub fn cobs() -> Self {
        Self { end: 0, content: cobs_content, scanned: 0, skipping: false }
    }
}

impl Scanner for Packets {
    fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        let from = self.scanned.min(bytes.len());
        let Some(found) = memchr::memchr(self.end, &bytes[from..]) else {
            if self.skipping {
                return Step::Skip(bytes.len(), FrameKind::Junk);
            }
            self.scanned = bytes.len();
            return if around.at_end && (self.content)(bytes).is_none() && self.end == SLIP_END {
                // A truncated packet can end within an escape sequence. Any other error makes it junk.
                let whole = bytes.strip_suffix(&[SLIP_ESC]).unwrap_or(bytes);
                if slip_content(whole).is_none() { Step::Skip(bytes.len(), FrameKind::Junk) } else { Step::Need }
            } else {
                Step::Need
            };
        };
        let content = from + found;
        let len = content + 1;
        self.scanned = 0;
        if std::mem::take(&mut self.skipping) {
            return Step::Skip(len, FrameKind::Junk);
        }
        match content {
            0 => Step::Skip(len, FrameKind::Separator),
            _ if (self.content)(&bytes[..content]).is_none() => Step::Skip(len, FrameKind::Junk),
            _ => Step::Frame { len, payload: 0..content, checked: 0..content, verdict: None },
        }
    }

    fn too_long(&mut self, bytes: &[u8]) -> usize {
        self.skipping = true;
        self.scanned = 0;
        bytes.len()
    }

    fn boxed(&self) -> Box<dyn Scanner> {
        Box::new(self.clone())
    }
}

/// Decodes a SLIP packet without its END; `None`: it contains an escape sequence that RFC 1055 does not define.
pub(super) fn slip_content(packet: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::with_capacity(packet.len());
    let mut bytes = packet.iter();
    while let Some(byte) = bytes.next() {
        content.push(match *byte {
            SLIP_ESC => match *bytes.next()? {
                SLIP_ESC_END => SLIP_END,
                SLIP_ESC_ESC => SLIP_ESC,
                _ => return None,
            },
            byte => byte,
        });
    }
    Some(content)
}

/// Decodes a COBS packet without its final 0; `None`: a code byte points past the end, or the packet contains a 0.
pub(super) fn cobs_content(packet: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::with_capacity(packet.len());
    let mut rest = packet;
    while let Some((code, behind)) = rest.split_first() {
        let len = usize::from(*code).checked_sub(1)?;
        let block = behind.get(..len)?;
        if block.contains(&0) {
            return None;
        }
        content.extend_from_slice(block);
        rest = &behind[len..];
        if *code != u8::MAX && !rest.is_empty() {
            content.push(0);
        }
    }
    Some(content)
}

fn slip_encoded(content: &[u8]) -> Vec<u8> {
    let mut packet = Vec::with_capacity(content.len() + content.len() / 16);
    for byte in content {
        match *byte {
            SLIP_END => packet.extend([SLIP_ESC, SLIP_ESC_END]),
            SLIP_ESC => packet.extend([SLIP_ESC, SLIP_ESC_ESC]),
            byte => packet.push(byte),
        }
    }
    packet
}

/// Without the final 0.
fn cobs_encoded(content: &[u8]) -> Vec<u8> {
    const LONGEST_BLOCK: usize = 254;
    let mut packet = Vec::with_capacity(content.len() + content.len() / LONGEST_BLOCK + 1);
    let mut runs = content.split(|byte| *byte == 0).peekable();
    while let Some(run) = runs.next() {
        for block in run.chunks(LONGEST_BLOCK) {
            packet.push(block.len() as u8 + 1);
            packet.extend_from_slice(block);
        }
        // The longest block stands for no 0 behind it.
        let is_last = runs.peek().is_none();
        if run.is_empty() || (run.len().is_multiple_of(LONGEST_BLOCK) && !is_last) {
            packet.push(1);
        }
    }
    packet
}

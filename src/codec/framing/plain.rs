//! Rules that do not depend on the bytes: as received, fixed length, idle gap.

use super::build::{BuildError, Enclosure, Stuffing};
use super::description::{Description, field};
use super::framer::{Around, FrameKind, Scanner, Step};
use super::{Boundary, FramingRule, RuleKind};
use crate::codec::fields::Kind;
use std::time::Duration;

pub(super) static RECORD: Description = Description {
    kind: RuleKind::Record,
    name: "record",
    example: "record",
    options: &[],
    has_max: false,
    boundary: || Boundary::Record,
    scanner: |_| None,
    enclose: |_, unframed| Ok(Enclosure::bare(unframed.content)),
    stuffing: Stuffing::None,
};

pub(super) static FIXED: Description = Description {
    kind: RuleKind::Fixed,
    name: "fixed",
    example: "fixed:8",
    options: &[field!(
        FixedLength,
        "fixed",
        Kind::Size { least: 1, most: FramingRule::GREATEST_MAX_LEN },
        Boundary::Fixed(len) => len
    )
    .unnamed()
    .proposed("8")
    .within(|rule| (1, rule.max_len))],
    has_max: true,
    boundary: || Boundary::Fixed(1),
    scanner: |rule| match rule.boundary {
        Boundary::Fixed(len) => Some(Box::new(Fixed(usize::try_from(len).unwrap_or(usize::MAX).max(1)))),
        _ => None,
    },
    enclose: |rule, unframed| match rule.boundary {
        Boundary::Fixed(len) if len != (unframed.content.len() + unframed.added) as u64 => {
            let expected = len.saturating_sub(unframed.added as u64);
            Err(BuildError::WrongLength { len: unframed.content.len() as u64, expected })
        }
        _ => Ok(Enclosure::bare(unframed.content)),
    },
    stuffing: Stuffing::None,
};

pub(super) static GAP: Description = Description {
    kind: RuleKind::Gap,
    name: "gap",
    example: "gap:20ms",
    options: &[field!(Gap, "gap", Kind::Duration, Boundary::Gap(gap) => gap).unnamed().proposed("20ms")],
    has_max: true,
    boundary: || Boundary::Gap(Duration::from_millis(20)),
    scanner: |rule| match rule.boundary {
        Boundary::Gap(gap) => Some(Box::new(Gap { gap, too_long: false })),
        _ => None,
    },
    enclose: |_, unframed| match unframed.content.len() + unframed.added {
        0 => Err(BuildError::Empty),
        _ => Ok(Enclosure::bare(unframed.content)),
    },
    stuffing: Stuffing::None,
};

/// Frames of a fixed length.
#[derive(Clone, Debug)]
struct Fixed(usize);

impl Scanner for Fixed {
    fn step(&mut self, bytes: &[u8], _: &Around<'_>) -> Step {
        if bytes.len() >= self.0 { Step::frame(self.0, 0..self.0) } else { Step::Need }
    }

    fn known_len(&self, _: &[u8], _: usize) -> Option<usize> {
        Some(self.0)
    }

    fn boxed(&self) -> Box<dyn Scanner> {
        Box::new(self.clone())
    }
}

/// Frames that end when no bytes arrive for the time `gap`.
#[derive(Clone, Debug)]
struct Gap {
    gap: Duration,
    /// The bytes up to the next gap are the rest of a frame that was too long.
    too_long: bool,
}

impl Scanner for Gap {
    fn step(&mut self, bytes: &[u8], _: &Around<'_>) -> Step {
        if self.too_long { Step::Skip(bytes.len(), FrameKind::Junk) } else { Step::Need }
    }

    fn too_long(&mut self, bytes: &[u8]) -> usize {
        self.too_long = true;
        bytes.len()
    }

    fn silence(&self) -> Option<Duration> {
        Some(self.gap)
    }

    fn after_silence(&mut self) {
        self.too_long = false;
    }

    fn rest_is_a_frame(&self) -> bool {
        true
    }

    fn boxed(&self) -> Box<dyn Scanner> {
        Box::new(self.clone())
    }
}

//! Rules that do not look at the bytes: as received, a fixed length, a gap in time.

use super::description::{Description, field};
use super::framer::Scanner;
use super::rule::{Boundary, FramingRule, RuleKind};
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
        Boundary::Fixed(len) => Some(Scanner::Fixed(usize::try_from(len).unwrap_or(usize::MAX).max(1))),
        _ => None,
    },
};

pub(super) static GAP: Description = Description {
    kind: RuleKind::Gap,
    name: "gap",
    example: "gap:20ms",
    options: &[field!(Gap, "gap", Kind::Duration, Boundary::Gap(gap) => gap).unnamed().proposed("20ms")],
    has_max: true,
    boundary: || Boundary::Gap(Duration::from_millis(20)),
    scanner: |_| Some(Scanner::Gap { too_long: false }),
};

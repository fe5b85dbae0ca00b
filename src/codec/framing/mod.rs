//! Message boundaries: framing rules, and the [`Framer`] that splits a byte stream into frames by one of them.
//!
//! A framer does no I/O. It is fed reads of any size and emits frames as ranges that cover the stream without gaps. The frames do
//! not depend on the sizes of the reads, except for the rules `record` and `gap`. The buffer is at most as long as the maximum
//! frame length of the rule, and a length from the wire never allocates memory.
//! `docs/FRAMING.md` describes the rules for users.

mod build;
mod delimited;
mod description;
mod escapes;
mod framer;
mod framers;
mod json;
mod length;
mod length_field;
mod length_head;
mod packet;
mod plain;
mod presets;
mod rtu;
mod rule;
mod scpi;
mod text;

pub use build::{BuildError, Builder, Built};
pub use delimited::MarkRule;
pub use description::Description;
pub use framer::{Frame, FrameKind, Framer};
pub use framers::{FramedStream, Framers, OnStreamFrame};
pub use length::{Counts, LengthField, LengthRule};
pub use presets::{PRESETS, Preset, PresetId};
pub use rule::FramingRule;

use super::Encoding;
use delimited::{DELIMITER, LINE, MARKS};
use json::JSON;
use length::LENGTH;
use packet::{COBS, SLIP};
use plain::{FIXED, GAP, RECORD};
use rtu::RTU;
use std::time::Duration;

/// All kinds of rules, in menu order. To add a kind, write a file with its [`Description`] and scanner, and add it to this list,
/// to [`RuleKind`], [`Boundary`] and [`Boundary::description`].
pub const RULES: [&Description; 11] =
    [&RECORD, &LINE, &DELIMITER, &MARKS, &FIXED, &LENGTH, &GAP, &SLIP, &COBS, &JSON, &RTU];

/// The kinds of rules. Their texts are in `words::texts::Rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the same as the variants of Boundary")]
pub enum RuleKind {
    Record,
    Line,
    Delimiter,
    Marks,
    Fixed,
    Length,
    Gap,
    Slip,
    Cobs,
    Json,
    Rtu,
}

impl RuleKind {
    /// The description of this kind: name, options and scanner.
    #[must_use]
    pub fn description(self) -> &'static Description {
        RULES.into_iter().find(|rule| rule.kind == self).unwrap_or(&RECORD)
    }
}

impl Boundary {
    /// The description of this kind: name, options and scanner.
    #[must_use]
    pub fn description(&self) -> &'static Description {
        match self {
            Self::Record => &RECORD,
            Self::Line { .. } => &LINE,
            Self::Delimiter { .. } => &DELIMITER,
            Self::Marks(_) => &MARKS,
            Self::Fixed(_) => &FIXED,
            Self::Length(_) => &LENGTH,
            Self::Gap(_) => &GAP,
            Self::Slip => &SLIP,
            Self::Cobs => &COBS,
            Self::Json(_) => &JSON,
            Self::Rtu => &RTU,
        }
    }
}

/// How frames are bounded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Boundary {
    /// Each record (one read) is a frame.
    Record,
    /// Frames end at LF or CR LF.
    Line {
        /// Whether the line end is part of the payload.
        keep: bool,
    },
    /// Frames end with a delimiter.
    Delimiter {
        /// The delimiter.
        bytes: Vec<u8>,
        /// Whether the delimiter is part of the payload.
        keep: bool,
    },
    /// Frames are enclosed by markers.
    Marks(MarkRule),
    /// Frames have this length.
    Fixed(u64),
    /// Frames contain their length.
    Length(LengthRule),
    /// Frames end when no bytes arrive for this time.
    Gap(Duration),
    /// SLIP packets (RFC 1055).
    Slip,
    /// Consistent overhead byte stuffing (Cheshire and Baker 1999). Frames end with 0.
    Cobs,
    /// Each frame is a JSON value (RFC 8259). The encoding is needed if its characters can contain the bytes of brackets and
    /// backslashes.
    Json(Option<Encoding>),
    /// Modbus RTU frames, found by function code, length and CRC.
    Rtu,
}

#[cfg(test)]
pub(crate) mod tests;

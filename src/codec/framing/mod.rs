//! Message boundaries: rules, and the [`Framer`] that cuts a byte stream by one of them.
//!
//! Pure and streaming: a framer is fed the bytes of reads of any size, and calls back with frames as ranges that cover the stream
//! without gaps. The frames do not depend on the sizes of the reads (except for rules about them: as received, idle gap). It holds
//! at most the bytes of one frame of the maximum length that the rule allows; a length from the wire allocates nothing.
//! `docs/FRAMING.md` describes the rules for users.

mod delimited;
mod description;
mod escapes;
mod framer;
mod framers;
mod json;
mod length;
mod length_field;
mod packet;
mod plain;
mod presets;
mod rtu;
mod rule;
mod scpi;
mod text;

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

/// Every kind of rule, in menu order. A new kind is a file with its [`Description`] and scanner, and its place in this list,
/// in [`RuleKind`], [`Boundary`] and [`Boundary::description`].
pub const RULES: [&Description; 11] =
    [&RECORD, &LINE, &DELIMITER, &MARKS, &FIXED, &LENGTH, &GAP, &SLIP, &COBS, &JSON, &RTU];

/// The kinds of rule. The words for each are in `words::texts::Rules`.
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
    /// Name, options and scanner of this kind of rule.
    #[must_use]
    pub fn description(self) -> &'static Description {
        RULES.into_iter().find(|rule| rule.kind == self).unwrap_or(&RECORD)
    }
}

impl Boundary {
    /// Name, options and scanner of this kind of rule.
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

#[cfg(test)]
pub(crate) mod tests;

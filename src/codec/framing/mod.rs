//! Where one message ends and the next begins: rules, and the [`Framer`] that cuts a byte stream by one of them.
//!
//! Pure and streaming: a framer is fed what was read, in any cuts, and calls back with frames as ranges of the stream that tile it
//! without a gap. The frames do not depend on the cuts (except where a rule is about the cuts: as received, idle gap). It keeps
//! at most the bytes of one frame of the greatest length the rule allows; a length from the wire allocates nothing.
//! `docs/FRAMING.md` tells the rules to users.

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
pub use rule::{Boundary, FramingRule, RULES, RuleKind};

#[cfg(test)]
pub(crate) mod tests;

//! What a view is made of when it does not show every record as it came: the frames of a rule, those that pass a filter, or both,
//! numbered from 0 in the order in which they were complete.
//!
//! An [`Indexer`] goes over the records once, oldest first, and on from where it stood when more has been recorded; it fills an
//! [`ItemIndex`], which any number of views read at random while it grows. The index lies in files without a name beside the
//! capture ([`ItemEntry`], 16 bytes for nearly all) and goes with its last user; memory holds only the streams that are being cut. The
//! records stay what they are: another rule or filter is another index over the same history.

mod cutter;
mod entry;
mod filter;
mod index;
mod indexer;
mod origin;
mod source;
mod streams;
#[cfg(test)]
mod tests;

pub use cutter::{CutStream, Cutter, FrameSpan, OnFrame, StreamKey};
pub use entry::{Checked, FrameNote, ItemEntry, ItemKind};
pub use filter::{Filter, KindFilter, Sieve, parse_time};
pub use index::{ItemCounts, ItemIndex};
pub use indexer::Indexer;
pub use origin::{Part, holding, parts_of};
pub use source::{Source, SourceKey};

use crate::codec::FramingRule;

/// What is shown of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRule {
    /// Where one message ends, and what is verified in it; [`FramingRule::as_received`] without a check: the records themselves.
    pub framing: FramingRule,
    /// What of that is shown.
    pub filter: Filter,
}

impl ItemRule {
    /// Every record as it came: no index is needed.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.filter.is_empty() && !self.cuts()
    }

    /// Records are cut or verified.
    #[must_use]
    pub fn cuts(&self) -> bool {
        self.framing.boundary != crate::codec::framing::Boundary::Record || self.framing.check.is_some()
    }
}

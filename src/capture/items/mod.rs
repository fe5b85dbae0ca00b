//! Items: what a view shows instead of unmodified records. They are the frames of a rule, the records or frames that pass a filter,
//! or both, numbered from 0 in the order in which they became complete.
//!
//! An [`Indexer`] scans the records once, oldest first, and continues when more have been recorded. It fills an [`ItemIndex`], which
//! any number of views read at random while it grows. The index is stored in unnamed files beside the capture ([`ItemEntry`], 16
//! bytes for almost all items) and is deleted with its last user; memory holds only the streams being cut. Records are never
//! changed: another rule or filter is another index over the same history.

mod cutter;
mod entry;
mod filter;
mod framed;
mod index;
mod indexer;
mod origin;
mod source;
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

/// What to show of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRule {
    /// Where messages end and what is verified in them. [`FramingRule::as_received`] without a check leaves the records unmodified.
    pub framing: FramingRule,
    /// Which items are shown.
    pub filter: Filter,
}

impl ItemRule {
    /// Whether every record is shown unmodified, so that no index is needed.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.filter.is_empty() && !self.cuts()
    }

    /// Whether records are cut or verified.
    #[must_use]
    pub fn cuts(&self) -> bool {
        self.framing.boundary != crate::codec::framing::Boundary::Record || self.framing.check.is_some()
    }
}

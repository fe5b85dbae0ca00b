//! Why a rule acts on a frame, or why not.

use crate::talk::eval::Fault;
use crate::talk::pattern::Mismatch;

/// A rule that was tried with a frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// Its index in the set.
    pub rule: usize,
    /// Why it does not act; `None`: it acts.
    pub why_not: Option<WhyNot>,
}

/// Why a rule does not act on a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyNot {
    /// The pattern does not fit.
    Pattern(Mismatch),
    /// It is not a frame, or its check is wrong.
    BadFrame,
    /// The frame is from another peer.
    Peer,
    /// The rule has acted as often as its `limit`.
    Limit,
    /// The pattern or its condition has no value.
    Fault(Fault),
}

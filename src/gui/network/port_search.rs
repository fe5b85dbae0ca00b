//! A search for a free port that is under way.

use crate::jobs::Job;
use crate::model::SessionId;

/// One search.
pub struct PortSearch {
    pub(super) id: SessionId,
    pub(super) why: Why,
    pub(super) job: Job<Option<u16>>,
}

/// What the port is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// The form of a new session, which has this one now.
    New(u16),
    /// A session could not have this one.
    Refused(u16),
}

//! What the demonstration has done so far.

use crate::model::SessionId;

/// How far the demonstration is.
pub struct Demo {
    pub(super) server: SessionId,
    pub(super) client: SessionId,
    pub(super) connecting: bool,
    pub(super) said: usize,
    pub(super) server_heard: u64,
    pub(super) client_heard: u64,
}

impl Demo {
    /// This session belongs to it (and is not remembered).
    pub fn has(&self, id: SessionId) -> bool {
        id == self.server || id == self.client
    }
}

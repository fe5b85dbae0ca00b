//! Running searches for free ports and for the programs that use ports.

use crate::engine::PortUser;
use crate::jobs::Job;
use crate::model::SessionId;

/// A search.
pub struct PortSearch {
    pub(super) id: SessionId,
    pub(super) why: Why,
    pub(super) job: Job<Option<u16>>,
}

/// The purpose of the port.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// For the form of a new session, which contains this port now.
    New(u16),
    /// For a session whose open failed with this port.
    Refused(u16),
}

/// One look-up of the program that has a port.
pub struct UserSearch {
    pub(super) id: SessionId,
    pub(super) port: u16,
    pub(super) job: Job<Option<PortUser>>,
}

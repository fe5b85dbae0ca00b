//! A closed tab that can be reopened.

use crate::gui::session::Session;
use crate::model::SessionId;

/// A closed tab.
pub struct ClosedTab {
    pub session: Session,
    /// The tab to the left of it.
    pub(super) beside: Option<SessionId>,
    /// Its session was open and is opened again with the tab.
    pub(super) was_open: bool,
    /// Number of connections that closing the tab has ended.
    pub(super) peers: u64,
}

//! A tab that was closed and can be brought back.

use crate::gui::session::Session;
use crate::model::SessionId;

/// A closed tab.
pub struct ClosedTab {
    pub session: Session,
    /// The tab it stood behind.
    pub(super) beside: Option<SessionId>,
    /// It was open, and is opened again when it comes back.
    pub(super) was_open: bool,
    /// Connections that its end has cost.
    pub(super) peers: u64,
}

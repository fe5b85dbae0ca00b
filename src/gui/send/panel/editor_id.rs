//! The id of the text box.

use crate::model::SessionId;
use egui::Id;

/// The id of a session's text box.
pub fn id(session: SessionId) -> Id {
    Id::unique(("send-content", session.0))
}

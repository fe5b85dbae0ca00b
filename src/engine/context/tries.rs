//! Which records of a client belong together, because they are failed attempts in a row with the same cause.

use crate::capture::{Marks, SessionNote};
use crate::model::{NetError, PeerId};

/// The failed attempts in a row. Their records share the number of an action, so that a view can show them in one row.
#[derive(Debug, Default)]
pub(in crate::engine) struct Tries {
    /// The client connects again by itself.
    pub(in crate::engine) are_counted: bool,
    cause: Option<NetError>,
    /// The action of the current attempts; 0 if none has failed.
    action: u32,
    /// The last action that was used.
    used: u32,
}

impl Tries {
    /// An attempt has failed.
    pub(in crate::engine) fn failed(&mut self, error: &NetError) {
        if self.are_counted && self.cause.as_ref() != Some(error) {
            self.used = self.used.wrapping_add(1).max(1);
            (self.cause, self.action) = (Some(error.clone()), self.used);
        }
    }

    /// There is a connection, or the user opens or closes the session.
    pub(in crate::engine) fn end(&mut self) {
        (self.cause, self.action) = (None, 0);
    }

    /// The marks of a record: those of an attempt name its action.
    pub(in crate::engine) fn marks(&self, peer: PeerId, note: &SessionNote) -> Marks {
        let is_of_attempt = peer == PeerId::NONE
            && matches!(
                note,
                SessionNote::Opened { .. }
                    | SessionNote::Connecting { .. }
                    | SessionNote::Error { .. }
                    | SessionNote::Closed { .. }
            );
        Marks { action: if is_of_attempt { self.action } else { 0 }, ..Marks::default() }
    }
}

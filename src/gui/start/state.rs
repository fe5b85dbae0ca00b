//! What the start page of one tab knows, and what the demonstration has done so far.

use crate::gui::start::typed::Wrong;
use crate::model::{SessionId, Transport};

/// The state of a start page.
#[derive(Debug)]
pub struct Start {
    /// The connect field.
    pub text: String,
    /// What an address without a scheme means.
    pub transport: Transport,
    /// Why the text asks for nothing, once the user has tried.
    pub wrong: Option<Wrong>,
    /// The connect field gets the focus with the next frame.
    pub wants_focus: bool,
    /// All recent connections are listed, not only the first ones.
    pub lists_all: bool,
}

impl Default for Start {
    fn default() -> Self {
        Self { text: String::new(), transport: Transport::Tcp, wrong: None, wants_focus: true, lists_all: false }
    }
}

impl Start {
    /// Something is typed: opening it is the main action of the page.
    pub fn is_typed(&self) -> bool {
        !self.text.trim().is_empty()
    }
}

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

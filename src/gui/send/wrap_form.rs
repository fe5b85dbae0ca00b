//! What is typed into the popover of a wrap.

use crate::codec::wrap::{Head, OwnBytes, Tail, Wrap};

/// The popover while it is open.
pub struct WrapForm {
    /// What Escape restores.
    pub before: Wrap,
    /// The user's own bytes of the head, as typed.
    pub head: String,
    /// The user's own bytes of the tail, as typed.
    pub tail: String,
    /// Which checks are listed.
    pub filter: String,
}

impl WrapForm {
    /// For editing `wrap`.
    pub fn new(wrap: &Wrap) -> Self {
        let text = |bytes: &OwnBytes| String::from(bytes.clone());
        let head = if let Head::Bytes(bytes) = &wrap.head { text(bytes) } else { String::new() };
        let tail = if let Tail::Bytes(bytes) = &wrap.tail { text(bytes) } else { String::new() };
        Self { before: wrap.clone(), head, tail, filter: String::new() }
    }
}

//! Input of the wrap popover.

use crate::codec::wrap::{Head, OwnBytes, Tail, Wrap};

/// The open popover.
pub struct WrapForm {
    /// Restored by Escape.
    pub before: Wrap,
    /// The custom bytes of the head, as typed.
    pub head: String,
    /// The custom bytes of the tail, as typed.
    pub tail: String,
    /// Which check is edited.
    pub open: usize,
    /// The first covered byte of the check, as typed.
    pub from: String,
    /// The end of the covered bytes, as typed.
    pub to: String,
    /// The filter of the checks.
    pub filter: String,
}

impl WrapForm {
    /// A form that edits `wrap`.
    pub fn new(wrap: &Wrap) -> Self {
        let text = |bytes: &OwnBytes| String::from(bytes.clone());
        let head = if let Head::Bytes(bytes) = &wrap.head { text(bytes) } else { String::new() };
        let tail = if let Tail::Bytes(bytes) = &wrap.tail { text(bytes) } else { String::new() };
        let (from, to, filter) = (String::new(), String::new(), String::new());
        let mut form = Self { before: wrap.clone(), head, tail, open: 0, from, to, filter };
        form.edit(wrap, 0);
        form
    }

    /// Edits the check at `index`.
    pub fn edit(&mut self, wrap: &Wrap, index: usize) {
        let check = wrap.checks.get(index);
        let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
        self.from = number(check.map(|check| check.from).filter(|from| *from != 0));
        self.to = number(check.and_then(|check| check.to));
        self.filter.clear();
        self.open = index;
    }
}

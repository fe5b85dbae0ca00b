//! The names of a capture: of the rules, steps and commands that sent something. Records refer to them by their number.

use super::NameId;
use std::sync::{Arc, PoisonError, RwLock};

/// Most names of a capture.
pub(super) const MOST: usize = 255;
/// Longest name in characters.
const LONGEST: usize = 64;
/// Most bytes of all names together, as written in `meta.json`, so that the file remains readable.
const MOST_BYTES: usize = 24 * 1024;

/// The name in the form in which it is stored: without control characters, not too long.
pub(super) fn stored_form(name: &str) -> String {
    let plain = |char: char| if char.is_control() { ' ' } else { char };
    let name: String = name.trim().chars().map(plain).collect();
    if name.chars().count() <= LONGEST {
        return name;
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// The list, shared by the writer and all readers. It only grows.
#[derive(Debug, Default)]
pub(super) struct Names(RwLock<Vec<Arc<str>>>);

impl Names {
    /// The names of `meta.json`, which may be from elsewhere.
    pub(super) fn of(list: &[String]) -> Self {
        Self(RwLock::new(list.iter().take(MOST).map(|name| stored_form(name).into()).collect()))
    }

    /// Replaces the list by a longer one.
    pub(super) fn grow(&self, list: &[String]) {
        let new = Self::of(list).list();
        let mut own = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if new.len() > own.len() {
            *own = new;
        }
    }

    /// A name by its number.
    pub(super) fn get(&self, id: NameId) -> Option<Arc<str>> {
        let place = usize::from(id.0).checked_sub(1)?;
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(place).cloned()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// All names.
    pub(super) fn list(&self) -> Vec<Arc<str>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The list with one more name; `None`: it is full.
    pub(super) fn with(&self, name: &str) -> Option<Vec<String>> {
        let mut list: Vec<String> = self.list().iter().map(|name| name.to_string()).collect();
        list.push(name.to_owned());
        // A quote takes two bytes, and a row has quotes, a comma, and blanks before it.
        let bytes: usize = list.iter().map(|name| name.len() + name.matches(['"', '\\']).count() + 8).sum();
        (list.len() <= MOST && bytes <= MOST_BYTES).then_some(list)
    }
}

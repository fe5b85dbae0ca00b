//! The numbers of names.

use super::super::NameId;
use super::super::names::stored_form;
use super::CaptureWriter;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Names that get no number are remembered as such up to this count.
const MOST_KNOWN: usize = 4096;
/// Time between two attempts to write a name.
const RETRY: Duration = Duration::from_secs(1);

/// The names that have a number.
#[derive(Debug, Default)]
pub(super) struct KnownNames {
    known: HashMap<Arc<str>, NameId>,
    retry_at: Option<Instant>,
}

impl CaptureWriter {
    /// The number of the name of what sends; [`NameId::NONE`] if there are too many or the disk refuses it. A new name is in
    /// `meta.json` before this returns, so before the first record that refers to it.
    pub fn name(&mut self, name: &Arc<str>) -> NameId {
        if let Some(known) = self.names.known.get(name) {
            return *known;
        }
        if self.names.known.len() >= MOST_KNOWN || self.names.retry_at.is_some_and(|at| Instant::now() < at) {
            return NameId::NONE;
        }
        let id = self.add_name(&stored_form(name));
        match id {
            Some(id) => {
                self.names.known.insert(name.clone(), id);
            }
            None => self.names.retry_at = Some(Instant::now() + RETRY),
        }
        id.unwrap_or_default()
    }

    /// `None`: the disk refuses it.
    fn add_name(&mut self, name: &str) -> Option<NameId> {
        if name.is_empty() {
            return Some(NameId::NONE);
        }
        let known = self.store.names.list().iter().position(|own| **own == *name);
        if let Some(place) = known {
            return Some(NameId(place as u16 + 1));
        }
        let Some(list) = self.store.names.with(name) else { return Some(NameId::NONE) };
        let id = NameId(list.len() as u16);
        let mut meta = self.store.meta.clone();
        meta.names.clone_from(&list);
        if let Err(error) = meta.write(&self.folder) {
            tracing::warn!(capture = %self.store.id, %error, "a name could not be written");
            return None;
        }
        self.store.names.grow(&list);
        Some(id)
    }
}

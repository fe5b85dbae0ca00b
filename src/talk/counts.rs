//! How often each command was sent: the value of `n`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How often each `>` was sent, by its text. All copies are the same counts, so that what is sent at once and what is run as a step
/// count on together.
#[derive(Clone, Debug, Default)]
pub struct Counts(Arc<Mutex<BTreeMap<String, u64>>>);

impl Counts {
    /// How often it was sent.
    #[must_use]
    pub fn of(&self, command: &str) -> u64 {
        self.sent().get(command).copied().unwrap_or(0)
    }

    /// It was sent at least so often. Of commands with the same text, the largest count remains.
    pub fn raise(&self, command: &str, sends: u64) {
        let mut sent = self.sent();
        match sent.get_mut(command) {
            Some(own) => *own = sends.max(*own),
            None => {
                sent.insert(command.to_owned(), sends);
            }
        }
    }

    fn sent(&self) -> MutexGuard<'_, BTreeMap<String, u64>> {
        // A number is replaced in one step, so the counts are whole even after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Holds: readers that the size limit must not overtake. Records that they have not read yet are not deleted; the writer waits.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The writer is not waiting.
const NOBODY: u64 = 0;

/// Called when the readers that the writer waited for have advanced. Must not block.
pub type Caught = Arc<dyn Fn() + Send + Sync>;

/// The holds of a capture.
#[derive(Default)]
pub(super) struct Holds {
    /// For each reader, the number of the oldest record it still needs.
    needed: Mutex<Vec<Arc<AtomicU64>>>,
    /// The writer waits until no record below this number is needed.
    awaited: AtomicU64,
    caught: OnceLock<Caught>,
}

impl fmt::Debug for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (needed, awaited) = (self.list().len(), self.awaited.load(Ordering::SeqCst));
        f.debug_struct("Holds").field("readers", &needed).field("awaited", &awaited).finish_non_exhaustive()
    }
}

impl Holds {
    /// The list of holds. A poisoned lock is ignored: the list changes in single steps and is always valid.
    fn list(&self) -> MutexGuard<'_, Vec<Arc<AtomicU64>>> {
        self.needed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the callback; only the first call has an effect.
    pub(super) fn set_caught(&self, caught: Caught) {
        self.caught.set(caught).ok();
    }

    fn is_free(list: &[Arc<AtomicU64>], end: u64) -> bool {
        list.iter().all(|needed| needed.load(Ordering::SeqCst) >= end)
    }

    /// Runs `delete` if no reader needs a record below `end`; readers that arrive meanwhile wait. Returns false if one does; then
    /// the callback is called once it has advanced.
    pub(super) fn deletes(&self, end: u64, delete: impl FnOnce()) -> bool {
        let list = self.list();
        if !Self::is_free(&list, end) {
            // Publish first, then check again: a reader that advances in between either sees the request or is seen here.
            self.awaited.store(end, Ordering::SeqCst);
            if !Self::is_free(&list, end) {
                return false;
            }
            self.awaited.store(NOBODY, Ordering::SeqCst);
        }
        delete();
        true
    }

    /// Whether the writer is still waiting, as far as it has been notified.
    pub(super) fn is_awaiting(&self) -> bool {
        self.awaited.load(Ordering::SeqCst) != NOBODY
    }

    fn moved(&self, number: u64) {
        let awaited = self.awaited.load(Ordering::SeqCst);
        if awaited == NOBODY || number < awaited {
            return;
        }
        // Only the thread that clears the request calls, so that the callback runs once.
        if self.awaited.compare_exchange(awaited, NOBODY, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            && let Some(caught) = self.caught.get()
        {
            caught();
        }
    }
}

/// Protects the records of a capture from a number on against deletion by the size limit, for a reader in this process that must see
/// each of them. If the limit is reached, the writer waits. Dropping the hold releases everything.
#[derive(Debug)]
pub struct Hold {
    holds: Arc<Holds>,
    needed: Arc<AtomicU64>,
}

impl Hold {
    pub(super) fn new(holds: &Arc<Holds>, from: u64) -> Self {
        let needed = Arc::new(AtomicU64::new(from));
        holds.list().push(needed.clone());
        Self { holds: holds.clone(), needed }
    }

    /// Whether the writer waits for this or another reader. A reader that itself waits for more records must release its hold then,
    /// or both wait forever.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.holds.is_awaiting()
    }

    /// Releases the records below `number`. Never moves backwards.
    pub fn advance(&self, number: u64) {
        if self.needed.fetch_max(number, Ordering::SeqCst) < number {
            self.holds.moved(number);
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.holds.list().retain(|needed| !Arc::ptr_eq(needed, &self.needed));
        self.holds.moved(u64::MAX);
    }
}

//! Readers that the size limit must not overtake: what they have not read yet is not deleted, the writer waits for them.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The writer waits for nobody.
const NOBODY: u64 = 0;

/// Called when those the writer waited for have gone on; must not block.
pub type Caught = Arc<dyn Fn() + Send + Sync>;

/// The holds of a capture.
#[derive(Default)]
pub(super) struct Holds {
    /// Of each reader: the oldest record it still needs.
    needed: Mutex<Vec<Arc<AtomicU64>>>,
    /// The writer waits until no record below this one is needed.
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
    /// A panic of another thread while it held the lock leaves a sound list: it changes in single steps.
    fn list(&self) -> MutexGuard<'_, Vec<Arc<AtomicU64>>> {
        self.needed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whom to call; the first call counts.
    pub(super) fn set_caught(&self, caught: Caught) {
        self.caught.set(caught).ok();
    }

    fn is_free(list: &[Arc<AtomicU64>], end: u64) -> bool {
        list.iter().all(|needed| needed.load(Ordering::SeqCst) >= end)
    }

    /// Carries `delete` out where nobody needs a record below `end`; a reader that comes meanwhile waits. False: somebody does, and
    /// the one who is called then will be told.
    pub(super) fn deletes(&self, end: u64, delete: impl FnOnce()) -> bool {
        let list = self.list();
        if !Self::is_free(&list, end) {
            // First said, then looked again: a reader that goes on in between sees it, or is seen.
            self.awaited.store(end, Ordering::SeqCst);
            if !Self::is_free(&list, end) {
                return false;
            }
            self.awaited.store(NOBODY, Ordering::SeqCst);
        }
        delete();
        true
    }

    /// The writer still waits, as far as it has been told.
    pub(super) fn is_awaiting(&self) -> bool {
        self.awaited.load(Ordering::SeqCst) != NOBODY
    }

    fn moved(&self, number: u64) {
        let awaited = self.awaited.load(Ordering::SeqCst);
        if awaited == NOBODY || number < awaited {
            return;
        }
        // Who takes it calls: once is enough.
        if self.awaited.compare_exchange(awaited, NOBODY, Ordering::SeqCst, Ordering::SeqCst).is_ok()
            && let Some(caught) = self.caught.get()
        {
            caught();
        }
    }
}

/// Keeps the records of a capture from a place on from being deleted by its size limit, for a reader of this process that must
/// see each of them. Where the limit is reached, the writer waits. Dropping it lets everything go.
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

    /// The writer waits for this or another reader: one that waits for more itself has to let go, or both wait for ever.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.holds.is_awaiting()
    }

    /// Records below `number` are not needed any more. Never goes back.
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

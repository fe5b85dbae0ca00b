//! Content that is made for each round of a send.

use std::fmt;
use std::sync::Arc;

/// Makes the bytes of each round.
pub trait Make: fmt::Debug + Send + Sync {
    /// The bytes of a round, counted from 0. All peers that are in the same round get the same bytes.
    ///
    /// # Errors
    /// They cannot be made. The send ends.
    fn make(&self, round: u64) -> Result<Arc<[u8]>, Unmade>;
}

/// The bytes of a round cannot be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmade {
    /// The part of the content that has no bytes, as the user wrote it.
    pub written: String,
}

/// Shares a [`Make`]. Two are equal if they share the same one.
#[derive(Clone, Debug)]
pub struct Maker(Arc<dyn Make>);

impl Maker {
    /// Bytes that `make` makes.
    pub fn new(make: impl Make + 'static) -> Self {
        Self(Arc::new(make))
    }

    /// See [`Make::make`].
    ///
    /// # Errors
    /// See [`Make::make`].
    pub fn make(&self, round: u64) -> Result<Arc<[u8]>, Unmade> {
        self.0.make(round)
    }
}

impl PartialEq for Maker {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Maker {}

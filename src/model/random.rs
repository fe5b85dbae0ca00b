//! Random numbers for names, identifiers and variables; not for secrets.

use std::hash::{BuildHasher, Hasher, RandomState};

/// 64 random bits. The system gives the keys of `RandomState`, and the standard library makes each one of them another.
#[must_use]
pub fn random_bits() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_differ() {
        let all: BTreeSet<u64> = (0..1000).map(|_| random_bits()).collect();
        assert_eq!(all.len(), 1000);
    }
}

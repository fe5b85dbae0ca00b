//! A bounded cache that drops entries that were not used recently.

use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::Hash;

/// Two generations of entries. New and used entries are in the young one. When it reaches half the capacity, it replaces the old
/// one, whose entries are dropped. So an entry survives at least `capacity / 2` of other entries' cost, and at most `capacity` (plus
/// one entry) is held.
///
/// A screen makes thousands of look-ups with short keys, on which SipHash takes a fifth of the time. A capture from elsewhere could
/// at most make entries collide, of which the capacity bounds the number.
#[derive(Debug)]
pub(super) struct Cache<K, V> {
    young: HashMap<K, (V, usize), RandomState>,
    old: HashMap<K, (V, usize), RandomState>,
    young_cost: usize,
    capacity: usize,
}

impl<K: Eq + Hash + Copy, V> Cache<K, V> {
    /// Creates a cache for a total cost of `capacity`.
    pub(super) fn new(capacity: usize) -> Self {
        Self { young: HashMap::default(), old: HashMap::default(), young_cost: 0, capacity }
    }

    /// Returns an entry and marks it as used.
    pub(super) fn get(&mut self, key: &K) -> Option<&mut V> {
        if let Some((value, cost)) = self.old.remove(key) {
            self.insert(*key, value, cost);
        }
        self.young.get_mut(key).map(|(value, _)| value)
    }

    /// Adds or replaces an entry.
    pub(super) fn insert(&mut self, key: K, value: V, cost: usize) {
        self.remove(&key);
        if self.young_cost.saturating_add(cost) > self.capacity / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_cost = 0;
        }
        self.young_cost = self.young_cost.saturating_add(cost);
        self.young.insert(key, (value, cost));
    }

    /// Removes an entry.
    pub(super) fn remove(&mut self, key: &K) {
        if let Some((_, cost)) = self.young.remove(key) {
            self.young_cost = self.young_cost.saturating_sub(cost);
        }
        self.old.remove(key);
    }

    /// Removes all entries.
    pub(super) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
        self.young_cost = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_entries_stay_and_the_cost_is_bounded() {
        let mut cache = Cache::new(10);
        for key in 0..1000 {
            cache.insert(key, key * 2, 1);
            assert_eq!(cache.get(&0), Some(&mut 0), "used in every round");
            assert!(cache.young.len() + cache.old.len() <= 11);
        }
        assert_eq!(cache.get(&999), Some(&mut 1998));
        assert_eq!(cache.get(&500), None);
        cache.remove(&0);
        assert_eq!(cache.get(&0), None);
        cache.clear();
        assert_eq!(cache.get(&999), None);
    }

    #[test]
    fn an_entry_above_the_capacity_is_held_alone() {
        let mut cache = Cache::new(10);
        cache.insert(1, "big", 100);
        assert!(cache.get(&1).is_some());
        cache.insert(2, "big", 100);
        cache.insert(3, "big", 100);
        assert!(cache.get(&1).is_none());
    }
}

//! The rules of a session over all its runs and changes: their numbers, and how often each has acted.

use crate::engine::shared::Shared;
use crate::talk::rules::{Identity, RuleSet, find};
use std::collections::HashMap;

/// Most rules that are remembered while they are away.
const MOST_AWAY: usize = 1024;
/// Most rules of a file whose counts are published.
const MOST_PUBLISHED: usize = 10_000;

/// The rules that a session has or had.
#[derive(Debug, Default)]
pub(in crate::engine) struct RuleMemory {
    /// Those of the current file in its order, then those that are away, the newest first.
    known: Vec<Known>,
    /// How many are of the current file.
    current: usize,
    /// The place of each number.
    places: HashMap<u32, usize>,
    next_number: u32,
    has_changed: bool,
}

#[derive(Debug)]
struct Known {
    number: u32,
    identity: Identity,
    /// It is in the file itself.
    is_own: bool,
    hits: u64,
}

impl RuleMemory {
    /// The session has these rules now; `None`: none.
    pub(in crate::engine) fn enter(&mut self, set: Option<&RuleSet>) {
        let entries: Vec<(&Identity, bool)> = set.map(|set| set.entries().collect()).unwrap_or_default();
        let mut old: Vec<Option<Known>> = std::mem::take(&mut self.known).into_iter().map(Some).collect();
        let known: Vec<&Identity> = old.iter().flatten().map(|known| &known.identity).collect();
        let found = find(&entries.iter().map(|(identity, _)| *identity).collect::<Vec<_>>(), &known);
        for ((identity, is_own), found) in entries.iter().zip(found) {
            let (number, hits) = match found.and_then(|place| old[place].take()) {
                Some(known) => (known.number, known.hits),
                None => {
                    self.next_number = self.next_number.wrapping_add(1);
                    (self.next_number, 0)
                }
            };
            self.known.push(Known { number, identity: (*identity).clone(), is_own: *is_own, hits });
        }
        self.current = self.known.len();
        self.known.extend(old.into_iter().flatten().take(MOST_AWAY));
        self.places = self.known.iter().enumerate().map(|(place, known)| (known.number, place)).collect();
        self.has_changed = true;
    }

    /// The number of each rule of this set, which is the current one.
    pub(in crate::engine) fn numbers(&self, set: &RuleSet) -> Vec<u32> {
        let number = |rule| set.entry(rule).and_then(|entry| self.known.get(entry)).map_or(0, |known| known.number);
        (0..set.len()).map(number).collect()
    }

    /// A rule has acted so often more.
    pub(in crate::engine) fn count(&mut self, number: u32, more: u64) {
        if let Some(known) = self.places.get(&number).and_then(|place| self.known.get_mut(*place)) {
            known.hits += more;
            self.has_changed = true;
        }
    }

    /// Begins to count from 0.
    pub(in crate::engine) fn reset(&mut self) {
        self.known.iter_mut().for_each(|known| known.hits = 0);
        self.has_changed = true;
    }

    /// Publishes the counts if they have changed.
    pub(in crate::engine) fn publish(&mut self, shared: &Shared) {
        if std::mem::take(&mut self.has_changed) {
            let own = self.known[..self.current].iter().filter(|known| known.is_own);
            shared.set_rule_hits(own.take(MOST_PUBLISHED).map(|known| known.hits));
        }
    }
}

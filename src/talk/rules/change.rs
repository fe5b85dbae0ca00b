//! Other rules while connections are open. What belongs to rules that go on stays.

use super::compile::When;
use super::connection::{Connection, Turn};
use super::world::Shared;
use super::{Act, Output, RuleSet};
use crate::talk::eval::{Value, duration};
use crate::talk::modbus::Registers;
use std::collections::HashMap;
use std::sync::Arc;

/// Most rules whose counts a connection keeps while they are away.
const MOST_PARKED: usize = 1024;

/// A change from one set of rules to another. Each rule has a number that stays the same while it is edited, switched off or on.
#[derive(Debug)]
pub struct Change {
    old: Arc<RuleSet>,
    old_numbers: Vec<u32>,
    numbers: Vec<u32>,
    /// The index of each old rule in the new set.
    to: Vec<Option<usize>>,
    /// The index of each new rule in the old set.
    from: Vec<Option<usize>>,
}

impl Change {
    /// From the rules `old` to others, with the numbers of their rules.
    #[must_use]
    pub fn new(old: Arc<RuleSet>, old_numbers: Vec<u32>, numbers: Vec<u32>) -> Self {
        let places = |of: &[u32]| of.iter().enumerate().map(|(place, number)| (*number, place)).collect();
        let (before, after): (HashMap<u32, usize>, HashMap<u32, usize>) = (places(&old_numbers), places(&numbers));
        let to = old_numbers.iter().map(|number| after.get(number).copied()).collect();
        let from = numbers.iter().map(|number| before.get(number).copied()).collect();
        Self { old, old_numbers, numbers, to, from }
    }
}

/// The shared state of sets that are replaced, for the time when their rules come back.
#[derive(Debug, Default)]
pub struct Kept {
    /// Variables with their first and last values.
    vars: HashMap<String, (Value, Value)>,
    registers: Option<(Registers, Registers)>,
    /// How often the rule of each number has acted.
    hits: HashMap<u32, u64>,
}

impl Kept {
    /// Keeps what these rules have changed. The variables of a run are not theirs.
    pub fn leave(&mut self, set: &RuleSet, numbers: &[u32], shared: &Shared) {
        if !set.is_of_run {
            for (name, first) in set.vars.all() {
                if let Some(last) = shared.vars.get(&name) {
                    self.vars.insert(name, (first, last));
                }
            }
        }
        if let (Some((first, _)), Some((last, _))) = (&set.registers, &shared.registers) {
            self.registers = Some((first.clone(), last.clone()));
        }
        self.hits.extend(numbers.iter().copied().zip(shared.hits.iter().copied()));
    }

    /// The shared state of these rules. A variable or register table that has another first value than before begins with it.
    #[must_use]
    pub fn enter(&self, set: &RuleSet, numbers: &[u32]) -> Shared {
        let mut shared = set.shared();
        if !set.is_of_run {
            for (name, first) in set.vars.all() {
                if let Some((_, last)) = self.vars.get(&name).filter(|(own, _)| *own == first) {
                    shared.vars.set(&name, last.clone());
                }
            }
        }
        if let (Some((own, _)), Some((first, last))) = (&mut shared.registers, &self.registers)
            && own == first
        {
            *own = last.clone();
        }
        for (hits, number) in shared.hits.iter_mut().zip(numbers) {
            *hits = self.hits.get(number).copied().unwrap_or(0);
        }
        shared
    }
}

impl Connection {
    /// Goes on with other rules, those of `turn`: captured names, counts and the bodies of rules that are still there stay. `open` rules
    /// do not run again, and a loop that was stopped may go on.
    pub fn follow(&mut self, change: &Change, turn: &mut Turn<'_>) {
        self.move_hits(change);
        (self.is_stopped, self.came_back) = (false, 0);
        let moved = |index: usize| change.to.get(index).copied().flatten();
        if let Some((mut body, _)) = self.main.take()
            && let Some(rule) = moved(body.rule)
        {
            body.follow(&change.old, rule);
            self.main = Some((body, rule + 1));
        }
        self.beside.retain_mut(|body| {
            let rule = moved(body.rule);
            if let Some(rule) = rule {
                body.follow(&change.old, rule);
            }
            rule.is_some()
        });
        self.move_due(change, turn);
        if turn.set.is_empty() {
            self.waiting.clear();
            self.waiting_bytes = 0;
        }
        self.advance(turn);
    }

    fn move_hits(&mut self, change: &Change) {
        for (index, hits) in std::mem::take(&mut self.hits).into_iter().enumerate().filter(|(_, hits)| *hits > 0) {
            if let Some(number) = change.old_numbers.get(index) {
                self.parked.push((*number, hits));
            }
        }
        if self.parked.is_empty() {
            return;
        }
        let mut hits = vec![0; change.numbers.len()];
        self.parked.retain(|(number, parked)| {
            let place = change.numbers.iter().position(|own| own == number);
            if let Some(place) = place {
                hits[place] = *parked;
            }
            place.is_none()
        });
        let surplus = self.parked.len().saturating_sub(MOST_PARKED);
        self.parked.drain(..surplus);
        if hits.iter().any(|hits| *hits > 0) {
            self.hits = hits;
        }
    }

    /// `idle` and `every` go on where they were; those that are new or have another head begin to count.
    fn move_due(&mut self, change: &Change, turn: &mut Turn<'_>) {
        let (set, old_due) = (turn.set, std::mem::take(&mut self.due));
        for (index, rule) in set.rules.iter().enumerate() {
            let (When::Idle(time) | When::Every(time)) = &rule.when else { continue };
            let old = change.from.get(index).copied().flatten();
            let is_same = |old: usize| change.old.identity(old).has_head_of(set.identity(index));
            let due = old.filter(|old| is_same(*old)).and_then(|old| old_due.iter().find(|(own, _)| *own == old));
            if let Some((_, due)) = due {
                self.due.push((index, *due));
                continue;
            }
            match duration(time, &mut self.world(index, turn)) {
                Ok(time) => self.due.push((index, turn.now.saturating_add(time))),
                Err(fault) => turn.out.push(Output::of(index, None, Act::Fault(fault))),
            }
        }
    }
}

//! The variables of a run.

use super::fault::FaultKind;
use super::names::Names;
use super::value::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The variables of a run. Its steps and the rules of all its sessions hold the same ones, each in a thread of its own.
#[derive(Clone, Debug, Default)]
pub struct Vars(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    names: Mutex<Names>,
    /// Held while a new value is computed from the old ones, so that no change of another thread is lost.
    change: Mutex<()>,
}

impl Vars {
    fn names(&self) -> MutexGuard<'_, Names> {
        // A value is replaced in one step, so the list is whole even after a panic.
        self.0.names.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value of a variable.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Value> {
        self.names().get(name).cloned()
    }

    /// Whether it is a variable.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names().has(name)
    }

    /// Sets a variable.
    pub fn set(&self, name: &str, value: Value) {
        self.names().set(name, value);
    }

    /// Sets a variable if the values then take at most `most` bytes.
    ///
    /// # Errors
    /// They would take more. The variable keeps its value.
    pub fn set_within(&self, name: &str, value: Value, most: usize) -> Result<(), FaultKind> {
        self.names().set_within(name, value, most)
    }

    /// All names with their values.
    #[must_use]
    pub fn all(&self) -> Vec<(String, Value)> {
        self.names().iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// Runs `compute`, during which no other thread is inside of this function.
    pub fn alone<T>(&self, compute: impl FnOnce() -> T) -> T {
        let _change = self.0.change.lock().unwrap_or_else(PoisonError::into_inner);
        compute()
    }

    /// Variables of their own with the same values.
    #[must_use]
    pub fn copied(&self) -> Self {
        let inner = Inner { names: Mutex::new(self.names().clone()), change: Mutex::default() };
        Self(Arc::new(inner))
    }
}

/// Scopes on top of each other: what a run shares, and what only a step or connection has.
#[derive(Debug)]
pub struct Layers<'a> {
    /// The variables of the run.
    pub run: &'a Vars,
    /// The names of the step or connection.
    pub own: &'a mut Names,
    /// What is before the names of the variables of a used file; empty: it is the file itself.
    pub scope: &'a str,
}

impl Layers<'_> {
    /// Sets a name where it is: a variable of the run stays one; every other name is the own.
    ///
    /// # Errors
    /// The values of the scope would take more than `most` bytes.
    pub fn set(&mut self, name: &str, value: Value, most: usize) -> Result<(), FaultKind> {
        if !self.scope.is_empty() {
            let of_used = format!("{}{name}", self.scope);
            if self.run.has(&of_used) {
                return self.run.set_within(&of_used, value, most);
            }
        }
        if self.run.has(name) { self.run.set_within(name, value, most) } else { self.own.set_within(name, value, most) }
    }

    /// Sets what a match has captured.
    ///
    /// # Errors
    /// The values take more than `most` bytes.
    pub fn set_all(&mut self, captures: crate::talk::pattern::Captures, most: usize) -> Result<(), FaultKind> {
        captures.into_iter().try_for_each(|(name, value)| self.set(&name, value, most))
    }
}

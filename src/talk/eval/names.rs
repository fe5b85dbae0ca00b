//! Names with their values.

use super::fault::FaultKind;
use super::value::Value;
use std::sync::Arc;

/// The values of one scope: the variables of a run, or what a step or a connection has set. There are few, so a list is fastest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    list: Vec<(Arc<str>, Value)>,
}

impl Names {
    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.list.iter().find(|(own, _)| **own == *name).map(|(_, value)| value)
    }

    /// Whether the name is set.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Sets a name.
    pub fn set(&mut self, name: &str, value: Value) {
        match self.list.iter_mut().find(|(own, _)| **own == *name) {
            Some((_, own)) => *own = value,
            None => self.list.push((name.into(), value)),
        }
    }

    /// Sets a name if the values then take at most `most` bytes.
    ///
    /// # Errors
    /// They would take more. The name keeps its value.
    pub fn set_within(&mut self, name: &str, value: Value, most: usize) -> Result<(), FaultKind> {
        if value.size() > 0 {
            let others: usize = self.list.iter().filter(|(own, _)| **own != *name).map(|(_, value)| value.size()).sum();
            if others.saturating_add(value.size()) > most {
                return Err(FaultKind::TooMuchState { most });
            }
        }
        self.set(name, value);
        Ok(())
    }

    /// All names with their values, in the order in which they were first set.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.list.iter().map(|(name, value)| (&**name, value))
    }

    /// Removes all names.
    pub fn clear(&mut self) {
        self.list.clear();
    }
}

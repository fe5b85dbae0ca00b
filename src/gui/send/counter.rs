//! The counter of the variables.

use crate::model::random_bits;

/// The counter of a box: how often its present text was sent.
#[derive(Clone, Debug)]
pub struct Counter {
    sent: u64,
    text: String,
    seed: u64,
}

impl Default for Counter {
    fn default() -> Self {
        Self { sent: 0, text: String::new(), seed: random_bits() }
    }
}

impl Counter {
    /// The counter of the next send of `text`, and the seed of its random numbers. Another text counts from 0.
    pub fn next(&mut self, text: &str) -> (u64, u64) {
        if self.text != text {
            text.clone_into(&mut self.text);
            self.sent = 0;
        }
        (self.sent, self.seed)
    }

    /// Counts up to here.
    pub fn set(&mut self, sent: u64) {
        self.sent = sent;
    }
}

//! How a client connects again by itself.

use serde::{Deserialize, Serialize};

/// The numbers as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReconnectSetup {
    /// It does.
    pub is_on: bool,
    /// Seconds before the first attempt.
    pub first: String,
    /// The longest wait in seconds: each failed attempt doubles the wait up to it. Empty: all waits are equal.
    pub longest: String,
    /// Attempts in a row until it gives up; empty for no limit.
    pub tries: String,
}

impl Default for ReconnectSetup {
    fn default() -> Self {
        Self { is_on: false, first: "2".into(), longest: String::new(), tries: String::new() }
    }
}

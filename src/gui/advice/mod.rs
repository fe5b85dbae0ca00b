//! Advice about the encoding: what it knows (`state`), and the line under the log (`panel`).

pub mod panel;
pub mod state;

//! Advice about the encoding: its detection (`state`), and the strip below the log (`panel`).

pub mod panel;
pub mod state;

//! The byte inspector: what it computes (`state`), and its panel.

pub mod panel;
pub mod state;

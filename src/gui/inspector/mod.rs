//! The byte inspector: its computation (`state`) and its panel.

pub mod panel;
pub mod state;

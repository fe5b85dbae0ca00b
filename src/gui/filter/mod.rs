//! The filter of the log: as typed (`form`), applied (`state`), and its panel.

pub mod form;
pub mod panel;
pub mod state;

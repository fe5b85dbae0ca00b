//! The plots of rates and answer times.

pub mod panel;
pub mod state;

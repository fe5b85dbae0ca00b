//! Runs of the steps of a tab's talk file: the view in the dock, the results in the drawer, the chip of the status line.

pub mod actions;
pub mod chip;
pub mod diff;
pub mod panel;
pub mod results;
pub mod rows;
pub mod state;

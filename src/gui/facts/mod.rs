//! The facts of a connection in the dock.

pub mod panel;
pub mod state;

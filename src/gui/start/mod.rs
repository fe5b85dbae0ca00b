//! The page of a session that was never opened, and the demonstration.

pub mod demo;
pub mod page;
pub mod state;

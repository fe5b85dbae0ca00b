//! The page of a session that was never opened, and the demonstration.

pub mod actions;
pub mod demo;
mod lists;
mod machine;
pub mod page;
pub mod state;
pub mod typed;

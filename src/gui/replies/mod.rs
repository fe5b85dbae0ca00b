//! The reply rules of a session: what it does by itself. The list *is* the talk file of the session; the worker gets the compiled rules.

pub mod actions;
pub mod chip;
pub mod list;
pub mod panel;
mod row;
pub mod state;

//! The reply rules of a session: what it does by itself. The list *is* the talk file of the session; the worker gets the compiled rules.

pub mod actions;
pub mod chip;
mod editor;
pub mod fields;
pub mod form;
pub mod list;
pub mod panel;
pub mod presets;
pub mod preview;
mod row;
pub mod state;

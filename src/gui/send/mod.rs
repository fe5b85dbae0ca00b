//! The send box: what is composed (`compose`, `state`), its panel, and its actions.

pub mod actions;
pub mod compose;
pub mod counter;
pub mod panel;
pub mod state;
pub mod wrap_form;

//! Sending and saving files: the form, the list of what runs, and the actions.

pub mod actions;
pub mod chip;
pub mod form;
pub mod headed;
pub mod list;
pub mod popover;
pub mod row;
pub mod saving;
pub mod transfer;
pub mod transfers;

#[cfg(test)]
mod tests;

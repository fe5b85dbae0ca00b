//! Sending and saving files: state, progress, panel and actions.

pub mod actions;
pub mod saving;
pub mod state;
pub mod strip;
pub mod transfer;

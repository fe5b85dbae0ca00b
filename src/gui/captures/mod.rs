//! The stored captures: their state, their jobs (`actions`), and their page in the settings (`page`).

pub mod actions;
pub mod page;
pub mod state;

//! The stored captures: what is known of them and what is done with them (`actions`), and their page in the settings (`page`).

pub mod actions;
pub mod page;
pub mod state;

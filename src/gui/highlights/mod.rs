//! Highlight rules: matching (`matcher`), their dialog (`page`), and their actions.

pub mod actions;
pub mod matcher;
pub mod page;
pub mod state;

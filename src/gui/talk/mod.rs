//! The talk file of a tab: its quick commands and reply rules.

pub mod actions;
pub mod file;
pub mod menu;
pub mod trouble;

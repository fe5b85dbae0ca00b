//! The search: its state, its box in the toolbar (`bar`), and the hit list (`list`, drawn by `hits`).

pub mod bar;
pub mod hits;
pub mod list;
pub mod state;

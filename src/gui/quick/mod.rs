//! Quick commands: the list in the dock, the chips below the send box, their form, and what runs.

pub mod actions;
pub mod chips;
pub mod editor;
pub mod fields;
pub mod form;
pub mod list;
pub mod panel;
pub mod plan;
pub mod row;
pub mod state;
pub mod steps;

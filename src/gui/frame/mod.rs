//! The places of the window around the log: pane, toolbar, left column, status line.

pub mod corner;
pub mod left;
pub mod nothing;
pub mod options;
pub mod pane;
pub mod status;
pub mod toolbar;

//! The places around the log: pane, toolbar, left column, status line.

pub mod corner;
pub mod dock;
pub mod drawer;
pub mod edge;
pub mod from_log;
pub mod left;
pub mod nothing;
pub mod options;
pub mod pane;
pub mod places;
pub mod rail;
pub mod status;
pub mod tab_row;
pub mod toolbar;

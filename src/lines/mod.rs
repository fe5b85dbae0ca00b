//! Records as display rows for one view. No egui: rows are plain values that a window paints and a test reads.
//!
//! A position is a [`Place`] (record, row within it), not a global line number: a screen is laid out from its place alone, so
//! the first picture of a 10 GiB capture costs what the first of a small one costs, switching mode, encoding or width needs no
//! rescan of history, and nothing grows with the history. The scroll bar works on record numbers and on rows within a record.
//!
//! A view shows the records as they came, or the *items* of an index over them (frames of a rule, a filter); a place's record is
//! an item's number then.
//!
//! Inside: `records` and `items` (by number, cached) and `stream` (decoder states over record borders; `far`: what is too far back for it) feed `block` (64 KiB of a record
//! decoded to units), which `text` and `dump` turn into rows of cells; `glyph` says how a character looks; `view` walks.
//! Beside it `copy` gives selections as bytes, hex and text, and `save` writes history to files.

mod block;
mod cache;
mod config;
mod copy;
mod dump;
mod elapsed;
mod far;
mod file;
mod folds;
mod glyph;
mod items;
mod log;
mod marks;
mod place;
mod records;
mod render;
mod row;
mod save;
mod stream;
mod text;
mod view;

#[cfg(test)]
mod tests;

pub use crate::capture::{OnProgress, SaveError, Saved};
pub use config::{ViewConfig, ViewMode};
pub use copy::Copied;
pub use elapsed::TimeForm;
pub use far::{FarLook, FarStates};
pub use file::save_file;
pub use log::LogForm;
pub use marks::{Mark, marks};
pub use place::{BytePlace, Place};
pub use row::{Cell, CellStyle, EventIcon, Fold, FrameParts, Row, RowKind};
pub use save::{save_log, save_received};
pub use view::View;

//! Lays out records as display rows. No egui: rows are plain values that a window paints and a test reads.
//!
//! A position is a [`Place`] (record, row within it), not a global line number. A screen is laid out from its place alone: showing
//! the first screen of a 10 GiB capture costs no more than that of a small one, changing mode, encoding or width needs no scan of
//! the history, and no memory grows with the history. The scroll bar works on record numbers and on rows within a record.
//!
//! A view shows unmodified records, or the *items* of an index over them (frames of a rule, a filter). In the latter case the record
//! number of a place is an item number.
//!
//! Inside: `records` and `items` (by number, cached) and `decoders` (decoder states across record boundaries; `far` for those too far
//! back) feed `block` (64 KiB of a record decoded to units), which `text` and `dump` turn into rows of cells. `glyph` defines the
//! display form of a character, and `view` navigates. `copy` converts selections to bytes, hex and text; `save` writes history to
//! files, `follow` what arrives.

mod block;
mod cache;
mod config;
mod copy;
mod decoders;
mod dump;
mod elapsed;
mod far;
mod file;
mod folds;
mod follow;
mod glyph;
mod items;
mod log;
mod marks;
mod output;
mod place;
mod received;
mod records;
mod render;
mod row;
mod save;
mod text;
mod view;

#[cfg(test)]
mod tests;

pub use crate::capture::{OnProgress, SaveError, Saved};
pub use config::{ViewConfig, ViewMode};
pub use copy::Copied;
pub use elapsed::DeltaFrom;
pub use far::{FarLook, FarStates};
pub use file::save_file;
pub use follow::{Follower, Following, follower};
pub use log::LogForm;
pub use marks::{Mark, marks};
pub use output::{OutputFile, OutputKind};
pub use place::{BytePlace, Place};
pub use received::{FilePlan, ReceivedFiles, ReceivedSink};
pub use row::{Cell, CellStyle, EventIcon, Fold, FrameParts, Row, RowKind};
pub use save::{save_log, save_received};
pub use view::View;

//! The traffic store on disk. One [`CaptureWriter`] (a session's worker) appends; any number of [`CaptureReader`]s
//! read at an offset. Format: `docs/CAPTURE_FORMAT.md`.

mod catalog;
mod disk;
#[cfg(test)]
mod faults;
mod format;
mod meta;
mod open;
mod pending;
mod platform;
mod reader;
mod record;
mod sharing;
mod store;
#[cfg(test)]
mod tests;
mod writer;

pub use catalog::{CaptureInfo, CaptureState, Catalog, Retention};
pub use reader::{CaptureReader, ReadError};
pub use record::{NewRecord, Payload, Record, RecordKind, SessionNote, file_stamp};
pub use writer::{CaptureOptions, CaptureWriter, WriteError, WriterStats};

//! The traffic store on disk. One [`CaptureWriter`] (owned by a session's worker) appends; any number of [`CaptureReader`]s read by
//! offset; [`export`] converts what they read to the formats of other programs. The file format is described in
//! `docs/CAPTURE_FORMAT.md`.

mod align;
mod batches;
mod belonging;
mod catalog;
mod cuts;
mod disk;
mod earlier;
mod export;
#[cfg(test)]
mod faults;
mod follow;
mod format;
mod gathered;
mod hold;
mod identity;
mod import;
pub mod items;
pub mod json;
mod marks;
mod meta;
mod names;
mod open;
mod origin;
mod payload_form;
mod peer_filter;
mod peers;
mod pending;
mod platform;
mod reader;
mod record;
mod retention;
pub mod search;
mod sent_file;
mod sharing;
mod store;
#[cfg(test)]
mod tests;
mod text_streams;
mod time;
pub mod timeline;
mod writer;

pub use belonging::{is_inside_capture, is_linked_from_capture};
pub use catalog::{CaptureInfo, CaptureState, Catalog};
pub use export::{ExportFormat, ExportStyle, OnProgress, SaveError, Saved, Selection, Sentence, Unreadable, export};
pub use follow::has_device_name;
pub use hold::{Caught, Hold};
pub use identity::FileIdentity;
pub use import::{ImportError, ImportRemarks, Imported, import_netassist};
pub use marks::{Cause, Layer, LocalId, Marks, NameId};
pub use origin::keep_origin_at;
pub use payload_form::PayloadForm;
pub use peer_filter::PeerFilter;
pub use reader::{CaptureReader, ChangedFile, NotFollowed, ReadError};
pub use record::{NewRecord, Payload, Record, RecordKind, SessionNote, file_stamp};
pub use retention::Retention;
pub use sent_file::part_hash;
pub use text_streams::{Tails, TextStreams};
pub use writer::{CaptureOptions, CaptureWriter, WriteError, WriterStats};

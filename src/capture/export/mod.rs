//! History to files in forms that other programs read. One walk over the records feeds the writer of the form, part by part, so
//! that memory stays below some hundred KiB whatever the range; the parts of a form that are for people are given by the caller.
//!
//! `walk` reads, `text` decodes streams, `cut` says what frames are. Each form has a file, which describes it, and a line in `form`. A
//! text log, which is what a view shows, is in `lines`.

mod conversation;
mod csv;
mod cut;
mod form;
mod hexdump;
mod jsonl;
mod netassist;
mod packet;
mod pcapng;
mod raw;
#[cfg(test)]
mod tests;
mod text;
mod walk;

pub use form::ExportFormat;
pub(super) use netassist::{MARK as NETASSIST_MARK, is_frame_note as is_netassist_frame_note};

use super::items::ItemIndex;
use super::{CaptureReader, PeerFilter, ReadError, Record, SessionNote};
use crate::codec::Encoding;
use crate::model::Direction;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::ops::Range;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Records written (of a log: every record with a line).
    pub records: u64,
    /// Bytes written to the file.
    pub bytes: u64,
    /// Records of the range that are missing because the size limit evicted them before they could be saved.
    pub evicted: u64,
    /// Records that are missing because the capture is damaged there, or because a file that was sent has changed since.
    pub unreadable: u64,
}

/// Why saving stopped. What was written until then is in the file.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file cannot be written.
    #[error("{0}")]
    Write(#[from] io::Error),
    /// The capture cannot be read on in the middle of a record.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// As asked.
    #[error("cancelled")]
    Cancelled,
}

/// Told how far it is (records done, records in all); answers false to stop with [`SaveError::Cancelled`].
pub type OnProgress<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// Which records.
#[derive(Clone, Debug)]
pub struct Selection {
    /// By number; what does not exist (any more) is left out. With an index: those in which an item was complete; what is unfinished
    /// at the ends of the streams belongs to those that reach to the end of what was looked at.
    pub records: Range<u64>,
    /// The items of this index instead of the records: frames, or what passes a filter.
    pub index: Option<ItemIndex>,
    /// With an index: only these items of it, by number, instead of those of `records`.
    pub items: Option<Range<u64>>,
    /// Of one peer only.
    pub peer: Option<PeerFilter>,
    /// Data of one direction only.
    pub direction: Option<Direction>,
    /// At most so many data records or frames; events between them do not count.
    pub most: u64,
}

impl Selection {
    /// Everything that can be read now.
    #[must_use]
    pub fn all(reader: &CaptureReader) -> Self {
        Self { records: reader.records(), index: None, items: None, peer: None, direction: None, most: u64::MAX }
    }

    /// Records are cut or verified: the forms say what came of it.
    fn cuts(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.rule().cuts())
    }
}

/// Says a record that is no data in words: the record, its note, the address of its peer.
pub type Sentence<'a> = dyn Fn(&Record, Option<&SessionNote>, Option<SocketAddr>) -> String + 'a;

/// Says in words why payload cannot be read.
pub type Unreadable<'a> = dyn Fn(&ReadError) -> String + 'a;

/// What the forms that hold text need.
pub struct ExportStyle<'a> {
    /// Of payload as text.
    pub encoding: Encoding,
    /// Events in words.
    pub sentence: &'a Sentence<'a>,
    /// Why payload cannot be read, in words.
    pub unreadable: &'a Unreadable<'a>,
    /// Stands at the head of a pcapng file; should say that the headers are made up.
    pub remark: &'a str,
}

/// Writes the selected records to `out` in a form, and flushes it.
///
/// # Errors
/// See [`SaveError`].
pub fn export(
    reader: &CaptureReader,
    format: ExportFormat,
    selection: &Selection,
    style: &ExportStyle<'_>,
    out: &mut dyn Write,
    progress: &mut OnProgress<'_>,
) -> Result<Saved, SaveError> {
    let mut sink = format.sink(reader, selection, style);
    walk::walk(reader, selection, sink.as_mut(), out, progress)
}

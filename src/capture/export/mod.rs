//! Exports history to files that other programs read. A single walk over the records feeds the sink of the format part by part, so
//! memory stays below some hundred KiB for any range. The caller supplies the texts for people.
//!
//! `walk` reads, `text` decodes streams, `cut` describes frames. Each format has a file that describes it, and a line in `form`. The
//! text log, which corresponds to a view, is in `lines`.

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

pub(super) use netassist::{MARK as NETASSIST_MARK, is_frame_note as is_netassist_frame_note};

use form::{Form, forms};

use super::items::ItemIndex;
use super::{CaptureReader, PeerFilter, ReadError, Record, SessionNote};
use crate::codec::Encoding;
use crate::model::Direction;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::ops::Range;

forms! {
    /// The payload bytes and nothing else, in record order.
    Raw: raw;
    /// The log format of NetAssist: a head line for each record, then its text or hex.
    NetAssist: netassist;
    /// RFC 4180 with a header row, in UTF-8 with a byte order mark (which spreadsheets look for).
    Csv: csv;
    /// One JSON object per line, with the names and fields of the command line's `--json`.
    JsonLines: jsonl;
    /// Input for Wireshark's `text2pcap -D -t ISO`.
    Hexdump: hexdump;
    /// Packets with synthetic Ethernet, IP and TCP or UDP headers, for Wireshark: draft-ietf-opsawg-pcapng.
    Pcapng: pcapng;
}

/// Result of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Count of records written (for a log: of records with a line).
    pub records: u64,
    /// Bytes written to the file.
    pub bytes: u64,
    /// Count of records in the range that the size limit evicted before they could be saved.
    pub evicted: u64,
    /// Count of records that are missing because the capture is damaged or a sent file has changed.
    pub unreadable: u64,
}

/// Why an export stopped. The file contains what was written until then.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file cannot be written.
    #[error("{0}")]
    Write(#[from] io::Error),
    /// The capture became unreadable in the middle of a record.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Cancelled by the caller.
    #[error("cancelled")]
    Cancelled,
}

/// Gets the count of processed records and the total; returns false to stop with [`SaveError::Cancelled`].
pub type OnProgress<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// The records to export.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Record numbers; records that do not exist (any more) are left out. With an index: the records in which items became complete;
    /// unfinished items at the ends of the streams are included if the range reaches the end of the scanned records.
    pub records: Range<u64>,
    /// Exports the items of this index (frames, or what passes a filter) instead of the records.
    pub index: Option<ItemIndex>,
    /// With an index: exports only these items, by number, instead of those of `records`.
    pub items: Option<Range<u64>>,
    /// Only one peer.
    pub peer: Option<PeerFilter>,
    /// Only data of one direction.
    pub direction: Option<Direction>,
    /// Maximum count of data records or frames; events between them do not count.
    pub most: u64,
}

impl Selection {
    /// Selects everything that can be read now.
    #[must_use]
    pub fn all(reader: &CaptureReader) -> Self {
        Self { records: reader.records(), index: None, items: None, peer: None, direction: None, most: u64::MAX }
    }

    /// Whether records are cut or verified, so that the result is exported too.
    fn cuts(&self) -> bool {
        self.index.as_ref().is_some_and(|index| index.rule().cuts())
    }
}

/// Describes a record that is not data: the record, its note, the address of its peer.
pub type Sentence<'a> = dyn Fn(&Record, Option<&SessionNote>, Option<SocketAddr>) -> String + 'a;

/// Describes why payload cannot be read.
pub type Unreadable<'a> = dyn Fn(&ReadError) -> String + 'a;

/// Settings for formats that contain text.
pub struct ExportStyle<'a> {
    /// Encoding of payload as text.
    pub encoding: Encoding,
    /// Describes events.
    pub sentence: &'a Sentence<'a>,
    /// Describes why payload cannot be read.
    pub unreadable: &'a Unreadable<'a>,
    /// Comment at the start of a pcapng file; should state that the headers are synthetic.
    pub remark: &'a str,
}

/// Writes the selected records to `out` in a format, and flushes it.
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

//! Imports a log in the format of NetAssist (see `export/netassist.rs` and `head.rs`) into a new capture, so that all views work on
//! it.
//!
//! Payload of `ASCII` entries is copied byte for byte, whatever its encoding. The line end before the next head line belongs to the
//! log, and so does an empty line if every entry is followed by one. Times are local. Entries with an unknown head line are skipped
//! and counted.

mod file;
mod head;
mod survey;
#[cfg(test)]
mod tests;

use super::{
    CaptureOptions, CaptureWriter, Marks, NewRecord, OnProgress, Payload, RecordKind, SessionNote, WriteError,
};
use crate::codec::hex;
use crate::model::{CloseReason, NetError, PeerId, Transport};
use file::LogFile;
use head::{Clock, HeadLine, What};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;
use survey::{Survey, survey};

/// A longer entry is split into several records to bound memory.
const RECORD_BYTES: usize = 16 * 1024 * 1024;
/// Bytes at the end of a part that may be line ends of the log.
const KEPT_BYTES: usize = 4;

/// Why a log could not be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read, or the capture cannot be written.
    #[error(transparent)]
    Net(#[from] NetError),
    /// Cancelled by the caller.
    #[error("cancelled")]
    Cancelled,
    /// The file contains no head line.
    #[error("no entry of a NetAssist log")]
    NoLog,
    /// Invalid hex.
    #[error("line {line}: {error}")]
    Hex {
        /// Line number of the entry's head line, counted from 1.
        line: u64,
        /// The problem.
        error: hex::HexError,
    },
}

impl From<WriteError> for ImportError {
    fn from(error: WriteError) -> Self {
        let (WriteError::DiskFull(error) | WriteError::Failed(error)) = error;
        Self::Net(error)
    }
}

/// Result of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Id of the new capture.
    pub id: String,
    /// Count of its data records.
    pub records: u64,
    /// What was changed or left out.
    pub remarks: ImportRemarks,
}

/// What an import changed or left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportRemarks {
    /// Every entry was followed by an empty line, which was left out.
    pub had_empty_lines: bool,
    /// The file was UTF-16; its text was converted to UTF-8.
    pub was_utf_16: bool,
    /// Count of entries with a local time that existed twice because the clock was set back.
    pub ambiguous_times: u64,
    /// Count of entries with a local time that did not exist because the clock was set forward.
    pub skipped_times: u64,
    /// Count of non-empty lines that belong to no entry.
    pub left_out_lines: u64,
}

/// Imports the log at `path` into a new capture below `captures_dir`. The last record, which closes the capture, has the time of the
/// import, so that the retention time counts from there.
///
/// `progress` gets the bytes read so far and the total (a log is read twice), and returns whether to continue.
///
/// # Errors
/// See [`ImportError`]. On error no capture is left behind.
pub fn import_netassist(
    path: &Path,
    captures_dir: &Path,
    options: CaptureOptions,
    zone: &TimeZone,
    progress: &mut OnProgress<'_>,
) -> Result<Imported, ImportError> {
    let first = survey(path, zone, progress)?.ok_or(ImportError::NoLog)?;
    let writer = CaptureWriter::create_past(captures_dir, &first.endpoint, options, first.unix_ns)?;
    let folder = writer.reader().folder().to_owned();
    let import = Import::new(writer, &first);
    let done = import.and_then(|import| import.read(path, zone, progress));
    if done.is_err() {
        fs::remove_dir_all(&folder).ok(); // only the first failure is reported
    }
    done
}

/// Whether the line contains nothing but its line end.
fn line_is_empty(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b'\r' | b'\n'))
}

/// An entry whose payload is being read.
struct LogEntry {
    head: HeadLine,
    line: u64,
    /// The line end of its first line, which its payload uses too. `None` while that line is incomplete.
    line_end: Option<&'static [u8]>,
    body: Vec<u8>,
    /// Bytes of the payload that were already appended.
    appended: usize,
}

impl LogEntry {
    fn new(head: HeadLine, line: u64, piece: &[u8]) -> Self {
        let mut entry = Self { head, line, line_end: None, body: Vec::new(), appended: 0 };
        match head.payload_at {
            Some(at) => entry.take(&piece[at..]),
            None => entry.line_end = line_end(piece),
        }
        entry
    }

    fn take(&mut self, piece: &[u8]) {
        self.body.extend_from_slice(piece);
        self.line_end = self.line_end.or_else(|| line_end(&self.body));
    }

    /// The payload without the line ends of the log.
    fn payload(&self, has_empty_lines: bool) -> &[u8] {
        let body = &self.body[..];
        if let What::Data { len: Some(len), is_hex: false, .. } = self.head.what
            && let Some((payload, rest)) = len.checked_sub(self.appended).and_then(|len| body.split_at_checked(len))
            && line_is_empty(rest)
        {
            return payload;
        }
        let line_end = self.line_end.unwrap_or_default();
        let without = |body| <[u8]>::strip_suffix(body, line_end).unwrap_or(body);
        if has_empty_lines { without(without(body)) } else { without(body) }
    }
}

fn line_end(line: &[u8]) -> Option<&'static [u8]> {
    match line {
        [.., b'\r', b'\n'] => Some(b"\r\n"),
        [.., b'\n'] => Some(b"\n"),
        _ => None,
    }
}

struct Import {
    writer: CaptureWriter,
    /// Peers that are online or were named.
    peers: BTreeMap<SocketAddr, PeerId>,
    entry: Option<LogEntry>,
    records: u64,
    last_ns: i64,
    remarks: ImportRemarks,
    /// Marks of the data records.
    marks: Marks,
}

impl Import {
    fn new(writer: CaptureWriter, first: &Survey) -> Result<Self, ImportError> {
        let marks = Marks { is_message: first.endpoint.transport == Transport::Udp, ..Marks::default() };
        let remarks = ImportRemarks { had_empty_lines: first.has_empty_lines, ..ImportRemarks::default() };
        let (peers, last_ns) = (BTreeMap::new(), first.unix_ns);
        let mut import = Self { writer, peers, entry: None, records: 0, last_ns, remarks, marks };
        let opened = SessionNote::Opened { run: 1, endpoint: first.endpoint.to_string() };
        import.note(PeerId::NONE, &opened, first.unix_ns)?;
        Ok(import)
    }

    fn read(mut self, path: &Path, zone: &TimeZone, progress: &mut OnProgress<'_>) -> Result<Imported, ImportError> {
        let mut clock = Clock::new(zone);
        let file = LogFile::open(path)?;
        self.remarks.was_utf_16 = file.was_utf_16;
        file.read(1, progress, &mut |piece, at_start, line| {
            if let Some(head) = at_start.then(|| clock.head(piece)).flatten() {
                self.end_entry()?;
                self.remarks.left_out_lines += u64::from(head.what == What::Other);
                self.entry = Some(LogEntry::new(head, line, piece));
                return Ok(());
            }
            self.body(piece, at_start)
        })?;
        self.end_entry()?;
        (self.remarks.ambiguous_times, self.remarks.skipped_times) = (clock.ambiguous, clock.skipped);
        let now = super::disk::unix_ns(SystemTime::now());
        self.note(PeerId::NONE, &SessionNote::Closed { reason: CloseReason::Local, next: None }, now)?;
        self.writer.flush()?;
        let imported = Imported { id: self.writer.id().to_owned(), records: self.records, remarks: self.remarks };
        self.writer.close();
        Ok(imported)
    }

    fn body(&mut self, piece: &[u8], at_start: bool) -> Result<(), ImportError> {
        let data = self.entry.as_mut().and_then(|entry| match entry.head.what {
            What::Data { is_hex, .. } => Some((entry, is_hex)),
            _ => None,
        });
        let Some((entry, is_hex)) = data else {
            self.remarks.left_out_lines += u64::from(at_start && !line_is_empty(piece));
            return Ok(());
        };
        entry.take(piece);
        if entry.body.len() < RECORD_BYTES {
            return Ok(());
        }
        // Split after the last complete byte of hex, or before what may be line ends of the log.
        let end = if is_hex {
            entry.body.iter().rposition(u8::is_ascii_whitespace).unwrap_or(entry.body.len())
        } else {
            entry.body.len() - KEPT_BYTES
        };
        let rest = entry.body.split_off(end);
        let part = std::mem::replace(&mut entry.body, rest);
        entry.appended += part.len();
        let (head, line) = (entry.head, entry.line);
        self.data(head, line, &part)
    }

    fn end_entry(&mut self) -> Result<(), ImportError> {
        let Some(entry) = self.entry.take() else { return Ok(()) };
        match entry.head.what {
            What::Data { .. } => {
                let body = entry.payload(self.remarks.had_empty_lines);
                if entry.appended > 0 && body.is_empty() {
                    return Ok(());
                }
                self.data(entry.head, entry.line, body)
            }
            What::Online(address) => {
                self.peers.remove(&address); // a new connection from the same port
                self.peer(address, entry.head.unix_ns).map(|_| ())
            }
            What::Offline(address) => {
                let peer = self.peer(address, entry.head.unix_ns)?;
                self.peers.remove(&address);
                // The log does not record which side closed the connection.
                let note = SessionNote::PeerLeft { reason: CloseReason::PeerFin };
                self.note(peer, &note, entry.head.unix_ns)?;
                self.writer.forget_peer(peer);
                Ok(())
            }
            What::Mark | What::FrameNote | What::Other => Ok(()),
        }
    }

    fn data(&mut self, head: HeadLine, line: u64, body: &[u8]) -> Result<(), ImportError> {
        let What::Data { direction, is_hex, peer, .. } = head.what else { return Ok(()) };
        let bytes: Arc<[u8]> = if is_hex {
            hex::parse(&String::from_utf8_lossy(body)).map_err(|error| ImportError::Hex { line, error })?.into()
        } else {
            body.into()
        };
        let peers = match peer {
            Some(address) => vec![self.peer(address, head.unix_ns)?],
            None if self.peers.is_empty() => vec![PeerId::NONE],
            None => self.peers.values().copied().collect(),
        };
        for peer in peers {
            let payload = Payload::Shared { bytes: &bytes, start: 0, end: bytes.len() };
            self.append(&NewRecord::data(direction, peer, payload).marked(self.marks), head.unix_ns)?;
            self.records += 1;
        }
        Ok(())
    }

    /// The number of an address. A new address joins as a peer.
    fn peer(&mut self, address: SocketAddr, unix_ns: i64) -> Result<PeerId, ImportError> {
        if let Some(peer) = self.peers.get(&address) {
            return Ok(*peer);
        }
        let peer = self.writer.add_peer(address)?;
        self.peers.insert(address, peer);
        self.append(&NewRecord::bare(RecordKind::PeerJoined, peer).marked(self.marks), unix_ns)?;
        Ok(peer)
    }

    fn note(&mut self, peer: PeerId, note: &SessionNote, unix_ns: i64) -> Result<(), ImportError> {
        let mut json = Vec::new();
        self.append(&NewRecord::note(peer, note, &mut json), unix_ns)
    }

    /// Appends a record. Times never decrease within a capture.
    fn append(&mut self, record: &NewRecord<'_>, unix_ns: i64) -> Result<(), ImportError> {
        self.last_ns = self.last_ns.max(unix_ns);
        Ok(self.writer.append_past(record, self.last_ns).map(|_| ())?)
    }
}

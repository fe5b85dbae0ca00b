//! A log in the form of NetAssist (see `export/netassist.rs`) read into a new capture, so that it has every view.
//!
//! Payload in `ASCII` entries is taken as the bytes that stand there, whatever their encoding; the line end before the next head
//! line belongs to the log. Times are local ones. What has no head line known here is passed over.

use super::{CaptureOptions, CaptureWriter, Marks, NewRecord, Payload, RecordKind, SessionNote, WriteError};
use crate::codec::hex;
use crate::model::{CloseReason, Direction, Endpoint, ErrorKind, NetError, Operation, PeerId, Transport, foreign_zone};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::net::{SocketAddr, SocketAddrV6};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

/// Read at once; no head line is longer.
const PIECE_BYTES: u64 = 64 * 1024;
/// A longer entry becomes several records, so that memory stays bounded.
const RECORD_BYTES: usize = 16 * 1024 * 1024;
/// `[2019-07-12 16:05:41.240]# `
const STAMP_LEN: usize = 27;

/// Why a log was not read.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read, or the capture not be written.
    #[error(transparent)]
    Net(#[from] NetError),
    /// There is not one head line in it.
    #[error("no entry of a NetAssist log")]
    NoLog,
    /// Hex that is none.
    #[error("line {line}: {error}")]
    Hex {
        /// Of the entry's head line, from 1.
        line: u64,
        /// What is wrong.
        error: hex::HexError,
    },
}

impl From<WriteError> for ImportError {
    fn from(error: WriteError) -> Self {
        let (WriteError::DiskFull(error) | WriteError::Failed(error)) = error;
        Self::Net(error)
    }
}

/// What became of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The new capture's id.
    pub id: String,
    /// Data records in it.
    pub records: u64,
}

/// A head line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    unix_ns: i64,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Online(SocketAddr),
    Offline(SocketAddr),
    /// `None` = to everybody, or nobody is named.
    Data {
        direction: Direction,
        is_hex: bool,
        peer: Option<SocketAddr>,
    },
    Other,
}

/// A line as a head line, if it is one.
fn head(line: &[u8], zone: &TimeZone) -> Option<Head> {
    let stamp = line.get(..STAMP_LEN)?;
    let time = stamp.strip_prefix(b"[")?.strip_suffix(b"]# ")?;
    let time: DateTime = std::str::from_utf8(time).ok()?.replace(' ', "T").parse().ok()?;
    let unix_ns = i64::try_from(time.to_zoned(zone.clone()).ok()?.timestamp().as_nanosecond()).ok()?;
    let rest = String::from_utf8_lossy(&line[STAMP_LEN..]);
    let rest = rest.trim_end_matches(['\r', '\n']);
    Some(Head { unix_ns, what: what(rest).unwrap_or(What::Other) })
}

fn what(rest: &str) -> Option<What> {
    if let Some(client) = rest.strip_prefix("Client ") {
        let (address, is_online) = match client.strip_suffix(" gets online.") {
            Some(address) => (address, true),
            None => (client.strip_suffix(" gets offline.")?, false),
        };
        let address = spaced_address(address)?;
        return Some(if is_online { What::Online(address) } else { What::Offline(address) });
    }
    let (verb, rest) = rest.strip_suffix('>')?.split_once(' ')?;
    let direction = match verb {
        "RECV" => Direction::Received,
        "SEND" => Direction::Sent,
        _ => return None,
    };
    let (form, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let is_hex = match form {
        "HEX" => true,
        "ASCII" => false,
        _ => return None,
    };
    let place = rest.trim_start_matches("FROM ").trim_start_matches("TO ");
    Some(What::Data { direction, is_hex, peer: spaced_address(place) })
}

/// `192.168.56.1 :4089`, also without the space and with an IPv6 address without brackets.
fn spaced_address(text: &str) -> Option<SocketAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let (ip, port) = text.rsplit_once(':')?;
    let (ip, port) = (ip.trim().trim_matches(['[', ']']), port.trim().parse().ok()?);
    match ip.split_once('%') {
        None => Some(SocketAddr::new(ip.parse().ok()?, port)),
        // The log may come from another machine.
        Some((ip, zone)) => Some(SocketAddrV6::new(ip.parse().ok()?, port, 0, foreign_zone(zone)?).into()),
    }
}

/// Reads the log at `path` into a new capture below `captures_dir`. Its last record, which says that it was closed, has the time
/// of the import, so that the capture is kept as long as a new one.
///
/// # Errors
/// See [`ImportError`]; no capture is left then.
pub fn import_netassist(
    path: &Path,
    captures_dir: &Path,
    options: CaptureOptions,
    zone: &TimeZone,
) -> Result<Imported, ImportError> {
    let first = survey(path, zone)?.ok_or(ImportError::NoLog)?;
    let writer = CaptureWriter::create_past(captures_dir, &first.endpoint, options, first.unix_ns)?;
    let folder = writer.reader().folder().to_owned();
    let import = Import::new(writer, &first);
    let done = import.and_then(|import| import.read(path, zone));
    if done.is_err() {
        fs::remove_dir_all(&folder).ok(); // what was made of it; the failure is the one to tell
    }
    done
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> ImportError {
    move |error| NetError::from_io(Operation::ReadFile, path.display().to_string(), &error).into()
}

/// What has to be known before the capture is made.
struct Survey {
    unix_ns: i64,
    endpoint: Endpoint,
}

/// Takes a piece of a line, whether the line begins with it, and the line's number.
type EachPiece<'a> = dyn FnMut(&[u8], bool, u64) -> Result<(), ImportError> + 'a;

/// Lines with their numbers, in pieces of at most [`PIECE_BYTES`].
fn pieces(path: &Path, each: &mut EachPiece<'_>) -> Result<(), ImportError> {
    if !path.metadata().map_err(unreadable(path))?.is_file() {
        let why = "is no regular file";
        return Err(NetError::new(Operation::ReadFile, ErrorKind::File, path.display().to_string(), why).into());
    }
    let mut file = BufReader::new(File::open(path).map_err(unreadable(path))?);
    let (mut piece, mut at_start, mut line) = (Vec::new(), true, 1);
    loop {
        piece.clear();
        if file.by_ref().take(PIECE_BYTES).read_until(b'\n', &mut piece).map_err(unreadable(path))? == 0 {
            return Ok(());
        }
        each(&piece, at_start, line)?;
        at_start = piece.ends_with(b"\n");
        line += u64::from(at_start);
    }
}

/// The first time, and whether there are connections; `None` = no head line.
fn survey(path: &Path, zone: &TimeZone) -> Result<Option<Survey>, ImportError> {
    let mut first = None;
    let mut connects = false;
    let mut names_senders = false;
    pieces(path, &mut |piece, at_start, _| {
        if let Some(head) = at_start.then(|| head(piece, zone)).flatten() {
            first.get_or_insert(head.unix_ns);
            connects |= matches!(head.what, What::Online(_) | What::Offline(_));
            names_senders |= matches!(head.what, What::Data { peer: Some(_), .. });
        }
        Ok(())
    })?;
    let scheme = if names_senders && !connects { "udp" } else { "tcp" };
    Ok(first.and_then(|unix_ns| Some(Survey { unix_ns, endpoint: format!("{scheme}://0.0.0.0:0").parse().ok()? })))
}

/// An entry whose payload is being read.
struct Entry {
    head: Head,
    line: u64,
    /// How its head line ended: so does its payload.
    line_end: &'static [u8],
    body: Vec<u8>,
    /// Some of it was appended already.
    is_continued: bool,
}

struct Import {
    writer: CaptureWriter,
    /// Those that are online, or were named.
    peers: BTreeMap<SocketAddr, PeerId>,
    entry: Option<Entry>,
    records: u64,
    last_ns: i64,
    /// Of data.
    marks: Marks,
}

impl Import {
    fn new(writer: CaptureWriter, first: &Survey) -> Result<Self, ImportError> {
        let marks = Marks { stands_alone: first.endpoint.transport == Transport::Udp, ..Marks::default() };
        let mut import =
            Self { writer, peers: BTreeMap::new(), entry: None, records: 0, last_ns: first.unix_ns, marks };
        let opened = SessionNote::Opened { run: 1, endpoint: first.endpoint.to_string() };
        import.note(PeerId::NONE, &opened, first.unix_ns)?;
        Ok(import)
    }

    fn read(mut self, path: &Path, zone: &TimeZone) -> Result<Imported, ImportError> {
        pieces(path, &mut |piece, at_start, line| {
            if let Some(head) = at_start.then(|| head(piece, zone)).flatten() {
                self.end_entry()?;
                let line_end: &[u8] = if piece.ends_with(b"\r\n") { b"\r\n" } else { b"\n" };
                self.entry = Some(Entry { head, line, line_end, body: Vec::new(), is_continued: false });
                return Ok(());
            }
            self.body(piece)
        })?;
        self.end_entry()?;
        let now = super::disk::unix_ns(SystemTime::now());
        self.note(PeerId::NONE, &SessionNote::Closed { reason: CloseReason::Local }, now)?;
        self.writer.flush()?;
        let imported = Imported { id: self.writer.id().to_owned(), records: self.records };
        self.writer.close();
        Ok(imported)
    }

    fn body(&mut self, piece: &[u8]) -> Result<(), ImportError> {
        let Some(entry) = &mut self.entry else { return Ok(()) };
        let What::Data { is_hex, .. } = entry.head.what else { return Ok(()) };
        entry.body.extend_from_slice(piece);
        if entry.body.len() < RECORD_BYTES {
            return Ok(());
        }
        // Behind the last whole byte of hex, or before what may be the line end of the log.
        let end = if is_hex {
            entry.body.iter().rposition(u8::is_ascii_whitespace).unwrap_or(entry.body.len())
        } else {
            entry.body.len() - 2
        };
        let rest = entry.body.split_off(end);
        let part = std::mem::replace(&mut entry.body, rest);
        entry.is_continued = true;
        let (head, line) = (entry.head, entry.line);
        self.data(head, line, &part)
    }

    fn end_entry(&mut self) -> Result<(), ImportError> {
        let Some(entry) = self.entry.take() else { return Ok(()) };
        match entry.head.what {
            What::Data { .. } => {
                let body = entry.body.strip_suffix(entry.line_end).unwrap_or(&entry.body);
                if entry.is_continued && body.is_empty() {
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
                // The log does not say who ended it.
                let note = SessionNote::PeerLeft { reason: CloseReason::PeerFin };
                self.note(peer, &note, entry.head.unix_ns)?;
                self.writer.forget_peer(peer);
                Ok(())
            }
            What::Other => Ok(()),
        }
    }

    fn data(&mut self, head: Head, line: u64, body: &[u8]) -> Result<(), ImportError> {
        let What::Data { direction, is_hex, peer } = head.what else { return Ok(()) };
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

    /// The number of an address; one that is new joins.
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

    /// Times never go back within a capture.
    fn append(&mut self, record: &NewRecord<'_>, unix_ns: i64) -> Result<(), ImportError> {
        self.last_ns = self.last_ns.max(unix_ns);
        Ok(self.writer.append_past(record, self.last_ns).map(|_| ())?)
    }
}

#[cfg(test)]
mod tests;

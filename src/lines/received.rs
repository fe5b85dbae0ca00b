//! Received bytes in several files: one for each connection, and a new one after so many bytes or so much time.

use super::{OutputFile, OutputKind};
use crate::capture::Record;
use crate::model::{ErrorKind, NetError, Operation, PeerId, display_address};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Files that are open at the same time. With thousands of connections, the descriptors are for the sockets.
const MOST_OPEN: usize = 32;

/// Where received bytes are written. If there are several files, in the name (not in its folders) `{peer}` is the address of the peer,
/// `{n}` or `{number}` the number of the file, `{date}` and `{time}` when it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilePlan {
    /// The path.
    pub path: PathBuf,
    /// Write behind the contents of existing files. Otherwise they are replaced.
    pub appends: bool,
    /// Each connection has a file of its own.
    pub each_peer: bool,
    /// Begin another file after so many bytes. A datagram is not split.
    pub most_bytes: Option<u64>,
    /// Begin another file with the first bytes that come this long after the beginning of the last one.
    pub every: Option<Duration>,
}

impl FilePlan {
    /// Whether everything goes to one file, whose name is the path as it is.
    #[must_use]
    pub fn is_one_file(&self) -> bool {
        !self.each_peer && !self.rotates()
    }

    fn rotates(&self) -> bool {
        self.most_bytes.is_some() || self.every.is_some()
    }

    /// The path of a file.
    fn named(&self, peer: &str, number: u64, unix_ns: i64) -> PathBuf {
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // `.bin` is a name without an extension.
        let (stem, extension) = match name.rfind('.') {
            Some(dot) if dot > 0 && !name[dot..].contains('}') => name.split_at(dot),
            _ => (name.as_str(), ""),
        };
        let mut pattern = stem.to_owned();
        if self.each_peer && !name.contains("{peer}") {
            pattern.push_str("-{peer}");
        }
        if self.rotates() && !["{n}", "{number}"].iter().any(|number| name.contains(number)) {
            pattern.push_str("-{n}");
        }
        pattern.push_str(extension);
        let at = jiff::Timestamp::from_nanosecond(unix_ns.into()).unwrap_or_default();
        let at = at.to_zoned(jiff::tz::TimeZone::system());
        let of_time = |form: &str| jiff::fmt::strtime::format(form, &at).unwrap_or_default();
        let name = pattern
            .replace("{date}", &of_time("%Y-%m-%d"))
            .replace("{time}", &of_time("%H%M%S"))
            .replace("{n}", &format!("{number:03}"))
            .replace("{number}", &format!("{number:03}"))
            .replace("{peer}", peer);
        self.path.with_file_name(name)
    }
}

/// An address as a part of a file name: nothing but digits, letters, dots and underscores.
fn safe_name(address: Option<SocketAddr>, peer: PeerId) -> String {
    let Some(address) = address else { return format!("peer{}", peer.0) };
    display_address(address).chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' }).collect()
}

/// Takes received bytes, in record order.
pub trait ReceivedSink {
    /// The payload of a record.
    ///
    /// # Errors
    /// It cannot be written; reported once.
    fn take(&mut self, record: &Record, address: Option<SocketAddr>, payload: &[u8]) -> Result<(), NetError>;

    /// Writes what is buffered.
    ///
    /// # Errors
    /// As for [`ReceivedSink::take`].
    fn finish(&mut self) -> Result<(), NetError>;
}

impl ReceivedSink for OutputFile {
    fn take(&mut self, record: &Record, _address: Option<SocketAddr>, payload: &[u8]) -> Result<(), NetError> {
        // Pings and close frames are not what the peers exchange.
        if record.form().is_control() { Ok(()) } else { self.write(payload) }
    }

    fn finish(&mut self) -> Result<(), NetError> {
        self.flush()
    }
}

/// The file that a connection writes to.
#[derive(Debug)]
struct Place {
    number: u64,
    path: PathBuf,
    bytes: u64,
    begun_ns: i64,
}

/// Several files.
#[derive(Debug)]
pub struct ReceivedFiles {
    plan: FilePlan,
    captures_dir: Option<PathBuf>,
    places: HashMap<PeerId, Place>,
    /// The files that were begun.
    begun: HashSet<PathBuf>,
    /// The open ones, the last used one last.
    open: Vec<(PathBuf, OutputFile)>,
    failed: bool,
}

impl ReceivedFiles {
    /// Files of this plan. They are created when their first bytes arrive. `captures_dir`: see [`OutputFile::open`].
    #[must_use]
    pub fn new(plan: FilePlan, captures_dir: Option<&Path>) -> Self {
        let captures_dir = captures_dir.map(Path::to_owned);
        let (places, begun) = (HashMap::new(), HashSet::new());
        Self { plan, captures_dir, places, begun, open: Vec::new(), failed: false }
    }

    fn write(&mut self, record: &Record, address: Option<SocketAddr>, payload: &[u8]) -> Result<(), NetError> {
        if record.form().is_control() {
            return Ok(());
        }
        let key = if self.plan.each_peer { record.peer } else { PeerId::NONE };
        let peer = safe_name(address, record.peer);
        let mut rest = payload;
        while !rest.is_empty() {
            let len = rest.len() as u64;
            if self.places.get(&key).is_none_or(|place| self.is_over(place, record, len)) {
                self.begin(key, &peer, record.unix_ns)?;
            }
            let Some(place) = self.places.get_mut(&key) else { return Ok(()) };
            let room = self.plan.most_bytes.map_or(len, |most| most.saturating_sub(place.bytes)).max(1);
            let part = if record.is_message() { len } else { len.min(room) };
            let (now, later) = rest.split_at(usize::try_from(part).unwrap_or(rest.len()).min(rest.len()));
            place.bytes += now.len() as u64;
            let path = place.path.clone();
            self.opened(&path)?.write(now)?;
            rest = later;
        }
        Ok(())
    }

    /// Whether the next bytes go to another file.
    fn is_over(&self, place: &Place, record: &Record, len: u64) -> bool {
        let is_late = self.plan.every.is_some_and(|every| {
            let passed = record.unix_ns.saturating_sub(place.begun_ns);
            place.bytes > 0 && i128::from(passed) >= i128::try_from(every.as_nanos()).unwrap_or(i128::MAX)
        });
        let next = if record.is_message() { len } else { 1 };
        let is_full = self.plan.most_bytes.is_some_and(|most| place.bytes.saturating_add(next) > most);
        is_late || place.bytes > 0 && is_full
    }

    /// Begins the next file of a connection.
    fn begin(&mut self, key: PeerId, peer: &str, unix_ns: i64) -> Result<(), NetError> {
        let last = self.places.get(&key).map(|place| place.number);
        let mut number = last.map_or(1, |last| last + 1);
        let path = |number| self.plan.named(peer, number, unix_ns);
        if self.plan.appends && last.is_none() && self.plan.rotates() {
            // Goes on with the last file that is there.
            while path(number) != path(number + 1) && path(number + 1).exists() {
                number += 1;
            }
        }
        let mut at = path(number);
        // Another connection of the same address, or another file of the same second, must not replace this one.
        let mut again = 2;
        while !self.plan.appends && self.begun.contains(&at) {
            at = beside(&path(number), again);
            again += 1;
        }
        let is_new = self.begun.insert(at.clone());
        let replaces = is_new && !self.plan.appends;
        let kind = if replaces { OutputKind::Received } else { OutputKind::AppendReceived };
        let out = OutputFile::open(&at, kind, self.captures_dir.as_deref())?;
        if replaces {
            out.empty()?;
        }
        let bytes = out.file().metadata().map_or(0, |metadata| metadata.len());
        self.keep_open(at.clone(), out)?;
        self.places.insert(key, Place { number, path: at, bytes, begun_ns: unix_ns });
        Ok(())
    }

    fn opened(&mut self, path: &Path) -> Result<&mut OutputFile, NetError> {
        match self.open.iter().position(|(open, _)| open == path) {
            Some(at) => {
                let open = self.open.remove(at);
                self.open.push(open);
            }
            None => {
                let out = OutputFile::open(path, OutputKind::AppendReceived, self.captures_dir.as_deref())?;
                self.keep_open(path.to_owned(), out)?;
            }
        }
        let gone = || NetError::new(Operation::SaveFile, ErrorKind::File, path.display().to_string(), "");
        self.open.last_mut().map(|(_, out)| out).ok_or_else(gone)
    }

    fn keep_open(&mut self, path: PathBuf, out: OutputFile) -> Result<(), NetError> {
        self.open.retain_mut(|(open, _)| *open != path);
        if self.open.len() >= MOST_OPEN {
            let (_, mut oldest) = self.open.remove(0);
            oldest.flush()?;
        }
        self.open.push((path, out));
        Ok(())
    }
}

impl ReceivedSink for ReceivedFiles {
    fn take(&mut self, record: &Record, address: Option<SocketAddr>, payload: &[u8]) -> Result<(), NetError> {
        if self.failed {
            return Ok(());
        }
        let written = self.write(record, address, payload);
        self.failed = written.is_err();
        written
    }

    fn finish(&mut self) -> Result<(), NetError> {
        if self.failed {
            return Ok(());
        }
        let flushed = self.open.iter_mut().try_for_each(|(_, out)| out.flush());
        self.failed = flushed.is_err();
        flushed
    }
}

/// `name-2.bin` beside `name.bin`.
fn beside(path: &Path, number: u64) -> PathBuf {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}-{number}{extension}"))
}

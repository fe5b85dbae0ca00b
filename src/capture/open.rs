//! Opens a capture that this process does not write: finds its segments, checks their integrity and, if the writer was killed,
//! truncates an incomplete tail.

use super::format::{self, HEADER_LEN, NUMBER_MAX, SegmentHeader};
use super::meta::{Meta, MetaError};
use super::store::{Segment, Store};
use super::{CaptureState, ReadError, Record, platform};
use crate::model::{ErrorKind, NetError, Operation};
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

/// A folder without `meta.json` that is younger than this is a capture under construction.
const BEING_MADE: Duration = Duration::from_secs(10);
/// Entries checked per step of the backward scan.
const TAIL_ENTRIES: u64 = 4096;

/// Owner of a capture's lock.
pub(super) enum Claim {
    /// No other process: the lock is ours while this value lives.
    Us {
        /// Released when the file is closed.
        _lock: File,
    },
    /// A live writer, or another reader that is recovering the capture right now.
    Other,
    /// The system cannot say.
    Unknown,
}

/// See [`super::CaptureReader::open`].
pub(super) fn open(folder: &Path) -> Result<Store, NetError> {
    let address = || folder.display().to_string();
    let failed = |error: &io::Error| NetError::from_io(Operation::OpenCapture, address(), error);
    if !fs::metadata(folder).map_err(|error| failed(&error))?.is_dir() {
        return Err(NetError::new(Operation::OpenCapture, ErrorKind::NotACapture, address(), "not a folder"));
    }
    let ended = |meta: &Result<Meta, MetaError>| meta.as_ref().is_ok_and(|meta| meta.state != CaptureState::Open);
    let mut meta = Meta::read(folder);
    if let Err(error @ MetaError::Version(_)) = &meta {
        return Err(NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, address(), error.to_string()));
    }
    let mut claim = Claim::Unknown;
    if !ended(&meta) {
        claim = claim_of(folder);
        meta = Meta::read(folder); // The capture may have been closed or recovered between the read and the claim.
        if ended(&meta) {
            claim = Claim::Unknown;
        }
    }
    let live = matches!(claim, Claim::Other);
    let mut found = find_segments(folder).map_err(|error| failed(&error))?;
    let meta = match meta {
        Ok(meta) => meta,
        Err(error) => {
            let Some(first) = found.segments.first().filter(|_| !live) else {
                let detail = error.to_string();
                return Err(NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, address(), detail));
            };
            found.notes.push(error.to_string());
            let anchor = first.header.anchor_unix_ns;
            Meta::new(String::new(), anchor, anchor, 0)
        }
    };
    finish(folder, meta, &claim, found).map_err(|error| failed(&error))
}

/// Checks the tail and builds the store.
fn finish(folder: &Path, mut meta: Meta, claim: &Claim, found: Found) -> io::Result<Store> {
    let Found { segments, mut notes } = found;
    let live = matches!(claim, Claim::Other);
    let peers = platform::open_plain_file(&format::peers_path(folder)).ok(); // Without the table addresses are unknown; nothing else is lost.
    if peers.is_none() {
        notes.push("the peer table is missing".into());
    }
    if let Some(last) = segments.last() {
        let tail = check_tail(last)?;
        last.publish(tail.sound);
        if tail.len != tail.sound_len && !live {
            if matches!(claim, Claim::Us { .. }) {
                cut(folder, last, tail.sound_len)?;
            }
            notes.push(format!(
                "the end of the index of segment {} was incomplete: {} cut behind record {}",
                last.header.segment,
                counted(tail.len.saturating_sub(tail.sound_len), "byte"),
                last.end()
            ));
        }
    }
    let mut store = Store::new(folder, meta.clone(), live, peers, segments);
    let end = store.records().end;
    if let Some(missing) = meta.records.and_then(|records| records.checked_sub(end)).filter(|missing| *missing > 0) {
        notes.push(format!("{} at the end missing or damaged", counted(missing, "record")));
    }
    if live {
        return Ok(store);
    }
    if !notes.is_empty() {
        meta.recovered_note.get_or_insert_with(|| notes.join("; "));
    }
    if meta.state == CaptureState::Open {
        meta.state = CaptureState::Recovered;
        if let Claim::Us { .. } = claim {
            meta.records = Some(end);
            let before = store.evicted().0;
            meta.payload_bytes = store.payload_bytes().ok().map(|bytes| bytes.saturating_add(before));
            remove_remnants(folder, &store);
            if let Err(error) = meta.write(folder) {
                // The data is readable all the same. The next process that opens the capture checks it again.
                tracing::warn!(capture = %store.id, %error, "the recovered capture could not be marked as recovered");
            }
        }
    }
    store.meta = meta;
    Ok(store)
}

/// A count with its noun in English, in the plural where needed.
fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Whether the writer has not yet created `meta.json`, the last of its initial files.
pub(super) fn is_being_made(folder: &Path) -> bool {
    let age = fs::metadata(folder).and_then(|m| m.modified()).map(|at| at.elapsed().unwrap_or_default());
    !Meta::exists(folder) && age.is_ok_and(|age| age < BEING_MADE)
}

/// Tries to lock the capture for recovery.
pub(super) fn claim_of(folder: &Path) -> Claim {
    if is_being_made(folder) {
        return Claim::Other;
    }
    let file = match platform::open_own_file(&format::lock_path(folder)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match platform::create_new_private_file(&format::lock_path(folder)) {
                Ok(file) => file,
                Err(_) => return Claim::Unknown, // Read-only media: nothing can be truncated.
            }
        }
        Err(_) => match platform::open_plain_file(&format::lock_path(folder)) {
            // Read-only: the lock state can be read, but nothing truncated.
            Ok(file) => {
                return if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
                    Claim::Other
                } else {
                    Claim::Unknown
                };
            }
            Err(_) => return Claim::Unknown,
        },
    };
    match file.try_lock() {
        Ok(()) => Claim::Us { _lock: file },
        Err(TryLockError::WouldBlock) => Claim::Other,
        Err(TryLockError::Error(_)) => Claim::Unknown, // File system without locks: leave the capture unchanged.
    }
}

/// Latest time at which the capture in `folder` arrived on this machine: when its meta file was created, moved or copied here.
pub(super) fn arrival(folder: &Path) -> Option<SystemTime> {
    platform::arrival(&Meta::path(folder)).ok()
}

/// The usable segments, and notes about the others.
struct Found {
    segments: Vec<Arc<Segment>>,
    notes: Vec<String>,
}

/// Segment numbers of the index files, ascending.
fn list_segments(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        if let Some(number) = entry?.file_name().to_str().and_then(format::segment_of_index_name) {
            numbers.push(number);
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn find_segments(folder: &Path) -> io::Result<Found> {
    let mut found = Found { segments: Vec::new(), notes: Vec::new() };
    for number in list_segments(folder)? {
        match open_segment(folder, number) {
            Ok(Some(segment)) => found.join(segment),
            Ok(None) => found.notes.push(format!("segment {number} has no sound header")),
            // Evicted since the folder was listed, or its data file was removed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if format::index_path(folder, number).exists() {
                    found.notes.push(format!("the data file of segment {number} is missing"));
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

impl Found {
    /// Adds a segment if it follows the previous one.
    fn join(&mut self, segment: Segment) {
        if let Some(before) = self.segments.last() {
            let Some(room) = segment.first().checked_sub(before.first()) else {
                self.notes.push(format!("segment {} does not follow the one before", segment.header.segment));
                return;
            };
            let there = before.count();
            before.publish(there.min(room));
            if there < room {
                let (first, end) = (before.end(), segment.first());
                let last = end - 1;
                self.notes.push(match first == last {
                    true => format!("record {first} is missing"),
                    false => format!("records {first} to {last} are missing"),
                });
            }
        }
        self.segments.push(Arc::new(segment));
    }
}

/// Returns `Ok(None)` if the header is missing (possibly not written yet) or damaged.
fn open_segment(folder: &Path, number: u64) -> io::Result<Option<Segment>> {
    let index = platform::open_plain_file(&format::index_path(folder, number))?;
    let data = platform::open_plain_file(&format::data_path(folder, number))?;
    let mut bytes = [0; HEADER_LEN];
    let read = platform::read_full_at(&index, &mut bytes, 0)?;
    let header = (read == HEADER_LEN).then(|| SegmentHeader::decode(&bytes)).flatten();
    let Some(header) = header.filter(|header| header.segment == number) else { return Ok(None) };
    let count = entries_in(&header, &index)?;
    Ok(Some(Segment::new(header, data, index, count)))
}

/// Count of complete entries in an index file.
fn entries_in(header: &SegmentHeader, index: &File) -> io::Result<u64> {
    let bytes = index.metadata()?.len().saturating_sub(header.entries_at());
    Ok((bytes / header.version.entry_len() as u64).min(NUMBER_MAX))
}

/// Condition of the end of an index file.
struct Tail {
    /// File length in bytes.
    len: u64,
    /// Count of records up to the last valid one.
    sound: u64,
    /// Length of the file in bytes up to the end of the last valid entry.
    sound_len: u64,
}

/// Searches backwards for the last valid entry whose payload is present. Damaged entries before it are kept, so that no valid record
/// is lost.
fn check_tail(segment: &Segment) -> io::Result<Tail> {
    let len = segment.index.metadata()?.len();
    let data_len = segment.data.metadata()?.len();
    let mut end = entries_in(&segment.header, &segment.index)?;
    let mut sound = 0;
    while sound == 0 && end > 0 {
        let start = end.saturating_sub(TAIL_ENTRIES);
        let first = segment.first();
        let scanned = segment.scan(first + start..first + end, |number, entry| {
            let there = entry.filter(|entry| entry.data_end() <= data_len);
            if there.is_some_and(|entry| Record::from_entry(number, &entry, 0).is_some()) {
                sound = number - first + 1;
            }
            true
        });
        scanned.map_err(io::Error::other)?;
        end = start;
    }
    Ok(Tail { len, sound, sound_len: segment.entry_offset(segment.first() + sound) })
}

/// Truncates an index file, which is open for reading only, to `len` bytes.
fn cut(folder: &Path, segment: &Segment, len: u64) -> io::Result<()> {
    platform::open_own_file(&format::index_path(folder, segment.header.segment))?.set_len(len)
}

/// Deletes data files whose index was already evicted when the writer was killed.
fn remove_remnants(folder: &Path, store: &Store) {
    let Some(first) = store.segments().first().map(|segment| segment.header.segment) else { return };
    let mut number = first;
    while number > 1 {
        number -= 1;
        let remnant = !format::index_path(folder, number).exists();
        if !remnant || fs::remove_file(format::data_path(folder, number)).is_err() {
            break; // Usually there is none.
        }
    }
}

/// See [`super::CaptureReader::refresh`].
pub(super) fn refresh(store: &Store) -> Result<(), ReadError> {
    if !store.live {
        return Ok(());
    }
    let failed = |error: io::Error| ReadError::Io(format!("{}: {error}", store.folder.display()));
    let numbers = list_segments(&store.folder).map_err(failed)?;
    let (known, mut last) = {
        let segments = store.segments();
        (segments.last().map_or(0, |segment| segment.header.segment), segments.last().map(Arc::clone))
    };
    let mut new = Vec::new();
    for number in numbers.iter().copied().filter(|number| *number > known) {
        let segment = match open_segment(&store.folder, number) {
            Ok(Some(segment)) => Arc::new(segment),
            Ok(None) => break,                                                 // under construction
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue, // already evicted
            Err(error) => return Err(failed(error)),
        };
        if let Some(before) = last.replace(Arc::clone(&segment)) {
            let Some(room) = segment.first().checked_sub(before.first()) else { break };
            before.publish(entries_in(&before.header, &before.index).map_err(failed)?.min(room));
        }
        new.push(segment);
    }
    if let Some(last) = &last {
        let sound = check_tail(last).map_err(failed)?.sound;
        last.publish(last.count().max(sound).min(entries_in(&last.header, &last.index).map_err(failed)?));
    }
    store.update(|segments| {
        let newest = segments.last().map_or(0, |segment| segment.header.segment);
        segments.retain(|segment| numbers.binary_search(&segment.header.segment).is_ok());
        segments.extend(new.into_iter().filter(|segment| segment.header.segment > newest));
    });
    Ok(())
}

//! Creates a capture: its folder, its id, its initial files.

use super::super::cuts::CutRow;
use super::super::disk::{Clock, Disk, Part};
use super::super::format::{self, HEADER_LEN, PEER_ROW_LEN, SegmentHeader};
use super::super::meta::Meta;
use super::super::pending::Pending;
use super::super::platform;
use super::super::sharing::{RecentPlaces, SharedPayloads};
use super::super::store::{Segment, Store};
use super::append::Streams;
use super::names::KnownNames;
use super::space::SpaceWatch;
use super::{CaptureOptions, CaptureWriter, LIMIT_MIN, SEGMENT_MAX, SEGMENTS};
use crate::model::{Endpoint, NetError, Operation};
use std::collections::{HashMap, VecDeque};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Count of names to try before giving up.
const NAMES_TRIED: u32 = 64;

/// See [`CaptureWriter::create`].
pub(in super::super) fn create(
    captures_dir: &Path,
    endpoint: &Endpoint,
    options: CaptureOptions,
    disk: Disk,
    clock: Clock,
    first_unix_ns: Option<i64>,
) -> Result<CaptureWriter, NetError> {
    let failed =
        |path: &Path, error: &io::Error| NetError::from_io(Operation::OpenCapture, path.display().to_string(), error);
    platform::create_private_folders(captures_dir).map_err(|error| failed(captures_dir, &error))?;
    // Monotonic time 0 is the creation of the capture.
    let created = (0..9).find_map(|_| clock.anchor_unix_ns()).unwrap_or_else(|| clock.unix_ns());
    let folder = new_folder(captures_dir, created).map_err(|error| failed(captures_dir, &error))?;
    let times = (created, first_unix_ns.unwrap_or(created));
    fill(&folder, endpoint, options, disk, clock, times).map_err(|error| {
        remove(&folder);
        failed(&folder, &error)
    })
}

fn fill(
    folder: &Path,
    endpoint: &Endpoint,
    mut options: CaptureOptions,
    disk: Disk,
    clock: Clock,
    (created, anchor): (i64, i64),
) -> io::Result<CaptureWriter> {
    let lock = disk.create_file(&format::lock_path(folder))?;
    match lock.try_lock() {
        Ok(()) => {}
        // File system without locks: readers that cannot check the lock leave the capture unchanged.
        Err(fs::TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(error) => return Err(error.into()),
    }
    let peers = disk.create_file(&format::peers_path(folder))?;
    match disk.write_all_at(Part::Peers, &peers, &format::peers_header(), 0) {
        (_, None) => {}
        (_, Some(error)) => return Err(error),
    }
    let limit = options.limit_bytes.max(LIMIT_MIN);
    options.limit_bytes = limit;
    let header = SegmentHeader {
        version: format::Version::Two,
        segment: 1,
        first_record: 0,
        anchor_unix_ns: anchor,
        payload_bytes_before: 0,
        cuts: 0,
        cuts_missing: false,
    };
    let current = Arc::new(new_segment(&disk, folder, header, &[])?);
    // Written last: a folder without it is under construction.
    let meta = Meta::new(endpoint.to_string(), created, anchor, limit).signed();
    meta.write(folder)?;
    Ok(CaptureWriter {
        store: Arc::new(Store::new(folder, meta, false, Some(peers), vec![Arc::clone(&current)])),
        current,
        pending: Pending::new(0, header.entries_at()),
        streams: Streams::default(),
        shared: SharedPayloads::default(),
        recent: RecentPlaces::new(),
        lock,
        folder: folder.to_owned(),
        segment_limit: (limit / SEGMENTS).min(SEGMENT_MAX),
        options,
        disk,
        clock,
        anchor_unix_ns: anchor,
        next_record: 0,
        next_peer: 1,
        refused_row: None,
        locals: HashMap::new(),
        locals_file: None,
        names: KnownNames::default(),
        payload_bytes: 0,
        sealed: VecDeque::new(),
        disk_bytes: (HEADER_LEN + PEER_ROW_LEN) as u64,
        undeleted: Vec::new(),
        space: SpaceWatch::default(),
        waits: false,
        roll_due: false,
        retry_at: None,
        last_append: None,
        finished: false,
    })
}

/// Removes an incomplete capture. By file name: listing the folder needs a file descriptor, which may be what is lacking.
fn remove(folder: &Path) {
    for path in [
        format::lock_path(folder),
        format::peers_path(folder),
        format::index_path(folder, 1),
        format::data_path(folder, 1),
    ] {
        fs::remove_file(path).ok(); // possibly never created; only the first failure is reported
    }
    fs::remove_dir(folder).ok();
}

/// Creates the two files of a segment: the data file, and the index file with its header and the rows of cut characters.
pub(super) fn new_segment(disk: &Disk, folder: &Path, header: SegmentHeader, cuts: &[CutRow]) -> io::Result<Segment> {
    let (data_path, index_path) =
        (format::data_path(folder, header.segment), format::index_path(folder, header.segment));
    let made = (|| -> io::Result<(File, File)> {
        let data = disk.create_file(&data_path)?;
        let index = disk.create_file(&index_path)?;
        let mut start = header.encode().to_vec();
        cuts.iter().zip(0..).for_each(|(row, position)| start.extend_from_slice(&row.encode(position)));
        match disk.write_all_at(Part::Index, &index, &start, 0) {
            (_, None) => Ok((data, index)),
            (_, Some(error)) => Err(error),
        }
    })();
    match made {
        Ok((data, index)) => Ok(Segment::new(header, data, index, 0)),
        Err(error) => {
            for path in [index_path, data_path] {
                fs::remove_file(path).ok(); // possibly never created; only the first failure is reported
            }
            Err(error)
        }
    }
}

/// Creates a folder named by the time (UTC) and a random suffix, so that sorting by name sorts by time.
fn new_folder(captures_dir: &Path, created_unix_ns: i64) -> io::Result<PathBuf> {
    let seconds = created_unix_ns.div_euclid(1_000_000_000);
    let stamp = jiff::Timestamp::from_second(seconds).map_err(io::Error::other)?.strftime("%Y%m%d-%H%M%S").to_string();
    for _ in 0..NAMES_TRIED {
        let folder = captures_dir.join(format!("{stamp}-{:06x}", crate::model::random_bits() & 0x00FF_FFFF));
        match platform::create_private_folder(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "no unused capture name found"))
}

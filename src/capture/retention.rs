//! Decides which captures the retention time deletes, and deletes the folder of a capture. Never deletes anything that this program
//! did not write.

use super::meta::Meta;
use super::open::{self, Claim};
use super::{CaptureReader, CaptureState, disk, format};
use crate::model::{ErrorKind, NetError, Operation};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How long closed captures are kept; `None` for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention(pub Option<Duration>);

/// Whether the capture in `folder` both ended and arrived on this machine at least `keep` before `now`. False for anything but a
/// closed, valid capture of this program.
pub(super) fn is_due(folder: &Path, keep: Duration, now: SystemTime) -> bool {
    let is_named = folder.file_name().and_then(OsStr::to_str).is_some_and(is_capture_id);
    if !is_named || Meta::read(folder).is_err() || files(folder).is_err() {
        return false;
    }
    // A recent copy (for example, unpacked from an archive) keeps its old times but was placed here on purpose.
    let Some(arrived) = open::arrival(folder) else { return false };
    let age = |at: SystemTime| now.duration_since(at).unwrap_or_default();
    if age(arrived) < keep {
        return false;
    }
    let Ok(reader) = CaptureReader::open(folder) else { return false };
    reader.state() != CaptureState::Open && age(ended(&reader)) >= keep
}

/// When the last record was written, or the capture was created if it has none. An imported log has old records but was created at
/// the time of the import.
fn ended(reader: &CaptureReader) -> SystemTime {
    let last = reader.records().end.checked_sub(1).and_then(|number| reader.record(number).ok());
    let last_ns = last.map_or(i64::MIN, |record| record.unix_ns);
    disk::time_of(last_ns.max(reader.created_unix_ns()))
}

/// Deletes a capture while holding its lock, so that no writer can open it.
///
/// # Errors
/// A process writes it, the folder contains a file that does not belong to a capture, or the system refuses.
pub(super) fn delete(folder: &Path) -> Result<(), NetError> {
    let refused =
        |kind, detail: String| NetError::new(Operation::DeleteCapture, kind, folder.display().to_string(), detail);
    let files = files(folder)?;
    match open::claim_of(folder) {
        Claim::Us { .. } => {}
        Claim::Other => return Err(refused(ErrorKind::CaptureInUse, String::new())),
        // File system without locks: only the meta file shows whether a process writes the capture.
        Claim::Unknown if Meta::read(folder).is_ok_and(|meta| meta.state != CaptureState::Open) => {}
        Claim::Unknown => return Err(refused(ErrorKind::CaptureInUse, String::new())),
    }
    // The lock is released first: some systems cannot delete open files, and no process reopens a capture for writing.
    for file in files.iter().chain([&format::lock_path(folder)]) {
        match fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(refused(ErrorKind::of(&error), error.to_string()));
            }
            _ => {}
        }
    }
    fs::remove_dir(folder).map_err(|error| refused(ErrorKind::of(&error), error.to_string()))
}

/// The files of the capture in `folder`.
///
/// # Errors
/// The folder cannot be read, or contains a file that does not belong to a capture.
fn files(folder: &Path) -> Result<Vec<PathBuf>, NetError> {
    let error = |kind, detail| NetError::new(Operation::DeleteCapture, kind, folder.display().to_string(), detail);
    let failed = |why: std::io::Error| error(ErrorKind::of(&why), why.to_string());
    let (mut files, mut has_meta) = (Vec::new(), false);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let is_ours = name.to_str().is_some_and(format::is_file_name);
        if !is_ours || entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            return Err(error(ErrorKind::NotACapture, name.to_string_lossy().into_owned()));
        }
        has_meta |= name == "meta.json";
        files.push(entry.path());
    }
    // An empty folder with the name of a capture is one whose creation was interrupted.
    if has_meta || folder.file_name().and_then(OsStr::to_str).is_some_and(is_capture_id) {
        return Ok(files);
    }
    Err(error(ErrorKind::NotACapture, String::new()))
}

/// Whether the name has the form of the ids that this program generates: `20261121-160536-8f3a2c`.
fn is_capture_id(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let all = |part: &str, len: usize, fits: fn(u8) -> bool| part.len() == len && part.bytes().all(fits);
    matches!(parts[..], [date, time, random]
        if all(date, 8, |b| b.is_ascii_digit())
            && all(time, 6, |b| b.is_ascii_digit())
            && all(random, 6, |b| b.is_ascii_hexdigit()))
}

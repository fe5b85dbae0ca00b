//! The captures in a data folder: list, open, delete, apply the retention time.

use super::CaptureReader;
use super::open;
use super::retention::{self, Retention};
use crate::model::{ErrorKind, NetError, Operation};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Whether a process writes the capture, or how it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CaptureState {
    /// A live process writes it.
    Open,
    /// Closed normally.
    Closed,
    /// The writer was killed; the tail was checked.
    Recovered,
}

/// Summary of one capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureInfo {
    /// Folder name.
    pub id: String,
    /// Creation time, ns since 1970 UTC.
    pub created_unix_ns: i64,
    /// The endpoint that it was created for (`tcp://…`).
    pub endpoint: String,
    /// Count of records of every kind that are still stored.
    pub records: u64,
    /// Count of all peers, including those that left.
    pub peers: u64,
    /// Payload bytes still stored.
    pub bytes: u64,
    /// Payload bytes deleted by the size limit.
    pub evicted_bytes: u64,
    /// Size on disk in bytes.
    pub disk_bytes: u64,
    /// State.
    pub state: CaptureState,
}

/// The captures of one data folder.
#[derive(Clone, Debug)]
pub struct Catalog {
    dir: PathBuf,
    follows_files: bool,
}

impl Catalog {
    /// Creates a catalog of the folder `captures_dir`, which need not exist.
    #[must_use]
    pub fn new(captures_dir: PathBuf) -> Self {
        Self { dir: captures_dir, follows_files: false }
    }

    /// Returns a catalog that opens captures with permission to read the files they refer to; see [`CaptureReader::follow_files`].
    #[must_use]
    pub fn following_files(self) -> Self {
        Self { follows_files: true, ..self }
    }

    /// Path of the folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Lists all captures, newest first. Damaged ones are left out; their errors are the second part. A capture whose writer was
    /// killed is recovered.
    ///
    /// # Errors
    /// The folder exists but cannot be read.
    pub fn list(&self) -> Result<(Vec<CaptureInfo>, Vec<NetError>), NetError> {
        let (mut captures, mut damaged) = (Vec::new(), Vec::new());
        for id in self.ids()? {
            let folder = self.dir.join(&id);
            match CaptureReader::open(&folder).and_then(|reader| info(&reader)) {
                Ok(capture) => captures.push(capture),
                Err(_) if open::is_being_made(&folder) => {}
                Err(error) => damaged.push(error),
            }
        }
        captures.sort_by(|a, b| (b.created_unix_ns, &b.id).cmp(&(a.created_unix_ns, &a.id)));
        Ok((captures, damaged))
    }

    /// Opens the capture `id` (or a unique prefix of it). An id that is not a plain folder name is refused.
    ///
    /// # Errors
    /// The capture does not exist, or the prefix is not unique.
    pub fn open(&self, id: &str) -> Result<CaptureReader, NetError> {
        let reader = CaptureReader::open(&self.find(id)?)?;
        if self.follows_files {
            reader.follow_files();
        }
        Ok(reader)
    }

    /// Deletes a capture (`id` or a unique prefix of it) that no process writes.
    ///
    /// # Errors
    /// The capture does not exist or is still open, or the system refuses.
    pub fn delete(&self, id: &str) -> Result<(), NetError> {
        retention::delete(&self.find(id)?)
    }

    /// Deletes the closed, valid captures of this program that ended at least `retention` ago, and returns their ids. A capture that
    /// the system refuses to delete is retried by the next sweep. Folders that are not captures are never touched.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn sweep(&self, retention: Retention) -> Result<Vec<String>, NetError> {
        self.sweep_at(retention, SystemTime::now())
    }

    /// Like [`Catalog::sweep`], at a given time.
    pub(super) fn sweep_at(&self, retention: Retention, now: SystemTime) -> Result<Vec<String>, NetError> {
        let Some(keep) = retention.0 else { return Ok(Vec::new()) };
        let mut swept = Vec::new();
        for id in self.ids()? {
            let folder = self.dir.join(&id);
            if !retention::is_due(&folder, keep, now) {
                continue;
            }
            match retention::delete(&folder) {
                Ok(()) => swept.push(id),
                Err(error) => tracing::debug!(%error, "an old capture could not be deleted"),
            }
        }
        Ok(swept)
    }

    /// Paths of the folders that may be captures.
    pub(super) fn folders(&self) -> Result<Vec<PathBuf>, NetError> {
        Ok(self.ids()?.iter().map(|id| self.dir.join(id)).collect())
    }

    /// Names of the folders that may be captures, ascending.
    fn ids(&self) -> Result<Vec<String>, NetError> {
        let failed = |error: &io::Error| self.error(ErrorKind::of(error), error.to_string());
        let entries = match fs::read_dir(&self.dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&error)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| failed(&error))?;
            // Links to folders are skipped: only what lies here may be deleted.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if let Some(id) = entry.file_name().to_str().filter(|id| is_folder && is_id(id)) {
                ids.push(id.to_owned());
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    /// The folder of `id`, or of the only capture whose id has this prefix.
    fn find(&self, id: &str) -> Result<PathBuf, NetError> {
        if !is_id(id) {
            return Err(self.error(ErrorKind::Invalid, format!("{id:?} is not a capture id")));
        }
        let ids = self.ids()?;
        let mut fitting = ids.iter().filter(|known| known.starts_with(id));
        let found = match (ids.iter().find(|known| *known == id), fitting.next(), fitting.next()) {
            (Some(exact), ..) => exact,
            (None, Some(one), None) => one,
            (None, None, _) => return Err(self.error(ErrorKind::File, format!("there is no capture {id}"))),
            (None, Some(_), Some(_)) => {
                return Err(self.error(ErrorKind::Invalid, format!("more than one capture begins with {id}")));
            }
        };
        Ok(self.dir.join(found))
    }

    fn error(&self, kind: ErrorKind, detail: String) -> NetError {
        NetError::new(Operation::OpenCapture, kind, self.dir.display().to_string(), detail)
    }
}

/// Whether `id` is a plain folder name: letters, digits, `-` and `_`.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn info(reader: &CaptureReader) -> Result<CaptureInfo, NetError> {
    let records = reader.records();
    let store = reader.store();
    let damaged = |error: super::ReadError| {
        let folder = reader.folder().display().to_string();
        NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, folder, error.to_string())
    };
    Ok(CaptureInfo {
        id: reader.id().to_owned(),
        created_unix_ns: reader.created_unix_ns(),
        endpoint: reader.endpoint().to_owned(),
        records: records.end - records.start,
        peers: store.peer_count(),
        bytes: store.payload_bytes().map_err(damaged)?,
        evicted_bytes: reader.evicted().0,
        disk_bytes: store.disk_bytes(),
        state: reader.state(),
    })
}

//! The one folder that names from the wire lead to. Files are opened part by part without following links, so a link that appears
//! between two steps is not followed either. A received file has a name of its own until it is complete.

mod names;
mod place;

pub(super) use names::NAME_BYTES_MAX;

use crate::engine::OpenedFile;
use crate::model::{ErrorKind, NameProblem, NetError, Operation, TransferError, is_a_directory};
use names::UNFINISHED;
use place::Place;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Whether a received file may replace one of the same name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overwrite {
    /// No: the name is refused.
    #[default]
    Never,
    /// Yes, once the new file is complete.
    Replace,
}

/// A folder to serve files from or to receive files in.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    place: Place,
    overwrite: Overwrite,
    /// Names, in lower case, of the files that are being received.
    receiving: Mutex<BTreeSet<String>>,
    unfinished: AtomicU64,
}

impl Folder {
    /// Opens the folder. The path itself may lead through links.
    ///
    /// # Errors
    /// It does not exist or is no folder.
    pub fn open(path: &Path, overwrite: Overwrite) -> io::Result<Arc<Self>> {
        let path = std::path::absolute(path)?;
        let place = Place::open(&path)?;
        let (receiving, unfinished) = (Mutex::default(), AtomicU64::new(0));
        Ok(Arc::new(Self { path, place, overwrite, receiving, unfinished }))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a file of this name could be received now.
    ///
    /// # Errors
    /// The name is refused.
    pub fn check(&self, name: &str) -> Result<(), NameProblem> {
        let name = names::plain(name)?;
        match self.place.kind(name) {
            Some(place::Kind::Link) => Err(NameProblem::Link),
            Some(place::Kind::Other) => Err(NameProblem::NotAFile),
            Some(place::Kind::File) if self.overwrite == Overwrite::Never => Err(NameProblem::Exists),
            _ => Ok(()),
        }
    }

    /// Opens a file to serve.
    ///
    /// # Errors
    /// The name is refused, or there is no such file.
    pub(super) fn find(&self, name: &str) -> Result<OpenedFile, TransferError> {
        let parts = names::parts(name)?;
        let path = self.path.join(name);
        let file = match self.place.open_file(&parts) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(TransferError::NoSuchFile),
            Err(_) if self.place.leads_through_link(&parts) => return Err(NameProblem::Link.into()),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(TransferError::NoSuchFile),
            Err(error) => return Err(file_error(Operation::ReadFile, &path, &error).into()),
        };
        let metadata = file.metadata().map_err(|error| file_error(Operation::ReadFile, &path, &error))?;
        if !metadata.is_file() {
            return Err(NameProblem::NotAFile.into());
        }
        Ok(OpenedFile::new(Arc::new(file), &path, metadata.len()))
    }

    /// Begins to receive a file.
    ///
    /// # Errors
    /// The name is refused, or the file cannot be created.
    pub(super) fn create(self: &Arc<Self>, name: &str) -> Result<Incoming, TransferError> {
        let name = names::plain(name)?.to_owned();
        let reserved = self.reserve(&name)?;
        self.check(&name)?;
        let number = self.unfinished.fetch_add(1, Ordering::Relaxed);
        let unfinished = format!("{name}.{:x}-{number:x}{UNFINISHED}", std::process::id());
        let failed = |error: io::Error| file_error(Operation::SaveFile, &self.path.join(&name), &error);
        // The process id and number may be those of an earlier process that was killed.
        let file = match self.place.create_new(&unfinished) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.place.remove(&unfinished).map_err(failed)?;
                self.place.create_new(&unfinished).map_err(failed)?
            }
            created => created.map_err(failed)?,
        };
        Ok(Incoming { _reserved: reserved, folder: self.clone(), name, unfinished, file: Some(file) })
    }

    fn receiving(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.receiving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reserve(self: &Arc<Self>, name: &str) -> Result<Reserved, NameProblem> {
        // Many file systems treat upper and lower case alike.
        let key = name.to_lowercase();
        let is_new = self.receiving().insert(key.clone());
        if is_new { Ok(Reserved { folder: self.clone(), key }) } else { Err(NameProblem::BeingReceived) }
    }
}

fn file_error(operation: Operation, path: &Path, error: &io::Error) -> NetError {
    let error = NetError::from_io(operation, path.display().to_string(), error);
    if error.kind == ErrorKind::Other { NetError { kind: ErrorKind::File, ..error } } else { error }
}

/// A name that no other transfer may receive meanwhile.
#[derive(Debug)]
struct Reserved {
    folder: Arc<Folder>,
    key: String,
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.folder.receiving().remove(&self.key);
    }
}

/// A file that is being received. Dropping it removes what has arrived.
#[derive(Debug)]
pub(super) struct Incoming {
    folder: Arc<Folder>,
    name: String,
    unfinished: String,
    file: Option<File>,
    // Dropped last, after the unfinished file is removed.
    _reserved: Reserved,
}

impl Incoming {
    fn failed(&self, error: &io::Error) -> TransferError {
        file_error(Operation::SaveFile, &self.folder.path.join(&self.name), error).into()
    }

    /// Appends bytes.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), TransferError> {
        let written = match &mut self.file {
            Some(file) => file.write_all(bytes),
            None => Ok(()),
        };
        written.map_err(|error| self.failed(&error))
    }

    /// Gives the complete file its name.
    ///
    /// # Errors
    /// A file of this name has appeared meanwhile, or the system refuses it.
    pub(super) fn keep(mut self) -> Result<PathBuf, TransferError> {
        // Closed first: Windows renames no open file.
        let file = self.file.take();
        drop(file);
        let place = &self.folder.place;
        let named = match self.folder.overwrite {
            Overwrite::Never => place.name_new(&self.unfinished, &self.name),
            Overwrite::Replace => {
                self.folder.check(&self.name)?;
                place.replace(&self.unfinished, &self.name)
            }
        };
        match named {
            Ok(()) => Ok(self.folder.path.join(&self.name)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(NameProblem::Exists.into()),
            Err(error) => Err(self.failed(&error)),
        }
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        drop(self.file.take());
        match self.folder.place.remove(&self.unfinished) {
            Ok(()) => {}
            // It has its name.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(%error, name = self.unfinished, "an unfinished file was left"),
        }
    }
}

/// Opens a file that the user named. It may be reached by links.
///
/// # Errors
/// It is missing, unreadable, or not a regular file.
pub(super) fn open_named(path: &Path) -> Result<OpenedFile, TransferError> {
    let failed = |error: &io::Error| TransferError::from(file_error(Operation::ReadFile, path, error));
    let file = place::open_at_once(path).map_err(|error| failed(&error))?;
    let metadata = file.metadata().map_err(|error| failed(&error))?;
    if metadata.is_dir() {
        return Err(failed(&is_a_directory()));
    }
    if !metadata.is_file() {
        let address = path.display().to_string();
        return Err(NetError::new(Operation::ReadFile, ErrorKind::File, address, "not a regular file").into());
    }
    Ok(OpenedFile::new(Arc::new(file), path, metadata.len()))
}

#[cfg(test)]
mod tests;

//! Files that talk files send.

use crate::talk::content::Files;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Files below the folder of a talk file.
#[derive(Clone, Debug, Default)]
pub struct FolderFiles {
    /// The folder; `None` for a file from standard input, which has none.
    pub folder: Option<PathBuf>,
}

impl FolderFiles {
    /// The files beside a talk file.
    #[must_use]
    pub fn beside(path: &Path) -> Self {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        Self { folder: Some(folder.unwrap_or(Path::new(".")).to_owned()) }
    }
}

impl Files for FolderFiles {
    fn read(&mut self, path: &str, most: usize) -> Result<Vec<u8>, ErrorKind> {
        let folder = self.folder.as_ref().ok_or(ErrorKind::NotFound)?.canonicalize().map_err(|error| error.kind())?;
        let path = folder.join(path).canonicalize().map_err(|error| error.kind())?;
        // A link can lead out of the folder.
        if !path.starts_with(&folder) {
            return Err(ErrorKind::PermissionDenied);
        }
        // Before it is opened, because opening a pipe waits for its writer.
        if !std::fs::metadata(&path).map_err(|error| error.kind())?.is_file() {
            return Err(ErrorKind::InvalidInput);
        }
        let file = std::fs::File::open(&path).map_err(|error| error.kind())?;
        let mut bytes = Vec::new();
        file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| error.kind())?;
        if bytes.len() > most { Err(ErrorKind::FileTooLarge) } else { Ok(bytes) }
    }
}

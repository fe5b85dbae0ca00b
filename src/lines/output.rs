//! A file that grows while data arrives: received bytes, or a log.

use crate::capture::{FileIdentity, is_inside_capture, is_linked_from_capture};
use crate::model::{ErrorKind, NetError, Operation, is_a_directory};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// An output file. After the first failure nothing more is written, so that no gap is hidden in it.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    file: BufWriter<File>,
    failed: bool,
    after: After,
}

/// What is written to the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// Received bytes, from the start of the file. Its deletion is an error, because the output would be lost.
    Received,
    /// The same, behind the contents of the file.
    AppendReceived,
    /// A log, behind the contents of the file. If the file is renamed or deleted, the log continues in a new file (`logrotate`).
    Log,
}

/// What to check before each flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    /// If the name leads to another file or to none, continue in a file of that name (`logrotate`).
    Rename,
    /// If the file was deleted, fail, because the output would be lost.
    Deletion,
    /// Nothing: the file never had a name.
    Nothing,
}

const BUFFER_BYTES: usize = 256 << 10;

impl OutputFile {
    /// Opens or creates the file at `path`; its contents stay. `captures_dir`: the folder whose captures it must not be a file of.
    ///
    /// # Errors
    /// The system refuses it, or the file belongs to a capture.
    pub fn open(path: &Path, kind: OutputKind, captures_dir: Option<&Path>) -> Result<Self, NetError> {
        let shown = path.display().to_string();
        let of_a_capture = || NetError::new(Operation::SaveFile, ErrorKind::InsideCapture, shown.as_str(), "");
        if is_inside_capture(path) {
            return Err(of_a_capture());
        }
        let mut options = OpenOptions::new();
        if kind == OutputKind::Received {
            options.write(true)
        } else {
            options.append(true)
        };
        let file = options.create(true).truncate(false).open(path).map_err(|error| {
            // Windows only says that access to a folder is denied.
            let error = if path.is_dir() { is_a_directory() } else { error };
            NetError::from_io(Operation::SaveFile, shown.as_str(), &error)
        })?;
        if captures_dir.is_some_and(|captures| is_linked_from_capture(&file, captures)) {
            return Err(of_a_capture());
        }
        let after = match kind {
            OutputKind::Log => After::Rename,
            OutputKind::Received | OutputKind::AppendReceived if is_deleted(&file) => After::Nothing,
            OutputKind::Received | OutputKind::AppendReceived => After::Deletion,
        };
        Ok(Self { path: path.to_owned(), file: BufWriter::with_capacity(BUFFER_BYTES, file), failed: false, after })
    }

    /// The open file, to check what it is.
    #[must_use]
    pub fn file(&self) -> &File {
        self.file.get_ref()
    }

    /// The path that it was opened with.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reopens the file if its name leads to another one now. Buffered bytes go to the new file.
    fn follow_name(&mut self) -> std::io::Result<()> {
        if self.file.buffer().is_empty() {
            return Ok(());
        }
        let open = FileIdentity::of_file(self.file.get_ref())?;
        if FileIdentity::of_path(&self.path).is_ok_and(|named| named == open) {
            return Ok(());
        }
        let file = OpenOptions::new().append(true).create(true).open(&self.path)?;
        let before = std::mem::replace(&mut self.file, BufWriter::with_capacity(BUFFER_BYTES, file));
        let (_, waiting) = before.into_parts();
        self.file.write_all(&waiting.unwrap_or_default())
    }

    /// Removes the contents of a regular file.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn empty(&self) -> Result<(), NetError> {
        let file = self.file.get_ref();
        let regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
        if regular { file.set_len(0) } else { Ok(()) }.map_err(|error| self.error(&error))
    }

    fn error(&self, error: &std::io::Error) -> NetError {
        NetError::from_io(Operation::SaveFile, self.path.display().to_string(), error)
    }

    /// Writes `bytes` into a buffer; see [`OutputFile::flush`].
    ///
    /// # Errors
    /// The write fails; reported once.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), NetError> {
        self.attempt(|file| file.write_all(bytes))
    }

    /// Writes all buffered bytes.
    ///
    /// # Errors
    /// As for [`OutputFile::write`].
    pub fn flush(&mut self) -> Result<(), NetError> {
        match self.after {
            _ if self.failed => return Ok(()),
            After::Rename => {
                let followed = self.follow_name();
                self.attempt(|_| followed)?;
            }
            After::Deletion if is_deleted(self.file.get_ref()) => {
                return self.attempt(|_| Err(no_such_file()));
            }
            After::Deletion | After::Nothing => {}
        }
        self.attempt(Write::flush)
    }

    fn attempt(&mut self, write: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>) -> Result<(), NetError> {
        if self.failed {
            return Ok(());
        }
        write(&mut self.file).map_err(|error| {
            self.failed = true;
            self.error(&error)
        })
    }
}

/// Whether no name leads to the file any more. (Windows does not delete open files.)
fn is_deleted(file: &File) -> bool {
    #[cfg(unix)]
    return file.metadata().is_ok_and(|metadata| std::os::unix::fs::MetadataExt::nlink(&metadata) == 0);
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

fn no_such_file() -> std::io::Error {
    #[cfg(unix)]
    return rustix::io::Errno::NOENT.into();
    #[cfg(not(unix))]
    return std::io::ErrorKind::NotFound.into();
}

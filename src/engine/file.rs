//! A file that is being sent: read in chunks, and refused when it changes meanwhile.

use crate::capture::file_stamp;
use crate::model::{ErrorKind, NetError, Operation};
use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// An open regular file with the size and time it had when its send began.
#[derive(Debug)]
pub(super) struct OpenFile {
    file: RefCell<File>,
    /// Absolute.
    pub(super) path: PathBuf,
    /// Bytes.
    pub(super) size: u64,
    /// Modification time, ns since 1970 UTC.
    pub(super) modified_ns: i64,
}

fn file_error(path: &Path, error: &io::Error) -> NetError {
    NetError { kind: ErrorKind::File, ..NetError::from_io(Operation::ReadFile, path.display().to_string(), error) }
}

fn finding(path: &Path, detail: impl Into<String>) -> NetError {
    NetError::new(Operation::ReadFile, ErrorKind::File, path.display().to_string(), detail)
}

/// Opens without waiting: a pipe that nobody writes to would hold the worker otherwise.
fn open_at_once(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

impl OpenFile {
    /// Opens a regular file.
    ///
    /// # Errors
    /// It is missing, not readable, or no regular file.
    pub(super) fn open(path: &Path) -> Result<Self, NetError> {
        let path = std::path::absolute(path).map_err(|error| file_error(path, &error))?;
        let file = open_at_once(&path).map_err(|error| file_error(&path, &error))?;
        let metadata = file.metadata().map_err(|error| file_error(&path, &error))?;
        if !metadata.is_file() {
            return Err(finding(&path, "not a regular file"));
        }
        let (size, modified_ns) = file_stamp(&metadata);
        Ok(Self { file: RefCell::new(file), path, size, modified_ns })
    }

    /// Fills `chunk` with `len` bytes from `offset`.
    ///
    /// # Errors
    /// The file changed since it was opened, or cannot be read.
    pub(super) fn read(&self, offset: u64, len: usize, chunk: &mut Vec<u8>) -> Result<(), NetError> {
        let mut file = self.file.borrow_mut();
        let metadata = file.metadata().map_err(|error| file_error(&self.path, &error))?;
        if file_stamp(&metadata) != (self.size, self.modified_ns) {
            let detail =
                format!("the file changed while it was sent ({} bytes then, {} now)", self.size, metadata.len());
            return Err(finding(&self.path, detail));
        }
        file.seek(SeekFrom::Start(offset)).map_err(|error| file_error(&self.path, &error))?;
        chunk.resize(len, 0);
        file.read_exact(chunk).map_err(|error| file_error(&self.path, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_regular_file_is_refused_at_once() {
        let folder = tempfile::tempdir().expect("folder");
        let kind = |path: &Path| OpenFile::open(path).map(|_| ()).map_err(|e| (e.operation, e.kind));
        assert_eq!(kind(folder.path()), Err((Operation::ReadFile, ErrorKind::File)));
        assert_eq!(kind(&folder.path().join("missing")), Err((Operation::ReadFile, ErrorKind::File)));
        #[cfg(target_os = "linux")]
        {
            let pipe = folder.path().join("pipe");
            let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
            rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).expect("pipe");
            assert_eq!(kind(&pipe), Err((Operation::ReadFile, ErrorKind::File)));
        }
    }

    #[test]
    fn a_file_that_changed_is_not_sent_on() {
        let file = tempfile::NamedTempFile::new().expect("file");
        std::fs::write(file.path(), b"0123456789").expect("write");
        let open = OpenFile::open(file.path()).expect("open");
        let mut chunk = Vec::new();
        open.read(2, 3, &mut chunk).expect("unchanged");
        assert_eq!(chunk, b"234");
        std::fs::write(file.path(), b"01234").expect("write");
        assert_eq!(open.read(5, 3, &mut chunk).map_err(|e| e.kind), Err(ErrorKind::File));
    }
}

//! A file that is being sent. It is read in chunks to its end. The send fails if the file is replaced meanwhile.

use crate::capture::file_stamp;
use crate::engine::{DATAGRAM_BYTES_MAX, OpenedFile};
use crate::model::{ErrorKind, NetError, Operation, is_a_directory};
use std::cell::{Cell, RefCell};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How often, and after what time, a file is checked again whose time has changed: when data is appended, the new time is visible
/// a moment before the new size.
const LOOKS: u32 = 5;
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// An open regular file with its size and modification time.
#[derive(Debug)]
pub(in crate::engine) struct OpenFile {
    file: RefCell<File>,
    /// Absolute path.
    pub(in crate::engine) path: PathBuf,
    /// The path with links resolved, because readers of captures follow none.
    pub(in crate::engine) place: PathBuf,
    /// Bytes, and modification time in ns since 1970 UTC.
    stamp: Cell<(u64, i64)>,
    /// It has no size, or grows while it is sent, so its later contents do not show what was sent.
    moves: Cell<bool>,
    /// Exactly this many bytes are sent, even if the file grows.
    exact: Option<u64>,
    /// The contents of a small file, once part of it was sent.
    kept: RefCell<Option<Arc<[u8]>>>,
}

/// Files up to this size are held in memory while they are sent, so that the capture stores them only once.
const HELD_BYTES: u64 = 4 << 20;

fn file_error(path: &Path, error: &io::Error) -> NetError {
    NetError { kind: ErrorKind::File, ..NetError::from_io(Operation::ReadFile, path.display().to_string(), error) }
}

/// Resolves the links of a path.
fn place(path: &Path) -> PathBuf {
    // On Windows the resolved form has the device prefix, so links stay there.
    let real = if cfg!(windows) { None } else { path.canonicalize().ok() };
    real.unwrap_or_else(|| path.to_owned())
}

fn finding(path: &Path, detail: impl Into<String>) -> NetError {
    NetError::new(Operation::ReadFile, ErrorKind::File, path.display().to_string(), detail)
}

/// Opens without blocking: otherwise a pipe without a writer would block the worker.
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
    /// It is missing, unreadable, or not a regular file.
    pub(in crate::engine) fn open(path: &Path) -> Result<Self, NetError> {
        let path = std::path::absolute(path).map_err(|error| file_error(path, &error))?;
        let file = open_at_once(&path).map_err(|error| file_error(&path, &error))?;
        Self::checked(file, path, None)
    }

    /// A file that was opened before the send.
    ///
    /// # Errors
    /// It is not a regular file, or shorter than announced.
    pub(in crate::engine) fn of(opened: &OpenedFile) -> Result<Self, NetError> {
        let path = opened.path();
        let file = opened.file().try_clone().map_err(|error| file_error(path, &error))?;
        let open = Self::checked(file, path.to_owned(), Some(opened.len()))?;
        let size = open.stamp.get().0;
        if size < opened.len() { Err(open.changed(size)) } else { Ok(open) }
    }

    fn checked(file: File, path: PathBuf, exact: Option<u64>) -> Result<Self, NetError> {
        let metadata = file.metadata().map_err(|error| file_error(&path, &error))?;
        if metadata.is_dir() {
            return Err(file_error(&path, &is_a_directory()));
        }
        if !metadata.is_file() {
            return Err(finding(&path, "not a regular file"));
        }
        let stamp = file_stamp(&metadata);
        // Files in /proc report a size of 0.
        let moves = stamp.0 == 0;
        Ok(Self {
            file: RefCell::new(file),
            place: place(&path),
            path,
            stamp: Cell::new(stamp),
            moves: Cell::new(moves),
            exact,
            kept: RefCell::default(),
        })
    }

    /// Size in bytes, if known.
    pub(in crate::engine) fn size(&self) -> Option<u64> {
        (!self.moves.get()).then_some(self.stamp.get().0)
    }

    /// Size and time that identify the file later. `None`: its bytes must be stored.
    pub(in crate::engine) fn stamp(&self) -> Option<(u64, i64)> {
        (!self.moves.get()).then_some(self.stamp.get())
    }

    /// The contents of a small file, so that the capture keeps them once however often the file is sent. `None` if the file is
    /// larger than `most` or than [`HELD_BYTES`], or does not contain `part` at `offset` any more.
    pub(in crate::engine) fn kept(&self, offset: u64, part: &[u8], most: u64) -> Option<Arc<[u8]>> {
        let size = self.size().filter(|size| *size <= most.min(HELD_BYTES))?;
        let mut kept = self.kept.borrow_mut();
        if kept.is_none() {
            let mut bytes = Vec::new();
            self.read(0, usize::try_from(size).ok()?, &mut bytes).ok()?;
            *kept = Some(bytes.into());
        }
        let start = usize::try_from(offset).ok()?;
        kept.clone().filter(|bytes| bytes.get(start..start.saturating_add(part.len())) == Some(part))
    }

    /// Whether it is larger than `most`, the size up to which files are kept in the capture.
    pub(in crate::engine) fn is_large(&self, most: u64) -> bool {
        self.size().is_some_and(|size| size > most)
    }

    /// Makes the error of a file that is too long for one datagram.
    pub(in crate::engine) fn too_long(&self) -> NetError {
        let detail = format!("a datagram holds {DATAGRAM_BYTES_MAX} bytes");
        NetError::new(Operation::ReadFile, ErrorKind::TooLong, self.path.display().to_string(), detail)
    }

    /// Whether the file ends at `offset`.
    pub(in crate::engine) fn is_at_end(&self, offset: u64) -> bool {
        let mut more = Vec::new();
        matches!(self.read(offset, 1, &mut more), Ok(true)) && more.is_empty()
    }

    /// Fills `chunk` with at most `most` bytes from `offset`. Returns whether the file ends there.
    ///
    /// # Errors
    /// The file cannot be read, or was overwritten or truncated since it was opened. (Appended data is read.)
    pub(in crate::engine) fn read(&self, offset: u64, most: usize, chunk: &mut Vec<u8>) -> Result<bool, NetError> {
        let failed = |error: io::Error| file_error(&self.path, &error);
        let rest = self.exact.map_or(u64::MAX, |exact| exact.saturating_sub(offset));
        let most = usize::try_from(rest).map_or(most, |rest| rest.min(most));
        let mut file = self.file.borrow_mut();
        self.look(&file)?;
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
        chunk.clear();
        (&mut *file).take(most as u64).read_to_end(chunk).map_err(failed)?;
        let ended = chunk.len() < most;
        let end = offset + chunk.len() as u64;
        let short = |size: u64| end < size;
        if ended && (self.size().is_some_and(short) || self.exact.is_some_and(short)) {
            return Err(self.changed(end));
        }
        if self.exact == Some(end) {
            return Ok(true);
        }
        // If the size is known, no further read is needed to find the end.
        Ok(ended || self.size() == Some(end))
    }

    /// Checks that the file is unchanged.
    fn look(&self, file: &File) -> Result<(), NetError> {
        let mut now = self.stamp.get();
        for look in 0..LOOKS {
            now = file_stamp(&file.metadata().map_err(|error| file_error(&self.path, &error))?);
            let (size, _) = self.stamp.get();
            if now == self.stamp.get() || now.0 > size {
                self.moves.set(self.moves.get() || now.0 > size);
                self.stamp.set(now);
                return Ok(());
            }
            if now.0 < size {
                break;
            }
            if look + 1 < LOOKS {
                std::thread::sleep(LOOK_AGAIN);
            }
        }
        // A file without a size may have any modification time.
        if self.moves.get() && now.0 == 0 { Ok(()) } else { Err(self.changed(now.0)) }
    }

    fn changed(&self, size: u64) -> NetError {
        let then = self.stamp.get().0;
        finding(&self.path, format!("the file changed while it was sent (size {then} then, {size} now)"))
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
        assert!(!open.read(2, 3, &mut chunk).expect("unchanged"));
        assert_eq!(chunk, b"234");
        std::fs::write(file.path(), b"01234").expect("write");
        assert_eq!(open.read(5, 3, &mut chunk).map_err(|e| e.kind), Err(ErrorKind::File));
    }

    #[test]
    fn of_an_open_file_exactly_the_announced_bytes_are_sent() {
        use std::io::Write;
        let mut file = tempfile::NamedTempFile::new().expect("file");
        file.write_all(b"0123456789").expect("write");
        let opened = |len| OpenedFile::new(Arc::new(File::open(file.path()).expect("open")), file.path(), len);
        let open = OpenFile::of(&opened(10)).expect("long enough");
        let empty = OpenFile::of(&opened(0)).expect("long enough");
        assert_eq!(OpenFile::of(&opened(11)).map(drop).map_err(|e| e.kind), Err(ErrorKind::File));
        file.write_all(b"more").expect("write");
        let mut chunk = Vec::new();
        assert!(!open.read(0, 6, &mut chunk).expect("a part"));
        assert!(open.read(6, 6, &mut chunk).expect("the end"));
        assert_eq!(chunk, b"6789");
        assert!(empty.read(0, 6, &mut chunk).expect("the end") && chunk.is_empty());
        file.as_file().set_len(5).expect("cut");
        assert_eq!(open.read(4, 6, &mut chunk).map_err(|e| e.kind), Err(ErrorKind::File));
    }

    #[test]
    fn a_file_that_grows_is_read_to_its_end() {
        use std::io::Write;
        let mut file = tempfile::NamedTempFile::new().expect("file");
        file.write_all(b"0123456789").expect("write");
        let open = OpenFile::open(file.path()).expect("open");
        let mut chunk = Vec::new();
        assert!(!open.read(0, 5, &mut chunk).expect("a part"));
        assert_eq!(open.size(), Some(10));
        file.write_all(b"abc").expect("write");
        assert!(!open.read(5, 5, &mut chunk).expect("a part"));
        assert!(open.read(10, 5, &mut chunk).expect("the end"));
        assert_eq!((&chunk[..], open.size(), open.stamp()), (&b"abc"[..], None, None));
    }
}

//! Differences between operating systems: positioned file access, private files, free disk space.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;
#[cfg(unix)]
use std::time::Duration;
use std::time::SystemTime;

/// Free space of a file system, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Space {
    /// Bytes that this user may still write.
    pub available: u64,
    /// Total size.
    pub total: u64,
}

/// Reads at an offset without moving the file position. May read less than requested; 0 = end of file.
#[cfg(unix)]
pub(super) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, offset)
}

/// Reads at an offset. May read less than requested; 0 = end of file.
#[cfg(windows)]
pub(super) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    // This moves the file position, which no code here depends on.
    std::os::windows::fs::FileExt::seek_read(file, bytes, offset)
}

/// Writes at an offset and returns the count of bytes written.
#[cfg(unix)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::write_at(file, bytes, offset)
}

/// Writes at an offset and returns the count of bytes written.
#[cfg(windows)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, offset)
}

/// Fills `bytes` from `offset` on and returns the count of bytes read before the end of the file.
pub(super) fn read_full_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while let Some(rest) = bytes.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match read_at(file, rest, offset.saturating_add(done as u64)) {
            Ok(0) => break,
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

/// Creates a folder that only its owner can read, with its parents; existing ones are left unchanged.
pub(super) fn create_private_folders(path: &Path) -> io::Result<()> {
    private_folder().recursive(true).create(path)
}

/// Creates a new folder that only its owner can read; fails if it exists.
pub(super) fn create_private_folder(path: &Path) -> io::Result<()> {
    private_folder().create(path)
}

#[cfg_attr(not(unix), expect(unused_mut, reason = "the mode exists on Unix only"))]
fn private_folder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

/// Creates an empty file for reading and writing that only its owner can read.
pub(super) fn create_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens a file of a capture for writing. Never follows a link, which another user may have planted.
pub(super) fn open_own_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits().cast_signed(),
    );
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{} is not a regular file", path.display())));
    }
    options.open(path)
}

/// Creates a new file for reading and writing that only its owner can read. Fails if the name exists, even as a link.
pub(super) fn create_new_private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Opens a plain file for reading; fails for anything else, since opening a pipe would block.
pub(super) fn open_plain_file(path: &Path) -> io::Result<File> {
    let not_regular =
        || io::Error::new(io::ErrorKind::InvalidData, format!("{} is not a regular file", path.display()));
    if !std::fs::metadata(path)?.is_file() {
        return Err(not_regular());
    }
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        (rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::NONBLOCK).bits().cast_signed(),
    );
    let file = options.open(path)?;
    // The path may have been replaced between the two calls.
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}

/// When the file arrived on this machine or was last changed, whichever is later. Unpacking and copying restore the modification
/// time, but not this one.
pub(super) fn arrival(path: &Path) -> io::Result<SystemTime> {
    let metadata = std::fs::symlink_metadata(path)?;
    let modified = metadata.modified()?;
    #[cfg(unix)]
    let arrived = u64::try_from(std::os::unix::fs::MetadataExt::ctime(&metadata))
        .map_or(modified, |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    #[cfg(not(unix))]
    let arrived = metadata.created().unwrap_or(modified);
    Ok(modified.max(arrived))
}

/// Free space of the file system of `path`; `Ok(None)` if the system does not report it.
#[cfg(unix)]
pub(super) fn free_space(path: &Path) -> io::Result<Option<Space>> {
    let stat = rustix::fs::statvfs(path).map_err(io::Error::from)?;
    if stat.f_blocks == 0 {
        return Ok(None); // file systems without a size
    }
    Ok(Some(Space {
        available: stat.f_bavail.saturating_mul(stat.f_frsize),
        total: stat.f_blocks.saturating_mul(stat.f_frsize),
    }))
}

/// The system does not report it; a missing folder is still an error.
#[cfg(not(unix))]
pub(super) fn free_space(path: &Path) -> io::Result<Option<Space>> {
    std::fs::metadata(path).map(|_| None)
}

/// The stored form of a path: raw bytes on Unix, UTF-8 elsewhere.
pub(super) fn path_bytes(path: &Path) -> std::borrow::Cow<'_, [u8]> {
    #[cfg(unix)]
    return std::borrow::Cow::Borrowed(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()));
    #[cfg(not(unix))]
    return std::borrow::Cow::Owned(path.to_string_lossy().into_owned().into_bytes());
}

/// The inverse of [`path_bytes`].
pub(super) fn path_from_bytes(bytes: &[u8]) -> std::path::PathBuf {
    #[cfg(unix)]
    return <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).into();
    #[cfg(not(unix))]
    return String::from_utf8_lossy(bytes).into_owned().into();
}

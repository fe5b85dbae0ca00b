//! Opening, creating and renaming within a folder, without following links.

#[cfg(not(unix))]
use elsewhere as system;
#[cfg(unix)]
use unix as system;

pub(super) use system::{Place, open_at_once};

/// What a name leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// A folder, a pipe, a device.
    Other,
}

/// Unix: every step starts at an open folder, so that what happens to the paths meanwhile does not matter.
#[cfg(unix)]
mod unix {
    use super::Kind;
    use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, linkat, openat, renameat, statat, unlinkat};
    use rustix::io::Errno;
    use std::fs::File;
    use std::io;
    use std::os::fd::{AsFd, OwnedFd};
    use std::path::Path;

    const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::CLOEXEC).union(OFlags::RDONLY);
    /// `NONBLOCK`: otherwise a pipe without a writer would block.
    const FILE: OFlags = OFlags::RDONLY.union(OFlags::NONBLOCK).union(OFlags::NOCTTY).union(OFlags::CLOEXEC);

    /// An open folder.
    #[derive(Debug)]
    pub(in super::super) struct Place {
        folder: OwnedFd,
    }

    impl Place {
        pub(in super::super) fn open(path: &Path) -> io::Result<Self> {
            Ok(Self { folder: openat(CWD, path, FOLDER, Mode::empty())? })
        }

        /// Opens a file below the folder, part by part.
        pub(in super::super) fn open_file(&self, parts: &[&str]) -> io::Result<File> {
            let Some((name, folders)) = parts.split_last() else { return Err(io::ErrorKind::NotFound.into()) };
            let mut at = None::<OwnedFd>;
            for part in folders {
                let from = at.as_ref().map_or(self.folder.as_fd(), AsFd::as_fd);
                at = Some(openat(from, *part, FOLDER | OFlags::NOFOLLOW, Mode::empty())?);
            }
            let from = at.as_ref().map_or(self.folder.as_fd(), AsFd::as_fd);
            Ok(openat(from, *name, FILE | OFlags::NOFOLLOW, Mode::empty())?.into())
        }

        /// Whether a part of the path is a link now. Only to explain a refusal.
        pub(in super::super) fn leads_through_link(&self, parts: &[&str]) -> bool {
            (1..=parts.len()).any(|count| {
                let path = parts.get(..count).unwrap_or_default().join("/");
                statat(&self.folder, path.as_str(), AtFlags::SYMLINK_NOFOLLOW)
                    .is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::Symlink)
            })
        }

        /// What a name leads to, if anything.
        pub(in super::super) fn kind(&self, name: &str) -> Option<Kind> {
            let stat = statat(&self.folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?;
            Some(match FileType::from_raw_mode(stat.st_mode) {
                FileType::RegularFile => Kind::File,
                FileType::Symlink => Kind::Link,
                _ => Kind::Other,
            })
        }

        /// Creates a file; fails if the name exists, even as a link.
        pub(in super::super) fn create_new(&self, name: &str) -> io::Result<File> {
            let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
            Ok(openat(&self.folder, name, flags, Mode::from_raw_mode(0o666))?.into())
        }

        /// Renames a file; fails if the new name exists.
        pub(in super::super) fn name_new(&self, from: &str, to: &str) -> io::Result<()> {
            match linkat(&self.folder, from, &self.folder, to, AtFlags::empty()) {
                Ok(()) => Ok(unlinkat(&self.folder, from, AtFlags::empty())?),
                Err(Errno::EXIST) => Err(Errno::EXIST.into()),
                // A file system without hard links: the name could appear between the two steps.
                Err(_) if self.kind(to).is_none() => self.replace(from, to),
                Err(_) => Err(Errno::EXIST.into()),
            }
        }

        /// Renames a file; an existing one is replaced.
        pub(in super::super) fn replace(&self, from: &str, to: &str) -> io::Result<()> {
            Ok(renameat(&self.folder, from, &self.folder, to)?)
        }

        /// Removes a file.
        pub(in super::super) fn remove(&self, name: &str) -> io::Result<()> {
            Ok(unlinkat(&self.folder, name, AtFlags::empty())?)
        }
    }

    /// Opens a file without blocking. Links are followed.
    pub(in super::super) fn open_at_once(path: &Path) -> io::Result<File> {
        Ok(openat(CWD, path, FILE, Mode::empty())?.into())
    }
}

/// Windows: paths are checked before each step, and the last part is opened as what it is.
#[cfg(not(unix))]
mod elsewhere {
    use super::Kind;
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::path::{Path, PathBuf};

    /// The path of a folder, with its links resolved.
    #[derive(Debug)]
    pub(in super::super) struct Place {
        folder: PathBuf,
    }

    impl Place {
        pub(in super::super) fn open(path: &Path) -> io::Result<Self> {
            let folder = path.canonicalize()?;
            if folder.is_dir() { Ok(Self { folder }) } else { Err(io::ErrorKind::NotADirectory.into()) }
        }

        pub(in super::super) fn open_file(&self, parts: &[&str]) -> io::Result<File> {
            if self.leads_through_link(parts) {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            let path = parts.iter().fold(self.folder.clone(), |path, part| path.join(part));
            if path.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            let mut options = OpenOptions::new();
            options.read(true);
            // FILE_FLAG_OPEN_REPARSE_POINT: a link that has appeared meanwhile is opened itself.
            #[cfg(windows)]
            std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, 0x0020_0000);
            options.open(path)
        }

        pub(in super::super) fn leads_through_link(&self, parts: &[&str]) -> bool {
            let mut path = self.folder.clone();
            parts.iter().any(|part| {
                path.push(part);
                path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink())
            })
        }

        pub(in super::super) fn kind(&self, name: &str) -> Option<Kind> {
            let metadata = self.folder.join(name).symlink_metadata().ok()?;
            Some(match metadata {
                link if link.is_symlink() => Kind::Link,
                file if file.is_file() => Kind::File,
                _ => Kind::Other,
            })
        }

        pub(in super::super) fn create_new(&self, name: &str) -> io::Result<File> {
            OpenOptions::new().write(true).create_new(true).open(self.folder.join(name))
        }

        pub(in super::super) fn name_new(&self, from: &str, to: &str) -> io::Result<()> {
            match std::fs::hard_link(self.folder.join(from), self.folder.join(to)) {
                Ok(()) => self.remove(from),
                // A file system without hard links: the name could appear between the two steps.
                Err(_) if self.kind(to).is_none() => self.replace(from, to),
                Err(_) => Err(io::ErrorKind::AlreadyExists.into()),
            }
        }

        pub(in super::super) fn replace(&self, from: &str, to: &str) -> io::Result<()> {
            std::fs::rename(self.folder.join(from), self.folder.join(to))
        }

        pub(in super::super) fn remove(&self, name: &str) -> io::Result<()> {
            std::fs::remove_file(self.folder.join(name))
        }
    }

    /// Opens a file. Links are followed.
    pub(in super::super) fn open_at_once(path: &Path) -> io::Result<File> {
        File::open(path)
    }
}

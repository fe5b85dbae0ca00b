//! Identity of a file independent of its name: detects links and alternative spellings of a path.

use std::fs::File;
use std::io;
use std::path::Path;

/// Equal for two names of the same file: device and inode on Unix, volume and file index on Windows.
#[derive(Debug, PartialEq, Eq)]
pub struct FileIdentity {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    /// Keeps the file open, because a closed file's index may be reused.
    #[cfg(windows)]
    handle: same_file::Handle,
}

impl FileIdentity {
    /// Identity of the file at a path, following links. On Unix nothing is opened.
    ///
    /// # Errors
    /// The file does not exist, or the system cannot identify it.
    pub fn of_path(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        return std::fs::metadata(path).map(|metadata| Self::of_metadata(&metadata));
        #[cfg(windows)]
        return same_file::Handle::from_path(path).map(|handle| Self { handle });
    }

    /// Identity of an open file.
    ///
    /// # Errors
    /// The system cannot identify it.
    pub fn of_file(file: &File) -> io::Result<Self> {
        #[cfg(unix)]
        return file.metadata().map(|metadata| Self::of_metadata(&metadata));
        #[cfg(windows)]
        return same_file::Handle::from_file(file.try_clone()?).map(|handle| Self { handle });
    }

    #[cfg(unix)]
    fn of_metadata(metadata: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { device_and_inode: (metadata.dev(), metadata.ino()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_detours_lead_to_the_same_file_and_a_copy_does_not() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("data");
        std::fs::write(&path, b"same content").expect("write");
        let hard = folder.path().join("hard");
        std::fs::hard_link(&path, &hard).expect("link");
        let copy = folder.path().join("copy");
        std::fs::copy(&path, &copy).expect("copy");
        let detour = folder.path().join(".").join("data");
        let known = FileIdentity::of_path(&path).expect("there");
        for same in [&hard, &detour, &path] {
            assert_eq!(FileIdentity::of_path(same).expect("there"), known, "{}", same.display());
        }
        #[cfg(unix)]
        {
            let soft = folder.path().join("soft");
            std::os::unix::fs::symlink(&path, &soft).expect("link");
            assert_eq!(FileIdentity::of_path(&soft).expect("there"), known);
        }
        let open = File::open(&hard).expect("open");
        assert_eq!(FileIdentity::of_file(&open).expect("open"), known);
        assert_ne!(FileIdentity::of_path(&copy).expect("there"), known);
        assert!(FileIdentity::of_path(&folder.path().join("missing")).is_err());
    }
}

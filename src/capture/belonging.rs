//! Detects the files of captures: only the capture's own writer may write them.

use super::meta::{Meta, MetaError};
use super::{Catalog, FileIdentity};
use std::fs::{self, File, Metadata};
use std::path::Path;

/// Whether `path` leads into the folder of a capture, where only the capture's writer may write. Symbolic links are resolved.
#[must_use]
pub fn is_inside_capture(path: &Path) -> bool {
    let folder = match path.canonicalize() {
        Ok(real) => real.parent().map(Path::to_owned),
        Err(_) => path.parent().and_then(|folder| {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            folder.canonicalize().ok()
        }),
    };
    // Captures of other versions count too.
    folder.is_some_and(|folder| matches!(Meta::read(&folder), Ok(_) | Err(MetaError::Version(_))))
}

/// Whether an open file is a hard link to a file of a capture below `captures_dir`.
#[must_use]
pub fn is_linked_from_capture(file: &File, captures_dir: &Path) -> bool {
    let Ok(metadata) = file.metadata() else { return false };
    if !metadata.is_file() || has_one_name(&metadata) {
        return false;
    }
    let Ok(identity) = FileIdentity::of_file(file) else { return false };
    let folders = Catalog::new(captures_dir.to_owned()).folders().unwrap_or_default();
    folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten().any(|entry| {
        // Only files of the same length are opened for comparison.
        let may_be = entry.metadata().is_ok_and(|other| other.is_file() && other.len() == metadata.len());
        may_be && FileIdentity::of_path(&entry.path()).is_ok_and(|other| other == identity)
    })
}

#[cfg(unix)]
fn has_one_name(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) == 1
}

/// The standard library has no link count on this system.
#[cfg(not(unix))]
fn has_one_name(_: &Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::super::{CaptureOptions, CaptureWriter};
    use super::*;

    #[test]
    fn a_hard_link_of_a_capture_file_is_found_out_and_a_copy_is_not() {
        let folder = tempfile::tempdir().expect("folder");
        let captures = folder.path().join("captures");
        let endpoint = "tcp://127.0.0.1:1".parse().expect("an endpoint");
        let writer = CaptureWriter::create(&captures, &endpoint, CaptureOptions::default()).expect("made");
        let of_capture = writer.reader().folder().to_owned();
        drop(writer);
        for entry in fs::read_dir(&of_capture).expect("listed").flatten() {
            let hard = folder.path().join(entry.file_name());
            fs::hard_link(entry.path(), &hard).expect("linked");
            let open = |path: &Path| File::open(path).expect("opened");
            assert!(is_linked_from_capture(&open(&hard), &captures), "{}", hard.display());
            assert!(!is_linked_from_capture(&open(&hard), folder.path()), "another data folder");
            fs::remove_file(&hard).expect("removed");
            fs::copy(entry.path(), &hard).expect("copied");
            assert!(!is_linked_from_capture(&open(&hard), &captures), "{}", hard.display());
        }
    }
}

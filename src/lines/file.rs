//! Saves files atomically: the previous file is kept until the new one is complete.

use crate::capture::{SaveError, Saved, is_inside_capture};
use crate::model::{ErrorKind, NetError, Operation, is_a_directory};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

const BUFFER_BYTES: usize = 1 << 18;

/// Lets `write` fill a temporary file beside `path`, then replaces `path` with it. On failure the old file is unchanged. Symbolic
/// links are kept and their target is replaced. Devices and pipes are written directly.
///
/// # Errors
/// The file cannot be written or is in the folder of a capture, the capture cannot be read, or `write` was cancelled.
pub fn save_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<Saved, SaveError>,
) -> Result<Saved, NetError> {
    let shown = path.display().to_string();
    let failed = |error: io::Error| NetError::from_io(Operation::SaveFile, shown.as_str(), &error);
    if path.is_dir() {
        // Fail now rather than after writing everything.
        return Err(NetError { kind: ErrorKind::File, ..failed(is_a_directory()) });
    }
    if is_inside_capture(path) {
        return Err(NetError::new(Operation::SaveFile, ErrorKind::InsideCapture, shown.as_str(), ""));
    }
    let before = path.metadata().ok();
    if before.as_ref().is_some_and(|metadata| !metadata.is_file()) {
        let mut out = OpenOptions::new().write(true).open(path).map_err(failed)?;
        return fill(&mut out, &shown, write);
    }
    let real = path.canonicalize();
    let path = real.as_deref().unwrap_or(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new();
    temporary.prefix(".wirebench-").suffix(".part");
    #[cfg(unix)]
    let temporary = {
        use std::os::unix::fs::PermissionsExt;
        // The usual mode of new files; the umask still applies.
        temporary.permissions(std::fs::Permissions::from_mode(0o666))
    };
    let mut file = temporary.tempfile_in(folder).map_err(failed)?;
    let saved = fill(file.as_file_mut(), &shown, write)?;
    if let Some(before) = before {
        file.as_file().set_permissions(before.permissions()).map_err(failed)?;
    }
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(saved)
}

/// Lets `write` fill `file`; errors name it `shown`.
fn fill(
    file: &mut File,
    shown: &str,
    write: impl FnOnce(&mut dyn Write) -> Result<Saved, SaveError>,
) -> Result<Saved, NetError> {
    let failed = |error: io::Error| NetError::from_io(Operation::SaveFile, shown, &error);
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, file);
    let saved = write(&mut out).map_err(|error| match error {
        SaveError::Write(error) => failed(error),
        SaveError::Read(error) => {
            NetError::new(Operation::SaveFile, ErrorKind::CaptureFailed, shown, error.to_string())
        }
        SaveError::Cancelled => NetError::new(Operation::SaveFile, ErrorKind::Cancelled, shown, ""),
    })?;
    out.flush().map_err(failed)?;
    Ok(saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_that_fails_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("received.bin");
        let saved = save_file(&path, |out| {
            out.write_all(b"first").map_err(SaveError::Write)?;
            Ok(Saved::default())
        });
        assert_eq!(saved, Ok(Saved::default()));
        let cancelled = save_file(&path, |out| {
            out.write_all(b"second").map_err(SaveError::Write)?;
            Err(SaveError::Cancelled)
        });
        assert_eq!(cancelled.map_err(|error| error.kind), Err(ErrorKind::Cancelled));
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        let into_a_folder = save_file(folder.path(), |_| panic!("must not be called"));
        let error = into_a_folder.expect_err("a folder");
        for (lang, words) in [(crate::words::Lang::En, "is a folder"), (crate::words::Lang::ZhCn, "文件夹")] {
            let said = crate::words::error_sentence(&error, lang);
            assert!(said.contains(words), "{said}");
        }
        let missing = save_file(&folder.path().join("no").join("x"), |_| Ok(Saved::default()));
        assert_eq!(missing.map_err(|error| error.operation), Err(Operation::SaveFile));
    }
}

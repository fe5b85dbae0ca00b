//! The text of a talk file on disk: read whole, written atomically, and never over a change that another program made.

use crate::model::{ErrorKind, NetError, Operation};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Longest talk file that is read, in bytes.
pub const LONGEST_TALK_FILE: u64 = 16 << 20;

/// Names that were made; the clock may be too coarse for two of them to differ.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// Why a talk file was not read or written.
#[derive(Clone, Debug, PartialEq)]
pub enum TalkFileError {
    /// The system refused.
    Failed(NetError),
    /// It is longer than [`LONGEST_TALK_FILE`].
    TooLong,
    /// It is not UTF-8.
    NotUtf8,
    /// It has another text than expected: another program wrote or removed it. The text that it has now; `None`: it is gone.
    Changed(Option<String>),
}

/// The name of a new talk file in the folder of talk files. Two calls do not return the same name.
#[must_use]
pub fn new_talk_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{now:x}-{:x}-{count:x}.talk", std::process::id())
}

/// The path of a session's talk file: a bare name is a file of `dir`, else it is a path.
#[must_use]
pub fn talk_path(dir: &Path, name: &str) -> Option<PathBuf> {
    (!name.is_empty()).then(|| dir.join(name))
}

/// Whether a name is that of a file that the program made for one session, or of none yet. Other files may be of somebody else.
#[must_use]
pub fn is_own_talk(name: &str) -> bool {
    Path::new(name).parent().is_none_or(|parent| parent.as_os_str().is_empty())
}

/// Makes a file beside a talk file, under the first free name: `a.csv`, `a-2.csv`, … Returns its name. Blocks on the disk: call it
/// from a job.
///
/// # Errors
/// It cannot be written, or all names are taken.
pub fn new_beside(folder: &Path, stem: &str, ending: &str, text: &str) -> Result<String, NetError> {
    const MOST_NAMES: u32 = 1000;
    let failed = |name: &str, error: &io::Error| {
        NetError::from_io(Operation::SaveFile, folder.join(name).display().to_string(), error)
    };
    fs::create_dir_all(folder).map_err(|error| failed("", &error))?;
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 1..=MOST_NAMES {
        let name = if number == 1 { format!("{stem}.{ending}") } else { format!("{stem}-{number}.{ending}") };
        match fs::OpenOptions::new().write(true).create_new(true).open(folder.join(&name)) {
            Ok(mut file) => {
                return file.write_all(text.as_bytes()).map(|()| name.clone()).map_err(|error| failed(&name, &error));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(failed(&name, &error)),
        }
    }
    Err(failed(stem, &last))
}

/// The text of a file; `None`: it does not exist. Blocks on the disk: call it from a job.
///
/// # Errors
/// It cannot be read, is too long, or is no text.
pub fn read_talk(path: &Path) -> Result<Option<String>, TalkFileError> {
    match read_file(path, LONGEST_TALK_FILE)? {
        Some(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| TalkFileError::NotUtf8),
        None => Ok(None),
    }
}

/// The bytes of a file, at most `most`; `None`: it does not exist. Blocks on the disk: call it from a job.
///
/// # Errors
/// It cannot be read, or is too long.
pub fn read_file(path: &Path, most: u64) -> Result<Option<Vec<u8>>, TalkFileError> {
    let failed = |error: &io::Error| {
        TalkFileError::Failed(NetError::from_io(Operation::ReadFile, path.display().to_string(), error))
    };
    // A pipe would block when it is opened.
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => {
            let detail = "not a regular file";
            let error = NetError::new(Operation::ReadFile, ErrorKind::Other, path.display().to_string(), detail);
            return Err(TalkFileError::Failed(error));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(&error)),
    }
    let file = fs::File::open(path).map_err(|error| failed(&error))?;
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    if bytes.len() as u64 > most { Err(TalkFileError::TooLong) } else { Ok(Some(bytes)) }
}

/// Replaces the text of a file atomically, if it still is `before` (`None`: the file does not exist). Creates its folder. Blocks on
/// the disk: call it from a job.
///
/// # Errors
/// Another program changed the file, or it cannot be read or written. It is unchanged then.
pub fn write_talk(path: &Path, before: Option<&str>, text: &str) -> Result<(), TalkFileError> {
    let now = match read_talk(path) {
        // The program never read or wrote such contents, so another program did.
        Err(TalkFileError::TooLong | TalkFileError::NotUtf8) => return Err(TalkFileError::Changed(None)),
        now => now?,
    };
    if now.as_deref() == Some(text) {
        return Ok(());
    }
    if now.as_deref() != before {
        return Err(TalkFileError::Changed(now));
    }
    write(path, text).map_err(|error| {
        TalkFileError::Failed(NetError::from_io(Operation::SaveFile, path.display().to_string(), &error))
    })
}

/// Writes a text beside a talk file, under the first free name: `a.unsaved.talk`, `a.unsaved-2.talk`, … Blocks on the disk.
///
/// # Errors
/// It cannot be written, or all names are taken.
pub fn write_aside(path: &Path, text: &str) -> Result<PathBuf, TalkFileError> {
    let mut result = Err(TalkFileError::Changed(None));
    for aside in aside_paths(path) {
        result = write_talk(&aside, None, text).map(|()| aside);
        if !matches!(result, Err(TalkFileError::Changed(_))) {
            break;
        }
    }
    result
}

/// The first text that [`write_aside`] wrote beside a talk file, with its path. Blocks on the disk: call it from a job.
#[must_use]
pub fn read_aside(path: &Path) -> Option<(PathBuf, String)> {
    aside_paths(path).find_map(|aside| Some((aside.clone(), read_talk(&aside).ok()??)))
}

/// Deletes a text that was written beside a talk file, if it still is `text`. Blocks on the disk: call it from a job.
///
/// # Errors
/// The system refuses.
pub fn delete_aside(aside: &Path, text: &str) -> io::Result<()> {
    if read_talk(aside).ok().flatten().as_deref() == Some(text) { fs::remove_file(aside) } else { Ok(()) }
}

/// The names for edits that could not be written into the talk file itself: `a.unsaved.talk`, `a.unsaved-2.talk`, …
fn aside_paths(path: &Path) -> impl Iterator<Item = PathBuf> + '_ {
    (1..=9).map(|number| {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        path.with_extension(format!("unsaved{number}.talk"))
    })
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    // A link to the file remains a link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    super::file::make_private_dir(dir)?;
    let mut temporary = tempfile::Builder::new().prefix(".talk-").suffix(".tmp").tempfile_in(dir)?;
    temporary.write_all(text.as_bytes())?;
    // A file that the user shares stays readable for those who could read it.
    if let Ok(metadata) = fs::metadata(&path) {
        temporary.as_file().set_permissions(metadata.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_only_over_what_was_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = talk_path(&dir.path().join("talks"), "a.talk").unwrap();
        assert_eq!(read_talk(&path), Ok(None));
        assert_eq!(write_talk(&path, None, "> 01\n"), Ok(()));
        assert_eq!(read_talk(&path), Ok(Some("> 01\n".into())));
        assert_eq!(write_talk(&path, Some("> 01\n"), "> 02\n"), Ok(()));
        let changed = TalkFileError::Changed(Some("> 02\n".into()));
        assert_eq!(write_talk(&path, Some("> 01\n"), "> 03\n"), Err(changed.clone()));
        assert_eq!(write_talk(&path, None, "> 03\n"), Err(changed));
        assert_eq!(write_talk(&path, Some("> 01\n"), "> 02\n"), Ok(()), "it has this text already");
        fs::remove_file(&path).unwrap();
        assert_eq!(write_talk(&path, Some("> 02\n"), "> 03\n"), Err(TalkFileError::Changed(None)));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn what_is_no_talk_file_is_neither_read_nor_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.talk");
        fs::write(&path, b"\xFF\xFE").unwrap();
        assert_eq!(read_talk(&path), Err(TalkFileError::NotUtf8));
        assert_eq!(write_talk(&path, None, "> 01\n"), Err(TalkFileError::Changed(None)));
        assert_eq!(fs::read(&path).unwrap(), b"\xFF\xFE");
        fs::File::create(&path).unwrap().set_len(LONGEST_TALK_FILE + 1).unwrap();
        assert_eq!(read_talk(&path), Err(TalkFileError::TooLong));
        assert!(matches!(read_talk(dir.path()), Err(TalkFileError::Failed(_))));
        assert!(matches!(write_talk(dir.path(), None, ""), Err(TalkFileError::Failed(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_shared_file_stays_readable() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("a.talk"), dir.path().join("b.talk"));
        fs::write(&path, "> 01\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write_talk(&link, Some("> 01\n"), "> 02\n").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "> 02\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o644);
    }

    #[test]
    fn new_names_differ_and_stay_in_the_folder() {
        let (first, second) = (new_talk_name(), new_talk_name());
        let path = talk_path(Path::new("/data/talks"), &first).unwrap();
        assert_eq!(path.parent(), Some(Path::new("/data/talks")));
        assert!(first.ends_with(".talk") && first != second);
        assert_eq!(talk_path(Path::new("/data/talks"), ""), None);
    }
}

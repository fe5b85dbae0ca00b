//! Files named by the user: to send, to save to, to log to.

use super::usage::{UsageError, quoted};
use crate::capture::{FileIdentity, is_inside_capture, is_linked_from_capture};
use crate::model::{ErrorKind, NetError, Operation, is_a_directory};
use crate::settings::DataPaths;
use crate::words::{self, Lang};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Files to write, opened before any socket, so that a wrong path is a usage error.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    /// Received bytes.
    pub save: Option<OutputFile>,
    /// Log of events.
    pub log: Option<OutputFile>,
}

/// The files named by the options of a session.
#[derive(Clone, Copy)]
pub(super) struct NamedFiles<'a> {
    /// Files to send.
    pub send: &'a [PathBuf],
    /// Maximum size of a file that must fit into one datagram.
    pub send_most: Option<u64>,
    /// Standard input is sent; it may be a file too.
    pub stdin: bool,
    pub save: Option<&'a Path>,
    pub log: Option<&'a Path>,
    /// `--data-dir`: files of captures there must not be written.
    pub data_dir: Option<&'a Path>,
}

impl Outputs {
    /// Checks that every file to send can be read, and opens the files to write. `save` is truncated, `log` is appended to.
    ///
    /// # Errors
    /// A file cannot be read or written, or would be read and written in one run.
    pub fn open(named: &NamedFiles<'_>, lang: Lang) -> Result<Self, UsageError> {
        let NamedFiles { send, send_most, stdin, save, log, data_dir } = *named;
        for path in send {
            check_readable(path, send_most, lang)?;
        }
        let mut used: Vec<Used> = send.iter().filter_map(|path| Used::of_path(path, "--send-file")).collect();
        if stdin {
            used.extend(standard_input().and_then(|file| Used::of_file(&file, "--stdin")));
        }
        let captures_dir = DataPaths::resolve(data_dir.map(Path::to_owned)).map(|paths| paths.captures_dir);
        let captures_dir = captures_dir.as_deref();
        let save = save.map(|path| open_output("--save", path, captures_dir, &mut used, lang)).transpose()?;
        let log = log.map(|path| open_output("--log", path, captures_dir, &mut used, lang)).transpose()?;
        if let Some(output) = &save {
            output.empty().map_err(|error| UsageError::file("--save", &output.path, cause(&error, lang)))?;
        }
        Ok(Self { save, log })
    }
}

fn cause(error: &NetError, lang: Lang) -> String {
    words::error_cause(error, lang)
}

fn missing_folder(folder: &Path, lang: Lang) -> String {
    lang.texts().folder_missing(&quoted(&folder.display().to_string()))
}

/// A regular file named by an option. Devices and pipes may be named twice without loss.
struct Used {
    file: FileIdentity,
    option: &'static str,
}

impl Used {
    fn of_path(path: &Path, option: &'static str) -> Option<Self> {
        let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
        let file = is_file.then(|| FileIdentity::of_path(path).ok()).flatten()?;
        Some(Self { file, option })
    }

    fn of_file(file: &File, option: &'static str) -> Option<Self> {
        let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
        let file = is_file.then(|| FileIdentity::of_file(file).ok()).flatten()?;
        Some(Self { file, option })
    }
}

fn standard_input() -> Option<File> {
    #[cfg(unix)]
    let owned = std::os::fd::AsFd::as_fd(&std::io::stdin()).try_clone_to_owned();
    #[cfg(windows)]
    let owned = std::os::windows::io::AsHandle::as_handle(&std::io::stdin()).try_clone_to_owned();
    owned.map(File::from).ok()
}

fn check_readable(path: &Path, most: Option<u64>, lang: Lang) -> Result<(), UsageError> {
    let refused = |error: std::io::Error| {
        let error = NetError::from_io(Operation::ReadFile, path.display().to_string(), &error);
        UsageError::file("--send-file", path, cause(&error, lang))
    };
    let metadata = path.metadata().map_err(refused)?;
    if metadata.is_dir() {
        return Err(UsageError::file("--send-file", path, lang.texts().folder_not_file()));
    }
    // Opening a pipe blocks, or disturbs its other end.
    if !metadata.is_file() {
        return Ok(());
    }
    if most.is_some_and(|most| metadata.len() > most) {
        let reason = lang.texts().file_longer_than_datagram();
        return Err(UsageError::file("--send-file", path, reason));
    }
    File::open(path).map(drop).map_err(refused)
}

fn open_output(
    option: &'static str,
    path: &Path,
    captures_dir: Option<&Path>,
    used: &mut Vec<Used>,
    lang: Lang,
) -> Result<OutputFile, UsageError> {
    let of_a_capture = || {
        let error = NetError::new(Operation::SaveFile, ErrorKind::InsideCapture, path.display().to_string(), "");
        UsageError::file(option, path, cause(&error, lang))
    };
    if is_inside_capture(path) {
        return Err(of_a_capture());
    }
    let append = option == "--log";
    let mut options = OpenOptions::new();
    if append {
        options.append(true)
    } else {
        options.write(true)
    };
    let file = options.create(true).truncate(false).open(path).map_err(|error| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        if let (Some(folder), io::ErrorKind::NotFound) = (folder, error.kind()) {
            return UsageError::file(option, path, missing_folder(folder, lang));
        }
        // Windows only says that access to a folder is denied.
        let error = if path.is_dir() { is_a_directory() } else { error };
        let error = NetError::from_io(Operation::SaveFile, path.display().to_string(), &error);
        UsageError::file(option, path, cause(&error, lang))
    })?;
    if captures_dir.is_some_and(|captures| is_linked_from_capture(&file, captures)) {
        return Err(of_a_capture());
    }
    if let Some(this) = Used::of_file(&file, option) {
        if let Some(Used { option: other, .. }) = used.iter().find(|used| used.file == this.file) {
            let reason = lang.texts().used_by_too(other);
            return Err(UsageError::file(option, path, reason));
        }
        used.push(this);
    }
    let after = if append { After::Rename } else { After::Deletion };
    Ok(OutputFile::new(path, file, after))
}

/// An output file. After the first failure nothing more is written, so that no gap is hidden in it.
#[derive(Debug)]
pub(super) struct OutputFile {
    path: PathBuf,
    file: BufWriter<File>,
    failed: bool,
    after: After,
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
    fn new(path: &Path, file: File, after: After) -> Self {
        let after = if after == After::Deletion && is_deleted(&file) { After::Nothing } else { after };
        Self { path: path.to_owned(), file: BufWriter::with_capacity(BUFFER_BYTES, file), failed: false, after }
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

    fn empty(&self) -> Result<(), NetError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_not_read_and_written_in_one_run() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("data");
        std::fs::write(&path, b"precious").expect("write");
        let hard = folder.path().join("hard");
        std::fs::hard_link(&path, &hard).expect("link");
        let soft = folder.path().join("soft");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&path, &soft).expect("link");
        #[cfg(not(unix))]
        std::fs::hard_link(&path, &soft).expect("link");
        for other in [&path, &hard, &soft] {
            for (send, save, log) in
                [(Some(&path), Some(other), None), (Some(&path), None, Some(other)), (None, Some(&path), Some(other))]
            {
                let send: Vec<_> = send.into_iter().cloned().collect();
                let (save, log) = (save.map(PathBuf::as_path), log.map(PathBuf::as_path));
                let opened = Outputs::open(
                    &NamedFiles { send: &send, send_most: None, stdin: false, save, log, data_dir: None },
                    Lang::En,
                );
                assert!(opened.is_err_and(|error| error.reason.contains("is also used by")), "{}", other.display());
                assert_eq!(std::fs::read(&path).expect("read"), b"precious");
            }
        }
        let fresh = folder.path().join("fresh");
        let named = NamedFiles {
            send: &[],
            send_most: None,
            stdin: false,
            save: Some(&fresh),
            log: Some(&fresh),
            data_dir: None,
        };
        assert!(Outputs::open(&named, Lang::En).is_err());
        let devices = NamedFiles { save: Some(Path::new("/dev/null")), log: Some(Path::new("/dev/null")), ..named };
        assert!(cfg!(not(unix)) || Outputs::open(&devices, Lang::En).is_ok());
    }

    #[test]
    fn save_replaces_and_log_appends() {
        let folder = tempfile::tempdir().expect("folder");
        let (save, log) = (folder.path().join("save"), folder.path().join("log"));
        std::fs::write(&save, b"old").expect("write");
        std::fs::write(&log, b"old").expect("write");
        let named =
            NamedFiles { send: &[], send_most: None, stdin: false, save: Some(&save), log: Some(&log), data_dir: None };
        let mut outputs = Outputs::open(&named, Lang::En).expect("open");
        for output in [&mut outputs.save, &mut outputs.log] {
            let output = output.as_mut().expect("opened");
            output.write(b"new").expect("write");
            output.flush().expect("flush");
        }
        assert_eq!(std::fs::read(&save).expect("read"), b"new");
        assert_eq!(std::fs::read(&log).expect("read"), b"oldnew");
    }
}

//! Files the user named: to send from, to save to, to log to.

use super::usage::UsageError;
use crate::model::{NetError, Operation};
use crate::words::{self, Lang};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Opened before any socket, so that a bad path is wrong usage and not a surprise later.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    /// Received bytes.
    pub save: Option<OutputFile>,
    /// What happened.
    pub log: Option<OutputFile>,
}

impl Outputs {
    /// Checks that every file to send can be read and opens the files to write. `save` is emptied, `log` is appended to.
    ///
    /// # Errors
    /// A file cannot be read or written, or would be read and written in one run.
    pub fn open(send: &[PathBuf], save: Option<&Path>, log: Option<&Path>, lang: Lang) -> Result<Self, UsageError> {
        for path in send {
            check_readable(path, lang)?;
        }
        let mut used: Vec<(PathBuf, &str)> = send.iter().map(|path| (resolved(path), "--send-file")).collect();
        let save = save.map(|path| open_output("--save", path, false, &mut used, lang)).transpose()?;
        let log = log.map(|path| open_output("--log", path, true, &mut used, lang)).transpose()?;
        if let Some(output) = &save {
            output.empty().map_err(|error| UsageError::file("--save", &output.path, cause(&error, lang)))?;
        }
        Ok(Self { save, log })
    }
}

fn cause(error: &NetError, lang: Lang) -> String {
    words::error_cause(error, lang)
}

fn resolved(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn check_readable(path: &Path, lang: Lang) -> Result<(), UsageError> {
    let refused = |error: std::io::Error| {
        let error = NetError::from_io(Operation::ReadFile, path.display().to_string(), &error);
        UsageError::file("--send-file", path, cause(&error, lang))
    };
    // Looked at before it is opened: opening a pipe waits for, or disturbs, its other end.
    if !path.metadata().map_err(refused)?.is_file() {
        let reason = lang.pick("不是普通文件", "is no regular file");
        return Err(UsageError::file("--send-file", path, reason));
    }
    File::open(path).map(drop).map_err(refused)
}

fn open_output(
    option: &str,
    path: &Path,
    append: bool,
    used: &mut Vec<(PathBuf, &'static str)>,
    lang: Lang,
) -> Result<OutputFile, UsageError> {
    let refuse_used = |used: &[(PathBuf, &str)]| match used.iter().find(|(other, _)| *other == resolved(path)) {
        Some((_, other)) => Err(UsageError::file(
            option,
            path,
            match lang {
                Lang::ZhCn => format!("{other} 也用到这个文件"),
                Lang::En => format!("is used by {other} too"),
            },
        )),
        None => Ok(()),
    };
    refuse_used(used)?;
    let mut options = OpenOptions::new();
    if append {
        options.append(true)
    } else {
        options.write(true)
    };
    let file = options.create(true).truncate(false).open(path).map_err(|error| {
        let error = NetError::from_io(Operation::SaveFile, path.display().to_string(), &error);
        UsageError::file(option, path, cause(&error, lang))
    })?;
    // A file made just now can be resolved only now.
    refuse_used(used)?;
    used.push((resolved(path), if append { "--log" } else { "--save" }));
    Ok(OutputFile { path: path.to_owned(), file: BufWriter::with_capacity(256 << 10, file), failed: false })
}

/// A file that is written on the way. After its first failure nothing more is written, so that no hole is hidden in it.
#[derive(Debug)]
pub(super) struct OutputFile {
    path: PathBuf,
    file: BufWriter<File>,
    failed: bool,
}

impl OutputFile {
    fn empty(&self) -> Result<(), NetError> {
        let file = self.file.get_ref();
        let regular = file.metadata().is_ok_and(|metadata| metadata.is_file());
        if regular { file.set_len(0) } else { Ok(()) }.map_err(|error| self.error(&error))
    }

    fn error(&self, error: &std::io::Error) -> NetError {
        NetError::from_io(Operation::SaveFile, self.path.display().to_string(), error)
    }

    /// Writes `bytes` (into a buffer: see [`OutputFile::flush`]).
    ///
    /// # Errors
    /// The system refuses; told once.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), NetError> {
        self.attempt(|file| file.write_all(bytes))
    }

    /// Hands everything to the system.
    ///
    /// # Errors
    /// As for [`OutputFile::write`].
    pub fn flush(&mut self) -> Result<(), NetError> {
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

/// Files in which only the user's own word decides: `captures export --out`.
///
/// # Errors
/// The file cannot be written.
pub(super) fn create(path: &Path) -> Result<OutputFile, NetError> {
    let file = File::create(path)
        .map_err(|error| NetError::from_io(Operation::SaveFile, path.display().to_string(), &error))?;
    Ok(OutputFile { path: path.to_owned(), file: BufWriter::with_capacity(256 << 10, file), failed: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_not_read_and_written_in_one_run() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("data");
        std::fs::write(&path, b"precious").expect("write");
        let link = folder.path().join("link");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&path, &link).expect("link");
        for (send, save, log) in [
            (Some(&path), Some(&path), None),
            (Some(&path), None, Some(&path)),
            (Some(&path), Some(&link), None),
            (None, Some(&path), Some(&path)),
        ] {
            let send: Vec<_> = send.into_iter().cloned().collect();
            let opened = Outputs::open(&send, save.map(PathBuf::as_path), log.map(PathBuf::as_path), Lang::En);
            assert!(opened.is_err());
            assert_eq!(std::fs::read(&path).expect("read"), b"precious");
        }
        let fresh = folder.path().join("fresh");
        assert!(Outputs::open(&[], Some(&fresh), Some(&fresh), Lang::En).is_err());
    }

    #[test]
    fn save_replaces_and_log_appends() {
        let folder = tempfile::tempdir().expect("folder");
        let (save, log) = (folder.path().join("save"), folder.path().join("log"));
        std::fs::write(&save, b"old").expect("write");
        std::fs::write(&log, b"old").expect("write");
        let mut outputs = Outputs::open(&[], Some(&save), Some(&log), Lang::En).expect("open");
        for output in [&mut outputs.save, &mut outputs.log] {
            let output = output.as_mut().expect("opened");
            output.write(b"new").expect("write");
            output.flush().expect("flush");
        }
        assert_eq!(std::fs::read(&save).expect("read"), b"new");
        assert_eq!(std::fs::read(&log).expect("read"), b"oldnew");
    }
}

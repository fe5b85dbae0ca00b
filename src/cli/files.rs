//! Files named by the user: to send, to save to, to log to.

use super::usage::{UsageError, quoted};
use crate::capture::FileIdentity;
use crate::lines::{FilePlan, OutputFile, OutputKind, ReceivedFiles, ReceivedSink};
use crate::model::{ErrorKind, NetError, Operation};
use crate::settings::DataPaths;
use crate::words::{self, Lang};
use std::fs::File;
use std::path::{Path, PathBuf};

/// Files to write, opened before any socket, so that a wrong path is a usage error.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    /// Received bytes.
    pub save: Option<Save>,
    /// Log of events.
    pub log: Option<OutputFile>,
}

/// Where received bytes are saved.
#[derive(Debug)]
pub(super) enum Save {
    /// One file.
    One(OutputFile),
    /// A file for each connection, or one after the other.
    Several(ReceivedFiles),
}

impl Save {
    /// The files as a sink.
    pub fn sink(&mut self) -> &mut dyn ReceivedSink {
        match self {
            Self::One(file) => file,
            Self::Several(files) => files,
        }
    }
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
    pub save: Option<&'a FilePlan>,
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
        let save = save.map(|plan| open_save(plan, captures_dir, &mut used, lang)).transpose()?;
        let log = log.map(|path| open_output("--log", path, captures_dir, &mut used, true, lang)).transpose()?;
        if let (Some(Save::One(output)), Some(FilePlan { appends: false, .. })) = (&save, named.save) {
            output.empty().map_err(|error| UsageError::file("--save", output.path(), cause(&error, lang)))?;
        }
        Ok(Self { save, log })
    }
}

/// Opens what `--save` names. It is emptied last, so that no file is emptied that is read or written otherwise.
fn open_save(
    plan: &FilePlan,
    captures_dir: Option<&Path>,
    used: &mut Vec<Used>,
    lang: Lang,
) -> Result<Save, UsageError> {
    if plan.is_one_file() {
        return open_output("--save", &plan.path, captures_dir, used, plan.appends, lang).map(Save::One);
    }
    let folder = plan.path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(UsageError::file("--save", &plan.path, missing_folder(folder, lang)));
    }
    if plan.path.is_dir() || plan.path.file_name().is_none() {
        return Err(UsageError::file("--save", &plan.path, lang.texts().folder_not_file()));
    }
    Ok(Save::Several(ReceivedFiles::new(plan.clone(), captures_dir)))
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
    appends: bool,
    lang: Lang,
) -> Result<OutputFile, UsageError> {
    let kind = match (option, appends) {
        ("--log", _) => OutputKind::Log,
        (_, true) => OutputKind::AppendReceived,
        (_, false) => OutputKind::Received,
    };
    let output = OutputFile::open(path, kind, captures_dir).map_err(|error| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        match folder {
            Some(folder) if error.kind == ErrorKind::File => {
                UsageError::file(option, path, missing_folder(folder, lang))
            }
            _ => UsageError::file(option, path, cause(&error, lang)),
        }
    })?;
    if let Some(this) = Used::of_file(output.file(), option) {
        if let Some(Used { option: other, .. }) = used.iter().find(|used| used.file == this.file) {
            let reason = lang.texts().used_by_too(other);
            return Err(UsageError::file(option, path, reason));
        }
        used.push(this);
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(path: &Path) -> FilePlan {
        FilePlan { path: path.to_owned(), ..FilePlan::default() }
    }

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
                let (save, log) = (save.map(|path| one(path)), log.map(PathBuf::as_path));
                let opened = Outputs::open(
                    &NamedFiles {
                        send: &send,
                        send_most: None,
                        stdin: false,
                        save: save.as_ref(),
                        log,
                        data_dir: None,
                    },
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
            save: Some(&one(&fresh)),
            log: Some(&fresh),
            data_dir: None,
        };
        assert!(Outputs::open(&named, Lang::En).is_err());
        let null = one(Path::new("/dev/null"));
        let devices = NamedFiles { save: Some(&null), log: Some(Path::new("/dev/null")), ..named };
        assert!(cfg!(not(unix)) || Outputs::open(&devices, Lang::En).is_ok());
    }

    #[test]
    fn save_replaces_and_log_appends() {
        let folder = tempfile::tempdir().expect("folder");
        let (save, log) = (folder.path().join("save"), folder.path().join("log"));
        std::fs::write(&save, b"old").expect("write");
        std::fs::write(&log, b"old").expect("write");
        let plan = one(&save);
        let named =
            NamedFiles { send: &[], send_most: None, stdin: false, save: Some(&plan), log: Some(&log), data_dir: None };
        let mut outputs = Outputs::open(&named, Lang::En).expect("open");
        let Some(Save::One(save_file)) = &mut outputs.save else { panic!("one file") };
        for output in [save_file, outputs.log.as_mut().expect("opened")] {
            output.write(b"new").expect("write");
            output.flush().expect("flush");
        }
        assert_eq!(std::fs::read(&save).expect("read"), b"new");
        assert_eq!(std::fs::read(&log).expect("read"), b"oldnew");
    }
}

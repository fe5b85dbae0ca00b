//! The file strip: sending a file, or saving the received data or the log.

use crate::capture::{self, ExportFormat};
use crate::engine::SendOutcome;
use crate::gui::files::transfer::Transfer;
use crate::jobs::{Job, JobPoll};
use crate::model::{Direction, ErrorKind, NetError, Target, Ticket};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// The task of the strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileTask {
    /// Send it.
    Send,
    /// Write the received bytes to it.
    SaveReceived,
    /// Write the log to it.
    SaveLog,
    /// Write the records to it, in a format for other programs.
    Export,
}

/// Result of a saving job.
pub type Saved = Result<capture::Saved, NetError>;

/// What an export contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportChoice {
    pub format: ExportFormat,
    /// `None` = both.
    pub direction: Option<Direction>,
}

/// State of the task.
pub enum FileWork {
    /// Nothing yet.
    None,
    /// A system dialog is open.
    Dialog(Job<Option<PathBuf>>),
    /// The engine is sending it.
    Sending(Transfer),
    /// A job is writing it.
    Saving(Job<Saved>),
    /// Written, with this many bytes.
    Saved(u64),
    /// Sent.
    Sent {
        /// Bytes, sum over all peers.
        bytes: u64,
        /// Number of peers.
        peers: usize,
    },
    /// Written except for some records that cannot be read any more.
    DoneBut {
        /// Bytes written.
        bytes: u64,
        /// Number of missing records.
        missing: u64,
    },
    /// Cancelled by the user.
    Cancelled {
        /// Bytes sent. Nothing is left of a file that was being written.
        done: u64,
        /// Total, if known.
        total: Option<u64>,
    },
    /// Failed.
    Failed(NetError),
    /// A file of this name exists; nothing was written.
    Exists,
    /// The dialog returned no file: cancelled, or not available on this system.
    NoneChosen,
}

/// The state of the strip.
pub struct FileStrip {
    pub task: FileTask,
    /// The path as typed or selected.
    pub path: String,
    pub work: FileWork,
    /// Files queued behind this one.
    pub waiting: VecDeque<PathBuf>,
    /// Number and bytes of the files of this queue sent so far.
    pub sent: (usize, u64),
    /// The targets of the first file; queued files go to the same ones.
    pub targets: Option<Vec<Target>>,
    /// The next queued file is to be started.
    goes_on: bool,
    /// UDP: bytes per datagram, as typed; empty = the file is one datagram.
    pub chunk: String,
    /// What an export contains.
    pub export: ExportChoice,
    /// Save only the records selected in the log.
    pub only_chosen: bool,
    /// The user has confirmed that this file may be replaced.
    may_replace: Option<PathBuf>,
    /// The path field gets the focus in the next frame.
    pub wants_focus: bool,
}

impl FileStrip {
    /// A strip for a task, without a file.
    pub fn new(task: FileTask) -> Self {
        let export = ExportChoice { format: ExportFormat::Pcapng, direction: None };
        Self {
            task,
            path: String::new(),
            work: FileWork::None,
            waiting: VecDeque::new(),
            sent: (0, 0),
            targets: None,
            goes_on: false,
            chunk: String::new(),
            export,
            only_chosen: false,
            may_replace: None,
            wants_focus: true,
        }
    }

    /// A strip that sends these files one after the other.
    pub fn of_dropped(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut strip = Self::new(FileTask::Send);
        strip.waiting.extend(files);
        strip.take_next();
        strip
    }

    /// Moves the next queued file to the path field.
    fn take_next(&mut self) -> bool {
        let Some(next) = self.waiting.pop_front() else { return false };
        self.path = next.to_string_lossy().into_owned();
        true
    }

    /// The next queued file is to be started; true only once.
    pub fn goes_on(&mut self) -> bool {
        std::mem::take(&mut self.goes_on)
    }

    /// Handles the end of a send. Ignores sends of others.
    pub fn sent(&mut self, ticket: Ticket, outcome: &SendOutcome) {
        let FileWork::Sending(transfer) = &self.work else { return };
        if transfer.ticket != ticket {
            return;
        }
        self.work = match &outcome.result {
            Ok(()) => {
                self.sent = (self.sent.0 + 1, self.sent.1 + outcome.sent_bytes);
                self.goes_on = self.take_next();
                match self.goes_on {
                    true => FileWork::None,
                    false => FileWork::Sent { bytes: outcome.sent_bytes, peers: outcome.peers },
                }
            }
            Err(error) if error.kind == ErrorKind::Cancelled => {
                FileWork::Cancelled { done: outcome.sent_bytes, total: transfer.total }
            }
            Err(error) => FileWork::Failed(error.clone()),
        };
    }

    /// A task is running, so no other may start.
    pub fn busy(&self) -> bool {
        matches!(self.work, FileWork::Dialog(_) | FileWork::Sending(_) | FileWork::Saving(_))
    }

    /// The path of the file.
    pub fn file(&self) -> Option<PathBuf> {
        let text = self.path.trim();
        // Pasted paths are often quoted, or a file URL without anything to decode.
        let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
        let text = text.strip_prefix("file://").unwrap_or(text);
        (!text.is_empty()).then(|| PathBuf::from(text))
    }

    /// Changes the extension of the file name to that of the export format, if the name has none or that of another format. Any
    /// other extension is kept.
    pub fn follow_format(&mut self) {
        let end = self.export.format.extension();
        let path = self.path.trim_end();
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = match name.rsplit_once('.') {
            Some((_, own)) if own == end => return,
            Some((stem, own)) if !stem.is_empty() && ExportFormat::ALL.iter().any(|form| form.extension() == own) => {
                path.get(..path.len() - own.len() - 1).unwrap_or(path)
            }
            None if !name.is_empty() => path,
            _ => return,
        };
        self.path = format!("{stem}.{end}");
    }

    /// The file exists and the user has not confirmed replacing it.
    pub fn would_replace(&self, file: &Path) -> bool {
        self.task != FileTask::Send && self.may_replace.as_deref() != Some(file) && file.exists()
    }

    /// Confirms that the file in the path field may be replaced.
    pub fn allow_replacing(&mut self) {
        self.may_replace = self.file();
    }

    /// Changes the file name to one that does not exist.
    pub fn rename(&mut self) {
        let Some(file) = self.file() else { return };
        let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let end = file.extension().map_or(String::new(), |end| format!(".{}", end.to_string_lossy()));
        let beside = |number: u32| file.with_file_name(format!("{stem}-{number}{end}"));
        if let Some(free) = (2..1000).map(beside).find(|file| !file.exists()) {
            self.path = free.to_string_lossy().into_owned();
        }
        self.work = FileWork::None;
    }

    /// Resets the result of the previous file.
    pub fn begin_anew(&mut self) {
        if !self.busy() && !matches!(self.work, FileWork::NoneChosen) {
            self.work = FileWork::None;
        }
    }

    /// Polls the jobs. Returns true if the dialog has just returned a path.
    pub fn poll(&mut self) -> bool {
        match &mut self.work {
            FileWork::Dialog(job) => match job.poll() {
                JobPoll::Done(Some(path)) => {
                    self.path = path.to_string_lossy().into_owned();
                    // The system's dialog has already asked about replacing.
                    self.may_replace = self.file();
                    self.work = FileWork::None;
                    return true;
                }
                JobPoll::Done(None) | JobPoll::Gone => self.work = FileWork::NoneChosen,
                JobPoll::Running => {}
            },
            FileWork::Saving(job) => match job.poll() {
                JobPoll::Done(Ok(capture::Saved { bytes, unreadable: 0, .. })) => self.work = FileWork::Saved(bytes),
                JobPoll::Done(Ok(saved)) => {
                    self.work = FileWork::DoneBut { bytes: saved.bytes, missing: saved.unreadable };
                }
                JobPoll::Done(Err(error)) if error.kind == ErrorKind::Cancelled => {
                    self.work = FileWork::Cancelled { done: 0, total: None };
                }
                JobPoll::Done(Err(error)) => self.work = FileWork::Failed(error),
                JobPoll::Gone => self.work = FileWork::None,
                JobPoll::Running => {}
            },
            FileWork::None
            | FileWork::Sending(_)
            | FileWork::Saved(_)
            | FileWork::Sent { .. }
            | FileWork::DoneBut { .. }
            | FileWork::Cancelled { .. }
            | FileWork::Failed(_)
            | FileWork::Exists
            | FileWork::NoneChosen => {}
        }
        false
    }

    /// Amount done and total of the running task.
    pub fn progress(&self) -> Option<(u64, Option<u64>)> {
        match &self.work {
            FileWork::Sending(transfer) => Some((transfer.sent, transfer.total)),
            FileWork::Saving(job) => Some(job.progress()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_follows_the_format() {
        let named = |path: &str, format: ExportFormat| {
            let mut strip = FileStrip { path: path.into(), ..FileStrip::new(FileTask::Export) };
            strip.export.format = format;
            strip.follow_format();
            strip.path
        };
        assert_eq!(named("a.pcapng", ExportFormat::Csv), "a.csv");
        assert_eq!(named("/tmp/x.csv", ExportFormat::Pcapng), "/tmp/x.pcapng");
        assert_eq!(named("C:\\x.y\\plain", ExportFormat::Pcapng), "C:\\x.y\\plain.pcapng");
        assert_eq!(named("own.name", ExportFormat::Raw), "own.name");
        assert_eq!(named("", ExportFormat::Raw), "");
        assert_eq!(named(".csv", ExportFormat::Raw), ".csv");
    }

    #[test]
    fn an_existing_file_is_replaced_only_after_confirmation() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!FileStrip::new(FileTask::Export).would_replace(&folder.path().join("none.csv")));
        let there = tempfile::Builder::new().prefix("log").suffix(".csv").rand_bytes(0).tempfile_in(&folder).unwrap();
        let file = there.path().to_owned();
        let mut strip = FileStrip { path: file.display().to_string(), ..FileStrip::new(FileTask::Export) };
        assert!(strip.would_replace(&file));
        strip.rename();
        assert_eq!(strip.file(), Some(folder.path().join("log-2.csv")));
        strip.path = file.display().to_string();
        strip.allow_replacing();
        assert!(!strip.would_replace(&file));
    }

    #[test]
    fn pasted_paths_are_cleaned() {
        for (text, path) in [
            (" /tmp/a b.bin ", Some("/tmp/a b.bin")),
            ("\"/tmp/x\"", Some("/tmp/x")),
            ("file:///tmp/x", Some("/tmp/x")),
            ("  ", None),
        ] {
            let strip = FileStrip { path: text.into(), ..FileStrip::new(FileTask::Send) };
            assert_eq!(strip.file(), path.map(PathBuf::from), "{text}");
        }
    }
}

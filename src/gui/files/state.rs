//! The strip for one file: sending one, or saving what was received or the log.

use crate::capture::{self, ExportFormat};
use crate::engine::SendOutcome;
use crate::gui::files::transfer::Transfer;
use crate::jobs::{Job, JobPoll};
use crate::model::{Direction, ErrorKind, NetError, Target, Ticket};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// What is done with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileTask {
    /// Send it.
    Send,
    /// Write the received bytes into it.
    SaveReceived,
    /// Write the log into it.
    SaveLog,
    /// Write the records into it, in a form that other programs read.
    Export,
}

/// How a saving job ends.
pub type Saved = Result<capture::Saved, NetError>;

/// What an export is to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportChoice {
    pub format: ExportFormat,
    /// `None` = both.
    pub direction: Option<Direction>,
}

/// What goes on.
pub enum FileWork {
    /// Nothing yet.
    None,
    /// A system dialog is open.
    Dialog(Job<Option<PathBuf>>),
    /// The engine sends it.
    Sending(Transfer),
    /// A job writes it.
    Saving(Job<Saved>),
    /// It is written: so many bytes.
    Saved(u64),
    /// It is sent.
    Sent {
        /// Bytes, all peers together.
        bytes: u64,
        /// To how many.
        peers: usize,
    },
    /// It is written but for some records that cannot be read any more.
    DoneBut {
        /// Bytes written.
        bytes: u64,
        /// Records.
        missing: u64,
    },
    /// The user stopped it.
    Cancelled {
        /// Bytes sent; nothing is left of a file that was being written.
        done: u64,
        /// Of how many.
        total: Option<u64>,
    },
    /// It failed.
    Failed(NetError),
    /// There is a file of this name; nothing was written.
    Exists,
    /// The dialog gave nothing: cancelled, or there is none on this system.
    NoneChosen,
}

/// The strip.
pub struct FileStrip {
    pub task: FileTask,
    /// The path, as typed or chosen.
    pub path: String,
    pub work: FileWork,
    /// Files that are sent after this one.
    pub waiting: VecDeque<PathBuf>,
    /// Files of this row that are sent, and their bytes.
    pub sent: (usize, u64),
    /// To whom they go, so that those that wait follow the first.
    pub targets: Option<Vec<Target>>,
    /// The next one is to be started.
    goes_on: bool,
    /// UDP: bytes a datagram, as typed; empty = the file is one datagram.
    pub chunk: String,
    /// What an export is to hold.
    pub export: ExportChoice,
    /// Only the records that are selected in the log are saved.
    pub only_chosen: bool,
    /// The user has said that this file may be replaced.
    may_replace: Option<PathBuf>,
    /// The path field gets the focus with the next frame.
    pub wants_focus: bool,
}

impl FileStrip {
    /// For a task, with nothing chosen yet.
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

    /// For sending these files one after the other.
    pub fn of_dropped(files: impl IntoIterator<Item = PathBuf>) -> Self {
        let mut strip = Self::new(FileTask::Send);
        strip.waiting.extend(files);
        strip.take_next();
        strip
    }

    /// The next file that waits comes into the field.
    fn take_next(&mut self) -> bool {
        let Some(next) = self.waiting.pop_front() else { return false };
        self.path = next.to_string_lossy().into_owned();
        true
    }

    /// The next file is to be started; said once.
    pub fn goes_on(&mut self) -> bool {
        std::mem::take(&mut self.goes_on)
    }

    /// A send has ended; nothing where it was another's.
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

    /// Something is under way that should not be started twice.
    pub fn busy(&self) -> bool {
        matches!(self.work, FileWork::Dialog(_) | FileWork::Sending(_) | FileWork::Saving(_))
    }

    /// The path to use.
    pub fn file(&self) -> Option<PathBuf> {
        let text = self.path.trim();
        // Pasted paths often come quoted, or as a file URL without anything to decode.
        let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
        let text = text.strip_prefix("file://").unwrap_or(text);
        (!text.is_empty()).then(|| PathBuf::from(text))
    }

    /// The name ends as the chosen form of export does: one that ends as another form's do is changed, one without an end gets
    /// it, any other is the user's own.
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

    /// The file is there and nobody has said that it may be replaced.
    pub fn would_replace(&self, file: &Path) -> bool {
        self.task != FileTask::Send && self.may_replace.as_deref() != Some(file) && file.exists()
    }

    /// The file in the field may be replaced.
    pub fn allow_replacing(&mut self) {
        self.may_replace = self.file();
    }

    /// A name beside the one in the field that is not taken.
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

    /// What came of the last time was about another file.
    pub fn begin_anew(&mut self) {
        if !self.busy() && !matches!(self.work, FileWork::NoneChosen) {
            self.work = FileWork::None;
        }
    }

    /// Looks after jobs; true = the dialog has just given a path.
    pub fn poll(&mut self) -> bool {
        match &mut self.work {
            FileWork::Dialog(job) => match job.poll() {
                JobPoll::Done(Some(path)) => {
                    self.path = path.to_string_lossy().into_owned();
                    // The system's dialog has asked.
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

    /// Done and of how much, of what is under way.
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
    fn the_name_follows_the_form() {
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
    fn a_file_that_is_there_is_not_replaced_without_a_word() {
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
    fn a_path_is_taken_as_people_paste_it() {
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

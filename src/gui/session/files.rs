//! The strip for one file: sending one, or saving what was received or the log.

use crate::capture::{self, ExportFormat};
use crate::jobs::{Job, JobPoll};
use crate::model::{Direction, ErrorKind, NetError, Ticket};
use std::path::PathBuf;

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
    Sending {
        /// The send command's ticket.
        ticket: Ticket,
        /// Bytes gone.
        sent: u64,
        /// Bytes in all.
        total: Option<u64>,
    },
    /// A job writes it.
    Saving(Job<Saved>),
    /// It is done: bytes sent or written.
    Done(u64),
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
    /// The dialog gave nothing: cancelled, or there is none on this system.
    NoneChosen,
}

/// The strip.
pub struct FileStrip {
    pub task: FileTask,
    /// The path, as typed or chosen.
    pub path: String,
    pub work: FileWork,
    /// UDP: bytes a datagram, as typed; empty = the file is one datagram.
    pub chunk: String,
    /// What an export is to hold.
    pub export: ExportChoice,
}

impl FileStrip {
    /// For a task, with nothing chosen yet.
    pub fn new(task: FileTask) -> Self {
        let export = ExportChoice { format: ExportFormat::Pcapng, direction: None };
        Self { task, path: String::new(), work: FileWork::None, chunk: String::new(), export }
    }

    /// Something is under way that should not be started twice.
    pub fn busy(&self) -> bool {
        matches!(self.work, FileWork::Dialog(_) | FileWork::Sending { .. } | FileWork::Saving(_))
    }

    /// The path to use.
    pub fn file(&self) -> Option<PathBuf> {
        let text = self.path.trim();
        // Pasted paths often come quoted, or as a file URL without anything to decode.
        let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
        let text = text.strip_prefix("file://").unwrap_or(text);
        (!text.is_empty()).then(|| PathBuf::from(text))
    }

    /// Another form of export was chosen: a name that ends as the old form's do ends as the new one's.
    pub fn format_changed(&mut self, before: ExportFormat) {
        let ending = |format: ExportFormat| format!(".{}", format.extension());
        if let Some(stem) = self.path.trim_end().strip_suffix(&ending(before)) {
            self.path = stem.to_owned() + &ending(self.export.format);
        }
    }

    /// Looks after jobs; true = the dialog has just given a path.
    pub fn poll(&mut self) -> bool {
        match &mut self.work {
            FileWork::Dialog(job) => match job.poll() {
                JobPoll::Done(Some(path)) => {
                    self.path = path.to_string_lossy().into_owned();
                    self.work = FileWork::None;
                    return true;
                }
                JobPoll::Done(None) | JobPoll::Gone => self.work = FileWork::NoneChosen,
                JobPoll::Running => {}
            },
            FileWork::Saving(job) => match job.poll() {
                JobPoll::Done(Ok(capture::Saved { bytes, unreadable: 0, .. })) => self.work = FileWork::Done(bytes),
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
            _ => {}
        }
        false
    }

    /// Done and of how much, of what is under way.
    pub fn progress(&self) -> Option<(u64, Option<u64>)> {
        match &self.work {
            FileWork::Sending { sent, total, .. } => Some((*sent, *total)),
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
        let mut strip = FileStrip { path: "a.pcapng".into(), ..FileStrip::new(FileTask::Export) };
        strip.export.format = ExportFormat::Csv;
        strip.format_changed(ExportFormat::Pcapng);
        assert_eq!(strip.path, "a.csv");
        strip.path = "own.name".into();
        strip.export.format = ExportFormat::Raw;
        strip.format_changed(ExportFormat::Csv);
        assert_eq!(strip.path, "own.name");
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

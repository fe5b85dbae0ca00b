//! The form of a file action: a popover with its file and its few choices.

use crate::capture::ExportFormat;
use crate::engine::{PIECE_BYTES_MAX, SendPace};
use crate::jobs::{Job, JobPoll};
use crate::lines::FilePlan;
use crate::model::Direction;
use crate::runner::report::ReportForm;
use crate::words::parse_size;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The longest time until another file begins: a year.
const MINUTES_MOST: u64 = 525_600;

/// The longest pause between two pieces of a file: a day.
const PAUSE_MS_MAX: u64 = 86_400_000;

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileTask {
    /// Send it.
    Send,
    /// Ask the server for it.
    Get,
    /// Upload it to the server.
    Put,
    /// Serve the files of a folder, or receive files in it.
    Folder,
    /// Write to it what is received from now on.
    Receive,
    /// Write the received bytes to it.
    SaveReceived,
    /// Write the log to it.
    SaveLog,
    /// Write the records to it, in a format for other programs.
    Export,
    /// Write the results of the steps to it.
    Report,
}

/// What a folder of a server is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FolderUse {
    /// Clients download from it.
    Serve,
    /// Clients upload into it.
    Receive,
    /// Both.
    Both,
}

/// What an export contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportChoice {
    pub format: ExportFormat,
    /// `None` = both.
    pub direction: Option<Direction>,
}

/// The control that opens the popover; the popover is placed beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The file button of the send area.
    Composer,
    /// The menu of the toolbar.
    Toolbar,
    /// The receive settings in the left column.
    Left,
    /// The results in the drawer.
    Results,
}

impl FileTask {
    /// Where its popover opens.
    pub fn anchor(self) -> Anchor {
        match self {
            Self::Send | Self::Receive | Self::Get | Self::Put | Self::Folder => Anchor::Composer,
            Self::SaveReceived | Self::SaveLog | Self::Export => Anchor::Toolbar,
            Self::Report => Anchor::Results,
        }
    }
}

/// What hinders the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// A file of this name exists; nothing was written.
    Exists,
    /// The dialog returned no file: cancelled, or not available on this system.
    NoneChosen,
}

/// The state of the form.
pub struct FileForm {
    pub task: FileTask,
    pub anchor: Anchor,
    /// The path as typed or selected.
    pub path: String,
    /// The open system dialog.
    pub dialog: Option<Job<Option<PathBuf>>>,
    pub obstacle: Option<Obstacle>,
    /// Files to send behind the one in the path field.
    pub more: Vec<PathBuf>,
    /// UDP: bytes per datagram, as typed; empty = the file is one datagram.
    pub chunk: String,
    /// TCP: bytes of a piece, as typed; empty = as few as suit the rate.
    pub piece: String,
    /// Milliseconds between two pieces, as typed; empty = none.
    pub pause: String,
    /// The most bytes a second, as typed; empty = no limit.
    pub rate: String,
    pub export: ExportChoice,
    /// The form of a report.
    pub report: ReportForm,
    /// The folder of a transfer with headers.
    pub folder: String,
    /// What the folder is for.
    pub folder_use: FolderUse,
    /// An upload has a plain JSON head, without MD5.
    pub plain_json: bool,
    /// What is received replaces the contents of an existing file instead of being appended.
    pub replaces: bool,
    /// Each connection has a file of its own.
    pub each_peer: bool,
    /// Begin another file at this size, as typed; empty = never.
    pub most_size: String,
    /// Begin another file after these minutes, as typed; empty = never.
    pub minutes: String,
    /// Save only the records selected in the log.
    pub only_chosen: bool,
    /// The user has confirmed that this file may be replaced.
    may_replace: Option<PathBuf>,
    /// The path field gets the focus in the next frame.
    pub wants_focus: bool,
}

/// A path as typed or pasted.
fn cleaned(text: &str) -> Option<PathBuf> {
    let text = text.trim();
    // Pasted paths are often quoted, or a file URL without anything to decode.
    let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let text = text.strip_prefix("file://").unwrap_or(text);
    (!text.is_empty()).then(|| PathBuf::from(text))
}

impl FileForm {
    /// A form without a file.
    pub fn new(task: FileTask) -> Self {
        let export = ExportChoice { format: ExportFormat::Pcapng, direction: None };
        Self {
            task,
            anchor: task.anchor(),
            path: String::new(),
            dialog: None,
            obstacle: None,
            more: Vec::new(),
            chunk: String::new(),
            piece: String::new(),
            pause: String::new(),
            rate: String::new(),
            export,
            report: ReportForm::Junit,
            folder: String::new(),
            folder_use: FolderUse::Serve,
            plain_json: false,
            replaces: false,
            each_peer: false,
            most_size: String::new(),
            minutes: String::new(),
            only_chosen: false,
            may_replace: None,
            wants_focus: true,
        }
    }

    /// Bytes of a piece of a file that is sent; an error if they are none.
    pub fn piece_bytes(&self) -> Result<Option<u32>, ()> {
        match self.piece.trim() {
            "" => Ok(None),
            text => {
                let size = parse_size(text).and_then(|size| u32::try_from(size).ok());
                size.filter(|size| (1..=PIECE_BYTES_MAX).contains(size)).map(Some).ok_or(())
            }
        }
    }

    /// The pause between two pieces; an error if it is none.
    pub fn pause_time(&self) -> Result<Duration, ()> {
        match self.pause.trim() {
            "" => Ok(Duration::ZERO),
            text => text.parse().ok().filter(|ms| *ms <= PAUSE_MS_MAX).map(Duration::from_millis).ok_or(()),
        }
    }

    /// The most bytes a second; an error if it is no number of bytes.
    pub fn rate_limit(&self) -> Result<Option<u64>, ()> {
        match self.rate.trim() {
            "" => Ok(None),
            text => parse_size(text.trim_end_matches("/s")).filter(|rate| *rate > 0).map(Some).ok_or(()),
        }
    }

    /// How the file is sent piece by piece; an error if something of it is wrong. `is_stream`: not as datagrams.
    pub fn pace(&self, is_stream: bool) -> Result<SendPace, ()> {
        let piece = if is_stream { self.piece_bytes()? } else { None };
        Ok(SendPace { piece, pause: self.pause_time()?, rate: self.rate_limit()? })
    }

    /// The size at which another file begins; an error if it is none.
    pub fn size(&self) -> Result<Option<u64>, ()> {
        match self.most_size.trim() {
            "" => Ok(None),
            text => parse_size(text).filter(|size| *size > 0).map(Some).ok_or(()),
        }
    }

    /// The time after which another file begins; an error if it is none.
    pub fn every(&self) -> Result<Option<Duration>, ()> {
        let seconds = match self.minutes.trim() {
            "" => return Ok(None),
            text => text.parse().ok().filter(|minutes| (1..=MINUTES_MOST).contains(minutes)),
        };
        seconds.map(|minutes: u64| Some(Duration::from_secs(minutes * 60))).ok_or(())
    }

    /// The files of received bytes. `None`: the size or the minutes are no number.
    pub fn plan(&self, path: &Path) -> Option<FilePlan> {
        let (most_bytes, every) = (self.size().ok()?, self.every().ok()?);
        Some(FilePlan { path: path.to_owned(), appends: !self.replaces, each_peer: self.each_peer, most_bytes, every })
    }

    /// A form that sends these files one after the other.
    pub fn of_dropped(files: Vec<PathBuf>) -> Self {
        let mut files = files.into_iter();
        let mut form = Self::new(FileTask::Send);
        form.path = files.next().unwrap_or_default().to_string_lossy().into_owned();
        form.more = files.collect();
        form
    }

    /// The path of the file.
    pub fn file(&self) -> Option<PathBuf> {
        cleaned(&self.path)
    }

    /// The folder of a transfer with headers.
    pub fn folder(&self) -> Option<PathBuf> {
        cleaned(&self.folder)
    }

    /// Everything that the action needs is there.
    pub fn is_complete(&self) -> bool {
        match self.task {
            FileTask::Get => !self.path.trim().is_empty() && self.folder().is_some(),
            FileTask::Folder => self.folder().is_some(),
            _ => self.file().is_some(),
        }
    }

    /// Changes the extension of the file name to that of the export format, if the name has none or that of another format. Any
    /// other extension is kept.
    pub fn follow_format(&mut self) {
        let is_report = self.task == FileTask::Report;
        let end = if is_report { self.report.extension() } else { self.export.format.extension() };
        let is_known = |own: &str| match is_report {
            true => ReportForm::ALL.iter().any(|form| form.extension() == own),
            false => ExportFormat::ALL.iter().any(|form| form.extension() == own),
        };
        let path = self.path.trim_end();
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = match name.rsplit_once('.') {
            Some((_, own)) if own == end => return,
            Some((stem, own)) if !stem.is_empty() && is_known(own) => {
                path.get(..path.len() - own.len() - 1).unwrap_or(path)
            }
            None if !name.is_empty() => path,
            _ => return,
        };
        self.path = format!("{stem}.{end}");
    }

    /// The file exists and the user has not confirmed replacing it.
    pub fn would_replace(&self, file: &Path) -> bool {
        let writes =
            matches!(self.task, FileTask::SaveReceived | FileTask::SaveLog | FileTask::Export | FileTask::Report);
        writes && self.may_replace.as_deref() != Some(file) && file.exists()
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
        self.obstacle = None;
    }

    /// Takes the result of the system dialog. Returns true if it has just returned a path.
    pub fn poll(&mut self) -> bool {
        let Some(dialog) = &mut self.dialog else { return false };
        let chosen = match dialog.poll() {
            JobPoll::Running => return false,
            JobPoll::Done(chosen) => chosen,
            JobPoll::Gone => None,
        };
        self.dialog = None;
        let Some(path) = chosen else {
            self.obstacle = Some(Obstacle::NoneChosen);
            return false;
        };
        let chosen = path.to_string_lossy().into_owned();
        if matches!(self.task, FileTask::Get | FileTask::Folder) {
            self.folder = chosen;
            self.obstacle = None;
            return true;
        }
        self.path = chosen;
        self.more.clear();
        // The system's dialog has already asked about replacing.
        self.may_replace = self.file();
        self.obstacle = None;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_follows_the_format() {
        let named = |path: &str, format: ExportFormat| {
            let mut form = FileForm { path: path.into(), ..FileForm::new(FileTask::Export) };
            form.export.format = format;
            form.follow_format();
            form.path
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
        assert!(!FileForm::new(FileTask::Export).would_replace(&folder.path().join("none.csv")));
        let there = tempfile::Builder::new().prefix("log").suffix(".csv").rand_bytes(0).tempfile_in(&folder).unwrap();
        let file = there.path().to_owned();
        let mut form = FileForm { path: file.display().to_string(), ..FileForm::new(FileTask::Export) };
        assert!(form.would_replace(&file));
        form.rename();
        assert_eq!(form.file(), Some(folder.path().join("log-2.csv")));
        form.path = file.display().to_string();
        form.allow_replacing();
        assert!(!form.would_replace(&file));
    }

    #[test]
    fn pasted_paths_are_cleaned() {
        for (text, path) in [
            (" /tmp/a b.bin ", Some("/tmp/a b.bin")),
            ("\"/tmp/x\"", Some("/tmp/x")),
            ("file:///tmp/x", Some("/tmp/x")),
            ("  ", None),
        ] {
            let form = FileForm { path: text.into(), ..FileForm::new(FileTask::Send) };
            assert_eq!(form.file(), path.map(PathBuf::from), "{text}");
        }
    }
}

//! The stored captures, and the jobs that list, open, delete and import them.

use crate::capture::{CaptureInfo, CaptureReader, CaptureState, ImportError, Imported};
use crate::gui::files::form::FileTask;
use crate::jobs::{Job, JobPoll};
use crate::model::NetError;
use std::path::PathBuf;

pub(super) type Listing = Result<(Vec<CaptureInfo>, Vec<NetError>), NetError>;

/// A capture, the file task to start in its tab, and its reader.
type Opened = (CaptureInfo, Option<FileTask>, Result<CaptureReader, NetError>);

/// The list of captures and the jobs around it.
#[derive(Default)]
pub struct CapturesPage {
    /// The last listing; `None` if not listed yet.
    pub list: Option<Listing>,
    /// Captures that can be opened, newest first: the page of a new session offers one.
    pub recent: Vec<CaptureInfo>,
    /// The capture whose deletion waits for a second click.
    pub confirm: Option<String>,
    /// The deletion of all closed captures waits for a second click.
    pub confirm_all: bool,
    /// The filter: words of the endpoint or the time.
    pub filter: String,
    /// The import, while its row is open.
    pub import: Option<Import>,
    pub(super) listing: Option<Job<Listing>>,
    pub(super) opening: Option<Job<Opened>>,
    pub(super) deleting: Option<Job<Result<(), NetError>>>,
    pub(super) sweeping: Option<Job<Result<Vec<String>, NetError>>>,
    pub(super) looking: Option<Job<Listing>>,
}

/// The import of a NetAssist log into a capture.
#[derive(Default)]
pub struct Import {
    /// The file as typed or selected.
    pub path: String,
    /// The file and the error of a failed import.
    pub failure: Option<(PathBuf, ImportError)>,
    /// The path field has had the focus. It gets the focus once no dialog covers it.
    pub had_focus: bool,
    pub(super) picking: Option<Job<Option<PathBuf>>>,
    pub(super) reading: Option<Job<(PathBuf, Read)>>,
}

/// The new capture and the result of the import.
type Read = Result<(Option<CaptureInfo>, Imported), ImportError>;

impl Import {
    /// The import is running.
    pub fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// A system dialog is open.
    pub fn is_picking(&self) -> bool {
        self.picking.is_some()
    }

    /// Progress of the import, 0–1; `None` if unknown.
    pub fn progress(&self) -> Option<f32> {
        let (done, total) = self.reading.as_ref()?.progress();
        let total = total.filter(|total| *total > 0)?;
        Some((done as f64 / total as f64) as f32)
    }

    /// Cancels the import; nothing is kept of it.
    pub fn cancel(&self) {
        if let Some(reading) = &self.reading {
            reading.cancel();
        }
    }
}

impl CapturesPage {
    pub(super) fn offer(&mut self, list: &Listing) {
        if let Ok((captures, _)) = list {
            let closed = |info: &&CaptureInfo| info.state != CaptureState::Open && info.bytes > 0;
            self.recent = captures.iter().filter(closed).cloned().collect();
        }
    }

    /// A job is opening or deleting a capture.
    pub fn busy(&self) -> bool {
        let imports = self.import.as_ref().is_some_and(Import::is_reading);
        self.listing.is_some() || self.deleting.is_some() || self.opening.is_some() || imports
    }
}

/// The result of a finished job, which is removed.
pub(super) fn due<T: Send + 'static>(job: &mut Option<Job<T>>) -> Option<T> {
    match job.as_mut()?.poll() {
        JobPoll::Running => None,
        JobPoll::Done(value) => {
            *job = None;
            Some(value)
        }
        JobPoll::Gone => {
            *job = None;
            None
        }
    }
}

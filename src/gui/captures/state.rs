//! What is known of the stored captures, and the jobs that list, open, delete and import them.

use crate::capture::{CaptureInfo, CaptureReader, CaptureState, ImportError, Imported};
use crate::gui::files::state::FileTask;
use crate::jobs::{Job, JobPoll};
use crate::model::NetError;
use std::path::PathBuf;

pub(super) type Listing = Result<(Vec<CaptureInfo>, Vec<NetError>), NetError>;

/// A capture, what is to be done with it once it is in a tab, and its reader.
type Opened = (CaptureInfo, Option<FileTask>, Result<CaptureReader, NetError>);

/// The list of captures and the jobs around it.
#[derive(Default)]
pub struct CapturesPage {
    /// As last read; `None` = not yet.
    pub list: Option<Listing>,
    /// Those that can be opened, newest first: the page of a new session offers one.
    pub recent: Vec<CaptureInfo>,
    /// The capture whose deletion waits for a second click.
    pub confirm: Option<String>,
    /// So does that of all closed ones that are shown.
    pub confirm_all: bool,
    /// Which are shown: words of the endpoint or the time.
    pub filter: String,
    /// The log that is to be read in, while the row for it is open.
    pub import: Option<Import>,
    pub(super) listing: Option<Job<Listing>>,
    pub(super) opening: Option<Job<Opened>>,
    pub(super) deleting: Option<Job<Result<(), NetError>>>,
    pub(super) sweeping: Option<Job<Result<Vec<String>, NetError>>>,
    pub(super) looking: Option<Job<Listing>>,
}

/// A NetAssist log on its way to become a capture.
#[derive(Default)]
pub struct Import {
    /// The file, as typed or chosen.
    pub path: String,
    /// Why it could not be read in, and which file that was.
    pub failure: Option<(PathBuf, ImportError)>,
    /// The field has had the focus, which it gets once there is no dialog before it.
    pub had_focus: bool,
    pub(super) picking: Option<Job<Option<PathBuf>>>,
    pub(super) reading: Option<Job<(PathBuf, Read)>>,
}

/// The capture that was made, and what became of the log.
type Read = Result<(Option<CaptureInfo>, Imported), ImportError>;

impl Import {
    /// The log is being read.
    pub fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// A system dialog is open.
    pub fn is_picking(&self) -> bool {
        self.picking.is_some()
    }

    /// How much of the log is read, 0–1; `None`: it is not known yet.
    pub fn progress(&self) -> Option<f32> {
        let (done, total) = self.reading.as_ref()?.progress();
        let total = total.filter(|total| *total > 0)?;
        Some((done as f64 / total as f64) as f32)
    }

    /// It is not to be read any further; nothing is left of it then.
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

    /// Something is being read or deleted.
    pub fn busy(&self) -> bool {
        let imports = self.import.as_ref().is_some_and(Import::is_reading);
        self.listing.is_some() || self.deleting.is_some() || self.opening.is_some() || imports
    }
}

/// The result of a job that is due, the job taken away.
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

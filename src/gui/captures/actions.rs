//! The settings page, and the stored captures behind its second half: listed, opened and deleted by jobs.

use crate::capture::{
    CaptureInfo, CaptureReader, CaptureState, Catalog, ImportError, Imported, Retention, import_netassist,
};
use crate::gui::action::{Action, FileAction};
use crate::gui::app::{App, Notice};
use crate::gui::dialogs::Ask;
use crate::gui::files::state::FileTask;
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::jobs::{Job, JobPoll};
use crate::model::NetError;
use crate::settings::Preferences;
use crate::words;
use crate::words::Text;
use std::path::PathBuf;
use std::time::Duration;

/// Which half of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SettingsTab {
    #[default]
    General,
    Captures,
}

/// The open settings page: texts as typed, taken over when they make sense.
#[derive(Debug, Default)]
pub struct SettingsPage {
    pub tab: SettingsTab,
    pub limit: String,
    pub kept_files: String,
    pub retention: String,
}

impl SettingsPage {
    /// With the values of now.
    pub fn new(tab: SettingsTab, preferences: &Preferences) -> Self {
        Self {
            tab,
            limit: words::size(preferences.capture_limit_bytes),
            kept_files: words::size(preferences.kept_file_bytes),
            retention: preferences.retention_days.map(|days| days.to_string()).unwrap_or_default(),
        }
    }
}

/// Smallest limit of a capture.
pub const LIMIT_LEAST: u64 = *Preferences::CAPTURE_LIMIT_BYTES.start();

type Listing = Result<(Vec<CaptureInfo>, Vec<NetError>), NetError>;

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
    listing: Option<Job<Listing>>,
    opening: Option<Job<Opened>>,
    deleting: Option<Job<Result<(), NetError>>>,
    sweeping: Option<Job<Result<Vec<String>, NetError>>>,
    looking: Option<Job<Listing>>,
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
    picking: Option<Job<Option<PathBuf>>>,
    reading: Option<Job<(PathBuf, Read)>>,
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
    fn offer(&mut self, list: &Listing) {
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
fn due<T: Send + 'static>(job: &mut Option<Job<T>>) -> Option<T> {
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

impl App {
    /// Deletes captures that are older than the user wants to keep them.
    pub fn sweep(&mut self) {
        let of_settings = || self.preferences.retention_days.map(|days| Duration::from_secs(u64::from(days) * 86_400));
        let retention = self.keep_for.unwrap_or_else(|| Retention(of_settings()));
        if retention.0.is_none() {
            return;
        }
        let catalog = Catalog::new(self.paths.captures_dir.clone());
        self.captures.sweeping = self.job("sweep", move |_| catalog.sweep(retention));
    }

    /// Looks for captures that a new session can offer. What cannot be listed is told where captures are asked for.
    pub fn look_for_recent(&mut self) {
        if self.captures.looking.is_none() {
            let catalog = Catalog::new(self.paths.captures_dir.clone());
            self.captures.looking = self.job("recent captures", move |_| catalog.list());
        }
    }

    /// Starts a job that lists the stored captures.
    pub fn list_captures(&mut self) {
        (self.captures.confirm, self.captures.confirm_all) = (None, false);
        let catalog = Catalog::new(self.paths.captures_dir.clone());
        // What can be opened and deleted there: those of closed tabs too.
        let workers = self.workers_set_aside();
        self.captures.listing = self.job("list captures", move |_| {
            workers.into_iter().for_each(crate::gui::tabs::closing::end);
            catalog.list()
        });
    }

    /// Opens a capture as a tab; `task`: with the strip for that.
    pub fn open_capture(&mut self, info: CaptureInfo, task: Option<FileTask>) {
        let catalog = Catalog::new(self.paths.captures_dir.clone());
        self.captures.opening = self.job("open capture", move |_| {
            let reader = catalog.open(&info.id);
            (info, task, reader)
        });
    }

    /// Deletes these; what cannot be deleted stays, and the first reason is told.
    pub fn delete_captures(&mut self, ids: Vec<String>) {
        (self.captures.confirm, self.captures.confirm_all) = (None, false);
        let catalog = Catalog::new(self.paths.captures_dir.clone());
        self.captures.deleting = self.job("delete captures", move |control| {
            let ids = ids.iter().take_while(|_| !control.cancelled());
            let outcomes: Vec<_> = ids.map(|id| catalog.delete(id)).collect();
            outcomes.into_iter().collect()
        });
    }

    /// Shows the system's dialog for a log to read in.
    pub fn pick_import(&mut self) {
        let (picker, title) = (self.picker.clone(), Text::ImportLog.of(self.lang).to_owned());
        let job = self.job("file dialog", move |_| picker(&Ask::OpenFile { title }));
        if let Some(import) = &mut self.captures.import {
            import.picking = job;
        }
    }

    /// Reads the log into a new capture.
    pub fn start_import(&mut self) {
        let Some(path) = self.captures.import.as_ref().map(|import| PathBuf::from(import.path.trim())) else { return };
        let (catalog, options) = (Catalog::new(self.paths.captures_dir.clone()), self.ground().capture);
        let job = self.job("import", move |control| {
            let mut progress = |done, total| {
                control.set_progress(done, Some(total));
                !control.cancelled()
            };
            let zone = jiff::tz::TimeZone::system();
            let imported = import_netassist(&path, catalog.dir(), options, &zone, &mut progress);
            let read = imported.map(|imported| {
                let listed = catalog.list().map(|(captures, _)| captures).unwrap_or_default();
                (listed.into_iter().find(|capture| capture.id == imported.id), imported)
            });
            (path, read)
        });
        if let Some(import) = &mut self.captures.import {
            (import.reading, import.failure) = (job, None);
        }
    }

    fn say_imported(&mut self, imported: &Imported) {
        let mut sentences = words::imported(imported, self.lang);
        let remarks = sentences.split_off(1);
        self.toasts.add(&self.ctx, Tone::Good, sentences.concat());
        // Three toasts are shown at once.
        let in_one = if remarks.len() > 2 { remarks.len() } else { 1 };
        for remarks in remarks.chunks(in_one) {
            self.toasts.add_longer(&self.ctx, Tone::Info, remarks.join(self.lang.texts().semicolon()));
        }
    }

    fn poll_import(&mut self) {
        let Some(import) = &mut self.captures.import else { return };
        if let Some(Some(path)) = due(&mut import.picking) {
            import.path = path.to_string_lossy().into_owned();
        }
        match due(&mut import.reading) {
            None => {}
            Some((_, Err(ImportError::Cancelled))) => {
                self.toasts.add(&self.ctx, Tone::Good, Text::ImportCancelled.of(self.lang));
            }
            Some((path, Err(error))) => import.failure = Some((path, error)),
            Some((_, Ok((info, imported)))) => {
                self.captures.import = None;
                self.say_imported(&imported);
                match info {
                    Some(info) => self.open_capture(info, None),
                    None => self.list_captures(),
                }
            }
        }
    }

    /// Takes what the jobs have brought.
    pub fn poll_captures(&mut self) {
        self.poll_import();
        if let Some(list) = due(&mut self.captures.listing) {
            self.captures.offer(&list);
            self.captures.list = Some(list);
        }
        if let Some(list) = due(&mut self.captures.looking) {
            self.captures.offer(&list);
        }
        match due(&mut self.captures.sweeping) {
            Some(Err(error)) => self.notices.push(Notice::Failed(error)),
            Some(Ok(deleted)) if !deleted.is_empty() => {
                self.toasts.add(&self.ctx, Tone::Good, words::swept_sentence(&deleted, self.lang));
            }
            _ => {}
        }
        match due(&mut self.captures.deleting) {
            Some(Ok(())) => self.list_captures(),
            Some(Err(error)) => {
                self.notices.push(Notice::Failed(error));
                self.list_captures();
            }
            None => {}
        }
        match due(&mut self.captures.opening) {
            Some((info, task, Ok(reader))) => {
                let id = self.free_id();
                self.sessions.insert(id, Session::archived(id, info, reader));
                crate::gui::tabs::insert(&mut self.tree, id, self.focused);
                self.focus(id);
                self.page = None;
                self.actions.extend(task.map(|task| Action::File(FileAction::Show(id, task))));
                self.run_actions();
            }
            Some((_, _, Err(error))) => self.notices.push(Notice::Failed(error)),
            None => {}
        }
    }

    /// Starts a job; a system without threads is told.
    pub fn job<T: Send + 'static>(
        &mut self,
        name: &str,
        work: impl FnOnce(&crate::jobs::JobControl) -> T + Send + 'static,
    ) -> Option<Job<T>> {
        match Job::start(name, self.job_wake(), work) {
            Ok(job) => Some(job),
            Err(error) => {
                use crate::model::Operation;
                self.notices.push(Notice::Failed(NetError::from_io(Operation::OpenCapture, name, &error)));
                None
            }
        }
    }
}

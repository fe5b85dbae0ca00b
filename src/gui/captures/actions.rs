//! Jobs that list, open, import and delete stored captures.

use crate::capture::{CaptureInfo, Catalog, ImportError, Imported, Retention, import_netassist};
use crate::gui::action::{Action, FileAction};
use crate::gui::app::{App, Notice};
use crate::gui::captures::state::due;
use crate::gui::dialogs::Ask;
use crate::gui::files::form::FileTask;
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::jobs::Job;
use crate::model::NetError;
use crate::words;
use crate::words::Text;
use std::path::PathBuf;
use std::time::Duration;

impl App {
    /// Deletes captures older than the retention time.
    pub fn sweep(&mut self) {
        let of_settings = || self.preferences.retention_days.map(|days| Duration::from_secs(u64::from(days) * 86_400));
        let retention = self.keep_for.unwrap_or_else(|| Retention(of_settings()));
        if retention.0.is_none() {
            return;
        }
        let catalog = Catalog::new(self.paths.captures_dir.clone());
        self.captures.sweeping = self.job("sweep", move |_| catalog.sweep(retention));
    }

    /// Lists captures for the page of a new session. Errors are reported on the page of the captures.
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
        // The captures of closed tabs must be available too, so their workers end first.
        let workers = self.workers_set_aside();
        self.captures.listing = self.job("list captures", move |_| {
            workers.into_iter().for_each(crate::gui::tabs::closing::end);
            catalog.list()
        });
    }

    /// Opens a capture in a tab; `task`: also opens the file strip for it.
    pub fn open_capture(&mut self, info: CaptureInfo, task: Option<FileTask>) {
        let catalog = Catalog::new(self.paths.captures_dir.clone());
        self.captures.opening = self.job("open capture", move |_| {
            let reader = catalog.open(&info.id);
            (info, task, reader)
        });
    }

    /// Deletes these captures. Those that cannot be deleted are kept, and the first error is reported.
    pub fn delete_captures(&mut self, ids: Vec<String>) {
        (self.captures.confirm, self.captures.confirm_all) = (None, false);
        let catalog = Catalog::new(self.paths.captures_dir.clone());
        self.captures.deleting = self.job("delete captures", move |control| {
            let ids = ids.iter().take_while(|_| !control.cancelled());
            let outcomes: Vec<_> = ids.map(|id| catalog.delete(id)).collect();
            outcomes.into_iter().collect()
        });
    }

    /// Opens the system's file dialog for a log to import.
    pub fn pick_import(&mut self) {
        let (picker, title) = (self.picker.clone(), Text::ImportLog.of(self.lang).to_owned());
        let job = self.job("file dialog", move |_| picker(&Ask::OpenFile { title }));
        if let Some(import) = &mut self.captures.import {
            import.picking = job;
        }
    }

    /// Imports the log into a new capture.
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
        // At most three toasts are visible at once.
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

    /// Takes the results of the jobs.
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

    /// Starts a job. Reports an error if the system cannot start a thread.
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

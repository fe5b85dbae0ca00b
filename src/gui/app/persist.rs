//! Saves the settings: in a job shortly after a change, and once at the end.

use crate::gui::app::{App, Notice};
use crate::gui::session::Session;
use crate::jobs::{Job, JobPoll, Wake};
use crate::model::{NetError, SessionId};
use crate::settings::{self, Settings};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Changes within this time are written together.
const DEBOUNCE: Duration = Duration::from_millis(800);

/// How long the end of the program waits for a running write.
const FINISH: Duration = Duration::from_secs(2);

/// The settings in the file, and when to compare them next.
pub struct Saver {
    written: Settings,
    may_save: bool,
    look_at: Option<Instant>,
    job: Option<Job<(Settings, Result<(), NetError>)>>,
}

impl Saver {
    /// `written`: the contents of the file. `may_save` = false: the file could not be read and must not be overwritten.
    pub fn new(written: Settings, may_save: bool) -> Self {
        Self { written, may_save, look_at: None, job: None }
    }

    /// Called after input that may have changed the settings. Returns the delay until the next comparison.
    pub fn touch(&mut self, now: Instant) -> Duration {
        self.look_at.get_or_insert(now + DEBOUNCE).saturating_duration_since(now)
    }

    /// The next comparison is due.
    fn is_due(&self, now: Instant) -> bool {
        self.job.is_none() && self.look_at.is_some_and(|at| now >= at)
    }

    /// Writes `settings` if they differ from the file.
    fn write(&mut self, file: PathBuf, settings: Settings, wake: Wake) {
        self.look_at = None;
        if !self.may_save || settings == self.written {
            return;
        }
        let started = Job::start("settings", wake, move |_| {
            let result = settings::save(&file, &settings);
            (settings, result)
        });
        // The thread could not be started: the next change or the end of the program tries again.
        self.job = started.ok();
    }

    /// The error of the last write.
    fn poll(&mut self) -> Option<NetError> {
        match self.job.as_mut()?.poll() {
            JobPoll::Running => return None,
            JobPoll::Gone => {}
            JobPoll::Done((settings, Ok(()))) => self.written = settings,
            JobPoll::Done((settings, Err(error))) => {
                self.job = None;
                // Reported once: a failed write of the same settings is not repeated.
                self.written = settings;
                return Some(error);
            }
        }
        self.job = None;
        None
    }

    /// Writes synchronously at the end of the program.
    pub fn finish(&mut self, file: &Path, settings: Settings) {
        if let Some(mut job) = self.job.take()
            && let Some((written, Ok(()))) = job.wait(FINISH)
        {
            self.written = written;
        }
        if self.may_save && settings != self.written {
            if let Err(error) = settings::save(file, &settings) {
                tracing::error!(%error, "settings were not saved");
            }
            self.written = settings;
        }
    }
}

impl App {
    /// The settings to store.
    pub(super) fn settings(&self) -> Settings {
        let order = crate::gui::tabs::order(&self.tree);
        let remembered = |id: &&SessionId| {
            let demo = self.demo.as_ref().is_some_and(|demo| demo.has(**id));
            !demo && self.sessions.get(id).is_some_and(|session| session.archive.is_none())
        };
        let ids: Vec<_> = order.iter().filter(remembered).collect();
        let current = ids.iter().position(|id| **id == self.focused).unwrap_or(0);
        let sessions = ids.iter().filter_map(|id| self.sessions.get(id)).map(Session::remembered).collect();
        let place = |id: SessionId| ids.iter().position(|at| **at == id);
        let layout = crate::gui::tabs::layout(&self.tree, &place);
        Settings { preferences: self.preferences.clone(), sessions, current, layout, recents: self.recents.clone() }
    }

    /// Called every frame. Detects changes shortly after input.
    pub(super) fn look_after_settings(&mut self, ctx: &egui::Context, changed: bool) {
        let now = Instant::now();
        if changed || self.saver.look_at.is_some() {
            ctx.request_repaint_after(self.saver.touch(now));
        }
        if let Some(error) = self.saver.poll() {
            self.notices.push(Notice::Failed(error));
        }
        if self.saver.is_due(now) {
            let settings = self.settings();
            let (file, wake) = (self.paths.settings_file.clone(), self.job_wake());
            self.saver.write(file, settings, wake);
        }
    }
}

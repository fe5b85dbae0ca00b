//! Character boundaries that depend on data far back. Rows show a guess until a job has found the boundary.

use crate::gui::log::LogView;
use crate::jobs::{Job, JobPoll, Wake};
use crate::lines::{FarLook, FarStates};

/// At most one job at a time.
#[derive(Default)]
pub(super) struct Far {
    wanted: Option<FarLook>,
    job: Option<Job<Option<FarStates>>>,
}

impl Far {
    /// Sets the part of the current rows that is a guess; `None`: nothing.
    pub(super) fn want(&mut self, look: Option<FarLook>) {
        self.wanted = look;
    }

    /// A job should be started.
    pub(super) fn is_due(&self) -> bool {
        self.wanted.is_some() && self.job.is_none()
    }
}

impl LogView {
    /// Starts a job that looks far back for character boundaries if needed, and takes its result.
    pub fn tick_far(&mut self, wake: &Wake) {
        if let Some(job) = &mut self.far.job {
            match job.poll() {
                JobPoll::Running => return,
                JobPoll::Done(Some(found)) => {
                    if self.view.as_mut().is_some_and(|view| view.learn(found)) {
                        self.screen = None;
                        self.far.wanted = None;
                    }
                }
                JobPoll::Done(None) | JobPoll::Gone => {}
            }
            self.far.job = None;
        }
        if let Some(look) = self.far.wanted.take() {
            let work = move |control: &crate::jobs::JobControl| look.run(&mut || !control.cancelled());
            // Without a thread the rows keep the guess; the next screen tries again.
            self.far.job = Job::start("far-look", wake.clone(), work).ok();
        }
    }
}

//! Characters whose begin is known from far back only: shown as they seem until a job has looked.

use crate::gui::log::LogView;
use crate::jobs::{Job, JobPoll, Wake};
use crate::lines::{FarLook, FarStates};

/// At most one look at a time.
#[derive(Default)]
pub(super) struct Far {
    wanted: Option<FarLook>,
    job: Option<Job<Option<FarStates>>>,
}

impl Far {
    /// What of the rows laid out now is a guess; `None`: nothing.
    pub(super) fn want(&mut self, look: Option<FarLook>) {
        self.wanted = look;
    }

    /// A look is to be started.
    pub(super) fn is_due(&self) -> bool {
        self.wanted.is_some() && self.job.is_none()
    }
}

impl LogView {
    /// Looks after where characters begin: starts a look far back where one is due, and shows what it has found.
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
            // Without a thread the rows stay as they seem; the next screen asks again.
            self.far.job = Job::start("far-look", wake.clone(), work).ok();
        }
    }
}

//! Processing of a growing history: one job after another, each a pass over the records since the last one.

use crate::jobs::{Job, JobPoll, Wake};
use std::io;
use std::time::{Duration, Instant};

/// Minimum interval between two wake-ups of the window by a running job.
const WAKE_EVERY: Duration = Duration::from_millis(100);

/// Reports the progress of a pass (done, total); false = stop.
pub type GoOn<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// The passes of one kind of work; `T` is the result of a pass.
pub struct Passes<T> {
    job: Option<Job<T>>,
    started: Option<Instant>,
}

impl<T> Default for Passes<T> {
    fn default() -> Self {
        Self { job: None, started: None }
    }
}

impl<T: Send + 'static> Passes<T> {
    /// Starts a pass in a thread with this name.
    ///
    /// # Errors
    /// The thread cannot be started.
    pub fn start(
        &mut self,
        name: &str,
        wake: &Wake,
        pass: impl FnOnce(&mut GoOn<'_>) -> T + Send + 'static,
    ) -> io::Result<()> {
        self.started = Some(Instant::now());
        self.job = None;
        self.job = Some(Job::start(name, wake.clone(), move |control| {
            let mut reported = Instant::now();
            pass(&mut |done, total| {
                if reported.elapsed() >= WAKE_EVERY {
                    reported = Instant::now();
                    control.set_progress(done, Some(total));
                }
                !control.cancelled()
            })
        })?);
        Ok(())
    }

    /// The result of the pass, once, after it has ended.
    pub fn poll(&mut self) -> Option<T> {
        let result = match self.job.as_mut()?.poll() {
            JobPoll::Running => return None,
            JobPoll::Done(result) => Some(result),
            JobPoll::Gone => None,
        };
        self.job = None;
        result
    }

    /// A pass is running.
    pub fn is_running(&self) -> bool {
        self.job.is_some()
    }

    /// Asks the pass to stop; its result is still delivered.
    pub fn cancel(&self) {
        if let Some(job) = &self.job {
            job.cancel();
        }
    }

    /// The last pass started at least this long ago.
    pub fn is_older_than(&self, time: Duration) -> bool {
        self.started.is_some_and(|started| started.elapsed() >= time)
    }

    /// The delay until another pass may start, at this minimum interval.
    pub fn rest(&self, every: Duration) -> Duration {
        self.started.map_or(Duration::ZERO, |started| every.saturating_sub(started.elapsed()))
    }

    /// When the last pass started.
    #[cfg(test)]
    pub fn started(&self) -> Option<Instant> {
        self.started
    }

    /// Progress of the pass (0–1), if it has been running longer than `after`.
    pub fn progress(&self, after: Duration) -> Option<f32> {
        let (done, total) = self.job.as_ref()?.progress();
        let total = total.filter(|total| *total > 0 && self.is_older_than(after))?;
        Some((done as f64 / total as f64).clamp(0.0, 1.0) as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::mpsc::sync_channel;

    fn ended<T: Send + 'static>(passes: &mut Passes<T>) -> Option<T> {
        let deadline = Instant::now() + Duration::from_secs(20);
        while passes.is_running() {
            if let Some(result) = passes.poll() {
                return Some(result);
            }
            assert!(Instant::now() < deadline, "the pass does not end");
            std::thread::sleep(Duration::from_millis(1));
        }
        None
    }

    #[test]
    fn a_pass_returns_its_result_once_and_stops_when_cancelled() {
        let mut passes = Passes::default();
        let wake: Wake = Arc::new(|| ());
        assert!(passes.poll().is_none() && passes.rest(Duration::from_secs(9)).is_zero());
        let (begun, is_begun) = sync_channel(1);
        passes
            .start("test", &wake, move |go_on| {
                begun.send(()).ok();
                while go_on(1, 2) {
                    std::thread::sleep(Duration::from_millis(1));
                }
                7
            })
            .expect("a thread");
        is_begun.recv_timeout(Duration::from_secs(20)).expect("begun");
        assert!(passes.is_running() && !passes.rest(Duration::from_secs(9999)).is_zero());
        assert!(passes.is_older_than(Duration::ZERO) && passes.progress(Duration::from_secs(9999)).is_none());
        passes.cancel();
        assert_eq!(ended(&mut passes), Some(7));
        assert_eq!((passes.is_running(), passes.poll()), (false, None));
    }
}

//! A unit of background work: started with a name, polled without blocking, cancelled by a flag.

use super::thread::spawn_named;
use crossbeam_channel::{Receiver, TryRecvError, bounded};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Called when a job has made progress or ended. Must not block.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// Encodes "total unknown" in the atomics.
const UNKNOWN: u64 = u64::MAX;

struct Shared {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
    wake: Wake,
}

/// The job as seen by its work: cancellation and progress.
#[derive(Clone)]
pub struct JobControl {
    shared: Arc<Shared>,
}

impl JobControl {
    /// Whether the job was cancelled: stop soon and remove unfinished output.
    #[must_use]
    pub fn cancelled(&self) -> bool {
        self.shared.cancelled.load(Ordering::Relaxed)
    }

    /// Sets the progress in the unit of the job (bytes, records); `total` is `None` if unknown.
    pub fn set_progress(&self, done: u64, total: Option<u64>) {
        self.shared.total.store(total.unwrap_or(UNKNOWN), Ordering::Relaxed);
        self.shared.done.store(done, Ordering::Relaxed);
        (self.shared.wake)();
    }
}

struct WakeAtEnd(Arc<Shared>);

impl Drop for WakeAtEnd {
    fn drop(&mut self) {
        (self.0.wake)();
    }
}

/// Background work that returns a `T`. Dropping it cancels the work without waiting for it.
pub struct Job<T> {
    shared: Arc<Shared>,
    result: Receiver<T>,
    lost: bool,
}

/// Result of polling a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobPoll<T> {
    /// Still running.
    Running,
    /// Finished. Returned once.
    Done(T),
    /// The work ended without a result (it panicked), or the result was already taken.
    Gone,
}

impl<T: Send + 'static> Job<T> {
    /// Starts `work` on a thread with this name (at most 15 bytes).
    ///
    /// # Errors
    /// The system cannot start another thread.
    pub fn start(name: &str, wake: Wake, work: impl FnOnce(&JobControl) -> T + Send + 'static) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            cancelled: AtomicBool::new(false),
            done: AtomicU64::new(0),
            total: AtomicU64::new(UNKNOWN),
            wake,
        });
        let (sender, result) = bounded(1);
        let control = JobControl { shared: shared.clone() };
        spawn_named(name, move || {
            // Dropped last, and also if the work panics: the front end must poll in either case.
            let _wake = WakeAtEnd(control.shared.clone());
            let sender = sender;
            let outcome = work(&control);
            // If the receiver is dropped, the result is no longer needed.
            sender.send(outcome).ok();
        })?;
        Ok(Self { shared, result, lost: false })
    }

    /// Returns the result once it is available. Never blocks.
    pub fn poll(&mut self) -> JobPoll<T> {
        if self.lost {
            return JobPoll::Gone;
        }
        match self.result.try_recv() {
            Ok(value) => {
                self.lost = true;
                JobPoll::Done(value)
            }
            Err(TryRecvError::Empty) => JobPoll::Running,
            Err(TryRecvError::Disconnected) => {
                self.lost = true;
                JobPoll::Gone
            }
        }
    }

    /// Waits at most `wait` for the result. Used when the program exits.
    pub fn wait(&mut self, wait: std::time::Duration) -> Option<T> {
        self.result.recv_timeout(wait).ok()
    }
}

impl<T> Job<T> {
    /// Progress: done and total (`None` if unknown).
    #[must_use]
    pub fn progress(&self) -> (u64, Option<u64>) {
        let total = self.shared.total.load(Ordering::Relaxed);
        (self.shared.done.load(Ordering::Relaxed), (total != UNKNOWN).then_some(total))
    }

    /// Requests cancellation. The job still returns a result.
    pub fn cancel(&self) {
        self.shared.cancelled.store(true, Ordering::Relaxed);
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.cancel();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn quiet() -> Wake {
        Arc::new(|| ())
    }

    #[test]
    fn a_job_gives_its_result_once() {
        let mut job = Job::start("test", quiet(), |_| 7).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            match job.poll() {
                JobPoll::Done(value) => break assert_eq!(value, 7),
                JobPoll::Running => assert!(Instant::now() < deadline, "no result"),
                JobPoll::Gone => panic!("lost"),
            }
            std::thread::yield_now();
        }
        assert_eq!(job.poll(), JobPoll::Gone);
    }

    #[test]
    fn a_cancelled_job_sees_it_and_progress_is_seen_outside() {
        let mut job = Job::start("test", quiet(), |control| {
            control.set_progress(3, Some(9));
            while !control.cancelled() {
                std::thread::yield_now();
            }
            "stopped"
        })
        .unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        while job.progress() != (3, Some(9)) {
            assert!(Instant::now() < deadline, "no progress");
            std::thread::yield_now();
        }
        assert_eq!(job.poll(), JobPoll::Running);
        job.cancel();
        assert_eq!(job.wait(Duration::from_secs(10)), Some("stopped"));
    }

    fn notified() -> (Wake, Receiver<()>) {
        let (sender, receiver) = bounded(4);
        let wake: Wake = Arc::new(move || {
            sender.try_send(()).ok();
        });
        (wake, receiver)
    }

    #[test]
    fn the_end_of_a_job_wakes_the_front_end() {
        let (wake, receiver) = notified();
        let _job = Job::start("test", wake, |_| ()).unwrap();
        assert!(receiver.recv_timeout(Duration::from_secs(10)).is_ok());
    }

    /// Any number of jobs at once: each gives its result once, reports its own progress, and wakes the front end at its end.
    #[test]
    fn jobs_that_run_at_once_do_not_mix() {
        for threads in [1_u64, 2, 4, 8, 16] {
            for _ in 0..20 {
                let (sender, woken) = bounded(64);
                let wake: Wake = Arc::new(move || {
                    sender.try_send(()).ok();
                });
                let (begin, begun) = bounded::<()>(0);
                let start = |number: u64| {
                    let begun = begun.clone();
                    Job::start("test", wake.clone(), move |control| {
                        begun.recv().ok();
                        control.set_progress(number, Some(threads));
                        (number, control.cancelled())
                    })
                };
                let mut jobs: Vec<_> = (0..threads).map(|number| start(number).unwrap()).collect();
                let cancelled = |number: usize| number % 3 == 1;
                jobs.iter().enumerate().filter(|(number, _)| cancelled(*number)).for_each(|(_, job)| job.cancel());
                // All of them begin now.
                drop(begin);
                let deadline = Instant::now() + Duration::from_secs(20);
                for (number, job) in jobs.iter_mut().enumerate() {
                    let result = loop {
                        match job.poll() {
                            JobPoll::Done(result) => break result,
                            JobPoll::Gone => panic!("job {number} of {threads} is lost"),
                            // The end of every job wakes, so waiting for that suffices.
                            JobPoll::Running => {
                                let left = deadline.saturating_duration_since(Instant::now());
                                woken.recv_timeout(left).expect("no job wakes any more");
                            }
                        }
                    };
                    assert_eq!(result, (number as u64, cancelled(number)), "{threads} jobs");
                    assert_eq!(job.progress(), (number as u64, Some(threads)), "{threads} jobs");
                    assert_eq!(job.poll(), JobPoll::Gone, "{threads} jobs");
                }
            }
        }
    }

    #[test]
    fn a_job_that_panics_wakes_the_front_end_and_is_gone() {
        let (wake, receiver) = notified();
        let mut job = Job::<()>::start("test panic", wake, |_| panic!("requested by the test")).unwrap();
        assert!(receiver.recv_timeout(Duration::from_secs(10)).is_ok());
        assert_eq!(job.poll(), JobPoll::Gone);
    }
}

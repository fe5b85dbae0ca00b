//! Starts named threads; the only way to start a thread.

use std::io;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Starts a named thread. Linux truncates names to 15 bytes.
///
/// # Errors
/// The system cannot start another thread.
#[expect(clippy::disallowed_methods, reason = "this is the one place that starts threads")]
pub fn spawn_named<T: Send + 'static>(
    name: impl Into<String>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    Builder::new().name(name.into()).spawn(work)
}

/// The processor time that this thread has used; `None` where the system does not say it.
#[must_use]
pub fn processor_time() -> Option<Duration> {
    #[cfg(unix)]
    {
        let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Some(Duration::new(u64::try_from(used.tv_sec).ok()?, u32::try_from(used.tv_nsec).ok()?))
    }
    #[cfg(not(unix))]
    None
}

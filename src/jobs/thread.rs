//! Starts named threads; the only way to start a thread.

use std::io;
use std::thread::{Builder, JoinHandle};

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

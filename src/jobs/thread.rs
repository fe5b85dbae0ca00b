//! The one way to start a thread: with a name.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Starts a named thread. Names are at most 15 bytes on Linux; longer ones are cut by the system.
///
/// # Errors
/// The system has no more threads.
#[expect(clippy::disallowed_methods, reason = "this is the one place that starts threads")]
pub fn spawn_named<T: Send + 'static>(
    name: impl Into<String>,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    Builder::new().name(name.into()).spawn(work)
}

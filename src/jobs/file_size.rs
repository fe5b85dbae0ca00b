//! The limit of a file's size (`ulimit -f`) as an error of the write that meets it.

/// From now on a write beyond the limit fails with `EFBIG`, which its caller tells, instead of ending the process (SIGXFSZ).
#[cfg(unix)]
pub fn outlive_file_size_limit() {
    // Handled rather than ignored: programs that are started would inherit that. What the flag says is in the error as well.
    let noted = std::sync::Arc::default();
    if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, noted) {
        tracing::debug!(%error, "a limit of file sizes ends the process");
    }
}

/// There is no such limit.
#[cfg(not(unix))]
pub fn outlive_file_size_limit() {}

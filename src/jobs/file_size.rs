//! Turns the file size limit (`ulimit -f`) into an error of the write that exceeds it.

/// Makes writes beyond the limit fail with `EFBIG`, which the caller reports, instead of killing the process (SIGXFSZ).
#[cfg(unix)]
pub fn outlive_file_size_limit() {
    // The signal is handled, not ignored, because child processes would inherit ignoring it. The flag itself is not needed: the
    // write fails too.
    let noted = std::sync::Arc::default();
    if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, noted) {
        tracing::debug!(%error, "exceeding the file size limit will kill the process");
    }
}

/// This system has no such limit.
#[cfg(not(unix))]
pub fn outlive_file_size_limit() {}

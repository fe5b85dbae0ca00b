//! SIGINT, SIGTERM and SIGHUP as messages.

use crate::model::{ErrorKind, NetError, Operation};
use crossbeam_channel::{Receiver, TrySendError, bounded};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// Signals that request the end.
pub(super) struct Signals {
    /// One message for the first signal.
    pub received: Receiver<()>,
    /// Time of the first signal, for code that cannot wait for the message.
    pub asked: Arc<OnceLock<Instant>>,
}

/// Installs the signal handlers. A second signal before the first was handled exits immediately with code 1; the capture contains
/// everything that was printed.
///
/// # Errors
/// The system refuses a handler.
pub(super) fn install() -> Result<Signals, NetError> {
    let (to_session, received) = bounded(1);
    let asked = Arc::new(OnceLock::new());
    let noted = asked.clone();
    let handler = move || {
        noted.get_or_init(Instant::now);
        if let Err(TrySendError::Full(())) = to_session.try_send(()) {
            std::process::exit(1);
        }
    };
    listen(handler).map_err(|error| NetError::new(Operation::Receive, ErrorKind::Other, "signals", error))?;
    Ok(Signals { received, asked })
}

#[cfg(unix)]
fn listen(handler: impl Fn() + Send + 'static) -> Result<(), String> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = inherited_ignored();
    // nohup and shells ignore these two for processes that should survive them.
    let may_be_ignored = |signal: i32| signal != SIGTERM && ignored >> (signal - 1) & 1 == 1;
    let signals = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !may_be_ignored(*signal));
    let mut signals = signal_hook::iterator::Signals::new(signals).map_err(|error| error.to_string())?;
    let wait = move || signals.forever().for_each(|_| handler());
    crate::jobs::thread::spawn_named("signals", wait).map(drop).map_err(|error| error.to_string())
}

/// The signals that were ignored when the program started, as bits; 0 if the system has no such file.
#[cfg(unix)]
fn inherited_ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

#[cfg(not(unix))]
fn listen(handler: impl Fn() + Send + 'static) -> Result<(), String> {
    ctrlc::set_handler(handler).map_err(|error| error.to_string())
}

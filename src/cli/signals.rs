//! SIGINT and SIGTERM (and SIGHUP) as a message.

use crate::model::{ErrorKind, NetError, Operation};
use crossbeam_channel::{Receiver, TrySendError, bounded};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// What the signals that ask for the end have said.
pub(super) struct Signals {
    /// One message for the first.
    pub received: Receiver<()>,
    /// When the first came, for those who cannot wait for the message.
    pub asked: Arc<OnceLock<Instant>>,
}

/// Begins to listen to signals. A second one while the first was not even taken ends the process at once, with code 1; the
/// capture has everything that was shown.
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
    ctrlc::set_handler(handler)
        .map_err(|error| NetError::new(Operation::Receive, ErrorKind::Other, "signals", error.to_string()))?;
    Ok(Signals { received, asked })
}

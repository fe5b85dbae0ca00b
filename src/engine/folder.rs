//! Showing a file in the file manager of the desktop.

use crate::engine::platform;
use crate::model::{NetError, Operation};
use std::path::Path;

/// Whether this system can show a file in a file manager.
#[must_use]
pub fn can_show_in_folder() -> bool {
    platform::can_show_in_folder()
}

/// Shows the file in the file manager. May take seconds: call it from a job.
///
/// # Errors
/// The system has no file manager, or cannot start it.
pub fn show_in_folder(path: &Path) -> Result<(), NetError> {
    let failed = |error| NetError::from_io(Operation::ReadFile, path.display().to_string(), &error);
    platform::show_in_folder(path).map_err(failed)
}

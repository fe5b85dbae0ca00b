//! The system's file dialogs, as plain functions for a job: they wait for the user.

use std::path::PathBuf;
use std::sync::Arc;

/// What to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A file that exists.
    OpenFile {
        /// Title of the dialog.
        title: String,
    },
    /// A place to write.
    SaveFile {
        /// Title of the dialog.
        title: String,
        /// Proposed name.
        name: String,
    },
}

/// Shows a dialog and waits: `None` = cancelled, or this system has no dialogs (the two cannot be told apart).
/// Tests put their own in place of the system's.
pub type Picker = Arc<dyn Fn(&Ask) -> Option<PathBuf> + Send + Sync>;

/// The system's dialogs (XDG desktop portal on Linux).
#[must_use]
pub fn system() -> Picker {
    Arc::new(|ask| {
        let dialog = rfd::AsyncFileDialog::new();
        let file = match ask {
            Ask::OpenFile { title } => pollster::block_on(dialog.set_title(title).pick_file()),
            Ask::SaveFile { title, name } => {
                pollster::block_on(dialog.set_title(title).set_file_name(name).save_file())
            }
        };
        file.map(|file| file.path().to_path_buf())
    })
}

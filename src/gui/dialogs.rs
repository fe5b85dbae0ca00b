//! The system's file dialogs as blocking functions for a job.

use std::path::PathBuf;
use std::sync::Arc;

/// The dialog to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Select an existing file.
    OpenFile {
        /// Title of the dialog.
        title: String,
    },
    /// Select a folder.
    OpenFolder {
        /// Title of the dialog.
        title: String,
    },
    /// Select a file to write.
    SaveFile {
        /// Title of the dialog.
        title: String,
        /// Suggested name.
        name: String,
    },
}

/// Shows a dialog and blocks: `None` = cancelled, or this system has no dialogs (the two cannot be distinguished). Tests
/// replace the system's dialogs.
pub type Picker = Arc<dyn Fn(&Ask) -> Option<PathBuf> + Send + Sync>;

/// The system's dialogs (XDG desktop portal on Linux).
#[must_use]
pub fn system() -> Picker {
    Arc::new(|ask| {
        let dialog = rfd::AsyncFileDialog::new();
        let file = match ask {
            Ask::OpenFolder { title } => pollster::block_on(dialog.set_title(title).pick_folder()),
            Ask::OpenFile { title } => pollster::block_on(dialog.set_title(title).pick_file()),
            Ask::SaveFile { title, name } => {
                pollster::block_on(dialog.set_title(title).set_file_name(name).save_file())
            }
        };
        file.map(|file| file.path().to_path_buf())
    })
}

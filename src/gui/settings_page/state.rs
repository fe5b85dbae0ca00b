//! State of the settings page.

use crate::gui::captures::state::CapturesPage;
use crate::settings::{DataPaths, Preferences, Theme};
use crate::words;

/// The tabs of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SettingsTab {
    #[default]
    General,
    Captures,
}

/// The open settings page. Texts are kept as typed and applied when they are valid.
#[derive(Debug, Default)]
pub struct SettingsPage {
    pub tab: SettingsTab,
    pub limit: String,
    pub kept_files: String,
    pub retention: String,
}

impl SettingsPage {
    /// A page with the current values.
    pub fn new(tab: SettingsTab, preferences: &Preferences) -> Self {
        Self {
            tab,
            limit: words::size(preferences.capture_limit_bytes),
            kept_files: words::size(preferences.kept_file_bytes),
            retention: preferences.retention_days.map(|days| days.to_string()).unwrap_or_default(),
        }
    }
}

/// Minimum size limit of a capture.
pub const LIMIT_LEAST: u64 = *Preferences::CAPTURE_LIMIT_BYTES.start();

/// The data that the page shows and edits.
pub struct Shown<'a> {
    pub page: &'a mut SettingsPage,
    pub preferences: &'a mut Preferences,
    pub captures: &'a mut CapturesPage,
    pub paths: &'a DataPaths,
    pub theme: Theme,
}

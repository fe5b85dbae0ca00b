//! What the settings page edits and shows.

use crate::gui::captures::state::CapturesPage;
use crate::settings::{DataPaths, Preferences, Theme};
use crate::words;

/// Which half of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SettingsTab {
    #[default]
    General,
    Captures,
}

/// The open settings page: texts as typed, taken over when they make sense.
#[derive(Debug, Default)]
pub struct SettingsPage {
    pub tab: SettingsTab,
    pub limit: String,
    pub kept_files: String,
    pub retention: String,
}

impl SettingsPage {
    /// With the values of now.
    pub fn new(tab: SettingsTab, preferences: &Preferences) -> Self {
        Self {
            tab,
            limit: words::size(preferences.capture_limit_bytes),
            kept_files: words::size(preferences.kept_file_bytes),
            retention: preferences.retention_days.map(|days| days.to_string()).unwrap_or_default(),
        }
    }
}

/// Smallest limit of a capture.
pub const LIMIT_LEAST: u64 = *Preferences::CAPTURE_LIMIT_BYTES.start();

/// What the page edits and shows.
pub struct Shown<'a> {
    pub page: &'a mut SettingsPage,
    pub preferences: &'a mut Preferences,
    pub captures: &'a mut CapturesPage,
    pub paths: &'a DataPaths,
    pub theme: Theme,
}

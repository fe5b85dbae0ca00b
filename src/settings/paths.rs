//! Locations of data files.

use directories::ProjectDirs;
use std::path::{Path, PathBuf};

/// Paths of the data folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataPaths {
    /// Folder of the captures, one subfolder each.
    pub captures_dir: PathBuf,
    /// Folder of the talk files that the window makes.
    pub talks_dir: PathBuf,
    /// Path of the settings file.
    pub settings_file: PathBuf,
}

impl DataPaths {
    /// `--data-dir` contains everything; otherwise the platform's data and config folders (`directories`) are used. The paths are
    /// absolute. `None` if the system reports no home directory.
    #[must_use]
    pub fn resolve(data_dir: Option<PathBuf>) -> Option<Self> {
        if let Some(dir) = data_dir {
            // Without a working directory the path is left unchanged; using it will report the error.
            let dir = std::path::absolute(&dir).unwrap_or(dir);
            return Some(Self::of(&dir, &dir));
        }
        let dirs = ProjectDirs::from("", "", "wirebench")?;
        // Captures are large: on Windows they stay on this machine and do not roam with the profile.
        Some(Self::of(dirs.data_local_dir(), dirs.config_dir()))
    }

    fn of(data_dir: &Path, config_dir: &Path) -> Self {
        Self {
            captures_dir: data_dir.join("captures"),
            talks_dir: data_dir.join("talks"),
            settings_file: config_dir.join("settings.json"),
        }
    }
}

/// Path of the key that identifies captures written on this machine. Never below a `--data-dir`, which may have been copied from
/// elsewhere with its contents. `None` if the system reports no home directory.
#[must_use]
pub fn origin_file() -> Option<PathBuf> {
    ProjectDirs::from("", "", "wirebench").map(|dirs| dirs.data_local_dir().join("origin-key"))
}

/// Suggested folder for files that the user saves.
#[must_use]
pub fn documents_dir() -> Option<PathBuf> {
    let dirs = directories::UserDirs::new()?;
    Some(dirs.document_dir().unwrap_or_else(|| dirs.home_dir()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_dir_holds_captures_and_settings() {
        let dir = tempfile::tempdir().unwrap();
        let paths = DataPaths::resolve(Some(dir.path().to_owned())).unwrap();
        assert_eq!(paths.captures_dir, dir.path().join("captures"));
        assert_eq!(paths.talks_dir, dir.path().join("talks"));
        assert_eq!(paths.settings_file, dir.path().join("settings.json"));
        let relative = DataPaths::resolve(Some("data".into())).unwrap();
        assert!(relative.captures_dir.is_absolute() && relative.captures_dir.ends_with("data/captures"));
    }

    #[test]
    fn else_the_platform_names_the_folders() {
        if let Some(paths) = DataPaths::resolve(None) {
            assert!(paths.captures_dir.ends_with("captures") && paths.settings_file.ends_with("settings.json"));
            for path in [&paths.captures_dir, &paths.settings_file] {
                let text = path.to_string_lossy().to_lowercase();
                assert!(path.is_absolute() && text.contains("wirebench"), "{text}");
            }
        }
    }
}

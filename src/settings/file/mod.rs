//! Loads and saves the settings file.

mod version_1;

use super::{SessionSetup, Settings, range, readable};
use crate::model::{NetError, Operation};
use serde::Serialize;
use serde_json::Value;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The version written by this program. Increment it for any change that older programs would misread or lose: they keep a newer file
/// aside. Version 1 had no recent connections, and another form of suffixes and sent
/// texts. All versions up to this one are read.
const VERSION: u32 = 2;
/// Maximum size of a settings file in bytes (50 tabs with full drafts and histories take 15 MiB).
const MAX_FILE_LEN: u64 = 64 << 20;

/// A finding that the user should know about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadNote {
    /// The file was malformed and was renamed.
    Damaged {
        /// Path of the renamed file.
        kept: PathBuf,
        /// The reason, in English.
        why: String,
    },
    /// Some values are invalid, for example from a newer version. They were replaced by defaults; all others were kept.
    Partly {
        /// The invalid values, as `place = value`.
        values: Vec<String>,
        /// A copy of the file; `None` if it could not be made.
        kept: Option<PathBuf>,
    },
    /// The file was written by a newer version and was renamed.
    Future {
        /// Path of the renamed file.
        kept: PathBuf,
        /// Version number of the file.
        version: u32,
    },
    /// The file exists but cannot be read (permissions), or is malformed or newer and cannot be renamed. Defaults are used, and the
    /// caller must not [`save`] over it.
    Unreadable(NetError),
}

/// Content of the file.
#[derive(Serialize)]
struct Versioned<'a> {
    version: u32,
    #[serde(flatten)]
    settings: &'a Settings,
}

/// Why the content of a file is rejected.
#[derive(Debug, PartialEq)]
enum Refusal {
    Damaged(String),
    Future(u32),
}

/// Loads the settings from `file`, or defaults, and reports findings. Never fails. Unknown fields are ignored, missing fields and
/// invalid values get defaults, and numbers are clamped to their ranges.
#[must_use]
pub fn load(file: &Path) -> (Settings, Option<LoadNote>) {
    let text = match read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (Settings::default(), None),
        Err(error) => return (Settings::default(), Some(unreadable(file, &error))),
    };
    let refusal = match parse(&text) {
        Ok((settings, values)) if values.is_empty() => return (settings, None),
        Ok((settings, values)) => return (settings, Some(LoadNote::Partly { values, kept: copy_aside(file) })),
        Err(refusal) => refusal,
    };
    let note = match (move_aside(file), refusal) {
        (Ok(kept), Refusal::Damaged(why)) => LoadNote::Damaged { kept, why },
        (Ok(kept), Refusal::Future(version)) => LoadNote::Future { kept, version },
        // The file stays in place, so it must not be overwritten.
        (Err(error), _) => unreadable(file, &error),
    };
    (Settings::default(), Some(note))
}

fn unreadable(file: &Path, error: &io::Error) -> LoadNote {
    LoadNote::Unreadable(NetError::from_io(Operation::ReadFile, file.display().to_string(), error))
}

/// Reads at most one byte more than the maximum size.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    fs::File::open(file)?.take(MAX_FILE_LEN + 1).read_to_end(&mut text)?;
    Ok(text)
}

/// Parses the settings; also returns the invalid values.
fn parse(text: &[u8]) -> Result<(Settings, Vec<String>), Refusal> {
    if text.len() as u64 > MAX_FILE_LEN {
        return Err(Refusal::Damaged(format!("longer than {MAX_FILE_LEN} bytes")));
    }
    // Some editors write a byte order mark.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let damaged = |error: serde_json::Error| Refusal::Damaged(error.to_string());
    let mut file: Value = serde_json::from_slice(text).map_err(damaged)?;
    let version = match file.get("version") {
        Some(Value::Number(number)) => number.as_u64().unwrap_or(0),
        Some(_) => 0,
        None if file.is_object() => return Err(Refusal::Damaged("no version number".into())),
        None => return Err(Refusal::Damaged("not a JSON object".into())),
    };
    match u32::try_from(version).unwrap_or(u32::MAX) {
        0 => return Err(Refusal::Damaged("the version is not a positive number".into())),
        1 => version_1::carry_over(&mut file),
        VERSION => {}
        future => return Err(Refusal::Future(future)),
    }
    range::bring_numbers_into_range(&mut file);
    let unread = readable::take_out_unreadable(&mut file);
    let mut settings: Settings = serde_json::from_value(file).map_err(damaged)?;
    settings.bring_into_range();
    Ok((settings, unread))
}

/// Copies the file to `settings.json.unread` in the same folder, replacing an earlier copy, because the next save loses the invalid
/// values.
fn copy_aside(file: &Path) -> Option<PathBuf> {
    let mut name = file.as_os_str().to_owned();
    name.push(".unread");
    let kept = PathBuf::from(name);
    fs::copy(file, &kept).ok()?;
    Some(kept)
}

/// Renames the file to `settings.json.damaged-<unix time>` in the same folder, never over an existing file.
fn move_aside(file: &Path) -> io::Result<PathBuf> {
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut kept = PathBuf::new();
    for attempt in 0..1000 {
        let mut name = file.as_os_str().to_owned();
        name.push(format!(".damaged-{now_s}"));
        if attempt > 0 {
            name.push(format!("-{attempt}"));
        }
        kept = PathBuf::from(name);
        if fs::symlink_metadata(&kept).is_err() {
            break;
        }
    }
    fs::rename(file, &kept)?;
    Ok(kept)
}

/// Writes the file atomically (temporary file, then rename), readable by the owner only. Creates the folder if it is missing. Blocks
/// on the disk: call it from a job.
///
/// # Errors
/// The folder cannot be created or written. The old file is then unchanged.
pub fn save(file: &Path, settings: &Settings) -> Result<(), NetError> {
    let mut settings = settings.clone();
    settings.bring_into_range();
    write(file, &settings).map_err(|error| NetError::from_io(Operation::SaveFile, file.display().to_string(), &error))
}

fn write(file: &Path, settings: &Settings) -> io::Result<()> {
    // A link to the file (for example into a dotfiles repository) remains a link.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let dir = match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    make_private_dir(dir)?;
    let mut text = serde_json::to_vec_pretty(&Versioned { version: VERSION, settings })?;
    text.push(b'\n');
    // Temporary files are readable by the owner only (`tempfile`).
    let mut temporary = tempfile::Builder::new().prefix(".settings-").suffix(".tmp").tempfile_in(dir)?;
    temporary.write_all(&text)?;
    temporary.as_file().sync_all()?;
    temporary.persist(&file)?;
    Ok(())
}

#[cfg(unix)]
pub(super) fn make_private_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
pub(super) fn make_private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(test)]
mod tests;

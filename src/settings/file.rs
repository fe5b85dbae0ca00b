//! Reading and writing the settings file.

use super::{SessionSetup, Settings, range, readable};
use crate::model::{NetError, Operation};
use serde::Serialize;
use serde_json::Value;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The version this program writes. A change that older programs would misread takes the next number.
const VERSION: u32 = 1;
/// A file longer than this is not ours (50 tabs with full drafts and histories are 15 MiB).
const MAX_FILE_LEN: u64 = 64 << 20;

/// What was found that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadNote {
    /// The file could not be understood; it was kept as the named file.
    Damaged {
        /// Where the old file is now.
        kept: PathBuf,
        /// Why, in English.
        why: String,
    },
    /// Some values could not be read, as of a newer version; they have their defaults, everything else is as it was.
    Partly {
        /// What was not read, as `place = value`.
        values: Vec<String>,
        /// A copy of the file; none where it could not be made.
        kept: Option<PathBuf>,
    },
    /// Written by a newer version; kept as the named file.
    Future {
        /// Where the old file is now.
        kept: PathBuf,
        /// Its version number.
        version: u32,
    },
    /// The file exists and cannot be read (rights), or is damaged or newer and cannot be renamed: defaults are used, and the
    /// caller must not [`save`] over it.
    Unreadable(NetError),
}

/// What the file holds.
#[derive(Serialize)]
struct Versioned<'a> {
    version: u32,
    #[serde(flatten)]
    settings: &'a Settings,
}

/// Why the text of a file gives no settings.
#[derive(Debug, PartialEq)]
enum Refusal {
    Damaged(String),
    Future(u32),
}

/// The settings of `file`, or defaults, and what was found. Never fails. Fields that are not known are ignored, missing ones
/// and those with values that are not known have their defaults, numbers out of range are brought back into it.
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
        // It stays where it is, so nothing may be written over it.
        (Err(error), _) => unreadable(file, &error),
    };
    (Settings::default(), Some(note))
}

fn unreadable(file: &Path, error: &io::Error) -> LoadNote {
    LoadNote::Unreadable(NetError::from_io(Operation::ReadFile, file.display().to_string(), error))
}

/// At most one byte more than a file may have.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    fs::File::open(file)?.take(MAX_FILE_LEN + 1).read_to_end(&mut text)?;
    Ok(text)
}

/// Older files keep the target of a UDP session in the fields of a client's remote, where it was never empty: what stood there
/// from the start was typed by nobody.
fn carry_udp_targets_over(file: &mut Value) {
    let sessions = file.get_mut("sessions").and_then(Value::as_array_mut);
    for session in sessions.into_iter().flatten().filter_map(Value::as_object_mut) {
        if session.get("protocol").and_then(Value::as_str) != Some("udp") || session.contains_key("target_address") {
            continue;
        }
        let start = SessionSetup::default();
        let typed =
            ["remote_address", "remote_port"].map(|key| session.get(key).and_then(Value::as_str).map(str::to_owned));
        if let [Some(address), Some(port)] = typed
            && (&address, &port) != (&start.remote_address, &start.remote_port)
        {
            session.insert("target_address".into(), address.into());
            session.insert("target_port".into(), port.into());
        }
    }
}

/// The settings, and what of them could not be read.
fn parse(text: &[u8]) -> Result<(Settings, Vec<String>), Refusal> {
    if text.len() as u64 > MAX_FILE_LEN {
        return Err(Refusal::Damaged(format!("longer than {MAX_FILE_LEN} bytes")));
    }
    // Some editors put a byte order mark in front.
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
        0 => return Err(Refusal::Damaged("the version is no positive number".into())),
        VERSION => {}
        future => return Err(Refusal::Future(future)),
    }
    range::bring_numbers_into_range(&mut file);
    let unread = readable::take_out_unreadable(&mut file);
    carry_udp_targets_over(&mut file);
    let mut settings: Settings = serde_json::from_value(file).map_err(damaged)?;
    settings.bring_into_range();
    Ok((settings, unread))
}

/// Copies the file to `settings.json.unread` beside it, over an earlier copy: what is saved next lacks what was not read.
fn copy_aside(file: &Path) -> Option<PathBuf> {
    let mut name = file.as_os_str().to_owned();
    name.push(".unread");
    let kept = PathBuf::from(name);
    fs::copy(file, &kept).ok()?;
    Some(kept)
}

/// Renames the file to `settings.json.damaged-<unix time>` beside it, never over another one.
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

/// Writes atomically (temporary file beside it, then rename), readable by the owner only. Makes the folder where it is missing.
/// Waits for the disk: call it from a job.
///
/// # Errors
/// The folder cannot be made or written. The old file is as it was then.
pub fn save(file: &Path, settings: &Settings) -> Result<(), NetError> {
    let mut settings = settings.clone();
    settings.bring_into_range();
    write(file, &settings).map_err(|error| NetError::from_io(Operation::SaveFile, file.display().to_string(), &error))
}

fn write(file: &Path, settings: &Settings) -> io::Result<()> {
    // A link to the file (settings kept in a repository of dot files) stays a link.
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
fn make_private_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn make_private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(test)]
mod tests;

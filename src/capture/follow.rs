//! Decides whether the path of a sent file may be opened. The path may come from a foreign capture: opening it can send a password
//! hash to a server (UNC paths), block on a pipe, or operate a device.

use super::NotFollowed;
use std::path::Path;

/// Permissions of whoever wants to read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leave {
    /// The capture was written by this program on this machine.
    pub own: bool,
    /// The user allowed reading the files of this capture.
    pub asked: bool,
}

/// Reason why the file at `path` must not be opened, if any. Opens nothing to find out.
pub(super) fn refusal(path: &Path, leave: Leave) -> Option<NotFollowed> {
    let text = path.to_string_lossy().replace('\\', "/");
    let elsewhere = match leave {
        Leave { own: false, asked: false } => return Some(NotFollowed::Foreign),
        // If a file on a server was sent from here, this user has accessed the server before.
        Leave { own: true, asked: true } => !is_on_a_server(&text) && has_no_plain_place(&text),
        Leave { asked: true, .. } => has_no_plain_place(&text),
        Leave { .. } => has_no_plain_place(&text) || is_reached_by_a_link(path),
    };
    (elsewhere || !path.is_absolute()).then_some(NotFollowed::Elsewhere)
}

/// Whether the path leads to a server or a device, in the syntax of any system. Backslashes must be replaced by slashes.
fn has_no_plain_place(path: &str) -> bool {
    let is_device = ["/dev/", "/proc/", "/sys/"].iter().any(|place| path.starts_with(place));
    // `//server/share`, `//./device`, `//?/anything`
    path.starts_with("//") || is_device && !path.starts_with("/dev/shm/") || cfg!(windows) && has_device_name(path)
}

/// Matches `//server/share` and `//?/UNC/server/share`, but not the path of a device.
fn is_on_a_server(path: &str) -> bool {
    let server = path.strip_prefix("//?/UNC/").or_else(|| path.strip_prefix("//"));
    cfg!(windows) && server.is_some_and(|server| !server.starts_with(['.', '?', '/'])) && !has_device_name(path)
}

/// Whether a part of the path is the name of a device in every folder of Windows, whatever follows the first dot.
#[must_use]
pub fn has_device_name(path: &str) -> bool {
    path.split('/').any(|name| {
        let stem = name.split(['.', ':']).next().unwrap_or_default().trim_end().to_ascii_uppercase();
        let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
        matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
            || port.is_some_and(|number| number.chars().count() == 1)
    })
}

/// A link in the path may lead to a server or a device, and may have been created since. For files sent through links the resolved
/// path was recorded.
fn is_reached_by_a_link(path: &Path) -> bool {
    path.ancestors().any(|part| part.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Leave = Leave { own: true, asked: false };
    const FOREIGN: Leave = Leave { own: false, asked: false };
    const OWN_ASKED: Leave = Leave { own: true, asked: true };
    const FOREIGN_ASKED: Leave = Leave { own: false, asked: true };

    #[test]
    fn servers_and_devices_are_never_followed_unasked_and_a_strangers_never_at_all() {
        let places = [
            r"\\192.0.2.1\share\file",
            "//192.0.2.1/share/file",
            r"\\?\UNC\192.0.2.1\share\file",
            r"\\?\C:\file",
            r"\\.\COM1",
            r"\\.\PhysicalDrive0",
            "/dev/zero",
            "/proc/self/environ",
            "/sys/power/state",
            "relative/file",
        ];
        for place in places {
            let path = Path::new(place);
            assert_eq!(refusal(path, FOREIGN), Some(NotFollowed::Foreign), "{place}");
            for leave in [OWN, FOREIGN_ASKED] {
                assert_eq!(refusal(path, leave), Some(NotFollowed::Elsewhere), "{place}");
            }
            let is_share = cfg!(windows) && place.contains("share");
            assert_eq!(refusal(path, OWN_ASKED).is_none(), is_share, "{place}");
        }
    }

    #[test]
    fn names_of_devices_are_known_in_every_folder() {
        for path in ["C:/a/NUL", "C:/con.txt", "C:/a/com1", "C:/LPT9 .x/b", "C:/aux:stream"] {
            assert!(has_device_name(path), "{path}");
        }
        for path in ["C:/null", "C:/console.txt", "C:/com10", "C:/company/auxiliary"] {
            assert!(!has_device_name(path), "{path}");
        }
    }

    #[test]
    fn a_plain_file_is_followed_where_it_is_ours_or_asked_for() {
        let folder = tempfile::tempdir().expect("folder");
        let folder = folder.path().canonicalize().expect("there");
        #[cfg(windows)]
        let folder = std::path::PathBuf::from(folder.to_string_lossy().trim_start_matches(r"\\?\").to_owned());
        let path = folder.join("sent.bin");
        assert_eq!(refusal(&path, FOREIGN), Some(NotFollowed::Foreign));
        for leave in [OWN, OWN_ASKED, FOREIGN_ASKED] {
            assert_eq!(refusal(&path, leave), None, "{leave:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_only_where_it_is_asked_for() {
        let folder = tempfile::tempdir().expect("folder");
        let folder = folder.path().canonicalize().expect("there");
        std::fs::create_dir(folder.join("real")).expect("made");
        std::os::unix::fs::symlink(folder.join("real"), folder.join("linked")).expect("linked");
        std::os::unix::fs::symlink("/dev/zero", folder.join("zero")).expect("linked");
        for path in [folder.join("linked").join("sent.bin"), folder.join("zero")] {
            assert_eq!(refusal(&path, OWN), Some(NotFollowed::Elsewhere), "{}", path.display());
            assert_eq!(refusal(&path, OWN_ASKED), None, "{}", path.display());
        }
    }
}

//! Shows a file in the file manager of the desktop.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether this system has a way to do it.
pub(in crate::engine) fn can_show_in_folder() -> bool {
    #[cfg(any(windows, target_os = "macos"))]
    return true;
    #[cfg(not(any(windows, target_os = "macos")))]
    {
        use std::sync::OnceLock;
        static HAS_OPENER: OnceLock<bool> = OnceLock::new();
        *HAS_OPENER.get_or_init(|| {
            let has_desktop = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
            let path = std::env::var_os("PATH").unwrap_or_default();
            has_desktop && std::env::split_paths(&path).any(|folder| folder.join(OPENER).is_file())
        })
    }
}

/// The command that opens a folder on a freedesktop system.
#[cfg(not(any(windows, target_os = "macos")))]
const OPENER: &str = "xdg-open";

/// Opens the folder of the file, where possible with the file selected. Waits until the command has passed the request on.
pub(in crate::engine) fn show_in_folder(path: &Path) -> io::Result<()> {
    // An absolute path cannot be taken for an option.
    let path = std::path::absolute(path)?;
    let mut command = command(&path);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // The file manager of Windows reports a failure also when it has succeeded.
    command.status().map(drop)
}

#[cfg(windows)]
fn command(path: &Path) -> Command {
    use std::os::windows::process::CommandExt;
    let mut command = Command::new("explorer.exe");
    // Its own syntax: the path is quoted, the option before it is not. A file name has no quotation marks.
    command.raw_arg(format!("/select,\"{}\"", path.display()));
    command
}

#[cfg(target_os = "macos")]
fn command(path: &Path) -> Command {
    let mut command = Command::new("/usr/bin/open");
    command.arg("-R").arg(path);
    command
}

#[cfg(not(any(windows, target_os = "macos")))]
fn command(path: &Path) -> Command {
    let mut command = Command::new(OPENER);
    command.arg(path.parent().unwrap_or(path));
    command
}

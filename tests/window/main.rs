//! The binary in a real X window under Xvfb, driven from outside through the accessibility tree.
//! The pictures stay in `target/window/`.
#![cfg(all(feature = "gui", target_os = "linux"))]
#![expect(clippy::expect_used, reason = "support code of tests: what fails here fails the test")]

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a script of this folder with the binary and these arguments.
fn run(script: &str, arguments: &[&OsStr], pictures: &Path) {
    let output = Command::new("timeout")
        .args(["--kill-after=10", "240", "/usr/bin/python3"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/window").join(script))
        .arg(env!("CARGO_BIN_EXE_wirebench"))
        .args(arguments)
        .env("WIREBENCH_PICTURES", pictures)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .output()
        .expect("python3 and coreutils (scripts/setup test)");
    assert!(
        output.status.success(),
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn pictures() -> std::path::PathBuf {
    let pictures = Path::new(env!("CARGO_MANIFEST_DIR")).join("target").join("window");
    std::fs::create_dir_all(&pictures).expect("a folder for the pictures");
    pictures
}

#[test]
fn used_by_tasks_in_a_real_window() {
    let (pictures, data) = (pictures(), tempfile::tempdir().expect("a data folder"));
    run("used_by.py", &[data.path().as_os_str(), pictures.as_os_str()], &pictures);
}

#[test]
fn rows_and_banners_have_the_colours_of_the_theme_and_glyphs_are_drawn() {
    let pictures = pictures();
    run("colours.py", &[pictures.as_os_str()], &pictures);
}

//! The binary in a real X window under Xvfb, driven from outside through the accessibility tree.
//! The pictures stay in `target/window/`.
#![cfg(all(feature = "gui", target_os = "linux"))]

use std::path::Path;
use std::process::{Command, Stdio};

#[test]
fn used_by_tasks_in_a_real_window() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = root.join("target").join("window");
    std::fs::create_dir_all(&pictures).expect("a folder for the pictures");
    let data = tempfile::tempdir().expect("a data folder");
    let output = Command::new("timeout")
        .args(["--kill-after=10", "240", "/usr/bin/python3"])
        .arg(root.join("tests/window/used_by.py"))
        .arg(env!("CARGO_BIN_EXE_wirebench"))
        .arg(data.path())
        .arg(&pictures)
        .env("WIREBENCH_PICTURES", &pictures)
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

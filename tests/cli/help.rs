//! The help of every command in both languages, compared with files, so that a change is visible in review.
//!
//! After an intended change: `UPDATE_GOLDEN=1 cargo test --test cli help`.

use crate::support::Bench;
use std::path::{Path, PathBuf};

const COMMANDS: [&[&str]; 13] = [
    &[],
    &["listen"],
    &["connect"],
    &["encodings"],
    &["checks"],
    &["rules"],
    &["captures"],
    &["captures", "list"],
    &["captures", "show"],
    &["captures", "search"],
    &["captures", "export"],
    &["captures", "import"],
    &["captures", "delete"],
];

fn golden(lang: &str, command: &[&str]) -> PathBuf {
    let name = if command.is_empty() { "wirebench".to_owned() } else { command.join("-") };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/help").join(lang).join(name + ".txt")
}

#[test]
fn the_help_of_every_command_is_as_written_down() {
    let bench = Bench::new();
    let name = bench.program_name();
    let mut changed = Vec::new();
    for lang in ["en", "zh-CN"] {
        // The program without the window has no options of the window.
        for command in COMMANDS.into_iter().filter(|command| !command.is_empty() || name == "wirebench") {
            let help = bench.ran(&[command, &["--help", "--lang", lang]].concat()).exits(0).stdout;
            let help = String::from_utf8(help).expect("text").replace(&name, "wirebench");
            let file = golden(lang, command);
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                std::fs::write(&file, &help).expect("written");
            } else if std::fs::read(&file).is_ok_and(|written| written != help.as_bytes()) || !file.exists() {
                changed.push(file);
            }
        }
    }
    assert!(changed.is_empty(), "UPDATE_GOLDEN=1 writes them anew: {changed:?}");
}

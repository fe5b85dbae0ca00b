//! The help of every command in both languages, compared with files, so that a change is visible in review.
//!
//! After an intended change: `UPDATE_GOLDEN=1 cargo test --test cli help`.

use crate::golden;
use crate::support::Bench;

const COMMANDS: [&[&str]; 16] = [
    &[],
    &["listen"],
    &["connect"],
    &["forward"],
    &["run"],
    &["cert"],
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

fn golden_file(lang: &str, command: &[&str]) -> String {
    let name = if command.is_empty() { "wirebench".to_owned() } else { command.join("-") };
    format!("tests/cli/help/{lang}/{name}.txt")
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
            let file = golden_file(lang, command);
            changed.extend(golden::difference(&file, help.as_bytes()));
        }
    }
    assert!(changed.is_empty(), "{changed:#?}");
}

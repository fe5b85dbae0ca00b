//! The Chinese window contains no English: checks the accessibility tree in every state that a user can reach.

use crate::support::Window;
use crate::tour::tour;
use egui::Vec2;
use std::collections::BTreeSet;
use wirebench::words::Lang;

/// Names of programs, formats, encodings, units and keys with lower-case letters, which are the same in every language.
const NAMES: &[&str] = &[
    "Base",
    "Big",
    "Ctrl",
    "Enter",
    "GiB",
    "KiB",
    "Latin",
    "MiB",
    "Modbus",
    "NetAssist",
    "Python",
    "Rust",
    "Shift",
    "Syslog",
    "Unix",
    "Wirebench",
    "Wireshark",
    "hexdump",
    "macintosh",
    "ms",
    "pcapng",
    "struct",
    "windows",
    // An option of the command line, a scheme, and the search text.
    "frame",
    "tcp",
    "zz",
];

/// Collects lower-case words in the window's tree that are none of these, with their place. The contents of fields belong to the
/// user.
fn english(window: &Window, place: &str, found: &mut BTreeSet<String>) {
    for name in window.names() {
        let Some((role, words)) = name.split_once(' ') else { continue };
        let words = if role.ends_with("Input") { words.split(" = ").next().unwrap_or(words) } else { words };
        // For users who do not read Chinese.
        if role == "TextRun" || ["Switch to English", "English"].contains(&words) {
            continue;
        }
        let is_data = |word: &str| word.contains(['/', '\\']) || word.chars().all(|c| c.is_ascii_hexdigit());
        for word in words.split_whitespace().filter(|word| !is_data(word) || word.contains("://")) {
            let runs = word.split(|c: char| !c.is_ascii_alphabetic()).filter(|run| run.len() > 1);
            for run in runs.filter(|run| run.contains(|c: char| c.is_ascii_lowercase()) && !NAMES.contains(run)) {
                found.insert(format!("{run} in {words:?}, {place}"));
            }
        }
    }
}

#[test]
fn no_control_of_the_chinese_window_has_an_english_name() {
    let mut found = BTreeSet::new();
    tour(Lang::ZhCn, Vec2::new(1280.0, 800.0), &mut |window, place| english(window, place, &mut found));
    assert!(found.is_empty(), "{}", found.into_iter().collect::<Vec<_>>().join("\n"));
}

//! Files that options name: read, written, and never emptied by mistake.

use crate::support::{Bench, shown};
use std::fs::{self, File};
use std::process::Stdio;

#[test]
fn a_file_that_is_sent_under_another_name_is_not_emptied() {
    let bench = Bench::new();
    let file = bench.file("a", "precious");
    let (hard, soft) = (bench.path("hard"), bench.path("soft"));
    fs::hard_link(&file, &hard).expect("link");
    std::os::unix::fs::symlink(&file, &soft).expect("link");
    for other in [&hard, &soft] {
        for (one, two) in [("--send-file", "--save"), ("--send-file", "--log"), ("--save", "--log")] {
            for (start, at) in [("connect", "tcp://127.0.0.1:9"), ("listen", "udp://127.0.0.1:0")] {
                let ended = bench.ran(&[start, at, one, shown(&file), two, shown(other)]).exits(2);
                assert!(ended.stderr.contains(two) && ended.stderr.contains(one), "{}", ended.stderr);
                assert_eq!(fs::read(&file).expect("read"), b"precious");
            }
        }
    }
}

#[test]
fn standard_input_that_is_the_saved_file_is_not_emptied() {
    let bench = Bench::new();
    let file = bench.file("a", "precious");
    let mut command = bench.command(&["connect", "127.0.0.1:9", "--stdin", "--save", shown(&file)]);
    let output = command.stdin(File::open(&file).expect("open")).stdout(Stdio::null()).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--stdin"), "{said}");
    assert_eq!(fs::read(&file).expect("read"), b"precious");
}

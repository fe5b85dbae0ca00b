//! Paths of every form that a system takes.

use crate::support::{Process, program};
use std::io::Write;
use std::net::TcpStream;
use std::process::{Command, Stdio};

/// Longer than the 260 characters that old Windows programs are limited to, with what shells replace, and Chinese.
#[test]
fn long_paths_with_the_signs_of_shells_are_used_as_they_are() {
    let temporary = tempfile::tempdir().expect("a folder");
    let first = temporary.path().join("100% %PATH% $HOME ^& 数据");
    let folder = (0..5).fold(first, |folder, _| folder.join("x".repeat(60)));
    std::fs::create_dir_all(&folder).expect("folders");
    let (data, saved, log) = (folder.join("data"), folder.join("收到.bin"), folder.join("a log.txt"));
    let mut command = Command::new(program());
    command.args(["listen", "127.0.0.1:0", "--json", "--until-bytes", "5"]).stdin(Stdio::null());
    command.arg("--data-dir").arg(&data).arg("--save").arg(&saved).arg("--log").arg(&log);
    let mut listen = Process::start(command);
    TcpStream::connect(listen.local()).and_then(|mut peer| peer.write_all(b"bytes")).expect("sent");
    let summary = listen.end().exits(0).summary();
    assert_eq!(std::fs::read(&saved).expect("saved"), b"bytes");
    assert!(!std::fs::read(&log).expect("a log").is_empty());

    let mut command = Command::new(program());
    command.args(["captures", "export", summary["capture"].as_str().expect("an id"), "--data-dir"]).arg(&data);
    assert_eq!(Process::start(command).end().exits(0).stdout, b"bytes");
}

//! Runs our program as a process: its address, memory, processor time and summary.

use crossbeam_channel::{Receiver, bounded};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use wirebench::jobs::thread::spawn_named;

/// The events to wait for; all other output is read and discarded, so that the program never blocks.
const AWAITED: [&str; 2] = [r#"{"event":"listening""#, r#"{"event":"summary""#];

/// A running program, killed when dropped. Its captures are deleted with it.
pub struct Program {
    child: Child,
    lines: Receiver<String>,
    _folder: tempfile::TempDir,
}

impl Program {
    /// `wirebench ARGUMENTS --json --data-dir …`.
    pub fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut child = Command::new(env!("CARGO_BIN_EXE_wirebench"))
            .args(arguments)
            .arg("--json")
            .arg("--data-dir")
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, lines) = bounded(AWAITED.len());
        spawn_named("output", move || {
            let mut line = String::new();
            while output.read_line(&mut line).is_ok_and(|count| count > 0) {
                if AWAITED.iter().any(|begin| line.starts_with(begin)) {
                    sender.send(line.clone()).ok(); // the receiver is gone if the program was killed
                }
                line.clear();
            }
        })
        .expect("a thread");
        Self { child, lines, _folder: folder }
    }

    /// Its address, once it listens.
    pub fn local(&mut self) -> SocketAddr {
        let event = self.event("listening");
        event["local"].as_str().and_then(|local| local.parse().ok()).expect("an address")
    }

    /// Waits for an event of this name.
    fn event(&mut self, name: &str) -> Value {
        loop {
            let line = self.lines.recv().expect("the event must come before the end");
            let event: Value = serde_json::from_str(&line).expect("JSON");
            if event["event"] == name {
                return event;
            }
        }
    }

    /// Asks it to stop and waits for its summary.
    pub fn ended(mut self) -> Value {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("it runs");
        self.summary()
    }

    /// Its summary, when it stops by itself.
    pub fn summary(&mut self) -> Value {
        let summary = self.event("summary");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "{status}: {summary}");
        summary
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> u64 {
        resident_kib(self.child.id())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have stopped already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Resident memory of a process in KiB (Linux: proc(5)).
pub fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// A count in a summary.
pub fn count(summary: &Value, name: &str) -> u64 {
    summary[name].as_u64().unwrap_or_else(|| panic!("{name} in {summary}"))
}

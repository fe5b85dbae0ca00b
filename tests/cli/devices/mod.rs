//! Talk files beside devices and masters of other people, and the files of `examples/` beside each other.

mod modbus;
mod simulators;

use crate::support::{Bench, Ended, Process, shown};
use std::path::{Path, PathBuf};

/// A file of `examples/`.
fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// Copies a file of `examples/`, with some of its text replaced.
fn changed(bench: &Bench, name: &str, changes: &[(&str, &str)]) -> PathBuf {
    let mut text = std::fs::read_to_string(example(name)).expect("an example");
    for (from, to) in changes {
        assert!(text.contains(from), "{name} has no {from:?}");
        text = text.replace(from, to);
    }
    bench.file(name, text)
}

/// Runs a file of steps against a device on a port of 127.0.0.1; every step must pass.
fn passes(bench: &Bench, file: &Path, port: &str) -> Ended {
    let port = format!("port={port}");
    let ended = bench.json(&["run", shown(file), "--var", &port]).end().exits(0);
    assert!(ended.all("step").iter().all(|step| step["verdict"] == "passed"), "{ended:?}");
    ended
}

/// A device of a talk file on a free port, and that port.
fn mock(bench: &Bench, file: &Path, options: &[&str]) -> (Process, String) {
    let listen = ["listen", "127.0.0.1:0", "--talk", shown(file), "--until-closed"];
    let mut device = bench.json(&[&listen[..], options].concat());
    let port = device.local().port().to_string();
    (device, port)
}

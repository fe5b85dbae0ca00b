//! Frames and checks against other implementations: packages of PyPI write frames that the program must find, and compute checks.
//!
//! The packages are installed once, in a virtual environment below the target directory. Where PyPI cannot be reached, their tests
//! say so on standard error and are left out; with `CI=true` they fail.

use crate::support::{Bench, peer, shown, unhex};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use wirebench::codec::ChecksumKind;

const REQUIREMENTS: &str = include_str!("oracles/requirements.txt");

/// The Python of the virtual environment; `None`: it cannot be made here.
fn python_with_packages() -> Option<&'static Path> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match MADE.get_or_init(virtual_environment) {
        Ok(python) => Some(python),
        Err(why) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
            // Past the capture of libtest, which shows nothing of a test that passes.
            let name = std::thread::current().name().unwrap_or_default().to_owned();
            writeln!(std::io::stderr(), "SKIPPED {name}: {why}").ok();
            None
        }
    }
}

/// Made anew when the requirements change. One process at a time.
fn virtual_environment() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracles");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let lock = fs::File::create(folder.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let (environment, ready) = (folder.join("venv"), folder.join("ready"));
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if fs::read_to_string(&ready).is_ok_and(|made_of| made_of == REQUIREMENTS) && python.exists() {
        return Ok(python);
    }
    fs::remove_dir_all(&environment).ok();
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).map_err(|error| error.to_string())?;
    done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    let patience = ["--timeout", "15", "--retries", "1", "-r"];
    done(Command::new(&python).args(quiet).args(patience).arg(&requirements))?;
    fs::write(&ready, REQUIREMENTS).map_err(|error| error.to_string())?;
    Ok(python)
}

fn done(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

/// 60 messages that a package frames, sent in pieces.
fn finds_what_a_package_writes(rule: &str) {
    let Some(python) = python_with_packages() else { return };
    let bench = Bench::new();
    let script = bench.file("frames.py", include_str!("oracles/frames.py"));
    let mut listener = bench.json(&["listen", "127.0.0.1:0", "--frame", rule, "--until-closed"]);
    let at = listener.local();
    let port = at.port().to_string();
    let sender = peer(shown(python), &[shown(&script), rule, "127.0.0.1", &port]).end().exits(0);
    let ended = listener.end().exits(0);
    let frames = ended.all("frame");
    let seen: Vec<String> = frames
        .iter()
        .map(|frame| {
            format!("{} {}", frame["hex"].as_str().expect("hex"), frame["payload"].as_str().expect("a payload"))
        })
        .collect();
    let written = String::from_utf8(sender.stdout).expect("hex");
    assert_eq!(seen, written.lines().collect::<Vec<_>>(), "{rule}");
    let has_check = rule == "nmea";
    assert!(frames.iter().all(|frame| frame.get("check").is_some_and(|check| check == "ok") == has_check), "{rule}");
    assert_eq!(ended.all("frames")[0]["junk_bytes"], 0);
}

#[test]
fn nmea_sentences_as_pynmea2_writes_them() {
    finds_what_a_package_writes("nmea");
}

#[test]
fn slip_packets_as_sliplib_writes_them() {
    finds_what_a_package_writes("slip");
}

#[test]
fn cobs_packets_as_the_cobs_package_writes_them() {
    finds_what_a_package_writes("cobs");
}

#[test]
fn checksums_are_those_of_crccheck() {
    let Some(python) = python_with_packages() else { return };
    let bench = Bench::new();
    let script = bench.file("checksums.py", include_str!("oracles/checksums.py"));
    let text = String::from_utf8(peer(shown(python), &[shown(&script)]).end().exits(0).stdout).expect("text");
    let mut compared = 0;
    for line in text.lines() {
        let [name, data, value] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let Some(kind) = ChecksumKind::by_name(name) else { continue }; // wider than 64 bits
        let computed = kind.calculator().compute(&unhex(&data[1..]));
        assert_eq!(format!("{computed:x}"), value, "{name} of {data}");
        compared += 1;
    }
    assert!(compared > 400, "{compared} values");
}

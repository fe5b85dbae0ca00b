//! Compares `wirebench captures search --count` over a capture with `rg -a -c` over its data files: both as processes including
//! their start, alternating. If there is no `rg` (in `PATH`, or named by the variable `RG`), the baseline is a plain program that
//! reads the same files with one thread per core and searches for a fixed string.
//!
//! `cargo bench --bench search_bytes [-- MIB [ROUNDS]]`, 1024 MiB and 7 rounds by default.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark prints, and stops on any error"
)]

mod beside;

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use wirebench::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload};
use wirebench::jobs::thread::spawn_named;
use wirebench::model::{Direction, PeerId};

/// Argument that makes this program the baseline.
const PLAIN: &str = "--plain-search";
/// A typical read at a high rate, and a small message.
const LARGE: usize = 16 * 1024;
const SMALL: usize = 64;

struct Needle {
    name: &'static str,
    ours: [&'static str; 2],
    /// Pattern for ripgrep.
    theirs: &'static str,
    /// Fixed part of the pattern for the plain program.
    plain: &'static [u8],
}

const NEEDLES: [Needle; 6] = [
    Needle {
        name: "text, rare",
        ours: ["--text", "state=FAULT-77"],
        theirs: "state=FAULT-77",
        plain: b"state=FAULT-77",
    },
    Needle { name: "text, some", ours: ["--text", "humidity=99"], theirs: "humidity=99", plain: b"humidity=99" },
    Needle { name: "text, in each line", ours: ["--text", "state=ok"], theirs: "state=ok", plain: b"state=ok" },
    Needle {
        name: "hex, rare",
        ours: ["--hex", "01 03 00 FF"],
        theirs: r"(?-u)\x01\x03\x00\xFF",
        plain: b"\x01\x03\x00\xFF",
    },
    Needle {
        name: "regex, bounded",
        ours: ["--regex", "FAULT-[0-9]{2,4} "],
        theirs: "FAULT-[0-9]{2,4} ",
        plain: b"FAULT-",
    },
    Needle { name: "regex, unbounded", ours: ["--regex", r"FAULT-\d+ "], theirs: r"FAULT-\d+ ", plain: b"FAULT-" },
];

fn main() {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if let [_, first, needle, folder] = &arguments[..]
        && first == PLAIN
    {
        return println!("{}", plain_search(needle.as_encoded_bytes(), Path::new(folder)));
    }
    let (mib, rounds) = (beside::number(0, 1024), beside::number(1, 7));
    let rg = rg();
    let baseline =
        rg.as_ref().map_or("a plain program, since there is no rg".into(), |rg| rg.to_string_lossy().into_owned());
    println!("{mib} MiB, {rounds} rounds, beside {baseline}; median (spread)");
    for (layout, peers, len) in [
        ("one stream, records of 16 KiB", 1, LARGE),
        ("100 streams interleaved, records of 16 KiB", 100, LARGE),
        ("100 streams interleaved, records of 64 bytes", 100, SMALL),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let capture = record(&folder.path().join("captures"), mib << 20, peers, len);
        println!("\n{layout}");
        for needle in &NEEDLES {
            compare(folder.path(), &capture, needle, rg.as_deref(), rounds);
        }
    }
}

fn compare(data: &Path, capture: &Path, needle: &Needle, rg: Option<&Path>, rounds: u64) {
    let id = capture.file_name().expect("an id");
    let mut ours = Command::new(env!("CARGO_BIN_EXE_wirebench"));
    ours.args(["captures", "search"]).arg(id).args(needle.ours).arg("--count").arg("--data-dir").arg(data);
    let mut theirs = match rg {
        Some(rg) => {
            let mut command = Command::new(rg);
            command.args(["--no-config", "-a", "-c", "--no-filename", "-g", "*.data", needle.theirs]).arg(capture);
            command
        }
        None => {
            let mut command = Command::new(std::env::current_exe().expect("this program"));
            // Bytes that are not text cannot be passed as an argument on every system.
            command.arg(PLAIN).arg(hex(needle.plain)).arg(capture);
            command
        }
    };
    let (mut found, mut lines) = (0, 0);
    let [we, they] = beside::alternate(
        rounds,
        [&mut || beside::seconds(|| found = counted(&mut ours)), &mut || {
            beside::seconds(|| lines = counted(&mut theirs))
        }],
    );
    let ratio = we.ratio_to(&they);
    println!("  {:<20} {we} | {they} | ratio {ratio:.2} | {found} hits, {lines} lines", needle.name);
}

/// The sum of the numbers that the command prints.
fn counted(command: &mut Command) -> u64 {
    let output = command.output().expect("started");
    assert!(output.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).split_whitespace().filter_map(|number| number.parse::<u64>().ok()).sum()
}

fn rg() -> Option<PathBuf> {
    let named = std::env::var_os("RG").map_or(PathBuf::from("rg"), PathBuf::from);
    Command::new(&named).arg("--version").output().is_ok_and(|output| output.status.success()).then_some(named)
}

/// Creates a capture with this many bytes of lines, in the peers' streams in turn.
fn record(captures: &Path, bytes: u64, peers: u32, len: usize) -> PathBuf {
    let endpoint = "tcp://127.0.0.1:8080".parse().expect("an endpoint");
    let options = CaptureOptions { limit_bytes: bytes * 4 + (64 << 20), ..CaptureOptions::default() };
    let mut writer = CaptureWriter::create(captures, &endpoint, options).expect("a capture");
    // Each stream starts at another position of the text.
    let text = lines(64 << 20);
    let mut at: Vec<usize> = (0..peers as usize).map(|peer| peer * 997_001 % (text.len() - len)).collect();
    let mut written = 0;
    while written < bytes {
        for (peer, at) in at.iter_mut().enumerate() {
            let payload = Payload::Bytes(&text[*at..*at + len]);
            writer.append(&NewRecord::data(Direction::Received, PeerId(peer as u32 + 1), payload)).expect("appended");
            *at = if *at + 2 * len > text.len() { 0 } else { *at + len };
            written += len as u64;
        }
    }
    let folder = writer.reader().folder().to_owned();
    writer.close();
    folder
}

fn lines(len: usize) -> Vec<u8> {
    let mut text = Vec::new();
    let mut number = 0_u64;
    while text.len() < len {
        number += 1;
        let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
        let line = format!(
            "2026-11-28 12:{:02}:{:02}.{:03} sensor {} temperature={}.{} humidity={} state=ok\n",
            number / 60 % 60,
            number % 60,
            mixed % 1000,
            mixed % 64,
            mixed % 40,
            mixed % 10,
            mixed % 100,
        );
        text.extend_from_slice(line.as_bytes());
        if number % 200_000 == 77 {
            text.extend_from_slice(b"2026-11-28 state=FAULT-77 \x01\x03\x00\xFF\n");
        }
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Approximate count of matching lines: matches that are not in the line of the previous one.
fn plain_search(needle: &[u8], folder: &Path) -> usize {
    let digits = std::str::from_utf8(needle).expect("hex");
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex");
    let needle: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    let files = std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path());
    let files: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "data")).collect();
    let (files, found) = (Arc::new(Mutex::new(files)), Arc::new(AtomicUsize::new(0)));
    let threads: Vec<_> = (0..std::thread::available_parallelism().map_or(1, usize::from))
        .map(|_| {
            let (files, found, needle) = (files.clone(), found.clone(), needle.clone());
            let work = move || {
                while let Some(path) = { files.lock().expect("no panic").pop() } {
                    found.fetch_add(in_file(&path, &needle), Ordering::Relaxed);
                }
            };
            spawn_named("plain", work).expect("a thread")
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("joined"));
    found.load(Ordering::Relaxed)
}

fn in_file(path: &Path, needle: &[u8]) -> usize {
    let finder = memchr::memmem::Finder::new(needle);
    let mut file = File::open(path).expect("a file");
    let mut block = vec![0; 64 << 10];
    let (mut held, mut found) = (0, 0);
    loop {
        let count = file.read(&mut block[held..]).expect("read");
        if count == 0 {
            return found;
        }
        let end = held + count;
        found += finder.find_iter(&block[..end]).count();
        held = (needle.len() - 1).min(end);
        block.copy_within(end - held..end, 0);
    }
}

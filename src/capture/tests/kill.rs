//! kill -9: published records survive completely.

use super::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Set for the child process: folder and size limit of its capture.
const DIR: &str = "CAPTURE_KILL_TEST_DIR";
const LIMIT: &str = "CAPTURE_KILL_TEST_LIMIT";
const PUBLISHED: &str = "published ";

fn len(number: u64) -> usize {
    match number % 50 {
        7 => 0,
        11 => 300_000,
        rest => rest as usize * 90,
    }
}

/// Not a test by itself: the writer that is killed. Without its variables it does nothing.
#[test]
fn child_that_writes_until_it_is_killed() {
    let (Ok(dir), Ok(limit)) = (std::env::var(DIR), std::env::var(LIMIT)) else { return };
    let options = CaptureOptions { limit_bytes: limit.parse().expect("a number"), ..CaptureOptions::default() };
    let mut writer = CaptureWriter::create(Path::new(&dir), &endpoint(), options).expect("a capture");
    let reader = writer.reader();
    let mut stdout = std::io::stdout();
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let number = writer.stats().records;
        writer.append(&received(1, &pattern(number, len(number)))).expect("appended");
        if number.is_multiple_of(3) {
            writer.flush().expect("flushed");
        }
        let end = reader.records().end;
        writeln!(stdout, "\n{PUBLISHED}{end}")
            .and_then(|()| stdout.flush())
            .expect("the parent process reads the output");
    }
}

struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).expect("killed");
    }
}

/// Starts the child and kills it `micros` after it has reported `count` records. Returns the last count that it reported.
fn run_and_kill(dir: &Path, limit: u64, count: u64, micros: u64) -> u64 {
    let child = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "--nocapture", "capture::tests::kill::child_that_writes_until_it_is_killed"])
        .env(DIR, dir)
        .env(LIMIT, limit.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let mut child = KillOnDrop(child);
    let mut lines = BufReader::new(child.0.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let mut reported = || lines.by_ref().find_map(|line| line.strip_prefix(PUBLISHED)?.parse::<u64>().ok());
    while reported().expect("the child is running") < count {}
    let until = Instant::now() + Duration::from_micros(micros);
    let mut last = count;
    while Instant::now() < until {
        last = reported().expect("the child is running");
    }
    child.0.kill().expect("killed");
    child.0.wait().expect("gone");
    // Output written before the kill but not read yet.
    while let Some(more) = reported() {
        last = more;
    }
    last
}

#[test]
fn every_published_record_survives_a_kill() {
    for (limit, count, micros) in [(1 << 30, 0, 0), (1 << 30, 20, 777), (1 << 30, 300, 5000), (1 << 20, 400, 3210)] {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let published = run_and_kill(dir.path(), limit, count, micros);
        let catalog = Catalog::new(dir.path().to_owned());
        let (captures, damaged) = catalog.list().expect("listed");
        assert_eq!((captures.len(), damaged), (1, vec![]));
        assert_eq!(captures[0].state, CaptureState::Recovered);
        let reader = catalog.open(&captures[0].id).expect("opened");
        let records = reader.records();
        assert!(records.end >= published && published >= count, "{published} reported, {records:?} there");
        assert!(limit < 1 << 30 || records.start == 0);
        for number in records {
            assert_eq!(bytes_of(&reader, number).expect("read"), pattern(number, len(number)), "record {number}");
        }
    }
}

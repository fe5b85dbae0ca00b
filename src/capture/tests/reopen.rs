//! Opens captures that another process writes or has closed, or whose writer was killed.

use super::*;
use std::fs::{self, OpenOptions};
use std::path::PathBuf;

/// A capture whose writer was killed: an unlocked folder that is not marked closed. `_dir` keeps it alive.
struct Killed {
    folder: PathBuf,
    _dir: TempDir,
}

/// Copies the folder of an open writer.
fn killed(bench: &Bench) -> Killed {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join(bench.writer.id());
    fs::create_dir(&folder).expect("made");
    for entry in fs::read_dir(bench.folder()).expect("a folder") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), folder.join(entry.file_name())).expect("copied");
    }
    Killed { folder, _dir: dir }
}

fn append_to(path: &Path, bytes: &[u8]) {
    use std::io::Write;
    let mut file = OpenOptions::new().append(true).open(path).expect("opened");
    file.write_all(bytes).expect("written");
}

fn cut(path: &Path, by: u64) {
    let file = OpenOptions::new().write(true).open(path).expect("opened");
    let len = file.metadata().expect("metadata").len();
    file.set_len(len - by).expect("cut");
}

fn open(folder: &Path) -> CaptureReader {
    CaptureReader::open(folder).expect("opened")
}

/// A writer with `count` flushed records of 100 bytes.
fn bench_of(count: u64) -> Bench {
    let mut bench = Bench::new();
    bench.writer.add_peer("192.0.2.1:5".parse().expect("an address")).expect("a peer");
    for number in 0..count {
        bench.receive(1, &pattern(number, 100));
    }
    bench.flush();
    bench
}

fn assert_readable(reader: &CaptureReader, count: u64) {
    assert_eq!(reader.records(), 0..count);
    for number in 0..count {
        assert_eq!(bytes_of(reader, number).expect("read"), pattern(number, 100));
    }
    assert_eq!(reader.peer_address(PeerId(1)), Some("192.0.2.1:5".parse().expect("an address")));
}

#[test]
fn a_closed_capture_opens_as_it_was() {
    let bench = bench_of(20);
    let (folder, id) = (bench.folder(), bench.writer.id().to_owned());
    let written = bench.writer.reader();
    assert_eq!(bench.writer.close().pending_received_records, 0);
    assert_readable(&written, 20);
    let reader = open(&folder);
    assert_readable(&reader, 20);
    assert_eq!((reader.id(), reader.endpoint(), reader.state()), (&*id, "tcp://127.0.0.1:8080", CaptureState::Closed));
    assert_eq!(reader.recovered_note(), None);
    assert_eq!(reader.record(7).expect("read"), written.record(7).expect("read"));
    reader.refresh().expect("a closed capture can be refreshed");
}

#[test]
fn dropping_a_writer_closes_the_capture() {
    let mut bench = bench_of(3);
    bench.receive(1, &pattern(3, 100));
    let folder = bench.folder();
    drop(bench.writer);
    assert_readable(&open(&folder), 4);
    assert_eq!(open(&folder).state(), CaptureState::Closed);
}

#[test]
fn a_living_writers_capture_is_read_along() {
    let mut bench = Bench::with_limit(1 << 20);
    bench.receive(1, b"first");
    bench.flush();
    let reader = open(&bench.folder());
    let clone = reader.clone();
    assert_eq!((reader.records(), reader.state(), reader.recovered_note()), (0..1, CaptureState::Open, None));
    for round in 0..60_u64 {
        for _ in 0..10 {
            let number = bench.writer.stats().records;
            bench.receive(1, &pattern(number, 3000));
        }
        bench.flush();
        if round % 7 == 6 {
            assert!(reader.records().end < bench.writer.stats().records, "only refresh may find new records");
        }
        if round % 3 == 0 || round > 50 {
            reader.refresh().expect("refreshed");
            assert_eq!(reader.records(), bench.writer.reader().records());
            assert_eq!(clone.evicted(), bench.writer.reader().evicted());
            let last = reader.records().end - 1;
            assert_eq!(bytes_of(&clone, last).expect("read"), pattern(last, 3000));
        }
    }
    assert!(reader.records().start > 100);
    assert!(matches!(reader.record(50), Err(ReadError::Evicted(50))));
    // Every record that it knew is evicted before it refreshes.
    for _ in 0..400 {
        let number = bench.writer.stats().records;
        bench.receive(1, &pattern(number, 3000));
    }
    bench.flush();
    reader.refresh().expect("refreshed");
    assert_eq!(reader.records(), bench.writer.reader().records());
    let folder = bench.folder();
    bench.writer.close();
    reader.refresh().expect("a closed capture can be refreshed");
    fs::remove_dir_all(&folder).expect("removed");
    assert!(matches!(reader.refresh(), Err(ReadError::Io(_))));
}

#[test]
fn a_killed_writers_capture_is_recovered_once() {
    let bench = bench_of(20);
    let killed = killed(&bench);
    let reader = open(&killed.folder);
    assert_readable(&reader, 20);
    assert_eq!(
        (reader.state(), reader.recovered_note()),
        (CaptureState::Recovered, None),
        "nothing had to be truncated"
    );
    let again = open(&killed.folder);
    assert_eq!((again.state(), again.recovered_note()), (CaptureState::Recovered, None));
}

#[test]
fn a_half_written_tail_is_cut_and_reported() {
    type Harm = fn(&Path);
    let harms: [(&str, u64, Harm); 7] = [
        ("a partial entry", 20, |folder| append_to(&folder.join("00000001.index"), &[7; 31])),
        ("zeros for entries", 20, |folder| append_to(&folder.join("00000001.index"), &[0; 64 * 3 + 5])),
        ("garbage for entries", 20, |folder| append_to(&folder.join("00000001.index"), &pattern(5, 64 * 5000))),
        ("the last entry truncated", 19, |folder| cut(&folder.join("00000001.index"), 1)),
        ("the data truncated within a payload", 18, |folder| cut(&folder.join("00000001.data"), 101)),
        ("the data empty", 0, |folder| cut(&folder.join("00000001.data"), 2000)),
        ("the index truncated to its header", 0, |folder| cut(&folder.join("00000001.index"), 20 * 64)),
    ];
    for (harm, left, apply) in harms {
        let bench = bench_of(20);
        let killed = killed(&bench);
        apply(&killed.folder);
        let reader = open(&killed.folder);
        assert_readable(&reader, left);
        assert_eq!(reader.state(), CaptureState::Recovered, "{harm}");
        let index = fs::metadata(killed.folder.join("00000001.index")).expect("metadata").len();
        assert_eq!(index, 64 + left * 64, "{harm}");
        let note = reader.recovered_note().map(str::to_owned);
        assert_eq!(note.is_some(), harm != "the index truncated to its header", "{harm}: {note:?}");
        let again = open(&killed.folder);
        assert_readable(&again, left);
        assert_eq!(again.recovered_note().map(str::to_owned), note, "the note must persist: {harm}");
    }
}

#[test]
fn a_tail_is_not_cut_under_a_living_writer() {
    let mut bench = bench_of(5);
    append_to(&bench.folder().join("00000001.index"), &[0; 100]);
    let reader = open(&bench.folder());
    assert_readable(&reader, 5);
    assert_eq!(disk_len(&bench.folder(), ".index"), 64 + 5 * 64 + 100);
    bench.receive(1, &pattern(5, 100));
    bench.receive(1, &pattern(6, 100));
    bench.flush();
    reader.refresh().expect("refreshed");
    assert_readable(&reader, 7);
}

#[test]
fn a_damaged_entry_in_the_middle_costs_one_record() {
    let bench = bench_of(20);
    let killed = killed(&bench);
    let path = killed.folder.join("00000001.index");
    let mut bytes = fs::read(&path).expect("read");
    bytes[64 + 64 * 7 + 20] ^= 1;
    fs::write(&path, bytes).expect("written");
    let reader = open(&killed.folder);
    assert_eq!(reader.records(), 0..20);
    assert!(matches!(reader.record(7), Err(ReadError::Io(_))));
    let mut records = Vec::new();
    reader.records_in(0..20, &mut records).expect("readable up to the damage");
    assert_eq!(records.len(), 7);
    assert!(matches!(reader.records_in(7..20, &mut records), Err(ReadError::Io(_))));
    reader.records_in(8..20, &mut records).expect("readable after the damage");
    assert_eq!(records.len(), 19);
}

#[test]
fn a_missing_segment_is_a_hole_and_a_missing_start_is_history_evicted() {
    let mut bench = Bench::with_limit(1 << 20);
    for number in 0..10 {
        bench.receive(1, &pattern(number, 60_000));
    }
    bench.flush();
    let killed = killed(&bench);
    fs::remove_file(killed.folder.join("00000001.index")).expect("removed");
    fs::remove_file(killed.folder.join("00000005.index")).expect("removed");
    fs::write(killed.folder.join("00000007.index"), [0; 64 + 64]).expect("written");
    let reader = open(&killed.folder);
    assert_eq!(reader.records(), 1..10);
    assert_eq!(reader.evicted(), (60_000, 1));
    assert!(!killed.folder.join("00000001.data").exists(), "a remnant of eviction must be deleted");
    for number in 0..10 {
        let bytes = bytes_of(&reader, number);
        match number {
            0 => assert!(matches!(bytes, Err(ReadError::Evicted(0)))),
            4 | 6 => assert!(matches!(bytes, Err(ReadError::Io(_))), "record {number}"),
            _ => assert_eq!(bytes.expect("read"), pattern(number, 60_000)),
        }
    }
    assert!(reader.recovered_note().is_some_and(|note| note.contains("record 4 is missing")));
}

#[test]
fn a_lost_meta_does_not_lose_the_records() {
    for content in [&b""[..], b"{", b"[]", &[0; 300]] {
        let bench = bench_of(5);
        let killed = killed(&bench);
        fs::write(killed.folder.join("meta.json"), content).expect("written");
        let reader = open(&killed.folder);
        assert_readable(&reader, 5);
        assert_eq!((reader.endpoint(), reader.state()), ("", CaptureState::Recovered));
        assert!(reader.recovered_note().is_some_and(|note| note.contains("meta.json")));
        assert!((reader.created_unix_ns() - reader.record(0).expect("read").unix_ns).abs() < 10_000_000_000);
        assert_eq!(open(&killed.folder).state(), CaptureState::Recovered, "the meta file must be restored");
    }
}

#[test]
fn what_cannot_be_opened_says_why() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let why = |path: &Path| CaptureReader::open(path).map(|_| ()).expect_err("refused");
    assert!(why(&dir.path().join("nowhere")).address.ends_with("nowhere"));
    fs::write(dir.path().join("file"), b"").expect("written");
    assert_eq!(why(&dir.path().join("file")).kind, crate::model::ErrorKind::NotACapture);
    let bench = bench_of(1);
    let folder = bench.folder();
    bench.writer.close();
    let path = folder.join("meta.json");
    let text = fs::read_to_string(&path).expect("read");
    fs::write(&path, text.replace("\"version\": 2", "\"version\": 3")).expect("written");
    assert!(why(&folder).detail.contains("version 3"), "{}", why(&folder));
    fs::write(&path, b"").expect("written");
    fs::remove_file(folder.join("00000001.index")).expect("removed");
    assert!(why(&folder).detail.contains("meta.json"));
}

#[test]
fn a_capture_with_delete_on_close_is_there_until_then() {
    let mut bench = Bench::with(CaptureOptions { delete_on_close: true, ..CaptureOptions::default() });
    bench.receive(1, b"x");
    bench.flush();
    let reader = bench.writer.reader();
    assert!(bench.folder().exists());
    assert_eq!(bytes_of(&reader, 0).expect("read"), b"x");
    let (folder, captures) = (bench.folder(), bench.captures());
    bench.writer.close();
    assert!(!folder.exists());
    assert!(captures.exists());
    #[cfg(unix)]
    assert_eq!(bytes_of(&reader, 0).expect("open readers must continue to work"), b"x");
}

/// A foreign folder may contain links to files elsewhere.
#[cfg(unix)]
#[test]
fn opening_a_capture_writes_nothing_through_links() {
    use std::os::unix::fs::symlink;
    for name in ["lock", "meta.json.new", "00000001.index"] {
        let bench = bench_of(5);
        let killed = killed(&bench);
        let outside = tempfile::tempdir().expect("a folder");
        let precious = outside.path().join("precious");
        fs::write(&precious, pattern(9, 5000)).expect("written");
        let link = killed.folder.join(name);
        if name == "00000001.index" {
            // An index with a broken tail, which would be truncated.
            fs::copy(&link, &precious).expect("copied");
            append_to(&precious, &[7; 31]);
        }
        let before = fs::read(&precious).expect("read");
        fs::remove_file(&link).ok(); // there is no temporary meta file
        symlink(&precious, &link).expect("a link");
        CaptureReader::open(&killed.folder).map(|_| ()).ok(); // any result is fine
        assert_eq!(fs::read(&precious).expect("read"), before, "{name}");
        fs::remove_file(&link).expect("the link");
        symlink(outside.path().join("made"), &link).expect("a link");
        CaptureReader::open(&killed.folder).map(|_| ()).ok(); // any result is fine
        assert!(!outside.path().join("made").exists(), "{name}");
    }
}

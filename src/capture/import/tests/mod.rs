//! Imports logs as NetAssist and this program write them.

mod forms;
mod times;

use super::*;
use crate::capture::{CaptureReader, Catalog, ExportFormat, ExportStyle, Selection, export};
use crate::codec::Encoding;
use crate::model::{Direction, Operation};

struct Bench {
    dir: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    fn captures(&self) -> std::path::PathBuf {
        self.dir.path().join("captures")
    }

    fn import(&self, log: &[u8]) -> Result<Imported, ImportError> {
        self.import_in(log, &TimeZone::UTC)
    }

    fn import_in(&self, log: &[u8], zone: &TimeZone) -> Result<Imported, ImportError> {
        let path = self.dir.path().join("log.txt");
        fs::write(&path, log).expect("written");
        import_netassist(&path, &self.captures(), CaptureOptions::default(), zone, &mut |_, _| true)
    }

    /// A capture to export, and its only peer.
    fn capture(&self, endpoint: &str, peer: &str) -> (CaptureWriter, PeerId) {
        let endpoint = endpoint.parse().expect("an endpoint");
        let made = self.dir.path().join("made");
        let mut writer = CaptureWriter::create(&made, &endpoint, CaptureOptions::default()).expect("a capture");
        let peer = writer.add_peer(peer.parse().expect("an address")).expect("a peer");
        (writer, peer)
    }

    /// Direction, peer and payload of each data record.
    fn data(&self, imported: &Imported) -> Vec<(Direction, String, Vec<u8>)> {
        let reader = Catalog::new(self.captures()).open(&imported.id).expect("a capture");
        let records = reader.records().map(|number| reader.record(number).expect("a record"));
        records
            .filter_map(|record| {
                let mut bytes = Vec::new();
                reader.payload(&record, 0..u32::MAX, &mut bytes).expect("payload");
                let peer = reader.peer_address(record.peer).map_or_else(String::new, |peer| peer.to_string());
                record.direction.map(|direction| (direction, peer, bytes))
            })
            .collect()
    }
}

/// What was written so far, exported as a log.
fn log_of(writer: &mut CaptureWriter) -> Vec<u8> {
    writer.flush().expect("flushed");
    log_read_by(&writer.reader())
}

/// Everything that the reader reads, exported as a log.
fn log_read_by(reader: &CaptureReader) -> Vec<u8> {
    let style = ExportStyle {
        encoding: Encoding::UTF_8,
        sentence: &|_, _, _| String::new(),
        unreadable: &ToString::to_string,
        remark: "",
    };
    let mut log = Vec::new();
    export(reader, ExportFormat::NetAssist, &Selection::all(reader), &style, &mut log, &mut |_, _| true)
        .expect("exported");
    log
}

/// A real log, as older versions of NetAssist write it.
const OLD: &str = "[2019-07-12 16:05:41.240]# Client 192.168.56.1:4089 gets online.
[2019-07-12 16:05:48.417]# RECV ASCII FROM 192.168.56.1 :4089>
哈哈哈
[2019-07-12 16:06:10.202]# SEND ASCII TO ALL>
我很好啊
[2019-07-12 16:06:16.208]# Client 192.168.56.1:4089 gets offline.
";

#[test]
fn a_log_of_the_field_is_read() {
    let bench = Bench::new();
    let imported = bench.import(OLD.as_bytes()).expect("imported");
    let peer = "192.168.56.1:4089".to_owned();
    assert_eq!(
        bench.data(&imported),
        [
            (Direction::Received, peer.clone(), "哈哈哈".as_bytes().to_vec()),
            (Direction::Sent, peer, "我很好啊".as_bytes().to_vec()),
        ]
    );
    assert_eq!(imported.records, 2);
    let reader = Catalog::new(bench.captures()).open(&imported.id).expect("a capture");
    let times: Vec<i64> = (0..4).map(|n| reader.record(n).expect("a record").unix_ns).collect();
    let start = 1_562_947_541_240_000_000;
    assert_eq!(times, [start, start, start + 7_177_000_000, start + 28_962_000_000]);
    let kinds: Vec<_> = reader.records().map(|n| reader.record(n).expect("a record").kind).collect();
    use RecordKind::{Closed, Data, Opened, PeerJoined, PeerLeft};
    assert_eq!(kinds, [Opened, PeerJoined, Data, Data, PeerLeft, Closed]);
    // The retention time counts from the import.
    let swept =
        Catalog::new(bench.captures()).sweep(crate::capture::Retention(Some(std::time::Duration::from_secs(60))));
    assert_eq!(swept, Ok(Vec::new()));
}

#[test]
fn what_was_written_is_read_back_the_same() {
    let bench = Bench::new();
    let payloads: Vec<Vec<u8>> = vec![
        b"plain".to_vec(),
        b"line\r\n".to_vec(),
        b"\n\n".to_vec(),
        b"cr\r".to_vec(),
        Vec::new(),
        vec![0, 1, 2, 0xFF],
        OLD.as_bytes().to_vec(),
        vec![b'a'; 200_000],
        vec![0; 200_000],
    ];
    let (mut writer, peer) = bench.capture("tcp://127.0.0.1:8080", "[2001:db8::1]:50000");
    writer.append(&NewRecord::bare(RecordKind::PeerJoined, peer)).expect("appended");
    for bytes in &payloads {
        for direction in [Direction::Received, Direction::Sent] {
            writer.append(&NewRecord::data(direction, peer, Payload::Bytes(bytes))).expect("appended");
        }
    }
    let log = log_of(&mut writer);
    let imported = bench.import(&log).expect("imported");
    let read = bench.data(&imported);
    assert_eq!(read.len(), payloads.len() * 2);
    for (pair, bytes) in read.chunks(2).zip(&payloads) {
        for ((direction, address, found), expected) in pair.iter().zip([Direction::Received, Direction::Sent]) {
            assert_eq!((*direction, address.as_str()), (expected, "[2001:db8::1]:50000"));
            assert!(found == bytes, "{} of {} bytes", found.len(), bytes.len());
        }
    }
}

#[test]
fn an_entry_longer_than_a_record_is_read_in_parts() {
    let bench = Bench::new();
    let mut log = b"[2019-07-12 16:05:48.417]# RECV HEX FROM 10.0.0.1 :1>\r\n".to_vec();
    log.extend(b"41 42 ".repeat(4_000_000));
    log.extend(b"43\r\n[2019-07-12 16:05:48.418]# RECV ASCII FROM 10.0.0.1 :1>\r\n");
    log.extend(b"x".repeat(20_000_001));
    log.extend(b"\r\n");
    let imported = bench.import(&log).expect("imported");
    let read = bench.data(&imported);
    assert!(read.len() > 2);
    let all: Vec<u8> = read.into_iter().flat_map(|(_, _, bytes)| bytes).collect();
    assert_eq!(all.len(), 8_000_001 + 20_000_001);
    assert!(all[..8_000_000].chunks(2).all(|pair| pair == b"AB") && all[8_000_000..8_000_003] == *b"Cxx");
}

#[test]
fn what_is_no_log_is_refused_and_leaves_nothing() {
    let bench = Bench::new();
    for log in ["", "hello\n", "[2019-07-12]# Client\n", "[2019-13-12 16:05:41.240]# Client 1.2.3.4:5 gets online.\n"] {
        assert!(matches!(bench.import(log.as_bytes()), Err(ImportError::NoLog)), "{log:?}");
    }
    let wrong = "[2019-07-12 16:05:41.240]# x\n[2019-07-12 16:05:41.240]# RECV HEX FROM 1.2.3.4 :5>\nzz\n";
    assert!(matches!(bench.import(wrong.as_bytes()), Err(ImportError::Hex { line: 2, .. })));
    let left = fs::read_dir(bench.captures()).map_or(0, Iterator::count);
    assert_eq!(left, 0);
    let missing = bench.dir.path().join("none");
    let refused =
        import_netassist(&missing, &bench.captures(), CaptureOptions::default(), &TimeZone::UTC, &mut |_, _| true);
    assert!(matches!(refused, Err(ImportError::Net(error)) if error.operation == Operation::ReadFile));
}

#[test]
fn zones_of_another_machine_keep_their_names() {
    let log = "[2019-07-12 16:05:41.240]# Client [fe80::1%bench-lan]:4089 gets online.
[2019-07-12 16:05:48.417]# RECV ASCII FROM fe80::1%bench-lan :4089>
one
[2019-07-12 16:05:49.417]# RECV ASCII FROM fe80::1%bench-wlan :4089>
two
";
    let bench = Bench::new();
    let imported = bench.import(log.as_bytes()).expect("imported");
    let reader = Catalog::new(bench.captures()).open(&imported.id).expect("a capture");
    let shown = |number| crate::model::display_address(reader.peer_address(PeerId(number)).expect("a peer"));
    assert_eq!((shown(1), shown(2)), ("[fe80::1%bench-lan]:4089".into(), "[fe80::1%bench-wlan]:4089".into()));
    let exported = log_read_by(&reader);
    let exported = String::from_utf8(exported).expect("text");
    assert!(exported.contains("Client [fe80::1%bench-lan]:4089 gets online."), "{exported}");
    assert!(exported.contains("FROM fe80::1%bench-wlan :4089>"), "{exported}");

    // In another process or on another machine the zone numbers differ; the names in the capture decide.
    let folder = reader.folder().to_owned();
    drop(reader);
    let meta = fs::read_to_string(folder.join("meta.json")).expect("readable").replace("bench-lan", "bench-lan-far");
    fs::write(folder.join("meta.json"), meta).expect("written");
    let reader = Catalog::new(bench.captures()).open(&imported.id).expect("a capture");
    let peer = reader.peer_address(PeerId(1)).expect("a peer");
    assert_eq!(crate::model::display_address(peer), "[fe80::1%bench-lan-far]:4089");
}

#[test]
fn an_import_that_is_cancelled_leaves_nothing() {
    let bench = Bench::new();
    let path = bench.dir.path().join("log.txt");
    let entry = "[2019-07-12 16:05:41.240]# RECV ASCII FROM 1.2.3.4 :5>\nabcdefgh\n";
    fs::write(&path, entry.repeat(40_000)).expect("written");
    let whole = 2 * fs::metadata(&path).expect("a file").len();
    let import = |progress: &mut OnProgress<'_>| {
        import_netassist(&path, &bench.captures(), CaptureOptions::default(), &TimeZone::UTC, progress)
    };
    // In the first pass, at the start of the second pass, and within it.
    for part in [0.1, 0.5, 0.8] {
        let mut last = 0;
        let cancelled = import(&mut |done, total| {
            assert!((done >= last, total) == (true, whole) && done <= total);
            last = done;
            (done as f64) < part * total as f64
        });
        assert!(matches!(cancelled, Err(ImportError::Cancelled)), "{part}");
        assert_eq!(fs::read_dir(bench.captures()).map_or(0, Iterator::count), 0);
    }
    assert_eq!(import(&mut |_, _| true).expect("imported").records, 40_000);
}

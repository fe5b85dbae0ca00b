//! `captures export` in every format, read by the programs that the formats are for.

use crate::export_packets::tshark;
use crate::support::{Bench, shown};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use wirebench::capture::{CaptureOptions, CaptureWriter, Marks, NewRecord, Payload, RecordKind, SessionNote};
use wirebench::model::{CloseReason, Direction, PeerId};

pub const RECEIVED: Direction = Direction::Received;
pub const SENT: Direction = Direction::Sent;

/// A capture created by the writer, without sockets.
pub struct Story {
    pub writer: CaptureWriter,
    /// Marks of data records, and of peers that join.
    marks: Marks,
}

impl Story {
    pub fn begin(bench: &Bench, endpoint: &str) -> Self {
        Self::begin_with(bench, endpoint, CaptureOptions::default())
    }

    pub fn begin_with(bench: &Bench, endpoint: &str, options: CaptureOptions) -> Self {
        let folder = bench.path("data").join("captures");
        let endpoint_parsed = endpoint.parse().expect("an endpoint");
        let writer = CaptureWriter::create(&folder, &endpoint_parsed, options).expect("a capture");
        let marks = if endpoint.starts_with("udp") { Marks::MESSAGE } else { Marks::default() };
        let mut story = Self { writer, marks };
        story.note(PeerId::NONE, &SessionNote::Opened { run: 1, endpoint: endpoint.into() });
        story
    }

    pub fn note(&mut self, peer: PeerId, note: &SessionNote) {
        let mut json = Vec::new();
        self.writer.append(&NewRecord::note(peer, note, &mut json)).expect("appended");
    }

    pub fn peer(&mut self, address: &str) -> PeerId {
        self.writer.add_peer(address.parse().expect("an address")).expect("a peer")
    }

    pub fn joined(&mut self, address: &str) -> PeerId {
        let peer = self.peer(address);
        self.writer.append(&NewRecord::bare(RecordKind::PeerJoined, peer).marked(self.marks)).expect("appended");
        peer
    }

    pub fn left(&mut self, peer: PeerId, reason: CloseReason) {
        self.note(peer, &SessionNote::PeerLeft { reason });
    }

    pub fn data(&mut self, peer: PeerId, direction: Direction, bytes: &[u8]) {
        let data = NewRecord::data(direction, peer, Payload::Bytes(bytes)).marked(self.marks);
        self.writer.append(&data).expect("appended");
    }

    /// The following records are datagrams.
    pub fn datagrams(&mut self) {
        self.marks = Marks::MESSAGE;
    }

    pub fn end(mut self) {
        self.note(PeerId::NONE, &SessionNote::Closed { reason: CloseReason::Local, next: None });
        self.writer.close();
    }
}

pub fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// Pseudo-random bytes, different for each seed.
pub fn pattern(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..len).map(|_| next()).collect()
}

pub fn exported(bench: &Bench, format: &str, options: &[&str]) -> PathBuf {
    let out = bench.path(&format!("out.{format}"));
    let arguments = ["captures", "export", "last", "--format", format, "--out", shown(&out)];
    bench.ran(&[&arguments[..], options].concat()).exits(0);
    out
}

pub fn run(program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).env("LC_ALL", "C.UTF-8").output();
    let done = done.unwrap_or_else(|error| panic!("{program} does not start ({error}): scripts/setup installs it"));
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{program} {arguments:?}: {out}{err}");
    for line in err.lines().filter(|line| !line.contains("Running as user")) {
        assert!(program != "tshark", "{program} complains: {line}");
    }
    out.into_owned()
}

/// A capture with text, hex, an event, a quote, a split character, a formula and a long record.
fn mixed(bench: &Bench) -> Vec<(Direction, Vec<u8>)> {
    let mut story = Story::begin(bench, "tcp://127.0.0.1:8080");
    story.note(PeerId::NONE, &SessionNote::Listening { local: address("127.0.0.1:8080") });
    let peer = story.joined("127.0.0.1:5000");
    let records: Vec<(Direction, Vec<u8>)> = vec![
        (RECEIVED, "你好, \"世界\"\r\n第二行\n".into()),
        (SENT, b"\x01\x03\x00\x0a\xff".to_vec()),
        (RECEIVED, b"caf\xc3".to_vec()),
        (RECEIVED, b"\xa9!\r".to_vec()),
        (SENT, b"=1+1".to_vec()),
        (RECEIVED, b"[2019-07-12 16:05:48.417]# SEND ASCII TO ALL>\r\nx".to_vec()),
        (RECEIVED, b"[1, 2]\n\n".to_vec()),
        (SENT, pattern(5, 150_000)),
        (SENT, vec![b'a'; 150_000]),
    ];
    for (direction, bytes) in &records {
        story.data(peer, *direction, bytes);
    }
    story.left(peer, CloseReason::PeerFin);
    story.end();
    records
}

fn name(direction: Direction) -> &'static str {
    if direction == RECEIVED { "received" } else { "sent" }
}

#[test]
fn python_reads_the_csv() {
    let bench = Bench::new();
    let records = mixed(&bench);
    let program = "import csv,json,sys\n\
                   csv.field_size_limit(1 << 30)\n\
                   rows = list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8-sig'), strict=True))\n\
                   print(json.dumps(rows))";
    let file = exported(&bench, "csv", &[]);
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&run("python3", &["-c", program, shown(&file)])).expect("JSON");
    let data: Vec<_> = rows.iter().filter(|row| row["hex"] != "" || row["len"] != "").collect();
    assert_eq!(data.len(), records.len());
    for (row, (direction, bytes)) in data.iter().zip(&records) {
        assert_eq!(row["event"], name(*direction));
        assert_eq!(row["peer"], "127.0.0.1:5000");
        assert_eq!(row["len"], bytes.len().to_string());
        let mark = if bytes.is_empty() { "" } else { "0x" };
        assert!(row["hex"] == format!("{mark}{}", wirebench::codec::hex::lower(bytes)));
    }
    assert_eq!(data[0]["text"], "你好, \"世界\"\\r\\n第二行\\n");
    assert_eq!((&data[2]["text"], &data[3]["text"]), (&"caf".into(), &"é!\\r".into()));
    assert_eq!(data[4]["text"], "'=1+1");
    let events: Vec<_> = rows.iter().filter_map(|row| row["event"].as_str()).collect();
    assert_eq!(events[..2], ["listening", "peer_joined"]);
    assert_eq!(events[events.len() - 2..], ["peer_left", "closed"]);
    assert!(rows.iter().filter(|row| row["len"] == "").all(|row| row["message"] != ""));

    let sent = std::fs::read_to_string(exported(&bench, "csv", &["--direction", "sent"])).expect("text");
    assert_eq!(sent.lines().count(), 1 + 4);
}

#[test]
fn json_lines_are_those_of_the_command_line() {
    let bench = Bench::new();
    mixed(&bench);
    let told = bench.ran(&["captures", "show", "last", "--json"]).exits(0).lines();
    let file = std::fs::read_to_string(exported(&bench, "jsonl", &[])).expect("text");
    let lines: Vec<serde_json::Value> = file.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (line, told) in lines.iter().zip(&told) {
        for (field, value) in told.as_object().expect("an object") {
            assert!(line[field] == *value, "{}: {field}: {} is not {value}", told["seq"], line[field]);
        }
    }
    assert_eq!(lines.len(), told.len());
}

/// The records of a NetAssist log: payloads according to its head lines.
fn netassist(file: &Path) -> Vec<(Direction, Vec<u8>)> {
    let bytes = std::fs::read(file).expect("read");
    let heads = regex_heads(&bytes);
    let mut records = Vec::new();
    for (index, (head, start)) in heads.iter().enumerate() {
        let end = heads.get(index + 1).map_or(bytes.len(), |(next, start)| start - next.len() - 2);
        let Some(body) = bytes[*start..end.max(*start)].strip_suffix(b"\r\n") else { continue };
        let direction = match head {
            head if head.contains("# RECV ") => RECEIVED,
            head if head.contains("# SEND ") => SENT,
            _ => continue,
        };
        let body = if head.contains(" HEX ") {
            wirebench::codec::hex::parse(std::str::from_utf8(body).expect("hex")).expect("hex")
        } else {
            body.to_vec()
        };
        records.push((direction, body));
    }
    records
}

/// Lines that look like a head line, and the offset of the text after them.
fn regex_heads(bytes: &[u8]) -> Vec<(String, usize)> {
    let mut heads = Vec::new();
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let is_head =
            line.len() > 26 && line[0] == b'[' && line[1..5].iter().all(u8::is_ascii_digit) && line[5] == b'-';
        start += line.len();
        if is_head {
            heads.push((String::from_utf8_lossy(line).trim_end().to_owned(), start));
        }
    }
    heads
}

#[test]
fn a_netassist_log_holds_every_byte() {
    let bench = Bench::new();
    let records = mixed(&bench);
    let file = exported(&bench, "netassist", &[]);
    assert!(netassist(&file) == records);
    let text = String::from_utf8_lossy(&std::fs::read(&file).expect("read")).into_owned();
    assert!(text.contains("# Client 127.0.0.1:5000 gets online.\r\n"), "{text:.300}");
    assert!(text.contains("# RECV ASCII FROM 127.0.0.1 :5000>\r\n你好"), "{text:.300}");
    assert!(text.contains("# SEND HEX TO 127.0.0.1 :5000>\r\n01 03 00 0A FF\r\n"), "{text:.300}");
    assert!(text.contains("# Client 127.0.0.1:5000 gets offline.\r\n"));
}

#[test]
fn a_netassist_log_is_imported_as_a_new_capture() {
    let bench = Bench::new();
    let records = mixed(&bench);
    let file = exported(&bench, "netassist", &[]);
    let log = std::fs::read(&file).expect("read");
    let imported = bench.ran(&["captures", "import", shown(&file)]).exits(0);
    let id = String::from_utf8(imported.stdout).expect("an id");
    for direction in [RECEIVED, SENT] {
        let options = ["captures", "export", id.trim_end(), "--direction", name(direction)];
        let bytes: Vec<u8> =
            records.iter().filter(|(of, _)| *of == direction).flat_map(|(_, bytes)| bytes.clone()).collect();
        assert!(bench.ran(&options).exits(0).stdout == bytes, "{direction:?}");
    }
    let again = exported(&bench, "netassist", &[]);
    assert!(log == std::fs::read(again).expect("read"), "the newest is the import");
    for wrong in [bench.file("text", "hello\n"), bench.path("missing"), bench.path("data")] {
        let ended = bench.ran(&["captures", "import", shown(&wrong)]).exits(1);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
        assert!(ended.stderr.contains(shown(&wrong)), "{}", ended.stderr);
    }
}

#[test]
fn a_log_and_raw_bytes_of_a_part() {
    let bench = Bench::new();
    let records = mixed(&bench);
    let log = std::fs::read_to_string(exported(&bench, "log", &["--from", "3", "--count", "1"])).expect("text");
    assert!(log.contains("<- #1 127.0.0.1:5000  你好") && !log.contains("peer"), "{log}");
    let both: Vec<u8> = records.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
    assert!(std::fs::read(exported(&bench, "raw", &["--direction", "both"])).expect("read") == both);
    let part = exported(&bench, "raw", &["--from", "3", "--count", "2"]);
    assert_eq!(std::fs::read(part).expect("read"), [&records[0].1[..], &records[2].1[..]].concat());
    for wrong in [
        &["--format", "xml"][..],
        &["--format", "log", "--peer", "1.2.3.4:5"],
        &["--format", "log", "--direction", "sent"],
        &["--direction", "up"],
        &["--encoding", "none"],
    ] {
        bench.ran(&[&["captures", "export", "last"][..], wrong].concat()).exits(2);
    }
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_there() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://127.0.0.1:8080");
    let peer = story.joined("127.0.0.1:5000");
    let sent = bench.file("sent.bin", b"0123456789");
    let metadata = std::fs::metadata(&sent).expect("metadata");
    let (size, modified_ns) = wirebench::capture::file_stamp(&metadata);
    story.data(peer, SENT, b"before ");
    let payload = Payload::File { path: &sent, offset: 0, len: 10, size, modified_ns, hash: 0 };
    story.writer.append(&NewRecord::data(SENT, peer, payload)).expect("appended");
    story.data(peer, SENT, b"after");
    story.end();
    std::fs::write(&sent, b"another content").expect("written");
    let out = bench.path("out");
    for (format, found) in
        [("raw", "before after"), ("jsonl", "unavailable"), ("csv", "sent.bin"), ("hexdump", "sent.bin")]
    {
        let arguments = ["captures", "export", "last", "--direction", "sent", "--format", format, "--out", shown(&out)];
        let ended = bench.ran(&arguments).exits(1);
        assert!(ended.stderr.contains("1 record"), "{}", ended.stderr);
        let text = std::fs::read_to_string(&out).expect("text");
        assert!(text.contains(found), "{format}: {text}");
    }
    bench.ran(&["captures", "export", "last", "--format", "pcapng", "--out", shown(&out)]).exits(1);
    let lens = tshark(&out, &["-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.seq"]);
    assert_eq!(lens, "1\n18\n", "the gap is to be seen");
    assert!(tshark(&out, &["-Y", "frame.comment", "-T", "fields", "-e", "frame.comment"]).contains("sent.bin"));
}

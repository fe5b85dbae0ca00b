//! `captures export` in every format, read by the programs that the formats are for.

use crate::support::{Bench, shown};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use wirebench::capture::{CaptureOptions, CaptureWriter, Marks, NewRecord, Payload, RecordKind, SessionNote};
use wirebench::model::{CloseReason, Direction, ErrorKind, NetError, Operation, PeerId};

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
        self.note(PeerId::NONE, &SessionNote::Closed { reason: CloseReason::Local });
        self.writer.close();
    }
}

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// Pseudo-random bytes, different for each seed.
fn pattern(seed: u64, len: usize) -> Vec<u8> {
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

/// The output of tshark for a file, with all checksums verified.
fn tshark(file: &Path, arguments: &[&str]) -> String {
    let checks = ["tcp", "ip", "udp"].map(|protocol| format!("{protocol}.check_checksum:TRUE"));
    let mut all = vec!["-n", "-r", shown(file)];
    // Disables heuristics, which would interpret the random payload.
    for port in ["tcp.port==8080,data", "udp.port==9000,data", "tcp.port==502,data"] {
        all.extend(["-d", port]);
    }
    for check in &checks {
        all.extend(["-o", check]);
    }
    all.extend(arguments);
    run("tshark", &all)
}

/// tshark must report no warnings or retransmissions; the end of a connection is not one.
fn assert_clean(file: &Path) {
    let odd = "tcp.analysis.flags || _ws.malformed \
               || tcp.checksum.status == 0 || udp.checksum.status == 0 || ip.checksum.status == 0";
    assert_eq!(tshark(file, &["-Y", odd]), "");
    // From severity "chat" up: our own comments are below.
    let expert = ["-Y", "_ws.expert.severity >= 2097152", "-T", "fields", "-e", "_ws.expert.message"];
    let ends = ["This frame initiates the connection closing", "This frame undergoes the connection closing"];
    let usual = ["Connection establish request", "Connection establish acknowledge", "Connection finish"];
    for message in tshark(file, &expert).lines().flat_map(|line| line.split(',')) {
        assert!(ends.iter().chain(&usual).any(|usual| message.starts_with(usual)), "{message}");
    }
}

/// The bytes sent by each end of a TCP stream, in the order of the listing.
fn followed(file: &Path, stream: usize) -> ((String, Vec<u8>), (String, Vec<u8>)) {
    let text = tshark(file, &["-q", "-z", &format!("follow,tcp,raw,{stream}")]);
    let node = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{text}"));
        line.trim().to_owned()
    };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for line in text.lines().filter(|line| line.trim_start().bytes().all(|byte| byte.is_ascii_hexdigit())) {
        let bytes = wirebench::codec::hex::parse(line.trim()).expect("hex");
        if line.starts_with('\t') { &mut second } else { &mut first }.extend(bytes);
    }
    ((node("Node 0:"), first), (node("Node 1:"), second))
}

#[test]
fn tshark_reads_two_interleaved_connections_byte_for_byte() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://[::]:8080");
    story.note(PeerId::NONE, &SessionNote::Listening { local: address("[::]:8080") });
    let names = ["192.168.1.31:49730", "[2001:db8::7]:50000"];
    let peers = names.map(|name| story.joined(name));
    let mut streams: [[Vec<u8>; 2]; 2] = Default::default();
    let lens = [1, 1, 1459, 1460, 1461, 2, 65_535, 65_536, 65_537, 1440, 300_000, 3, 1, 131_072, 7];
    for (round, len) in lens.into_iter().enumerate() {
        for (index, peer) in peers.into_iter().enumerate() {
            for (side, direction) in [RECEIVED, SENT].into_iter().enumerate() {
                let len = lens[(round * 3 + index * 5 + side * 7) % lens.len()].min(len * 4096);
                let bytes = pattern((round * 4 + index * 2 + side) as u64, len);
                story.data(peer, direction, &bytes);
                streams[index][side].extend(bytes);
            }
        }
    }
    story.left(peers[0], CloseReason::PeerFin);
    story.writer.append(&NewRecord::bare(RecordKind::HalfClosed, peers[1])).expect("appended");
    story.data(peers[1], SENT, b"still open");
    streams[1][1].extend(b"still open");
    story.left(peers[1], CloseReason::Local);
    story.end();

    let file = exported(&bench, "pcapng", &[]);
    assert_clean(&file);
    let ours = ["0.0.0.0:8080", "[::]:8080"];
    for (index, [received, sent]) in streams.iter().enumerate() {
        let (them, us) = followed(&file, index);
        assert_eq!(
            (them.0.replace(['[', ']'], ""), us.0.replace(['[', ']'], "")),
            (names[index].replace(['[', ']'], ""), ours[index].replace(['[', ']'], ""))
        );
        assert!(them.1 == *received, "received: {} of {} bytes", them.1.len(), received.len());
        assert!(us.1 == *sent, "sent: {} of {} bytes", us.1.len(), sent.len());
    }
    let flags = |filter: &str| tshark(&file, &["-2", "-Y", filter]).lines().count();
    assert_eq!(flags("tcp.flags.syn == 1 && tcp.flags.ack == 0"), 2, "handshakes");
    assert_eq!(flags("tcp.flags.syn == 1 && tcp.flags.ack == 1"), 2, "handshakes");
    assert_eq!(flags("tcp.flags.fin == 1"), 4);
    assert_eq!(flags("tcp.completeness == 31"), flags("tcp"), "both connections are whole");

    // The beginning cut off, and only one peer.
    for options in [&["--from", "9"][..], &["--from", "9", "--peer", names[1]], &["--direction", "sent"]] {
        assert_clean(&exported(&bench, "pcapng", options));
    }
    let file = exported(&bench, "pcapng", &["--peer", names[0], "--direction", "sent"]);
    assert_eq!(followed(&file, 0).1.1.len() + followed(&file, 0).0.1.len(), streams[0][1].len());
}

#[test]
fn a_client_speaks_first_and_its_events_are_comments() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://10.0.0.1:502");
    let warning = NetError::new(Operation::Send, ErrorKind::QueueFull, "tcp://10.0.0.1:502", "");
    for run in 0..2 {
        let peer = story.peer("10.0.0.1:502");
        let (local, remote) = (address("10.0.0.9:40000"), address("10.0.0.1:502"));
        story.note(peer, &SessionNote::Connected { local, remote, took_ms: 1 });
        story.data(peer, SENT, &[1, 3, 0, run]);
        story.note(peer, &SessionNote::Warning { warning: warning.clone() });
        story.data(peer, RECEIVED, &[1, 3, 2]);
        story.left(peer, if run == 0 { CloseReason::PeerFin } else { CloseReason::Reset });
    }
    story.end();
    let file = exported(&bench, "pcapng", &[]);
    let fields = |filter: &str, field: &str| tshark(&file, &["-Y", filter, "-T", "fields", "-e", field]);
    assert_eq!(fields("tcp.flags.syn == 1 && tcp.flags.ack == 0", "ip.src"), "10.0.0.9\n10.0.0.9\n");
    assert_eq!(fields("tcp.len > 0", "tcp.payload"), "01030000\n010302\n01030001\n010302\n");
    assert_eq!(fields("tcp.flags.reset == 1", "ip.src"), "10.0.0.1\n");
    let comments = fields("frame.comment", "frame.comment");
    assert_eq!(comments.lines().count(), 2, "{comments}");
    assert!(comments.contains("10.0.0.1:502"), "{comments}");
    assert_eq!(fields("tcp.analysis.retransmission || tcp.analysis.ack_lost_segment", "frame.number"), "");
    assert_eq!(fields("tcp.stream == 1", "frame.number").lines().count(), 8, "the same ports again are another stream");
}

#[test]
fn tshark_reads_datagrams_of_both_families_and_empty_ones() {
    for (local, peers) in [
        ("127.0.0.1:9000", ["127.0.0.1:5000", "127.0.0.1:5001"]),
        ("[::1]:9000", ["[::1]:5000", "[::1]:5001"]),
        ("0.0.0.0:9000", ["192.168.1.5:5000", "10.1.2.3:53"]),
    ] {
        let bench = Bench::new();
        let mut story = Story::begin(&bench, &format!("udp://{local}"));
        story.note(PeerId::NONE, &SessionNote::Bound { local: address(local) });
        let mut expected = Vec::new();
        for (index, name) in peers.into_iter().enumerate() {
            let peer = story.joined(name);
            for (round, len) in [0, 1, 2, 1472, 1473, 60_001, 65_507].into_iter().enumerate() {
                let direction = if round % 2 == index { RECEIVED } else { SENT };
                let bytes = pattern(round as u64, len);
                story.data(peer, direction, &bytes);
                let port = if direction == RECEIVED { address(name).port() } else { 9000 };
                expected.push(format!("{port}\t{}\t{}", len + 8, wirebench::codec::hex::lower(&bytes)));
            }
        }
        story.note(PeerId::NONE, &SessionNote::KernelDropped { records: 17, buffer_bytes: 0 });
        story.end();
        let file = exported(&bench, "pcapng", &[]);
        assert_clean(&file);
        let fields = ["-T", "fields", "-e", "udp.srcport", "-e", "udp.length", "-e", "udp.payload"];
        let read = tshark(&file, &fields);
        assert!(read.lines().eq(expected.iter().map(String::as_str)), "{local}");
        let comment =
            tshark(&file, &["-Y", "frame.comment", "-T", "fields", "-e", "frame.number", "-e", "frame.comment"]);
        assert!(comment.starts_with("14\t") && comment.contains("17"), "{comment}");
    }
}

#[test]
fn text2pcap_makes_the_same_bytes_of_a_hexdump() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://127.0.0.1:8080");
    let peer = story.joined("127.0.0.1:5000");
    let mut streams: [Vec<u8>; 2] = Default::default();
    for (round, len) in [1, 15, 16, 17, 0xF000, 0xF001, 200_000].into_iter().enumerate() {
        let bytes = pattern(round as u64, len);
        story.data(peer, [RECEIVED, SENT][round % 2], &bytes);
        streams[round % 2].extend(bytes);
    }
    story.end();
    let dump = exported(&bench, "hexdump", &[]);
    let packets = bench.path("packets.pcapng");
    run("text2pcap", &["-q", "-D", "-t", "ISO", "-T", "5000,8080", shown(&dump), shown(&packets)]);
    // A flag for the direction: 1 inbound, 2 outbound.
    let read = tshark(&packets, &["-T", "fields", "-e", "frame.packet_flags_direction", "-e", "tcp.payload"]);
    let mut found: [Vec<u8>; 2] = Default::default();
    for line in read.lines() {
        let (direction, payload) = line.split_once('\t').expect("two fields");
        let side = usize::from(direction.ends_with('2'));
        found[side].extend(wirebench::codec::hex::parse(payload).expect("hex"));
    }
    assert!(found == streams, "{} and {} bytes", found[0].len(), found[1].len());
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

#[test]
fn frames_and_filtered_records_are_packets_that_tshark_accepts() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--echo", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    let (one, two) = (b"\x05\0\0\0Hello\x07\0\0\0Wel", b"come");
    for part in [&one[..], &two[..]] {
        peer.write_all(part).expect("written");
        peer.read_exact(&mut vec![0; part.len()]).expect("echoed");
    }
    drop(peer);
    listen.end().exits(0);
    let whole = [&one[..], two].concat();
    let file = exported(&bench, "pcapng", &["--frame", "py-struct-i"]);
    assert_clean(&file);
    let ((_, received), (_, sent)) = followed(&file, 0);
    assert_eq!((&received, &sent), (&whole, &whole));
    let payloads = tshark(&file, &["-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.len"]);
    assert_eq!(payloads.lines().collect::<Vec<_>>(), ["9", "9", "11", "11"], "a packet a frame");
    let file = exported(&bench, "pcapng", &["--filter", "dir=received"]);
    let ((_, received), (_, sent)) = followed(&file, 0);
    assert_eq!((received, sent), (whole, Vec::new()));
}

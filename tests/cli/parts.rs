//! Parts of a capture: the first remaining records, one peer, one direction.

use crate::support::{Bench, Ended, shown};
use serde_json::Value;
use wirebench::capture::{CaptureOptions, CaptureWriter, ExportFormat, NewRecord, Payload, RecordKind, SessionNote};
use wirebench::model::{CloseReason, Direction, PeerId};

const RECEIVED: Direction = Direction::Received;
const SENT: Direction = Direction::Sent;

fn all_formats() -> impl Iterator<Item = &'static str> {
    ExportFormat::ALL.into_iter().map(ExportFormat::name).chain(["log"])
}

/// Creates a closed capture with the peers `peers`, without sockets.
fn made(bench: &Bench, peers: &[&str], limit_bytes: u64, data: impl IntoIterator<Item = (u32, Direction, Vec<u8>)>) {
    let options = CaptureOptions { limit_bytes, ..CaptureOptions::default() };
    let endpoint = "tcp://127.0.0.1:8080".parse().expect("an endpoint");
    let mut writer =
        CaptureWriter::create(&bench.path("data").join("captures"), &endpoint, options).expect("a capture");
    let note = |writer: &mut CaptureWriter, note: &SessionNote| {
        writer.append(&NewRecord::note(PeerId::NONE, note, &mut Vec::new())).expect("appended");
    };
    note(&mut writer, &SessionNote::Opened { run: 1, endpoint: "tcp://127.0.0.1:8080".into() });
    note(&mut writer, &SessionNote::Listening { local: "127.0.0.1:8080".parse().expect("an address") });
    for address in peers {
        let peer = writer.add_peer(address.parse().expect("an address")).expect("a peer");
        writer.append(&NewRecord::bare(RecordKind::PeerJoined, peer)).expect("appended");
    }
    for (peer, direction, bytes) in data {
        writer.append(&NewRecord::data(direction, PeerId(peer), Payload::Bytes(&bytes))).expect("appended");
    }
    note(&mut writer, &SessionNote::Closed { reason: CloseReason::Local, next: None });
    writer.close();
}

/// A line of 1000 bytes with its number.
fn numbered(number: u32) -> Vec<u8> {
    format!("{number:0>6} {:x>992}\n", "").into_bytes()
}

fn captures(bench: &Bench, arguments: &[&str]) -> Ended {
    bench.ran(&[&["captures"][..], arguments].concat())
}

fn seqs(lines: &[Value], name: &str) -> Vec<u64> {
    lines.iter().filter_map(|line| line[name].as_u64()).collect()
}

#[test]
fn the_first_records_of_a_capture_whose_beginning_was_evicted_are_the_first_that_are_there() {
    let bench = Bench::new();
    made(&bench, &["127.0.0.1:5000"], 1 << 20, (0..4000).map(|number| (1, RECEIVED, numbered(number))));
    let all = captures(&bench, &["show", "last", "--json"]).exits(0);
    assert!(all.stderr.contains("deleted by the size limit"), "{}", all.stderr);
    let there = all.all("received");
    let first = there[0]["seq"].as_u64().expect("a number");
    assert!(first > 100 && there.len() > 100, "{first}");
    let whole = all.payload("received");
    for from in [None, Some("0"), Some("7")] {
        let part = |arguments: &[&str]| {
            let from: Vec<&str> = from.iter().flat_map(|from| ["--from", from]).collect();
            captures(&bench, &[arguments, &from, &["--count", "3"]].concat()).exits(0)
        };
        let plain = part(&["show", "last"]);
        assert!(plain.stdout == whole[..3000], "{from:?}: {} bytes", plain.stdout.len());
        assert_eq!(seqs(&part(&["show", "last", "--json"]).lines(), "seq"), [first, first + 1, first + 2]);
        let frames = part(&["show", "last", "--json", "--frame", "line"]);
        assert_eq!(seqs(&frames.lines(), "seq_first"), [first, first + 1, first + 2]);
        for format in all_formats() {
            let out = bench.path("out");
            part(&["export", "last", "--format", format, "--out", shown(&out)]);
            let written = std::fs::read(&out).expect("written");
            let words = if format == "hexdump" { hex_of(&written) } else { written };
            for number in 0..4 {
                let word = &whole[number * 1000..number * 1000 + 6];
                let is_there = memchr::memmem::find(&words, word).is_some();
                assert_eq!(is_there, number < 3, "{format} {from:?} {number}");
            }
        }
        let frames = part(&["export", "last", "--frame", "line"]);
        assert!(frames.stdout == whole[..3000], "{from:?}: {} bytes", frames.stdout.len());
        let log = part(&["export", "last", "--frame", "line", "--format", "log"]);
        // Preceded by a line about the evicted history.
        assert_eq!(String::from_utf8_lossy(&log.stdout).lines().filter(|line| line.contains(" <- ")).count(), 3);
    }
    let found = captures(&bench, &["search", "last", "--json", "--text", "x\n"]).exits(0).lines();
    assert_eq!((found[0]["seq"].as_u64(), found.len()), (Some(first), there.len()));
    // There is nothing after the end.
    let none = captures(&bench, &["show", "last", "--json", "--from", "999999", "--count", "3"]).exits(0);
    assert_eq!(none.stdout, b"");
}

/// The bytes in the rows of a dump.
fn hex_of(dump: &[u8]) -> Vec<u8> {
    let rows = String::from_utf8_lossy(dump).into_owned();
    let is_row =
        |row: &&str| row.split(' ').next().is_some_and(|at| at.len() >= 4 && u64::from_str_radix(at, 16).is_ok());
    let bytes = |row: &str| {
        let digits = row.split_whitespace().skip(1).take_while(|digits| digits.len() == 2);
        digits.filter_map(|digits| u8::from_str_radix(digits, 16).ok()).collect::<Vec<_>>()
    };
    rows.lines().filter(is_row).flat_map(bytes).collect()
}

/// Two peers with one address and one with another; each gets a reply.
fn conversation(bench: &Bench) {
    let words = [(1, RECEIVED, "a1\n"), (1, SENT, "A1\n"), (2, RECEIVED, "b1\n"), (2, SENT, "B1\n")];
    let more = [(3, RECEIVED, "c1\n"), (3, SENT, "C1\n"), (1, RECEIVED, "a2\n"), (1, SENT, "A2\n")];
    let data = words.into_iter().chain(more).map(|(peer, direction, text)| (peer, direction, text.as_bytes().to_vec()));
    made(bench, &["127.0.0.1:5000", "127.0.0.1:5001", "[::1]:5000"], 1 << 30, data);
}

#[test]
fn both_directions_are_shown_as_marked_lines() {
    let bench = Bench::new();
    conversation(&bench);
    let show = |arguments: &[&str]| {
        let ended = captures(&bench, &[&["show", "last"], arguments].concat()).exits(0);
        String::from_utf8(ended.stdout).expect("text")
    };
    assert_eq!(show(&[]), "a1\nb1\nc1\na2\n");
    assert_eq!(show(&["--direction", "received"]), "a1\nb1\nc1\na2\n");
    assert_eq!(show(&["--direction", "sent"]), "A1\nB1\nC1\nA2\n");
    let both = "<- a1\\n\n-> A1\\n\n<- b1\\n\n-> B1\\n\n<- c1\\n\n-> C1\\n\n<- a2\\n\n-> A2\\n\n";
    assert_eq!(show(&["--direction", "both"]), both);
    assert_eq!(show(&["--direction", "both", "--show", "hex", "--count", "2"]), "<- 61 31 0a\n-> 41 31 0a\n");
    assert!(show(&["--direction", "both", "--show", "dump", "--count", "2"]).starts_with("<-\n00000000"), "marked");
    let frames = show(&["--direction", "both", "--frame", "line", "--count", "3"]);
    assert_eq!(frames, "<- a1\n-> A1\n<- b1\n");
    // With --json both directions are shown; a single direction only on request.
    let json = |arguments: &[&str]| {
        let ended = captures(&bench, &[&["show", "last", "--json"], arguments].concat()).exits(0);
        (ended.text("received"), ended.text("sent"))
    };
    let (received, sent) = ("a1\nb1\nc1\na2\n".to_owned(), "A1\nB1\nC1\nA2\n".to_owned());
    assert_eq!(json(&[]), (received.clone(), sent.clone()));
    assert_eq!(json(&["--direction", "both"]), (received.clone(), sent.clone()));
    assert_eq!(json(&["--direction", "received"]), (received, String::new()));
    assert_eq!(json(&["--direction", "sent"]), (String::new(), sent));
    for (lang, reason) in [("en", "received, sent or both"), ("zh-CN", "应为 received、sent 或 both")] {
        for command in ["show", "export"] {
            let refused = captures(&bench, &[command, "last", "--direction", "up", "--lang", lang]).exits(2);
            assert!(refused.stderr.contains(reason), "{}", refused.stderr);
        }
    }
}

#[test]
fn a_peer_is_chosen_with_its_port_or_without() {
    let bench = Bench::new();
    conversation(&bench);
    for (peer, expected) in [
        ("127.0.0.1:5000", "a1\na2\n"),
        ("127.0.0.1:5001", "b1\n"),
        ("127.0.0.1", "a1\nb1\na2\n"),
        ("::1", "c1\n"),
        ("[::1]", "c1\n"),
        ("[::1]:5000", "c1\n"),
        ("#2", "b1\n"),
        ("127.0.0.2", ""),
    ] {
        let shown = captures(&bench, &["show", "last", "--peer", peer]).exits(0);
        assert_eq!(String::from_utf8_lossy(&shown.stdout), expected, "{peer}");
        let frames = captures(&bench, &["show", "last", "--frame", "line", "--peer", peer]).exits(0);
        assert_eq!(String::from_utf8_lossy(&frames.stdout), expected, "{peer}");
        let exported = captures(&bench, &["export", "last", "--peer", peer]).exits(0);
        assert_eq!(String::from_utf8_lossy(&exported.stdout), expected, "{peer}");
        let filtered = captures(&bench, &["show", "last", "--filter", &format!("peer={peer}")]).exits(0);
        assert_eq!(String::from_utf8_lossy(&filtered.stdout), expected, "{peer}");
        let code = i32::from(expected.is_empty());
        let search = ["search", "last", "--regex", "[abc][12]", "--count", "--peer", peer];
        let found = captures(&bench, &search).exits(code);
        assert_eq!(String::from_utf8_lossy(&found.stdout), format!("{}\n", expected.lines().count()), "{peer}");
    }
    // Joins and leaves of other peers are filtered out; events of the session remain.
    let shown = captures(&bench, &["show", "last", "--json", "--peer", "::1"]).exits(0);
    assert_eq!(shown.events(), ["listening", "peer_joined", "received", "sent", "closed"]);
    for (lang, reason) in [("en", "should be IP:PORT, IP or #N"), ("zh-CN", "应为 IP:PORT、IP 或 #编号")] {
        for command in [&["show", "last"][..], &["export", "last"], &["search", "last", "--text", "x"]] {
            for wrong in ["localhost", "1.2.3.4:70000", ""] {
                let refused = captures(&bench, &[command, &["--peer", wrong, "--lang", lang]].concat()).exits(2);
                assert!(refused.stderr.contains(reason), "{}", refused.stderr);
            }
        }
    }
}

/// The zone of a peer seen on another machine is known only by name.
#[test]
fn a_peer_with_a_zone_of_another_machine_is_chosen_by_its_name() {
    let bench = Bench::new();
    wirebench::model::know_zone(7101, "lab7101");
    let peers = ["[fe80::1%7101]:5000", "[fe80::1%7102]:5000"];
    made(&bench, &peers, 1 << 30, [(1, RECEIVED, b"one\n".to_vec()), (2, RECEIVED, b"two\n".to_vec())]);
    for (peer, expected) in [
        ("[fe80::1%lab7101]:5000", "one\n"),
        ("fe80::1%lab7101", "one\n"),
        ("[fe80::1%lab7101]", "one\n"),
        ("fe80::1%lab7199", ""),
        ("fe80::1", "one\ntwo\n"),
        ("[fe80::1]:5000", "one\ntwo\n"),
    ] {
        let options = ["--peer", peer];
        let shown = captures(&bench, &[&["show", "last"], &options[..]].concat()).exits(0);
        assert_eq!(String::from_utf8_lossy(&shown.stdout), expected, "{peer}");
        let exported = captures(&bench, &[&["export", "last"], &options[..]].concat()).exits(0);
        assert_eq!(String::from_utf8_lossy(&exported.stdout), expected, "{peer}");
    }
}

#[test]
fn a_count_is_one_of_data_and_of_what_is_chosen() {
    let bench = Bench::new();
    conversation(&bench);
    let show = |arguments: &[&str]| captures(&bench, &[&["show", "last"], arguments].concat()).exits(0).stdout;
    let export = |arguments: &[&str]| captures(&bench, &[&["export", "last"], arguments].concat()).exits(0).stdout;
    for (arguments, expected) in [
        (&["--count", "0"][..], &b""[..]),
        (&["--count", "1"], b"a1\n"),
        (&["--count", "2"], b"a1\nb1\n"),
        (&["--count", "2", "--direction", "sent"], b"A1\nB1\n"),
        (&["--count", "2", "--peer", "127.0.0.1:5000"], b"a1\na2\n"),
        (&["--count", "1", "--filter", "text='2',dir=received"], b"a2\n"),
        (&["--count", "2", "--frame", "line"], b"a1\nb1\n"),
        (&["--count", "99"], b"a1\nb1\nc1\na2\n"),
    ] {
        assert_eq!(String::from_utf8_lossy(&show(arguments)), String::from_utf8_lossy(expected), "{arguments:?}");
        assert_eq!(export(arguments), expected, "{arguments:?}");
    }
    let json = captures(&bench, &["show", "last", "--json", "--count", "1"]).exits(0);
    assert_eq!(json.events(), ["listening", "peer_joined", "peer_joined", "peer_joined", "received"]);
    let log = String::from_utf8(export(&["--format", "log", "--count", "1"])).expect("text");
    assert!(log.ends_with("a1\\n\n"), "{log}");
    assert_eq!(log.lines().filter(|line| line.contains(" <- ") || line.contains(" -> ")).count(), 1, "{log}");
    let lines = export(&["--format", "jsonl", "--count", "3"]);
    let lines = String::from_utf8(lines).expect("text");
    assert_eq!(lines.lines().filter(|line| line.contains("\"hex\"")).count(), 3, "{lines}");
}

#[test]
fn a_search_without_a_hit_says_so_and_names_records_as_other_lines_do() {
    let bench = Bench::new();
    conversation(&bench);
    for (lang, words) in [("en", "nothing found in capture 2"), ("zh-CN", "没有找到")] {
        for json in [&[][..], &["--json"]] {
            let arguments = [&["search", "last", "--text", "zz", "--lang", lang], json].concat();
            let none = captures(&bench, &arguments).exits(1);
            assert_eq!((none.stdout.len(), none.stderr.lines().count()), (0, 1), "{}", none.stderr);
            assert!(none.stderr.contains(words), "{}", none.stderr);
        }
    }
    let counted = captures(&bench, &["search", "last", "--text", "zz", "--count"]).exits(1);
    assert_eq!((counted.stdout.as_slice(), counted.stderr.as_str()), (&b"0\n"[..], ""));
    let hit = &captures(&bench, &["search", "last", "--json", "--text", "1\na2"]).exits(0).lines()[0];
    assert_eq!((&hit["seq"], &hit["seq_last"]), (&hit["record"], &hit["end_record"]));
    let shown = captures(&bench, &["show", "last", "--json", "--from", &hit["seq"].to_string(), "--count", "1"]);
    assert_eq!(shown.text("received"), "a1\n");
}

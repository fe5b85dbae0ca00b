//! `captures export --frame`: every format contains and describes each item that `show --frame` prints.

use crate::export::{RECEIVED, SENT, Story};
use crate::support::{Bench, Ended, shown};
use serde_json::Value;
use wirebench::capture::{NewRecord, RecordKind};
use wirebench::model::{CloseReason, PeerId};

/// Rules, and pieces of streams for them: valid frames, wrong frames, and bytes that fit none.
const RULES: [(&[&str], &[&[u8]]); 20] = [
    (&["--frame", "line"], &[b"one\n", b"two\r\n", b"\n", b"th"]),
    (&["--frame", "delim:2C+SUM-8"], &[b"aa\xC2,", b"aa\xC3,", b",", b"b"]),
    (&["--frame", "marks:start=02,end=03,after=1+XOR-8"], &[b"\x02ab\x03\x02", b"\x02ab\x03\x07", b"junk", b"\x02"]),
    (&["--frame", "fixed:4+XOR-8"], &[b"abc\x60", b"abc\x61", b"z"]),
    (&["--frame", "py-struct-i"], &[b"\x02\0\0\0ok", b"\x03\0\0\0yes", b"\x01\0", b"\xFF\xFF\xFF\xFF"]),
    (&["--frame", "slip"], &[b"ab\xC0", b"\xC0", b"\xDB\xDCx\xC0", b"y"]),
    (&["--frame", "cobs"], &[b"\x03ab\0", b"\x01\0", b"\x09a\0", b"\x04"]),
    (&["--frame", "json"], &[b"{\"a\":1}", b" \n", b"[2]", b"}", b"{\"b"]),
    (&["--frame", "gap:20ms+XOR-8"], &[b"abc\x60", b"abc\x61", b"q"]),
    (&["--frame", "modbus-rtu"], &[b"\x01\x03\0\0\0\x0A\xC5\xCD", b"\x01\x03\0\0\0\x0A\xC5\xCC", b"\x01", b"\x7F"]),
    (&["--frame", "nmea"], &[b"$A*41\r\n", b"$A*42\r\n", b"xx", b"$B*"]),
    (&["--frame", "mqtt:max=1KiB"], &[b"\x30\x02ok", b"\x30\x00", b"\x30\x09z"]),
    (&["--frame", "jt808"], &[b"~\x7D\x02a\x1F~", b"~ab\x03~", b"~ab\x04~", b"x"]),
    (&["--frame", "modbus-ascii"], &[b":010300000002FA\r\n", b":010300000002FB\r\n", b"01", b":0"]),
    (
        &["--frame", "fix"],
        &[b"8=FIX.4.4\x019=5\x0135=0\x0110=163\x01", b"8=FIX.4.4\x019=5\x0135=1\x0110=163\x01", b"8=F"],
    ),
    (&["--frame", "dlt645"], &[b"\xFE\xFE\x68\xAA\xAA\xAA\xAA\xAA\xAA\x68\x13\0\xDF\x16", b"\x68\0", b"\x11"]),
    (&["--frame", "syslog"], &[b"4 <0>1", b"\n", b"9 <0", b"x\n"]),
    (&["--frame", "scpi"], &[b"#15he\nlo", b"\r\n", b"1.5\n", b"#29"]),
    (&["--frame", "record", "--verify", "XOR-8"], &[b"abc\x60", b"abc\x61", b"a"]),
    (&["--verify", "CRC-16/MODBUS"], &[b"\x01\x03\0\0\0\x0A\xC5\xCD", b"\x01\x03\0\0\0\x0A\xC5\xCC", b"a"]),
];

/// Reproducible random numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 24) as usize % count
    }
}

/// Creates a capture with streams of these pieces, split arbitrarily. Returns its id.
fn generated(bench: &Bench, pieces: &[&[u8]], is_udp: bool, seed: u64) -> String {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut story = Story::begin(bench, if is_udp { "udp://127.0.0.1:9000" } else { "tcp://127.0.0.1:8080" });
    let peers = [story.joined("127.0.0.1:4001"), story.joined("127.0.0.1:4002")];
    let mut kept: [Vec<u8>; 4] = Default::default();
    for _ in 0..24 {
        let stream = dice.below(4);
        let (peer, direction) = (peers[stream / 2], [RECEIVED, SENT][stream % 2]);
        for _ in 0..=dice.below(3) {
            kept[stream].extend_from_slice(pieces[dice.below(pieces.len())]);
        }
        let len = if is_udp { kept[stream].len() } else { dice.below(kept[stream].len() + 1) };
        let now: Vec<u8> = kept[stream].drain(..len).collect();
        if is_udp || !now.is_empty() {
            story.data(peer, direction, &now);
        }
        if is_udp && dice.below(8) == 0 {
            story.data(peer, direction, b"");
        }
    }
    for (stream, rest) in kept.iter().enumerate().filter(|(_, rest)| !rest.is_empty()) {
        story.data(peers[stream / 2], [RECEIVED, SENT][stream % 2], rest);
    }
    ends(&mut story, &mut dice, peers, is_udp);
    story.writer.id().to_owned()
}

/// Some peers leave, some remain: a program that was killed records no end either.
fn ends(story: &mut Story, dice: &mut Dice, peers: [PeerId; 2], is_udp: bool) {
    if !is_udp && dice.below(2) == 0 {
        let half = NewRecord::bare(RecordKind::HalfClosed, peers[0]);
        story.writer.append(&half).expect("appended");
    }
    if !is_udp && dice.below(2) == 0 {
        story.left(peers[1], CloseReason::Reset);
    }
    story.writer.flush().expect("flushed");
}

/// An item as a format describes it: direction, peer, record of its first byte, kind, check, bytes.
type Item = (String, String, u64, String, String, String);

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The printed items; separators carry no data and are not exported.
fn printed(ended: &Ended) -> Vec<Item> {
    let frames = ended.all("frame").into_iter().filter(|frame| frame["kind"] != "separator");
    let item = |line: Value| {
        let seq = line["seq_first"].as_u64().expect("a number");
        let [direction, peer, kind, check, hex] =
            ["direction", "peer", "kind", "check", "hex"].map(|name| text(&line[name]));
        (direction, peer, seq, kind, check, hex)
    };
    sorted(frames.map(item).collect())
}

fn of_json_lines(ended: &Ended) -> Vec<Item> {
    let lines = ended.lines().into_iter().filter(|line| line["event"] == "received" || line["event"] == "sent");
    let item = |line: Value| {
        let [direction, peer, kind, check, hex] =
            ["event", "peer", "kind", "check", "hex"].map(|name| text(&line[name]));
        (direction, peer, line["seq"].as_u64().expect("a number"), kind, check, hex)
    };
    sorted(lines.map(item).collect())
}

/// The fields contain no quoted comma, so the fields before and after the texts can be split.
fn of_csv(csv: &str) -> Vec<Item> {
    let mut lines = csv.trim_start_matches('\u{FEFF}').lines();
    assert_eq!(lines.next(), Some("seq,time,event,peer,len,hex,text,message,kind,check"));
    let item = |line: &str| {
        let front: Vec<&str> = line.splitn(7, ',').collect();
        let back: Vec<&str> = line.rsplitn(3, ',').collect();
        let field = |text: &str| text.to_owned();
        let hex = front[5].strip_prefix("0x").unwrap_or_default();
        let seq = front[0].parse().expect("a number");
        (field(front[2]), field(front[3]), seq, field(back[1]), field(back[0]), hex.to_owned())
    };
    let is_data = |item: &Item| item.0 == "received" || item.0 == "sent";
    sorted(lines.map(item).filter(is_data).collect())
}

/// Without the bytes, and without the direction, which is in another line.
fn of_hexdump(dump: &str) -> Vec<(String, u64, String)> {
    let lines = dump.lines().filter_map(|line| line.strip_prefix("# record "));
    let item = |line: &str| {
        let parts: Vec<&str> = line.splitn(4, ", ").collect();
        (parts[1].to_owned(), parts[0].parse().expect("a number"), parts[3].to_owned())
    };
    sorted(lines.map(item).collect())
}

fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort();
    items
}

fn is_wrong(item: &Item) -> bool {
    item.3 != "frame" || item.4 == "bad" || item.4 == "too_short"
}

/// IPv4 packets with payload: segments that push, or datagrams.
fn packets(pcapng: &[u8]) -> usize {
    let carries = |packet: &[u8]| match packet[11] {
        6 => packet[35] & 0x08 != 0,
        17 => true,
        _ => false,
    };
    pcapng.windows(36).filter(|bytes| bytes.starts_with(&[0x08, 0x00, 0x45]) && carries(bytes)).count()
}

fn assert_all_forms_hold(bench: &Bench, id: &str, options: &[&str], what: &str) {
    let show = bench.ran(&[&["captures", "show", id, "--json"][..], options].concat()).exits(0);
    let items = printed(&show);
    let export = |form: &str| {
        let command = ["captures", "export", id, "--format", form, "--direction", "both"];
        bench.ran(&[&command[..], options].concat()).exits(0)
    };
    let utf_8 = |ended: Ended| String::from_utf8_lossy(&ended.stdout).into_owned();
    let lines = export("jsonl");
    assert_eq!(of_json_lines(&lines), items, "{what}: jsonl");
    let events = |ended: &Ended| {
        let names = ended.events().into_iter();
        let names = names.filter(|name| !["received", "sent", "frame", "frames"].contains(&name.as_str()));
        sorted(names.collect())
    };
    assert_eq!(events(&lines), events(&show), "{what}: events");
    assert_eq!(of_csv(&utf_8(export("csv"))), items, "{what}: csv");
    let of_item = |(_, peer, seq, kind, check, _): &Item| {
        let check = if check.is_empty() { String::new() } else { format!(", check {}", check.replace('_', " ")) };
        (peer.clone(), *seq, format!("{} bytes, {kind}{check}", 0))
    };
    let without_len = |(peer, seq, rest): (String, u64, String)| (peer, seq, format!("0 bytes, {rest}"));
    let dumped = of_hexdump(&utf_8(export("hexdump"))).into_iter().map(without_len).collect();
    assert_eq!(sorted(dumped), sorted(items.iter().map(of_item).collect()), "{what}: hexdump");
    let bytes = |item: &Item| item.5.len() / 2;
    assert_eq!(export("raw").stdout.len(), items.iter().map(bytes).sum::<usize>(), "{what}: raw");
    let wrong = items.iter().filter(|item| is_wrong(item)).count();
    let count = |text: &str, part: &str| text.matches(part).count();
    let log = utf_8(bench.ran(&[&["captures", "export", id, "--format", "log"][..], options].concat()).exits(0));
    let notes = ["Frame without an end", "no frame", "Too short for", "should be"];
    assert_eq!(notes.map(|note| count(&log, note)).iter().sum::<usize>(), wrong, "{what}: log {log}");
    let netassist = export("netassist");
    assert_eq!(count(&utf_8(netassist), "]# Frame: "), wrong, "{what}: netassist");
    let pcapng = export("pcapng").stdout;
    assert_eq!(packets(&pcapng), items.len(), "{what}: packets");
    assert_eq!(count(&String::from_utf8_lossy(&pcapng), "frame: "), wrong, "{what}: comments");
}

#[test]
fn every_form_holds_each_frame_that_is_shown_and_what_it_is() {
    for (case, (options, pieces)) in (1_u64..).zip(RULES) {
        for is_udp in [false, true] {
            let bench = Bench::new();
            let id = generated(&bench, pieces, is_udp, case);
            assert_all_forms_hold(&bench, &id, options, &format!("{options:?}, UDP: {is_udp}"));
        }
    }
}

#[test]
fn every_form_holds_each_frame_that_passes_a_filter() {
    let (options, pieces) = RULES[2];
    let bench = Bench::new();
    let id = generated(&bench, pieces, false, 77);
    for filter in ["kind=bad", "kind=junk", "kind=data", "kind=event", "dir=sent", "len=..4", "text=ab", "text=ab,not"]
    {
        assert_all_forms_hold(&bench, &id, &[options, &["--filter", filter]].concat(), filter);
    }
    for filter in ["peer=127.0.0.1:4002", "kind=bad,peer=#1", "since=2261-01-01T00:00:00Z", "hex=02 61,dir=received"] {
        assert_all_forms_hold(&bench, &id, &[options, &["--filter", filter]].concat(), filter);
    }
}

#[test]
fn without_a_rule_no_form_says_anything_of_frames() {
    let bench = Bench::new();
    let id = generated(&bench, &[b"abc"], false, 5);
    for (form, names) in [("csv", &[",kind", ",check"][..]), ("jsonl", &["\"kind\"", "\"check\""])] {
        for filter in [&[][..], &["--filter", "dir=received"]] {
            let command = ["captures", "export", &id, "--format", form];
            let text = bench.ran(&[&command[..], filter].concat()).exits(0).stdout;
            let text = String::from_utf8(text).expect("UTF-8");
            assert!(names.iter().all(|name| !text.contains(name)), "{text}");
        }
    }
}

#[test]
fn a_netassist_log_of_frames_is_read_back_as_the_frames() {
    let (options, pieces) = RULES[2];
    for is_udp in [false, true] {
        let bench = Bench::new();
        let id = generated(&bench, pieces, is_udp, 9);
        let show = bench.ran(&[&["captures", "show", &id, "--json"][..], options].concat()).exits(0);
        let log = bench.path("frames.txt");
        let command = ["captures", "export", &id, "--format", "netassist", "--out", shown(&log)];
        bench.ran(&[&command[..], options].concat()).exits(0);
        let written = String::from_utf8_lossy(&std::fs::read(&log).expect("a log")).into_owned();
        for note in ["# Frame: bad check.", "# Frame: none fits.", "# Frame: incomplete."] {
            assert!(written.contains(note), "{written}");
        }
        let read = bench.ran(&["captures", "import", shown(&log)]).exits(0);
        assert!(!read.stderr.contains("left out"), "{}", read.stderr);
        let back = bench.ran(&["captures", "show", "last", "--json"]).exits(0);
        let of = |ended: &Ended, name: &str, direction: &str| -> Vec<(String, String)> {
            let lines = ended.all(name).into_iter();
            let lines = lines.filter(|line| name != "frame" || line["direction"] == direction);
            sorted(lines.map(|line| (text(&line["peer"]), text(&line["hex"]))).collect())
        };
        for direction in ["received", "sent"] {
            assert_eq!(of(&back, direction, direction), of(&show, "frame", direction), "{direction}: {written}");
        }
    }
}

#[test]
fn text_of_filtered_records_has_no_half_characters_of_others() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://127.0.0.1:8080");
    let peer = story.joined("127.0.0.1:4001");
    for part in [&b"1\xE4\xBD"[..], b"\xA0 hidden \xE5", b"\xA5\xBD2"] {
        story.data(peer, RECEIVED, part);
    }
    story.end();
    let lines = bench.ran(&["captures", "export", "last", "--format", "jsonl", "--filter", "len=..3"]).exits(0);
    let texts: Vec<String> = lines.all("received").iter().map(|line| text(&line["text"])).collect();
    assert_eq!(texts, ["1", "好2"]);
}

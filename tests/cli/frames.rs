//! `--frame` and `--verify`: message boundaries applied after recording.

use crate::support::{Bench, Ended, python};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};

/// A peer sends `parts`, each as a separate record because its reply is awaited. Returns the capture's id.
fn recorded(bench: &Bench, parts: &[&[u8]]) -> String {
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--reply", "+", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    for part in parts {
        peer.write_all(part).expect("written");
        peer.read_exact(&mut [0]).expect("answered");
    }
    drop(peer);
    id_of(&listen.end().exits(0))
}

fn id_of(ended: &Ended) -> String {
    ended.summary()["capture"].as_str().expect("an id").to_owned()
}

fn shown(bench: &Bench, id: &str, options: &[&str]) -> Ended {
    bench.ran(&[&["captures", "show", id][..], options].concat()).exits(0)
}

fn texts(frames: &[Value]) -> Vec<&str> {
    frames.iter().map(|frame| frame["text"].as_str().expect("text")).collect()
}

fn received_frames(ended: &Ended) -> Vec<Value> {
    ended.all("frame").into_iter().filter(|frame| frame["direction"] == "received").collect()
}

/// The sticky packets of socket tutorials: two messages, each after its `struct.pack('i', n)`.
const STICKY: &str = r#"
import socket, struct, sys
s = socket.socket()
s.connect((sys.argv[1], int(sys.argv[2])))
more = getattr(socket, 'MSG_MORE', 0)
messages = [b'Hello', b'Welcome']
for i, message in enumerate(messages):
    s.send(struct.pack('i', len(message)), more)
    s.send(message, 0 if i + 1 == len(messages) else more)
s.close()
"#;

#[test]
fn sticky_packets_become_two_frames_without_receiving_again() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-closed"]);
    let at = listen.local();
    python(STICKY, &[&at.ip().to_string(), &at.port().to_string()]).end().exits(0);
    let listened = listen.end().exits(0);
    let id = id_of(&listened);
    let records = listened.all("received");
    if cfg!(target_os = "linux") {
        assert_eq!(records.len(), 1, "they stick together: {records:?}");
    }

    let ended = shown(&bench, &id, &["--json", "--frame", "py-struct-i"]);
    let frames = ended.all("frame");
    assert_eq!(texts(&frames), ["Hello", "Welcome"]);
    assert!(ended.all("received").is_empty(), "frames instead of records");
    let (first, second) = (&frames[0], &frames[1]);
    assert_eq!(first["hex"], "0500000048656c6c6f");
    assert_eq!((&first["len"], &first["offset"], &second["offset"]), (&9.into(), &0.into(), &9.into()));
    assert_eq!((&first["kind"], &first["payload"]), (&"frame".into(), &"48656c6c6f".into()));
    assert_eq!(first["seq_first"], records[0]["seq"]);
    assert_eq!((&first["time"], &first["peer"]), (&records[0]["time"], &records[0]["peer"]));
    assert_eq!(second["seq_last"], records[records.len() - 1]["seq"]);
    assert_eq!(ended.lines().last().expect("counts")["frames"], 2);

    let plain = shown(&bench, &id, &["--frame", "len:offset=0,size=4,endian=little,header=4"]);
    assert_eq!(String::from_utf8_lossy(&plain.stdout), "Hello\nWelcome\n");
    let hex = shown(&bench, &id, &["--frame", "py-struct-i", "--show", "hex"]);
    assert_eq!(String::from_utf8_lossy(&hex.stdout), "05 00 00 00 48 65 6c 6c 6f\n07 00 00 00 57 65 6c 63 6f 6d 65\n");
    let unframed = shown(&bench, &id, &["--json"]);
    assert_eq!(unframed.all("received"), records, "the capture is as it was");
}

#[test]
fn a_frame_names_the_records_it_lies_in() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"one\ntw", b"o", b"\nthree", b"\nfo"]);
    let records = shown(&bench, &id, &["--json"]).all("received");
    let seq = |index: usize| records[index]["seq"].clone();
    let ended = shown(&bench, &id, &["--json", "--frame", "line"]);
    let frames = received_frames(&ended);
    assert_eq!(texts(&frames), ["one", "two", "three", "fo"]);
    let spans: Vec<_> = frames.iter().map(|frame| (frame["seq_first"].clone(), frame["seq_last"].clone())).collect();
    assert_eq!(spans, [(seq(0), seq(0)), (seq(0), seq(2)), (seq(2), seq(3)), (seq(3), seq(3))]);
    let kinds: Vec<_> = frames.iter().map(|frame| frame["kind"].as_str().expect("a kind")).collect();
    assert_eq!(kinds, ["frame", "frame", "frame", "incomplete"]);
    let peer_left = ended.events().iter().position(|event| event == "peer_left").expect("told");
    let last_frame = ended.events().iter().rposition(|event| event == "frame").expect("told");
    assert!(last_frame < peer_left, "what is unfinished stands before the end");

    // A part: frames that start there, complete, although the streams are cut from their start.
    let from = seq(1).to_string();
    let part = shown(&bench, &id, &["--json", "--frame", "line", "--from", &from, "--count", "1"]);
    assert_eq!(texts(&received_frames(&part)), ["three"]);
    let plain = shown(&bench, &id, &["--frame", "line"]);
    assert_eq!(String::from_utf8_lossy(&plain.stdout), "one\ntwo\nthree\nfo  [incomplete]\n");
    assert!(plain.stderr.contains("3 frames, 0 with a bad check, 0 bytes unframed, 1 incomplete"), "{}", plain.stderr);
}

#[test]
fn a_check_of_bytes_that_are_not_hex_has_no_computed_value() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b":010300000002FA\r\n:01G300000002FA\r\n:010300000002xx\r\n"]);
    let ended = shown(&bench, &id, &["--json", "--frame", "modbus-ascii"]);
    let frames = received_frames(&ended);
    let checks: Vec<_> = frames.iter().map(|frame| (&frame["check"], frame.get("computed").is_some())).collect();
    assert_eq!(checks, [(&"ok".into(), false), (&"bad".into(), false), (&"bad".into(), true)]);
    for name in ["found", "found_wire", "computed_wire"] {
        assert_eq!(frames[1].get(name), None, "{name}");
    }
    let plain = shown(&bench, &id, &["--frame", "modbus-ascii"]);
    let text = String::from_utf8_lossy(&plain.stdout).into_owned();
    assert!(text.contains("[NEG-SUM-8 cannot be computed: the bytes it covers are not pairs of hex digits]"), "{text}");
}

#[test]
fn checksums_are_verified_on_what_was_received() {
    let bench = Bench::new();
    let request = [1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD];
    let mut broken = request;
    broken[3] = 1;
    let id = recorded(&bench, &[&request, &broken, &[1]]);
    let ended = shown(&bench, &id, &["--json", "--verify", "crc16-modbus", "--show", "hex"]);
    let frames = received_frames(&ended);
    let checks: Vec<_> = frames.iter().map(|frame| frame["check"].as_str().expect("checked")).collect();
    assert_eq!(checks, ["ok", "bad", "too_short"]);
    assert_eq!(frames[0].get("computed"), None);
    assert_eq!((&frames[1]["computed"], &frames[1]["found"]), (&"0d94".into(), &"cdc5".into()));
    assert_eq!((&frames[1]["computed_wire"], &frames[1]["found_wire"]), (&"940d".into(), &"c5cd".into()));
    assert_eq!(frames[1].get("text"), None, "not with --show hex");

    let fixed = shown(&bench, &id, &["--frame", "fixed:8", "--verify", "CRC-16/MODBUS", "--show", "hex"]);
    let lines = String::from_utf8(fixed.stdout).expect("text");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines[0], "01 03 00 00 00 0a c5 cd");
    assert_eq!(lines[1], "01 03 00 01 00 0a c5 cd  [CRC-16/MODBUS is C5 CD (0xCDC5), should be 94 0D (0x0D94)]");
    assert_eq!(lines[2], "01  [incomplete]");
    assert!(fixed.stderr.contains("2 frames, 1 with a bad check"), "{}", fixed.stderr);

    let mut chinese = bench.command(&["captures", "show", &id, "--frame", "fixed:8+crc16-modbus"]);
    chinese.args(["--lang", "zh-CN", "--show", "none"]);
    let chinese = crate::support::Process::start(chinese).end().exits(0);
    assert!(chinese.stdout.is_empty() && chinese.stderr.contains("校验错误 1 帧"), "{chinese:?}");
}

#[test]
fn each_datagram_is_framed_for_itself_and_empty_ones_are_seen() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--until-bytes", "8"]);
    let at = listen.local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    for datagram in [&b"a\nb"[..], b"", b"c\nd\n", b"!"] {
        socket.send_to(datagram, at).expect("sent");
        listen.event("received");
    }
    let id = id_of(&listen.end().exits(0));
    for (rule, rest) in [("line", "frame"), ("delim:0A", "incomplete")] {
        let frames = shown(&bench, &id, &["--json", "--frame", rule]).all("frame");
        assert_eq!(texts(&frames), ["a", "b", "", "c", "d", "!"]);
        let kinds: Vec<_> = frames.iter().map(|frame| frame["kind"].as_str().expect("a kind")).collect();
        assert_eq!(kinds, ["frame", rest, "frame", "frame", "frame", rest], "{rule}: only a line ends with a datagram");
    }
}

#[test]
fn sentences_of_a_receiver_are_frames_without_check_cr_or_line_end() {
    let bench = Bench::new();
    let listen = ["listen", "udp://127.0.0.1:0", "--frame", "nmea", "--until-frames", "6", "--fail-on-bad"];
    let mut listen = bench.json(&listen);
    let at = listen.local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    let place = "$GPGLL,5057.970,N,00146.110,E,142451,A";
    let ais = "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C";
    for datagram in [place.to_owned(), format!("{place}*27\n{place}"), format!("{ais}\r\n"), format!("{ais}\n{place}")]
    {
        socket.send_to(datagram.as_bytes(), at).expect("sent");
    }
    let frames = received_frames(&listen.end().exits(0));
    let checks: Vec<_> = frames.iter().map(|frame| frame["check"].as_str()).collect();
    assert_eq!(checks, [None, Some("ok"), None, Some("ok"), Some("ok"), None]);
    assert!(texts(&frames)[0].ends_with("142451,A") && frames.iter().all(|frame| frame["kind"] == "frame"));

    let id = recorded(&bench, &[format!("{place}\n{place}*27\n{place}*28\r\n").as_bytes()]);
    let plain = shown(&bench, &id, &["--frame", "nmea"]);
    let lines = String::from_utf8_lossy(&plain.stdout).into_owned();
    assert_eq!(lines.matches("[XOR-8 is 28, should be 27]").count(), 1, "{lines}");
    assert!(plain.stderr.contains("3 frames, 1 with a bad check, 0 bytes unframed, 0 incomplete"), "{}", plain.stderr);
}

#[test]
fn bytes_of_a_peer_reach_no_terminal_unchanged_in_frames_either() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"\x1b[31mred\x07\rx\n"]);
    let plain = shown(&bench, &id, &["--frame", "line"]);
    assert_eq!(String::from_utf8_lossy(&plain.stdout), "\\x1B[31mred\\x07\\rx\n");
}

#[test]
fn frames_are_told_while_they_come_in() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--frame", "py-struct-i", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"\x05\0\0\0Hello\x07\0\0\0Wel").expect("written");
    assert_eq!(listen.event("frame")["text"], "Hello");
    peer.write_all(b"come\x02\0\0\0!").expect("written");
    assert_eq!(listen.event("frame")["text"], "Welcome");
    drop(peer);
    let ended = listen.end().exits(0);
    let names = ended.events();
    assert_eq!(names[names.len() - 5..], ["frame", "peer_left", "closed", "frames", "summary"]);
    assert_eq!(ended.all("frame")[2]["kind"], "incomplete");
    assert_eq!(ended.all("frames")[0]["incomplete"], 1);
    assert_eq!(ended.summary()["received_bytes"], 25);
    let shown = shown(&bench, "last", &["--json", "--frame", "py-struct-i"]);
    assert_eq!(shown.all("frame"), ended.all("frame"), "the same afterwards");
}

#[test]
fn a_gap_ends_a_frame_although_nothing_more_comes() {
    let bench = Bench::new();
    let request = [1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD];
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--frame", "gap:20ms+CRC-16/MODBUS", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    for _ in 0..2 {
        peer.write_all(&request).expect("written");
        let frame = listen.event("frame");
        assert_eq!((&frame["check"], &frame["len"]), (&"ok".into(), &8.into()));
    }
    drop(peer);
    let ended = listen.end().exits(0);
    assert_eq!(ended.all("frames")[0]["frames"], 2);
}

#[test]
fn modbus_rtu_over_tcp_needs_no_silence_and_no_whole_reads() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--frame", "modbus-rtu", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    let request = [1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD];
    // Two in one read, then one in two parts, the second part after the first was recorded.
    peer.write_all(&[request, request].concat()).expect("written");
    listen.event("frame");
    listen.event("frame");
    peer.write_all(&request[..3]).expect("written");
    std::thread::sleep(std::time::Duration::from_millis(40)); // what a gateway takes
    peer.write_all(&request[3..]).expect("written");
    listen.event("frame");
    drop(peer);
    let ended = listen.end().exits(0);
    assert!(ended.all("frame").iter().all(|frame| frame["check"] == "ok" && frame["len"] == 8));
    assert_eq!(ended.all("frames")[0]["frames"], 3);
}

#[test]
fn presets_take_options_and_what_has_no_effect_is_refused() {
    let bench = Bench::new();
    let refused = bench.ran(&["listen", "127.0.0.1:0", "--lang", "en", "--frame", "record:max=10"]).exits(2);
    assert!(refused.stderr.contains("max has no effect on record"), "{}", refused.stderr);
    let refused = bench.ran(&["listen", "127.0.0.1:0", "--lang", "zh-CN", "--frame", "record:max=10"]).exits(2);
    assert!(refused.stderr.contains("max 对 record 不起作用"), "{}", refused.stderr);
    let id = recorded(&bench, &[b"\x30\x02ok\x30\x80\x20"]);
    let shown = shown(&bench, &id, &["--json", "--frame", "mqtt:max=1KiB"]);
    let frames = shown.all("frame").into_iter().filter(|frame| frame["direction"] == "received");
    let kinds: Vec<_> = frames.map(|frame| frame["kind"].clone()).collect();
    assert_eq!(kinds, ["frame", "junk"]);
}

#[test]
fn what_fits_no_frame_is_told_while_the_peer_is_there() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--frame", "py-struct-i", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"\x02\0\0\0okGET / HTTP/1.1\r\n").expect("written");
    assert_eq!(listen.event("frame")["text"], "ok");
    let junk = listen.event("frame");
    assert_eq!((&junk["kind"], &junk["text"]), (&"junk".into(), &"GET / HTTP/1.1\r\n".into()));
    drop(peer);
    assert_eq!(listen.end().exits(0).all("frames")[0]["junk_bytes"], 16);
}

#[test]
fn connect_frames_both_directions() {
    let bench = Bench::new();
    let mut listen = bench.plain(&["listen", "127.0.0.1:0", "--echo", "--until-closed", "--frame", "line"]);
    let at = listen.plain_local().to_string();
    let options = ["--send", r"one\ntwo\n", "--escape", "--frame", "line"];
    let ended = bench.json(&[&["connect", &at][..], &options].concat()).end().exits(0);
    for direction in ["sent", "received"] {
        let frames: Vec<Value> =
            ended.all("frame").into_iter().filter(|frame| frame["direction"] == direction).collect();
        assert_eq!(texts(&frames), ["one", "two"], "{direction}");
    }
    let listened = listen.end().exits(0);
    assert_eq!(String::from_utf8_lossy(&listened.stdout), "one\ntwo\n");
    assert!(listened.stderr.contains("2 frames, 0 with a bad check"), "{}", listened.stderr);
}

#[test]
fn sent_bytes_are_not_among_the_counts_of_received_frames() {
    let bench = Bench::new();
    let arguments = ["listen", "127.0.0.1:0", "--frame", "py-struct-i", "--reply", "abc", "--until-closed"];
    let mut listen = bench.json(&arguments);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"\x02\0\0\0ok").expect("written");
    peer.read_exact(&mut [0; 3]).expect("a reply");
    drop(peer);
    let counts = &listen.end().exits(0).all("frames")[0];
    assert_eq!((&counts["frames"], &counts["junk_bytes"], &counts["incomplete"]), (&1.into(), &0.into(), &0.into()));
    assert!(counts["sent_frames"].is_null() && counts["sent_incomplete"] == 1, "{counts}");
    let shown = shown(&bench, "last", &["--frame", "py-struct-i", "--direction", "both"]);
    let (received, sent) = ("<- 1 frame, 0 with a bad check, 0 bytes unframed, 0 incomplete", "-> 0 frames, 0 with");
    assert!(shown.stderr.contains(received) && shown.stderr.contains(sent), "{}", shown.stderr);
}

#[test]
fn with_show_none_frames_are_only_counted() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--frame", "line", "--show", "none", "--until-bytes", "8"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"a\nb\nc\nd\n").expect("written");
    let ended = listen.end().exits(0);
    assert!(ended.all("frame").is_empty());
    assert_eq!(ended.all("frames")[0]["frames"], 4);
}

#[test]
fn a_filter_tells_some_frames_and_counts_only_these() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"\x05\0\0\0Hello\x07\0\0\0Wel", b"come\x03\0\0\0abc"]);
    let show = |filter: &str| shown(&bench, &id, &["--frame", "py-struct-i", "--json", "--filter", filter]);
    assert_eq!(texts(&received_frames(&show("text=EL,nocase,dir=received"))), ["Hello", "Welcome"]);
    assert_eq!(texts(&received_frames(&show("len=..9,dir=received"))), ["Hello", "abc"]);
    let counts = show("hex=61 62 ??").all("frames");
    assert_eq!(counts[0]["frames"], 1);
    let wrong = bench.ran(&["captures", "show", &id, "--filter", "len=9..1"]).exits(2);
    assert!(wrong.stderr.contains("--filter") && wrong.stderr.contains("9..1"), "{}", wrong.stderr);
}

#[test]
fn records_are_filtered_and_characters_over_hidden_ones_stay_whole() {
    let bench = Bench::new();
    let id = recorded(&bench, &["好你".as_bytes().split_at(4).0, "好你".as_bytes().split_at(4).1, b" end"]);
    let all = shown(&bench, &id, &["--json"]).all("received");
    assert_eq!(texts(&all), ["好", "你", " end"]);
    let some = shown(&bench, &id, &["--json", "--filter", "len=..3"]);
    assert_eq!(texts(&some.all("received")), ["你"]);
    assert!(some.all("peer_joined").is_empty(), "events have no length");
}

#[test]
fn frames_are_exported_and_searched_as_frames() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"\x05\0\0\0Hello\x07\0\0\0Wel", b"come"]);
    let export = |options: &[&str]| {
        bench.ran(&[&["captures", "export", &id, "--frame", "py-struct-i"][..], options].concat()).exits(0).stdout
    };
    assert_eq!(export(&["--format", "raw", "--filter", "text=Welcome"]), b"\x07\0\0\0Welcome");
    let csv = String::from_utf8(export(&["--format", "csv", "--direction", "received"])).expect("UTF-8");
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert_eq!(rows.len(), 2, "{csv}");
    assert!(rows[1].contains(",11,0x07000000") && rows[1].contains("Welcome"), "{csv}");
    let log = String::from_utf8(export(&["--format", "log", "--filter", "dir=received"])).expect("UTF-8");
    assert_eq!(log.lines().count(), 2, "{log}");
    // Across two records, within one frame.
    let search = |options: &[&str]| bench.ran(&[&["captures", "search", &id, "--json"][..], options].concat());
    let hit = &search(&["--text", "lcom", "--frame", "py-struct-i"]).exits(0).lines()[0];
    assert_eq!(hit["frame"]["offset"], 6);
    assert_eq!(hit["frame"]["len"], 11);
    // Across two frames: in neither of them.
    search(&["--hex", "6F 07", "--frame", "py-struct-i"]).exits(1);
    search(&["--hex", "6F 07"]).exits(0);
    search(&["--text", "Hello", "--filter", "dir=sent"]).exits(1);
}

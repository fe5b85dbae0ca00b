//! `text`: characters across reads, encodings, invalid bytes, tails.

use crate::support::{Bench, Ended, python};
use std::io::Write;
use std::net::{TcpStream, UdpSocket};
use std::time::Duration;

/// Received by a listener from one peer that sends `parts`, each after the previous one was printed.
fn received(options: &[&str], parts: &[&[u8]]) -> Ended {
    let bench = Bench::new();
    let mut listen =
        bench.json(&[&["listen", "127.0.0.1:0", "--until-closed", "--timeout", "25s"][..], options].concat());
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    for part in parts {
        peer.write_all(part).expect("written");
        listen.event("received");
    }
    drop(peer);
    listen.end().exits(0)
}

fn texts(ended: &Ended) -> Vec<String> {
    ended.all("received").iter().map(|line| line["text"].as_str().expect("text").to_owned()).collect()
}

#[test]
fn a_character_cut_over_reads_appears_whole_in_the_record_that_completes_it() {
    for (encoding, bytes, text) in [
        ("utf-8", "a你😀z".as_bytes(), "a你😀z"),
        ("gbk", b"a\xc4\xe3\xba\xc3z", "a你好z"),
        ("gb18030", b"\x94\x39\xda\x33", "💩"),
        ("big5", b"\xa7\x41\xa6\x6e", "你好"),
        ("shift_jis", b"\x82\xb1\x83\x5c", "こソ"),
        ("utf-16le", b"\x60\x4f\x3d\xd8\x00\xde", "你😀"),
    ] {
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        let ended = received(&["--encoding", encoding], &single);
        assert_eq!(ended.text("received"), text, "{encoding} in single bytes");
        assert_eq!(ended.payload("received"), bytes);
        assert!(ended.all("peer_left")[0].get("tail").is_none(), "{encoding}");
    }
    let ended = received(&["--encoding", "gbk"], &[b"\xc4", b"\xe3\xba", b"\xc3"]);
    assert_eq!(texts(&ended), ["", "你", "好"]);
}

#[test]
fn a_gbk_character_cut_by_a_slow_python_client_is_whole() {
    const SLOW: &str = r#"
import socket, sys, time
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
data = '你好'.encode('gbk')
for cut in (data[:1], data[1:3], data[3:]):
    s.send(cut)
    time.sleep(0.05)
s.close()
"#;
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--encoding", "gbk", "--until-closed"]);
    let port = listen.local().port().to_string();
    python(SLOW, &["127.0.0.1", &port]).end().exits(0);
    assert_eq!(listen.end().exits(0).text("received"), "你好");
}

#[test]
fn bytes_that_are_no_character_are_shown_as_such_and_never_dropped() {
    let ended = received(&[], &[b"a\xffb\xc0\xafc"]);
    assert_eq!(ended.text("received"), "a\\xFFb\\xC0\\xAFc");
    let ended = received(&["--encoding", "gbk"], &[b"\xc4\xe3\xff\x81\x20"]);
    assert!(ended.text("received").starts_with("你\\xFF\\x81"), "{}", ended.text("received"));
}

#[test]
fn characters_are_unchanged_in_json() {
    let text = "tab\tnul\0esc\u{1b}[31m rtl\u{202e} quote\" back\\slash\r\n";
    assert_eq!(received(&[], &[text.as_bytes()]).text("received"), text);
}

/// Characters that a terminal obeys, or that reorder or hide surrounding text.
const HOSTILE: &str = "a\u{9b}31mb\u{1b}[2J\u{7f}\u{202e}c\u{2066}d\u{200f}\u{2028}e\u{2029}\u{feff}\u{ad}\u{e0041}你";

#[test]
fn no_output_brings_a_hidden_character_to_a_terminal_and_json_reads_back() {
    let safe = |bytes: &[u8], what: &str| {
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        let hidden: Vec<char> = text.chars().filter(|c| *c != '\n' && wirebench::codec::safe::is_hidden(*c)).collect();
        assert!(hidden.is_empty(), "{what}: {}", text.escape_debug());
        text
    };
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(format!("{HOSTILE}\n").as_bytes()).expect("written");
    drop(peer);
    let ended = listen.end().exits(0);
    safe(&ended.stdout, "listen --json");
    assert_eq!(ended.text("received"), format!("{HOSTILE}\n"));
    for (arguments, reads_back) in [
        (&["show", "last", "--json"][..], true),
        (&["show", "last", "--json", "--frame", "line"], true),
        (&["show", "last"], false),
        (&["show", "last", "--frame", "line"], false),
        (&["export", "last", "--format", "jsonl"], true),
        (&["export", "last", "--format", "csv"], false),
        (&["search", "last", "--text", "你", "--json"], false),
        (&["search", "last", "--text", "你"], false),
        (&["list", "--json"], false),
    ] {
        let ended = bench.ran(&[&["captures"][..], arguments].concat()).exits(0);
        // The byte order mark of a CSV file is for spreadsheets.
        let bytes = ended.stdout.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&ended.stdout);
        let text = safe(&bytes.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<_>>(), &arguments.join(" "));
        let lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let texts: Vec<String> = lines.filter_map(|line| line["text"].as_str().map(str::to_owned)).collect();
        assert_eq!(texts.iter().any(|text| text.starts_with(HOSTILE)), reads_back, "{arguments:?}");
    }
}

#[test]
fn what_is_unfinished_at_the_end_of_a_stream_is_its_tail() {
    let ended = received(&[], &[b"ok\xe4\xbd"]);
    assert_eq!(ended.text("received"), "ok");
    assert_eq!(ended.all("peer_left")[0]["tail"], "\\xE4\\xBD");
}

#[test]
fn the_streams_of_two_peers_do_not_mix() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-bytes", "6"]);
    let at = listen.local();
    let mut peers: Vec<_> = (0..2).map(|_| TcpStream::connect(at).expect("connected")).collect();
    for byte in "你".as_bytes().chunks(1) {
        for peer in &mut peers {
            peer.write_all(byte).expect("written");
            listen.event("received");
        }
    }
    assert_eq!(listen.end().exits(0).text("received"), "你你");
}

#[test]
fn each_datagram_stands_alone() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--until-bytes", "6", "--encoding", "utf-8"]);
    let at = listen.local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.set_write_timeout(Some(Duration::from_secs(5))).expect("set");
    for part in [&b"\xe4\xbd"[..], b"\xa0", b"\xe4\xbd\xa0"] {
        socket.send_to(part, at).expect("sent");
        listen.event("received");
    }
    assert_eq!(texts(&listen.end().exits(0)), ["\\xE4\\xBD", "\\xA0", "你"]);
}

#[test]
fn text_is_left_out_where_hex_or_dump_is_asked() {
    for form in ["hex", "dump"] {
        let ended = received(&["--show", form], &[b"abc"]);
        let line = &ended.all("received")[0];
        assert_eq!(line["hex"], "616263");
        assert!(line.get("text").is_none(), "{line}");
    }
}

/// The middle of 中国 in GBK is 泄.
#[test]
fn text_is_found_at_the_borders_of_characters_only() {
    let bench = Bench::new();
    let mut listen = bench.json(&[
        "listen",
        "127.0.0.1:0",
        "--until-closed",
        "--encoding",
        "gbk",
        "--expect",
        "泄",
        "--timeout",
        "3s",
    ]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"\xD6\xD0\xB9\xFA").expect("written");
    listen.event("received");
    drop(peer);
    listen.end().exits(1);
    let search = |arguments: &[&str], code: i32| {
        let all = [&["captures", "search", "last"][..], arguments].concat();
        bench.ran(&all).exits(code);
    };
    search(&["--encoding", "GBK", "--text", "泄"], 1);
    search(&["--encoding", "GBK", "--text", "泄", "--ignore-case"], 1);
    search(&["--encoding", "GBK", "--text", "中国"], 0);
    search(&["--hex", "D0 B9"], 0);
    let shown = |filter: &str| {
        let arguments = ["captures", "show", "last", "--encoding", "gbk", "--json", "--filter", filter];
        bench.ran(&arguments).exits(0).all("received").len()
    };
    assert_eq!((shown("text='泄'"), shown("text='中'"), shown("hex='D0B9'")), (0, 1, 1));
}

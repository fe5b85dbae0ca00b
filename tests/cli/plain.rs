//! Without `--json`: standard output contains only the payload; everything else is on standard error.

use crate::support::{Bench, Ended, peer, shown};
use std::io::Write;
use std::net::{TcpStream, UdpSocket};

fn received(options: &[&str], parts: &[&[u8]]) -> Ended {
    let bench = Bench::new();
    let total: usize = parts.iter().map(|part| part.len()).sum();
    let total = total.to_string();
    let mut listen = bench.plain(&[&["listen", "udp://127.0.0.1:0", "--until-bytes", &total][..], options].concat());
    let at = listen.plain_local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    for part in parts {
        socket.send_to(part, at).expect("sent");
    }
    listen.end().exits(0)
}

#[test]
fn text_is_the_decoded_stream_and_nothing_else() {
    let bench = Bench::new();
    let mut listen = bench.plain(&["listen", "127.0.0.1:0", "--until-closed", "--encoding", "gbk"]);
    let at = listen.plain_local();
    let mut peer = TcpStream::connect(at).expect("connected");
    peer.write_all(b"\xc4").expect("written");
    peer.write_all(b"\xe3\xba\xc3 hello\r\n\ttab").expect("written");
    listen.stdout_with("tab");
    peer.write_all(b"\xc4").expect("written");
    drop(peer);
    let ended = listen.end().exits(0);
    assert_eq!(String::from_utf8(ended.stdout).expect("text"), "你好 hello\r\n\ttab\\xC4");
    let first = ended.stderr.lines().next().unwrap_or_default();
    assert_eq!(first, format!("listening on {at}"));
    assert!(ended.stderr.contains("capture"), "the summary names the capture: {}", ended.stderr);
}

#[test]
fn connect_says_so_first() {
    let bench = Bench::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    let connect = bench.plain(&["connect", &at, "--send", "not shown"]);
    let (mut peer, _) = listener.accept().expect("accepted");
    peer.write_all(b"shown").expect("written");
    let mut asked = Vec::new();
    std::io::Read::read_to_end(&mut peer, &mut asked).expect("read");
    drop(peer);
    let ended = connect.end().exits(0);
    assert_eq!(String::from_utf8(ended.stdout).expect("text"), "shown");
    assert!(ended.stderr.starts_with(&format!("connected to {at}")), "{}", ended.stderr);
}

#[test]
fn control_characters_are_escaped_in_pipes_too() {
    let ended = received(&[], &[b"\x1b[31mred\x07\x00\x7f \xc2\x9b31m a\tb\r\n"]);
    assert_eq!(String::from_utf8(ended.stdout).expect("text"), "\\x1B[31mred\\x07\\x00\\x7F \\u{9B}31m a\tb\r\n");
}

#[test]
fn hex_is_one_record_a_line() {
    let ended = received(&["--show", "hex"], &[b"Hel", b"", b"lo\x00\xff"]);
    assert_eq!(String::from_utf8(ended.stdout).expect("text"), "48 65 6c\n\n6c 6f 00 ff\n");
}

#[test]
fn dump_has_the_form_of_hexdump() {
    let payload: Vec<u8> = b"0123456789abcdef".repeat(3).into_iter().chain(*b"\x00\xfftail").collect();
    let ended = received(&["--show", "dump"], &[&payload]);
    let mut hexdump = peer("hexdump", &["-C"]);
    hexdump.write_stdin(&payload);
    let expected = hexdump.end().exits(0);
    assert_eq!(String::from_utf8(ended.stdout).expect("text"), String::from_utf8(expected.stdout).expect("text"));
}

#[test]
fn none_shows_nothing() {
    let ended = received(&["--show", "none"], &[b"secret"]);
    assert!(ended.stdout.is_empty());

    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--until-bytes", "6", "--show", "none"]);
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.send_to(b"secret", listen.local()).expect("sent");
    assert_eq!(listen.end().exits(0).events(), ["listening", "peer_joined", "closed", "summary"]);
}

#[test]
fn messages_follow_the_language() {
    let bench = Bench::new();
    let ended = bench.ran(&["listen", "127.0.0.1:0", "--for", "50ms", "--lang", "zh-CN"]).exits(0);
    assert!(ended.stderr.starts_with("listening on 127.0.0.1:"), "{}", ended.stderr);
    assert!(ended.stderr.contains("接收"), "{}", ended.stderr);
}

#[test]
fn the_log_has_everything_with_times_and_is_appended_to() {
    let bench = Bench::new();
    let log = bench.file("log", "earlier\n");
    for form in ["text", "hex"] {
        let mut listen =
            bench.json(&["listen", "127.0.0.1:0", "--until-closed", "--echo", "--show", form, "--log", shown(&log)]);
        let mut peer = TcpStream::connect(listen.local()).expect("connected");
        peer.write_all(b"a\n\x1bb").expect("written");
        listen.event("sent");
        drop(peer);
        listen.end().exits(0);
    }
    let log = std::fs::read_to_string(log).expect("read");
    assert!(log.starts_with("earlier\n"), "{log}");
    for (mark, shown) in [("<-", "a\\n\\x1Bb"), ("->", "a\\n\\x1Bb"), ("<-", "61 0a 1b 62"), ("->", "61 0a 1b 62")] {
        let found = log.lines().any(|line| {
            let words: Vec<_> = line.splitn(5, ' ').collect();
            words.get(1) == Some(&mark) && words.get(2) == Some(&"#1") && line.ends_with(&format!("  {shown}"))
        });
        assert!(found, "no {mark} {shown} in {log}");
    }
    for line in log.lines().skip(1) {
        let time = line.split(' ').next().unwrap_or_default();
        assert!(time.len() == 29 && time.as_bytes()[10] == b'T', "each line has its time: {line}");
    }
}

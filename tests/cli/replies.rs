//! Replies to frames.

use crate::support::Bench;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

/// What a program at the other end gets back for these parts, each of which arrives by itself, and a FIN.
fn answers(options: &[&str], parts: &[&[u8]]) -> Vec<u8> {
    let bench = Bench::new();
    let mut listen = bench.json(&[&["listen", "127.0.0.1:0", "--until-closed"][..], options].concat());
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.set_nodelay(true).expect("option");
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            // A hint only: the answers are the same if both parts arrive together.
            std::thread::sleep(Duration::from_millis(20));
        }
        peer.write_all(part).expect("written");
    }
    peer.shutdown(Shutdown::Write).expect("connected");
    let mut answers = Vec::new();
    peer.read_to_end(&mut answers).expect("a FIN");
    let ended = listen.end().exits(0);
    assert!(ended.all("warning").is_empty(), "{ended:?}");
    answers
}

#[test]
fn each_frame_gets_one_reply() {
    let reply = ["--frame", "line", "--reply", "ACK"];
    assert_eq!(answers(&reply, &[b"a\nb\nc\n"]), b"ACKACKACK");
    assert_eq!(answers(&reply, &[b"re", b"q1\n"]), b"ACK");
    assert_eq!(answers(&["--frame", "fixed:2", "--reply-hex", "00 ff"], &[b"abc", b"def"]), b"\x00\xff".repeat(3));
    assert_eq!(answers(&["--frame", "line", "--reply-upper"], &[b"one\ntw", b"o\nrest"]), b"ONE\nTWO\n");
    assert_eq!(answers(&["--frame", "line", "--echo"], &[b"one\ntw", b"o\nrest"]), b"one\ntwo\nrest");
}

#[test]
fn a_wrong_check_gets_no_reply_but_is_echoed() {
    let check = ["--frame", "fixed:4", "--verify", "CRC-16/MODBUS"];
    // The CRC of `12` is right, that of `xy` is not.
    let stream: &[u8] = b"12\x95\xf5xy\0\0";
    let with = |reply: &[&str]| answers(&[&check[..], reply].concat(), &[stream]);
    assert_eq!(with(&["--reply", "+"]), b"+");
    assert_eq!(with(&["--echo"]), stream);
}

#[test]
fn a_client_replies_to_frames() {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("bound").to_string();
    let connect = bench.json(&["connect", &at, "--frame", "line", "--reply", "+"]);
    let (mut peer, _) = listener.accept().expect("a connection");
    peer.write_all(b"a\nb\nhalf").expect("written");
    peer.shutdown(Shutdown::Write).expect("connected");
    let mut answers = Vec::new();
    peer.read_to_end(&mut answers).expect("a FIN");
    assert_eq!(answers, b"++");
    connect.end().exits(0);
}

#[test]
fn each_frame_of_a_datagram_gets_one_reply() {
    let bench = Bench::new();
    let mut listen =
        bench.json(&["listen", "udp://127.0.0.1:0", "--frame", "line", "--reply", "+", "--until-bytes", "5"]);
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a port");
    peer.set_read_timeout(Some(Duration::from_secs(20))).expect("time-out");
    peer.send_to(b"a\nb\nc", listen.local()).expect("sent");
    let mut buffer = [0; 9];
    for _ in 0..3 {
        let count = peer.recv(&mut buffer).expect("an answer");
        assert_eq!(&buffer[..count], b"+");
    }
    let ended = listen.end().exits(0);
    assert_eq!(ended.summary()["sent_records"], Value::from(3));
}

//! `--sequence`: loss, order and jitter by a number in each message.

use crate::support::Bench;
use std::io::Write;
use std::net::{TcpStream, UdpSocket};

#[test]
fn losses_of_each_sender_are_counted_live_and_in_the_capture() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--sequence", "2:u16", "--until-bytes", "28"]);
    let to = listen.local();
    for numbers in [&[1_u16, 2, 5, 4, 4][..], &[7, 8]] {
        let sender = UdpSocket::bind("127.0.0.1:0").expect("a port");
        for number in numbers {
            let [high, low] = number.to_be_bytes();
            sender.send_to(&[0xAA, 0xAA, high, low], to).expect("sent");
        }
    }
    let ended = listen.end().exits(0);
    let live = ended.all("sequence");
    let figures = |line: &serde_json::Value| {
        ["received", "lost", "duplicated", "reordered", "restarted", "short"].map(|name| line[name].as_u64())
    };
    assert_eq!(
        live.iter().map(figures).collect::<Vec<_>>(),
        [[5, 1, 1, 1, 0, 0].map(Some), [2, 0, 0, 0, 0, 0].map(Some),]
    );
    assert!(live[0]["jitter_us"].is_u64() && live[0]["peer"].is_string());
    let shown = bench.ran(&["captures", "show", "last", "--json", "--sequence", "2:u16"]).exits(0);
    assert_eq!(
        shown.all("sequence").iter().map(figures).collect::<Vec<_>>(),
        live.iter().map(figures).collect::<Vec<_>>()
    );
    for (lang, says) in [
        ("en", "5 received, 1 lost (20.00 %), 1 duplicated, 1 out of order"),
        ("zh-CN", "丢失 1（20.00 %），重复 1，乱序 1"),
    ] {
        let options = ["captures", "show", "last", "--show", "none", "--sequence", "2:u16", "--lang", lang];
        let text = bench.ran(&options).exits(0).stderr;
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn a_stream_is_counted_by_its_frames() {
    let bench = Bench::new();
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--frame", "fixed:3", "--sequence", "1:u16le", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"x\x01\x00x\x02\x00x\x04\x00").expect("sent");
    drop(peer);
    let line = listen.end().exits(0).all("sequence")[0].clone();
    assert_eq!((line["received"].as_u64(), line["lost"].as_u64()), (Some(3), Some(1)), "{line}");
}

#[test]
fn wrong_fields_are_wrong_usage() {
    let bench = Bench::new();
    for (endpoint, field, says) in [
        ("udp://127.0.0.1:0", "4", "4:u32"),
        ("udp://127.0.0.1:0", "4:u24", "4:u32"),
        ("tcp://127.0.0.1:0", "4:u32", "--frame"),
    ] {
        let text = bench.ran(&["listen", endpoint, "--sequence", field]).exits(2).stderr;
        assert!(text.contains(says), "{text}");
    }
}

//! Hexdumps and odd digits given as hex.

use crate::support::Bench;
use std::io::{Read, Write};
use std::net::TcpListener;

#[test]
fn a_hexdump_is_sent_answered_and_expected_without_its_offsets_and_text() {
    let bench = Bench::new();
    let dump = "00000000: 4745 540a                                GET.\n";
    for (lang, sentence) in [
        ("zh-CN", "：已识别十六进制转储，已忽略偏移和文本列（4 字节）"),
        ("en", ": a hexdump: offsets and text columns are ignored (4 bytes)"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
        let at = listener.local_addr().expect("an address").to_string();
        let arguments =
            ["connect", &at, "--send-hex", dump, "--send-hex", "0000 48", "--reply-hex", dump, "--expect-hex", dump];
        let connect = bench.plain(&[&arguments[..], &["--show", "none", "--lang", lang]].concat());
        let (mut peer, _) = listener.accept().expect("accepted");
        let mut got = [0; 11];
        peer.read_exact(&mut got[..7]).expect("the sends");
        peer.write_all(b"GET\n").expect("sent");
        peer.read_exact(&mut got[7..]).expect("the answer");
        assert_eq!(&got, b"GET\n\0\0HGET\n");
        let ended = connect.end().exits(0);
        for option in ["--send-hex", "--reply-hex", "--expect-hex"] {
            let line = format!("{option}{sentence}");
            assert_eq!(ended.stderr.lines().filter(|said| *said == line).count(), 1, "{}", ended.stderr);
        }
    }
}

#[test]
fn a_single_hex_digit_is_said_to_be_a_byte() {
    let bench = Bench::new();
    for (lang, sentence) in
        [("zh-CN", "--send-hex：单个数字 3 按 03 处理"), ("en", "--send-hex: the single digit 3 is taken as 03")]
    {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
        let at = listener.local_addr().expect("an address").to_string();
        let connect = bench.plain(&["connect", &at, "--send-hex", "123", "--send-hex", "4142", "--lang", lang]);
        let (mut peer, _) = listener.accept().expect("accepted");
        let mut got = [0; 4];
        peer.read_exact(&mut got).expect("the sends");
        assert_eq!(&got, b"\x12\x03AB");
        drop(peer);
        let ended = connect.end();
        assert_eq!(ended.stderr.lines().filter(|said| *said == sentence).count(), 1, "{}", ended.stderr);
        assert_eq!(ended.stderr.matches("--send-hex").count(), 1, "{}", ended.stderr);
    }
}

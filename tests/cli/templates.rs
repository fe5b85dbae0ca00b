//! `--template`: variables in what is sent.

use crate::support::Bench;
use std::io::Read;
use std::net::TcpListener;

/// What a peer receives from `connect` with these options, and the exit code.
fn sent(options: &[&str], code: i32) -> (Vec<u8>, String) {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    let connect = bench.json(&[&["connect", &at][..], options].concat());
    let (mut peer, _) = listener.accept().expect("accepted");
    let mut all = Vec::new();
    peer.read_to_end(&mut all).expect("read");
    drop(peer);
    let ended = connect.end().exits(code);
    assert_eq!(ended.payload("sent"), all, "the records have the bytes");
    (all, ended.stderr)
}

#[test]
fn each_round_of_a_repeat_has_its_own_bytes() {
    let rounds = ["--every", "5ms", "--count", "3", "--template"];
    for (options, expected) in [
        (&["--send", "{{n:02}};"][..], &b"00;01;02;"[..]),
        (&["--send-hex", "01 {{n:u16}}"], b"\x01\0\0\x01\0\x01\x01\0\x02"),
        (&["--send-hex", "{{n:u8}}", "--append", "SUM-8"], b"\0\0\x01\x01\x02\x02"),
        (&["--send", "{{n}}", "--send", "-", "--wrap", "line"], b"0\n-\n1\n-\n2\n-\n"),
        (&["--escape", "--send", "\\{{n}}\\n{{n}}"], b"{{n}}\n0{{n}}\n1{{n}}\n2"),
    ] {
        assert_eq!(sent(&[options, &rounds].concat(), 0).0, expected, "{options:?}");
    }
}

#[test]
fn without_the_option_braces_are_sent_as_they_are() {
    assert_eq!(sent(&["--send", "{{n}}"], 0).0, b"{{n}}");
}

#[test]
fn a_value_that_does_not_fit_ends_the_repeat_and_is_named() {
    let (bytes, _) = sent(&["--send-hex", "{{n + 254:u8}}", "--template", "--every", "5ms", "--count", "9"], 1);
    assert_eq!(bytes, [254, 255]);
}

#[test]
fn a_wrong_variable_is_wrong_usage() {
    let bench = Bench::new();
    for (option, text) in
        [("--send", "{{nosuch}}"), ("--send", "{{n"), ("--send-hex", "{{n}}"), ("--send-hex", "0G{{n:u8}}")]
    {
        let ended = bench.ran(&["connect", "127.0.0.1:9", option, text, "--template"]).exits(2);
        assert!(ended.stderr.contains(option), "{}", ended.stderr);
    }
    let ended = bench.ran(&["connect", "127.0.0.1:9", "--template"]).exits(2);
    assert!(ended.stderr.contains("--template"), "{}", ended.stderr);
}

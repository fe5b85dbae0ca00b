//! Files and standard input in pieces, with pauses and at a limited rate.

use crate::support::{Bench, Ended, shown};
use std::io::Read;
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Sends a file of 10,000 bytes with these options; returns what arrived, the time, and what was printed.
fn sent(options: &[&str]) -> (Vec<u8>, Duration, Ended) {
    let bench = Bench::new();
    let file = bench.file("file", (0..10_000_u32).map(|n| (n % 251) as u8).collect::<Vec<u8>>());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("bound").to_string();
    let begun = Instant::now();
    let connect = bench.json(&[&["connect", &at, "--send-file", shown(&file)][..], options].concat());
    let (mut peer, _) = listener.accept().expect("a connection");
    let mut all = Vec::new();
    peer.read_to_end(&mut all).expect("the end");
    let took = begun.elapsed();
    drop(peer);
    (all, took, connect.end().exits(0))
}

#[test]
fn a_file_is_sent_in_pieces_with_pauses() {
    let (all, took, ended) = sent(&["--chunk", "3000", "--pause", "60ms"]);
    assert!(all.iter().enumerate().all(|(n, byte)| *byte == (n % 251) as u8) && all.len() == 10_000);
    let lens: Vec<u64> = ended.all("sent").iter().filter_map(|line| line["len"].as_u64()).collect();
    assert_eq!(lens, [3000, 3000, 3000, 1000]);
    // Three pauses lie between four pieces.
    assert!(took >= Duration::from_millis(180), "{took:?}");
}

#[test]
fn the_rate_is_an_upper_limit() {
    let (all, took, _) = sent(&["--chunk", "1K", "--rate", "20K/s"]);
    assert_eq!(all.len(), 10_000);
    // The last piece begins when the nine before it have used up their time.
    assert!(took >= Duration::from_millis(440), "{took:?}");
}

#[test]
fn wrong_paces_are_wrong_usage() {
    let bench = Bench::new();
    let file = bench.file("file", "x");
    let file = ["--send-file", shown(&file)];
    for (options, says) in [
        (&["--chunk", "1K"][..], "--chunk"),
        (&["--pause", "1s", "--send", "x"], "--pause"),
        (&[file[0], file[1], "--chunk", "0"], "--chunk"),
        (&[file[0], file[1], "--chunk", "1G"], "--chunk"),
        (&[file[0], file[1], "--rate", "fast"], "--rate"),
        (&[file[0], file[1], "--pause", "5"], "--pause"),
        (&[file[0], file[1], "--chunk", "1K", "--every", "1s"], "--every"),
    ] {
        let ran = bench.ran(&[&["connect", "127.0.0.1:9", "--lang", "en"][..], options].concat()).exits(2);
        assert!(ran.stderr.contains(says), "{options:?}: {ran:?}");
    }
}

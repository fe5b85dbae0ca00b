//! With a size limit far below the traffic, the saved, expected, counted, printed and framed data is complete nevertheless.

use crate::support::{Bench, Process, shown};
use rustix::process::Signal;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;
use wirebench::jobs::thread::spawn_named;

/// Each block names its peer and number.
fn blocks(peer: usize, count: usize) -> Vec<u8> {
    (0..count).flat_map(|number| format!("{peer:02}:{number:012}\n").into_bytes()).collect()
}
const BLOCK_BYTES: usize = 16;

/// Connects, sends everything and a FIN.
fn flood(to: SocketAddr, bytes: Vec<u8>) -> JoinHandle<()> {
    spawn_named("flood", move || {
        let mut peer = TcpStream::connect(to).expect("connected");
        peer.set_write_timeout(Some(Duration::from_secs(60))).expect("a limit");
        peer.write_all(&bytes).expect("taken in time");
    })
    .expect("a thread")
}

/// Checks that all blocks of each peer are complete and in order.
fn assert_complete(saved: &[u8], peers: usize, count: usize) {
    assert_eq!(saved.len(), peers * count * BLOCK_BYTES);
    if peers == 1 {
        assert!(saved == blocks(0, count), "the same bytes");
    }
    // Records may end anywhere, so blocks of several peers may be interleaved: their digits are counted.
    let ends = saved.iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(ends, peers * count);
}

#[test]
fn what_is_saved_is_complete_with_any_number_of_peers() {
    for peers in [1, 2, 4, 8, 16] {
        let count = (24 << 20) / BLOCK_BYTES / peers;
        let bench = Bench::new();
        let (save, total) = (bench.path("saved"), (peers * count * BLOCK_BYTES).to_string());
        let mut listen = bench.json(&[
            "listen",
            "127.0.0.1:0",
            "--capture-limit",
            "1MiB",
            "--save",
            shown(&save),
            "--show",
            "none",
            "--until-bytes",
            &total,
            "--timeout",
            "100s",
        ]);
        let local = listen.local();
        let floods: Vec<_> = (0..peers).map(|peer| flood(local, blocks(peer, count))).collect();
        let ended = listen.end().exits(0);
        for flood in floods {
            flood.join().expect("sent");
        }
        let summary = ended.summary();
        assert_eq!(summary["received_bytes"].to_string(), total);
        assert_eq!(summary["dropped_records"], 0);
        assert!(summary["evicted_bytes"].as_u64() > Some(10 << 20), "{summary}");
        assert_eq!(ended.all("warning").len(), 0);
        assert_complete(&std::fs::read(&save).expect("saved"), peers, count);
    }
}

#[test]
fn what_is_expected_is_found_however_much_comes_around_it() {
    for conversation in ["server", "client"] {
        let bench = Bench::new();
        let mut bytes = blocks(0, 600_000);
        let middle = bytes.len() / 2;
        bytes.splice(middle..middle, *b"needle");
        let options =
            ["--capture-limit", "1MiB", "--show", "none", "--expect", "needle", "--until-closed", "--timeout", "100s"];
        let (run, sent) = if conversation == "server" {
            let mut run = bench.json(&[&["listen", "127.0.0.1:0"], &options[..]].concat());
            let sent = flood(run.local(), bytes);
            (run, sent)
        } else {
            let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
            let at = listener.local_addr().expect("an address").to_string();
            let sent = spawn_named("flood", move || {
                listener.accept().expect("accepted").0.write_all(&bytes).expect("taken");
            });
            (bench.json(&[&["connect", &at], &options[..]].concat()), sent.expect("a thread"))
        };
        run.end().exits(0).summary();
        sent.join().expect("sent");
    }
}

#[test]
fn what_is_printed_is_complete() {
    let bench = Bench::new();
    let sent = blocks(0, 500_000);
    let mut listen =
        bench.plain(&["listen", "127.0.0.1:0", "--capture-limit", "1MiB", "--until-closed", "--timeout", "100s"]);
    let flood = flood(listen.plain_local(), sent.clone());
    let ended = listen.end().exits(0);
    flood.join().expect("sent");
    assert!(ended.stdout == sent, "{} of {} bytes", ended.stdout.len(), sent.len());
    assert!(!ended.stderr.contains("deleted by the size limit before"), "{}", ended.stderr);
}

#[test]
fn every_datagram_that_was_received_is_told() {
    let bench = Bench::new();
    let mut listen = bench.json(&[
        "listen",
        "udp://127.0.0.1:0",
        "--capture-limit",
        "1MiB",
        "--expect",
        "the last one",
        "--timeout",
        "100s",
    ]);
    let local = listen.local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    for _ in 0..4000 {
        socket.send_to(&[b'd'; 1000], local).expect("sent");
    }
    // The flood may fill the socket's buffer; what the system drops is counted.
    let end = spawn_named("last", move || {
        for _ in 0..3000 {
            socket.send_to(b"the last one", local).ok();
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    let ended = listen.end().exits(0);
    drop(end);
    let told = ended.all("received").len() as u64;
    let summary = ended.summary();
    let told_early = summary["received_records"].as_u64().expect("a number");
    assert!(told <= told_early && told_early - told < 300, "{told} of {summary}");
    assert!(ended.all("warning").iter().all(|warning| !warning["message"].to_string().contains("size limit")));
}

#[test]
fn a_frame_that_the_limit_has_no_room_for_does_not_stop_the_run() {
    let bench = Bench::new();
    let mut frame = vec![b'x'; 700_000];
    frame.push(b'\n');
    let mut listen = bench.json(&[
        "listen",
        "127.0.0.1:0",
        "--capture-limit",
        "1MiB",
        "--frame",
        "line:max=1MiB",
        "--until-closed",
        "--timeout",
        "100s",
    ]);
    let flood = flood(listen.local(), frame.repeat(20));
    let ended = listen.end().exits(0);
    flood.join().expect("sent");
    let frames = ended.all("frame");
    assert_eq!(frames.len(), 20, "{:?}", ended.events());
    assert!(frames.iter().all(|frame| frame["kind"] == "frame"));
    for pair in frames.windows(2) {
        assert!(pair[0]["seq_last"].as_u64() <= pair[1]["seq_first"].as_u64());
    }
}

/// A run whose standard output is read manually, or not at all.
fn unread(bench: &Bench, limit: &str) -> (std::process::Child, SocketAddr) {
    let mut command: Command = bench.command(&["listen", "127.0.0.1:0", "--capture-limit", limit, "--show", "hex"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let mut said = Vec::new();
    let err = child.stderr.as_mut().expect("piped");
    let mut byte = [0];
    while !said.ends_with(b"\n") {
        assert_eq!(err.read(&mut byte).expect("read"), 1, "{}", String::from_utf8_lossy(&said));
        said.push(byte[0]);
    }
    let said = String::from_utf8(said).expect("text");
    (child, said.trim().trim_start_matches("listening on ").parse().expect("an address"))
}

/// Floods until the connection ends.
fn endless_flood(to: SocketAddr) -> JoinHandle<()> {
    spawn_named("flood", move || {
        let mut peer = TcpStream::connect(to).expect("connected");
        while peer.write_all(&[b'f'; 1 << 16]).is_ok() {}
    })
    .expect("a thread")
}

fn exit_code(mut child: std::process::Child) -> Option<i32> {
    let deadline = std::time::Instant::now() + crate::support::PATIENCE;
    while std::time::Instant::now() < deadline {
        if let Some(status) = child.try_wait().expect("a status") {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().ok();
    panic!("does not end");
}

#[test]
fn a_reader_that_goes_away_ends_the_run_and_lets_go() {
    let bench = Bench::new();
    let (mut child, local) = unread(&bench, "1MiB");
    let flood = endless_flood(local);
    let mut some = vec![0; 1 << 20];
    child.stdout.take().expect("piped").read_exact(&mut some).expect("some output");
    assert_eq!(exit_code(child), Some(0));
    flood.join().expect("ended");
}

#[test]
fn a_reader_that_takes_nothing_does_not_keep_a_signal_from_ending_the_run() {
    let bench = Bench::new();
    let (child, local) = unread(&bench, "1MiB");
    let flood = endless_flood(local);
    // The pipe, the capture and the sockets fill up.
    std::thread::sleep(Duration::from_secs(1));
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), Signal::TERM).expect("there");
    exit_code(child);
    flood.join().expect("ended");
}

#[test]
fn a_client_that_sends_a_file_and_tells_of_it_goes_on() {
    let bench = Bench::new();
    let file = bench.file("file", vec![b's'; 20 << 20]);
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    let connect: Process =
        bench.json(&["connect", &at, "--send-file", shown(&file), "--capture-limit", "1MiB", "--show", "none"]);
    let mut all = Vec::new();
    listener.accept().expect("accepted").0.read_to_end(&mut all).expect("everything");
    assert_eq!(all.len(), 20 << 20);
    assert_eq!(connect.end().exits(0).summary()["sent_bytes"], 20 << 20);
}

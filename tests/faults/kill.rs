//! kill -9 of the program during a flood, and the next run with what it left behind.

use crate::dice::Dice;
use crate::program::{Bench, Process, unhex};
use crate::support::pattern;
use rustix::process::Signal;
use serde_json::Value;
use std::io::Write;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The complete lines of the output.
fn reported(stdout: &[u8]) -> Vec<Value> {
    let whole = stdout.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let lines = stdout[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("JSON only")).collect()
}

/// Starts `listen`, floods it and kills it at a random moment. Returns its capture and output lines.
fn flooded_and_killed(
    bench: &Bench,
    endpoint: &str,
    shows: bool,
    wait: Duration,
    flood: impl Fn(SocketAddr, &AtomicBool) + Sync,
) -> (String, Vec<Value>) {
    let mut listen = bench.json(&["listen", endpoint, "--show", if shows { "hex" } else { "none" }]);
    let listening = listen.event("listening");
    let local: SocketAddr = listening["local"].as_str().and_then(|local| local.parse().ok()).expect("an address");
    let killed = AtomicBool::new(false);
    let ended = std::thread::scope(|scope| {
        scope.spawn(|| flood(local, &killed));
        if local.port() != 0 && endpoint.starts_with("tcp") {
            listen.event("peer_joined");
        }
        std::thread::sleep(wait);
        listen.signal(Signal::KILL);
        killed.store(true, Ordering::SeqCst);
        listen.end()
    });
    assert_eq!(ended.code, None, "it must have been killed");
    let mut lines = vec![listening.clone()];
    lines.extend(reported(&ended.stdout));
    (listening["capture"].as_str().expect("a capture").to_owned(), lines)
}

/// The list entry of a recovered capture.
fn recovered(bench: &Bench, id: &str) -> Value {
    let listed = bench.json(&["captures", "list"]).end().exits(0);
    let found = listed.lines().into_iter().find(|capture| capture["id"] == id).expect("the capture is listed");
    assert_eq!(found["state"], "recovered", "{found}");
    found
}

/// Checks that each reported record is stored unchanged.
fn assert_reported_is_stored(bench: &Bench, id: &str, reported: &[Value]) -> Vec<Value> {
    let shown = bench.json(&["captures", "show", id, "--show", "hex"]).end().exits(0).all("received");
    let mut there = shown.iter();
    for line in reported.iter().filter(|line| line["event"] == "received") {
        let found = there.find(|record| record["seq"] == line["seq"]).unwrap_or_else(|| panic!("{line} is missing"));
        assert_eq!(found, line);
    }
    shown
}

/// Checks a complete ordinary run in the same folder.
fn assert_next_run_works(bench: &Bench) {
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-bytes", "5", "--timeout", "25s"]);
    TcpStream::connect(listen.local()).and_then(|mut peer| peer.write_all(b"hello")).expect("it listens");
    let ended = listen.end().exits(0);
    assert_eq!(ended.payload("received"), b"hello");
    assert_eq!(ended.summary()["stored_bytes"], 5);
}

#[test]
fn a_tcp_flood_cut_by_a_kill_is_an_exact_beginning_of_what_was_sent() {
    let mut dice = Dice::new("kills in a TCP flood");
    let bench = Bench::new();
    let content = pattern(1 << 20);
    for round in 0..6 {
        let shows = round % 2 == 0;
        let wait = Duration::from_micros(dice.roll(150_000));
        let flood = |to: SocketAddr, killed: &AtomicBool| {
            let mut peer = TcpStream::connect(to).expect("it listens");
            let mut parts = content.chunks(8 << 10).cycle();
            while !killed.load(Ordering::SeqCst) && peer.write_all(parts.next().expect("endless")).is_ok() {
                if shows {
                    std::thread::sleep(Duration::from_micros(200)); // so that the comparison does not take long
                }
            }
        };
        let (id, lines) = flooded_and_killed(&bench, "tcp://127.0.0.1:0", shows, wait, flood);
        let listed = recovered(&bench, &id);
        let stored = bench.plain(&["captures", "export", &id]).end().exits(0).stdout;
        assert_eq!(listed["bytes"], stored.len());
        for (number, part) in stored.chunks(content.len()).enumerate() {
            assert!(part == &content[..part.len()], "round {round}: MiB {number} differs from what was sent");
        }
        if shows {
            assert_reported_is_stored(&bench, &id, &lines);
        }
        eprintln!("round {round}: killed after {wait:?}, {} bytes there, {} lines reported", stored.len(), lines.len());
        assert_next_run_works(&bench);
    }
}

/// Datagram `n`: its number, then pseudo-random bytes of varying length.
fn datagram(n: u32, content: &[u8]) -> Vec<u8> {
    let len = (n.wrapping_mul(2_654_435_761) >> 24) as usize;
    [&n.to_le_bytes()[..], &content[n as usize % 1000..][..len]].concat()
}

#[test]
fn a_udp_flood_cut_by_a_kill_has_whole_datagrams_in_their_order() {
    let mut dice = Dice::new("kills in a UDP flood");
    let bench = Bench::new();
    let content = pattern(2000);
    for round in 0..3 {
        let wait = Duration::from_micros(dice.roll(100_000));
        let flood = |to: SocketAddr, killed: &AtomicBool| {
            let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
            let mut n = 0;
            while !killed.load(Ordering::SeqCst) {
                socket.send_to(&datagram(n, &content), to).ok(); // refused once the program is killed
                n += 1;
            }
        };
        let (id, lines) = flooded_and_killed(&bench, "udp://127.0.0.1:0", round != 1, wait, flood);
        recovered(&bench, &id);
        let mut next = 0;
        let shown = assert_reported_is_stored(&bench, &id, &lines);
        for record in &shown {
            let bytes = unhex(record["hex"].as_str().expect("hex"));
            let n = bytes.first_chunk().map(|n| u32::from_le_bytes(*n)).expect("a number");
            assert!(n >= next, "round {round}: {n} behind {next}");
            assert!(bytes == datagram(n, &content), "round {round}: datagram {n}");
            next = n + 1;
        }
        eprintln!("round {round}: killed after {wait:?}, {} datagrams there", shown.len());
        assert_next_run_works(&bench);
    }
}

/// Another process reads a capture while its writer is killed: everything it has read must still be stored.
#[test]
fn who_reads_along_while_the_writer_is_killed_has_nothing_that_is_not_there_after() {
    let bench = Bench::new();
    let content = pattern(4_000_000);
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--show", "none"]);
    let listening = listen.event("listening");
    let id = listening["capture"].as_str().expect("a capture").to_owned();
    let to = listening["local"].as_str().expect("an address").to_owned();
    let read_along = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut peer = TcpStream::connect(to).expect("it listens");
            peer.write_all(&content).ok();
        });
        listen.event("peer_joined");
        let read_along = bench.plain(&["captures", "export", &id]).end().exits(0).stdout;
        listen.signal(Signal::KILL);
        read_along
    });
    assert_eq!(Process::end(listen).code, None);
    recovered(&bench, &id);
    let after = bench.plain(&["captures", "export", &id]).end().exits(0).stdout;
    assert!(content.starts_with(&after) && after.starts_with(&read_along));
}

//! Captures written by an earlier version of the program (format version 1), stored in `version_1`: traffic of a TCP server in two
//! segments, of a UDP socket, and of a tab that was switched from one to the other; each sent a file that was deleted.

use crate::support::{Bench, unhex};
use serde_json::Value;
use std::fs;
use std::path::Path;

const TCP: &str = "20261130-045525-75c1dd";
const UDP: &str = "20261130-045525-184919";
const SWITCHED: &str = "20261130-045526-158baa";

fn bench() -> Bench {
    let bench = Bench::new();
    let earlier = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/version_1");
    for id in [TCP, UDP, SWITCHED] {
        let to = bench.path("data").join("captures").join(id);
        fs::create_dir_all(&to).expect("made");
        for file in fs::read_dir(earlier.join(id)).expect("a capture") {
            let file = file.expect("a file");
            fs::copy(file.path(), to.join(file.file_name())).expect("copied");
        }
    }
    bench
}

/// CRC-32, for comparing large outputs with those of the program that wrote the captures.
fn crc(bytes: &[u8]) -> u32 {
    crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(bytes)
}

/// The content of a record, without fields that later versions may add.
fn essence(line: &Value) -> String {
    let field = |name: &str| line[name].as_str().map_or_else(|| line[name].to_string(), str::to_owned);
    ["event", "seq", "time", "peer", "len", "hex"].map(field).join(" ")
}

#[test]
fn they_are_listed_as_before() {
    let listed = bench().ran(&["captures", "list", "--json"]).exits(0).lines();
    let listed: Vec<_> = listed
        .iter()
        .map(|c| {
            let number = |name: &str| c[name].as_u64().expect("a number");
            let text = |name: &str| c[name].as_str().expect("a text");
            (text("id"), text("endpoint"), number("records"), number("peers"), number("bytes"), text("state"))
        })
        .collect();
    assert_eq!(
        listed,
        [
            (SWITCHED, "tcp://127.0.0.1:0", 39, 4, 1281, "closed"),
            (UDP, "udp://127.0.0.1:0", 17, 2, 617, "closed"),
            (TCP, "tcp://127.0.0.1:0", 44, 2, 66_664, "closed"),
        ]
    );
}

#[test]
fn they_are_shown_as_before() {
    let bench = bench();
    for (id, records, sum) in [(TCP, (40, 0x95D70C36)), (UDP, (14, 0x43A53AE8)), (SWITCHED, (32, 0xC24A5EA4))]
        .map(|(id, (n, sum))| (id, n, sum))
    {
        let shown = bench.ran(&["captures", "show", id, "--json"]);
        // Sent files were deleted.
        let shown = shown.exits(1).lines();
        let shown: Vec<String> = shown
            .iter()
            .filter(|line| matches!(line["event"].as_str(), Some("received" | "sent" | "peer_joined" | "peer_left")))
            .map(essence)
            .collect();
        assert_eq!((shown.len(), crc(shown.join("\n").as_bytes())), (records, sum), "{id}: {shown:#?}");
    }
}

#[test]
fn they_are_exported_as_before() {
    let bench = bench();
    for (id, form, sum) in [
        (TCP, "raw", 0x1D81363F),
        (TCP, "netassist", 0x046F5BE8),
        // Their sent files are no longer read: comments say so.
        (TCP, "pcapng", 0xD8E3C2BD),
        (UDP, "raw", 0xE247AFD2),
        (UDP, "netassist", 0xF3D2D0E8),
        (UDP, "pcapng", 0xD92B1E30),
    ] {
        let exported = bench.ran(&["captures", "export", id, "--format", form, "--lang", "en"]);
        let mut bytes = &exported.stdout[..];
        if form == "netassist" {
            // Newer versions write a line in front that identifies the program.
            let end = bytes.iter().position(|byte| *byte == b'\n').expect("a line") + 1;
            assert!(bytes[..end].ends_with(b"]# Log of Wirebench.\r\n"), "{id}");
            bytes = &bytes[end..];
        }
        assert_eq!(crc(bytes), sum, "{id} {form} ({} bytes)", bytes.len());
    }
}

/// A record of version 1 does not state whether it is a datagram; it follows from its run.
#[test]
fn a_tab_that_was_switched_from_tcp_to_udp_is_both() {
    let bench = bench();
    let log = bench.ran(&["captures", "export", SWITCHED, "--format", "jsonl"]);
    let texts: Vec<String> = String::from_utf8(log.stdout)
        .expect("text")
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|line| line["event"] == "received")
        .map(|line| line["text"].as_str().unwrap_or_default().to_owned())
        .collect();
    // A character across two reads of a TCP stream is complete; one across two datagrams is invalid.
    assert_eq!(texts.concat(), "温度=25\r\n\u{1}\u{3}\0\0\0\n\\xC5secondhello一\\xE4\\xBA\\x8C", "{texts:?}");
    let raw = bench.ran(&["captures", "export", SWITCHED]).exits(0);
    assert_eq!(raw.stdout, unhex("e6b8a9e5baa63d32350d0a01030000000ac5cd7365636f6e6468656c6c6fe4b880e4ba8c"));
}

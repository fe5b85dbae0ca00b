//! Packet captures and hexdumps of `captures export`, read by tshark and text2pcap.

use crate::export::{RECEIVED, SENT, Story, address, exported, pattern, run};
use crate::support::{Bench, shown};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use wirebench::capture::{NewRecord, RecordKind, SessionNote};
use wirebench::model::{CloseReason, ErrorKind, NetError, Operation, PeerId};

/// The output of tshark for a file, with all checksums verified.
pub fn tshark(file: &Path, arguments: &[&str]) -> String {
    let checks = ["tcp", "ip", "udp"].map(|protocol| format!("{protocol}.check_checksum:TRUE"));
    let mut all = vec!["-n", "-r", shown(file)];
    // Disables heuristics, which would interpret the random payload.
    for port in ["tcp.port==8080,data", "udp.port==9000,data", "tcp.port==502,data"] {
        all.extend(["-d", port]);
    }
    for check in &checks {
        all.extend(["-o", check]);
    }
    all.extend(arguments);
    run("tshark", &all)
}

/// tshark must report no warnings or retransmissions; the end of a connection is not one.
fn assert_clean(file: &Path) {
    let odd = "tcp.analysis.flags || _ws.malformed \
               || tcp.checksum.status == 0 || udp.checksum.status == 0 || ip.checksum.status == 0";
    assert_eq!(tshark(file, &["-Y", odd]), "");
    // From severity "chat" up: our own comments are below.
    let expert = ["-Y", "_ws.expert.severity >= 2097152", "-T", "fields", "-e", "_ws.expert.message"];
    let ends = ["This frame initiates the connection closing", "This frame undergoes the connection closing"];
    let usual = ["Connection establish request", "Connection establish acknowledge", "Connection finish"];
    for message in tshark(file, &expert).lines().flat_map(|line| line.split(',')) {
        assert!(ends.iter().chain(&usual).any(|usual| message.starts_with(usual)), "{message}");
    }
}

/// The bytes sent by each end of a TCP stream, in the order of the listing.
fn followed(file: &Path, stream: usize) -> ((String, Vec<u8>), (String, Vec<u8>)) {
    let text = tshark(file, &["-q", "-z", &format!("follow,tcp,raw,{stream}")]);
    let node = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{text}"));
        line.trim().to_owned()
    };
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for line in text.lines().filter(|line| line.trim_start().bytes().all(|byte| byte.is_ascii_hexdigit())) {
        let bytes = wirebench::codec::hex::parse(line.trim()).expect("hex");
        if line.starts_with('\t') { &mut second } else { &mut first }.extend(bytes);
    }
    ((node("Node 0:"), first), (node("Node 1:"), second))
}

#[test]
fn tshark_reads_two_interleaved_connections_byte_for_byte() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://[::]:8080");
    story.note(PeerId::NONE, &SessionNote::Listening { local: address("[::]:8080") });
    let names = ["192.168.1.31:49730", "[2001:db8::7]:50000"];
    let peers = names.map(|name| story.joined(name));
    let mut streams: [[Vec<u8>; 2]; 2] = Default::default();
    let lens = [1, 1, 1459, 1460, 1461, 2, 65_535, 65_536, 65_537, 1440, 300_000, 3, 1, 131_072, 7];
    for (round, len) in lens.into_iter().enumerate() {
        for (index, peer) in peers.into_iter().enumerate() {
            for (side, direction) in [RECEIVED, SENT].into_iter().enumerate() {
                let len = lens[(round * 3 + index * 5 + side * 7) % lens.len()].min(len * 4096);
                let bytes = pattern((round * 4 + index * 2 + side) as u64, len);
                story.data(peer, direction, &bytes);
                streams[index][side].extend(bytes);
            }
        }
    }
    story.left(peers[0], CloseReason::PeerFin);
    story.writer.append(&NewRecord::bare(RecordKind::HalfClosed, peers[1])).expect("appended");
    story.data(peers[1], SENT, b"still open");
    streams[1][1].extend(b"still open");
    story.left(peers[1], CloseReason::Local);
    story.end();

    let file = exported(&bench, "pcapng", &[]);
    assert_clean(&file);
    let ours = ["0.0.0.0:8080", "[::]:8080"];
    for (index, [received, sent]) in streams.iter().enumerate() {
        let (them, us) = followed(&file, index);
        assert_eq!(
            (them.0.replace(['[', ']'], ""), us.0.replace(['[', ']'], "")),
            (names[index].replace(['[', ']'], ""), ours[index].replace(['[', ']'], ""))
        );
        assert!(them.1 == *received, "received: {} of {} bytes", them.1.len(), received.len());
        assert!(us.1 == *sent, "sent: {} of {} bytes", us.1.len(), sent.len());
    }
    let flags = |filter: &str| tshark(&file, &["-2", "-Y", filter]).lines().count();
    assert_eq!(flags("tcp.flags.syn == 1 && tcp.flags.ack == 0"), 2, "handshakes");
    assert_eq!(flags("tcp.flags.syn == 1 && tcp.flags.ack == 1"), 2, "handshakes");
    assert_eq!(flags("tcp.flags.fin == 1"), 4);
    assert_eq!(flags("tcp.completeness == 31"), flags("tcp"), "both connections are whole");

    // The beginning cut off, and only one peer.
    for options in [&["--from", "9"][..], &["--from", "9", "--peer", names[1]], &["--direction", "sent"]] {
        assert_clean(&exported(&bench, "pcapng", options));
    }
    let file = exported(&bench, "pcapng", &["--peer", names[0], "--direction", "sent"]);
    assert_eq!(followed(&file, 0).1.1.len() + followed(&file, 0).0.1.len(), streams[0][1].len());
}

#[test]
fn a_client_speaks_first_and_its_events_are_comments() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://10.0.0.1:502");
    let warning = NetError::new(Operation::Send, ErrorKind::QueueFull, "tcp://10.0.0.1:502", "");
    for run in 0..2 {
        let peer = story.peer("10.0.0.1:502");
        let (local, remote) = (address("10.0.0.9:40000"), address("10.0.0.1:502"));
        story.note(peer, &SessionNote::Connected { local, remote, took_ms: 1 });
        story.data(peer, SENT, &[1, 3, 0, run]);
        story.note(peer, &SessionNote::Warning { warning: warning.clone() });
        story.data(peer, RECEIVED, &[1, 3, 2]);
        story.left(peer, if run == 0 { CloseReason::PeerFin } else { CloseReason::Reset });
    }
    story.end();
    let file = exported(&bench, "pcapng", &[]);
    let fields = |filter: &str, field: &str| tshark(&file, &["-Y", filter, "-T", "fields", "-e", field]);
    assert_eq!(fields("tcp.flags.syn == 1 && tcp.flags.ack == 0", "ip.src"), "10.0.0.9\n10.0.0.9\n");
    assert_eq!(fields("tcp.len > 0", "tcp.payload"), "01030000\n010302\n01030001\n010302\n");
    assert_eq!(fields("tcp.flags.reset == 1", "ip.src"), "10.0.0.1\n");
    let comments = fields("frame.comment", "frame.comment");
    assert_eq!(comments.lines().count(), 2, "{comments}");
    assert!(comments.contains("10.0.0.1:502"), "{comments}");
    assert_eq!(fields("tcp.analysis.retransmission || tcp.analysis.ack_lost_segment", "frame.number"), "");
    assert_eq!(fields("tcp.stream == 1", "frame.number").lines().count(), 8, "the same ports again are another stream");
}

#[test]
fn tshark_reads_datagrams_of_both_families_and_empty_ones() {
    for (local, peers) in [
        ("127.0.0.1:9000", ["127.0.0.1:5000", "127.0.0.1:5001"]),
        ("[::1]:9000", ["[::1]:5000", "[::1]:5001"]),
        ("0.0.0.0:9000", ["192.168.1.5:5000", "10.1.2.3:53"]),
    ] {
        let bench = Bench::new();
        let mut story = Story::begin(&bench, &format!("udp://{local}"));
        story.note(PeerId::NONE, &SessionNote::Bound { local: address(local) });
        let mut expected = Vec::new();
        for (index, name) in peers.into_iter().enumerate() {
            let peer = story.joined(name);
            for (round, len) in [0, 1, 2, 1472, 1473, 60_001, 65_507].into_iter().enumerate() {
                let direction = if round % 2 == index { RECEIVED } else { SENT };
                let bytes = pattern(round as u64, len);
                story.data(peer, direction, &bytes);
                let port = if direction == RECEIVED { address(name).port() } else { 9000 };
                expected.push(format!("{port}\t{}\t{}", len + 8, wirebench::codec::hex::lower(&bytes)));
            }
        }
        story.note(PeerId::NONE, &SessionNote::KernelDropped { records: 17, buffer_bytes: 0 });
        story.end();
        let file = exported(&bench, "pcapng", &[]);
        assert_clean(&file);
        let fields = ["-T", "fields", "-e", "udp.srcport", "-e", "udp.length", "-e", "udp.payload"];
        let read = tshark(&file, &fields);
        assert!(read.lines().eq(expected.iter().map(String::as_str)), "{local}");
        let comment =
            tshark(&file, &["-Y", "frame.comment", "-T", "fields", "-e", "frame.number", "-e", "frame.comment"]);
        assert!(comment.starts_with("14\t") && comment.contains("17"), "{comment}");
    }
}

#[test]
fn text2pcap_makes_the_same_bytes_of_a_hexdump() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://127.0.0.1:8080");
    let peer = story.joined("127.0.0.1:5000");
    let mut streams: [Vec<u8>; 2] = Default::default();
    for (round, len) in [1, 15, 16, 17, 0xF000, 0xF001, 200_000].into_iter().enumerate() {
        let bytes = pattern(round as u64, len);
        story.data(peer, [RECEIVED, SENT][round % 2], &bytes);
        streams[round % 2].extend(bytes);
    }
    story.end();
    let dump = exported(&bench, "hexdump", &[]);
    let packets = bench.path("packets.pcapng");
    run("text2pcap", &["-q", "-D", "-t", "ISO", "-T", "5000,8080", shown(&dump), shown(&packets)]);
    // A flag for the direction: 1 inbound, 2 outbound.
    let read = tshark(&packets, &["-T", "fields", "-e", "frame.packet_flags_direction", "-e", "tcp.payload"]);
    let mut found: [Vec<u8>; 2] = Default::default();
    for line in read.lines() {
        let (direction, payload) = line.split_once('\t').expect("two fields");
        let side = usize::from(direction.ends_with('2'));
        found[side].extend(wirebench::codec::hex::parse(payload).expect("hex"));
    }
    assert!(found == streams, "{} and {} bytes", found[0].len(), found[1].len());
}

#[test]
fn frames_and_filtered_records_are_packets_that_tshark_accepts() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--echo", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    let (one, two) = (b"\x05\0\0\0Hello\x07\0\0\0Wel", b"come");
    for part in [&one[..], &two[..]] {
        peer.write_all(part).expect("written");
        peer.read_exact(&mut vec![0; part.len()]).expect("echoed");
    }
    drop(peer);
    listen.end().exits(0);
    let whole = [&one[..], two].concat();
    let file = exported(&bench, "pcapng", &["--frame", "py-struct-i"]);
    assert_clean(&file);
    let ((_, received), (_, sent)) = followed(&file, 0);
    assert_eq!((&received, &sent), (&whole, &whole));
    let payloads = tshark(&file, &["-Y", "tcp.len > 0", "-T", "fields", "-e", "tcp.len"]);
    assert_eq!(payloads.lines().collect::<Vec<_>>(), ["9", "9", "11", "11"], "a packet a frame");
    let file = exported(&bench, "pcapng", &["--filter", "dir=received"]);
    let ((_, received), (_, sent)) = followed(&file, 0);
    assert_eq!((received, sent), (whole, Vec::new()));
}

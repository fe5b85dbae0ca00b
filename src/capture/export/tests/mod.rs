//! Cancellation, eviction and counts, which the programs that read the files cannot check.

use super::*;
use crate::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload};
use crate::model::PeerId;

mod frames;

const PEERS: [&str; 2] = ["127.0.0.1:5000", "[::ffff:127.0.0.1]:5001"];

struct Bench {
    writer: CaptureWriter,
    _dir: tempfile::TempDir,
}

impl Bench {
    fn new(limit_bytes: u64) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let endpoint = "tcp://127.0.0.1:8080".parse().expect("an endpoint");
        let options = CaptureOptions { limit_bytes, ..CaptureOptions::default() };
        let mut writer = CaptureWriter::create(dir.path(), &endpoint, options).expect("a capture");
        for peer in PEERS {
            writer.add_peer(peer.parse().expect("an address")).expect("a peer");
        }
        Self { writer, _dir: dir }
    }

    fn data(&mut self, peer: u32, direction: Direction, bytes: &[u8]) {
        self.writer.append(&NewRecord::data(direction, PeerId(peer), Payload::Bytes(bytes))).expect("appended");
    }

    fn export(
        &mut self,
        format: ExportFormat,
        selection: &Selection,
        progress: &mut OnProgress<'_>,
    ) -> (Result<Saved, SaveError>, Vec<u8>) {
        self.writer.flush().expect("flushed");
        let style = ExportStyle {
            encoding: Encoding::UTF_8,
            sentence: &|_, _, _| "event".into(),
            unreadable: &ToString::to_string,
            remark: "made up",
        };
        let mut out = Vec::new();
        let done = export(&self.writer.reader(), format, selection, &style, &mut out, progress);
        (done, out)
    }
}

fn everything() -> Selection {
    Selection { records: 0..u64::MAX, index: None, items: None, peer: None, direction: None, most: u64::MAX }
}

#[test]
fn each_form_has_its_name() {
    for format in ExportFormat::ALL {
        assert_eq!(ExportFormat::by_name(format.name()), Some(format));
    }
    assert_eq!(ExportFormat::by_name("RAW"), None);
}

#[test]
fn raw_bytes_by_direction_peer_and_range() {
    let mut bench = Bench::new(1 << 20);
    for (peer, direction, bytes) in [
        (1, Direction::Received, "a"),
        (2, Direction::Received, "b"),
        (1, Direction::Sent, "c"),
        (2, Direction::Sent, "d"),
    ] {
        bench.data(peer, direction, bytes.as_bytes());
    }
    let mapped = PeerFilter::Address("127.0.0.1:5001".parse().expect("an address"));
    for (records, peer, direction, expected) in [
        (0..u64::MAX, None, None, "abcd"),
        (0..u64::MAX, None, Some(Direction::Sent), "cd"),
        (0..u64::MAX, Some(PeerFilter::Id(PeerId(1))), None, "ac"),
        (0..u64::MAX, Some(mapped), None, "bd"),
        (1..3, None, None, "bc"),
        (9..12, None, None, ""),
    ] {
        let selection = Selection { records, index: None, items: None, peer, direction, most: u64::MAX };
        let (done, out) = bench.export(ExportFormat::Raw, &selection, &mut |_, _| true);
        assert_eq!(String::from_utf8_lossy(&out), expected, "{selection:?}");
        let saved = done.expect("saved");
        assert_eq!((saved.records, saved.bytes), (expected.len() as u64, expected.len() as u64));
    }
}

#[test]
fn every_form_counts_its_bytes_and_stops_when_asked() {
    let mut bench = Bench::new(1 << 30);
    bench.data(1, Direction::Received, &vec![7; 300_000]);
    bench.data(2, Direction::Sent, b"x");
    for format in ExportFormat::ALL {
        let mut last = None;
        let (done, out) = bench.export(format, &everything(), &mut |done, total| {
            last = Some((done, total));
            true
        });
        let saved = done.expect("saved");
        assert_eq!((saved.records, saved.bytes), (2, out.len() as u64), "{format:?}");
        assert_eq!(last, Some((2, 2)), "{format:?}");

        // Cancelled within the first record, which has many parts.
        let mut asked = 0;
        let (done, part) = bench.export(format, &everything(), &mut |_, _| {
            asked += 1;
            asked < 3
        });
        assert!(matches!(done, Err(SaveError::Cancelled)), "{format:?}");
        assert!(part.len() < out.len(), "{format:?}");
    }
}

#[test]
fn what_was_evicted_is_counted() {
    let mut bench = Bench::new(1 << 20);
    let bytes = vec![1; 60_000];
    for _ in 0..40 {
        bench.data(1, Direction::Received, &bytes);
    }
    for format in ExportFormat::ALL {
        let (done, _) = bench.export(format, &everything(), &mut |_, _| true);
        let saved = done.expect("saved");
        assert!(saved.evicted > 0 && saved.records > 0, "{format:?}");
        assert_eq!(saved.evicted + saved.records, 40, "{format:?}");
    }
}

#[test]
fn what_is_being_written_is_not_deleted_meanwhile() {
    for format in [ExportFormat::Raw, ExportFormat::JsonLines, ExportFormat::Pcapng] {
        let mut bench = Bench::new(1 << 20);
        for _ in 0..300 {
            bench.data(1, Direction::Received, &[b'x'; 3000]);
        }
        bench.writer.flush().expect("flushed");
        let reader = bench.writer.reader();
        let style = ExportStyle {
            encoding: Encoding::UTF_8,
            sentence: &|_, _, _| "event".into(),
            unreadable: &ToString::to_string,
            remark: "made up",
        };
        let mut waited = false;
        // The capture grows by several times its limit right after writing has started.
        let mut progress = |_, _| {
            for _ in 0..if waited { 0 } else { 1500 } {
                bench.data(1, Direction::Received, &[b'y'; 3000]);
            }
            waited |= bench.writer.waits_for_readers();
            true
        };
        let selection = Selection { records: 0..300, ..everything() };
        let saved = export(&reader, format, &selection, &style, &mut Vec::new(), &mut progress).expect("written");
        assert_eq!((saved.records, saved.evicted), (300, 0), "{format:?}");
        assert!(waited && bench.writer.goes_on(), "{format:?}");
        assert!(reader.records().start > 300, "{format:?}: they must be evicted afterwards");
    }
}

#[test]
fn text_that_begins_within_a_character_is_aligned() {
    let mut bench = Bench::new(1 << 20);
    for part in ["x你好".as_bytes(), &"世".as_bytes()[..2], &["世".as_bytes()[2], b'!']] {
        bench.data(1, Direction::Received, part);
    }
    let (done, out) =
        bench.export(ExportFormat::JsonLines, &Selection { records: 2..3, ..everything() }, &mut |_, _| true);
    assert_eq!(done.expect("saved").records, 1);
    let line: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    assert_eq!(line["text"], "世!");
    assert_eq!(line["hex"], "9621");
}

/// A tab that is switched from TCP to UDP keeps its capture; the records that started the runs are evicted.
#[test]
fn streams_and_datagrams_of_one_capture_are_exported_as_what_they_are() {
    use crate::capture::{Marks, RecordKind};
    let mut bench = Bench::new(1 << 20);
    for filler in 0..40 {
        bench.data(1, Direction::Received, &vec![filler; 40_000]);
    }
    let first = bench.writer.stats().records;
    for (peer, marks) in [(1, Marks::default()), (2, Marks::MESSAGE)] {
        let joined = NewRecord::bare(RecordKind::PeerJoined, PeerId(peer)).marked(marks);
        bench.writer.append(&joined).expect("appended");
        for bytes in [&b"\xE6\xB8"[..], b"\xA9"] {
            let data = NewRecord::data(Direction::Received, PeerId(peer), Payload::Bytes(bytes)).marked(marks);
            bench.writer.append(&data).expect("appended");
        }
    }
    let selection = || Selection { records: first..u64::MAX, ..everything() };
    let mut exported = |format| {
        let (done, out) = bench.export(format, &selection(), &mut |_, _| true);
        assert!(done.is_ok() && bench.writer.reader().records().start > 0);
        out
    };
    let log = String::from_utf8(exported(ExportFormat::JsonLines)).expect("text");
    let texts: Vec<String> = log
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .filter(|line| line["event"] == "received")
        .map(|line| line["text"].as_str().expect("a text").to_owned())
        .collect();
    assert_eq!(texts, ["", "温", "\\xE6\\xB8", "\\xA9"]);
    let log = String::from_utf8(exported(ExportFormat::NetAssist)).expect("text");
    let online: Vec<_> = log.lines().filter(|line| line.contains("online")).collect();
    assert!(online.len() == 1 && online[0].contains("127.0.0.1:5000"), "{log}");
    let packets = exported(ExportFormat::Pcapng);
    // The protocol of each IPv4 packet: Ethernet type, version and header length, and the byte before the checksum.
    let protocols: Vec<u8> =
        packets.windows(12).filter(|bytes| bytes.starts_with(&[0x08, 0x00, 0x45])).map(|bytes| bytes[11]).collect();
    assert_eq!(protocols.iter().filter(|protocol| **protocol == 17).count(), 2, "UDP packets: {protocols:?}");
    assert!(protocols.iter().filter(|protocol| **protocol == 6).count() >= 5, "TCP packets: {protocols:?}");
}

#[test]
fn each_peer_of_several_listeners_has_the_port_it_connected_to() {
    use crate::capture::{Marks, RecordKind, SessionNote};
    let mut bench = Bench::new(1 << 20);
    let locals = ["127.0.0.1:1001", "127.0.0.1:1002"].map(|local| local.parse().expect("an address"));
    for local in locals {
        let mut json = Vec::new();
        let note = NewRecord::note(PeerId::NONE, &SessionNote::Listening { local }, &mut json);
        bench.writer.append(&note).expect("appended");
    }
    for (peer, local) in [(1, locals[0]), (2, locals[1])] {
        let local = bench.writer.local(local, 0).expect("a number");
        let joined = NewRecord::bare(RecordKind::PeerJoined, PeerId(peer));
        bench.writer.append(&joined.marked(Marks { local, ..Marks::default() })).expect("appended");
        bench.data(peer, Direction::Received, b"x");
    }
    let (done, packets) = bench.export(ExportFormat::Pcapng, &everything(), &mut |_, _| true);
    assert!(done.is_ok());
    // After the addresses: the ports of the packets from the peers.
    let ports = |bytes: &[u8]| (u16::from_be_bytes([bytes[34], bytes[35]]), u16::from_be_bytes([bytes[36], bytes[37]]));
    let to_us: std::collections::BTreeSet<_> = packets
        .windows(38)
        .filter(|bytes| bytes[12..].starts_with(&[0x08, 0x00, 0x45]))
        .map(ports)
        .filter(|(from, _)| *from >= 5000)
        .collect();
    assert_eq!(to_us.into_iter().collect::<Vec<_>>(), [(5000, 1001), (5001, 1002)]);
}

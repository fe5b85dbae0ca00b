//! A capture that is identical in every run: times, id and contents are fixed.

use crate::export::{RECEIVED, SENT, Story};
use crate::support::Bench;
use std::fs;
use std::path::Path;
use wirebench::capture::{CaptureOptions, Marks, NewRecord, Payload, RecordKind, SessionNote};
use wirebench::model::{CloseReason, ErrorKind, NetError, Operation, PeerId};

/// The id of the capture.
pub const ID: &str = "20261121-160536-0123ab";
/// 2026-11-21 16:05:36.000000001 UTC.
const START_NS: u64 = 1_795_277_136_000_000_001;
/// Time between two records.
const STEP_NS: u64 = 250_000_000;

const HEADER_LEN: usize = 64;
const ENTRY_LEN: usize = 64;

/// A TCP server with two peers, then a UDP socket: valid, wrong and incomplete frames and bytes that fit none, GBK text across two
/// records, invalid text, controls, a deleted file, an empty datagram, errors and warnings. Its beginning was evicted.
pub fn written(bench: &Bench) {
    // The minimum limit: a segment takes a sixteenth of it.
    let options = CaptureOptions { limit_bytes: 1 << 20, ..CaptureOptions::default() };
    let mut story = Story::begin_with(bench, "tcp://127.0.0.1:8080", options);
    let early = story.joined("127.0.0.1:4000");
    // Larger than a segment: it gets its own segment.
    story.data(early, RECEIVED, &[b'e'; 70_000]);
    story.note(PeerId::NONE, &SessionNote::Listening { local: "127.0.0.1:8080".parse().expect("an address") });
    tcp(&mut story);
    story.datagrams();
    udp(&mut story);
    let made = story.writer.id().to_owned();
    story.end();
    let captures = bench.path("data").join("captures");
    let folder = captures.join(ID);
    fs::rename(captures.join(made), &folder).expect("renamed");
    for file in ["00000001.index", "00000001.data", "00000002.index", "00000002.data"] {
        fs::remove_file(folder.join(file)).expect("the size limit deletes the oldest segments so");
    }
    with_fixed_times(&folder);
}

fn tcp(story: &mut Story) {
    let one = story.joined("127.0.0.1:4001");
    let two = story.joined("[::1]:4002");
    story.data(one, RECEIVED, b"\x02ab\x03\x02"); // a frame with a good check
    story.data(one, RECEIVED, b"\x02\xCE\xC2"); // one character of GBK, and half of the next
    story.data(two, RECEIVED, b"junk\x02ok\x03\xFF"); // a bad check behind what is no frame
    story.data(one, RECEIVED, b"\xB6\xC8=25\x03\x00");
    let sent: std::sync::Arc<[u8]> = b"\x02=1+1,\"q\"\r\n\x03\x2A"[..].into();
    for peer in [one, two] {
        let marks = Marks { action: 1, ..Marks::default() };
        let payload = Payload::Shared { bytes: &sent, start: 0, end: sent.len() };
        story.writer.append(&NewRecord::data(SENT, peer, payload).marked(marks)).expect("appended");
    }
    story.data(two, RECEIVED, b"1e10\x1B[31m\xE2\x80\xAE\xFF\x80\tend\r\n");
    let gone = Payload::File { path: Path::new("/gone/sent.bin"), offset: 0, len: 9, size: 9, modified_ns: 1, hash: 0 };
    story.writer.append(&NewRecord::data(SENT, two, gone)).expect("appended");
    story.writer.append(&NewRecord::bare(RecordKind::HalfClosed, one)).expect("appended");
    story.data(one, RECEIVED, b"\x02cut\xC4"); // no end, in the middle of a character
    story.left(one, CloseReason::PeerFin);
    story.note(
        PeerId::NONE,
        &SessionNote::Warning {
            warning: NetError::new(Operation::Send, ErrorKind::Refused, "udp://127.0.0.1:9", "refused"),
        },
    );
    story.left(two, CloseReason::Reset);
    story.note(PeerId::NONE, &SessionNote::Closed { reason: CloseReason::Local, next: None });
}

fn udp(story: &mut Story) {
    story.note(PeerId::NONE, &SessionNote::Opened { run: 2, endpoint: "udp://127.0.0.1:9000".into() });
    story.note(PeerId::NONE, &SessionNote::Bound { local: "127.0.0.1:9000".parse().expect("an address") });
    let peer = story.joined("127.0.0.1:4003");
    story.data(peer, RECEIVED, b"\x02d\x03\x64");
    story.data(peer, RECEIVED, b"");
    story.data(peer, RECEIVED, b"\xB6");
    story.data(peer, SENT, b"05");
    story.note(PeerId::NONE, &SessionNote::KernelDropped { records: 3, buffer_bytes: 8 << 20 });
    let error = NetError::new(Operation::Receive, ErrorKind::Reset, "udp://127.0.0.1:9000", "");
    story.note(PeerId::NONE, &SessionNote::Error { error });
}

/// The checksum of docs/CAPTURE_FORMAT.md.
fn check_value(seed: u64, bytes: &[u8]) -> u32 {
    let mut hash = seed ^ u64::from_le_bytes(*b"WIREBNCH");
    for word in bytes.chunks(8) {
        let mut wide = [0; 8];
        wide[..word.len()].copy_from_slice(word);
        hash = (hash ^ u64::from_le_bytes(wide)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        hash ^= hash >> 32;
    }
    (hash & u64::from(u32::MAX)) as u32
}

fn put(place: usize, bytes: &[u8], file: &mut [u8]) {
    file[place..place + bytes.len()].copy_from_slice(bytes);
}

/// Rewrites the times as if the records had arrived at regular intervals.
fn with_fixed_times(folder: &Path) {
    let meta = folder.join("meta.json");
    let mut json: serde_json::Value = serde_json::from_slice(&fs::read(&meta).expect("read")).expect("JSON");
    for field in ["created_unix_ns", "wall_anchor_unix_ns"] {
        json[field] = START_NS.into();
    }
    fs::write(&meta, json.to_string()).expect("written");
    let index = folder.join("00000003.index");
    let mut file = fs::read(&index).expect("the last segment");
    let number = |place: usize, file: &[u8]| u64::from_le_bytes(file[place..place + 8].try_into().expect("8 bytes"));
    let (first, rows) = (number(24, &file), number(48, &file) & 0xFFFF_FFFF);
    put(32, &START_NS.to_le_bytes(), &mut file);
    let check = check_value(0, &file[..60]);
    put(60, &check.to_le_bytes(), &mut file);
    let entries = HEADER_LEN + 32 * usize::try_from(rows).expect("a few");
    for (record, place) in (first..).zip((entries..file.len()).step_by(ENTRY_LEN)) {
        put(place, &(record * STEP_NS).to_le_bytes(), &mut file);
        let check = check_value(record, &file[place..place + 60]);
        put(place + 60, &check.to_le_bytes(), &mut file);
    }
    fs::write(&index, file).expect("written");
}

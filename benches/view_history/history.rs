//! A capture of many small records of many peers, created by the capture writer.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use wirebench::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload};
use wirebench::codec::Encoding;
use wirebench::model::{Direction, PeerId};

pub const PEERS: u64 = 100;
/// Bytes per record: odd, so that records end within characters.
const RECORD_BYTES: usize = 31;

/// What the peers send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// Lines as devices write them.
    Lines,
    /// Two-byte characters only, without any separator: no byte determines where one starts.
    OneWord,
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lines => "lines",
            Self::OneWord => "one word without end",
        })
    }
}

pub struct History {
    pub folder: PathBuf,
    pub disk_mib: u64,
    /// Maximum resident set while it was written.
    pub most_mib: f64,
}

pub fn record(folder: &Path, count: u64, text: Text) -> History {
    let endpoint = "tcp://127.0.0.1:8080".parse().expect("an endpoint");
    let options = CaptureOptions { limit_bytes: 64 << 30, ..CaptureOptions::default() };
    let mut writer = CaptureWriter::create(folder, &endpoint, options).expect("a capture");
    let peers: Vec<PeerId> = (0..PEERS)
        .map(|number| writer.add_peer(SocketAddr::from((Ipv4Addr::LOCALHOST, 10_000 + number as u16))).expect("a peer"))
        .collect();
    let words: String = match text {
        Text::Lines => (0..50).map(|n| format!("温度=23.{n} 湿度=48% 状态正常 序号={n:06}\r\n")).collect(),
        Text::OneWord => "温度湿度状态正常序号".repeat(40),
    };
    let stream = Encoding::GBK.encode(&words).expect("in GBK");
    // Long enough for a record at each position.
    let long = [&stream[..], &stream[..RECORD_BYTES]].concat();
    let mut at = vec![0; peers.len()];
    let mut most_mib = resident_mib();
    for number in 0..count {
        // Peers are interleaved; every now and then we reply.
        let which = (number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize % peers.len();
        let payload = Payload::Bytes(&long[at[which]..at[which] + RECORD_BYTES]);
        at[which] = (at[which] + RECORD_BYTES) % stream.len();
        writer.append(&NewRecord::data(Direction::Received, peers[which], payload)).expect("appended");
        if number % 8 == 7 {
            writer
                .append(&NewRecord::data(Direction::Sent, peers[which], Payload::Bytes(b"OK\r\n")))
                .expect("appended");
        }
        if number % 65_536 == 0 {
            most_mib = most_mib.max(resident_mib());
        }
    }
    writer.flush().expect("flushed");
    let folder = writer.reader().folder().to_owned();
    writer.close();
    let files = std::fs::read_dir(&folder).expect("a folder").flatten();
    let bytes: u64 = files.filter_map(|file| file.metadata().ok()).map(|data| data.len()).sum();
    History { folder, disk_mib: bytes >> 20, most_mib }
}

/// Resident memory of this process; 0 if the system does not report it.
pub fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kib: f64 = line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0.0);
    kib / 1024.0
}

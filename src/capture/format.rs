//! The bytes of a capture's files, version 1. Described in `docs/CAPTURE_FORMAT.md`; all numbers little-endian.
//!
//! Decoders take whatever a damaged disk or a stranger left there: they answer `None`, never panic, and size nothing by it.

use super::platform;
use crate::model::Direction;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::path::{Path, PathBuf};

/// Of every file of a capture.
pub(super) const VERSION: u32 = 1;
/// Bytes before the first entry of an index file.
pub(super) const HEADER_LEN: usize = 64;
/// Bytes an entry of an index file.
pub(super) const ENTRY_LEN: usize = 48;
/// Bytes a row of the peer table; row 0 is its header.
pub(super) const PEER_ROW_LEN: usize = 32;
/// Fixed part of a file reference; the path follows.
pub(super) const FILE_REFERENCE_LEN: usize = 28;
/// Longest path a file reference may hold, in bytes.
pub(super) const PATH_LEN_MAX: usize = 32 * 1024;
/// Record and segment numbers and stream offsets above this are damage, so that sums of them stay numbers.
pub(super) const NUMBER_MAX: u64 = 1 << 62;

/// The payload is a reference to a part of a file.
pub(super) const FLAG_FROM_FILE: u16 = 1;
/// The payload was another record's and went with it: 8 bytes, its number.
pub(super) const FLAG_GONE: u16 = 2;

/// "Further back than can be said" in [`Entry::distance`].
pub(super) const DISTANCE_FAR: u32 = u32::MAX;

const INDEX_MAGIC: [u8; 8] = *b"WBCAPIDX";
const PEERS_MAGIC: [u8; 8] = *b"WBCAPPER";

/// A check value over `bytes` (a multiple of 8, plus 4), so that zeroed, shifted or flipped bytes are noticed. Not meant
/// against intent. Six multiplications for an entry, where a CRC-32 would cost ten times that.
pub(super) fn check_value(seed: u64, bytes: &[u8]) -> u32 {
    let mut hash = seed ^ u64::from_le_bytes(*b"WIREBNCH");
    let mut mix = |word: u64| {
        hash = (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        hash ^= hash >> 32;
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        mix(u64::from_le_bytes(*word));
    }
    if let Some(half) = rest.first_chunk::<4>() {
        mix(u64::from(u32::from_le_bytes(*half)));
    }
    (hash & u64::from(u32::MAX)) as u32
}

/// Writes fields one behind the other into a fixed-size array.
struct Fields<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl Fields<'_> {
    fn put<const N: usize>(&mut self, value: [u8; N]) {
        if let Some(place) = self.bytes.get_mut(self.at..self.at + N) {
            place.copy_from_slice(&value);
        }
        self.at += N;
    }
}

/// The `N` bytes at `at`; zeros where there are none (callers check lengths first).
fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(|rest| rest.first_chunk::<N>()).copied().unwrap_or([0; N])
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(field(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(field(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(field(bytes, at))
}

/// Where a segment stands in its capture: the start of its index file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    /// From 1, without gaps.
    pub segment: u64,
    /// Number of its first record = records before it.
    pub first_record: u64,
    /// Wall time, unix ns, at monotonic time 0.
    pub anchor_unix_ns: i64,
    /// Payload bytes of all data records before it.
    pub payload_bytes_before: u64,
}

impl SegmentHeader {
    /// As stored.
    pub(super) fn encode(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        let mut fields = Fields { bytes: &mut bytes, at: 0 };
        fields.put(INDEX_MAGIC);
        fields.put(VERSION.to_le_bytes());
        fields.put((HEADER_LEN as u32).to_le_bytes());
        fields.put(self.segment.to_le_bytes());
        fields.put(self.first_record.to_le_bytes());
        fields.put(self.anchor_unix_ns.to_le_bytes());
        fields.put(self.payload_bytes_before.to_le_bytes());
        fields.put([0; 12]);
        let check = check_value(0, &bytes[..HEADER_LEN - 4]);
        bytes[HEADER_LEN - 4..].copy_from_slice(&check.to_le_bytes());
        bytes
    }

    /// `None` = damaged, or another version.
    pub(super) fn decode(bytes: &[u8; HEADER_LEN]) -> Option<Self> {
        let sound = bytes.starts_with(&INDEX_MAGIC)
            && u32_at(bytes, 8) == VERSION
            && u32_at(bytes, 12) == HEADER_LEN as u32
            && u32_at(bytes, HEADER_LEN - 4) == check_value(0, &bytes[..HEADER_LEN - 4]);
        let header = Self {
            segment: u64_at(bytes, 16),
            first_record: u64_at(bytes, 24),
            anchor_unix_ns: i64::from_le_bytes(field(bytes, 32)),
            payload_bytes_before: u64_at(bytes, 40),
        };
        (sound && header.segment <= NUMBER_MAX && header.first_record <= NUMBER_MAX).then_some(header)
    }
}

/// One record's fixed-size entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// ns since the capture was created.
    pub mono_ns: u64,
    /// Where the payload begins in the data file.
    pub data_offset: u64,
    /// Data: bytes of this peer and direction before.
    pub stream_offset: u64,
    /// Data: how many records back the previous one of this peer and direction is. 0 = none.
    pub distance: u32,
    /// Peer number, 0 = none.
    pub peer: u32,
    /// Payload bytes as a reader gets them.
    pub len: u32,
    /// [`super::RecordKind`].
    pub kind: u8,
    /// 0 none, 1 received, 2 sent.
    pub direction: u8,
    /// `FLAG_*`.
    pub flags: u16,
    /// Bytes in the data file from `data_offset` on: `len`, or the length of a reference.
    pub stored: u32,
}

impl Entry {
    /// As stored; `number` goes into the check value, so that an entry at another's place is noticed.
    pub(super) fn encode(&self, number: u64) -> [u8; ENTRY_LEN] {
        let mut bytes = [0; ENTRY_LEN];
        let mut fields = Fields { bytes: &mut bytes, at: 0 };
        fields.put(self.mono_ns.to_le_bytes());
        fields.put(self.data_offset.to_le_bytes());
        fields.put(self.stream_offset.to_le_bytes());
        fields.put(self.distance.to_le_bytes());
        fields.put(self.peer.to_le_bytes());
        fields.put(self.len.to_le_bytes());
        fields.put([self.kind, self.direction]);
        fields.put(self.flags.to_le_bytes());
        fields.put(self.stored.to_le_bytes());
        let check = check_value(number, &bytes[..ENTRY_LEN - 4]);
        bytes[ENTRY_LEN - 4..].copy_from_slice(&check.to_le_bytes());
        bytes
    }

    /// `None` = damaged, or not record `number`'s.
    pub(super) fn decode(number: u64, bytes: &[u8; ENTRY_LEN]) -> Option<Self> {
        if u32_at(bytes, ENTRY_LEN - 4) != check_value(number, &bytes[..ENTRY_LEN - 4]) {
            return None;
        }
        Some(Self {
            mono_ns: u64_at(bytes, 0),
            data_offset: u64_at(bytes, 8),
            stream_offset: u64_at(bytes, 16),
            distance: u32_at(bytes, 24),
            peer: u32_at(bytes, 28),
            len: u32_at(bytes, 32),
            kind: bytes[36],
            direction: bytes[37],
            flags: u16_at(bytes, 38),
            stored: u32_at(bytes, 40),
        })
    }

    /// Behind its last byte in the data file.
    pub(super) fn data_end(&self) -> u64 {
        self.data_offset.saturating_add(u64::from(self.stored))
    }
}

/// The stored byte of a direction.
pub(super) fn direction_code(direction: Option<Direction>) -> u8 {
    match direction {
        None => 0,
        Some(Direction::Received) => 1,
        Some(Direction::Sent) => 2,
    }
}

/// The inverse of [`direction_code`]; `None` = damaged.
pub(super) fn direction_of(code: u8) -> Option<Option<Direction>> {
    match code {
        0 => Some(None),
        1 => Some(Some(Direction::Received)),
        2 => Some(Some(Direction::Sent)),
        _ => None,
    }
}

/// Row 0 of the peer table.
pub(super) fn peers_header() -> [u8; PEER_ROW_LEN] {
    let mut bytes = [0; PEER_ROW_LEN];
    let mut fields = Fields { bytes: &mut bytes, at: 0 };
    fields.put(PEERS_MAGIC);
    fields.put(VERSION.to_le_bytes());
    fields.put((PEER_ROW_LEN as u32).to_le_bytes());
    let check = check_value(0, &bytes[..PEER_ROW_LEN - 4]);
    bytes[PEER_ROW_LEN - 4..].copy_from_slice(&check.to_le_bytes());
    bytes
}

/// The row of peer `id`.
pub(super) fn encode_peer(id: u32, address: SocketAddr) -> [u8; PEER_ROW_LEN] {
    let mut bytes = [0; PEER_ROW_LEN];
    let mut fields = Fields { bytes: &mut bytes, at: 0 };
    match address {
        SocketAddr::V4(v4) => {
            fields.put([4, 0]);
            fields.put(v4.port().to_le_bytes());
            fields.put(v4.ip().octets());
        }
        SocketAddr::V6(v6) => {
            fields.put([6, 0]);
            fields.put(v6.port().to_le_bytes());
            fields.put(v6.ip().octets());
            fields.put(v6.flowinfo().to_le_bytes());
            fields.put(v6.scope_id().to_le_bytes());
        }
    }
    let check = check_value(u64::from(id), &bytes[..PEER_ROW_LEN - 4]);
    bytes[PEER_ROW_LEN - 4..].copy_from_slice(&check.to_le_bytes());
    bytes
}

/// `None` = damaged, or not peer `id`'s.
pub(super) fn decode_peer(id: u32, bytes: &[u8; PEER_ROW_LEN]) -> Option<SocketAddr> {
    if u32_at(bytes, PEER_ROW_LEN - 4) != check_value(u64::from(id), &bytes[..PEER_ROW_LEN - 4]) {
        return None;
    }
    let port = u16_at(bytes, 2);
    match bytes[0] {
        4 => Some(SocketAddrV4::new(Ipv4Addr::from(field::<4>(bytes, 4)), port).into()),
        6 => {
            let ip = Ipv6Addr::from(field::<16>(bytes, 4));
            Some(match (u32_at(bytes, 20), u32_at(bytes, 24)) {
                (0, 0) => SocketAddr::new(IpAddr::V6(ip), port),
                (flow, scope) => SocketAddrV6::new(ip, port, flow, scope).into(),
            })
        }
        _ => None,
    }
}

/// A part of a file that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileReference {
    /// Offset of the first byte sent.
    pub offset: u64,
    /// Of the whole file, when the send began.
    pub size: u64,
    /// Modification time, unix ns, when the send began.
    pub modified_ns: i64,
    /// Where it was.
    pub path: PathBuf,
}

impl FileReference {
    /// As stored. `None`: the path is longer than [`PATH_LEN_MAX`].
    pub(super) fn encode(path: &Path, offset: u64, size: u64, modified_ns: i64) -> Option<Vec<u8>> {
        let path = platform::path_bytes(path);
        let path_len = u32::try_from(path.len()).ok().filter(|len| *len as usize <= PATH_LEN_MAX)?;
        let mut bytes = Vec::with_capacity(FILE_REFERENCE_LEN + path.len());
        bytes.extend_from_slice(&offset.to_le_bytes());
        bytes.extend_from_slice(&size.to_le_bytes());
        bytes.extend_from_slice(&modified_ns.to_le_bytes());
        bytes.extend_from_slice(&path_len.to_le_bytes());
        bytes.extend_from_slice(&path);
        Some(bytes)
    }

    /// `None` = damaged.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let path = bytes.get(FILE_REFERENCE_LEN..)?;
        (u32_at(bytes, 24) as usize == path.len()).then(|| Self {
            offset: u64_at(bytes, 0),
            size: u64_at(bytes, 8),
            modified_ns: i64::from_le_bytes(field(bytes, 16)),
            path: platform::path_from_bytes(path),
        })
    }
}

/// The payload file of a segment.
pub(super) fn data_path(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("{segment:08}.data"))
}

/// The index file of a segment.
pub(super) fn index_path(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("{segment:08}.index"))
}

/// The segment an index file's name tells, if it is one.
pub(super) fn segment_of_index_name(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".index").filter(|d| d.len() >= 8 && d.bytes().all(|b| b.is_ascii_digit()))?;
    let segment = digits.parse().ok()?;
    (format!("{segment:08}") == digits && segment <= NUMBER_MAX).then_some(segment)
}

/// The peer table of a capture.
pub(super) fn peers_path(folder: &Path) -> PathBuf {
    folder.join("peers")
}

/// Locked by the writer as long as it lives.
pub(super) fn lock_path(folder: &Path) -> PathBuf {
    folder.join("lock")
}

//! The bytes of a capture's files. Version 2 is written; versions 1 and 2 are read. Described in `docs/CAPTURE_FORMAT.md`; all
//! numbers are little-endian.
//!
//! Decoders take whatever a damaged disk or a stranger left there: they answer `None`, never panic, and size nothing by it.

use crate::model::Direction;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::path::{Path, PathBuf};

/// The version that is written, in every file of a capture.
pub(super) const VERSION: u32 = 2;
/// Fixed part of an index file's header. In version 2 the rows of cut characters follow it.
pub(super) const HEADER_LEN: usize = 64;
/// Length of an entry of an index file, version 2.
pub(super) const ENTRY_LEN: usize = 64;
/// Length of an entry of an index file, version 1.
pub(super) const ENTRY_LEN_1: usize = 48;
/// Length of a row of cut characters.
pub(super) const CUT_LEN: usize = 32;
/// Bytes a row of the peer table; row 0 is its header.
pub(super) const PEER_ROW_LEN: usize = 32;
/// Record and segment numbers and stream offsets above this are damage, so that sums of them stay numbers.
pub(super) const NUMBER_MAX: u64 = 1 << 62;

/// The payload is a reference to a part of a file.
pub(super) const FLAG_FROM_FILE: u16 = 1;
/// The payload was another record's and went with it: 8 bytes, its number.
pub(super) const FLAG_GONE: u16 = 2;
/// The flags that say what the stored bytes are; none of them = the payload itself.
pub(super) const FLAGS_STORED: u16 = FLAG_FROM_FILE | FLAG_GONE;
/// Data: a datagram or message that stands alone, not a part of a stream.
pub(super) const FLAG_MESSAGE: u16 = 4;
/// Data: sent by the program by itself.
pub(super) const FLAG_AUTOMATIC: u16 = 8;
/// Data: as on the wire, below the layer that the user speaks.
pub(super) const FLAG_WIRE: u16 = 16;

/// "Further back than can be said" in [`Entry::distance`].
pub(super) const DISTANCE_FAR: u32 = u32::MAX;

const INDEX_MAGIC: [u8; 8] = *b"WBCAPIDX";
const PEERS_MAGIC: [u8; 8] = *b"WBCAPPER";
const LOCALS_MAGIC: [u8; 8] = *b"WBCAPLOC";

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
pub(super) struct Fields<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    /// From the first byte on.
    pub(super) fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Writes the next field.
    pub(super) fn put<const N: usize>(&mut self, value: [u8; N]) {
        if let Some(place) = self.bytes.get_mut(self.at..self.at + N) {
            place.copy_from_slice(&value);
        }
        self.at += N;
    }
}

/// The `N` bytes at `at`; zeros where there are none (callers check lengths first).
pub(super) fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(|rest| rest.first_chunk::<N>()).copied().unwrap_or([0; N])
}

/// A number at `at`.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(field(bytes, at))
}

/// A number at `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(field(bytes, at))
}

/// A number at `at`.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(field(bytes, at))
}

/// A version of the format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Entries of 48 bytes, no rows of cut characters.
    One,
    /// The one that is written.
    Two,
}

impl Version {
    /// `None` = not known.
    pub(super) fn of(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            VERSION => Some(Self::Two),
            _ => None,
        }
    }

    /// Bytes an entry.
    pub(super) fn entry_len(self) -> usize {
        match self {
            Self::One => ENTRY_LEN_1,
            Self::Two => ENTRY_LEN,
        }
    }
}

/// Where a segment stands in its capture: the start of its index file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    /// Of this index file.
    pub version: Version,
    /// From 1, without gaps.
    pub segment: u64,
    /// Number of its first record = records before it.
    pub first_record: u64,
    /// Wall time, unix ns, at monotonic time 0.
    pub anchor_unix_ns: i64,
    /// Payload bytes of all data records before it.
    pub payload_bytes_before: u64,
    /// Rows of cut characters between this header and the entries.
    pub cuts: u32,
    /// A stream without a row is not known to begin here with a whole character.
    pub cuts_missing: bool,
}

impl SegmentHeader {
    /// As stored: always version 2.
    pub(super) fn encode(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        let mut fields = Fields::new(&mut bytes);
        fields.put(INDEX_MAGIC);
        fields.put(VERSION.to_le_bytes());
        fields.put((HEADER_LEN as u32).to_le_bytes());
        fields.put(self.segment.to_le_bytes());
        fields.put(self.first_record.to_le_bytes());
        fields.put(self.anchor_unix_ns.to_le_bytes());
        fields.put(self.payload_bytes_before.to_le_bytes());
        fields.put(self.cuts.to_le_bytes());
        fields.put([u8::from(self.cuts_missing)]);
        let check = check_value(0, &bytes[..HEADER_LEN - 4]);
        bytes[HEADER_LEN - 4..].copy_from_slice(&check.to_le_bytes());
        bytes
    }

    /// `None` = damaged, or a version that is not known.
    pub(super) fn decode(bytes: &[u8; HEADER_LEN]) -> Option<Self> {
        let version = Version::of(u32_at(bytes, 8))?;
        let sound = bytes.starts_with(&INDEX_MAGIC)
            && u32_at(bytes, 12) == HEADER_LEN as u32
            && u32_at(bytes, HEADER_LEN - 4) == check_value(0, &bytes[..HEADER_LEN - 4]);
        let is_two = version == Version::Two;
        let header = Self {
            version,
            segment: u64_at(bytes, 16),
            first_record: u64_at(bytes, 24),
            anchor_unix_ns: i64::from_le_bytes(field(bytes, 32)),
            payload_bytes_before: u64_at(bytes, 40),
            cuts: if is_two { u32_at(bytes, 48) } else { 0 },
            cuts_missing: !is_two || bytes[52] != 0,
        };
        (sound && header.segment <= NUMBER_MAX && header.first_record <= NUMBER_MAX).then_some(header)
    }

    /// Where the first entry lies in the index file.
    pub(super) fn entries_at(&self) -> u64 {
        HEADER_LEN as u64 + u64::from(self.cuts) * CUT_LEN as u64
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
    /// Sent data: the action it belongs to, 0 = none.
    pub action: u32,
    /// Data: the pair of connections it belongs to, 0 = none.
    pub pair: u32,
    /// Data: number of our own address, 0 = unknown.
    pub local: u32,
    /// Sent data: [`super::Cause`].
    pub cause: u8,
}

impl Entry {
    /// As stored; `number` goes into the check value, so that an entry at another's place is noticed.
    pub(super) fn encode(&self, number: u64) -> [u8; ENTRY_LEN] {
        let mut bytes = [0; ENTRY_LEN];
        let mut fields = Fields::new(&mut bytes);
        fields.put(self.mono_ns.to_le_bytes());
        fields.put(self.data_offset.to_le_bytes());
        fields.put(self.stream_offset.to_le_bytes());
        fields.put(self.distance.to_le_bytes());
        fields.put(self.peer.to_le_bytes());
        fields.put(self.len.to_le_bytes());
        fields.put([self.kind, self.direction]);
        fields.put(self.flags.to_le_bytes());
        fields.put(self.stored.to_le_bytes());
        fields.put(self.action.to_le_bytes());
        fields.put(self.pair.to_le_bytes());
        fields.put(self.local.to_le_bytes());
        fields.put([self.cause]);
        let check = check_value(number, &bytes[..ENTRY_LEN - 4]);
        bytes[ENTRY_LEN - 4..].copy_from_slice(&check.to_le_bytes());
        bytes
    }

    /// From the bytes of an entry of this version. `None` = damaged, or not record `number`'s.
    pub(super) fn decode(version: Version, number: u64, bytes: &[u8]) -> Option<Self> {
        let checked = bytes.len().checked_sub(4).filter(|_| bytes.len() == version.entry_len())?;
        if u32_at(bytes, checked) != check_value(number, &bytes[..checked]) {
            return None;
        }
        let mut entry = Self {
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
            ..Self::default()
        };
        match version {
            // Version 1 knows these flags only; a set bit besides them was no entry that a writer makes.
            Version::One if entry.flags & !FLAGS_STORED != 0 => return None,
            Version::One => {}
            Version::Two => {
                entry.action = u32_at(bytes, 44);
                entry.pair = u32_at(bytes, 48);
                entry.local = u32_at(bytes, 52);
                entry.cause = bytes[56];
            }
        }
        Some(entry)
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
    addresses_header(PEERS_MAGIC)
}

/// Row 0 of the table of our own addresses.
pub(super) fn locals_header() -> [u8; PEER_ROW_LEN] {
    addresses_header(LOCALS_MAGIC)
}

fn addresses_header(magic: [u8; 8]) -> [u8; PEER_ROW_LEN] {
    let mut bytes = [0; PEER_ROW_LEN];
    let mut fields = Fields::new(&mut bytes);
    fields.put(magic);
    fields.put(VERSION.to_le_bytes());
    fields.put((PEER_ROW_LEN as u32).to_le_bytes());
    let check = check_value(0, &bytes[..PEER_ROW_LEN - 4]);
    bytes[PEER_ROW_LEN - 4..].copy_from_slice(&check.to_le_bytes());
    bytes
}

/// The row of peer `id`.
pub(super) fn encode_peer(id: u32, address: SocketAddr) -> [u8; PEER_ROW_LEN] {
    let mut bytes = [0; PEER_ROW_LEN];
    let mut fields = Fields::new(&mut bytes);
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

/// Whether a capture may hold a file of this name. A folder with any other file is not deleted.
pub(super) fn is_file_name(name: &str) -> bool {
    let is_segment = |name: &str| {
        name.strip_suffix(".data")
            .or_else(|| name.strip_suffix(".index"))
            .is_some_and(|digits| digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    ["meta.json", "lock", "peers", "locals"].contains(&name) || name.starts_with("meta.json.") || is_segment(name)
}

/// The peer table of a capture.
pub(super) fn peers_path(folder: &Path) -> PathBuf {
    folder.join("peers")
}

/// The table of our own addresses.
pub(super) fn locals_path(folder: &Path) -> PathBuf {
    folder.join("locals")
}

/// Locked by the writer as long as it lives.
pub(super) fn lock_path(folder: &Path) -> PathBuf {
    folder.join("lock")
}

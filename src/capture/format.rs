//! Binary layout of a capture's files. Version 2 is written; versions 1 and 2 are read. Described in `docs/CAPTURE_FORMAT.md`. All
//! numbers are little-endian.
//!
//! Decoders accept arbitrary input (damaged disks, foreign files): they return `None`, never panic, and never size an allocation by
//! it.

use crate::model::{Direction, UnixEnd};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::path::{Path, PathBuf};

/// The version written to every file of a capture.
pub(super) const VERSION: u32 = 2;
/// Length of the fixed part of an index file's header. In version 2 the rows of cut characters follow it.
pub(super) const HEADER_LEN: usize = 64;
/// Length of an entry of an index file, version 2.
pub(super) const ENTRY_LEN: usize = 64;
/// Length of an entry of an index file, version 1.
pub(super) const ENTRY_LEN_1: usize = 48;
/// Length of a row of cut characters.
pub(super) const CUT_LEN: usize = 32;
/// Length of a row of the peer table; row 0 is the header.
pub(super) const PEER_ROW_LEN: usize = 32;
/// Family of Unix sockets in a row of the peer table; older readers show such a peer without an address.
const FAMILY_UNIX: u8 = 1;
/// Record numbers, segment numbers and stream offsets above this count as damage, so that their sums cannot overflow.
pub(super) const NUMBER_MAX: u64 = 1 << 62;

/// The payload is a reference to part of a file.
pub(super) const FLAG_FROM_FILE: u16 = 1;
/// The payload belonged to another record and was evicted with it: 8 bytes, the number of that record.
pub(super) const FLAG_GONE: u16 = 2;
/// The flags that describe the stored bytes. If none is set, the stored bytes are the payload itself.
pub(super) const FLAGS_STORED: u16 = FLAG_FROM_FILE | FLAG_GONE;
/// Data: one complete datagram or message, not part of a stream.
pub(super) const FLAG_MESSAGE: u16 = 4;
/// Data: sent automatically by the program.
pub(super) const FLAG_AUTOMATIC: u16 = 8;
/// Data: bytes as on the wire, below the layer that the user works with.
pub(super) const FLAG_WIRE: u16 = 16;

/// Value of [`Entry::distance`] for a distance that does not fit.
pub(super) const DISTANCE_FAR: u32 = u32::MAX;

const INDEX_MAGIC: [u8; 8] = *b"WBCAPIDX";
const PEERS_MAGIC: [u8; 8] = *b"WBCAPPER";
const LOCALS_MAGIC: [u8; 8] = *b"WBCAPLOC";

/// Checksum over `bytes` (a multiple of 8, plus 4). Detects zeroed, shifted and flipped bytes, not deliberate changes. It costs six
/// multiplications per entry; a CRC-32 would cost about ten times as much.
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

/// Writes consecutive fields into a fixed-size array.
pub(super) struct Fields<'a> {
    bytes: &'a mut [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    /// Starts at the first byte.
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

/// The `N` bytes at `at`, or zeros if out of range (callers check lengths first).
pub(super) fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    bytes.get(at..).and_then(|rest| rest.first_chunk::<N>()).copied().unwrap_or([0; N])
}

/// Reads a `u16` at `at`.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(field(bytes, at))
}

/// Reads a `u32` at `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(field(bytes, at))
}

/// Reads a `u64` at `at`.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(field(bytes, at))
}

/// A supported version of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// Entries of 48 bytes, no rows of cut characters.
    One,
    /// The version that is written.
    Two,
}

impl Version {
    /// `None` if unsupported.
    pub(super) fn of(number: u32) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            VERSION => Some(Self::Two),
            _ => None,
        }
    }

    /// Length of an index entry in bytes.
    pub(super) fn entry_len(self) -> usize {
        match self {
            Self::One => ENTRY_LEN_1,
            Self::Two => ENTRY_LEN,
        }
    }
}

/// Position of a segment within its capture, stored at the start of its index file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    /// Version of this index file.
    pub version: Version,
    /// Segment number, counted from 1 without gaps.
    pub segment: u64,
    /// Number of the first record = count of records in earlier segments.
    pub first_record: u64,
    /// Wall time (unix ns) at monotonic time 0.
    pub anchor_unix_ns: i64,
    /// Payload bytes of all data records in earlier segments.
    pub payload_bytes_before: u64,
    /// Count of rows of cut characters between this header and the entries.
    pub cuts: u32,
    /// Not every stream has a row: a stream without one may start in the middle of a character here.
    pub cuts_missing: bool,
}

impl SegmentHeader {
    /// Encodes the header, always as version 2.
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

    /// `None` if damaged or of an unsupported version.
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

    /// Offset of the first entry in the index file.
    pub(super) fn entries_at(&self) -> u64 {
        HEADER_LEN as u64 + u64::from(self.cuts) * CUT_LEN as u64
    }
}

/// Fixed-size index entry of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// Monotonic time since the capture was created, in ns.
    pub mono_ns: u64,
    /// Offset of the payload in the data file.
    pub data_offset: u64,
    /// Data: count of earlier bytes of this peer and direction.
    pub stream_offset: u64,
    /// Data: distance in records to the previous record of this peer and direction. 0 if there is none.
    pub distance: u32,
    /// Peer number; 0 if none.
    pub peer: u32,
    /// Payload length in bytes, as returned to readers.
    pub len: u32,
    /// [`super::RecordKind`].
    pub kind: u8,
    /// 0 none, 1 received, 2 sent.
    pub direction: u8,
    /// `FLAG_*`.
    pub flags: u16,
    /// Length in the data file from `data_offset` on: `len`, or the length of a reference.
    pub stored: u32,
    /// Sent data: the action it belongs to; 0 if none.
    pub action: u32,
    /// Data: the pair of connections it belongs to; 0 if none.
    pub pair: u32,
    /// Data: number of the local address; 0 if unknown.
    pub local: u32,
    /// Sent data: [`super::Cause`].
    pub cause: u8,
    /// Sent data: number of the name of what sent it; 0 if none.
    pub name: u16,
    /// Data: [`super::PayloadForm`], and whether the message goes on in the next record.
    pub form: u8,
}

impl Entry {
    /// Encodes the entry. The checksum covers `number`, so that a misplaced entry is detected.
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
        fields.put([self.cause, self.form]);
        fields.put(self.name.to_le_bytes());
        let check = check_value(number, &bytes[..ENTRY_LEN - 4]);
        bytes[ENTRY_LEN - 4..].copy_from_slice(&check.to_le_bytes());
        bytes
    }

    /// Decodes an entry of this version. `None` if damaged or not of record `number`.
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
            // Version 1 defines only these flags; no writer sets any other.
            Version::One if entry.flags & !FLAGS_STORED != 0 => return None,
            Version::One => {}
            Version::Two => {
                entry.action = u32_at(bytes, 44);
                entry.pair = u32_at(bytes, 48);
                entry.local = u32_at(bytes, 52);
                entry.cause = bytes[56];
                entry.name = u16_at(bytes, 58);
                entry.form = bytes[57];
            }
        }
        Some(entry)
    }

    /// Offset after its last byte in the data file.
    pub(super) fn data_end(&self) -> u64 {
        self.data_offset.saturating_add(u64::from(self.stored))
    }
}

/// Encodes a direction as one byte.
pub(super) fn direction_code(direction: Option<Direction>) -> u8 {
    match direction {
        None => 0,
        Some(Direction::Received) => 1,
        Some(Direction::Sent) => 2,
    }
}

/// Inverse of [`direction_code`]; `None` if damaged.
pub(super) fn direction_of(code: u8) -> Option<Option<Direction>> {
    match code {
        0 => Some(None),
        1 => Some(Some(Direction::Received)),
        2 => Some(Some(Direction::Sent)),
        _ => None,
    }
}

/// Header row of the peer table.
pub(super) fn peers_header() -> [u8; PEER_ROW_LEN] {
    addresses_header(PEERS_MAGIC)
}

/// Header row of the table of local addresses.
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

/// Encodes the row of peer `id`.
pub(super) fn encode_peer(id: u32, address: SocketAddr) -> [u8; PEER_ROW_LEN] {
    let mut bytes = [0; PEER_ROW_LEN];
    let mut fields = Fields::new(&mut bytes);
    match address {
        // What the address of a Unix socket holds: the number of its name as port, its process and its user.
        SocketAddr::V6(v6) if UnixEnd::of(address).is_some() => {
            fields.put([FAMILY_UNIX, 0]);
            fields.put(v6.port().to_le_bytes());
            fields.put(v6.ip().octets());
        }
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

/// `None` if damaged or not of peer `id`.
pub(super) fn decode_peer(id: u32, bytes: &[u8; PEER_ROW_LEN]) -> Option<SocketAddr> {
    if u32_at(bytes, PEER_ROW_LEN - 4) != check_value(u64::from(id), &bytes[..PEER_ROW_LEN - 4]) {
        return None;
    }
    let port = u16_at(bytes, 2);
    match bytes[0] {
        FAMILY_UNIX => {
            let address = SocketAddr::new(IpAddr::V6(Ipv6Addr::from(field::<16>(bytes, 4))), port);
            UnixEnd::of(address).map(|_| address)
        }
        4 => Some(SocketAddrV4::new(Ipv4Addr::from(field::<4>(bytes, 4)), port).into()),
        6 => {
            let ip = Ipv6Addr::from(field::<16>(bytes, 4));
            // No Internet address: it would be shown as a Unix socket.
            UnixEnd::of(SocketAddr::new(IpAddr::V6(ip), port)).is_none().then(|| {
                match (u32_at(bytes, 20), u32_at(bytes, 24)) {
                    (0, 0) => SocketAddr::new(IpAddr::V6(ip), port),
                    (flow, scope) => SocketAddrV6::new(ip, port, flow, scope).into(),
                }
            })
        }
        _ => None,
    }
}

/// Encodes the row of local address `id`; `interface` is the number of the interface that an IPv4 datagram arrived on, or 0. Readers
/// that do not know it read the address.
pub(super) fn encode_local(id: u32, address: SocketAddr, interface: u32) -> [u8; PEER_ROW_LEN] {
    let mut bytes = encode_peer(id, address);
    if address.is_ipv4() {
        bytes[24..28].copy_from_slice(&interface.to_le_bytes());
        let check = check_value(u64::from(id), &bytes[..PEER_ROW_LEN - 4]);
        bytes[PEER_ROW_LEN - 4..].copy_from_slice(&check.to_le_bytes());
    }
    bytes
}

/// The interface in a sound row of a local address; 0: unknown.
pub(super) fn interface_in(row: &[u8; PEER_ROW_LEN]) -> u32 {
    u32_at(row, 24)
}

/// Path of a segment's payload file.
pub(super) fn data_path(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("{segment:08}.data"))
}

/// Path of a segment's index file.
pub(super) fn index_path(folder: &Path, segment: u64) -> PathBuf {
    folder.join(format!("{segment:08}.index"))
}

/// Parses the segment number from the name of an index file.
pub(super) fn segment_of_index_name(name: &str) -> Option<u64> {
    let digits = name.strip_suffix(".index").filter(|d| d.len() >= 8 && d.bytes().all(|b| b.is_ascii_digit()))?;
    let segment = digits.parse().ok()?;
    (format!("{segment:08}") == digits && segment <= NUMBER_MAX).then_some(segment)
}

/// Whether a capture may contain a file of this name. A folder with any other file is never deleted.
pub(super) fn is_file_name(name: &str) -> bool {
    let is_segment = |name: &str| {
        name.strip_suffix(".data")
            .or_else(|| name.strip_suffix(".index"))
            .is_some_and(|digits| digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    ["meta.json", "lock", "peers", "locals"].contains(&name) || name.starts_with("meta.json.") || is_segment(name)
}

/// Path of the peer table.
pub(super) fn peers_path(folder: &Path) -> PathBuf {
    folder.join("peers")
}

/// Path of the table of local addresses.
pub(super) fn locals_path(folder: &Path) -> PathBuf {
    folder.join("locals")
}

/// Path of the lock file, which the writer locks for its lifetime.
pub(super) fn lock_path(folder: &Path) -> PathBuf {
    folder.join("lock")
}

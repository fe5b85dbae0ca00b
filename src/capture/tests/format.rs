//! Version 1 of the format is frozen: these bytes never change. `docs/CAPTURE_FORMAT.md` shows the same ones.

use super::super::format::{self, Entry, FileReference, SegmentHeader};
use super::*;
use proptest::prelude::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const HEADER: SegmentHeader = SegmentHeader {
    segment: 3,
    first_record: 1000,
    anchor_unix_ns: 1_795_277_136_000_000_000,
    payload_bytes_before: 65_536,
};
const ENTRY: Entry = Entry {
    mono_ns: 1_500_000_000,
    data_offset: 4096,
    stream_offset: 70_000,
    distance: 2,
    peer: 7,
    len: 5,
    kind: 1,
    direction: 1,
    flags: 0,
    stored: 5,
};

#[test]
fn the_bytes_of_version_1_are_frozen() {
    assert_eq!(
        hex(&HEADER.encode()),
        "574243415049445801000000400000000300000000000000e8030000000000000020a91c0b1bea18000001000000000000000000000000000000000055774124"
    );
    assert_eq!(
        hex(&ENTRY.encode(1002)),
        "002f6859000000000010000000000000701101000000000002000000070000000500000001010000050000003cc4388e"
    );
    assert_eq!(hex(&format::peers_header()), "57424341505045520100000020000000000000000000000000000000018887c1");
    assert_eq!(
        hex(&format::encode_peer(1, "192.0.2.1:8080".parse().expect("an address"))),
        "0400901fc0000201000000000000000000000000000000000000000092f0a463"
    );
    assert_eq!(
        hex(&format::encode_peer(2, "[fe80::1%3]:502".parse().expect("an address"))),
        "0600f601fe8000000000000000000000000000010000000003000000e47d810a"
    );
    let reference = FileReference::encode(Path::new("/tmp/a"), 16, 4096, 1_795_277_136_000_000_000);
    assert_eq!(
        hex(&reference.expect("a short path")),
        "100000000000000000100000000000000020a91c0b1bea18060000002f746d702f61"
    );
}

#[test]
fn what_is_encoded_decodes_and_every_flipped_bit_is_noticed() {
    assert_eq!(SegmentHeader::decode(&HEADER.encode()), Some(HEADER));
    assert_eq!(Entry::decode(1002, &ENTRY.encode(1002)), Some(ENTRY));
    assert_eq!(Entry::decode(1003, &ENTRY.encode(1002)), None, "another record's");
    assert_eq!(Entry::decode(0, &[0; format::ENTRY_LEN]), None);
    for bit in 0..format::HEADER_LEN * 8 {
        let mut bytes = HEADER.encode();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(SegmentHeader::decode(&bytes), None, "bit {bit} of a header");
    }
    for bit in 0..format::ENTRY_LEN * 8 {
        let mut bytes = ENTRY.encode(1002);
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(Entry::decode(1002, &bytes), None, "bit {bit} of an entry");
    }
    let address = "[2001:db8::7]:9".parse().expect("an address");
    let row = format::encode_peer(9, address);
    assert_eq!(format::decode_peer(9, &row), Some(address));
    assert_eq!(format::decode_peer(8, &row), None, "another peer's");
}

#[test]
fn kinds_and_names_are_told_apart() {
    for code in 0..=255 {
        assert_eq!(RecordKind::of_code(code).map(|kind| kind as u8), (1..=10).contains(&code).then_some(code));
    }
    for (name, segment) in [
        ("00000001.index", Some(1)),
        ("123456789.index", Some(123_456_789)),
        ("1.index", None),
        ("000000001.index", None),
        ("0000000a.index", None),
        ("+0000001.index", None),
        ("00000001.data", None),
        ("99999999999999999999.index", None),
        (".index", None),
    ] {
        assert_eq!(format::segment_of_index_name(name), segment, "{name}");
    }
}

#[test]
fn a_path_too_long_to_store_is_refused() {
    let long = "x".repeat(format::PATH_LEN_MAX + 1);
    assert_eq!(FileReference::encode(Path::new(&long), 0, 0, 0), None);
    let mut bench = Bench::new();
    let payload = Payload::File { path: Path::new(&long), offset: 0, len: 1, size: 1, modified_ns: 0 };
    let refused = bench.writer.append(&NewRecord::data(Direction::Sent, PeerId(1), payload));
    assert!(matches!(refused, Err(WriteError::Failed(_))));
}

fn entries() -> impl Strategy<Value = Entry> {
    let places = (any::<u64>(), any::<u64>(), any::<u64>(), any::<u32>());
    let rest = (any::<u32>(), any::<u32>(), any::<u8>(), any::<u8>(), any::<u16>(), any::<u32>());
    (places, rest).prop_map(|((mono_ns, data_offset, stream_offset, distance), rest)| {
        let (peer, len, kind, direction, flags, stored) = rest;
        Entry { mono_ns, data_offset, stream_offset, distance, peer, len, kind, direction, flags, stored }
    })
}

fn addresses() -> impl Strategy<Value = std::net::SocketAddr> {
    use std::net::{SocketAddr, SocketAddrV6};
    let v6 = (any::<std::net::Ipv6Addr>(), any::<u16>(), any::<u32>(), any::<u32>());
    prop_oneof![
        any::<(std::net::Ipv4Addr, u16)>().prop_map(SocketAddr::from),
        v6.prop_map(|(ip, port, flow, scope)| SocketAddrV6::new(ip, port, flow, scope).into()),
    ]
}

proptest! {
    #[test]
    fn any_values_come_back(
        entry in entries(),
        numbers in (0..=format::NUMBER_MAX, 0..=format::NUMBER_MAX, any::<i64>(), any::<u64>()),
        (id, address) in (any::<u32>(), addresses()),
        (path, offset, size) in ("/[^/\\x00]{1,40}", any::<u64>(), any::<u64>()),
    ) {
        let (segment, first_record, anchor_unix_ns, payload_bytes_before) = numbers;
        prop_assert_eq!(Entry::decode(first_record, &entry.encode(first_record)), Some(entry));
        let header = SegmentHeader { segment, first_record, anchor_unix_ns, payload_bytes_before };
        prop_assert_eq!(SegmentHeader::decode(&header.encode()), Some(header));
        prop_assert_eq!(format::decode_peer(id, &format::encode_peer(id, address)), Some(address));
        let reference = FileReference { offset, size, modified_ns: anchor_unix_ns, path: path.into() };
        let stored = FileReference::encode(&reference.path, offset, size, anchor_unix_ns).expect("a short path");
        prop_assert_eq!(FileReference::decode(&stored), Some(reference));
    }
}

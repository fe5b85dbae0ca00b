//! Versions 1 and 2 of the format are frozen: these bytes must never change. `docs/CAPTURE_FORMAT.md` shows the same ones.

use super::super::cuts::{Cut, CutRow, CutTable};
use super::super::format::{self, Entry, SegmentHeader, Version};
use super::super::sent_file::{FileReference, PATH_LEN_MAX};
use super::*;
use proptest::prelude::*;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const HEADER: SegmentHeader = SegmentHeader {
    version: Version::Two,
    cuts: 1,
    cuts_missing: false,
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
    flags: format::FLAG_MESSAGE,
    stored: 5,
    action: 0,
    pair: 0,
    local: 1,
    cause: 0,
    name: 0,
    form: 0,
};

const CUT: CutRow = CutRow { peer: PeerId(7), direction: Direction::Received, stream_offset: 70_000, cut: Cut::CLEAN };

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter_map(|byte| char::from(byte).to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

/// A stream that ends with a lead byte of GBK.
fn cut() -> CutRow {
    let open = [Some(0), Some(1), Some(1), Some(1), Some(1), Some(1), Some(0), Some(0)];
    CutRow { cut: Cut::new(&[0xCE, 0xC2, 0xB6], open), ..CUT }
}

#[test]
fn the_bytes_of_version_2_are_frozen() {
    assert_eq!(
        hex(&HEADER.encode()),
        "574243415049445802000000400000000300000000000000e8030000000000000020a91c0b1bea1800000100000000000100000000000000000000007d774ca1"
    );
    assert_eq!(hex(&cut().encode(0)), "070000000100000070110100000000000000000000cec2b610111100229dde9f");
    assert_eq!(
        hex(&ENTRY.encode(1002)),
        "002f68590000000000100000000000007011010000000000020000000700000005000000010104000500000000000000000000000100000000000000b88e1e3c"
    );
    assert_eq!(hex(&format::peers_header()), "57424341505045520200000020000000000000000000000000000000e8a51cd7");
    assert_eq!(hex(&format::locals_header()), "57424341504c4f43020000002000000000000000000000000000000097baa054");
    assert_eq!(
        hex(&format::encode_peer(1, "192.0.2.1:8080".parse().expect("an address"))),
        "0400901fc0000201000000000000000000000000000000000000000092f0a463"
    );
    assert_eq!(
        hex(&format::encode_peer(2, "[fe80::1%3]:502".parse().expect("an address"))),
        "0600f601fe8000000000000000000000000000010000000003000000e47d810a"
    );
    let hash = super::super::part_hash(b"hello");
    let reference = FileReference::encode(Path::new("/tmp/a"), 16, 4096, 1_795_277_136_000_000_000, hash);
    assert_eq!(
        hex(&reference.expect("a short path")),
        "100000000000000000100000000000000020a91c0b1bea180600000000000000fddc625c55e855952f746d702f61"
    );
}

#[test]
fn the_bytes_of_version_1_are_read() {
    let header = unhex(
        "574243415049445801000000400000000300000000000000e8030000000000000020a91c0b1bea18000001000000000000000000000000000000000055774124",
    );
    let header = SegmentHeader::decode(header.as_slice().try_into().expect("64 bytes"));
    assert_eq!(header, Some(SegmentHeader { version: Version::One, cuts: 0, cuts_missing: true, ..HEADER }));
    let entry =
        unhex("002f6859000000000010000000000000701101000000000002000000070000000500000001010000050000003cc4388e");
    let expected = Entry { flags: 0, local: 0, ..ENTRY };
    assert_eq!(Entry::decode(Version::One, 1002, &entry), Some(expected));
    assert_eq!(Entry::decode(Version::Two, 1002, &entry), None);
    let reference = unhex("100000000000000000100000000000000020a91c0b1bea18060000002f746d702f61");
    let reference = FileReference::decode(Version::One, &reference).expect("a reference");
    assert_eq!((reference.offset, reference.size, reference.hash), (16, 4096, 0));
    assert_eq!((reference.modified_ns, reference.path.as_path()), (1_795_277_136_000_000_000, Path::new("/tmp/a")));
}

#[test]
fn rows_of_cut_characters_come_back_and_say_what_is_open() {
    let row = cut();
    assert_eq!(CutRow::decode(0, &row.encode(0)), Some(row));
    assert_eq!(CutRow::decode(1, &row.encode(0)), None, "another position's");
    for bit in 0..format::CUT_LEN * 8 {
        let mut bytes = row.encode(0);
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(CutRow::decode(0, &bytes), None, "bit {bit} of a row");
    }
    use crate::codec::Encoding;
    let table = CutTable::new(vec![row], false);
    let open = |peer, direction, offset, encoding| {
        table.of(PeerId(peer), direction, offset).open_in(encoding).map(<[u8]>::to_vec)
    };
    let (received, sent) = (Direction::Received, Direction::Sent);
    assert_eq!(open(7, received, 70_000, Encoding::GBK), Some(vec![0xB6]));
    assert_eq!(open(7, received, 70_000, Encoding::UTF_8), Some(vec![]));
    assert_eq!(open(7, received, 70_000, Encoding::LATIN_1), Some(vec![]));
    assert_eq!(open(7, received, 70_001, Encoding::GBK), None, "another offset in the stream");
    assert_eq!(open(7, sent, 1, Encoding::GBK), Some(vec![]), "no row: no incomplete character");
    let table = CutTable::new(vec![row], true);
    assert_eq!(table.of(PeerId(7), sent, 1).open_in(Encoding::GBK), None, "rows are missing");
}

#[test]
fn what_is_encoded_decodes_and_every_flipped_bit_is_noticed() {
    assert_eq!(SegmentHeader::decode(&HEADER.encode()), Some(HEADER));
    assert_eq!(Entry::decode(Version::Two, 1002, &ENTRY.encode(1002)), Some(ENTRY));
    assert_eq!(Entry::decode(Version::Two, 1003, &ENTRY.encode(1002)), None, "another record's");
    assert_eq!(Entry::decode(Version::Two, 0, &[0; format::ENTRY_LEN]), None);
    assert_eq!(Entry::decode(Version::One, 1002, &ENTRY.encode(1002)), None, "another version's");
    for bit in 0..format::HEADER_LEN * 8 {
        let mut bytes = HEADER.encode();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(SegmentHeader::decode(&bytes), None, "bit {bit} of a header");
    }
    for bit in 0..format::ENTRY_LEN * 8 {
        let mut bytes = ENTRY.encode(1002);
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(Entry::decode(Version::Two, 1002, &bytes), None, "bit {bit} of an entry");
    }
    let address = "[2001:db8::7]:9".parse().expect("an address");
    let row = format::encode_peer(9, address);
    assert_eq!(format::decode_peer(9, &row), Some(address));
    assert_eq!(format::decode_peer(8, &row), None, "another peer's");
}

#[test]
fn kinds_and_names_are_distinct() {
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
    let long = "x".repeat(PATH_LEN_MAX + 1);
    assert_eq!(FileReference::encode(Path::new(&long), 0, 0, 0, 0), None);
    let mut bench = Bench::new();
    let payload = Payload::File { path: Path::new(&long), offset: 0, len: 1, size: 1, modified_ns: 0, hash: 0 };
    let refused = bench.writer.append(&NewRecord::data(Direction::Sent, PeerId(1), payload));
    assert!(matches!(refused, Err(WriteError::Failed(_))));
}

fn entries() -> impl Strategy<Value = Entry> {
    let places = (any::<u64>(), any::<u64>(), any::<u64>(), any::<u32>());
    let rest = (any::<u32>(), any::<u32>(), any::<u8>(), any::<u8>(), any::<u16>(), any::<u32>());
    let marks = (any::<u32>(), any::<u32>(), any::<u32>(), any::<u8>(), any::<u16>(), any::<u8>());
    (places, rest, marks).prop_map(|((mono_ns, data_offset, stream_offset, distance), rest, marks)| {
        let (action, pair, local, cause, name, form) = marks;
        let (peer, len, kind, direction, flags, stored) = rest;
        Entry {
            mono_ns,
            data_offset,
            stream_offset,
            distance,
            peer,
            len,
            kind,
            direction,
            flags,
            stored,
            action,
            pair,
            local,
            cause,
            name,
            form,
        }
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
        (path, offset, size, hash) in ("/[^/\\x00]{1,40}", any::<u64>(), any::<u64>(), any::<u64>()),
    ) {
        let (segment, first_record, anchor_unix_ns, payload_bytes_before) = numbers;
        prop_assert_eq!(Entry::decode(Version::Two, first_record, &entry.encode(first_record)), Some(entry));
        let header = SegmentHeader { segment, first_record, anchor_unix_ns, payload_bytes_before, ..HEADER };
        prop_assert_eq!(SegmentHeader::decode(&header.encode()), Some(header));
        prop_assert_eq!(format::decode_peer(id, &format::encode_peer(id, address)), Some(address));
        let reference = FileReference { offset, size, modified_ns: anchor_unix_ns, hash, path: path.into() };
        let stored = FileReference::encode(&reference.path, offset, size, anchor_unix_ns, hash).expect("a short path");
        prop_assert_eq!(FileReference::decode(Version::Two, &stored), Some(reference));
    }
}

//! Compares indexes with the output of a plain cutter, over arbitrary cuts, streams and filters.

use super::cutter::open_parts;
use super::*;
use crate::capture::search::Pass;
use crate::capture::{CaptureOptions, CaptureReader, CaptureWriter, Marks, NewRecord, Payload, PeerFilter, RecordKind};
use crate::codec::{Encoding, FrameKind, Framer, PatternSource};
use crate::model::{Direction, PeerId};
use proptest::prelude::*;
use std::collections::HashMap;
use std::path::Path;

mod separators;

fn writer(folder: &Path, endpoint: &str, limit_bytes: u64) -> CaptureWriter {
    let options = CaptureOptions { limit_bytes, ..CaptureOptions::default() };
    CaptureWriter::create(folder, &endpoint.parse().unwrap(), options).unwrap()
}

fn append(writer: &mut CaptureWriter, direction: Direction, peer: u32, bytes: &[u8]) {
    writer.append(&NewRecord::data(direction, PeerId(peer), Payload::Bytes(bytes))).unwrap();
}

fn rule(text: &str) -> ItemRule {
    ItemRule { framing: text.parse().unwrap(), filter: Filter::default() }
}

fn caught_up(indexer: &mut Indexer) {
    assert_eq!(indexer.run(&mut |_, _| true).unwrap(), Pass::CaughtUp);
}

fn indexed(reader: &CaptureReader, rule: ItemRule) -> ItemIndex {
    let mut indexer = Indexer::new(reader.clone(), rule).unwrap();
    caught_up(&mut indexer);
    indexer.index().clone()
}

fn items(index: &ItemIndex) -> Vec<ItemEntry> {
    let mut items = Vec::new();
    index.items_in(index.items(), &mut items).unwrap();
    items
}

/// Kind and bytes of each item.
fn emitted(index: &ItemIndex) -> Vec<(ItemKind, Vec<u8>)> {
    let bytes_of = |item: &ItemEntry| {
        let mut bytes = Vec::new();
        for part in parts_of(index.reader(), item).unwrap() {
            assert_eq!(part.at as usize, bytes.len());
            index.reader().payload(&part.record, part.from..part.to, &mut bytes).unwrap();
        }
        assert_eq!(bytes.len(), item.len as usize);
        bytes
    };
    items(index).iter().map(|item| (item.kind, bytes_of(item))).collect()
}

#[test]
fn sticky_packets_come_apart_when_the_rule_is_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 30);
    append(&mut writer, Direction::Received, 1, b"\x05\0\0\0Hello\x07\0\0\0Wel");
    append(&mut writer, Direction::Received, 1, b"come\x02\0");
    writer.flush().unwrap();
    let index = indexed(&writer.reader(), rule("py-struct-i"));
    let frames = [b"\x05\0\0\0Hello".to_vec(), b"\x07\0\0\0Welcome".to_vec(), b"\x02\0".to_vec()];
    let kinds = [ItemKind::Frame, ItemKind::Frame, ItemKind::Incomplete];
    assert_eq!(emitted(&index), kinds.into_iter().zip(frames).collect::<Vec<_>>());
    let all = items(&index);
    assert_eq!((all[1].first, all[1].last, all[1].offset, all[1].head), (0, 1, 9, 4));
    assert_eq!(index.counts(), ItemCounts { frames: 2, ..ItemCounts::default() });
    // The item that shows a byte of a record.
    assert_eq!(index.find(0, 0), (0, 0));
    assert_eq!(index.find(0, 10), (1, 1));
    assert_eq!(index.find(1, 0), (1, 7));
    assert_eq!(index.find(1, 5), (2, 1));
}

#[test]
fn what_was_open_is_settled_when_more_comes() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 30);
    append(&mut writer, Direction::Received, 1, b"one\ntw");
    writer.flush().unwrap();
    let mut indexer = Indexer::new(writer.reader(), rule("line")).unwrap();
    caught_up(&mut indexer);
    let index = indexer.index().clone();
    assert_eq!(emitted(&index), [(ItemKind::Frame, b"one\n".to_vec()), (ItemKind::Incomplete, b"tw".to_vec())]);
    append(&mut writer, Direction::Received, 1, b"o\nthree");
    writer.append(&NewRecord::bare(RecordKind::HalfClosed, PeerId(1))).unwrap();
    writer.flush().unwrap();
    caught_up(&mut indexer);
    let kinds: Vec<_> =
        emitted(&index).into_iter().map(|(kind, bytes)| (kind, String::from_utf8(bytes).unwrap())).collect();
    let expected = [
        (ItemKind::Frame, "one\n".to_owned()),
        (ItemKind::Frame, "two\n".to_owned()),
        (ItemKind::Incomplete, "three".to_owned()),
        (ItemKind::Record, String::new()),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(index.counts().incomplete, 1);
}

/// A thousand clients that send no line end: each stays within the rule's limit.
#[test]
fn unfinished_frames_of_many_streams_together_are_bounded_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 30);
    let (streams, most) = (1000_u32, 100_000_u64);
    for _ in 0..4 {
        (1..=streams).for_each(|peer| append(&mut writer, Direction::Received, peer, &[b'x'; 90]));
    }
    (1..=streams).for_each(|peer| append(&mut writer, Direction::Received, peer, b"\nnext\n"));
    writer.flush().unwrap();
    let reader = writer.reader();
    let mut records = Vec::new();
    reader.records_in(reader.records(), &mut records).unwrap();
    for text in ["line", "len:size=dec,end=3A", "fixed:1000", "gap:10s", "json", "slip", "marks:start=78,end=0A"] {
        let mut cutter = Cutter::new(text.parse().unwrap());
        cutter.set_held_max(most);
        let (mut emitted, mut next) = (HashMap::new(), 0);
        let mut sink = |frame: &crate::codec::Frame, bytes: &[u8], newest: &crate::capture::Record| {
            let at = emitted.entry(newest.peer).or_insert(0);
            assert_eq!((frame.start, frame.end), (*at, *at + bytes.len() as u64), "{text}: frames tile each stream");
            *at = frame.end;
            next += u64::from(frame.kind == FrameKind::Frame && bytes == b"next\n");
        };
        for record in &records {
            let mut bytes = Vec::new();
            reader.payload(record, 0..record.len, &mut bytes).unwrap();
            cutter.feed(record, 0, &bytes, &mut sink);
            let held: u64 = cutter.streams().map(|s| s.framer().pending().end - s.framer().pending().start).sum();
            let capacity: usize = cutter.streams().map(|stream| stream.framer().capacity()).sum();
            assert!(held <= most && capacity as u64 <= 2 * most, "{text}: {held} held in {capacity}");
            assert_eq!(cutter.capacity(), capacity as u64, "{text}");
        }
        cutter.keys().into_iter().for_each(|key| cutter.end_stream(key, &mut sink));
        if text == "line" {
            assert_eq!(next, u64::from(streams), "each finds the next frame");
            assert!(cutter.given_up() >= 260_000, "{}", cutter.given_up());
        }
        assert_eq!(cutter.capacity(), 0, "{text}");
    }
}

#[test]
fn a_frame_that_was_given_up_is_passed_over_where_its_length_is_known() {
    for (text, stream) in [
        ("len:size=2,endian=big", [&b"\x00\x64"[..], &[b'x'; 100], b"\x00\x02ok"].concat()),
        ("fixed:50", vec![b'y'; 100]),
    ] {
        let mut framer = Framer::new(&text.parse().unwrap(), 0);
        let mut emitted = Vec::new();
        let mut sink = |frame: &crate::codec::Frame, _: &[u8]| emitted.push((frame.start, frame.end, frame.kind));
        framer.feed(&stream[..30], 0, &mut sink);
        framer.give_up(&mut sink);
        stream[30..].chunks(7).for_each(|part| framer.feed(part, 0, &mut sink));
        let frames: Vec<_> = emitted.iter().filter(|(.., kind)| *kind == FrameKind::Frame).collect();
        let end = stream.len() as u64;
        assert_eq!(frames, [&(if end == 100 { 50 } else { 102 }, end, FrameKind::Frame)], "{text}");
    }
}

#[test]
fn frames_of_hundreds_of_records_stand_among_small_ones() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 30);
    let mut expected = Vec::new();
    for round in 0..3_u8 {
        append(&mut writer, Direction::Received, 1, b"short\n");
        expected.push((ItemKind::Frame, b"short\n".to_vec()));
        // Byte by byte, as from a serial server.
        let long = [vec![b'a' + round; 600], b"\n".to_vec()].concat();
        long.iter().for_each(|byte| append(&mut writer, Direction::Received, 1, &[*byte]));
        expected.push((ItemKind::Frame, long));
    }
    writer.flush().unwrap();
    let index = indexed(&writer.reader(), rule("line"));
    assert_eq!(emitted(&index), expected);
    let last = index.item(5).unwrap();
    assert_eq!((last.last - last.first, last.len), (600, 601));
    assert_eq!(index.find(last.last, 0), (5, 600));
}

#[test]
fn datagrams_are_cut_each_for_itself_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "udp://127.0.0.1:1", 1 << 30);
    for bytes in [&b"\x01\x03\0\0\0\x0A\xC5\xCD"[..], b"\x01\x03\0\0\0\x0A\xC5\xCE", b"", b"x"] {
        let data = NewRecord::data(Direction::Received, PeerId(1), Payload::Bytes(bytes));
        writer.append(&data.marked(Marks::MESSAGE)).unwrap();
    }
    writer.flush().unwrap();
    let index = indexed(&writer.reader(), rule("record+CRC-16/MODBUS"));
    let checks: Vec<_> = items(&index).iter().map(|item| (item.kind, item.checked)).collect();
    let expected = [
        (ItemKind::Frame, Checked::Ok),
        (ItemKind::Frame, Checked::Bad),
        (ItemKind::Record, Checked::Not),
        (ItemKind::Frame, Checked::TooShort),
    ];
    assert_eq!(checks, expected);
    assert_eq!((index.counts().frames, index.counts().bad), (3, 2));
    let bad = ItemRule {
        filter: Filter { kind: KindFilter::BadChecks, ..Filter::default() },
        ..rule("record+CRC-16/MODBUS")
    };
    assert_eq!(items(&indexed(&writer.reader(), bad)).iter().map(|item| item.first).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn filters_leave_through_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 30);
    let address = |port: u16| std::net::SocketAddr::from(([127, 0, 0, 1], port));
    let (one, two) = (writer.add_peer(address(4001)).unwrap(), writer.add_peer(address(4002)).unwrap());
    writer.append(&NewRecord::bare(RecordKind::PeerJoined, one)).unwrap();
    append(&mut writer, Direction::Received, one.0, b"hello");
    append(&mut writer, Direction::Sent, one.0, b"HELLO back");
    append(&mut writer, Direction::Received, two.0, b"\x01\x02\x03");
    writer.append(&NewRecord::bare(RecordKind::HalfClosed, two)).unwrap();
    writer.flush().unwrap();
    let reader = writer.reader();
    let shown = |text: &str| {
        let filter = Filter::parse(text, Encoding::UTF_8).unwrap();
        let index = indexed(&reader, ItemRule { framing: "record".parse().unwrap(), filter });
        items(&index).iter().map(|item| item.first).collect::<Vec<_>>()
    };
    assert_eq!(shown("dir=received"), [1, 3]);
    assert_eq!(shown("dir=sent"), [2]);
    assert_eq!(shown("kind=event"), [0, 4]);
    assert_eq!(shown("kind=data"), [1, 2, 3]);
    assert_eq!(shown("peer=127.0.0.1:4001"), [0, 1, 2]);
    assert_eq!(shown("peer=#2"), [3, 4]);
    assert_eq!(shown("len=5..10"), [1, 2]);
    assert_eq!(shown("len=3"), [3]);
    assert_eq!(shown("text='hello'"), [1]);
    assert_eq!(shown("text=hello,nocase"), [1, 2]);
    assert_eq!(shown("text=hello,nocase,not"), [3]);
    assert_eq!(shown("hex=02 0?"), [3]);
    assert_eq!(shown("regex='^h.*o$',dir=received"), [1]);
    let stamp = |number: u64| {
        jiff::Timestamp::from_nanosecond(reader.record(number).unwrap().unix_ns.into()).unwrap().to_string()
    };
    assert_eq!(shown(&format!("since={},until={}", stamp(1), stamp(2))), [1, 2]);
    for text in [
        "dir=up",
        "len=9..3",
        "len=..",
        "peer=x",
        "since=yesterday",
        "nonsense",
        "not",
        "text=a,hex=01",
        "text='a' nocase",
    ] {
        assert!(Filter::parse(text, Encoding::UTF_8).is_err(), "{text}");
    }
}

#[test]
fn a_long_record_is_filtered_part_by_part() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 30);
    let mut long = vec![b'.'; (2 << 20) + 10];
    // Across the boundary of two parts.
    long.splice((1 << 20) - 3..(1 << 20) + 3, *b"needle");
    append(&mut writer, Direction::Sent, 1, &long);
    append(&mut writer, Direction::Sent, 1, b"no");
    writer.flush().unwrap();
    // The end of a part is not the end of the record.
    for (regex, first) in [("need+le", vec![0]), ("nee$", vec![]), (r"\.$", vec![0]), ("o$", vec![1])] {
        let matching = Some(PatternSource::Regex(regex.into()));
        let only = ItemRule { filter: Filter { matching, ..Filter::default() }, ..rule("record") };
        let mut indexer = Indexer::new(writer.reader(), only).unwrap();
        caught_up(&mut indexer);
        let found: Vec<_> = items(indexer.index()).iter().map(|item| item.first).collect();
        assert_eq!(found, first, "{regex}");
    }
    let framed = indexed(&writer.reader(), rule("fixed:1048576"));
    assert_eq!(emitted(&framed)[1], (ItemKind::Frame, long[1 << 20..2 << 20].to_vec()));
}

#[test]
fn items_of_evicted_records_go_and_the_others_keep_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 20);
    let mut indexer = Indexer::new(writer.reader(), rule("fixed:64")).unwrap();
    let index = indexer.index().clone();
    let mut written = 0_u64;
    while written < 2 * 256 || index.item(0).is_ok() {
        let mut bytes = [0; 640];
        for frame in bytes.chunks_exact_mut(64) {
            frame[..8].copy_from_slice(&written.to_le_bytes());
            written += 1;
        }
        append(&mut writer, Direction::Received, 1, &bytes);
        writer.flush().unwrap();
        caught_up(&mut indexer);
    }
    let there = index.items();
    assert_eq!(there.end, written);
    assert_eq!(index.item(there.start).unwrap().first, writer.reader().records().start);
    let mut bytes = Vec::new();
    for (number, item) in there.zip(items(&index)) {
        bytes.clear();
        let part = parts_of(index.reader(), &item).unwrap()[0];
        index.reader().payload(&part.record, part.from..part.to, &mut bytes).unwrap();
        assert_eq!(bytes[..8], number.to_le_bytes());
    }
    assert!(index.item(0).is_err(), "its file was given back");
}

#[test]
fn a_frame_that_ends_with_a_gap_is_over_when_nothing_comes() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 30);
    append(&mut writer, Direction::Received, 1, b"part");
    append(&mut writer, Direction::Received, 1, b"part");
    writer.flush().unwrap();
    let mut indexer = Indexer::new(writer.reader(), rule("gap:50ms")).unwrap();
    let index = indexer.index().clone();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    caught_up(&mut indexer);
    while indexer.next_quiet().expect("a gap is running") > std::time::Duration::ZERO {
        assert!(std::time::Instant::now() < deadline, "the gap is never over");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    caught_up(&mut indexer);
    assert_eq!(emitted(&index), [(ItemKind::Frame, b"partpart".to_vec())]);
    assert_eq!(indexer.next_quiet(), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn the_items_are_those_of_a_plain_cutter(
        rule_text in prop::sample::select(vec!["line", "fixed:7", "len:size=1", "marks:start=02,end=03,restart", "slip", "cobs", "json", "delim:0D0A+XOR-8", "len:size=1+SUM-8"]),
        streams in prop::collection::vec(prop::collection::vec(prop::collection::vec(prop::sample::select(vec![0_u8, 2, 3, 10, 13, 34, 65, 192, 123, 125]), 0..9), 0..30), 1..4),
        order in prop::collection::vec(0_usize..4, 0..100),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path(), "tcp://127.0.0.1:1", 1 << 30);
        let mut left: Vec<_> = streams.iter().map(|records| records.iter()).collect();
        let count = left.len();
        for at in order.into_iter().chain((0..count).cycle().take(count * 40)) {
            if let Some(bytes) = left[at % count].next() {
                append(&mut writer, Direction::Received, at as u32 % count as u32 + 1, bytes);
            }
        }
        writer.flush().unwrap();
        let index = indexed(&writer.reader(), rule(rule_text));
        let all = emitted(&index);
        let entries = items(&index);
        prop_assert!(entries.is_sorted_by_key(|item| item.shown_at));
        for (at, records) in streams.iter().enumerate() {
            let whole: Vec<u8> = records.concat();
            let mut framer = Framer::new(&rule_text.parse().unwrap(), 0);
            let mut expected = Vec::new();
            let mut emit = |frame: &crate::codec::Frame, bytes: &[u8]| {
                let kind = ItemKind::of_frame(frame.kind);
                if let Some(kind) = kind.filter(|_| frame.kind != FrameKind::Separator) {
                    expected.push((kind, Checked::from(frame.verdict), bytes.to_vec()));
                }
            };
            framer.feed(&whole, 0, &mut emit);
            let [junk, incomplete] = open_parts(&framer);
            for (range, kind) in [(junk, ItemKind::Junk), (incomplete, ItemKind::Incomplete)] {
                let (from, to) = (range.start, range.end);
                if from < to {
                    expected.push((kind, Checked::Not, whole[from as usize..to as usize].to_vec()));
                }
            }
            let reader = index.reader();
            let of_stream = entries.iter().zip(&all).filter(|(item, _)| reader.record(item.first).unwrap().peer == PeerId(at as u32 + 1));
            let found: Vec<_> = of_stream.filter(|(item, _)| item.kind != ItemKind::Record).map(|(item, (kind, bytes))| (*kind, item.checked, bytes.clone())).collect();
            prop_assert_eq!(found, expected);
        }
        // Every byte is found where it is shown.
        for number in writer.reader().records() {
            let record = writer.reader().record(number).unwrap();
            for offset in 0..record.len {
                let (item, at) = index.find(number, offset);
                let entry = index.item(item.min(index.items().end.saturating_sub(1))).unwrap();
                let part = parts_of(index.reader(), &entry).unwrap().into_iter().find(|part| part.record.number == number && (part.from..part.to).contains(&offset));
                // Separators are not shown.
                if let Some(part) = part.filter(|_| (entry.first..=entry.last).contains(&number)) {
                    prop_assert_eq!(part.at + (offset - part.from), at);
                }
            }
        }
    }
}

#[test]
fn one_peer_and_a_filter_of_it_by_address_or_number_agree() {
    let filter = |text| Filter::parse(text, Encoding::UTF_8).unwrap().peer;
    assert_eq!(filter("peer=#7"), Some(PeerFilter::Id(PeerId(7))));
    assert_eq!(filter("peer=[::1]:80"), Some(PeerFilter::Address("[::1]:80".parse().unwrap())));
    let host = Some(PeerFilter::Host { ip: "10.0.0.7".parse().unwrap(), zone: 0 });
    assert_eq!(filter("peer=10.0.0.7"), host);
    assert!(Filter::parse("peer=nobody", Encoding::UTF_8).is_err());
}

//! Compares rows of frames and filtered records with the records.

use super::*;
use crate::capture::items::{Filter, FrameNote, Indexer, ItemIndex, ItemRule};
use crate::codec::Verdict;
use crate::lines::{BytePlace, FrameParts};
use proptest::prelude::*;

fn index(reader: &CaptureReader, rule: &str, filter: &str) -> ItemIndex {
    let filter = Filter::parse(filter, Encoding::UTF_8).unwrap();
    let mut indexer = Indexer::new(reader.clone(), ItemRule { framing: rule.parse().unwrap(), filter }).unwrap();
    indexer.run(&mut |_, _| true).unwrap();
    indexer.index().clone()
}

pub(super) fn framed(tape: &mut Tape, config: ViewConfig, rule: &str) -> View {
    let mut view = tape.view(config);
    view.set_index(Some(index(&tape.reader(), rule, "")));
    view
}

#[test]
fn sticky_packets_are_two_rows_once_the_rule_is_chosen() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.received(peer, b"\x05\0\0\0Hello\x07\0\0\0Welcome");
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    assert_eq!(contents(&mut view).len(), 1);
    view.set_index(Some(index(&tape.reader(), "py-struct-i", "")));
    assert_eq!(contents(&mut view), [r"\x05\x00\x00\x00Hello", r"\x07\x00\x00\x00Welcome"]);
    let rows = all_rows(&mut view);
    assert_eq!((rows[0].len, rows[1].len, rows[1].origin), (9, 11, 0));
    let RowKind::Data { frame, .. } = &rows[1].kind else { panic!("no data") };
    assert_eq!(*frame, Some(FrameParts { payload: 4..11, wrong: None }));
    view.set_index(None);
    assert_eq!(contents(&mut view).len(), 1);
}

#[test]
fn a_length_that_looks_like_a_line_end_is_none() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.received(peer, b"\x0A\0\0\0two\nlines!");
    let mut view = framed(&mut tape, text(Encoding::UTF_8, 80), "py-struct-i");
    assert_eq!(contents(&mut view), [r"\n\x00\x00\x00two\n", "lines!"]);
}

#[test]
fn what_is_wrong_with_a_frame_stands_below_it() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.received(peer, b"\x02ab\x03\x60junk\x02cd\x03\x00\x02e");
    let mut view = framed(&mut tape, hex(16), "marks:start=02,end=03,after=1+XOR-8");
    let rows = all_rows(&mut view);
    let kinds: Vec<String> = rows.iter().map(|row| row.content_text()).collect();
    let notes: Vec<_> =
        rows.iter().filter_map(|row| if let RowKind::FrameNote(note) = row.kind { Some(note) } else { None }).collect();
    // 02 ^ 'a' ^ 'b' ^ 03 = 02; the stored value is 60.
    assert!(
        matches!(notes[0], FrameNote::Check { verdict: Some(Verdict::Bad { computed: 0x02, found: Some(0x60) }), .. }),
        "{notes:?}"
    );
    assert_eq!(notes[1], FrameNote::Junk(4));
    assert!(matches!(notes[2], FrameNote::Check { verdict: Some(Verdict::Bad { computed: 6, found: Some(0) }), .. }));
    assert_eq!(notes[3], FrameNote::Incomplete);
    assert_eq!(kinds.iter().filter(|kind| !kind.is_empty()).count(), 4);
    let RowKind::Data { frame: Some(frame), .. } = &rows[0].kind else { panic!("no frame") };
    assert_eq!(frame.wrong, Some(4..5));
}

#[test]
fn the_wrong_value_of_a_frame_with_escapes_is_marked_where_it_is_on_the_wire() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    // 7E ^ 7D ^ 11 = 12; the received value is 7D, which is escaped, too.
    tape.received(peer, b"~\x7D\x02\x7D\x01\x11\x7D\x01~");
    let mut view = framed(&mut tape, hex(16), "jt808");
    let rows = all_rows(&mut view);
    let RowKind::Data { frame: Some(frame), .. } = &rows[0].kind else { panic!("no frame") };
    assert_eq!((frame.payload.clone(), frame.wrong.clone()), (1..8, Some(6..8)));
    assert!(matches!(
        rows[1].kind,
        RowKind::FrameNote(FrameNote::Check { verdict: Some(Verdict::Bad { computed: 0x12, found: Some(0x7D) }), .. })
    ));
}

#[test]
fn a_line_with_a_check_is_checked_without_its_end() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.received(peer, b"ab\xC4\r\nab\xC3\n");
    let mut view = framed(&mut tape, hex(16), "line+SUM-8");
    let rows = all_rows(&mut view);
    assert_eq!(rows.len(), 3);
    let RowKind::Data { frame: Some(frame), .. } = &rows[0].kind else { panic!("no frame") };
    assert_eq!((frame.payload.clone(), frame.wrong.clone()), (0..3, Some(2..3)));
    assert!(matches!(
        rows[1].kind,
        RowKind::FrameNote(FrameNote::Check { verdict: Some(Verdict::Bad { computed: 0xC3, found: Some(0xC4) }), .. })
    ));
}

#[test]
fn a_sentence_without_a_value_has_no_verdict_and_a_wrong_value_is_marked() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.received(peer, b"$A\n$A*42\r\n$A*41\n$A*4x\n");
    let mut view = framed(&mut tape, hex(16), "nmea");
    let seen: Vec<_> = all_rows(&mut view)
        .into_iter()
        .filter_map(|row| match row.kind {
            RowKind::Data { frame: Some(frame), .. } => Some((frame.payload, frame.wrong)),
            RowKind::FrameNote(FrameNote::Check { verdict: Some(Verdict::Bad { computed: 0x41, .. }), .. }) => None,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(seen, [(1..2, None), (1..5, Some(3..5)), (1..5, None), (1..5, Some(3..5))]);
}

#[test]
fn each_frame_is_decoded_for_itself() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    // The last byte of the length would be the lead byte of a GBK character.
    tape.received(peer, b"\x02\xC4\xE3\x02\xBA\xC3");
    let mut view = framed(&mut tape, text(Encoding::GBK, 80), "len:size=1");
    assert_eq!(contents(&mut view), [r"\x02你", r"\x02好"]);
    let copied = view.copy_text(BytePlace::default()..BytePlace { record: 2, offset: 0 }, 100);
    assert_eq!(copied.content, "\u{2}你\n\u{2}好");
}

#[test]
fn a_character_over_two_records_of_a_frame_is_whole() {
    let mut tape = Tape::tcp();
    let (one, two) = (tape.peer(9), tape.peer(10));
    tape.received(one, b"\x06\xE4\xBD");
    tape.received(two, b"\x01x");
    tape.received(one, b"\xA0\xE5\xA5\xBD");
    let mut view = framed(&mut tape, dump(Encoding::UTF_8, 16), "len:size=1");
    let rows = all_rows(&mut view);
    assert_eq!(contents(&mut view)[1], "0000  06 E4 BD A0 E5 A5 BD  ·你 好");
    assert_eq!((rows[0].origin, rows[1].origin, rows[1].peer), (1, 0, one));
    let lies_in: Vec<_> = view.lies_in(1, 2..5).into_iter().map(|(record, bytes)| (record.number, bytes)).collect();
    assert_eq!(lies_in, [(0, 2..3), (2, 0..2)]);
    assert_eq!(view.locate(2, 1), BytePlace { record: 1, offset: 4 });
    assert_eq!(
        view.copy_bytes(BytePlace { record: 1, offset: 1 }..BytePlace { record: 1, offset: 7 }, 99).content,
        "你好".as_bytes()
    );
}

#[test]
fn a_frame_of_more_than_a_block_is_laid_out_like_a_record() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    let words: Vec<u8> = "温度=23.5℃ ".repeat(9000).into_bytes();
    let whole = [&words[..], b"\n"].concat();
    for part in whole.chunks(1000) {
        tape.received(peer, part);
    }
    let mut alone = Tape::udp();
    let peer = alone.peer(9);
    alone.received(peer, &whole);
    for config in [text(Encoding::UTF_8, 100), hex(16), dump(Encoding::UTF_8, 16)] {
        let mut view = framed(&mut tape, config, "line:keep");
        let mut plain = alone.view(config);
        assert_eq!(contents(&mut view), contents(&mut plain), "{config:?}");
        assert_eq!(view.tail(7), plain.tail(7));
        for fraction in [0.0, 0.3, 0.9] {
            let place = view.at(fraction);
            assert_eq!(there_and_back(&mut view, place), place);
        }
        // From the middle, in a view that has not laid out anything before.
        let mut fresh = framed(&mut tape, config, "line:keep");
        let place = fresh.at(0.7);
        assert_eq!(fresh.rows(place, 5), view.rows(place, 5));
    }
}

#[test]
fn a_filter_leaves_the_rows_of_records_as_they_are() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.event(RecordKind::PeerJoined, peer, None);
    // A character across two records of a stream is complete even if the record in between is hidden.
    tape.received(peer, b"ok \xE4\xBD");
    tape.sent(peer, b"hidden");
    tape.received(peer, b"\xA0 ok");
    let mut view = tape.view(text(Encoding::UTF_8, 80));
    let all = contents(&mut view);
    view.set_index(Some(index(&tape.reader(), "record", "dir=received")));
    assert_eq!(contents(&mut view), [all[1].clone(), all[3].clone()]);
    assert_eq!(all_rows(&mut view).iter().map(|row| row.origin).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(view.locate(2, 0).record, 1, "a hidden record must map to the next item");
    // Clear view uses record numbers.
    view.set_from(2);
    assert_eq!((view.items(), view.records()), (1..2, 2..4));
}

#[test]
fn what_comes_in_extends_the_items_in_sight() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(9);
    tape.received(peer, b"one\ntw");
    let reader = tape.reader();
    let rule = ItemRule { framing: "line".parse().unwrap(), filter: Filter::default() };
    let mut indexer = Indexer::new(reader.clone(), rule).unwrap();
    indexer.run(&mut |_, _| true).unwrap();
    let mut view = View::new(reader, text(Encoding::UTF_8, 80), 0);
    view.set_index(Some(indexer.index().clone()));
    assert_eq!(contents(&mut view), [r"one\n", "tw", ""]);
    tape.received(peer, b"o\n");
    tape.reader();
    indexer.run(&mut |_, _| true).unwrap();
    assert_eq!(contents(&mut view), [r"one\n", r"two\n"], "the open item must be complete");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]
    #[test]
    fn the_bytes_of_all_rows_are_the_stream(cuts in prop::collection::vec(0_usize..40, 1..20), rule in prop::sample::select(vec!["fixed:7", "len:size=1", "marks:start=02,end=03", "json"]), seed in prop::collection::vec(prop::sample::select(vec![2_u8, 3, 7, 65, 123, 125, 228, 189, 160]), 0..300)) {
        let mut tape = Tape::tcp();
        let peer = tape.peer(9);
        let mut rest = &seed[..];
        for cut in cuts {
            let (now, later) = rest.split_at(cut.min(rest.len()));
            tape.received(peer, now);
            rest = later;
        }
        tape.received(peer, rest);
        for config in [text(Encoding::UTF_8, 8), hex(8), dump(Encoding::UTF_8, 8)] {
            let mut view = framed(&mut tape, config, rule);
            let rows = all_rows(&mut view);
            let bytes: Vec<u8> = rows.iter().flat_map(|row| bytes_of(row).to_vec()).collect();
            // Only white space between JSON values is left out, and there is none.
            prop_assert_eq!(&bytes, &seed);
            for row in &rows {
                prop_assert_eq!(view.rows(row.place, 1), vec![row.clone()]);
            }
        }
    }
}

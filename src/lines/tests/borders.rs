//! Eviction, and a change of protocol, do not change where characters are cut.

use super::*;
use crate::codec::encoding::samples::{TEXTS, repeated};
use crate::lines::{BytePlace, LogForm};

#[test]
fn text_is_cut_into_its_characters_after_the_limit_took_the_beginning() {
    for sample in TEXTS {
        let (encoding, text_of) = sample;
        for read_len in [3001, 611] {
            let mut tape = Tape::with_limit("tcp://127.0.0.1:5000", 1 << 20);
            let peer = tape.peer(1);
            let bytes = repeated(sample, 2 << 20);
            for read in bytes.chunks(read_len) {
                tape.received(peer, read);
            }
            let mut view = tape.view(text(encoding, 80));
            assert!(view.reader().records().start > 50, "the first records must be evicted");
            let records = view.reader().records();
            // Starting at the oldest record, in the middle and near the end, each in a fresh view.
            for record in [records.start, records.start + 1, (records.start + records.end) / 2, records.end - 3] {
                let mut fresh = View::new(view.reader().clone(), view.config(), 0);
                let rows = fresh.rows(Place { record, row: 0 }, 60);
                let shown: String = rows.iter().map(|row| row.content_text()).collect();
                let wrong: String = shown.chars().filter(|c| !text_of.contains(*c)).take(20).collect();
                assert!(!shown.is_empty() && wrong.is_empty(), "{} {record} of {records:?}: {wrong}", encoding.name());
            }
            assert!(!all_rows(&mut view).is_empty());
        }
    }
}

/// A tab that is switched from TCP to UDP and back keeps its capture.
#[test]
fn a_capture_of_streams_and_datagrams_shows_each_as_what_it_is() {
    for first_is_udp in [false, true] {
        let mut tape = if first_is_udp { Tape::udp() } else { Tape::tcp() };
        let (stream, datagrams) = (tape.peer(1), tape.peer(2));
        let mut record = |alone: bool| {
            tape.marks = if alone { Marks::MESSAGE } else { Marks::default() };
            let peer = if alone { datagrams } else { stream };
            tape.event(RecordKind::PeerJoined, peer, None);
            tape.received(peer, b"\xC4");
            tape.received(peer, b"\xE3");
        };
        record(first_is_udp);
        record(!first_is_udp);
        let mut view = tape.view(text(Encoding::GBK, 80));
        let form = LogForm::new(crate::words::Lang::En);
        let copied = view.copy_log(0..6, &form, 1 << 20).content;
        let lines: Vec<&str> =
            copied.lines().map(|line| line.split_once("  ").map_or("", |(_, shown)| shown)).collect();
        let udp = ["New sender 127.0.0.1:2", "\\xC4", "\\xE3"];
        let tcp = ["127.0.0.1:1 connected", "", "你"];
        let expected = if first_is_udp { [udp, tcp] } else { [tcp, udp] };
        assert_eq!(lines, expected.concat(), "{copied}");
        // Copied as text, each datagram has its own line.
        let ends = [(0, 0), (5, 1)].map(|(record, offset)| BytePlace { record, offset });
        let copied = view.copy_text(ends[0]..ends[1], 1 << 20).content;
        let expected = if first_is_udp { "\\xC4\n\\xE3\n你" } else { "你\n\\xC4\n\\xE3" };
        assert_eq!(copied, expected);
    }
}

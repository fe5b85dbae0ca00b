//! Exports of a growing index: unfinished and evicted items.

use super::*;
use crate::capture::items::{Filter, Indexer, ItemRule};
use serde_json::Value;

fn indexer(bench: &mut Bench, rule: &str) -> Indexer {
    bench.writer.flush().expect("flushed");
    let rule = ItemRule { framing: rule.parse().expect("a rule"), filter: Filter::default() };
    let mut indexer = Indexer::new(bench.writer.reader(), rule).expect("an indexer");
    indexer.run(&mut |_, _| true).expect("indexed");
    indexer
}

fn lines(bench: &mut Bench, index: ItemIndex, records: Range<u64>) -> (Saved, Vec<(Value, Value)>) {
    let selection = Selection { records, index: Some(index), ..everything() };
    let (done, out) = bench.export(ExportFormat::JsonLines, &selection, &mut |_, _| true);
    let line = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        (line["kind"].clone(), line["text"].clone())
    };
    (done.expect("saved"), String::from_utf8(out).expect("text").lines().map(line).collect())
}

#[test]
fn what_is_unfinished_is_exported_as_it_is_at_the_beginning() {
    let mut bench = Bench::new(1 << 20);
    bench.data(1, Direction::Received, b"one\ntw");
    let mut indexer = indexer(&mut bench, "line");
    let index = indexer.index().clone();
    let both = [("frame".into(), "one\n".into()), ("incomplete".into(), "tw".into())];
    for end in [1, u64::MAX] {
        assert_eq!(lines(&mut bench, index.clone(), 0..end).1, both, "to {end}");
    }
    assert_eq!(lines(&mut bench, index.clone(), 0..0).1, []);
    // The item changes while it is being written.
    let selection = Selection { index: Some(index.clone()), ..everything() };
    let mut grown = false;
    bench.writer.flush().expect("flushed");
    let (reader, mut out) = (bench.writer.reader(), Vec::new());
    let style = ExportStyle {
        encoding: Encoding::UTF_8,
        sentence: &|_, _, _| "event".into(),
        unreadable: &ToString::to_string,
        remark: "made up",
    };
    let mut progress = |_, _| {
        if !std::mem::replace(&mut grown, true) {
            bench.data(1, Direction::Received, b"o\n\n\n");
            bench.writer.flush().expect("flushed");
            indexer.run(&mut |_, _| true).expect("indexed");
        }
        true
    };
    export(&reader, ExportFormat::JsonLines, &selection, &style, &mut out, &mut progress).expect("saved");
    let out = String::from_utf8(out).expect("text");
    assert!(out.lines().count() == 2 && out.contains("incomplete"), "{out}");
    assert_eq!(lines(&mut bench, index, 0..u64::MAX).1.len(), 4, "and afterwards all items");
}

#[test]
fn streams_of_a_finished_index_end_with_its_last_record() {
    let mut bench = Bench::new(1 << 20);
    bench.data(1, Direction::Received, b"one\ntw");
    bench.data(2, Direction::Sent, b"thr");
    let indexer = indexer(&mut bench, "line");
    let index = indexer.index().clone();
    indexer.finish().expect("written");
    assert_eq!(index.settled(), 3);
    assert_eq!(index.counts().incomplete, 2);
    let (_, reported) = lines(&mut bench, index, 0..2);
    assert_eq!(reported.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>(), ["one\n", "tw", "thr"]);
}

#[test]
fn a_frame_that_began_in_evicted_records_does_not_stop_the_export() {
    let mut bench = Bench::new(1 << 20);
    bench.data(1, Direction::Received, b"begin ");
    for _ in 0..20 {
        bench.data(2, Direction::Received, &[&[b'x'; 50_000][..], b"\n"].concat());
    }
    bench.data(1, Direction::Received, b"end\n");
    let indexer = indexer(&mut bench, "line");
    for _ in 0..12 {
        bench.data(2, Direction::Received, &[&[b'y'; 50_000][..], b"\n"].concat());
    }
    bench.writer.flush().expect("flushed");
    assert!(bench.writer.reader().records().start > 0, "the first records must be evicted");
    let index = indexer.index().clone();
    let there = index.items();
    let (saved, reported) = lines(&mut bench, index, 0..u64::MAX);
    assert_eq!(saved.records + 1, there.end - there.start, "{saved:?}");
    assert_eq!(saved.records + saved.evicted, 21);
    assert_eq!(reported.len() as u64, saved.records);
}

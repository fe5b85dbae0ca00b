//! Text is found only at character boundaries, in every encoding, regardless of record boundaries and the count of threads.

use super::*;
use crate::capture::items::{Filter, Indexer, ItemRule};
use crate::capture::search::{Pass, Scope, Search};
use crate::codec::{Encoding, FramingRule, Pattern, PatternSource, Piece, StreamDecoder};
use proptest::prelude::*;

fn text(words: &str, encoding: Encoding) -> PatternSource {
    PatternSource::Text { text: words.into(), encoding, ignore_case: false }
}

/// The positions of `words` in the decoded stream.
fn among_characters(words: &str, encoding: Encoding, bytes: &[u8]) -> Vec<(u64, u32)> {
    let mut pieces = Vec::new();
    let mut decoder = StreamDecoder::new(encoding);
    decoder.feed(bytes, &mut |piece| pieces.push(piece));
    decoder.finish(&mut |piece| pieces.push(piece));
    let len = |piece: &Piece| match piece {
        Piece::Char(_, len) => u64::from(*len),
        Piece::Invalid(_) => 1,
    };
    let words: Vec<char> = words.chars().collect();
    let (mut found, mut index, mut at) = (Vec::new(), 0, 0);
    while let Some(piece) = pieces.get(index) {
        let here = pieces.get(index..index + words.len()).unwrap_or_default();
        let is_here =
            !here.is_empty() && here.iter().zip(&words).all(|(p, w)| matches!(p, Piece::Char(c, _) if c == w));
        if is_here {
            let bytes: u64 = here.iter().map(len).sum();
            found.push((at, u32::try_from(bytes).expect("short")));
            at += bytes;
            index += words.len();
        } else {
            at += len(piece);
            index += 1;
        }
    }
    found
}

fn found(reader: &CaptureReader, source: &PatternSource, threads: usize, chunk: (u64, usize)) -> Vec<(u64, u32)> {
    let mut search = Search::new(reader.clone(), Pattern::new(source).expect("a pattern"), Scope::default());
    search.set_parting(threads, chunk.0, chunk.1);
    let mut hits = Vec::new();
    assert_eq!(search.run(&mut |_, _| true, &mut |hit| hits.push(hit)), Pass::CaughtUp);
    hits.extend(search.open_hits());
    let place = |hit: &crate::capture::search::Hit| {
        let record = reader.record(hit.record).expect("a record");
        (record.stream_offset + u64::from(hit.offset), hit.len)
    };
    let mut places: Vec<_> = hits.iter().map(place).collect();
    places.sort_unstable();
    places
}

#[test]
fn the_half_of_one_character_and_of_the_next_is_no_text() {
    for (encoding, stream) in [
        (Encoding::GBK, "中国"),
        (Encoding::GB18030, "中国"),
        (Encoding::BIG5, "中國"),
        (Encoding::SHIFT_JIS, "亜熱"),
        (Encoding::EUC_JP, "日本"),
        (Encoding::EUC_KR, "가나"),
        (Encoding::UTF_16LE, "中国"),
        (Encoding::UTF_16BE, "中国"),
    ] {
        let bytes = encoding.encode(stream).expect("encoded");
        let mut within = String::new();
        StreamDecoder::new(encoding).feed_text(&bytes[1..3], &mut within);
        assert_eq!(within.chars().count(), 1, "the middle is also a character: {within} in {}", encoding.name());
        let mut bench = Bench::new();
        bench.receive(1, &bytes);
        bench.flush();
        let reader = bench.writer.reader();
        assert_eq!(found(&reader, &text(&within, encoding), 1, (1, 1)), [], "{within} in {}", encoding.name());
        assert_eq!(found(&reader, &text(stream, encoding), 1, (1, 1)).len(), 1, "{}", encoding.name());
    }
    let mut bench = Bench::new();
    bench.receive(1, b"\xD6\xD0\xB9\xFA");
    bench.flush();
    let hex = PatternSource::Hex("D0 B9".into());
    assert_eq!(found(&bench.writer.reader(), &hex, 1, (1, 1)), [(1, 2)], "bytes match at any offset");
}

#[test]
fn a_filter_finds_text_between_characters_only_also_where_a_record_begins_within_one() {
    let mut bench = Bench::new();
    for part in [&b"a\xD6\xD0\xB9\xFA"[..], b"\xD6", b"\xD0\xB9\xFA", b"\xD0", b"\xB9\xD0\xB9"] {
        bench.receive(1, part);
    }
    bench.flush();
    let filter = Filter { matching: Some(text("泄", Encoding::GBK)), ..Filter::default() };
    let rule = ItemRule { framing: FramingRule::as_received(), filter };
    let mut indexer = Indexer::new(bench.writer.reader(), rule).expect("a filter");
    assert_eq!(indexer.run(&mut |_, _| true).expect("written"), Pass::CaughtUp);
    let index = indexer.index();
    let shown: Vec<u64> = index.items().map(|item| index.item(item).expect("an item").first).collect();
    assert_eq!(shown, [4], "the record with the complete character");
}

#[test]
fn a_filter_knows_where_characters_begin_far_behind_the_last_border() {
    let stream = Encoding::GBK.encode(&"中国".repeat(10_000)).expect("encoded");
    let mut bench = Bench::new();
    // Some of the records start in the middle of a character.
    for part in stream.chunks(3_001) {
        bench.receive(1, part);
    }
    bench.flush();
    for (words, shown) in [("泄", 0), ("中国", 14)] {
        let filter = Filter { matching: Some(text(words, Encoding::GBK)), ..Filter::default() };
        let rule = ItemRule { framing: FramingRule::as_received(), filter };
        let mut indexer = Indexer::new(bench.writer.reader(), rule).expect("a filter");
        assert_eq!(indexer.run(&mut |_, _| true).expect("written"), Pass::CaughtUp);
        assert_eq!(indexer.index().items().count(), shown, "{words}");
    }
}

#[test]
fn a_long_run_without_ascii_is_searched_in_step_by_any_number_of_threads() {
    let stream = Encoding::GBK.encode(&"中国".repeat(40_000)).expect("encoded");
    let mut bench = Bench::new();
    // Each record starts in the middle of a character.
    for part in [&stream[..1], &stream[1..]].into_iter().flat_map(|part| part.chunks(7_000)) {
        bench.receive(1, part);
    }
    bench.flush();
    let reader = bench.writer.reader();
    for threads in [1, 2, 4, 8, 16] {
        assert_eq!(found(&reader, &text("泄", Encoding::GBK), threads, (30_000, 3)), [], "{threads} threads");
        assert_eq!(found(&reader, &text("中", Encoding::GBK), threads, (30_000, 3)).len(), 40_000, "{threads} threads");
    }
}

#[test]
fn a_search_behind_evicted_records_knows_where_characters_begin() {
    for size in [3_000, 4_096] {
        let mut bench = Bench::with_limit(1 << 20);
        let stream = Encoding::GBK.encode(&"中国".repeat(300_000)).expect("encoded");
        for part in [&stream[..1], &stream[1..]].into_iter().flat_map(|part| part.chunks(size)) {
            bench.receive(1, part);
        }
        bench.flush();
        let reader = bench.writer.reader();
        let begin = reader.record(reader.records().start).expect("a record").stream_offset;
        assert!(begin % 2 == 1, "the record starts in the middle of a character: {begin}");
        for threads in [1, 2, 4, 8, 16] {
            let shifted = found(&reader, &text("泄", Encoding::GBK), threads, (100_000, 3));
            assert_eq!(shifted.len(), 0, "records of {size} bytes from {begin} on, {threads} threads");
            let whole = found(&reader, &text("中", Encoding::GBK), threads, (100_000, 3));
            assert_eq!(whole.first().map(|(at, _)| at % 4), Some(0));
        }
    }
}

/// Encodings, with bytes that may start, continue or break a character.
fn encodings() -> impl Strategy<Value = (Encoding, Vec<&'static str>)> {
    prop::sample::select(vec![
        (Encoding::GBK, vec!["中", "泄", "国", "1", "a", "\\"]),
        (Encoding::GB18030, vec!["中", "泄", "💩", "1", "0", "a"]),
        (Encoding::BIG5, vec!["中", "國", "功", "a", "\\"]),
        (Encoding::SHIFT_JIS, vec!["ソ", "表", "ｱ", "a", "\\"]),
        (Encoding::EUC_JP, vec!["中", "亜", "ｱ", "a"]),
        (Encoding::EUC_KR, vec!["가", "나", "a"]),
        (Encoding::UTF_16LE, vec!["中", "a", "Ā", "💩"]),
        (Encoding::UTF_16BE, vec!["中", "a", "Ā", "💩"]),
        (Encoding::UTF_8, vec!["中", "é", "a"]),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn text_is_found_where_the_decoded_stream_has_it(
        (encoding, words) in encodings(),
        picks in prop::collection::vec((0_usize..6, any::<u8>(), 0_u8..10), 1..120),
        cuts in prop::collection::vec(1_usize..9, 1..60),
        chunk in (4_u64..60, 1_usize..9),
    ) {
        let mut stream = Vec::new();
        for (index, byte, kind) in picks {
            match kind {
                0 => stream.push(byte),
                1 => stream.push(0x81 | byte),
                _ => stream.extend(encoding.encode(words[index % words.len()]).expect("encoded")),
            }
        }
        let mut bench = Bench::new();
        let mut rest = &stream[..];
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break; }
            let (part, behind) = rest.split_at((*cut).min(rest.len()));
            bench.receive(1, part);
            rest = behind;
        }
        bench.flush();
        let reader = bench.writer.reader();
        let pairs = words.iter().flat_map(|one| words.iter().map(move |two| format!("{one}{two}")));
        for wanted in words.iter().map(|word| (*word).to_owned()).chain(pairs) {
            let expected = among_characters(&wanted, encoding, &stream);
            for threads in [1, 3] {
                let found = found(&reader, &text(&wanted, encoding), threads, chunk);
                prop_assert_eq!(&found, &expected, "{} in {} by {} threads", wanted, encoding.name(), threads);
            }
            let mut scan = crate::codec::Scan::default();
            let pattern = Pattern::new(&text(&wanted, encoding)).expect("a pattern");
            let whole = stream.chunks(3).any(|part| scan.finds(&pattern, part));
            prop_assert_eq!(whole, !expected.is_empty(), "{} in {}", wanted, encoding.name());
        }
    }
}

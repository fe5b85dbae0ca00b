//! Search results do not depend on record boundaries.

use super::*;
use crate::capture::PeerFilter;
use crate::capture::search::{Found, Hit, Pass, Scope, Search, bytes_of};
use crate::codec::{Encoding, Pattern, PatternSource};
use proptest::prelude::*;

fn text(words: &str) -> PatternSource {
    PatternSource::Text { text: words.into(), encoding: Encoding::UTF_8, ignore_case: false }
}

fn any_case(words: &str) -> PatternSource {
    PatternSource::Text { text: words.into(), encoding: Encoding::UTF_8, ignore_case: true }
}

fn hex(digits: &str) -> PatternSource {
    PatternSource::Hex(digits.into())
}

fn regex(expression: &str) -> PatternSource {
    PatternSource::Regex(expression.into())
}

fn search(reader: &CaptureReader, source: &PatternSource) -> Search {
    Search::new(reader.clone(), Pattern::new(source).expect("a pattern"), Scope::default())
}

fn pass(search: &mut Search, found: &mut Found) {
    assert_eq!(search.run(&mut |_, _| true, &mut |hit| found.add(hit)), Pass::CaughtUp);
    found.set_open(search.open_hits());
}

fn all(reader: &CaptureReader, source: &PatternSource) -> Vec<Hit> {
    let mut found = Found::default();
    pass(&mut search(reader, source), &mut found);
    assert_eq!(found.count(), found.hits().len() as u64);
    found.hits().to_vec()
}

/// Stream offsets and lengths of hits.
fn in_stream(reader: &CaptureReader, hits: &[Hit], peer: u32) -> Vec<(u64, u32)> {
    let of_peer = hits.iter().filter(|hit| hit.peer == PeerId(peer));
    let place = |hit: &Hit| {
        let record = reader.record(hit.record).expect("a record");
        (record.stream_offset + u64::from(hit.offset), hit.len)
    };
    let mut places: Vec<_> = of_peer.map(place).collect();
    places.sort_unstable();
    places
}

fn naive(source: &PatternSource, bytes: &[u8]) -> Vec<(u64, u32)> {
    let pattern = Pattern::new(source).expect("a pattern");
    let (mut places, mut from) = (Vec::new(), 0);
    while let Some(range) = pattern.find_at(bytes, from) {
        from = range.end;
        places.push((range.start as u64, range.len() as u32));
    }
    places
}

#[test]
fn a_match_is_found_across_the_borders_of_records() {
    let mut bench = Bench::new();
    for (peer, part) in [(1, "xxhel"), (2, "lo hel"), (1, "l"), (2, "lo"), (1, "o, hello")] {
        bench.receive(peer, part.as_bytes());
    }
    bench.flush();
    let reader = bench.writer.reader();
    let hits = all(&reader, &text("hello"));
    let short: Vec<_> =
        hits.iter().map(|hit| (hit.record, hit.offset, hit.len, hit.end_record, hit.end_offset)).collect();
    assert_eq!(short, [(0, 2, 5, 4, 1), (1, 3, 5, 3, 2), (4, 3, 5, 4, 8)]);
    for hit in &hits {
        assert_eq!(bytes_of(&reader, hit, 100).expect("read"), b"hello");
        assert_eq!(bytes_of(&reader, hit, 3).expect("read"), b"hel");
        assert!(!hit.open && hit.direction() == Direction::Received);
    }
    assert_eq!(
        (hits[0].within(0), hits[0].within(2), hits[0].within(4)),
        (Some(2..u32::MAX), Some(0..u32::MAX), Some(0..1))
    );
    assert_eq!((hits[0].within(5), hits[2].within(3)), (None, None));
}

#[test]
fn datagrams_are_looked_at_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let endpoint = "udp://127.0.0.1:9".parse().expect("an endpoint");
    let mut writer = CaptureWriter::create(dir.path(), &endpoint, CaptureOptions::default()).expect("a capture");
    for part in ["he", "llo", "hello", "", "ohello hello"] {
        writer.append(&received(1, part.as_bytes()).marked(Marks::MESSAGE)).expect("appended");
    }
    writer.flush().expect("flushed");
    let hits = all(&writer.reader(), &regex("^?hello$?"));
    let short: Vec<_> = hits.iter().map(|hit| (hit.record, hit.offset)).collect();
    assert_eq!(short, [(2, 0), (4, 1), (4, 7)]);
    assert_eq!(all(&writer.reader(), &regex("^hello")).len(), 1);
}

#[test]
fn a_search_goes_on_over_what_came_since() {
    let mut bench = Bench::new();
    let reader = bench.writer.reader();
    let (mut literal, mut found) = (search(&reader, &text("abc")), Found::default());
    let (mut greedy, mut runs) = (search(&reader, &regex("a+")), Found::default());
    let mut whole = Vec::new();
    for part in ["xa", "b", "caa", "a", "", "abca", "zab"] {
        bench.receive(1, part.as_bytes());
        bench.flush();
        whole.extend_from_slice(part.as_bytes());
        pass(&mut literal, &mut found);
        pass(&mut greedy, &mut runs);
        assert_eq!(in_stream(&reader, found.hits(), 1), naive(&text("abc"), &whole));
        assert_eq!(in_stream(&reader, runs.hits(), 1), naive(&regex("a+"), &whole), "{runs:?}");
        assert_eq!(runs.count(), runs.hits().len() as u64);
    }
    assert!(found.hits().iter().all(|hit| !hit.open));
    assert_eq!(literal.next_record(), reader.records().end);
}

#[test]
fn direction_and_peer_narrow_a_search() {
    let mut bench = Bench::new();
    let peers = ["127.0.0.1:1001", "127.0.0.1:1002"].map(|at| bench.writer.add_peer(at.parse().expect("an address")));
    let ids: Vec<PeerId> = peers.into_iter().map(|peer| peer.expect("a peer")).collect();
    bench.receive(ids[0].0, b"hit");
    bench.receive(ids[1].0, b"hit");
    let sent: Arc<[u8]> = Arc::from(&b"a hit"[..]);
    bench.writer.append(&shared(ids[1].0, &sent)).expect("appended");
    bench.writer.append(&same_as(ids[0].0, 0)).expect("appended");
    bench.flush();
    let reader = bench.writer.reader();
    let places = |scope: Scope| {
        let mut search = Search::new(reader.clone(), Pattern::new(&text("hit")).expect("a pattern"), scope);
        let mut found = Found::default();
        pass(&mut search, &mut found);
        found.hits().iter().map(|hit| (hit.record, hit.offset)).collect::<Vec<_>>()
    };
    let peer = PeerFilter::parse("127.0.0.1:1002");
    assert_eq!(places(Scope::default()), [(0, 0), (1, 0), (2, 2), (3, 0)]);
    assert_eq!(places(Scope { direction: Some(Direction::Sent), peer: None }), [(2, 2), (3, 0)]);
    assert_eq!(places(Scope { direction: None, peer }), [(1, 0), (2, 2)]);
    assert_eq!(places(Scope { direction: Some(Direction::Received), peer }), [(1, 0)]);
    let host = PeerFilter::parse("127.0.0.1");
    assert_eq!(places(Scope { direction: None, peer: host }), [(0, 0), (1, 0), (2, 2), (3, 0)]);
    let other = PeerFilter::parse("127.0.0.2");
    assert_eq!(places(Scope { direction: None, peer: other }), []);
}

#[test]
fn eviction_takes_hits_away_but_not_the_search() {
    let mut bench = Bench::with_limit(1 << 20);
    let reader = bench.writer.reader();
    let (mut search, mut found) = (search(&reader, &text("needle")), Found::default());
    let block = vec![b'.'; 30_000];
    for round in 0..120_u32 {
        bench.receive(1, &block);
        bench.receive(1, b"nee");
        bench.receive(1, b"dle");
        bench.flush();
        if round % 40 == 39 {
            pass(&mut search, &mut found);
            found.forget_before(reader.records().start);
        }
    }
    assert!(reader.records().start > 0);
    let kept = all(&reader, &text("needle"));
    assert!(!kept.is_empty() && kept.len() < 120);
    assert_eq!(found.hits(), kept);
    assert_eq!(found.count(), kept.len() as u64);
}

#[test]
fn what_is_long_is_read_in_parts_and_a_search_can_be_stopped() {
    let mut bench = Bench::new();
    let mut bytes = pattern(5, 3_000_000);
    for at in [0, 1_048_570, 2_097_152, 2_999_994] {
        bytes[at..at + 6].copy_from_slice(b"needle");
    }
    bench.receive(1, b"a need");
    bench.receive(1, b"le ");
    bench.receive(1, &bytes);
    bench.flush();
    let reader = bench.writer.reader();
    let hits = all(&reader, &text("needle"));
    let places: Vec<_> = hits.iter().map(|hit| (hit.record, hit.offset)).collect();
    assert_eq!(places, [(0, 2), (2, 0), (2, 1_048_570), (2, 2_097_152), (2, 2_999_994)]);
    let mut looks = 0;
    let mut stop = |_: u64, _: u64| {
        looks += 1;
        looks < 4
    };
    assert_eq!(search(&reader, &text("needle")).run(&mut stop, &mut |_| ()), Pass::Stopped);
}

#[test]
fn a_sent_file_is_searched_where_it_lies_and_missed_when_it_has_changed() {
    let mut bench = Bench::new();
    let path = bench.dir.path().join("sent.bin");
    std::fs::write(&path, b"..need").expect("written");
    let (size, modified_ns) = file_stamp(&std::fs::metadata(&path).expect("metadata"));
    let payload = Payload::File { path: &path, offset: 2, len: 4, size, modified_ns, hash: 0 };
    bench.writer.append(&NewRecord::data(Direction::Sent, PeerId(1), payload)).expect("appended");
    let rest: Arc<[u8]> = Arc::from(&b"le needle"[..]);
    bench.writer.append(&shared(1, &rest)).expect("appended");
    bench.flush();
    let reader = bench.writer.reader();
    let places = |search: &mut Search| {
        let mut found = Found::default();
        pass(search, &mut found);
        found.hits().iter().map(|hit| (hit.record, hit.offset)).collect::<Vec<_>>()
    };
    let mut whole = search(&reader, &text("needle"));
    assert_eq!((places(&mut whole), whole.unreadable()), (vec![(0, 0), (1, 3)], 0));
    std::fs::write(&path, b"another content").expect("written");
    let mut changed = search(&reader, &text("needle"));
    assert_eq!((places(&mut changed), changed.unreadable()), (vec![(1, 3)], 1), "and it must be counted");
}

#[test]
fn the_list_is_bounded_and_the_count_is_not() {
    let mut bench = Bench::new();
    bench.receive(1, &vec![b'a'; Found::LISTED_MAX + 5]);
    bench.flush();
    let mut found = Found::default();
    pass(&mut search(&bench.writer.reader(), &text("a")), &mut found);
    assert_eq!(found.hits().len(), Found::LISTED_MAX);
    assert_eq!(found.count(), Found::LISTED_MAX as u64 + 5);
    assert!(!found.is_whole());
    assert_eq!(found.position(0, 77), Some(77));
    assert_eq!(found.at_or_after(0, 99_999), 99_999);
}

#[test]
fn streams_that_hold_much_back_are_put_aside_and_read_again() {
    let mut bench = Bench::new();
    // Each stream lies within one endless possible match, so that it holds as many bytes as it can.
    let part = vec![b'a'; 15_000];
    let rounds: [&[u8]; 3] = [&part, b"aaa", b"b"];
    for round in rounds {
        (1..=5000).for_each(|peer| assert!(bench.receive(peer, round) > 0 || peer == 1));
    }
    bench.flush();
    let reader = bench.writer.reader();
    let mut found = Found::default();
    pass(&mut search(&reader, &regex("a+b")), &mut found);
    assert_eq!(found.count(), 5000);
    assert!(found.hits().iter().all(|hit| (hit.offset, hit.len, hit.end_offset) == (0, 15_004, 1)));
}

/// The settled hits in the order in which they are reported, and the open ones, in passes that end at these records.
fn reported(
    reader: &CaptureReader,
    source: &PatternSource,
    threads: usize,
    chunk: (u64, usize),
    ends: &[u64],
) -> [Vec<Hit>; 2] {
    let mut search = search(reader, source);
    search.set_parting(threads, chunk.0, chunk.1);
    let mut hits = Vec::new();
    for end in ends {
        search.set_end(*end);
        assert_eq!(search.run(&mut |_, _| true, &mut |hit| hits.push(hit)), Pass::CaughtUp);
        assert_eq!(search.next_record(), *end.min(&reader.records().end));
    }
    [hits, search.open_hits()]
}

#[test]
fn threads_do_not_matter_for_datagrams_and_runs_of_another_protocol() {
    let mut bench = Bench::new();
    let endpoints = ["tcp://127.0.0.1:1", "udp://127.0.0.1:1", "udp://127.0.0.1:1", "tcp://127.0.0.1:1"];
    for (endpoint, peer) in endpoints.into_iter().zip(1..) {
        let marks = if endpoint.starts_with("udp") { Marks::MESSAGE } else { Marks::default() };
        let note = SessionNote::Opened { run: 1, endpoint: endpoint.into() };
        bench.writer.append(&NewRecord::note(PeerId::NONE, &note, &mut Vec::new())).expect("appended");
        for part in ["he", "llo", "xhello", "", "ohello hellohe", "l", "lo"] {
            bench.writer.append(&received(peer, part.as_bytes()).marked(marks)).expect("appended");
        }
    }
    bench.flush();
    let reader = bench.writer.reader();
    let one = reported(&reader, &text("hello"), 1, (1, 1), &[u64::MAX]);
    assert_eq!(one[0].len(), 16);
    for records in 1..9 {
        assert_eq!(
            reported(&reader, &text("hello"), 3, (1 << 20, records), &[u64::MAX]),
            one,
            "{records} records a chunk"
        );
    }
}

#[test]
fn threads_end_when_a_search_is_stopped_and_miss_the_same() {
    let mut bench = Bench::new();
    let path = bench.dir.path().join("sent.bin");
    std::fs::write(&path, b"needle").expect("written");
    let (size, modified_ns) = file_stamp(&std::fs::metadata(&path).expect("metadata"));
    for _ in 0..50 {
        let payload = Payload::File { path: &path, offset: 0, len: 6, size, modified_ns, hash: 0 };
        bench.writer.append(&NewRecord::data(Direction::Sent, PeerId(1), payload)).expect("appended");
        bench.receive(1, b"a needle and a nee");
        bench.receive(2, &[b'x'; 100]);
        bench.receive(1, b"dle");
    }
    bench.flush();
    let reader = bench.writer.reader();
    let chunk = (300, 7);
    assert_eq!(reported(&reader, &text("needle"), 1, chunk, &[u64::MAX])[0].len(), 150);
    assert_eq!(
        reported(&reader, &text("needle"), 2, chunk, &[u64::MAX]),
        reported(&reader, &text("needle"), 1, chunk, &[u64::MAX])
    );
    std::fs::write(&path, b"another content").expect("written");
    let mut missing = search(&reader, &text("needle"));
    missing.set_parting(2, chunk.0, chunk.1);
    let mut found = Found::default();
    pass(&mut missing, &mut found);
    assert_eq!((found.count(), missing.unreadable()), (100, 50));
    let mut stopped = search(&reader, &text("needle"));
    stopped.set_parting(2, chunk.0, chunk.1);
    let mut looks = 0;
    let mut stop = |_: u64, _: u64| {
        looks += 1;
        looks < 5
    };
    assert_eq!(stopped.run(&mut stop, &mut |_| ()), Pass::Stopped);
}

#[test]
fn more_hits_in_a_chunk_than_are_kept_are_still_reported() {
    let mut bench = Bench::new();
    (0..10).for_each(|_| assert!(bench.receive(1, &[b'a'; 40_000]) < 10));
    bench.flush();
    let reader = bench.writer.reader();
    let chunk = (1 << 20, 5);
    for source in [text("a"), text("aaa"), regex("a{2,3}"), regex("a*")] {
        let one = reported(&reader, &source, 1, chunk, &[u64::MAX]);
        assert_eq!(reported(&reader, &source, 2, chunk, &[u64::MAX]), one, "{source:?}");
    }
}

/// More hits per chunk than are kept, in chunks before the one waited for: each thread tries to shorten the chunks.
#[test]
fn a_search_for_a_common_byte_ends_with_any_number_of_threads() {
    const ROUNDS: u32 = 15;
    let mut bench = Bench::new();
    bench.receive(1, &vec![b'a'; 70_000]);
    (0..40).for_each(|_| assert!(bench.receive(1, b"b") > 0));
    (0..8).for_each(|_| assert!(bench.receive(1, &vec![b'a'; 70_000]) > 0));
    bench.flush();
    let reader = bench.writer.reader();
    let (sender, receiver) = crossbeam_channel::bounded(1);
    crate::jobs::thread::spawn_named("test search", move || {
        for round in 0..ROUNDS {
            for threads in [1, 2, 4, 8, 16] {
                let mut search = search(&reader, &text("a"));
                search.set_parting(threads, 1 << 20, 1);
                let mut count = 0_u64;
                search.run(&mut |_, _| true, &mut |_| count += 1);
                sender.send((round, threads, count)).expect("the test receives");
            }
        }
    })
    .expect("a thread");
    for round in 0..ROUNDS {
        for threads in [1, 2, 4, 8, 16] {
            let done = receiver.recv_timeout(std::time::Duration::from_secs(60));
            assert_eq!(done, Ok((round, threads, 9 * 70_000)), "hangs");
        }
    }
}

/// A stream cut into records, each of one of three peers.
fn cut_streams() -> impl Strategy<Value = Vec<(u32, Vec<u8>)>> {
    let part = proptest::collection::vec(prop::sample::select(b"aabB\x00\xFF".to_vec()), 0..12);
    proptest::collection::vec((1_u32..=3, part), 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn cuts_into_records_do_not_matter(records in cut_streams(), passes in 1_usize..5) {
        let sources = [
            text("ab"), text("aba"), any_case("bab"), hex("00 ?? 61"), hex("?F 6?"), regex("a+b?"), regex("b.{1,3}a"),
            regex("(?m)^a|a$"), regex(r"\bB+"), regex("a*?"), regex("[ab]*B"),
        ];
        let mut bench = Bench::new();
        let reader = bench.writer.reader();
        let mut searches: Vec<_> = sources.iter().map(|s| (search(&reader, s), Found::default())).collect();
        let mut streams = [const { Vec::new() }; 4];
        for chunk in records.chunks(records.len().div_ceil(passes).max(1)) {
            for (peer, part) in chunk {
                bench.receive(*peer, part);
                streams[*peer as usize].extend_from_slice(part);
            }
            bench.flush();
            for (search, found) in &mut searches {
                pass(search, found);
            }
            for ((_, found), source) in searches.iter().zip(&sources) {
                prop_assert!(found.hits().is_sorted());
                for peer in 1..=3 {
                    let places = in_stream(&reader, found.hits(), peer);
                    prop_assert_eq!(&places, &naive(source, &streams[peer as usize]), "{:?}", source);
                }
            }
        }
    }

    #[test]
    fn threads_do_not_matter(
        records in proptest::collection::vec(
            (1_u32..=3, proptest::collection::vec(prop::sample::select(b"aaabB\x00\xFF".to_vec()), 0..60)), 0..60),
        chunk in (1_u64..400, 1_usize..20),
        cut in 0_u64..60,
    ) {
        let mut bench = Bench::new();
        for (peer, part) in &records {
            bench.receive(*peer, part);
        }
        bench.flush();
        let reader = bench.writer.reader();
        for source in [
            text("ab"), text("aba"), text("aa"), hex("?F 6?"), regex("a+b?"), regex("b.{1,3}a"), regex("(?s).{5}"),
            regex("(?m)^a|a$"), regex(r"\bB+"), regex("[ab]*B"), regex("a{1,30}"),
        ] {
            let ends = [cut.min(reader.records().end), u64::MAX];
            let one = reported(&reader, &source, 1, chunk, &ends);
            for threads in [2, 3, 8] {
                prop_assert_eq!(&reported(&reader, &source, threads, chunk, &ends), &one, "{:?}", source);
            }
        }
    }

    #[test]
    fn cuts_do_not_matter_for_long_matches_either(cuts in proptest::collection::vec(1_usize..30_000, 0..8)) {
        let mut bytes = pattern(9, 90_000);
        bytes.iter_mut().for_each(|byte| *byte = b'a' + *byte % 3);
        let (mut whole, mut parts) = (Bench::new(), Bench::new());
        whole.receive(1, &bytes);
        whole.flush();
        let mut rest = &bytes[..];
        for cut in cuts {
            let (part, behind) = rest.split_at(cut.min(rest.len()));
            parts.receive(1, part);
            rest = behind;
        }
        parts.receive(1, rest);
        parts.flush();
        for source in [regex("(?s)abc.*?ccccc"), regex("[ab]+"), regex("aaaaa.*b")] {
            let [one, other] = [&whole, &parts].map(|bench| {
                let reader = bench.writer.reader();
                in_stream(&reader, &all(&reader, &source), 1)
            });
            prop_assert_eq!(one, other, "{:?}", source);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn threads_do_not_matter_for_long_matches_either(
        cuts in proptest::collection::vec((1_u32..=2, 1_usize..30_000), 1..30), chunk in (20_000_u64..200_000, 2_usize..9),
    ) {
        let mut bytes = pattern(9, 400_000);
        bytes.iter_mut().for_each(|byte| *byte = b'a' + *byte % 3);
        let mut bench = Bench::new();
        let mut rest = &bytes[..];
        for (peer, cut) in cuts {
            let (part, behind) = rest.split_at(cut.min(rest.len()));
            bench.receive(peer, part);
            rest = behind;
        }
        bench.flush();
        let reader = bench.writer.reader();
        for source in [regex("(?s)abc.*?ccccc"), regex("[ab]+"), regex("aaaaa.*b"), text("abcabcabca"), regex("(?s).{7,}")] {
            let one = reported(&reader, &source, 1, chunk, &[u64::MAX]);
            prop_assert_eq!(reported(&reader, &source, 2, chunk, &[u64::MAX]), one, "{:?}", source);
        }
    }
}

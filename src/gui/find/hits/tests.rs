use crate::capture::search::{Pass, Scope, Search};
use crate::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload};
use crate::codec::{Pattern, PatternSource};
use crate::gui::find::hits::*;
use crate::model::{Direction, PeerId};
use std::sync::Mutex;

fn writer(folder: &std::path::Path) -> CaptureWriter {
    let endpoint = "tcp://127.0.0.1:8080".parse().unwrap();
    CaptureWriter::create(folder, &endpoint, CaptureOptions::default()).unwrap()
}

fn append(writer: &mut CaptureWriter, peer: u32, bytes: &[u8]) {
    writer.append(&NewRecord::data(Direction::Received, PeerId(peer), Payload::Bytes(bytes))).unwrap();
}

fn found(reader: &CaptureReader, text: &str) -> Found {
    let source = PatternSource::Text { text: text.into(), encoding: Encoding::UTF_8, ignore_case: false };
    let mut search = Search::new(reader.clone(), Pattern::new(&source).unwrap(), Scope::default());
    let mut found = Found::default();
    assert_eq!(search.run(&mut |_, _| true, &mut |hit| found.add(hit)), Pass::CaughtUp);
    found.set_open(search.open_hits());
    found
}

fn shared(found: Found) -> Shared {
    Arc::new(Mutex::new(found))
}

fn hit(record: u64) -> Hit {
    let (offset, len) = (0, 1);
    Hit { record, offset, len, end_record: record, end_offset: 1, peer: PeerId(1), sent: false, open: false }
}

#[test]
fn a_row_shows_the_bytes_around_the_hit() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    append(&mut writer, 1, "0123456789你好abcdef needle 温度 and a long tail".as_bytes());
    writer.flush().unwrap();
    let reader = writer.reader();
    let hit = found(&reader, "needle").hits()[0];
    let context = Context::read(&reader, &hit, Encoding::UTF_8).unwrap();
    let text = &context.text;
    assert_eq!((text.before.as_str(), text.found.as_str()), ("789你好abcdef ", "needle"));
    assert_eq!(text.behind, " 温度 and a long tail");
    assert_eq!(context.hex.found, "6E 65 65 64 6C 65");
    assert_eq!(context.unix_ns, reader.record(0).unwrap().unix_ns);
}

#[test]
fn a_hit_over_many_records_is_shown_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    for byte in b"xneedle!" {
        append(&mut writer, 1, &[*byte]);
        append(&mut writer, 2, b"-");
    }
    for _ in 0..40 {
        append(&mut writer, 1, b"z");
    }
    writer.flush().unwrap();
    let reader = writer.reader();
    let hit = found(&reader, "needle").hits()[0];
    assert!(hit.end_record > hit.record);
    let context = Context::read(&reader, &hit, Encoding::UTF_8).unwrap();
    assert_eq!((context.text.before.as_str(), context.text.found.as_str()), ("", "needle"));
    // Too many records to read: only the start is shown.
    let hit = found(&reader, &"z".repeat(40)).hits()[0];
    assert_eq!(Context::read(&reader, &hit, Encoding::UTF_8).unwrap().text.found, "z…");
}

#[test]
fn a_long_hit_is_truncated_and_a_lost_one_reported() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    append(&mut writer, 1, &[b'a'; 200]);
    writer.flush().unwrap();
    let reader = writer.reader();
    let all = found(&reader, &"a".repeat(200)).hits()[0];
    let context = Context::read(&reader, &all, Encoding::UTF_8).unwrap();
    assert_eq!((context.text.found, context.text.behind.as_str()), ("a".repeat(64) + "…", ""));
    assert_eq!(Context::read(&reader, &hit(7), Encoding::UTF_8), None);
}

#[test]
fn only_visible_rows_are_read_and_cached() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path());
    (0..100).for_each(|_| append(&mut writer, 1, b"ab"));
    writer.flush().unwrap();
    let reader = writer.reader();
    let shared = shared(found(&reader, "a"));
    let mut list = HitList::default();
    let sight = list.prepare(&shared, None, 7, &reader, Encoding::UTF_8);
    assert_eq!(sight, Sight { first: 0, listed: 100, fit: 7 });
    assert_eq!(list.rows().len(), 7);
    // The current hit is scrolled into view, to the nearer edge.
    let sight = list.prepare(&shared, Some((50, 0)), 7, &reader, Encoding::UTF_8);
    assert_eq!((sight.first, list.rows()[6].hit.record), (44, 50));
    let sight = list.prepare(&shared, Some((20, 0)), 7, &reader, Encoding::UTF_8);
    assert_eq!((sight.first, list.rows()[0].hit.record), (20, 20));
    // The scroll position is kept while the same hit is current.
    list.top = (90, 0);
    assert_eq!(list.prepare(&shared, Some((20, 0)), 7, &reader, Encoding::UTF_8).first, 90);
    list.top = (99, 0);
    assert_eq!(list.prepare(&shared, Some((20, 0)), 7, &reader, Encoding::UTF_8).first, 93, "no room below the last");
}

#[test]
fn hits_added_or_removed_above_do_not_move_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let reader = writer(folder.path()).reader();
    let mut all = Found::default();
    (10..110).for_each(|record| all.add(hit(record)));
    let shared = shared(all);
    let mut list = HitList::default();
    list.prepare(&shared, Some((50, 0)), 5, &reader, Encoding::UTF_8);
    let first = list.rows()[0].hit;
    shared.lock().unwrap().add(hit(3));
    shared.lock().unwrap().forget_before(20);
    list.prepare(&shared, Some((50, 0)), 5, &reader, Encoding::UTF_8);
    assert_eq!(list.rows()[0].hit, first);
    // Another search starts at the top.
    let other = Arc::new(Mutex::new(shared.lock().unwrap().clone()));
    assert_eq!(list.prepare(&other, None, 5, &reader, Encoding::UTF_8).first, 0);
}

#[test]
fn keys_start_at_the_current_hit_or_the_first_visible_one() {
    let folder = tempfile::tempdir().unwrap();
    let reader = writer(folder.path()).reader();
    let mut all = Found::default();
    (0..10).for_each(|record| all.add(hit(record)));
    let shared = shared(all);
    let mut list = HitList::default();
    assert_eq!(list.target(Step::First), None);
    list.prepare(&shared, None, 4, &reader, Encoding::UTF_8);
    assert_eq!(list.target(Step::By(1)), Some((0, 0)));
    list.prepare(&shared, Some((5, 0)), 4, &reader, Encoding::UTF_8);
    for (step, record) in
        [(Step::By(1), 6), (Step::By(-1), 4), (Step::By(0), 5), (Step::By(100), 9), (Step::By(-100), 0)]
    {
        assert_eq!(list.target(step), Some((record, 0)), "{step:?}");
    }
    assert_eq!((list.target(Step::First), list.target(Step::Last)), (Some((0, 0)), Some((9, 0))));
}

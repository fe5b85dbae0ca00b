//! Calls everything that the program calls on an open capture.

use std::fs;
use std::ops::Range;
use std::sync::OnceLock;
use wirebench::capture::items::{Filter, Indexer, ItemIndex, ItemRule};
use wirebench::capture::search::{Scope, Search, bytes_of};
use wirebench::capture::timeline::{Timeline, nearest, record_at};
use wirebench::capture::{CaptureOptions, CaptureReader, Catalog, ExportFormat, ExportStyle, Record, Selection};
use wirebench::capture::{export, import_netassist};
use wirebench::codec::{Encoding, FramingRule, Pattern, PatternSource};
use wirebench::lines::{BytePlace, LogForm, View, ViewConfig, ViewMode, save_log};
use wirebench::model::PeerId;
use wirebench::words::{Lang, record_sentence};

/// A job on a small capture that reports progress more often than this hangs.
const ASKED_MAX: u32 = 20_000;

/// A progress callback that fails if called too often.
fn patience(what: &'static str) -> impl FnMut(u64, u64) -> bool {
    let mut asked = 0;
    move |done, all| {
        asked += 1;
        assert!(asked < ASKED_MAX, "{what} does not stop: {done} of {all}");
        assert!(done <= all, "{what}: {done} of {all}");
        true
    }
}

/// The first and the last records, and some that do not exist.
fn numbers(records: &Range<u64>) -> Vec<u64> {
    let (first, end) = (records.start.saturating_sub(2), records.end.saturating_add(2));
    let last = end.saturating_sub(60).max(first.saturating_add(60));
    (first..end.min(first.saturating_add(60))).chain(last..end.max(last)).collect()
}

/// Reads records, payloads, notes and peers one by one. `payload_max`: upper bound of the capture's payload in bytes.
pub fn read_all(reader: &CaptureReader, payload_max: usize) {
    let records = reader.records();
    for number in numbers(&records) {
        let Ok(record) = reader.record(number) else { continue };
        assert_eq!(record.number, number);
        let mut bytes = Vec::new();
        match reader.payload(&record, 0..u32::MAX, &mut bytes) {
            Ok(()) => assert_eq!(bytes.len(), record.len as usize),
            Err(error) => assert!(bytes.is_empty() && !error.to_string().is_empty()),
        }
        assert!(record.from_file || bytes.capacity() <= payload_max + (1 << 20), "{} bytes", bytes.capacity());
        reader.note(&record).ok(); // any result is fine
        assert!(reader.peer_address(record.peer).is_none() || record.peer != PeerId::NONE);
        assert!(record.destination().is_none_or(|local| local.0 != 0));
        record.destination().and_then(|local| reader.local_address(local));
        for &encoding in Encoding::all() {
            assert!(reader.open_before(&record, encoding).is_none_or(|open| open.len() <= 3));
        }
        let mut more = Vec::new();
        reader.records_in(number..u64::MAX, &mut more).ok();
        assert!(more.iter().zip(number..).all(|(record, number)| record.number == number));
    }
    assert!(reader.evicted().1 <= records.start);
    assert!(reader.recovered_note().is_none_or(|note| !note.is_empty()));
}

/// Search, index, plots, exports and views. `how` selects among them.
pub fn look_through(reader: &CaptureReader, how: u8) {
    let records = reader.records();
    search(reader);
    let index = index(reader, how);
    let mut whole = Timeline::whole(reader.clone(), records.start);
    whole.run(&mut patience("the plot of all"));
    let range = record_times(reader, &records);
    for at in [range.start, range.start / 2 + range.end / 2, range.end] {
        let first = record_at(reader, records.start, at);
        assert!((records.start..=records.end).contains(&first));
        assert!(nearest(reader, records.start, at).is_none_or(|near| records.contains(&near)));
    }
    Timeline::part(reader.clone(), records.start, range, 50).run(&mut patience("the plot of a part"));
    let format = |how: u8| ExportFormat::ALL[usize::from(how) % ExportFormat::ALL.len()];
    written(reader, format(how), None);
    written(reader, format(how / 6), Some(index.clone()));
    let mode = [ViewMode::Text, ViewMode::Hex, ViewMode::Dump][usize::from(how) % 3];
    let encoding = Encoding::all()[usize::from(how) % Encoding::all().len()];
    let config = ViewConfig { mode, encoding, bytes_per_row: 16, text_cells: 40 };
    let mut view = View::new(reader.clone(), config, records.start);
    walk(&mut view);
    view.set_index(Some(index));
    walk(&mut view);
}

fn record_times(reader: &CaptureReader, records: &Range<u64>) -> Range<u64> {
    let time = |number| reader.record(number).map_or(0, |record: Record| record.mono_ns);
    let (first, last) = (time(records.start), time(records.end.saturating_sub(1)));
    first..last.max(first).saturating_add(1)
}

fn search(reader: &CaptureReader) {
    for source in ["[a-f]+", "\\x00"].map(|text| PatternSource::Regex(text.into())) {
        let mut search = Search::new(reader.clone(), Pattern::new(&source).expect("a pattern"), Scope::default());
        let mut hits = Vec::new();
        search.run(&mut patience("the search"), &mut |hit| hits.push(hit));
        hits.extend(search.open_hits());
        for hit in hits.iter().take(50) {
            assert!(hit.len > 0 && hit.record <= hit.end_record);
            if let Ok(bytes) = bytes_of(reader, hit, 64) {
                assert!(bytes.len() <= 64);
            }
        }
    }
}

fn index(reader: &CaptureReader, how: u8) -> ItemIndex {
    const RULES: [&str; 8] =
        ["line", "fixed:3", "len:size=1+sum8", "marks:start=61,end=62", "slip", "gap:20ms", "json", "record+xor-8"];
    let framing: FramingRule = RULES[usize::from(how >> 2) % RULES.len()].parse().expect("a rule");
    let mut indexer = Indexer::new(reader.clone(), ItemRule { framing, filter: Filter::default() }).expect("a filter");
    let index = indexer.index().clone();
    indexer.run(&mut patience("the index")).expect("the index can be written");
    index
}

fn written(reader: &CaptureReader, format: ExportFormat, index: Option<ItemIndex>) {
    let selection = Selection { index, ..Selection::all(reader) };
    let sentence = |record: &Record, note: Option<&_>, address| record_sentence(record, note, address, Lang::En);
    let style = ExportStyle {
        encoding: Encoding::UTF_8,
        sentence: &sentence,
        unreadable: &ToString::to_string,
        remark: "made up",
    };
    let mut out = Vec::new();
    let saved = export(reader, format, &selection, &style, &mut out, &mut patience("the export"));
    if let Ok(saved) = saved {
        assert_eq!(saved.bytes, out.len() as u64, "{}", format.name());
    }
}

fn walk(view: &mut View) {
    let tail = view.tail(20);
    let mut places = vec![view.start(), tail, view.at(0.5), view.at(1.0)];
    places.push(view.moved(tail, -15));
    places.push(view.moved(view.start(), 30));
    for place in places {
        let rows = view.rows(place, 40);
        assert!(rows.windows(2).all(|pair| pair[0].place < pair[1].place), "rows must be in order");
        let fraction = view.fraction(place);
        assert!((0.0..=1.0).contains(&fraction), "{fraction}");
        view.row_count(place.record);
        view.place_of(place.record, 7);
        let form = LogForm::new(Lang::En);
        for row in &rows {
            let line = form.line(row, view);
            assert!(!line.chars().any(char::is_control), "{line:?}");
        }
    }
    let items = view.items();
    let end = BytePlace { record: items.start.saturating_add(40), offset: 5 };
    let range = BytePlace { record: items.start, offset: 1 }..end;
    let copied = view.copy_bytes(range.clone(), 1000).content;
    assert!(copied.len() <= 1000);
    let hex = view.copy_hex(range.clone(), 1000).content;
    assert!(hex.len() <= 3000 + 40);
    let text = view.copy_text(range, 1000).content;
    assert!(text.len() <= 10_000);
    let mut log = Vec::new();
    let mut asked = 0;
    let mut enough = |_, _| {
        asked += 1;
        asked < 50
    };
    save_log(view.again(), &LogForm::new(Lang::ZhCn), items, &mut log, &mut enough).ok(); // it may be cancelled
}

/// A record and its payload.
type Sampled = (Record, Vec<u8>);

/// A small capture, created once, and its records with their payloads.
pub fn sample() -> (&'static CaptureReader, &'static [Sampled]) {
    static SAMPLE: OnceLock<(CaptureReader, Vec<Sampled>)> = OnceLock::new();
    const LOG: &str = "[2019-07-12 16:05:41.240]# Client 192.0.2.1:4089 gets online.\n\
        [2019-07-12 16:05:48.417]# RECV ASCII FROM 192.0.2.1 :4089>\nok, 好\n\
        [2019-07-12 16:06:10.202]# SEND HEX TO ALL>\n01 03 FF\n\
        [2019-07-12 16:06:16.208]# Client 192.0.2.1:4089 gets offline.\n";
    let (reader, records) = SAMPLE.get_or_init(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (path, captures) = (dir.path().join("log.txt"), dir.path().join("captures"));
        fs::write(&path, LOG).expect("written");
        let zone = jiff::tz::TimeZone::UTC;
        let imported =
            import_netassist(&path, &captures, CaptureOptions::default(), &zone, &mut |_, _| true).expect("imported");
        let reader = Catalog::new(captures).open(&imported.id).expect("a capture");
        let records = reader.records().map(|number| {
            let record = reader.record(number).expect("a record");
            let mut bytes = Vec::new();
            reader.payload(&record, 0..u32::MAX, &mut bytes).expect("its payload");
            (record, bytes)
        });
        let records = records.collect();
        (reader, records)
    });
    (reader, records)
}

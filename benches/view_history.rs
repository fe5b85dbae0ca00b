//! Measures how long the window's thread works to show a long history: captures of many small records of many peers, created by the
//! capture writer. For each operation it measures the calls that the window makes, beside a plain program that reads the same bytes
//! of the same files at the same offsets (`pread`). Warm times are the thread's own CPU time if the system reports it, so that other
//! processes hardly matter; cold times are wall time after `posix_fadvise` has evicted the capture's files from the page cache.
//!
//! `cargo bench --bench view_history [-- RECORDS [ROUNDS]]`, 10,000,000 records and 100 rounds by default. It also measures 10,000
//! records and each hundredfold below RECORDS. 100,000,000 records take about 10 GB of disk in `TMPDIR` while it runs.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark prints, and stops on any error"
)]

mod beside;
#[path = "view_history/clock.rs"]
mod clock;
#[path = "view_history/history.rs"]
mod history;
#[path = "view_history/plain.rs"]
mod plain;

use clock::Clock;
use history::{PEERS, Text, resident_mib};
use plain::Plain;
use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};
use wirebench::capture::CaptureReader;
use wirebench::capture::items::{Filter, Indexer, ItemIndex, ItemRule};
use wirebench::codec::Encoding;
use wirebench::lines::{BytePlace, DeltaFrom, Place, Row, View, ViewConfig, ViewMode};

/// The performance goal.
const GOAL: Duration = Duration::from_millis(16);
/// Rows of a window of full height.
const ROWS: usize = 60;
const PAGE: i64 = ROWS as i64 - 1;

fn main() {
    let (most, rounds) = (beside::number(0, 10_000_000), beside::number(1, 100).max(1));
    let mut counts: Vec<u64> = [10_000, 1_000_000, 10_000_000, 100_000_000].into_iter().filter(|c| *c < most).collect();
    counts.push(most);
    println!(
        "{PEERS} peers, text in GBK cut over records; {ROWS} rows; {rounds} rounds; median, 95 %, worst; goal {GOAL:?}"
    );
    for count in counts {
        for text in [Text::Lines, Text::OneWord] {
            // Text in which no byte determines where characters start is measured for two lengths only.
            if text == Text::Lines || count <= 1_000_000 {
                measure(count, rounds, text);
            }
        }
    }
}

fn measure(count: u64, rounds: u64, text: Text) {
    let folder = tempfile::tempdir().expect("a folder");
    let before = resident_mib();
    let began = Instant::now();
    let history = history::record(folder.path(), count, text);
    println!("\n{count} records, {text}: written in {:.1?}, {} MiB on disk", began.elapsed(), history.disk_mib);
    println!("  resident set before, after: {before:.1}, {:.1} MiB; most {:.1} MiB", resident_mib(), history.most_mib);
    let open = || CaptureReader::open(&history.folder).expect("opened");
    let plain = Plain::open(&history.folder);
    for cold in [false, true] {
        println!("  {}", if cold { "cold, by the clock" } else { "warm, the thread's own time" });
        operations(&open, &plain, if cold { rounds.min(30) } else { rounds }, cold);
    }
    if text == Text::Lines {
        for rule in ["line", "record"] {
            index(&open(), rule, rounds);
        }
    }
}

/// The records in sight, which are read for a screen.
fn seen(rows: &[Row]) -> std::ops::Range<u64> {
    let first = rows.first().map_or(0, |row| row.place.record);
    first..rows.last().map_or(first, |row| row.place.record + 1)
}

/// What the window requests for each frame in which something has changed.
fn screen(view: &mut View, top: Place) -> Vec<Row> {
    let last_top = view.tail(ROWS);
    let top = top.clamp(view.start(), last_top);
    let rows = view.rows(top, ROWS);
    black_box(view.elapsed(&rows, DeltaFrom::Answer));
    for row in &rows {
        black_box(view.lies_in(row.place.record, 0..64));
    }
    if let Some(last) = rows.last() {
        let next = view.moved(last.place, 1);
        black_box(view.fraction(next));
    }
    black_box((view.fraction(top), view.fraction(last_top)));
    rows
}

fn config(mode: ViewMode, encoding: Encoding) -> ViewConfig {
    ViewConfig { mode, encoding, bytes_per_row: 16, text_cells: 100 }
}

fn new_view(reader: &CaptureReader) -> View {
    View::new(reader.clone(), config(ViewMode::Text, Encoding::GBK), 0)
}

/// An operation: prepared outside of the measured time, then executed.
type Work<'a> = &'a mut dyn FnMut(&mut View, Place) -> Vec<Row>;

fn operations(open: &dyn Fn() -> CaptureReader, plain: &Plain, rounds: u64, cold: bool) {
    let reader = open();
    let start = if cold { Clock::wall } else { Clock::work };
    let opened = timed(rounds, plain, cold, |_| {
        let began = start();
        let reader = open();
        let mut view = new_view(&reader);
        let top = view.tail(ROWS);
        let rows = screen(&mut view, top);
        (began.elapsed(), rows)
    });
    println!("    open, newest screen    {opened}");
    let switched = |mode, encoding| {
        move |view: &mut View, top: Place| {
            let first = view.rows(top, 1);
            view.set_config(config(mode, encoding));
            let top = first.first().map_or(top, |row| view.place_of(row.place.record, 0));
            screen(view, top)
        }
    };
    let mut works: [(&str, Work<'_>); 10] = [
        ("jump to any place", &mut |view, top| screen(view, top)),
        ("page up", &mut |view, top| {
            let to = view.moved(top, -PAGE);
            screen(view, to)
        }),
        ("page down", &mut |view, top| {
            let to = view.moved(top, PAGE);
            screen(view, to)
        }),
        ("to the end", &mut |view, _| {
            let to = view.tail(ROWS);
            screen(view, to)
        }),
        ("to the begin", &mut |view, _| screen(view, view.start())),
        ("text to hex", &mut switched(ViewMode::Hex, Encoding::GBK)),
        ("text to dump", &mut switched(ViewMode::Dump, Encoding::GBK)),
        ("GBK to UTF-16LE", &mut switched(ViewMode::Text, Encoding::UTF_16LE)),
        ("GBK to UTF-8", &mut switched(ViewMode::Text, Encoding::UTF_8)),
        ("select, copy a screen", &mut |view, top| {
            let rows = view.rows(top, ROWS);
            let records = seen(&rows);
            let range = BytePlace { record: records.start, offset: 0 }..BytePlace { record: records.end, offset: 0 };
            black_box(view.copy_bytes(range.clone(), 4 << 20).content.len());
            black_box(view.copy_text(range, 4 << 20).content.len());
            rows
        }),
    ];
    for (name, work) in &mut works {
        // Starts at a place that the window already shows, except for a jump.
        let is_jump = *name == "jump to any place";
        let measured = timed(rounds, plain, cold, |round| {
            let mut view = new_view(&reader);
            let top = view.at(place(round));
            if !is_jump && !cold {
                screen(&mut view, top);
            }
            let began = start();
            let top = if is_jump { view.at(place(round)) } else { top };
            let rows = work(&mut view, top);
            (began.elapsed(), rows)
        });
        println!("    {name:<22} {measured}");
    }
}

/// A different place in each round.
fn place(round: u64) -> f64 {
    (round as f64 * 0.618_033_988_749_895 + 0.1).fract()
}

/// Times of an operation and of the plain reads.
fn timed(rounds: u64, plain: &Plain, cold: bool, mut work: impl FnMut(u64) -> (Duration, Vec<Row>)) -> Measured {
    let (mut taken, mut read) = (Vec::new(), Vec::new());
    if !cold {
        work(0);
    }
    for round in 1..=rounds {
        if cold {
            plain.forget();
        }
        let (elapsed, rows) = work(round);
        assert!(!rows.is_empty());
        taken.push(elapsed);
        if cold {
            plain.forget();
        }
        read.push(plain.read(seen(&rows), cold));
    }
    Measured { taken: Spread::of(taken), read: Spread::of(read) }
}

struct Measured {
    taken: Spread,
    read: Spread,
}

struct Spread {
    median: Duration,
    high: Duration,
    worst: Duration,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
        Self { median: at(50), high: at(95), worst: times[times.len() - 1] }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        write!(f, "{:8.3} {:8.3} {:8.3} ms", ms(self.median), ms(self.high), ms(self.worst))
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.taken.worst > GOAL { " (over the goal)" } else { "" };
        write!(f, "{} | plain {}{mark}", self.taken, self.read)
    }
}

/// Builds the complete index in the background: its time and memory, and the cost of a jump meanwhile and afterwards.
fn index(reader: &CaptureReader, framing: &str, rounds: u64) {
    let filter = if framing == "record" { "text='=000001'" } else { "" };
    let framing = framing.parse().expect("a rule");
    let rule = ItemRule { framing, filter: Filter::parse(filter, Encoding::GBK).expect("a filter") };
    let before = resident_mib();
    let mut indexer = Indexer::new(reader.clone(), rule.clone()).expect("an indexer");
    let index = indexer.index().clone();
    let began = Instant::now();
    let thread = wirebench::jobs::thread::spawn_named("index", move || {
        indexer.run(&mut |_, _| true).expect("indexed");
        indexer
    })
    .expect("a thread");
    let first = loop {
        if index.items().end >= ROWS as u64 || thread.is_finished() {
            break began.elapsed();
        }
        std::thread::sleep(Duration::from_micros(200));
    };
    let (mut times, mut most) = (Vec::new(), before);
    while !thread.is_finished() {
        times.push(jump(reader, &index, times.len() as u64));
        most = most.max(resident_mib());
        std::thread::sleep(Duration::from_millis(5));
    }
    let whole = began.elapsed();
    drop(thread.join().expect("the indexer"));
    println!(
        "  index {} {filter}: whole in {whole:.1?}, first screen after {first:.1?}, {} items, resident set {before:.1} to {most:.1} MiB",
        rule.framing,
        index.items().end
    );
    if !times.is_empty() {
        println!("    a jump meanwhile       {}", Spread::of(times));
    }
    let afterwards = (1..=rounds).map(|round| jump(reader, &index, round)).collect();
    println!("    a jump afterwards      {}", Spread::of(afterwards));
}

fn jump(reader: &CaptureReader, index: &ItemIndex, round: u64) -> Duration {
    let mut view = new_view(reader);
    view.set_index(Some(index.clone()));
    let began = Clock::work();
    let top = view.at(place(round));
    black_box(screen(&mut view, top));
    began.elapsed()
}

//! Measures how fast a framing rule or filter takes effect over a long history, beside a plain loop that reads the same file, and
//! the cost of a screen afterwards, on a short and on a long capture: `cargo bench --bench view_items -- [MIB] [ROUNDS]` (512 and 5
//! by default). Captures are created by the capture writer.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    missing_docs,
    reason = "a benchmark prints, and stops on any error"
)]

mod beside;

use beside::{alternate, number, seconds};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};
use wirebench::capture::items::{Filter, Indexer, ItemRule};
use wirebench::capture::{CaptureOptions, CaptureReader, CaptureWriter, NewRecord, Payload};
use wirebench::codec::Encoding;
use wirebench::lines::{View, ViewConfig, ViewMode};
use wirebench::model::{Direction, PeerId};

/// A typical read at a high rate.
const RECORD_BYTES: usize = 16 * 1024;
/// The frames: `[length u32 LE][text][CRC-16/MODBUS LE][LF]`, which several rules can cut.
const TEXT: &[u8] = b"temperature=23.5 humidity=48 state=ok sequence=0123456789";
const SCREEN_ROWS: usize = 40;

fn main() {
    let (mib, rounds) = (number(0, 512), number(1, 5));
    let folder = tempfile::tempdir().expect("a folder");
    let small = recorded(folder.path(), 8 << 20);
    let large = recorded(folder.path(), mib << 20);
    println!("{mib} MiB in records of {RECORD_BYTES} bytes, {rounds} rounds, median (spread)");

    for (name, framing, filter) in [
        ("frames by a 4-byte length", "py-struct-i", ""),
        ("frames by lines", "line", ""),
        ("length and CRC-16/MODBUS", "py-struct-i+CRC-16/MODBUS:to=-3,at=-3", ""),
        ("filter: text", "record", "text='state=bad'"),
        ("filter: direction, length", "record", "dir=received,len=1..1048576"),
    ] {
        let [plain, indexed] = alternate(
            rounds,
            [&mut || seconds(|| plain_read(&large)), &mut || seconds(|| index(&large, framing, filter))],
        );
        println!("{name}: {indexed} | plain read of the same file {plain} | ratio {:.2}", indexed.ratio_to(&plain));
    }
    for (name, reader) in [("8 MiB", &small), ("all", &large)] {
        screens(name, reader, rounds);
    }
}

/// The time until the first screen, and of a screen anywhere once the index is complete.
fn screens(name: &str, reader: &CaptureReader, rounds: u64) {
    let first_screen = || {
        let mut indexer = Indexer::new(reader.clone(), rule("py-struct-i", "")).expect("an indexer");
        let index = indexer.index().clone();
        indexer.run(&mut |_, _| index.items().end < SCREEN_ROWS as u64).expect("indexed");
        let mut view = view(reader);
        view.set_index(Some(index));
        assert!(!view.rows(view.start(), SCREEN_ROWS).is_empty());
    };
    let [first] = alternate(rounds, [&mut || seconds(first_screen)]);
    let mut indexer = Indexer::new(reader.clone(), rule("py-struct-i", "")).expect("an indexer");
    indexer.run(&mut |_, _| true).expect("indexed");
    let mut shown = view(reader);
    shown.set_index(Some(indexer.index().clone()));
    let mut worst = Duration::ZERO;
    let mut hundred_jumps = || {
        for step in 0..100_u32 {
            let began = Instant::now();
            let place = shown.at(f64::from(step * 37 % 100) / 100.0);
            assert_eq!(shown.rows(place, SCREEN_ROWS).len(), SCREEN_ROWS);
            let tail = shown.tail(SCREEN_ROWS);
            std::hint::black_box(shown.fraction(tail));
            worst = worst.max(began.elapsed());
        }
    };
    let [jumps] = alternate(rounds, [&mut || seconds(&mut hundred_jumps)]);
    let each = Duration::from_secs_f64(jumps.median() / 100.0);
    println!("{name}: first screen {first}; a jump and a screen {each:?}, worst {worst:?}");
}

fn view(reader: &CaptureReader) -> View {
    let config = ViewConfig { mode: ViewMode::Dump, encoding: Encoding::UTF_8, bytes_per_row: 16, text_cells: 80 };
    View::new(reader.clone(), config, 0)
}

fn rule(framing: &str, filter: &str) -> ItemRule {
    ItemRule {
        framing: framing.parse().expect("a rule"),
        filter: Filter::parse(filter, Encoding::UTF_8).expect("a filter"),
    }
}

fn index(reader: &CaptureReader, framing: &str, filter: &str) {
    let mut indexer = Indexer::new(reader.clone(), rule(framing, filter)).expect("an indexer");
    indexer.run(&mut |_, _| true).expect("indexed");
    assert!(indexer.next_record() >= reader.records().end);
}

/// A capture of about this many bytes.
fn recorded(folder: &Path, bytes: u64) -> CaptureReader {
    let endpoint = "tcp://127.0.0.1:8080".parse().expect("an endpoint");
    let options = CaptureOptions { limit_bytes: bytes * 2 + (64 << 20), ..CaptureOptions::default() };
    let mut writer = CaptureWriter::create(folder, &endpoint, options).expect("a capture");
    let mut message = (TEXT.len() as u32 + 3).to_le_bytes().to_vec();
    message.extend_from_slice(TEXT);
    message.extend_from_slice(&crc_16_modbus(&message).to_le_bytes());
    message.push(b'\n');
    let stream = message.repeat(RECORD_BYTES * 64 / message.len() + 2);
    let mut at = 0;
    let mut written = 0;
    while written < bytes {
        let payload = &stream[at..at + RECORD_BYTES];
        writer.append(&NewRecord::data(Direction::Received, PeerId(1), Payload::Bytes(payload))).expect("appended");
        written += RECORD_BYTES as u64;
        at = (at + RECORD_BYTES) % message.len();
    }
    writer.flush().expect("flushed");
    writer.reader()
}

/// Bit by bit, so that the baseline is not the code being measured.
fn crc_16_modbus(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 })
    })
}

/// Reads the data files in blocks of 1 MiB and examines each byte once.
fn plain_read(reader: &CaptureReader) {
    let mut block = vec![0; 1 << 20];
    let mut newlines = 0;
    let mut files: Vec<_> = std::fs::read_dir(reader.folder()).expect("a folder").flatten().map(|e| e.path()).collect();
    files.sort();
    for path in files.iter().filter(|path| path.metadata().is_ok_and(|data| data.len() > 1 << 18)) {
        let mut file = File::open(path).expect("a file");
        loop {
            match file.read(&mut block).expect("read") {
                0 => break,
                count => newlines += memchr::memchr_iter(b'\n', &block[..count]).count(),
            }
        }
    }
    std::hint::black_box(newlines);
}

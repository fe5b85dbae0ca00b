//! Readers of every kind, working on the records that the size limit evicts.

use crate::child;
use crate::support::*;
use std::collections::HashMap;
use std::net::UdpSocket;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use wirebench::capture::search::{Scope, Search, bytes_of};
use wirebench::capture::{
    CaptureOptions, CaptureReader, ExportFormat, ExportStyle, PeerFilter, ReadError, Selection, export,
};
use wirebench::codec::{Encoding, Pattern, PatternSource};
use wirebench::engine::Command;
use wirebench::lines::{RowKind, View, ViewConfig, ViewMode};
use wirebench::model::{Direction, PeerId, SessionState};

/// Size of each datagram, and their count: about forty times what the limit keeps.
const LEN: usize = 1000;
const COUNT: u32 = 40_000;
const MARK: &[u8] = b"\x00mark\xFFhere";

/// Datagram `n`: its number, the mark, pseudo-random bytes.
fn datagram(n: u32) -> Vec<u8> {
    let mut bytes = [&n.to_le_bytes()[..], MARK].concat();
    let mut state = u64::from(n).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    while bytes.len() < LEN {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.push(state as u8 | 0x80);
    }
    bytes
}

/// The number of a datagram, after checking its contents.
fn number_of(bytes: &[u8]) -> u32 {
    let n = bytes.first_chunk().map(|n| u32::from_le_bytes(*n)).expect("a number");
    assert!(bytes == datagram(n), "datagram {n} differs from what was sent");
    n
}

/// Reads record by record, repeatedly from the oldest one.
fn read_records(reader: &CaptureReader, done: &AtomicBool) -> u64 {
    let (mut read, mut records, mut bytes) = (0, Vec::new(), Vec::new());
    while !done.load(Ordering::SeqCst) {
        records.clear();
        match reader.records_in(reader.records(), &mut records) {
            Ok(()) | Err(ReadError::Evicted(_)) => {}
            Err(error) => panic!("{error}"),
        }
        for record in records.iter().filter(|record| record.direction.is_some()) {
            bytes.clear();
            match reader.payload(record, 0..record.len, &mut bytes) {
                Ok(()) => {
                    number_of(&bytes);
                    read += 1;
                }
                Err(ReadError::Evicted(number)) => {
                    assert!(number < reader.records().start, "record {number} still exists");
                    break;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
    read
}

/// Exports all records repeatedly.
fn export_all(reader: &CaptureReader, done: &AtomicBool) -> u64 {
    let sentence = |_: &_, _: Option<&_>, _: Option<_>| String::new();
    let style =
        ExportStyle { encoding: Encoding::UTF_8, sentence: &sentence, unreadable: &ToString::to_string, remark: "" };
    let mut exported = 0;
    while !done.load(Ordering::SeqCst) {
        let peer = Some(PeerFilter::Id(PeerId(1)));
        let selection = Selection { peer, direction: Some(Direction::Received), ..Selection::all(reader) };
        let asked = selection.records.end - selection.records.start;
        let mut out = Vec::new();
        let saved = export(reader, ExportFormat::Raw, &selection, &style, &mut out, &mut |_, _| true);
        let saved = saved.expect("evicted records are left out and counted");
        assert_eq!((saved.bytes, saved.unreadable), (out.len() as u64, 0));
        assert!(saved.records + saved.evicted <= asked, "{saved:?} of {asked}");
        let numbers: Vec<u32> = out.chunks(LEN).map(number_of).collect();
        assert!(numbers.is_sorted() && numbers.len() as u64 == saved.records, "{saved:?}");
        exported += saved.records;
    }
    exported
}

/// Searches for the mark that every datagram contains.
fn search(reader: &CaptureReader, done: &AtomicBool) -> u64 {
    let hex: String = MARK.iter().map(|byte| format!("{byte:02X}")).collect();
    let pattern = Pattern::new(&PatternSource::Hex(hex)).expect("a pattern");
    let mut search = Search::new(reader.clone(), pattern, Scope::default());
    let mut hits = Vec::new();
    let mut right = 0;
    while !done.load(Ordering::SeqCst) {
        search.run(&mut |_, _| true, &mut |hit| hits.push(hit));
        for hit in hits.drain(..) {
            assert_eq!((hit.offset, hit.len as usize, hit.end_record), (4, MARK.len(), hit.record));
            match bytes_of(reader, &hit, 100) {
                Ok(bytes) => assert_eq!(bytes, MARK),
                Err(ReadError::Evicted(_)) => {}
                Err(error) => panic!("{error}"),
            }
            right += 1;
        }
    }
    assert_eq!(search.unreadable(), 0);
    right
}

/// Pages through the oldest rows, which are being evicted, and the newest ones.
fn page(reader: &CaptureReader, mode: ViewMode, done: &AtomicBool) -> u64 {
    let config = ViewConfig { mode, encoding: Encoding::UTF_8, bytes_per_row: 256, text_cells: 80 };
    let mut view = View::new(reader.clone(), config, 0);
    let mut rows_seen = 0;
    while !done.load(Ordering::SeqCst) {
        for place in [view.start(), view.tail(40), view.at(0.3)] {
            // For each record, the bytes shown by its rows, contiguous from its start.
            let mut shown: HashMap<u64, Vec<u8>> = HashMap::new();
            for row in view.rows(place, 40) {
                rows_seen += 1;
                match row.kind {
                    RowKind::Data { offset: 0, bytes, .. } => {
                        shown.insert(row.origin, bytes);
                    }
                    RowKind::Data { offset, bytes, .. } => {
                        if let Some(before) = shown.get_mut(&row.origin) {
                            assert_eq!(before.len(), offset as usize, "record {}", row.origin);
                            before.extend_from_slice(&bytes);
                        }
                    }
                    RowKind::Unavailable { why, .. } => {
                        assert!(matches!(why, wirebench::capture::ReadError::Evicted(_)), "{why}");
                    }
                    RowKind::Evicted { records, .. } => assert!(records > 0),
                    _ => {}
                }
            }
            for (record, bytes) in shown {
                // A text row ends at a line end, which may be part of the number.
                let Some(n) = bytes.first_chunk().map(|n| u32::from_le_bytes(*n)) else { continue };
                assert!(datagram(n).starts_with(&bytes), "record {record} shows another datagram than {n}");
            }
        }
    }
    rows_seen
}

#[test]
#[ignore = "counts the descriptors of the whole process"]
fn child_that_reads_what_goes() {
    let mut session = Session::with(CaptureOptions { limit_bytes: 1 << 20, ..CaptureOptions::default() }, 8 << 20);
    session.command(Command::Open(udp("127.0.0.1:0")));
    session.wait_state("bound", SessionState::is_open);
    let (local, reader, done) = (session.local(), session.reader(), AtomicBool::new(false));
    let amounts = std::thread::scope(|scope| {
        let done = &done;
        let work = [
            scope.spawn(|| read_records(&session.reader(), done)),
            scope.spawn(|| export_all(&session.reader(), done)),
            scope.spawn(|| search(&session.reader(), done)),
            scope.spawn(|| page(&session.reader(), ViewMode::Hex, done)),
            scope.spawn(|| page(&session.reader(), ViewMode::Text, done)),
        ];
        let _stop = Stop(done); // also if this thread panics
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let seen_by = |until: Instant, count: u32| {
            loop {
                let counters = session.counters();
                if counters.received_records + counters.kernel_dropped_records.unwrap_or(0) >= u64::from(count) {
                    break;
                }
                assert!(Instant::now() < until, "{counters:?}");
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        for n in 0..COUNT {
            // Never more in flight than the system buffers, so that most of them are received and evicted.
            if n % 500 == 0 {
                seen_by(Instant::now() + DEADLINE, n.saturating_sub(2000));
            }
            socket.send_to(&datagram(n), local).expect("sent");
        }
        seen_by(Instant::now() + DEADLINE, COUNT);
        done.store(true, Ordering::SeqCst);
        work.map(|work| work.join().expect("no panic"))
    });
    eprintln!("read, exported, found, rows in hex, rows in text: {amounts:?}");
    assert!(amounts.iter().all(|amount| *amount > 0), "{amounts:?}");
    let counters = session.counters();
    assert!(counters.evicted_records > u64::from(COUNT) / 4, "{counters:?}");
    assert_eq!(counters.received_records, counters.stored_records);
    drop(reader);
    // The session continues, and no deleted file is kept open.
    let left = child::deleted_files();
    assert!(left.is_empty(), "{left:?}");
    assert!(session.handle().state().is_open());
    UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(b"goes on", local)).expect("sent");
    session.wait_story("received 2 goes on");
}

/// Sets the flag when dropped.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn readers_of_evicted_records_get_correct_bytes_or_an_error() {
    child::alone("eviction::child_that_reads_what_goes");
}

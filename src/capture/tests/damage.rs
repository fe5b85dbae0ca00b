//! Files damaged by a broken disk or crafted by an attacker: they cause an error or fewer records, never a panic, and never an
//! allocation of a size they claim.

use super::super::format::{self, Entry, SegmentHeader};
use super::*;
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;

/// One kind of damage to one file of a capture.
#[derive(Clone, Debug)]
enum Harm {
    Flip { at: u32, bit: u8 },
    Overwrite { at: u32, bytes: Vec<u8> },
    Truncate { to: u32 },
    Extend { bytes: Vec<u8> },
    Zero { at: u32, len: u8 },
    Delete,
    Duplicate { name: &'static str },
}

fn harm() -> impl Strategy<Value = (usize, Harm)> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..100);
    let harm = prop_oneof![
        4 => (any::<u32>(), 0..8_u8).prop_map(|(at, bit)| Harm::Flip { at, bit }),
        2 => (any::<u32>(), bytes()).prop_map(|(at, bytes)| Harm::Overwrite { at, bytes }),
        2 => any::<u32>().prop_map(|to| Harm::Truncate { to }),
        1 => bytes().prop_map(|bytes| Harm::Extend { bytes }),
        1 => (any::<u32>(), any::<u8>()).prop_map(|(at, len)| Harm::Zero { at, len }),
        1 => Just(Harm::Delete),
        1 => prop_oneof![
            Just("00000009.index"), Just("00000000.index"), Just("99999999999999999999.index"), Just("meta.json"),
            Just("00000002.data"), Just("4611686018427387904.index"), Just("peers"),
        ]
        .prop_map(|name| Harm::Duplicate { name }),
    ];
    (any::<usize>(), harm)
}

fn apply(folder: &Path, which: usize, harm: &Harm) {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    files.sort();
    let path = &files[which % files.len()];
    let mut content = fs::read(path).expect("read");
    let len = content.len();
    let place = |at: u32| if len == 0 { 0 } else { at as usize % len };
    match harm {
        Harm::Flip { at, bit } if len > 0 => content[place(*at)] ^= 1 << bit,
        Harm::Overwrite { at, bytes } => {
            content.iter_mut().skip(place(*at)).zip(bytes).for_each(|(to, from)| *to = *from);
        }
        Harm::Truncate { to } => content.truncate(place(*to)),
        Harm::Extend { bytes } => content.extend(bytes),
        Harm::Zero { at, len } => content.iter_mut().skip(place(*at)).take(usize::from(*len)).for_each(|to| *to = 0),
        Harm::Delete => return fs::remove_file(path).expect("removed"),
        Harm::Duplicate { name } => return fs::write(folder.join(name), content).expect("written"),
        Harm::Flip { .. } => {}
    }
    fs::write(path, content).expect("written");
}

/// A capture of four segments with every kind of record.
fn sample() -> Bench {
    let mut bench = Bench::new();
    bench.writer.add_peer("192.0.2.1:5".parse().expect("an address")).expect("a peer");
    let payload: Arc<[u8]> = pattern(9, 50).into();
    let path = bench.dir.path().join("sent.bin");
    fs::write(&path, pattern(8, 100)).expect("written");
    let (size, modified_ns) = file_stamp(&fs::metadata(&path).expect("metadata"));
    let mut json = Vec::new();
    for round in 0..4 {
        for number in 0..5 {
            let number = bench.receive(1, &pattern(number, 60));
            bench.writer.append(&shared(1, &payload)).expect("appended");
            bench.writer.append(&same_as(1, number)).expect("appended");
        }
        let file = Payload::File { path: &path, offset: 10, len: 50, size, modified_ns, hash: 0 };
        bench.writer.append(&NewRecord::data(Direction::Sent, PeerId(1), file)).expect("appended");
        let note = SessionNote::KernelDropped { records: round, buffer_bytes: 0 };
        bench.writer.append(&NewRecord::note(PeerId::NONE, &note, &mut json)).expect("appended");
        bench.flush();
        bench.clock.moved.set_wall(2_000_000_000);
        bench.writer.tick().expect("ticked");
    }
    bench.flush();
    bench
}

fn copy_of(folder: &Path) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let target = dir.path().join("20260101-000000-000000");
    fs::create_dir(&target).expect("made");
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), target.join(entry.file_name())).expect("copied");
    }
    dir
}

/// Calls everything that reads.
fn read_all(reader: &CaptureReader) {
    let records = reader.records();
    let numbers: Vec<u64> = (records.start.saturating_sub(2)..records.end.saturating_add(2)).take(500).collect();
    for number in numbers {
        let Ok(record) = reader.record(number) else { continue };
        assert_eq!(record.number, number);
        let mut bytes = Vec::new();
        if reader.payload(&record, 0..u32::MAX, &mut bytes).is_ok() {
            assert_eq!(bytes.len(), record.len as usize);
        }
        assert!(bytes.capacity() <= 1 << 20, "{} bytes for a small capture", bytes.capacity());
        reader.note(&record).ok(); // any result is fine
        let known = reader.peer_address(record.peer).is_some();
        assert!(!known || record.peer != PeerId::NONE);
        let mut more = Vec::new();
        reader.records_in(number..u64::MAX, &mut more).ok();
        assert!(more.len() <= 500);
    }
    assert!(reader.evicted().1 <= records.start);
    reader.refresh().ok();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_damage_is_an_error_or_fewer_records(
        closed in any::<bool>(),
        harms in proptest::collection::vec(harm(), 1..6),
    ) {
        // Shared by all cases: creating them takes longer than damaging them.
        static SAMPLES: std::sync::OnceLock<(TempDir, TempDir)> = std::sync::OnceLock::new();
        let (open_copy, closed_copy) = SAMPLES.get_or_init(|| {
            let bench = sample();
            let open = copy_of(&bench.folder());
            let folder = bench.folder();
            bench.writer.close();
            (open, copy_of(&folder))
        });
        let source = if closed { closed_copy } else { open_copy };
        let dir = copy_of(&source.path().join("20260101-000000-000000"));
        let folder = dir.path().join("20260101-000000-000000");
        for (which, harm) in &harms {
            if fs::read_dir(&folder).expect("a folder").count() > 0 {
                apply(&folder, *which, harm);
            }
        }
        for _ in 0..2 {
            if let Ok(reader) = CaptureReader::open(&folder) {
                read_all(&reader);
            }
            let catalog = Catalog::new(dir.path().to_owned());
            catalog.list().expect("the folder is readable");
        }
    }
}

/// Rewrites the first segment's index with these entries and valid checksums.
fn forge(folder: &Path, header: SegmentHeader, entries: &[Entry]) {
    let mut bytes = header.encode().to_vec();
    for (entry, number) in entries.iter().zip(header.first_record..) {
        bytes.extend_from_slice(&entry.encode(number));
    }
    fs::write(format::index_path(folder, header.segment), bytes).expect("written");
}

#[test]
fn forged_lengths_and_offsets_cost_no_memory() {
    let huge = Entry { kind: 1, direction: 1, len: u32::MAX, stored: u32::MAX, ..Entry::default() };
    let cases = [
        huge,
        Entry { data_offset: u64::MAX, ..huge },
        Entry { data_offset: u64::MAX - 10, len: 100, stored: 100, ..huge },
        Entry { flags: format::FLAG_FROM_FILE, ..huge },
        Entry { flags: format::FLAG_FROM_FILE, stored: 30_000, ..huge },
        Entry { flags: format::FLAG_GONE, stored: 8, data_offset: u64::MAX, ..huge },
        Entry { flags: format::FLAG_GONE, stored: 1, len: 1, ..huge },
        Entry { flags: u16::MAX, ..huge },
        Entry { kind: 2, direction: 0, ..huge },
        Entry { distance: 77, len: 0, stored: 0, mono_ns: u64::MAX, stream_offset: u64::MAX, ..huge },
    ];
    let bench = sample();
    for case in cases {
        let dir = copy_of(&bench.folder());
        let folder = dir.path().join("20260101-000000-000000");
        let header = SegmentHeader {
            version: format::Version::Two,
            segment: 1,
            first_record: 0,
            anchor_unix_ns: i64::MAX,
            payload_bytes_before: u64::MAX,
            cuts: 0,
            cuts_missing: false,
        };
        forge(&folder, header, &[case; 3]);
        for number in 2..9 {
            fs::remove_file(format::index_path(&folder, number)).ok(); // there are four or five
        }
        let reader = CaptureReader::open(&folder).expect("opened");
        read_all(&reader);
        Catalog::new(dir.path().to_owned()).list().expect("listed");
    }
}

#[test]
fn a_pipe_among_the_files_does_not_hang_the_reader() {
    #[cfg(target_os = "linux")]
    {
        let bench = sample();
        let dir = copy_of(&bench.folder());
        let folder = dir.path().join("20260101-000000-000000");
        for name in ["00000002.index", "00000003.data", "peers", "lock", "meta.json"] {
            let path = folder.join(name);
            fs::remove_file(&path).expect("removed");
            rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, 0o600.into(), 0).expect("made");
            // Any result is fine, as long as the call returns.
            if let Ok(reader) = CaptureReader::open(&folder) {
                read_all(&reader);
            }
        }
    }
}

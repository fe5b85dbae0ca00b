//! The baseline: a plain program that knows the layout of the files and reads the same bytes at the same offsets.

use crate::clock::Clock;
use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

/// Length of an index file's header and of an entry, and offsets of the payload's position and length in an entry.
const HEADER: u64 = 64;
const ENTRY: usize = 64;
/// Bytes of a row of cut characters, between the header and the entries.
const ROW: u64 = 32;

struct Segment {
    first: u64,
    /// Offset of the entries in the index file.
    entries: u64,
    index: File,
    data: File,
}

pub struct Plain {
    segments: Vec<Segment>,
}

impl Plain {
    pub fn open(folder: &Path) -> Self {
        let files = std::fs::read_dir(folder).expect("a folder").flatten().map(|file| file.path());
        let mut paths: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "index")).collect();
        paths.sort();
        let segments = paths.iter().map(|path| {
            let index = File::open(path).expect("an index file");
            let data = File::open(path.with_extension("data")).expect("a data file");
            let mut header = [0; HEADER as usize];
            read(&index, 0, &mut header);
            // Data that is not on disk yet would stay in the page cache.
            index.sync_all().and_then(|()| data.sync_all()).expect("synced");
            let rows = u32::from_le_bytes(header[48..52].try_into().expect("four bytes"));
            Segment { first: u64_at(&header, 24), entries: HEADER + u64::from(rows) * ROW, index, data }
        });
        Self { segments: segments.collect() }
    }

    /// Evicts the capture from the page cache.
    pub fn forget(&self) {
        for Segment { index, data, .. } in &self.segments {
            for file in [index, data] {
                #[cfg(target_os = "linux")]
                rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed).expect("forgotten");
                #[cfg(not(target_os = "linux"))]
                let _: &File = file;
            }
        }
    }

    /// Reads the entries of these records at once, and each payload.
    pub fn read(&self, records: Range<u64>, cold: bool) -> Duration {
        let began = if cold { Clock::wall() } else { Clock::work() };
        let mut entries = Vec::new();
        let mut payload = Vec::new();
        for (place, Segment { first, entries: start, index, data }) in self.segments.iter().enumerate() {
            let end = self.segments.get(place + 1).map_or(u64::MAX, |next| next.first);
            let here = records.start.max(*first)..records.end.min(end);
            if here.is_empty() {
                continue;
            }
            entries.resize((here.end - here.start) as usize * ENTRY, 0);
            read(index, start + (here.start - first) * ENTRY as u64, &mut entries);
            for entry in entries.chunks_exact(ENTRY) {
                let len = u32::from_le_bytes(entry[LEN..LEN + 4].try_into().expect("four bytes"));
                payload.resize(len as usize, 0);
                read(data, u64_at(entry, 8), &mut payload);
            }
        }
        std::hint::black_box(&payload);
        began.elapsed()
    }
}

/// Offset of the payload's length in an entry.
const LEN: usize = 32;

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

#[cfg(unix)]
fn read(file: &File, offset: u64, bytes: &mut [u8]) {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset).expect("read");
}

#[cfg(not(unix))]
fn read(mut file: &File, offset: u64, bytes: &mut [u8]) {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset)).and_then(|_| file.read_exact(bytes)).expect("read");
}

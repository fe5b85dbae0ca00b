//! Tests of the capture.

use super::disk::{Clock, Disk};
use super::faults::Plan;
use super::*;
use crate::model::{Direction, Endpoint, PeerId};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

mod basics;
mod catalog;
mod characters;
mod clock;
mod cuts;
mod damage;
mod faults;
mod format;
mod holding;
mod kill;
mod limit;
mod names;
mod reopen;
mod searching;
mod sharing;
mod timeline;

/// A writer in a temporary folder.
struct Bench {
    writer: CaptureWriter,
    disk: Disk,
    clock: Clock,
    dir: TempDir,
}

fn endpoint() -> Endpoint {
    "tcp://127.0.0.1:8080".parse().expect("an endpoint")
}

impl Bench {
    fn new() -> Self {
        Self::with(CaptureOptions::default())
    }

    fn with_limit(limit_bytes: u64) -> Self {
        Self::with(CaptureOptions { limit_bytes, ..CaptureOptions::default() })
    }

    fn with(options: CaptureOptions) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (disk, clock) = (Disk::default(), Clock::start());
        let captures = dir.path().join("captures");
        let writer = CaptureWriter::create_with(&captures, &endpoint(), options, disk.clone(), clock.clone());
        Self { writer: writer.expect("a capture"), disk, clock, dir }
    }

    fn captures(&self) -> std::path::PathBuf {
        self.dir.path().join("captures")
    }

    fn folder(&self) -> std::path::PathBuf {
        self.captures().join(self.writer.id())
    }

    fn receive(&mut self, peer: u32, bytes: &[u8]) -> u64 {
        self.writer.append(&received(peer, bytes)).expect("appended")
    }

    /// Appends like a socket read, through the writer's room.
    fn read(&mut self, peer: u32, bytes: &[u8]) -> Result<u64, WriteError> {
        let room = self.writer.room();
        assert!(room.len() >= 256 * 1024, "room for a read: {}", room.len());
        room[..bytes.len()].copy_from_slice(bytes);
        self.writer.append_read(PeerId(peer), bytes.len())
    }

    fn flush(&mut self) {
        self.writer.flush().expect("flushed");
    }

    fn plan(&self, plan: Plan) {
        self.disk.faults.set(plan);
    }
}

fn received(peer: u32, bytes: &[u8]) -> NewRecord<'_> {
    NewRecord::data(Direction::Received, PeerId(peer), Payload::Bytes(bytes))
}

fn shared(peer: u32, bytes: &Arc<[u8]>) -> NewRecord<'_> {
    NewRecord::data(Direction::Sent, PeerId(peer), Payload::Shared { bytes, start: 0, end: bytes.len() })
}

fn same_as(peer: u32, number: u64) -> NewRecord<'static> {
    NewRecord::data(Direction::Sent, PeerId(peer), Payload::SameAs(number))
}

/// The complete payload of a record.
fn bytes_of(reader: &CaptureReader, number: u64) -> Result<Vec<u8>, ReadError> {
    let record = reader.record(number)?;
    let mut bytes = Vec::new();
    reader.payload(&record, 0..u32::MAX, &mut bytes)?;
    Ok(bytes)
}

/// A pseudo-random payload, different for each seed and without repetitions.
fn pattern(seed: u64, len: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    (0..len)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
        .collect()
}

fn disk_len(folder: &Path, suffix: &str) -> u64 {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let wanted = files.filter(|entry| entry.file_name().to_string_lossy().ends_with(suffix));
    wanted.map(|entry| entry.metadata().expect("metadata").len()).sum()
}

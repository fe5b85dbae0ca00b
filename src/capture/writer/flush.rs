//! Writes to disk in a safe order: data, then index, then the record count that readers see.

use super::super::disk::Part;
use super::super::format::{self, HEADER_LEN, SegmentHeader};
use super::{BLOCK_BYTES, CaptureWriter, RETRY_DELAY, WriteError, create, is_full, write_error};
use std::fs::File;
use std::io;
use std::mem;
use std::sync::Arc;

impl CaptureWriter {
    /// Writes everything pending and then `direct`, the payload of the last entry, which is copied only if it cannot be written.
    /// Accounts for every byte that reached the files, so that the next call continues there.
    pub(super) fn write_pending(&mut self, direct: &[u8]) -> Result<(), WriteError> {
        self.write(self.pending.data.len(), direct)
    }

    /// Writes the pending data up to the last block boundary, if it reaches one. Writing complete, aligned blocks costs a fifth less
    /// (docs/PERFORMANCE.md).
    pub(super) fn write_blocks(&mut self) -> Result<(), WriteError> {
        match self.pending.whole_blocks(BLOCK_BYTES) {
            0 => Ok(()),
            len => self.write(len, &[]),
        }
    }

    /// Writes the first `len` bytes of the pending data and, if that is all of it, `direct`.
    fn write(&mut self, len: usize, direct: &[u8]) -> Result<(), WriteError> {
        let result = self.try_write(len, direct);
        if result.is_err() {
            self.retry_at = Some(self.clock.now() + RETRY_DELAY);
        } else if !self.roll_due {
            self.retry_at = None;
        }
        result
    }

    fn try_write(&mut self, len: usize, direct: &[u8]) -> Result<(), WriteError> {
        if let Err(error) = self.make_room(self.pending.len() + direct.len()) {
            self.pending.data.extend(direct);
            return Err(error);
        }
        let segment = Arc::clone(&self.current);
        let number = segment.header.segment;

        let (data, base) = (mem::take(&mut self.pending.data), self.pending.data_base);
        let (written, mut failure) = self.put(Part::Data, &segment.data, &data[..len], base);
        let mut beside = 0;
        if failure.is_none() {
            (beside, failure) = self.put(Part::Data, &segment.data, direct, base + written as u64);
        }
        self.pending.data = data;
        self.pending.data_written(written, direct, beside);
        self.disk_bytes += (written + beside) as u64;
        let data_failure = failure.map(|error| write_error(&format::data_path(&self.folder, number), &error));

        // After a failure, only entries whose payload was written are written.
        let ready = self.pending.ready_len();
        let index = mem::take(&mut self.pending.index);
        let (written, failure) = self.put(Part::Index, &segment.index, &index[..ready], self.pending.index_base);
        self.pending.index = index;
        let complete = self.pending.index_written(written, self.clock.now());
        self.disk_bytes += complete * format::ENTRY_LEN as u64;
        segment.publish(segment.count() + complete);
        self.store.publish(segment.end());
        let index_failure = failure.map(|error| write_error(&format::index_path(&self.folder, number), &error));
        data_failure.or(index_failure).map_or(Ok(()), Err)
    }

    /// Writes all of `bytes`, evicting segments if the disk is full. Returns the count of bytes written.
    pub(super) fn put(&mut self, part: Part, file: &File, bytes: &[u8], offset: u64) -> (usize, Option<io::Error>) {
        let mut done = 0;
        loop {
            let (count, failure) = self.disk.write_all_at(part, file, &bytes[done..], offset + done as u64);
            done += count;
            match failure {
                Some(error) if is_full(&error) && self.evict_oldest() => {}
                failure => return (done, failure),
            }
        }
    }

    /// Starts the next segment, with this wall time at monotonic time 0.
    pub(super) fn roll(&mut self, anchor_unix_ns: i64) -> Result<(), WriteError> {
        if !self.pending.is_empty() {
            self.write_pending(&[])?;
        }
        self.roll_due = true;
        let made = self.make_room(HEADER_LEN).and_then(|()| self.next_segment(anchor_unix_ns));
        self.roll_due = made.is_err();
        self.retry_at = made.is_err().then(|| self.clock.now() + RETRY_DELAY);
        made
    }

    fn next_segment(&mut self, anchor_unix_ns: i64) -> Result<(), WriteError> {
        let (cuts, cuts_missing) = self.cut_rows();
        let header = SegmentHeader {
            version: format::Version::Two,
            segment: self.current.header.segment + 1,
            first_record: self.next_record,
            anchor_unix_ns,
            payload_bytes_before: self.payload_bytes,
            cuts: cuts.len() as u32, // at most ROWS_MAX
            cuts_missing,
        };
        let segment = loop {
            match create::new_segment(&self.disk, &self.folder, header, &cuts) {
                Ok(segment) => break Arc::new(segment),
                Err(error) if is_full(&error) && self.evict_oldest() => {}
                Err(error) => return Err(write_error(&format::index_path(&self.folder, header.segment), &error)),
            }
        };
        self.sealed.push_back(self.pending.segment_bytes());
        self.disk_bytes += header.entries_at();
        self.store.update(|segments| segments.push(Arc::clone(&segment)));
        self.current = segment;
        self.anchor_unix_ns = anchor_unix_ns;
        self.pending.restart(self.next_record, header.entries_at());
        self.shared.clear();
        Ok(())
    }
}

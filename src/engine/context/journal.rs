//! The worker's view of the capture: it appends records, keeps the counters, and handles a full disk.

use crate::capture::{
    CaptureOptions, CaptureWriter, Caught, LocalId, Marks, NameId, NewRecord, Payload, RecordKind, SessionNote,
    WriteError,
};
use crate::engine::context::tries::Tries;
use crate::engine::shared::Shared;
use crate::model::{CounterValues, Direction, Endpoint, ErrorKind, NetError, PeerId};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// The disk refuses to write.
#[derive(Debug)]
struct Stall {
    error: NetError,
    since: Instant,
    /// The front end has received the error.
    reported: bool,
    /// (bytes, records) that were pending when a run ended. They count as dropped until they are written.
    written_off: (u64, u64),
}

/// Appends records and counts them.
#[derive(Default)]
pub(in crate::engine) struct Journal {
    writer: Option<CaptureWriter>,
    counters: CounterValues,
    /// (bytes, records) that the capture had evicted when the counters were reset.
    evicted_before: (u64, u64),
    /// (bytes, records) evicted by earlier captures of this session.
    evicted_earlier: (u64, u64),
    /// See [`CaptureOptions::kept_file_bytes`].
    pub(in crate::engine) kept_file_bytes: u64,
    /// The failed attempts of a client.
    pub(in crate::engine) tries: Tries,
    /// Records were appended that no `More` event has announced.
    unannounced: bool,
    stall: Option<Stall>,
}

impl Journal {
    /// Makes the capture. `caught` is called when readers that it waited for have gone on; with `holds` the front end is one from the
    /// first record on.
    ///
    /// # Errors
    /// Its folder cannot be made or written.
    pub(in crate::engine) fn create(
        &mut self,
        captures_dir: &Path,
        endpoint: &Endpoint,
        options: CaptureOptions,
        (caught, holds): (Caught, bool),
        shared: &Shared,
    ) -> Result<(), NetError> {
        self.kept_file_bytes = options.kept_file_bytes;
        let writer = CaptureWriter::create(captures_dir, endpoint, options)?;
        writer.set_caught(caught);
        if holds {
            shared.set_hold(writer.reader().hold(0));
        }
        shared.set_capture(writer.reader());
        self.writer = Some(writer);
        Ok(())
    }

    /// Begins a run. A capture whose folder was deleted is abandoned together with its pending records, so that the run
    /// creates a new one; a disk that is still full is reported again.
    pub(in crate::engine) fn begin_run(&mut self) {
        if let Some(stall) = &mut self.stall {
            stall.reported = false;
        }
        if self.writer.as_ref().is_some_and(|writer| !writer.reader().folder().exists()) {
            tracing::warn!("the capture is gone; another one is made");
            self.close();
            self.evicted_earlier = (self.counters.evicted_bytes, self.counters.evicted_records);
            self.evicted_before = (0, 0);
            self.stall = None;
        }
    }

    pub(in crate::engine) fn exists(&self) -> bool {
        self.writer.is_some()
    }

    /// False while the journal is stalled: nothing is read, sent or accepted until the disk has room, or until the readers that block
    /// eviction have advanced.
    pub(in crate::engine) fn takes_traffic(&self) -> bool {
        self.stall.is_none() && !self.writer.as_ref().is_some_and(CaptureWriter::waits_for_readers)
    }

    /// The disk refuses to write.
    pub(in crate::engine) fn is_stalled(&self) -> bool {
        self.stall.is_some()
    }

    /// Set by readers of the capture that have advanced.
    pub(in crate::engine) fn may_go_on(&self) -> bool {
        self.writer.as_ref().is_some_and(CaptureWriter::may_go_on)
    }

    /// True once after the readers that blocked eviction have advanced far enough.
    pub(in crate::engine) fn goes_on(&mut self) -> bool {
        self.may_go_on() && self.writer.as_mut().is_some_and(CaptureWriter::goes_on)
    }

    fn stalled_by(&mut self, error: WriteError) {
        let (WriteError::DiskFull(error) | WriteError::Failed(error)) = error;
        if self.stall.is_none() {
            tracing::warn!(%error, "the capture cannot be written; reading stops");
            self.stall = Some(Stall { error, since: Instant::now(), reported: false, written_off: (0, 0) });
        }
    }

    /// Appends a record and returns its number; `None`: the capture refused it.
    fn append(&mut self, record: &NewRecord<'_>) -> Option<u64> {
        self.appended(|writer| writer.append(record))
    }

    fn appended(&mut self, append: impl FnOnce(&mut CaptureWriter) -> Result<u64, WriteError>) -> Option<u64> {
        let writer = self.writer.as_mut()?;
        self.unannounced = true;
        match append(writer) {
            Ok(number) => Some(number),
            Err(WriteError::Failed(error)) if error.kind == ErrorKind::Invalid => {
                tracing::error!(%error, "the capture refused a record");
                None
            }
            Err(error) => {
                // The record is pending nevertheless.
                let number = writer.stats().records.saturating_sub(1);
                self.stalled_by(error);
                Some(number)
            }
        }
    }

    /// Numbers a new peer and records that it joined.
    pub(in crate::engine) fn add_peer(&mut self, address: SocketAddr, marks: Marks) -> Option<PeerId> {
        let peer = self.number_peer(address)?;
        self.append(&NewRecord::bare(RecordKind::PeerJoined, peer).marked(marks));
        Some(peer)
    }

    /// Numbers the server that a client connected to. Its `Connected` note takes the place of a join record.
    pub(in crate::engine) fn number_peer(&mut self, address: SocketAddr) -> Option<PeerId> {
        match self.writer.as_mut()?.add_peer(address) {
            Ok(peer) => Some(peer),
            Err(error) => {
                self.stalled_by(error);
                None
            }
        }
    }

    /// The number of one of our own addresses; unknown where the disk refuses it.
    pub(in crate::engine) fn local(&mut self, address: SocketAddr) -> LocalId {
        self.local_on(address, 0)
    }

    /// The same of a datagram that arrived on this interface.
    pub(in crate::engine) fn local_on(&mut self, address: SocketAddr, interface: u32) -> LocalId {
        match self.writer.as_mut().map(|writer| writer.local(address, interface)) {
            Some(Ok(local)) => local,
            Some(Err(error)) => {
                self.stalled_by(error);
                LocalId::UNKNOWN
            }
            None => LocalId::UNKNOWN,
        }
    }

    /// The number of a name in the capture; none without a capture.
    pub(in crate::engine) fn name(&mut self, name: &Arc<str>) -> NameId {
        self.writer.as_mut().map_or(NameId::NONE, |writer| writer.name(name))
    }

    /// Frees what the capture holds in memory for a peer.
    pub(in crate::engine) fn forget_peer(&mut self, peer: PeerId) {
        if let Some(writer) = &mut self.writer {
            writer.forget_peer(peer);
        }
    }

    /// Records the bytes of one read or datagram and returns the record's number.
    pub(in crate::engine) fn received(&mut self, peer: PeerId, bytes: &[u8], marks: Marks) -> Option<u64> {
        self.count_received(bytes.len());
        let number = self.append(&NewRecord::data(Direction::Received, peer, Payload::Bytes(bytes)).marked(marks));
        if number.is_none() {
            drop_stored(&mut self.counters, bytes.len() as u64, 1);
        }
        number
    }

    /// Reads straight into the capture: what `read` writes into the buffer becomes a record. Returns the byte count of `read`.
    ///
    /// # Errors
    /// The errors of `read`, or there is no capture.
    pub(in crate::engine) fn read(
        &mut self,
        peer: PeerId,
        read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let writer = self.writer.as_mut().ok_or_else(|| io::Error::other("there is no capture"))?;
        let count = read(writer.room())?;
        if count > 0 {
            self.count_received(count);
            if self.appended(|writer| writer.append_read(peer, count)).is_none() {
                drop_stored(&mut self.counters, count as u64, 1);
            }
        }
        Ok(count)
    }

    /// Counts a read as dropped because the disk has no room for it. An empty read counts nothing.
    pub(in crate::engine) fn dropped(&mut self, bytes: usize) {
        if bytes > 0 {
            self.dropped_datagram(bytes);
        }
    }

    /// Counts a datagram as dropped because the disk has no room for it.
    pub(in crate::engine) fn dropped_datagram(&mut self, bytes: usize) {
        self.count_received(bytes);
        drop_stored(&mut self.counters, bytes as u64, 1);
    }

    fn count_received(&mut self, bytes: usize) {
        self.counters.received_bytes += bytes as u64;
        self.counters.received_records += 1;
        self.counters.stored_bytes += bytes as u64;
        self.counters.stored_records += 1;
    }

    /// Records `len` bytes that one write or datagram has sent.
    pub(in crate::engine) fn sent(&mut self, peer: PeerId, payload: Payload<'_>, len: usize, marks: Marks) {
        self.counters.sent_bytes += len as u64;
        self.counters.sent_records += 1;
        self.append(&NewRecord::data(Direction::Sent, peer, payload).marked(marks));
    }

    /// The record can still be referenced: it has not been evicted. (The oldest records are evicted first.)
    pub(in crate::engine) fn keeps(&self, record: u64) -> bool {
        self.writer.as_ref().is_some_and(|writer| writer.stats().evicted_records <= record)
    }

    /// Appends a record without a note.
    pub(in crate::engine) fn mark(&mut self, kind: RecordKind, peer: PeerId) {
        self.append(&NewRecord::bare(kind, peer));
    }

    /// Appends a record with a note about one of the two connections of a forward.
    pub(in crate::engine) fn note_of_pair(&mut self, peer: PeerId, note: &SessionNote, pair: u32) {
        let mut json = Vec::new();
        self.append(&NewRecord::note(peer, note, &mut json).marked(Marks { pair, ..Marks::default() }));
    }

    /// Appends a record with a note.
    pub(in crate::engine) fn note(&mut self, peer: PeerId, note: &SessionNote) {
        let mut json = Vec::new();
        let marks = self.tries.marks(peer, note);
        self.append(&NewRecord::note(peer, note, &mut json).marked(marks));
    }

    /// Writes and publishes what is pending; false: the disk refused part of it.
    pub(in crate::engine) fn flush(&mut self) -> bool {
        if self.stall.is_some() {
            return false;
        }
        match self.writer.as_mut().map_or(Ok(()), CaptureWriter::flush) {
            Ok(()) => true,
            Err(error) => {
                self.stalled_by(error);
                false
            }
        }
    }

    /// The latest time by which pending records must be written.
    pub(in crate::engine) fn flush_deadline(&self) -> Option<Instant> {
        if self.stall.is_some() { None } else { self.writer.as_ref().and_then(CaptureWriter::flush_deadline) }
    }

    /// Once a second.
    pub(in crate::engine) fn tick(&mut self) {
        if self.stall.is_none()
            && let Some(writer) = &mut self.writer
            && let Err(error) = writer.tick()
        {
            self.stalled_by(error);
        }
    }

    /// True once after records were published that no `More` event has announced.
    pub(in crate::engine) fn take_published(&mut self) -> bool {
        let published = self.unannounced && self.writer.as_ref().is_none_or(|writer| writer.flush_deadline().is_none());
        self.unannounced &= !published;
        published
    }

    /// The error of a stall that has not been reported to the front end.
    pub(in crate::engine) fn take_new_stall(&mut self) -> Option<NetError> {
        let stall = self.stall.as_mut().filter(|stall| !stall.reported)?;
        stall.reported = true;
        Some(stall.error.clone())
    }

    /// Tries the disk again; true once it has taken the pending records.
    pub(in crate::engine) fn retry(&mut self) -> bool {
        self.resumed().is_some()
    }

    fn resumed(&mut self) -> Option<()> {
        let writer = self.writer.as_mut()?;
        self.stall.as_ref()?;
        if writer.flush().is_err() {
            return None;
        }
        let stall = self.stall.take()?;
        let (bytes, records) = stall.written_off;
        // A reset of the counters in between has already removed them.
        let (bytes, records) = (bytes.min(self.counters.dropped_bytes), records.min(self.counters.dropped_records));
        self.counters.dropped_bytes -= bytes;
        self.counters.dropped_records -= records;
        self.counters.stored_bytes += bytes;
        self.counters.stored_records += records;
        self.unannounced = true;
        let after_ms = u64::try_from(stall.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.note(PeerId::NONE, &SessionNote::Resumed { after_ms });
        Some(())
    }

    /// Ends a run: what the disk still refuses counts as dropped.
    pub(in crate::engine) fn end_run(&mut self) {
        if let Some(stall) = &mut self.stall
            && let Some(writer) = &self.writer
        {
            let stats = writer.stats();
            let bytes = stats.pending_received_bytes.saturating_sub(stall.written_off.0);
            let records = stats.pending_received_records.saturating_sub(stall.written_off.1);
            stall.written_off.0 += bytes;
            stall.written_off.1 += records;
            drop_stored(&mut self.counters, bytes, records);
        }
    }

    /// Ends the session: closes the capture and returns the final counters.
    pub(in crate::engine) fn close(&mut self) {
        let Some(writer) = self.writer.take() else { return };
        let before = self.stall.as_ref().map_or((0, 0), |stall| stall.written_off);
        (self.counters.evicted_bytes, self.counters.evicted_records) = self.evicted(&writer);
        let rest = writer.close();
        let bytes = rest.pending_received_bytes.saturating_sub(before.0);
        let records = rest.pending_received_records.saturating_sub(before.1);
        drop_stored(&mut self.counters, bytes, records);
        if rest.pending_received_bytes > 0 {
            tracing::warn!(bytes = rest.pending_received_bytes, "the disk took not everything that was received");
        }
    }

    /// The counters kept by the journal; the others are zero.
    pub(in crate::engine) fn counters(&self) -> CounterValues {
        let mut counters = self.counters;
        if let Some(writer) = &self.writer {
            (counters.evicted_bytes, counters.evicted_records) = self.evicted(writer);
        }
        counters
    }

    /// (bytes, records) since the last reset of the counters.
    fn evicted(&self, writer: &CaptureWriter) -> (u64, u64) {
        let stats = writer.stats();
        let since = |now: u64, before: u64, earlier: u64| now.saturating_sub(before) + earlier;
        (
            since(stats.evicted_bytes, self.evicted_before.0, self.evicted_earlier.0),
            since(stats.evicted_records, self.evicted_before.1, self.evicted_earlier.1),
        )
    }

    /// Resets all counters to zero.
    pub(in crate::engine) fn reset_counters(&mut self) {
        self.counters = CounterValues::default();
        self.evicted_earlier = (0, 0);
        if let Some(writer) = &self.writer {
            let stats = writer.stats();
            self.evicted_before = (stats.evicted_bytes, stats.evicted_records);
        }
    }
}

/// Moves counts from stored to dropped, at most what is stored.
fn drop_stored(counters: &mut CounterValues, bytes: u64, records: u64) {
    let (bytes, records) = (bytes.min(counters.stored_bytes), records.min(counters.stored_records));
    counters.stored_bytes -= bytes;
    counters.stored_records -= records;
    counters.dropped_bytes += bytes;
    counters.dropped_records += records;
}

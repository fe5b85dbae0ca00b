//! Scans the records once and fills an [`ItemIndex`].

use super::ItemRule;
use super::entry::{Checked, ItemEntry, ItemKind};
use super::filter::{Candidate, Sieve};
use super::framed::FramedStreams;
use super::index::{ItemCounts, ItemIndex};
use crate::capture::batches::{Batch, next_batch};
use crate::capture::search::Pass;
use crate::capture::{CaptureReader, Record, RecordKind};
use crate::codec::framing::Boundary;
use crate::codec::{FramingRule, PatternError};
use std::io;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Interval for publishing results and checking for cancellation.
const PUBLISH_EVERY: Duration = Duration::from_millis(20);
/// Payload per read, in bytes.
const BYTES_A_READ: usize = 1 << 20;
/// Count of items gathered before they are written.
const ITEMS_A_WRITE: usize = 4096;
/// Maximum delay between the arrival of a record and its publication.
const QUIET_SLACK: Duration = Duration::from_millis(100);

/// See the module documentation.
pub struct Indexer {
    reader: CaptureReader,
    rule: FramingRule,
    cuts: bool,
    sieve: Sieve,
    streams: FramedStreams,
    index: ItemIndex,
    next: u64,
    counts: ItemCounts,
    unwritten: Vec<ItemEntry>,
    newest: Option<Record>,
    /// Reused between reads to avoid allocation.
    bytes: Vec<u8>,
    /// Why the index could not be written; returned by the next publication.
    failure: Option<io::Error>,
}

impl Indexer {
    /// Starts at the oldest record.
    ///
    /// # Errors
    /// The pattern of the filter is invalid.
    pub fn new(reader: CaptureReader, rule: ItemRule) -> Result<Self, PatternError> {
        let cuts = rule.cuts();
        let index = ItemIndex::new(reader.clone(), rule.clone());
        let ItemRule { framing, filter } = rule;
        Ok(Self {
            sieve: Sieve::new(filter)?,
            streams: FramedStreams::new(framing.clone(), reader.clone()),
            index,
            next: reader.records().start,
            rule: framing,
            cuts,
            reader,
            counts: ItemCounts::default(),
            unwritten: Vec::new(),
            newest: None,
            bytes: Vec::new(),
            failure: None,
        })
    }

    /// The index that it fills.
    #[must_use]
    pub fn index(&self) -> &ItemIndex {
        &self.index
    }

    /// The first record that was not scanned yet.
    #[must_use]
    pub fn next_record(&self) -> u64 {
        self.next
    }

    /// Scans all records that are new. `go_on` gets the count of scanned records and the total, and returns whether to continue;
    /// after each call the new items can be read from the index.
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn run(&mut self, go_on: &mut dyn FnMut(u64, u64) -> bool) -> io::Result<Pass> {
        let mut records = Vec::new();
        loop {
            let there = self.reader.records();
            self.next = self.next.max(there.start);
            self.publish()?;
            if !go_on(self.next - there.start, there.end - there.start) {
                return Ok(Pass::Stopped);
            }
            if self.next >= there.end {
                self.end_quiet();
                self.publish()?;
                return Ok(Pass::CaughtUp);
            }
            match next_batch(&self.reader, &(self.next..there.end), &mut records) {
                Batch::Read => {}
                Batch::Evicted => continue,
                Batch::Unreadable { behind } => {
                    // Its row shows the error; records that are missing together have one row.
                    let broken = ItemEntry::of_record(self.next, 0);
                    self.write(&broken);
                    self.next = behind;
                    continue;
                }
            }
            if !self.batch(&records, go_on)? {
                return Ok(Pass::Stopped);
            }
        }
    }

    /// Ends all streams at the last scanned record; unfinished frames become incomplete items.
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        let last = self.next.saturating_sub(1);
        self.cut(|streams, sink| streams.end_all(last, sink));
        self.publish()
    }

    /// Time until the next running gap has elapsed.
    #[must_use]
    pub fn next_quiet(&self) -> Option<Duration> {
        let due = Duration::from_nanos(self.streams.next_gap()?).saturating_add(QUIET_SLACK);
        Some(due.saturating_sub(Duration::from_nanos(self.now_ns()?)))
    }

    /// The current time on the capture's monotonic clock, derived from the newest record.
    fn now_ns(&self) -> Option<u64> {
        let newest = self.newest?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let since = i64::try_from(now).ok()?.saturating_sub(newest.unix_ns);
        Some(newest.mono_ns.saturating_add(u64::try_from(since).unwrap_or(0)))
    }

    /// Completes frames whose gap has elapsed without new data.
    fn end_quiet(&mut self) {
        let slack = u64::try_from(QUIET_SLACK.as_nanos()).unwrap_or(0);
        if let (Some(now), Some(newest)) = (self.now_ns(), self.newest) {
            self.cut(|streams, sink| streams.pass_time(now.saturating_sub(slack), newest.number, sink));
        }
    }

    /// Scans a batch of records. Returns false if stopped.
    fn batch(&mut self, records: &[Record], go_on: &mut dyn FnMut(u64, u64) -> bool) -> io::Result<bool> {
        let mut published = Instant::now();
        let reads = self.cuts || self.sieve.needs_bytes();
        let mut rest = records;
        while let Some(first) = rest.first() {
            let mut bytes = std::mem::take(&mut self.bytes);
            // Only data is worth a large read; notes are stored separately.
            let run = if reads { self.reader.payload_run(rest, BYTES_A_READ, &mut bytes).ok() } else { None };
            let taken = match run {
                Some((count, base)) if count > 0 => {
                    for record in &rest[..count] {
                        let start = record.data_offset.saturating_sub(base) as usize;
                        self.record(record, bytes.get(start..start.saturating_add(record.len as usize)));
                    }
                    count
                }
                _ => {
                    self.record(first, None);
                    1
                }
            };
            self.bytes = bytes;
            self.next = rest[taken - 1].number + 1;
            rest = &rest[taken..];
            if self.unwritten.len() >= ITEMS_A_WRITE {
                self.flush();
            }
            if published.elapsed() >= PUBLISH_EVERY {
                published = Instant::now();
                self.publish()?;
                let there = self.reader.records();
                if !go_on(self.next.saturating_sub(there.start), there.end - there.start) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Processes one record; `bytes` is its payload if already read.
    fn record(&mut self, record: &Record, bytes: Option<&[u8]>) {
        self.newest = Some(*record);
        if self.streams.next_gap().is_some_and(|due| due <= record.mono_ns) {
            self.cut(|streams, sink| streams.pass_time(record.mono_ns, record.number, sink));
        }
        match record.kind {
            RecordKind::Data => return self.data(record, bytes),
            RecordKind::Opened => {
                // A new run: the earlier streams have ended.
                self.cut(|streams, sink| streams.end_all(record.number, sink));
            }
            RecordKind::PeerLeft => self.cut(|streams, sink| streams.end_peer(record.peer, record.number, sink)),
            RecordKind::Closed => self.cut(|streams, sink| streams.end_all(record.number, sink)),
            RecordKind::HalfClosed => {
                self.cut(|streams, sink| streams.end_stream((record.peer, false), record.number, sink));
            }
            _ => {}
        }
        self.whole(record, None);
    }

    fn data(&mut self, record: &Record, bytes: Option<&[u8]>) {
        if !self.cuts || (record.len == 0 && record.is_message()) {
            self.whole(record, bytes);
        } else if self.rule.boundary == Boundary::Record || record.is_message() {
            match bytes {
                Some(bytes) => self.cut_alone(record, bytes),
                None => {
                    let mut all = Vec::new();
                    match self.reader.payload(record, 0..record.len, &mut all) {
                        Ok(()) => self.cut_alone(record, &all),
                        Err(_) => self.whole(record, None),
                    }
                }
            }
        } else {
            match bytes {
                Some(bytes) => self.cut(|streams, sink| streams.feed(record, 0, bytes, sink)),
                None => self.feed_in_parts(record),
            }
        }
    }

    fn cut_alone(&mut self, record: &Record, bytes: &[u8]) {
        self.cut(|streams, sink| streams.datagram(record, bytes, sink));
    }

    /// Feeds a record that is large or whose payload is stored elsewhere.
    fn feed_in_parts(&mut self, record: &Record) {
        let mut part = Vec::new();
        let mut from = 0;
        while from < record.len {
            let to = record.len.min(from.saturating_add(BYTES_A_READ as u32));
            part.clear();
            if self.reader.payload(record, from..to, &mut part).is_err() {
                // After unreadable bytes the stream is restarted.
                let key = super::Cutter::key_of(record);
                self.cut(|streams, sink| streams.end_stream(key, record.number, sink));
                return self.whole(record, None);
            }
            self.cut(|streams, sink| streams.feed(record, from, &part, sink));
            from = to;
        }
    }

    /// Runs `work` and filters the items that it cuts.
    fn cut(&mut self, work: impl FnOnce(&mut FramedStreams, super::framed::OnCut<'_>)) {
        let Self { streams, sieve, reader, counts, unwritten, .. } = self;
        work(streams, &mut |item, first, bytes| {
            counts.add(&item);
            let candidate = Candidate { record: first, kind: item.kind, checked: item.checked, len: item.len.into() };
            if sieve.lets(reader, &candidate) && (!sieve.needs_bytes() || sieve.lets_found(sieve.finds(bytes))) {
                unwritten.push(item);
            }
        });
    }

    /// Adds an unmodified record.
    fn whole(&mut self, record: &Record, bytes: Option<&[u8]>) {
        let item = ItemEntry::of_record(record.number, if record.direction.is_some() { record.len } else { 0 });
        self.counts.frames += u64::from(!self.cuts && record.kind == RecordKind::Data);
        let (kind, checked) = (ItemKind::Record, Checked::Not);
        let candidate = Candidate { record, kind, checked, len: record.len.into() };
        if !self.sieve.lets(&self.reader, &candidate) {
            return;
        }
        if !self.sieve.needs_bytes() {
            return self.write(&item);
        }
        let found = match bytes {
            Some(bytes) => self.sieve.finds_in_record(&self.reader, record, bytes, record.is_message()),
            None => self.finds_in_parts(record),
        };
        if self.sieve.lets_found(found) {
            self.write(&item);
        }
    }

    /// Searches a record that is not read yet, part by part.
    fn finds_in_parts(&mut self, record: &Record) -> bool {
        let mut scan = self.sieve.scan(&self.reader, record, record.is_message());
        let mut part = Vec::new();
        let mut from = 0;
        while from < record.len {
            let to = record.len.min(from.saturating_add(BYTES_A_READ as u32));
            part.clear();
            if self.reader.payload(record, from..to, &mut part).is_err() {
                return false;
            }
            if self.sieve.finds_next(&mut scan, &part) {
                return true;
            }
            from = to;
        }
        self.sieve.finds_at_end(&scan)
    }

    fn write(&mut self, item: &ItemEntry) {
        self.unwritten.push(*item);
    }

    fn flush(&mut self) {
        if self.failure.is_none() && !self.unwritten.is_empty() {
            self.failure = self.index.append(&self.unwritten).err();
        }
        self.unwritten.clear();
    }

    /// Makes the results visible to readers.
    fn publish(&mut self) -> io::Result<()> {
        self.flush();
        self.counts.given_up_bytes = self.streams.given_up();
        let mut open = Vec::new();
        for (item, first) in self.streams.open(self.next) {
            let candidate = Candidate { record: &first, kind: item.kind, checked: item.checked, len: item.len.into() };
            // An open item is shown only if its final bytes do not matter.
            if !self.sieve.needs_bytes() && self.sieve.lets(&self.reader, &candidate) {
                open.push(item);
            }
        }
        self.index.publish(open, self.counts, self.next);
        self.failure.take().map_or(Ok(()), Err)
    }
}

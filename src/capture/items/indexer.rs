//! Goes over the records once and fills an [`ItemIndex`].

use super::ItemRule;
use super::entry::{Checked, ItemEntry, ItemKind};
use super::filter::{Candidate, Sieve};
use super::index::{ItemCounts, ItemIndex};
use super::streams::Streams;
use crate::capture::batches::{Batch, next_batch};
use crate::capture::search::Pass;
use crate::capture::{CaptureReader, Record, RecordKind};
use crate::codec::framing::Boundary;
use crate::codec::{FramingRule, PatternError};
use std::io;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What was found is published, and the cancel flag looked at, so often.
const TELL_EVERY: Duration = Duration::from_millis(20);
/// Payload read at once, in bytes.
const BYTES_A_READ: usize = 1 << 20;
/// Items gathered before they are written.
const ITEMS_A_WRITE: usize = 4096;
/// A record is published a little after it came.
const QUIET_SLACK: Duration = Duration::from_millis(100);

/// See the module.
pub struct Indexer {
    reader: CaptureReader,
    rule: FramingRule,
    cuts: bool,
    sieve: Sieve,
    streams: Streams,
    index: ItemIndex,
    next: u64,
    counts: ItemCounts,
    unwritten: Vec<ItemEntry>,
    newest: Option<Record>,
    /// Kept between reads, so that they need not be made anew.
    bytes: Vec<u8>,
    /// Why the index could not be written; told with the next look.
    failure: Option<io::Error>,
}

impl Indexer {
    /// From the oldest record on.
    ///
    /// # Errors
    /// What the filter looks for cannot be looked for.
    pub fn new(reader: CaptureReader, rule: ItemRule) -> Result<Self, PatternError> {
        let cuts = rule.cuts();
        let index = ItemIndex::new(reader.clone(), rule.clone());
        let ItemRule { framing, filter } = rule;
        Ok(Self {
            sieve: Sieve::new(filter)?,
            streams: Streams::new(framing.clone(), reader.clone()),
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

    /// What it fills.
    #[must_use]
    pub fn index(&self) -> &ItemIndex {
        &self.index
    }

    /// The first record that was not looked at yet.
    #[must_use]
    pub fn next_record(&self) -> u64 {
        self.next
    }

    /// Looks at everything recorded so far and not yet looked at. `go_on` gets the records looked at and all records there are,
    /// and answers whether to go on; items can be read from the index after each call.
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
                    // The row says what is wrong with it; records that are missing together have one row.
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

    /// Nothing more is looked at: all streams end with the last record that was, and what is unfinished stays so.
    ///
    /// # Errors
    /// The index cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        let last = self.next.saturating_sub(1);
        self.cut(|streams, sink| streams.end_all(last, sink));
        self.publish()
    }

    /// When a gap that is running will be over, from now.
    #[must_use]
    pub fn next_quiet(&self) -> Option<Duration> {
        let due = Duration::from_nanos(self.streams.next_gap()?).saturating_add(QUIET_SLACK);
        Some(due.saturating_sub(Duration::from_nanos(self.now_ns()?)))
    }

    /// The time of now on the capture's own clock, by the newest record.
    fn now_ns(&self) -> Option<u64> {
        let newest = self.newest?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let since = i64::try_from(now).ok()?.saturating_sub(newest.unix_ns);
        Some(newest.mono_ns.saturating_add(u64::try_from(since).unwrap_or(0)))
    }

    /// Nothing more came: gaps may be over.
    fn end_quiet(&mut self) {
        let slack = u64::try_from(QUIET_SLACK.as_nanos()).unwrap_or(0);
        if let (Some(now), Some(newest)) = (self.now_ns(), self.newest) {
            self.cut(|streams, sink| streams.pass_time(now.saturating_sub(slack), newest.number, sink));
        }
    }

    /// False: stopped.
    fn batch(&mut self, records: &[Record], go_on: &mut dyn FnMut(u64, u64) -> bool) -> io::Result<bool> {
        let mut told = Instant::now();
        let reads = self.cuts || self.sieve.needs_bytes();
        let mut rest = records;
        while let Some(first) = rest.first() {
            let mut bytes = std::mem::take(&mut self.bytes);
            // Events have their own place; only data is worth a large read.
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
            if told.elapsed() >= TELL_EVERY {
                told = Instant::now();
                self.publish()?;
                let there = self.reader.records();
                if !go_on(self.next.saturating_sub(there.start), there.end - there.start) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// One record; `bytes`: its payload where it was read already.
    fn record(&mut self, record: &Record, bytes: Option<&[u8]>) {
        self.newest = Some(*record);
        if self.streams.next_gap().is_some_and(|due| due <= record.mono_ns) {
            self.cut(|streams, sink| streams.pass_time(record.mono_ns, record.number, sink));
        }
        match record.kind {
            RecordKind::Data => return self.data(record, bytes),
            RecordKind::Opened => {
                // A new run: the streams before it are over.
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
        if !self.cuts || (record.len == 0 && record.stands_alone()) {
            self.whole(record, bytes);
        } else if self.rule.boundary == Boundary::Record || record.stands_alone() {
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

    /// A long record, or one whose payload lies elsewhere.
    fn feed_in_parts(&mut self, record: &Record) {
        let mut part = Vec::new();
        let mut from = 0;
        while from < record.len {
            let to = record.len.min(from.saturating_add(BYTES_A_READ as u32));
            part.clear();
            if self.reader.payload(record, from..to, &mut part).is_err() {
                // What comes behind the hole is cut anew.
                let key = super::Cutter::key_of(record);
                self.cut(|streams, sink| streams.end_stream(key, record.number, sink));
                return self.whole(record, None);
            }
            self.cut(|streams, sink| streams.feed(record, from, &part, sink));
            from = to;
        }
    }

    /// Lets `work` cut, and sieves what comes of it.
    fn cut(&mut self, work: impl FnOnce(&mut Streams, super::streams::OnCut<'_>)) {
        let Self { streams, sieve, reader, counts, unwritten, .. } = self;
        work(streams, &mut |item, first, bytes| {
            counts.add(&item);
            let candidate = Candidate { record: first, kind: item.kind, checked: item.checked, len: item.len.into() };
            if sieve.lets(reader, &candidate) && (!sieve.needs_bytes() || sieve.lets_found(sieve.finds(bytes))) {
                unwritten.push(item);
            }
        });
    }

    /// A record as it is.
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
            Some(bytes) => self.sieve.finds_in_record(&self.reader, record, bytes, record.stands_alone()),
            None => self.finds_in_parts(record),
        };
        if self.sieve.lets_found(found) {
            self.write(&item);
        }
    }

    /// Of a record that was not read yet: part by part.
    fn finds_in_parts(&mut self, record: &Record) -> bool {
        let mut scan = self.sieve.scan(&self.reader, record, record.stands_alone());
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

    /// Lets readers see what there is.
    fn publish(&mut self) -> io::Result<()> {
        self.flush();
        self.counts.given_up_bytes = self.streams.given_up();
        let mut open = Vec::new();
        for (item, first) in self.streams.open(self.next) {
            let candidate = Candidate { record: &first, kind: item.kind, checked: item.checked, len: item.len.into() };
            // What it will hold is not known yet.
            if !self.sieve.needs_bytes() && self.sieve.lets(&self.reader, &candidate) {
                open.push(item);
            }
        }
        self.index.publish(open, self.counts, self.next);
        self.failure.take().map_or(Ok(()), Err)
    }
}

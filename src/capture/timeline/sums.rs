//! Sums over time intervals of equal width.

use crate::model::Direction;
use std::ops::Range;

/// Bytes and records in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Payload bytes.
    pub bytes: u64,
    /// Data records.
    pub records: u64,
}

/// Response times: from a record to the next one of the same peer in the opposite direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Count of responses; if 0, the times are meaningless.
    pub count: u64,
    /// Sum of all times, in ns.
    pub sum_ns: u64,
    /// Minimum, in ns.
    pub min_ns: u64,
    /// Maximum, in ns.
    pub max_ns: u64,
}

/// Sums over one time interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Received.
    pub received: Flow,
    /// Sent.
    pub sent: Flow,
    /// Response times of the peers: sent, then received. Counted when the response arrives.
    pub theirs: Answers,
    /// Our response times: received, then sent.
    pub ours: Answers,
}

/// A bounded count of buckets of equal width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Start of the first bucket; `None` until the first record is added.
    start_ns: Option<u64>,
    width_ns: u64,
    most: usize,
    buckets: Vec<Bucket>,
    /// A peer joined, so this end is the server.
    pub(super) has_joined: bool,
    /// Wall time minus monotonic time of the newest record, in ns.
    pub(super) wall_offset_ns: i64,
}

impl Answers {
    /// Mean response time, in ns.
    #[must_use]
    pub fn mean_ns(&self) -> Option<u64> {
        self.sum_ns.checked_div(self.count)
    }

    fn add(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        self.min_ns = if self.count == 0 { other.min_ns } else { self.min_ns.min(other.min_ns) };
        self.max_ns = self.max_ns.max(other.max_ns);
        self.sum_ns = self.sum_ns.saturating_add(other.sum_ns);
        self.count += other.count;
    }
}

impl Bucket {
    fn add(&mut self, other: &Self) {
        for (flow, more) in [(&mut self.received, &other.received), (&mut self.sent, &other.sent)] {
            flow.bytes = flow.bytes.saturating_add(more.bytes);
            flow.records += more.records;
        }
        self.theirs.add(&other.theirs);
        self.ours.add(&other.ours);
    }

    /// The sums of one record of `len` bytes; `took_ns` if it is a response.
    fn of(direction: Direction, len: u32, took_ns: Option<u64>) -> Self {
        let flow = Flow { bytes: len.into(), records: 1 };
        let answers = took_ns.map_or(Answers::default(), |ns| Answers { count: 1, sum_ns: ns, min_ns: ns, max_ns: ns });
        match direction {
            Direction::Received => Self { received: flow, theirs: answers, ..Self::default() },
            Direction::Sent => Self { sent: flow, ours: answers, ..Self::default() },
        }
    }
}

impl Sums {
    /// Starts with the first record added. The buckets widen when there would be more than `most`.
    pub(super) fn growing(most: usize, width_ns: u64) -> Self {
        Self {
            start_ns: None,
            width_ns: width_ns.max(1),
            most: most.max(2),
            buckets: Vec::new(),
            has_joined: false,
            wall_offset_ns: 0,
        }
    }

    /// Covers a range of monotonic times with at most `count` buckets.
    pub(super) fn of_range(range: &Range<u64>, count: usize) -> Self {
        let most = count.max(2);
        let len = range.end.saturating_sub(range.start);
        let width_ns = len.div_ceil(u64::try_from(most).unwrap_or(u64::MAX));
        Self { start_ns: Some(range.start), ..Self::growing(most, width_ns) }
    }

    /// Adds a record. One before the first bucket (after a clock was set back) counts in the first bucket.
    pub(super) fn add(&mut self, mono_ns: u64, direction: Direction, len: u32, took_ns: Option<u64>) {
        let start = *self.start_ns.get_or_insert(mono_ns);
        let since = mono_ns.saturating_sub(start);
        let mut index = self.index(since);
        while index >= self.most {
            self.widen();
            index = self.index(since);
        }
        if index >= self.buckets.len() {
            self.buckets.resize(index + 1, Bucket::default());
        }
        self.buckets[index].add(&Bucket::of(direction, len, took_ns));
    }

    fn index(&self, since_ns: u64) -> usize {
        usize::try_from(since_ns / self.width_ns).unwrap_or(usize::MAX)
    }

    /// Merges the buckets in pairs.
    fn widen(&mut self) {
        for index in 0..self.buckets.len().div_ceil(2) {
            let mut both = self.buckets[2 * index];
            if let Some(second) = self.buckets.get(2 * index + 1) {
                both.add(second);
            }
            self.buckets[index] = both;
        }
        self.buckets.truncate(self.buckets.len().div_ceil(2));
        self.width_ns = self.width_ns.saturating_mul(2);
    }

    /// The buckets up to the last non-empty one, each with its start (monotonic ns).
    pub fn buckets(&self) -> impl Iterator<Item = (u64, &Bucket)> {
        let start = self.start_ns.unwrap_or(0);
        let begins = (0_u64..).map(move |index| start.saturating_add(index.saturating_mul(self.width_ns)));
        begins.zip(&self.buckets)
    }

    /// Width of a bucket, in ns.
    #[must_use]
    pub fn width_ns(&self) -> u64 {
        self.width_ns
    }

    /// From the start of the first to the end of the last bucket, in monotonic ns; `None` if nothing was added.
    #[must_use]
    pub fn span(&self) -> Option<Range<u64>> {
        let (last, _) = self.buckets().last()?;
        Some(self.start_ns?..last.saturating_add(self.width_ns))
    }

    /// The sum of all buckets that overlap a range.
    #[must_use]
    pub fn total(&self, range: &Range<u64>) -> Bucket {
        let mut total = Bucket::default();
        for (_, bucket) in self.touching(range) {
            total.add(bucket);
        }
        total
    }

    /// The buckets that overlap a range.
    pub fn touching<'a>(&'a self, range: &Range<u64>) -> impl Iterator<Item = (u64, &'a Bucket)> + 'a {
        let range = range.clone();
        let width = self.width_ns;
        self.buckets()
            .skip_while(move |(begin, _)| begin.saturating_add(width) <= range.start)
            .take_while(move |(begin, _)| *begin < range.end)
    }

    /// Bytes per second for a bucket with this count of bytes.
    #[must_use]
    pub fn rate(&self, bytes: u64) -> f64 {
        bytes as f64 * 1e9 / self.width_ns as f64
    }

    /// Whether peers have joined: this end is the server, and its response times are the relevant ones.
    #[must_use]
    pub fn has_joined(&self) -> bool {
        self.has_joined
    }

    /// Wall time (ns since 1970 UTC) at a monotonic time according to the clock at the newest record. If the clock was set in
    /// between, earlier times are computed as if it had always been right.
    #[must_use]
    pub fn unix_ns(&self, mono_ns: u64) -> i64 {
        self.wall_offset_ns.saturating_add_unsigned(mono_ns)
    }
}

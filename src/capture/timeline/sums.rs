//! Sums over stretches of time of equal width.

use crate::model::Direction;
use std::ops::Range;

/// Bytes and records one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Payload bytes.
    pub bytes: u64,
    /// Data records.
    pub records: u64,
}

/// How long answers took: the times from a record to the next one of the same peer, where that went the other way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// How many there are; without any the times mean nothing.
    pub count: u64,
    /// All times together, ns.
    pub sum_ns: u64,
    /// The shortest, ns.
    pub min_ns: u64,
    /// The longest, ns.
    pub max_ns: u64,
}

/// What falls into one stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Received.
    pub received: Flow,
    /// Sent.
    pub sent: Flow,
    /// What we waited for: sent, then received. It counts where the answer came.
    pub theirs: Answers,
    /// What others waited for: received, then sent.
    pub ours: Answers,
}

/// Buckets of equal width, at most so many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Where the first bucket begins; `None`: with what is added first.
    start_ns: Option<u64>,
    width_ns: u64,
    most: usize,
    buckets: Vec<Bucket>,
    /// A peer joined: clients came to us.
    pub(super) has_joined: bool,
    /// Wall time less monotonic time of the newest record, ns.
    pub(super) wall_offset_ns: i64,
}

impl Answers {
    /// The mean, ns.
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

    /// One record of `len` bytes that took so long, where it is an answer.
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
    /// From what is added first on; its buckets become wider when there would be more than `most`.
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

    /// Of these monotonic times, in at most `count` buckets.
    pub(super) fn of_range(range: &Range<u64>, count: usize) -> Self {
        let most = count.max(2);
        let len = range.end.saturating_sub(range.start);
        let width_ns = len.div_ceil(u64::try_from(most).unwrap_or(u64::MAX));
        Self { start_ns: Some(range.start), ..Self::growing(most, width_ns) }
    }

    /// Adds a record. One before the first bucket (a clock that went back) counts in it.
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

    /// Two buckets become one.
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

    /// Each bucket up to the last one with something in it, and the monotonic time (ns) when it begins.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, &Bucket)> {
        let start = self.start_ns.unwrap_or(0);
        let begins = (0_u64..).map(move |index| start.saturating_add(index.saturating_mul(self.width_ns)));
        begins.zip(&self.buckets)
    }

    /// Width of a bucket, ns.
    #[must_use]
    pub fn width_ns(&self) -> u64 {
        self.width_ns
    }

    /// From the beginning of the first to the end of the last bucket, monotonic ns; `None`: nothing was added.
    #[must_use]
    pub fn span(&self) -> Option<Range<u64>> {
        let (last, _) = self.buckets().last()?;
        Some(self.start_ns?..last.saturating_add(self.width_ns))
    }

    /// The buckets that touch a range, together.
    #[must_use]
    pub fn total(&self, range: &Range<u64>) -> Bucket {
        let mut total = Bucket::default();
        for (_, bucket) in self.touching(range) {
            total.add(bucket);
        }
        total
    }

    /// Those buckets.
    pub fn touching<'a>(&'a self, range: &Range<u64>) -> impl Iterator<Item = (u64, &'a Bucket)> + 'a {
        let range = range.clone();
        let width = self.width_ns;
        self.buckets()
            .skip_while(move |(begin, _)| begin.saturating_add(width) <= range.start)
            .take_while(move |(begin, _)| *begin < range.end)
    }

    /// Bytes a second in a bucket with so many.
    #[must_use]
    pub fn rate(&self, bytes: u64) -> f64 {
        bytes as f64 * 1e9 / self.width_ns as f64
    }

    /// Peers have joined: clients came to us, and the answers of interest are ours.
    #[must_use]
    pub fn has_joined(&self) -> bool {
        self.has_joined
    }

    /// Wall time (ns since 1970 UTC) at a monotonic time, by the clock as it stood at the newest record: where it was set in
    /// between, earlier times are told as if it had always been right.
    #[must_use]
    pub fn unix_ns(&self, mono_ns: u64) -> i64 {
        self.wall_offset_ns.saturating_add_unsigned(mono_ns)
    }
}

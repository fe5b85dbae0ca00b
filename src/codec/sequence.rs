//! Loss, order and jitter by a sequence number in each message: `4:u32` is four bytes at offset 4, big-endian; `0:u16le` two bytes,
//! little-endian.

use std::fmt;
use std::str::FromStr;

/// Messages that arrive this much late still differ from a restart, so long as the numbers are wide enough.
const LATE_MOST: u64 = 128;
/// A larger step forward, or one of more than half of the numbers, is a restart, not a loss.
const STEP_MOST: u64 = 1 << 16;
/// Share of each new deviation in the jitter (RFC 3550, section 6.4.1).
const JITTER_SHARE: f64 = 1.0 / 16.0;

/// Where a message holds its sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceField {
    /// Offset of its first byte.
    pub offset: usize,
    /// Count of bytes: 1, 2, 4 or 8.
    pub bytes: usize,
    /// The first byte is the lowest one.
    pub little: bool,
}

/// The text is no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not OFFSET:TYPE")]
pub struct SequenceFieldError;

impl SequenceField {
    /// Offsets beyond this are in no datagram.
    const OFFSET_MOST: usize = 65_535;

    /// The number in a message; `None`: the message is too short.
    #[must_use]
    pub fn read(&self, message: &[u8]) -> Option<u64> {
        let field = message.get(self.offset..)?.get(..self.bytes)?;
        let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
        Some(if self.little { field.iter().rev().fold(0, join) } else { field.iter().fold(0, join) })
    }

    /// The highest number.
    fn top(&self) -> u64 {
        u64::MAX >> (64 - 8 * self.bytes.clamp(1, 8))
    }
}

impl fmt::Display for SequenceField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = if self.little && self.bytes > 1 { "le" } else { "" };
        write!(f, "{}:u{}{order}", self.offset, 8 * self.bytes)
    }
}

impl FromStr for SequenceField {
    type Err = SequenceFieldError;

    fn from_str(text: &str) -> Result<Self, SequenceFieldError> {
        let (offset, kind) = text.trim().split_once(':').ok_or(SequenceFieldError)?;
        let is_number = !offset.is_empty() && offset.bytes().all(|byte| byte.is_ascii_digit());
        let offset = offset.parse().ok().filter(|offset| is_number && *offset <= Self::OFFSET_MOST);
        let offset = offset.ok_or(SequenceFieldError)?;
        let (kind, little) = match (kind.strip_suffix("le"), kind.strip_suffix("be")) {
            (Some(kind), _) => (kind, true),
            (_, Some(kind)) => (kind, false),
            _ => (kind, false),
        };
        let bytes = match kind {
            "u8" => 1,
            "u16" => 2,
            "u32" => 4,
            "u64" => 8,
            _ => return Err(SequenceFieldError),
        };
        Ok(Self { offset, bytes, little: little && bytes > 1 })
    }
}

/// What the numbers of one sender show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SequenceCounts {
    /// Messages with a number, repeated ones too.
    pub received: u64,
    /// Numbers that never arrived.
    pub lost: u64,
    /// Messages whose number had arrived before.
    pub duplicated: u64,
    /// Messages that arrived after a higher number.
    pub reordered: u64,
    /// Jumps too far to be a loss: the sender has restarted.
    pub restarted: u64,
    /// Messages too short for the number.
    pub short: u64,
    /// Deviation of the arrivals from an even pace, smoothed as in RFC 3550, in ns. The pace is the mean time per number so far.
    pub jitter_ns: f64,
}

impl SequenceCounts {
    /// The jitter in whole microseconds.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "never negative, and far below the limit"
    )]
    pub fn jitter_us(&self) -> u64 {
        (self.jitter_ns / 1000.0).round() as u64
    }
}

/// Follows the numbers of one sender.
#[derive(Clone, Debug)]
pub struct Sequence {
    field: SequenceField,
    counts: SequenceCounts,
    run: Option<Run>,
}

/// Numbers without a restart.
#[derive(Clone, Debug)]
struct Run {
    highest: u64,
    /// Bit n: `highest` - n has arrived.
    seen: u128,
    /// Steps from the first number to the highest one.
    steps: u64,
    first_at: u64,
    /// Arrival and steps of the last message in order.
    last: (u64, u64),
}

impl Sequence {
    /// Nothing has arrived.
    #[must_use]
    pub fn new(field: SequenceField) -> Self {
        Self { field, counts: SequenceCounts::default(), run: None }
    }

    /// What has been counted.
    #[must_use]
    pub fn counts(&self) -> SequenceCounts {
        self.counts
    }

    /// Takes a message that arrived at `at_ns`.
    pub fn take(&mut self, message: &[u8], at_ns: u64) {
        let Some(number) = self.field.read(message) else {
            self.counts.short += 1;
            return;
        };
        self.counts.received += 1;
        let top = self.field.top();
        let Some(run) = &mut self.run else { return self.begin(number, at_ns) };
        let ahead = number.wrapping_sub(run.highest) & top;
        let behind = run.highest.wrapping_sub(number) & top;
        // Half of the numbers of a byte lie ahead, the others behind.
        let late_most = LATE_MOST.min(top / 4 + 1);
        if ahead == 0 || (behind < late_most && run.seen >> behind & 1 == 1) {
            self.counts.duplicated += 1;
        } else if behind < late_most {
            run.seen |= 1 << behind;
            self.counts.reordered += 1;
            // It was counted as lost, unless it was sent before the first message.
            if behind <= run.steps {
                self.counts.lost -= 1;
            }
        } else if ahead <= STEP_MOST.min(top / 2) {
            self.counts.lost += ahead - 1;
            run.seen = if ahead < 128 { run.seen << ahead | 1 } else { 1 };
            run.highest = number;
            run.steps += ahead;
            let deviation = run.deviation(at_ns);
            self.counts.jitter_ns += (deviation - self.counts.jitter_ns) * JITTER_SHARE;
            run.last = (at_ns, run.steps);
        } else {
            self.counts.restarted += 1;
            self.begin(number, at_ns);
        }
    }

    fn begin(&mut self, number: u64, at_ns: u64) {
        self.run = Some(Run { highest: number, seen: 1, steps: 0, first_at: at_ns, last: (at_ns, 0) });
    }
}

impl Run {
    /// How far the arrival of the highest number is from the pace, in ns.
    #[expect(clippy::cast_precision_loss, reason = "a deviation needs no more than 53 bits")]
    fn deviation(&self, at_ns: u64) -> f64 {
        let pace = at_ns.saturating_sub(self.first_at) as f64 / self.steps.max(1) as f64;
        let (last_at, last_steps) = self.last;
        let expected = pace * (self.steps - last_steps) as f64;
        (at_ns.saturating_sub(last_at) as f64 - expected).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(field: &str, numbers: impl IntoIterator<Item = u64>) -> SequenceCounts {
        let field: SequenceField = field.parse().expect("a field");
        let mut sequence = Sequence::new(field);
        for (at, number) in numbers.into_iter().enumerate() {
            sequence.take(&written(&field, number), at as u64 * 1_000_000);
        }
        sequence.counts()
    }

    fn written(field: &SequenceField, number: u64) -> Vec<u8> {
        let mut message = vec![0xEE; field.offset];
        let mut bytes = number.to_le_bytes()[..field.bytes].to_vec();
        if !field.little {
            bytes.reverse();
        }
        message.extend(bytes);
        message.push(0xEE);
        message
    }

    /// Received, lost, duplicated, reordered, restarted.
    fn figures(counts: &SequenceCounts) -> [u64; 5] {
        [counts.received, counts.lost, counts.duplicated, counts.reordered, counts.restarted]
    }

    #[test]
    fn fields_as_users_write_them() {
        for (text, shown) in [
            ("0:u8", "0:u8"),
            ("4:u32", "4:u32"),
            ("4:u32be", "4:u32"),
            (" 2:u16le ", "2:u16le"),
            ("0:u64le", "0:u64le"),
        ] {
            assert_eq!(text.parse::<SequenceField>().map(|field| field.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for text in ["", "4", "4:", ":u8", "-1:u8", "+1:u8", "4:u24", "4:i32", "65536:u8", "99999999999999999999:u8"] {
            assert_eq!(text.parse::<SequenceField>(), Err(SequenceFieldError), "{text}");
        }
    }

    #[test]
    fn loss_order_and_restarts() {
        for (field, numbers, wanted) in [
            ("0:u16", vec![1, 2, 3], [3, 0, 0, 0, 0]),
            ("0:u16", vec![1, 2, 5], [3, 2, 0, 0, 0]),
            ("0:u16", vec![1, 3, 2, 4], [4, 0, 0, 1, 0]),
            ("0:u16", vec![1, 2, 2, 1, 3], [5, 0, 2, 0, 0]),
            ("0:u16", vec![65_534, 65_535, 0, 2], [4, 1, 0, 0, 0]),
            // The first message was not the first one sent.
            ("0:u16", vec![10, 8, 11], [3, 0, 0, 1, 0]),
            ("0:u16", vec![5000, 5001, 0, 1], [4, 0, 0, 0, 1]),
            ("0:u32", vec![1, 2, 2_000_000, 2_000_001], [4, 0, 0, 0, 1]),
            ("0:u8", vec![250, 0, 255, 1], [4, 4, 0, 1, 0]),
            ("3:u64le", vec![u64::MAX, 1, 0], [3, 0, 0, 1, 0]),
        ] {
            assert_eq!(figures(&counted(field, numbers.clone())), wanted, "{field} {numbers:?}");
        }
    }

    #[test]
    fn what_is_too_short_is_counted_apart() {
        let mut sequence = Sequence::new("2:u16".parse().expect("a field"));
        for message in [&b""[..], b"abc", b"abcd"] {
            sequence.take(message, 0);
        }
        assert_eq!((sequence.counts().short, sequence.counts().received), (2, 1));
    }

    #[test]
    fn an_even_pace_has_no_jitter_also_where_messages_are_lost() {
        let field: SequenceField = "0:u16".parse().expect("a field");
        let mut even = Sequence::new(field);
        let mut uneven = Sequence::new(field);
        for number in (0..1000_u64).filter(|number| number % 7 != 3) {
            even.take(&written(&field, number), number * 20_000_000);
            uneven.take(&written(&field, number), number * 20_000_000 + number % 2 * 4_000_000);
        }
        assert!(even.counts().jitter_ns < 1.0, "{:?}", even.counts());
        let jitter = uneven.counts().jitter_ns;
        assert!((1_000_000.0..4_100_000.0).contains(&jitter), "{jitter}");
    }

    proptest! {
        /// Numbers from `start`: each is lost, sent once or twice, and may be held back behind up to five others.
        #[test]
        fn counts_are_those_of_what_happened(
            start: u64,
            fates in prop::collection::vec((0..10_u8, 0..6_usize), 1..400),
            field in prop::sample::select(vec!["0:u16", "1:u32", "2:u16le", "5:u64"]),
        ) {
            let field: SequenceField = field.parse().expect("a field");
            let top = field.top();
            // Position in the arrivals, then number.
            let mut arrivals: Vec<(usize, usize)> = Vec::new();
            for (number, (fate, held)) in fates.iter().enumerate() {
                // The first and the last one arrive, so that all in between are known to be sent.
                let is_end = number == 0 || number + 1 == fates.len();
                let copies = if is_end { 1 } else { match fate { 0 | 1 => 0, 2 => 2, _ => 1 } };
                for copy in 0..copies {
                    arrivals.push((number + if is_end { 0 } else { held + copy * 3 }, number));
                }
            }
            arrivals.sort_by_key(|(at, _)| *at);
            let mut sequence = Sequence::new(field);
            let (mut seen, mut highest) = (std::collections::BTreeSet::new(), None);
            let (mut duplicated, mut reordered) = (0, 0);
            for (at, number) in &arrivals {
                sequence.take(&written(&field, start.wrapping_add(*number as u64) & top), *at as u64);
                if !seen.insert(*number) {
                    duplicated += 1;
                } else if highest.is_some_and(|highest| highest > *number) {
                    reordered += 1;
                }
                highest = highest.max(Some(*number));
            }
            let all = highest.map_or(0, |highest| highest as u64 + 1);
            let wanted = [arrivals.len() as u64, all - seen.len() as u64, duplicated, reordered, 0];
            prop_assert_eq!(figures(&sequence.counts()), wanted);
        }

        #[test]
        fn any_numbers_are_counted(numbers in prop::collection::vec(any::<u64>(), 0..200), bytes in 0..4_u32) {
            let field = SequenceField { offset: 0, bytes: 1 << bytes, little: false };
            let counts = counted(&field.to_string(), numbers.iter().map(|number| number & field.top()));
            prop_assert_eq!(counts.received, numbers.len() as u64);
            prop_assert!(counts.duplicated + counts.reordered + counts.restarted <= counts.received);
        }
    }
}

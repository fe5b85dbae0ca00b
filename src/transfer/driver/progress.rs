//! The speed of a transfer.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The speed is that of this time.
const WINDOW: Duration = Duration::from_secs(3);
/// Least time between two measurements.
const STEP: Duration = Duration::from_millis(100);

/// Measures bytes a second over the last seconds.
#[derive(Debug)]
pub(super) struct Meter {
    points: VecDeque<(Instant, u64)>,
}

impl Meter {
    pub(super) fn new(now: Instant) -> Self {
        Self { points: VecDeque::from([(now, 0)]) }
    }

    /// Takes a measurement of the bytes so far and returns bytes a second.
    pub(super) fn rate(&mut self, now: Instant, bytes: u64) -> u64 {
        while self.points.len() > 1 && self.points.get(1).is_some_and(|(at, _)| now.duration_since(*at) > WINDOW) {
            self.points.pop_front();
        }
        let (since, before) = self.points.front().copied().unwrap_or((now, bytes));
        if self.points.back().is_none_or(|(at, _)| now.duration_since(*at) >= STEP) {
            self.points.push_back((now, bytes));
        }
        let ms = u64::try_from(now.duration_since(since).as_millis()).unwrap_or(u64::MAX).max(1);
        bytes.saturating_sub(before).saturating_mul(1000) / ms
    }
}

/// The time for the rest at this speed.
pub(super) fn left(rest: u64, rate: u64) -> Option<Duration> {
    let ms = rest.checked_mul(1000)?.checked_div(rate)?;
    Some(Duration::from_millis(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_that_of_the_last_seconds() {
        let start = Instant::now();
        let mut meter = Meter::new(start);
        let at = |ms| start + Duration::from_millis(ms);
        assert_eq!(meter.rate(at(1000), 1000), 1000);
        for second in 2..10 {
            meter.rate(at(second * 1000), 1000);
        }
        assert_eq!(meter.rate(at(10_000), 1000), 0);
        assert_eq!((left(5000, 1000), left(1, 0)), (Some(Duration::from_secs(5)), None));
    }
}

//! Bytes per second, sampled once per second while data is transferred.

use std::time::{Duration, Instant};

/// Number of samples kept: the bars of the status line.
pub const BARS: usize = 20;

const PERIOD: Duration = Duration::from_secs(1);

/// The rates of one session. Samples are differences of counters, so nothing is counted twice or missed while the window is not
/// drawn.
#[derive(Clone, Debug)]
pub struct Rates {
    since: Option<Instant>,
    sent: u64,
    received: u64,
    /// Bytes in each of the last seconds, sent and received, oldest first.
    bars: [(u64, u64); BARS],
}

impl Default for Rates {
    fn default() -> Self {
        Self { since: None, sent: 0, received: 0, bars: [(0, 0); BARS] }
    }
}

impl Rates {
    /// Adds a sample of the counters. Returns the delay until the next call (`None` = no traffic).
    pub fn tick(&mut self, now: Instant, sent: u64, received: u64) -> Option<Duration> {
        let Some(since) = self.since else {
            if sent == self.sent && received == self.received {
                return None;
            }
            // The first bytes after a pause start the measurement, so that the first second is complete.
            self.since = Some(now);
            return Some(PERIOD);
        };
        let elapsed = now.saturating_duration_since(since);
        if elapsed < PERIOD {
            return Some(PERIOD - elapsed);
        }
        let periods = usize::try_from(elapsed.as_secs()).unwrap_or(BARS).max(1);
        let share = u64::try_from(periods).unwrap_or(1);
        // A reset of the counters must not count as negative traffic.
        let moved = (sent.saturating_sub(self.sent) / share, received.saturating_sub(self.received) / share);
        for _ in 0..periods.min(BARS) {
            self.bars.rotate_left(1);
            self.bars[BARS - 1] = moved;
        }
        (self.sent, self.received) = (sent, received);
        if self.bars.iter().all(|bar| *bar == (0, 0)) {
            self.since = None;
            return None;
        }
        self.since = Some(since + PERIOD * u32::try_from(periods).unwrap_or(u32::MAX));
        Some(PERIOD)
    }

    /// Bytes per second, sent and received, in the last complete second.
    pub fn now(&self) -> (u64, u64) {
        self.bars[BARS - 1]
    }

    /// The bars, oldest first.
    pub fn bars(&self) -> &[(u64, u64); BARS] {
        &self.bars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_follow_the_counters_and_return_to_zero() {
        let start = Instant::now();
        let at = |s: u64| start + Duration::from_secs(s);
        let mut rates = Rates::default();
        assert_eq!(rates.tick(at(0), 0, 0), None);
        assert!(rates.tick(at(1), 0, 100).is_some());
        assert!(rates.tick(at(2), 5, 400).is_some());
        assert_eq!(rates.now(), (5, 400));
        let mut seconds = 2;
        while rates.tick(at(seconds), 5, 400).is_some() {
            seconds += 1;
            assert!(seconds < 40, "never at rest");
        }
        assert_eq!(rates.now(), (0, 0));
    }

    #[test]
    fn bytes_are_spread_over_seconds_that_were_not_drawn() {
        let start = Instant::now();
        let mut rates = Rates::default();
        rates.tick(start, 0, 1);
        rates.tick(start + Duration::from_secs(4), 0, 400);
        assert_eq!(rates.now(), (0, 100));
    }

    #[test]
    fn a_reset_of_the_counters_is_no_traffic() {
        let start = Instant::now();
        let mut rates = Rates::default();
        rates.tick(start, 0, 1000);
        rates.tick(start + Duration::from_secs(1), 0, 1000);
        rates.tick(start + Duration::from_secs(2), 0, 0);
        assert_eq!(rates.now(), (0, 0));
    }
}

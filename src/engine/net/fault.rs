//! The gate between the send queue and the channel of a connection. Faults delay or split the bytes here.

use crate::engine::Faults;
use std::time::{Duration, Instant};

/// Number of writes per second under a rate limit.
const STEPS_A_SECOND: u64 = 50;
/// Minimum that a write is charged against a connection's budget for a round, so that many small pieces leave time for other
/// connections.
pub(super) const LEAST_COST: usize = 4 << 10;

/// The gate of one connection.
#[derive(Debug, Default)]
pub(super) struct Gate {
    is_closed: bool,
}

impl Gate {
    /// Whether writes must wait for [`Gate::open`].
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed
    }

    pub(super) fn open(&mut self) {
        self.is_closed = false;
    }

    /// How many of `wanted` bytes can be written now; at least one.
    pub(super) fn lets_through(wanted: usize, faults: &Faults) -> usize {
        let piece = faults.piece_bytes.map_or(usize::MAX, usize::from);
        let step = faults.bytes_per_second.map_or(u64::MAX, |rate| (rate.get() / STEPS_A_SECOND).max(1));
        wanted.min(piece).min(usize::try_from(step).unwrap_or(usize::MAX))
    }

    /// Notes that `count` bytes were written. Under a rate limit, closes the gate and returns the time to open it again.
    pub(super) fn passed(&mut self, count: usize, faults: &Faults, now: Instant) -> Option<Instant> {
        let rate = faults.bytes_per_second?.get();
        self.is_closed = true;
        // At most one second: a step is one byte or a fraction of the bytes of a second.
        let wait = Duration::from_secs_f64(count as f64 / rate as f64);
        now.checked_add(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_holds_for_fast_and_slow_connections() {
        for rate in [1, 7, 50, 51, 9600, 1 << 20, u64::MAX] {
            let faults = Faults { bytes_per_second: Some(rate.try_into().unwrap()), ..Faults::default() };
            let start = Instant::now();
            let (mut gate, mut now, mut sent) = (Gate::default(), start, 0);
            while sent < 3 * rate.min(1 << 21) && now < start + Duration::from_secs(3) {
                let count = Gate::lets_through(usize::MAX >> 1, &faults);
                assert!(count >= 1, "{rate}");
                let opens = gate.passed(count, &faults, now).unwrap();
                assert!(gate.is_closed() && opens <= now + Duration::from_secs(1), "{rate}");
                gate.open();
                (now, sent) = (opens, sent.saturating_add(count as u64));
            }
            let expected = rate as f64 * (now - start).as_secs_f64();
            assert!((sent as f64) < expected * 1.01 + 1.0 && sent as f64 > expected * 0.99 - 1.0, "{rate}: {sent}");
        }
    }

    #[test]
    fn pieces_alone_close_nothing() {
        let faults = Faults { piece_bytes: Some(3.try_into().unwrap()), ..Faults::default() };
        let mut gate = Gate::default();
        assert_eq!([2, 3, 4].map(|wanted| Gate::lets_through(wanted, &faults)), [2, 3, 3]);
        assert_eq!(gate.passed(3, &faults, Instant::now()), None);
        assert!(!gate.is_closed());
    }
}

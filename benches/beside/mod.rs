//! Measures workloads beside a plain baseline. The workloads alternate within one run, after a warm-up round that is not counted.
//! Reports the median, the spread, and the ratio of the medians.
#![allow(dead_code, reason = "each benchmark uses its part")]

use std::fmt;
use std::time::Instant;

/// Durations of a workload's rounds in seconds, sorted.
#[derive(Clone, Debug, Default)]
pub struct Rounds(Vec<f64>);

/// The n-th number among the command line arguments, or a default. Arguments that cargo adds are not numbers.
pub fn number(place: usize, default: u64) -> u64 {
    std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).nth(place).unwrap_or(default)
}

/// Runs the workloads alternately, `rounds` times after a warm-up. Each returns its duration in seconds.
pub fn alternate<const N: usize>(rounds: u64, mut works: [&mut dyn FnMut() -> f64; N]) -> [Rounds; N] {
    let mut taken = std::array::from_fn(|_| Rounds::default());
    for round in 0..=rounds.max(1) {
        for (work, taken) in works.iter_mut().zip(&mut taken) {
            let seconds = work();
            if round > 0 {
                taken.0.push(seconds);
            }
        }
    }
    for rounds in &mut taken {
        rounds.0.sort_by(f64::total_cmp);
    }
    taken
}

/// The duration of a workload in seconds.
pub fn seconds(work: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    work();
    begin.elapsed().as_secs_f64()
}

impl Rounds {
    pub fn median(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    pub fn least(&self) -> f64 {
        self.0[0]
    }

    pub fn most(&self) -> f64 {
        self.0[self.0.len() - 1]
    }

    /// Speed relative to `baseline`: 1 is equal, 0.5 takes twice the time.
    pub fn ratio_to(&self, baseline: &Rounds) -> f64 {
        baseline.median() / self.median()
    }

    /// Median and spread as a rate of `amount` per second.
    pub fn rate(&self, amount: f64, unit: &str) -> String {
        let rate = |seconds: f64| amount / seconds;
        format!("{:9.0} {unit}/s  ({:.0}–{:.0})", rate(self.median()), rate(self.most()), rate(self.least()))
    }
}

impl fmt::Display for Rounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = |seconds: f64| match seconds {
            s if s >= 1.0 => format!("{s:.2} s"),
            s if s >= 1e-3 => format!("{:.2} ms", s * 1e3),
            s => format!("{:.1} µs", s * 1e6),
        };
        write!(f, "{} ({}–{})", unit(self.median()), unit(self.least()), unit(self.most()))
    }
}

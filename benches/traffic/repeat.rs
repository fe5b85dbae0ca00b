//! Precision of the interval of a repeat.

use super::plain::Plain;
use super::program::Program;
use std::fmt;
use std::io::Read;
use std::net::TcpListener;
use std::time::{Duration, Instant};

/// Error of each interval as seen by the receiver.
pub fn repeat(rounds: u64) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let address = listener.local_addr().expect("address").to_string();
    println!("repeat: |interval - asked| at the receiver");
    for every in [1, 10, 100].map(Duration::from_millis) {
        // More rounds for short intervals, so that the 99th percentile is meaningful.
        let times = rounds * (100 / every.as_millis().min(100) as u64).clamp(1, 10);
        let (every_us, count) = (every.as_micros().to_string(), times.to_string());
        {
            let _plain = Plain::start("repeat", &[address.clone(), every_us.clone(), count.clone()]);
            println!("  every {every:?}, plain sleeping loop: {}", errors(&listener, every));
        }
        let every_text = format!("{}ms", every.as_millis());
        let _program = Program::start(&[
            "connect",
            &address,
            "--show",
            "none",
            "--send",
            "tick",
            "--every",
            &every_text,
            "--count",
            &count,
        ]);
        println!("  every {every:?}, connect --every:     {}", errors(&listener, every));
    }
}

/// Errors of the intervals of a run.
#[derive(Clone, Copy)]
pub struct Errors {
    pub p50: Duration,
    pub p99: Duration,
    pub most: Duration,
    pub count: usize,
}

impl Errors {
    /// The median of each figure over several runs.
    pub fn median(runs: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> Duration| {
            let mut all: Vec<Duration> = runs.iter().map(figure).collect();
            all.sort_unstable();
            all[all.len() / 2]
        };
        Self { p50: of(|run| run.p50), p99: of(|run| run.p99), most: of(|run| run.most), count: runs[0].count }
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p50 {:.3?}, p99 {:.3?}, most {:.3?} of {}", self.p50, self.p99, self.most, self.count)
    }
}

/// Accepts a connection and measures its intervals.
pub fn errors(listener: &TcpListener, every: Duration) -> Errors {
    let (mut stream, _) = listener.accept().expect("accept");
    let mut arrivals = Vec::new();
    let mut tick = [0; 4];
    while stream.read_exact(&mut tick).is_ok() {
        arrivals.push(Instant::now());
    }
    let intervals = arrivals.windows(2).map(|pair| pair[1] - pair[0]);
    let mut errors: Vec<Duration> = intervals.map(|interval| interval.abs_diff(every)).collect();
    errors.sort_unstable();
    let at = |part: usize| errors[(errors.len() * part / 100).min(errors.len() - 1)];
    Errors { p50: at(50), p99: at(99), most: at(100), count: errors.len() }
}

//! How often new data is painted, and a trace of frame rate and frame cost for developers and `scripts/bench-window`:
//! `WIREBENCH_LOG=wirebench::pace=trace`.

use crate::jobs::thread::processor_time;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Shortest time from new data to the next frame.
pub(super) const SHORTEST: Duration = Duration::from_millis(33);
/// Longest time from new data to the next frame.
const LONGEST: Duration = Duration::from_millis(100);

/// The time from new data to the next frame. It follows the processor time of a frame, so that without a graphics card the workers
/// and the peers on this machine get half of it.
#[derive(Clone)]
pub(super) struct Rest(Arc<AtomicU64>);

impl Default for Rest {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(SHORTEST.as_nanos() as u64)))
    }
}

impl Rest {
    /// The time to wait.
    pub fn get(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }

    fn follow(&self, cost: Duration) {
        self.0.store((2 * cost).clamp(SHORTEST, LONGEST).as_nanos() as u64, Ordering::Relaxed);
    }
}

/// The last frame.
#[derive(Default)]
pub struct Pace {
    began: Option<Instant>,
    /// Processor time of the thread when it began.
    used: Option<Duration>,
    rest: Rest,
}

impl Pace {
    /// The time from new data to the next frame, for the threads that announce data.
    pub(super) fn rest(&self) -> Rest {
        self.rest.clone()
    }

    /// Called at the start of a frame, with the places that requested it. `work`: duration of the last frame in seconds as measured
    /// by eframe, without waiting for vsync.
    pub fn frame(&mut self, ctx: &egui::Context, work: Option<f32>) {
        let used = processor_time();
        if let (Some(used), Some(before)) = (used, self.used) {
            self.rest.follow(used.saturating_sub(before));
        }
        self.used = used;
        if !tracing::enabled!(target: "wirebench::pace", tracing::Level::TRACE) {
            return;
        }
        let now = Instant::now();
        if let (Some(began), Some(work)) = (self.began.replace(now), work) {
            let gap_us = now.saturating_duration_since(began).as_micros();
            let work_us = (f64::from(work) * 1e6) as u64;
            let causes: Vec<String> = ctx.repaint_causes().iter().map(ToString::to_string).collect();
            let rest_us = self.rest.get().as_micros();
            tracing::trace!(target: "wirebench::pace", gap_us, work_us, rest_us, ?causes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dear_frame_is_followed_by_a_longer_rest() {
        let rest = Rest::default();
        let after = |ms| {
            rest.follow(Duration::from_millis(ms));
            rest.get().as_millis()
        };
        assert_eq!([after(0), after(16), after(25), after(60)], [33, 33, 50, 100]);
    }
}

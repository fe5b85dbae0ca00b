//! How often the window paints and what a frame costs, told to developers and to `scripts/bench-window`:
//! `WIREBENCH_LOG=wirebench::pace=trace`. Without that it costs nothing.

use std::time::Instant;

/// Remembers when the last frame began.
#[derive(Default)]
pub struct Pace {
    began: Option<Instant>,
}

impl Pace {
    /// A frame begins. `work`: the seconds of the last one as far as eframe counts them, without waiting for the screen.
    pub fn frame(&mut self, work: Option<f32>) {
        if !tracing::enabled!(target: "wirebench::pace", tracing::Level::TRACE) {
            return;
        }
        let now = Instant::now();
        if let (Some(began), Some(work)) = (self.began.replace(now), work) {
            let gap_us = now.saturating_duration_since(began).as_micros();
            let work_us = (f64::from(work) * 1e6) as u64;
            tracing::trace!(target: "wirebench::pace", gap_us, work_us);
        }
    }
}

//! Traces frame rate and frame cost for developers and `scripts/bench-window`: `WIREBENCH_LOG=wirebench::pace=trace`. Costs
//! nothing without it.

use std::time::Instant;

/// Start of the last frame.
#[derive(Default)]
pub struct Pace {
    began: Option<Instant>,
}

impl Pace {
    /// Called at the start of a frame, with the places that requested it. `work`: duration of the last frame in seconds as measured
    /// by eframe, without waiting for vsync.
    pub fn frame(&mut self, ctx: &egui::Context, work: Option<f32>) {
        if !tracing::enabled!(target: "wirebench::pace", tracing::Level::TRACE) {
            return;
        }
        let now = Instant::now();
        if let (Some(began), Some(work)) = (self.began.replace(now), work) {
            let gap_us = now.saturating_duration_since(began).as_micros();
            let work_us = (f64::from(work) * 1e6) as u64;
            let causes: Vec<String> = ctx.repaint_causes().iter().map(ToString::to_string).collect();
            tracing::trace!(target: "wirebench::pace", gap_us, work_us, ?causes);
        }
    }
}

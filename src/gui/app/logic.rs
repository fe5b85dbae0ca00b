//! Work before each frame, also while the window is hidden: events, jobs, rates. Nothing is drawn here.

use crate::gui::app::App;
use crate::gui::sentences;
use crate::gui::widgets::Tone;
use crate::jobs::JobPoll;
use crate::settings::Preferences;
use std::time::{Duration, Instant};

/// Maximum time for the events of one frame.
const EVENTS: Duration = Duration::from_millis(10);

impl App {
    /// Processes events and results. Requests another frame only if something changes.
    pub(super) fn before_frame(&mut self, ctx: &egui::Context) {
        self.drain_events(ctx);
        self.open_again();
        self.note_recents();
        self.addresses.poll();
        self.ending.retain_mut(|job| matches!(job.poll(), JobPoll::Running));
        self.poll_captures();
        self.poll_ports();
        self.poll_port_users();
        self.poll_copy(ctx);
        self.poll_files();
        self.poll_talk(ctx);
        self.poll_quick();
        self.poll_runs();
        self.poll_replies();
        self.run_actions();
        self.tick_jobs(ctx);
        self.tick_highlights();
        self.step_demo();
        self.tick_rates(ctx);
        let changed =
            ctx.input(|input| input.events.iter().any(|event| !matches!(event, egui::Event::PointerMoved(_))));
        if !self.fits_screen {
            self.fit_screen(ctx);
        }
        self.remember_zoom(ctx);
        self.remember_window(ctx);
        self.look_after_settings(ctx, changed);
    }

    fn drain_events(&mut self, ctx: &egui::Context) {
        let deadline = Instant::now() + EVENTS;
        let count = self.sessions.len().max(1);
        // Starts with another session in each frame, so that a flood in one does not starve the others.
        self.drain_from = (self.drain_from + 1) % count;
        let ids: Vec<_> = self.sessions.keys().copied().collect();
        let mut more = false;
        for index in 0..ids.len() {
            if let Some(session) = self.sessions.get_mut(&ids[(index + self.drain_from) % count]) {
                more |= session.drain(deadline);
            }
        }
        for tab in &mut self.closed {
            more |= tab.session.drain(deadline);
        }
        if more {
            ctx.request_repaint();
        }
    }

    fn tick_rates(&mut self, ctx: &egui::Context) {
        let now = Instant::now();
        for session in self.sessions.values_mut() {
            let (sent, received) = (session.counters.sent_bytes, session.counters.received_bytes);
            if let Some(again) = session.rates.tick(now, sent, received) {
                ctx.request_repaint_after(again);
            }
        }
    }

    fn tick_jobs(&mut self, ctx: &egui::Context) {
        let (wake, rest) = (self.job_wake(), self.pace.rest().get());
        for session in self.sessions.values_mut() {
            session.tick_repeat(&wake);
            let (sift, find) = (session.tick_sift(&wake), session.tick_find(&wake));
            let again = [sift, find, session.tick_timing(&wake), session.tick_trace(&wake)];
            if let Some(again) = again.into_iter().flatten().min() {
                ctx.request_repaint_after(again);
            }
            if session.tick_advice() {
                // More to look at, which a flood always has.
                ctx.request_repaint_after(rest);
            }
        }
    }

    fn poll_copy(&mut self, ctx: &egui::Context) {
        let Some(job) = &mut self.copying else { return };
        match job.poll() {
            JobPoll::Running => return,
            JobPoll::Done((text, rows, complete)) => {
                ctx.copy_text(text);
                self.toasts.add(ctx, Tone::Good, sentences::copied(rows, complete, self.lang));
            }
            JobPoll::Gone => {}
        }
        self.copying = None;
    }

    /// Shrinks a window that the user has not resized yet, so that it does not touch the edges of a small screen: its title bar
    /// and the system's own bars need space too.
    fn fit_screen(&mut self, ctx: &egui::Context) {
        let zoom = ctx.zoom_factor();
        let viewport = |input: &egui::InputState| (input.viewport().monitor_size, input.viewport().inner_rect);
        let (Some(screen), Some(inner)) = ctx.input(viewport) else { return };
        self.fits_screen = true;
        // Viewport sizes are in zoomed points, for reading and for requests.
        let fitting = fitting(inner.size() * zoom, screen * zoom) / zoom;
        if fitting != inner.size() {
            ctx.send_viewport_cmd(egui::ViewportCommand::InnerSize(fitting));
            ctx.send_viewport_cmd(egui::ViewportCommand::OuterPosition(((screen - fitting) / 2.0).to_pos2()));
        }
    }

    /// Stores the zoom that Ctrl with plus, minus or zero has set, for the settings page and the next start.
    fn remember_zoom(&mut self, ctx: &egui::Context) {
        let (zoom, range) = (ctx.zoom_factor(), Preferences::ZOOM);
        if !range.contains(&zoom) {
            ctx.set_zoom_factor(zoom.clamp(*range.start(), *range.end()));
        } else {
            self.preferences.zoom = zoom;
        }
    }

    fn remember_window(&mut self, ctx: &egui::Context) {
        let (size, maximised) = ctx.input(|input| {
            let viewport = input.viewport();
            (viewport.inner_rect.map(|rect| rect.size()), viewport.maximized.unwrap_or(false))
        });
        if let Some(size) = size
            && !maximised
        {
            // In points of 100 %, because the size is requested before the zoom is set.
            let zoom = ctx.zoom_factor();
            self.preferences.window = Some((size.x * zoom, size.y * zoom, false));
        } else if let Some(window) = &mut self.preferences.window {
            window.2 = maximised;
        }
    }
}

/// Space on the screen outside the window, in points.
const SCREEN_MARGIN: f32 = 80.0;

/// The size reduced to what fits this screen.
fn fitting(size: egui::Vec2, screen: egui::Vec2) -> egui::Vec2 {
    let most = (screen - egui::Vec2::splat(SCREEN_MARGIN)).max(egui::vec2(640.0, 480.0));
    size.min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    #[test]
    fn the_first_window_fits_a_small_screen() {
        let wanted = vec2(1280.0, 800.0);
        assert_eq!(fitting(wanted, vec2(1366.0, 768.0)), vec2(1280.0, 688.0));
        assert_eq!(fitting(wanted, vec2(1280.0, 800.0)), vec2(1200.0, 720.0));
        assert_eq!(fitting(wanted, vec2(1920.0, 1080.0)), wanted);
        assert_eq!(fitting(wanted, vec2(640.0, 400.0)), vec2(640.0, 480.0));
    }
}

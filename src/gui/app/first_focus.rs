//! Shows the focus of a new window without waiting for the system.
//!
//! A new window normally gets the focus, but the window manager reports it only after the first frames: about a tenth of a second
//! later where the CPU paints. Until then the focused field would be shown without its ring.

use egui::{Context, Event, RawInput};
use std::time::{Duration, Instant};

/// A window that has not received the focus by then is shown without it.
const WAIT: Duration = Duration::from_secs(1);

/// Reports the window as focused until the system reports the focus.
pub(in crate::gui) struct FirstFocus {
    /// The end of the wait; `None`: the system has reported the focus, or has not for too long.
    until: Option<Instant>,
}

impl FirstFocus {
    /// For a window that opens now.
    pub fn new() -> Self {
        Self { until: Some(Instant::now() + WAIT) }
    }

    fn apply(&mut self, ctx: &Context, input: &mut RawInput, now: Instant) {
        let Some(until) = self.until else { return };
        if input.focused || now >= until {
            self.until = None;
            return;
        }
        input.focused = true;
        // winit begins with a report that the focus is missing.
        input.events.retain(|event| *event != Event::WindowFocused(false));
        ctx.request_repaint_after(until - now);
    }
}

impl egui::Plugin for FirstFocus {
    fn debug_name(&self) -> &'static str {
        "first focus"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        self.apply(ctx, input, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(first: &mut FirstFocus, focused: bool, now: Instant) -> (bool, usize) {
        let events = vec![Event::WindowFocused(focused)];
        let mut input = RawInput { focused, events, ..RawInput::default() };
        first.apply(&Context::default(), &mut input, now);
        (input.focused, input.events.len())
    }

    #[test]
    fn a_new_window_has_the_focus_until_the_system_reports_it() {
        let now = Instant::now();
        let mut first = FirstFocus { until: Some(now + WAIT) };
        assert_eq!(frame(&mut first, false, now), (true, 0));
        assert_eq!(frame(&mut first, true, now), (true, 1));
        assert_eq!(frame(&mut first, false, now), (false, 1), "a later loss counts");
    }

    #[test]
    fn a_window_that_does_not_get_the_focus_loses_it_after_the_wait() {
        let now = Instant::now();
        let mut first = FirstFocus { until: Some(now + WAIT) };
        assert_eq!(frame(&mut first, false, now), (true, 0));
        assert_eq!(frame(&mut first, false, now + WAIT), (false, 1));
        assert_eq!(frame(&mut first, false, now), (false, 1));
    }
}

//! Keeps the input method of an X11 user switched on.
//!
//! On X11, winit destroys the input context whenever a text field loses the focus, and creates another one for the next field.
//! The input method starts each context in its default state, so a user who switched to Chinese would type Latin letters again
//! after every click outside the field. Here the context of the first text field is kept.
//!
//! The input method also gets a better place for its list of candidates: the bottom of the cursor, so that the list does not cover
//! the line that is being typed.

use egui::output::IMEOutput;
use egui::{Context, Event, FullOutput, ImeEvent, RawInput};

/// See the module.
#[derive(Default)]
pub struct InputMethod {
    /// Where the last text field with the focus showed its cursor; `None` before the first one.
    last: Option<IMEOutput>,
    /// The focused field shows text that is not committed yet.
    is_composing: bool,
}

impl InputMethod {
    /// winit uses X11 unless a Wayland compositor is named.
    #[must_use]
    pub fn is_needed() -> bool {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        cfg!(target_os = "linux") && !is_set("WAYLAND_DISPLAY") && !is_set("WAYLAND_SOCKET")
    }
}

impl egui::Plugin for InputMethod {
    fn debug_name(&self) -> &'static str {
        "input method"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        for event in &input.events {
            match event {
                Event::Ime(ImeEvent::Preedit { text, .. }) => self.is_composing = !text.is_empty(),
                Event::Ime(ImeEvent::Commit(_)) => self.is_composing = false,
                _ => {}
            }
        }
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let ime = &mut output.platform_output.ime;
        if self.is_composing && ime.is_none_or(|ime| ime.should_interrupt_composition) {
            // The focus moved. A new context discards the composition, which would be committed to another field otherwise.
            self.is_composing = false;
            self.last = *ime;
            return;
        }
        if let Some(ime) = ime {
            ime.should_interrupt_composition = false;
            // winit passes on the top left corner only.
            ime.cursor_rect.min.y = ime.cursor_rect.max.y;
            self.last = Some(*ime);
        } else {
            *ime = self.last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Plugin as _, Rect, pos2};

    fn field(x: f32, should_interrupt_composition: bool) -> IMEOutput {
        let rect = Rect::from_min_max(pos2(x, 0.0), pos2(x + 9.0, 9.0));
        IMEOutput { purpose: egui::IMEPurpose::Normal, rect, cursor_rect: rect, should_interrupt_composition }
    }

    /// What the backend gets for such a field: the bottom of its cursor, and no interruption.
    fn kept(x: f32) -> IMEOutput {
        let mut kept = field(x, false);
        kept.cursor_rect.min.y = 9.0;
        kept
    }

    /// What the backend gets after a frame with this input and output.
    fn frame(input_method: &mut InputMethod, events: Vec<Event>, ime: Option<IMEOutput>) -> Option<IMEOutput> {
        let ctx = Context::default();
        input_method.input_hook(&ctx, &mut RawInput { events, ..RawInput::default() });
        let mut output = FullOutput::default();
        output.platform_output.ime = ime;
        input_method.output_hook(&ctx, &mut output);
        output.platform_output.ime
    }

    fn preedit(text: &str) -> Vec<Event> {
        vec![Event::Ime(ImeEvent::Preedit { text: text.into(), active_range_chars: None })]
    }

    #[test]
    fn the_context_stays_while_no_field_has_the_focus_and_for_the_next_one() {
        let mut input_method = InputMethod::default();
        assert_eq!(frame(&mut input_method, Vec::new(), None), None, "no field had the focus yet");
        assert_eq!(frame(&mut input_method, Vec::new(), Some(field(1.0, false))), Some(kept(1.0)));
        assert_eq!(frame(&mut input_method, Vec::new(), None), Some(kept(1.0)));
        assert_eq!(frame(&mut input_method, Vec::new(), Some(field(2.0, true))), Some(kept(2.0)));
    }

    #[test]
    fn a_composition_ends_when_the_focus_moves() {
        for moved_to in [None, Some(field(2.0, true))] {
            let mut input_method = InputMethod::default();
            frame(&mut input_method, preedit("ni"), Some(field(1.0, false)));
            assert_eq!(frame(&mut input_method, Vec::new(), moved_to), moved_to);
            assert_eq!(frame(&mut input_method, Vec::new(), Some(field(3.0, true))), Some(kept(3.0)));
        }
        let mut input_method = InputMethod::default();
        frame(&mut input_method, preedit("ni"), Some(field(1.0, false)));
        frame(&mut input_method, vec![Event::Ime(ImeEvent::Commit("你".into()))], Some(field(1.0, false)));
        assert_eq!(frame(&mut input_method, Vec::new(), None), Some(kept(1.0)), "nothing is composed any more");
    }
}

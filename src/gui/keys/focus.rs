//! Moving the focus by keys: Tab through all controls, F6 from place to place, Escape and typed text to the send box.

use crate::gui::app::App;
use crate::gui::keys::place::{Place, Stop, go, stops};
use crate::gui::send::panel::editor_id;
use crate::model::{Protocol, SessionId};
use egui::text_edit::TextEditState;
use egui::{Context, Event, FocusDirection, Key, Modifiers};

impl App {
    /// Moves the focus by the keys of this frame. It runs before anything is drawn.
    pub(crate) fn focus_by_keys(&mut self, ctx: &Context) {
        self.focus_after_change(ctx);
        if egui::Popup::is_any_open(ctx) {
            return;
        }
        self.type_into_box(ctx);
        let pressed = |modifiers: Modifiers| {
            let has = move |event: &Event| matches!(event, Event::Key { key: Key::Tab, pressed: true, modifiers: held, .. } if held.matches_exact(modifiers));
            ctx.input(|input| input.events.iter().any(has))
        };
        if pressed(Modifiers::NONE) {
            step(ctx, true);
        } else if pressed(Modifiers::SHIFT) {
            step(ctx, false);
        }
    }

    /// Gives the focus to where the next input belongs: the form of a new tab, the send box of one that was opened.
    fn focus_after_change(&mut self, ctx: &Context) {
        let Some(session) = self.sessions.get(&self.focused) else { return };
        let (id, is_open, protocol) = (session.id, session.state.is_open(), session.setup.protocol);
        let focused = ctx.memory(egui::Memory::focused);
        let was_open = self.focus.seen.replace((id, is_open)).filter(|(seen, _)| *seen == id).map(|(_, open)| open);
        if was_open == Some(false) && is_open {
            let all = stops(ctx);
            let is_elsewhere = all.iter().any(|stop| Some(stop.id) == focused && stop.place != Place::Network);
            if !is_elsewhere {
                self.focus_box();
            }
        }
        if self.focus.form.is_some_and(|(of, frame)| of == id && ctx.cumulative_frame_nr() > frame + 1) {
            let fields: Vec<Stop> =
                stops(ctx).into_iter().filter(|stop| stop.place == Place::Network && stop.is_text_field(ctx)).collect();
            // A server needs only its port.
            let index = if protocol == Protocol::TcpClient { 0 } else { 1 };
            if let Some(field) = fields.get(index) {
                self.focus.form = None;
                if focused.is_none() {
                    ctx.memory_mut(|memory| memory.request_focus(field.id));
                }
            }
        }
    }

    /// The form of this session gets the focus with the next frame.
    pub(crate) fn focus_form(&mut self, id: SessionId) {
        self.focus.form = Some((id, self.ctx.cumulative_frame_nr()));
        self.ctx.memory_mut(|memory| {
            if let Some(focused) = memory.focused() {
                memory.surrender_focus(focused);
            }
        });
        self.ctx.request_repaint();
    }

    /// The send box of the focused session gets the focus.
    pub(crate) fn focus_box(&mut self) {
        if let Some(session) = self.sessions.get_mut(&self.focused).filter(|session| session.archive.is_none()) {
            session.places.uncover_composer();
            self.ctx.memory_mut(|memory| memory.request_focus(editor_id(self.focused)));
        }
    }

    /// Text that is typed or pasted while no text field has the focus goes to the send box.
    fn type_into_box(&mut self, ctx: &Context) {
        let focused = ctx.memory(egui::Memory::focused);
        if focused.is_some_and(|id| TextEditState::load(ctx, id).is_some()) {
            return;
        }
        let is_typed = |event: &Event| match event {
            // A space presses the button that has the focus.
            Event::Text(text) => !text.trim().is_empty(),
            Event::Paste(_) => true,
            _ => false,
        };
        if ctx.input(|input| input.events.iter().any(is_typed)) {
            self.focus_box();
        }
    }

    /// Escape that nothing else used gives the focus to the send box. It runs after everything is drawn.
    pub(crate) fn escape_to_box(&mut self, ctx: &Context) {
        let is_pressed = ctx.input(|input| input.key_pressed(Key::Escape));
        if is_pressed && ctx.memory(egui::Memory::focused).is_none() {
            self.focus_box();
        }
    }

    /// To the next place of the window that is shown, or the previous one: to the control used there last, or its first one.
    pub(crate) fn step_place(&mut self, forward: bool) {
        let ctx = self.ctx.clone();
        let all = stops(&ctx);
        let count = Place::RING.len();
        let focused = ctx.memory(egui::Memory::focused);
        let current = all.iter().find(|stop| Some(stop.id) == focused).and_then(|stop| stop.place.in_ring());
        if let Some(current) = current {
            self.focus.last[current] = focused;
        }
        let start = current.unwrap_or(if forward { count - 1 } else { 0 });
        for distance in 1..=count {
            let place = if forward { start + distance } else { start + count - distance } % count;
            let mut here = all.iter().filter(|stop| stop.place.in_ring() == Some(place));
            let last = self.focus.last[place].filter(|last| here.clone().any(|stop| stop.id == *last));
            if let Some(id) = last.or_else(|| here.next().map(|stop| stop.id)) {
                return go(&ctx, id);
            }
        }
    }
}

/// To the next control, or the previous one.
fn step(ctx: &Context, forward: bool) {
    let all = stops(ctx);
    ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    let count = all.len();
    if count == 0 {
        return;
    }
    let focused = ctx.memory(egui::Memory::focused);
    let at = all.iter().position(|stop| Some(stop.id) == focused);
    let next = match at {
        Some(at) => (at + if forward { 1 } else { count - 1 }) % count,
        None if forward => 0,
        None => count - 1,
    };
    if let Some(stop) = all.get(next) {
        go(ctx, stop.id);
    }
}

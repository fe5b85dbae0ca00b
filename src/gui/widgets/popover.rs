//! Popovers: a few fields on their own background, below or above the button that opens them.

use crate::gui::theme;
use crate::gui::widgets::popup_frame;
use egui::accesskit::Role;
use egui::text_edit::TextEditState;
use egui::{Align2, Area, Key, Modifiers, Order, Popup, Pos2, Response, Ui, vec2};

/// Distance from the button.
const GAP: f32 = 6.0;

/// The side of its button on which a popover opens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Below, aligned with the right edge of the button.
    Below,
    /// Above, aligned with the left edge of the button.
    Above,
    /// Above, aligned with the right edge of the button.
    AboveLeft,
}

/// What closed a popover.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// A click outside, or Enter without a focused button: keep the input.
    Kept,
    /// Escape: undo the input, where that is possible.
    Undone,
}

/// Draws a popover with contents of `width` points at `button`. Returns what closed it; while one of its own drop-downs is open,
/// clicks and keys belong to that. Its layer is below drop-downs and menus, like that of dialogs: a list in a common layer could
/// open behind the popover that owns it.
pub fn popover(button: &Response, name: &str, side: Side, width: f32, draw: impl FnOnce(&mut Ui)) -> Option<Closed> {
    let ctx = &button.ctx;
    // Also counts a list that this same key or click closes.
    let list_was_open = Popup::is_any_open(ctx);
    let (pivot, at) = match side {
        Side::Below => (Align2::RIGHT_TOP, button.rect.right_bottom() + vec2(0.0, GAP)),
        Side::Above => (Align2::LEFT_BOTTOM, button.rect.left_top() - vec2(0.0, GAP)),
        Side::AboveLeft => (Align2::RIGHT_BOTTOM, button.rect.right_top() - vec2(0.0, GAP)),
    };
    let area = Area::new(button.id.with("popover")).order(Order::Middle).pivot(pivot).fixed_pos(at);
    let shown = area.show(ctx, |ui| {
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
            node.set_role(Role::Dialog);
            node.set_label(name);
        });
        popup_frame(theme::tokens_of(ctx)).inner_margin(16).show(ui, |ui| {
            ui.set_width(width);
            draw(ui);
        });
    });
    if list_was_open || Popup::is_any_open(ctx) {
        return None;
    }
    let place = shown.response.rect;
    let is_outside = |at: Pos2| !place.contains(at) && !button.rect.contains(at);
    let pressed_outside =
        ctx.input(|input| input.pointer.any_pressed() && input.pointer.interact_pos().is_some_and(is_outside));
    // Enter activates a focused button.
    let on_control = ctx.memory(egui::Memory::focused).is_some_and(|id| TextEditState::load(ctx, id).is_none());
    let key = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if key(Key::Escape) {
        return Some(Closed::Undone);
    }
    (pressed_outside || !on_control && key(Key::Enter)).then_some(Closed::Kept)
}

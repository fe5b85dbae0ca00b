//! Popovers: a few fields on their own background, below or above the button that opens them.

use crate::gui::theme;
use crate::gui::widgets::popup_frame;
use egui::{Align2, Area, Key, Modifiers, Order, Popup, Response, Ui, vec2};

/// The side of its button on which a popover opens.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Below, aligned with the right edge of the button.
    Below,
    /// Above, aligned with the left edge of the button.
    Above,
}

/// Draws a popover of `width` points at `button` while `open`. A click outside or Escape closes it, unless one of its own
/// drop-downs is open. Its layer is below drop-downs and menus, like that of dialogs.
pub fn popover(button: &Response, open: &mut bool, side: Side, width: f32, draw: impl FnOnce(&mut Ui)) {
    if !*open {
        return;
    }
    let ctx = &button.ctx;
    // Also counts a list that this same key or click closes.
    let list_was_open = Popup::is_any_open(ctx);
    let (pivot, at) = match side {
        Side::Below => (Align2::RIGHT_TOP, button.rect.right_bottom() + vec2(0.0, 4.0)),
        Side::Above => (Align2::LEFT_BOTTOM, button.rect.left_top() - vec2(0.0, 4.0)),
    };
    let area = Area::new(button.id.with("popover")).order(Order::Middle).pivot(pivot).fixed_pos(at);
    let shown = area.show(ctx, |ui| {
        popup_frame(theme::tokens_of(ctx)).inner_margin(16).show(ui, |ui| {
            ui.set_width(width - 32.0);
            draw(ui);
        });
    });
    if list_was_open || Popup::is_any_open(ctx) {
        return;
    }
    let pressed_beside = ctx.input(|input| {
        let pos = input.pointer.interact_pos();
        input.pointer.any_pressed()
            && pos.is_some_and(|pos| !shown.response.rect.contains(pos) && !button.rect.contains(pos))
    });
    if pressed_beside || ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        *open = false;
        ctx.request_repaint();
    }
}

//! The base of all dialogs: frame, background and layer.

use crate::gui::theme;
use crate::gui::widgets::popup_frame;
use egui::{Context, Id, Margin, Modal, Order};

/// A modal dialog. Its layer is below that of drop-downs and menus. egui raises a dialog when it is clicked and a drop-down
/// when it opens; if both happen in one frame, egui keeps their previous order. In one common layer, a drop-down could
/// therefore open behind the dialog that owns it.
#[must_use]
pub fn dialog(ctx: &Context, name: &'static str) -> Modal {
    let t = theme::tokens_of(ctx);
    let id = Id::unique(name);
    Modal::new(id)
        .area(Modal::default_area(id).order(Order::Middle))
        .frame(popup_frame(t).inner_margin(Margin::same(0)))
        .backdrop_color(t.shadow)
}

//! Dialogs: one frame, one ground, one layer.

use crate::gui::theme;
use crate::gui::widgets::popup_frame;
use egui::{Context, Id, Margin, Modal, Order};

/// A dialog over the window. Its layer is below that of drop-downs and menus: egui raises a dialog when it is pressed and a
/// drop-down when it opens, and where both come in one frame it keeps their old order, so in one common layer a list could
/// open behind the dialog that owns it.
#[must_use]
pub fn dialog(ctx: &Context, name: &'static str) -> Modal {
    let t = theme::tokens_of(ctx);
    let id = Id::unique(name);
    Modal::new(id)
        .area(Modal::default_area(id).order(Order::Middle))
        .frame(popup_frame(t).inner_margin(Margin::same(0)))
        .backdrop_color(t.shadow)
}
